/** SQLite when things go wrong: values that end a process, a storm of writers, a full disk, a killed writer. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { VidimusError } from '../../../src/errors.js'
import type { Migration, SqlDatabase } from '../../../src/store/sql/database.js'
import { sqliteDatabase } from '../../../src/store/sql/sqlite.js'
import { libsql, temporaryFile } from '../sql/databases.js'
import { bundled, ended, requireHere, start } from './child.js'

const tables: readonly Migration[] = [
  {
    version: 1,
    statements: {
      sqlite: [
        'create table counter (id integer primary key, number integer not null) strict',
        'insert into counter values (1, 0)',
        'create table kept (id integer primary key, words text) strict',
      ],
      postgres: [],
    },
  },
]

function opened(path: string): SqlDatabase {
  const handle = libsql(path)
  onTestFinished(() => handle.close())
  return sqliteDatabase(handle, { expected: 1 })
}

const read = async (database: SqlDatabase, sql: string): Promise<readonly unknown[]> => {
  const rows = await database.transaction(transaction => database.session(transaction).query(sql))
  return rows.map(row => Object.values(row)[0])
}

const add = (database: SqlDatabase, words: string) =>
  database.transaction(transaction =>
    database.session(transaction).execute('insert into kept (words) values ($1)', [words]),
  )

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof VidimusError ? error.code : error),
  )

const prelude = `
import { sqliteDatabase } from '../../../src/store/sql/sqlite.ts'
${requireHere}
const Database = require('libsql')
`

describe('values that end the process of libsql', () => {
  const lethal = ['true', 'new Date()', '{ a: { b: 1 } }', 'new Uint16Array(2)', 'Object(1)', 'Symbol("x")', '() => 1']

  it('are lethal without the guard', async () => {
    const program = await bundled(`${prelude}
      new Database(':memory:').prepare('select ? as a').all(true)
    `)
    const { code, signal } = await ended(start(program))
    expect(code === 0 && signal === null).toBe(false)
  })

  it('are refused, and the process lives on', async () => {
    const program = await bundled(`${prelude}
      const database = sqliteDatabase(new Database(':memory:'), { expected: 0 })
      await database.migrate([])
      for (const value of [${lethal.join(', ')}])
        await database
          .transaction(transaction => database.session(transaction).query('select $1 as a', [value as never]))
          .catch(error => console.log(error.code))
      const rows = await database.transaction(transaction =>
        database.session(transaction).query('select $1 as a', [new Uint8Array(3)]))
      console.log(rows[0].a.length)
    `)
    const { code, lines } = await ended(start(program))
    expect(lines).toEqual([...lethal.map(() => 'store_value_unsupported'), '3'])
    expect(code).toBe(0)
  })
})

describe('a storm of writers on one file', () => {
  it('loses no increment of four processes and lets each of them through', { timeout: 60_000 }, async () => {
    const path = temporaryFile()
    const database = opened(path)
    await database.migrate(tables)
    const program = await bundled(`${prelude}
      const database = sqliteDatabase(new Database(process.argv[2]), { expected: 1 })
      let longest = 0
      const codes = new Set()
      await Promise.all(Array.from({ length: 150 }, async () => {
        await database.transaction(async transaction => {
          const session = database.session(transaction)
          const [row] = await session.query('select number from counter where id = 1')
          await session.execute('update counter set number = $1 where id = 1', [row.number + 1])
        }).catch(error => codes.add(error.code))
      }))
      console.log([...codes].join())
    `)
    const all = await Promise.all(Array.from({ length: 4 }, () => ended(start(program, [path]))))
    expect(all.map(({ code, lines }) => [code, lines])).toEqual(all.map(() => [0, []]))
    expect(await read(database, 'select number from counter')).toEqual([600])
  })
})

describe('a writer that is killed', () => {
  it('leaves every acknowledged write and nothing half-done', { timeout: 60_000 }, async () => {
    const path = temporaryFile()
    const database = opened(path)
    await database.migrate(tables)
    const program = await bundled(`${prelude}
      const database = sqliteDatabase(new Database(process.argv[2]), { expected: 1 })
      for (;;) {
        const number = await database.transaction(async transaction => {
          const session = database.session(transaction)
          await session.execute('update counter set number = number + 1 where id = 1')
          const [row] = await session.query('select number from counter where id = 1')
          await session.execute('insert into kept (id) values ($1)', [row.number])
          return row.number
        })
        process.stdout.write(number + '\\n')
      }
    `)
    for (let round = 0; round < 10; round++) {
      const child = start(program, [path])
      const result = ended(child)
      setTimeout(() => child.kill('SIGKILL'), 150 + Math.random() * 100)
      const { lines, signal } = await result
      expect(signal).toBe('SIGKILL')
      const [number] = (await read(database, 'select number from counter')) as [number]
      const acknowledged = Number(lines.at(-1) ?? 0)
      expect(number).toBeGreaterThanOrEqual(acknowledged)
      expect(await read(database, 'select count(*) from kept')).toEqual([number])
      expect(await read(database, 'select max(id) from kept where id <= (select number from counter)')).toEqual([
        number === 0 ? null : number,
      ])
    }
    expect((await read(database, 'select number from counter'))[0]).toBeGreaterThan(0)
    expect(await read(database, 'pragma integrity_check')).toEqual(['ok'])
  })
})

/** A mounted file system of one megabyte; nothing where none can be mounted. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'vidimus-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmdirSync(folder)
    return undefined
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder])
    rmdirSync(folder)
  })
  return folder
}

describe('a full disk', () => {
  it('keeps what was acknowledged, says so, and is usable when there is room', async ({ skip }) => {
    const disk = smallDisk()
    if (disk === undefined) return skip('no file system can be mounted here; the page limit is tested in ../sql')
    const database = opened(join(disk, 'store.db'))
    await database.migrate(tables)
    let acknowledged = 0
    let code: unknown = 'nothing thrown'
    for (; code === 'nothing thrown' && acknowledged < 2000; acknowledged++)
      code = await codeOf(add(database, 'words'.repeat(1000)))
    acknowledged--
    expect(code).toBe('store_full')
    expect(await codeOf(add(database, 'words'.repeat(1000)))).toBe('store_full')
    expect(await read(database, 'select count(*) from kept')).toEqual([acknowledged])
    execFileSync('mount', ['-o', 'remount,size=8m', disk])
    expect(await codeOf(add(database, 'words'.repeat(1000)))).toBe('nothing thrown')
    expect(await read(database, 'select count(*) from kept')).toEqual([acknowledged + 1])
    expect(await read(database, 'pragma integrity_check')).toEqual(['ok'])
  })
})
