/** What the transactions of a SQL store need of a driver. Its methods throw whatever the driver throws. */
import type { VidimusError } from '../../errors.js'
import type { SqlDatabase, SqlRow, SqlValue } from './database.js'
import type { Statement } from './statement.js'

export interface Driver {
  readonly dialect: SqlDatabase['dialect']
  /** Gives a row when there is a table of the name `$1`. */
  readonly findTable: string
  /** Waits until nobody else migrates, to the end of the transaction; left out where beginning one does. */
  readonly lockMigrations?: string
  /** Runs `work` when it is its turn. */
  turn<T>(work: () => Promise<T>): Promise<T>
  /** Begins a transaction. */
  begin(): Promise<Connection>
  /** What an error before the commit means. Nothing of the driver's words, of values or SQL goes on. */
  refusal(error: unknown): Refusal
}

/** An open transaction. Statements come one at a time. */
export interface Connection {
  query(statement: Statement, values: readonly SqlValue[]): Promise<readonly SqlRow[]>
  execute(statement: Statement, values: readonly SqlValue[]): Promise<number>
  /** Commits, or throws; then it still has to be rolled back. */
  commit(): Promise<void>
  /** Undoes everything. Never throws: what nobody commits, the database undoes by itself. */
  rollback(): Promise<void>
}

/** Why the database did not do as asked. */
export interface Refusal {
  readonly error: VidimusError
  /** It gave way to another transaction: the same may succeed when it is tried again. */
  readonly again: boolean
}
