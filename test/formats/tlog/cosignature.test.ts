/** Cosignatures of checkpoints: what a line of them holds, and what must not pass for one. */
import { describe, expect, it } from 'vitest'
import { base64, concatBytes, fromBase64url, utf8 } from '../../../src/core/bytes.js'
import { generateSigner } from '../../../src/core/keys.js'
import {
  cosign,
  cosignedAt,
  cosignersOf,
  printCosignerKey,
  readCosignerKey,
} from '../../../src/formats/tlog/cosignature.js'
import { parseNote, printVerifierKey, readVerifierKey } from '../../../src/formats/tlog/note.js'
import c2sp from '../../vectors/tlog/c2sp-examples.json' with { type: 'json' }

const failing = (code: string, at?: string) =>
  expect.objectContaining({ name: 'VidimusError', code, ...(at === undefined ? {} : { at }) })

const rekor = import.meta.glob<{
  verificationMaterial: { tlogEntries: { inclusionProof: { checkpoint: { envelope: string } } }[] }
}>('../../vectors/tlog/sigstore/rekor2-checkpoint-multiple-cosigs/bundle.sigstore.json', {
  eager: true,
  import: 'default',
})

const signer = await generateSigner('EdDSA')
const publicKey = fromBase64url(signer.publicJwk.x)
const sign = async (message: Uint8Array) => signer.sign(message)
const name = 'witness.example/w1'
const vkey = printCosignerKey(name, publicKey)
const witness = await readCosignerKey(vkey)
const text = 'passport.example/log\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
const time = 1_795_341_600
const made = await cosign(text, time, { name, publicKey, sign })

describe('the examples of others', () => {
  it('state the time that C2SP prints', () => {
    const [, line] = parseNote(c2sp.cosigned_checkpoint_example).signatures
    expect(cosignedAt(line!.signature)).toBe(1_679_315_147)
    expect(line!.signature).toHaveLength(8 + 64)
  })

  it('state when the witnesses of a Rekor log saw it', () => {
    const [bundle] = Object.values(rekor)
    const [entry] = bundle!.verificationMaterial.tlogEntries
    const times = parseNote(entry!.inclusionProof.checkpoint.envelope).signatures.slice(1)
    expect(times.map(({ signature }) => new Date(cosignedAt(signature)! * 1000).toISOString())).toEqual([
      '2025-08-19T21:55:54.000Z',
      '2025-08-19T21:55:54.000Z',
    ])
  })
})

describe('a cosignature', () => {
  it('is a signature over its header, its time and the whole text', async () => {
    expect(made).toMatchObject({ name, keyId: witness.keyId })
    expect(cosignedAt(made.signature)).toBe(time)
    expect([...made.signature.subarray(0, 8)]).toEqual([0, 0, 0, 0, ...[24, 16, 8, 0].map(bit => (time >>> bit) & 255)])
    const plain = await readVerifierKey(printVerifierKey(name, publicKey))
    const message = utf8(`cosignature/v1\ntime ${time}\n${text}`)
    expect(await plain.verify(message, made.signature.subarray(8))).toBe(true)
  })

  it('holds for its text and no other', async () => {
    expect(await witness.verify(utf8(text), made.signature)).toBe(true)
    expect(await witness.verify(utf8(text.replace('3', '4')), made.signature)).toBe(false)
    expect(await witness.verify(utf8(`${text}more\n`), made.signature)).toBe(false)
  })

  it('is refused after any one bit of it has flipped', async () => {
    for (let bit = 0; bit < made.signature.length * 8; bit++) {
      const flipped = made.signature.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      expect(await witness.verify(utf8(text), flipped)).toBe(false)
    }
  })

  it.each([0, 7, 8, 9, 71, 73])('is none with %d bytes', async length => {
    const bytes = concatBytes(made.signature, Uint8Array.of(0)).subarray(0, length)
    expect(await witness.verify(utf8(text), bytes)).toBe(false)
  })

  it('is none at a time beyond all numbers', () => {
    expect(cosignedAt(new Uint8Array(72).fill(0xff))).toBeUndefined()
    expect(cosignedAt(Uint8Array.of(0, 0x1f, ...new Uint8Array(70).fill(0xff)))).toBe(Number.MAX_SAFE_INTEGER)
    expect(cosignedAt(Uint8Array.of(0, 0x20, ...new Uint8Array(70)))).toBeUndefined()
  })
})

describe('a cosigner key', () => {
  it('has a type and an identifier of its own', async () => {
    expect(vkey).not.toBe(printVerifierKey(name, publicKey))
    expect(vkey.split('+')[1]).not.toBe(printVerifierKey(name, publicKey).split('+')[1])
    expect(vkey.slice(name.length + 10)).toBe(base64(concatBytes(Uint8Array.of(4), publicKey)))
  })

  it('is not read as the key of a log, nor one of a log as it', async () => {
    await expect(readVerifierKey(vkey)).rejects.toThrow(failing('log_key_malformed', 'type'))
    await expect(readCosignerKey(printVerifierKey(name, publicKey))).rejects.toThrow(
      failing('log_key_malformed', 'type'),
    )
    await expect(readCosignerKey(printVerifierKey(name, publicKey, 6))).rejects.toThrow(
      failing('log_key_malformed', 'type'),
    )
  })
})

describe('those who cosigned', () => {
  const note = (...signatures: (typeof made)[]) => ({ text, signatures })
  const forged = { ...made, signature: made.signature.map((byte, at) => (at === 70 ? byte ^ 1 : byte)) }

  it('are known by name and key, and each is counted once', async () => {
    const later = await cosign(text, time + 5, { name, publicKey, sign })
    expect(await cosignersOf(note(made, made, later), [witness], time + 5)).toEqual(new Set([name]))
    expect(await cosignersOf(note(), [witness], time)).toEqual(new Set())
  })

  it('are not those who are not asked for, whatever they signed', async () => {
    const stranger = { ...forged, name: 'witness.example/w2' }
    const unknownType = { ...forged, keyId: '00000000' }
    expect(await cosignersOf(note(stranger, unknownType, made), [witness], time)).toEqual(new Set([name]))
  })

  it('do not count before the time they state', async () => {
    expect(await cosignersOf(note(made), [witness], time - 1)).toEqual(new Set())
    const earlier = await cosign(text, time - 9, { name, publicKey, sign })
    expect(await cosignersOf(note(made, earlier), [witness], time - 1)).toEqual(new Set([name]))
  })

  it('refuse the note when a signature of a known key does not hold', async () => {
    for (const signatures of [note(forged), note(made, forged), note(forged, made)])
      await expect(cosignersOf(signatures, [witness], time)).rejects.toThrow(failing('checkpoint_cosignature_invalid'))
  })

  it('may be either of two keys that share a name and an identifier', async () => {
    const impostor = { name, keyId: witness.keyId, verify: () => false }
    expect(await cosignersOf(note(made), [impostor, witness], time)).toEqual(new Set([name]))
    await expect(cosignersOf(note(made), [impostor], time)).rejects.toThrow(failing('checkpoint_cosignature_invalid'))
  })
})
