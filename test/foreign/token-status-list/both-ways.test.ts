/** Status lists that `@owf/token-status-list` made, verified by us, and ours, read by it. It verifies no signatures itself. */
import { createHeaderAndPayload, getListFromStatusListJWT, StatusList, StatusListCwt } from '@owf/token-status-list'
import { describe, expect, it } from 'vitest'
import { base64url, utf8 } from '../../../src/core/bytes.js'
import type { JsonObject } from '../../../src/core/json.js'
import { signJws } from '../../../src/core/jws.js'
import { generateSigner } from '../../../src/core/keys.js'
import { createBits, type StatusBits, setBits, statusAt } from '../../../src/formats/status-list/bits.js'
import { createStatusListCwt, statusListCwt } from '../../../src/formats/status-list/cwt.js'
import { createStatusListToken } from '../../../src/formats/status-list/jwt.js'
import { verifyStatusListToken } from '../../../src/formats/status-list/token.js'
import { expecting, instant, keyOf, seconds, uri } from '../../formats/status-list/craft.js'

const signer = await generateSigner('ES256', { kid: 'status-key-1' })
const key = await keyOf(signer)

const aggregationUri = 'https://status.example/all'

/** Values of every kind, in no regular order. */
const valuesOf = (bits: StatusBits) => Array.from({ length: 256 }, (_, index) => (index * 7 + 3) % 2 ** bits)

const contentOf = (bits: StatusBits) => {
  const packed = createBits(bits, 256)
  for (const [index, value] of valuesOf(bits).entries()) setBits(packed, bits, index, value)
  const expires = new Date((seconds + 3600) * 1000)
  return { uri, bits, packed, issuedAt: instant, expires, ttl: 300, aggregationUri, signer }
}

type SignContext = Parameters<StatusListCwt['signAndEncode']>[1]
type Headers = ConstructorParameters<typeof StatusListCwt>[0]['protectedHeaders']

/** A CWT of theirs, signed by our signer over what they say is to be signed. */
async function createByPeer(bits: StatusBits, aggregation?: string): Promise<string> {
  const theirs = new StatusListCwt({
    payload: {
      subject: uri,
      statusList: new StatusList(valuesOf(bits), bits, aggregation),
      issuedAt: instant,
      expirationTime: new Date((seconds + 3600) * 1000),
      timeToLive: 300,
    },
    protectedHeaders: new Map([[1, -7]]) as Headers,
    unprotectedHeaders: new Map([[4, utf8(signer.kid)]]),
  })
  const context: SignContext = { sign: async ({ toBeSigned }) => signer.sign(toBeSigned) }
  // The key is for the context alone, which has its own.
  const token = await theirs.signAndEncode({ signingKey: {} as never, algorithm: -7 }, context)
  return base64url(new Uint8Array(token))
}

/** A JWT of theirs, signed by our signer. */
function createJwtByPeer(bits: StatusBits): Promise<string> {
  const claims = { iss: 'https://passport.example', sub: uri, iat: seconds, exp: seconds + 3600, ttl: 300 }
  const list = new StatusList(valuesOf(bits), bits, aggregationUri)
  const { header, payload } = createHeaderAndPayload(list, claims, {
    alg: 'ES256',
    typ: 'statuslist+jwt',
    kid: signer.kid,
  })
  return signJws(header as JsonObject, JSON.stringify(payload), signer)
}

describe.each([1, 2, 4, 8] as const)('a list of %i bits', bits => {
  it('that they made as a JWT is verified by us', async () => {
    const list = await verifyStatusListToken(await createJwtByPeer(bits), expecting(key))
    expect(list).toMatchObject({ uri, bits, size: 256, issuedAt: instant, ttl: 300, keyId: signer.kid })
    expect(valuesOf(bits).map((_, index) => statusAt(list, index))).toEqual(valuesOf(bits))
  })

  it('that they made as a CWT is verified by us', async () => {
    const list = await verifyStatusListToken(
      await createByPeer(bits, aggregationUri),
      expecting(key, { form: statusListCwt }),
    )
    expect(list).toMatchObject({ uri, bits, size: 256, issuedAt: instant, ttl: 300, keyId: signer.kid })
    expect(valuesOf(bits).map((_, index) => statusAt(list, index))).toEqual(valuesOf(bits))
  })

  it('that we made as a CWT is read by them', async () => {
    const { payload } = StatusListCwt.fromToken(await createStatusListCwt(contentOf(bits)))
    expect(payload.subject).toBe(uri)
    expect(payload.issuedAt).toEqual(instant)
    expect(payload.timeToLive).toBe(300)
    expect(payload.statusList.getBitsPerStatus()).toBe(bits)
    expect(payload.statusList.statusList).toEqual(valuesOf(bits))
  })

  it('that we made as a JWT is read by them', async () => {
    const list = getListFromStatusListJWT(await createStatusListToken(contentOf(bits)))
    expect(list.getBitsPerStatus()).toBe(bits)
    expect(list.statusList).toEqual(valuesOf(bits))
  })
})

it('is stricter than they are: an address of an aggregation that is `undefined` is no CBOR of a list', async () => {
  const token = await createByPeer(1)
  await expect(verifyStatusListToken(token, expecting(key, { form: statusListCwt }))).rejects.toMatchObject({
    code: 'cbor_malformed',
    at: 'simple',
  })
})
