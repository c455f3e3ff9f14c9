/** The store of one machine: SQLite, behind a handle of libsql, better-sqlite3 or `node:sqlite`. */
import { schemaVersion } from './sql/schema.js'
import { type SqliteHandle, sqliteDatabase } from './sql/sqlite.js'
import { type SqlStore, sqlStore } from './sql/store.js'

export { type ErrorCode, VidimusError } from '../errors.js'
export type { MigrateOptions, SqlStore } from './sql/store.js'
export type { SqliteHandle }

/** How patient a store is. */
export interface SqliteStoreOptions {
  /** Seconds to wait for other processes that hold the file before `store_busy`; 10 by default. */
  readonly maxWait?: number | undefined
}

/**
 * Everything that a registry, a log, a witness and an office need, in one SQLite file. What is acknowledged is on the disk: the store
 * sets `journal_mode` to WAL and `synchronous` to FULL. Transactions take turns, within the process and with others that
 * have opened the same file; the handle belongs to the store from now on. Nothing is read or written before
 * `store.migrate()` has made the tables.
 *
 * Throws `TypeError`, `RangeError` for options that do not fit.
 * @example
 * const store = sqliteStore(new Database('vidimus.db')) // import Database from 'libsql'
 * await store.migrate({ print: console.log })
 */
export function sqliteStore(database: SqliteHandle, options: SqliteStoreOptions = {}): SqlStore {
  return sqlStore(sqliteDatabase(database, { expected: schemaVersion, maxWait: options.maxWait }))
}
