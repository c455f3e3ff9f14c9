/** Status list tokens as no issuer should make them: every member can be replaced or left out. */
import { deflate, importPublicKey } from '#crypto'
import { requireAlgorithm } from '../../../src/core/algorithms.js'
import { base64url } from '../../../src/core/bytes.js'
import type { PublicKey } from '../../../src/core/crypto/backend.js'
import type { JsonObject } from '../../../src/core/json.js'
import { readPublicJwk } from '../../../src/core/jwk.js'
import { signJws } from '../../../src/core/jws.js'
import type { Signer } from '../../../src/core/keys.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { statusListJwt } from '../../../src/formats/status-list/jwt.js'
import type { ExpectedStatusList } from '../../../src/formats/status-list/token.js'

export const instant = new Date('2026-03-01T12:00:00Z')
export const seconds = instant.getTime() / 1000
export const uri = 'https://status.example/lists/1'

/** §4.1: the statuses 1 0 0 1 1 1 0 1, 1 1 0 0 0 1 0 1 of one bit each. */
export const packed = Uint8Array.of(0xb9, 0xa3)

export const lstOf = async (bytes: Uint8Array): Promise<string> => base64url(await deflate(bytes))

type Members = Readonly<Record<string, unknown>>

/** A token that holds, but for the members given; `undefined` leaves one out. */
export async function craftToken(
  signer: Signer,
  claims: Members = {},
  header: Members = {},
  list: Members | unknown = {},
): Promise<string> {
  const isMembers = typeof list === 'object' && list !== null && !Array.isArray(list)
  const statusList = isMembers ? { bits: 1, lst: await lstOf(packed), ...list } : list
  const payload = { sub: uri, iat: seconds - 60, exp: seconds + 3600, ttl: 300, status_list: statusList, ...claims }
  return signJws({ typ: 'statuslist+jwt', kid: signer.kid, ...header } as JsonObject, JSON.stringify(payload), signer)
}

export async function keyOf(signer: Signer): Promise<PublicKey> {
  return importPublicKey(readPublicJwk(signer.publicJwk), requireAlgorithm(signer.alg, [signer.alg]))
}

/** What a verifier of these tests expects. */
export const expecting = (key: PublicKey, changes: Partial<ExpectedStatusList> = {}): ExpectedStatusList => ({
  form: statusListJwt,
  uri,
  signers: () => [key],
  now: instant,
  clockTolerance: 60,
  algorithms: ['ES256', 'ES384', 'EdDSA', 'Ed25519'],
  limits: defaultLimits,
  ...changes,
})
