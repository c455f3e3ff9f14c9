/** What an issuer says in a status list, whichever form it is signed in (Token Status List §5). */
import { expectText, misuse } from '../../core/arguments.js'
import { toSeconds } from '../../core/clock.js'
import type { Signer } from '../../core/keys.js'
import { certificateDer } from '../../core/x509/certificate.js'
import { isStatusBits, type StatusBits } from './bits.js'
import { isDuration, mostCompressed } from './token.js'

/** The entries, packed or already compressed as the form has them: an unchanged list is signed again without that work. */
export type StatusListEntries =
  | { readonly packed: Uint8Array; readonly compressed?: undefined }
  | { readonly compressed: Uint8Array; readonly packed?: undefined }

/** A list to be signed: what it says of itself, and its entries. */
export type StatusListContent = StatusListClaims & StatusListEntries

/** What a list says of itself. */
export interface StatusListClaims {
  /** Where the list is published; the token's subject. */
  readonly uri: string
  readonly bits: StatusBits
  readonly issuedAt: Date
  /** The first instant at which the list is no longer to be used. */
  readonly expires?: Date | undefined
  /** Seconds a verifier may keep the list before it asks again; whole ones in the CWT form. */
  readonly ttl?: number | undefined
  readonly aggregationUri?: string | undefined
  /** The `iss` claim, for verifiers that look for one. */
  readonly issuer?: string | undefined
  /** Names its key, and sends its certificate chain when it has one. */
  readonly signer: Signer
}

/** The claims of a list by their names in JWTs, but for the list itself; the instants in whole seconds. */
export interface WrittenClaims {
  readonly iss: string | undefined
  readonly sub: string
  readonly iat: number
  readonly exp: number | undefined
  readonly ttl: number | undefined
}

/** The claims to write. Throws `TypeError` or `RangeError` for content that a verifier would refuse. */
export function writeClaims(content: StatusListContent): WrittenClaims {
  const { uri, bits, issuedAt, expires, ttl, issuer, signer } = content
  expectText(uri, 'uri')
  if (!isStatusBits(bits)) throw misuse('bits', '1, 2, 4 or 8')
  expectEntries(content)
  const [iat, exp] = [toSeconds(issuedAt), expires && toSeconds(expires)]
  if (exp !== undefined && exp <= iat) throw new RangeError('`expires` must be later than `issuedAt`')
  if (ttl !== undefined && !isDuration(ttl)) throw new RangeError('`ttl` must be a positive number of seconds')
  expectCertificates(signer)
  return { iss: issuer, sub: uri, iat, exp, ttl }
}

function expectEntries({ packed, compressed }: StatusListContent): void {
  if ((packed ?? compressed) === undefined || (packed !== undefined && compressed !== undefined))
    throw misuse('packed', 'given, or `compressed` in its place')
  if (packed?.length === 0) throw new RangeError('`packed` must hold at least one entry')
}

/**
 * The entries as the token holds them: those given compressed as they are. Whoever gives them answers for the stream. Throws
 * `RangeError` for more than a verifier here unfolds: dense lists of many million entries are better several.
 */
export async function compressedOf(
  { packed, compressed }: StatusListContent,
  compress: (packed: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const entries = compressed ?? (await compress(packed))
  if (entries.length > mostCompressed)
    throw new RangeError(`the entries must be at most ${mostCompressed} bytes, compressed`)
  return entries
}

function expectCertificates({ x5c }: Signer): void {
  if (x5c === undefined) return
  try {
    if (x5c.map(certificateDer).length > 0) return
  } catch {
    // One that cannot be read is refused in the same words as none.
  }
  throw new TypeError('`signer.x5c` must hold certificates as PEM text or DER bytes')
}
