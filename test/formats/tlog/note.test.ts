/** C2SP signed notes and checkpoints: the printed examples, and what must not pass for one. */
import { describe, expect, it } from 'vitest'
import { base64, base64url, fromBase64, fromBase64url, utf8 } from '../../../src/core/bytes.js'
import { generateSigner, importSigner } from '../../../src/core/keys.js'
import type { ErrorCode } from '../../../src/errors.js'
import {
  decodeSignedCheckpoint,
  parseCheckpoint,
  printCheckpoint,
  verifyCheckpoint,
} from '../../../src/formats/tlog/checkpoint.js'
import {
  ed25519KeyId,
  isKeyName,
  type NoteVerifier,
  parseNote,
  printNote,
  printVerifierKey,
  readVerifierKey,
  verifyNote,
} from '../../../src/formats/tlog/note.js'
import c2sp from '../../vectors/tlog/c2sp-examples.json' with { type: 'json' }
import go from '../../vectors/tlog/go-note-examples.json' with { type: 'json' }

const failing = (code: ErrorCode, at?: string) =>
  expect.objectContaining({ name: 'VidimusError', code, ...(at === undefined ? {} : { at }) })

/** A verifier of the given name and identifier for a signature that nobody can check here. */
const unchecked = (name: string, keyId: string): NoteVerifier => ({ name, keyId, verify: () => true })

describe('the examples of C2SP', () => {
  it('verify with the printed key', async () => {
    const verifier = await readVerifierKey(c2sp.signed_note_vkey)
    expect(await verifyNote(parseNote(c2sp.signed_note), [verifier])).toEqual([verifier])
  })

  it.each([c2sp.signed_note, c2sp.checkpoint_example_no_key_published, c2sp.cosigned_checkpoint_example])(
    'come back to the byte',
    text => {
      expect(printNote(parseNote(text))).toBe(text)
    },
  )

  it('are read as checkpoints, cosigned or not', () => {
    const checkpoint = decodeSignedCheckpoint(c2sp.checkpoint_example_no_key_published)
    expect(checkpoint).toEqual({
      origin: 'example.com/behind-the-sofa',
      size: 20852163,
      root: fromBase64('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='),
      extensions: [],
    })
    expect(decodeSignedCheckpoint(c2sp.cosigned_checkpoint_example)).toEqual(checkpoint)
    expect(parseNote(c2sp.cosigned_checkpoint_example).signatures.map(({ name, keyId }) => [name, keyId])).toEqual([
      ['example.com/behind-the-sofa', '033de0ae'],
      ['witness.example.com/w1', '8d66cf3f'],
    ])
  })

  it('verify by the identifier of the log, whoever else has signed', async () => {
    const log = unchecked('example.com/behind-the-sofa', '033de0ae')
    expect((await verifyCheckpoint(c2sp.cosigned_checkpoint_example, [log])).size).toBe(20852163)
  })

  it('refuse when only the witness is known, or only another log', async () => {
    const witness = unchecked('witness.example.com/w1', '8d66cf3f')
    const log = unchecked('example.com/behind-the-sofa', '00000000')
    const text = c2sp.cosigned_checkpoint_example
    await expect(verifyCheckpoint(text, [witness])).rejects.toThrow(failing('checkpoint_origin_mismatch'))
    await expect(verifyCheckpoint(text, [witness, log])).rejects.toThrow(failing('checkpoint_signature_missing'))
  })
})

describe('the examples of golang.org/x/mod/sumdb/note', () => {
  const note = `${go.text}\n${go.peter_signature_line}${go.enoch_signature_line}`

  it('verify with either key and with both', async () => {
    const [peter, enoch] = [await readVerifierKey(go.peter_vkey), await readVerifierKey(go.enoch_vkey)]
    expect(await verifyNote(parseNote(note), [peter])).toEqual([peter])
    expect(await verifyNote(parseNote(note), [enoch])).toEqual([enoch])
    expect(await verifyNote(parseNote(note), [enoch, peter])).toEqual([peter, enoch])
    expect(printNote(parseNote(note))).toBe(note)
  })

  it('print the verifier keys they are', async () => {
    for (const vkey of [go.peter_vkey, go.enoch_vkey]) {
      const [name, , encoded] = vkey.split('+')
      expect(printVerifierKey(name!, fromBase64(encoded!).subarray(1))).toBe(vkey)
    }
  })

  it.each(go.bad_vkeys)('refuse the bad key %s', async vkey => {
    await expect(readVerifierKey(vkey)).rejects.toThrow(failing('log_key_malformed'))
  })

  it('are signed again, to the byte, with the printed private key', async () => {
    // `PRIVATE+KEY+name+id+base64(type || seed)`
    const seed = fromBase64(go.peter_skey.split('+').slice(4).join('+')).subarray(1)
    const x = fromBase64(go.peter_vkey.split('+').slice(2).join('+')).subarray(1)
    const signer = await importSigner({ kty: 'OKP', crv: 'Ed25519', x: base64url(x), d: base64url(seed) })
    const signature = await signer.sign(utf8(go.text))
    const signatures = [{ name: 'PeterNeumann', keyId: ed25519KeyId('PeterNeumann', x), signature }]
    expect(printNote({ text: go.text, signatures })).toBe(`${go.text}\n${go.peter_signature_line}`)
  })

  it('refuse a signature by a known key that does not hold, though another does', async () => {
    const verifiers = [await readVerifierKey(go.peter_vkey), await readVerifierKey(go.enoch_vkey)]
    const swapped = note.replace(go.enoch_signature_line, harmed(go.enoch_signature_line))
    await expect(verifyNote(parseNote(swapped), verifiers)).rejects.toThrow(failing('checkpoint_signature_invalid'))
    expect(await verifyNote(parseNote(swapped), [verifiers[0]!])).toHaveLength(1)
  })

  it('refuse a second signature by the same key that does not hold', async () => {
    const peter = await readVerifierKey(go.peter_vkey)
    const twice = `${go.text}\n${go.peter_signature_line}${harmed(go.peter_signature_line)}`
    await expect(verifyNote(parseNote(twice), [peter])).rejects.toThrow(failing('checkpoint_signature_invalid'))
  })

  it('refuse another text under the same signatures', async () => {
    const peter = await readVerifierKey(go.peter_vkey)
    const other = parseNote(`${go.text}P.S.\n\n${go.peter_signature_line}`)
    await expect(verifyNote(other, [peter])).rejects.toThrow(failing('checkpoint_signature_invalid'))
  })

  it('ignore a known name under another identifier, and a known identifier under another name', async () => {
    const peter = await readVerifierKey(go.peter_vkey)
    const missing = failing('checkpoint_signature_missing')
    await expect(verifyNote(parseNote(note), [{ ...peter, keyId: '00000000' }])).rejects.toThrow(missing)
    await expect(verifyNote(parseNote(note), [{ ...peter, name: 'EnochRoot' }])).rejects.toThrow(missing)
    await expect(verifyNote(parseNote(note), [])).rejects.toThrow(missing)
  })

  it('let either of two keys with one name and identifier have signed', async () => {
    const peter = await readVerifierKey(go.peter_vkey)
    const twin = { ...peter, verify: () => false }
    expect(await verifyNote(parseNote(note), [twin, peter])).toEqual([peter])
  })
})

/** The last character of the first base64 group changed. */
const harmed = (line: string): string =>
  line.replace(/(.{20})(.)(.{10})\n$/, (_, a, b, c) => `${a}${b === 'A' ? 'B' : 'A'}${c}\n`)

describe('a note', () => {
  const signature = `\u2014 log.example ${base64(new Uint8Array(68).fill(7))}\n`

  it('is split at its last blank line', () => {
    expect(parseNote(`a\n\nb\n\n${signature}`).text).toBe('a\n\nb\n')
  })

  it.each([
    ['no blank line', `a\n${signature}`, 'blank line'],
    ['no final newline', `a\n\n${signature.trimEnd()}`, 'newline'],
    ['a tab', `a\tb\n\n${signature}`, 'control character'],
    ['a carriage return', `a\r\n\n${signature}`, 'control character'],
    ['a null', `a\0\n\n${signature}`, 'control character'],
    ['half of a character', `a\ud83d\n\n${signature}`, 'half character'],
    ['a line that is no signature', `a\n\n${signature}b\n`, 'signature line'],
    ['a hyphen for the dash', `a\n\n${signature.replace('\u2014', '-')}`, 'signature line'],
    ['no space after the dash', `a\n\n${signature.replace('\u2014 ', '\u2014')}`, 'signature line'],
    ['a signature without name', `a\n\n\u2014 AAAAAAAA\n`, 'signature line'],
    ['an empty name', `a\n\n\u2014  AAAAAAAA\n`, 'signature name'],
    ['a plus in a name', `a\n\n\u2014 a+b AAAAAAAA\n`, 'signature name'],
    ['a no-break space in a name', `a\n\n\u2014 a\u00a0b AAAAAAAA\n`, 'signature name'],
    ['a third part', `a\n\n\u2014 a AAAAAAAA AAAAAAAA\n`, 'signature line'],
    ['a trailing space', `a\n\n\u2014 a AAAAAAAA \n`, 'signature line'],
    ['a signature that is only an identifier', `a\n\n\u2014 a AAAAAA==\n`, 'signature length'],
    ['base64 without its padding', `a\n\n\u2014 a AAAAAAA\n`, 'signature encoding'],
    ['base64 with bits left over', `a\n\n\u2014 a AAAAAAB=\n`, 'signature encoding'],
    ['base64url', `a\n\n\u2014 a AAAAAAA_\n`, 'signature encoding'],
  ])('is malformed with %s', (_, text, at) => {
    expect(() => parseNote(text)).toThrow(failing('checkpoint_malformed', at))
  })

  it('that nobody signed is told from a malformed one', () => {
    expect(() => parseNote('a\n\n')).toThrow(failing('checkpoint_signature_missing'))
  })

  it('may have 16 signatures and more, but not more than are read', () => {
    expect(parseNote(`a\n\n${signature.repeat(100)}`).signatures).toHaveLength(100)
    expect(() => parseNote(`a\n\n${signature.repeat(101)}`)).toThrow(failing('limit_exceeded'))
  })

  it('may hold 16 post-quantum signatures, but is not read beyond its limit', () => {
    const large = `\u2014 log.example ${base64(new Uint8Array(5000))}\n`
    expect(parseNote(`a\n\n${large.repeat(16)}`).signatures).toHaveLength(16)
    const rest = `\n\n${signature}`
    const longest = 'a'.repeat(256 * 1024 - rest.length) + rest
    expect(parseNote(longest).signatures).toHaveLength(1)
    expect(() => parseNote(`a${longest}`)).toThrow(failing('limit_exceeded'))
  })
})

describe('a verifier key', () => {
  const key = Uint8Array.from({ length: 32 }, (_, index) => index)
  const vkey = printVerifierKey('log.example', key)
  const withKey = (bytes: Uint8Array, keyId = ed25519KeyId('log.example', key)) =>
    `log.example+${keyId}+${base64(bytes)}`

  it('comes back from its text', async () => {
    expect(await readVerifierKey(vkey)).toMatchObject({ name: 'log.example', keyId: vkey.split('+')[1] })
  })

  it.each([
    ['nothing', '', 'parts'],
    ['a name alone', 'log.example', 'parts'],
    ['an empty name', vkey.replace('log.example', ''), 'parts'],
    ['a space in its name', vkey.replace('log.', 'log '), 'parts'],
    ['a control character in its name', vkey.replace('log.', 'log\u0001'), 'parts'],
    ['another name', vkey.replace('log.', 'lag.'), 'identifier'],
    ['another identifier', vkey.replace(/\+.{8}\+/, '+00000000+'), 'identifier'],
    ['an identifier in capitals', vkey.replace(/\+.{8}\+/, id => id.toUpperCase()), 'parts'],
    ['a short identifier', vkey.replace(/\+.{8}\+/, '+0000000+'), 'parts'],
    ['text after its end', `${vkey}\n`, 'parts'],
    ['padding that is not needed', `${vkey}==`, 'encoding'],
    ['base64url', printVerifierKey('log.example', new Uint8Array(32).fill(255)).replaceAll('/', '_'), 'parts'],
    ['another type', withKey(Uint8Array.of(2, ...key)), 'type'],
    ['no key', withKey(Uint8Array.of(1)), 'key'],
    ['a key cut short', withKey(Uint8Array.of(1, ...key.subarray(1))), 'key'],
    ['a key with a byte too many', withKey(Uint8Array.of(1, ...key, 0)), 'key'],
  ])('is malformed with %s', async (_, text, at) => {
    expect(text).not.toBe(vkey)
    await expect(readVerifierKey(text)).rejects.toThrow(failing('log_key_malformed', at))
  })

  it('has an identifier of its own for a key of a wrong length, and is refused all the same', async () => {
    const short = key.subarray(1)
    await expect(readVerifierKey(printVerifierKey('log.example', short))).rejects.toThrow(failing('log_key_malformed'))
  })

  it.each([
    ['log.example/42', true],
    ['журнал.рф', true],
    ['', false],
    ['a b', false],
    ['a+b', false],
    ['a\u2003b', false],
    ['a\nb', false],
    ['a\u0000b', false],
    ['a\ud83d', false],
    [42, false],
    [undefined, false],
  ])('may have the name %j: %s', (name, allowed) => {
    expect(isKeyName(name)).toBe(allowed)
  })
})

describe('the text of a checkpoint', () => {
  const root = base64(new Uint8Array(32).fill(3))

  it.each([
    `log.example\n0\n${root}\n`,
    `log.example with spaces\n9007199254740991\n${root}\n`,
    `log.example\n10\n${root}\nan extension\nanother\n`,
  ])('comes back to the byte: %j', text => {
    expect(printCheckpoint(parseCheckpoint(text))).toBe(text)
  })

  it('keeps its extension lines', () => {
    expect(parseCheckpoint(`log\n1\n${root}\none\ntwo\n`).extensions).toEqual(['one', 'two'])
  })

  it.each([
    ['no lines', '', 'lines'],
    ['no size', 'log\n', 'lines'],
    ['an empty line alone', '\n', 'empty line'],
    ['no final newline', `log\n1\n${root}`, 'newline'],
    ['no root', 'log\n1\n', 'lines'],
    ['an empty origin', `\n1\n${root}\n`, 'empty line'],
    ['an empty extension', `log\n1\n${root}\n\nmore\n`, 'empty line'],
    ['a leading zero', `log\n01\n${root}\n`, 'size'],
    ['two zeros', `log\n00\n${root}\n`, 'size'],
    ['a sign', `log\n+1\n${root}\n`, 'size'],
    ['a negative size', `log\n-1\n${root}\n`, 'size'],
    ['a fraction', `log\n1.0\n${root}\n`, 'size'],
    ['an exponent', `log\n1e1\n${root}\n`, 'size'],
    ['a hexadecimal size', `log\n0x1\n${root}\n`, 'size'],
    ['digits of another script', `log\n\u0661\n${root}\n`, 'size'],
    ['a space after the size', `log\n1 \n${root}\n`, 'size'],
    ['an empty size', `log\n\n${root}\n`, 'empty line'],
    ['a size beyond the safe integers', `log\n9007199254740992\n${root}\n`, 'size'],
    ['a root of 31 bytes', `log\n1\n${base64(new Uint8Array(31))}\n`, 'root'],
    ['a root of 33 bytes', `log\n1\n${base64(new Uint8Array(33))}\n`, 'root'],
    ['a root without padding', `log\n1\n${root.replace('=', '')}\n`, 'root'],
    ['a root in base64url', `log\n1\n${base64(new Uint8Array(32).fill(255)).replaceAll('/', '_')}\n`, 'root'],
  ])('is malformed with %s', (_, text, at) => {
    expect(() => parseCheckpoint(text)).toThrow(failing('checkpoint_malformed', at))
  })
})

describe('a signed checkpoint', () => {
  it('is refused after any one bit of it has flipped', async () => {
    const signer = await generateSigner('EdDSA')
    const publicKey = fromBase64url(signer.publicJwk.x)
    const verifier = await readVerifierKey(printVerifierKey('log.example', publicKey))
    const text = printCheckpoint({ origin: 'log.example', size: 77, root: publicKey, extensions: [] })
    const signature = await signer.sign(utf8(text))
    const note = printNote({ text, signatures: [{ name: verifier.name, keyId: verifier.keyId, signature }] })
    expect((await verifyCheckpoint(note, [verifier])).size).toBe(77)
    const bytes = utf8(note)
    let accepted = 0
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const text = new TextDecoder().decode(flipped)
      const refused = await verifyCheckpoint(text, [verifier]).then(
        () => undefined,
        error => error.code,
      )
      if (refused === undefined) accepted++
      else expect(refused).toMatch(/^checkpoint_/)
    }
    expect(accepted).toBe(0)
  })

  it('is refused with a signature of another length', async () => {
    const signer = await generateSigner('EdDSA')
    const vkey = printVerifierKey('log.example', fromBase64url(signer.publicJwk.x))
    const verifier = await readVerifierKey(vkey)
    const text = printCheckpoint({ origin: 'log.example', size: 1, root: new Uint8Array(32), extensions: [] })
    const signature = await signer.sign(utf8(text))
    for (const wrong of [signature.subarray(1), Uint8Array.of(...signature, 0)]) {
      const note = printNote({ text, signatures: [{ name: verifier.name, keyId: verifier.keyId, signature: wrong }] })
      await expect(verifyCheckpoint(note, [verifier])).rejects.toThrow(failing('checkpoint_signature_invalid'))
    }
  })
})
