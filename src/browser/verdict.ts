/** Verdicts of a page: those of `vidimus` but for the evidence, which a page does not archive. */
import type { PassportProfile } from '../passport/profile.js'
import type { VerificationOptions } from '../verification/policy.js'
import type { Refused, Verified } from '../verification/verdict.js'

type Distributed<T> = T extends unknown ? Omit<T, 'evidence'> : never

/** What a page may believe, or why it may believe nothing. Frozen. */
export type BrowserVerdict<Profile = PassportProfile, Required = never> =
  | Distributed<Verified<Profile, Required>>
  | Omit<Refused, 'evidence'>

/** What every verification of a page needs to be told. */
export type BrowserVerificationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> = Omit<VerificationOptions<Profile, Require>, 'evidence'>
