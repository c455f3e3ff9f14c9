/** Work that is done once for each thing it is done with. */

/** The same function, which keeps what it came to for as long as the argument lives. */
export function oncePer<Argument extends object, Result>(
  work: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const known = new WeakMap<Argument, Result>()
  return argument => {
    if (!known.has(argument)) known.set(argument, work(argument))
    return known.get(argument) as Result
  }
}
