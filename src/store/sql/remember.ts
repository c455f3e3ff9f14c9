/** Things that are made once and kept while they are in use, no more than a given number of them. */

export interface Remembered<Value> {
  get(key: string): Value
  forget(key: string): void
}

/** Keeps what `make` made; beyond `most`, what was not asked for the longest goes. */
export function remember<Value>(most: number, make: (key: string) => Value): Remembered<Value> {
  const kept = new Map<string, Value>()
  return {
    get(key) {
      const value = kept.get(key) ?? make(key)
      kept.delete(key)
      kept.set(key, value)
      if (kept.size > most) for (const [oldest] of kept) if (kept.delete(oldest)) break
      return value
    },
    forget(key) {
      kept.delete(key)
    },
  }
}
