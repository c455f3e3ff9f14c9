/** What a page believes: anchors, with the parts that it is given and no others. */
import { type Anchor, readTrust, type Trust, type TrustOptions, type TrustParts } from '../verification/trust.js'

/** Curves that the platform lacks, and the parts that the anchors of this page need. */
export interface BrowserTrustOptions extends TrustOptions, Omit<TrustParts, 'statusSigners'> {}

/**
 * Reads what a page believes, as `trustAnchors` of `vidimus` does: keys, and authorities on ECDSA or Ed25519 whose signers
 * have a plain chain. For everything else there is a part, and what needs one that is not given is refused: an RSA
 * signature, a name constraint or a profile in a certificate with its code, `crls`, `logKey` and `certificateProfile` with
 * a `TypeError`.
 * @example trustAnchors([{ issuer: 'https://passport.example', certificate, crls, purposes: ['credential'] }], { revocationLists })
 */
export function trustAnchors(anchors: readonly Anchor[], parts: BrowserTrustOptions = {}): Trust {
  return readTrust(anchors, parts)
}
