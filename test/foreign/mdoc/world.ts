/**
 * A licence, its issuer, its holder and its reader, with keys that can be handed to any library: nobody asks whose they are.
 * Not every library takes a clock, so this world lives now.
 */
import { readCbor } from '../../../src/core/cbor/read.js'
import type { CborMap, CborValue } from '../../../src/core/cbor/value.js'
import { cborMap, writeCbor } from '../../../src/core/cbor/write.js'
import type { Jwk } from '../../../src/core/jwk.js'
import { importSigner, type Signer } from '../../../src/core/keys.js'
import { issueMdocCredential } from '../../../src/credential/mdoc.js'
import { openid4vpTranscript, type SessionTranscript } from '../../../src/formats/mdoc/session-transcript.js'
import { mdl } from '../../../src/passport/mdl.js'
import {
  authority,
  authorityKeyIdentifier,
  crlDistributionPoint,
  extendedKeyUsage,
  issuerAltName,
  name,
  pem,
  signCertificate,
  signsCertificates,
  signsDocuments,
  subjectKeyIdentifier,
} from '../../../src/testing/certificate.js'
import { statusNotChecked } from '../../../src/verification/status.js'
import { type Anchor, trustAnchors } from '../../../src/verification/trust.js'
import { jpeg } from '../../passport/support.js'

export const algorithms = ['ES256', 'ES384', 'ES512', 'EdDSA'] as const
export type MdocAlg = (typeof algorithms)[number]

export const docType = 'org.iso.18013.5.1.mDL'
export const namespace = 'org.iso.18013.5.1'

/** A private key as JWK, and a signer over it. */
export interface Party {
  readonly jwk: Jwk
  readonly signer: Signer
}

export interface MdocWorld {
  readonly alg: MdocAlg
  readonly issuer: Party
  readonly holder: Party
  /** The reader's ephemeral key; with it the device's key agrees where it is on a curve for that. */
  readonly reader: Jwk
  /** The certificates of the document signer and of the root, PEM. */
  readonly certificate: string
  readonly root: string
  readonly anchor: Anchor
  readonly transcript: SessionTranscript
  /** As our issuer hands it out. */
  readonly credential: Uint8Array
}

const portrait = /* @__PURE__ */ jpeg()

/** The licence as our definition names things … */
export const licence = {
  familyName: 'Specimen',
  givenName: 'Ana',
  birthDate: '2001-02-28',
  issueDate: '2026-01-05',
  expiryDate: '2036-01-05',
  issuingCountry: 'UT',
  issuingAuthority: 'Utopia Transport',
  documentNumber: 'UT0000001',
  portrait,
  drivingPrivileges: [{ vehicle_category_code: 'B', issue_date: '2026-01-05' }],
  unDistinguishingSign: 'UT',
}

/** … and as every library does. Dates are for each to write in its own way. */
export const elements = {
  family_name: licence.familyName,
  given_name: licence.givenName,
  birth_date: licence.birthDate,
  issue_date: licence.issueDate,
  expiry_date: licence.expiryDate,
  issuing_country: licence.issuingCountry,
  issuing_authority: licence.issuingAuthority,
  document_number: licence.documentNumber,
  portrait,
  un_distinguishing_sign: licence.unDistinguishingSign,
  age_over_18: true,
}

/** Those of them that are calendar dates. */
export const dateElements: readonly string[] = ['birth_date', 'issue_date', 'expiry_date']

export const session = {
  clientId: 'x509_san_dns:rental.example',
  nonce: 'nonce-of-this-request',
  responseUri: 'https://rental.example/response',
}

/** That of another session with the same reader. */
export const anotherTranscript = (): Promise<SessionTranscript> =>
  openid4vpTranscript({ ...session, nonce: 'nonce-of-another-request' })

const curves = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  ES512: { name: 'ECDSA', namedCurve: 'P-521' },
  EdDSA: { name: 'Ed25519' },
} as const

/** A private JWK with the members that make the key and no others. */
async function makeKey(alg: MdocAlg): Promise<Jwk> {
  const pair = (await crypto.subtle.generateKey(curves[alg], true, ['sign', 'verify'])) as CryptoKeyPair
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return y === undefined ? { kty, crv, x, d } : { kty, crv, x, y, d }
}

/** What the certificate that documents are signed with is for; all but the first should not be there. */
export type SignerCertificate = 'document signer' | 'tls server' | 'authority' | 'root'

const day = 24 * 3600 * 1000

export async function makeMdocWorld(
  alg: MdocAlg = 'ES256',
  kind: SignerCertificate = 'document signer',
): Promise<MdocWorld> {
  const [rootJwk, holderJwk] = [await makeKey(alg), await makeKey(alg)]
  const issuerJwk = kind === 'root' ? rootJwk : await makeKey(alg)
  const rootKey = await importSigner(rootJwk, { alg })
  const bare = await importSigner(issuerJwk, { alg })
  const rootName = name('UT', 'Utopia root')
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000 - day)
  const pointers = [issuerAltName('https://ut.example'), crlDistributionPoint('https://ut.example/root.crl')]
  const usages = {
    'document signer': [signsDocuments(), extendedKeyUsage('1.0.18013.5.1.2')],
    'tls server': [signsDocuments(), extendedKeyUsage('1.3.6.1.5.5.7.3.1')],
    authority: [authority(), signsCertificates()],
    root: [],
  }
  const root = await signCertificate(
    {
      serial: Uint8Array.of(1),
      issuer: rootName,
      subject: rootName,
      notBefore,
      notAfter: new Date(notBefore.getTime() + 3650 * day),
      publicJwk: rootKey.publicJwk,
      extensions: [authority(), signsCertificates(), await subjectKeyIdentifier(rootKey.publicJwk), ...pointers],
    },
    rootKey,
  )
  const leaf = await signCertificate(
    {
      serial: Uint8Array.of(2),
      issuer: rootName,
      subject: name('UT', 'Utopia document signer'),
      notBefore,
      notAfter: new Date(notBefore.getTime() + 365 * day),
      publicJwk: bare.publicJwk,
      extensions: [
        ...usages[kind],
        await subjectKeyIdentifier(bare.publicJwk),
        await authorityKeyIdentifier(rootKey.publicJwk),
        ...pointers,
      ],
    },
    rootKey,
  )
  const certificate = pem(kind === 'root' ? root : leaf)
  const signer = await importSigner(issuerJwk, { alg, x5c: [certificate] })
  const holder = await importSigner(holderJwk, { alg })
  return {
    alg,
    issuer: { jwk: issuerJwk, signer },
    holder: { jwk: holderJwk, signer: holder },
    reader: await makeKey(alg),
    certificate,
    root: pem(root),
    anchor: { certificate: pem(root), purposes: ['credential'] },
    transcript: await openid4vpTranscript(session),
    credential: await issueMdocCredential(mdl, licence, { signer, holderKey: holder.publicJwk }),
  }
}

/** What the reader of a world expects of a licence. */
export const expectations = ({ anchor, transcript }: MdocWorld) => ({
  trust: trustAnchors([anchor]),
  expectedPassport: mdl,
  expectedSessionTranscript: transcript,
  status: statusNotChecked('not a matter of this test'),
})

/** A library that is not ours, as far as the two of us meet. Wherever it refuses, it rejects. */
export interface Peer {
  readonly name: string
  readonly algorithms: readonly MdocAlg[]
  /** Whether the MACs of the two of us are the same. */
  readonly macs: boolean
  /** A licence as their issuer hands it out: the bytes of `IssuerSigned`. */
  issue(world: MdocWorld): Promise<Uint8Array>
  /** Family name, birth date and `age_over_18`, as their holder presents them. */
  present(world: MdocWorld, issuerSigned: Uint8Array, proof: 'signature' | 'mac'): Promise<Uint8Array>
  /** Their verdict over a response, under the world's session. */
  verify(world: MdocWorld, response: Uint8Array): Promise<void>
}

export const shown = ['family_name', 'birth_date', 'age_over_18'] as const

export const publicPart = ({ d: _, ...members }: Jwk): Jwk => members

/** An `IssuerSigned` in the envelope of a response without device signature, as some libraries keep credentials. */
export function inEnvelope(issuerSigned: Uint8Array): Uint8Array {
  const document = cborMap([
    ['docType', docType],
    ['issuerSigned', readCbor(issuerSigned)],
  ])
  return writeCbor(
    cborMap([
      ['version', '1.0'],
      ['documents', [document]],
      ['status', 0],
    ]),
  )
}

/** The `IssuerSigned` out of such an envelope; items and signature as they were. */
export function outOfEnvelope(envelope: Uint8Array): Uint8Array {
  const response = readCbor(envelope) as CborMap
  const [document] = response.get('documents') as readonly CborMap[]
  return writeCbor(document?.get('issuerSigned') as CborValue)
}
