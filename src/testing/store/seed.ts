/** A store with something of everything, all that can be read of it, and every way to write to it. */
import type { Transaction } from '../../core/transaction.js'
import type { WholeStore } from './case.js'
import { undone } from './held.js'
import { keepKey } from './keep-key.js'
import { act, all, at, batch, bytes, claim, entry, file, list, message, publication, uriOf } from './samples.js'

const elsewhere = { registry: 'https://other.example' }

/** Lists a and b, two publications of a and a change since, a numbered act and two more, a checkpoint of a witness, answers and messages. */
export async function seed(store: WholeStore): Promise<void> {
  await store.transaction(async transaction => {
    await store.insertStatusList(transaction, list('a'))
    await store.insertStatusList(transaction, list('b', elsewhere))
    await store.leasePlaces(transaction, uriOf('a'), 10)
    for (const row of [entry(1), entry(2), entry(3, { id: 'passport 2' })]) {
      await store.insertStatusEntry(transaction, row)
    }
    await store.updateStatusEntry(transaction, entry(1), 1)
    await store.updateStatusEntry(transaction, entry(2), 2)
  })
  await publish(store, 1)
  await store.transaction(transaction => store.updateStatusEntry(transaction, entry(1, { value: 1 }), 3))
  await publish(store, 2)
  await store.transaction(async transaction => {
    await store.updateStatusEntry(transaction, entry(1, { value: 3 }), 0)
    for (const [id, subject] of [
      ['z', 'anna'],
      ['y', 'boris'],
      ['x', 'anna'],
    ] as const) {
      await keepKey(store, transaction, subject, bytes(32, subject.length))
      await store.insertPendingAct(transaction, act(id), subject)
    }
    await store.numberActs(transaction, batch(0, ['z']))
    await store.replaceWitnessed(transaction, 'log a', undefined, 'checkpoint 1')
    for (const [key, seconds] of [
      ['old', -10],
      ['new', 10],
    ] as const) {
      await store.claimKey(transaction, claim(key, at(seconds)))
      await store.keepAnswer(transaction, key, `answer to ${key}`)
    }
    await store.claimKey(transaction, claim('begun'))
    for (const id of ['m3', 'm2', 'm1']) await store.insertMessage(transaction, message(id))
  })
  await store.transaction(transaction => store.leaseMessages(transaction, { now: at(0), until: at(60), limit: 1 }))
}

/** Publishes what was changed, and gives the changes that came with it. */
export const publish = (store: WholeStore, version: number, uri = uriOf('a')) =>
  store.transaction(async transaction => {
    await store.lockPublication(transaction, uri)
    const changes = await all(store.takeChanges(transaction, uri, version))
    await store.insertPublication(transaction, uri, publication(version), [file('a.jwt', version)])
    return changes
  })

/** What a transaction reads of a seeded store without holding anybody up. */
export const read = (store: WholeStore, transaction: Transaction) =>
  inTurn({
    lists: () => each(['a', 'b', 'c'], name => store.findStatusList(transaction, uriOf(name))),
    open: () => each([list('a'), list('b', elsewhere)], kind => store.findOpenStatusList(transaction, kind)),
    living: () => store.findLivingStatusLists(transaction, list('a').registry, at(0)),
    entries: () => each([1, 2, 3, 4], index => store.findStatusEntry(transaction, uriOf('a'), index)),
    ofPassport: () => store.findStatusEntries(transaction, list('a').registry, 'passport 1'),
    files: () => each(['a.jwt', 'b.jwt'], name => store.findStatusFile(transaction, uriOf(name))),
    publications: () => each([1, 2, 3], hour => store.findPublicationAt(transaction, uriOf('a'), at(hour * 3600))),
    published: () => all(store.findChangesBetween(transaction, uriOf('a'), 0, Number.MAX_SAFE_INTEGER)),
    acts: () => store.findPendingActs(transaction, 100),
    head: () => store.findLogHead(transaction),
    log: () => store.findEntries(transaction, 0, 100),
    ofActs: () => each(['z', 'y', 'x', 'w'], id => store.findEntryOfAct(transaction, id)),
    keys: () => each(['anna', 'boris', 'clara'], subject => store.findSubjectKey(transaction, subject)),
    about: () => each(['anna', 'boris', 'clara'], subject => store.findSubjectEntries(transaction, subject, 100)),
    witnessed: () => each(['log a', 'log b'], origin => store.findWitnessed(transaction, origin)),
    answers: () =>
      each(['old', 'new', 'begun', 'next'], async key => {
        const found = await store.findAnswer(transaction, key)
        return found && { ...found, answer: found.answer }
      }),
  })

/** All there is to know of a seeded store, found out by writing to it in a transaction that is undone. */
export const observe = (store: WholeStore) =>
  undone(store, async transaction => ({
    ...(await read(store, transaction)),
    ...(await inTurn({
      latest: () => store.lockPublication(transaction, uriOf('a')),
      unpublished: () => all(store.takeChanges(transaction, uriOf('a'), 99)),
      free: () => store.leaseMessages(transaction, { now: at(30), until: at(90), limit: 100 }),
      leased: () => store.leaseMessages(transaction, { now: at(60), until: at(90), limit: 100 }),
      places: () => store.leasePlaces(transaction, uriOf('a'), 1),
      taken: () => store.insertStatusEntry(transaction, entry(4)),
      opened: () => store.insertStatusList(transaction, list('d', { shard: 2 })),
      grown: () => store.replaceWitnessed(transaction, 'log a', 'checkpoint 1', 'checkpoint 3'),
      subject: () => store.numberActs(transaction, batch(1, ['y', 'x'])),
      numbered: () => store.findSubjectEntries(transaction, 'anna', 100),
    })),
  }))

/** Each write, by what it does, over a seeded store. */
export const writes: Readonly<Record<string, (store: WholeStore, transaction: Transaction) => Promise<unknown>>> = {
  'a new list': (store, transaction) => store.insertStatusList(transaction, list('c', { shard: 1 })),
  'a lease of places': (store, transaction) => store.leasePlaces(transaction, uriOf('a'), 7),
  'a lease of the last places': (store, transaction) => store.leasePlaces(transaction, uriOf('a'), 1000),
  'a new entry': (store, transaction) => store.insertStatusEntry(transaction, entry(4)),
  'a change of an entry': (store, transaction) => store.updateStatusEntry(transaction, entry(2, { value: 2 }), 1),
  'changes taken for a publication': (store, transaction) => all(store.takeChanges(transaction, uriOf('a'), 3)),
  'a publication': (store, transaction) =>
    store.insertPublication(transaction, uriOf('a'), publication(3), [file('a.jwt', 3), file('b.jwt', 3)]),
  'forgotten publications': (store, transaction) => store.forgetPublications(transaction, uriOf('a'), at(1e7)),
  'an act': (store, transaction) => store.insertPendingAct(transaction, act('w'), 'anna'),
  'numbered acts': (store, transaction) => store.numberActs(transaction, batch(1, ['y', 'x'])),
  'acts numbered out of their order': (store, transaction) => store.numberActs(transaction, batch(1, ['x'])),
  'the key of a subject': (store, transaction) => keepKey(store, transaction, 'clara', bytes(32)),
  'an erased subject': (store, transaction) => store.eraseSubject(transaction, 'anna'),
  'a first checkpoint of a witness': (store, transaction) =>
    store.replaceWitnessed(transaction, 'log b', undefined, 'checkpoint 1'),
  'a next checkpoint of a witness': (store, transaction) =>
    store.replaceWitnessed(transaction, 'log a', 'checkpoint 1', 'checkpoint 2'),
  'a claimed key': (store, transaction) => store.claimKey(transaction, claim('next')),
  'an answer': async (store, transaction) => {
    await store.claimKey(transaction, claim('next'))
    await store.keepAnswer(transaction, 'next', 'answer to next')
  },
  'an answer to a claim of before': (store, transaction) => store.keepAnswer(transaction, 'begun', 'answer'),
  'forgotten answers': (store, transaction) => store.forgetAnswers(transaction, at(0)),
  'a message': (store, transaction) => store.insertMessage(transaction, message('m4')),
  'a lease of messages': (store, transaction) =>
    store.leaseMessages(transaction, { now: at(30), until: at(90), limit: 1 }),
  'deleted messages': (store, transaction) => store.deleteMessages(transaction, ['m2', 'm3']),
}

type Read = () => Promise<unknown>

/** Asked one after the other, as a transaction does. */
async function inTurn(reads: Readonly<Record<string, Read>>): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(reads)) found[name] = await read()
  return found
}

async function each<Key, Value>(
  keys: readonly Key[],
  read: (key: Key) => Promise<Value>,
): Promise<readonly (readonly [Key, Value])[]> {
  const found: (readonly [Key, Value])[] = []
  for (const key of keys) found.push([key, await read(key)])
  return found
}
