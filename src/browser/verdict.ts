/** Verdicts of a page: those of `vidimus` but for the evidence, which a page does not archive, and the clauses of the checks. */
import type { PassportProfile } from '../passport/profile.js'
import type { Check } from '../verification/checks.js'
import type { VerificationOptions } from '../verification/policy.js'
import type { Refused, Verified } from '../verification/verdict.js'

/** One check of a page's verdict, exported as `Check`. The clauses that checks enforce are told by `vidimus`. */
export type BrowserCheck = Omit<Check, 'clause'>

type OfPage<T> = T extends unknown
  ? Omit<T, 'evidence' | 'checks'> & { readonly checks: readonly BrowserCheck[] }
  : never

/** What a page may believe, or why it may believe nothing. Frozen. */
export type BrowserVerdict<Profile = PassportProfile, Required = never> =
  | OfPage<Verified<Profile, Required>>
  | OfPage<Refused>

/** What every verification of a page needs to be told. */
export type BrowserVerificationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> = Omit<VerificationOptions<Profile, Require>, 'evidence'>
