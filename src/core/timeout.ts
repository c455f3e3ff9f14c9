/** How long a fetch may take. */

/** Seconds. */
const largestTimeout = 300

/** Seconds, more than 0 and at most 300. Throws `RangeError` naming the argument. */
export function expectTimeout(timeout: unknown, argument = 'timeout'): number {
  if (typeof timeout !== 'number' || !(timeout > 0 && timeout <= largestTimeout))
    throw new RangeError(`\`${argument}\` must be a positive number of seconds, at most ${largestTimeout}`)
  return timeout
}
