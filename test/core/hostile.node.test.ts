/** What hostile inputs cost: at most 250 ms of one core and 64 MiB each, whatever the answer. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { base64url, fromBase64url, fromUtf8, hasLoneSurrogate, utf8 } from '../../src/core/bytes.js'
import * as nodeBackend from '../../src/core/crypto/node.js'
import * as webBackend from '../../src/core/crypto/web.js'
import { parseJson } from '../../src/core/json.js'
import { decodeJws } from '../../src/core/jws.js'
import { defaultLimits } from '../../src/core/limits.js'
import { outcomeOf } from './support.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const mebibyte = 1024 * 1024
const whole = 4 * mebibyte
const many = 65_535

/** The outcome and cost of the cheapest of a few runs, in processor time: other work on the machine is not the input's cost. */
async function cost(work: () => unknown): Promise<{ outcome: string; milliseconds: number; mebibytes: number }> {
  let milliseconds = Number.POSITIVE_INFINITY
  let mebibytes = Number.POSITIVE_INFINITY
  let outcome = ''
  for (let round = 0; round < 3; round++) {
    collectGarbage()
    const held = memory()
    const start = process.cpuUsage()
    outcome = await outcomeOf(work)
    const { user, system } = process.cpuUsage(start)
    milliseconds = Math.min(milliseconds, (user + system) / 1000)
    mebibytes = Math.min(mebibytes, (memory() - held) / mebibyte)
    if (milliseconds < 250 && mebibytes < 64) break
  }
  return { outcome, milliseconds, mebibytes }
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function expectCheap(outcome: string, work: () => unknown): Promise<void> {
  const spent = await cost(work)
  expect(spent.outcome).toBe(outcome)
  expect(spent.milliseconds).toBeLessThanOrEqual(250)
  expect(spent.mebibytes).toBeLessThanOrEqual(64)
}

const fill = (piece: string, length = whole) => piece.repeat(Math.floor(length / piece.length))
const members = (name: (index: number) => string) =>
  `{${Array.from({ length: many }, (_, index) => `"${name(index)}":0`).join(',')}}`

describe('JSON', () => {
  it.each<[string, string, () => string]>([
    ['opening brackets', 'limit_exceeded', () => fill('[')],
    ['opening objects', 'limit_exceeded', () => fill('{"a":')],
    ['empty objects', 'limit_exceeded', () => `[${fill('{},')}{}]`],
    ['empty strings', 'limit_exceeded', () => `[${fill('"",')}""]`],
    ['as many objects as are allowed', 'accepted', () => `[${'{},'.repeat(many - 1)}{}]`],
    ['as many members as are allowed', 'accepted', () => members(String)],
    ['numeric names far apart', 'accepted', () => members(index => String(index * 65_521))],
    ['names that begin alike', 'accepted', () => members(index => 'x'.repeat(50) + index)],
    ['escaped names', 'accepted', () => members(index => `\\u0061${index}`)],
    ['a name that stands twice at the end', 'json_duplicate_member', () => `${members(String).slice(0, -1)},"7":0}`],
    ['white space', 'json_invalid', () => fill(' ')],
    ['digits', 'json_invalid', () => fill('7')],
    ['digits behind a sign', 'json_invalid', () => `-${fill('7')}`],
    ['digits behind a point', 'accepted', () => `0.${fill('7')}`],
    ['zeros behind a point', 'accepted', () => `0.${fill('0')}`],
    ['zeros before an exponent', 'json_invalid', () => `0.${fill('0')}1e1`],
    ['digits of an exponent', 'json_invalid', () => `1e${fill('7')}`],
    ['a plain string', 'accepted', () => `"${fill('x')}"`],
    ['a string without end', 'json_invalid', () => `"${fill('x')}`],
    ['Unicode escapes', 'accepted', () => `"${fill('\\u0041')}"`],
    ['escaped quotes', 'accepted', () => `"${fill('\\"')}"`],
    ['escaped quotes without end', 'json_invalid', () => `"${fill('\\"')}`],
    ['backslashes', 'accepted', () => `"${fill('\\\\')}"`],
    ['backslashes without end', 'json_invalid', () => `"${fill('\\')}`],
    ['backslashes before a quote that they escape', 'json_invalid', () => `"${fill('\\')}\\"`],
    ['long runs of backslashes, each before a quote', 'accepted', () => `["${fill(`${'\\'.repeat(2000)}","`)}"]`],
    ['runs of backslashes that escape their quote', 'accepted', () => `"${fill(`${'\\'.repeat(2001)}"`)}"`],
    ['surrogate pairs', 'accepted', () => `"${fill('😀')}"`],
    ['escaped surrogate pairs', 'accepted', () => `"${fill('\\ud83d\\ude00')}"`],
    ['pairs, and a half at the end', 'json_invalid', () => `"${fill('😀')}\ud83d"`],
    ['strings with a control character each', 'json_invalid', () => `[${fill('"x",')}"\u0001"]`.slice(-200_000)],
  ])('%s', async (_, outcome, make) => {
    const text = make()
    await expectCheap(outcome, () => parseJson(text))
  })
})

describe('text and tokens', () => {
  const bytes = new Uint8Array(3 * mebibyte).fill(0x55)

  it('base64url that is whole', async () => {
    const text = base64url(bytes)
    await expectCheap('accepted', () => fromBase64url(text))
  })

  it.each(['*', '=', '\n', 'Ā'])('base64url with %j at its end', async end => {
    const text = base64url(bytes) + end
    await expectCheap('encoding_invalid', () => fromBase64url(text))
  })

  it('base64url of white space', async () => {
    const text = fill(' ')
    await expectCheap('encoding_invalid', () => fromBase64url(text))
  })

  it.each<[string, typeof nodeBackend | typeof webBackend]>([
    ['node', nodeBackend],
    ['web', webBackend],
  ])('base64 of the %s back end', async (_, { encodeBase64, decodeBase64 }) => {
    const text = encodeBase64(bytes, true)
    await expectCheap('accepted', () => encodeBase64(bytes, true))
    await expectCheap('accepted', () => decodeBase64(text, true))
    await expectCheap('accepted', () => decodeBase64(`${text}*`, true))
  })

  it('UTF-8 and half characters', async () => {
    const pairs = fill('😀')
    const encoded = utf8(pairs)
    await expectCheap('accepted', () => fromUtf8(encoded))
    await expectCheap('accepted', () => hasLoneSurrogate(pairs))
    await expectCheap('accepted', () => hasLoneSurrogate(`${pairs}\ud800`))
    await expectCheap('encoding_invalid', () => utf8(`${pairs}\ud800`))
    await expectCheap('encoding_invalid', () => fromUtf8(Uint8Array.of(...encoded.subarray(0, 1000), 0xff)))
  })

  it.each<[string, string, () => string]>([
    ['of separators', 'jws_malformed', () => fill('.')],
    ['without separators', 'jws_malformed', () => fill('A')],
    ['with a header beyond its limit', 'limit_exceeded', () => `${fill('A')}.A.A`],
    ['with a payload of brackets', 'limit_exceeded', () => `e30.${base64url(utf8(fill('[', 3 * mebibyte)))}.AA`],
    ['with a payload of digits', 'json_invalid', () => `e30.${base64url(utf8(fill('7', 3 * mebibyte)))}.AA`],
    ['with a long signature', 'accepted', () => `e30.e30.${fill('AAAA')}`],
  ])('a token %s', async (_, outcome, make) => {
    const token = make()
    await expectCheap(outcome, () => decodeJws(token))
  })
})

describe.each([
  ['node', nodeBackend],
  ['web', webBackend],
])('inflating with the %s back end', (_, { inflate }) => {
  const bomb = deflateSync(new Uint8Array(256 * mebibyte), { level: 9 })

  it('stops at the limit', async () => {
    await expectCheap('limit_exceeded', () => inflate(bomb, defaultLimits.statusListBytes))
    await expectCheap('limit_exceeded', () => inflate(bomb, 1))
  })

  it('refuses noise', async () => {
    const noise = Uint8Array.from({ length: whole }, (_, index) => (index * 2_654_435_761) >>> 24)
    await expectCheap('inflate_invalid', () => inflate(noise, defaultLimits.statusListBytes))
    const stored = deflateSync(noise, { level: 0 })
    await expectCheap('inflate_invalid', () => inflate(Uint8Array.of(...stored.subarray(0, 1000)), whole))
  })

  it('refuses what follows at length', async () => {
    const followed = new Uint8Array(whole)
    followed.set(deflateSync(new Uint8Array(1000)))
    await expectCheap('inflate_invalid', () => inflate(followed, defaultLimits.statusListBytes))
  })
})
