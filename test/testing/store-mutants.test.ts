/**
 * Whether the suite for stores catches anything: a store in memory, broken in one way at a time, fails one of the cases
 * that speak of what is broken.
 */
import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../src/core/transaction.js'
import type { StatusChange } from '../../src/status/store.js'
import { memoryAuditStore } from '../../src/store/memory/audit.js'
import { memoryOfficeStore } from '../../src/store/memory/office.js'
import { memoryStatusStore } from '../../src/store/memory/status.js'
import { type MemoryTransactions, memoryTransactions } from '../../src/store/memory/transactions.js'
import { memoryWitnessStore } from '../../src/store/memory/witness.js'
import { type MemoryStore, memoryStore } from '../../src/store/memory.js'
import { testStore } from '../../src/testing/store/suite.js'

type Break = (store: MemoryStore) => Partial<MemoryStore>

/** The store over transactions that are not what they should be. */
function over(change: (transactions: MemoryTransactions) => Partial<MemoryTransactions>): MemoryStore {
  const sound = memoryTransactions()
  const transactions = { ...sound, ...change(sound) }
  return {
    transaction: transactions.transaction,
    ...memoryStatusStore(transactions),
    ...memoryAuditStore(transactions),
    ...memoryWitnessStore(transactions),
    ...memoryOfficeStore(transactions),
  }
}

const broken = (change: Break) => (): MemoryStore => {
  const store = memoryStore()
  return { ...store, ...change(store) }
}

/** A store of which one method is not taken back. */
function keeping(name: keyof MemoryStore): MemoryStore {
  let kept = 0
  const store = over(({ onRollback }) => ({
    onRollback: (transaction, undo) => onRollback(transaction, kept > 0 ? () => {} : undo),
  }))
  const method = store[name] as (...args: unknown[]) => unknown
  const begin = () => void kept++
  const end = () => void kept--
  const unprotected = (...args: unknown[]) => {
    begin()
    const result = method(...args)
    if (result instanceof Promise) return result.finally(end)
    return pagesThen(result as AsyncIterable<readonly StatusChange[]>, end)
  }
  return { ...store, [name]: unprotected }
}

async function* pagesThen(pages: AsyncIterable<readonly StatusChange[]>, end: () => void) {
  try {
    yield* pages
  } finally {
    end()
  }
}

/** A store to which every value of a kind goes as another. */
function altering(alter: (value: unknown) => unknown): MemoryStore {
  const deep = (value: unknown): unknown => {
    const altered = alter(value)
    if (altered !== value) return altered
    if (Array.isArray(value)) return value.map(deep)
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
    if (Object.isFrozen(value) && Object.keys(value).length === 0) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, deep(member)]))
  }
  const store = memoryStore()
  const altered = Object.entries(store)
    .filter(([name]) => name !== 'transaction')
    .map(([name, method]) => [
      name,
      (...args: unknown[]) => (method as (...args: unknown[]) => unknown)(...args.map(deep)),
    ])
  return { ...store, ...Object.fromEntries(altered) }
}

/** A store whose transactions run side by side and see each other. */
const racing = (change: Break) => (): MemoryStore => {
  const store = over(sideBySide)
  return { ...store, ...change(store) }
}

const moment = () => new Promise<void>(resolve => setTimeout(resolve, 1))

/** A change that looks first and writes later, whatever is there by then. */
const changing: Break = store => ({
  updateStatusEntry: async (open, row, value) => {
    const seen = await store.findStatusEntry(open, row.uri, row.index)
    await moment()
    if (seen === undefined || seen.value !== row.value) return false
    const { value: now } = (await store.findStatusEntry(open, row.uri, row.index)) ?? seen
    return store.updateStatusEntry(open, { ...row, value: now }, value)
  },
})

const text = (alter: (text: string) => string) => () =>
  altering(value => (typeof value === 'string' ? alter(value) : value))

async function all(pages: AsyncIterable<readonly StatusChange[]>): Promise<readonly StatusChange[]> {
  const whole: StatusChange[] = []
  for await (const page of pages) whole.push(...page)
  return whole
}

const writers = [
  'insertStatusList',
  'leasePlaces',
  'insertStatusEntry',
  'updateStatusEntry',
  'takeChanges',
  'insertPublication',
  'forgetPublications',
  'insertPendingAct',
  'numberActs',
  'keepSubjectKeys',
  'eraseSubject',
  'replaceWitnessed',
  'claimKey',
  'keepAnswer',
  'forgetAnswers',
  'insertMessage',
  'leaseMessages',
  'deleteMessages',
] as const satisfies (keyof MemoryStore)[]

/** What a store does wrong, by what the cases that have to notice speak of. */
const mutants: Readonly<Record<string, Readonly<Record<string, () => MemoryStore>>>> = {
  'a transaction': {
    'keeps what a failed one did': () => over(({ transaction }) => ({ transaction, onRollback: () => {} })),
    'throws another error': broken(store => ({
      transaction: work => store.transaction(work).catch(error => Promise.reject(new Error(String(error)))),
    })),
    'throws nothing': broken(store => ({
      transaction: work => store.transaction(work).catch(() => undefined as never),
    })),
    'gives nothing': broken(store => ({
      transaction: async work => {
        await store.transaction(work)
        return undefined as never
      },
    })),
    'writes after its end': () =>
      over(({ transaction, onRollback }) => ({
        transaction,
        onRollback: (open, undo) => {
          try {
            onRollback(open, undo)
          } catch {}
        },
      })),
    'takes one at a time, and refuses others': () => {
      let busy = false
      return broken(store => ({
        transaction: async work => {
          if (busy) throw new Error('busy')
          busy = true
          return store.transaction(work).finally(() => {
            busy = false
          })
        },
      }))()
    },
    ...Object.fromEntries(writers.map(name => [`does not take back ${name}`, () => keeping(name)])),
  },
  'a status list': {
    'says true where one is open': broken(store => ({
      insertStatusList: async (open, row) => (await store.insertStatusList(open, row)) || true,
    })),
    'throws where one is open': broken(store => ({
      insertStatusList: async (open, row) => {
        if (!(await store.insertStatusList(open, row))) throw new Error('open')
        return true
      },
    })),
    'ignores the shard': broken(store => ({
      insertStatusList: (open, row) => store.insertStatusList(open, { ...row, shard: 0 }),
      findOpenStatusList: (open, kind) => store.findOpenStatusList(open, { ...kind, shard: 0 }),
    })),
    'ignores the cohort': broken(store => ({
      insertStatusList: (open, row) => store.insertStatusList(open, { ...row, cohort: '' }),
      findOpenStatusList: (open, kind) => store.findOpenStatusList(open, { ...kind, cohort: '' }),
    })),
    'loses the expiry': broken(store => ({
      insertStatusList: (open, row) => store.insertStatusList(open, { ...row, expires: undefined }),
    })),
    'loses the key': broken(store => ({
      insertStatusList: (open, row) => store.insertStatusList(open, { ...row, key: new Uint8Array(32) }),
    })),
    'lives a millisecond too short': broken(store => ({
      findLivingStatusLists: (open, registry, until) =>
        store.findLivingStatusLists(open, registry, new Date(until.getTime() + 1)),
    })),
    'lives for ever': broken(store => ({
      findLivingStatusLists: (open, registry) => store.findLivingStatusLists(open, registry, new Date(0)),
    })),
    'is found newest first': broken(store => ({
      findLivingStatusLists: async (...args) => (await store.findLivingStatusLists(...args)).toReversed(),
    })),
    'leases a place twice': broken(store => ({
      leasePlaces: async (...args) => {
        const lease = await store.leasePlaces(...args)
        return lease && { ...lease, from: Math.max(0, lease.from - 1) }
      },
    })),
    'leaves a place out': broken(store => ({
      leasePlaces: async (...args) => {
        const lease = await store.leasePlaces(...args)
        return lease && { ...lease, to: Math.max(lease.from + 1, lease.to - 1) }
      },
    })),
    'leases beyond its capacity': broken(store => ({
      leasePlaces: async (open, uri, count) => {
        const lease = await store.leasePlaces(open, uri, count)
        return lease && { from: lease.from, to: lease.from + count }
      },
    })),
    'gives an empty lease when none is left': broken(store => ({
      leasePlaces: async (...args) => (await store.leasePlaces(...args)) ?? { from: 0, to: 0 },
    })),
    'counts leases in memory of its own': () => {
      const leased = new Map<string, number>()
      return broken(() => ({
        leasePlaces: async (_, uri, count) => {
          const from = leased.get(uri) ?? 0
          leased.set(uri, from + count)
          return { from, to: from + count }
        },
      }))()
    },
  },
  'a status entry': {
    'says true where the index is taken': broken(store => ({
      insertStatusEntry: async (...args) => (await store.insertStatusEntry(...args)) || true,
    })),
    'throws where the index is taken': broken(store => ({
      insertStatusEntry: async (...args) => {
        if (!(await store.insertStatusEntry(...args))) throw new Error('taken')
        return true
      },
    })),
    'has one index in all lists': () => {
      const taken = new Set<number>()
      return broken(store => ({
        insertStatusEntry: async (open, row) => {
          if (taken.has(row.index)) return false
          taken.add(row.index)
          return store.insertStatusEntry(open, row)
        },
      }))()
    },
    'begins with 0 whatever it was': broken(store => ({
      insertStatusEntry: (open, row) => store.insertStatusEntry(open, { ...row, value: 0 }),
    })),
    'is found backwards': broken(store => ({
      findStatusEntries: async (...args) => (await store.findStatusEntries(...args)).toReversed(),
    })),
    'changes whatever it was': broken(store => ({
      updateStatusEntry: async (open, row, value) => {
        const found = await store.findStatusEntry(open, row.uri, row.index)
        return found !== undefined && store.updateStatusEntry(open, found, value)
      },
    })),
    'says that it changed when it did not': broken(store => ({
      updateStatusEntry: async (...args) => (await store.updateStatusEntry(...args)) || true,
    })),
    'changes without a note': broken(store => {
      const values = new Map<string, number>()
      return {
        updateStatusEntry: async (_, row, value) => {
          const place = `${row.uri} ${row.index}`
          if ((values.get(place) ?? row.value) !== row.value) return false
          values.set(place, value)
          return true
        },
        findStatusEntry: async (open, uri, index) => {
          const found = await store.findStatusEntry(open, uri, index)
          return found && { ...found, value: values.get(`${uri} ${index}`) ?? found.value }
        },
      }
    }),
  },
  'a publication': {
    'takes changes again and again': broken(store => {
      const taken: StatusChange[] = []
      return {
        takeChanges: async function* (...args) {
          taken.push(...(await all(store.takeChanges(...args))))
          yield [...taken]
        },
      }
    }),
    'takes no changes': broken(() => ({ takeChanges: async function* () {} })),
    'takes changes backwards': broken(store => ({
      takeChanges: async function* (...args) {
        yield (await all(store.takeChanges(...args))).toReversed()
      },
    })),
    'takes the last change of each entry alone': broken(store => ({
      takeChanges: async function* (...args) {
        const changes = await all(store.takeChanges(...args))
        yield [...new Map(changes.map(change => [change.index, change])).values()]
      },
    })),
    'misses the last change': broken(store => ({
      takeChanges: async function* (...args) {
        yield (await all(store.takeChanges(...args))).slice(0, -1)
      },
    })),
    'takes a thousand changes and leaves the rest': broken(store => ({
      takeChanges: async function* (...args) {
        yield (await all(store.takeChanges(...args))).slice(0, 1000)
      },
    })),
    'takes changes for the version after': broken(store => ({
      takeChanges: (open, uri, version) => store.takeChanges(open, uri, version + 1),
    })),
    'keeps the first file': broken(store => ({
      insertPublication: async (open, uri, row, files) => {
        const found = await Promise.all(files.map(file => store.findStatusFile(open, file.uri)))
        const fresh = files.filter((_, place) => found[place] === undefined)
        await store.insertPublication(open, uri, row, fresh)
      },
    })),
    'keeps one file': broken(store => ({
      insertPublication: (open, uri, row, files) => store.insertPublication(open, uri, row, files.slice(0, 1)),
    })),
    'has a version twice': broken(store => ({
      insertPublication: (open, uri, row, files) =>
        store.insertPublication(open, uri, row, files).catch(() => undefined),
    })),
    'follows a later one': broken(store => ({
      insertPublication: async (open, uri, row, files) => {
        const { version = 0 } = (await store.lockPublication(open, uri)) ?? {}
        const next = row.version < version ? { ...row, version: version + 1 } : row
        await store.insertPublication(open, uri, next, files)
      },
    })),
    'puts its files in place of later ones': broken(store => ({
      insertPublication: (open, uri, row, files) =>
        store.insertPublication(open, uri, row, files).catch(() =>
          store.insertPublication(
            open,
            uri,
            row,
            files.map(file => ({ ...file, version: 1e6 })),
          ),
        ),
    })),
    'has none of a list that nobody began': broken(store => ({
      lockPublication: (...args) => store.lockPublication(...args).catch(() => undefined),
    })),
    'is the first for ever': () => {
      const first = new Map<string, unknown>()
      return broken(store => ({
        lockPublication: async (open, uri) => {
          const found = await store.lockPublication(open, uri)
          if (found !== undefined && !first.has(uri)) first.set(uri, found)
          return first.get(uri) as typeof found
        },
      }))()
    },
    'is found a millisecond late': broken(store => ({
      findPublicationAt: (open, uri, time) => store.findPublicationAt(open, uri, new Date(time.getTime() - 1)),
    })),
    'is found by the second': broken(store => ({
      findPublicationAt: (open, uri, time) =>
        store.findPublicationAt(open, uri, new Date(Math.ceil(time.getTime() / 1000) * 1000)),
    })),
    'is led back to by changes in the order they were made': broken(store => ({
      findChangesBetween: async function* (...args) {
        yield (await all(store.findChangesBetween(...args))).toReversed()
      },
    })),
    'is led back to by its own changes too': broken(store => ({
      findChangesBetween: (open, uri, after, upTo) => store.findChangesBetween(open, uri, after - 1, upTo),
    })),
    'is led back to by the changes of later ones too': broken(store => ({
      findChangesBetween: (open, uri, after) => store.findChangesBetween(open, uri, after, Number.MAX_SAFE_INTEGER),
    })),
    'is led back to without the last of its changes': broken(store => ({
      findChangesBetween: (open, uri, after, upTo) => store.findChangesBetween(open, uri, after, upTo - 1),
    })),
    'makes every list one of those that were published': broken(store => ({
      findPublishedStatusLists: async (open, registry, until) =>
        (await store.findLivingStatusLists(open, registry, until)).map(({ uri, format }) => ({ uri, format })),
    })),
    'makes no list one of those that were published': broken(() => ({ findPublishedStatusLists: async () => [] })),
    'goes on without a gap once lists are abandoned': broken(store => ({
      abandonStatusLists: (open, registry) => store.abandonStatusLists(open, registry, 0),
    })),
    'goes on as if no list had been abandoned': broken(() => ({ abandonStatusLists: async () => {} })),
    'is never found by who only reads': broken(() => ({ findPublished: async () => undefined })),
    'is found without its bits by who only reads': broken(store => ({
      findPublished: async (open, uri) => {
        const found = await store.findPublished(open, uri)
        return found && { ...found, compressed: new Uint8Array(0) }
      },
    })),
    'is never forgotten': broken(() => ({ forgetPublications: async () => {} })),
    'is forgotten before it ran out': broken(store => ({
      forgetPublications: (open, uri, before) => store.forgetPublications(open, uri, new Date(before.getTime() + 1e9)),
    })),
    'is forgotten together with changes that are in none yet': broken(store => ({
      forgetPublications: async (open, uri, before) => {
        await all(store.takeChanges(open, uri, 0))
        await store.forgetPublications(open, uri, before)
      },
    })),
    'is forgotten in other lists too': broken(store => ({
      forgetPublications: async (open, uri, before) => {
        await store.forgetPublications(open, uri, before)
        const latest = await store.lockPublication(open, `${uri.slice(0, -1)}b`)
        if (latest === undefined) return
        const gone = { ...latest, version: latest.version + 1, compressed: new Uint8Array(0) }
        await store.insertPublication(open, `${uri.slice(0, -1)}b`, gone, [])
      },
    })),
  },
  'the log': {
    'gives acts in the order of their ids': broken(store => ({
      findPendingActs: async (open, limit) => {
        const acts = await store.findPendingActs(open, 1e6)
        return acts.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit)
      },
    })),
    'gives all acts': broken(store => ({ findPendingActs: open => store.findPendingActs(open, 1e6) })),
    'records an act twice': broken(store => ({
      insertPendingAct: (open, act, subject) => store.insertPendingAct(open, act, subject).catch(() => undefined),
    })),
    'continues wherever it ends': broken(store => ({
      numberActs: async (open, batch) => {
        const { size } = await store.findLogHead(open)
        const entries = batch.entries.map((row, place) => ({ ...row, index: size + place }))
        return store.numberActs(open, { ...batch, follows: size, entries })
      },
    })),
    'says that it numbered when it did not': broken(store => ({
      numberActs: async (...args) => (await store.numberActs(...args)) || true,
    })),
    'numbers the acts that are there': broken(store => ({
      numberActs: async (open, batch) => {
        const there = new Set((await store.findPendingActs(open, 1e6)).map(({ id }) => id))
        return store.numberActs(open, { ...batch, entries: batch.entries.filter(({ act }) => there.has(act)) })
      },
    })),
    'keeps the first checkpoint': () => {
      let first: string | undefined
      return broken(store => ({
        numberActs: (open, batch) => {
          first ??= batch.checkpoint
          return store.numberActs(open, { ...batch, checkpoint: first })
        },
      }))()
    },
    'has entries up to and with the end': broken(store => ({
      findEntries: (open, from, to) => store.findEntries(open, from, to + 1),
    })),
    'has entries in the order of their texts': broken(store => ({
      findEntries: async (...args) =>
        (await store.findEntries(...args)).toSorted((a, b) => (`${a.index}` < `${b.index}` ? -1 : 1)),
    })),
    'finds no entry by its act': broken(() => ({ findEntryOfAct: async () => undefined })),
    'gives the fresh key': broken(store => ({
      keepSubjectKeys: async (open, subjects) => {
        await store.keepSubjectKeys(open, subjects)
        return subjects.map(({ key }) => key)
      },
    })),
    'replaces the key': broken(store => ({
      keepSubjectKeys: async (open, subjects) => {
        for (const { subject } of subjects) await store.eraseSubject(open, subject)
        return store.keepSubjectKeys(open, subjects)
      },
    })),
    'gives keys in another order': broken(store => ({
      keepSubjectKeys: async (open, subjects) => (await store.keepSubjectKeys(open, subjects)).toReversed(),
    })),
    'remembers nobody of entries that come at once': broken(store => ({
      numberActs: (open, { fresh = [], ...batch }) =>
        store.numberActs(open, { ...batch, fresh: fresh.map(row => ({ ...row, subject: undefined })) }),
    })),
    'drops entries that come at once': broken(store => ({
      numberActs: (open, { fresh: _, ...batch }) => store.numberActs(open, batch),
    })),
    'takes an act that is there': broken(store => ({
      numberActs: (open, batch) => store.numberActs(open, batch).catch(() => true),
    })),
    'remembers nobody': broken(store => ({
      insertPendingAct: (open, act) => store.insertPendingAct(open, act, undefined),
    })),
    'gives every entry of a subject': broken(store => ({
      findSubjectEntries: (open, subject) => store.findSubjectEntries(open, subject, 1e6),
    })),
    'always had a key': broken(store => ({
      eraseSubject: async (...args) => (await store.eraseSubject(...args)) || true,
    })),
    'forgets the key alone': () => {
      const erased = new Set<string>()
      return broken(store => ({
        eraseSubject: async (open, subject) => {
          if (erased.has(subject) || (await store.findSubjectKey(open, subject)) === undefined) return false
          erased.add(subject)
          return true
        },
        findSubjectKey: async (open, subject) =>
          erased.has(subject) ? undefined : store.findSubjectKey(open, subject),
      }))()
    },
    'numbers the acts of whom it forgets': broken(store => ({
      eraseSubject: async (open, subject) => {
        const { size } = await store.findLogHead(open)
        const acts = await store.findPendingActs(open, 1e6)
        const entries = acts.map(({ id, text }, place) => ({ index: size + place, act: id, text }))
        if (entries.length > 0) await store.numberActs(open, { follows: size, entries, checkpoint: '' })
        return store.eraseSubject(open, subject)
      },
    })),
  },
  'the memory of a witness': {
    'keeps whatever comes': broken(store => ({
      replaceWitnessed: async (open, origin, _, next) =>
        store.replaceWitnessed(open, origin, await store.findWitnessed(open, origin), next),
    })),
    'keeps a first checkpoint over another': broken(store => ({
      replaceWitnessed: async (open, origin, known, next) =>
        store.replaceWitnessed(open, origin, known ?? (await store.findWitnessed(open, origin)), next),
    })),
    'keeps a next checkpoint where there is none': broken(store => ({
      replaceWitnessed: async (open, origin, known, next) =>
        (await store.replaceWitnessed(open, origin, known, next)) ||
        store.replaceWitnessed(open, origin, undefined, next),
    })),
    'says that it kept when it did not': broken(store => ({
      replaceWitnessed: async (...args) => (await store.replaceWitnessed(...args)) || true,
    })),
    'says that it did not when it kept': broken(store => ({
      replaceWitnessed: async (...args) => (await store.replaceWitnessed(...args)) && false,
    })),
    'throws where another is kept': broken(store => ({
      replaceWitnessed: async (...args) => {
        if (!(await store.replaceWitnessed(...args))) throw new Error('another')
        return true
      },
    })),
    'refuses the same checkpoint again': broken(store => ({
      replaceWitnessed: async (open, origin, known, next) =>
        known !== next && store.replaceWitnessed(open, origin, known, next),
    })),
    'has one checkpoint for all logs': broken(store => ({
      findWitnessed: open => store.findWitnessed(open, ''),
      replaceWitnessed: (open, _, known, next) => store.replaceWitnessed(open, '', known, next),
    })),
    'reads names of logs without their case': broken(store => ({
      findWitnessed: (open, origin) => store.findWitnessed(open, origin.toLowerCase()),
      replaceWitnessed: (open, origin, known, next) => store.replaceWitnessed(open, origin.toLowerCase(), known, next),
    })),
    'compares checkpoints without their case': broken(store => ({
      replaceWitnessed: async (open, origin, known, next) => {
        const kept = await store.findWitnessed(open, origin)
        const alike = kept?.toLowerCase() === known?.toLowerCase()
        return store.replaceWitnessed(open, origin, alike ? kept : known, next)
      },
    })),
    'compares checkpoints without blanks at their end': broken(store => ({
      replaceWitnessed: async (open, origin, known, next) => {
        const kept = await store.findWitnessed(open, origin)
        return store.replaceWitnessed(open, origin, kept === known?.trimEnd() ? kept : known, next)
      },
    })),
  },
  'the memory of a witness has whoever': { 'waits for nobody': () => over(sideBySide) },
  'the memory of a witness is continued by one of 100': {
    'looks, waits and keeps': racing(store => ({
      replaceWitnessed: async (open, origin, known, next) => {
        if ((await store.findWitnessed(open, origin)) !== known) return false
        await moment()
        return store.replaceWitnessed(open, origin, await store.findWitnessed(open, origin), next)
      },
    })),
  },
  'an answer': {
    'is claimed by everyone': broken(store => ({
      claimKey: async (...args) => (await store.claimKey(...args)) || true,
    })),
    'throws where its key is taken': broken(store => ({
      claimKey: async (...args) => {
        if (!(await store.claimKey(...args))) throw new Error('taken')
        return true
      },
    })),
    'loses what was asked': broken(store => ({
      claimKey: (open, row) => store.claimKey(open, { ...row, request: '' }),
    })),
    'is not there when it is empty': broken(store => ({
      findAnswer: async (open, key) => {
        const found = await store.findAnswer(open, key)
        return found && { ...found, answer: found.answer || undefined }
      },
    })),
    'has a key without case': broken(store => ({
      claimKey: (open, row) => store.claimKey(open, { ...row, key: row.key.toLowerCase() }),
      keepAnswer: (open, key, answer) => store.keepAnswer(open, key.toLowerCase(), answer),
      findAnswer: (open, key) => store.findAnswer(open, key.toLowerCase()),
    })),
    'is forgotten too early': broken(store => ({
      forgetAnswers: (open, before) => store.forgetAnswers(open, new Date(before.getTime() + 1000)),
    })),
    'is forgotten too late': broken(store => ({
      forgetAnswers: (open, before) => store.forgetAnswers(open, new Date(before.getTime() - 500)),
    })),
    'is forgotten without being counted': broken(store => ({
      forgetAnswers: async (...args) => {
        await store.forgetAnswers(...args)
        return 0
      },
    })),
  },
  'a message': {
    'is leased to everyone': broken(store => ({
      leaseMessages: (open, lease) => store.leaseMessages(open, { ...lease, until: lease.now }),
    })),
    'is leased for ever': broken(store => ({
      leaseMessages: (open, lease) => store.leaseMessages(open, { ...lease, until: new Date(8e15) }),
    })),
    'is leased a millisecond too long': broken(store => ({
      leaseMessages: (open, lease) =>
        store.leaseMessages(open, { ...lease, until: new Date(lease.until.getTime() + 1) }),
    })),
    'is leased beyond the limit': broken(store => ({
      leaseMessages: (open, lease) => store.leaseMessages(open, { ...lease, limit: lease.limit + 1 }),
    })),
    'is leased newest first': broken(store => ({
      leaseMessages: async (...args) => (await store.leaseMessages(...args)).toReversed(),
    })),
    'is gone once it is leased': broken(store => ({
      leaseMessages: async (open, lease) => {
        const leased = await store.leaseMessages(open, lease)
        await store.deleteMessages(
          open,
          leased.map(({ id }) => id),
        )
        return leased
      },
    })),
    'is deleted alone': broken(store => ({
      deleteMessages: (open, ids) => store.deleteMessages(open, ids.slice(0, 1)),
    })),
    'is never deleted': broken(() => ({ deleteMessages: async () => {} })),
    'is there twice': broken(store => ({
      insertMessage: (open, message) => store.insertMessage(open, message).catch(() => undefined),
    })),
    'loses its body': broken(store => ({
      insertMessage: (open, message) => store.insertMessage(open, { ...message, body: '' }),
    })),
  },
  'the store': {
    'composes characters': text(value => value.normalize('NFC')),
    'takes case for nothing': text(value => value.toLowerCase()),
    'trims blanks': text(value => value.trim()),
    'ends a text at a zero character': text(value => value.split('\0')[0] ?? ''),
    'replaces halves of characters': text(value => loose.decode(new TextEncoder().encode(value))),
    'drops a byte order mark': text(value => value.replace(/^\ufeff/, '')),
    'keeps 1,023 characters': text(value => value.slice(0, 1023)),
    'writes line ends its own way': text(value => value.replaceAll('\r\n', '\n')),
    'takes digits for a number': text(value => (/^\d+$/.test(value) ? `${Number(value)}` : value)),
    'escapes backslashes': text(value => value.replaceAll('\\', '\\\\')),
    'refuses letters beyond ASCII': text(value => {
      if (/[^\0-\x7f]/.test(value)) throw Object.assign(new Error('no'), { code: 'store_value_unsupported' })
      return value
    }),
    'refuses what it cannot keep in words of its own': text(value => {
      if (value.includes('\0')) throw new Error('no')
      return value
    }),
    'keeps dates to the second': () =>
      altering(value => (value instanceof Date ? new Date(Math.floor(value.getTime() / 1000) * 1000) : value)),
    'keeps dates after 1970': () =>
      altering(value => (value instanceof Date ? new Date(Math.max(0, value.getTime())) : value)),
    'keeps dates of 32 bits': () =>
      altering(value => (value instanceof Date ? new Date(Math.min(value.getTime(), (2 ** 31 - 1) * 1000)) : value)),
    'keeps 7 bits of a byte': () =>
      altering(value => (value instanceof Uint8Array ? value.map(byte => byte & 127) : value)),
    'keeps all of what a part lies in': () =>
      altering(value => (value instanceof Uint8Array ? new Uint8Array(value.buffer) : value)),
    'gives bytes of another class': broken(store => ({
      findStatusFile: async (...args) => {
        const found = await store.findStatusFile(...args)
        return found && { ...found, body: new OtherBytes(found.body) }
      },
    })),
    'keeps bytes of 64 kB': () =>
      altering(value => (value instanceof Uint8Array && value.length > 65_536 ? value.slice(0, 65_536) : value)),
  },
  'a transaction shows a new entry to nobody': { 'hides nothing': () => over(sideBySide) },
  'a transaction shows an act to nobody': { 'hides nothing': () => over(sideBySide) },
  'a status list is one of 20': {
    'looks, waits and adds': racing(store => ({
      insertStatusList: async (open, row) => {
        if ((await store.findOpenStatusList(open, row)) !== undefined) return false
        await moment()
        return (await store.insertStatusList(open, row)) || true
      },
    })),
  },
  'a status list leases no place twice': {
    'looks, waits and counts up': () => {
      let leased = 0
      return broken(() => ({
        ...sideBySide(),
        insertStatusList: async () => true,
        leasePlaces: async (_, __, count) => {
          const from = leased
          await moment()
          leased = Math.min(500, from + count)
          return from < 500 ? { from, to: leased } : undefined
        },
      }))()
    },
  },
  'a status entry is had by one of 200': {
    'looks, waits and adds': racing(store => ({
      insertStatusEntry: async (open, row) => {
        if ((await store.findStatusEntry(open, row.uri, row.index)) !== undefined) return false
        await moment()
        return (await store.insertStatusEntry(open, row)) || true
      },
    })),
  },
  'a status entry is had by one of two': { 'waits for nobody': () => over(sideBySide) },
  'a status entry is changed by one of 50': { 'looks, waits and changes': racing(changing) },
  'a status entry is changed after': { 'waits for nobody': () => over(sideBySide) },
  'a status entry loses no change': { 'looks, waits and changes': racing(changing) },
  'a publication waits': { 'waits for nobody': () => over(sideBySide) },
  'a publication misses and repeats no change': {
    'waits for nobody': racing(store => ({
      lockPublication: async (open, uri) => {
        const latest = await store.lockPublication(open, uri)
        await moment()
        return latest
      },
    })),
  },
  'the log is continued by one of 20': {
    'looks, waits and goes on': racing(store => ({
      numberActs: async (open, batch) => {
        if ((await store.findLogHead(open)).size !== batch.follows) return false
        await moment()
        return (await store.numberActs(open, batch)) || true
      },
    })),
  },
  'the log gives one key to 40': {
    'looks, waits and adds': racing(store => ({
      keepSubjectKeys: async (open, [named]) => {
        const found = await store.findSubjectKey(open, named!.subject)
        await moment()
        if (found === undefined) await store.keepSubjectKeys(open, [named!])
        return [found ?? named!.key]
      },
    })),
  },
  'the log is not locked while': { 'waits for nobody': () => over(sideBySide) },
  'the log is locked by one': { 'waits for nobody': () => over(sideBySide) },
  'the log is not waited for': {
    'waits for ever': () => ({ ...over(sideBySide), ...lockingLog(() => new Promise(() => {})) }),
    'waits for nobody': () => over(sideBySide),
    'is refused in other words': () => ({
      ...over(sideBySide),
      ...lockingLog(() => Promise.reject(Object.assign(new Error('no'), { code: 'store_failed' }))),
    }),
    'gives up at once': () => ({
      ...over(sideBySide),
      ...lockingLog(() => Promise.reject(Object.assign(new Error('no'), { code: 'store_busy' }))),
    }),
  },
  'the log is locked at once': {
    'refuses whoever does not wait': broken(store => ({
      lockLog: async (open, maxWait) => {
        if (maxWait === 0) throw Object.assign(new Error('no'), { code: 'store_busy' })
        return store.lockLog(open, maxWait)
      },
    })),
  },
  'the log erases no key': { 'waits for nobody': () => over(sideBySide) },
  'the log gives no key': { 'waits for nobody': () => over(sideBySide) },
  'an answer is waited for': { 'waits for nobody': () => over(sideBySide) },
  'an answer is given by one of 200': {
    'looks, waits and claims': racing(store => ({
      claimKey: async (open, row) => {
        if ((await store.findAnswer(open, row.key)) !== undefined) return false
        await moment()
        return (await store.claimKey(open, row)) || true
      },
    })),
  },
  'a message is leased by one of 20': {
    'looks, waits and leases': racing(store => ({
      leaseMessages: async (open, lease) => {
        const seen = await store.leaseMessages(open, { ...lease, until: lease.now })
        await moment()
        await store.leaseMessages(open, lease)
        return seen
      },
    })),
  },
  'a message is delivered once': {
    'looks, waits and leases': racing(store => ({
      leaseMessages: async (open, lease) => {
        const seen = await store.leaseMessages(open, { ...lease, until: lease.now })
        await moment()
        await store.leaseMessages(open, lease)
        return seen
      },
    })),
  },
  'the whole': {
    'forgets messages beside answers': broken(() => ({ insertMessage: async () => {} })),
    'commits acts on their own': broken(store => {
      const second = memoryStore()
      return {
        insertPendingAct: (_, act, subject) => second.transaction(open => second.insertPendingAct(open, act, subject)),
        findPendingActs: (_, limit) => second.transaction(open => second.findPendingActs(open, limit)),
        findLogHead: () => second.transaction(open => second.findLogHead(open)),
        lockLog: () => second.transaction(open => second.lockLog(open)),
        numberActs: (_, batch) => second.transaction(open => second.numberActs(open, batch)),
        findEntries: (_, from, to) => second.transaction(open => second.findEntries(open, from, to)),
        findEntryOfAct: (_, act) => second.transaction(open => second.findEntryOfAct(open, act)),
        findSubjectEntries: (_, subject, limit) =>
          second.transaction(open => second.findSubjectEntries(open, subject, limit)),
        keepSubjectKeys: (_, subjects) => second.transaction(open => second.keepSubjectKeys(open, subjects)),
        findSubjectKey: (_, subject) => second.transaction(open => second.findSubjectKey(open, subject)),
        eraseSubject: (_, subject) => second.transaction(open => second.eraseSubject(open, subject)),
        transaction: store.transaction,
      }
    }),
  },
}

const loose = new TextDecoder('utf-8', { ignoreBOM: true })

class OtherBytes extends Uint8Array {}

/** Transactions that begin at once, see each other's writes, and can all be undone. */
function sideBySide(): MemoryTransactions {
  const undoing = new Map<Transaction, (() => void)[]>()
  return {
    async transaction(work) {
      const transaction: Transaction = Object.freeze({})
      const undo: (() => void)[] = []
      undoing.set(transaction, undo)
      try {
        return await work(transaction)
      } catch (error) {
        for (const step of undo.reverse()) step()
        throw error
      } finally {
        undoing.delete(transaction)
      }
    },
    onRollback(transaction, step) {
      const undo = undoing.get(transaction)
      if (undo === undefined) throw new TypeError('`transaction` must be open, and opened by this store')
      undo.push(step)
    },
  }
}

/** Transactions side by side of which the first that locks the log keeps it; the others meet `busy`. */
function lockingLog(busy: () => Promise<never>): Partial<MemoryStore> {
  const store = over(sideBySide)
  let isLocked = false
  return {
    transaction: store.transaction,
    lockLog: async open => {
      if (isLocked) return busy()
      isLocked = true
      return store.lockLog(open)
    },
  }
}

/** The first case about something that a store fails, and what it says. */
async function caughtBy(about: string, make: () => MemoryStore): Promise<string | undefined> {
  for (const { name, run } of testStore(async () => ({ store: make() }))) {
    if (!name.startsWith(`${about} `)) continue
    const failure = await run().then(
      () => undefined,
      error => `${name}: ${error instanceof Error ? error.message : String(error)}`,
    )
    if (failure !== undefined) return failure
  }
  return undefined
}

for (const [about, ways] of Object.entries(mutants))
  describe(`${about} of a broken store`, () => {
    it.each(Object.entries(ways))('%s, and is caught', async (_, make) => {
      expect(await caughtBy(about, make)).toBeTypeOf('string')
    })
  })
