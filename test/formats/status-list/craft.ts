/** Status list tokens as no issuer should make them: every member can be replaced or left out. */
import { deflate, importPublicKey } from '#crypto'
import { requireAlgorithm } from '../../../src/core/algorithms.js'
import { base64url, utf8 } from '../../../src/core/bytes.js'
import { type CborMap, CborTag, type CborValue } from '../../../src/core/cbor/value.js'
import { cborMap, writeCbor } from '../../../src/core/cbor/write.js'
import { createSign1 } from '../../../src/core/cose/sign1.js'
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

export const lstOf = async (bytes: Uint8Array): Promise<string> => base64url(await deflate(bytes, { level: 9 }))

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

type Entries = readonly (readonly [label: number | string, value: CborValue | undefined])[]

/** How a CWT differs from one that holds; `undefined` leaves a member out. */
export interface CwtChanges {
  readonly claims?: Entries
  readonly header?: Entries
  readonly unprotected?: Entries
  /** Members of the list, or something else in its place. */
  readonly list?: Entries | { readonly instead: CborValue }
  /** The bytes that are signed, in place of the claims. */
  readonly payload?: Uint8Array
}

/** A CWT that holds, but for the changes: its COSE_Sign1 without the tag. */
export async function craftSign1(signer: Signer, changes: CwtChanges = {}): Promise<CborValue> {
  const { claims = [], header = [], unprotected = [], list = [], payload } = changes
  const statusList =
    'instead' in list ? list.instead : changed([['bits', 1], ['lst', await deflate(packed, { level: 9 })], ...list])
  const all = changed([[2, uri], [6, seconds - 60], [4, seconds + 3600], [65534, 300], [65533, statusList], ...claims])
  const inside = changed([[16, 'application/statuslist+cwt'], [4, utf8(signer.kid)], ...header])
  return createSign1(
    { payload: payload ?? writeCbor(all), protected: inside, unprotected: changed(unprotected) },
    signer,
  )
}

/** Later entries take the place of earlier ones. */
const changed = (entries: Entries): CborMap => cborMap([...new Map(entries)])

/** CBOR as the text that it is kept in, tagged as a COSE_Sign1. */
export const cwtText = (item: CborValue, tag = 18): string => base64url(writeCbor(new CborTag(tag, item)))

export const craftCwt = async (signer: Signer, changes?: CwtChanges): Promise<string> =>
  cwtText(await craftSign1(signer, changes))
