/**
 * QR codes made by hand, so that each can be wrong in one place: a claim, a digest, a disclosure, a header, a signature, the
 * stream or the text. Without changes it is an honest presentation of the guild card, rightly signed by issuer and holder.
 */
import { deflate, digest } from '#crypto'
import { algorithmOfSigner } from '../src/core/algorithms.js'
import { compareBytes, concatBytes } from '../src/core/bytes.js'
import { type CborKey, CborTag, type CborValue } from '../src/core/cbor/value.js'
import { writeCbor } from '../src/core/cbor/write.js'
import { writeShortCoseKey } from '../src/core/cose/compressed-key.js'
import { generateSigner, type Signer } from '../src/core/keys.js'
import { base45 } from '../src/formats/qr/base45.js'
import { claimKeyOf } from '../src/passport/claim-key.js'
import type { ProfileField } from '../src/passport/profile.js'
import { statusNotChecked } from '../src/verification/status.js'
import { type Anchor, trustAnchors } from '../src/verification/trust.js'
import { guildCard, issuer, now, seconds } from './world.js'

/** A map that is still being made. */
export type Members = Map<CborKey, CborValue>

/** What becomes of an honest value: it is changed, or another is returned in its place. */
type Change<T> = (honest: T) => unknown

export interface QrChanges {
  /** Disclosures before they are hashed … */
  readonly signed?: Change<Uint8Array[]>
  /** … and as they are shown. */
  readonly shown?: Change<Uint8Array[]>
  readonly digests?: Change<Uint8Array[]>
  /** `[type, algorithm, digests]`. */
  readonly passport?: Change<CborValue[]>
  /** Claims of the CWT. */
  readonly claims?: Change<Members>
  /** The encoding of the claims. */
  readonly payload?: (bytes: Uint8Array) => Uint8Array
  readonly issuerProtected?: Change<Members>
  readonly issuerUnprotected?: Change<Members>
  /** The four members of the COSE_Sign1, changed after signing, and the tag around it. */
  readonly issuerSign1?: Change<CborValue[]>
  readonly issuerTagged?: (item: CborValue) => CborValue
  /** Who signs in the issuer's place. */
  readonly signer?: Signer
  /** The encoding of the credential. */
  readonly credential?: (bytes: Uint8Array) => Uint8Array
  /** `[iat, request, credential, disclosure …]`. */
  readonly presentation?: Change<CborValue[]>
  readonly presented?: (bytes: Uint8Array) => Uint8Array
  readonly holderProtected?: Change<Members>
  readonly holderUnprotected?: Change<Members>
  readonly holderSign1?: Change<CborValue[]>
  readonly holderTagged?: (item: CborValue) => CborValue
  /** Who signs in the holder's place. */
  readonly holder?: Signer
  /** The bytes before they are deflated, after, and the text. */
  readonly whole?: (bytes: Uint8Array) => Uint8Array
  readonly deflated?: (bytes: Uint8Array) => Uint8Array
  readonly text?: (text: string) => string
}

export interface QrWorld {
  readonly signer: Signer
  readonly holder: Signer
  readonly anchor: Anchor
}

/** Keys are made once per test file. */
export async function makeQrWorld(alg: 'ES256' | 'ES384' | 'Ed25519' = 'ES256'): Promise<QrWorld> {
  const signer = await generateSigner(alg, { kid: 'issuer-key-1' })
  const anchor = { issuer, jwk: { ...signer.publicJwk, kid: signer.kid }, purposes: ['credential', 'status'] } as const
  return { signer, holder: await generateSigner(alg), anchor }
}

/** What the counter of this world expects, which asked nobody. */
export const qrExpectations = ({ anchor }: Pick<QrWorld, 'anchor'>) => ({
  trust: trustAnchors([anchor]),
  expectedPassport: guildCard,
  expectedQr: { maxAge: 60 },
  status: statusNotChecked('not a matter of this test'),
  now,
})

/** The key of a field of the guild card. */
export const keyOf = (name: keyof typeof guildCard.fields): number =>
  claimKeyOf((guildCard.fields as Readonly<Record<string, ProfileField>>)[name]!)!

/** A disclosure, under a salt that tells which it is. */
export const disclosureOf = (key: number, value: CborValue | Uint8Array, salt = 7): Uint8Array =>
  concatBytes(new Uint8Array(16).fill(salt), Uint8Array.of(key >> 8, key & 0xff), encoded(value))

/** CBOR that was written before stands as it is. */
const encoded = (value: CborValue | Uint8Array): Uint8Array => (value instanceof Raw ? value.bytes : writeCbor(value))

/** Bytes that stand where CBOR is written, whatever they are. */
export class Raw extends CborTag {
  readonly bytes: Uint8Array

  constructor(...bytes: readonly Uint8Array[]) {
    const whole = concatBytes(...bytes)
    super(24, null, whole)
    this.bytes = whole
  }
}

/** A map of members that need not be different from each other. */
export const rawMap = (...members: readonly (readonly [CborValue, CborValue])[]): Raw =>
  new Raw(Uint8Array.of(0xa0 + members.length), ...members.flat().map(encoded))

const honestDisclosures = (): Uint8Array[] => [
  disclosureOf(keyOf('familyName'), 'Specimen', 1),
  disclosureOf(keyOf('birthDate'), new CborTag(100, 11_381), 2), // 2001-02-28
  disclosureOf(keyOf('givenName'), 'Anastasia', 3),
]

/** A text with these changes, everything else being honest and rightly signed. */
export async function forgeQr(world: QrWorld, changes: QrChanges = {}): Promise<string> {
  const { bytes, disclosures } = await forgeCredential(world, changes)
  const presentation = changed<CborValue[]>([seconds, null, bytes, ...disclosures], changes.presentation)
  const payload = (changes.presented ?? same)(writeCbor(presentation))
  const signed = await forgeSign1(payload, 65_046, changes.holder ?? world.holder, {
    protected: changes.holderProtected,
    unprotected: changes.holderUnprotected,
    sign1: changes.holderSign1,
    tagged: changes.holderTagged,
  })
  const deflated = await deflate((changes.whole ?? same)(signed))
  return (changes.text ?? same)(`VQP1:${base45((changes.deflated ?? same)(deflated))}`)
}

/** What the issuer signed, and what is shown with it. */
async function forgeCredential(
  world: QrWorld,
  changes: QrChanges = {},
): Promise<{ readonly bytes: Uint8Array; readonly disclosures: readonly Uint8Array[] }> {
  const disclosures = changed(honestDisclosures(), changes.signed)
  const hashed: Uint8Array[] = []
  for (const disclosure of disclosures) hashed.push((await digest('sha-256', disclosure)).slice(0, 16))
  const digests = changed(hashed.sort(compareBytes), changes.digests)
  const passport = changed<CborValue[]>([guildCard.vct[0]!, -16, concatBytes(...digests)], changes.passport)
  const claims = changed<Members>(
    new Map<CborKey, CborValue>([
      [1, issuer],
      [4, seconds + 3600],
      [6, seconds - 3600],
      [8, new Map([[1, writeShortCoseKey(world.holder.publicJwk)]])],
      [-92_850, passport],
    ]),
    changes.claims,
  )
  const payload = (changes.payload ?? same)(writeCbor(claims))
  const signed = await forgeSign1(payload, 65_045, changes.signer ?? world.signer, {
    protected: changes.issuerProtected,
    unprotected: changes.issuerUnprotected,
    sign1: changes.issuerSign1,
    tagged: changes.issuerTagged,
  })
  return { bytes: (changes.credential ?? same)(signed), disclosures: changed(disclosures, changes.shown) }
}

interface Sign1Changes {
  readonly protected: Change<Members> | undefined
  readonly unprotected: Change<Members> | undefined
  readonly sign1: Change<CborValue[]> | undefined
  readonly tagged: ((item: CborValue) => CborValue) | undefined
}

async function forgeSign1(
  payload: Uint8Array,
  typ: number,
  signer: Signer,
  changes: Sign1Changes,
): Promise<Uint8Array> {
  const headers = changed<Members>(
    new Map<CborKey, CborValue>([
      [1, algorithmOfSigner(signer).cose[0]!],
      [16, typ],
    ]),
    changes.protected,
  )
  const inside = encoded(headers)
  const unprotected = changed<Members>(new Map(), changes.unprotected)
  const signature = await signer.sign(writeCbor(['Signature1', inside, new Uint8Array(), payload]))
  const sign1 = changed<CborValue[]>([inside, unprotected, payload, signature], changes.sign1)
  return writeCbor((changes.tagged ?? (item => new CborTag(18, item)))(sign1))
}

/** The honest value after it was changed, or what the change returns in its place; what `delete` and `push` return is no value. */
function changed<T>(honest: T, change: Change<T> | undefined): T {
  const returned = change?.(honest)
  return returned === undefined || typeof returned === 'boolean' || typeof returned === 'number'
    ? honest
    : (returned as T)
}

const same = <T>(value: T): T => value

/** A text with other bytes before they are deflated. */
export const unfoldsTo = async (bytes: Uint8Array): Promise<string> => `VQP1:${base45(await deflate(bytes))}`
