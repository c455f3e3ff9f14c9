/**
 * The signature algorithms, one row each: JOSE name, COSE identifiers, key type, curve, hash and sizes.
 *
 * RFC 7518 §3.4 (ES256, ES384, ES512), RFC 8037 §3.1 (EdDSA), RFC 9864 (Ed25519 and the fully specified COSE numbers).
 * A suite of another kind joins as further rows.
 */
import { VidimusError } from '../errors.js'
import { misuse } from './arguments.js'

export type HashName = 'sha-256' | 'sha-384' | 'sha-512'

export type AlgorithmName = 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'Ed25519'

export interface Algorithm {
  readonly name: AlgorithmName
  /** COSE identifiers that mean this algorithm, the one to write first. */
  readonly cose: readonly number[]
  readonly kty: 'EC' | 'OKP'
  readonly crv: 'P-256' | 'P-384' | 'P-521' | 'Ed25519'
  /** Absent where the algorithm hashes by itself. */
  readonly hash?: HashName
  /** Bytes of one coordinate of the public key, and of `r` and `s` each. */
  readonly coordinateBytes: number
  readonly signatureBytes: number
}

const table: Readonly<Record<AlgorithmName, Algorithm>> = {
  ES256: {
    name: 'ES256',
    cose: [-7, -9],
    kty: 'EC',
    crv: 'P-256',
    hash: 'sha-256',
    coordinateBytes: 32,
    signatureBytes: 64,
  },
  ES384: {
    name: 'ES384',
    cose: [-35, -51],
    kty: 'EC',
    crv: 'P-384',
    hash: 'sha-384',
    coordinateBytes: 48,
    signatureBytes: 96,
  },
  ES512: {
    name: 'ES512',
    cose: [-36, -52],
    kty: 'EC',
    crv: 'P-521',
    hash: 'sha-512',
    coordinateBytes: 66,
    signatureBytes: 132,
  },
  EdDSA: { name: 'EdDSA', cose: [-8], kty: 'OKP', crv: 'Ed25519', coordinateBytes: 32, signatureBytes: 64 },
  Ed25519: { name: 'Ed25519', cose: [-19], kty: 'OKP', crv: 'Ed25519', coordinateBytes: 32, signatureBytes: 64 },
}

export const algorithmNames = Object.keys(table) as readonly AlgorithmName[]

/** The row of a name that came from outside; `undefined` for `none`, HMAC and everything else not in the table. */
export function algorithmNamed(name: unknown): Algorithm | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name as AlgorithmName] : undefined
}

/** The row of an `alg` header member, if the caller allows it. Throws `alg_not_allowed` (RFC 8725 §3.1). */
export function requireAlgorithm(alg: unknown, allowed: readonly AlgorithmName[]): Algorithm {
  const algorithm = algorithmNamed(alg)
  if (algorithm === undefined || !allowed.includes(algorithm.name))
    throw new VidimusError('alg_not_allowed', {
      at: 'alg',
      expected: allowed.join(' '),
      actual: algorithm?.name,
    })
  return algorithm
}

/** The algorithm a key is for when nobody says: by curve. Throws `key_invalid` for a curve outside the table. */
export function algorithmOfCurve(crv: unknown): Algorithm {
  switch (crv) {
    case 'P-256':
      return table.ES256
    case 'P-384':
      return table.ES384
    case 'P-521':
      return table.ES512
    case 'Ed25519':
      return table.EdDSA
    default:
      throw new VidimusError('key_invalid', { at: 'crv' })
  }
}

/** The caller's own list, checked: a `TypeError` for a name outside the table or an empty list. */
export function readAlgorithms(names: readonly AlgorithmName[] | undefined): readonly AlgorithmName[] {
  if (names === undefined) return algorithmNames
  if (!Array.isArray(names) || names.length === 0 || names.some(name => algorithmNamed(name) === undefined))
    throw misuse('algorithms', `a non-empty list of ${algorithmNames.join(', ')}`)
  return [...names]
}
