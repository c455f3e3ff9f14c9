/**
 * The holder's side of `qr`: keep a credential, show the least that is asked as the text of a QR code, for a short time
 * (docs/qr.md).
 *
 * The credential is sent byte for byte as the issuer signed it; salts are sent of what is shown and of nothing else.
 */
import { expectObject, expectText, misuse } from '../core/arguments.js'
import { type Clock, readClock, toSeconds } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import { sameKey } from '../core/jwk.js'
import { defaultLimits } from '../core/limits.js'
import { readSigner, type SignerSource } from '../core/signer.js'
import { VidimusError } from '../errors.js'
import { credentialPrefix, presentationPrefix, writeDeflated } from '../formats/qr/container.js'
import { discloseHeld, type HeldQrCredential, readHeld } from '../formats/qr/held.js'
import { signQrPresentation } from '../formats/qr/presentation.js'
import type { ClaimPath } from '../formats/sd-jwt/path.js'
import type { PassportProfile } from '../passport/profile.js'
import { type Disclose, readDisclose, requireNoneMissing, type Wanted } from './disclose.js'
import { isPreview, type Preview } from './preview-field.js'
import { previewKeyed } from './preview-keyed.js'

/** A credential that was read once, to be presented many times. */
export interface PreparedQr {
  readonly type: string
}

/** To whom, and with which key. */
export interface PresentQrTo {
  /** Over the key that the credential is bound to. */
  readonly signer: SignerSource
  /** The verifier that asked, by its own name: together with `nonce`, or not at all where nobody asked. */
  readonly audience?: string | undefined
  /** The nonce of its request. */
  readonly nonce?: string | undefined
  readonly now?: Clock | undefined
}

/** What will be sent: chosen once, so that showing and sending cannot part ways. */
interface Plan {
  readonly held: HeldQrCredential
  readonly keys: readonly number[]
}

const indexes = /* @__PURE__ */ new WeakMap<PreparedQr, HeldQrCredential>()
const plans = /* @__PURE__ */ new WeakMap<Preview, Plan>()

/**
 * Reads the text of a credential once, to present it many times. The issuer's signature is not checked, nor are the
 * digests: keep what `verifyCredential` accepted. Throws the codes of a malformed credential.
 * @example const prepared = prepareQr(credential)
 */
export function prepareQr(credential: string): PreparedQr {
  if (typeof credential !== 'string') throw misuse('credential', 'the text of a QR credential')
  const held = readHeld(credential, defaultLimits)
  const prepared = Object.freeze({ type: held.credential.type })
  indexes.set(prepared, held)
  return prepared
}

/** Whether something is a QR credential as its holder keeps it. */
export const isQr = (credential: unknown): credential is string | PreparedQr =>
  typeof credential === 'string' ? credential.startsWith(credentialPrefix) : indexes.has(credential as PreparedQr)

/**
 * `previewPresentation` for holders who keep QR credentials alone.
 * @example const preview = previewQr(credential, { passport: citizenPassport, disclose: ['familyName', 'ageOver18'] })
 */
export function previewQr<const Profile extends PassportProfile>(
  credential: string | PreparedQr,
  options: Disclose<Profile>,
): Preview {
  const { plan, missing } = choose(credential, options)
  const { held, keys } = plan
  const shown = new Map(keys.map(key => [key, held.values.get(key)!]))
  const preview: Preview = deepFreeze({
    issuer: held.credential.issuer,
    fields: previewKeyed(held.credential, shown, options.passport),
    missing: missing.map(path => [...path]),
  })
  plans.set(preview, plan)
  return preview
}

/**
 * Presents a credential: the text to draw as a QR code, signed now. It holds exactly what the preview shows. Verifiers take it for
 * as long as they say, at most five minutes; make a new one when it is shown again. Without `audience` and `nonce` whoever
 * copies the code can show it in that time.
 *
 * Throws `presentation_claim_unknown` when something to disclose is not in the credential, `presentation_not_bound` when
 * the credential is bound to another key than the signer's, and `TypeError` for options that are wrong.
 * @example
 * const text = await presentQr(preview, { signer })
 */
export function presentQr(preview: Preview, to: PresentQrTo): Promise<string>
/** The same in one step, for a holder who has already agreed. */
export function presentQr<const Profile extends PassportProfile>(
  credential: string | PreparedQr,
  options: Disclose<Profile> & PresentQrTo,
): Promise<string>
export async function presentQr(
  shown: Preview | string | PreparedQr,
  options: PresentQrTo | (Wanted & PresentQrTo),
): Promise<string> {
  expectObject(options, 'options')
  const { held, keys } = isPreview(shown) ? planOf(shown) : planFor(shown, options as Wanted & PresentQrTo)
  const { audience, nonce } = readRequest(options)
  const signer = await readSigner(options.signer)
  const { bytes, holderKey } = held.credential
  if (!sameKey(holderKey, signer.publicJwk)) throw new VidimusError('presentation_not_bound', { at: 'cnf' })
  const disclosures = await discloseHeld(held, keys)
  const iat = toSeconds(readClock(options.now))
  return writeDeflated(
    presentationPrefix,
    await signQrPresentation({ credential: bytes, disclosures, iat, audience, nonce }, signer),
  )
}

/** Both, or neither where nobody asked. */
function readRequest({ audience, nonce }: PresentQrTo): Pick<PresentQrTo, 'audience' | 'nonce'> {
  if (audience === undefined && nonce === undefined) return {}
  return { audience: expectText(audience, 'audience'), nonce: expectText(nonce, 'nonce') }
}

function planOf(preview: Preview): Plan {
  const plan = plans.get(preview)
  if (plan === undefined) throw misuse('preview', 'what previewPresentation() made of a QR credential')
  return plan
}

function planFor(credential: string | PreparedQr, options: Wanted): Plan {
  const { plan, missing, paths } = choose(credential, options)
  requireNoneMissing(missing, paths)
  return plan
}

interface Choice {
  readonly plan: Plan
  readonly paths: readonly ClaimPath[]
  readonly missing: readonly ClaimPath[]
}

/** A path is the key of a claim as text; any other leads to nothing. */
function choose(source: string | PreparedQr, options: Wanted): Choice {
  expectObject(options, 'options')
  const paths = readDisclose(options, 'key')
  const held = indexOf(source)
  const known = new Map([...held.values.keys()].map(key => [JSON.stringify([String(key)]), key]))
  const keyOf = (path: ClaimPath) => known.get(JSON.stringify(path))
  const chosen = new Set(paths.flatMap(path => keyOf(path) ?? []))
  const keys = [...held.values.keys()].filter(key => chosen.has(key))
  return { plan: { held, keys }, paths, missing: paths.filter(path => keyOf(path) === undefined) }
}

function indexOf(source: string | PreparedQr): HeldQrCredential {
  const held = indexes.get(typeof source === 'string' ? prepareQr(source) : source)
  if (held === undefined) throw misuse('credential', 'the text of a QR credential, or what prepareQr() made')
  return held
}
