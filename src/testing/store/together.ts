/** What stands on the ports, over one store: status, act, message and answer are there together or not at all. */
import { type AuditLog, openAuditLog } from '../../audit/log.js'
import { generateSigner } from '../../core/keys.js'
import { answerOnce } from '../../office/idempotency.js'
import { deliverOutbox, enqueue } from '../../office/outbox.js'
import { openStatusRegistry, type StatusRegistry } from '../../status/registry.js'
import type { Case, WholeStore } from './case.js'
import { expectSame, expectTrue, rejection } from './expect.js'
import { parallel } from './held.js'
import { numbers } from './samples.js'
import { observe, seed, writes } from './seed.js'

/** An office as far as it stands, and a citizen's request to it. */
interface Office {
  readonly log: AuditLog
  readonly registry: StatusRegistry
  /** Suspends a passport at a client's request: whole, or up to a failure right before the commit. */
  suspend(key: string, id: string, failure?: Error): Promise<{ readonly answer: string; readonly replayed: boolean }>
  /** The reasons in the log about a passport, its status, and what there is to send; sending it erases it. */
  outcome(id: string): Promise<{ reasons: readonly string[]; status: string; sent: readonly string[] }>
}

export const togetherCases: readonly Case[] = [
  [
    'keeps status, act, message and answer of a request together',
    async store => {
      const office = await open(store)
      await office.registry.allocate({ id: 'p' })
      expectSame(await office.suspend('key', 'p'), { answer: 'suspended p', replayed: false }, 'the first time')
      expectSame(await office.suspend('key', 'p'), { answer: 'suspended p', replayed: true }, 'the second time')
      const expected = { reasons: ['lost'], status: 'suspended', sent: ['p'] }
      expectSame(await office.outcome('p'), expected, 'what came of it')
    },
  ],
  [
    'keeps nothing of a request that fails at its end, and does it when it is sent again',
    async store => {
      const office = await open(store)
      await office.registry.allocate({ id: 'p' })
      const failure = new Error('no')
      expectTrue(
        (await rejection(office.suspend('key', 'p', failure), 'a request that fails')) === failure,
        'the failure',
      )
      await office.log.sequence()
      expectSame((await office.registry.get('p')) as string, 'valid', 'the status')
      const size = (await store.transaction(transaction => store.findLogHead(transaction))).size
      expectSame(size, 0, 'the size of the log')
      expectSame(await office.suspend('key', 'p'), { answer: 'suspended p', replayed: false }, 'the second time')
      const expected = { reasons: ['lost'], status: 'suspended', sent: ['p'] }
      expectSame(await office.outcome('p'), expected, 'what came of it')
    },
  ],
  [
    'does a request once that is sent 100 times at the same time',
    async store => {
      const office = await open(store)
      await office.registry.allocate({ id: 'p' })
      const answers = await parallel(100, () => office.suspend('key', 'p'))
      expectSame(answers.filter(({ replayed }) => !replayed).length, 1, 'how often it was done')
      expectSame(new Set(answers.map(({ answer }) => answer)).size, 1, 'the number of different answers')
      const expected = { reasons: ['lost'], status: 'suspended', sent: ['p'] }
      expectSame(await office.outcome('p'), expected, 'what came of it')
    },
  ],
  [
    'does 40 requests at the same time, every fourth of which fails',
    async store => {
      const office = await open(store)
      for (const number of numbers(40)) await office.registry.allocate({ id: `p${number}` })
      const fails = (number: number) => number % 4 === 0
      await parallel(40, number =>
        office.suspend(`key ${number}`, `p${number}`, fails(number) ? new Error('no') : undefined).catch(() => {}),
      )
      await office.log.sequence()
      const done = numbers(40).filter(number => !fails(number))
      const { sent } = await office.outcome('p1')
      expectSame(sent.toSorted(), done.map(number => `p${number}`).toSorted(), 'the messages')
      for (const number of numbers(40)) {
        const status: string = await office.registry.get(`p${number}`)
        expectSame(status, fails(number) ? 'valid' : 'suspended', 'the status of a passport')
      }
      const { size } = await store.transaction(transaction => store.findLogHead(transaction))
      expectSame(size, done.length, 'the size of the log')
    },
  ],
  [
    'gives no place twice to 2 registries that allocate 60 at the same time',
    async store => {
      const offices = [await open(store), await open(store)]
      const places = await parallel(60, number => offices[number % 2]!.registry.allocate({ id: `p${number}` }))
      expectSame(new Set(places.map(({ uri, index }) => `${uri} ${index}`)).size, 60, 'the number of places')
      for (const number of numbers(60))
        expectSame((await offices[0]!.registry.get(`p${number}`)) as string, 'valid', 'a status')
    },
  ],
  [
    'has one log under 2 that append 40 acts at the same time',
    async store => {
      const signer = await generateSigner('EdDSA')
      const logs = await parallel(2, () => openAuditLog({ store, origin: 'passport.example/log', signer }))
      const appended = await parallel(40, number =>
        logs[number % 2]!.append({ kind: 'issue', actor: 'system', reason: `reason_${number}`, subject: 'anna' }),
      )
      const indexes = appended.map(({ index }) => index).toSorted((a, b) => a - b)
      expectSame(indexes, numbers(40), 'the indexes')
      const reopened = await openAuditLog({ store, origin: 'passport.example/log', signer })
      expectSame((await reopened.history('anna')).entries.length, 40, 'the history of the subject')
    },
  ],
  [
    'publishes every change of 2 registries that set and publish at the same time',
    async store => {
      const offices = [await open(store), await open(store)]
      const places = await parallel(24, number => offices[0]!.registry.allocate({ id: `p${number}` }))
      await parallel(24, async number => {
        await offices[number % 2]!.registry.set(places[number]!, 'invalid', { reason: 'lost' })
        if (number % 6 === 0) await offices[number % 2]!.registry.publish()
      })
      const [last] = await offices[0]!.registry.publish()
      const shown = await store.transaction(transaction => store.lockPublication(transaction, last!.uri))
      const left = await store.transaction(async transaction => {
        let count = 0
        for await (const page of store.takeChanges(transaction, last!.uri, 1e6)) count += page.length
        return count
      })
      expectSame(left, 0, 'the changes that are in no publication')
      expectSame(shown?.version, 5, 'the version of the last')
    },
  ],
]

/** What is asked of a store that keeps what it has when its process ends. */
export const durableCases: readonly Case[] = [
  [
    'outlasts the store: what was committed is there when it is opened again',
    async (store, { reopen }) => {
      await seed(store)
      await store
        .transaction(async transaction => {
          await writes['a message']!(store, transaction)
          throw new Error('no')
        })
        .catch(() => {})
      const before = await observe(store)
      let again = await reopen!()
      expectSame(await observe(again), before, 'the store after it was opened again')
      for (const write of Object.values(writes)) await again.transaction(open => write(again, open)).catch(() => {})
      const later = await observe(again)
      again = await reopen!()
      expectSame(await observe(again), later, 'the store after it was opened a third time')
    },
  ],
]

async function open(store: WholeStore): Promise<Office> {
  const signer = await generateSigner('ES256')
  const log = await openAuditLog({ store, origin: 'passport.example/log', signer: await logSigner(store) })
  const baseUri = 'https://status.example'
  const registry = await openStatusRegistry({ store, signer, baseUri, audit: log, size: 2 ** 14 })
  return {
    log,
    registry,
    suspend: async (key, id, failure) => {
      const answered = await answerOnce(store, { key, request: `suspend ${id}` }, async transaction => {
        await registry.set(id, 'suspended', { transaction, reason: 'lost' })
        await enqueue(store, transaction, { topic: 'status_changed', body: id })
        if (failure !== undefined) throw failure
        return `suspended ${id}`
      })
      await log.sequence()
      return answered
    },
    outcome: async id => {
      const reasons = (await log.history(id)).entries.map(({ entry }) => entry.reason)
      const sent: string[] = []
      await deliverOutbox(store, async ({ body }) => sent.push(body))
      return { reasons, status: await registry.get(id), sent }
    },
  }
}

const logSigners = new WeakMap<WholeStore, ReturnType<typeof generateSigner>>()

/** One key for all who open the log of a store. */
function logSigner(store: WholeStore): ReturnType<typeof generateSigner> {
  const known = logSigners.get(store) ?? generateSigner('EdDSA')
  logSigners.set(store, known)
  return known
}
