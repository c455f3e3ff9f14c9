/** The entry of a W3C credential in a Bitstring Status List: `credentialStatus` (Bitstring Status List §2.1, VCDM 2.0 §4.10). */
import { isHttpsUri } from '../../core/address.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { VidimusError } from '../../errors.js'
import { type BitstringPurpose, bitstringPurposes, isBitstringPurpose } from './bitstring.js'
import type { StatusReference } from './reference.js'

const entryType = 'BitstringStatusListEntry'

/** More than any credential needs: each may have to be fetched. */
const mostEntries = 8

/** A place in a list that is for one purpose. */
export interface BitstringReference extends Pick<StatusReference, 'uri' | 'index'> {
  readonly purpose: BitstringPurpose
}

/**
 * Every entry in `credentialStatus`, none when it is absent. Whether the places exist and the hosts may be asked is not checked
 * here. Throws `status_unsupported` for an entry of another type, purpose or size, for nobody would know what it says,
 * `status_malformed` for one that is wrong, and `limit_exceeded` naming `credentialStatus`.
 */
export function readBitstringReferences(credentialStatus: JsonValue | undefined): readonly BitstringReference[] {
  if (credentialStatus === undefined) return []
  const entries = Array.isArray(credentialStatus) ? credentialStatus : [credentialStatus]
  if (entries.length === 0) throw malformed('credentialStatus')
  if (entries.length > mostEntries)
    throw new VidimusError('limit_exceeded', {
      at: 'credentialStatus',
      expected: mostEntries,
      actual: entries.length,
    })
  return entries.map(readEntry)
}

function readEntry(entry: JsonValue): BitstringReference {
  if (!isJsonObject(entry)) throw malformed('credentialStatus')
  const { type, statusPurpose: purpose, statusSize = 1, id, statusListCredential: uri } = entry
  if (type !== entryType) throw unsupported('credentialStatus.type', entryType)
  if (typeof purpose !== 'string') throw malformed('statusPurpose')
  if (!isBitstringPurpose(purpose)) throw unsupported('statusPurpose', 'revocation suspension')
  if (!Number.isSafeInteger(statusSize) || (statusSize as number) < 1) throw malformed('statusSize')
  if (statusSize !== 1) throw unsupported('statusSize', 1)
  if (typeof uri !== 'string' || !isHttpsUri(uri)) throw malformed('statusListCredential')
  if (id === uri) throw malformed('id') // §2.1: an entry is not its list
  return { uri, index: readIndex(entry), purpose }
}

/** Text that holds an integer, written in the one way there is. */
function readIndex({ statusListIndex: text }: JsonObject): number {
  const isIndex = typeof text === 'string' && /^(?:0|[1-9]\d*)$/.test(text)
  const index = isIndex ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(index)) throw malformed('statusListIndex')
  return index
}

/** The entries of a credential whose place the reference names, one for each list; nothing where it names no such list. */
export const writeBitstringEntries = ({ index, bitstring }: StatusReference): JsonObject[] =>
  bitstringPurposes.flatMap(purpose => {
    const uri = bitstring?.[purpose]
    if (uri === undefined) return []
    return {
      id: `${uri}#${index}`,
      type: entryType,
      statusPurpose: purpose,
      statusListIndex: String(index),
      statusListCredential: uri,
    }
  })

const malformed = (at: string) => new VidimusError('status_malformed', { at })
const unsupported = (at: string, expected: string | number) => new VidimusError('status_unsupported', { at, expected })
