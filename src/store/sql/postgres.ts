/**
 * PostgreSQL behind a pool of `pg`. A transaction has a client of the pool to itself and runs at READ COMMITTED. What
 * the host application set for the reading of types holds for its own queries, not for these.
 */
import { digestTextNow } from '#crypto'
import { misuse } from '../../core/arguments.js'
import { readMaxWait } from '../../core/patience.js'
import { VidimusError } from '../../errors.js'
import type { SqlDatabase, SqlRow, SqlValue } from './database.js'
import type { Connection, Driver } from './driver.js'
import { refusal, sqlstate } from './postgres-errors.js'
import { asText, plainRows, type TextField } from './postgres-rows.js'
import type { Statement } from './statement.js'
import { sqlDatabase } from './transactions.js'

/** What a pool needs to have: a `Pool` of `pg` 8. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly totalCount?: number
  readonly options?: { readonly max?: number | undefined }
}

export interface PostgresClient {
  query(query: PostgresQuery): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  release(destroy?: boolean): void
}

export interface PostgresQuery {
  readonly text: string
  readonly values?: SqlValue[]
  readonly name?: string
  readonly rowMode: 'array'
  readonly types: { getTypeParser(oid: number): (text: string) => string }
}

interface PostgresResult {
  readonly command: string
  readonly rowCount: number | null
  readonly fields: readonly TextField[]
  readonly rows: readonly (readonly (string | null)[])[]
}

export interface PostgresOptions {
  /** The version of the tables that transactions need. */
  readonly expected: number
  /** How long to try again after a deadlock, or while the server takes no more connections, in seconds; 10 by default. */
  readonly maxWait?: number | undefined
  /** `unnamed` behind a pooler that gives every transaction another connection and does not know prepared statements. */
  readonly statements?: 'named' | 'unnamed' | undefined
}

/** How many statements get a name: the server keeps each, for every client, to its end. */
const mostNames = 250

/** A database behind a pool, which stays the caller's: to size, to share and to end. */
export function postgresDatabase(pool: PostgresPool, options: PostgresOptions): SqlDatabase {
  const maxWait = readMaxWait(options.maxWait)
  const named = statementNames(options.statements)
  expectPool(pool)
  survive(pool)
  const driver: Driver = {
    dialect: 'postgres',
    findTable: 'select 1 as found where to_regclass($1) is not null',
    lockMigrations: `select pg_advisory_xact_lock(${migrationLock})`,
    turn: work => work(),
    begin: () => begin(pool, named),
    refusal,
  }
  return sqlDatabase(driver, { expected: options.expected, maxWait })
}

function expectPool(pool: unknown): void {
  const { connect, on } = Object(pool) as Partial<PostgresPool>
  if (typeof connect !== 'function' || typeof on !== 'function') throw misuse('pool', 'a `Pool` of pg')
}

/** feature_not_supported: a table changed under a statement that the client prepared before, and will go on to use. */
const staleStatement = '0A000'

/** A number that nobody else takes a lock by: `vidimus` in ASCII. */
const migrationLock = 0x766964696d7573n

/** The name of a statement, the same for every database over a pool; none beyond the bound. */
function statementNames(statements: PostgresOptions['statements'] = 'named'): (sql: string) => string | undefined {
  if (statements !== 'named' && statements !== 'unnamed')
    throw new TypeError("`statements` must be 'named' or 'unnamed'")
  const names = new Map<string, string>()
  return sql => {
    if (statements === 'named' && names.size < mostNames && !names.has(sql))
      names.set(sql, `vidimus_${digestTextNow('sha-256', sql)}`)
    return names.get(sql)
  }
}

const surviving = /* @__PURE__ */ new WeakSet<object>()

/** A connection that breaks says so twice: to the query that fails, and as an event that ends a process not listening. */
function survive(emitter: Pick<PostgresPool, 'on'>): void {
  if (surviving.has(emitter)) return
  surviving.add(emitter)
  emitter.on('error', () => undefined)
}

async function begin(pool: PostgresPool, named: (sql: string) => string | undefined): Promise<Connection> {
  const client = await connect(pool)
  survive(client)
  /** The client is in a state nobody knows, and is not given back to be used again. */
  let isSpent = false

  async function ask(query: Pick<PostgresQuery, 'text' | 'values' | 'name'>): Promise<PostgresResult> {
    try {
      return (await client.query({ ...query, rowMode: 'array', types: asText })) as PostgresResult
    } catch (error) {
      const state = sqlstate(error)
      isSpent ||= state === undefined || state === staleStatement
      throw error
    }
  }

  const run = ({ sql }: Statement, values: readonly SqlValue[]): Promise<PostgresResult> => {
    const name = named(sql)
    return ask({ text: sql, values: [...values], ...(name === undefined ? {} : { name }) })
  }

  const isUndone = (): Promise<boolean> =>
    ask({ text: 'rollback' }).then(
      () => true,
      () => false,
    )

  try {
    await ask({ text: 'begin isolation level read committed read write; set local bytea_output = hex' })
  } catch (error) {
    client.release(true)
    throw error
  }
  return {
    query: async (statement, values): Promise<readonly SqlRow[]> => plainRows(await run(statement, values)),
    execute: async (statement, values) => (await run(statement, values)).rowCount ?? 0,
    async commit() {
      const result = await ask({ text: 'commit' }).catch(async (error: unknown) => {
        // A server that refused goes on to hear the next statement; of one that does not, nobody knows what it did.
        if (sqlstate(error) === undefined || !(await isUndone())) throw new VidimusError('store_commit_unknown')
        throw error
      })
      // This is how the server answers in a transaction that had failed before.
      if (result.command !== 'COMMIT') throw new VidimusError('store_failed', { at: 'commit' })
      client.release()
    },
    async rollback() {
      const isSound = !isSpent && (await isUndone())
      client.release(!isSound)
    },
  }
}

/** Throws `store_busy` when it waited too long for a client of a pool that has no more. */
async function connect(pool: PostgresPool): Promise<PostgresClient> {
  try {
    return await pool.connect()
  } catch (error) {
    const { totalCount = 0, options } = pool
    const isTaken = options?.max !== undefined && totalCount >= options.max
    throw isTaken && sqlstate(error) === undefined ? new VidimusError('store_busy') : error
  }
}
