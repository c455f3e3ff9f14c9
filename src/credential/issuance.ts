/**
 * What issuing is in every format, before anything is signed: a record that holds, the values derived from it, for whom,
 * by whom, for how long, and where its status will stand.
 */
import { isHttpsUri } from '../core/address.js'
import { expectObject, misuse } from '../core/arguments.js'
import { type Clock, calendarDate, readClock } from '../core/clock.js'
import { expectPublicJwk, type Jwk, type KeyUse, type PublicJwk } from '../core/jwk.js'
import { readSigner, type Signer, type SignerSource } from '../core/signer.js'
import type { Certificate } from '../core/x509/certificate.js'
import { namesIssuer } from '../core/x509/names.js'
import type { StatusReference } from '../formats/status-list/reference.js'
import type { PassportDefinition } from '../passport/definition.js'
import { expectLog, type LogIssuance } from './logging.js'
import { certificateOf, type Validity, validityOf } from './validity.js'

export interface IssueOptions {
  readonly signer: SignerSource
  /** The public key of the holder: only its owner can present the credential. */
  readonly holderKey: Jwk
  /** The status reference, as `registry.allocate()` gives it. */
  readonly status?: StatusReference | undefined
  /** Default: the definition's rule, else at once. */
  readonly validFrom?: Date | undefined
  /** Default: the definition's rule, else one year. Never beyond the signer's certificate. */
  readonly validUntil?: Date | undefined
  /**
   * Logs the credential before it is signed, as `logIssuance` of `vidimus/audit` does; the proof becomes part of the
   * credential, for verifiers that require it. When it rejects, nothing is signed and the call rejects with the same reason.
   */
  readonly log?: LogIssuance | undefined
  readonly now?: Clock | undefined
}

export interface Issuance extends Validity {
  readonly signer: Signer
  /** The first of the signer's chain. */
  readonly certificate: Certificate | undefined
  readonly holderKey: PublicJwk
  readonly now: Date
  readonly passport: object
  readonly derived: object
  readonly status: StatusReference | undefined
}

/**
 * Settles everything but the form. Throws `passport_invalid`, `credential_validity_invalid`, and `TypeError` naming an
 * option that is wrong. `keyUse`: whose keys the format can bind to.
 */
export async function settleIssuance(
  definition: PassportDefinition,
  record: unknown,
  options: IssueOptions,
  keyUse: KeyUse,
): Promise<Issuance> {
  const holderKey = expectPublicJwk(options.holderKey, 'holderKey', keyUse)
  const status = statusOf(options.status, definition)
  expectLog(options.log)
  const signer = await readSigner(options.signer)
  const now = readClock(options.now)
  const certificate = certificateOf(signer)
  const passport = definition.parse(record, { now: () => now })
  const derived = definition.derive(passport, calendarDate(now))
  const rule = definition.validity(passport, now)
  const validity = validityOf(options, { rule, now, limit: certificate?.notAfter })
  return { signer, certificate, holderKey, now, passport, derived, status, ...validity }
}

/** A certificate that names issuers speaks for those alone; verifiers refuse any other. Throws `TypeError`. */
export function requireNamedIssuer({ certificate }: Issuance, issuer: string): void {
  if (certificate !== undefined && namesIssuer(certificate, issuer) === false)
    throw misuse('issuer', 'one that the signer’s certificate names')
}

/** A reference that verifiers take; what they would refuse is not issued. */
function statusOf(
  status: StatusReference | undefined,
  { name, status: demand }: PassportDefinition,
): StatusReference | undefined {
  if (status === undefined) {
    if (demand === 'required') throw misuse('status', `a status reference: ${name} requires one`)
    return undefined
  }
  expectObject(status, 'status')
  const { uri, index, bitstring } = status
  if (!isAddress(uri) || !Number.isSafeInteger(index) || index < 0)
    throw misuse('status', 'a status reference with an https `uri` and an `index` from 0')
  if (bitstring === undefined) return { uri, index }
  expectObject(bitstring, 'status.bitstring')
  const { revocation, suspension } = bitstring
  if (!isAddress(revocation) || (suspension !== undefined && !isAddress(suspension)))
    throw misuse('status.bitstring', 'the https addresses of lists, one for `revocation` among them')
  return { uri, index, bitstring: { revocation, suspension } }
}

const isAddress = (uri: unknown): boolean => typeof uri === 'string' && isHttpsUri(uri)
