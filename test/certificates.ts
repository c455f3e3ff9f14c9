/** A root and signers below it, each certificate wrong in one place where a test wants it so; and revocation lists. */
import { base64 } from '../src/core/bytes.js'
import { generateSigner, type Signer } from '../src/core/keys.js'
import { integer, sequence, time } from '../src/testing/der.js'
import type { Anchor } from '../src/verification/trust.js'
import {
  algorithmIdentifier,
  commonName,
  country,
  craft,
  extendedKeyUsage,
  form,
  keyUsage,
  nameOf,
  ofAuthority,
  type Parts,
  publicKey,
  signed,
  subjectAltName,
} from './core/x509-craft.js'

export const rootName = nameOf(country('UT'), commonName('Root'))
export const signerName = nameOf(country('UT'), commonName('Signer'))
export const documentSigner = '1.0.18013.5.1.2'

/** Usages of a document signer, and whatever is added. */
export const signerExtensions = (...more: readonly Uint8Array[]): readonly Uint8Array[] => [
  keyUsage(0x80, 7),
  extendedKeyUsage(documentSigner),
  ...more,
]

export const named = {
  uri: (uri: string) => subjectAltName(form.uri(uri)),
  uris: (...uris: readonly string[]) => subjectAltName(...uris.map(form.uri)),
  dns: (host: string) => subjectAltName(form.dns(host)),
}

export interface Authority {
  readonly key: Signer
  /** DER. */
  readonly certificate: Uint8Array
  /** An anchor for credentials, unless said otherwise. */
  anchor(changes?: Partial<Anchor>): Anchor
  /** A signer with a certificate of these parts, its chain sent along. */
  signer(parts?: Parts, above?: readonly Uint8Array[]): Promise<Signer>
  /** A revocation list of these serial numbers. */
  crl(serials: readonly number[], dates?: { readonly from?: Date; readonly until?: Date }): Promise<Uint8Array>
}

export async function makeAuthority(parts: Parts = {}): Promise<Authority> {
  const key = parts.signer ?? (await generateSigner('ES256'))
  const extensions = ofAuthority(0)
  const certificate = await craft({
    signer: key,
    key: publicKey(key),
    issuer: rootName,
    subject: rootName,
    extensions,
    ...parts,
  })
  return {
    key,
    certificate,
    anchor: changes => ({ certificate, purposes: ['credential'], ...changes }),
    async signer(parts = {}, above = []) {
      const signer = parts.signer ?? (await generateSigner('ES256'))
      const honest = { issuer: rootName, subject: signerName, extensions: signerExtensions() }
      const leaf = await craft({ key: parts.key ?? publicKey(signer), ...honest, ...parts, signer: key })
      return chained(signer, leaf, ...above)
    },
    crl: (serials, dates) => craftCrl(key, serials, dates),
  }
}

/** A signer that sends these certificates along. */
export const chained = (signer: Signer, ...chain: readonly Uint8Array[]): Signer => ({ ...signer, x5c: chain.map(pem) })

const pem = (der: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${base64(der)}\n-----END CERTIFICATE-----`

function craftCrl(
  key: Signer,
  serials: readonly number[],
  {
    from = new Date('2026-02-01T00:00:00Z'),
    until = new Date('2026-04-01T00:00:00Z'),
  }: { readonly from?: Date; readonly until?: Date } = {},
): Promise<Uint8Array> {
  const entries = serials.map(serial => sequence(integer(Uint8Array.of(serial)), time(from)))
  const tbs = sequence(
    integer(Uint8Array.of(1)),
    algorithmIdentifier(key),
    rootName,
    time(from),
    time(until),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
  )
  return signed(tbs, key)
}
