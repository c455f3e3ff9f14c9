/** The log: acts in their order, numbers that only one can win, and identifiers whose keys can be erased. */
import type { Batch } from '../../audit/store.js'
import type { Case, WholeStore } from './case.js'
import { expectSame, expectTrue, rejection } from './expect.js'
import { expectGoingOn, expectWaiting, hold, parallel, runsSideBySide, settles, undone } from './held.js'
import { keepKey } from './keep-key.js'
import { act, batch, bytes, numbers } from './samples.js'

export const logCases: readonly Case[] = [
  [
    'begins with nothing',
    async store => {
      await store.transaction(async transaction => {
        expectSame(await store.findLogHead(transaction), { size: 0, checkpoint: undefined }, 'the head')
        expectSame(await store.findPendingActs(transaction, 10), [], 'acts')
        expectSame(await store.findEntries(transaction, 0, 10), [], 'entries')
        expectSame(await store.findEntryOfAct(transaction, 'x'), undefined, 'the entry of an act')
        expectSame(await store.findSubjectKey(transaction, 'anna'), undefined, 'the key of an identifier')
        expectSame(await store.findSubjectEntries(transaction, 'anna', 10), [], 'the entries of a subject')
      })
    },
  ],
  [
    'gives acts back in the order they came, as many as asked for',
    async store => {
      const order = ['k', 'b', 'z', 'a', '10', '9', 'y', '1', 'c', 'x', 'B', 'e']
      await record(store, ...order.slice(0, 5))
      for (const id of order.slice(5)) await record(store, id)
      await store.transaction(async transaction => {
        expectSame(await store.findPendingActs(transaction, 100), order.map(act), 'all acts')
        expectSame(await store.findPendingActs(transaction, 3), order.slice(0, 3).map(act), 'the oldest three')
      })
    },
  ],
  [
    'records an act once',
    async store => {
      await record(store, 'x')
      await rejection(
        store.transaction(open => store.insertPendingAct(open, { id: 'x', text: '{}' }, undefined)),
        'a second act with the id',
      )
      expectSame(await pending(store), ['x'], 'the acts')
      expectSame((await store.transaction(open => store.findPendingActs(open, 9)))[0], act('x'), 'the first')
    },
  ],
  [
    'turns acts into entries, with the checkpoint that covers them',
    async store => {
      await record(store, 'z', 'y', 'x', 'w')
      expectSame(await number(store, batch(0, ['z', 'y'])), true, 'the first batch')
      expectSame(await number(store, batch(2, ['w'])), true, 'a batch that leaves an older act out')
      const entries = [...batch(0, ['z', 'y']).entries, ...batch(2, ['w']).entries]
      await store.transaction(async transaction => {
        const head = { size: 3, checkpoint: batch(2, ['w']).checkpoint }
        expectSame(await store.findLogHead(transaction), head, 'the head')
        expectSame(await store.findPendingActs(transaction, 9), [act('x')], 'the acts that are left')
        expectSame(await store.findEntries(transaction, 0, 9), entries, 'the entries')
        for (const row of entries) expectSame(await store.findEntryOfAct(transaction, row.act), row, 'that of an act')
        expectSame(await store.findEntryOfAct(transaction, 'x'), undefined, 'that of an act without a number')
      })
    },
  ],
  [
    'gives the entries of any range, in their order',
    async store => {
      const ids = numbers(25).map(place => `${99 - place}`)
      await record(store, ...ids)
      await number(store, batch(0, ids.slice(0, 12)))
      await number(store, batch(12, ids.slice(12)))
      const indexes = async (from: number, to: number) =>
        (await store.transaction(open => store.findEntries(open, from, to))).map(({ index }) => index)
      expectSame(await indexes(0, 25), numbers(25), 'all')
      expectSame(await indexes(8, 13), [8, 9, 10, 11, 12], 'some')
      expectSame(await indexes(24, 1000), [24], 'the last and what is beyond it')
      expectSame(await indexes(5, 5), [], 'none')
      expectSame(await indexes(25, 30), [], 'those beyond the end')
    },
  ],
  ...(
    [
      ['behind the end of the log', batch(0, ['y'])],
      ['beyond the end of the log', batch(2, ['y'])],
      ['of an act that has a number', batch(1, ['z'])],
      ['of an act that nobody recorded', batch(1, ['y', 'none'])],
      ['of an act twice', batch(1, ['y', 'y'])],
    ] as const
  ).map(
    ([what, late]): Case => [
      `writes nothing of a batch ${what}`,
      async store => {
        await record(store, 'z', 'y', 'x')
        await number(store, batch(0, ['z']))
        const before = await logOf(store)
        // An act twice may be refused by a constraint, which ends the transaction.
        const numbered = await number(store, late).catch(error => (what === 'of an act twice' ? false : error))
        expectSame(numbered, false, 'whether it was numbered')
        expectSame(await logOf(store), before, 'the log afterwards')
        await store.transaction(async transaction => {
          if (what !== 'of an act twice') expectSame(await store.numberActs(transaction, late), false, 'a second time')
          expectSame(await store.numberActs(transaction, batch(1, ['y', 'x'])), true, 'a batch at the end')
        })
        expectSame((await logOf(store)).head.size, 3, 'the size, as the transaction went on')
      },
    ],
  ),
  [
    'takes entries of acts that never were without a number, after those that were, and knows whom they are about',
    async store => {
      await recordAbout(store, ['z', 'anna'])
      await store.transaction(async transaction => {
        for (const subject of ['anna', 'boris']) await keepKey(store, transaction, subject, bytes(32, subject.length))
        expectSame(
          await store.numberActs(transaction, fresh(batch(0, ['z']), ['y', 'anna'], ['x'])),
          true,
          'both kinds',
        )
        expectSame(await store.numberActs(transaction, fresh(batch(3, []), ['w', 'boris'])), true, 'the one kind')
      })
      const { head, entries, acts } = await logOf(store)
      expectSame(head, { size: 4, checkpoint: batch(3, ['w']).checkpoint }, 'the head')
      expectSame(entries, batch(0, ['z', 'y', 'x', 'w']).entries, 'the entries')
      expectSame(acts, [], 'the acts')
      expectSame(await about(store, 'anna'), [0, 1], 'the entries about a subject')
      expectSame(await about(store, 'boris'), [3], 'those about another')
      const row = await store.transaction(transaction => store.findEntryOfAct(transaction, 'y'))
      expectSame(row, entries[1]!, 'the entry of an act')
    },
  ],
  [
    'writes no act twice that never was without a number',
    async store => {
      await record(store, 'z')
      await number(store, fresh(batch(0, []), ['y']))
      const before = await logOf(store)
      expectSame(await number(store, fresh(batch(0, []), ['x'])), false, 'whether a late batch was numbered')
      for (const acts of [['y'], ['x', 'x']])
        await rejection(number(store, fresh(batch(1, []), ...acts.map(id => [id] as const))), 'an act that is there')
      expectSame(await logOf(store), before, 'the log afterwards')
    },
  ],
  [
    'takes nothing of a batch that is undone, of acts that never were without a number either',
    async store => {
      await store.transaction(transaction => keepKey(store, transaction, 'anna', bytes(32)))
      const before = await logOf(store)
      await undone(store, transaction => store.numberActs(transaction, fresh(batch(0, []), ['y', 'anna'])))
      expectSame(await logOf(store), before, 'the log')
      expectSame(await about(store, 'anna'), [], 'the entries about the subject')
      await number(store, fresh(batch(0, []), ['y', 'anna']))
      expectSame(await about(store, 'anna'), [0], 'the entries about the subject later')
    },
  ],
  [
    'is locked by one at a time, who finds what the one before wrote',
    async store => {
      const ids = numbers(20).map(place => `act ${place}`)
      const sizes = await parallel(20, place =>
        store.transaction(async transaction => {
          const { size } = await store.lockLog(transaction)
          const done = await store.numberActs(transaction, fresh(batch(size, []), [ids[place]!]))
          expectSame(done, true, 'whether it was numbered')
          return size
        }),
      )
      expectSame(
        sizes.toSorted((a, b) => a - b),
        numbers(20),
        'the sizes that were found',
      )
      const { head } = await logOf(store)
      expectSame(await store.transaction(transaction => store.lockLog(transaction)), head, 'what locking tells')
    },
  ],
  [
    'is not locked while another has it locked, and is let go with the transaction',
    async store => {
      for (const undo of [true, false]) {
        const first = await hold(store, transaction => store.lockLog(transaction))
        const second = store.transaction(transaction => store.lockLog(transaction))
        await expectWaiting(second, 'a second who locks')
        await (undo ? first.undo() : first.commit())
        await second
      }
    },
  ],
  [
    'is not waited for longer than was said, where transactions run side by side',
    async store => {
      if (!(await runsSideBySide(store))) return
      const locked = await hold(store, transaction => store.lockLog(transaction))
      for (const maxWait of [0, 0.05]) {
        const waiting = store.transaction(transaction => store.lockLog(transaction, maxWait))
        await expectGoingOn(waiting, `giving up the lock after ${maxWait} s`)
        const { code } = Object(await rejection(waiting, `a lock that is held, after ${maxWait} s`)) as {
          code?: string
        }
        expectSame(code, 'store_busy', `the code after ${maxWait} s`)
      }
      const patient = store.transaction(transaction => store.lockLog(transaction, 30))
      await expectWaiting(patient, 'whoever waits for up to 30 s')
      await locked.commit()
      expectSame(await patient, { size: 0, checkpoint: undefined }, 'the head once the lock is let go')
    },
  ],
  [
    'is locked at once where nobody has it, however short the wait may be',
    async store => {
      for (const maxWait of [0, 0.05])
        await store.transaction(async transaction => {
          const { size } = await store.lockLog(transaction, maxWait)
          const numbered = fresh(batch(size, []), [`act ${size}`])
          expectSame(await store.numberActs(transaction, numbered), true, 'whether it was numbered')
        })
      expectSame((await logOf(store)).head.size, 2, 'the size')
    },
  ],
  [
    'takes acts in while it is locked, where transactions run side by side',
    async store => {
      if (!(await runsSideBySide(store))) return
      const locked = await hold(store, transaction => store.lockLog(transaction))
      await expectGoingOn(recordAbout(store, ['z', 'anna']), 'recording an act')
      await expectGoingOn(logOf(store), 'reading the log')
      await locked.commit()
      expectSame(await pending(store), ['z'], 'the acts')
    },
  ],
  [
    'is continued by one of 20 batches at the same time',
    async store => {
      const ids = numbers(20).map(place => `act ${place}`)
      await record(store, ...ids)
      const done = await parallel(20, place => number(store, batch(0, [ids[place]!])))
      expectSame(done.filter(Boolean).length, 1, 'how many were told that they continued it')
      const winner = batch(0, [ids[done.indexOf(true)]!])
      const { head, entries } = await logOf(store)
      expectSame(head, { size: 1, checkpoint: winner.checkpoint }, 'the head')
      expectSame(entries, winner.entries, 'the entries')
      expectSame((await pending(store)).length, 19, 'the number of acts that are left')
    },
  ],
  [
    'is continued after the batch that another is writing, or not at all',
    async store => {
      await record(store, 'z', 'y')
      for (const undo of [true, false]) {
        const { size } = (await logOf(store)).head
        const first = await hold(store, transaction => store.numberActs(transaction, batch(size, ['z'])))
        expectSame(first.result, true, 'the first batch')
        const second = number(store, batch(size, [undo ? 'y' : 'x']))
        await expectWaiting(second, 'a second batch')
        await (undo ? first.undo() : first.commit())
        expectSame(await second, undo, 'whether the second continued it')
        if (undo) await record(store, 'x')
      }
      expectSame(await pending(store), ['x'], 'the acts that are left')
    },
  ],
  [
    'numbers each act once under 6 that number and 6 that record',
    async store => {
      const recording = parallel(6, async writer => {
        for (const place of numbers(10)) await record(store, `act ${writer} ${place}`)
      })
      const numberSome = async (limit: number) => {
        const { acts, size } = await store.transaction(async transaction => ({
          acts: await store.findPendingActs(transaction, limit),
          size: (await store.findLogHead(transaction)).size,
        }))
        const ids = acts.map(({ id }) => id)
        return ids.length === 0 || (await number(store, batch(size, ids)))
      }
      await parallel(6, async () => {
        for (let round = 0; round < 8; round++) await numberSome(4)
      })
      await recording
      await numberSome(100)
      expectSame(await pending(store), [], 'the acts that are left')
      const { entries, head } = await logOf(store)
      expectSame(head.size, 60, 'the size')
      expectSame(
        entries.map(({ index }) => index),
        numbers(60),
        'the indexes',
      )
      expectSame(new Set(entries.map(entry => entry.act)).size, 60, 'the number of acts with a number')
      for (const writer of numbers(6)) {
        const own = entries.filter(entry => entry.act.startsWith(`act ${writer} `)).map(entry => entry.act)
        const expected = numbers(10).map(place => `act ${writer} ${place}`)
        expectSame(own, expected, 'the acts of one writer, in the order of their numbers')
      }
    },
  ],
  [
    'misses no act that was recorded before others and committed after them',
    async store => {
      const early = await hold(store, transaction => store.insertPendingAct(transaction, act('early'), undefined))
      const late = record(store, 'late').then(() => number(store, batch(0, ['late'])))
      await settles(late)
      await early.commit()
      await late
      expectTrue((await pending(store)).includes('early'), 'the act that was committed last is there to be numbered')
    },
  ],
  [
    'keeps the first key of an identifier',
    async store => {
      await store.transaction(async transaction => {
        expectSame(await keepKey(store, transaction, 'anna', bytes(32, 1)), bytes(32, 1), 'a fresh key')
        expectSame(await keepKey(store, transaction, 'anna', bytes(32, 2)), bytes(32, 1), 'the key again')
        expectSame(await keepKey(store, transaction, 'boris', bytes(32, 2)), bytes(32, 2), 'another identifier')
      })
      await store.transaction(async transaction => {
        expectSame(await keepKey(store, transaction, 'anna', bytes(32, 3)), bytes(32, 1), 'the key later')
        expectSame(await store.findSubjectKey(transaction, 'anna'), bytes(32, 1), 'the key that is found')
        expectSame(await store.findSubjectKey(transaction, 'clara'), undefined, 'the key of nobody')
      })
    },
  ],
  [
    'keeps the keys of many identifiers, in their order, old and new ones',
    async store => {
      const named = (...subjects: readonly (readonly [subject: string, seed: number])[]) =>
        store.transaction(transaction =>
          store.keepSubjectKeys(
            transaction,
            subjects.map(([subject, seed]) => ({ subject, key: bytes(32, seed) })),
          ),
        )
      expectSame(await named(), [], 'the keys of nobody')
      expectSame(await named(['clara', 1], ['anna', 2]), [bytes(32, 1), bytes(32, 2)], 'fresh keys')
      const mixed = await named(['boris', 3], ['anna', 4], ['dina', 5], ['clara', 6])
      expectSame(mixed, [bytes(32, 3), bytes(32, 2), bytes(32, 5), bytes(32, 1)], 'old and new keys')
      expectSame(await named(['clara', 7], ['boris', 8]), [bytes(32, 1), bytes(32, 3)], 'old keys')
    },
  ],
  [
    'gives one key to 40 that want one for the same identifier at the same time',
    async store => {
      const keys = await parallel(40, place =>
        store.transaction(transaction => keepKey(store, transaction, 'anna', bytes(32, place))),
      )
      const kept = await store.transaction(transaction => store.findSubjectKey(transaction, 'anna'))
      for (const key of keys) expectSame(key, kept!, 'the key that was given')
    },
  ],
  [
    'remembers whom entries are about, in their order',
    async store => {
      await recordAbout(store, ['e', 'anna'], ['d', 'boris'], ['c', 'anna'], ['b', undefined], ['a', 'anna'])
      expectSame(await about(store, 'anna'), [], 'entries before there are numbers')
      await number(store, batch(0, ['e', 'd', 'c']))
      await number(store, batch(3, ['b', 'a']))
      expectSame(await about(store, 'anna'), [0, 2, 4], 'the entries of a subject')
      expectSame(await about(store, 'anna', 2), [0, 2], 'the first two')
      expectSame(await about(store, 'boris'), [1], 'those of another')
      expectSame(await about(store, 'clara'), [], 'those of nobody')
      const rows = await store.transaction(open => store.findSubjectEntries(open, 'boris', 9))
      expectSame(rows, batch(1, ['d']).entries, 'an entry')
    },
  ],
  [
    'forgets a subject: its key, its entries and its acts, and nobody else',
    async store => {
      await recordAbout(store, ['e', 'anna'], ['d', 'boris'], ['c', 'anna'], ['b', 'boris'])
      await number(store, batch(0, ['e', 'd']))
      const before = await logOf(store)
      const erase = () => store.transaction(open => store.eraseSubject(open, 'anna'))
      expectSame(await erase(), true, 'whether there was a key')
      expectSame(await erase(), false, 'whether there is one still')
      expectSame(await store.transaction(open => store.findSubjectKey(open, 'anna')), undefined, 'the key')
      expectSame(await about(store, 'anna'), [], 'the entries about the subject')
      expectSame(await logOf(store), before, 'the log')
      await number(store, batch(2, ['c', 'b']))
      expectSame(await about(store, 'anna'), [], 'the entries about the subject, with its act numbered')
      expectSame(await about(store, 'boris'), [1, 3], 'those about another')
      await recordAbout(store, ['a', 'anna'])
      await number(store, batch(4, ['a']))
      expectSame(await about(store, 'anna'), [4], 'those of a history that begins anew')
    },
  ],
  [
    'forgets an identifier that has a key and no acts about it',
    async store => {
      await store.transaction(transaction => keepKey(store, transaction, 'anna', bytes(32)))
      await store.transaction(async transaction => {
        expectSame(await store.eraseSubject(transaction, 'boris'), false, 'an identifier without a key')
        expectSame(await store.eraseSubject(transaction, 'anna'), true, 'an identifier with a key')
      })
      expectSame(await store.transaction(open => store.findSubjectKey(open, 'anna')), undefined, 'the key')
    },
  ],
  [
    'erases no key under somebody who keeps it',
    async store => {
      await store.transaction(transaction => keepKey(store, transaction, 'anna', bytes(32, 1)))
      const keeper = await hold(store, async transaction => {
        await keepKey(store, transaction, 'anna', bytes(32, 2))
        await store.insertPendingAct(transaction, act('x'), 'anna')
      })
      const erasing = store.transaction(transaction => store.eraseSubject(transaction, 'anna'))
      await expectWaiting(erasing, 'an erasure of the key that another keeps')
      await keeper.commit()
      expectSame(await erasing, true, 'whether there was a key')
      await number(store, batch(0, ['x']))
      expectSame(await about(store, 'anna'), [], 'the entries about the subject')
    },
  ],
  [
    'gives no key that somebody is erasing',
    async store => {
      await store.transaction(transaction => keepKey(store, transaction, 'anna', bytes(32, 1)))
      for (const undo of [true, false]) {
        const eraser = await hold(store, transaction => store.eraseSubject(transaction, 'anna'))
        const keeping = store.transaction(transaction => keepKey(store, transaction, 'anna', bytes(32, 2)))
        await expectWaiting(keeping, 'keeping a key that another erases')
        await (undo ? eraser.undo() : eraser.commit())
        expectSame(await keeping, bytes(32, undo ? 1 : 2), 'the key')
      }
    },
  ],
  [
    'forgets nothing in an erasure that is undone',
    async store => {
      await recordAbout(store, ['b', 'anna'], ['a', 'anna'])
      await number(store, batch(0, ['b']))
      await undone(store, transaction => store.eraseSubject(transaction, 'anna'))
      await number(store, batch(1, ['a']))
      expectSame(await about(store, 'anna'), [0, 1], 'the entries about the subject')
    },
  ],
]

/** Records acts about nobody, in one transaction. */
const record = (store: WholeStore, ...ids: readonly string[]): Promise<void> =>
  recordAbout(store, ...ids.map(id => [id, undefined] as const))

const recordAbout = (
  store: WholeStore,
  ...acts: readonly (readonly [id: string, subject: string | undefined])[]
): Promise<void> =>
  store.transaction(async transaction => {
    for (const [id, subject] of acts) {
      if (subject !== undefined) await keepKey(store, transaction, subject, bytes(32, subject.length))
      await store.insertPendingAct(transaction, act(id), subject)
    }
  })

const number = (store: WholeStore, numbered: Batch): Promise<boolean> =>
  store.transaction(transaction => store.numberActs(transaction, numbered))

/** A batch with entries besides, of acts that never were without a number, and whom they are about. */
function fresh(numbered: Batch, ...acts: readonly (readonly [id: string, subject?: string])[]): Batch {
  const follows = numbered.follows + numbered.entries.length
  const { entries, checkpoint } = batch(
    follows,
    acts.map(([id]) => id),
  )
  return { ...numbered, fresh: entries.map((row, place) => ({ ...row, subject: acts[place]![1] })), checkpoint }
}

const pending = async (store: WholeStore): Promise<readonly string[]> =>
  (await store.transaction(transaction => store.findPendingActs(transaction, 1000))).map(({ id }) => id)

const about = async (store: WholeStore, subject: string, limit = 100): Promise<readonly number[]> =>
  (await store.transaction(transaction => store.findSubjectEntries(transaction, subject, limit))).map(
    ({ index }) => index,
  )

const logOf = (store: WholeStore) =>
  store.transaction(async transaction => ({
    head: await store.findLogHead(transaction),
    entries: await store.findEntries(transaction, 0, 1000),
    acts: await store.findPendingActs(transaction, 1000),
  }))
