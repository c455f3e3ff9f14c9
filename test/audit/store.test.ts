/** What the log relies on in a store: everything of a transaction or nothing, and numbering that only one can win. */
import { describe, expect, it } from 'vitest'
import type { AuditStore, Batch } from '../../src/audit/store.js'
import type { Transaction } from '../../src/core/transaction.js'
import { keepKey } from '../../src/testing/store/keep-key.js'
import { memoryStore } from './world.js'

const key = new Uint8Array(32).fill(7)

const within = <T>(store: AuditStore, work: (transaction: Transaction) => Promise<T>): Promise<T> =>
  store.transaction(work)

const undone = (store: AuditStore, work: (transaction: Transaction) => Promise<unknown>): Promise<unknown> =>
  store
    .transaction(async transaction => {
      await work(transaction)
      throw new Error('undo')
    })
    .catch(error => expect(error.message).toBe('undo'))

const batch = (follows: number, acts: readonly string[]): Batch => ({
  follows,
  entries: acts.map((act, at) => ({ index: follows + at, act, text: `entry of ${act}` })),
  checkpoint: `checkpoint ${follows + acts.length}`,
})

/** A store with the acts a, b, c of anna, boris and anna, of which so many are numbered. */
async function storeWith(numbered: number): Promise<AuditStore> {
  const store = memoryStore()
  await within(store, async transaction => {
    for (const [id, subject] of [
      ['a', 'anna'],
      ['b', 'boris'],
      ['c', 'anna'],
    ] as const) {
      await keepKey(store, transaction, subject, key)
      await store.insertPendingAct(transaction, { id, text: `act ${id}` }, subject)
    }
    if (numbered > 0) await store.numberActs(transaction, batch(0, ['a', 'b', 'c'].slice(0, numbered)))
  })
  return store
}

const everything = (store: AuditStore) =>
  within(store, async transaction => ({
    head: await store.findLogHead(transaction),
    pending: await store.findPendingActs(transaction, 10),
    entries: await store.findEntries(transaction, 0, 10),
    ofActs: await Promise.all(['a', 'b', 'c', 'd'].map(act => store.findEntryOfAct(transaction, act))),
    keys: await Promise.all(['anna', 'boris', 'clara'].map(subject => store.findSubjectKey(transaction, subject))),
    about: await Promise.all(
      ['anna', 'boris', 'clara'].map(subject => store.findSubjectEntries(transaction, subject, 10)),
    ),
  }))

describe('a store that keeps a log', () => {
  it('begins with nothing', async () => {
    const store = memoryStore()
    expect(await everything(store)).toEqual({
      head: { size: 0, checkpoint: undefined },
      pending: [],
      entries: [],
      ofActs: [undefined, undefined, undefined, undefined],
      keys: [undefined, undefined, undefined],
      about: [[], [], []],
    })
  })

  it('gives acts back in the order they came, as many as asked for', async () => {
    const store = await storeWith(0)
    await within(store, async transaction => {
      expect((await store.findPendingActs(transaction, 2)).map(({ id }) => id)).toEqual(['a', 'b'])
      expect(await store.findPendingActs(transaction, 10)).toEqual([
        { id: 'a', text: 'act a' },
        { id: 'b', text: 'act b' },
        { id: 'c', text: 'act c' },
      ])
    })
  })

  it('turns acts into entries, and what they remember of a subject into its entries', async () => {
    const store = await storeWith(3)
    const { head, pending, entries, ofActs, about } = await everything(store)
    expect(head).toEqual({ size: 3, checkpoint: 'checkpoint 3' })
    expect(pending).toEqual([])
    expect(entries).toEqual(batch(0, ['a', 'b', 'c']).entries)
    expect(ofActs.slice(0, 3)).toEqual(entries)
    expect(about.map(rows => rows.map(({ index }) => index))).toEqual([[0, 2], [1], []])
    await within(store, async transaction => {
      expect((await store.findSubjectEntries(transaction, 'anna', 1)).map(({ index }) => index)).toEqual([0])
      expect((await store.findEntries(transaction, 1, 2)).map(({ index }) => index)).toEqual([1])
    })
  })

  it.each([
    ['behind the end of the log', batch(0, ['b'])],
    ['beyond the end of the log', batch(2, ['b'])],
    ['of an act that is numbered', batch(1, ['a'])],
    ['of an act that nobody recorded', batch(1, ['b', 'x'])],
  ])('writes nothing of a batch %s', async (_, late) => {
    const store = await storeWith(1)
    const before = await everything(store)
    expect(await within(store, transaction => store.numberActs(transaction, late))).toBe(false)
    expect(await everything(store)).toEqual(before)
  })

  it('keeps the key that was there first', async () => {
    const store = await storeWith(0)
    await within(store, async transaction => {
      expect(await keepKey(store, transaction, 'anna', new Uint8Array(32))).toEqual(key)
      expect(await keepKey(store, transaction, 'clara', new Uint8Array(32))).toEqual(new Uint8Array(32))
    })
    expect((await everything(store)).keys).toEqual([key, key, new Uint8Array(32)])
  })

  it('is not changed through what it hands out or was handed', async () => {
    const store = await storeWith(0)
    const mine = key.slice()
    await within(store, async transaction => {
      await keepKey(store, transaction, 'clara', mine)
      mine.fill(0)
      ;(await store.findSubjectKey(transaction, 'anna'))?.fill(0)
      ;(await keepKey(store, transaction, 'boris', mine)).fill(0)
    })
    expect((await everything(store)).keys).toEqual([key, key, key])
    const numbered = await everything(await storeWith(1))
    expect([...numbered.pending, ...numbered.entries].every(Object.isFrozen)).toBe(true)
  })

  it('forgets a subject: the key, its entries and its acts, and nobody else', async () => {
    const store = await storeWith(2)
    expect(await within(store, transaction => store.eraseSubject(transaction, 'anna'))).toBe(true)
    expect(await within(store, transaction => store.eraseSubject(transaction, 'anna'))).toBe(false)
    await within(store, async transaction => {
      await keepKey(store, transaction, 'anna', key)
      await store.numberActs(transaction, batch(2, ['c']))
    })
    const { about, entries } = await everything(store)
    expect(about.map(rows => rows.length)).toEqual([0, 1, 0])
    expect(entries).toHaveLength(3)
  })

  it.each<[string, number, (store: AuditStore, transaction: Transaction) => Promise<unknown>]>([
    ['an act', 1, (store, transaction) => store.insertPendingAct(transaction, { id: 'd', text: 'act d' }, 'anna')],
    ['a key', 1, (store, transaction) => keepKey(store, transaction, 'clara', key)],
    ['a batch', 0, (store, transaction) => store.numberActs(transaction, batch(0, ['a', 'b']))],
    ['a batch after another', 1, (store, transaction) => store.numberActs(transaction, batch(1, ['b', 'c']))],
    ['an erasure', 1, (store, transaction) => store.eraseSubject(transaction, 'anna')],
    [
      'all of them, one after the other',
      1,
      async (store, transaction) => {
        await keepKey(store, transaction, 'clara', key)
        await store.insertPendingAct(transaction, { id: 'd', text: 'act d' }, 'clara')
        await store.numberActs(transaction, batch(1, ['b', 'c', 'd']))
        await store.eraseSubject(transaction, 'anna')
        await store.eraseSubject(transaction, 'clara')
      },
    ],
  ])('undoes %s with its transaction', async (_, numbered, work) => {
    const store = await storeWith(numbered)
    const before = await everything(store)
    await undone(store, transaction => work(store, transaction))
    expect(await everything(store)).toEqual(before)
    // What is left behaves as if nothing had been tried.
    const rest = ['a', 'b', 'c'].slice(numbered)
    expect(await within(store, transaction => store.numberActs(transaction, batch(numbered, rest)))).toBe(true)
    expect((await everything(store)).about.map(rows => rows.map(({ index }) => index))).toEqual([[0, 2], [1], []])
  })

  it('writes in open transactions of its own only', async () => {
    const store = await storeWith(0)
    const over = await within(store, async transaction => transaction)
    for (const write of [
      () => store.insertPendingAct(over, { id: 'd', text: 'act d' }, undefined),
      () => keepKey(store, over, 'clara', key),
      () => store.numberActs(over, batch(0, ['a'])),
      () => store.eraseSubject(over, 'anna'),
    ])
      await expect(write()).rejects.toThrow(TypeError)
  })
})
