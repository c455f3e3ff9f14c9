/** Witnesses: what they sign, what they refuse, and what their signatures are worth to those who verify. */
import { describe, expect, it } from 'vitest'
import { verifyChain } from '../../src/audit/chain.js'
import type { AuditEntry } from '../../src/audit/entry.js'
import { verifyHistory } from '../../src/audit/history.js'
import { verifyCheckpoint } from '../../src/audit/policy.js'
import { type ConsistencyProof, verifyConsistency, verifyInclusion } from '../../src/audit/proof.js'
import {
  type Witness,
  type WitnessMemory,
  type WitnessOptions,
  withCosignatures,
  witness,
  witnessMemory,
} from '../../src/audit/witness.js'
import { witnessMemoryIn } from '../../src/audit/witness-store.js'
import { base64, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { printCheckpoint } from '../../src/formats/tlog/checkpoint.js'
import { ed25519KeyId, parseNote, printNote } from '../../src/formats/tlog/note.js'
import { memoryStore as wholeStore } from '../../src/store/memory.js'
import { act, failing, hostile, memoryStore, origin, refusal, type World, world, worldOf } from './world.js'

const clock = { now: new Date('2026-11-22T10:00:00Z') }
const now = () => clock.now

async function witnessOf(logKey: string, options: Partial<WitnessOptions> = {}): Promise<Witness> {
  const signer = await generateSigner('EdDSA')
  return witness({ name: 'witness.example/w1', signer, logKey, memory: witnessMemory(), now, ...options })
}

const grow = async ({ log }: World, entries: number): Promise<string> => {
  for (let more = 0; more < entries; more++) await log.append(act())
  return log.checkpoint()
}

/** A checkpoint of the log's own key over whatever is said. */
async function signedBy(signer: Signer, size: number, root: Uint8Array, name = origin): Promise<string> {
  const text = printCheckpoint({ origin: name, size, root, extensions: [] })
  const keyId = ed25519KeyId(name, fromBase64url(signer.publicJwk.x))
  return printNote({ text, signatures: [{ name, keyId, signature: await signer.sign(utf8(text)) }] })
}

const { log: anyLog } = await world()
const [one, two, elliptic] = [
  await generateSigner('EdDSA'),
  await generateSigner('EdDSA'),
  await generateSigner('ES256'),
]

describe('a witness', () => {
  it('cosigns a log as it grows', async () => {
    const { log } = await worldOf(3)
    const w = await witnessOf(log.verifierKey)
    const first = await w.trustFirst(await log.checkpoint())
    expect(first).toMatchObject({ origin, size: 3 })
    for (const [from, size] of [
      [3, 4],
      [4, 5],
      [5, 9],
    ] as const) {
      for (let more = from; more < size; more++) await log.append(act())
      const { checkpoint, cosignature } = await w.cosign(await log.checkpoint(), await log.proveConsistency(from))
      const options = { logKey: log.verifierKey, witnesses: { keys: w.verifierKey, threshold: 1 }, now }
      expect(await verifyCheckpoint(checkpoint, options)).toMatchObject({
        ok: true,
        size,
        witnesses: ['witness.example/w1'],
      })
      expect(checkpoint).toBe((await log.checkpoint()) + cosignature)
    }
  })

  it('believes no first checkpoint unless it is told to', async () => {
    const { log } = await worldOf(2)
    const w = await witnessOf(log.verifierKey)
    await expect(w.cosign(await log.checkpoint())).rejects.toMatchObject(failing('witness_log_unknown'))
    await expect(w.cosign(await log.checkpoint(), await log.proveConsistency(1))).rejects.toMatchObject(
      failing('witness_log_unknown'),
    )
  })

  it('is told only once: another first checkpoint is held against what it has', async () => {
    const made = await worldOf(2)
    const w = await witnessOf(made.log.verifierKey)
    const first = await made.log.checkpoint()
    await w.trustFirst(first)
    await expect(w.trustFirst(await grow(made, 1))).rejects.toMatchObject(failing('witness_size_mismatch'))
    expect(await w.trustFirst(first)).toMatchObject({ size: 2 })
  })

  it('cosigns the same size again, at the time that it is then', async () => {
    const { log } = await worldOf(2)
    const w = await witnessOf(log.verifierKey)
    const first = await w.trustFirst(await log.checkpoint())
    clock.now = new Date('2026-11-22T10:30:00Z')
    const again = await w.cosign(first.checkpoint, { fromSize: 2, toSize: 2, hashes: [] })
    expect(again.cosignature).not.toBe(first.cosignature)
    expect(again.checkpoint).toBe((await log.checkpoint()) + again.cosignature)
    clock.now = new Date('2026-11-22T10:00:00Z')
  })

  it('follows a log from before its first entry', async () => {
    const made = await world()
    const w = await witnessOf(made.log.verifierKey)
    await w.trustFirst(await made.log.checkpoint())
    expect(await w.cosign(await grow(made, 5))).toMatchObject({ size: 5 })
  })

  it('follows several logs, each for itself', async () => {
    const one = await worldOf(2)
    const two = await world({ origin: 'other.example/log' })
    const w = await witnessOf(one.log.verifierKey, { logKey: [one.log.verifierKey, two.log.verifierKey] })
    await w.trustFirst(await one.log.checkpoint())
    await expect(w.cosign(await grow(two, 1))).rejects.toMatchObject(failing('witness_log_unknown'))
    await w.trustFirst(await two.log.checkpoint())
    expect(await w.cosign(await one.log.checkpoint())).toMatchObject({ origin, size: 2 })
  })

  it('signs with the key that its signer has by then', async () => {
    const { log } = await worldOf(2)
    const signers = [await generateSigner('EdDSA'), await generateSigner('EdDSA')]
    const w = await witnessOf(log.verifierKey, { signer: () => signers[0]! })
    const before = w.verifierKey
    await w.trustFirst(await log.checkpoint())
    signers.shift()
    const { checkpoint } = await w.cosign(await log.checkpoint())
    expect(w.verifierKey).not.toBe(before)
    const options = { logKey: log.verifierKey, witnesses: { keys: [before, w.verifierKey], threshold: 1 }, now }
    expect(await verifyCheckpoint(checkpoint, options)).toMatchObject({ ok: true })
  })

  describe('refuses', async () => {
    const made = await worldOf(4)
    const { log, signer } = made
    const kept = await log.checkpoint()
    const older = await signedBy(signer, 3, new Uint8Array(32))
    const fresh = await grow(made, 3)
    const proof = await log.proveConsistency(4)
    const keeping = async () => {
      const w = await witnessOf(log.verifierKey)
      await w.trustFirst(kept)
      return w
    }

    it.each<[string, string, ConsistencyProof | undefined, object]>([
      ['an older checkpoint', older, undefined, failing('log_rolled_back', { expected: 4, actual: 3 })],
      [
        'another root at the size that it has',
        await signedBy(signer, 4, new Uint8Array(32)),
        undefined,
        failing('log_forked'),
      ],
      ['growth without a proof', fresh, undefined, failing('witness_size_mismatch', { expected: 4 })],
      [
        'a proof from another size',
        fresh,
        await log.proveConsistency(5),
        failing('witness_size_mismatch', { expected: 4, actual: 5 }),
      ],
      ['a proof to another size', fresh, await log.proveConsistency(4, 6), failing('audit_consistency_invalid')],
      [
        'the right hashes for another size',
        fresh,
        { ...proof, toSize: proof.toSize + 1 },
        failing('audit_consistency_invalid', { at: 'toSize' }),
      ],
      [
        'a proof that lacks a hash',
        fresh,
        { ...proof, hashes: proof.hashes.slice(1) },
        failing('audit_consistency_invalid'),
      ],
      [
        'a proof with a hash too many',
        fresh,
        { ...proof, hashes: [...proof.hashes, proof.hashes[0]!] },
        failing('audit_consistency_invalid'),
      ],
      [
        'a fork with the proof of the true log',
        await signedBy(signer, 7, new Uint8Array(32)),
        proof,
        failing('audit_consistency_invalid'),
      ],
      [
        'what another key signed',
        await (await worldOf(4)).log.checkpoint(),
        undefined,
        failing('checkpoint_signature_missing'),
      ],
      [
        'another log',
        await signedBy(signer, 4, new Uint8Array(32), 'other.example/log'),
        undefined,
        failing('checkpoint_origin_mismatch'),
      ],
      [
        'hashes for the same size',
        kept,
        { fromSize: 4, toSize: 4, hashes: proof.hashes },
        failing('audit_consistency_invalid'),
      ],
    ])('%s', async (_, checkpoint, given, error) => {
      const w = await keeping()
      await expect(w.cosign(checkpoint, given)).rejects.toMatchObject(error)
      expect(await w.cosign(fresh, proof)).toMatchObject({ size: 7 })
    })

    it.each(hostile())('%s in the place of a checkpoint', async (_, value) => {
      await expect((await keeping()).cosign(value as string)).rejects.toMatchObject({ name: 'VidimusError' })
    })

    it.each(hostile().slice(1))('%s in the place of a proof', async (_, value) => {
      await expect((await keeping()).cosign(fresh, value as ConsistencyProof)).rejects.toMatchObject(
        failing('audit_proof_malformed'),
      )
    })

    it('an empty log that is not empty', async () => {
      const w = await witnessOf(log.verifierKey)
      await expect(w.trustFirst(await signedBy(signer, 0, new Uint8Array(32)))).rejects.toMatchObject(
        failing('audit_consistency_invalid'),
      )
    })

    it('hashes in front of the first entry', async () => {
      const made = await world()
      const w = await witnessOf(made.log.verifierKey)
      await w.trustFirst(await made.log.checkpoint())
      const hashes = { fromSize: 0, toSize: 2, hashes: proof.hashes }
      await expect(w.cosign(await grow(made, 2), hashes)).rejects.toMatchObject(failing('audit_consistency_invalid'))
    })
  })

  it('advances once when two calls come at the same time, and holds the slower one against the faster', async () => {
    const made = await worldOf(2)
    const { log } = made
    const kept = witnessMemory()
    let gate = Promise.resolve()
    const slow: WitnessMemory = {
      find: async origin => {
        const found = await kept.find(origin)
        await gate
        return found
      },
      replace: (...step) => kept.replace(...step),
    }
    const w = await witnessOf(log.verifierKey, { memory: slow })
    await w.trustFirst(await log.checkpoint())
    const [three, fromTwo] = [await grow(made, 1), await log.proveConsistency(2)]
    const five = await grow(made, 2)
    const toFive = await log.proveConsistency(2)
    let open = () => {}
    gate = new Promise(resolve => {
      open = resolve
    })
    const both = Promise.allSettled([w.cosign(five, toFive), w.cosign(three, fromTwo)])
    open()
    const [first, second] = await both
    expect(first).toMatchObject({ status: 'fulfilled', value: { size: 5 } })
    expect(second).toMatchObject({ status: 'rejected', reason: failing('log_rolled_back') })
    expect(await kept.find(origin)).toBe(five)
  })

  it('remembers in a store what it cosigned, whoever goes on for it', async () => {
    const made = await worldOf(2)
    const { log } = made
    const store = wholeStore()
    const [w, other] = [
      await witnessOf(log.verifierKey, { signer: one, memory: witnessMemoryIn(store) }),
      await witnessOf(log.verifierKey, { signer: one, memory: witnessMemoryIn(store) }),
    ]
    await expect(w.cosign(await log.checkpoint())).rejects.toMatchObject(failing('witness_log_unknown'))
    await w.trustFirst(await log.checkpoint())
    const next = await grow(made, 2)
    expect(await other.cosign(next, await log.proveConsistency(2))).toMatchObject({ size: 4 })
    await expect(w.cosign(next, await log.proveConsistency(2))).rejects.toMatchObject(
      failing('witness_size_mismatch', { expected: 4 }),
    )
    expect(await witnessMemoryIn(store).find(origin)).toBe(next)
  })

  it('remembers in no store that keeps no witness', () => {
    for (const store of [undefined, null, {}, memoryStore(), { ...wholeStore(), transaction: undefined }])
      expect(() => witnessMemoryIn(store as never)).toThrow('`store`')
  })

  it('hands out nothing before it is kept', async () => {
    const { log } = await worldOf(2)
    const memory: WitnessMemory = {
      find: () => undefined,
      replace: () => {
        throw new Error('the disk is full')
      },
    }
    const w = await witnessOf(log.verifierKey, { memory })
    await expect(w.trustFirst(await log.checkpoint())).rejects.toThrow('the disk is full')
  })

  it.each<[string, object]>([
    ['name', { name: 'two words' }],
    ['name', { name: '' }],
    ['memory', { memory: undefined }],
    ['memory', { memory: { find: () => undefined } }],
    ['logKey', { logKey: 'key' }],
    ['signer', { signer: elliptic }],
    ['signer', { signer: { ...one, publicJwk: two.publicJwk } }],
  ])('is not opened with a wrong `%s`', async (argument, options) => {
    await expect(witnessOf(anyLog.verifierKey, options)).rejects.toThrow(TypeError)
    await expect(witnessOf(anyLog.verifierKey, options)).rejects.toThrow(`\`${argument}`)
  })
})

describe('cosignatures under a checkpoint', async () => {
  const { log } = await worldOf(2)
  const plain = await log.checkpoint()
  const w = await witnessOf(log.verifierKey)
  const { cosignature, checkpoint } = await w.trustFirst(plain)

  it('are added once for each key, the latest', async () => {
    clock.now = new Date('2026-11-22T10:00:09Z')
    const later = await w.cosign(plain)
    clock.now = new Date('2026-11-22T10:00:00Z')
    expect(withCosignatures(plain, [cosignature])).toBe(checkpoint)
    expect(withCosignatures(checkpoint, [cosignature, later.cosignature])).toBe(plain + later.cosignature)
    expect(withCosignatures(plain, [])).toBe(plain)
    expect(withCosignatures(plain, [cosignature + cosignature])).toBe(checkpoint)
  })

  it.each([
    ['what is no line of a signature', 'signed\n', 'checkpoint_malformed'],
    ['a line without an end', cosignature.slice(0, -1), 'checkpoint_malformed'],
    ['nothing', '', 'checkpoint_signature_missing'],
    ['another note', `\n${plain}`, 'checkpoint_malformed'],
  ])('are not %s', (_, lines, code) => {
    expect(() => withCosignatures(plain, [lines])).toThrow(expect.objectContaining({ code }))
  })

  it('are no more than can be read again', () => {
    const { text, signatures } = parseNote(checkpoint)
    const lines = Array.from({ length: 100 }, (_, index) =>
      printNote({ text, signatures: [{ ...signatures[1]!, name: `witness.example/${index}` }] }).slice(text.length + 1),
    )
    expect(withCosignatures(plain, lines.slice(0, 99))).toContain('witness.example/98')
    expect(() => withCosignatures(plain, lines)).toThrow(expect.objectContaining({ code: 'limit_exceeded' }))
  })
})

describe('a policy of k of n witnesses', async () => {
  const made = await worldOf(3)
  const { log } = made
  const logKey = log.verifierKey
  const names = ['witness.example/w1', 'witness.example/w2', 'witness.example/w3']
  const all = await Promise.all(names.map(name => witnessOf(logKey, { name })))
  const kept = await log.checkpoint()
  for (const w of all) await w.trustFirst(kept)
  const fresh = await grow(made, 2)
  const proof = await log.proveConsistency(3)
  const lines = await Promise.all(all.map(async w => (await w.cosign(fresh, proof)).cosignature))
  const keys = all.map(w => w.verifierKey)
  const policy = (threshold: number, asked: readonly string[] = keys) => ({
    logKey,
    now,
    witnesses: { keys: asked, threshold },
  })
  const cosigned = (...by: number[]) =>
    withCosignatures(
      fresh,
      by.map(index => lines[index]!),
    )
  const missing = (expected: number, actual: number) => refusal('checkpoint_witnesses_missing', { expected, actual })

  it('holds with k, in any order, and not with fewer', async () => {
    expect(await verifyCheckpoint(cosigned(2, 0), policy(2))).toEqual({
      ok: true,
      origin,
      size: 5,
      root: base64(fromBase64url(base64urlRoot(fresh))),
      witnesses: [names[2], names[0]],
    })
    expect(await verifyCheckpoint(cosigned(1), policy(2))).toMatchObject(missing(2, 1))
    expect(await verifyCheckpoint(fresh, policy(1))).toMatchObject(missing(1, 0))
    expect(await verifyCheckpoint(cosigned(0, 1, 2), policy(3))).toMatchObject({ ok: true })
  })

  it('asks for no witness where none is named', async () => {
    expect(await verifyCheckpoint(fresh, { logKey })).toMatchObject({ ok: true, witnesses: [] })
  })

  it('does not stand for the signature of the log', async () => {
    const { text, signatures } = parseNote(cosigned(0, 1, 2))
    const without = printNote({ text, signatures: signatures.slice(1) })
    expect(await verifyCheckpoint(without, policy(1))).toMatchObject(refusal('checkpoint_signature_missing'))
  })

  it('counts a witness once, whatever it signed and however many keys it has', async () => {
    const second = await witnessOf(logKey, { name: names[0]! })
    await second.trustFirst(fresh)
    const { cosignature } = await second.cosign(fresh)
    const twice = cosigned(0) + lines[0] + cosignature
    const options = policy(2, [...keys, second.verifierKey])
    expect(await verifyCheckpoint(twice, options)).toMatchObject(missing(2, 1))
  })

  it('ignores who is not of it, also in a crowd', async () => {
    const { text, signatures } = parseNote(cosigned(0))
    const crowd = Array.from({ length: 40 }, (_, index) => ({ ...signatures[1]!, name: `stranger.example/${index}` }))
    const note = printNote({ text, signatures: [...crowd, ...signatures] })
    expect(await verifyCheckpoint(note, policy(1))).toMatchObject({ ok: true, witnesses: [names[0]] })
    expect(await verifyCheckpoint(note, policy(2))).toMatchObject(missing(2, 1))
  })

  it('takes sixteen witnesses and more', async () => {
    const many = await Promise.all(
      Array.from({ length: 20 }, (_, index) => witnessOf(logKey, { name: `witness.example/${index}` })),
    )
    const signed = await Promise.all(many.map(w => w.trustFirst(fresh)))
    const note = withCosignatures(
      fresh,
      signed.map(({ cosignature }) => cosignature),
    )
    const options = policy(
      20,
      many.map(w => w.verifierKey),
    )
    expect(await verifyCheckpoint(note, options)).toMatchObject({ ok: true })
  })

  it('does not count a cosignature from the future, but allows a clock a minute', async () => {
    const at = (iso: string) => ({ ...policy(1), now: () => new Date(iso) })
    expect(await verifyCheckpoint(cosigned(0), at('2026-11-22T09:59:00Z'))).toMatchObject({ ok: true })
    expect(await verifyCheckpoint(cosigned(0), at('2026-11-22T09:58:59Z'))).toMatchObject(missing(1, 0))
  })

  it('refuses a cosignature that does not hold, though enough others do', async () => {
    const { text, signatures } = parseNote(cosigned(0, 1, 2))
    const last = signatures.at(-1)!
    const forged = { ...last, signature: last.signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) }
    const note = printNote({ text, signatures: [...signatures.slice(0, -1), forged] })
    expect(await verifyCheckpoint(note, policy(2))).toMatchObject(refusal('checkpoint_cosignature_invalid'))
  })

  it('is asked of inclusion, consistency, history and chain alike', async () => {
    const inclusion = await log.proveInclusion(1)
    const history = await log.history('citizen 0')
    const chain: AuditEntry[] = []
    for await (const entry of log.entries()) chain.push(entry)
    const ask = async (checkpoint: string) => [
      await verifyInclusion({ ...inclusion, checkpoint }, policy(2)),
      await verifyInclusion(inclusion, { ...policy(2), checkpoint }),
      await verifyConsistency(proof, { ...policy(2), from: kept, to: checkpoint }),
      await verifyHistory({ ...history, checkpoint }, policy(2)),
      await verifyChain(chain, { ...policy(2), head: checkpoint }),
    ]
    for (const verdict of await ask(cosigned(0, 2))) expect(verdict).toMatchObject({ ok: true })
    for (const verdict of await ask(cosigned(1))) expect(verdict).toMatchObject(missing(2, 1))
  })

  it.each<[string, object | null]>([
    ['witnesses.threshold', { keys, threshold: 0 }],
    ['witnesses.threshold', { keys, threshold: 4 }],
    ['witnesses.threshold', { keys, threshold: 1.5 }],
    ['witnesses.threshold', { keys }],
    ['witnesses.threshold', { keys: [keys[0], keys[0]], threshold: 2 }],
    ['witnesses.keys', { threshold: 1 }],
    ['witnesses.keys', { keys: [], threshold: 1 }],
    ['witnesses.keys', { keys: [logKey], threshold: 1 }],
    ['witnesses', null],
  ])('is not made of a wrong `%s`', async (argument, witnesses) => {
    const options = { logKey, witnesses } as never
    await expect(verifyCheckpoint(fresh, options)).rejects.toThrow(`\`${argument}\``)
  })

  it('is not made of one key under two names', async () => {
    const signer = await generateSigner('EdDSA')
    const [one, two] = [await witnessOf(logKey, { signer }), await witnessOf(logKey, { signer, name: names[1]! })]
    await expect(verifyCheckpoint(fresh, policy(2, [one.verifierKey, two.verifierKey]))).rejects.toThrow(
      '`witnesses.keys`',
    )
  })

  it('of a chain goes with the key of its log', async () => {
    await expect(verifyChain([], { witnesses: { keys, threshold: 1 } })).rejects.toThrow('`witnesses`')
  })

  it.each(hostile())('refuses %s in the place of a checkpoint', async (_, value) => {
    expect(await verifyCheckpoint(value, policy(1))).toMatchObject({ ok: false, code: expect.any(String) })
  })
})

/** The root that a checkpoint states, base64url. */
function base64urlRoot(checkpoint: string): string {
  return checkpoint.split('\n')[2]!.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
}
