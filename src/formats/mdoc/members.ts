/**
 * The maps of an mdoc (ISO/IEC 18013-5:2021, 8.3.2.1.2 and 9.1.2.4), each read by a table of what its members are. One form of
 * refusal for all: `mdoc_malformed`, naming the member.
 */
import { embeddedBytes, readCbor } from '../../core/cbor/read.js'
import { type CborKey, type CborMap, type CborValue, isCborArray, isCborMap } from '../../core/cbor/value.js'
import type { Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

/** Whether a member is of a kind; `undefined`: it is not there. */
type Kind<Value extends CborValue | undefined> = (member: CborValue | undefined) => member is Value

type Kinds = Readonly<Record<string, Kind<CborValue | undefined>>>

type Members<Table extends Kinds> = {
  readonly [Name in keyof Table]: Table[Name] extends Kind<infer Value> ? Value : never
}

/** The members of a map that a table names, checked in its order. Others are left alone. Throws `mdoc_malformed`. */
export function readMembers<Table extends Kinds>(
  value: CborValue | undefined,
  at: string,
  kinds: Table,
): Members<Table> {
  const map = expectMap(value, at)
  const members: Record<string, CborValue | undefined> = {}
  for (const name in kinds) {
    const member = map.get(name)
    if (!kinds[name]!(member)) throw malformed(name)
    members[name] = member
  }
  return members as Members<Table>
}

/** The same of what nobody signs: a member that no table names has no meaning in it, and is refused. */
export function readEnvelope<Table extends Kinds>(
  value: CborValue | undefined,
  at: string,
  kinds: Table,
): Members<Table> {
  for (const name of expectMap(value, at).keys()) if (!Object.hasOwn(kinds, String(name))) throw malformed(at)
  return readMembers(value, at, kinds)
}

/** What an item of tag 24 holds, and the whole of it as received: what is hashed or signed. Throws the codes of CBOR. */
export function readEmbedded(
  value: CborValue | undefined,
  at: string,
  limits: Limits,
): { readonly encoded: Uint8Array; readonly content: CborValue } {
  const { encoded, content } = embeddedBytes(value, `${at}Bytes`)
  return { encoded, content: readCbor(content, { limits }) }
}

function expectMap(value: CborValue | undefined, at: string): CborMap {
  if (!isCborMap(value)) throw malformed(at)
  return value
}

/** Whatever is there. */
export const isThere = (member: CborValue | undefined): member is CborValue => member !== undefined

export const isText = (member: CborValue | undefined): member is string => typeof member === 'string'

export const isInteger = (member: CborValue | undefined): member is number => typeof member === 'number'

/** The version of a structure, the one that there is. Throws `mdoc_version_unsupported` for any other. */
export const versionOf =
  (at: string) =>
  (member: CborValue | undefined): member is '1.0' => {
    if (member !== '1.0') throw new VidimusError('mdoc_version_unsupported', { at, expected: '1.0' })
    return true
  }

/** What may be absent. */
export const optional =
  <Value extends CborValue>(isOfKind: Kind<Value>) =>
  (member: CborValue | undefined): member is Value | undefined =>
    member === undefined || isOfKind(member)

export const listOf =
  <Value extends CborValue>(isOfKind: Kind<Value>) =>
  (member: CborValue | undefined): member is readonly Value[] =>
    isCborArray(member) && member.every(isOfKind)

export const mapOf =
  <Key extends CborKey, Value extends CborValue>(isKey: Kind<Key>, isOfKind: Kind<Value>) =>
  (member: CborValue | undefined): member is ReadonlyMap<Key, Value> => {
    if (!isCborMap(member)) return false
    for (const key of member.keys()) if (!isKey(key) || !isOfKind(member.get(key))) return false
    return true
  }

/** A list or map that is not empty. */
export const filled =
  <Value extends readonly CborValue[] | ReadonlyMap<CborKey, CborValue>>(isOfKind: Kind<Value>) =>
  (member: CborValue | undefined): member is Value =>
    isOfKind(member) && sizeOf(member) > 0

const sizeOf = (value: readonly CborValue[] | ReadonlyMap<CborKey, CborValue>): number =>
  isCborArray(value) ? value.length : value.size

/** The refusal of what is not of the standard's form; `at` names the part. */
export const malformed = (at: string) => new VidimusError('mdoc_malformed', { at })
