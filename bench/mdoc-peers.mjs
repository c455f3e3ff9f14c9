/**
 * The mdoc peers, each given the best it can be given: the platform's synchronous calls, keys imported once, and a chain that
 * was validated before. `@auth0/mdl` brings its own cryptography.
 */
import { createHash, createPublicKey, randomBytes, verify, X509Certificate } from 'node:crypto'
import { Verifier as Auth0Verifier } from '@auth0/mdl'
import { isolated } from './isolated.mjs'

const keys = new Map()

/** A key object for a JWK, made once. */
function keyOf({ kty, crv, x, y }) {
  const known = keys.get(x)
  if (known !== undefined) return known
  const key = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  keys.set(x, key)
  return key
}

const holds = (jwk, data, signature) =>
  verify('sha256', data, { key: keyOf(jwk), dsaEncoding: 'ieee-p1363' }, signature)

const digest = ({ digestAlgorithm, bytes }) => createHash(digestAlgorithm.replace('-', '')).update(bytes).digest()

/** What is asked of a certificate, answered from memory after the first time. */
const certificates = new Map()
function read(der) {
  const id = Buffer.from(der).toString('latin1')
  const known = certificates.get(id)
  if (known !== undefined) return known
  const certificate = new X509Certificate(der)
  const { issuer, subject, serialNumber, fingerprint256, validFrom, validTo } = certificate
  const data = {
    certificate,
    jwk: certificate.publicKey.export({ format: 'jwk' }),
    issuer: issuer.split('\n'),
    facts: {
      issuerName: issuer,
      subjectName: subject,
      serialNumber,
      thumbprint: fingerprint256,
      notBefore: new Date(validFrom),
      notAfter: new Date(validTo),
      pem: certificate.toString(),
    },
    issuedBy: new Set(),
  }
  certificates.set(id, data)
  return data
}

const x509 = {
  getIssuerNameField: ({ certificate, field }) =>
    read(certificate)
      .issuer.filter(line => line.startsWith(`${field}=`))
      .map(line => line.slice(field.length + 1)),
  getCertificateData: ({ certificate }) => read(certificate).facts,
}

function verifyChain({ trustedCertificates, x5chain }) {
  const [leaf] = x5chain.map(read)
  for (const root of trustedCertificates.map(read)) {
    if (leaf.issuedBy.has(root)) return
    if (!leaf.certificate.checkIssued(root.certificate) || !leaf.certificate.verify(root.certificate.publicKey))
      continue
    leaf.issuedBy.add(root)
    return
  }
  throw new Error('untrusted')
}

const derOf = pem => new Uint8Array(new X509Certificate(pem).raw)

/** `#6.24(bstr .cbor SessionTranscript)` of a transcript between 24 and 255 bytes. */
const wrapped = transcript => Uint8Array.of(0xd8, 0x18, 0x58, transcript.length, ...transcript)

export async function animo(root, transcript) {
  const context = {
    crypto: { random: randomBytes, digest },
    cose: {
      sign1: {
        verify: ({ sign1, jwk, options }) => {
          const { data, signature } = sign1.getRawVerificationData(options)
          return holds(jwk, data, signature)
        },
      },
    },
    x509: {
      ...x509,
      getPublicKey: ({ certificate, alg }) => ({ ...read(certificate).jwk, alg }),
      validateCertificateChain: verifyChain,
    },
  }
  const trustedCertificates = [derOf(root)]
  const encodedSessionTranscript = wrapped(transcript)
  const { Verifier } = await isolated('@animo-id/mdoc')
  const verifier = new Verifier()
  return {
    name: '@animo-id/mdoc',
    verify: encodedDeviceResponse =>
      verifier.verifyDeviceResponse({ encodedDeviceResponse, encodedSessionTranscript, trustedCertificates }, context),
  }
}

export async function owf(root, transcript) {
  const { CoseKey, Verifier } = await isolated('@owf/mdoc')
  const context = {
    crypto: { random: randomBytes, digest },
    cose: {
      sign1: { verify: ({ key, sign1 }) => holds(key.jwk, sign1.toBeSigned, sign1.signature) },
    },
    x509: {
      ...x509,
      getPublicKey: ({ certificate, alg }) => CoseKey.fromJwk({ ...read(certificate).jwk, alg }),
      verifyCertificateChain: verifyChain,
    },
  }
  const trustedCertificates = [derOf(root)]
  return {
    name: '@owf/mdoc',
    verify: deviceResponse =>
      Verifier.verifyDeviceResponse({ deviceResponse, sessionTranscript: transcript, trustedCertificates }, context),
  }
}

export function auth0(root, transcript) {
  const verifier = new Auth0Verifier([root])
  const encodedSessionTranscript = Buffer.from(wrapped(transcript))
  return {
    name: '@auth0/mdl',
    verify: response => verifier.verify(Buffer.from(response), { encodedSessionTranscript }),
  }
}
