/** Work that is done once for each thing it is done with. */

/** The same function, which keeps what it came to for as long as the argument lives. */
export function oncePer<Argument extends object, Result>(
  work: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const known = new WeakMap<Argument, { readonly result: Result }>()
  return argument => {
    const before = known.get(argument)
    if (before !== undefined) return before.result
    const result = work(argument)
    known.set(argument, { result })
    return result
  }
}
