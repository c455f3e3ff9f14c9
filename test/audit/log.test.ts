/** The log as its operator uses it: acts become entries, in order, once, and nobody can take them back. */
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { ActMember, AuditAct } from '../../src/audit/act.js'
import { verifyChain } from '../../src/audit/chain.js'
import { decodeCheckpoint } from '../../src/audit/checkpoint.js'
import type { AuditEntry } from '../../src/audit/entry.js'
import { verifyHistory } from '../../src/audit/history.js'
import { type AuditLog, openAuditLog } from '../../src/audit/log.js'
import { verifyConsistency, verifyInclusion } from '../../src/audit/proof.js'
import type { AuditStore } from '../../src/audit/store.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import type { ActRecorder } from '../../src/status/recorder.js'
import { act, failing, memoryStore, origin, refusal, world, worldOf } from './world.js'

const all = async (entries: AsyncIterable<AuditEntry>): Promise<AuditEntry[]> => {
  const list: AuditEntry[] = []
  for await (const entry of entries) list.push(entry)
  return list
}

const digest = 'A'.repeat(43)

describe('append', () => {
  it('gives an act its place, its time and the link to the entry before', async () => {
    const { log, clock } = await world()
    const first = await log.append({ ...act('citizen'), purpose: 'travel', statusValue: undefined })
    clock.now = new Date('2026-11-22T10:00:05.900Z')
    const second = await log.append({ kind: 'rotate_key', actor: 'operator', reason: 'scheduled', keyDigest: digest })
    expect(first).toEqual({
      index: 0,
      entry: {
        version: 1,
        index: 0,
        time: '2026-11-22T10:00:00Z',
        kind: 'issue',
        actor: 'system',
        reason: 'first_issue',
        purpose: 'travel',
        subject: expect.stringMatching(/^[\w-]{43}$/),
        salt: expect.stringMatching(/^[\w-]{22}$/),
        // The root of the empty tree: SHA-256 of nothing.
        previous: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
      },
    })
    expect(second.entry).toEqual({
      version: 1,
      index: 1,
      time: '2026-11-22T10:00:05Z',
      kind: 'rotate_key',
      actor: 'operator',
      reason: 'scheduled',
      keyDigest: digest,
      previous: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(await verifyChain([first.entry, second.entry], { head: await log.checkpoint() })).toMatchObject({ ok: true })
    expect(Object.isFrozen(first) && Object.isFrozen(first.entry)).toBe(true)
  })

  it('takes every member of an act', async () => {
    const members = {
      kind: 'everything',
      actor: 'operator',
      reason: 'first_issue',
      purpose: 'account_opening',
      outcome: 'approved',
      statusValue: 'valid',
      passport: 'citizen-passport',
      format: 'dc+sd-jwt',
      credentialDigest: digest,
      recordDigest: digest,
      evidenceDigest: digest,
      consentDigest: digest,
      keyDigest: digest,
      manifestDigest: digest,
      rangeFrom: 0,
      rangeTo: 1,
    } as const satisfies AuditAct
    const everything = { allowed: Object.keys(members) as ActMember[] }
    const { log } = await world({ kinds: { everything } })
    expect((await log.append(members)).entry).toMatchObject(members)
  })

  it.each(['kind', 'actor', 'reason', 'purpose', 'outcome', 'statusValue'])(
    'takes nothing for `%s` that is not a word, so that no personal data slips in',
    async member => {
      const { log } = await world()
      for (const value of [
        '',
        'Ivan',
        'Иван',
        'lost passport',
        'lost-passport',
        'lost_',
        '_lost',
        'lost__passport',
        '4510123456',
        'ivan@example.org',
        'lost\n',
        `l${'o'.repeat(64)}`,
        7,
        null,
        ['lost'],
        new String('lost'),
      ])
        await expect(log.append({ ...act('citizen'), [member]: value })).rejects.toMatchObject(
          failing('audit_entry_malformed', { at: member }),
        )
      expect(await all(log.entries())).toEqual([])
    },
  )

  it.each([
    ['passport', ['Citizen', 'citizen passport', 'citizen--passport', 7]],
    ['format', ['jwt', 'dc+sd-jwt ', 'constructor', 1]],
    [
      'credentialDigest',
      ['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}B`, `${'A'.repeat(42)}=`, 'ff'.repeat(32), 7],
    ],
    ['subject', ['', 'x'.repeat(1025), '\ud83d', 7, null, {}]],
  ] as const)('takes nothing for `%s` that it is not', async (member, values) => {
    const { log } = await world()
    for (const value of values)
      await expect(log.append({ ...act('citizen'), [member]: value } as AuditAct)).rejects.toMatchObject(
        failing('audit_entry_malformed', { at: member }),
      )
  })

  it('takes a word of 64 characters and a subject of 1024', async () => {
    const { log } = await world()
    const longest = { ...act('x'.repeat(1024)), reason: `l${'o'.repeat(63)}` }
    expect((await log.append(longest)).entry.reason).toBe(longest.reason)
  })

  it.each(['kind', 'actor', 'reason'])('demands `%s`', async member => {
    const { log } = await world()
    await expect(log.append({ ...act('citizen'), [member]: undefined })).rejects.toMatchObject(
      failing('audit_entry_malformed', { at: member }),
    )
  })

  it.each([
    ['a member that no act has', { ...act('citizen'), familyName: 'ivanov' }],
    ['a member that only the log writes', { ...act('citizen'), index: 7 }],
    ['a list', [act('citizen')]],
    ['nothing', undefined],
    ['a text', 'issue'],
  ])('refuses %s', async (_, value) => {
    const { log } = await world()
    await expect(log.append(value as AuditAct)).rejects.toMatchObject(failing('audit_entry_malformed'))
  })

  it('runs nothing of the act that it is handed, and names nothing of its values', async () => {
    const { log } = await world()
    let ran = false
    const trap = Object.defineProperty({ ...act('citizen') }, 'reason', {
      enumerable: true,
      get: () => {
        ran = true
        return 'lost'
      },
    })
    await expect(log.append(trap)).rejects.toMatchObject(failing('audit_entry_malformed', { at: 'reason' }))
    expect(ran).toBe(false)
    const error = await log.append({ ...act('citizen'), reason: 'Ivanov Ivan' }).catch(error => error)
    expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/ivan/i)
  })

  it('keeps a thousand parallel appends in order, each once, in one chain', async () => {
    const { log } = await world()
    const acts = Array.from({ length: 1000 }, (_, index) => act(`citizen ${index % 10}`, `reason_${index}`))
    const appended = await Promise.all(acts.map(one => log.append(one)))
    expect(appended.map(({ index }) => index)).toEqual(acts.map((_, index) => index))
    expect(appended.map(({ entry }) => entry.reason)).toEqual(acts.map(({ reason }) => reason))
    const entries = await all(log.entries())
    expect(entries).toEqual(appended.map(({ entry }) => entry))
    expect(await verifyChain(entries, { head: await log.checkpoint(), logKey: log.verifierKey })).toMatchObject({
      ok: true,
      size: 1000,
    })
  })

  it('never writes down whom an act is about', async () => {
    const store = memoryStore()
    const written: unknown[] = []
    const watched: AuditStore = {
      ...store,
      insertPendingAct: (transaction, row, subject) => (
        written.push(row), store.insertPendingAct(transaction, row, subject)
      ),
      numberActs: (transaction, batch) => {
        // The subject is told apart from what is kept in the open.
        const { fresh = [], ...rest } = batch
        written.push(rest, ...fresh.map(({ subject: _, ...row }) => row))
        return store.numberActs(transaction, batch)
      },
    }
    const { log } = await world({ store: watched })
    await log.append(act('anna_ivanova'))
    await store.transaction(transaction => log.record(act('anna_ivanova'), transaction))
    await log.sequence()
    expect(written.length).toBeGreaterThan(3)
    expect(JSON.stringify([written, await all(log.entries()), await log.proveInclusion(0)])).not.toMatch(/anna|ivanova/)
  })

  it('shows nobody that two entries are about one subject', async () => {
    const { log } = await world()
    const [one, two] = [await log.append(act('citizen')), await log.append(act('citizen'))]
    expect(one.entry.subject).not.toBe(two.entry.subject)
    expect(one.entry.salt).not.toBe(two.entry.salt)
  })

  it('writes nothing when the signal has fired, and rejects with its reason', async () => {
    const store = memoryStore()
    let transactions = 0
    const counted: AuditStore = { ...store, transaction: work => (transactions++, store.transaction(work)) }
    const { log } = await world({ store: counted })
    const reason = new Error('stop')
    const before = transactions
    await expect(log.append(act('citizen'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(transactions).toBe(before)
    const controller = new AbortController()
    const running = log.append(act('citizen'), { signal: controller.signal })
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    expect(await all(log.entries())).toEqual([])
  })

  it('leaves no entry, no act and no key when its signer fails', async () => {
    const { store, signer, reopen } = await world()
    let broken = false
    const log = await reopen({
      signer: {
        ...signer,
        sign: data => {
          if (broken) throw new Error('device unplugged')
          return signer.sign(data)
        },
      },
    })
    broken = true
    await expect(log.append(act('citizen', 'reason_0'))).rejects.toThrow('device unplugged')
    expect(await store.transaction(transaction => store.findLogHead(transaction))).toEqual({
      size: 0,
      checkpoint: undefined,
    })
    await store.transaction(async transaction => {
      expect(await store.findPendingActs(transaction, 10)).toEqual([])
      expect(await store.findSubjectKey(transaction, 'citizen')).toBeUndefined()
    })
    broken = false
    expect((await log.append(act('citizen', 'reason_1'))).index).toBe(0)
    expect((await all(log.entries())).map(({ reason }) => reason)).toEqual(['reason_1'])
  })
})

describe('time in the log', () => {
  it('stands still when the clock jumps back, and goes on when the clock has caught up', async () => {
    const { log, clock } = await world()
    const times: string[] = []
    for (const now of [
      '2026-11-22T10:00:00Z',
      '2026-11-21T00:00:00Z',
      '2026-11-22T09:59:59Z',
      '2026-11-22T10:00:01Z',
    ]) {
      clock.now = new Date(now)
      times.push((await log.append(act('citizen'))).entry.time)
    }
    expect(times).toEqual([
      '2026-11-22T10:00:00Z',
      '2026-11-22T10:00:00Z',
      '2026-11-22T10:00:00Z',
      '2026-11-22T10:00:01Z',
    ])
    expect(await verifyChain(log.entries(), { head: await log.checkpoint() })).toMatchObject({ ok: true })
  })

  it('is that of the act, not of its numbering', async () => {
    const { store, log, clock } = await world()
    await store.transaction(transaction => log.record(act('citizen'), transaction))
    clock.now = new Date('2026-11-22T11:00:00Z')
    await log.sequence()
    expect((await all(log.entries()))[0]?.time).toBe('2026-11-22T10:00:00Z')
  })

  it('needs a clock that tells it', async () => {
    const { log, clock } = await world()
    clock.now = new Date(Number.NaN)
    await expect(log.append(act('citizen'))).rejects.toThrow(TypeError)
  })
})

describe('record and sequence, for other writers', () => {
  it('are what a status registry wants', () => {
    expectTypeOf<AuditLog>().toExtend<ActRecorder>()
  })

  it('number what was committed, and nothing before', async () => {
    const { store, log } = await world()
    await store.transaction(async transaction => {
      await log.record(act('citizen', 'reason_0'), transaction)
      await log.record(act('citizen', 'reason_1'), transaction)
    })
    await log.sequence()
    expect((await all(log.entries())).map(({ index, reason }) => [index, reason])).toEqual([
      [0, 'reason_0'],
      [1, 'reason_1'],
    ])
  })

  it('leave nothing of a transaction that failed: no entry, no key, no pending act', async () => {
    const { store, log } = await world()
    const failed = store.transaction(async transaction => {
      await log.record(act('citizen'), transaction)
      throw new Error('the status could not be set')
    })
    await expect(failed).rejects.toThrow('the status could not be set')
    await log.sequence()
    expect(await all(log.entries())).toEqual([])
    await store.transaction(async transaction => {
      expect(await store.findPendingActs(transaction, 10)).toEqual([])
      expect(await store.findSubjectKey(transaction, 'citizen')).toBeUndefined()
    })
    await expect(log.history('citizen')).rejects.toMatchObject(failing('audit_subject_unknown'))
  })

  it('refuse an act that is none before anything else is committed', async () => {
    const { store, log } = await world()
    await expect(
      store.transaction(async transaction => {
        await log.record(act('citizen', 'reason_0'), transaction)
        await log.record({ ...act('citizen'), reason: 'Lost It' }, transaction)
      }),
    ).rejects.toMatchObject(failing('audit_entry_malformed'))
    await log.sequence()
    expect(await all(log.entries())).toEqual([])
  })

  it('refuse the transaction of another store', async () => {
    const { log } = await world()
    await expect(memoryStore().transaction(transaction => log.record(act('citizen'), transaction))).rejects.toThrow(
      TypeError,
    )
  })

  it('are shared by all who ask while a batch is under way, and number what came meanwhile', async () => {
    const store = memoryStore()
    let batches = 0
    const counted: AuditStore = {
      ...store,
      numberActs: (transaction, batch) => (batches++, store.numberActs(transaction, batch)),
    }
    const { log } = await world({ store: counted })
    await Promise.all(Array.from({ length: 100 }, (_, index) => log.append(act('citizen', `reason_${index}`))))
    expect(batches).toBeLessThan(100)
    expect(await all(log.entries())).toHaveLength(100)
  })

  it('number more acts than one batch takes', async () => {
    const { store, log } = await world()
    await store.transaction(async transaction => {
      for (let index = 0; index < 2001; index++) await log.record(act(undefined, `reason_${index}`), transaction)
    })
    await log.sequence()
    const entries = await all(log.entries())
    expect(entries.map(({ reason }) => reason)).toEqual(Array.from({ length: 2001 }, (_, index) => `reason_${index}`))
    expect(await verifyChain(entries, { head: await log.checkpoint(), logKey: log.verifierKey })).toMatchObject({
      ok: true,
    })
  })
})

describe('checkpoint', () => {
  it('is signed by the log, and one text for one size', async () => {
    const { log } = await worldOf(5)
    const text = await log.checkpoint()
    expect(decodeCheckpoint(text)).toEqual({ origin, size: 5, root: expect.any(String) })
    expect(Object.isFrozen(decodeCheckpoint(text))).toBe(true)
    expect(await log.checkpoint()).toBe(text)
    await log.append(act())
    expect(decodeCheckpoint(await log.checkpoint()).size).toBe(6)
  })

  it('covers what others have committed by then', async () => {
    const { store, log } = await worldOf(2)
    await store.transaction(transaction => log.record(act(), transaction))
    expect(decodeCheckpoint(await log.checkpoint()).size).toBe(3)
  })

  it('of an empty log has the root of the empty tree', async () => {
    const { log } = await world()
    expect(decodeCheckpoint(await log.checkpoint())).toEqual({
      origin,
      size: 0,
      root: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    })
    expect(await log.checkpoint()).toBe(await log.checkpoint())
  })

  it('survives a restart as it is', async () => {
    const { log, reopen } = await worldOf(4)
    const text = await log.checkpoint()
    const again = await reopen()
    expect(await again.checkpoint()).toBe(text)
    expect(again.verifierKey).toBe(log.verifierKey)
  })

  it.each([[undefined], [42], [null]])('is text: %s is not decoded', value => {
    expect(() => decodeCheckpoint(value as unknown as string)).toThrow(
      expect.objectContaining(failing('input_not_text')),
    )
  })

  it('that nobody signed, or that is none, is not decoded', () => {
    expect(() => decodeCheckpoint('a\n1\n')).toThrow(expect.objectContaining(failing('checkpoint_malformed')))
    expect(() => decodeCheckpoint(`a\n1\n${'A'.repeat(43)}=\n\n`)).toThrow(
      expect.objectContaining(failing('checkpoint_signature_missing')),
    )
  })
})

describe('entries', () => {
  it('come from an index up to another, in order', async () => {
    const { log } = await worldOf(7)
    const indexes = async (options?: object) => (await all(log.entries(options))).map(({ index }) => index)
    expect(await indexes()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(await indexes({ from: 2, to: 5 })).toEqual([2, 3, 4])
    expect(await indexes({ from: 5 })).toEqual([5, 6])
    expect(await indexes({ to: 2 })).toEqual([0, 1])
    expect(await indexes({ from: 3, to: 3 })).toEqual([])
    expect(await indexes({ from: 6, to: 100 })).toEqual([6])
    expect(await indexes({ from: 100 })).toEqual([])
  })

  it('come in pages without one lost between', async () => {
    const { store, log } = await world()
    await store.transaction(async transaction => {
      for (let index = 0; index < 1203; index++) await log.record(act(), transaction)
    })
    expect((await all(log.entries({ from: 1 }))).map(({ index }) => index)).toEqual(
      Array.from({ length: 1202 }, (_, index) => index + 1),
    )
  })

  it.each([{ from: -1 }, { from: 0.5 }, { to: -1 }, { to: Number.NaN }])('refuse the range %j', async options => {
    const { log } = await world()
    expect(() => log.entries(options)).toThrow(RangeError)
  })

  it('stop when the signal fires', async () => {
    const { log } = await worldOf(3)
    const controller = new AbortController()
    const reason = new Error('stop')
    const seen: number[] = []
    await expect(async () => {
      for await (const { index } of log.entries({ signal: controller.signal })) {
        seen.push(index)
        controller.abort(reason)
      }
    }).rejects.toBe(reason)
    expect(seen).toEqual([0])
  })
})

describe('opening', () => {
  it.each([
    ['no store', { store: undefined }],
    ['a store without a log', { store: { transaction: () => undefined } }],
    ['no origin', { origin: undefined }],
    ['an origin with a space', { origin: 'a b' }],
    ['an origin with a plus', { origin: 'a+b' }],
    ['an empty origin', { origin: '' }],
    ['no signer', { signer: undefined }],
    ['a former key that is none', { formerKeys: 'passport.example/log' }],
  ])('refuses %s', async (_, options) => {
    const { reopen } = await world()
    await expect(reopen(options as never)).rejects.toThrow(TypeError)
  })

  it('refuses a signer that is not Ed25519, or signs with another key than it names', async () => {
    const { reopen, signer } = await world()
    const other = await generateSigner('EdDSA')
    await expect(reopen({ signer: await generateSigner('ES256') })).rejects.toThrow(/Ed25519/)
    await expect(reopen({ signer: { ...signer, publicJwk: other.publicJwk } })).rejects.toThrow(/publicJwk/)
  })

  it('takes the other name of Ed25519 as well', async () => {
    const { reopen } = await world({ store: memoryStore() })
    expect((await reopen({ signer: await generateSigner('Ed25519') })).verifierKey).toMatch(/^passport\.example\/log\+/)
  })

  it('goes on where the log was', async () => {
    const { log, reopen } = await worldOf(5)
    const before = await all(log.entries())
    const kept = await log.checkpoint()
    const again = await reopen()
    expect(await all(again.entries())).toEqual(before)
    expect((await again.append(act())).index).toBe(5)
    const proof = await again.proveConsistency(5)
    const verdict = await verifyConsistency(proof, {
      from: kept,
      to: await again.checkpoint(),
      logKey: log.verifierKey,
    })
    expect(verdict).toMatchObject({ ok: true })
  })

  it('numbers the acts that a crash left behind', async () => {
    const { store, log, reopen } = await worldOf(2)
    await store.transaction(transaction => log.record(act('citizen', 'left_behind'), transaction))
    const again = await reopen()
    const [entry] = await all(again.entries({ from: 2 }))
    expect(entry).toMatchObject({ index: 2, reason: 'left_behind' })
    await log.append(act())
    expect((await all(log.entries())).map(({ index }) => index)).toEqual([0, 1, 2, 3])
  })

  it('says how far it has read, and stops when the signal fires', async () => {
    const { store, log, reopen } = await world()
    await store.transaction(async transaction => {
      for (let index = 0; index < 1500; index++) await log.record(act(), transaction)
    })
    await log.sequence()
    const steps: unknown[] = []
    await reopen({ onProgress: step => steps.push(step) })
    expect(steps).toEqual([
      { done: 1000, total: 1500 },
      { done: 1500, total: 1500 },
    ])
    const reason = new Error('stop')
    await expect(reopen({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    let pages = 0
    const counted: AuditStore = {
      ...store,
      findEntries: (transaction, from, to) => (pages++, store.findEntries(transaction, from, to)),
    }
    const opening = reopen({
      store: counted,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
    await expect(opening).rejects.toBe(reason)
    await log.checkpoint() // time enough to read another page
    expect(pages).toBe(1)
  })
})

describe('a store that was tampered with', () => {
  /** The store as it is, with some of its answers changed. */
  const changed = (
    store: AuditStore,
    change: (rows: { index: number; act: string; text: string }[]) => unknown[],
  ): AuditStore => ({
    ...store,
    findEntries: async (transaction, from, to) =>
      change([...(await store.findEntries(transaction, 0, Number.MAX_SAFE_INTEGER))]).slice(from, to) as never,
  })
  const reworded = (text: string) => text.replace('reason_1"', 'reason_9"')

  it.each([
    ['an entry edited', rows => rows.map(row => ({ ...row, text: reworded(row.text) }))],
    ['an entry emptied', rows => rows.map((row, at) => (at === 1 ? { ...row, text: '' } : row))],
    ['an entry that is no text', rows => rows.map((row, at) => (at === 4 ? { ...row, text: undefined } : row))],
    ['half of a character', rows => rows.map((row, at) => (at === 4 ? { ...row, text: '\ud83d' } : row))],
    ['the last entry no JSON', rows => rows.map((row, at) => (at === 4 ? { ...row, text: 'x' } : row))],
    ['the last entry missing', rows => rows.slice(0, -1)],
    ['the first entry missing', rows => rows.slice(1)],
    ['two entries swapped', rows => [rows[1], rows[0], ...rows.slice(2)]],
    [
      'two texts swapped',
      rows => [{ ...rows[0], text: rows[1]!.text }, { ...rows[1], text: rows[0]!.text }, ...rows.slice(2)],
    ],
    ['an entry twice', rows => [rows[0], rows[0], ...rows.slice(2)]],
    ['no entries', () => []],
  ] satisfies [string, Parameters<typeof changed>[1]][])('is found out on opening: %s', async (_, change) => {
    const { store, reopen } = await worldOf(5)
    await expect(reopen({ store: changed(store, change) })).rejects.toMatchObject(failing('log_corrupt'))
  })

  it('is found out on opening although the chain was made to fit again', async () => {
    const { store, reopen } = await worldOf(5)
    const forged = await worldOf(5)
    const rows = await forged.store.transaction(transaction => forged.store.findEntries(transaction, 0, 5))
    await expect(reopen({ store: changed(store, () => [...rows]) })).rejects.toMatchObject(failing('log_corrupt'))
  })

  it.each([
    ['no checkpoint', async () => undefined],
    ['an older checkpoint', async (_: AuditLog, older: string) => older],
    ['a checkpoint cut short', async (log: AuditLog) => (await log.checkpoint()).slice(0, -20)],
    ['a checkpoint of another size', async (log: AuditLog) => (await log.checkpoint()).replace('\n5\n', '\n6\n')],
    ['a checkpoint of another log', async () => (await worldOf(5)).log.checkpoint()],
    ['an unsigned checkpoint', async (log: AuditLog) => (await log.checkpoint()).replace(/\u2014.*\n/, '')],
  ])('is found out on opening: %s', async (_, checkpointOf) => {
    const { store, log, reopen } = await worldOf(3)
    const older = await log.checkpoint()
    for (let more = 0; more < 2; more++) await log.append(act())
    const checkpoint = await checkpointOf(log, older)
    const tampered = { ...store, findLogHead: async () => ({ size: 5, checkpoint }) }
    await expect(reopen({ store: tampered })).rejects.toMatchObject(failing('log_corrupt'))
  })

  it('is found out on opening under another origin or another key', async () => {
    const { reopen } = await worldOf(2)
    await expect(reopen({ origin: 'other.example/log' })).rejects.toMatchObject(failing('log_corrupt'))
    await expect(reopen({ signer: await generateSigner('EdDSA') })).rejects.toMatchObject(failing('log_corrupt'))
  })

  it('while the log is open is found out by whatever reads, and nothing is written afterwards', async () => {
    const real = memoryStore()
    let tampered = false
    const store: AuditStore = {
      ...real,
      findEntries: async (transaction, from, to) =>
        (await real.findEntries(transaction, from, to)).map(row =>
          tampered ? { ...row, text: reworded(row.text) } : row,
        ),
    }
    const { log } = await world({ store })
    for (let index = 0; index < 3; index++) await log.append(act('citizen', `reason_${index}`))
    tampered = true
    const corrupt = failing('log_corrupt')
    expect((await log.proveInclusion(0)).index).toBe(0)
    await expect(log.proveInclusion(1)).rejects.toMatchObject(corrupt)
    tampered = false
    for (const attempt of [
      () => log.append(act()),
      () => log.sequence(),
      () => log.checkpoint(),
      () => log.proveInclusion(0),
      () => log.proveConsistency(1, 2),
      () => log.history('citizen'),
      () => log.forget('citizen'),
      () => all(log.entries()),
      () => real.transaction(transaction => log.record(act(), transaction)),
    ])
      await expect(attempt()).rejects.toMatchObject(corrupt)
    await real.transaction(async transaction => {
      expect((await real.findLogHead(transaction)).size).toBe(3)
      expect(await real.findPendingActs(transaction, 10)).toEqual([])
    })
  })

  it.each([
    ['cut short', { size: 2 }],
    ['emptied', { size: 0, checkpoint: undefined }],
    ['ahead of its checkpoint', { size: 9 }],
    ['without the signature of its checkpoint', { checkpoint: 'passport.example/log\n3\n' }],
  ])('while the log is open is found out by the next batch: %s', async (_, head) => {
    const real = memoryStore()
    let tampered = false
    const find: AuditStore['findLogHead'] = async transaction => ({
      ...(await real.findLogHead(transaction)),
      ...(tampered ? head : {}),
    })
    const store: AuditStore = { ...real, findLogHead: find, lockLog: find }
    const { log } = await world({ store })
    for (let index = 0; index < 3; index++) await log.append(act())
    tampered = true
    await expect(log.append(act())).rejects.toMatchObject(failing('log_corrupt'))
    tampered = false
    await expect(log.append(act())).rejects.toMatchObject(failing('log_corrupt'))
  })

  it('rolled back to an earlier state while the log is open is found out by the next batch', async () => {
    const real = memoryStore()
    const heads: Awaited<ReturnType<AuditStore['findLogHead']>>[] = []
    let rolledBack = false
    const find: AuditStore['findLogHead'] = async transaction => {
      const head = await real.findLogHead(transaction)
      heads.push(head)
      return rolledBack ? heads.find(({ size }) => size === 2)! : head
    }
    const store: AuditStore = { ...real, findLogHead: find, lockLog: find }
    const { log } = await world({ store })
    for (let index = 0; index < 3; index++) await log.append(act())
    rolledBack = true
    await expect(log.append(act())).rejects.toMatchObject(failing('log_corrupt', { at: 'size' }))
  })

  it('in its acts is found out before they are numbered', async () => {
    for (const text of [
      '',
      '{}',
      '{"version":1,"time":"2026-11-22T10:00:00Z","kind":"Ivan","actor":"a","reason":"b"}',
    ]) {
      const { store, log } = await worldOf(1)
      await store.transaction(transaction => store.insertPendingAct(transaction, { id: 'forged', text }, undefined))
      await expect(log.sequence()).rejects.toMatchObject(failing('log_corrupt', { at: 'acts' }))
      expect((await store.transaction(transaction => store.findLogHead(transaction))).size).toBe(1)
    }
  })

  it.each([
    ['loses an entry just numbered', undefined],
    ['answers with an entry beyond its end', { index: 1, act: 'x', text: '{}' }],
    ['answers with an entry at no place', { index: -1, act: 'x', text: '{}' }],
    ['answers with another text', { index: 0, act: 'x', text: '{}' }],
  ])('that %s is found out by whoever waits for its number', async (_, row) => {
    const { log } = await world({ store: { ...memoryStore(), findEntryOfAct: async () => row } })
    await log.append(act('citizen'))
    await expect(log.forget('citizen')).rejects.toMatchObject(failing('log_corrupt'))
  })

  it('rolled back while another process is reading is found out when it reads on', async () => {
    const { store, log, reopen } = await world()
    let answer = 'real' as 'real' | 'failing' | 'empty'
    const unreliable: AuditStore = {
      ...store,
      findLogHead: async transaction =>
        answer === 'empty' ? { size: 0, checkpoint: undefined } : store.findLogHead(transaction),
      findEntries: async (transaction, from, to) => {
        if (answer === 'failing' && from > 0) throw new Error('connection lost')
        return store.findEntries(transaction, from, to)
      },
    }
    const reader = await reopen({ store: unreliable })
    await store.transaction(async transaction => {
      for (let index = 0; index < 1001; index++) await log.record(act(), transaction)
    })
    await log.sequence()
    answer = 'failing'
    await expect(reader.checkpoint()).rejects.toThrow('connection lost')
    answer = 'empty'
    await expect(reader.checkpoint()).rejects.toMatchObject(failing('log_corrupt'))
  })
})

describe('two processes over one store', () => {
  it('number every act once, in one chain', async () => {
    const { log, reopen } = await world()
    const other = await reopen()
    const appended = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? log : other).append(act('citizen', `reason_${index}`)),
      ),
    )
    const indexes = appended.map(({ index }) => index).sort((a, b) => a - b)
    expect(indexes).toEqual(Array.from({ length: 60 }, (_, index) => index))
    expect(await all(log.entries())).toEqual(await all(other.entries()))
    expect(await log.checkpoint()).toBe(await other.checkpoint())
    expect(await verifyChain(log.entries(), { head: await other.checkpoint(), logKey: log.verifierKey })).toMatchObject(
      {
        ok: true,
        size: 60,
      },
    )
  })

  it('begin again when the other was faster, and nobody sees what they had signed', async () => {
    const { store, log, reopen } = await world()
    const checkpoints: string[] = []
    const raced: AuditStore = {
      ...store,
      numberActs: async (transaction, batch) => {
        checkpoints.push(batch.checkpoint)
        return checkpoints.length === 1 ? false : store.numberActs(transaction, batch)
      },
    }
    const slow = await reopen({ store: raced })
    expect((await slow.append(act('citizen'))).index).toBe(0)
    expect(checkpoints).toHaveLength(2)
    expect(await log.checkpoint()).toBe(checkpoints[1])
  })

  it('take in what the other wrote, in pages, also after the store has failed between two', async () => {
    const { store, log, reopen } = await world()
    let pages = 0 // the first at the opening, to see that nothing lies beyond the end
    const failingOnce: AuditStore = {
      ...store,
      findEntries: async (transaction, from, to) => {
        if (++pages === 3) throw new Error('connection lost')
        return store.findEntries(transaction, from, to)
      },
    }
    const reader = await reopen({ store: failingOnce })
    await store.transaction(async transaction => {
      for (let index = 0; index < 1500; index++) await log.record(act(), transaction)
    })
    await log.sequence()
    await expect(reader.checkpoint()).rejects.toThrow('connection lost')
    expect(await reader.checkpoint()).toBe(await log.checkpoint())
    expect(pages).toBe(4)
    expect((await reader.append(act())).index).toBe(1500)
  })
})

describe('a signer that changes', () => {
  async function rotating() {
    const signers = [await generateSigner('EdDSA'), await generateSigner('EdDSA')] as [Signer, Signer]
    const current = { signer: signers[0] }
    const made = await world({ signer: () => current.signer })
    return { ...made, signers, rotate: () => (current.signer = signers[1]) }
  }

  it('signs from then on, and old proofs verify with the old key', async () => {
    const { log, rotate } = await rotating()
    await log.append(act('citizen'))
    const [oldKey, old, proof] = [log.verifierKey, await log.checkpoint(), await log.proveInclusion(0)]
    rotate()
    const fresh = await log.checkpoint()
    const newKey = log.verifierKey
    expect(newKey).not.toBe(oldKey)
    expect(fresh).not.toBe(old)
    expect(decodeCheckpoint(fresh)).toEqual(decodeCheckpoint(old))
    await log.append(act('citizen'))
    const to = await log.checkpoint()
    const consistency = await log.proveConsistency(1, 2)
    expect(await verifyInclusion(proof, { logKey: oldKey })).toMatchObject({ ok: true })
    expect(await verifyInclusion(proof, { logKey: newKey })).toMatchObject(refusal('checkpoint_signature_missing'))
    expect(await verifyInclusion(proof, { logKey: [newKey, oldKey] })).toMatchObject({ ok: true })
    expect(await verifyConsistency(consistency, { from: old, to, logKey: newKey })).toMatchObject({ ok: false })
    expect(await verifyConsistency(consistency, { from: old, to, logKey: [oldKey, newKey] })).toMatchObject({
      ok: true,
    })
    expect(await verifyHistory(await log.history('citizen'), { logKey: newKey })).toMatchObject({ ok: true })
  })

  it('is believed when it has signed anew what another key had signed', async () => {
    const { store, log, signers, reopen } = await rotating()
    await log.append(act('citizen'))
    const former = log.verifierKey
    const resigned = await (await openAuditLog({ store, origin, signer: signers[1], formerKeys: former })).checkpoint()
    let signedAnew = false
    const answering: AuditStore = {
      ...store,
      findLogHead: async transaction => {
        const head = await store.findLogHead(transaction)
        return signedAnew && head.size === 1 ? { ...head, checkpoint: resigned } : head
      },
    }
    const reader = await reopen({ store: answering, signer: signers[1], formerKeys: former })
    signedAnew = true
    expect(await reader.checkpoint()).toBe(resigned)
    expect((await reader.append(act('citizen'))).index).toBe(1)
  })

  it('is believed after a restart if its former keys are named, and not otherwise', async () => {
    const { log, store, signers } = await rotating()
    await log.append(act('citizen'))
    const open = (formerKeys?: string) =>
      openAuditLog({ store, origin, signer: signers[1], ...(formerKeys === undefined ? {} : { formerKeys }) })
    await expect(open()).rejects.toMatchObject(failing('log_corrupt', { at: 'checkpoint' }))
    const again = await open(log.verifierKey)
    expect((await again.append(act('citizen'))).index).toBe(1)
  })

  it('must not become one that cannot sign for a log', async () => {
    const ec = await generateSigner('ES256')
    const good = await generateSigner('EdDSA')
    let current: Signer = good
    const { log } = await world({ signer: () => current })
    current = ec
    await expect(log.append(act())).rejects.toThrow(TypeError)
    current = good
    expect((await log.append(act())).index).toBe(0)
  })
})

describe('any course of events', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), who: fc.nat(3) }),
    fc.record({ do: fc.constant('record' as const), who: fc.nat(3) }),
    fc.record({ do: fc.constant('fail' as const), who: fc.nat(3) }),
    fc.record({ do: fc.constant('forget' as const), who: fc.nat(3) }),
    fc.record({ do: fc.constant('restart' as const), who: fc.constant(0) }),
    fc.record({ do: fc.constant('jump' as const), who: fc.nat(3) }),
  )

  it('leaves one chain in which every committed act stands once, and histories that hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const made = await world()
        let log = made.log
        const kept: string[] = []
        const expected: string[] = []
        const known = new Map<string, number>()
        for (const [at, { do: what, who }] of steps.entries()) {
          const subject = `citizen ${who}`
          const reason = `reason_${at}`
          if (what === 'append') await log.append(act(subject, reason))
          if (what === 'record')
            await made.store.transaction(transaction => log.record(act(subject, reason), transaction))
          if (what === 'append' || what === 'record') {
            expected.push(reason)
            known.set(subject, (known.get(subject) ?? 0) + 1)
          }
          if (what === 'fail')
            await made.store
              .transaction(async transaction => {
                await log.record(act(subject, reason), transaction)
                throw new Error('undo')
              })
              .catch(() => undefined)
          if (what === 'forget') {
            const forgotten = log.forget(subject)
            if (known.delete(subject)) {
              await forgotten
              expected.push('subject_erased')
            } else {
              await expect(forgotten).rejects.toMatchObject(failing('audit_subject_unknown'))
            }
          }
          if (what === 'restart') log = await made.reopen()
          if (what === 'jump') made.clock.now = new Date(Date.UTC(2026, 10, 22, 10, who))
          kept.push(await log.checkpoint())
        }
        const entries = await all(log.entries())
        const to = await log.checkpoint()
        const logKey = log.verifierKey
        expect(entries.map(({ reason }) => reason)).toEqual(expected)
        expect(await verifyChain(entries, { head: to, logKey })).toMatchObject({ ok: true })
        for (const from of kept.filter(text => decodeCheckpoint(text).size > 0)) {
          const proof = await log.proveConsistency(decodeCheckpoint(from).size, decodeCheckpoint(to).size)
          expect(await verifyConsistency(proof, { from, to, logKey })).toMatchObject({ ok: true })
        }
        for (const [subject, count] of known) {
          const verdict = await verifyHistory(JSON.parse(JSON.stringify(await log.history(subject))), { logKey })
          expect(verdict).toMatchObject({ ok: true, subject })
          expect(verdict.ok && verdict.entries.length).toBe(count)
        }
      }),
      { seed: 20261122, numRuns: 40 },
    )
  }, 60_000)
})
