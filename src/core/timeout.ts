/** How long a fetch may take. */

/** Seconds. */
const largestTimeout = 300

/** Throws `RangeError`. */
export function expectTimeout(timeout: number): void {
  if (!Number.isFinite(timeout) || timeout <= 0 || timeout > largestTimeout)
    throw new RangeError(`\`timeout\` must be a positive number of seconds, at most ${largestTimeout}`)
}
