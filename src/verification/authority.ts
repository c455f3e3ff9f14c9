/**
 * An anchor that is a certificate: which signers it stands for. The certificate pinned itself, byte for byte, or one at the
 * end of a valid path below it.
 *
 * Only `trustAnchors` comes here, so that whoever believes keys alone carries no X.509.
 */
import { base64, equalBytes } from '../core/bytes.js'
import type { KeyCache, PublicJwk } from '../core/jwk.js'
import type { Limits } from '../core/limits.js'
import type { Certificate } from '../core/x509/certificate.js'
import { type RevocationList, requireNotRevoked } from '../core/x509/crl.js'
import { isFor, keyUsages } from '../core/x509/extension.js'
import { namesIssuer } from '../core/x509/names.js'
import { readChain, requireCurrentPath, type ValidPath, validatePath } from '../core/x509/path.js'
import type { CertificateProfile } from '../core/x509/profile.js'
import { VidimusError } from '../errors.js'

/** What the signers' certificates must be like: for passports that ask for `plain` or `iaca`, for status lists, for readers. */
export interface SignerProfiles {
  readonly plain: CertificateProfile
  readonly iaca: CertificateProfile
  readonly status: CertificateProfile
  readonly reader: CertificateProfile
}

/** A signer whose certificate is believed. */
export interface CertifiedSigner {
  readonly jwk: PublicJwk
  /** DER in base64. */
  readonly certificate: string
  readonly country: string | undefined
  readonly stateOrProvince: string | undefined
  readonly notBefore: Date
  readonly notAfter: Date
  /** Whether it is itself the anchor. */
  readonly isPinned: boolean
  /** What helps to find things and is not in the path. */
  readonly lacks: readonly string[]
  /** Whether the certificate names this issuer identifier; `undefined` when it names none. */
  namesIssuer(issuer: string): boolean | undefined
  /** Throws `certificate_revoked`, `certificate_revocation_unknown`; absent where revocation is not checked. */
  readonly requireNotRevoked: ((at: Date) => Promise<void>) | undefined
}

export interface Authority {
  /**
   * The signer that a chain leads to, leaf first. Throws the codes of certificates, and `key_invalid` for a key that signs no
   * credentials.
   */
  signer(chain: readonly Uint8Array[], use: keyof SignerProfiles, at: Date, limits: Limits): Promise<CertifiedSigner>
}

/** A signer found before: all but the dates, which depend on the clock. */
interface Known {
  readonly chain: readonly Uint8Array[]
  readonly use: keyof SignerProfiles
  readonly path: ValidPath
  /** Within these every certificate of the path is valid. */
  readonly from: number
  readonly until: number
  readonly signer: CertifiedSigner
}

/** Signers kept per authority: it has few at a time. */
const keptSigners = 32

export function authorityOver(
  root: Certificate,
  profiles: SignerProfiles,
  crls: readonly RevocationList[] | undefined,
  keys: KeyCache,
): Authority {
  const itself = describeSigner({ leaf: root, certificates: [root], absent: [] }, true, undefined)
  const known: Known[] = []
  return {
    async signer(chain, use, at, limits) {
      if (equalBytes(chain[0]!, root.der)) {
        requireCurrentPath({ leaf: root, certificates: [root], absent: [] }, at)
        requireSignerUsage(root)
        return requireSigner(itself)
      }
      const before = known.find(one => one.use === use && sameChain(one.chain, chain))
      if (before !== undefined) {
        const time = at.getTime()
        if (!(before.from <= time && time <= before.until)) requireCurrentPath(before.path, at)
        return before.signer
      }
      const path = await validatePath(certificatesOf(chain, limits), root, { profile: profiles[use], at, keys })
      const signer = requireSigner(describeSigner(path, false, crls))
      const from = Math.max(...path.certificates.map(({ notBefore }) => notBefore.getTime()))
      const until = Math.min(...path.certificates.map(({ notAfter }) => notAfter.getTime()))
      known.unshift({ chain: chain.map(der => new Uint8Array(der)), use, path, from, until, signer })
      if (known.length > keptSigners) known.pop()
      return signer
    },
  }
}

const chains = /* @__PURE__ */ new WeakMap<readonly Uint8Array[], () => readonly Certificate[]>()

/** A chain is read once, however many anchors it is held against. Throws as `readChain`. */
function certificatesOf(chain: readonly Uint8Array[], limits: Limits): readonly Certificate[] {
  const read = chains.get(chain) ?? once(() => readChain(chain, limits))
  chains.set(chain, read)
  return read()
}

/** What the work comes to, value or error, as often as it is asked. */
function once<T>(work: () => T): () => T {
  try {
    const value = work()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

function describeSigner(
  path: ValidPath,
  isPinned: boolean,
  crls: readonly RevocationList[] | undefined,
): Omit<CertifiedSigner, 'jwk'> & { readonly jwk: PublicJwk | undefined } {
  const { der, publicJwk, subject, notBefore, notAfter } = path.leaf
  return {
    jwk: publicJwk,
    certificate: base64(der),
    country: subject.country,
    stateOrProvince: subject.stateOrProvince,
    notBefore,
    notAfter,
    isPinned,
    lacks: path.absent,
    namesIssuer: remembered(issuer => namesIssuer(path.leaf, issuer)),
    requireNotRevoked: crls === undefined ? undefined : at => requireNotRevoked(path, crls, at),
  }
}

/** An answer that is asked for the same question again and again: the latest is kept. */
function remembered<T>(answer: (question: string) => T): (question: string) => T {
  let latest: { readonly question: string; readonly answer: T } | undefined
  return question => {
    if (latest?.question !== question) latest = { question, answer: answer(question) }
    return latest.answer
  }
}

/** What says that it signs certificates alone, as a root does (18013-5 Annex B.1.2), signs nothing else, pinned or not. */
function requireSignerUsage(pinned: Certificate): void {
  if (!isFor(pinned, keyUsages.digitalSignature)) throw new VidimusError('certificate_key_usage', { at: 'leaf' })
}

/** A key for chains alone signs no credentials. */
function requireSigner(signer: ReturnType<typeof describeSigner>): CertifiedSigner {
  if (signer.jwk === undefined) throw new VidimusError('key_invalid', { at: 'x5c' })
  return signer as CertifiedSigner
}

const sameChain = (known: readonly Uint8Array[], chain: readonly Uint8Array[]): boolean =>
  known.length === chain.length && known.every((der, index) => equalBytes(der, chain[index]!))
