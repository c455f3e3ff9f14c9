/**
 * Public keys as JWKs (RFC 7517, RFC 7518 §6.2, RFC 8037 §2): read strictly, imported once, named by thumbprint.
 *
 * Nothing here loads a JOSE library: every verify path comes through this file.
 */
import { digestText, importPublicKey } from '#crypto'
import { VidimusError } from '../errors.js'
import { type Algorithm, algorithmNamed, algorithmOfCurve, anyAlgorithmNamed } from './algorithms.js'
import { expectReadable } from './arguments.js'
import { fromBase64url } from './bytes.js'
import type { Awaitable, CurveSupport, KeyMembers, PublicKey } from './crypto/backend.js'
import { withoutAbsent } from './freeze.js'

/** A JWK as callers have it: the platform's `JsonWebKey` and jose's `JWK` both fit. */
export interface Jwk {
  readonly kty?: string | undefined
  readonly crv?: string | undefined
  readonly x?: string | undefined
  readonly y?: string | undefined
  readonly d?: string | undefined
  readonly kid?: string | undefined
  readonly alg?: string | undefined
  readonly use?: string | undefined
  readonly key_ops?: readonly string[] | undefined
}

/** A public key of one of the table's curves: the members that matter, no others. */
export interface PublicJwk extends KeyMembers {
  readonly kty: 'EC' | 'OKP'
  readonly kid?: string
}

/** Whose signatures a key is for: JOSE has no name for those of the brainpool curves, COSE has. */
export type KeyUse = 'jose' | 'cose'

/**
 * The public key that a JWK from outside stands for. Refuses private members, keys for another use or operation, curves
 * that JOSE cannot sign on unless the key is for COSE, and coordinates that are not canonical base64url of the curve's
 * length. Whether the point lies on the curve is seen when the key is imported. Throws `key_invalid`, `encoding_invalid`.
 */
export function readPublicJwk(jwk: unknown, keyUse: KeyUse = 'jose'): PublicJwk {
  if (typeof jwk !== 'object' || jwk === null) throw invalid()
  const members = jwk as Record<string, unknown>
  const { crv, kty, x, y, d, kid, use = 'sig', key_ops: operations = ['verify'], alg } = members
  const algorithm = algorithmOfCurve(crv)
  const sound: { readonly [name: string]: boolean } = {
    d: d === undefined,
    crv: keyUse === 'cose' || algorithmNamed(algorithm.name) !== undefined,
    kty: kty === algorithm.kty,
    use: use === 'sig',
    key_ops: Array.isArray(operations) && operations.includes('verify'),
    alg: alg === undefined || anyAlgorithmNamed(alg)?.crv === crv,
    kid: kid === undefined || typeof kid === 'string',
    x: isCoordinate(x, 'x', algorithm),
    y: kty === 'EC' ? isCoordinate(y, 'y', algorithm) : y === undefined,
  }
  for (const name of Object.keys(sound)) if (!sound[name]) throw invalid(name)
  return withoutAbsent({ kty, crv, x, y, kid }) as PublicJwk
}

const isCoordinate = (value: unknown, name: string, { coordinateBytes }: Algorithm): boolean =>
  typeof value === 'string' && fromBase64url(value, name).length === coordinateBytes

const invalid = (at?: string) => new VidimusError('key_invalid', { at })

/** The caller's own public key. Throws `TypeError` naming the argument, for here it is not the input that failed. */
export const expectPublicJwk = (jwk: unknown, argument: string, keyUse?: KeyUse): PublicJwk =>
  expectReadable(() => readPublicJwk(jwk, keyUse), argument, 'a public JWK on a supported curve')

/** The RFC 7638 thumbprint with SHA-256, base64url. */
export function thumbprint({ kty, crv, x, y }: KeyMembers): Awaitable<string> {
  return digestText(
    'sha-256',
    y === undefined
      ? `{"crv":"${crv}","kty":"${kty}","x":"${x}"}`
      : `{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`,
  )
}

/** Whether two public keys are the same key, whatever else their JWKs say. */
export const sameKey = (a: KeyMembers, b: KeyMembers): boolean =>
  a.kty === b.kty && a.crv === b.crv && a.x === b.x && a.y === b.y

/**
 * Imports public keys and remembers the latest, for importing costs as much as verifying. A promise is remembered while it is
 * open, and when it was refused.
 */
export interface KeyCache {
  /** Throws `alg_not_allowed` when the key is on another curve than the algorithm, `key_invalid` when it is no key. */
  import(jwk: KeyMembers, algorithm: Algorithm): Awaitable<PublicKey>
}

/** `curves` are those beyond the platform's own. */
export function keyCache(size = 1000, curves?: CurveSupport): KeyCache {
  const keys = new Map<string, Awaitable<PublicKey>>()
  return {
    import(jwk, algorithm) {
      if (jwk.kty !== algorithm.kty || jwk.crv !== algorithm.crv)
        throw new VidimusError('alg_not_allowed', {
          at: 'alg',
          expected: algorithmOfCurve(jwk.crv).name,
          actual: algorithm.name,
        })
      const id = `${algorithm.name} ${algorithm.hash} ${jwk.x} ${jwk.y}`
      const known = keys.get(id)
      if (known !== undefined) return known
      const key = importPublicKey(jwk, algorithm, curves)
      if (keys.size >= size) keys.delete(keys.keys().next().value as string)
      keys.set(id, key)
      return key
    },
  }
}
