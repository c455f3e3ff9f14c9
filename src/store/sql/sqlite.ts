/**
 * SQLite behind the handle of libsql, better-sqlite3 or `node:sqlite`. They differ in how values are bound, in what an
 * error looks like and in what comes back; all of them are synchronous. The journal is written ahead, and a commit is on
 * the disk before it is acknowledged.
 */
import { misuse } from '../../core/arguments.js'
import { patience, readMaxWait } from '../../core/patience.js'
import { VidimusError } from '../../errors.js'
import type { SqlDatabase, SqlRow, SqlValue } from './database.js'
import type { Connection, Driver, Refusal } from './driver.js'
import { type Remembered, remember } from './remember.js'
import type { Statement } from './statement.js'
import { sqlDatabase } from './transactions.js'
import { plainRow, safeInteger } from './values.js'

/** What a handle needs to have: a `Database` of libsql or better-sqlite3, a `DatabaseSync` of `node:sqlite`. */
export interface SqliteHandle {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
}

export interface SqliteStatement {
  all(...values: never[]): unknown
  run(...values: never[]): unknown
  /** Of `node:sqlite`, which otherwise throws for an integer that is not safe without telling the column. */
  setReadBigInts?(read: boolean): unknown
}

export interface SqliteOptions {
  /** The version of the tables that transactions need. */
  readonly expected: number
  /** How long to wait for other processes that hold the file, in seconds; 10 by default. */
  readonly maxWait?: number | undefined
}

/** A handle with what is known of it, shared by every database over it. */
interface Held {
  readonly handle: SqliteHandle
  readonly prepared: Remembered<SqliteStatement>
  /** The end of the transaction that was asked for last. */
  last: Promise<unknown>
  isSet: boolean
  /** A transaction may have been left open, for it could not be rolled back. */
  isLeftOpen: boolean
}

const held = /* @__PURE__ */ new WeakMap<SqliteHandle, Held>()

/**
 * A database behind a handle that from now on belongs to it: transactions of one handle run one after the other, in the
 * order they were asked for, and statements of others in between would be part of them.
 */
export function sqliteDatabase(handle: SqliteHandle, options: SqliteOptions): SqlDatabase {
  const maxWait = readMaxWait(options.maxWait)
  expectHandle(handle)
  const own = hold(handle)
  const driver: Driver = {
    dialect: 'sqlite',
    findTable: `select 1 as found from sqlite_master where type = 'table' and name = $1`,
    turn: work => turn(own, work),
    begin: async () => begin(own, maxWait),
    refusal,
  }
  return sqlDatabase(driver, { expected: options.expected, maxWait })
}

function expectHandle(handle: unknown): void {
  const { exec, prepare } = Object(handle) as Partial<SqliteHandle>
  if (typeof exec !== 'function' || typeof prepare !== 'function')
    throw misuse('database', 'a handle of libsql, better-sqlite3 or node:sqlite')
}

function hold(handle: SqliteHandle): Held {
  const known = held.get(handle)
  if (known !== undefined) return known
  const prepared = remember(200, sql => prepare(handle, sql))
  const fresh = { handle, prepared, last: Promise.resolve(), isSet: false, isLeftOpen: false }
  held.set(handle, fresh)
  return fresh
}

function prepare(handle: SqliteHandle, sql: string): SqliteStatement {
  const statement = handle.prepare(sql)
  statement.setReadBigInts?.(true)
  return statement
}

function turn<T>(own: Held, work: () => Promise<T>): Promise<T> {
  const result = own.last.then(work)
  own.last = result.catch(() => undefined)
  return result
}

/** The write lock is taken at once: a lock asked for half-way may be refused for good. */
function begin(own: Held, maxWait: number): Connection {
  if (!own.isSet) setUp(own)
  if (own.isLeftOpen) rollback(own)
  own.handle.exec('begin immediate')
  own.isLeftOpen = false
  return {
    query: async (statement, values) => query(own, statement, values),
    execute: async (statement, values) => execute(own, statement, values),
    commit: () => commit(own, maxWait),
    rollback: async () => rollback(own),
  }
}

/** SQLite itself does not wait for others: its waiting would stop the event loop. */
function setUp(own: Held): void {
  for (const pragma of ['busy_timeout = 0', 'journal_mode = wal', 'synchronous = full'])
    own.handle.exec(`pragma ${pragma}`)
  own.isSet = true
}

function query(own: Held, statement: Statement, values: readonly SqlValue[]): readonly SqlRow[] {
  const rows = call(own, 'all', statement, values) as readonly object[]
  return rows.map(plainRow)
}

function execute(own: Held, statement: Statement, values: readonly SqlValue[]): number {
  const { changes } = call(own, 'run', statement, values) as { readonly changes: number | bigint }
  return safeInteger(changes, 'changes')
}

/**
 * Integers are bound as such (a number would be bound as a real), and all values as one array where the handle takes
 * one: libsql ends the process over a lone Uint8Array.
 */
function call(own: Held, method: 'all' | 'run', { text, order }: Statement, values: readonly SqlValue[]): unknown {
  const bound = values.map(value => (typeof value === 'number' ? BigInt(value) : value))
  const list = order.map(index => bound[index])
  const prepared = own.prepared.get(text)
  try {
    return Reflect.apply(prepared[method], prepared, 'raw' in prepared ? [list] : list)
  } catch (error) {
    own.prepared.forget(text)
    throw error
  }
}

/**
 * Without a write-ahead journal (in memory, on some network drives) readers may be in the way of a commit. A commit that
 * could not be brought to the disk may be found there after a crash all the same.
 */
async function commit(own: Held, maxWait: number): Promise<void> {
  const others = patience(maxWait)
  for (;;) {
    try {
      own.handle.exec('commit')
      return
    } catch (error) {
      const result = resultOf(error)
      if (result === 'IOERR') throw new VidimusError('store_commit_unknown')
      if (result !== 'BUSY') throw error
      if (!(await others.pause())) throw new VidimusError('store_busy')
    }
  }
}

/** A full disk and some other failures have rolled back already, and rolling back again fails. */
function rollback(own: Held): void {
  try {
    own.handle.exec('rollback')
  } catch {
    own.isLeftOpen = true
  }
}

function refusal(error: unknown): Refusal {
  const result = resultOf(error)
  if (result === 'BUSY' || result === 'LOCKED') return { error: new VidimusError('store_busy'), again: true }
  if (result === 'FULL') return { error: new VidimusError('store_full'), again: false }
  return { error: new VidimusError('store_failed', { actual: result }), again: false }
}

/** The names of the result codes that mean something here, and of those that help whoever looks for the cause. */
const results: Readonly<Record<number, string>> = {
  1: 'ERROR',
  5: 'BUSY',
  6: 'LOCKED',
  7: 'NOMEM',
  8: 'READONLY',
  10: 'IOERR',
  11: 'CORRUPT',
  13: 'FULL',
  14: 'CANTOPEN',
  18: 'TOOBIG',
  19: 'CONSTRAINT',
  26: 'NOTADB',
}

/**
 * The primary result code of an error: libsql has it in `rawCode` and at the head of `code`, better-sqlite3 in `code`
 * alone (`SQLITE_IOERR_WRITE`), `node:sqlite` in `errcode`.
 */
function resultOf(error: unknown): string | undefined {
  const { code, rawCode, errcode } = Object(error) as Readonly<Record<string, unknown>>
  const number = rawCode ?? errcode
  if (typeof number === 'number') return results[number & 0xff]
  return typeof code === 'string' ? Object.values(results).find(name => code.split('_')[1] === name) : undefined
}
