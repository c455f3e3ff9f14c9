/** What a case expects, said in words when it is not so; no assertion library. */

/** Throws unless a value is the expected one, to the last byte. An object may have more members than expected. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (!isSame(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, found ${show(actual)}`)
}

export function expectTrue(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

/** What a promise rejects with. Throws when it does not reject. */
export async function rejection(promise: Promise<unknown>, what: string): Promise<unknown> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  if (outcome === undefined) throw new Error(`${what}: expected a rejection, found none`)
  return outcome.error
}

function isSame(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (expected instanceof Date) return actual instanceof Date && Object.is(actual.getTime(), expected.getTime())
  if (expected instanceof Uint8Array) return isSameBytes(actual, expected)
  if (Array.isArray(expected)) return isSameList(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  return Object.entries(expected).every(([name, value]) => isSame((actual as Record<string, unknown>)[name], value))
}

/** Plain bytes: a subclass such as Node's `Buffer` shares memory in `slice` and is another thing in JSON. */
const isSameBytes = (actual: unknown, expected: Uint8Array): boolean =>
  actual instanceof Uint8Array &&
  Object.getPrototypeOf(actual) === Uint8Array.prototype &&
  actual.length === expected.length &&
  actual.every((byte, at) => byte === expected[at])

const isSameList = (actual: unknown, expected: readonly unknown[]): boolean =>
  Array.isArray(actual) && actual.length === expected.length && expected.every((value, at) => isSame(actual[at], value))

const longest = 400

/** A value in ASCII, as far as it helps. */
function show(value: unknown): string {
  const text = JSON.stringify(value, replace) ?? String(value)
  const ascii = text.replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return ascii.length > longest ? `${ascii.slice(0, longest)}…` : ascii
}

function replace(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return `${value.constructor.name} [${value.slice(0, 40).join()}] of ${value.length}`
  return value === undefined ? 'undefined' : value
}
