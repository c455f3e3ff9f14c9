/** The memory of a witness: one checkpoint for each log, replaced by whoever knows it, and by one at a time. */
import type { Case, WholeStore } from './case.js'
import { expectSame } from './expect.js'
import { expectWaiting, hold, parallel } from './held.js'

const log = 'log.example/a'

export const witnessCases: readonly Case[] = [
  [
    'has nothing of a log at first, and then what was kept of it last',
    async store => {
      expectSame(await find(store), undefined, 'what is kept of a log that nobody saw')
      expectSame(await replace(store, undefined, 'one\n— Ё'), true, 'a first checkpoint')
      expectSame(await find(store), 'one\n— Ё', 'the first checkpoint')
      expectSame(await replace(store, 'one\n— Ё', 'two'), true, 'the next checkpoint')
      expectSame(await replace(store, 'two', 'two'), true, 'the same checkpoint again')
      expectSame(await replace(store, 'two', 'three'), true, 'the one after it')
      expectSame(await find(store), 'three', 'the last checkpoint')
    },
  ],
  [
    'takes no checkpoint for one that it does not keep, and the refusal leaves the transaction usable',
    async store => {
      expectSame(await replace(store, 'one', 'two'), false, 'a next checkpoint where there is none')
      expectSame(await find(store), undefined, 'what is kept after it')
      await replace(store, undefined, 'one')
      await store.transaction(async transaction => {
        const refused = [undefined, 'two', 'One', 'one ', '']
        for (const known of refused)
          expectSame(await store.replaceWitnessed(transaction, log, known, 'fork'), false, 'a checkpoint after another')
        expectSame(await store.findWitnessed(transaction, log), 'one', 'the checkpoint that is kept')
        expectSame(await store.replaceWitnessed(transaction, log, 'one', 'two'), true, 'a checkpoint after this one')
      })
      expectSame(await find(store), 'two', 'the last checkpoint')
    },
  ],
  [
    'keeps the logs apart, in whose names case, blanks and every printable character count',
    async store => {
      const names = ['log', 'Log', 'log ', ' log', 'l%g', 'l_g', "l'g", 'l"g', 'l\\g', '7', '07', '7.0', '*', 'жур/нал']
      for (const name of names) expectSame(await replace(store, undefined, `of ${name}`, name), true, 'a first one')
      expectSame(await replace(store, 'of log', 'next of log', 'log'), true, 'a next one')
      for (const name of names)
        expectSame(await find(store, name), name === 'log' ? 'next of log' : `of ${name}`, 'what is kept of a log')
    },
  ],
  [
    'has whoever goes on from the same checkpoint wait, and refuses it when the first one stays',
    async store => {
      for (const known of [undefined, 'known'])
        for (const undo of [true, false]) {
          const name = `${log} ${known} ${undo}`
          if (known !== undefined) await replace(store, undefined, known, name)
          const first = await hold(store, transaction => store.replaceWitnessed(transaction, name, known, 'first'))
          const second = replace(store, known, 'second', name)
          second.catch(() => {})
          await expectWaiting(second, 'a checkpoint after one that another is about to replace')
          await (undo ? first.undo() : first.commit())
          expectSame(await second, undo, 'whether the second one was kept')
          expectSame(await find(store, name), undo ? 'second' : 'first', 'what is kept')
        }
    },
  ],
  [
    'is continued by one of 100 that go on from the same checkpoint at the same time',
    async store => {
      let known: string | undefined
      for (const round of ['first', 'second', 'third']) {
        const before = known
        const kept = await parallel(100, number => replace(store, before, `${round} of ${number}`))
        expectSame(kept.filter(Boolean).length, 1, 'how many were told that theirs was kept')
        known = `${round} of ${kept.indexOf(true)}`
        expectSame(await find(store), known, 'what is kept')
      }
    },
  ],
]

const find = (store: WholeStore, origin = log) =>
  store.transaction(transaction => store.findWitnessed(transaction, origin))

const replace = (store: WholeStore, known: string | undefined, next: string, origin = log) =>
  store.transaction(transaction => store.replaceWitnessed(transaction, origin, known, next))
