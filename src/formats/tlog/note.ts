/**
 * Signed notes (C2SP signed-note): a text, a blank line, and one line per signature. Here they carry checkpoints, so
 * that what is wrong with them bears the codes of checkpoints.
 *
 * A note is signed here with Ed25519 (type 0x01). Other types are verified through a `NoteVerifier` of the caller's.
 */
import { digest, importPublicKey, sha256, verifySignature } from '#crypto'
import { type Algorithm, algorithmOfCurve } from '../../core/algorithms.js'
import { base64, base64url, concatBytes, fromBase64, hasLoneSurrogate, utf8 } from '../../core/bytes.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import { VidimusError } from '../../errors.js'

export interface NoteSignature {
  readonly name: string
  /** Eight lower-case hexadecimal digits. With the name it tells which key signed. */
  readonly keyId: string
  readonly signature: Uint8Array
}

export interface SignedNote {
  /** What is signed, with its final newline and without the blank line. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** A key that is believed, as the one name and identifier under which it signs. */
export interface NoteVerifier {
  readonly name: string
  readonly keyId: string
  verify(text: Uint8Array, signature: Uint8Array): Awaitable<boolean>
}

const ed25519Type = 0x01
const keyIdBytes = 4

/** Verifiers have to take 16 signatures of up to 5 kB each; beyond these bounds nobody has to read. */
const maxNoteLength = 256 * 1024
const maxSignatures = 100

const separator = '\n\n'
const signaturePrefix = '\u2014 '

/**
 * The text and the signatures of a note, none of them verified. Throws `checkpoint_malformed`, `limit_exceeded`, and
 * `checkpoint_signature_missing` when no signature follows the text.
 */
export function parseNote(note: string): SignedNote {
  if (note.length > maxNoteLength)
    throw new VidimusError('limit_exceeded', { at: 'noteLength', expected: maxNoteLength, actual: note.length })
  if (/[\0-\x09\x0b-\x1f]/.test(note)) throw malformed('control character')
  if (hasLoneSurrogate(note)) throw malformed('half character')
  const split = note.lastIndexOf(separator)
  if (split === -1) throw malformed('blank line')
  const lines = note.slice(split + separator.length).split('\n')
  if (lines.pop() !== '') throw malformed('newline')
  if (lines.length === 0) throw new VidimusError('checkpoint_signature_missing')
  if (lines.length > maxSignatures)
    throw new VidimusError('limit_exceeded', {
      at: 'noteSignatures',
      expected: maxSignatures,
      actual: lines.length,
    })
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignatureLine) }
}

function parseSignatureLine(line: string): NoteSignature {
  if (!line.startsWith(signaturePrefix)) throw malformed('signature line')
  const [name, encoded, ...rest] = line.slice(signaturePrefix.length).split(' ')
  if (encoded === undefined || rest.length > 0) throw malformed('signature line')
  if (!isKeyName(name)) throw malformed('signature name')
  const bytes = decodeBase64(encoded)
  if (bytes.length <= keyIdBytes) throw malformed('signature length')
  return { name, keyId: hex(bytes.subarray(0, keyIdBytes)), signature: bytes.subarray(keyIdBytes) }
}

/** The text of a note, of which `parseNote` gives the same parts back. */
export function printNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(printSignatureLine).join('')}`
}

const printSignatureLine = ({ name, keyId, signature }: NoteSignature): string =>
  `${signaturePrefix}${name} ${base64(concatBytes(fromHex(keyId), signature))}\n`

/**
 * The verifiers whose signature the note bears, at least one. Signatures by others are ignored, as they have to be for
 * keys to rotate and witnesses to join; one by a known key that does not hold refuses the note.
 * Throws `checkpoint_signature_missing`, `checkpoint_signature_invalid`.
 */
export async function verifyNote(
  note: SignedNote,
  verifiers: readonly NoteVerifier[],
): Promise<readonly NoteVerifier[]> {
  const text = utf8(note.text)
  const signers = new Set<NoteVerifier>()
  for (const { name, keyId, signature } of note.signatures) {
    const known = verifiers.filter(verifier => verifier.name === name && verifier.keyId === keyId)
    if (known.length === 0) continue
    const signer = await firstToVerify(known, text, signature)
    if (signer === undefined) throw new VidimusError('checkpoint_signature_invalid', { at: 'signature' })
    signers.add(signer)
  }
  if (signers.size === 0) throw new VidimusError('checkpoint_signature_missing', { at: 'signature' })
  return [...signers]
}

/** Two known keys may share name and identifier by accident; then either may have signed. */
async function firstToVerify(
  verifiers: readonly NoteVerifier[],
  text: Uint8Array,
  signature: Uint8Array,
): Promise<NoteVerifier | undefined> {
  for (const verifier of verifiers) if (await verifier.verify(text, signature)) return verifier
  return undefined
}

/** The text of an Ed25519 verifier key: name, key identifier and key, as operators publish it. `type` is that of its signatures. */
export function printVerifierKey(name: string, publicKey: Uint8Array, type = ed25519Type): string {
  return `${name}+${ed25519KeyId(name, publicKey, type)}+${base64(concatBytes(Uint8Array.of(type), publicKey))}`
}

/** What an Ed25519 verifier key text says. */
export interface VerifierKey {
  readonly name: string
  readonly keyId: string
  readonly publicKey: Uint8Array
}

/**
 * The verifier that an Ed25519 verifier key text stands for. Its identifier has to be the one that its name and key
 * have. Throws `log_key_malformed`.
 */
export async function readVerifierKey(text: string, type = ed25519Type): Promise<NoteVerifier> {
  const parsed = parseVerifierKey(text, type)
  await requireKeyId(parsed, type)
  const { name, keyId, publicKey } = parsed
  return ed25519Verifier(name, keyId, publicKey, algorithmOfCurve('Ed25519'))
}

/** The parts of an Ed25519 verifier key text: its key not imported, its identifier not checked. Throws `log_key_malformed`. */
export function parseVerifierKey(text: string, type = ed25519Type): VerifierKey {
  const [, name, keyId, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  if (!isKeyName(name) || keyId === undefined || encoded === undefined) throw keyMalformed('parts')
  const key = decodeKey(encoded)
  if (key[0] !== type) throw keyMalformed('type')
  const publicKey = key.subarray(1)
  if (publicKey.length !== algorithmOfCurve('Ed25519').coordinateBytes) throw keyMalformed('key')
  return { name, keyId, publicKey }
}

/** Demands that the identifier is the one that name and key have. Throws `log_key_malformed`. */
export async function requireKeyId({ name, keyId, publicKey }: VerifierKey, type = ed25519Type): Promise<void> {
  if (shortened(await digest('sha-256', identified(name, publicKey, type))) !== keyId) throw keyMalformed('identifier')
}

async function ed25519Verifier(
  name: string,
  keyId: string,
  publicKey: Uint8Array,
  algorithm: Algorithm,
): Promise<NoteVerifier> {
  const key = await importPublicKey({ kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }, algorithm)
  return {
    name,
    keyId,
    verify: (note, signature) => verifySignature(key, note, signature),
  }
}

/** The identifier of an Ed25519 key under a name (C2SP signed-note, Ed25519 signatures). */
export const ed25519KeyId = (name: string, publicKey: Uint8Array, type = ed25519Type): string =>
  shortened(sha256(identified(name, publicKey, type)))

const identified = (name: string, publicKey: Uint8Array, type: number): Uint8Array =>
  concatBytes(utf8(`${name}\n`), Uint8Array.of(type), publicKey)

const shortened = (hash: Uint8Array): string => hex(hash.subarray(0, keyIdBytes))

/** Whether a text may name a key: not empty, no spaces, no plus, nothing that a note may not hold. */
export function isKeyName(name: unknown): name is string {
  return typeof name === 'string' && /^[^+\p{White_Space}\p{Cc}]+$/u.test(name) && !hasLoneSurrogate(name)
}

function decodeBase64(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch {
    throw malformed('signature encoding')
  }
}

function decodeKey(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch {
    throw keyMalformed('encoding')
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16))

const malformed = (at: string) => new VidimusError('checkpoint_malformed', { at })

const keyMalformed = (at: string) => new VidimusError('log_key_malformed', { at })
