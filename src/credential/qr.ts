/**
 * The issuer's side of `qr`: a passport record becomes a credential that is small enough to be shown as a QR code
 * (docs/qr.md).
 */
import { randomBytes } from '#crypto'
import { expectList, expectObject, expectText, misuse } from '../core/arguments.js'
import { isBytes } from '../core/cbor/value.js'
import { toSeconds } from '../core/clock.js'
import { x5chainHeader } from '../core/cose/sign1.js'
import { VidimusError } from '../errors.js'
import { mostQrText } from '../formats/qr/container.js'
import { signQrCredential, writeQrClaims } from '../formats/qr/credential.js'
import { digestBytes, digestDisclosure, makeDisclosure, seedBytes } from '../formats/qr/disclosure.js'
import { writeHeld } from '../formats/qr/held.js'
import { statusReferenceValue } from '../formats/status-list/reference-value.js'
import type { PassportDefinition, PassportOf } from '../passport/definition.js'
import { type KeyedClaim, keyedClaimsToIssue } from '../passport/keyed-claims.js'
import type { FieldOf } from '../passport/profile.js'
import { type IssueOptions, requireNamedIssuer, settleIssuance } from './issuance.js'
import { logSign1 } from './logging.js'

/**
 * A signer with a certificate chain, `x5c`, sends it along in every code, some 400 bytes each: who has the room of one code
 * signs with a key that verifiers know.
 */
export interface IssueQrOptions<Field extends string = string> extends IssueOptions {
  /** The issuer identifier (`iss`): an https URL that verifiers know. */
  readonly issuer: string
  /** The fields to issue, of those that the record has. Every code carries 16 bytes for each. Default: all but images. */
  readonly fields?: readonly Field[] | undefined
  /** Bytes that the images among `fields` may have together, from 0 to 16,384. Default 1024. */
  readonly imageBudget?: number | undefined
}

/**
 * Issues a passport for QR codes: the text that its holder keeps, and makes presentations of. The record is parsed first; each
 * field becomes a claim that the holder shows or not, and derived fields are computed for the day of issue. How many claims
 * there are is hidden to the next multiple of four.
 *
 * Throws `passport_invalid` with every issue, `credential_validity_invalid` when the validity is empty or goes beyond the
 * signer's certificate, `file_too_large` for images beyond their budget, `limit_exceeded` for what is too long for
 * codes, and `TypeError` or `RangeError` for options that are wrong.
 *
 * @example
 * const credential = await issueQrCredential(citizenPassport, record, {
 *   issuer, signer, holderKey, status: await registry.allocate({ format: 'qr' }), fields: ['familyName', 'givenName', 'ageOver18'],
 * })
 */
export async function issueQrCredential<Definition extends PassportDefinition>(
  definition: Definition,
  record: PassportOf<Definition>,
  options: IssueQrOptions<FieldOf<Definition>>,
): Promise<string> {
  expectObject(options, 'options')
  const { issuer, log, fields } = options
  const [type] = [...definition.vct, ...definition.docType]
  expectText(issuer, 'issuer')
  const imageBudget = readBudget(options.imageBudget)
  const issuance = await settleIssuance(definition, record, options, 'cose')
  requireNamedIssuer(issuance, issuer)
  const { signer, holderKey, now, passport, derived, from, until, status } = issuance

  const claims = chooseClaims(keyedClaimsToIssue(definition, passport, derived), fields)
  requireBudget(claims, imageBudget)
  const seed = randomBytes(seedBytes)
  const payload = writeQrClaims({
    issuer,
    type: type!,
    holderKey,
    digests: await digestsOf(claims, seed),
    iat: toSeconds(now),
    nbf: from === undefined ? undefined : Math.max(0, toSeconds(from)),
    exp: toSeconds(until),
    status: status && statusReferenceValue(status),
  })
  const logged = await logSign1(payload, { log, format: 'qr', passport: definition.name, now })
  const headers = new Map([...x5chainHeader(signer), ...(logged ?? [])])
  const values = new Map(claims.map(({ key, value }) => [key, value]))
  const text = writeHeld(await signQrCredential(payload, headers, signer), seed, values)
  if (text.length > mostKeptText)
    throw new VidimusError('limit_exceeded', { at: 'fields', expected: mostKeptText, actual: text.length })
  return text
}

/** The claims of the fields that were named, or of all that are no images. Throws `TypeError`. */
function chooseClaims(claims: readonly KeyedClaim[], fields: readonly string[] | undefined): readonly KeyedClaim[] {
  if (fields === undefined) return claims.filter(({ field }) => field.kind !== 'image')
  expectList(fields, 'fields')
  for (const name of fields)
    if (!claims.some(claim => claim.name === name))
      throw misuse('fields', `of fields that the record has: ${name} is none`)
  return claims.filter(({ name }) => fields.includes(name))
}

/** Characters that a holder keeps, at most: a presentation of all of it adds salts, a signature and a request. */
const mostKeptText = mostQrText / 2

const greatestBudget = 16_384

function readBudget(budget = 1024): number {
  if (!Number.isSafeInteger(budget) || budget < 0 || budget > greatestBudget)
    throw new RangeError(`\`imageBudget\` must be an integer from 0 to ${greatestBudget}`)
  return budget
}

function requireBudget(claims: readonly KeyedClaim[], budget: number): void {
  let bytes = 0
  for (const { name, field, value } of claims) {
    if (field.kind !== 'image' || !isBytes(value)) continue
    bytes += value.length
    if (bytes > budget) throw new VidimusError('file_too_large', { at: name, expected: budget, actual: bytes })
  }
}

/** Their number is rounded up, so that it tells less of what the holder has and does not show. */
const digestsInStepsOf = 4

/** The digests of the claims, and digests of nothing that look the same. */
async function digestsOf(claims: readonly KeyedClaim[], seed: Uint8Array): Promise<readonly Uint8Array[]> {
  const digests: Uint8Array[] = []
  for (const { key, value } of claims) digests.push(await digestDisclosure(await makeDisclosure(seed, key, value)))
  while (digests.length % digestsInStepsOf !== 0) digests.push(randomBytes(digestBytes))
  return digests
}
