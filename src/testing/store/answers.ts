/** Answers: a key is claimed by one, and kept with its answer until it may be forgotten. */
import type { Case, WholeStore } from './case.js'
import { expectSame } from './expect.js'
import { expectWaiting, hold, parallel } from './held.js'
import { at, claim } from './samples.js'

export const answerCases: readonly Case[] = [
  [
    'is kept with its key, as it was handed in',
    async store => {
      await store.transaction(async transaction => {
        expectSame(await store.findAnswer(transaction, 'key'), undefined, 'an answer before there is one')
        expectSame(await store.claimKey(transaction, claim('key', at(0.125))), true, 'a claim')
        const row = { ...claim('key', at(0.125)), answer: undefined }
        expectSame(await store.findAnswer(transaction, 'key'), row, 'the claim')
        await store.keepAnswer(transaction, 'key', '{"answer":"Ё"}')
        expectSame(await store.claimKey(transaction, claim('empty')), true, 'another claim')
        await store.keepAnswer(transaction, 'empty', '')
      })
      expectSame(await find(store, 'key'), { ...claim('key', at(0.125)), answer: '{"answer":"Ё"}' }, 'the answer')
      expectSame(await find(store, 'empty'), { ...claim('empty'), answer: '' }, 'an empty answer')
      expectSame(await find(store, 'none'), undefined, 'an answer that there is not')
    },
  ],
  [
    'belongs to whoever claimed the key first, and the refusal leaves the transaction usable',
    async store => {
      await answer(store, 'key')
      await store.transaction(async transaction => {
        const other = { ...claim('key', at(99)), request: 'another request' }
        expectSame(await store.claimKey(transaction, other), false, 'a second claim')
        expectSame(await store.claimKey(transaction, claim('next')), true, 'a claim of another key')
        expectSame(await store.claimKey(transaction, claim('next')), false, 'a claim of its own key')
        await store.keepAnswer(transaction, 'next', 'answer')
      })
      expectSame(await find(store, 'key'), { ...claim('key'), answer: 'answer to key' }, 'the first answer')
      expectSame(await find(store, 'next'), { ...claim('next'), answer: 'answer' }, 'the answer of the other key')
    },
  ],
  [
    'is waited for by whoever claims its key meanwhile',
    async store => {
      for (const undo of [true, false]) {
        const first = await hold(store, async transaction => {
          await store.claimKey(transaction, claim('key'))
          await store.keepAnswer(transaction, 'key', 'first')
        })
        const second = store.transaction(async transaction => {
          const claimed = await store.claimKey(transaction, claim('key'))
          const found = await store.findAnswer(transaction, 'key')
          if (claimed) throw found
          return found?.answer
        })
        second.catch(() => {})
        await expectWaiting(second, 'a claim of a key that another has claimed')
        await (undo ? first.undo() : first.commit())
        const outcome = await second.catch(() => 'claimed')
        expectSame(outcome, undo ? 'claimed' : 'first', 'what the second claim came to')
      }
    },
  ],
  [
    'is given by one of 200 that claim its key at the same time, and found by the others',
    async store => {
      const outcomes = await parallel(200, number =>
        store.transaction(async transaction => {
          const claimed = await store.claimKey(transaction, claim('key'))
          if (claimed) await store.keepAnswer(transaction, 'key', `answer ${number}`)
          return { claimed, answer: (await store.findAnswer(transaction, 'key'))?.answer }
        }),
      )
      expectSame(outcomes.filter(({ claimed }) => claimed).length, 1, 'how many were told that they claimed it')
      const kept = `answer ${outcomes.findIndex(({ claimed }) => claimed)}`
      for (const outcome of outcomes) expectSame(outcome.answer, kept, 'the answer that each found')
    },
  ],
  [
    'has a key in which case, blanks and every printable character count',
    async store => {
      const keys = [
        'key',
        'Key',
        'key ',
        ' key',
        'k%y',
        'k_y',
        "k'y",
        'k"y',
        'k\\y',
        '7',
        '07',
        '7.0',
        '*',
        '~'.repeat(255),
      ]
      for (const key of keys) await answer(store, key)
      for (const key of keys)
        expectSame(await find(store, key), { ...claim(key), answer: `answer to ${key}` }, 'an answer')
    },
  ],
  [
    'is forgotten once its time ran out, and its key is free then',
    async store => {
      await answer(store, 'c', at(-1))
      await answer(store, 'b', at(0.001))
      await answer(store, 'a', at(-0.001))
      const forget = () => store.transaction(transaction => store.forgetAnswers(transaction, at(0)))
      expectSame(await forget(), 2, 'how many were forgotten')
      expectSame(await forget(), 0, 'how many there were left to forget')
      expectSame(await find(store, 'a'), undefined, 'one that ran out a millisecond before')
      expectSame(await find(store, 'b'), { ...claim('b', at(0.001)), answer: 'answer to b' }, 'one a millisecond after')
      expectSame(await store.transaction(open => store.claimKey(open, claim('c'))), true, 'a claim of a free key')
    },
  ],
]

const answer = (store: WholeStore, key: string, expires = at(0)): Promise<void> =>
  store.transaction(async transaction => {
    expectSame(await store.claimKey(transaction, claim(key, expires)), true, 'a claim of a fresh key')
    await store.keepAnswer(transaction, key, `answer to ${key}`)
  })

const find = (store: WholeStore, key: string) => store.transaction(transaction => store.findAnswer(transaction, key))
