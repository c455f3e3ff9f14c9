/** Our tokens read by a general JWT library, and tokens that it signs read by us. */
import { errors, importJWK, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { generateSigner, importSigner } from '../../../src/core/keys.js'
import { issueVcJwtCredential } from '../../../src/credential/vc-jwt.js'
import { presentVcJwt } from '../../../src/presentation/vc-jwt.js'
import { verifyVcJwtPresentation } from '../../../src/verification/vc-jwt.js'
import { verifyCredential } from '../../../src/verification/verify.js'
import { walletDemands } from '../../verification/table.js'
import { audience, expectations, guildCard, instant, issuer, nonce, now, record, seconds } from '../../world.js'

const base = 'https://www.w3.org/ns/credentials/v2'
const envelopeOf = (token: string) => ({
  '@context': base,
  type: 'EnvelopedVerifiableCredential',
  id: `data:application/vc+jwt,${token}`,
})

describe.each(['ES256', 'ES384', 'ES512', 'Ed25519'] as const)('signed with %s', async alg => {
  const [signer, holder] = [await generateSigner(alg), await generateSigner(alg)]
  const holderKey = holder.publicJwk
  const credential = await issueVcJwtCredential(guildCard, record, { format: 'vc+jwt', issuer, signer, holderKey, now })
  const issuerPublic = await importJWK({ ...signer.publicJwk }, alg)
  const holderPublic = await importJWK({ ...holderKey }, alg)

  it('our credential is a JWT to them, and runs out for them as for us', async () => {
    const { payload } = await jwtVerify(credential, issuerPublic, { typ: 'vc+jwt', currentDate: instant })
    expect(payload).toMatchObject({ issuer, credentialSubject: { family_name: 'Specimen' }, cnf: { jwk: holderKey } })
    const late = { typ: 'vc+jwt', currentDate: new Date(payload['validUntil'] as string) }
    await expect(jwtVerify(credential, issuerPublic, late)).rejects.toThrow(errors.JWTExpired)
  })

  it('our presentation is a JWT to them, for one audience, with one nonce', async () => {
    const text = await presentVcJwt(credential, { audience, nonce, signer: holder, now })
    const { payload } = await jwtVerify(text, holderPublic, { typ: 'vp+jwt', audience, currentDate: instant })
    expect(payload).toMatchObject({ nonce, iat: seconds, verifiableCredential: [envelopeOf(credential)] })
  })
})

describe('what they sign', async () => {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])
  const signer = await importSigner(privateKey)
  const holder = await generateSigner('ES256')
  const demands = expectations({ anchor: { issuer, jwk: signer.publicJwk, purposes: ['credential'] } })
  const credential = await new SignJWT({
    '@context': [base, { GuildCard: 'https://guild.example/card/1' }],
    type: ['VerifiableCredential', 'https://guild.example/card/1'],
    issuer: { id: issuer, name: 'The Guild' },
    validFrom: '2026-02-01T00:00:00+03:00',
    credentialSubject: { id: 'did:example:1', family_name: 'Specimen', rank: 7 },
    cnf: { jwk: holder.publicJwk },
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'vc+jwt', cty: 'vc' })
    .setIssuer(issuer)
    .setSubject('did:example:1')
    .setIssuedAt(seconds)
    .sign(privateKey)

  it('is a credential to us', async () => {
    expect(await verifyCredential(credential, walletDemands(demands))).toMatchObject({
      ok: true,
      format: 'vc+jwt',
      claims: { familyName: 'Specimen', rank: 7 },
      otherClaims: { issuer: { name: 'The Guild' }, credentialSubject: { id: 'did:example:1' } },
    })
  })

  it('is presented by our holder', async () => {
    const text = await presentVcJwt(credential, { audience, nonce, signer: holder, now })
    expect((await verifyVcJwtPresentation(text, demands)).ok).toBe(true)
  })
})
