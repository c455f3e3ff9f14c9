/** The key of the log: signs its checkpoints, and knows the keys that have signed them before. */
import { fromBase64url, utf8 } from '../core/bytes.js'
import { expectPublicJwk } from '../core/jwk.js'
import { readSigner, type Signer, type SignerSource } from '../core/signer.js'
import { type Checkpoint, printCheckpoint } from '../formats/tlog/checkpoint.js'
import { type NoteVerifier, parseNote, printNote, printVerifierKey, readVerifierKey } from '../formats/tlog/note.js'

/** The key that signs at present. */
interface SigningKey {
  readonly signer: Signer
  readonly verifier: NoteVerifier
  /** C2SP vkey text. */
  readonly text: string
}

export class LogSigner {
  private readonly origin: string
  private readonly source: SignerSource
  private key: SigningKey
  /** Every key whose checkpoints are believed to be the log's own. */
  private readonly believed: NoteVerifier[]

  private constructor(origin: string, source: SignerSource, key: SigningKey, former: readonly NoteVerifier[]) {
    this.origin = origin
    this.source = source
    this.key = key
    this.believed = [...former, key.verifier]
  }

  /** Throws `TypeError` when the signer cannot sign for a log. */
  static async open(origin: string, source: SignerSource, former: readonly NoteVerifier[]): Promise<LogSigner> {
    return new LogSigner(origin, source, await signingKey(origin, await readSigner(source)), former)
  }

  /** The key that signs at present, as operators publish it. */
  get verifierKey(): string {
    return this.key.text
  }

  get verifiers(): readonly NoteVerifier[] {
    return this.believed
  }

  /** Asks for the signer, whose key may have changed. */
  async refresh(): Promise<SigningKey> {
    const signer = await readSigner(this.source)
    if (signer.publicJwk?.x === this.key.signer.publicJwk.x) {
      this.key = { ...this.key, signer }
    } else {
      this.key = await signingKey(this.origin, signer)
      this.believed.push(this.key.verifier)
    }
    return this.key
  }

  /** The signed note of a checkpoint. */
  async sign(size: number, root: Uint8Array): Promise<string> {
    const { signer, verifier } = await this.refresh()
    const text = printCheckpoint({ origin: this.origin, size, root, extensions: [] } satisfies Checkpoint)
    const signature = await signer.sign(utf8(text))
    return printNote({ text, signatures: [{ name: verifier.name, keyId: verifier.keyId, signature }] })
  }

  /** Whether a checkpoint of ours bears the signature of the key that signs at present. */
  async isCurrent(checkpoint: string): Promise<boolean> {
    const { verifier } = await this.refresh()
    return parseNote(checkpoint).signatures.some(({ keyId }) => keyId === verifier.keyId)
  }
}

async function signingKey(origin: string, signer: Signer): Promise<SigningKey> {
  const { crv, x } = expectPublicJwk(signer.publicJwk, 'signer.publicJwk')
  if (crv !== 'Ed25519') throw new TypeError('`signer` must sign with Ed25519')
  const text = printVerifierKey(origin, fromBase64url(x))
  const verifier = await readVerifierKey(text)
  await expectToSign(signer, verifier)
  return { signer, verifier, text }
}

/** A device that signs with another key than it names would make every checkpoint worthless. */
async function expectToSign(signer: Signer, verifier: NoteVerifier): Promise<void> {
  const probe = utf8('a signature of this text proves nothing')
  if (!(await verifier.verify(probe, await signer.sign(probe))))
    throw new TypeError('`signer` must sign with the key of its `publicJwk`')
}
