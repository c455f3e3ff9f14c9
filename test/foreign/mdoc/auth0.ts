/** `@auth0/mdl`: its own cryptography, its own clock. */
import { DeviceResponse, Document, MDoc, Verifier } from '@auth0/mdl'
import { fromBase64url } from '../../../src/core/bytes.js'
import { cborMap, embed, writeCbor } from '../../../src/core/cbor/write.js'
import { writeCoseKey } from '../../../src/core/cose/key.js'
import { type Jwk, readPublicJwk } from '../../../src/core/jwk.js'
import { docType, elements, inEnvelope, namespace, outOfEnvelope, type Peer, publicPart, shown } from './world.js'

export const auth0: Peer = {
  name: '@auth0/mdl',
  // Chains of Ed25519 are beyond the PKI library that it uses.
  algorithms: ['ES256', 'ES384', 'ES512'],
  macs: true,

  async issue({ alg, issuer, holder, certificate }) {
    const document = await new Document(docType)
      .addIssuerNameSpace(namespace, elements)
      .useDigestAlgorithm('SHA-256')
      .addValidityInfo({ signed: new Date() })
      .addDeviceKeyInfo({ deviceKey: { ...publicPart(holder.jwk), alg } as never })
      .sign({
        issuerPrivateKey: { ...issuer.jwk, alg, kid: 'issuer-key' } as never,
        issuerCertificate: certificate,
        alg,
      })
    return outOfEnvelope(new MDoc([document]).encode())
  },

  async present({ alg, holder, reader, transcript }, issuerSigned, proof) {
    const jwk = { ...holder.jwk, alg, kid: 'device-key' } as never
    const response = DeviceResponse.from(inEnvelope(issuerSigned))
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
      .usingSessionTranscriptBytes(Buffer.from(writeCbor(embed(transcript.bytes))))
    const authenticated =
      proof === 'signature'
        ? response.authenticateWithSignature(jwk, alg)
        : response.authenticateWithMAC(jwk, coseKey(publicPart(reader)), 'HS256')
    return new Uint8Array((await authenticated.sign()).encode())
  },

  async verify({ root, reader, transcript }, response) {
    await new Verifier([root]).verify(Buffer.from(response), {
      ephemeralReaderKey: coseKey(reader),
      encodedSessionTranscript: Buffer.from(writeCbor(embed(transcript.bytes))),
    })
  },
}

/** A COSE_Key, private where the JWK is. */
function coseKey({ d, ...members }: Jwk): Buffer {
  const key = writeCoseKey(readPublicJwk(members, 'cose'))
  return Buffer.from(writeCbor(d === undefined ? key : cborMap([...(key as never), [-4, fromBase64url(d)]])))
}
