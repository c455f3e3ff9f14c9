/**
 * Disclosures: what the holder shows of a claim, whose digest the issuer signed. 16 bytes of salt, two of the claim's key, and
 * behind them its value in deterministic CBOR.
 *
 * All salts of a credential come from one seed that the holder keeps. HMAC gives each by itself: who was shown some of them
 * learns nothing of the others, and so cannot try values for the digests that stay hidden.
 */
import { digest, hmacSha256 } from '#crypto'
import { concatBytes, utf8 } from '../../core/bytes.js'
import { deterministic } from '../../core/cbor/deterministic.js'
import { readCbor } from '../../core/cbor/read.js'
import type { CborValue } from '../../core/cbor/value.js'
import { writeCbor } from '../../core/cbor/write.js'
import { type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

/** Of SHA-256, the first half: as hard to meet by a second value as a key of 128 bits is to guess. */
export const digestBytes = 16

const saltBytes = 16

/** Salt and key. */
const headBytes = saltBytes + 2

/** Of the seed that the salts are made of. */
export const seedBytes = 32

/** A date as days since 1970-01-01 (RFC 8943 §1), a third as long as its text. */
export const tagDays = 100

/** Claims by their keys. */
export type KeyedValues = ReadonlyMap<number, CborValue>

/** The disclosure of a claim, under the salt that the seed gives for its key. */
export async function makeDisclosure(seed: Uint8Array, key: number, value: CborValue): Promise<Uint8Array> {
  const name = Uint8Array.of(key >> 8, key & 0xff)
  const code = await hmacSha256(seed, concatBytes(saltOf, name))
  return concatBytes(code.subarray(0, saltBytes), name, writeCbor(value))
}

const saltOf = /* @__PURE__ */ utf8('vidimus qr salt 1')

/** What the issuer signs of a disclosure. */
export const digestDisclosure = async (disclosure: Uint8Array): Promise<Uint8Array> =>
  (await digest('sha-256', disclosure)).slice(0, digestBytes)

/** A digest as text, a character for each byte: in the order of the bytes. */
export const nameOfDigest = (digest: Uint8Array): string => String.fromCharCode(...digest)

/**
 * The claims that were disclosed, each held against the digests that the issuer signed. Throws `qr_malformed`,
 * `qr_duplicate_claim`, `qr_digest_missing` for one that the issuer did not sign, `limit_exceeded`, and the codes of CBOR.
 */
export async function openDisclosures(
  disclosures: readonly Uint8Array[],
  digests: ReadonlySet<string>,
  limits: Limits,
): Promise<KeyedValues> {
  within(limits, 'disclosures', disclosures.length)
  const values = new Map<number, CborValue>()
  for (const disclosure of disclosures) {
    const { key, value } = readDisclosure(disclosure, limits)
    if (values.has(key)) throw new VidimusError('qr_duplicate_claim', { at: String(key) })
    if (!digests.has(nameOfDigest(await digestDisclosure(disclosure))))
      throw new VidimusError('qr_digest_missing', { at: String(key) })
    values.set(key, value)
  }
  return values
}

function readDisclosure(bytes: Uint8Array, limits: Limits): { readonly key: number; readonly value: CborValue } {
  if (bytes.length < headBytes) throw new VidimusError('qr_malformed', { at: 'disclosure' })
  const key = bytes[saltBytes]! * 256 + bytes[saltBytes + 1]!
  return { key, value: readCbor(bytes.subarray(headBytes), { form: deterministic, limits, tags: [tagDays] }) }
}
