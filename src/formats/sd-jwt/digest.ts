/** Digests of disclosures as they stand in `_sd` and in placeholders (RFC 9901 §4.2.3), and the hash they are made with. */
import type { HashName } from '../../core/algorithms.js'
import type { JsonObject, JsonValue } from '../../core/json.js'
import { VidimusError } from '../../errors.js'

/** Canonical base64url of exactly one hash: the last character has no bits to spare. */
const forms: Readonly<Record<HashName, RegExp>> = {
  'sha-256': /^[\w-]{42}[AEIMQUYcgkosw048]$/,
  'sha-384': /^[\w-]{64}$/,
  'sha-512': /^[\w-]{85}[AQgw]$/,
}

/** The hash of a payload's digests: `_sd_alg`, SHA-256 when it is absent (RFC 9901 §4.1.1). Throws `sd_alg_unsupported`. */
export function readHashName(payload: JsonObject): HashName {
  if (!Object.hasOwn(payload, '_sd_alg')) return 'sha-256'
  const name = payload['_sd_alg']
  if (!isHashName(name))
    throw new VidimusError('sd_alg_unsupported', {
      at: '_sd_alg',
      expected: Object.keys(forms).join(' '),
    })
  return name
}

export const isHashName = (name: unknown): name is HashName => typeof name === 'string' && Object.hasOwn(forms, name)

/** A digest, whether of a disclosure or a decoy: they look the same. Throws `sd_jwt_digest_malformed`. */
export function readDigest(digest: JsonValue | undefined, hash: HashName): string {
  if (typeof digest !== 'string' || !forms[hash].test(digest))
    throw new VidimusError('sd_jwt_digest_malformed', {
      expected: hash,
    })
  return digest
}
