/** An e-mail address, by its form alone. */
import { mixesScripts } from '../text.js'
import { accept, readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts a mailbox without quotes and comments (RFC 5321 §4.1.2, RFC 6531 for other scripts); the domain is normalised
 * to lower case. A part in which scripts are mixed gives the warning `mixed_script`. Whether mail arrives is not known.
 * Codes: `charset`, `length`, `format`.
 * @example email('Ivan@Example.org') // { ok: true, normalized: 'Ivan@example.org', … }
 */
export function email(input: unknown): ValidatorResult {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~@-]/u.test(text)) return reject('charset')
  const [local, domain, more] = text.split('@')
  if (!local || !domain || more !== undefined) return reject('format')
  if (local.length > 64 || text.length > 254) return reject('length') // RFC 5321 §4.5.3.1
  const labels = domain.split('.')
  if (labels.length < 2 || !labels.every(isLabel) || !local.split('.').every(atom => atom !== ''))
    return reject('format')
  const mixed = [local, ...labels].some(mixesScripts)
  return accept(`${local}@${domain.toLowerCase()}`, mixed ? ['mixed_script'] : [])
}

/** RFC 1035 §2.3.1, in any script. */
const isLabel = (label: string): boolean =>
  label.length <= 63 && /^[\p{L}\p{N}\p{M}-]+$/u.test(label) && !/^-|-$/.test(label)
