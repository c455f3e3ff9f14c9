/** The test vectors of Token Status List, as printed. */
import { describe, expect, it } from 'vitest'
import { equalBytes, fromBase64url } from '../../../src/core/bytes.js'
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
import { parseStatusListToken } from '../../../src/formats/status-list/token.js'
import bits1 from '../../vectors/token-status-list/bits1.json' with { type: 'json' }
import bits2 from '../../vectors/token-status-list/bits2.json' with { type: 'json' }
import bits8 from '../../vectors/token-status-list/bits8.json' with { type: 'json' }
import short1 from '../../vectors/token-status-list/short-bits1.json' with { type: 'json' }
import short2 from '../../vectors/token-status-list/short-bits2.json' with { type: 'json' }
import decoded from '../../vectors/token-status-list/token-jwt-decoded.txt?raw'
import raw from '../../vectors/token-status-list/token-jwt-raw.txt?raw'

async function open({ bits, lst }: { readonly bits: number; readonly lst: string }) {
  if (!isStatusBits(bits)) throw new Error('the vector has no such width')
  return { bits, packed: await inflateBits(fromBase64url(lst), defaultLimits) }
}

describe.each([
  ['1', bits1],
  ['2', bits2],
  ['8', bits8],
])('the list of a million entries of %s bits', (_, vector) => {
  it('reads as the table says, at every index', async () => {
    const list = await open(vector.json)
    const statuses: Readonly<Record<string, number>> = vector.statuses
    expect(sizeOfBits(list.packed, list.bits)).toBe(vector.size)
    let differing = 0
    for (let index = 0; index < vector.size; index++)
      if (statusAt(list, index) !== (statuses[index] ?? vector.unlisted_status)) differing++
    expect(differing).toBe(0)
    expect(() => statusAt(list, vector.size)).toThrow(expect.objectContaining({ code: 'status_index_out_of_range' }))
  })

  it('is what setting the statuses makes', async () => {
    const { bits, packed } = await open(vector.json)
    const own = createBits(bits, vector.size)
    for (const [index, value] of Object.entries(vector.statuses)) setBits(own, bits, Number(index), value)
    expect(equalBytes(own, packed)).toBe(true)
    expect(equalBytes(await inflateBits(await compressBits(own), defaultLimits), packed)).toBe(true)
  })
})

describe('the short lists of section 4.1', () => {
  it.each([
    ['1', short1, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]],
    ['2', short2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]],
  ])('of %s bits hold the printed statuses', async (_, vector, statuses) => {
    const list = await open(vector.json)
    expect(statuses.map((_, index) => statusAt(list, index))).toEqual(statuses)
    expect(sizeOfBits(list.packed, list.bits)).toBe(statuses.length)
  })
})

describe('the token of section 5.1', () => {
  const token = raw.replace(/\s/g, '')

  it('reads as it is printed', () => {
    const [header, payload] = decoded.split('\n.\n').map(part => JSON.parse(part))
    const parsed = parseStatusListToken(token, defaultLimits)
    expect({ ...parsed.jws.header }).toEqual(header)
    const { iss, ...claims } = JSON.parse(JSON.stringify(parsed.jws.payload))
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
    const list = await open(parseStatusListToken(token, defaultLimits))
    expect(list.packed).toEqual(Uint8Array.of(0xb9, 0xa3))
  })
})
