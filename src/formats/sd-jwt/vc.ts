/** What SD-JWT VC adds to SD-JWT: claims that every verifier must see (draft-ietf-oauth-sd-jwt-vc §2.2.2.2). */
import { VidimusError } from '../../errors.js'
import type { ClaimPath } from './path.js'
import type { UnpackedSdJwt } from './unpack.js'

/** The `typ` of an SD-JWT VC (§2.2.1). */
export const sdJwtVcType = 'dc+sd-jwt'

/** The claims that may not be hidden, neither whole nor in part. */
export const protectedClaims: readonly string[] = [
  'iss',
  'nbf',
  'exp',
  'cnf',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'status',
]

/**
 * Refuses a credential whose protected claims come from disclosures, or could hide parts of themselves: digests within
 * them are refused even when nothing was disclosed for them. Throws `claim_not_disclosable`, naming the claim.
 */
export function refuseDisclosedProtectedClaims({ payload, claims, hiding }: UnpackedSdJwt): void {
  for (const name of protectedClaims)
    if (hiding.has(name) || name in claims !== name in payload) throw notDisclosable(name)
}

/** The same for an issuer's choice of what to hide. Throws `claim_not_disclosable`, naming the claim. */
export function refuseHidingProtectedClaims(hide: readonly ClaimPath[]): void {
  for (const [name] of hide) if (typeof name === 'string' && protectedClaims.includes(name)) throw notDisclosable(name)
}

const notDisclosable = (name: string) => new VidimusError('claim_not_disclosable', { at: name })
