/**
 * An anchor that is a certificate: which signers it stands for. The certificate pinned itself, byte for byte, or one at the
 * end of a valid path below it.
 *
 * Only `trustAnchors` comes here, so that whoever believes keys alone carries no X.509.
 */
import { base64, equalBytes } from '../core/bytes.js'
import type { KeyCache, PublicJwk } from '../core/jwk.js'
import type { Limits } from '../core/limits.js'
import { oncePer } from '../core/once.js'
import type { Certificate } from '../core/x509/certificate.js'
import { issuerNamed, namesIssuer } from '../core/x509/names.js'
import {
  type PathParts,
  pathOfAnchor,
  readChain,
  requireCurrent,
  type ValidPath,
  validatePathWith,
} from '../core/x509/path.js'
import type { CertificateProfile, CertificateProfileName } from '../core/x509/profile.js'
import { VidimusError } from '../errors.js'

/** What the signers' certificates must be like: for passports that ask for `plain` or `iaca`, for status lists, for readers. */
export type SignerProfiles = (use: CertificateProfileName) => CertificateProfile

/** What an authority's signers are held against, and with what. */
export interface AuthorityOptions {
  readonly profiles: SignerProfiles
  /** Throws `certificate_revoked`, `certificate_revocation_unknown`; absent where revocation is not checked. */
  readonly requireNotRevoked: ((path: ValidPath, at: Date) => Promise<void>) | undefined
  readonly keys: KeyCache
  readonly parts: PathParts
}

/** A signer whose certificate is believed. */
export interface CertifiedSigner {
  readonly jwk: PublicJwk
  /** From the signer's certificate to the anchor; the anchor alone where it is itself the signer. */
  readonly path: ValidPath
  /** The signer's certificate, DER in base64. */
  readonly certificate: string
  /** Whether it is itself the anchor. */
  readonly isPinned: boolean
  /** Whether the certificate names this issuer identifier; `undefined` when it names none. */
  namesIssuer(issuer: string): boolean | undefined
  /** The one that it names, where it names one by its URI. */
  issuerNamed(): string | undefined
  /** Throws `certificate_revoked`, `certificate_revocation_unknown`; absent where revocation is not checked. */
  readonly requireNotRevoked: ((at: Date) => Promise<void>) | undefined
}

export interface Authority {
  /** The country that the anchor itself names. */
  readonly country: string | undefined
  /**
   * The signer that a chain leads to, leaf first. Throws the codes of certificates, and `key_invalid` for a key that signs no
   * credentials.
   */
  signer(chain: readonly Uint8Array[], use: CertificateProfileName, at: Date, limits: Limits): Promise<CertifiedSigner>
}

/** A signer found before: all but the dates, which depend on the clock. */
interface Known {
  readonly use: CertificateProfileName
  readonly chain: readonly Uint8Array[]
  readonly signer: CertifiedSigner
}

/** Signers kept per authority: it has few at a time. */
const keptSigners = 32

export function authorityOver(
  root: Certificate,
  { profiles, requireNotRevoked, keys, parts }: AuthorityOptions,
): Authority {
  const known: Known[] = []
  return {
    country: root.subject.country,
    async signer(chain, use, at, limits) {
      let found = known.find(one => one.use === use && isSameChain(one.chain, chain))
      if (found === undefined) {
        const profile = profiles(use)
        const isPinned = equalBytes(chain[0]!, root.der)
        const path = isPinned
          ? pathOfAnchor(root, profile)
          : await validatePathWith(parts, await certificatesOf(chain)(limits), root, { profile, at, keys })
        // Revocation of a pinned certificate is nobody's to declare.
        found = {
          use,
          chain: chain.map(certificate => certificate.slice()),
          signer: signerAt(path, isPinned, isPinned ? undefined : requireNotRevoked),
        }
        known.unshift(found)
        if (known.length > keptSigners) known.pop()
      }
      requireCurrent(found.signer.path, at)
      return found.signer
    },
  }
}

const isSameChain = (one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean =>
  one.length === other.length && one.every((certificate, index) => equalBytes(certificate, other[index]!))

// A chain is read once, however many anchors it is held against, and refused once too.
const certificatesOf = /* @__PURE__ */ oncePer((chain: readonly Uint8Array[]) =>
  oncePer(async (limits: Limits) => readChain(chain, limits)),
)

/** A key for chains alone signs no credentials. */
function signerAt(
  path: ValidPath,
  isPinned: boolean,
  requireNotRevoked: AuthorityOptions['requireNotRevoked'],
): CertifiedSigner {
  const { leaf } = path
  if (leaf.publicJwk === undefined) throw new VidimusError('key_invalid', { at: 'x5c' })
  return {
    jwk: leaf.publicJwk,
    path,
    certificate: base64(leaf.der),
    isPinned,
    namesIssuer: issuer => namesIssuer(leaf, issuer),
    issuerNamed: () => issuerNamed(leaf),
    requireNotRevoked: requireNotRevoked && (at => requireNotRevoked(path, at)),
  }
}
