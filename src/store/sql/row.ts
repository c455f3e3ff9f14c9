/** What stands in the columns of a row. Anything but what this version writes there is no row of ours. */
import { VidimusError } from '../../errors.js'
import type { SqlRow } from './database.js'

export const textOf = (row: SqlRow, column: string): string => expected(row, column, isText)
export const integerOf = (row: SqlRow, column: string): number => expected(row, column, isInteger)
export const bytesOf = (row: SqlRow, column: string): Uint8Array => expected(row, column, isBytes)
export const dateOf = (row: SqlRow, column: string): Date => new Date(integerOf(row, column))

/** What a column holds if it holds anything. */
export const optional = <T>(row: SqlRow, column: string, read: (row: SqlRow, column: string) => T): T | undefined =>
  row[column] === null ? undefined : read(row, column)

function expected<T>(row: SqlRow, column: string, is: (value: unknown) => value is T): T {
  const value = row[column]
  if (!is(value)) throw new VidimusError('store_failed', { at: column })
  return value
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value)
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array
