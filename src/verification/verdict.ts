/** The verdict: what a verifier may believe, or why it may believe nothing. Both kinds are frozen. */
import type { PublicJwk } from '../core/jwk.js'
import type { ErrorCode } from '../errors.js'
import type { PlainObject } from '../passport/element-value.js'
import type { PassportProfile } from '../passport/profile.js'
import type { Check } from './checks.js'
import type { Evidence } from './evidence.js'

export type Format = 'dc+sd-jwt' | 'vc+sd-jwt' | 'vc+jwt' | 'mso_mdoc' | 'qr'

export interface VerifiedIssuer {
  /** The issuer identifier that the trust anchor, or the certificate below it, vouches for; absent where none is. */
  readonly id?: string | undefined
  /** The anchor's own name. */
  readonly name?: string | undefined
  /** The country that the signer's certificate names, ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  /** The signer's certificate, DER in base64. */
  readonly certificate?: string | undefined
  /** What helps to find things and is not in the certificates, `leaf.authorityKeyIdentifier` for one: no reason to refuse. */
  readonly certificateLacks?: readonly string[] | undefined
}

export type VerifiedStatus =
  | {
      readonly checked: true
      readonly value: 'valid'
      /** When the list was issued. */
      readonly asOf: Date
      /** Seconds since then. */
      readonly age: number
      readonly source: 'fetched' | 'cached' | 'snapshot'
      /** A newer list was due and could not be had; the verifier's own policy let this one answer. */
      readonly stale?: true | undefined
    }
  | { readonly checked: false; readonly reason: string }

/** The claims of a passport: those required are there, the others may be. */
export type VerifiedClaims<Claims, Required> = {
  readonly [Field in keyof Claims as Field extends Required ? Field : never]-?: Exclude<Claims[Field], undefined>
} & {
  readonly [Field in keyof Claims as Field extends Required ? never : Field]?: Claims[Field] | undefined
}

/** A presentation or credential that passed every check. */
export type Verified<Profile, Required = never> =
  Profile extends PassportProfile<infer Name, infer Claims>
    ? {
        readonly ok: true
        /** The name of the passport it is; narrows `claims` when several were expected. */
        readonly passport: Name
        readonly format: Format
        readonly issuer: VerifiedIssuer
        /** The key it is bound to; absent where a credential is bound to none. */
        readonly holderKey?: PublicJwk | undefined
        readonly claims: VerifiedClaims<Claims, Required>
        /** Signed by the issuer, but no field of the passport; of an mdoc by namespace. */
        readonly otherClaims: PlainObject
        /** What the holder says, by namespace, with the issuer's leave; of an mdoc alone. */
        readonly deviceClaims?: PlainObject | undefined
        readonly status: VerifiedStatus
        readonly validUntil?: Date | undefined
        readonly checks: readonly Check[]
        readonly evidence: Evidence
      }
    : never

/** A presentation or credential that failed. No claim is returned. */
export interface Refused {
  readonly ok: false
  /** The code of the first failed check. */
  readonly code: ErrorCode
  readonly format?: Format | undefined
  readonly checks: readonly Check[]
  /** Digests only. */
  readonly evidence: Evidence
}

export type Verdict<Profile = PassportProfile, Required = never> = Verified<Profile, Required> | Refused
