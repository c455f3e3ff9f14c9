/** The reference from a credential to its place in a status list (Token Status List §6). */
import { isJsonObject, type JsonValue } from '../../core/json.js'
import { VidimusError } from '../../errors.js'

export interface StatusReference {
  /** Of the list, as received: it is compared to the letter and never normalised. */
  readonly uri: string
  /** In the list, from 0. */
  readonly index: number
}

/**
 * The reference in a credential's `status` claim; `undefined` when there is no claim. Members beside `status_list` are
 * further mechanisms and are not looked at. Whether the index exists and the host may be asked is not checked here.
 * Throws `status_unsupported` when only other mechanisms are there, `status_malformed` otherwise (§6.2).
 */
export function readStatusReference(status: JsonValue | undefined): StatusReference | undefined {
  if (status === undefined) return undefined
  if (!isJsonObject(status)) throw malformed('status')
  const { status_list: reference } = status
  if (reference === undefined)
    throw new VidimusError('status_unsupported', {
      at: 'status',
      expected: 'status_list',
    })
  if (!isJsonObject(reference)) throw malformed('status_list')
  const { idx: index, uri } = reference
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) throw malformed('idx')
  if (typeof uri !== 'string' || !isStatusListUri(uri)) throw malformed('uri')
  return { uri, index }
}

/** What RFC 3986 lets stand after `https://`: an authority without user information, a path, a query, no fragment. */
const httpsUri = /^https:\/\/[\w.~%!$&'()*+,;=:[\]-]+(?:[/?][\w.~%!$&'()*+,;=:@/?[\]-]*)?$/

/** The URL of a list, read as a fetch reads it; `undefined` unless it is https, without credentials and fragment. */
export function statusListUrl(uri: string): URL | undefined {
  return isStatusListUri(uri) ? new URL(uri) : undefined
}

const isStatusListUri = (uri: string): boolean => httpsUri.test(uri) && URL.canParse(uri)

const malformed = (at: string) => new VidimusError('status_malformed', { at })
