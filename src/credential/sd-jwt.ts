/**
 * The issuer's side of `dc+sd-jwt`: a passport record becomes a signed credential (RFC 9901 §4, SD-JWT VC §2.2).
 */
import { expectObject, expectText, misuse } from '../core/arguments.js'
import { toSeconds } from '../core/clock.js'
import type { JsonObject } from '../core/json.js'
import { issuerHeader, signJws } from '../core/jws.js'
import { joinSdJwt } from '../formats/sd-jwt/compact.js'
import { packSdJwt } from '../formats/sd-jwt/pack.js'
import { sdJwtVcType } from '../formats/sd-jwt/vc.js'
import { claimsToIssue } from '../passport/claims.js'
import type { PassportDefinition, PassportOf } from '../passport/definition.js'
import { type IssueOptions, requireNamedIssuer, settleIssuance } from './issuance.js'
import { logJwt } from './logging.js'

export interface IssueSdJwtOptions extends IssueOptions {
  /** The issuer identifier (`iss`): an https URL that verifiers know. */
  readonly issuer: string
  /** Digests of nothing, per object with hidden members, so that their number tells less. Default 0. */
  readonly decoys?: number | undefined
}

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
  expectObject(options, 'options')
  const { issuer, decoys, log } = options
  const [vct] = definition.vct
  if (vct === undefined) throw misuse('definition', `one with a \`vct\`: ${definition.name} has none`)
  expectText(issuer, 'issuer')
  const issuance = await settleIssuance(definition, record, options, 'jose')
  requireNamedIssuer(issuance, issuer)
  const { signer, holderKey, now, passport, derived, from, until, status } = issuance

  const { claims, hide } = claimsToIssue(definition, passport, derived)
  const { payload, disclosures } = await packSdJwt(claims, { hide, decoys })
  const { kty, crv, x, y } = holderKey
  const registered: JsonObject = {
    iss: issuer,
    iat: toSeconds(now),
    ...(from === undefined ? {} : { nbf: Math.max(0, toSeconds(from)) }),
    exp: toSeconds(until),
    vct,
    cnf: { jwk: y === undefined ? { kty, crv, x } : { kty, crv, x, y } },
    // Token Status List §6.2
    ...(status === undefined ? {} : { status: { status_list: { idx: status.index, uri: status.uri } } }),
  }
  const text = JSON.stringify(Object.assign(registered, payload))
  const logged = await logJwt(text, { log, format: sdJwtVcType, passport: definition.name, now })
  const jwt = await signJws({ ...issuerHeader(sdJwtVcType, signer), ...logged }, text, signer)
  return joinSdJwt(jwt, disclosures)
}
