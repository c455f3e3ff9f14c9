/** What only SQLite does: handles, turns, files that others hold, that are full or no database. */
import { writeFileSync } from 'node:fs'
import { Pool } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { VidimusError } from '../../../src/errors.js'
import { postgresStore } from '../../../src/store/postgres.js'
import type { Migration, SqlDatabase, SqlSession } from '../../../src/store/sql/database.js'
import { type SqliteHandle, sqliteDatabase } from '../../../src/store/sql/sqlite.js'
import { sqliteStore } from '../../../src/store/sqlite.js'
import { type Closable, libsql, likeBetterSqlite3, nodeSqlite, temporaryFile } from './databases.js'

const tables: readonly Migration[] = [
  { version: 1, statements: { sqlite: ['create table kept (words text) strict'], postgres: [] } },
]

const insert = 'insert into kept (words) values ($1)'

const within = <T>(database: SqlDatabase, work: (session: SqlSession) => Promise<T>): Promise<T> =>
  database.transaction(transaction => work(database.session(transaction)))

const add = (database: SqlDatabase, words: string) => within(database, session => session.execute(insert, [words]))

const counted = async (database: SqlDatabase): Promise<unknown> =>
  (await within(database, session => session.query('select count(*) as count from kept')))[0]?.['count']

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof VidimusError ? error.code : error),
  )

const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** A database over a handle, and how often it had a statement prepared. */
function counting(handle: SqliteHandle) {
  let prepared = 0
  const counted: SqliteHandle = {
    exec: sql => handle.exec(sql),
    prepare(sql) {
      prepared++
      return handle.prepare(sql)
    },
  }
  return { database: sqliteDatabase(counted, { expected: 1 }), prepared: () => prepared }
}

const handles = [
  ['libsql', libsql, false],
  ['the shape of better-sqlite3', likeBetterSqlite3, false],
  ['node:sqlite', (path: string) => new nodeSqlite!.DatabaseSync(path), nodeSqlite === undefined],
] as const

for (const [name, make, isMissing] of handles)
  describe.skipIf(isMissing)(
    isMissing ? `${name} (this Node has none; scripts/node-sqlite.mjs runs one)` : name,
    () => {
      function opened(path: string): Closable {
        const handle = make(path)
        onTestFinished(() => handle.close())
        return handle
      }

      async function migrated(path = temporaryFile()) {
        const handle = opened(path)
        const database = sqliteDatabase(handle, { expected: 1, maxWait: 0.1 })
        await database.migrate(tables)
        return { path, handle, database }
      }

      it('works in memory', async () => {
        const { database } = await migrated(':memory:')
        await add(database, 'a')
        expect(await counted(database)).toBe(1)
      })

      it('writes ahead, syncs every commit and never waits inside SQLite', async () => {
        const { database } = await migrated()
        const pragmas = await within(database, async session => [
          ...(await session.query('pragma journal_mode')),
          ...(await session.query('pragma synchronous')),
          ...(await session.query('pragma busy_timeout')),
        ])
        expect(pragmas.map(row => Object.values(row)[0])).toEqual(['wal', 2, 0])
      })

      it('runs transactions of one handle in the order they were asked for, whichever store asked', async () => {
        const { handle, database } = await migrated()
        const other = sqliteDatabase(handle, { expected: 1 })
        const order: number[] = []
        const all = Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? database : other).transaction(async () => {
            await sleep(20 - index)
            order.push(index)
            if (index % 5 === 0) throw new Error('no')
          }),
        )
        await Promise.allSettled(all)
        expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index))
      })

      it('waits for another handle to let go of the file, and leaves the event loop free', async () => {
        const { path, database } = await migrated()
        const patient = sqliteDatabase(opened(path), { expected: 1, maxWait: 10 })
        let ticks = 0
        const ticking = setInterval(() => ticks++, 5)
        onTestFinished(() => clearInterval(ticking))
        let waiting: Promise<unknown> | undefined
        await within(database, async session => {
          await session.execute(insert, ['a'])
          waiting = add(patient, 'b')
          await sleep(150)
        })
        expect(await waiting).toBe(1)
        expect(ticks).toBeGreaterThan(10)
        expect(await counted(database)).toBe(2)
      })

      it('gives up when the file is held for too long', async () => {
        const { path, database } = await migrated()
        const other = sqliteDatabase(opened(path), { expected: 1, maxWait: 0.05 })
        await within(database, async () => {
          expect(await codeOf(add(other, 'b'))).toBe('store_busy')
        })
        expect(await codeOf(add(other, 'b'))).toBe('nothing thrown')
      })

      it('is full at the page limit, keeps what was there and goes on when there is room', async () => {
        const { handle, database } = await migrated()
        await add(database, 'before')
        handle.exec('pragma max_page_count = 8')
        const work = within(database, async session => {
          await session.execute(insert, ['small'])
          await session.execute(insert, ['large'.repeat(20_000)]).catch(() => undefined)
          // SQLite rolled back by itself: this would be kept on its own.
          await session.execute(insert, ['small']).catch(() => undefined)
        })
        expect(await codeOf(work)).toBe('store_full')
        expect(await codeOf(add(database, 'large'.repeat(20_000)))).toBe('store_full')
        expect(await counted(database)).toBe(1)
        handle.exec('pragma max_page_count = 100000')
        await add(database, 'large'.repeat(20_000))
        expect(await counted(database)).toBe(2)
      })

      it('says that a file is no database', async () => {
        const path = temporaryFile()
        writeFileSync(path, 'not a database '.repeat(1000))
        const error = await counted(sqliteDatabase(opened(path), { expected: 1 })).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code: 'store_failed', actual: 'NOTADB' })
      })

      it('fails when the handle is closed', async () => {
        const handle = make(temporaryFile())
        const database = sqliteDatabase(handle, { expected: 1 })
        await database.migrate(tables)
        handle.close()
        expect(await codeOf(counted(database))).toBe('store_failed')
      })

      it('does not end a transaction that somebody else began on the handle', async () => {
        const { handle, database } = await migrated()
        handle.exec('begin')
        handle.exec("insert into kept (words) values ('theirs')")
        expect(await codeOf(add(database, 'ours'))).toBe('store_failed')
        handle.exec('commit')
        expect(await counted(database)).toBe(1)
      })

      it('notices a changed table though the statement was prepared before', async () => {
        const { handle, database } = await migrated()
        await add(database, 'a')
        const read = () => within(database, session => session.query('select * from kept'))
        expect(await read()).toEqual([{ words: 'a' }])
        handle.exec('alter table kept add column more integer')
        expect(await read()).toEqual([{ words: 'a', more: null }])
      })

      it('goes on with a statement that failed before', async () => {
        const { handle, database } = await migrated()
        handle.exec('create unique index one on kept (words)')
        await add(database, 'a')
        expect(await codeOf(add(database, 'a'))).toBe('store_failed')
        expect(await codeOf(add(database, 'b'))).toBe('nothing thrown')
      })

      it('keeps 200 statements prepared, and prepares the others again', async () => {
        const { handle } = await migrated(':memory:')
        const { database, prepared } = counting(handle)
        const ask = async (count: number) => {
          const before = prepared()
          const all = await within(database, session =>
            Promise.all(Array.from({ length: count }, (_, index) => session.query(`select ${index} as n`))),
          )
          expect(all.map(([row]) => row?.['n'])).toEqual(Array.from({ length: count }, (_, index) => index))
          return prepared() - before
        }
        await counted(database)
        expect([await ask(200), await ask(200), await ask(600), await ask(600)]).toEqual([200, 0, 400, 600])
      })

      it('prepares a statement again that failed', async () => {
        const { handle } = await migrated(':memory:')
        const { database, prepared } = counting(handle)
        handle.exec('create unique index one on kept (words)')
        await add(database, 'a')
        const before = prepared()
        await add(database, 'b')
        expect(prepared() - before).toBe(0)
        expect(await codeOf(add(database, 'a'))).toBe('store_failed')
        await add(database, 'c')
        expect(prepared() - before).toBe(1)
      })
    },
  )

describe('a driver that fails at the commit', () => {
  /** A handle over memory whose commits fail as told, `times` times. */
  async function failing(code: string, times: number) {
    const handle = likeBetterSqlite3(':memory:')
    onTestFinished(() => handle.close())
    let left = 0
    let tries = 0
    const wrapped: SqliteHandle = {
      prepare: sql => handle.prepare(sql),
      exec(sql) {
        if (sql === 'commit') tries++
        if (sql === 'commit' && left-- > 0) throw Object.assign(new Error('secret'), { code })
        return handle.exec(sql)
      },
    }
    const database = sqliteDatabase(wrapped, { expected: 1, maxWait: 0.05 })
    await database.migrate(tables)
    left = times
    tries = 0
    return { database, tries: () => tries }
  }

  it('commits again when readers were in the way', async () => {
    const { database, tries } = await failing('SQLITE_BUSY', 3)
    let runs = 0
    await within(database, async session => {
      runs++
      await session.execute(insert, ['a'])
    })
    expect([runs, tries()]).toEqual([1, 4])
    expect(await counted(database)).toBe(1)
  })

  it('gives up and undoes everything when they stay', async () => {
    const { database } = await failing('SQLITE_BUSY', 100_000)
    expect(await codeOf(add(database, 'a'))).toBe('store_busy')
  })

  it.each([
    ['SQLITE_FULL', 'store_full'],
    ['SQLITE_IOERR_FSYNC', 'store_commit_unknown'],
    ['SQLITE_CORRUPT_VTAB', 'store_failed'],
    ['SQLITE_READONLY', 'store_failed'],
    ['ERR_SOMETHING', 'store_failed'],
  ])('says of %s: %s', async (code, expected) => {
    const { database } = await failing(code, 1)
    expect(await codeOf(add(database, 'a'))).toBe(expected)
    expect(await counted(database)).toBe(0)
    await add(database, 'b')
    expect(await counted(database)).toBe(1)
  })

  it('rolls back once more what could not be rolled back', async () => {
    const handle = likeBetterSqlite3(':memory:')
    onTestFinished(() => handle.close())
    let left = 0
    const wrapped: SqliteHandle = {
      prepare: sql => handle.prepare(sql),
      exec(sql) {
        if (sql === 'rollback' && left-- > 0) throw Object.assign(new Error('secret'), { code: 'SQLITE_IOERR' })
        return handle.exec(sql)
      },
    }
    const database = sqliteDatabase(wrapped, { expected: 1 })
    await database.migrate(tables)
    left = 1
    const work = within(database, async session => {
      await session.execute(insert, ['a'])
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    await add(database, 'b')
    expect(await counted(database)).toBe(1)
  })
})

describe('options', () => {
  it.each([undefined, null, 'vidimus.db', {}, { prepare() {} }, new Pool()])('refuse %s as a handle', handle => {
    const message = '`database` must be a handle of libsql, better-sqlite3 or node:sqlite'
    expect(() => sqliteStore(handle as never)).toThrow(new TypeError(message))
  })

  it.each([undefined, null, 'postgres://localhost', { connect() {} }, libsql(':memory:')])(
    'refuse %s as a pool',
    pool => {
      expect(() => postgresStore(pool as never)).toThrow(new TypeError('`pool` must be a `Pool` of pg'))
    },
  )

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuse %s seconds', maxWait => {
    expect(() => sqliteDatabase(libsql(':memory:'), { expected: 1, maxWait })).toThrow(RangeError)
  })
})
