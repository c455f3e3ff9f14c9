/** `@owf/mdoc`, over the cryptography of Node. */
import {
  CoseKey,
  DateOnly,
  DeviceKey,
  DeviceRequest,
  DocRequest,
  Holder,
  Issuer,
  IssuerSigned,
  ItemsRequest,
  type MdocContext,
  SignatureAlgorithm,
  Verifier,
} from '@owf/mdoc'
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
  type Peer,
  publicPart,
  shown,
} from './world.js'

/** They write the two larger curves in small letters. */
const keyOf = ({ crv = '', ...members }: Jwk): CoseKey =>
  CoseKey.fromJwk({ ...members, crv: crv === 'P-256' ? crv : crv.replace('P', 'p') })

const jwkOf = (key: CoseKey): Jwk => {
  const { crv, ...members } = key.jwk as { crv: string }
  return { ...members, crv: crv.replace('p', 'P') }
}

export const context: MdocContext = {
  crypto: {
    random: length => crypto.getRandomValues(new Uint8Array(length)),
    digest: ({ digestAlgorithm, bytes }) => sha(digestAlgorithm, bytes),
    calculateEphemeralMacKey: () => {
      throw new Error('keys are the world’s')
    },
  },
  cose: {
    sign1: {
      sign: ({ toBeSigned, key, algorithm }) => signWith(jwkOf(key), SignatureAlgorithm[algorithm!], toBeSigned),
      verify: ({ key, sign1 }) =>
        verifyWith(jwkOf(key), sign1.signatureAlgorithmName, sign1.toBeSigned, sign1.signature),
    },
    mac0: {
      sign: ({ key, toBeAuthenticated }) => hmac(key.k!, toBeAuthenticated),
      verify: ({ mac0, key }) => Buffer.from(hmac(key.k!, mac0.toBeAuthenticated)).equals(mac0.tag),
    },
  },
  x509: {
    getIssuerNameField: x509.getIssuerNameField,
    getPublicKey: ({ certificate, alg }) => keyOf({ ...x509.publicJwk(certificate), alg }),
    verifyCertificateChain: x509.verifyChain,
    getCertificateData: x509.getCertificateData,
  },
}

/** Their context is handed raw keys, without the curve's other half: here the two are known by the world. */
const contextOf = ({ holder, reader }: MdocWorld, side: 'holder' | 'reader'): MdocContext => ({
  ...context,
  crypto: {
    ...context.crypto,
    calculateEphemeralMacKey: ({ sessionTranscriptBytes }) => {
      const [own, other] = side === 'holder' ? [holder.jwk, reader] : [reader, holder.jwk]
      return CoseKey.create({ keyType: 4, k: macKey(own, publicPart(other), sessionTranscriptBytes) })
    },
  },
})

export const owf: Peer = {
  name: '@owf/mdoc',
  algorithms: ['ES256', 'ES384', 'ES512', 'EdDSA'],
  // Their MAC leaves the external data out, which RFC 9052 §6.3 has even where it is empty.
  macs: false,

  async issue({ alg, issuer, holder, certificate }) {
    const values = Object.entries(elements).map(([name, value]) => [
      name,
      dateElements.includes(name) ? new DateOnly(String(value)) : value,
    ])
    const signed = new Date()
    const issuerSigned = await new Issuer(docType, context)
      .addIssuerNamespace(namespace, {
        ...Object.fromEntries(values),
        driving_privileges: licence.drivingPrivileges.map(
          privilege =>
            new Map<string, unknown>([
              ...Object.entries(privilege),
              ['issue_date', new DateOnly(privilege.issue_date)],
            ]),
        ),
      })
      .sign({
        signingKey: keyOf({ ...issuer.jwk, alg }),
        algorithm: SignatureAlgorithm[alg],
        digestAlgorithm: 'SHA-384',
        validityInfo: { signed, validFrom: signed, validUntil: new Date(signed.getTime() + 86_400_000) },
        deviceKeyInfo: { deviceKey: DeviceKey.decode(keyOf({ ...publicPart(holder.jwk), alg }).encode()) },
        certificates: [certificateDer(certificate)],
      })
    return issuerSigned.encode()
  },

  async present(world, issuerSigned, proof) {
    const { alg, holder, reader, transcript } = world
    const signingKey = keyOf({ ...holder.jwk, alg: proof === 'mac' ? 'HS256' : alg })
    const itemsRequest = ItemsRequest.create({
      docType,
      namespaces: { [namespace]: Object.fromEntries(shown.map(element => [element, false])) },
    })
    const response = await Holder.createDeviceResponseForDeviceRequest(
      {
        deviceRequest: DeviceRequest.create({ docRequests: [DocRequest.create({ itemsRequest })] }),
        sessionTranscript: transcript.bytes,
        issuerSigned: [IssuerSigned.decode(issuerSigned)],
        ...(proof === 'mac'
          ? { mac: { signingKey, ephemeralKey: keyOf(publicPart(reader)) } }
          : { signature: { signingKey } }),
      },
      contextOf(world, 'holder'),
    )
    return response.encode()
  },

  async verify(world, response) {
    const { reader, root, transcript } = world
    await Verifier.verifyDeviceResponse(
      {
        deviceResponse: response,
        sessionTranscript: transcript.bytes,
        ephemeralReaderKey: keyOf(reader),
        trustedCertificates: [certificateDer(root)],
      },
      contextOf(world, 'reader'),
    )
  },
}
