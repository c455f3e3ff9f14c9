/**
 * The issuer's side of `dc+sd-jwt`: a passport record becomes a signed credential (RFC 9901 §4, SD-JWT VC §2.2).
 */
import { type Clock, calendarDate, readClock, toSeconds } from '../core/clock.js'
import type { JsonObject } from '../core/json.js'
import { expectPublicJwk, type Jwk, sameKey } from '../core/jwk.js'
import { issuerHeader, signJws } from '../core/jws.js'
import { readSigner, type Signer, type SignerSource } from '../core/keys.js'
import { type Certificate, readCertificate } from '../core/x509/certificate.js'
import { VidimusError } from '../errors.js'
import { joinSdJwt } from '../formats/sd-jwt/compact.js'
import { packSdJwt } from '../formats/sd-jwt/pack.js'
import { sdJwtVcType } from '../formats/sd-jwt/vc.js'
import { readStatusReference } from '../formats/status-list/reference.js'
import { claimsToIssue } from '../passport/claims.js'
import type { PassportDefinition, PassportOf } from '../passport/definition.js'

export interface IssueSdJwtOptions {
  /** The issuer identifier (`iss`): an https URL that verifiers know. */
  readonly issuer: string
  readonly signer: SignerSource
  /** The public key of the holder (`cnf`): only its owner can present the credential. */
  readonly holderKey: Jwk
  /** The status reference, as `registry.allocate()` gives it. */
  readonly status?: { readonly uri: string; readonly index: number } | undefined
  /** Digests of nothing, per object with hidden members, so that their number tells less. Default 0. */
  readonly decoys?: number | undefined
  /** Default: the definition's rule, else at once. */
  readonly validFrom?: Date | undefined
  /** Default: the definition's rule, else one year. Never beyond the signer's certificate. */
  readonly validUntil?: Date | undefined
  readonly now?: Clock | undefined
}

const oneYear = 365 * 24 * 3600 * 1000

/** What verifiers take for a time ends with the year 9999. */
const endOfTime = /* @__PURE__ */ new Date('9999-12-31T23:59:59.999Z')

/**
 * Issues a passport as an SD-JWT VC. The record is parsed first; each field becomes a claim that the holder can hide as
 * the definition says, and derived fields are computed for the day of issue.
 *
 * Throws `passport_invalid` with every issue, `credential_validity_invalid` when the validity is empty or goes beyond the
 * signer's certificate, and `TypeError` for options that are wrong, a private `holderKey` among them.
 *
 * @example
 * const credential = await issueSdJwtCredential(citizenPassport, record, { issuer, signer, holderKey, status: await registry.allocate() })
 */
export async function issueSdJwtCredential<Definition extends PassportDefinition>(
  definition: Definition,
  record: PassportOf<Definition>,
  options: IssueSdJwtOptions,
): Promise<string> {
  if (typeof options !== 'object' || options === null) throw new TypeError('`options` must be an object')
  const { issuer, holderKey, status, decoys } = options
  const [vct] = definition.vct
  if (vct === undefined) throw new TypeError(`\`definition\` must have a \`vct\`: ${definition.name} has none`)
  if (typeof issuer !== 'string' || issuer === '') throw new TypeError('`issuer` must be a non-empty string')
  const { kty, crv, x, y } = expectPublicJwk(holderKey, 'holderKey')
  const signer = await readSigner(options.signer)
  const now = readClock(options.now)

  const passport = definition.parse(record, { now: () => now })
  const derived = definition.derive(passport, calendarDate(now))
  const { from, until } = validityOf(definition.validity(passport, now), signer, now, options)
  const { claims, hide } = claimsToIssue(definition, passport, derived)
  const { payload, disclosures } = await packSdJwt(claims, { hide, decoys })

  const registered: JsonObject = {
    iss: issuer,
    iat: toSeconds(now),
    ...(from === undefined ? {} : { nbf: Math.max(0, toSeconds(from)) }),
    exp: toSeconds(until),
    vct,
    cnf: { jwk: y === undefined ? { kty, crv, x } : { kty, crv, x, y } },
    ...statusClaim(status, definition),
  }
  const jwt = await signJws(issuerHeader(sdJwtVcType, signer), Object.assign(registered, payload), signer)
  return joinSdJwt(jwt, disclosures)
}

/** Token Status List §6.2. */
function statusClaim(
  status: IssueSdJwtOptions['status'],
  { name, status: demand }: { name: string; status: string },
): JsonObject {
  if (status === undefined) {
    if (demand === 'required') throw new TypeError(`\`status\` must be a status reference: ${name} requires one`)
    return {}
  }
  const claim = { status_list: { idx: status?.index, uri: status?.uri } }
  if (!isStatusClaim(claim)) throw new TypeError('`status` must have an https `uri` and an `index` from 0')
  return { status: claim }
}

/** What verifiers would refuse is not issued. */
function isStatusClaim(claim: object): claim is JsonObject {
  try {
    return readStatusReference(claim as JsonObject) !== undefined
  } catch {
    return false
  }
}

interface Validity {
  readonly from?: Date | undefined
  readonly until?: Date | undefined
}

/** What the caller says, else the definition's rule, else a year; a default ends with the signer's certificate. */
function validityOf(
  rule: Validity | undefined,
  signer: Signer,
  now: Date,
  options: IssueSdJwtOptions,
): Validity & { until: Date } {
  const from = expectDate(options.validFrom, 'validFrom') ?? rule?.from
  const limit = certificateOf(signer)?.notAfter
  const asked = expectDate(options.validUntil, 'validUntil')
  const planned = asked ?? rule?.until ?? new Date((from ?? now).getTime() + oneYear)
  const until = asked === undefined && limit !== undefined && limit < planned ? limit : planned
  if (limit !== undefined && until > limit)
    throw new VidimusError('credential_validity_invalid', {
      at: 'validUntil',
    })
  if (toSeconds(until) <= toSeconds(from ?? now) || until <= now)
    throw new VidimusError('credential_validity_invalid', {
      at: 'validUntil',
    })
  if (until > endOfTime)
    throw new VidimusError('credential_validity_invalid', {
      at: 'validUntil',
    })
  return { from, until }
}

/** The signer's own certificate. One of another key, or none at all, is a mistake of the caller's that no verifier forgives. */
function certificateOf({ x5c, publicJwk }: Signer): Certificate | undefined {
  if (x5c === undefined) return undefined
  try {
    const certificate = readCertificate(x5c[0] ?? '')
    if (certificate.publicJwk !== undefined && sameKey(certificate.publicJwk, publicJwk)) return certificate
  } catch {}
  throw new TypeError('`signer.x5c` must begin with the certificate of the signer’s key')
}

function expectDate(date: Date | undefined, argument: string): Date | undefined {
  if (date !== undefined && (!(date instanceof Date) || Number.isNaN(date.getTime())))
    throw new TypeError(`\`${argument}\` must be a valid Date`)
  return date
}
