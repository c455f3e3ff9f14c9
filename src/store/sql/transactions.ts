/** Transactions over any driver: begin, work, commit; undone when that fails, run again when the database gave way. */

import { patience } from '../../core/patience.js'
import type { Transaction } from '../../core/transaction.js'
import { VidimusError } from '../../errors.js'
import type { SqlDatabase, SqlSession } from './database.js'
import type { Connection, Driver, Refusal } from './driver.js'
import { expectVersion, migrate } from './migrations.js'
import { remember } from './remember.js'
import { openSession, overError } from './session.js'
import { readStatement } from './statement.js'

export interface DatabaseOptions {
  /** The version of the tables that transactions need. */
  readonly expected: number
  /** How long to try again while others are in the way, in seconds. */
  readonly maxWait: number
}

/** How an attempt ended. What `work` threw is the caller's and stays as it is. */
type Outcome<T> = { readonly result: T } | { readonly thrown: unknown } | { readonly refusal: Refusal }

type Work<T> = (transaction: Transaction, session: SqlSession) => Promise<T>

export function sqlDatabase(driver: Driver, { expected, maxWait: usual }: DatabaseOptions): SqlDatabase {
  const sessions = new Map<Transaction, SqlSession>()
  const statements = remember(500, readStatement)
  let isMigrated = false

  /** Runs `work` until it succeeds or fails for a reason of its own. */
  async function run<T>(work: Work<T>, maxWait = usual): Promise<T> {
    const others = patience(maxWait)
    for (;;) {
      const outcome = await attempt(work)
      if ('result' in outcome) return outcome.result
      if ('thrown' in outcome) throw outcome.thrown
      if (!outcome.refusal.again || !(await others.pause())) throw outcome.refusal.error
    }
  }

  async function attempt<T>(work: Work<T>): Promise<Outcome<T>> {
    const connection = await driver.begin().catch((error: unknown) => refused(driver, error))
    if ('refusal' in connection) return connection
    const transaction: Transaction = Object.freeze({})
    const session = openSession(connection, statements, driver.refusal)
    sessions.set(transaction, session)
    const worked = await outcomeOf(work(transaction, session))
    sessions.delete(transaction)
    await session.close()
    const ended = session.failure === undefined ? worked : afterFailure(worked, session.failure)
    const outcome = 'result' in ended ? await committed(driver, connection, ended) : ended
    if (!('result' in outcome)) await connection.rollback()
    return outcome
  }

  return {
    dialect: driver.dialect,
    transaction: (work, options) =>
      driver.turn(() =>
        run(async (transaction, session) => {
          if (!isMigrated) await expectVersion(session, driver, expected)
          isMigrated = true
          return await work(transaction)
        }, options?.maxWait),
      ),
    session(transaction) {
      const session = sessions.get(transaction)
      if (session === undefined) throw overError()
      return session
    },
    async migrate(migrations, { print } = {}) {
      await driver.turn(() => run((_, session) => migrate(session, driver, migrations, print)))
      isMigrated = false
    },
  }
}

/** A refusal by the driver, or one in our own words. */
function refused(driver: Driver, error: unknown): { readonly refusal: Refusal } {
  return { refusal: error instanceof VidimusError ? { error, again: false } : driver.refusal(error) }
}

const outcomeOf = <T>(work: Promise<T>): Promise<Outcome<T>> =>
  work.then(
    result => ({ result }),
    (thrown: unknown) => ({ thrown }),
  )

/**
 * A transaction in which a statement failed is not committed even if `work` made light of it. One that gave way is run
 * again, whatever `work` made of that; any other error that `work` threw is its own.
 */
const afterFailure = <T>(worked: Outcome<T>, refusal: Refusal): Outcome<T> =>
  'thrown' in worked && !refusal.again ? worked : { refusal }

async function committed<T>(driver: Driver, connection: Connection, worked: Outcome<T>): Promise<Outcome<T>> {
  try {
    await connection.commit()
    return worked
  } catch (error) {
    return refused(driver, error)
  }
}
