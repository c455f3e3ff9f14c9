/**
 * An issuer for development and tests: a root and a document signer that nobody else trusts, made on the spot.
 */
import { randomBytes } from '#crypto'
import type { AlgorithmName } from '../core/algorithms.js'
import { expectText, misuse } from '../core/arguments.js'
import { type Clock, readClock } from '../core/clock.js'
import { generateSigner, type Signer } from '../core/keys.js'
import type { Anchor } from '../verification/trust.js'
import {
  authority,
  authorityKeyIdentifier,
  type CertificateContent,
  crlDistributionPoint,
  extendedKeyUsage,
  issuerAltName,
  name,
  pem,
  signCertificate,
  signsCertificates,
  signsDocuments,
  subjectAltName,
  subjectKeyIdentifier,
} from './certificate.js'

/** Who the issuer says it is. */
export interface DevelopmentIssuerOptions {
  /** The issuer identifier, an https URL. Default `https://issuer.example`. */
  readonly issuer?: string | undefined
  /** Two capital letters. Default `UT`, Utopia. */
  readonly country?: string | undefined
  /** Of the root and of the signer. Default `ES256`. */
  readonly alg?: AlgorithmName | undefined
  readonly now?: Clock | undefined
}

/** An issuer, and what whoever believes it trusts. */
export interface DevelopmentIssuer {
  /** The issuer identifier. */
  readonly issuer: string
  /** The document signer, with its certificate. */
  readonly signer: Signer
  /** What a verifier trusts: the root, PEM. Plain JSON. */
  readonly anchor: Anchor & { readonly issuer: string; readonly certificate: string }
}

const day = 24 * 3600 * 1000

/**
 * A self-made root and document signer (ISO/IEC 18013-5 Annex B), for any format and its status lists. The root is valid
 * for ten years, the signer for 456 days, both from a day ago. The private keys live in memory; that of the root is forgotten.
 * Never for production: whoever runs this code is an authority.
 * Throws `TypeError` for options that are wrong.
 * @example const { issuer, signer, anchor } = await developmentIssuer()
 */
export async function developmentIssuer(options: DevelopmentIssuerOptions = {}): Promise<DevelopmentIssuer> {
  const { issuer = 'https://issuer.example', country = 'UT', alg = 'ES256' } = options
  const host = expectHost(issuer)
  if (!/^[A-Z]{2}$/.test(country)) throw misuse('country', 'two capital letters')
  const now = readClock(options.now).getTime()
  const [root, signer] = [await generateSigner(alg), await generateSigner(alg)]
  const rootName = name(country, `Development root of ${host}`)
  const notBefore = new Date(now - day)
  const common = { issuer: rootName, notBefore }
  const pointers = [issuerAltName(issuer), crlDistributionPoint(new URL('/development.crl', issuer).href)]

  const rootContent: CertificateContent = {
    ...common,
    serial: newSerial(),
    subject: rootName,
    notAfter: new Date(now + 3650 * day),
    publicJwk: root.publicJwk,
    extensions: [authority(), signsCertificates(), await subjectKeyIdentifier(root.publicJwk), ...pointers],
  }
  const signerContent: CertificateContent = {
    ...common,
    serial: newSerial(),
    subject: name(country, `Development document signer of ${host}`),
    notAfter: new Date(now + 455 * day),
    publicJwk: signer.publicJwk,
    extensions: [
      signsDocuments(),
      extendedKeyUsage('1.0.18013.5.1.2'),
      subjectAltName(issuer),
      await subjectKeyIdentifier(signer.publicJwk),
      await authorityKeyIdentifier(root.publicJwk),
      ...pointers,
    ],
  }
  return {
    issuer,
    signer: Object.freeze({ ...signer, x5c: [pem(await signCertificate(signerContent, root))] }),
    anchor: {
      name: `Development root of ${host}`,
      issuer,
      certificate: pem(await signCertificate(rootContent, root)),
      purposes: ['credential', 'status'],
    },
  }
}

function expectHost(issuer: unknown): string {
  const text = expectText(issuer, 'issuer')
  try {
    const { protocol, hostname } = new URL(text)
    if (protocol === 'https:' && !/[^!-~]/.test(text)) return hostname
  } catch {}
  throw misuse('issuer', 'an https URL')
}

/** Positive, and not to be guessed (RFC 5280 §4.1.2.2). */
function newSerial(): Uint8Array {
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x3f) | 0x40
  return serial
}
