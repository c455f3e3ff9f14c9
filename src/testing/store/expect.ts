/** What a case expects, said in words when it is not so; no assertion library. */

/** Throws unless a value is the expected one, to the last byte. An object may have more members than expected. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const found = difference(actual, expected, '')
  if (found === undefined) return
  const place = found.path === '' ? what : `${what}, at ${found.path.slice(1)}`
  throw new Error(`${place}: expected ${show(found.expected)}, found ${show(found.actual)}`)
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

interface Difference {
  /** `/lists/0/key` */
  readonly path: string
  readonly actual: unknown
  readonly expected: unknown
}

/** The first place at which a value is not the expected one. */
function difference(actual: unknown, expected: unknown, path: string): Difference | undefined {
  const here = { path, actual, expected }
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected) ? undefined : here
  if (expected instanceof Date)
    return actual instanceof Date && Object.is(actual.getTime(), expected.getTime()) ? undefined : here
  if (expected instanceof Uint8Array) return isSameBytes(actual, expected) ? undefined : here
  if (typeof actual !== 'object' || actual === null) return here
  if (Array.isArray(expected) && !(Array.isArray(actual) && actual.length === expected.length)) return here
  for (const [name, value] of Object.entries(expected)) {
    const found = difference((actual as Record<string, unknown>)[name], value, `${path}/${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** Plain bytes: a subclass such as Node's `Buffer` shares memory in `slice` and is another thing in JSON. */
const isSameBytes = (actual: unknown, expected: Uint8Array): boolean =>
  actual instanceof Uint8Array &&
  Object.getPrototypeOf(actual) === Uint8Array.prototype &&
  actual.length === expected.length &&
  actual.every((byte, place) => byte === expected[place])

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
