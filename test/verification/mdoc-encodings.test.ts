/** CBOR that is legal and not preferred, as devices and issuers in the field write it: it verifies over the bytes it came in. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, utf8 } from '../../src/core/bytes.js'
import { readCbor } from '../../src/core/cbor/read.js'
import { type CborKey, CborTag, type CborValue, isBytes, isCborArray, isCborMap } from '../../src/core/cbor/value.js'
import { embed, writeCbor } from '../../src/core/cbor/write.js'
import { writeCoseKey } from '../../src/core/cose/key.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { runs } from '../core/cbor/support.js'
import { crew } from '../harbour.js'
import {
  type ForgedItem,
  forgedItem,
  forgeMdoc,
  type MdocChanges,
  type Members,
  makeMdocWorld,
  mdocExpectations,
  raw,
  validityInfo,
} from '../mdoc-forge.js'
import { summary } from '../refusal.js'

const world = await makeMdocWorld()
const demands = mdocExpectations(world)

/** How a value is written: each choice is a number that is drawn, so that a counterexample shrinks to the preferred form. */
type Draw = (choices: number) => number

/** A head of any length that holds the number. */
function head(major: number, argument: number, draw: Draw): Uint8Array {
  const shortest = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : 3
  const size = shortest + draw(5 - shortest)
  if (size === 0) return Uint8Array.of((major << 5) | argument)
  const bytes = new Uint8Array(1 + 2 ** (size - 1))
  bytes[0] = (major << 5) | (23 + size)
  for (let index = bytes.length - 1, rest = argument; index > 0; index--, rest = Math.floor(rest / 0x100))
    bytes[index] = rest % 0x100
  return bytes
}

const end = Uint8Array.of(0xff)

/** A string whole, or in two pieces. */
function string(major: 2 | 3, bytes: Uint8Array, at: number, draw: Draw): Uint8Array {
  const whole = (part: Uint8Array) => concatBytes(head(major, part.length, draw), part)
  if (draw(2) === 0) return whole(bytes)
  return concatBytes(Uint8Array.of((major << 5) | 31), whole(bytes.subarray(0, at)), whole(bytes.subarray(at)), end)
}

function collection(major: 4 | 5, count: number, parts: readonly Uint8Array[], draw: Draw): Uint8Array {
  if (draw(2) === 0) return concatBytes(head(major, count, draw), ...parts)
  return concatBytes(Uint8Array.of((major << 5) | 31), ...parts, end)
}

/** The value in some legal form. What is raw already stays as it is. */
function write(value: CborValue, draw: Draw): Uint8Array {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value, draw) : head(0, value, draw)
  if (typeof value === 'string') return string(3, utf8(value), 0, draw)
  if (isBytes(value)) return string(2, value, value.length >> 1, draw)
  if (value instanceof CborTag) return value.encoded ?? concatBytes(head(6, value.tag, draw), write(value.value, draw))
  if (isCborArray(value))
    return collection(
      4,
      value.length,
      value.map(member => write(member, draw)),
      draw,
    )
  if (!isCborMap(value)) return writeCbor(value)
  const members = [...value].map(([key, member]) => concatBytes(write(key, draw), write(member, draw)))
  const turned = draw(members.length + 1)
  return collection(5, members.length, [...members.slice(turned), ...members.slice(0, turned)], draw)
}

const embedded = (value: CborValue, draw: Draw): Uint8Array => write(embed(write(value, draw)), draw)

/** Read for its values, its inner tags remembered as they were. */
const readAgain = (bytes: Uint8Array): CborValue => readCbor(bytes)

/** Every piece of an mdoc in a form that is drawn; what is signed is signed in that form. */
const written = (draw: Draw): MdocChanges => ({
  items: honest => honest.map((item: ForgedItem) => ({ ...item, encoded: embedded(item.members, draw) })),
  mso: (map: Members) =>
    map.set('validityInfo', raw(write(validityInfo(), draw))).set(
      'deviceKeyInfo',
      new Map<CborKey, CborValue>([
        ['deviceKey', raw(write(writeCoseKey(world.holder.publicJwk), draw))],
        ['keyAuthorizations', new Map([['nameSpaces', [crew]]])],
      ]),
    ),
  msoBytes: bytes => write(readAgain(bytes), draw),
  payload: bytes => write(readAgain(bytes), draw),
  issuerProtected: map => map.set(4, Uint8Array.of(1)),
  issuerProtectedBytes: bytes => write(readAgain(bytes), draw),
  deviceNameSpaces: embedded(new Map([[crew, new Map([['watch', 'first']])]]), draw),
  document: map => raw(write(map, draw)),
  response: map => raw(write(map, draw)),
})

/** A session whose transcript is not written in the preferred form. */
const transcriptIn = (draw: Draw): Uint8Array => write(readAgain(world.session.bytes), draw)

async function judged(draw: Draw, mac: boolean): Promise<string> {
  const transcript = transcriptIn(draw)
  const input = await forgeMdoc(world, { ...written(draw), transcript, mac })
  return summary(await verifyMdocPresentation(input, { ...demands, expectedSessionTranscript: transcript }))
}

/** Always the last choice there is. */
const last: Draw = choices => choices - 1

describe('an mdoc in legal forms that nobody prefers', () => {
  it('is accepted: every head as long as may be, every length open, every map turned', async () => {
    for (const mac of [false, true]) expect(await judged(last, mac)).toBe('accepted')
  })

  it('is accepted in any mixture of forms', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(59)), fc.boolean(), async (stream, mac) => {
        const draw: Draw = choices => (stream.next().value as number) % choices
        expect(await judged(draw, mac)).toBe('accepted')
      }),
      runs,
    )
  })

  it('says what it says in the preferred form', async () => {
    const input = await forgeMdoc(world, written(last))
    const verdict = await verifyMdocPresentation(input, demands)
    const plain = await verifyMdocPresentation(await forgeMdoc(world), demands)
    if (!verdict.ok || !plain.ok) throw new Error('refused')
    expect([verdict.claims, verdict.otherClaims]).toEqual([plain.claims, plain.otherClaims])
    expect(verdict.deviceClaims).toEqual({ [crew]: { watch: 'first' } })
    expect(verdict.passport).toBe('harbour-pass')
  })

  it('is bound to the bytes of the transcript, not to what it says', async () => {
    const input = await forgeMdoc(world, { transcript: transcriptIn(last) })
    expect(summary(await verifyMdocPresentation(input, demands))).toBe(
      'device_signature_invalid at device_authentication',
    )
  })
})

describe('one piece in such a form', () => {
  const forms: readonly (readonly [string, Draw])[] = [
    ['long heads', choices => (choices > 2 ? choices - 1 : 0)],
    ['open lengths', choices => (choices === 2 ? 1 : 0)],
  ]
  const { items, msoBytes, payload, issuerProtectedBytes, document, response } = written(last)
  const pieces: readonly (readonly [string, MdocChanges])[] = [
    ['items', { items: items! }],
    ['security object', { msoBytes: msoBytes! }],
    ['payload', { payload: payload! }],
    ['protected headers', { issuerProtectedBytes: issuerProtectedBytes! }],
    ['document', { document: document! }],
    ['response', { response: response! }],
    ...forms.map(
      ([name, draw]) => [`device namespaces, ${name}`, { deviceNameSpaces: embedded(new Map(), draw) }] as const,
    ),
  ]
  it.each(pieces)('is accepted: %s', async (_, changes) => {
    expect(summary(await verifyMdocPresentation(await forgeMdoc(world, changes), demands))).toBe('accepted')
  })

  it.each(['NaN', 'half'])('is accepted: a float that could be shorter, %s', async kind => {
    const long =
      kind === 'NaN' ? Uint8Array.of(0xfb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0) : Uint8Array.of(0xfa, 0x3f, 0x80, 0, 0)
    const extra = forgedItem('example.other', 0, 'depth', raw(long))
    const verdict = await verifyMdocPresentation(
      await forgeMdoc(world, { items: honest => [...honest, extra] }),
      demands,
    )
    expect(verdict.ok && verdict.otherClaims['example.other']).toEqual({ depth: kind === 'NaN' ? Number.NaN : 1 })
  })
})
