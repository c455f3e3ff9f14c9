/** Mdocs that are wrong in one place each: one row for every rule, with its code, its place and its check. */
import { describe, expect, it } from 'vitest'
import { base64, concatBytes } from '../../src/core/bytes.js'
import {
  CborFloat,
  type CborKey,
  type CborTag,
  type CborValue,
  tagDateTime,
  tagFullDate,
} from '../../src/core/cbor/value.js'
import { embed, writeCbor } from '../../src/core/cbor/write.js'
import { writeCoseKey } from '../../src/core/cose/key.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { dcApiTranscript, openid4vpTranscript } from '../../src/formats/mdoc/session-transcript.js'
import { integer, sequence } from '../../src/testing/der.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { type Anchor, trustAnchors } from '../../src/verification/trust.js'
import {
  attribute,
  basicConstraints,
  commonName,
  country,
  craft,
  extendedKeyUsage,
  keyUsage,
  nameOf,
  ofAuthority,
  type Parts,
  publicKey,
} from '../core/x509-craft.js'
import { crew, harbour } from '../harbour.js'
import {
  docType,
  encodeItem,
  type ForgedItem,
  forgeDocument,
  forgedItem,
  forgeMdoc,
  forgeResponse,
  type MdocChanges,
  type Members,
  makeMdocWorld,
  makeReaderKey,
  mdocExpectations,
  raw,
  rawMap,
  sessionOptions,
  tdate,
  validityInfo,
} from '../mdoc-forge.js'
import { instant, now } from '../world.js'
import { expectPresentation, judgement, type MdocRow, refuses, refusesPresentations } from './mdoc-table.js'

const world = await makeMdocWorld()
const stranger = await generateSigner('ES256')
const demands = mdocExpectations(world)

const day = 24 * 3600 * 1000

/** Members laid over the honest ones; `undefined` takes one away. */
const put =
  (changes: Readonly<Record<string, CborValue | undefined>>) =>
  (honest: Members): void => {
    for (const [name, value] of Object.entries(changes))
      if (value === undefined) honest.delete(name)
      else honest.set(name, value)
  }

const inMso = (changes: Readonly<Record<string, CborValue | undefined>>): MdocChanges => ({ mso: put(changes) })

/** The first item with other members. */
const inItem = (changes: Readonly<Record<string, CborValue | undefined>>): MdocChanges => ({
  items: ([first, ...others]) => {
    put(changes)(first!.members)
    return [first!, ...others]
  },
})

/** The first item in another encoding of the same members. */
const encodedItem = (encode: (item: ForgedItem) => Uint8Array): MdocChanges => ({
  items: ([first, ...others]) => [{ ...first!, encoded: encode(first!) }, ...others],
})

const also = (...more: readonly ForgedItem[]): MdocChanges => ({ items: honest => [...honest, ...more] })

/** Members of a map, with one of them twice. */
const twice = (map: Members, key: CborKey): CborTag => {
  const members = [...map]
  return rawMap(...members, [key, map.get(key)!])
}

/** A value inside so many lists. */
const nested = (depth: number): Uint8Array => new Uint8Array(depth + 1).fill(0x81, 0, depth)

/** A big number of a mebibyte: tag 2 around bytes. */
const bigNumber = concatBytes(Uint8Array.of(0xc2, 0x5a, 0, 0x10, 0, 0), new Uint8Array(1024 * 1024).fill(0xff))

describe('expensive bytes', () => {
  refuses(world, [
    ['a big number of a mebibyte', inItem({ elementValue: raw(bigNumber) }), 'cbor_tag_not_allowed at structure'],
    ['a thousand lists within each other', inItem({ elementValue: raw(nested(1000)) }), depth],
    ['a hundred thousand lists within each other', inItem({ elementValue: raw(nested(100_000)) }), depth],
    ['an item for every digest there could be', also(...many(70_000)), 'limit_exceeded (cborItems) at structure'],
    [
      'a megabyte that is announced and not there',
      inItem({ elementValue: raw(Uint8Array.of(0x5a, 0, 0x10, 0, 0)) }),
      'cbor_malformed (end) at structure',
    ],
    [
      'a list of as many members as there are numbers',
      inItem({ elementValue: raw(Uint8Array.of(0x9b, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)) }),
      'cbor_malformed (end) at structure',
    ],
  ])

  it('refuses a hundred thousand lists in place of a response', async () => {
    await expectPresentation(concatBytes(Uint8Array.of(0xa1, 0x61, 0x61), nested(100_000)), demands, depth)
  })

  it('refuses more than four mebibytes unread', async () => {
    await expectPresentation(
      new Uint8Array(4 * 1024 * 1024 + 1).fill(0xa1),
      demands,
      'limit_exceeded (presentationBytes) at format',
    )
  })

  it('refuses items that each stay within the limits, and together do not', async () => {
    const plain = concatBytes(Uint8Array.of(0x9a, 0, 0, 0xfa, 0), new Uint8Array(64_000).fill(0xa0))
    const items = Array.from({ length: 60 }, (_, id) => forgedItem(crew, id + 1, `maps_${id}`, raw(plain)))
    await expectPresentation(await forgeMdoc(world, also(...items)), demands, 'limit_exceeded (cborItems) at structure')
  })
})

const depth = 'limit_exceeded (depth) at structure'

function many(count: number): readonly ForgedItem[] {
  return Array.from({ length: 3 }, (_, id) =>
    forgedItem(
      crew,
      id + 1,
      `list_${id}`,
      Array.from({ length: count }, () => 0),
    ),
  )
}
