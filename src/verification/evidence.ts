/**
 * Evidence of a verdict: a self-contained record that `reverifyEvidence` checks years later without a network.
 *
 * The record is small and names large parts by digest; the parts stand under `attachments`, so that an archive keeps one
 * status list for a million records. `digest` covers everything but the attachments, which their own digests cover.
 */
import { digestText } from '#crypto'
import type { AlgorithmName } from '../core/algorithms.js'
import { base64, base64url } from '../core/bytes.js'
import { deepFreeze, withoutAbsent } from '../core/freeze.js'
import type { PublicJwk } from '../core/jwk.js'
import { oncePer } from '../core/once.js'
import { version } from '../core/version.js'
import type { ErrorCode } from '../errors.js'
import type { Policy } from './policy.js'
import type { TrustedKey } from './signers.js'
import type { StatusFinding } from './status-check.js'
import type { TrustedAnchor } from './trust.js'
import type { Format } from './verdict.js'

/** An anchor as verdicts and evidence name it. Plain JSON. */
export interface AnchorDescription {
  /** DER in base64. */
  readonly certificate?: string | undefined
  readonly issuer?: string | undefined
  /** Absent for a certificate whose key signs certificates alone. */
  readonly jwk?: PublicJwk | undefined
  readonly logKey?: string | undefined
  readonly name?: string | undefined
}

/** What was verified, when, against what, and how it came out. Plain JSON. */
export interface Evidence {
  readonly version: 1
  /** SHA-256 over the canonical form (RFC 8785) of this record without `digest` and `attachments`, base64url. */
  readonly digest: string
  /** The library that judged. */
  readonly library: string
  readonly kind: 'presentation' | 'credential'
  readonly format?: Format | undefined
  /** The clock of the verdict, RFC 3339. */
  readonly time: string
  readonly outcome: 'accepted' | ErrorCode
  /**
   * SHA-256 of the presentation as text, base64url: an mdoc in base64url without padding. Absent when the input was none or
   * beyond its limit.
   */
  readonly presentation?: string | undefined
  /** The anchor that verified the issuer's signature. For the reader: it is never believed. */
  readonly anchor?: AnchorDescription | undefined
  readonly status?: EvidenceStatus | undefined
  /** What the verifier demanded. For the reader, but for audience and nonce, which are facts of the session. */
  readonly policy: EvidencePolicy
  /** The large parts by digest: the presentation and the status list tokens. Empty for a refusal. */
  readonly attachments: Readonly<Record<string, string>>
}

export type EvidenceStatus =
  /** The digest of the status list token, or of each, with spaces between, where the credential stands in several lists. */
  { readonly checked: true; readonly token: string } | { readonly checked: false; readonly reason: string }

export interface EvidencePolicy {
  readonly passports: readonly string[]
  readonly require: readonly string[]
  readonly requireLogged?: true | undefined
  readonly audience?: string | undefined
  readonly nonce?: string | undefined
  /** The session transcript of an mdoc, base64url: with audience and nonce the facts of the session. */
  readonly sessionTranscript?: string | undefined
  readonly issuers?: readonly string[] | undefined
  readonly algorithms: readonly AlgorithmName[]
  readonly clockTolerance: number
  readonly maxPresentationAge: number
}

/** What the examination found, as far as it came. */
export interface Findings {
  /** Of the refusal; absent where the presentation was accepted. */
  readonly code: ErrorCode | undefined
  readonly format?: Format | undefined
  readonly signer?: TrustedKey | undefined
  readonly status?: StatusFinding | undefined
}

/** How the record of a verdict is made: `recordEvidence`. */
export type RecordEvidence = typeof recordEvidence

/** The record of a verdict. A refusal's names its parts by digest and holds none of them. */
export async function recordEvidence(
  text: string | undefined,
  policy: Policy,
  { code, format, signer, status }: Findings,
): Promise<Evidence> {
  const presentation = text === undefined ? undefined : await digestText('sha-256', text)
  const attachments: Record<string, string> = {}
  if (code === undefined && policy.evidence === 'whole') {
    if (text !== undefined && presentation !== undefined) attachments[presentation] = text
    Object.assign(attachments, status?.tokens)
  }
  // Members stand in the order of the canonical form, here and below, so that plain JSON text is that form.
  const record = withoutAbsent({
    anchor: signer && describeAnchor(signer.anchor),
    format,
    kind: policy.kind,
    library: `vidimus ${version}`,
    outcome: code ?? ('accepted' as const),
    policy: describePolicy(policy),
    presentation,
    status: status === undefined ? undefined : describeStatus(status),
    time: policy.now.toISOString(),
    version: 1 as const,
  })
  return deepFreeze({ ...record, digest: await digestText('sha-256', JSON.stringify(record)), attachments })
}

/** The record of a presentation that passed on its own and is refused all the same: digests only, and the refusal. */
export async function withdrawEvidence(evidence: Evidence, outcome: ErrorCode): Promise<Evidence> {
  const { digest: _digest, attachments: _attachments, ...rest } = evidence
  const record = { ...rest, outcome }
  return deepFreeze({ ...record, digest: await digestText('sha-256', JSON.stringify(record)), attachments: {} })
}

const describeStatus = ({ said, tokens = {} }: StatusFinding): EvidenceStatus =>
  said.checked ? { checked: true, token: Object.keys(tokens).join(' ') } : said

const describeAnchor = /* @__PURE__ */ oncePer(
  ({ certificate, issuer, jwk, logKey, name }: TrustedAnchor): AnchorDescription =>
    deepFreeze(
      withoutAbsent({
        certificate: certificate && base64(certificate),
        issuer,
        jwk: jwk && describeKey(jwk),
        logKey,
        name,
      }),
    ),
)

const describeKey = ({ crv, kid, kty, x, y }: PublicJwk): PublicJwk =>
  withoutAbsent({ crv, kid, kty, x, y }) as PublicJwk

const describePolicy = (policy: Policy): EvidencePolicy =>
  withoutAbsent({
    algorithms: policy.algorithms,
    audience: policy.expectedAudience,
    clockTolerance: policy.clockTolerance,
    issuers: policy.expectedIssuers,
    maxPresentationAge: policy.maxPresentationAge,
    nonce: policy.expectedNonce,
    passports: policy.expectedPassports.map(({ name }) => name),
    require: policy.require,
    requireLogged: policy.requireLogged || undefined,
    sessionTranscript: policy.session === undefined ? undefined : base64url(policy.session.transcript.bytes),
  })
