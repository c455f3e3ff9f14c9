/** The reference from a credential to its place in a status list (Token Status List §6). */
import { isHttpsUri } from '../../core/address.js'
import { type CborValue, isBytes, isCborMap } from '../../core/cbor/value.js'
import { isJsonObject, type JsonValue } from '../../core/json.js'
import { VidimusError } from '../../errors.js'

/** The place of a credential in a status list. */
export interface StatusReference {
  /** Of the list, as received: it is compared to the letter and never normalised. */
  readonly uri: string
  /** In the list, from 0. */
  readonly index: number
  /**
   * Where the same place stands in W3C Bitstring Status Lists, one address for each purpose. A credential of the W3C data
   * model names these in its `credentialStatus`; to the other formats they are nothing.
   */
  readonly bitstring?: BitstringAddresses | undefined
}

/** The lists that show what a status registry calls invalid, and what it calls suspended if it can say so. */
export interface BitstringAddresses {
  readonly revocation: string
  readonly suspension?: string | undefined
}

/**
 * The reference in a credential's `status` claim; `undefined` when there is no claim. Members beside `status_list` are
 * further mechanisms and are not looked at. Whether the index exists and the host may be asked is not checked here.
 * Throws `status_unsupported` when only other mechanisms are there, `status_malformed` otherwise (§6.2).
 */
export const readStatusReference = (status: JsonValue | undefined): StatusReference | undefined =>
  readReference(status, value => (isJsonObject(value) ? name => value[name] : undefined))

/**
 * The reference in the `status` of a CWT, or of an mdoc's security object (§6.3, ISO/IEC 18013-5, second edition), as
 * `readStatusReference` reads that of a claim. A `certificate` beside the address is a hint that nobody takes; it must be
 * bytes.
 */
export function readMdocStatusReference(status: CborValue | undefined): StatusReference | undefined {
  const reference = readReference(status, cborMembers)
  const certificate = cborMembers(cborMembers(status)?.('status_list'))?.('certificate')
  if (certificate !== undefined && !isBytes(certificate)) throw malformed('certificate')
  return reference
}

const cborMembers: MembersOf<CborValue> = value => (isCborMap(value) ? name => value.get(name) : undefined)

/** The members of an object by name; `undefined` for what is none. */
type MembersOf<Value> = (value: Value | undefined) => ((name: string) => Value | undefined) | undefined

function readReference<Value>(status: Value | undefined, membersOf: MembersOf<Value>): StatusReference | undefined {
  if (status === undefined) return undefined
  const mechanisms = membersOf(status)
  if (mechanisms === undefined) throw malformed('status')
  const list = mechanisms('status_list')
  if (list === undefined) throw new VidimusError('status_unsupported', { at: 'status', expected: 'status_list' })
  const reference = membersOf(list)
  if (reference === undefined) throw malformed('status_list')
  const [index, uri] = [reference('idx'), reference('uri')]
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) throw malformed('idx')
  if (typeof uri !== 'string' || !isHttpsUri(uri)) throw malformed('uri')
  return { uri, index }
}

const malformed = (at: string) => new VidimusError('status_malformed', { at })
