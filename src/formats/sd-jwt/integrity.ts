/**
 * Integrity of a document by its octets: the strings of W3C Subresource Integrity §3, as SD-JWT VC puts them beside the
 * addresses of documents (`vct#integrity`, `extends#integrity`). Standard base64 with padding, unlike all digests of SD-JWT.
 */
import { digest } from '#crypto'
import type { HashName } from '../../core/algorithms.js'
import { base64 } from '../../core/bytes.js'

/** The hashes of SRI, the strongest first. */
const hashes: readonly (readonly [prefix: string, hash: HashName])[] = [
  ['sha512-', 'sha-512'],
  ['sha384-', 'sha-384'],
  ['sha256-', 'sha-256'],
]

/**
 * Whether octets are what an integrity string says: of its values those of the strongest hash count, and one of them must
 * match. Values of unknown hashes are passed over; where no hash is known, nothing matches.
 */
export async function hasIntegrity(octets: Uint8Array, integrity: string): Promise<boolean> {
  const values = integrity.split(/[ \t\n\f\r]+/).map(value => value.split('?', 1)[0]!)
  for (const [prefix, hash] of hashes) {
    if (!values.some(value => value.startsWith(prefix))) continue
    return values.includes(prefix + base64(await digest(hash, octets)))
  }
  return false
}
