/** PostgreSQL when things go wrong: connections that break, deadlocks, a pool or a server without room, a crash. */
import { execFileSync } from 'node:child_process'
import { Pool, type PoolConfig, types } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { VidimusError } from '../../../src/errors.js'
import type { Migration, SqlDatabase, SqlSession } from '../../../src/store/sql/database.js'
import { type PostgresPool, postgresDatabase } from '../../../src/store/sql/postgres.js'
import { databaseUrl, emptySchema, noPostgres, pool } from '../sql/databases.js'
import { proxyTo } from './proxy.js'

const tables: readonly Migration[] = [
  {
    version: 1,
    statements: { sqlite: [], postgres: ['create table kept (id bigint primary key, number bigint, words text)'] },
  },
]

const within = <T>(database: SqlDatabase, work: (session: SqlSession) => Promise<T>): Promise<T> =>
  database.transaction(transaction => work(database.session(transaction)))

const add = (database: SqlDatabase, id: number) =>
  within(database, session => session.execute('insert into kept (id, number) values ($1, 0)', [id]))

const ids = async (database: SqlDatabase): Promise<readonly unknown[]> =>
  (await within(database, session => session.query('select id from kept order by id'))).map(row => row['id'])

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof VidimusError ? error.code : error),
  )

const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** A promise and the function that keeps it. */
function signal() {
  let give: () => void = () => undefined
  const given = new Promise<void>(resolve => {
    give = resolve
  })
  return { give, given }
}

const bin = process.env['VIDIMUS_PG_BIN']
const folder = process.env['VIDIMUS_PG_DATA']
const user = process.env['VIDIMUS_PG_USER'] ?? ''

function restart(): void {
  const command = [`${bin}/pg_ctl`, '-D', `${folder}`, '-m', 'immediate', '-w', '-l', `${folder}/../log`, 'restart']
  const [program, ...rest] = user === '' ? command : ['runuser', '-u', user, '--', ...command]
  execFileSync(program!, rest, { stdio: 'ignore', cwd: '/' })
}

describe.skipIf(databaseUrl === undefined)(
  databaseUrl === undefined ? `PostgreSQL under faults (${noPostgres})` : 'PostgreSQL under faults',
  () => {
    async function migrated(settings: PoolConfig = {}) {
      const schema = await emptySchema()
      const own = pool({ ...schema, ...settings })
      const database = postgresDatabase(own, { expected: 1 })
      await database.migrate(tables)
      return { schema, own, database }
    }

    /** One database over a way that breaks, and the same over one that does not. */
    async function broken() {
      const { hostname, port } = new URL(databaseUrl!)
      const proxy = await proxyTo(hostname, Number(port))
      const { schema, database: sound } = await migrated()
      const url = databaseUrl!.replace(`:${port}`, `:${proxy.port}`)
      const database = postgresDatabase(pool({ ...schema, connectionString: url }), { expected: 1 })
      await add(database, 0)
      return { proxy, sound, database }
    }

    describe('a connection that breaks', () => {
      it.each(['before the request', 'before the answer'] as const)(
        'at a statement, %s: nothing is written, and the next transaction succeeds',
        async when => {
          const { proxy, sound, database } = await broken()
          proxy.cutAt('select 2', when)
          const work = within(database, async session => {
            await session.execute('insert into kept (id) values (1)')
            await session.query('select 2')
          })
          expect(await codeOf(work)).toBe('store_unreachable')
          expect(await ids(sound)).toEqual([0])
          proxy.cutAt('', 'never')
          expect(await codeOf(add(database, 2))).toBe('nothing thrown')
          expect(await ids(sound)).toEqual([0, 2])
        },
      )

      it('between two statements: nothing is written', async () => {
        const { proxy, sound, database } = await broken()
        const work = within(database, async session => {
          await session.execute('insert into kept (id) values (1)')
          proxy.cut()
          await sleep(20)
          await session.query('select 2')
        })
        expect(await codeOf(work)).toBe('store_unreachable')
        expect(await ids(sound)).toEqual([0])
      })

      it.each([
        ['before the request', [0]],
        ['before the answer', [0, 1]],
      ] as const)(
        'at the commit, %s: nobody knows, and it is done completely or not at all',
        async (when, expected) => {
          const { proxy, sound, database } = await broken()
          proxy.cutAt('commit\0', when)
          expect(await codeOf(add(database, 1))).toBe('store_commit_unknown')
          await sleep(50)
          expect(await ids(sound)).toEqual(expected)
          proxy.cutAt('', 'never')
          expect(await codeOf(add(database, 2))).toBe('nothing thrown')
        },
      )

      it('before the commit, without another statement: nobody knows', async () => {
        const { proxy, sound, database } = await broken()
        const work = within(database, async session => {
          await session.execute('insert into kept (id) values (1)')
          proxy.cut()
          await sleep(20)
        })
        expect(await codeOf(work)).toBe('store_commit_unknown')
        expect(await ids(sound)).toEqual([0])
      })

      it('while nobody uses it does not end the process', async () => {
        const { proxy, sound, database } = await broken()
        proxy.cut()
        await sleep(50)
        expect(await codeOf(add(database, 1))).toBe('nothing thrown')
        expect(await ids(sound)).toEqual([0, 1])
      })

      it('is an error of the caller’s own when the work makes it one', async () => {
        const { proxy, database } = await broken()
        const reason = new Error('mine')
        const work = within(database, async session => {
          proxy.cut()
          await session.query('select 2').catch(() => undefined)
          throw reason
        })
        await expect(work).rejects.toBe(reason)
        expect(await codeOf(add(database, 1))).toBe('nothing thrown')
      })
    })

    describe('a server that ends a connection', () => {
      it('in the middle of a transaction: nothing is written', async () => {
        const { own, database } = await migrated()
        const work = within(database, async session => {
          await session.execute('insert into kept (id) values (1)')
          const [row] = await session.query('select pg_backend_pid() as pid')
          await own.query('select pg_terminate_backend($1)', [row?.['pid']])
          await sleep(50)
          await session.query('select 2')
        })
        expect(await codeOf(work)).toBe('store_unreachable')
        expect(await ids(database)).toEqual([])
        expect(await codeOf(add(database, 2))).toBe('nothing thrown')
      })

      it('while a statement runs: nothing is written', async () => {
        const { own, database } = await migrated()
        const work = within(database, async session => {
          await session.execute('insert into kept (id) values (1)')
          const [row] = await session.query('select pg_backend_pid() as pid')
          setTimeout(() => own.query('select pg_terminate_backend($1)', [row?.['pid']]), 50)
          await session.query('select pg_sleep(5)')
        })
        expect(await codeOf(work)).toBe('store_unreachable')
        expect(await ids(database)).toEqual([])
      })
    })

    describe('transactions in the way of each other', () => {
      it('both succeed after a deadlock', { timeout: 30_000 }, async () => {
        const { database } = await migrated()
        await add(database, 1)
        await add(database, 2)
        const first = signal()
        const second = signal()
        let runs = 0
        const cross = (from: number, to: number, mine: () => void, other: Promise<void>) =>
          within(database, async session => {
            runs++
            await session.execute('update kept set number = number + 1 where id = $1', [from])
            mine()
            await other
            await session.execute('update kept set number = number + 1 where id = $1', [to])
          })
        await Promise.all([cross(1, 2, first.give, second.given), cross(2, 1, second.give, first.given)])
        expect(runs).toBe(3)
        const rows = await within(database, session => session.query('select number from kept'))
        expect(rows).toEqual([{ number: 2 }, { number: 2 }])
      })

      it('runs again what gave way though the work made light of it', { timeout: 30_000 }, async () => {
        const { database } = await migrated()
        let runs = 0
        const result = within(database, async session => {
          await session.execute('insert into kept (id) values ($1)', [runs])
          const fails = `do 'begin raise exception using errcode = ''40001''; end'`
          if (runs++ < 3) await session.execute(fails).catch(() => undefined)
          if (runs === 2) throw new Error('made of the failure')
          return runs
        })
        expect(await result).toBe(4)
        expect(await ids(database)).toEqual([3])
      })

      it('gives up on one that always gives way', async () => {
        const { schema } = await migrated()
        const database = postgresDatabase(pool(schema), { expected: 1, maxWait: 0.1 })
        const fails = `do 'begin raise exception using errcode = ''40P01''; end'`
        expect(await codeOf(within(database, session => session.execute(fails)))).toBe('store_busy')
      })

      it.each(['lock_timeout', 'statement_timeout'])('is busy at a %s', async setting => {
        const { schema, database } = await migrated()
        await add(database, 1)
        const hasty = pool({ options: `${schema.options} -c ${setting}=50` })
        const other = postgresDatabase(hasty, { expected: 1 })
        await within(database, async session => {
          await session.execute('update kept set number = 1')
          expect(await codeOf(within(other, next => next.execute('update kept set number = 2')))).toBe('store_busy')
        })
      })

      it('commits nothing of a transaction that waited for a key which then was taken', async () => {
        const { database } = await migrated()
        const inserted = signal()
        const other = within(database, async session => {
          await session.execute('insert into kept (id) values (1)')
          inserted.give()
          await sleep(50)
        })
        await inserted.given
        const rows = within(database, session =>
          session.query('insert into kept (id) values (1) on conflict do nothing returning id'),
        )
        expect(await rows).toEqual([])
        await other
      })
    })

    describe('room that runs out', () => {
      it('is busy when the pool has no client to give, and goes on when it has', async () => {
        const { schema, database: sound } = await migrated()
        const small = pool({ ...schema, max: 1, connectionTimeoutMillis: 50 })
        const database = postgresDatabase(small, { expected: 1 })
        await within(database, async () => {
          expect(await codeOf(add(database, 1))).toBe('store_busy')
        })
        expect(await codeOf(add(database, 1))).toBe('nothing thrown')
        expect(await ids(sound)).toEqual([1])
      })

      it('runs many more transactions at once than the pool has clients', async () => {
        const { database } = await migrated({ max: 2 })
        await Promise.all(Array.from({ length: 100 }, (_, id) => add(database, id)))
        expect(await ids(database)).toHaveLength(100)
      })

      it('is busy when the server takes no more connections, after it tried again', async () => {
        const { schema, own, database } = await migrated()
        const role = `limited_${process.pid}_${Date.now()}`
        await own.query(`create role ${role} login connection limit 1`)
        const crowd = new Pool({ ...schema, connectionString: databaseUrl!.replace('postgres@', `${role}@`), max: 1 })
        const limited = pool({ ...schema, connectionString: databaseUrl!.replace('postgres@', `${role}@`) })
        onTestFinished(async () => {
          await crowd.end()
          await own.query(`drop role ${role}`)
        })
        const client = await crowd.connect()
        expect(await codeOf(add(postgresDatabase(limited, { expected: 1, maxWait: 0.1 }), 1))).toBe('store_busy')
        client.release()
        await add(database, 2)
      })

      it('is full when the disk of the server is', async () => {
        const { database } = await migrated()
        const fails = `do 'begin raise exception using errcode = ''53100''; end'`
        expect(await codeOf(within(database, session => session.execute(fails)))).toBe('store_full')
        expect(await codeOf(add(database, 1))).toBe('nothing thrown')
      })

      it('is unreachable where nobody listens', async () => {
        const { port } = await proxyTo('127.0.0.1', 1)
        const database = postgresDatabase(pool({ connectionString: `postgresql://x@127.0.0.1:${port}/x` }), {
          expected: 1,
        })
        expect(await codeOf(ids(database))).toBe('store_unreachable')
      })
    })

    describe('errors of a server', () => {
      it.each([
        ['42P01', 'store_not_migrated'],
        ['22021', 'store_value_unsupported'],
        ['22P05', 'store_value_unsupported'],
        ['08006', 'store_unreachable'],
        ['57P01', 'store_unreachable'],
        ['25P03', 'store_unreachable'],
        ['23505', 'store_failed'],
        ['XX000', 'store_failed'],
      ])('%s at a statement is %s', async (state, expected) => {
        const { database } = await migrated()
        const fails = `do 'begin raise exception using errcode = ''${state}''; end'`
        expect(await codeOf(within(database, session => session.execute(fails)))).toBe(expected)
        expect(await codeOf(add(database, 1))).toBe('nothing thrown')
      })

      it('at the commit is what it says when the server goes on: nothing is written', async () => {
        const { database } = await migrated()
        const work = within(database, async session => {
          await session.execute('create table late (id bigint unique deferrable initially deferred)')
          await session.execute('insert into late values (1), (1)')
        })
        await expect(work).rejects.toMatchObject({ code: 'store_failed', actual: '23505' })
        expect(await codeOf(within(database, session => session.query('select * from late')))).toBe(
          'store_not_migrated',
        )
      })

      it('are not taken for a commit when the server undoes instead', async () => {
        const { own, database } = await migrated()
        const deaf: PostgresPool = {
          on: () => undefined,
          async connect() {
            const client = await own.connect()
            return {
              on: () => undefined,
              release: destroy => client.release(destroy),
              query: query => client.query(query.text === 'commit' ? { ...query, text: 'rollback' } : { ...query }),
            }
          },
        }
        expect(await codeOf(add(postgresDatabase(deaf, { expected: 1 }), 1))).toBe('store_failed')
        expect(await ids(database)).toEqual([])
      })
    })

    describe('the host application', () => {
      it('reads types its own way without changing ours', async () => {
        const { database } = await migrated()
        const before = types.getTypeParser(20)
        types.setTypeParser(20, text => `parsed ${text}`)
        onTestFinished(() => types.setTypeParser(20, before))
        const rows = await within(database, session =>
          session.query(`select 7::bigint as a, true as b, sum(x) as c, '\\x00ff'::bytea as d, null as e
                         from (values (1::bigint), (2)) as t(x)`),
        )
        expect(rows).toEqual([{ a: 7, b: 1, c: 3, d: Uint8Array.of(0, 255), e: null }])
      })

      it('may have set another isolation, another form of bytes and read-only by default', async () => {
        const { schema } = await migrated()
        const options = `${schema.options} -c bytea_output=escape -c default_transaction_isolation=serializable -c default_transaction_read_only=on`
        const database = postgresDatabase(pool({ options }), { expected: 1 })
        await add(database, 1)
        const rows = await within(database, session =>
          session.query(`select '\\x00ff'::bytea as bytes, current_setting('transaction_isolation') as isolation`),
        )
        expect(rows).toEqual([{ bytes: Uint8Array.of(0, 255), isolation: 'read committed' }])
      })

      it('may do without names for statements', async () => {
        const { schema, database } = await migrated({ max: 1 })
        const unnamed = postgresDatabase(pool({ ...schema, max: 1 }), { expected: 1, statements: 'unnamed' })
        const prepared = 'select count(*) as count from pg_prepared_statements'
        const first = await within(database, session => session.query(prepared))
        const second = await within(unnamed, session => session.query(prepared))
        expect(first[0]?.['count']).toBeGreaterThan(0)
        expect(second).toEqual([{ count: 0 }])
      })

      it('is told when it names statements neither way', () => {
        const options = { expected: 1, statements: 'sometimes' as 'named' }
        expect(() => postgresDatabase(pool(), options)).toThrow(TypeError)
      })

      it('shares a pool with two stores whose statements have the same names', async () => {
        const { own, database } = await migrated({ max: 1 })
        await add(database, 1)
        await add(postgresDatabase(own, { expected: 1 }), 2)
        expect(await ids(database)).toEqual([1, 2])
      })

      it('changes a table under a prepared statement: the client that knows it from before is not used again', async () => {
        const { schema, database } = await migrated({ max: 1 })
        const read = () => within(database, session => session.query('select * from kept'))
        await read()
        await pool(schema).query('alter table kept add column more bigint')
        expect(await codeOf(read())).toBe('store_failed')
        expect(await codeOf(read())).toBe('nothing thrown')
      })

      it('keeps its client through a refused statement', async () => {
        const { database } = await migrated({ max: 1 })
        const pid = () => within(database, session => session.query('select pg_backend_pid() as pid'))
        const before = await pid()
        await add(database, 1)
        expect(await codeOf(add(database, 1))).toBe('store_failed')
        expect(await pid()).toEqual(before)
      })

      it('gets a bounded number of prepared statements', async () => {
        const { database } = await migrated({ max: 1 })
        const rows = await within(database, async session => {
          for (let index = 0; index < 400; index++) await session.query(`select ${index} as n`)
          return session.query('select count(*) as count from pg_prepared_statements')
        })
        expect(rows[0]?.['count']).toBeLessThanOrEqual(250)
      })
    })

    describe.skipIf(bin === undefined || folder === undefined)('a server that crashes', () => {
      it('keeps what it acknowledged and is used again', { timeout: 60_000 }, async () => {
        const { database } = await migrated()
        await add(database, 1)
        const work = within(database, async session => {
          await session.execute('insert into kept (id) values (2)')
          restart()
          await sleep(50)
          await session.query('select 2')
        })
        expect(await codeOf(work)).toBe('store_unreachable')
        expect(await codeOf(add(database, 3))).toBe('nothing thrown')
        expect(await ids(database)).toEqual([1, 3])
      })

      it('loses no acknowledged write of many, and has all or nothing of the others', { timeout: 60_000 }, async () => {
        const { database } = await migrated()
        const acknowledged: number[] = []
        const refused: number[] = []
        const codes = new Set<unknown>()
        const writers = Array.from({ length: 8 }, async (_, writer) => {
          for (let round = 0; round < 150; round++) {
            const id = 2 * (writer * 150 + round)
            const work = within(database, async session => {
              await session.execute('insert into kept (id) values ($1)', [id])
              await session.execute('insert into kept (id) values ($1)', [id + 1])
            })
            const code = await codeOf(work)
            codes.add(code)
            if (code === 'nothing thrown') acknowledged.push(id)
            else if (code !== 'store_commit_unknown') refused.push(id)
          }
        })
        await sleep(100)
        restart()
        await Promise.all(writers)
        const found = new Set(await ids(database))
        expect(acknowledged.filter(id => !found.has(id) || !found.has(id + 1))).toEqual([])
        expect(refused.filter(id => found.has(id) || found.has(id + 1))).toEqual([])
        expect([...found].filter(id => !found.has((id as number) ^ 1))).toEqual([])
        for (const code of codes)
          expect(['nothing thrown', 'store_unreachable', 'store_commit_unknown']).toContain(code)
      })
    })
  },
)
