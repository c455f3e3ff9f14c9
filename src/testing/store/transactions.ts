/** What every store promises of its transactions: all or nothing, and nothing that others have not committed. */
import type { Transaction } from '../../core/transaction.js'
import type { Case, WholeStore } from './case.js'
import { expectSame, expectTrue, rejection } from './expect.js'
import { expectGoingOn, hold, parallel, settles, undone } from './held.js'
import { keepKey } from './keep-key.js'
import { act, at, bytes, claim, entry, file, list, message, numbers, publication, uriOf } from './samples.js'
import { observe, read, seed, writes } from './seed.js'

export const transactionCases: readonly Case[] = [
  [
    'gives what its work gives, once that is committed',
    async store => {
      const given = { told: 'done' }
      const result = await store.transaction(async transaction => {
        await store.insertMessage(transaction, message('m'))
        return given
      })
      expectTrue(result === given, 'the result of a transaction is that of its work')
      expectSame(await idsOf(store), ['m'], 'the messages after it')
    },
  ],
  [
    'throws the very thing that its work throws',
    async store => {
      for (const thrown of [new Error('no'), new TypeError('no'), { code: 'mine' }, 'words', undefined]) {
        const caught = await rejection(
          store.transaction(async transaction => {
            await store.insertMessage(transaction, message('m'))
            throw thrown
          }),
          'a transaction whose work throws',
        )
        expectTrue(caught === thrown, 'throws what its work throws, itself')
        expectSame(await idsOf(store), [], 'the messages after it')
      }
    },
  ],
  [
    'undoes what its work did before it throws at once',
    async store => {
      let writing: Promise<unknown> = Promise.resolve()
      const throwing = (transaction: Transaction): Promise<void> => {
        writing = store.insertMessage(transaction, message('m')).catch(() => {})
        throw new Error('at once')
      }
      await rejection(store.transaction(throwing), 'a transaction whose work throws at once')
      await writing
      expectSame(await idsOf(store), [], 'the messages after it')
    },
  ],
  [
    'sees what it wrote itself',
    async store => {
      await store.transaction(async transaction => {
        await store.insertStatusList(transaction, list('a'))
        await store.insertStatusEntry(transaction, entry(1))
        await store.updateStatusEntry(transaction, entry(1), 5)
        await store.insertPendingAct(transaction, act('x'), undefined)
        await store.claimKey(transaction, claim('key'))
        expectSame(await store.findStatusEntry(transaction, uriOf('a'), 1), entry(1, { value: 5 }), 'its own entry')
        expectSame(await store.findPendingActs(transaction, 10), [act('x')], 'its own act')
        expectSame(await store.findAnswer(transaction, 'key'), claim('key'), 'its own claim')
      })
    },
  ],
  [
    'takes several calls at the same time',
    async store => {
      await store.transaction(async transaction => {
        await parallel(30, number => store.insertMessage(transaction, message(`m${number}`)))
      })
      expectSame((await idsOf(store)).length, 30, 'the number of messages')
    },
  ],
  [
    'finds its place among 200 at the same time',
    async store => {
      const results = await parallel(200, number =>
        store.transaction(async transaction => {
          await store.insertMessage(transaction, message(`m${number}`))
          return number
        }),
      )
      expectSame(results, numbers(200), 'what each transaction gave')
      expectSame(new Set(await idsOf(store)).size, 200, 'the number of messages')
    },
  ],
  [
    'stands or falls alone, whatever others beside it do',
    async store => {
      const even = (number: number) => number % 2 === 0
      await parallel(60, number =>
        store
          .transaction(async transaction => {
            await store.insertMessage(transaction, message(`m${number}`))
            if (even(number)) throw new Error('no')
          })
          .catch(() => {}),
      )
      const odd = numbers(60).filter(number => !even(number))
      expectSame(sorted(await idsOf(store)), sorted(odd.map(number => `m${number}`)), 'the messages that are left')
    },
  ],
  [
    'is no longer written to once it is over',
    async store => {
      await seed(store)
      const committed = await store.transaction(async transaction => transaction)
      const before = await observe(store)
      const [failed] = await undone(store, async transaction => [transaction] as const)
      for (const over of [committed, failed])
        for (const [name, write] of Object.entries(writes)) await rejection(write(store, over), `${name}, too late`)
      expectSame(await observe(store), before, 'the store afterwards')
    },
  ],
  [
    'does not change what is kept through what was handed out',
    async store => {
      await seed(store)
      const found = await observe(store)
      const before = structuredClone(found)
      spoil(found)
      expectSame(await observe(store), before, 'the store, with all that was found overwritten')
    },
  ],
  [
    'does not change what is kept through what was handed in',
    async store => {
      await store.transaction(async transaction => {
        const mine = {
          list: list('c', { expires: at(1) }),
          publication: publication(1),
          file: file('c.jwt', 1),
          claim: claim('key', at(1)),
          subjectKey: bytes(32, 1),
        }
        const { list: row, publication: published, file: written, claim: claimed, subjectKey } = mine
        await store.insertStatusList(transaction, row)
        await store.insertPublication(transaction, row.uri, published, [written])
        await store.claimKey(transaction, claimed)
        await keepKey(store, transaction, 'anna', subjectKey)
        const before = structuredClone(mine)
        spoil(mine)
        expectSame(await store.findStatusList(transaction, row.uri), before.list, 'a list')
        expectSame(await store.lockPublication(transaction, row.uri), before.publication, 'a publication')
        expectSame(await store.findStatusFile(transaction, written.uri), before.file, 'a file')
        expectSame(await store.findAnswer(transaction, 'key'), before.claim, 'a claim')
        expectSame(await store.findSubjectKey(transaction, 'anna'), before.subjectKey, 'the key of a subject')
      })
    },
  ],
  ...Object.entries(writes).map(
    ([name, write]): Case => [
      `takes back ${name} when it fails`,
      async store => {
        await seed(store)
        const before = await observe(store)
        await undone(store, transaction => write(store, transaction))
        expectSame(await observe(store), before, 'the store afterwards')
      },
    ],
  ),
  [
    'takes back everything together when it fails, in whatever order it was done',
    async store => {
      await seed(store)
      const before = await observe(store)
      const every = Object.values(writes)
      for (const order of [every, every.toReversed(), [...every.slice(7), ...every.slice(0, 7)]]) {
        await undone(store, async transaction => {
          for (const write of order) if (!isRepeated(write)) await write(store, transaction)
        })
        expectSame(await observe(store), before, 'the store afterwards')
      }
    },
  ],
  ...Object.entries(writes).map(
    ([name, write]): Case => [
      `shows ${name} to nobody before it is committed`,
      async store => {
        await seed(store)
        const look = () => store.transaction(transaction => read(store, transaction))
        const before = await look()
        const held = await hold(store, transaction => write(store, transaction))
        const looking = look()
        await settles(looking)
        await held.undo()
        expectSame(await looking, before, 'what another transaction saw')
      },
    ],
  ),
  [
    'shows what it did to whoever begins after its commit',
    async store => {
      await parallel(30, async number => {
        await store.transaction(transaction => store.insertPendingAct(transaction, act(`${number}`), undefined))
        const found = await store.transaction(transaction => store.findPendingActs(transaction, 100))
        expectTrue(
          found.some(({ id }) => id === `${number}`),
          'an act is there once its transaction is over',
        )
      })
    },
  ],
  [
    'is not held up by another that touches nothing of the same',
    async store => {
      await seed(store)
      const held = await hold(store, transaction => store.updateStatusEntry(transaction, entry(2, { value: 2 }), 1))
      const other = store.transaction(transaction => store.insertMessage(transaction, message('m4')))
      // A store whose transactions take turns has this one wait, and loses nothing by it.
      await settles(other)
      await held.commit()
      await expectGoingOn(other, 'a message')
    },
  ],
]

/** The messages there are, in their order, all of them free. */
const idsOf = async (store: WholeStore): Promise<readonly string[]> => {
  const lease = { now: new Date(8e15), until: new Date(8e15), limit: 1000 }
  const messages = await undone(store, transaction => store.leaseMessages(transaction, lease))
  return messages.map(({ id }) => id)
}

const sorted = (texts: readonly string[]): readonly string[] => texts.toSorted()

/** Those that cannot follow others of the same: they would be refused, which ends a transaction. */
const repeated: readonly unknown[] = [writes['a claimed key'], writes['acts numbered out of their order']]
const isRepeated = (write: unknown): boolean => repeated.includes(write)

/** Overwrites all bytes and dates in a thing that was handed out or in. */
function spoil(thing: unknown): void {
  if (thing instanceof Uint8Array) thing.fill(255)
  else if (thing instanceof Date) thing.setTime(1)
  else if (typeof thing === 'object' && thing !== null) for (const part of Object.values(thing)) spoil(part)
}
