/**
 * The cryptography that `@owf/mdoc` and `@animo-id/mdoc` ask their caller for, by Node alone: nothing of ours vouches for
 * itself. Certificates are checked as far as the libraries ask: the chain, no profile.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'
import type { Jwk } from '../../../src/core/jwk.js'

const hashes: Readonly<Record<string, string | null>> = {
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
  EdDSA: null,
}
const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519' }
const hashOf = (alg: string): string | null => hashes[alg] ?? null

export const sha = (algorithm: string, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash(algorithm.replace('-', '')).update(bytes).digest())

export const signWith = (jwk: Jwk, alg: string, data: Uint8Array): Uint8Array =>
  new Uint8Array(
    sign(hashOf(alg), data, { key: createPrivateKey({ key: jwk as never, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }),
  )

export const verifyWith = (jwk: Jwk, alg: string, data: Uint8Array, signature: Uint8Array): boolean =>
  jwk.crv === curves[alg] &&
  verify(
    hashOf(alg),
    data,
    { key: createPublicKey({ key: jwk as never, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    signature,
  )

export const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sha256', key).update(data).digest())

/** ISO/IEC 18013-5, 9.1.3.5, from the raw private key of one side and the uncompressed point of the other. */
export function macKey(privateKey: Jwk, publicKey: Jwk, sessionTranscriptBytes: Uint8Array): Uint8Array {
  const agreed = diffieHellman({
    privateKey: createPrivateKey({ key: privateKey as never, format: 'jwk' }),
    publicKey: createPublicKey({ key: publicKey as never, format: 'jwk' }),
  })
  return new Uint8Array(hkdfSync('sha256', agreed, sha('SHA-256', sessionTranscriptBytes), 'EMacKey', 32))
}

export const x509 = {
  getIssuerNameField: ({ certificate, field }: { certificate: Uint8Array; field: string }): string[] =>
    new X509Certificate(certificate).issuer
      .split('\n')
      .filter(line => line.startsWith(`${field}=`))
      .map(line => line.slice(field.length + 1)),

  publicJwk: (certificate: Uint8Array): Jwk =>
    new X509Certificate(certificate).publicKey.export({ format: 'jwk' }) as Jwk,

  verifyChain({ trustedCertificates, x5chain }: { trustedCertificates: Uint8Array[]; x5chain: Uint8Array[] }): void {
    const chain = [...x5chain].map(der => new X509Certificate(der))
    const roots = trustedCertificates.map(der => new X509Certificate(der))
    for (const [index, certificate] of chain.entries()) {
      const issuers = index + 1 < chain.length ? [chain[index + 1]!] : roots
      if (!issuers.some(issuer => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)))
        throw new Error('No trusted certificate issued this one')
    }
  },

  getCertificateData({ certificate }: { certificate: Uint8Array }) {
    const { issuer, subject, serialNumber, fingerprint256, validFrom, validTo, ...rest } = new X509Certificate(
      certificate,
    )
    return {
      issuerName: issuer,
      subjectName: subject,
      serialNumber,
      thumbprint: fingerprint256,
      notBefore: new Date(validFrom),
      notAfter: new Date(validTo),
      pem: String(rest),
    }
  },
}
