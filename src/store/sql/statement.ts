/** A statement with its `$1`, `$2`, … found, and written with the plain `?` that every SQLite driver takes alike. */
import { misuse } from '../../core/arguments.js'

export interface Statement {
  readonly sql: string
  /** The statement with a `?` at each place. */
  readonly text: string
  /** Which value each `?` stands for, from 0. */
  readonly order: readonly number[]
  /** How many values there have to be. */
  readonly count: number
}

/** Finds the placeholders outside of quotes. Comments and `$$` are not read: the statements here have none. */
export function readStatement(sql: string): Statement {
  const order: number[] = []
  const text = sql.replace(/'[^']*'|"[^"]*"|\$(\d+)/g, (whole, number?: string) => {
    if (number === undefined) return whole
    order.push(Number(number) - 1)
    return '?'
  })
  return { sql, text, order, count: order.reduce((most, index) => Math.max(most, index + 1), 0) }
}

/** Left to itself, a driver binds nothing to a place without a value and drops a value without a place. */
export function expectAsMany(values: readonly unknown[], { count }: Statement): void {
  if (values.length !== count) throw misuse('values', `${count}, one for each placeholder`)
}
