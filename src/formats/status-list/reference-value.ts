/** The reference to a place in a status list, as an issuer writes it in CBOR (Token Status List §6.3). */
import type { CborMap, CborValue } from '../../core/cbor/value.js'
import type { StatusReference } from './reference.js'

/** The `status` of an mdoc, or of any other CWT (§6.3, ISO/IEC 18013-5 second edition). */
export const statusReferenceValue = ({ index, uri }: StatusReference): CborMap =>
  new Map([['status_list', new Map<string, CborValue>(Object.entries({ idx: index, uri }))]])
