/** Status lists: one of a kind open at a time, and places that nobody else takes. */
import type { PlaceLease, StatusListRow } from '../../status/store.js'
import type { Case, WholeStore } from './case.js'
import { expectSame, rejection } from './expect.js'
import { expectWaiting, hold, parallel, undone } from './held.js'
import { at, entry, kind, list, numbers, uriOf } from './samples.js'

export const listCases: readonly Case[] = [
  [
    'is kept as it was handed in, and found by its address and by its kind',
    async store => {
      for (const row of [list('a'), list('b', { shard: 1, expires: undefined, cohort: '', created: at(0.123) })]) {
        expectSame(await insert(store, row), true, 'a new list')
        expectSame(await store.transaction(open => store.findStatusList(open, row.uri)), row, 'by its address')
        expectSame(await store.transaction(open => store.findOpenStatusList(open, row)), row, 'by its kind')
      }
    },
  ],
  [
    'is not found where there is none',
    async store => {
      await store.transaction(async transaction => {
        expectSame(await store.findStatusList(transaction, uriOf('a')), undefined, 'by an address')
        expectSame(await store.findOpenStatusList(transaction, kind), undefined, 'by a kind')
        expectSame(await store.findLivingStatusLists(transaction, kind.registry, at(0)), [], 'living ones')
      })
    },
  ],
  [
    'is added once while one of its kind is open, and the refusal leaves the transaction usable',
    async store => {
      await insert(store, list('a'))
      await store.transaction(async transaction => {
        expectSame(await store.insertStatusList(transaction, list('b')), false, 'a second list of the kind')
        expectSame(await store.insertStatusList(transaction, list('c', { shard: 1 })), true, 'a list of another kind')
      })
      await store.transaction(async transaction => {
        expectSame(await store.findStatusList(transaction, uriOf('b')), undefined, 'the refused list')
        expectSame(await store.findStatusList(transaction, uriOf('c')), list('c', { shard: 1 }), 'the added list')
        expectSame(await store.findOpenStatusList(transaction, kind), list('a'), 'the open list of the kind')
      })
    },
  ],
  [
    'is of another kind when any member of its kind is another',
    async store => {
      const others: readonly Partial<StatusListRow>[] = [
        {},
        { registry: 'https://status.example/b' },
        { format: 'mso_mdoc' },
        { bits: 1 },
        { size: 2048 },
        { cohort: '' },
        { cohort: '2031' },
        { shard: 1 },
        { shard: 2 },
      ]
      for (const [place, other] of others.entries())
        expectSame(await insert(store, list(`l${place}`, other)), true, `a list that differs in ${Object.keys(other)}`)
      for (const [place, other] of others.entries()) {
        const found = await store.transaction(open => store.findOpenStatusList(open, { ...kind, ...other }))
        expectSame(found?.uri, uriOf(`l${place}`), `the open list that differs in ${Object.keys(other)}`)
      }
    },
  ],
  [
    'keeps its address to itself, whatever the kind',
    async store => {
      await insert(store, list('a'))
      await rejection(insert(store, list('a', { shard: 1, capacity: 7 })), 'a second list at the address')
      expectSame(await store.transaction(open => store.findStatusList(open, uriOf('a'))), list('a'), 'the first')
    },
  ],
  [
    'is open until its last place is leased, and another of its kind may follow then',
    async store => {
      await insert(store, list('a', { capacity: 10 }))
      const open = () => store.transaction(transaction => store.findOpenStatusList(transaction, kind))
      await lease(store, 9)
      expectSame((await open())?.uri, uriOf('a'), 'the open list, with a place left')
      expectSame(await insert(store, list('b')), false, 'a second list, with a place left in the first')
      await lease(store, 1)
      expectSame(await open(), undefined, 'the open list, with none left')
      expectSame(await insert(store, list('b')), true, 'a second list, with none left in the first')
      expectSame((await open())?.uri, uriOf('b'), 'the open list after it')
      const first = await store.transaction(transaction => store.findStatusList(transaction, uriOf('a')))
      expectSame(first, list('a', { capacity: 10 }), 'the full list')
    },
  ],
  [
    'lives as long as its cohort, full or not, oldest first, in its own registry',
    async store => {
      const lives = async (until: Date) => {
        const rows = await store.transaction(open => store.findLivingStatusLists(open, kind.registry, until))
        return rows.map(({ uri }) => uri.slice(uriOf('').length))
      }
      const rows: readonly (readonly [string, Partial<StatusListRow>])[] = [
        ['d', { expires: at(100), capacity: 1 }],
        ['c', { expires: at(200) }],
        ['b', { expires: undefined }],
        ['e', { expires: at(150), registry: 'https://other.example' }],
        ['a', { expires: at(100.001) }],
      ]
      for (const [place, [name, changes]] of rows.entries())
        await insert(store, list(name, { shard: place, created: at(place), ...changes }))
      await lease(store, 1, 'd')
      expectSame(await lives(at(0)), ['d', 'c', 'b', 'a'], 'before any ran out')
      expectSame(await lives(at(100)), ['d', 'c', 'b', 'a'], 'at the very end of one')
      expectSame(await lives(at(100.001)), ['c', 'b', 'a'], 'a millisecond after it')
      expectSame(await lives(at(1e9)), ['b'], 'in the end')
    },
  ],
  [
    'leases its places in order, as many as asked for, and then those that are left',
    async store => {
      await insert(store, list('a', { capacity: 25 }))
      await insert(store, list('b', { shard: 1 }))
      expectSame(await lease(store, 10), { from: 0, to: 10 }, 'the first lease')
      expectSame(await lease(store, 1, 'b'), { from: 0, to: 1 }, 'a lease of another list')
      expectSame(await lease(store, 10), { from: 10, to: 20 }, 'the second')
      expectSame(await lease(store, 10), { from: 20, to: 25 }, 'the last')
      await store.transaction(async transaction => {
        expectSame(await store.leasePlaces(transaction, uriOf('a'), 10), undefined, 'one lease more')
        expectSame(await store.leasePlaces(transaction, uriOf('b'), 2), { from: 1, to: 3 }, 'the transaction goes on')
      })
    },
  ],
  [
    'has places up to 2^31 - 1',
    async store => {
      const largest = 2 ** 31 - 1
      const row = list('a', { size: largest, capacity: largest })
      await insert(store, row)
      expectSame(await lease(store, largest - 3), { from: 0, to: largest - 3 }, 'nearly all places')
      expectSame(await lease(store, largest), { from: largest - 3, to: largest }, 'the rest of them')
      expectSame(await lease(store, 1), undefined, 'one more')
      await store.transaction(open => store.insertStatusEntry(open, entry(largest)))
      const found = await store.transaction(open => store.findStatusEntry(open, uriOf('a'), largest))
      expectSame(found, entry(largest), 'the last entry')
      expectSame(await store.transaction(open => store.findStatusList(open, uriOf('a'))), row, 'the list')
    },
  ],
  [
    'is one of 20 that were to be opened at the same time',
    async store => {
      const added = await parallel(20, number => insert(store, list(`l${number}`)))
      expectSame(added.filter(Boolean).length, 1, 'how many were added')
      const found = await store.transaction(open => store.findOpenStatusList(open, kind))
      expectSame(found?.uri, uriOf(`l${added.indexOf(true)}`), 'the one that is open')
    },
  ],
  [
    'waits for another of its kind that is being added',
    async store => {
      const first = await hold(store, transaction => store.insertStatusList(transaction, list('a')))
      const second = insert(store, list('b'))
      await expectWaiting(second, 'adding a second list of the kind')
      await first.undo()
      expectSame(await second, true, 'the second list, once the first is undone')
      const third = await hold(store, transaction => store.insertStatusList(transaction, list('c', { shard: 1 })))
      const fourth = insert(store, list('d', { shard: 1 }))
      await expectWaiting(fourth, 'adding a second list of the kind')
      await third.commit()
      expectSame(await fourth, false, 'the second list, once the first is committed')
    },
  ],
  [
    'leases no place twice to 60 at the same time, and none is left out',
    async store => {
      await insert(store, list('a', { capacity: 500 }))
      const leases = await parallel(60, number => lease(store, 7 + (number % 5)))
      expectSame(stepsOf(leases), numbers(500), 'the places')
    },
  ],
  [
    'leases places again that an undone lease had taken, and no others',
    async store => {
      await insert(store, list('a', { capacity: 20 }))
      await undone(store, transaction => store.leasePlaces(transaction, uriOf('a'), 20))
      expectSame(await lease(store, 5), { from: 0, to: 5 }, 'the next lease')
      const held = await hold(store, transaction => store.leasePlaces(transaction, uriOf('a'), 5))
      const waiting = lease(store, 5)
      await expectWaiting(waiting, 'a lease')
      await held.commit()
      expectSame(stepsOf([held.result, await waiting]), [5, 6, 7, 8, 9, 10, 11, 12, 13, 14], 'the places of both')
    },
  ],
]

const insert = (store: WholeStore, row: StatusListRow): Promise<boolean> =>
  store.transaction(transaction => store.insertStatusList(transaction, row))

const lease = (store: WholeStore, count: number, name = 'a'): Promise<PlaceLease | undefined> =>
  store.transaction(transaction => store.leasePlaces(transaction, uriOf(name), count))

const stepsOf = (leases: readonly (PlaceLease | undefined)[]): readonly number[] =>
  leases
    .flatMap(lease => (lease === undefined ? [] : numbers(lease.to - lease.from).map(step => lease.from + step)))
    .sort((a, b) => a - b)
