/** What every refusal has in common, whatever it refuses. */
import { expect } from 'vitest'
import type { PassportProfile } from '../src/passport/profile.js'
import type { Refused, Verdict } from '../src/verification/verdict.js'

/** A verdict as `code at the first failed check`, or `accepted`. */
export function summary(verdict: Verdict<PassportProfile>): string {
  if (verdict.ok) return 'accepted'
  return `${verdict.code} at ${verdict.checks.find(({ outcome }) => outcome === 'failed')?.id}`
}

/** Every reason of a verdict, as `code at check`. */
export const reasons = (verdict: Verdict<PassportProfile>): readonly string[] =>
  verdict.checks.filter(({ outcome }) => outcome === 'failed').map(({ id, code }) => `${code} at ${id}`)

/** The code of the verdict is that of its first failed check, no claim and no text that came in comes out again. */
export function expectRefusal(verdict: Verdict<PassportProfile>, input: unknown): asserts verdict is Refused {
  expect(verdict.ok).toBe(false)
  if (verdict.ok) return
  const named = verdict.format === undefined ? [] : ['format']
  expect(Object.keys(verdict).sort()).toEqual(['checks', 'code', 'evidence', ...named, 'ok'])
  expect(verdict.checks.find(({ outcome }) => outcome === 'failed')?.code).toBe(verdict.code)
  for (const { outcome, code } of verdict.checks) expect(outcome === 'passed').toBe(code === undefined)
  expect(verdict.evidence.attachments).toEqual({})
  expect(verdict.evidence.outcome).toBe(verdict.code)
  expect(isDeepFrozen(verdict)).toBe(true)
  const { evidence, ...rest } = verdict
  for (const text of [JSON.stringify(rest), JSON.stringify(evidence)])
    for (const piece of pieces(input)) expect(text).not.toContain(piece)
}

/** A verdict of the front door as a page has it: its checks do not say which clause they enforce. */
export const withoutClauses = (verdict: Omit<Verdict, 'evidence'>) => ({
  ...verdict,
  checks: verdict.checks.map(({ clause: _, ...check }) => check),
})

/** Whether plain data is frozen to its depths; bytes cannot be. */
export const isDeepFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  ArrayBuffer.isView(value) ||
  (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen))

/** The texts of an input that would give something away: its parts, and the claims within. */
function pieces(input: unknown): readonly string[] {
  const names = ['Specimen', 'Anastasia']
  if (ArrayBuffer.isView(input)) return names
  if (typeof input !== 'string' || input.length > 100_000) return []
  return [...names, ...input.split(/[.~]/).filter(part => part.length >= 20)]
}
