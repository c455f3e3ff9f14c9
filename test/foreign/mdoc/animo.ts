/** `@animo-id/mdoc`, over the cryptography of Node. */
import { DateOnly, DeviceResponse, Document, MDoc, type MdocContext, parseIssuerSigned, Verifier } from '@animo-id/mdoc'
import { embed, writeCbor } from '../../../src/core/cbor/write.js'
import type { Jwk } from '../../../src/core/jwk.js'
import { certificateDer } from '../../../src/core/x509/certificate.js'
import { hmac, macKey, sha, signWith, verifyWith, x509 } from './platform.js'
import {
  dateElements,
  docType,
  elements,
  licence,
  type MdocWorld,
  namespace,
  outOfEnvelope,
  type Peer,
  publicPart,
  shown,
} from './world.js'

/** Their context is handed raw keys, without the curve's other half: here the two are known by the world. */
const contextOf = ({ holder, reader }: MdocWorld, side: 'holder' | 'reader'): MdocContext => ({
  crypto: {
    random: length => crypto.getRandomValues(new Uint8Array(length)),
    digest: ({ digestAlgorithm, bytes }) => sha(digestAlgorithm, bytes),
    calculateEphemeralMacKeyJwk: ({ sessionTranscriptBytes }) => {
      const [own, other] = side === 'holder' ? [holder.jwk, reader] : [reader, holder.jwk]
      const key = macKey(own, publicPart(other), sessionTranscriptBytes)
      return { kty: 'oct', k: Buffer.from(key).toString('base64url'), alg: 'HS256' }
    },
  },
  cose: {
    sign1: {
      sign: ({ sign1, jwk }) => {
        const { alg, data } = sign1.getRawSigningData()
        return signWith(jwk as Jwk, alg, data)
      },
      verify: ({ sign1, jwk, options }) => {
        const { alg, data, signature } = sign1.getRawVerificationData(options)
        return verifyWith(jwk as Jwk, alg, data, signature)
      },
    },
    mac0: {
      sign: ({ mac0, jwk }) => hmac(Buffer.from(jwk.k!, 'base64url'), mac0.getRawSigningData().data),
      verify: ({ mac0, jwk, options }) => {
        const { data, signature } = mac0.getRawVerificationData(options)
        return Buffer.from(hmac(Buffer.from(jwk.k!, 'base64url'), data)).equals(signature)
      },
    },
  },
  x509: {
    getIssuerNameField: x509.getIssuerNameField,
    getPublicKey: ({ certificate, alg }) => ({ ...x509.publicJwk(certificate), alg }) as never,
    validateCertificateChain: x509.verifyChain,
    getCertificateData: x509.getCertificateData,
  },
})

export const animo: Peer = {
  name: '@animo-id/mdoc',
  algorithms: ['ES256', 'ES384', 'ES512', 'EdDSA'],
  macs: true,

  async issue(world) {
    const { alg, issuer, holder, certificate } = world
    const context = contextOf(world, 'holder')
    const values = Object.entries(elements).map(([name, value]) => [
      name,
      dateElements.includes(name) ? new DateOnly(String(value)) : value,
    ])
    const document = await new Document(docType, context)
      .addIssuerNameSpace(namespace, {
        ...Object.fromEntries(values),
        driving_privileges: licence.drivingPrivileges.map(({ issue_date, ...privilege }) => ({
          ...privilege,
          issue_date: new DateOnly(issue_date),
        })),
      })
      .useDigestAlgorithm('SHA-512')
      .addValidityInfo({ signed: new Date() })
      .addDeviceKeyInfo({ deviceKey: publicPart(holder.jwk) as never })
      .sign({ issuerPrivateKey: issuer.jwk as never, issuerCertificate: certificate, alg }, context)
    return outOfEnvelope(new MDoc([document]).encode())
  },

  async present(world, issuerSigned, proof) {
    const { alg, holder, reader, transcript } = world
    const response = DeviceResponse.from(new MDoc([parseIssuerSigned(issuerSigned, docType)]))
      .usingPresentationDefinition({
        id: 'licence',
        input_descriptors: [
          {
            id: docType,
            format: { mso_mdoc: { alg: [alg] } },
            constraints: {
              limit_disclosure: 'required',
              fields: shown.map(element => ({ path: [`$['${namespace}']['${element}']`], intent_to_retain: false })),
            },
          },
        ],
      })
      .usingSessionTranscriptBytes(writeCbor(embed(transcript.bytes)))
    const authenticated =
      proof === 'signature'
        ? response.authenticateWithSignature(holder.jwk as never, alg)
        : response.authenticateWithMAC(holder.jwk as never, publicPart(reader) as never, 'HS256')
    return (await authenticated.sign(contextOf(world, 'holder'))).encode()
  },

  async verify(world, response) {
    await new Verifier().verifyDeviceResponse(
      {
        encodedDeviceResponse: response,
        encodedSessionTranscript: writeCbor(embed(world.transcript.bytes)),
        ephemeralReaderKey: world.reader as never,
        trustedCertificates: [certificateDer(world.root)],
      },
      contextOf(world, 'reader'),
    )
  },
}
