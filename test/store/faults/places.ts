/** Databases with the tables of a store, which several handles, processes and plain SQL reach; each gone with its test. */
import { onTestFinished } from 'vitest'
import { postgresStore } from '../../../src/store/postgres.js'
import type { SqlStore } from '../../../src/store/sql/store.js'
import { sqliteStore } from '../../../src/store/sqlite.js'
import { databaseUrl, emptySchema, libsql, noPostgres, pool, temporaryFile } from '../sql/databases.js'
import { requireHere } from './child.js'

export interface Place {
  /** What a program needs to open it: `storeAt` in `program`. */
  readonly address: string
  /** The store, over a handle or a pool of its own. */
  store(options?: { readonly maxWait?: number }): SqlStore
  /** Runs plain SQL beside every store, as whoever has the database can; the same text for both databases. */
  sql(text: string): Promise<readonly Row[]>
}

export type Row = Readonly<Record<string, unknown>>

export interface PlaceKind {
  readonly name: string
  readonly missing?: string
  make(): Promise<Place>
}

async function migrated(place: Place): Promise<Place> {
  await place.store().migrate()
  return place
}

const sqlite: PlaceKind = {
  name: 'SQLite',
  async make() {
    const path = temporaryFile()
    const open = () => {
      const handle = libsql(path)
      onTestFinished(() => handle.close())
      return handle
    }
    const beside = open()
    beside.exec('pragma busy_timeout = 5000')
    return migrated({
      address: JSON.stringify({ path }),
      store: options => sqliteStore(open(), options),
      async sql(text) {
        if (/^(select|pragma)/i.test(text)) return (beside.prepare(text) as unknown as { all(): Row[] }).all()
        beside.exec(text)
        return []
      },
    })
  },
}

const postgres: PlaceKind = {
  name: 'PostgreSQL',
  ...(databaseUrl === undefined ? { missing: noPostgres } : {}),
  async make() {
    const config = { connectionString: databaseUrl, ...(await emptySchema()) }
    const beside = pool(config)
    return migrated({
      address: JSON.stringify(config),
      store: options => postgresStore(pool(config), options),
      async sql(text) {
        const result: { rows: Row[] } | { rows: Row[] }[] = await beside.query(text)
        return Array.isArray(result) ? [] : result.rows
      },
    })
  },
}

export const placeKinds: readonly PlaceKind[] = [sqlite, postgres]

/** For programs: `storeAt(address)` opens the store. */
export const program = `
import { postgresStore } from '../../../src/store/postgres.ts'
import { sqliteStore } from '../../../src/store/sqlite.ts'
${requireHere}
const storeAt = address => {
  const { path, ...config } = JSON.parse(address)
  if (path !== undefined) return sqliteStore(new (require('libsql'))(path))
  const pool = new (require('pg').Pool)(config)
  return postgresStore(pool)
}
`
