/** Waiting for others without holding up the event loop. */

export interface Patience {
  /** Waits a little, longer every time and never in step with others; `false`, at once, when it has lasted enough. */
  pause(): Promise<boolean>
}

/**
 * Lasts `seconds` from the first pause on. `longest` is the longest pause in milliseconds; by default it is so short that
 * whoever waits notices a gap between two others' transactions.
 */
export function patience(seconds: number, longest = 10): Patience {
  let end: number | undefined
  let step = 0.5
  return {
    async pause() {
      const now = performance.now()
      end ??= now + seconds * 1000
      if (now >= end) return false
      step = Math.min(step * 2, longest)
      const wait = Math.min(step * (0.5 + Math.random()), end - now)
      await new Promise(resolve => setTimeout(resolve, wait))
      return true
    },
  }
}

/** How long to wait for others, in seconds. */
export function readMaxWait(maxWait: number = 10): number {
  if (typeof maxWait !== 'number' || !(maxWait >= 0 && maxWait < 1e6))
    throw new RangeError('`maxWait` must be a number of seconds')
  return maxWait
}
