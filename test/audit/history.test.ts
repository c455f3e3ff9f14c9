/** The history of a subject as the citizen reads it, and what is left of it once they are forgotten. */
import { describe, expect, it } from 'vitest'
import { verifyChain } from '../../src/audit/chain.js'
import type { AuditHistory } from '../../src/audit/history.js'
import { verifyHistory } from '../../src/audit/history.js'
import { verifyConsistency, verifyInclusion } from '../../src/audit/proof.js'
import type { AuditStore } from '../../src/audit/store.js'
import { base64url, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { act, failing, hostile, memoryStore, origin, refusal, world, worldOf } from './world.js'

const { log } = await worldOf(10)
const logKey = log.verifierKey
const letter = JSON.stringify(await log.history('citizen 1'))
const history = (): Mutable<AuditHistory> => JSON.parse(letter)
const foreign = await log.history('citizen 2')

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] extends readonly (infer Item)[] ? Mutable<Item>[] : T[Name] }

describe('a history', () => {
  it('holds for the citizen with nothing but the key of the log, and tells them what happened in order', async () => {
    const verdict = await verifyHistory(JSON.parse(letter), { logKey })
    expect(verdict).toMatchObject({ ok: true, subject: 'citizen 1', origin, size: 10 })
    expect(verdict.ok && verdict.entries.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'reason_1'],
      [4, 'reason_4'],
      [7, 'reason_7'],
    ])
    expect(verdict.ok && Object.isFrozen(verdict) && Object.isFrozen(verdict.entries)).toBe(true)
  })

  it('is frozen through and through', async () => {
    const made = await log.history('citizen 1')
    expect(
      [made, made.entries, made.entries[0], made.entries[0]!.entry, made.entries[0]!.hashes].every(Object.isFrozen),
    ).toBe(true)
  })

  it('has what was committed before it was asked for', async () => {
    const { store, log } = await worldOf(1)
    await store.transaction(transaction => log.record(act('citizen 0', 'just_now'), transaction))
    expect((await log.history('citizen 0')).entries.map(({ entry }) => entry.reason)).toEqual(['reason_0', 'just_now'])
  })

  it('of a part is a history: that the office left something out, it cannot show', async () => {
    const part = { ...history(), entries: history().entries.slice(1) }
    expect(await verifyHistory(part, { logKey })).toMatchObject({ ok: true })
  })

  it.each<[string, (history: Mutable<AuditHistory>) => unknown, string]>([
    ['another subject', made => ({ ...made, subject: 'citizen 2' }), 'audit_history_subject_mismatch'],
    ['another key', made => ({ ...made, key: foreign.key }), 'audit_history_subject_mismatch'],
    [
      'subject and key of another',
      made => ({ ...made, subject: foreign.subject, key: foreign.key }),
      'audit_history_subject_mismatch',
    ],
    [
      'an entry about another',
      made => ({ ...made, entries: [made.entries[0], ...foreign.entries.slice(1)] }),
      'audit_history_subject_mismatch',
    ],
    ['an entry edited', made => edited(made, { reason: 'lost' }), 'audit_inclusion_invalid'],
    ['an entry about nobody', made => edited(made, { subject: undefined, salt: undefined }), 'audit_inclusion_invalid'],
    ['an entry moved', made => edited(made, { index: 2 }), 'audit_inclusion_invalid'],
    ['a hash left out', made => rehashed(made, hashes => hashes.slice(1)), 'audit_inclusion_invalid'],
    ['a hash added', made => rehashed(made, hashes => [...hashes, hashes[0]!]), 'audit_inclusion_invalid'],
    ['two hashes swapped', made => rehashed(made, ([a, b, ...rest]) => [b!, a!, ...rest]), 'audit_inclusion_invalid'],
    ['a hash that is none', made => rehashed(made, () => ['AAAA']), 'audit_proof_malformed'],
    [
      'two entries swapped',
      made => ({ ...made, entries: [made.entries[1], made.entries[0], made.entries[2]] }),
      'audit_history_malformed',
    ],
    ['an entry twice', made => ({ ...made, entries: [made.entries[0], made.entries[0]] }), 'audit_history_malformed'],
    ['no entries', made => ({ ...made, entries: [] }), 'audit_history_malformed'],
    ['no list of entries', made => ({ ...made, entries: { 0: made.entries[0] } }), 'audit_history_malformed'],
    ['a list with a hole', made => ({ ...made, entries: new Array(2) }), 'audit_history_malformed'],
    [
      'an entry with a member too many',
      made => ({ ...made, entries: [{ ...made.entries[0], index: 1 }] }),
      'audit_history_malformed',
    ],
    ['an entry that is none', made => ({ ...made, entries: [{ entry: 7, hashes: [] }] }), 'audit_entry_malformed'],
    ['a member too many', made => ({ ...made, note: 'hello' }), 'audit_history_malformed'],
    ['no subject', made => ({ ...made, subject: '' }), 'audit_history_malformed'],
    ['a subject that is no text', made => ({ ...made, subject: 7 }), 'audit_history_malformed'],
    ['a short key', made => ({ ...made, key: 'AAAA' }), 'audit_history_malformed'],
    ['no checkpoint', made => ({ ...made, checkpoint: undefined }), 'audit_history_malformed'],
    ['a checkpoint that is none', made => ({ ...made, checkpoint: 'x' }), 'checkpoint_malformed'],
    [
      'a checkpoint that was edited',
      made => ({ ...made, checkpoint: made.checkpoint.replace('\n10\n', '\n11\n') }),
      'checkpoint_signature_invalid',
    ],
  ])('is refused with %s', async (_, harm, code) => {
    expect(await verifyHistory(harm(history()), { logKey })).toMatchObject(refusal(code))
  })

  const edited = (made: Mutable<AuditHistory>, change: object) => ({
    ...made,
    entries: made.entries.map((one, at) => (at === 0 ? { ...one, entry: { ...one.entry, ...change } } : one)),
  })
  const rehashed = (made: Mutable<AuditHistory>, change: (hashes: string[]) => string[]) => ({
    ...made,
    entries: made.entries.map((one, at) => (at === 0 ? { ...one, hashes: change([...one.hashes]) } : one)),
  })

  it('is refused with an entry of the log that is about nobody', async () => {
    const { log } = await worldOf(2)
    await log.append(act())
    const { entry, hashes, checkpoint } = await log.proveInclusion(2)
    const made = await log.history('citizen 1')
    const verdict = await verifyHistory({ ...made, entries: [{ entry, hashes }] }, { logKey: log.verifierKey })
    expect(checkpoint).toBe(made.checkpoint)
    expect(verdict).toMatchObject(refusal('audit_history_subject_mismatch', { at: 'entry 2' }))
  })

  it('is refused under the key of another log', async () => {
    const elsewhere = await world({ origin: 'other.example/log' })
    const same = await world()
    expect(await verifyHistory(history(), { logKey: elsewhere.log.verifierKey })).toMatchObject(
      refusal('checkpoint_origin_mismatch'),
    )
    expect(await verifyHistory(history(), { logKey: same.log.verifierKey })).toMatchObject(
      refusal('checkpoint_signature_missing'),
    )
  })

  it('is refused after any one bit of its text has flipped', async () => {
    const { log } = await worldOf(3)
    const text = JSON.stringify(await log.history('citizen 1'))
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
      if ((await verifyHistory(value, { logKey: log.verifierKey })).ok) accepted.push(harmed)
    }
    expect(accepted).toEqual([])
  })

  it.each(hostile())('that is %s is a refusal and no throw', async (_, value) => {
    expect(await verifyHistory(value, { logKey })).toMatchObject(refusal('audit_history_malformed'))
    expect((await verifyHistory({ ...history(), entries: value }, { logKey })).ok).toBe(false)
    expect((await verifyHistory({ ...history(), entries: [value] }, { logKey })).ok).toBe(false)
  })

  it('has no more entries than its limit, which is named and may be lowered', async () => {
    expect(await verifyHistory(history(), { logKey, limits: { proofEntries: 4 } })).toMatchObject({ ok: true })
    expect(await verifyHistory(history(), { logKey, limits: { proofEntries: 2 } })).toMatchObject(
      refusal('limit_exceeded', { at: 'proofEntries', expected: 2, actual: 3 }),
    )
    const huge = { ...history(), entries: new Array(4_000_000_000) }
    expect(await verifyHistory(huge, { logKey })).toMatchObject(refusal('limit_exceeded', { at: 'proofEntries' }))
  })

  it.each([undefined, {}, { logKey: '' }])('is not looked at with the options %j', async options => {
    await expect(verifyHistory(undefined, options as never)).rejects.toThrow(TypeError)
  })

  it('says how far it is, and stops when the signal fires', async () => {
    const steps: unknown[] = []
    await log.history('citizen 1', { onProgress: step => steps.push(step) })
    expect(steps).toEqual([1, 2, 3].map(done => ({ done, total: 3 })))
    const controller = new AbortController()
    const stopped = log.history('citizen 1', {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('stop')),
    })
    await expect(stopped).rejects.toThrow('stop')
  })

  it('is not made for a subject that the log does not know, or that is none', async () => {
    await expect(log.history('citizen 7')).rejects.toMatchObject(failing('audit_subject_unknown'))
    for (const subject of ['', undefined, 7, 'x'.repeat(1025), '\ud83d']) {
      await expect(log.history(subject as string)).rejects.toThrow(TypeError)
      await expect(log.forget(subject as string)).rejects.toThrow(TypeError)
    }
  })

  it('is not made longer than anyone would verify it', async () => {
    const { store, log } = await world()
    await log.append(act('citizen'))
    const [row] = await store.transaction(transaction => store.findEntries(transaction, 0, 1))
    const crowded: AuditStore = { ...store, findSubjectEntries: async (_t, _s, limit) => new Array(limit).fill(row) }
    const { log: other } = await reopened(crowded, log.verifierKey)
    await expect(other.history('citizen')).rejects.toMatchObject(failing('limit_exceeded', { at: 'proofEntries' }))
  })

  const reopened = (store: AuditStore, formerKeys: string) => world({ store, formerKeys })
})

describe('a subject that is forgotten', () => {
  it('has no history any more, and no trace in the store', async () => {
    const store = memoryStore()
    const { log } = await world({ store })
    await log.append(act('anna'))
    await log.append(act('boris'))
    const { index, entry } = await log.forget('anna')
    expect(entry).toMatchObject({ index, kind: 'forget', actor: 'system', reason: 'subject_erased' })
    expect(entry.subject).toBeUndefined()
    await expect(log.history('anna')).rejects.toMatchObject(failing('audit_subject_unknown'))
    await expect(log.forget('anna')).rejects.toMatchObject(failing('audit_subject_unknown'))
    await store.transaction(async transaction => {
      expect(await store.findSubjectKey(transaction, 'anna')).toBeUndefined()
      expect(await store.findSubjectEntries(transaction, 'anna', 10)).toEqual([])
    })
    expect((await log.history('boris')).entries).toHaveLength(1)
  })

  it('leaves every proof as it was', async () => {
    const { log } = await worldOf(5)
    const kept = await log.checkpoint()
    const proof = await log.proveInclusion(1)
    await log.forget('citizen 1')
    const options = { logKey: log.verifierKey }
    expect(await verifyInclusion(proof, options)).toMatchObject({ ok: true })
    expect(await verifyInclusion(await log.proveInclusion(1), options)).toMatchObject({ ok: true })
    expect(await verifyChain(log.entries(), { head: await log.checkpoint() })).toMatchObject({ ok: true, size: 6 })
    const consistency = await log.proveConsistency(5)
    expect(await verifyConsistency(consistency, { from: kept, to: await log.checkpoint(), ...options })).toMatchObject({
      ok: true,
    })
  })

  it('begins anew with a new key, which opens nothing of before', async () => {
    const { log } = await world()
    await log.append(act('anna', 'before'))
    const before = await log.history('anna')
    await log.forget('anna')
    await log.append(act('anna', 'after'))
    const after = await log.history('anna')
    expect(after.entries.map(({ entry }) => entry.reason)).toEqual(['after'])
    expect(after.key).not.toBe(before.key)
    const mixed = {
      ...after,
      entries: [{ ...before.entries[0], hashes: (await log.proveInclusion(0)).hashes }, ...after.entries],
    }
    expect(await verifyHistory(mixed, { logKey: log.verifierKey })).toMatchObject(
      refusal('audit_history_subject_mismatch'),
    )
  })

  it('is forgotten in acts that have no number yet as well', async () => {
    const { store, log } = await world()
    await store.transaction(transaction => log.record(act('anna', 'before'), transaction))
    await log.forget('anna')
    await log.append(act('anna', 'after'))
    expect((await log.history('anna')).entries.map(({ entry }) => entry.reason)).toEqual(['after'])
  })

  it('is not forgotten when that could not be recorded', async () => {
    const { log } = await world()
    await log.append(act('anna'))
    await expect(log.forget('anna', { reason: 'Because I say so' })).rejects.toMatchObject(
      failing('audit_entry_malformed', { at: 'reason' }),
    )
    expect((await log.history('anna')).entries).toHaveLength(1)
    expect((await log.forget('anna', { actor: 'operator', reason: 'withdrawal' })).entry).toMatchObject({
      actor: 'operator',
      reason: 'withdrawal',
    })
  })

  it('keeps the letter they were given', async () => {
    const { log } = await worldOf(4)
    const letter = JSON.stringify(await log.history('citizen 1'))
    await log.forget('citizen 1')
    expect(await verifyHistory(JSON.parse(letter), { logKey: log.verifierKey })).toMatchObject({ ok: true })
  })
})

it('a key of 32 random bytes is a new one for each subject', async () => {
  const [one, two] = [await log.history('citizen 0'), foreign]
  expect(fromBase64url(one.key)).toHaveLength(32)
  expect(one.key).not.toBe(two.key)
  expect(one.key).not.toBe(base64url(new Uint8Array(32)))
})
