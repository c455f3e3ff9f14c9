/** Values: whatever is legal is kept to the last bit, and what cannot be is refused, never altered. */
import type { Transaction } from '../../core/transaction.js'
import type { Case, WholeStore } from './case.js'
import { expectSame, expectTrue } from './expect.js'
import { keepKey } from './keep-key.js'
import { at, bytes, claim, entry, file, kind, list, message, publication, uriOf } from './samples.js'

/** So many characters of three bytes each, which no database compresses: longer than the keys of many an index. */
const unlikely = (length: number): string =>
  Array.from(bytes(length * 2, 11))
    .flatMap((byte, place, all) => (place % 2 === 0 ? [0x4e00 + (((byte << 8) | all[place + 1]!) % 0x5000)] : []))
    .map(code => String.fromCharCode(code))
    .join('')

/** What every store has to keep. */
const texts: readonly string[] = [
  'x'.repeat(1024),
  'Паспорт гражданина Российской Федерации',
  'Ёё Йй №',
  '\u{1f600}\u{1f1f7}\u{1f1fa}\u{10ffff}',
  `'; DROP TABLE "status"; --`,
  `''""\`\``,
  'back\\slash \\n \\0 \\u0041 \\',
  '% _ * ? [a] $1 :name @p {0}',
  'two\nlines\r\nand\ta tab',
  ' blanks around ',
  '\ufeffmark',
  '\u0001\u001f\u007f\u0080\u009f\u2028\ufffd\uffff',
  'caf\u00e9',
  'cafe\u0301',
  'CAFE\u0301',
  'null',
  'true',
  '007',
  '7',
  '7.0',
  '1e3',
  '9007199254740993',
  '0x10',
  '2031-05-17',
  '{"json":1}',
  '[1]',
  '{1}',
  '\u202eright to left',
  unlikely(1024),
  '\u{1f600}'.repeat(512),
]

/** What some stores cannot keep: a text with a zero character, and halves of characters. */
const unsure: readonly string[] = ['a\0b', '\0', 'b\0', '\ud83d', 'a\udc00b', '\udc00\ud83d', 'b\ud800']

/** A place for texts: how one is put there under a number, and found again. Each text is a key where `find` takes it. */
interface Slot {
  readonly name: string
  put(store: WholeStore, transaction: Transaction, text: string, number: number): Promise<unknown>
  get(store: WholeStore, transaction: Transaction, text: string, number: number): Promise<unknown>
}

const slots: readonly Slot[] = [
  {
    name: 'the id of a passport',
    put: (store, transaction, id, index) => store.insertStatusEntry(transaction, entry(index, { id })),
    get: async (store, transaction, id, index) => {
      const [found, ...more] = await store.findStatusEntries(transaction, kind.registry, id)
      return found?.index === index && more.length === 0 ? found.id : undefined
    },
  },
  {
    name: 'a subject',
    put: (store, transaction, subject, number) => keepKey(store, transaction, subject, bytes(32, number)),
    get: async (store, transaction, subject, number) => {
      const key = await store.findSubjectKey(transaction, subject)
      if (key === undefined) return undefined
      expectSame(key, bytes(32, number), 'the key of a subject')
      return subject
    },
  },
  {
    name: 'whom an entry is about',
    put: async (store, transaction, subject, number) => {
      await keepKey(store, transaction, subject, bytes(32, number))
      await store.insertPendingAct(transaction, { id: `${number}`, text: '{}' }, subject)
      const { size } = await store.findLogHead(transaction)
      const entries = [{ index: size, act: `${number}`, text: `{"number":${number}}` }]
      await store.numberActs(transaction, { follows: size, entries, checkpoint: `${size + 1}` })
    },
    get: async (store, transaction, subject, number) => {
      const [found, ...more] = await store.findSubjectEntries(transaction, subject, 9)
      return found?.act === `${number}` && more.length === 0 ? subject : undefined
    },
  },
  {
    name: 'an act',
    put: (store, transaction, text, number) =>
      store.insertPendingAct(transaction, { id: `${number}`, text }, undefined),
    get: async (store, transaction, _, number) =>
      (await store.findPendingActs(transaction, 1000)).find(({ id }) => id === `${number}`)?.text,
  },
  {
    name: 'an entry of the log, and its checkpoint',
    put: async (store, transaction, text, number) => {
      await store.insertPendingAct(transaction, { id: `${number}`, text: '{}' }, undefined)
      const { size } = await store.findLogHead(transaction)
      const entries = [{ index: size, act: `${number}`, text }]
      await store.numberActs(transaction, { follows: size, entries, checkpoint: text })
      expectSame(await store.findLogHead(transaction), { size: size + 1, checkpoint: text }, 'the head of the log')
    },
    get: async (store, transaction, _, number) => (await store.findEntryOfAct(transaction, `${number}`))?.text,
  },
  {
    name: 'a checkpoint that a witness knows and goes on from',
    put: async (store, transaction, text, number) => {
      expectSame(await store.replaceWitnessed(transaction, `${number}`, undefined, text), true, 'a first checkpoint')
      expectSame(await store.replaceWitnessed(transaction, `${number}`, text, text), true, 'a next checkpoint')
    },
    get: (store, transaction, _, number) => store.findWitnessed(transaction, `${number}`),
  },
  {
    name: 'an answer',
    put: async (store, transaction, answer, number) => {
      await store.claimKey(transaction, claim(`${number}`))
      await store.keepAnswer(transaction, `${number}`, answer)
    },
    get: async (store, transaction, _, number) => (await store.findAnswer(transaction, `${number}`))?.answer,
  },
  {
    name: 'the body of a message',
    put: (store, transaction, body, number) => store.insertMessage(transaction, { ...message(`${number}`), body }),
    get: async (store, transaction, _, number) => {
      const messages = await store.leaseMessages(transaction, { now: at(0), until: at(0), limit: 1000 })
      return messages.find(({ id }) => id === `${number}`)?.body
    },
  },
]

/** Where a text may be empty. */
const mayBeEmpty = ['an answer', 'the body of a message']

/** Dates that every store has to keep. */
const dates: readonly Date[] = [
  new Date(0),
  new Date(1),
  new Date(-1),
  new Date('1900-02-28T23:59:59.999Z'),
  new Date('2031-10-26T01:30:00.5Z'),
  new Date('2038-01-19T03:14:08Z'),
  new Date('9999-12-31T23:59:59.999Z'),
]

export const valueCases: readonly Case[] = [
  ...slots.flatMap((slot): readonly Case[] => [
    [
      `keeps every text as it is: ${slot.name}`,
      async store => {
        const all = mayBeEmpty.includes(slot.name) ? [...texts, '', 'x'.repeat(65_536)] : texts
        await openList(store)
        for (const [number, text] of all.entries())
          await store.transaction(transaction => slot.put(store, transaction, text, number))
        for (const [number, text] of all.entries()) {
          const found = await store.transaction(transaction => slot.get(store, transaction, text, number))
          expectSame(found, text, slot.name)
        }
      },
    ],
    [
      `keeps a text that is none in Unicode as it is, or refuses it: ${slot.name}`,
      async store => {
        await openList(store)
        for (const [number, text] of unsure.entries()) {
          const kept = await keptOrRefused(store.transaction(open => slot.put(store, open, text, number)))
          const looking = store.transaction(transaction => slot.get(store, transaction, text, number))
          const found = kept ? await looking : await looking.catch(error => refusedOr(error))
          expectSame(found, kept ? text : undefined, slot.name)
        }
      },
    ],
  ]),
  [
    'finds a passport by its own id alone',
    async store => {
      await openList(store)
      const ids = ['abc', 'ABC', 'abc ', ' abc', 'ab', 'abcd', 'a%', 'a_c', '%', '_', 'abç', 'abc\u0301', 'a.c']
      await store.transaction(async transaction => {
        for (const [index, id] of ids.entries()) await store.insertStatusEntry(transaction, entry(index, { id }))
      })
      for (const [index, id] of ids.entries()) {
        const found = await store.transaction(open => store.findStatusEntries(open, kind.registry, id))
        expectSame(found, [entry(index, { id })], 'the entries of an id')
      }
    },
  ],
  [
    'keeps every date to the millisecond',
    async store => {
      for (const [number, date] of dates.entries()) {
        const row = list(`l${number}`, { shard: number, created: date, expires: date })
        const { compressed, ...published } = publication(1, { issued: date, expires: date })
        await store.transaction(async transaction => {
          await store.insertStatusList(transaction, row)
          const files = [file(`f${number}`, 1, { issued: date })]
          await store.insertPublication(transaction, row.uri, { ...published, compressed }, files)
          await store.claimKey(transaction, claim(`${number}`, date))
          await store.keepAnswer(transaction, `${number}`, '')
        })
        await store.transaction(async transaction => {
          expectSame(await store.findStatusList(transaction, row.uri), row, 'a list')
          expectSame(await store.lockPublication(transaction, row.uri), { ...published, compressed }, 'a publication')
          expectSame(await store.findPublicationAt(transaction, row.uri, date), published, 'the same, by its date')
          const before = new Date(date.getTime() - 1)
          expectSame(await store.findPublicationAt(transaction, row.uri, before), undefined, 'a millisecond before')
          expectSame((await store.findStatusFile(transaction, uriOf(`f${number}`)))?.issued, date, 'a file')
          expectSame((await store.findAnswer(transaction, `${number}`))?.expires, date, 'an answer')
        })
      }
    },
  ],
  [
    'keeps a date of a distant year as it is, or refuses it',
    async store => {
      for (const [number, time] of [8.64e15, -8.64e15, Date.UTC(10_000, 0), Date.UTC(-1, 0)].entries()) {
        const row = list(`l${number}`, { shard: number, expires: new Date(time) })
        const kept = await keptOrRefused(store.transaction(open => store.insertStatusList(open, row)))
        const found = await store.transaction(open => store.findStatusList(open, row.uri))
        expectSame(found, kept ? row : undefined, 'a list')
      }
    },
  ],
  [
    'keeps every byte, and none, as plain bytes',
    async store => {
      await openList(store)
      for (const [version, body] of [bytes(256), new Uint8Array(0), bytes(1), bytes(70_000, 3)].entries()) {
        const row = publication(version + 1, { compressed: body })
        await store.transaction(async transaction => {
          await store.insertPublication(transaction, uriOf('a'), row, [file('f', version + 1, { body })])
          await keepKey(store, transaction, `${version}`, bytes(32, version))
        })
        await store.transaction(async transaction => {
          expectSame((await store.lockPublication(transaction, uriOf('a')))?.compressed, body, 'a publication')
          expectSame((await store.findStatusFile(transaction, uriOf('f')))?.body, body, 'a file')
          expectSame(await store.findSubjectKey(transaction, `${version}`), bytes(32, version), 'a key')
        })
      }
    },
  ],
  [
    'keeps bytes that are a part of others',
    async store => {
      await openList(store)
      const part = bytes(256).subarray(100, 150)
      await store.transaction(async transaction => {
        await store.insertPublication(transaction, uriOf('a'), publication(1, { compressed: part }), [])
        await keepKey(store, transaction, 'anna', bytes(64).subarray(32))
      })
      await store.transaction(async transaction => {
        const found = await store.lockPublication(transaction, uriOf('a'))
        expectSame(found?.compressed, part.slice(), 'a publication')
        expectSame(await store.findSubjectKey(transaction, 'anna'), bytes(64).slice(32), 'a key')
      })
    },
  ],
]

const openList = (store: WholeStore): Promise<boolean> =>
  store.transaction(transaction => store.insertStatusList(transaction, list('a')))

/** Whether a store kept a value; if not, it said so with the right code. */
async function keptOrRefused(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing
    return true
  } catch (error) {
    refusedOr(error)
    return false
  }
}

function refusedOr(error: unknown): undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  expectTrue(code === 'store_value_unsupported', `a value that is not kept is refused with a code, not with ${code}`)
}
