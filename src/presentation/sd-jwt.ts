/**
 * The holder's side of `dc+sd-jwt`: keep a credential, show the least that is asked (RFC 9901 §5, §7.2).
 */
import { expectObject, misuse } from '../core/arguments.js'
import { type Clock, readClock, toSeconds } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js'
import { type PublicJwk, readPublicJwk, sameKey } from '../core/jwk.js'
import { type DecodedJws, decodeJws, requireType } from '../core/jws.js'
import { readSigner, type SignerSource } from '../core/signer.js'
import { VidimusError } from '../errors.js'
import { joinSdJwt, splitSdJwt } from '../formats/sd-jwt/compact.js'
import { createKeyBinding } from '../formats/sd-jwt/key-binding.js'
import { selectDisclosures } from '../formats/sd-jwt/select.js'
import { type UnpackedSdJwt, unpackSdJwtNow } from '../formats/sd-jwt/unpack.js'
import { sdJwtVcType } from '../formats/sd-jwt/vc.js'
import type { PassportProfile } from '../passport/profile.js'
import { type Disclose, readDisclose, requireNoneMissing, type Wanted } from './disclose.js'
import { previewFields, registeredLabels } from './preview-claims.js'
import { isPreview, type Label, type Preview } from './preview-field.js'

/** A credential that was indexed once, to be presented many times. */
export interface PreparedSdJwt {
  readonly credential: string
}

/** For whom, and with which key. */
export interface PresentTo {
  /** The verifier, as its request names it (`aud`). */
  readonly audience: string
  /** The nonce of its request. */
  readonly nonce: string
  /** Over the key that the credential is bound to. */
  readonly signer: SignerSource
  readonly now?: Clock | undefined
}

/** A kind of SD-JWT: what it is told by, and where it has what. */
export interface SdJwtKind {
  /** Throws the codes of what is malformed, or of another kind. */
  requireKind(jws: DecodedJws): void
  /** The passport as its claims stand there. */
  profileOf(passport: PassportProfile): PassportProfile
  issuerOf(claims: JsonObject): JsonValue | undefined
  /** What every credential carries besides the passport. */
  readonly labels: Readonly<Record<string, Label>>
}

const sdJwtVc: SdJwtKind = {
  requireKind: jws => requireType(jws, sdJwtVcType),
  profileOf: passport => passport,
  issuerOf: ({ iss }) => iss,
  labels: registeredLabels,
}

/** A credential as its holder works with it. */
interface Indexed {
  readonly kind: SdJwtKind
  readonly jwt: string
  readonly jws: DecodedJws
  readonly disclosures: readonly string[]
  readonly unpacked: UnpackedSdJwt
  /** The claims that stay visible when nothing is disclosed. */
  readonly bare: JsonObject
  /** The key it is bound to, once a presentation asked for it. */
  holderKey?: PublicJwk
}

/** What a preview will send: chosen once, so that showing and sending cannot part ways. */
interface Plan {
  readonly credential: Indexed
  readonly disclosures: readonly string[]
}

const indexes = /* @__PURE__ */ new WeakMap<PreparedSdJwt, Indexed>()
const plans = /* @__PURE__ */ new WeakMap<Preview, Plan>()

/**
 * Reads a credential once, to present it many times. The issuer's signature is not checked: keep what `verifyCredential`
 * accepted. A key binding that came with it is left behind. Throws the codes of a malformed credential.
 * @example const prepared = prepareSdJwt(credential)
 */
export function prepareSdJwt(credential: string): PreparedSdJwt {
  if (typeof credential !== 'string') throw new TypeError('`credential` must be the text of an SD-JWT VC')
  return prepareKind(credential, sdJwtVc)
}

/** The same for any kind of SD-JWT: what comes of it is previewed and presented like every other. */
export function prepareKind(credential: string, kind: SdJwtKind): PreparedSdJwt {
  const { jwt, disclosures } = splitSdJwt(credential)
  const jws = decodeJws(jwt)
  kind.requireKind(jws)
  const prepared = Object.freeze({ credential })
  const unpacked = unpackSdJwtNow(jws.payload, disclosures)
  indexes.set(prepared, { kind, jwt, jws, disclosures, unpacked, bare: unpackSdJwtNow(jws.payload, []).claims })
  return prepared
}

/** `previewPresentation` for holders who keep SD-JWTs alone. */
export function previewSdJwt<const Profile extends PassportProfile>(
  credential: string | PreparedSdJwt,
  options: Disclose<Profile>,
): Preview {
  expectObject(options, 'options')
  const indexed = indexOf(credential)
  const { kind, jws, unpacked, bare } = indexed
  const { passport, disclose } = asOf(kind, options)
  const { indexes: chosen, missing } = selectDisclosures(unpacked, readDisclose({ passport, disclose }, 'claim'))
  const disclosures = chosen.map(index => indexed.disclosures[index]!)
  const visible = unpackSdJwtNow(jws.payload, disclosures).claims
  const issuer = kind.issuerOf(visible)
  const preview: Preview = deepFreeze({
    ...(typeof issuer === 'string' ? { issuer } : {}),
    fields: previewFields(visible, bare, passport, kind.labels),
    missing: missing.map(path => [...path]),
  })
  plans.set(preview, { credential: indexed, disclosures })
  return preview
}

/**
 * Presents a credential to one verifier: the chosen disclosures, with a key binding over them. Given a preview it sends
 * exactly what the preview shows.
 *
 * Throws `presentation_claim_unknown` when something to disclose is not in the credential, `presentation_not_bound` when
 * the credential is not bound to the signer's key, and `TypeError` for options that are wrong.
 * @example
 * await presentSdJwt(preview, { audience: 'https://bank.example', nonce, signer })
 */
export function presentSdJwt(preview: Preview, to: PresentTo): Promise<string>
/** The same in one step, for a holder who has already agreed. */
export function presentSdJwt<const Profile extends PassportProfile>(
  credential: string | PreparedSdJwt,
  options: Disclose<Profile> & PresentTo,
): Promise<string>
export async function presentSdJwt(
  shown: string | PreparedSdJwt | Preview,
  options: PresentTo | (Wanted & PresentTo),
): Promise<string> {
  expectObject(options, 'options')
  const { credential, disclosures } = isPreview(shown) ? planOf(shown) : planFor(shown, options as Wanted & PresentTo)
  const signer = await readSigner(options.signer)
  credential.holderKey ??= holderKeyOf(credential.unpacked.claims)
  if (!sameKey(credential.holderKey, signer.publicJwk))
    throw new VidimusError('presentation_not_bound', {
      at: 'cnf',
    })
  const presented = joinSdJwt(credential.jwt, disclosures)
  const keyBinding = await createKeyBinding({
    presented,
    hash: credential.unpacked.hash,
    audience: options.audience,
    nonce: options.nonce,
    issuedAt: toSeconds(readClock(options.now)),
    signer,
  })
  return presented + keyBinding
}

function planOf(preview: Preview): Plan {
  const plan = plans.get(preview)
  if (plan === undefined) throw misuse('preview', 'what previewPresentation() made of an SD-JWT')
  return plan
}

function planFor(credential: string | PreparedSdJwt, options: Wanted): Plan {
  const indexed = indexOf(credential)
  const paths = readDisclose(asOf(indexed.kind, options), 'claim')
  const { indexes: chosen, missing } = selectDisclosures(indexed.unpacked, paths)
  requireNoneMissing(missing, paths)
  return { credential: indexed, disclosures: chosen.map(index => indexed.disclosures[index]!) }
}

function indexOf(credential: string | PreparedSdJwt): Indexed {
  const indexed = indexes.get(typeof credential === 'string' ? prepareSdJwt(credential) : credential)
  if (indexed === undefined) throw new TypeError('`credential` must be text, or come from prepareSdJwt()')
  return indexed
}

/** What the caller wants, with the passport as this kind of credential has it. */
const asOf = ({ profileOf }: SdJwtKind, { passport, disclose }: Wanted): Wanted => ({
  passport: passport && profileOf(passport),
  disclose,
})

/** The key that a credential is bound to. Throws `presentation_not_bound`, and the codes of a malformed key. */
export function holderKeyOf({ cnf }: JsonObject): PublicJwk {
  if (!isJsonObject(cnf) || cnf['jwk'] === undefined) throw new VidimusError('presentation_not_bound', { at: 'cnf' })
  return readPublicJwk(cnf['jwk'])
}
