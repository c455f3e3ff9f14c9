/** Status entries: an index belongs to one credential, and no change of one is lost. */
import type { StatusEntryRow } from '../../status/store.js'
import type { Case, WholeStore } from './case.js'
import { expectSame, expectTrue } from './expect.js'
import { expectWaiting, hold, parallel } from './held.js'
import { all, entry, kind, list, numbers, uriOf } from './samples.js'

export const entryCases: readonly Case[] = [
  [
    'is kept as it was handed in, and found by its place',
    async store => {
      await open(store)
      const rows = [entry(0), entry(999, { id: 'x', value: 255 }), entry(7, { uri: uriOf('b'), value: 2 })]
      for (const row of rows) expectSame(await insert(store, row), true, 'a new entry')
      for (const row of rows) expectSame(await find(store, row.index, row.uri), row, 'the entry at its place')
      expectSame(await find(store, 7), undefined, 'an entry of another list')
      expectSame(await find(store, 1), undefined, 'an entry that nobody has')
      expectSame(await find(store, 0, uriOf('none')), undefined, 'an entry of no list')
    },
  ],
  [
    'is added once at an index, and the refusal leaves the transaction usable',
    async store => {
      await open(store)
      await insert(store, entry(7))
      await store.transaction(async transaction => {
        const second = entry(7, { id: 'passport 2', value: 3 })
        expectSame(await store.insertStatusEntry(transaction, second), false, 'a second entry')
        expectSame(await store.insertStatusEntry(transaction, entry(7)), false, 'the same entry again')
        expectSame(await store.insertStatusEntry(transaction, entry(8)), true, 'an entry beside it')
        expectSame(await store.insertStatusEntry(transaction, entry(8)), false, 'one that it added itself')
        expectSame(await store.insertStatusEntry(transaction, entry(7, { uri: uriOf('b') })), true, 'in another list')
      })
      expectSame(await find(store, 7), entry(7), 'the first entry')
      expectSame(await find(store, 8), entry(8), 'the entry beside it')
      expectSame(await ofPassport(store, 'passport 2'), [], 'the entries of the refused one')
    },
  ],
  [
    'is found with the others of its passport by list and index, in one registry',
    async store => {
      await open(store)
      await insert(store, entry(3, { uri: uriOf('elsewhere') }))
      const indexes = [40, 9, 100, 23, 7, 11, 0, 88, 65, 2, 1, 12]
      for (const index of indexes) {
        await insert(store, entry(index, { uri: uriOf(index % 3 === 0 ? 'b' : 'a') }))
        await insert(store, entry(index + 200, { id: 'passport 2' }))
      }
      await store.transaction(transaction => store.updateStatusEntry(transaction, entry(7), 1))
      const found = await ofPassport(store, 'passport 1')
      const first = found[0]?.uri === uriOf('a') ? ['a', 'b'] : ['b', 'a']
      const expected = first.flatMap(name =>
        indexes
          .filter(index => (index % 3 === 0) === (name === 'b'))
          .sort((a, b) => a - b)
          .map(index => entry(index, { uri: uriOf(name), value: index === 7 ? 1 : 0 })),
      )
      expectSame(found, expected, 'the entries of a passport')
      expectSame(await ofPassport(store, 'passport'), [], 'the entries of a passport that there is not')
    },
  ],
  [
    'changes from the value that was read, and from no other',
    async store => {
      await open(store)
      await insert(store, entry(7))
      await insert(store, entry(8))
      await store.transaction(async transaction => {
        expectSame(await store.updateStatusEntry(transaction, entry(7, { value: 1 }), 2), false, 'another value')
        expectSame(await store.updateStatusEntry(transaction, entry(9), 2), false, 'an entry that nobody has')
        expectSame(await store.updateStatusEntry(transaction, entry(7, { uri: uriOf('b') }), 2), false, 'no such list')
        expectSame(await store.updateStatusEntry(transaction, entry(7), 2), true, 'the value that it has')
        expectSame(await store.updateStatusEntry(transaction, entry(7), 3), false, 'the value that it had')
      })
      expectSame(await find(store, 7), entry(7, { value: 2 }), 'the changed entry')
      expectSame(await find(store, 8), entry(8), 'the entry beside it')
      expectSame(await find(store, 9), undefined, 'the entry that nobody has')
      expectSame(await changes(store), [{ index: 7, before: 0, after: 2 }], 'the changes that were noted')
    },
  ],
  [
    'takes every value of 8 bits',
    async store => {
      await open(store)
      await insert(store, entry(0))
      await store.transaction(async transaction => {
        for (const value of numbers(255))
          expectSame(await store.updateStatusEntry(transaction, entry(0, { value }), value + 1), true, `from ${value}`)
      })
      expectSame((await find(store, 0))?.value, 255, 'the last value')
    },
  ],
  [
    'is had by one of 200 that want its index at the same time',
    async store => {
      await open(store)
      const added = await parallel(200, number => insert(store, entry(5, { id: `passport ${number}` })))
      expectSame(added.filter(Boolean).length, 1, 'how many were told that they have it')
      expectSame((await find(store, 5))?.id, `passport ${added.indexOf(true)}`, 'whose it is')
    },
  ],
  [
    'is had by one of two that are at it, whichever is committed',
    async store => {
      await open(store)
      for (const [index, undo] of [
        [1, true],
        [2, false],
      ] as const) {
        const first = await hold(store, transaction => store.insertStatusEntry(transaction, entry(index)))
        const second = insert(store, entry(index, { id: 'passport 2' }))
        await expectWaiting(second, 'an entry at an index that another is about to have')
        await (undo ? first.undo() : first.commit())
        expectSame(await second, undo, 'whether the second has it')
        expectSame((await find(store, index))?.id, undo ? 'passport 2' : 'passport 1', 'whose it is')
      }
    },
  ],
  [
    'is changed by one of 50 that saw the same value',
    async store => {
      await open(store)
      await insert(store, entry(5))
      const changed = await parallel(50, number =>
        store.transaction(transaction => store.updateStatusEntry(transaction, entry(5), number + 1)),
      )
      expectSame(changed.filter(Boolean).length, 1, 'how many were told that they changed it')
      expectSame((await find(store, 5))?.value, changed.indexOf(true) + 1, 'what it was changed to')
      expectSame((await changes(store)).length, 1, 'the number of changes noted')
    },
  ],
  [
    'is changed after the change that another is making, or not at all',
    async store => {
      await open(store)
      for (const [index, undo] of [
        [1, true],
        [2, false],
      ] as const) {
        await insert(store, entry(index))
        const first = await hold(store, transaction => store.updateStatusEntry(transaction, entry(index), 1))
        const second = store.transaction(transaction => store.updateStatusEntry(transaction, entry(index), 2))
        await expectWaiting(second, 'a change of an entry that another changes')
        await (undo ? first.undo() : first.commit())
        expectSame(await second, undo, 'whether the second changed it')
        expectSame((await find(store, index))?.value, undo ? 2 : 1, 'what it was changed to')
      }
    },
  ],
  [
    'loses no change of 12 writers that count it up at the same time',
    async store => {
      await open(store)
      await insert(store, entry(5))
      await parallel(12, async () => {
        for (let done = 0, tries = 0; done < 8; tries++) {
          expectTrue(tries < 1000, 'a change succeeds in the end')
          if (await countUp(store)) done++
        }
      })
      expectSame((await find(store, 5))?.value, 96, 'what they counted to')
      const expected = numbers(96).map(before => ({ index: 5, before, after: before + 1 }))
      expectSame(await changes(store), expected, 'the changes in their order')
    },
  ],
  [
    'keeps its own change among 150 of a list that are changed at the same time',
    async store => {
      await open(store)
      await store.transaction(async transaction => {
        for (const index of numbers(150)) await store.insertStatusEntry(transaction, entry(index))
      })
      await parallel(150, index =>
        store.transaction(transaction => store.updateStatusEntry(transaction, entry(index), (index % 255) + 1)),
      )
      for (const index of [0, 1, 77, 149]) expectSame((await find(store, index))?.value, index + 1, `entry ${index}`)
      const noted = (await changes(store)).map(({ index }) => index).toSorted((a, b) => a - b)
      expectSame(noted, numbers(150), 'the entries whose change was noted')
    },
  ],
]

/** Three lists: two of one registry, and one elsewhere. */
async function open(store: WholeStore): Promise<void> {
  await store.transaction(async transaction => {
    await store.insertStatusList(transaction, list('a'))
    await store.insertStatusList(transaction, list('b', { shard: 1 }))
    await store.insertStatusList(transaction, list('elsewhere', { registry: 'https://other.example' }))
  })
}

const insert = (store: WholeStore, row: StatusEntryRow): Promise<boolean> =>
  store.transaction(transaction => store.insertStatusEntry(transaction, row))

const find = (store: WholeStore, index: number, uri = uriOf('a')): Promise<StatusEntryRow | undefined> =>
  store.transaction(transaction => store.findStatusEntry(transaction, uri, index))

const ofPassport = (store: WholeStore, id: string): Promise<readonly StatusEntryRow[]> =>
  store.transaction(transaction => store.findStatusEntries(transaction, kind.registry, id))

const changes = (store: WholeStore) =>
  store.transaction(transaction => all(store.takeChanges(transaction, uriOf('a'), 1)))

/** Reads in one transaction and writes in another, as two requests of one caller do. */
async function countUp(store: WholeStore): Promise<boolean> {
  const seen = await find(store, 5)
  expectTrue(seen !== undefined, 'the entry is there')
  return store.transaction(transaction => store.updateStatusEntry(transaction, seen!, seen!.value + 1))
}
