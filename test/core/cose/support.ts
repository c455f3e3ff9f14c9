import { anyAlgorithmNames } from '../../../src/core/algorithms.js'
import { readCbor } from '../../../src/core/cbor/read.js'
import { CborTag, type CborValue } from '../../../src/core/cbor/value.js'
import { coseHints } from '../../../src/core/cose/headers.js'
import { readSign1, tagSign1, verifySign1 } from '../../../src/core/cose/sign1.js'
import { keyCache, type PublicJwk } from '../../../src/core/jwk.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { VidimusError } from '../../../src/errors.js'

const keys = keyCache()

/** What a verifier does that believes one key: algorithm from the header, the key for it, then the signature. */
export async function verifyWith(jwk: PublicJwk, value: CborValue, detached?: Uint8Array): Promise<void> {
  const sign1 = readSign1(value)
  const { algorithms } = coseHints(sign1.headers, anyAlgorithmNames, defaultLimits)
  const algorithm = algorithms.find(({ crv }) => crv === jwk.crv) ?? algorithms[0]!
  const key = await keys.import(jwk, algorithm)
  await verifySign1(sign1, sign1.payload ?? detached!, key)
}

/** An object with or without the tag of its kind. */
export function readTagged(bytes: Uint8Array, tag: number): CborValue {
  const value = readCbor(bytes, { tags: [tag] })
  return value instanceof CborTag && value.tag === tag ? value.value : value
}

export const readTaggedSign1 = (bytes: Uint8Array): CborValue => readTagged(bytes, tagSign1)

/** `accepted`, or the code and the place of the refusal. Anything but our own error is a failure of the test. */
export async function refusing(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'accepted'
  } catch (error) {
    if (error instanceof VidimusError) return error.at === undefined ? error.code : `${error.code} at ${error.at}`
    throw error
  }
}

/** The bytes with one bit changed, for every bit. */
export const flips = (bytes: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const harmed = new Uint8Array(bytes)
    harmed[bit >> 3]! ^= 1 << (bit & 7)
    return harmed
  })
