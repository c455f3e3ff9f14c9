/** For how long a credential is valid: never longer than its signer's certificate or its document, never ended before it began. */
import { misuse } from '../core/arguments.js'
import { toSeconds } from '../core/clock.js'
import { sameKey } from '../core/jwk.js'
import type { Signer } from '../core/keys.js'
import { type Certificate, readCertificate } from '../core/x509/certificate.js'
import { VidimusError } from '../errors.js'
import type { ValidityRange } from '../passport/definition.js'

export interface Validity {
  /** Absent: at once. */
  readonly from: Date | undefined
  readonly until: Date
}

/** What the issuer asks for. */
interface Wanted {
  readonly validFrom?: Date | undefined
  readonly validUntil?: Date | undefined
}

interface Terms {
  readonly rule: ValidityRange | undefined
  readonly now: Date
  /** The end of the signer's certificate. */
  readonly limit: Date | undefined
}

const earliest = (...dates: readonly (Date | undefined)[]): Date | undefined =>
  dates.reduce((first, date) => (first === undefined || (date !== undefined && date < first) ? date : first))

const oneYear = 365 * 24 * 3600 * 1000

/** What verifiers take for a time ends with the year 9999. */
const endOfTime = /* @__PURE__ */ new Date('9999-12-31T23:59:59.999Z')

/**
 * What the caller says, else the definition's rule, else a year; a default ends with the signer's certificate.
 * Throws `credential_validity_invalid` for a period without a second in it, or one that goes beyond the certificate or beyond
 * the latest end that the definition allows, and `TypeError` for a date that is none.
 */
export function validityOf(wanted: Wanted, { rule, now, limit: certificateEnd }: Terms): Validity {
  const limit = earliest(certificateEnd, rule?.latest)
  const from = expectDate(wanted.validFrom, 'validFrom') ?? rule?.from
  const asked = expectDate(wanted.validUntil, 'validUntil')
  const planned = asked ?? rule?.until ?? new Date((from ?? now).getTime() + oneYear)
  const until = asked === undefined && limit !== undefined && limit < planned ? limit : planned
  const begins = from !== undefined && from > now ? from : now
  const holds = toSeconds(until) > toSeconds(begins) && until <= (limit ?? endOfTime) && until <= endOfTime
  if (!holds) throw new VidimusError('credential_validity_invalid', { at: 'validUntil' })
  return { from, until }
}

/** The signer's own certificate. One of another key, or none at all, is a mistake of the caller's that no verifier forgives. */
export function certificateOf({ x5c, publicJwk }: Signer): Certificate | undefined {
  if (x5c === undefined) return undefined
  try {
    const certificate = firstOf(x5c)
    if (certificate.publicJwk !== undefined && sameKey(certificate.publicJwk, publicJwk)) return certificate
  } catch {}
  throw new TypeError('`signer.x5c` must begin with the certificate of the signer’s key')
}

type Chain = readonly (string | Uint8Array)[]

/** Certificates that were read before: reading one costs as much as signing. */
const known = /* @__PURE__ */ new WeakMap<
  Chain,
  { readonly source: string | Uint8Array; readonly certificate: Certificate }
>()

function firstOf(chain: Chain): Certificate {
  const source = chain[0] ?? ''
  const before = known.get(chain)
  if (before !== undefined && before.source === source) return before.certificate
  const certificate = readCertificate(source)
  known.set(chain, { source, certificate })
  return certificate
}

function expectDate(date: Date | undefined, argument: string): Date | undefined {
  if (date !== undefined && (!(date instanceof Date) || Number.isNaN(date.getTime())))
    throw misuse(argument, 'a valid Date')
  return date
}
