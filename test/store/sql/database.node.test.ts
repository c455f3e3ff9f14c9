/** What every SQL database does alike: values, transactions, migrations. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VidimusError } from '../../../src/errors.js'
import type { Migration, SqlDatabase, SqlSession, SqlValue } from '../../../src/store/sql/database.js'
import { kinds, titleOf } from './databases.js'

const tables: readonly Migration[] = [
  {
    version: 1,
    statements: {
      sqlite: ['create table kept (id integer primary key, words text, bytes blob, number integer) strict'],
      postgres: ['create table kept (id bigint primary key, words text, bytes bytea, number bigint)'],
    },
  },
]

const withMore: readonly Migration[] = [
  ...tables,
  {
    version: 2,
    statements: { sqlite: ['create table more (id integer) strict'], postgres: ['create table more (id bigint)'] },
  },
]

const insert = 'insert into kept (id, words, bytes, number) values ($1, $2, $3, $4)'
const count = 'select count(*) as count from kept'

const within = <T>(database: SqlDatabase, work: (session: SqlSession) => Promise<T>): Promise<T> =>
  database.transaction(transaction => work(database.session(transaction)))

const counted = async (database: SqlDatabase): Promise<unknown> =>
  (await within(database, session => session.query(count)))[0]?.['count']

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof VidimusError ? error.code : error),
  )

const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

const part = Uint8Array.of(9, 9, 1, 2, 9).subarray(2, 4)
const moved = new Uint8Array(4)
structuredClone(moved, { transfer: [moved.buffer] })

const unsupported: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['a boolean', true],
  ['a date', new Date(0)],
  ['an object', {}],
  ['a list', [1]],
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['a bigint', 1n],
  ['a number object', Object(1)],
  ['a text object', Object('x')],
  ['an ArrayBuffer', new ArrayBuffer(2)],
  ['a DataView', new DataView(new ArrayBuffer(2))],
  ['a typed array of another kind', new Uint16Array(2)],
  ['clamped bytes', new Uint8ClampedArray(2)],
  ['something that inherits from bytes', Object.create(Uint8Array.prototype)],
  ['bytes that were moved elsewhere', moved],
  ['minus zero', -0],
  ['not a number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a fraction', 0.5],
  ['an integer beyond 2^53', 2 ** 53],
  ['an integer below -2^53', -(2 ** 53)],
  ['text with a zero character', 'a\0b'],
  ['half a character', 'a\ud800b'],
]

const kept: readonly (readonly [string, SqlValue, SqlValue])[] = [
  ['null', null, null],
  ['empty text', '', ''],
  ['text of every plane', 'Ё é \u{1d11e} \ufeff \u{10ffff} \x01', 'Ё é \u{1d11e} \ufeff \u{10ffff} \x01'],
  ['text with quotes and placeholders', `'; drop table kept; -- $1 ? :a @b "`, `'; drop table kept; -- $1 ? :a @b "`],
  ['zero', 0, 0],
  ['the greatest integer', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ['the least integer', Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  ['no bytes', new Uint8Array(), new Uint8Array()],
  ['bytes', Uint8Array.of(0, 255, 92, 0), Uint8Array.of(0, 255, 92, 0)],
  ['part of larger bytes', part, Uint8Array.of(1, 2)],
  ['a Buffer', Buffer.from([1, 2]), Uint8Array.of(1, 2)],
  ['shared bytes', new Uint8Array(new SharedArrayBuffer(2)), new Uint8Array(2)],
]

const columnOf = (value: SqlValue): string =>
  typeof value === 'number' ? 'number' : typeof value === 'string' ? 'words' : 'bytes'

for (const kind of kinds)
  describe.skipIf(kind.missing !== undefined)(titleOf(kind), () => {
    async function migrated(): Promise<Awaited<ReturnType<typeof kind.open>>> {
      const opened = await kind.open()
      await opened.database.migrate(tables)
      return opened
    }

    describe('values', () => {
      it.each(kept)('keeps %s', async (_, value, expected) => {
        const { database } = await migrated()
        const column = columnOf(value)
        const read = await within(database, async session => {
          await session.execute(`insert into kept (id, ${column}) values (1, $1)`, [value])
          return session.query(`select ${column} as value from kept`)
        })
        expect(read).toEqual([{ value: expected }])
        const [{ value: back } = {}] = read
        if (back instanceof Uint8Array) expect(Object.getPrototypeOf(back)).toBe(Uint8Array.prototype)
        if (back instanceof Uint8Array) expect(back.buffer.byteLength).toBe(back.byteLength)
      })

      it.each(unsupported)('refuses %s before the driver sees it', async (_, value) => {
        const { database } = await migrated()
        const values = [1, value] as readonly SqlValue[]
        const error = await within(database, session =>
          session.execute('insert into kept (id, words) values ($1, $2)', values),
        ).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code: 'store_value_unsupported', at: '$2' })
        expect(await counted(database)).toBe(0)
      })

      it('keeps whatever text, integers and bytes there are', async () => {
        const { database } = await migrated()
        const text = fc.string({ unit: 'binary' }).filter(value => !value.includes('\0'))
        let id = 0
        await fc.assert(
          fc.asyncProperty(text, fc.maxSafeInteger(), fc.uint8Array(), async (words, number, bytes) => {
            const values = [++id, words, bytes, number + 0]
            const rows = await within(database, async session => {
              await session.execute(insert, values)
              return session.query('select words, bytes, number from kept where id = $1', [id])
            })
            expect(rows).toEqual([{ words, bytes, number: number + 0 }])
          }),
          { seed: 5, numRuns: 50 },
        )
      })

      it('takes the values as they were when the statement was asked for', async () => {
        const { database } = await migrated()
        const bytes = Uint8Array.of(1)
        const rows = await within(database, async session => {
          const asked = session.execute(insert, [1, null, bytes, null])
          bytes[0] = 2
          await asked
          return session.query('select bytes from kept')
        })
        expect(rows).toEqual([{ bytes: Uint8Array.of(1) }])
      })

      it('binds a repeated placeholder at each of its places, and none within quotes', async () => {
        const { database } = await migrated()
        const sql = `select cast($2 as text) as a, cast($1 as text) as b, '$1' as c, cast($2 as text) as "d$1" order by 1`
        const rows = await within(database, session => session.query(sql, ['first', 'second']))
        expect(rows).toEqual([{ a: 'second', b: 'first', c: '$1', d$1: 'second' }])
      })

      it.each([
        ['too few', [1]],
        ['too many', [1, 2, 3]],
      ])('takes %s values for a mistake of the caller', async (_, values) => {
        const { database } = await migrated()
        const work = within(database, session => session.query('select cast($1 as text), cast($2 as text)', values))
        await expect(work).rejects.toThrow(TypeError)
      })

      it('binds integers as integers', async () => {
        const { database } = await migrated()
        const rows = await within(database, async session => {
          await session.execute(insert, [1, null, null, 7])
          return session.query('select number / $1 as half from kept limit $2', [2, 1])
        })
        expect(rows).toEqual([{ half: 3 }])
      })

      it.each(['9007199254740992', '-9007199254740992', '9223372036854775807', '1.5'])(
        'does not round %s, which somebody else wrote',
        async written => {
          const { database } = await migrated()
          const work = within(database, session => session.query(`select ${written} as odd`))
          await expect(work).rejects.toMatchObject({ code: 'store_failed', at: 'odd' })
        },
      )

      it('says how many rows a statement changed', async () => {
        const { database } = await migrated()
        const changed = await within(database, async session => [
          await session.execute(insert, [1, 'a', null, null]),
          await session.execute(insert, [2, 'a', null, null]),
          await session.execute('update kept set number = $1 where words = $2', [1, 'a']),
          await session.execute('update kept set number = $1 where words = $2', [1, 'b']),
        ])
        expect(changed).toEqual([1, 1, 2, 0])
        const rows = await within(database, session =>
          session.query('update kept set number = number + 1 where id = $1 returning number', [1]),
        )
        expect(rows).toEqual([{ number: 2 }])
      })
    })

    describe('transactions', () => {
      it('commits what the work wrote and gives its result', async () => {
        const { database, again } = await migrated()
        const result = await within(database, async session => {
          await session.execute(insert, [1, 'a', null, null])
          return 'done'
        })
        expect(result).toBe('done')
        expect(await counted(again())).toBe(1)
      })

      it('undoes what the work wrote when it throws, and throws the same', async () => {
        const { database } = await migrated()
        const reason = new Error('no')
        const work = within(database, async session => {
          await session.execute(insert, [1, 'a', null, null])
          throw reason
        })
        await expect(work).rejects.toBe(reason)
        expect(await counted(database)).toBe(0)
      })

      it('undoes everything when the work throws before its first await', async () => {
        const { database } = await migrated()
        const work = database.transaction(() => {
          throw new RangeError('no')
        })
        await expect(work).rejects.toThrow(RangeError)
        expect(await counted(database)).toBe(0)
      })

      it('commits nothing of a transaction in which a statement failed, whatever the work made of it', async () => {
        const { database } = await migrated()
        const work = within(database, async session => {
          await session.execute(insert, [1, 'a', null, null])
          await session.execute(insert, [1, 'b', null, null]).catch(() => undefined)
          await session.execute(insert, [2, 'c', null, null]).catch(() => undefined)
        })
        expect(await codeOf(work)).toBe('store_failed')
        expect(await counted(database)).toBe(0)
      })

      it('commits nothing after a refused value either', async () => {
        const { database } = await migrated()
        const work = within(database, async session => {
          await session.execute(insert, [1, 'a', null, null])
          await session.execute(insert, [2, 'a\0b', null, null]).catch(() => undefined)
        })
        expect(await codeOf(work)).toBe('store_value_unsupported')
        expect(await counted(database)).toBe(0)
      })

      it('lets through what the work throws after a statement failed', async () => {
        const { database } = await migrated()
        const reason = new Error('mine')
        const work = within(database, async session => {
          await session.execute('insert into kept (id) values (null)').catch(() => undefined)
          throw reason
        })
        await expect(work).rejects.toBe(reason)
        expect(await counted(database)).toBe(0)
      })

      it('runs statements asked for at once in their order, to the end', async () => {
        const { database } = await migrated()
        const rows = await within(database, async session => {
          const numbers = Array.from({ length: 50 }, (_, index) => index)
          await Promise.all(numbers.map(index => session.execute(insert, [index, 'a', null, null])))
          const changes = numbers.map(index => session.execute('update kept set number = $1', [index]))
          const last = session.query('select distinct number from kept')
          await Promise.all(changes)
          return last
        })
        expect(rows).toEqual([{ number: 49 }])
      })

      it('commits statements that the work did not wait for', async () => {
        const { database } = await migrated()
        await within(database, async session => {
          void session.execute(insert, [1, 'a', null, null])
          void session.execute(insert, [2, 'a', null, null])
        })
        expect(await counted(database)).toBe(2)
      })

      it('throws for a statement that failed though the work did not wait for it', async () => {
        const { database } = await migrated()
        const work = within(database, async session => {
          void session.execute(insert, [1, 'a', null, null])
          session.execute(insert, [1, 'b', null, null]).catch(() => undefined)
        })
        expect(await codeOf(work)).toBe('store_failed')
        expect(await counted(database)).toBe(0)
      })

      it('refuses the session of a transaction that is over', async () => {
        const { database } = await migrated()
        const [transaction, session] = await database.transaction(async open => [open, database.session(open)] as const)
        expect(() => database.session(transaction)).toThrow(TypeError)
        await expect(session.query(count)).rejects.toThrow(TypeError)
        await expect(session.execute(insert, [1, 'a', null, null])).rejects.toThrow(TypeError)
        expect(await counted(database)).toBe(0)
      })

      it('refuses the session of a transaction that failed', async () => {
        const { database } = await migrated()
        let late: SqlSession | undefined
        const work = database.transaction(async transaction => {
          late = database.session(transaction)
          throw new Error('no')
        })
        await expect(work).rejects.toThrow('no')
        await expect(late?.query(count)).rejects.toThrow(TypeError)
      })

      it("refuses another store's transaction", async () => {
        const { database, again } = await migrated()
        const other = again()
        const work = database.transaction(async transaction => other.session(transaction))
        await expect(work).rejects.toThrow('`transaction` must be open')
        expect(() => database.session({})).toThrow(TypeError)
      })

      it('loses none of many increments made at once', async () => {
        const { database, again } = await migrated()
        const others = [database, again(), again()]
        await within(database, session => session.execute(insert, [1, null, null, 0]))
        const increment = (session: SqlSession) => session.execute('update kept set number = number + 1 where id = 1')
        await Promise.all(Array.from({ length: 60 }, (_, index) => within(others[index % 3]!, increment)))
        const rows = await within(database, session => session.query('select number from kept'))
        expect(rows).toEqual([{ number: 60 }])
      })

      it('shows nothing that another transaction did not commit', async () => {
        const { database, again } = await migrated()
        const other = again()
        let seen: unknown
        let reading: Promise<unknown> | undefined
        await within(database, async session => {
          await session.execute(insert, [1, 'a', null, null])
          reading = counted(other).then(value => (seen = value))
          // PostgreSQL shows what was before, SQLite makes the reader wait.
          await (kind.name === 'PostgreSQL' ? reading : sleep(50))
        })
        expect(seen).toBe(kind.name === 'PostgreSQL' ? 0 : undefined)
        expect(await reading).toBe(kind.name === 'PostgreSQL' ? 0 : 1)
      })

      it('tells nothing that the driver said', async () => {
        const { database } = await migrated()
        const secret = 'Specimen'
        const failing = [
          () =>
            within(database, async session => {
              await session.execute(insert, [1, secret, null, null])
              await session.execute(insert, [1, secret, null, null])
            }),
          () => within(database, session => session.query(`select '${secret}' from nowhere`)),
          () => within(database, session => session.query(`selec '${secret}'`)),
        ]
        for (const work of failing) {
          const error = await work().catch((thrown: unknown) => thrown)
          expect(error).toBeInstanceOf(VidimusError)
          expect((error as Error).cause).toBeUndefined()
          const told = JSON.stringify([error, (error as Error).message, (error as Error).stack?.split('\n')[0]])
          for (const word of [secret, 'nowhere', 'selec', 'UNIQUE', 'unique', 'syntax'])
            expect(told).not.toContain(word)
        }
      })
    })

    describe('migrations', () => {
      it('refuses transactions before the tables are made', async () => {
        const { database } = await kind.open()
        const error = await counted(database).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code: 'store_not_migrated', expected: 1, actual: 0 })
        await database.migrate(tables)
        expect(await counted(database)).toBe(0)
      })

      it('prints each statement before it runs, and nothing when there is nothing to do', async () => {
        const { database } = await kind.open()
        const printed: string[] = []
        await database.migrate(tables, { print: sql => printed.push(sql) })
        expect(printed).toHaveLength(3)
        expect(printed[0]).toContain('create table vidimus_schema')
        expect(printed[1]).toBe(tables[0]!.statements[database.dialect][0])
        expect(printed[2]).toMatch(/^insert into vidimus_schema \(version, applied\) values \(1, '\d{4}-/)
        await database.migrate(tables, { print: sql => printed.push(sql) })
        expect(printed).toHaveLength(3)
      })

      it('runs nothing that it could not print', async () => {
        const { database } = await kind.open()
        const work = database.migrate(tables, {
          print: sql => {
            if (sql.includes('kept')) throw new Error('the terminal is gone')
          },
        })
        await expect(work).rejects.toThrow('the terminal is gone')
        await expect(counted(database)).rejects.toMatchObject({ code: 'store_not_migrated', actual: 0 })
      })

      it('runs a migration once when several processes start at once', async () => {
        const { database, again } = await kind.open()
        const printed: string[] = []
        const all = [database, again(), again(), again()]
        await Promise.all(all.map(one => one.migrate(tables, { print: sql => printed.push(sql) })))
        expect(printed).toHaveLength(3)
      })

      it('undoes a migration of which a statement fails', async () => {
        const { database } = await kind.open()
        const broken: Migration = {
          version: 2,
          statements: {
            sqlite: ['create table two (id integer)', 'no sql'],
            postgres: ['create table two (id int)', 'no sql'],
          },
        }
        expect(await codeOf(database.migrate([...tables, broken]))).toBe('store_failed')
        await database.migrate(tables)
        expect(await codeOf(within(database, session => session.query('select * from two')))).toMatch(/^store_/)
      })

      it('goes on from the version that is there; who looked before does not look again', async () => {
        const { database, again } = await migrated()
        expect(await counted(database)).toBe(0)
        const printed: string[] = []
        await again().migrate(withMore, { print: sql => printed.push(sql) })
        expect(printed).toHaveLength(2)
        expect(printed[0]).toContain('create table more')
        await expect(counted(again())).rejects.toMatchObject({ code: 'store_not_migrated', expected: 1, actual: 2 })
        expect(await counted(database)).toBe(0)
      })

      it('looks at the version again after a migration', async () => {
        const { database } = await migrated()
        expect(await counted(database)).toBe(0)
        await database.migrate(withMore)
        expect(await codeOf(counted(database))).toBe('store_not_migrated')
      })

      it('leaves the tables of a newer version alone', async () => {
        const { database } = await migrated()
        await database.migrate(withMore)
        const work = database.migrate(tables)
        await expect(work).rejects.toMatchObject({ code: 'store_not_migrated', expected: 1, actual: 2 })
      })

      it('takes migrations that are not numbered from 1 on for a mistake', async () => {
        const { database } = await kind.open()
        await expect(database.migrate(withMore.slice(1))).rejects.toThrow(TypeError)
      })
    })
  })
