/**
 * Issuer-signed items (ISO/IEC 18013-5:2021, 8.3.2.1.2.2 and 9.1.2.5): one data element each, with the salt under which
 * its digest stands in the mobile security object.
 *
 * The digest covers the item exactly as received, tag and head included; an item that was read is never written again.
 */
import { digest } from '#crypto'
import type { HashName } from '../../core/algorithms.js'
import { embeddedBytes, readCbor } from '../../core/cbor/read.js'
import { type CborKey, type CborValue, isBytes, isCborArray, isCborMap } from '../../core/cbor/value.js'
import { writeEmbedded } from '../../core/cbor/write.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import type { Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

export interface IssuerSignedItem {
  readonly digestId: number
  readonly identifier: string
  readonly value: CborValue
  /** `#6.24(bstr .cbor IssuerSignedItem)` as received: what the digest is of. */
  readonly encoded: Uint8Array
}

/** Items by namespace, in the order in which they came. */
export type ItemsByNamespace = ReadonlyMap<string, readonly IssuerSignedItem[]>

/**
 * 9.1.2.4 has digest identifiers below 2^31. Issuers in the field draw them from 32 bits; they are names of digests and
 * nothing more, so those are read as well.
 */
export const isDigestId = (id: CborValue | undefined): id is number => typeof id === 'number' && id >= 0 && id < 2 ** 32

/** 9.1.2.5: bytes of the salt, at least. */
const shortestSalt = 16

/**
 * Reads the `nameSpaces` of an issuer-signed structure; none at all is the same as none shown. Throws `mdoc_malformed`,
 * `mdoc_duplicate_element` for an element or digest identifier that stands twice in its namespace, and the codes of CBOR.
 */
export function readItems(nameSpaces: CborValue | undefined, limits: Limits): ItemsByNamespace {
  const namespaces = new Map<string, readonly IssuerSignedItem[]>()
  if (nameSpaces === undefined) return namespaces
  if (!isCborMap(nameSpaces)) throw malformed('nameSpaces')
  for (const [namespace, items] of nameSpaces) {
    if (typeof namespace !== 'string' || !isCborArray(items) || items.length === 0) throw malformed('nameSpaces')
    namespaces.set(namespace, readDistinct(items, limits))
  }
  return namespaces
}

function readDistinct(items: readonly CborValue[], limits: Limits): readonly IssuerSignedItem[] {
  const seen = new Set<string | number>()
  return items.map(value => {
    const item = readItem(value, limits)
    if (seen.has(item.identifier) || seen.has(item.digestId))
      throw new VidimusError('mdoc_duplicate_element', { at: 'nameSpaces' })
    seen.add(item.identifier).add(item.digestId)
    return item
  })
}

function readItem(value: CborValue, limits: Limits): IssuerSignedItem {
  const { encoded, content } = embeddedBytes(value, 'IssuerSignedItemBytes')
  const item = readCbor(content, { limits })
  if (!isCborMap(item)) throw malformed('IssuerSignedItem')
  const digestId = item.get('digestID')
  const identifier = item.get('elementIdentifier')
  const random = item.get('random')
  const element = item.get('elementValue')
  if (!isDigestId(digestId)) throw malformed('digestID')
  if (typeof identifier !== 'string') throw malformed('elementIdentifier')
  if (!isBytes(random) || random.length < shortestSalt) throw malformed('random')
  if (element === undefined) throw malformed('elementValue')
  return { digestId, identifier, value: element, encoded }
}

/** A new item, written in deterministic form. `random` is its salt, at least 16 bytes. */
export function createItem(
  digestId: number,
  random: Uint8Array,
  identifier: string,
  value: CborValue,
): IssuerSignedItem {
  // In the order in which they are written, so that an image is not moved about.
  const members = new Map<string, CborValue>([
    ['random', random],
    ['digestID', digestId],
    ['elementValue', value],
    ['elementIdentifier', identifier],
  ])
  return { digestId, identifier, value, encoded: writeEmbedded(members) }
}

/** What an error calls an element: its identifier, unless that is text in which anything could stand. */
export const nameOfElement = (identifier: CborKey): string =>
  /^[\w.-]{1,64}$/.test(String(identifier)) ? String(identifier) : 'element'

/** The digest of an item as it stands in the mobile security object (9.1.2.5). */
export const digestItem = ({ encoded }: IssuerSignedItem, hash: HashName): Awaitable<Uint8Array> =>
  digest(hash, encoded)

const malformed = (at: string) => new VidimusError('mdoc_malformed', { at })
