/** One thing that the library does on every runtime, and the few assertions that its cases need: no test runner. */
import { type ErrorCode, VidimusError } from 'vidimus'

/** What is so, as a sentence that no other case has, and how it is found out. */
export interface PortableCase {
  readonly name: string
  run(): Promise<void>
}

/** What came of a case. */
export interface PortableResult {
  readonly name: string
  /** Why it does not hold; absent where it does. */
  readonly failure?: string
}

/** What came of all cases on one runtime. Plain JSON: it leaves a page or a worker as text. */
export interface PortableReport {
  readonly milliseconds: number
  readonly results: readonly PortableResult[]
}

/** Cases from names and what each asserts, with what all of them are about in front. */
export const casesOf = (
  what: string,
  cases: Readonly<Record<string, () => Promise<unknown>>>,
): readonly PortableCase[] =>
  Object.entries(cases).map(([says, work]) => ({
    name: `${what} ${says}`,
    run: async () => void (await work()),
  }))

/** Runs each case after the other: a failure is in the report and stops none of those behind it. */
export async function runCases(cases: readonly PortableCase[]): Promise<PortableReport> {
  const began = performance.now()
  const results: PortableResult[] = []
  for (const { name, run } of cases) {
    const failure = await run().then(() => undefined, said)
    results.push(failure === undefined ? { name } : { name, failure })
  }
  return { milliseconds: Math.round(performance.now() - began), results }
}

const said = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))

/** Values are equal, member by member in any order, bytes by content; members that are `undefined` count as absent. */
export function same(actual: unknown, expected: unknown): void {
  const [found, wanted] = [shown(actual), shown(expected)]
  if (found !== wanted) throw new Error(`expected ${wanted}, found ${found}`)
}

/** It is so. */
export function holds(what: string, so: boolean): void {
  if (!so) throw new Error(`not so: ${what}`)
}

/** What a verdict accepted. Throws with its code when it did not. */
export function accepted<T extends { readonly ok: boolean }>(verdict: T): T & { readonly ok: true } {
  if (!verdict.ok) throw new Error(`refused: ${(verdict as { readonly code?: string }).code}`)
  return verdict as T & { readonly ok: true }
}

/** A refusal has this code, says nothing of what was claimed, and is the first of its own checks that failed. */
export function refused(verdict: { readonly ok: boolean }, code: ErrorCode): void {
  const {
    ok,
    code: found,
    claims,
    checks,
  } = verdict as {
    readonly ok: boolean
    readonly code?: string
    readonly claims?: unknown
    readonly checks?: readonly { readonly outcome: string; readonly code?: string }[]
  }
  same(ok ? 'accepted' : found, code)
  holds('a refusal has no claims', claims === undefined)
  if (checks !== undefined) same(checks.find(({ outcome }) => outcome === 'failed')?.code, code)
}

/** What fails, fails as the library's own error with this code. */
export async function throws(work: () => unknown, code: ErrorCode): Promise<void> {
  let outcome = 'nothing was thrown'
  try {
    await work()
  } catch (error) {
    outcome = error instanceof VidimusError ? error.code : said(error)
  }
  same(outcome, code)
}

/** What the caller does wrong is a `TypeError` or `RangeError` that names the argument. */
export async function misuses(work: () => unknown, name: string): Promise<void> {
  let outcome = 'nothing was thrown'
  try {
    await work()
  } catch (error) {
    const misuse = error instanceof TypeError || error instanceof RangeError
    outcome = misuse && error.message.includes(`\`${name}\``) ? name : said(error)
  }
  same(outcome, name)
}

const shown = (value: unknown): string => JSON.stringify(value, sorted) ?? 'undefined'

function sorted(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Array.from(value).join()}`
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
