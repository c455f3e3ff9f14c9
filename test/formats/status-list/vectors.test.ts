/** The test vectors of Token Status List, as printed. */
import { describe, expect, it } from 'vitest'
import { base64url, equalBytes, fromBase64url } from '../../../src/core/bytes.js'
import { readCbor } from '../../../src/core/cbor/read.js'
import { type CborMap, isBytes } from '../../../src/core/cbor/value.js'
import { decodeJws } from '../../../src/core/jws.js'
import { defaultLimits } from '../../../src/core/limits.js'
import {
  compressBits,
  createBits,
  inflateBits,
  isStatusBits,
  setBits,
  sizeOfBits,
  statusAt,
} from '../../../src/formats/status-list/bits.js'
import { statusListCwt } from '../../../src/formats/status-list/cwt.js'
import { statusListJwt } from '../../../src/formats/status-list/jwt.js'
import bits1 from '../../vectors/token-status-list/bits1.json' with { type: 'json' }
import bits2 from '../../vectors/token-status-list/bits2.json' with { type: 'json' }
import bits8 from '../../vectors/token-status-list/bits8.json' with { type: 'json' }
import short1 from '../../vectors/token-status-list/short-bits1.json' with { type: 'json' }
import short2 from '../../vectors/token-status-list/short-bits2.json' with { type: 'json' }
import cwtDiagnostic from '../../vectors/token-status-list/token-cwt.diag.txt?raw'
import cwtHex from '../../vectors/token-status-list/token-cwt.hex.txt?raw'
import decoded from '../../vectors/token-status-list/token-jwt-decoded.txt?raw'
import raw from '../../vectors/token-status-list/token-jwt-raw.txt?raw'

interface Vector {
  readonly json: { readonly bits: number; readonly lst: string }
  readonly cbor_hex?: string
}

const open = ({ json: { bits, lst } }: Vector) => unfold(bits, fromBase64url(lst))

async function unfold(bits: unknown, lst: unknown) {
  if (!isStatusBits(bits) || !isBytes(lst)) throw new Error('the vector has no such list')
  return { bits, packed: await inflateBits(lst, defaultLimits) }
}

/** Bytes of hexadecimal text. */
const hex = (text: string) =>
  Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], pair => Number.parseInt(pair, 16))

/** The list of §4.3, a map with keys of text. The short ones have it in hexadecimal after the bytes that it holds. */
function openCbor({ cbor_hex }: Required<Vector>) {
  const list = readCbor(hex(cbor_hex.split(':').at(-1)!)) as CborMap
  expect([...list.keys()]).toEqual(['bits', 'lst'])
  return unfold(list.get('bits'), list.get('lst'))
}

describe.each([
  ['1', bits1],
  ['2', bits2],
  ['8', bits8],
])('the list of a million entries of %s bits', (_, vector) => {
  it('reads as the table says, at every index', async () => {
    const list = await open(vector)
    const statuses: Readonly<Record<string, number>> = vector.statuses
    expect(sizeOfBits(list.packed, list.bits)).toBe(vector.size)
    let differing = 0
    for (let index = 0; index < vector.size; index++)
      if (statusAt(list, index) !== (statuses[index] ?? vector.unlisted_status)) differing++
    expect(differing).toBe(0)
    expect(() => statusAt(list, vector.size)).toThrow(expect.objectContaining({ code: 'status_index_out_of_range' }))
  })

  it('is what setting the statuses makes', async () => {
    const { bits, packed } = await open(vector)
    const own = createBits(bits, vector.size)
    for (const [index, value] of Object.entries(vector.statuses)) setBits(own, bits, Number(index), value)
    expect(equalBytes(own, packed)).toBe(true)
    expect(equalBytes(await inflateBits(await compressBits(own), defaultLimits), packed)).toBe(true)
  })
})

describe.each([
  ['1', bits1],
  ['2', bits2],
])('the list of a million entries of %s bits', (_, vector) => {
  it('is the same in CBOR', async () => {
    const [json, cbor] = [await open(vector), await openCbor(vector)]
    expect(cbor.bits).toBe(json.bits)
    expect(equalBytes(cbor.packed, json.packed)).toBe(true)
  })
})

describe('the short lists of section 4.1', () => {
  it.each([
    ['1', short1, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]],
    ['2', short2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]],
  ])('of %s bits hold the printed statuses', async (_, vector, statuses) => {
    const list = await open(vector)
    expect(statuses.map((_, index) => statusAt(list, index))).toEqual(statuses)
    expect(sizeOfBits(list.packed, list.bits)).toBe(statuses.length)
    expect(await openCbor(vector)).toEqual(list)
  })
})

describe('the token of section 5.1', () => {
  const token = raw.replace(/\s/g, '')

  it('reads as it is printed', () => {
    const [header, payload] = decoded.split('\n.\n').map(part => JSON.parse(part))
    const parsed = statusListJwt.parse(token, defaultLimits)
    const jws = decodeJws(token)
    expect({ ...jws.header }).toEqual(header)
    const { iss, ...claims } = JSON.parse(JSON.stringify(jws.payload))
    expect(claims).toEqual(payload)
    expect(iss).toBe('https://example.com')
    expect(parsed).toMatchObject({
      uri: payload.sub,
      issuedAt: new Date(payload.iat * 1000),
      expires: new Date(payload.exp * 1000),
      ttl: 43200,
      bits: 1,
    })
  })

  it('holds the short list', async () => {
    const { bits, lst } = statusListJwt.parse(token, defaultLimits)
    expect((await unfold(bits, lst)).packed).toEqual(Uint8Array.of(0xb9, 0xa3))
  })
})

describe('the token of section 5.2', () => {
  const bytes = hex(cwtHex)
  const parsed = () => statusListCwt.parse(base64url(bytes), defaultLimits)

  it('is printed twice, and both times the same', () => {
    expect(hex(cwtDiagnostic.replace(/#.*$/gm, ''))).toEqual(bytes)
  })

  it('reads as it is printed', () => {
    expect(parsed()).toMatchObject({
      uri: 'https://example.com/statuslists/1',
      issuedAt: new Date(1686920170 * 1000),
      expires: new Date(2291720170 * 1000),
      ttl: 43200,
      bits: 1,
    })
    expect(parsed().hints(['ES256'])).toMatchObject({ keyId: '12', x5c: undefined, algorithms: [{ name: 'ES256' }] })
  })

  it('holds the short list', async () => {
    const { bits, lst } = parsed()
    expect((await unfold(bits, lst)).packed).toEqual(Uint8Array.of(0xb9, 0xa3))
  })
})
