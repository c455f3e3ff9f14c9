/** Roots, signers and revocation lists that OpenSSL makes: taken as they are, and refused with one harm each. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readCertificate } from '../../src/core/x509/certificate.js'
import { readCrl, requireNotRevoked } from '../../src/core/x509/crl.js'
import { validatePath } from '../../src/core/x509/path.js'
import { type CertificateProfileName, readCertificateProfile } from '../../src/core/x509/profile.js'
import { told } from './support.js'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vidimus-'))
  folders.push(folder)
  return folder
}

it('has OpenSSL, or may be left out', () => {
  expect(hasOpenssl || process.env['VIDIMUS_LEAVE_NOTHING_OUT'] !== '1').toBe(true)
})

const settings = `
[req]
distinguished_name = name
prompt = no
[name]
C = UT
CN = Utopia IACA
[root]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
issuerAltName = URI:https://iaca.example
crlDistributionPoints = URI:https://iaca.example/crl
[signer]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, 1.0.18013.5.1.2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
issuerAltName = URI:https://iaca.example
crlDistributionPoints = URI:https://iaca.example/crl
[tls]
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, digitalSignature
[ca]
default_ca = lists
[lists]
database = index
crlnumber = number
default_md = sha256
default_crl_days = 30
`

/** How OpenSSL is told to make each key, and to sign with it. */
const makers = {
  'P-256': [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], ['-sha256']],
  'P-256 with SHA-512': [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], ['-sha512']],
  'P-384': [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], ['-sha384']],
  'P-521': [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'], ['-sha512']],
  brainpoolP256r1: [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'], ['-sha256']],
  brainpoolP384r1: [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP384r1'], ['-sha384']],
  brainpoolP512r1: [['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP512r1'], ['-sha512']],
  'RSA, PKCS #1': [['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], ['-sha256']],
  'RSA, PSS': [
    ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
    ['-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'],
  ],
  Ed25519: [['-algorithm', 'ED25519'], []],
} as const

/** A folder with a root, and what OpenSSL does in it. */
function office(maker: keyof typeof makers) {
  const folder = newFolder()
  const openssl = (...command: readonly string[]) => execFileSync('openssl', command, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const [key, signing] = makers[maker]
  writeFileSync(join(folder, 'settings'), settings)
  writeFileSync(join(folder, 'index'), '')
  writeFileSync(join(folder, 'number'), '01')
  openssl('genpkey', ...key, '-out', 'root.key')
  openssl(
    'req',
    '-x509',
    '-config',
    'settings',
    '-extensions',
    'root',
    '-new',
    '-key',
    'root.key',
    ...signing,
    '-days',
    '3650',
    '-out',
    'root.pem',
  )

  return {
    root: () => read('root.pem'),
    /** A certificate for a new P-256 key. */
    certify(section: string, subject = '/C=UT/CN=Utopia DS', ca = 'root') {
      openssl(
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        `${section}.key`,
        '-subj',
        subject,
        '-out',
        'request',
      )
      openssl(
        'x509',
        '-req',
        '-in',
        'request',
        '-CA',
        `${ca}.pem`,
        '-CAkey',
        `${ca}.key`,
        ...(ca === 'root' ? signing : []),
        '-days',
        '365',
        '-extfile',
        'settings',
        '-extensions',
        section,
        '-out',
        `${section}.pem`,
      )
      return read(`${section}.pem`)
    },
    /** The revocation list of the root. */
    list(...revoked: readonly string[]) {
      const withRoot = [
        '-config',
        'settings',
        '-cert',
        'root.pem',
        '-keyfile',
        'root.key',
        ...signing.filter(it => !it.startsWith('-sha')),
      ]
      for (const section of revoked) openssl('ca', ...withRoot, '-revoke', `${section}.pem`)
      openssl('ca', ...withRoot, '-gencrl', '-out', 'list')
      return read('list')
    },
  }
}

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
      const { root, certify, list } = office(maker)
      const signer = certify('signer')
      expect(await verdict([signer], root(), 'iaca')).toBe('accepted')
      expect(await verdict([signer], office('P-256').root(), 'iaca')).toMatch(
        /^certificate_(signature_invalid|algorithm_unsupported) at leaf$/,
      )
      expect(await verdict([signer], root(), 'iaca', [])).toBe('certificate_revocation_unknown at leaf.crl')
      expect(await verdict([signer], root(), 'iaca', [list()])).toBe('accepted')
      expect(await verdict([signer], root(), 'iaca', [list('signer')])).toBe('certificate_revoked at leaf')
    })

  type Office = ReturnType<typeof office>
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
      const made = office('P-256')
      expect(await verdict(chain(made), made.root(), 'iaca')).toBe(expected)
    })
})
