/** The statements of one transaction: guarded, one at a time, and none after the first that failed. */
import { misuse } from '../../core/arguments.js'
import { VidimusError } from '../../errors.js'
import type { SqlSession, SqlValue } from './database.js'
import type { Connection, Driver, Refusal } from './driver.js'
import type { Remembered } from './remember.js'
import { expectAsMany, type Statement } from './statement.js'
import { guardedValues } from './values.js'

export interface OpenSession extends SqlSession {
  /** The first failure. With one the transaction must not be committed, whatever became of the error. */
  readonly failure: Refusal | undefined
  /** Waits for the statements that were asked for; those asked for from now on are refused. */
  close(): Promise<void>
}

export function openSession(
  connection: Connection,
  statements: Remembered<Statement>,
  refusal: Driver['refusal'],
): OpenSession {
  let open = true
  let failure: Refusal | undefined
  let previous: Promise<unknown> = Promise.resolve()

  function fail(error: unknown): never {
    failure ??= error instanceof VidimusError ? { error, again: false } : refusal(error)
    throw failure.error
  }

  function guarded(values: readonly SqlValue[]): readonly SqlValue[] {
    try {
      return guardedValues(values)
    } catch (error) {
      return fail(error)
    }
  }

  /** The values are copied now: what the caller does to them while others' statements run is no part of this one. */
  async function next<T>(sql: string, values: readonly SqlValue[], act: Act<T>): Promise<T> {
    if (!open) throw overError()
    const statement = statements.get(sql)
    expectAsMany(values, statement)
    const copies = guarded(values)
    const result = previous.then(async () => {
      if (failure !== undefined) throw failure.error
      return await act(statement, copies)
    })
    previous = result.catch(() => undefined)
    return result.catch(fail)
  }

  return {
    query: (sql, values = []) => next(sql, values, connection.query),
    execute: (sql, values = []) => next(sql, values, connection.execute),
    get failure() {
      return failure
    },
    async close() {
      open = false
      await previous
    },
  }
}

type Act<T> = (statement: Statement, values: readonly SqlValue[]) => Promise<T>

/** The error for a transaction that is over, or that another store opened. */
export const overError = (): TypeError => misuse('transaction', 'open, and opened by this store')
