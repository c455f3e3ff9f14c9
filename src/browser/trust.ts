/** What a page believes: anchors, with the parts that it is given and no others. */
import { misuse } from '../core/arguments.js'
import { plainPath } from '../core/x509/plain-path.js'
import { VidimusError } from '../errors.js'
import { type Anchor, readTrust, type Trust, type TrustOptions, type TrustParts } from '../verification/trust.js'

/** Curves that the platform lacks, and the parts that the anchors of this page need. */
export interface BrowserTrustOptions extends TrustOptions, Partial<TrustParts> {}

/**
 * Reads what a page believes, as `trustAnchors` of `vidimus` does: keys, and authorities on ECDSA or Ed25519 whose signers
 * have a plain chain. For everything else there is a part, and what needs one that is not given is refused: an RSA
 * signature, a name constraint or a profile in a certificate with its code, `crls`, `logKey` and `certificateProfile` with
 * a `TypeError`.
 * @example trustAnchors([{ issuer: 'https://passport.example', certificate, crls, purposes: ['credential'] }], { revocationLists })
 */
export function trustAnchors(anchors: readonly Anchor[], { curves, ...parts }: BrowserTrustOptions = {}): Trust {
  const given: Record<string, unknown> = { ...fewest, curves }
  for (const [name, part] of Object.entries(parts)) {
    if (!Object.hasOwn(fewest, name) || part === null) throw misuse(`parts.${name}`, 'left out')
    if (part !== undefined) given[name] = part
  }
  return readTrust(anchors, given as object as TrustParts)
}

/** Nothing is passed over in silence: what an anchor asks for and cannot be done is its caller's mistake. */
const without = (part: keyof TrustParts) => (_given: unknown, argument: string) => {
  throw misuse(argument, `left out, without \`${part}\``)
}

const fewest: TrustParts = {
  ...plainPath,
  revocationLists: { read: without('revocationLists') },
  issuanceLogs: {
    readKey: without('issuanceLogs'),
    // No anchor is a log's.
    async requireLogged() {
      throw new VidimusError('log_untrusted', { at: 'checkpoint' })
    },
  },
}
