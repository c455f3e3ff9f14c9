import { beforeEach, describe, expect, it } from 'vitest'
import type { Transaction } from '../../src/core/transaction.js'
import type { ChangedEntry, StatusEntryRow, StatusListRow } from '../../src/status/store.js'
import { memoryTransactions } from '../../src/store/memory/transactions.js'
import { type MemoryStore, memoryStore } from '../../src/store/memory.js'

const pause = () => new Promise(resolve => setTimeout(resolve, 1))

describe('transactions over memory', () => {
  it('run one after the other, in the order they were asked for', async () => {
    const transactions = memoryTransactions()
    const events: string[] = []
    const work = (name: string) =>
      transactions.transaction(async () => {
        events.push(`${name} begins`)
        await pause()
        events.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([work('a'), work('b'), work('c')])).toEqual(['a', 'b', 'c'])
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('take back what a failed one did, the latest first, and go on', async () => {
    const transactions = memoryTransactions()
    const undone: number[] = []
    const failure = new Error('no')
    const failing = transactions.transaction(async transaction => {
      transactions.onRollback(transaction, () => undone.push(1))
      await pause()
      transactions.onRollback(transaction, () => undone.push(2))
      throw failure
    })
    const next = transactions.transaction(async () => [...undone])
    await expect(failing).rejects.toBe(failure)
    expect(await next).toEqual([2, 1])
  })

  it('take back what one did that throws at once', async () => {
    const transactions = memoryTransactions()
    const undone: number[] = []
    const work = (transaction: Transaction): Promise<void> => {
      transactions.onRollback(transaction, () => undone.push(1))
      throw new Error('no')
    }
    await expect(transactions.transaction(work)).rejects.toThrow('no')
    expect(undone).toEqual([1])
  })

  it('keep what a successful one did', async () => {
    const transactions = memoryTransactions()
    const undone: number[] = []
    await transactions.transaction(async transaction => {
      transactions.onRollback(transaction, () => undone.push(1))
    })
    await transactions
      .transaction(async () => {
        throw new Error('no')
      })
      .catch(() => {})
    expect(undone).toEqual([])
  })

  it('take no writes after their end, or for another store', async () => {
    const transactions = memoryTransactions()
    const over = await transactions.transaction(async transaction => transaction)
    expect(() => transactions.onRollback(over, () => {})).toThrow(TypeError)
    await memoryTransactions().transaction(async foreign => {
      expect(() => transactions.onRollback(foreign, () => {})).toThrow(TypeError)
    })
  })
})

describe('statuses in memory', () => {
  let store: MemoryStore
  const kind = { registry: 'https://status.example', format: 'dc+sd-jwt', bits: 2, size: 64 } as const
  const list = (name: string, changes: Partial<StatusListRow> = {}): StatusListRow => ({
    ...kind,
    uri: `${kind.registry}/${name}`,
    ...changes,
  })
  const entry = (index: number, changes: Partial<StatusEntryRow> = {}): StatusEntryRow => ({
    uri: list('a').uri,
    index,
    id: 'passport 1',
    value: 0,
    ...changes,
  })
  const run = <T>(work: (open: Transaction) => Promise<T>) => store.transaction(work)
  const changed = async (open: Transaction, uri: string) => {
    const entries: ChangedEntry[] = []
    for await (const page of store.changedStatusEntries(open, uri)) entries.push(...page)
    return entries
  }
  const living = (until = new Date(0)) =>
    run(async open => (await store.findLivingStatusLists(open, kind.registry, until)).map(({ uri }) => uri.slice(-1)))

  beforeEach(async () => {
    store = memoryStore()
    await run(open => store.insertStatusList(open, list('a')))
  })

  it('find the latest open list of exactly that kind', async () => {
    await run(async open => {
      await store.insertStatusList(open, list('b'))
      for (const [name, changes] of Object.entries({
        c: { registry: 'https://other.example' },
        d: { format: 'mso_mdoc' },
        e: { bits: 1 as const },
        f: { size: 128 },
      }))
        await store.insertStatusList(open, list(name, changes))
      expect((await store.findOpenStatusList(open, kind))?.uri).toBe(list('b').uri)
      await store.closeStatusList(open, list('b').uri)
      expect((await store.findOpenStatusList(open, kind))?.uri).toBe(list('a').uri)
      await store.closeStatusList(open, list('a').uri)
      expect(await store.findOpenStatusList(open, kind)).toBeUndefined()
    })
  })

  it('hold an address once', async () => {
    await expect(run(open => store.insertStatusList(open, list('a')))).rejects.toThrow()
    await expect(run(open => store.closeStatusList(open, list('b').uri))).rejects.toThrow()
    await expect(run(open => store.insertStatusEntry(open, entry(0, { uri: list('b').uri })))).rejects.toThrow()
  })

  it('hold an index once, and say so', async () => {
    await run(async open => {
      expect(await store.insertStatusEntry(open, entry(7))).toBe(true)
      expect(await store.insertStatusEntry(open, entry(7, { id: 'passport 2' }))).toBe(false)
      expect(await store.findStatusEntry(open, list('a').uri, 7)).toMatchObject({ id: 'passport 1' })
      expect(await store.findStatusEntries(open, kind.registry, 'passport 2')).toEqual([])
    })
  })

  it('change an entry only from the value that was read', async () => {
    await run(async open => {
      await store.insertStatusEntry(open, entry(7))
      expect(await store.updateStatusEntry(open, entry(7), 2)).toBe(true)
      expect(await store.updateStatusEntry(open, entry(7), 1)).toBe(false)
      expect((await store.findStatusEntry(open, list('a').uri, 7))?.value).toBe(2)
      expect(await store.updateStatusEntry(open, entry(8), 1)).toBe(false)
    })
  })

  it('find the entries of a passport in one registry', async () => {
    const elsewhere = list('c', { registry: 'https://other.example' })
    await run(async open => {
      await store.insertStatusList(open, elsewhere)
      await store.insertStatusEntry(open, entry(9))
      await store.insertStatusEntry(open, entry(3))
      await store.insertStatusEntry(open, entry(3, { uri: elsewhere.uri }))
      await store.insertStatusEntry(open, entry(4, { id: 'passport 2' }))
      const found = await store.findStatusEntries(open, kind.registry, 'passport 1')
      expect(found.map(({ index }) => index)).toEqual([9, 3])
    })
  })

  it('tell the entries that are not 0', async () => {
    await run(async open => {
      for (const [index, value] of [
        [1, 0],
        [2, 1],
        [3, 2],
      ] as const)
        await store.insertStatusEntry(open, entry(index, { value }))
      expect(await changed(open, list('a').uri)).toEqual([
        { index: 2, value: 1 },
        { index: 3, value: 2 },
      ])
    })
  })

  it('count a list as living while it is open or something in it has not run out', async () => {
    await run(async open => {
      for (const name of ['b', 'c', 'd']) await store.insertStatusList(open, list(name))
      await store.insertStatusEntry(open, entry(1, { uri: list('b').uri, expires: new Date(1000) }))
      await store.insertStatusEntry(open, entry(2, { uri: list('b').uri, expires: new Date(5000) }))
      await store.insertStatusEntry(open, entry(1, { uri: list('c').uri }))
      for (const name of ['b', 'c', 'd']) await store.closeStatusList(open, list(name).uri)
    })
    expect(await living(new Date(5000))).toEqual(['a', 'b', 'c'])
    expect(await living(new Date(5001))).toEqual(['a', 'c'])
  })

  it('never date a publication before the last one', async () => {
    const publish = (at: number) => run(open => store.publishStatusList(open, list('a').uri, new Date(at)))
    expect(await publish(2000)).toEqual(new Date(2000))
    expect(await publish(1000)).toEqual(new Date(2000))
    expect(await publish(3000)).toEqual(new Date(3000))
  })

  it('are as before when a transaction fails', async () => {
    await run(open => store.insertStatusEntry(open, entry(1)))
    const failing = run(async open => {
      await store.insertStatusList(open, list('b'))
      await store.insertStatusEntry(open, entry(2))
      await store.updateStatusEntry(open, entry(1), 1)
      await store.updateStatusEntry(open, entry(1, { value: 1 }), 2)
      await store.publishStatusList(open, list('a').uri, new Date(9000))
      await store.closeStatusList(open, list('a').uri)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await run(async open => {
      expect(await store.findStatusList(open, list('b').uri)).toBeUndefined()
      expect(await store.findStatusEntry(open, list('a').uri, 2)).toBeUndefined()
      expect((await store.findStatusEntry(open, list('a').uri, 1))?.value).toBe(0)
      expect(await store.findStatusEntries(open, kind.registry, 'passport 1')).toHaveLength(1)
      expect((await store.findOpenStatusList(open, kind))?.uri).toBe(list('a').uri)
      expect(await store.publishStatusList(open, list('a').uri, new Date(1))).toEqual(new Date(1))
      expect(await changed(open, list('a').uri)).toEqual([])
      expect(await store.insertStatusEntry(open, entry(2))).toBe(true)
    })
  })

  it('are written by nobody whose transaction is over', async () => {
    const over = await run(async open => open)
    await expect(store.insertStatusEntry(over, entry(1))).rejects.toThrow(TypeError)
    await run(async open => expect(await store.insertStatusEntry(open, entry(1))).toBe(true))
  })
})
