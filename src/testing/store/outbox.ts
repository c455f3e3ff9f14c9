/** The outbox: messages in their order, each with one deliverer at a time, none lost. */
import type { MessageLease, OutboxMessage } from '../../office/store.js'
import type { Case, WholeStore } from './case.js'
import { expectSame, expectTrue, rejection } from './expect.js'
import { hold, parallel, settles, undone } from './held.js'
import { at, message, numbers } from './samples.js'

export const outboxCases: readonly Case[] = [
  [
    'is kept as it was handed in, in the order of its insertion',
    async store => {
      const order = ['k', 'b', 'z', 'a', '10', '9', 'y', '1', 'c', 'x', 'B', 'e']
      await insert(store, ...order.slice(0, 5))
      for (const id of order.slice(5)) await insert(store, id)
      const expected: OutboxMessage[] = order.map(message)
      expectSame(await lease(store, { now: at(0), until: at(0), limit: 100 }), expected, 'the messages')
      expectSame(await ids(store, { now: at(0), until: at(0), limit: 3 }), ['k', 'b', 'z'], 'the oldest three')
    },
  ],
  [
    'is kept once',
    async store => {
      await insert(store, 'x')
      const other = { ...message('x'), body: 'other' }
      await rejection(
        store.transaction(open => store.insertMessage(open, other)),
        'a second message with the id',
      )
      expectSame(await lease(store, { now: at(0), until: at(0), limit: 9 }), [message('x')], 'the messages')
    },
  ],
  [
    'is left by others until its lease is over, and not a millisecond longer',
    async store => {
      await insert(store, 'c', 'b', 'a')
      expectSame(await ids(store, { now: at(0), until: at(60), limit: 2 }), ['c', 'b'], 'the first two')
      expectSame(await ids(store, { now: at(0), until: at(10), limit: 2 }), ['a'], 'those that are left')
      expectSame(await ids(store, { now: at(0), until: at(10), limit: 2 }), [], 'those that are left then')
      expectSame(await ids(store, { now: at(9.999), until: at(10), limit: 2 }), [], 'before a lease is over')
      expectSame(await ids(store, { now: at(10), until: at(20), limit: 2 }), ['a'], 'when a lease is over')
      expectSame(await ids(store, { now: at(59.999), until: at(99), limit: 9 }), ['a'], 'before the others are')
      expectSame(await ids(store, { now: at(60), until: at(99), limit: 9 }), ['c', 'b'], 'when the others are')
      expectSame(await ids(store, { now: at(99), until: at(200), limit: 9 }), ['c', 'b', 'a'], 'after all of them')
    },
  ],
  [
    'has its turn before those that were leased before',
    async store => {
      await insert(store, 'a', 'b')
      expectSame(await ids(store, { now: at(0), until: at(60), limit: 2 }), ['a', 'b'], 'the first two')
      await insert(store, 'c', 'd')
      expectSame(await ids(store, { now: at(60), until: at(120), limit: 2 }), ['c', 'd'], 'those without a turn')
      expectSame(await ids(store, { now: at(90), until: at(150), limit: 1 }), ['a'], 'the one that waits longest')
      expectSame(await ids(store, { now: at(200), until: at(260), limit: 3 }), ['b', 'c', 'd'], 'the others')
    },
  ],
  [
    'is gone once it is deleted, and others are not',
    async store => {
      await insert(store, 'd', 'c', 'b', 'a')
      await store.transaction(transaction => store.deleteMessages(transaction, ['c', 'none', 'a']))
      await store.transaction(transaction => store.deleteMessages(transaction, []))
      expectSame(await ids(store, { now: at(0), until: at(60), limit: 9 }), ['d', 'b'], 'the messages that are left')
      await store.transaction(transaction => store.deleteMessages(transaction, ['d']))
      expectSame(await ids(store, { now: at(60), until: at(60), limit: 9 }), ['b'], 'once a leased one is deleted')
    },
  ],
  [
    'is leased again when its lease is undone',
    async store => {
      await insert(store, 'b', 'a')
      await undone(store, transaction => store.leaseMessages(transaction, { now: at(0), until: at(60), limit: 1 }))
      expectSame(await ids(store, { now: at(0), until: at(60), limit: 9 }), ['b', 'a'], 'the messages')
    },
  ],
  [
    'is leased by one of 20 at the same time, and none is left out',
    async store => {
      await insert(store, ...numbers(100).map(number => `m${number}`))
      const leased = await parallel(20, () => ids(store, { now: at(0), until: at(60), limit: 7 }))
      // Whoever skips what others hold may have gone away with fewer.
      leased.push(await ids(store, { now: at(0), until: at(60), limit: 100 }))
      expectSame(leased.flat().length, 100, 'the number of leases')
      expectSame(new Set(leased.flat()).size, 100, 'the number of messages leased')
    },
  ],
  [
    'is leased by nobody else while somebody is at it',
    async store => {
      await insert(store, 'd', 'c', 'b', 'a')
      const first = await hold(store, transaction =>
        store.leaseMessages(transaction, { now: at(0), until: at(60), limit: 2 }),
      )
      const second = ids(store, { now: at(0), until: at(60), limit: 2 })
      await settles(second)
      await first.commit()
      expectSame([...first.result.map(({ id }) => id), ...(await second)], ['d', 'c', 'b', 'a'], 'the messages of both')
    },
  ],
  [
    'is not missed when it was written before others and committed after them',
    async store => {
      const early = await hold(store, transaction => store.insertMessage(transaction, message('early')))
      const late = insert(store, 'late').then(() => ids(store, { now: at(0), until: at(60), limit: 9 }))
      await settles(late)
      await early.commit()
      const leased = [...(await late), ...(await ids(store, { now: at(0), until: at(60), limit: 9 }))]
      expectSame(leased.toSorted(), ['early', 'late'], 'the messages that were leased')
    },
  ],
  [
    'is delivered once by 4 that lease, deliver and delete while 4 write',
    async store => {
      const delivered: string[] = []
      const deliver = async (limit: number) => {
        const leased = await ids(store, { now: at(0), until: at(60), limit })
        delivered.push(...leased)
        await store.transaction(transaction => store.deleteMessages(transaction, leased))
      }
      const writing = parallel(4, async writer => {
        for (const number of numbers(15)) await insert(store, `m${writer} ${number}`)
      })
      await parallel(4, async () => {
        for (let round = 0; round < 8; round++) await deliver(3)
      })
      await writing
      await deliver(100)
      expectSame(delivered.length, 60, 'the number of deliveries')
      expectSame(new Set(delivered).size, 60, 'the number of messages delivered')
      const left = await ids(store, { now: at(1e6), until: at(1e6), limit: 9 })
      expectTrue(left.length === 0, 'nothing is left')
    },
  ],
]

const insert = (store: WholeStore, ...names: readonly string[]): Promise<void> =>
  store.transaction(async transaction => {
    for (const id of names) await store.insertMessage(transaction, message(id))
  })

const lease = (store: WholeStore, wanted: MessageLease): Promise<readonly OutboxMessage[]> =>
  store.transaction(transaction => store.leaseMessages(transaction, wanted))

const ids = async (store: WholeStore, wanted: MessageLease): Promise<readonly string[]> =>
  (await lease(store, wanted)).map(({ id }) => id)
