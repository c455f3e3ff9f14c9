/**
 * The version of the tables, and the way from one to the next. `vidimus_schema` has a row for every migration that was
 * run, with the time it was.
 */
import { misuse } from '../../core/arguments.js'
import { VidimusError } from '../../errors.js'
import type { Migration, SqlSession } from './database.js'
import type { Driver } from './driver.js'

/** Throws `store_not_migrated` unless the tables are of a version, neither older nor newer. */
export async function expectVersion(session: SqlSession, driver: Driver, expected: number): Promise<void> {
  const actual = (await findVersion(session, driver)) ?? 0
  if (actual !== expected) throw new VidimusError('store_not_migrated', { at: 'vidimus_schema', expected, actual })
}

/**
 * Runs the migrations that were not run yet, in the transaction of the session; whoever does the same meanwhile waits
 * and then finds nothing to do. Throws `store_not_migrated` for tables that a newer version made.
 */
export async function migrate(
  session: SqlSession,
  driver: Driver,
  migrations: readonly Migration[],
  print: (sql: string) => void = () => undefined,
): Promise<void> {
  if (migrations.some(({ version }, index) => version !== index + 1)) throw misuse('migrations', 'numbered from 1 on')
  if (driver.lockMigrations !== undefined) await session.query(driver.lockMigrations)
  const actual = await findVersion(session, driver)
  if ((actual ?? 0) > migrations.length) await expectVersion(session, driver, migrations.length)
  const statements = [
    ...(actual === undefined ? [versionTable[driver.dialect]] : []),
    ...migrations.slice(actual).flatMap(migration => [...migration.statements[driver.dialect], note(migration)]),
  ]
  for (const sql of statements) {
    print(sql)
    await session.execute(sql)
  }
}

/** The version of the tables; `undefined` where no version ever was. */
async function findVersion(session: SqlSession, { findTable }: Driver): Promise<number | undefined> {
  const tables = await session.query(findTable, ['vidimus_schema'])
  if (tables.length === 0) return undefined
  const [row] = await session.query('select coalesce(max(version), 0) as version from vidimus_schema')
  return row?.['version'] as number
}

const versionTable = {
  sqlite: 'create table vidimus_schema (version integer primary key, applied text not null) strict',
  postgres: 'create table vidimus_schema (version integer primary key, applied text not null)',
}

/** Written out in full: what was printed can be run by hand. */
const note = ({ version }: Migration): string =>
  `insert into vidimus_schema (version, applied) values (${version}, '${new Date().toISOString()}')`
