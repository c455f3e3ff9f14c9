/** An issuer made on the spot, held against every profile it is meant for. */
import { describe, expect, it } from 'vitest'
import { importPublicKey, verifySignature } from '#crypto'
import { algorithmOfSigner } from '../../src/core/algorithms.js'
import { utf8 } from '../../src/core/bytes.js'
import { sameKey } from '../../src/core/jwk.js'
import { readCertificate } from '../../src/core/x509/certificate.js'
import { commonNameOf } from '../../src/core/x509/name.js'
import { namesIssuer } from '../../src/core/x509/names.js'
import { validatePath } from '../../src/core/x509/path.js'
import { readCertificateProfile } from '../../src/core/x509/profile.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { instant, now } from '../world.js'

const day = 24 * 3600 * 1000

describe('developmentIssuer', () => {
  for (const profile of ['iaca', 'plain', 'status'] as const)
    it(`makes a signer that is valid by the profile ${profile}`, async () => {
      const { anchor, signer } = await developmentIssuer({ now })
      const path = await validatePath([readCertificate(signer.x5c![0]!)], readCertificate(anchor.certificate), {
        profile: readCertificateProfile(profile, 'profile'),
        at: instant,
      })
      expect(path.absent).toEqual([])
      expect(path.leaf.subject.country).toBe('UT')
    })

  for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const)
    it(`makes a root and a signer for ${alg}`, async () => {
      const { anchor, signer } = await developmentIssuer({ alg, now })
      const leaf = readCertificate(signer.x5c![0]!)
      const root = readCertificate(anchor.certificate)
      const options = { profile: readCertificateProfile('iaca', 'profile'), at: instant }
      const { links } = await validatePath([leaf], root, options)
      expect(links.map(({ certificate }) => certificate)).toEqual([leaf, root])
      expect(sameKey(leaf.publicJwk!, signer.publicJwk)).toBe(true)
      const key = await importPublicKey(leaf.publicJwk!, algorithmOfSigner(signer))
      expect(await verifySignature(key, utf8('hello'), await signer.sign(utf8('hello')))).toBe(true)
    })

  it('names the issuer and the country asked for', async () => {
    const made = await developmentIssuer({ issuer: 'https://passport.example/utopia', country: 'RU', now })
    const leaf = readCertificate(made.signer.x5c![0]!)
    expect(made.issuer).toBe('https://passport.example/utopia')
    expect(made.anchor).toMatchObject({ issuer: made.issuer, purposes: ['credential', 'status'] })
    expect(namesIssuer(leaf, made.issuer)).toBe(true)
    expect(namesIssuer(leaf, 'https://passport.example')).toBe(false)
    expect(leaf.subject.country).toBe('RU')
  })

  it('is valid from a day before to a year after, its root for ten', async () => {
    const { anchor, signer } = await developmentIssuer({ now })
    const [leaf, root] = [readCertificate(signer.x5c![0]!), readCertificate(anchor.certificate)]
    const lives = [leaf, root].map(({ notBefore, notAfter }) => [notBefore.getTime(), notAfter.getTime()])
    const start = instant.getTime()
    expect(lives).toEqual([
      [start - day, start + 455 * day],
      [start - day, start + 3650 * day],
    ])
  })

  it('writes times from 2050 on in their long form', async () => {
    const { anchor } = await developmentIssuer({ now: () => new Date('2045-06-01T00:00:00Z') })
    expect(readCertificate(anchor.certificate).notAfter).toEqual(new Date('2055-05-30T00:00:00Z'))
  })

  it('is another one every time', async () => {
    const [one, other] = [await developmentIssuer({ now }), await developmentIssuer({ now })]
    expect(one.anchor.certificate).not.toBe(other.anchor.certificate)
    expect(one.signer.kid).not.toBe(other.signer.kid)
  })

  it('has an anchor of plain JSON that a verifier takes', async () => {
    const { anchor } = await developmentIssuer({ now })
    expect(JSON.parse(JSON.stringify(anchor))).toEqual(anchor)
    expect(trustAnchors([anchor]).anchors).toHaveLength(1)
  })

  it('has names of at most 64 characters however long its host is', async () => {
    const { signer } = await developmentIssuer({ issuer: `https://${'long.'.repeat(30)}example`, now })
    expect(commonNameOf(readCertificate(signer.x5c![0]!).subject)).toHaveLength(64)
  })

  it('is refused for options that are wrong', async () => {
    for (const options of [
      { issuer: '' },
      { issuer: 'issuer.example' },
      { issuer: 'http://issuer.example' },
      { issuer: 'https://issuer.example/ü' },
      { country: 'ut' },
      { country: 'UTO' },
      { alg: 'HS256' as 'ES256' },
      { now: () => new Date(Number.NaN) },
    ])
      await expect(developmentIssuer(options)).rejects.toThrow(TypeError)
  })
})
