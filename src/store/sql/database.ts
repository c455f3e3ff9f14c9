/** What a SQL store stands on: statements within transactions, whichever database runs them. */
import type { Transaction, Transactional } from '../../core/transaction.js'

/** What may be bound: nothing else reaches a driver. */
export type SqlValue = null | string | number | Uint8Array

/** Integers come as safe numbers, bytes as plain Uint8Arrays, text as strings. */
export type SqlRow = Readonly<Record<string, null | string | number | Uint8Array>>

/**
 * The statements of one transaction, run one after the other in the order they were asked for. A statement that failed
 * ends it: whatever its caller makes of the error, nothing of the transaction is kept.
 *
 * Throws `store_value_unsupported` for a value that would not come back as it is, and the codes of `Transactional`.
 */
export interface SqlSession {
  /** The rows of a statement (a query or … RETURNING). Parameters are `$1`, `$2`, … and may repeat. */
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>
  /** The number of rows a statement changed. */
  execute(sql: string, values?: readonly SqlValue[]): Promise<number>
}

export interface SqlDatabase extends Transactional {
  readonly dialect: 'sqlite' | 'postgres'
  /** The session of an open transaction; a TypeError for one that is over or another store's. */
  session(transaction: Transaction): SqlSession
  /** Brings the tables to the latest version; each statement is handed to `print` before it runs. */
  migrate(
    migrations: readonly Migration[],
    options?: { readonly print?: ((sql: string) => void) | undefined },
  ): Promise<void>
}

/** The statements that lead from the version before to `version`, counted from 1. */
export interface Migration {
  readonly version: number
  readonly statements: { readonly sqlite: readonly string[]; readonly postgres: readonly string[] }
}
