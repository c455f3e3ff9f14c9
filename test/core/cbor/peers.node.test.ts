/** Held against cbor-x and cbor2: what we write they read alike, and what they write we read alike. */
import { Encoder, Tag as TagX } from 'cbor-x/index-no-eval'
import { cdeDecodeOptions, cdeEncodeOptions, decode, encode, Tag } from 'cbor2'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCbor } from '../../../src/core/cbor/read.js'
import { CborFloat, CborTag, type CborValue, isCborArray } from '../../../src/core/cbor/value.js'
import { writeCbor } from '../../../src/core/cbor/write.js'
import { toHex } from '../support.js'
import { anyValue, diagnosis, reading, runs, strict } from './support.js'

const any = {}

interface Peer {
  readonly read: (bytes: Uint8Array) => unknown
  readonly write: (value: unknown) => Uint8Array
  readonly tag: (tag: number, value: unknown) => object
}

const x = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false, variableMapSize: true })

const peers: Readonly<Record<string, Peer>> = {
  'cbor-x': {
    read: bytes => x.decode(bytes),
    write: value => x.encode(value),
    tag: (tag, value) => new TagX(value, tag),
  },
  cbor2: {
    read: bytes => decode(bytes, { preferMap: true, ignoreGlobalTags: true }),
    write: value => encode(value),
    tag: (tag, value) => new Tag(tag, value),
  },
}

/** A value as a peer has it: floats are numbers, tags its own. Numbers beyond 2^32 are floats to cbor-x, bigints are not. */
function handOver(value: CborValue, peer: Peer): unknown {
  if (value instanceof CborFloat) return value.value
  if (typeof value === 'number') return Math.abs(value) < 2 ** 32 ? value : BigInt(value)
  if (value instanceof CborTag) return peer.tag(value.tag, handOver(value.value, peer))
  if (isCborArray(value)) return value.map(it => handOver(it, peer))
  if (value instanceof Map) return new Map([...value].map(([key, it]) => [handOver(key, peer), handOver(it, peer)]))
  return value
}

/** What a peer read, with tags of ours. */
function takeBack(value: unknown): unknown {
  if (value instanceof TagX) return new CborTag(value.tag, takeBack(value.value) as CborValue)
  if (value instanceof Tag) return new CborTag(Number(value.tag), takeBack(value.contents) as CborValue)
  if (Array.isArray(value)) return value.map(takeBack)
  if (value instanceof Map) return new Map([...value].map(([key, it]) => [key, takeBack(it)]))
  return value
}

/** cbor-x writes -0 as 0, and integers below -2^63 as big numbers, which are refused. */
function withoutCorners(value: CborValue): CborValue {
  if (typeof value === 'bigint') return value < -(2n ** 63n) ? -1 : value
  if (value instanceof CborFloat) return Object.is(value.value, -0) ? new CborFloat(0) : value
  if (isCborArray(value)) return value.map(withoutCorners)
  if (value instanceof Map) {
    const members = [...value].map(([key, it]) => [withoutCorners(key), withoutCorners(it)] as const)
    return new Map(members as never)
  }
  return value
}

describe.each(Object.entries(peers))('%s', (_, peer) => {
  it('reads what we write', () => {
    fc.assert(
      fc.property(anyValue, value => {
        expect(diagnosis(takeBack(peer.read(writeCbor(value))))).toBe(diagnosis(value))
      }),
      runs,
    )
  })

  it('writes what we read', () => {
    fc.assert(
      fc.property(anyValue.map(withoutCorners), value => {
        expect(diagnosis(readCbor(peer.write(handOver(value, peer)), any))).toBe(diagnosis(value))
      }),
      runs,
    )
  })
})

describe('cbor2 in deterministic encoding', () => {
  /** It has no floats that are whole. */
  const hasWholeFloat = (value: CborValue): boolean =>
    value instanceof CborFloat
      ? Number.isInteger(value.value)
      : value instanceof Map
        ? [...value.values()].some(hasWholeFloat)
        : isCborArray(value) && value.some(hasWholeFloat)

  it('writes the same bytes', () => {
    fc.assert(
      fc.property(
        anyValue.filter(value => !hasWholeFloat(value)),
        value => {
          const theirs = encode(handOver(value, peers.cbor2!), cdeEncodeOptions)
          expect(toHex(theirs)).toBe(toHex(writeCbor(value)))
        },
      ),
      runs,
    )
  })

  const options = { ...cdeDecodeOptions, preferMap: true, ignoreGlobalTags: true, rejectDuplicateKeys: true }

  function theirs(bytes: Uint8Array): string {
    try {
      return diagnosis(takeBack(decode(bytes, options)))
    } catch {
      return 'refused'
    }
  }

  /** What it takes and we do not, by design: other tags and simple values, keys of every kind, forms of NaN. */
  const designed = /tag|simple|at key|at float|limit/

  it('takes what we take, and we take what it takes but what has no place in a credential', () => {
    const almost = fc.tuple(anyValue, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([value, place, change]) => {
      const bytes = writeCbor(value)
      bytes[place % bytes.length]! ^= change
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 30 }), almost), bytes => {
        const ours = reading(bytes)
        if (ours === 'accepted') expect(theirs(bytes)).toBe(diagnosis(readCbor(bytes, strict)))
        else if (!designed.test(ours)) expect(theirs(bytes)).toBe('refused')
      }),
      { ...runs, numRuns: 2000 },
    )
  })
})
