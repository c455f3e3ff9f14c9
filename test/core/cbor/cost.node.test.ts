/** What hostile CBOR costs: at most 250 ms of one core and 64 MiB each, whatever the answer. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/core/bytes.js'
import { fromHex, toHex } from '../support.js'
import { head, reading } from './support.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const mebibyte = 1024 * 1024
const whole = 4 * mebibyte
const any = {}

/** Outcome and cost of the cheapest of a few runs, in processor time: other work on the machine is not the input's cost. */
function cost(work: () => string): { outcome: string; milliseconds: number; mebibytes: number } {
  let milliseconds = Number.POSITIVE_INFINITY
  let mebibytes = Number.POSITIVE_INFINITY
  let outcome = ''
  for (let round = 0; round < 3; round++) {
    collectGarbage()
    const held = memory()
    const start = process.cpuUsage()
    outcome = work()
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

/** A prefix, and a piece again and again until the length is reached. */
function fill(prefix: string, piece: string, length = whole): Uint8Array {
  return Buffer.concat([fromHex(prefix), Buffer.alloc(length, fromHex(piece))], length)
}

/** Keys that V8 puts into one bucket of every table of up to 2^14 buckets. */
function collidingKeys(count: number): readonly number[] {
  const keys: number[] = []
  for (let key = 0; keys.length < count; key++) if ((hashInV8(key) & 0x3fff) === 0) keys.push(key)
  return keys
}

function hashInV8(key: number): number {
  let hash = (~key + (key << 15)) | 0
  hash ^= hash >>> 12
  hash = (hash + (hash << 2)) | 0
  hash ^= hash >>> 4
  hash = Math.imul(hash, 2057)
  return (hash ^ (hash >>> 16)) & 0x3fffffff
}

const mapOf = (keys: readonly number[]) => fromHex(head(5, keys.length) + keys.map(key => `${head(0, key)}f6`).join(''))

function mapOfTexts(count: number, key: (index: number) => number): Uint8Array {
  const members = Array.from({ length: count }, (_, index) => {
    const text = `${key(index)}`
    return `${head(3, text.length)}${toHex(utf8(text))}f6`
  })
  return fromHex(head(5, count) + members.join(''))
}

/** As many maps of the most integer keys that collide as the limit of items has room for. */
function mapsOfCollidingKeys(): Uint8Array {
  const keys = collidingKeys(1024)
  const map = head(5, 1024) + keys.map(key => `${head(0, key)}f6`).join('')
  return fromHex(head(4, 31) + map.repeat(31))
}

describe('hostile CBOR is cheap', () => {
  it.each<[string, string, () => Uint8Array]>([
    ['a big number of 1 MiB', 'cbor_tag_not_allowed', () => fill('c25a000ffffa', 'ff', mebibyte)],
    ['a negative big number of 1 MiB', 'cbor_tag_not_allowed', () => fill('c35a000ffffa', 'ff', mebibyte)],
    ['nested arrays', 'limit_exceeded at depth', () => fill('', '81')],
    ['nested open arrays', 'limit_exceeded at depth', () => fill('', '9f')],
    ['nested maps', 'limit_exceeded at depth', () => fill('', 'a100')],
    ['nested maps in keys', 'limit_exceeded at depth', () => fill('', 'a1')],
    ['nested open maps', 'limit_exceeded at depth', () => fill('', 'bf00')],
    ['nested tags', 'limit_exceeded at depth', () => fill('', 'c0')],
    ['nested embedded items', 'limit_exceeded at depth', () => fill('', 'd818')],
    ['an array of the count of its bytes', 'limit_exceeded at cborItems', () => fill('9a003ffffb', '00')],
    ['an open array', 'limit_exceeded at cborItems', () => fill('9f', '00')],
    ['an array of arrays', 'limit_exceeded at cborItems', () => fill('9f', '80')],
    ['an array of maps', 'limit_exceeded at cborItems', () => fill('9f', 'a0')],
    ['an array of empty texts', 'limit_exceeded at cborItems', () => fill('9f', '60')],
    ['an array of texts', 'limit_exceeded at cborItems', () => fill('9f', `7828${'61'.repeat(40)}`)],
    ['an array of bytes', 'limit_exceeded at cborItems', () => fill('9f', '4100')],
    ['an array of floats', 'limit_exceeded at cborItems', () => fill('9f', 'fb3ff199999999999a')],
    ['an array of big integers', 'limit_exceeded at cborItems', () => fill('9f', '1bffffffffffffffff')],
    ['an array of dates', 'limit_exceeded at cborItems', () => fill('9f', 'd903ec60')],
    ['bytes in empty pieces', 'limit_exceeded at cborItems', () => fill('5f', '40')],
    ['bytes in pieces', 'limit_exceeded at cborItems', () => fill('5f', '4100')],
    ['text in empty pieces', 'limit_exceeded at cborItems', () => fill('7f', '60')],
    ['text in pieces', 'limit_exceeded at cborItems', () => fill('7f', '62c3bc')],
    ['text of 4 MiB', 'accepted', () => fill('7a003ffffb', '61')],
    ['text of 4 MiB that is no UTF-8', 'encoding_invalid at cbor', () => fill('7a003ffffb', '80')],
    ['bytes of 4 MiB', 'accepted', () => fill('5a003ffffb', 'ff')],
    ['bytes of 2^64-1', 'cbor_malformed at end', () => fill('5bffffffffffffffff', '00')],
    ['an array of 2^53', 'limit_exceeded at cborItems', () => fill('9b0020000000000000', '00')],
    ['one key again and again', 'cbor_duplicate_key', () => fill('bf', '0000')],
    ['as many integer keys as there are', 'limit_exceeded at cborIntegerKeys', () => mapOf([...Array(30_000).keys()])],
    ['colliding keys', 'limit_exceeded at cborIntegerKeys', () => mapOf(collidingKeys(2000))],
    ['maps of colliding keys', 'accepted', mapsOfCollidingKeys],
    ['as many text keys as there are', 'accepted', () => mapOfTexts(32_767, index => 1_000_000 + index)],
    [
      'text keys that look like colliding indexes',
      'accepted',
      () => mapOfTexts(32_767, index => (index % 512) * 32_768 + (index >> 9)),
    ],
  ])('%s', (_, outcome, make) => {
    const bytes = make()
    const spent = cost(() => reading(bytes, any))
    expect(spent.outcome).toBe(outcome)
    expect(spent.milliseconds).toBeLessThanOrEqual(250)
    expect(spent.mebibytes).toBeLessThanOrEqual(64)
  })
})
