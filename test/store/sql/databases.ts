/** The databases that the tests of the SQL stores run on, each empty; a reason for those that are not here. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool, type PoolConfig } from 'pg'
import { onTestFinished } from 'vitest'
import type { SqlDatabase } from '../../../src/store/sql/database.js'
import { postgresDatabase } from '../../../src/store/sql/postgres.js'
import { type SqliteHandle, sqliteDatabase } from '../../../src/store/sql/sqlite.js'

export interface Kind {
  readonly name: string
  readonly missing?: string
  /** A fresh, empty database, and how to reach the same one again. */
  open(options?: { readonly expected?: number }): Promise<Opened>
}

export interface Opened {
  readonly database: SqlDatabase
  /** The same database as another process would see it. */
  again(options?: { readonly maxWait?: number }): SqlDatabase
}

export type Closable = SqliteHandle & { close(): void }

const Libsql = createRequire(import.meta.url)('libsql') as new (path: string) => Closable

export const libsql = (path: string): Closable => new Libsql(path)

/**
 * The shape of better-sqlite3, over libsql: errors carry the name of the result alone, bytes are Buffers, and a
 * statement is asked for rows only when it has some. Better-sqlite3 itself is not run: it brings no binary.
 */
export function likeBetterSqlite3(path: string): Closable {
  const handle = libsql(path)
  const named = <T>(act: () => T): T => {
    try {
      return act()
    } catch (error) {
      const { code } = error as { readonly code?: string }
      throw code === undefined ? error : Object.assign(new Error('from the driver'), { code })
    }
  }
  return {
    exec: sql => named(() => handle.exec(sql)),
    close: () => handle.close(),
    prepare(sql) {
      const statement = named(() => handle.prepare(sql)) as unknown as LikeStatement
      return {
        raw: () => statement,
        all(...values: never[]) {
          if (!statement.reader) throw new TypeError('This statement does not return data. Use run() instead')
          return named(() => statement.all(...values)).map(row =>
            Object.fromEntries(
              Object.entries(row).map(([name, value]) => [
                name,
                value instanceof ArrayBuffer ? Buffer.from(value) : value,
              ]),
            ),
          )
        },
        run(...values: never[]) {
          if (statement.reader)
            throw new TypeError('This statement returns data. Use get(), all(), or iterate() instead')
          return named(() => statement.run(...values))
        },
      } as ReturnType<SqliteHandle['prepare']>
    },
  }
}

interface LikeStatement {
  readonly reader: boolean
  all(...values: never[]): object[]
  run(...values: never[]): unknown
}

type DatabaseSync = new (path: string) => Closable

export const nodeSqlite = (process.getBuiltinModule as (name: string) => { DatabaseSync: DatabaseSync } | undefined)(
  'node:sqlite',
)

/** The path of a database file in a folder that goes when the test ends. */
export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vidimus-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'store.db')
}

const sqlite = (name: string, handle: (path: string) => Closable, missing?: string): Kind => ({
  name,
  ...(missing === undefined ? {} : { missing }),
  async open({ expected = 1 } = {}) {
    const path = temporaryFile()
    const again = ({ maxWait }: { readonly maxWait?: number } = {}) => {
      const opened = handle(path)
      onTestFinished(() => opened.close())
      return sqliteDatabase(opened, { expected, maxWait })
    }
    return { database: again(), again }
  },
})

export const databaseUrl = process.env['DATABASE_URL']

export const noPostgres = 'no DATABASE_URL; scripts/with-postgres.sh runs a server'

/** A pool that ends with the test. */
export function pool(config: PoolConfig = {}): Pool {
  const opened = new Pool({ connectionString: databaseUrl, max: 4, ...config })
  onTestFinished(() => opened.end())
  return opened
}

let schemas = 0

/** A schema of its own in the database of `DATABASE_URL`; `search_path` leads there. */
export async function emptySchema(): Promise<PoolConfig> {
  const schema = `test_${process.pid}_${++schemas}_${Math.random().toString(36).slice(2)}`
  const admin = new Pool({ connectionString: databaseUrl, max: 1 })
  admin.on('error', () => undefined)
  await admin.query(`create schema ${schema}`)
  onTestFinished(async () => {
    await admin.query(`drop schema ${schema} cascade`)
    await admin.end()
  })
  return { options: `-c search_path=${schema}` }
}

const postgres: Kind = {
  name: 'PostgreSQL',
  ...(databaseUrl === undefined ? { missing: noPostgres } : {}),
  async open({ expected = 1 } = {}) {
    const config = await emptySchema()
    const again = ({ maxWait }: { readonly maxWait?: number } = {}) =>
      postgresDatabase(pool(config), { expected, maxWait })
    return { database: again(), again }
  },
}

const sqliteKinds: readonly Kind[] = [
  sqlite('libsql', libsql),
  sqlite('the shape of better-sqlite3', likeBetterSqlite3),
  sqlite(
    'node:sqlite',
    path => new nodeSqlite!.DatabaseSync(path),
    nodeSqlite === undefined ? 'this Node has none; scripts/node-sqlite.mjs runs one that does' : undefined,
  ),
]

export const kinds: readonly Kind[] = [...sqliteKinds, postgres]

/** The title of what is skipped says why. */
export const titleOf = ({ name, missing }: Kind): string => (missing === undefined ? name : `${name} (${missing})`)
