/**
 * The holder's side of W3C credentials. A `vc+sd-jwt` is shown as every SD-JWT is, in part and with a key binding; a `vc+jwt` is
 * shown whole, in the envelope of a presentation that the holder signs (VC-JOSE-COSE §3.1.2, VCDM 2.0 §4.13).
 */
import { expectObject, expectText, misuse } from '../core/arguments.js'
import { readClock, toSeconds } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import { sameKey } from '../core/jwk.js'
import { decodeJws, signJws } from '../core/jws.js'
import { readSigner } from '../core/signer.js'
import { VidimusError } from '../errors.js'
import { selectDisclosures } from '../formats/sd-jwt/select.js'
import { type UnpackedSdJwt, unpackSdJwtNow } from '../formats/sd-jwt/unpack.js'
import { parseCredential, readIssuer } from '../formats/vc-jwt/credential.js'
import { presentationOf } from '../formats/vc-jwt/presentation.js'
import { requireVcType } from '../formats/vc-jwt/token.js'
import { vcJwtType, vcSdJwtType, vpContent, vpJwtType } from '../formats/vc-jwt/type.js'
import type { PassportProfile } from '../passport/profile.js'
import { asSubject } from '../passport/subject.js'
import { type Disclose, readDisclose, requireNoneMissing, type Wanted } from './disclose.js'
import { previewFields, registeredLabels } from './preview-claims.js'
import { isPreview, type Label, type Preview } from './preview-field.js'
import {
  holderKeyOf,
  type PreparedSdJwt,
  type PresentTo,
  prepareKind,
  presentSdJwt,
  previewSdJwt,
  type SdJwtKind,
} from './sd-jwt.js'

/** A credential that was read once, to be presented many times. */
export interface PreparedVcJwt {
  readonly credential: string
}

/** What every W3C credential carries besides the passport. */
const vcLabels = (): Readonly<Record<string, Label>> => ({
  ...registeredLabels,
  '@context': { en: 'Vocabulary', ru: 'Словарь' },
  type: { en: 'Type of credential', ru: 'Вид удостоверения' },
  issuer: { en: 'Issuer', ru: 'Издатель' },
  validFrom: { en: 'Valid from', ru: 'Действует с' },
  validUntil: { en: 'Valid until', ru: 'Действует до' },
})

const vcSdJwt = (): SdJwtKind => ({
  requireKind(jws) {
    requireVcType(jws, vcSdJwtType)
    parseCredential(unpackSdJwtNow(jws.payload, []).claims, { hidesClaims: true })
  },
  profileOf: asSubject,
  issuerOf: readIssuer,
  labels: vcLabels(),
})

/** What is asked for, where asking may be left out. */
interface MaybeWanted {
  readonly passport?: Wanted['passport']
  readonly disclose?: Wanted['disclose'] | undefined
}

/** A credential that hides nothing. */
interface Whole {
  readonly text: string
  readonly unpacked: UnpackedSdJwt
}

const prepared = /* @__PURE__ */ new WeakMap<PreparedVcJwt, Whole | PreparedSdJwt>()
const previewed = /* @__PURE__ */ new WeakMap<Preview, Whole>()

/**
 * Reads a `vc+jwt` or `vc+sd-jwt` once, to present it many times. The issuer's signature is not checked: keep what
 * `verifyCredential` accepted. Throws the codes of a malformed credential.
 * @example const prepared = prepareVcJwt(credential)
 */
export function prepareVcJwt(credential: string): PreparedVcJwt {
  if (typeof credential !== 'string') throw misuse('credential', 'the text of a vc+jwt or vc+sd-jwt')
  const handle = Object.freeze({ credential })
  prepared.set(handle, credential.includes('~') ? prepareKind(credential, vcSdJwt()) : readWhole(credential))
  return handle
}

/** Whether something is what `prepareVcJwt` made. */
export const isPreparedVcJwt = (credential: unknown): boolean => prepared.has(credential as PreparedVcJwt)

/** `previewPresentation` for holders who keep W3C credentials alone. Of a `vc+jwt` everything is shown, whatever is asked for. */
export function previewVcJwt<const Profile extends PassportProfile>(
  credential: string | PreparedVcJwt,
  options: Disclose<Profile>,
): Preview {
  expectObject(options, 'options')
  const known = contentOf(credential)
  if ('credential' in known) return previewSdJwt(known, options)
  const { claims } = known.unpacked
  const passport = options.passport && asSubject(options.passport)
  const preview: Preview = deepFreeze({
    issuer: readIssuer(claims),
    fields: previewFields(claims, claims, passport, vcLabels()),
    missing: select(known, options).missing.map(path => [...path]),
  })
  previewed.set(preview, known)
  return preview
}

/**
 * Presents a W3C credential to one verifier. A `vc+sd-jwt` shows what `disclose` names, and nothing that can be hidden without
 * it; a `vc+jwt` always shows everything. Given a preview it sends exactly what the preview shows.
 *
 * Throws `presentation_claim_unknown` when something to disclose is not in the credential, `presentation_not_bound` when
 * the credential is not bound to the signer's key, and `TypeError` for options that are wrong.
 * @example
 * await presentVcJwt(credential, { disclose: [['credentialSubject', 'family_name']], audience: 'https://bank.example', nonce, signer })
 */
export function presentVcJwt(preview: Preview, to: PresentTo): Promise<string>
/** The same in one step, for a holder who has already agreed. */
export function presentVcJwt<const Profile extends PassportProfile>(
  credential: string | PreparedVcJwt,
  options: (Disclose<Profile> | { readonly passport?: Profile | undefined; readonly disclose?: undefined }) & PresentTo,
): Promise<string>
export async function presentVcJwt(
  shown: string | PreparedVcJwt | Preview,
  options: PresentTo & MaybeWanted,
): Promise<string> {
  expectObject(options, 'options')
  if (isPreview(shown)) {
    const whole = previewed.get(shown)
    return whole === undefined ? presentSdJwt(shown, options) : presentWhole(whole, options)
  }
  const known = contentOf(shown)
  const wanted = { ...options, disclose: options.disclose ?? [] }
  // What is wanted is typed by the signature above.
  if ('credential' in known) return presentSdJwt(known, wanted as Disclose<PassportProfile> & PresentTo)
  const { paths, missing } = select(known, wanted)
  requireNoneMissing(missing, paths)
  return presentWhole(known, options)
}

async function presentWhole({ text, unpacked }: Whole, to: PresentTo): Promise<string> {
  const aud = expectText(to.audience, 'audience')
  const nonce = expectText(to.nonce, 'nonce')
  const signer = await readSigner(to.signer)
  if (!sameKey(holderKeyOf(unpacked.claims), signer.publicJwk))
    throw new VidimusError('presentation_not_bound', { at: 'cnf' })
  const iat = toSeconds(readClock(to.now))
  return signJws({ typ: vpJwtType, cty: vpContent }, { ...presentationOf(vcJwtType, text), iat, aud, nonce }, signer)
}

function contentOf(credential: string | PreparedVcJwt): Whole | PreparedSdJwt {
  const content = prepared.get(typeof credential === 'string' ? prepareVcJwt(credential) : credential)
  if (content === undefined) throw misuse('credential', 'text, or what prepareVcJwt() made')
  return content
}

function readWhole(text: string): Whole {
  const jws = decodeJws(text)
  requireVcType(jws, vcJwtType)
  const unpacked = unpackSdJwtNow(jws.payload, [])
  parseCredential(unpacked.claims)
  return { text, unpacked }
}

/** The paths that are wanted, and those of them that select nothing. */
function select({ unpacked }: Whole, { passport, disclose }: Wanted) {
  const paths = readDisclose({ passport: passport && asSubject(passport), disclose }, 'claim')
  return { paths, missing: selectDisclosures(unpacked, paths).missing }
}
