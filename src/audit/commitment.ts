/**
 * Commitments to a subject: HMAC-SHA-256 (RFC 2104) over a salt of the entry and the subject, under a key of the subject's own.
 *
 * Without the key nobody can tell whom an entry is about, nor that two entries are about one; once it is erased, nobody
 * ever can. With the key anyone can check it.
 */
import { hmacSha256, randomBytes } from '#crypto'
import { base64url, concatBytes, equalBytes, fromBase64url, utf8 } from '../core/bytes.js'
import { type AuditEntry, type Commitment, saltBytes } from './entry.js'

export const subjectKeyBytes = 32

export const newSubjectKeys = (count: number): readonly Uint8Array[] => randoms(count, subjectKeyBytes)

export const newSalts = (count: number): readonly Uint8Array[] => randoms(count, saltBytes)

/** Fresh random byte strings, drawn in one go: asking costs more than the bytes do. */
function randoms(count: number, length: number): readonly Uint8Array[] {
  const all = randomBytes(count * length)
  return Array.from({ length: count }, (_, at) => all.slice(at * length, (at + 1) * length))
}

/** The members that stand for a subject in an entry. */
export async function commitTo(subject: string, key: Uint8Array, salt: Uint8Array): Promise<Commitment> {
  return { subject: base64url(await commitment(subject, salt, key)), salt: base64url(salt) }
}

/** Whether an entry is about a subject, as the key of the subject tells. */
export async function isAbout(entry: AuditEntry, subject: string, key: Uint8Array): Promise<boolean> {
  if (entry.subject === undefined || entry.salt === undefined) return false
  return equalBytes(fromBase64url(entry.subject), await commitment(subject, fromBase64url(entry.salt), key))
}

const commitment = async (subject: string, salt: Uint8Array, key: Uint8Array): Promise<Uint8Array> =>
  hmacSha256(key, concatBytes(salt, utf8(subject)))
