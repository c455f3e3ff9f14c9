/** Inclusion and consistency as a third party checks them: with the key of the log, and no trust in anyone else. */
import { describe, expect, it } from 'vitest'
import type { ConsistencyProof, InclusionProof } from '../../src/audit/proof.js'
import { verifyConsistency, verifyInclusion } from '../../src/audit/proof.js'
import { base64url, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { act, failing, hostile, origin, refusal, world, worldOf } from './world.js'

const size = 13
const { log, signer } = await worldOf(size)
const logKey = log.verifierKey
const checkpoint = await log.checkpoint()
const other = await worldOf(size)

const reparsed = <T>(value: T): T => JSON.parse(JSON.stringify(value))
const flip = (hash: string, at = 0): string => {
  const bytes = fromBase64url(hash)
  bytes[at]! ^= 1
  return base64url(bytes)
}
const code = async (verdict: Promise<{ ok: boolean; code?: string }>): Promise<string | undefined> => {
  const { ok, code } = await verdict
  return ok ? undefined : code
}

describe('an inclusion proof', async () => {
  it('holds for every entry, also after a journey as JSON', async () => {
    for (let index = 0; index < size; index++) {
      const proof = await log.proveInclusion(index)
      const verdict = await verifyInclusion(reparsed(proof), { logKey })
      expect(verdict).toEqual({ ok: true, entry: proof.entry, index, origin, size })
      expect(Object.isFrozen(verdict) && Object.isFrozen(proof) && Object.isFrozen(proof.hashes)).toBe(true)
    }
  })

  it('is empty for the only entry of a log', async () => {
    const single = await worldOf(1)
    const proof = await single.log.proveInclusion(0)
    expect(proof.hashes).toEqual([])
    expect(await verifyInclusion(proof, { logKey: single.log.verifierKey })).toMatchObject({ ok: true, size: 1 })
  })

  it('holds with its members in any order and white space between them', async () => {
    const { entry, ...rest } = await log.proveInclusion(4)
    const reordered = { ...rest, entry: Object.fromEntries(Object.entries(entry).reverse()) }
    expect(await verifyInclusion(JSON.parse(JSON.stringify(reordered, null, 4)), { logKey })).toMatchObject({
      ok: true,
    })
  })

  it('is made for an older checkpoint that the other side holds', async () => {
    const { log } = await worldOf(6)
    const held = await log.checkpoint()
    for (let more = 0; more < 5; more++) await log.append(act())
    const proof = await log.proveInclusion(2, { checkpoint: held })
    expect(proof.checkpoint).toBe(held)
    const options = { logKey: log.verifierKey }
    expect(await verifyInclusion(proof, options)).toMatchObject({ ok: true, size: 6 })
    expect(await verifyInclusion(proof, { ...options, checkpoint: held })).toMatchObject({ ok: true, size: 6 })
  })

  it('is held against the checkpoint that the verifier holds, whatever is in the proof', async () => {
    const { log } = await worldOf(6)
    const options = { logKey: log.verifierKey }
    const proof = await log.proveInclusion(2)
    await log.append(act())
    const later = await log.checkpoint()
    expect(await verifyInclusion(proof, { ...options, checkpoint: later })).toMatchObject(
      refusal('audit_inclusion_invalid'),
    )
    const swapped = { ...(await log.proveInclusion(2)), checkpoint: proof.checkpoint }
    expect(await verifyInclusion(swapped, options)).toMatchObject(refusal('audit_inclusion_invalid'))
    expect(await verifyInclusion(swapped, { ...options, checkpoint: later })).toMatchObject({ ok: true, size: 7 })
  })

  const proof = reparsed(await log.proveInclusion(9)) as Writable<InclusionProof>
  const neighbour = await log.proveInclusion(10)
  const foreign = await other.log.proveInclusion(9)
  const changed = (change: Partial<InclusionProof>) => ({ ...proof, ...change })
  const changedEntry = (change: object) => changed({ entry: { ...proof.entry, ...change } })

  it.each<[string, object, string]>([
    ['the next index', changed({ index: 10 }), 'audit_proof_malformed'],
    ['the next index in the entry as well', { ...changedEntry({ index: 10 }), index: 10 }, 'audit_inclusion_invalid'],
    ['the index before in the entry as well', { ...changedEntry({ index: 8 }), index: 8 }, 'audit_inclusion_invalid'],
    ['an index beyond the size', { ...changedEntry({ index: size }), index: size }, 'audit_inclusion_invalid'],
    ['a hash left out', changed({ hashes: proof.hashes.slice(1) }), 'audit_inclusion_invalid'],
    ['a hash added', changed({ hashes: [...proof.hashes, proof.hashes[0]!] }), 'audit_inclusion_invalid'],
    ['no hashes', changed({ hashes: [] }), 'audit_inclusion_invalid'],
    [
      'two hashes swapped',
      changed({ hashes: [proof.hashes[1]!, proof.hashes[0]!, ...proof.hashes.slice(2)] }),
      'audit_inclusion_invalid',
    ],
    [
      'a bit of a hash flipped',
      changed({ hashes: [flip(proof.hashes[0]!), ...proof.hashes.slice(1)] }),
      'audit_inclusion_invalid',
    ],
    ['the hashes of its neighbour', changed({ hashes: neighbour.hashes }), 'audit_inclusion_invalid'],
    ['the entry of its neighbour', { ...changed({ entry: neighbour.entry }), index: 10 }, 'audit_inclusion_invalid'],
    ['the entry of another log', changed({ entry: foreign.entry }), 'audit_inclusion_invalid'],
    ['another reason', changedEntry({ reason: 'lost' }), 'audit_inclusion_invalid'],
    ['another time', changedEntry({ time: '2026-11-22T10:00:01Z' }), 'audit_inclusion_invalid'],
    ['another commitment', changedEntry({ subject: flip(proof.entry.subject!) }), 'audit_inclusion_invalid'],
    ['another salt', changedEntry({ salt: flip(proof.entry.salt!) }), 'audit_inclusion_invalid'],
    ['another link', changedEntry({ previous: flip(proof.entry.previous) }), 'audit_inclusion_invalid'],
    ['no commitment', changedEntry({ subject: undefined, salt: undefined }), 'audit_inclusion_invalid'],
    ['a purpose added', changedEntry({ purpose: 'travel' }), 'audit_inclusion_invalid'],
    ['the checkpoint of another log', changed({ checkpoint: foreign.checkpoint }), 'checkpoint_signature_missing'],
    [
      'a checkpoint of another origin',
      changed({ checkpoint: checkpoint.replaceAll(origin, 'other.example') }),
      'checkpoint_origin_mismatch',
    ],
    [
      'another origin over the same signature',
      changed({ checkpoint: checkpoint.replace(origin, 'other.example') }),
      'checkpoint_origin_mismatch',
    ],
    [
      'a checkpoint of another size',
      changed({ checkpoint: checkpoint.replace('\n13\n', '\n14\n') }),
      'checkpoint_signature_invalid',
    ],
    [
      'a checkpoint nobody signed',
      changed({ checkpoint: checkpoint.replace(/\u2014.*\n/, '') }),
      'checkpoint_signature_missing',
    ],
    ['no checkpoint', changed({ checkpoint: undefined as never }), 'audit_proof_malformed'],
    ['a checkpoint that is none', changed({ checkpoint: 'checkpoint' }), 'checkpoint_malformed'],
    ['a checkpoint of 4 MB', changed({ checkpoint: 'x'.repeat(4_000_000) }), 'limit_exceeded'],
    ['a member too many', { ...proof, note: 'hello' }, 'audit_proof_malformed'],
    ['a symbol for a member', { ...proof, [Symbol('x')]: 1 }, 'audit_proof_malformed'],
    ['an index that is text', changed({ index: '9' as never }), 'audit_proof_malformed'],
    ['hashes that are text', changed({ hashes: proof.hashes.join('') as never }), 'audit_proof_malformed'],
    ['a hash in standard base64', changed({ hashes: [`${'+'.repeat(42)}A`] }), 'audit_proof_malformed'],
    ['a hash of 31 bytes', changed({ hashes: [base64url(new Uint8Array(31))] }), 'audit_proof_malformed'],
    ['a hash with bits left over', changed({ hashes: [`${'A'.repeat(42)}B`] }), 'audit_proof_malformed'],
    ['a hash that is bytes', changed({ hashes: [new Uint8Array(32) as never] }), 'audit_proof_malformed'],
    ['a list with a hole for hashes', changed({ hashes: new Array(3) }), 'audit_proof_malformed'],
    ['hashes without end', changed({ hashes: new Array(4_000_000_000) }), 'limit_exceeded'],
    ['no entry', changed({ entry: undefined as never }), 'audit_entry_malformed'],
    ['an entry that is text', changed({ entry: JSON.stringify(proof.entry) as never }), 'audit_entry_malformed'],
    ['an entry with a member too many', changedEntry({ name: 'ivan' }), 'audit_entry_malformed'],
    ['an entry of version 2', changedEntry({ version: 2 }), 'audit_entry_malformed'],
    ['an entry without index', changedEntry({ index: undefined }), 'audit_entry_malformed'],
    ['an entry with half an index', changedEntry({ index: 9.5 }), 'audit_entry_malformed'],
    ['an entry without link', changedEntry({ previous: undefined }), 'audit_entry_malformed'],
    ['an entry with a short link', changedEntry({ previous: 'AAAA' }), 'audit_entry_malformed'],
    ['an entry without kind', changedEntry({ kind: undefined }), 'audit_entry_malformed'],
    ['a commitment without salt', changedEntry({ salt: undefined }), 'audit_entry_malformed'],
    ['a salt without commitment', changedEntry({ subject: undefined }), 'audit_entry_malformed'],
    ['a short salt', changedEntry({ salt: 'AAAA' }), 'audit_entry_malformed'],
    ['a short commitment', changedEntry({ subject: 'AAAA' }), 'audit_entry_malformed'],
  ])('is refused with %s', async (_, harmed, expected) => {
    expect(await code(verifyInclusion(harmed, { logKey }))).toBe(expected)
    expect(await verifyInclusion(proof, { logKey })).toMatchObject({ ok: true })
  })

  it.each([
    '2026-11-22T10:00:00',
    '2026-11-22 10:00:00Z',
    '2026-11-22T10:00:00.000Z',
    '2026-11-22T10:00:00+00:00',
    '2026-02-30T10:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:60:00Z',
    '2026-11-22T10:00:60Z',
    '2026-11-22T10:00:00Z\n',
    '',
    1795341600,
  ])('is refused with the time %j', async time => {
    expect(await verifyInclusion(changedEntry({ time }), { logKey })).toMatchObject(
      refusal('audit_entry_malformed', { at: 'time' }),
    )
  })

  it('is refused under the key of another log, and under another key of the same name', async () => {
    const same = (await world()).log.verifierKey
    const elsewhere = (await world({ origin: 'other.example/log' })).log.verifierKey
    expect(await code(verifyInclusion(proof, { logKey: same }))).toBe('checkpoint_signature_missing')
    expect(await code(verifyInclusion(proof, { logKey: elsewhere }))).toBe('checkpoint_origin_mismatch')
    expect(await code(verifyInclusion(proof, { logKey: [same, elsewhere] }))).toBe('checkpoint_signature_missing')
    expect(await code(verifyInclusion(proof, { logKey: [elsewhere, logKey] }))).toBeUndefined()
  })

  it('is refused after any one bit of its text has flipped', async () => {
    const text = JSON.stringify(proof)
    const bytes = utf8(text)
    const accepted: string[] = []
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const harmed = new TextDecoder().decode(flipped)
      let value: unknown
      try {
        value = JSON.parse(harmed)
      } catch {
        continue
      }
      if ((await verifyInclusion(value, { logKey })).ok) accepted.push(harmed)
    }
    expect(accepted).toEqual([])
  })

  it.each(hostile())('that is %s is a refusal and no throw', async (_, value) => {
    expect(await verifyInclusion(value, { logKey })).toMatchObject(refusal('audit_proof_malformed'))
    expect(await verifyInclusion({ ...proof, entry: value }, { logKey })).toMatchObject(
      refusal('audit_entry_malformed'),
    )
  })

  it('takes a member that is undefined for one that is absent, as JSON does', async () => {
    const absent = { ...changedEntry({ purpose: undefined, note: undefined }), note: undefined }
    expect(await verifyInclusion(absent, { logKey })).toMatchObject({ ok: true })
  })

  it('runs no accessor and reads nothing inherited', async () => {
    let ran = false
    const trap = Object.defineProperty({ ...proof }, 'hashes', {
      enumerable: true,
      get: () => {
        ran = true
        return proof.hashes
      },
    })
    expect(await verifyInclusion(trap, { logKey })).toMatchObject(refusal('audit_proof_malformed'))
    expect(ran).toBe(false)
    expect(await verifyInclusion(Object.create(proof), { logKey })).toMatchObject(refusal('audit_proof_malformed'))
  })

  it('has no more hashes than its limit, which may be lowered', async () => {
    expect(await verifyInclusion(proof, { logKey, limits: { proofEntries: 4 } })).toMatchObject({ ok: true })
    expect(await verifyInclusion(proof, { logKey, limits: { proofEntries: 3 } })).toMatchObject(
      refusal('limit_exceeded', { at: 'proofEntries' }),
    )
    await expect(verifyInclusion(proof, { logKey, limits: { proofEntries: 20_000 } })).rejects.toThrow(RangeError)
  })

  it.each([
    ['no key', {}],
    ['an empty list of keys', { logKey: [] }],
    ['a key that is no text', { logKey: 7 }],
    ['a list with something else', { logKey: [logKey, 7] }],
    ['a key that is none', { logKey: 'passport.example/log' }],
    ['a key with another identifier', { logKey: logKey.replace(/\+.{8}\+/, '+00000000+') }],
    ['a checkpoint that is no text', { logKey, checkpoint: 7 }],
    ['a checkpoint that is null', { logKey, checkpoint: null }],
    ['an unknown limit', { logKey, limits: { hashes: 7 } }],
  ])('is not looked at with %s', async (_, options) => {
    await expect(verifyInclusion(undefined, options as never)).rejects.toThrow(TypeError)
  })
})

it('a verify function without options says so', async () => {
  for (const options of [undefined, null, 7]) {
    await expect(verifyInclusion(undefined, options as never)).rejects.toThrow('`options` must be an object')
    await expect(verifyConsistency(undefined, options as never)).rejects.toThrow('`options` must be an object')
  }
})

describe('proveInclusion', () => {
  it.each([-1, size, 0.5, Number.NaN, '0', undefined])('has nothing for the index %s', async index => {
    await expect(log.proveInclusion(index as number)).rejects.toThrow(RangeError)
  })

  it('has nothing in an empty log', async () => {
    const empty = await world()
    await expect(empty.log.proveInclusion(0)).rejects.toThrow(RangeError)
  })

  it('has nothing for an index that the given checkpoint does not cover', async () => {
    const { log } = await worldOf(2)
    const held = await log.checkpoint()
    await log.append(act())
    await expect(log.proveInclusion(2, { checkpoint: held })).rejects.toThrow(RangeError)
  })

  it('takes no checkpoint but its own', async () => {
    const elsewhere = await world({ origin: 'other.example/log' })
    const later = checkpoint.replace('\n13\n', '\n14\n')
    for (const [text, error] of [
      [await other.log.checkpoint(), failing('audit_consistency_invalid')],
      [later, failing('audit_consistency_invalid')],
      [await elsewhere.log.checkpoint(), failing('checkpoint_origin_mismatch')],
      ['checkpoint', failing('checkpoint_malformed')],
    ] as const)
      await expect(log.proveInclusion(0, { checkpoint: text })).rejects.toMatchObject(error)
    await expect(log.proveInclusion(0, { checkpoint: 7 as never })).rejects.toThrow(TypeError)
  })

  it('rejects with the reason of a signal that has fired', async () => {
    const signal = AbortSignal.abort(new Error('stop'))
    await expect(log.proveInclusion(0, { signal })).rejects.toThrow('stop')
    await expect(log.proveInclusion(0, { signal, checkpoint })).rejects.toThrow('stop')
    await expect(log.proveConsistency(1, 2, { signal })).rejects.toThrow('stop')
    await expect(log.checkpoint({ signal })).rejects.toThrow('stop')
    await expect(log.history('citizen 0', { signal })).rejects.toThrow('stop')
  })
})

describe('a consistency proof', async () => {
  const growing = await world()
  const checkpoints: string[] = [await growing.log.checkpoint()]
  for (let index = 0; index < size; index++) {
    await growing.log.append(act(`citizen ${index % 3}`))
    checkpoints.push(await growing.log.checkpoint())
  }
  const key = growing.log.verifierKey
  const between = (from: number, to: number) => ({ from: checkpoints[from]!, to: checkpoints[to]!, logKey: key })

  it('holds between any two checkpoints, also after a journey as JSON', async () => {
    for (let to = 1; to <= size; to++)
      for (let from = 1; from <= to; from++) {
        const proof = await growing.log.proveConsistency(from, to)
        const verdict = await verifyConsistency(reparsed(proof), between(from, to))
        expect(verdict).toEqual({ ok: true, origin, fromSize: from, toSize: to })
        expect(Object.isFrozen(verdict) && Object.isFrozen(proof) && Object.isFrozen(proof.hashes)).toBe(true)
      }
  })

  it('goes to the latest checkpoint by default', async () => {
    expect(await growing.log.proveConsistency(3)).toEqual(await growing.log.proveConsistency(3, size))
  })

  it('of a log that is still empty has nothing to show', async () => {
    const { log } = await world()
    const text = await log.checkpoint()
    const proof = await log.proveConsistency(0, 0)
    expect(proof.hashes).toEqual([])
    expect(await verifyConsistency(proof, { from: text, to: text, logKey: log.verifierKey })).toMatchObject({
      ok: true,
    })
  })

  it('from an empty log to a larger one there is none', async () => {
    await expect(growing.log.proveConsistency(0, 5)).rejects.toThrow(RangeError)
    const forged = { fromSize: 0, toSize: 5, hashes: [] }
    expect(await verifyConsistency(forged, between(0, 5))).toMatchObject(refusal('audit_consistency_invalid'))
  })

  const proof = reparsed(await growing.log.proveConsistency(6, 11)) as Writable<ConsistencyProof>
  const changed = (change: Partial<ConsistencyProof>) => ({ ...proof, ...change })

  it.each<[string, object, string]>([
    ['another earlier size', changed({ fromSize: 5 }), 'audit_consistency_invalid'],
    ['another later size', changed({ toSize: 12 }), 'audit_consistency_invalid'],
    ['a hash left out', changed({ hashes: proof.hashes.slice(1) }), 'audit_consistency_invalid'],
    ['a hash added', changed({ hashes: [...proof.hashes, proof.hashes[0]!] }), 'audit_consistency_invalid'],
    [
      'two hashes swapped',
      changed({ hashes: [proof.hashes[1]!, proof.hashes[0]!, ...proof.hashes.slice(2)] }),
      'audit_consistency_invalid',
    ],
    [
      'a bit of a hash flipped',
      changed({ hashes: [...proof.hashes.slice(0, -1), flip(proof.hashes.at(-1)!, 31)] }),
      'audit_consistency_invalid',
    ],
    ['no hashes', changed({ hashes: [] }), 'audit_consistency_invalid'],
    ['a negative size', changed({ fromSize: -6 }), 'audit_proof_malformed'],
    ['a size that is text', changed({ toSize: '11' as never }), 'audit_proof_malformed'],
    ['no size', changed({ toSize: undefined as never }), 'audit_proof_malformed'],
    ['no list of hashes', changed({ hashes: undefined as never }), 'audit_proof_malformed'],
    ['a member too many', { ...proof, checkpoint }, 'audit_proof_malformed'],
  ])('is refused with %s', async (_, harmed, expected) => {
    expect(await code(verifyConsistency(harmed, between(6, 11)))).toBe(expected)
    expect(await verifyConsistency(proof, between(6, 11))).toMatchObject({ ok: true })
  })

  it.each<[string, { from?: string; to?: string }, string]>([
    ['an earlier checkpoint of another size', { from: checkpoints[5]! }, 'audit_consistency_invalid'],
    ['a later checkpoint of another size', { to: checkpoints[12]! }, 'audit_consistency_invalid'],
    [
      'the checkpoints the other way round',
      { from: checkpoints[11]!, to: checkpoints[6]! },
      'audit_consistency_invalid',
    ],
    ['a later checkpoint of another key', { to: await other.log.checkpoint() }, 'checkpoint_signature_missing'],
    [
      'an earlier checkpoint that was edited',
      { from: checkpoints[6]!.replace('\n6\n', '\n7\n') },
      'checkpoint_signature_invalid',
    ],
    [
      'a later checkpoint that was edited',
      { to: checkpoints[11]!.replace('\n11\n', '\n12\n') },
      'checkpoint_signature_invalid',
    ],
    ['a later checkpoint that is none', { to: 'fresh' }, 'checkpoint_malformed'],
    ['an earlier checkpoint that is none', { from: '' }, 'checkpoint_malformed'],
  ])('is refused with %s', async (_, options, expected) => {
    expect(await code(verifyConsistency(proof, { ...between(6, 11), ...options }))).toBe(expected)
  })

  it('is refused between checkpoints of two logs, both of which are known', async () => {
    const elsewhere = await world({ origin: 'other.example/log' })
    for (let index = 0; index < 11; index++) await elsewhere.log.append(act())
    const options = {
      from: checkpoints[11]!,
      to: await elsewhere.log.checkpoint(),
      logKey: [key, elsewhere.log.verifierKey],
    }
    expect(await code(verifyConsistency({ fromSize: 11, toSize: 11, hashes: [] }, options))).toBe(
      'checkpoint_origin_mismatch',
    )
  })

  it('catches a log that was rewritten with its own key, whatever it proves', async () => {
    const key = await generateSigner('EdDSA')
    const honest = await world({ signer: key })
    const forked = await world({ signer: key })
    for (let index = 0; index < 7; index++) {
      await honest.log.append(act('citizen', `reason_${index}`))
      await forked.log.append(act('citizen', index === 2 ? 'covered_up' : `reason_${index}`))
    }
    const kept = await honest.log.checkpoint()
    await forked.log.append(act())
    const options = { from: kept, to: await forked.log.checkpoint(), logKey: honest.log.verifierKey }
    const proofs = [await forked.log.proveConsistency(7, 8), { fromSize: 7, toSize: 8, hashes: [] }]
    for (const proof of proofs) expect(await code(verifyConsistency(proof, options))).toBe('audit_consistency_invalid')
    const asOld = await world({ signer: key })
    for (let index = 0; index < 7; index++) await asOld.log.append(act('citizen', 'covered_up'))
    const swapped = { ...options, to: await asOld.log.checkpoint() }
    expect(await code(verifyConsistency({ fromSize: 7, toSize: 7, hashes: [] }, swapped))).toBe(
      'audit_consistency_invalid',
    )
  })

  it('is refused after any one bit of a hash has flipped', async () => {
    for (const [at, hash] of proof.hashes.entries())
      for (let bit = 0; bit < 256; bit++) {
        const bytes = fromBase64url(hash)
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        const harmed = changed({ hashes: proof.hashes.with(at, base64url(bytes)) })
        expect((await verifyConsistency(harmed, between(6, 11))).ok).toBe(false)
      }
  })

  it('is refused after any one bit of its text or of either checkpoint has flipped', async () => {
    const texts = [JSON.stringify(proof), checkpoints[6]!, checkpoints[11]!] as const
    let accepted = 0
    for (const [which, text] of texts.entries()) {
      const bytes = utf8(text)
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice()
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        const [json, from, to] = texts.with(which, new TextDecoder().decode(flipped)) as [string, string, string]
        let value: unknown
        try {
          value = JSON.parse(json)
        } catch {
          continue
        }
        if ((await verifyConsistency(value, { from, to, logKey: key })).ok) accepted++
      }
    }
    expect(accepted).toBe(0)
  })

  it.each(hostile())('that is %s is a refusal and no throw', async (_, value) => {
    expect(await verifyConsistency(value, between(6, 11))).toMatchObject(refusal('audit_proof_malformed'))
  })

  it.each([
    ['no key', { from: checkpoints[6], to: checkpoints[11] }],
    ['no earlier checkpoint', { to: checkpoints[11], logKey: key }],
    ['no later checkpoint', { from: checkpoints[6], logKey: key }],
    ['a decoded checkpoint', { from: { size: 6 }, to: checkpoints[11], logKey: key }],
  ])('is not looked at with %s', async (_, options) => {
    await expect(verifyConsistency(undefined, options as never)).rejects.toThrow(TypeError)
  })

  it.each<[unknown, unknown]>([
    [12, 11],
    [-1, 11],
    [0.5, 11],
    [undefined, 11],
    [1, size + 1],
    [1, -1],
    [1, 1.5],
    [size + 1, size + 1],
    [Number.NaN, Number.NaN],
  ])('is not made from %s to %s', async (from, to) => {
    await expect(growing.log.proveConsistency(from as number, to as number)).rejects.toThrow(RangeError)
  })
})

it('the key that signs the log is the key that it publishes', () => {
  expect(logKey.startsWith(`${origin}+`)).toBe(true)
  expect(logKey.split('+')[2]).toBeDefined()
  expect(signer.publicJwk.crv).toBe('Ed25519')
})

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }
