/** Roots, signers and revocation lists that OpenSSL makes: taken as they are, and refused with one harm each. */
import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../src/core/x509/certificate.js'
import { readCrl, requireNotRevoked } from '../../src/core/x509/crl.js'
import { validatePath } from '../../src/core/x509/path.js'
import { type CertificateProfileName, readCertificateProfile } from '../../src/core/x509/profile.js'
import { hasOpenssl, makeOffice, makers, requireOpenssl } from '../openssl.js'
import { told } from './support.js'

requireOpenssl()

async function verdict(
  chain: readonly string[],
  root: string,
  profile: CertificateProfileName,
  lists?: readonly string[],
) {
  const at = new Date()
  try {
    const path = await validatePath(chain.map(readCertificate), readCertificate(root), {
      profile: readCertificateProfile(profile, 'profile'),
      at,
    })
    if (lists !== undefined) await requireNotRevoked(path, lists.map(readCrl), at)
    return 'accepted'
  } catch (error) {
    return told(error)
  }
}

describe.skipIf(!hasOpenssl)('OpenSSL', () => {
  for (const maker of Object.keys(makers) as (keyof typeof makers)[])
    it(`makes a root and a document signer, ${maker}`, async () => {
      const { root, certify, list } = makeOffice(maker)
      const signer = certify('signer')
      expect(await verdict([signer], root(), 'iaca')).toBe('accepted')
      expect(await verdict([signer], makeOffice('P-256').root(), 'iaca')).toMatch(
        /^certificate_(signature_invalid|algorithm_unsupported) at leaf$/,
      )
      expect(await verdict([signer], root(), 'iaca', [])).toBe('certificate_revocation_unknown at leaf.crl')
      expect(await verdict([signer], root(), 'iaca', [list()])).toBe('accepted')
      expect(await verdict([signer], root(), 'iaca', [list('signer')])).toBe('certificate_revoked at leaf')
    })

  type Office = ReturnType<typeof makeOffice>
  const rows: readonly (readonly [string, (made: Office) => readonly string[], string])[] = [
    ['for TLS', ({ certify }) => [certify('tls')], 'certificate_extended_key_usage at leaf'],
    ['of an authority', ({ certify }) => [certify('authority')], 'certificate_profile at leaf.basicConstraints'],
    [
      'of another country',
      ({ certify }) => [certify('signer', '/C=RU/CN=Utopia DS')],
      'certificate_country_mismatch at leaf.country',
    ],
    ['of no country', ({ certify }) => [certify('signer', '/CN=Utopia DS')], 'certificate_profile at leaf.country'],
    [
      'below an authority',
      ({ certify }) => {
        const authority = certify('authority', '/C=UT/CN=Utopia Sub')
        return [certify('signer', '/C=UT/CN=Utopia DS', 'authority'), authority]
      },
      'certificate_path_too_long at intermediate',
    ],
  ]
  for (const [title, chain, expected] of rows)
    it(`makes a certificate ${title}, which signs no documents`, async () => {
      const made = makeOffice('P-256')
      expect(await verdict(chain(made), made.root(), 'iaca')).toBe(expected)
    })
})
