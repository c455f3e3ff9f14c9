/** A root and a document signer of OpenSSL's making, from the first signature to the verdict, and to its revocation. */
import { createPrivateKey, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generateSigner, importSigner, type Signer } from '../../../src/core/keys.js'
import { readCertificate } from '../../../src/core/x509/certificate.js'
import { issueMdocCredential } from '../../../src/credential/mdoc.js'
import { issueSdJwtCredential } from '../../../src/credential/sd-jwt.js'
import { openid4vpTranscript } from '../../../src/formats/mdoc/session-transcript.js'
import { mdl } from '../../../src/passport/mdl.js'
import { presentMdoc } from '../../../src/presentation/mdoc.js'
import { presentSdJwt } from '../../../src/presentation/sd-jwt.js'
import { verifyMdocPresentation } from '../../../src/verification/mdoc.js'
import { verifySdJwtPresentation } from '../../../src/verification/sd-jwt.js'
import { statusNotChecked } from '../../../src/verification/status.js'
import { trustAnchors } from '../../../src/verification/trust.js'
import { hasOpenssl, makeOffice, requireOpenssl } from '../../openssl.js'
import { reasons } from '../../refusal.js'
import { audience, guildCard, nonce, record } from '../../world.js'
import { licence } from '../mdoc/world.js'

requireOpenssl()

/** A signer over a key of OpenSSL's; one on a curve that no JWK names signs through Node, as a device of one's own would. */
async function signerOver(key: string, certificate: string): Promise<Signer> {
  const privateKey = createPrivateKey(key)
  const { publicJwk } = readCertificate(certificate)
  if (publicJwk?.crv !== 'brainpoolP256r1')
    return importSigner(privateKey.export({ format: 'jwk' }) as object, { x5c: [certificate] })
  return {
    alg: 'ESB256',
    kid: 'ds',
    publicJwk,
    x5c: [certificate],
    sign: data => new Uint8Array(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  }
}

const holder = await generateSigner('ES256')
const session = { clientId: 'x509_san_dns:rental.example', nonce, responseUri: 'https://rental.example/response' }

describe.skipIf(!hasOpenssl)('an authority that OpenSSL made', () => {
  for (const [rootKey, signerKey] of [
    ['P-256', 'P-256'],
    ['P-384', 'P-384'],
    ['brainpoolP256r1', 'brainpoolP256r1'],
    ['RSA, PKCS #1', 'P-256'],
  ] as const)
    it(`issues, is verified, and revokes its signer: ${signerKey} under ${rootKey}`, async () => {
      const office = makeOffice(rootKey)
      const certificate = office.certify('signer', '/C=UT/CN=Utopia DS', 'root', signerKey)
      const signer = await signerOver(office.key('signer'), certificate)
      const sessionTranscript = await openid4vpTranscript(session)
      const credential = await issueMdocCredential(mdl, licence, { signer, holderKey: holder.publicJwk })
      const response = await presentMdoc(credential, {
        passport: mdl,
        disclose: ['familyName', 'issuingCountry'],
        sessionTranscript,
        signer: holder,
      })
      const judged = async (crls?: readonly string[]) =>
        verifyMdocPresentation(response, {
          trust: trustAnchors([{ certificate: office.root(), crls, purposes: ['credential'] }]),
          expectedPassport: mdl,
          require: ['familyName'],
          expectedSessionTranscript: sessionTranscript,
          status: statusNotChecked('not a matter of this test'),
        })
      for (const crls of [undefined, [office.list()]]) {
        const verdict = await judged(crls)
        expect(reasons(verdict)).toEqual([])
        expect(verdict.ok && [verdict.claims.familyName, verdict.issuer.country]).toEqual(['Specimen', 'UT'])
      }
      expect(reasons(await judged([office.list('signer')]))).toEqual(['certificate_revoked at certificate_revocation'])
      expect(reasons(await judged([makeOffice(rootKey).list()]))).toEqual([
        'certificate_revocation_unknown at certificate_revocation',
      ])
    })

  it('stands behind an SD-JWT VC as well', async () => {
    const office = makeOffice('P-384')
    const certificate = office.certify('signer')
    const signer = await signerOver(office.key('signer'), certificate)
    const issuer = 'https://passport.example'
    const credential = await issueSdJwtCredential(guildCard, record, { issuer, signer, holderKey: holder.publicJwk })
    const presentation = await presentSdJwt(credential, {
      disclose: [['family_name']],
      audience,
      nonce,
      signer: holder,
    })
    const verdict = await verifySdJwtPresentation(presentation, {
      trust: trustAnchors([{ issuer, certificate: office.root(), purposes: ['credential'] }]),
      expectedPassport: guildCard,
      expectedAudience: audience,
      expectedNonce: nonce,
      status: statusNotChecked('not a matter of this test'),
    })
    expect(reasons(verdict)).toEqual([])
    expect(verdict.ok && verdict.issuer.id).toBe(issuer)
  })
})
