/** The store where one machine is outgrown: PostgreSQL, behind a pool of `pg`. */
import { type PostgresPool, postgresDatabase } from './sql/postgres.js'
import { schemaVersion } from './sql/schema.js'
import { type SqlStore, sqlStore } from './sql/store.js'

export { type ErrorCode, VidimusError } from '../errors.js'
export type { MigrateOptions, SqlStore } from './sql/store.js'
export type { PostgresPool }

/** How patient a store is, and how its statements are sent. */
export interface PostgresStoreOptions {
  /** Seconds to go on trying after a deadlock, or while the server takes no more connections, before `store_busy`; 10 by default. */
  readonly maxWait?: number | undefined
  /** `unnamed` behind a pooler that knows no prepared statements. */
  readonly statements?: 'named' | 'unnamed' | undefined
}

/**
 * Everything that a registry, a log, a witness and an office need, in one PostgreSQL database. Transactions run side by side at
 * READ COMMITTED, each on a client of the pool; the pool stays the caller's to size and to end. Durability is the
 * server's: keep `fsync`, `synchronous_commit` and `full_page_writes` on. Nothing is read or written before
 * `store.migrate()` has made the tables.
 *
 * Throws `TypeError`, `RangeError` for options that do not fit.
 * @example
 * const store = postgresStore(new Pool({ connectionString })) // import { Pool } from 'pg'
 * await store.migrate({ print: console.log })
 */
export function postgresStore(pool: PostgresPool, options: PostgresStoreOptions = {}): SqlStore {
  const { maxWait, statements } = options
  return sqlStore(postgresDatabase(pool, { expected: schemaVersion, maxWait, statements }))
}
