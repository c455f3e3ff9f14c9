/** The issuer's side of W3C Bitstring Status List v1.0: a list for one purpose, made of the packed statuses of a Token Status List. */
import { deflate } from '#crypto'
import { isUrl } from '../../core/address.js'
import { misuse } from '../../core/arguments.js'
import { base64url } from '../../core/bytes.js'
import { fromSeconds } from '../../core/clock.js'
import { writeDateTime } from '../../core/date-time.js'
import { withoutAbsent } from '../../core/freeze.js'
import { issuerHeader, signJws } from '../../core/jws.js'
import { isStatusBits, type StatusBits } from './bits.js'
import {
  type BitstringPurpose,
  fewestEntries,
  isBitstringPurpose,
  listTypes,
  subjectType,
  vcContent,
  vcContext,
  vcType,
} from './bitstring.js'
import { compressedOf, type StatusListContent, writeClaims } from './content.js'

/**
 * What an issuer says in a bitstring list. `bits` and `packed` are those of the Token Status List, of which the list shows the
 * part that is its purpose; `compressed` is what `compressBitstring` made of them.
 */
export type BitstringListContent = StatusListContent & {
  /** The `issuer` of the list, a URL. */
  readonly issuer: string
  /** `revocation` shows what is invalid, `suspension` what is suspended. */
  readonly purpose: BitstringPurpose
}

/**
 * A signed list credential, a `vc+jwt`. Instants are written in whole seconds, `ttl` in milliseconds. Throws `TypeError` or
 * `RangeError` for content that a verifier would refuse, and for statuses that no bitstring can say.
 */
export async function createBitstringStatusList(content: BitstringListContent): Promise<string> {
  const { uri, bits, purpose, issuer, issuedAt, signer } = content
  const { iat, exp, ttl } = writeClaims(content)
  if (!isUrl(issuer)) throw misuse('issuer', 'an absolute URL')
  if (!isBitstringPurpose(purpose)) throw misuse('purpose', "'revocation' or 'suspension'")
  if (ttl !== undefined && !Number.isSafeInteger(ttl * 1000))
    throw new RangeError('`ttl` must be a whole number of milliseconds')
  const compressed = await compressedOf(content, packed => compressBitstring({ packed, bits }, purpose))
  const payload = withoutAbsent({
    '@context': [vcContext],
    id: uri,
    type: listTypes,
    issuer,
    validFrom: writeDateTime(issuedAt),
    validUntil: exp === undefined ? undefined : writeDateTime(fromSeconds(exp)),
    credentialSubject: withoutAbsent({
      id: `${uri}#list`,
      type: subjectType,
      statusPurpose: purpose,
      encodedList: `u${base64url(compressed)}`,
      ttl: ttl === undefined ? undefined : ttl * 1000,
    }),
    iat,
    exp,
  })
  return signJws({ ...issuerHeader(vcType, signer), cty: vcContent }, JSON.stringify(payload), signer)
}

/**
 * One purpose's part of a packed list as a GZIP stream, at the best level: a bit for each entry, filled up with valid ones to the
 * length that lists must have. Throws `RangeError` when an entry is something else than valid, invalid and suspended, which
 * would be lost.
 */
export const compressBitstring = async (
  list: { readonly packed: Uint8Array; readonly bits: StatusBits },
  purpose: BitstringPurpose,
): Promise<Uint8Array> => deflate(bitstringOf(list, purpose), { wrapper: 'gzip', level: 9 })

function bitstringOf(
  { packed, bits }: { readonly packed: Uint8Array; readonly bits: StatusBits },
  purpose: BitstringPurpose,
): Uint8Array {
  if (!isStatusBits(bits)) throw misuse('bits', '1, 2, 4 or 8')
  const shown = shownBits(bits, purpose)
  const bitstring = new Uint8Array(Math.max(fewestEntries / 8, Math.ceil(packed.length / bits)))
  const perByte = 8 / bits
  for (let at = 0; at < packed.length; at++) {
    const part = shown[packed[at]!]!
    if (part === inexpressible) throw new RangeError('`packed` must hold nothing but the statuses 0, 1 and 2')
    if (part !== 0) {
      const entry = at * perByte
      bitstring[entry >> 3]! |= part >> (entry & 7)
    }
  }
  return bitstring
}

/** No part of a byte of the bitstring. */
const inexpressible = 256

/** For each byte of a packed list, the bits that its entries are in the bitstring, from the highest bit down. */
function shownBits(bits: StatusBits, purpose: BitstringPurpose): Uint16Array {
  const wanted = purpose === 'revocation' ? 1 : 2
  return Uint16Array.from({ length: 256 }, (_, octet) => {
    let shown = 0
    for (let entry = 0; entry * bits < 8; entry++) {
      const status = (octet >> (entry * bits)) & (2 ** bits - 1)
      if (status > 2) return inexpressible
      if (status === wanted) shown |= 0x80 >> entry
    }
    return shown
  })
}
