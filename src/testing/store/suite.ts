/** The suite that a store of one's own must pass: every sentence of the ports in `status`, `audit` and `office`. */
import { misuse } from '../../core/arguments.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import { answerCases } from './answers.js'
import type { Case, StoreUnderTest, WholeStore } from './case.js'
import { entryCases } from './entries.js'
import { listCases } from './lists.js'
import { logCases } from './log.js'
import { outboxCases } from './outbox.js'
import { publicationCases } from './publications.js'
import { durableCases, togetherCases } from './together.js'
import { transactionCases } from './transactions.js'
import { valueCases } from './values.js'
import { witnessCases } from './witness.js'

/** One thing that a store must do. */
export interface StoreCase {
  /** A sentence, and no other case's. */
  readonly name: string
  /** Makes a fresh store and rejects with an `Error` in words when the store does not do it. */
  run(): Promise<void>
}

/** What is so of a store under test. */
export interface TestStoreOptions {
  /**
   * Whether what was committed outlasts the store: no by default. With it the suite has the cases about that too, for which
   * `makeStore` gives `reopen`; without it they are not in the list.
   */
  readonly durable?: boolean | undefined
}

type Part = readonly [what: string, cases: readonly Case[]]

const parts: readonly Part[] = [
  ['a transaction', transactionCases],
  ['a status list', listCases],
  ['a status entry', entryCases],
  ['a publication', publicationCases],
  ['the log', logCases],
  ['the memory of a witness', witnessCases],
  ['an answer', answerCases],
  ['a message', outboxCases],
  ['the store', valueCases],
  ['the whole', togetherCases],
]

const durableParts: readonly Part[] = [...parts, ['the whole', durableCases]]

/**
 * The cases that a store must pass before a registry, a log or an office may stand on it, for any test runner. Each makes a
 * store of its own with `makeStore`, empty and used by nobody else, and closes it if it is told how. Cases may run at the same time; some hold
 * a transaction open for a moment to see who waits, and some start up to 200 at once, so that a minute is a fair limit
 * for each. A store whose transactions take turns passes as well as one that runs them side by side. Throws `TypeError` for
 * options that do not fit.
 * @example
 * import { it } from 'vitest' // or: import { test as it } from 'node:test'
 * for (const { name, run } of testStore(memoryStore)) it(name, run)
 * @example
 * testStore(async () => {
 *   const path = join(await mkdtemp(join(tmpdir(), 'store-')), 'test.db')
 *   let database = new MyDatabase(path)
 *   return {
 *     store: myStore(database),
 *     reopen: async () => {
 *       database.close()
 *       return myStore((database = new MyDatabase(path)))
 *     },
 *     close: async () => database.close(),
 *   }
 * }, { durable: true })
 */
export function testStore(
  makeStore: () => Awaitable<WholeStore | StoreUnderTest>,
  { durable = false }: TestStoreOptions = {},
): readonly StoreCase[] {
  if (typeof makeStore !== 'function') throw misuse('makeStore', 'a function')
  if (typeof durable !== 'boolean') throw misuse('durable', 'true or false')
  return (durable ? durableParts : parts).flatMap(([what, cases]) =>
    cases.map(([says, run]) => ({ name: `${what} ${says}`, run: () => runOver(makeStore, durable, run) })),
  )
}

async function runOver(
  makeStore: () => Awaitable<WholeStore | StoreUnderTest>,
  durable: boolean,
  run: Case[1],
): Promise<void> {
  const made = await makeStore()
  const under: StoreUnderTest = 'transaction' in made ? { store: made } : made
  try {
    // Left out in silence, what nobody asked would look as if it had been.
    if ((typeof under.reopen === 'function') !== durable)
      throw misuse('reopen', durable ? 'given by `makeStore` for a durable store' : 'given for a `durable` store alone')
    await run(under.store, under)
  } finally {
    await under.close?.()
  }
}
