/** What OpenSSL makes when it is asked: roots, signers and revocation lists, in a folder of their own. For tests on Node. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vidimus-'))
  folders.push(folder)
  return folder
}

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
export const makers = {
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
export function makeOffice(maker: keyof typeof makers) {
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
    /** The private key that a certificate was made for, PKCS #8 PEM. */
    key: (section: string) => read(`${section}.key`),
    /** A certificate for a new key: of P-256, or as the maker's own. */
    certify(section: string, subject = '/C=UT/CN=Utopia DS', ca = 'root', keyOf: keyof typeof makers = 'P-256') {
      openssl('genpkey', ...makers[keyOf][0], '-out', `${section}.key`)
      openssl('req', '-new', '-key', `${section}.key`, '-subj', subject, '-out', 'request')
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

/** Where everything has to be there, OpenSSL has to be too. */
export const requireOpenssl = (): void =>
  it('has OpenSSL, or may be left out', () => {
    expect(hasOpenssl || process.env['VIDIMUS_LEAVE_NOTHING_OUT'] !== '1').toBe(true)
  })
