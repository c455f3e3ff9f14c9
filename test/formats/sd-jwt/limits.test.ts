/** Hostile sizes end quickly, and no changed character of a disclosure or digest passes. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../src/core/json.js'
import { decodeSdJwt, splitSdJwt } from '../../../src/formats/sd-jwt/compact.js'
import { decodeDisclosure } from '../../../src/formats/sd-jwt/disclosure.js'
import { decodeKeyBinding } from '../../../src/formats/sd-jwt/key-binding.js'
import { packSdJwt } from '../../../src/formats/sd-jwt/pack.js'
import { selectDisclosures } from '../../../src/formats/sd-jwt/select.js'
import { unpackSdJwt } from '../../../src/formats/sd-jwt/unpack.js'
import section51 from '../../vectors/sd-jwt/rendered/section-5.1.json' with { type: 'json' }
import { digestOf, rawDisclosure, received, refusal, refusalCode } from './craft.js'

/** Milliseconds of one core that an input may cost. */
const most = 250

/** The best of up to five tries, for the machine has other work too; one that is fast enough is enough. */
async function milliseconds(work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 5 && best >= most; tries++) {
    const start = performance.now()
    await work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

const mebibyte = 1024 * 1024

describe('ends within a quarter of a second', () => {
  it.each([
    ['a hundred thousand separators', `a.b.c${'~'.repeat(100_000)}`],
    ['a hundred thousand disclosures', `a.b.c~${'D~'.repeat(100_000)}`],
    ['four mebibytes of separators', '~'.repeat(4 * mebibyte)],
    ['five mebibytes', `a.b.c~${'D'.repeat(5 * mebibyte)}~`],
  ])('%s', async (_, text) => {
    const time = await milliseconds(async () =>
      expect(await refusalCode(() => splitSdJwt(text))).toBe('limit_exceeded'),
    )
    expect(time).toBeLessThan(most)
  })

  it.each([
    ['a token of points', '.'.repeat(4 * mebibyte - 1)],
    ['a token without points', 'a'.repeat(4 * mebibyte - 1)],
    ['a payload without end', `e30.${'W1tb'.repeat(mebibyte / 4)}.c2ln`],
  ])('%s', async (_, jwt) => {
    expect(await milliseconds(() => refusal(() => decodeSdJwt(`${jwt}~`)))).toBeLessThan(most)
    expect(await milliseconds(() => refusal(() => decodeKeyBinding(jwt)))).toBeLessThan(most)
  })

  it.each([
    ['of one long text', `["s","n","${'x'.repeat(mebibyte)}"]`],
    ['of escapes', `["s","n","${'\\u0041'.repeat(mebibyte / 6)}"]`],
    ['of characters beyond ASCII', `["s","n","${'Ж'.repeat(mebibyte / 2)}"]`],
    ['of white space', `["s","n"${' '.repeat(mebibyte)},1]`],
  ])('a disclosure of a mebibyte %s', async (_, json) => {
    const text = rawDisclosure(json)
    const payload = received({ _sd: [await digestOf(text)] })
    expect(await milliseconds(() => unpackSdJwt(payload, [text]))).toBeLessThan(most)
  })

  it.each([
    ['of brackets', '['.repeat(mebibyte)],
    ['of quotes', `["${'\\"'.repeat(mebibyte / 2)}`],
    ['of backslashes', `["${'\\'.repeat(mebibyte)}`],
    ['of values', `["s",[${'0,'.repeat(mebibyte / 2)}0]]`],
    ['of digits', `["s",${'1'.repeat(mebibyte)}]`],
    ['of one name again and again', `["s",{${'"a":1,'.repeat(mebibyte / 8)}"a":1}]`],
  ])('a disclosure of a mebibyte %s, which is refused', async (_, json) => {
    const text = rawDisclosure(json)
    expect(await milliseconds(() => refusal(() => decodeDisclosure(text)))).toBeLessThan(most)
  })

  it('512 disclosures, four mebibytes in all', async () => {
    const claims: Record<string, JsonValue> = {}
    for (let index = 0; index < 512; index++) claims[`claim${index}`] = 'x'.repeat(6000)
    const { payload, disclosures } = await packSdJwt(claims, { hide: Object.keys(claims).map(name => [name]) })
    expect(disclosures).toHaveLength(512)
    expect(await milliseconds(() => unpackSdJwt(payload, disclosures))).toBeLessThan(most)
    const held = await unpackSdJwt(payload, disclosures)
    const everything = Object.keys(claims).map(name => [name])
    expect(await milliseconds(() => selectDisclosures(held, everything))).toBeLessThan(most)
  })

  it('512 disclosures, each within the one before it as far as the depth goes', async () => {
    const chain = (depth: number): JsonValue => (depth === 0 ? 'end' : { next: chain(depth - 1) })
    const claims: Record<string, JsonValue> = {}
    for (let index = 0; index < 34; index++) claims[`chain${index}`] = chain(14)
    const hide = Object.keys(claims).flatMap(name =>
      Array.from({ length: 15 }, (_, length) => [name, ...Array.from({ length }, () => 'next')]),
    )
    const { payload, disclosures } = await packSdJwt(claims, { hide })
    expect(disclosures).toHaveLength(510)
    expect(await milliseconds(() => unpackSdJwt(payload, disclosures))).toBeLessThan(most)
  })

  it('sixty thousand digests of nothing', async () => {
    const digests = Array.from({ length: 60_000 }, (_, index) => `${String(index).padStart(42, 'A')}A`)
    const payload = received({ _sd: digests })
    expect(await milliseconds(() => unpackSdJwt(payload, []))).toBeLessThan(most)
    const placeholders = received({ list: digests.slice(0, 30_000).map(digest => ({ '...': digest })) })
    expect(await milliseconds(() => unpackSdJwt(placeholders, []))).toBeLessThan(most)
  })

  it('disclosures that are as full of values as four mebibytes allow, which are refused together', async () => {
    const json = (salt: number) => `["${salt}",[${'0,'.repeat(65_000)}0]]`
    const disclosures = Array.from({ length: 24 }, (_, index) => rawDisclosure(json(index)))
    const digests = await Promise.all(disclosures.map(text => digestOf(text)))
    const payload = received({ list: digests.map(digest => ({ '...': digest })) })
    const refused = { code: 'limit_exceeded', at: 'jsonValues' }
    expect(await refusal(() => unpackSdJwt(payload, disclosures))).toMatchObject(refused)
    expect(await milliseconds(() => refusal(() => unpackSdJwt(payload, disclosures)))).toBeLessThan(most)
    const one = received({ list: [{ '...': digests[0]! }] })
    expect((await unpackSdJwt(one, [disclosures[0]!])).digests.size).toBe(1)
  })

  it('512 disclosures of which the last is not used', async () => {
    const list = Array.from({ length: 511 }, (_, index) => index)
    const { payload, disclosures } = await packSdJwt({ list }, { hide: [['list', null]] })
    const presented = [...disclosures, rawDisclosure('["s",1]')]
    expect(await milliseconds(() => refusal(() => unpackSdJwt(payload, presented)))).toBeLessThan(most)
  })
})

describe('a change of one character', () => {
  let payload: JsonObject
  let disclosures: readonly string[]

  beforeAll(() => {
    const { parts, jws } = decodeSdJwt(section51.items[13]!.value as string)
    payload = jws.payload
    disclosures = parts.disclosures
  })

  /** The text with one bit of the character at `index` turned over. */
  const flipped = (text: string, index: number): string =>
    text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ (1 << (index % 7))) + text.slice(index + 1)

  it('in any disclosure is refused', async () => {
    const codes = new Set<string>()
    for (const [at, text] of disclosures.entries())
      for (let index = 0; index < text.length; index++) {
        const changed = disclosures.with(at, flipped(text, index))
        codes.add(await refusalCode(() => unpackSdJwt(payload, changed)))
      }
    expect([...codes]).toEqual(['sd_jwt_unused_disclosure'])
  })

  it('in any digest is refused', async () => {
    const digests = payload['_sd'] as readonly string[]
    const codes = new Set<string>()
    for (const [at, text] of digests.entries())
      for (let index = 0; index < text.length; index++) {
        const changed = { ...payload, _sd: digests.with(at, flipped(text, index)) }
        codes.add(await refusalCode(() => unpackSdJwt(changed, disclosures)))
      }
    expect([...codes].sort()).toEqual(['sd_jwt_digest_malformed', 'sd_jwt_unused_disclosure'])
  })

  it('more or less in any disclosure is refused', async () => {
    for (const [at, text] of disclosures.entries())
      for (const changed of [`${text}A`, `${text}=`, text.slice(1), text.slice(0, -1), `A${text}`, ` ${text}`])
        expect(await refusalCode(() => unpackSdJwt(payload, disclosures.with(at, changed)))).toBe(
          'sd_jwt_unused_disclosure',
        )
  })
})
