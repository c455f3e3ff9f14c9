/**
 * Issuer-signed items (ISO/IEC 18013-5:2021, 8.3.2.1.2.2 and 9.1.2.5): one data element each, with the salt under which
 * its digest stands in the mobile security object.
 *
 * The digest covers the item exactly as received, tag and head included; an item that was read is never written again.
 */
import { digest } from '#crypto'
import type { HashName } from '../../core/algorithms.js'
import { type CborKey, type CborValue, isBytes } from '../../core/cbor/value.js'
import { writeEmbedded } from '../../core/cbor/write.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import type { Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { isText, isThere, readEmbedded, readMembers } from './members.js'

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

/** A salt has 16 bytes at least (9.1.2.5). */
const isSalt = (random: CborValue | undefined): random is Uint8Array => isBytes(random) && random.length >= 16

/** Items as they stand in an issuer-signed structure, by namespace. */
export type ReceivedItems = ReadonlyMap<string, readonly CborValue[]>

/**
 * Reads the items of an issuer-signed structure. Throws `mdoc_malformed`, `mdoc_duplicate_element` for an element or digest
 * identifier that stands twice in its namespace, and the codes of CBOR.
 */
export const readItems = (nameSpaces: ReceivedItems, limits: Limits): ItemsByNamespace =>
  new Map([...nameSpaces].map(([namespace, items]) => [namespace, readDistinct(items, limits)]))

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
  const { encoded, content } = readEmbedded(value, 'IssuerSignedItem', limits)
  const item = readMembers(content, 'IssuerSignedItem', itemMembers)
  return { digestId: item.digestID, identifier: item.elementIdentifier, value: item.elementValue, encoded }
}

const itemMembers = { digestID: isDigestId, elementIdentifier: isText, random: isSalt, elementValue: isThere }

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
