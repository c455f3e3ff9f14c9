/**
 * The issuer's side of `vc+jwt` and `vc+sd-jwt`: a passport record becomes a signed credential of the W3C data model 2.0
 * (VCDM 2.0 §4, VC-JOSE-COSE §3.1 and §3.2).
 *
 * No context of ours defines the claim names, so the undefined-terms context stands last and JSON-LD processors keep them as
 * what they are (VCDM 2.0 §5.2). The key binding is a claim registered for JWTs, beside the data model (RFC 7800 §3.1). So is the
 * status (Token Status List §6.2), unless its reference names lists of the W3C: then `credentialStatus` does
 * (Bitstring Status List §2.1), for verifiers that know the data model alone.
 */

import { isUrl } from '../core/address.js'
import { expectObject, expectText, misuse } from '../core/arguments.js'
import { fromSeconds, toSeconds } from '../core/clock.js'
import { writeDateTime } from '../core/date-time.js'
import type { JsonObject } from '../core/json.js'
import { issuerHeader, signJws } from '../core/jws.js'
import { joinSdJwt } from '../formats/sd-jwt/compact.js'
import { packSdJwt } from '../formats/sd-jwt/pack.js'
import { writeBitstringEntries } from '../formats/status-list/bitstring-entry.js'
import type { StatusReference } from '../formats/status-list/reference.js'
import { parseCredential } from '../formats/vc-jwt/credential.js'
import {
  baseContext,
  credentialType,
  undefinedTermsContext,
  type VcForm,
  vcContent,
  vcJwtType,
  vcSdJwtType,
} from '../formats/vc-jwt/type.js'
import { claimsToIssue } from '../passport/claims.js'
import type { PassportDefinition, PassportOf } from '../passport/definition.js'
import { asSubject } from '../passport/subject.js'
import { type Issuance, type IssueOptions, requireNamedIssuer, settleIssuance } from './issuance.js'
import { logJwt } from './logging.js'

export interface IssueVcJwtOptions extends IssueOptions {
  /** The issuer identifier (`issuer`): an absolute URL that verifiers know. */
  readonly issuer: string
  /** `vc+sd-jwt`, of which the holder shows a part, or `vc+jwt`, which is shown whole. Default `vc+sd-jwt`. */
  readonly format?: VcForm | undefined
  /** Digests of nothing, per object with hidden members, so that their number tells less; in a `vc+sd-jwt` alone. Default 0. */
  readonly decoys?: number | undefined
}

/**
 * Issues a passport as a W3C credential. The record is parsed first; each field becomes a claim about the subject, by the
 * name it has in an SD-JWT VC, and the passport's first `vct` becomes a type of the credential. In a `vc+sd-jwt` the holder can
 * hide what the definition says. `exp` repeats `validUntil` for verifiers that know JWTs alone.
 *
 * Throws `passport_invalid` with every issue, `credential_validity_invalid` when the validity is empty or goes beyond the
 * signer's certificate, `vc_malformed` when claims of the passport break the data model, an `id` that is no URL for one, and
 * `TypeError` for options that are wrong, a private `holderKey` among them.
 *
 * @example
 * const credential = await issueVcJwtCredential(citizenPassport, record, { issuer, signer, holderKey, status: await registry.allocate() })
 */
export async function issueVcJwtCredential<Definition extends PassportDefinition>(
  definition: Definition,
  record: PassportOf<Definition>,
  options: IssueVcJwtOptions,
): Promise<string> {
  expectObject(options, 'options')
  const { issuer, format = vcSdJwtType, decoys, log } = options
  if (format !== vcJwtType && format !== vcSdJwtType) throw misuse('format', `'${vcJwtType}' or '${vcSdJwtType}'`)
  if (format === vcJwtType && (decoys ?? 0) !== 0) throw misuse('decoys', `absent: a ${vcJwtType} hides nothing`)
  if (!isUrl(expectText(issuer, 'issuer'))) throw misuse('issuer', 'an absolute URL')
  const [vct] = definition.vct
  if (vct === undefined) throw misuse('definition', `one with a \`vct\`: ${definition.name} has none`)
  const issuance = await settleIssuance(definition, record, options, 'jose')
  requireNamedIssuer(issuance, issuer)
  const { passport, derived, signer, now } = issuance

  const { claims, hide } = claimsToIssue(asSubject(definition), passport, derived)
  const document = documentOf(issuer, vct, issuance)
  parseCredential({ ...document, ...claims })
  const { payload, disclosures } = await packSdJwt(claims, { hide: format === vcJwtType ? [] : hide, decoys })
  const text = JSON.stringify({ ...document, ...payload })
  const logged = await logJwt(text, { log, format, passport: definition.name, now })
  const jwt = await signJws({ ...issuerHeader(format, signer), cty: vcContent, ...logged }, text, signer)
  return format === vcJwtType ? jwt : joinSdJwt(jwt, disclosures)
}

/** Everything but the claims about the subject. */
function documentOf(issuer: string, vct: string, { holderKey, now, from, until, status }: Issuance): JsonObject {
  const { kty, crv, x, y } = holderKey
  const begins = Math.max(0, toSeconds(from ?? now))
  return {
    '@context': [baseContext, undefinedTermsContext],
    type: [credentialType, vct],
    issuer,
    validFrom: writeDateTime(fromSeconds(begins)),
    validUntil: writeDateTime(until),
    iat: toSeconds(now),
    exp: toSeconds(until),
    cnf: { jwk: y === undefined ? { kty, crv, x } : { kty, crv, x, y } },
    ...(status === undefined ? {} : describeStatus(status)),
  }
}

/** Where the status stands: in the lists of the W3C if the reference names them, else in a Token Status List. */
const describeStatus = (status: StatusReference): JsonObject =>
  status.bitstring === undefined
    ? { status: { status_list: { idx: status.index, uri: status.uri } } }
    : { credentialStatus: writeBitstringEntries(status) }
