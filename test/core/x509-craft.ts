/** Certificates made part by part, so that any one part can be wrong; and the three of them that make a path. */
import { algorithmOfSigner } from '../../src/core/algorithms.js'
import { concatBytes, fromBase64url } from '../../src/core/bytes.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { type Certificate, readCertificate } from '../../src/core/x509/certificate.js'
import {
  bitString,
  der,
  integer,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  set,
  tagged,
  taggedText,
  time,
  utf8String,
  yes,
} from '../../src/testing/der.js'

/** Parts of a certificate as DER; `extensions` are the members of their list, `undefined` leaves the list out. */
export interface Parts {
  readonly version?: Uint8Array
  readonly serial?: Uint8Array
  readonly innerAlgorithm?: Uint8Array
  readonly algorithm?: Uint8Array
  readonly issuer?: Uint8Array
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly subject?: Uint8Array
  readonly key?: Uint8Array
  /** Between the key and the extensions. */
  readonly unique?: Uint8Array
  readonly extensions?: readonly Uint8Array[] | undefined
  readonly signature?: (signature: Uint8Array) => Uint8Array
  /** In place of the one above. */
  readonly signer?: Signer
}

export const from = new Date('2026-01-01T00:00:00Z')
export const until = new Date('2026-12-31T00:00:00Z')

export const commonName = (text: string): Uint8Array => attribute('2.5.4.3', utf8String(text))
export const country = (text: string): Uint8Array => attribute('2.5.4.6', printableString(text))
export const attribute = (type: string, ...values: readonly Uint8Array[]): Uint8Array =>
  set(...values.map(value => sequence(objectIdentifier(type), value)))

/** A name of relative names. */
export const nameOf = (...parts: readonly Uint8Array[]): Uint8Array => sequence(...parts)

export const extension = (id: string, value: Uint8Array, critical = false): Uint8Array =>
  sequence(objectIdentifier(id), ...(critical ? [yes()] : []), octetString(value))

export const basicConstraints = (pathLength?: number): Uint8Array =>
  extension(
    '2.5.29.19',
    sequence(yes(), ...(pathLength === undefined ? [] : [integer(Uint8Array.of(pathLength))])),
    true,
  )
/** Named bits, the first one the highest. */
export const keyUsage = (bits: number, unused: number): Uint8Array =>
  extension('2.5.29.15', bitString(Uint8Array.of(bits), unused), true)
export const extendedKeyUsage = (...ids: readonly string[]): Uint8Array =>
  extension('2.5.29.37', sequence(...ids.map(objectIdentifier)), true)

const dns = (name: string): Uint8Array => taggedText(2, name)
export const form = { email: (text: string) => taggedText(1, text), dns, uri: (text: string) => taggedText(6, text) }
export const ip = (...bytes: readonly number[]): Uint8Array => der(0x87, Uint8Array.from(bytes))
export const directory = (name: Uint8Array): Uint8Array => tagged(4, name)
export const otherName = (): Uint8Array => tagged(0, objectIdentifier('1.2.3'), tagged(0, utf8String('x')))

export const subjectAltName = (...names: readonly Uint8Array[]): Uint8Array =>
  extension('2.5.29.17', sequence(...names))

export const nameConstraints = (permitted: readonly Uint8Array[], excluded: readonly Uint8Array[] = []): Uint8Array => {
  const subtrees = (number: number, names: readonly Uint8Array[]) =>
    names.length === 0 ? [] : [tagged(number, ...names.map(name => sequence(name)))]
  return extension('2.5.29.30', sequence(...subtrees(0, permitted), ...subtrees(1, excluded)), true)
}

/** What a document signer and an authority have when nothing is said. */
export const ofSigner: readonly Uint8Array[] = [keyUsage(0x80, 7)]
export const ofAuthority = (pathLength?: number): readonly Uint8Array[] => [
  basicConstraints(pathLength),
  keyUsage(0x06, 1),
]

/** A certificate over the parts given, DER. */
export async function craft(parts: Parts & { readonly signer: Signer; readonly key: Uint8Array }): Promise<Uint8Array> {
  const algorithm = algorithmIdentifier(parts.signer)
  const tbs = sequence(
    parts.version ?? tagged(0, integer(Uint8Array.of(2))),
    parts.serial ?? integer(Uint8Array.of(7)),
    parts.innerAlgorithm ?? parts.algorithm ?? algorithm,
    parts.issuer ?? nameOf(commonName('Root')),
    sequence(time(parts.notBefore ?? from), time(parts.notAfter ?? until)),
    parts.subject ?? nameOf(commonName('Signer')),
    parts.key,
    parts.unique ?? new Uint8Array(),
    parts.extensions === undefined ? new Uint8Array() : tagged(3, sequence(...parts.extensions)),
  )
  return signed(tbs, parts.signer, parts)
}

/** What is signed, the algorithm and the signature, in one: a certificate or a revocation list. */
export async function signed(
  tbs: Uint8Array,
  signer: Signer,
  { algorithm, signature = bytes => bytes }: Pick<Parts, 'algorithm' | 'signature'> = {},
): Promise<Uint8Array> {
  const raw = await signer.sign(tbs)
  const half = raw.length / 2
  const value =
    algorithmOfSigner(signer).hash === undefined
      ? raw
      : sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)))
  return sequence(tbs, algorithm ?? algorithmIdentifier(signer), bitString(signature(value)))
}

export function algorithmIdentifier(signer: Signer): Uint8Array {
  const ids = { 'sha-256': '1.2.840.10045.4.3.2', 'sha-384': '1.2.840.10045.4.3.3', 'sha-512': '1.2.840.10045.4.3.4' }
  const { hash } = algorithmOfSigner(signer)
  return sequence(objectIdentifier(hash === undefined ? '1.3.101.112' : ids[hash]))
}

export function publicKey({ publicJwk: { crv, x, y } }: Signer): Uint8Array {
  const curves: Record<string, string> = {
    'P-256': '1.2.840.10045.3.1.7',
    'P-384': '1.3.132.0.34',
    'P-521': '1.3.132.0.35',
  }
  if (y === undefined) return sequence(sequence(objectIdentifier('1.3.101.112')), bitString(fromBase64url(x)))
  const point = concatBytes(Uint8Array.of(4), fromBase64url(x), fromBase64url(y))
  return sequence(sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier(curves[crv]!)), bitString(point))
}

/** The keys of a path of three. */
export interface Keys {
  readonly root: Signer
  readonly middle: Signer
  readonly leaf: Signer
  readonly stranger: Signer
}

export const makeKeys = async (): Promise<Keys> => ({
  root: await generateSigner('ES256'),
  middle: await generateSigner('ES384'),
  leaf: await generateSigner('ES256'),
  stranger: await generateSigner('ES256'),
})

/** How a path differs from the honest one. Without `middle` the root signs the leaf itself. */
export interface Changes {
  readonly root?: Parts
  readonly middle?: Parts
  readonly leaf?: Parts
}

export interface Path {
  readonly chain: readonly Certificate[]
  readonly anchor: Certificate
}

/** A root, an authority below it if one is asked for, and a signer. */
export async function pathOf(keys: Keys, changes: Changes = {}): Promise<Path> {
  const root = await craft({
    signer: keys.root,
    key: publicKey(keys.root),
    subject: nameOf(commonName('Root')),
    extensions: ofAuthority(),
    ...changes.root,
  })
  const top = { signer: keys.root, issuer: changes.root?.subject ?? nameOf(commonName('Root')) }
  const middle = {
    ...top,
    key: publicKey(keys.middle),
    subject: nameOf(commonName('Middle')),
    extensions: ofAuthority(),
    ...changes.middle,
  }
  const above = changes.middle === undefined ? top : { signer: keys.middle, issuer: middle.subject }
  const leaf = await craft({ ...above, key: publicKey(keys.leaf), extensions: ofSigner, ...changes.leaf })
  const between = changes.middle === undefined ? [] : [await craft(middle)]
  return { chain: [leaf, ...between].map(readCertificate), anchor: readCertificate(root) }
}
