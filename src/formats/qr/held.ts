/**
 * A credential as its holder keeps it: what the issuer signed, the claims, and the seed of their salts. It is for the holder
 * alone, who shows presentations made of it; whoever has it knows every claim and can present none.
 */
import { deterministic } from '../../core/cbor/deterministic.js'
import { readCbor } from '../../core/cbor/read.js'
import { type CborValue, isBytes, isCborArray, isCborMap } from '../../core/cbor/value.js'
import { writeCbor } from '../../core/cbor/write.js'
import { forOneInput, type Limits, within } from '../../core/limits.js'
import { credentialPrefix, readPlain, writePlain } from './container.js'
import { malformed, type QrCredential, readQrCredential } from './credential.js'
import { type KeyedValues, makeDisclosure, seedBytes, tagDays } from './disclosure.js'

export interface HeldQrCredential {
  readonly credential: QrCredential
  readonly seed: Uint8Array
  /** Every claim, by its key. */
  readonly values: KeyedValues
}

/** The text of a credential for its holder. */
export const writeHeld = (credential: Uint8Array, seed: Uint8Array, values: KeyedValues): string =>
  writePlain(credentialPrefix, writeCbor([credential, seed, values]))

/**
 * Reads the text at once; nothing in it is believed, nor are the claims held against the digests. Throws `qr_malformed`,
 * `limit_exceeded`, `encoding_invalid`, the codes of CBOR, and what `readQrCredential` throws.
 */
export function readHeld(text: string, limits: Limits): HeldQrCredential {
  const shared = forOneInput(limits)
  const held = readCbor(readPlain(credentialPrefix, text, limits), {
    form: deterministic,
    limits: shared,
    tags: [tagDays],
  })
  if (!isCborArray(held) || held.length !== 3) throw malformed('held')
  const [credential, seed, values] = held
  if (!isBytes(credential)) throw malformed('credential')
  if (!isBytes(seed) || seed.length !== seedBytes) throw malformed('seed')
  if (!isCborMap(values)) throw malformed('values')
  within(limits, 'disclosures', values.size)
  for (const key of values.keys()) if (!isClaimKey(key)) throw malformed('key')
  return {
    credential: readQrCredential(credential, shared),
    seed,
    values: values as ReadonlyMap<number, CborValue>,
  }
}

/** The disclosures of claims that the holder has, in the order given. */
export const discloseHeld = (
  { seed, values }: Pick<HeldQrCredential, 'seed' | 'values'>,
  keys: readonly number[],
): Promise<readonly Uint8Array[]> => Promise.all(keys.map(key => makeDisclosure(seed, key, values.get(key)!)))

/** The keys of claims are unsigned, of 16 bits. */
const isClaimKey = (key: unknown): boolean => typeof key === 'number' && key >= 0 && key <= 0xffff
