/**
 * What goes into a driver and what comes out of one. Some drivers end the process over a boolean, a date or bytes of
 * another kind, cut text at a zero character and round integers; here such a value is an error before it gets there.
 */
import { hasLoneSurrogate } from '../../core/bytes.js'
import { VidimusError } from '../../errors.js'
import type { SqlRow, SqlValue } from './database.js'

/**
 * Copies of values that come back as they went in: null, well-formed text without U+0000, safe integers but not -0, and
 * plain bytes. Throws `store_value_unsupported` at the parameter for any other.
 */
export const guardedValues = (values: readonly unknown[]): readonly SqlValue[] => Array.from(values, guarded)

function guarded(value: unknown, index: number): SqlValue {
  if (value === null || isKeptText(value) || isKeptInteger(value)) return value
  const bytes = value instanceof Uint8Array && ArrayBuffer.isView(value) ? copied(value) : undefined
  if (bytes === undefined) throw new VidimusError('store_value_unsupported', { at: `$${index + 1}` })
  return bytes
}

const isKeptText = (value: unknown): value is string =>
  typeof value === 'string' && !value.includes('\0') && !hasLoneSurrogate(value)

const isKeptInteger = (value: unknown): value is number => Number.isSafeInteger(value) && !Object.is(value, -0)

/** A plain copy of a Buffer, a part of a larger buffer, shared memory; nothing of bytes that were moved elsewhere. */
function copied(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice()
  } catch {
    return undefined
  }
}

/** A row of a driver in the few types of ours. Throws `store_failed` at a column that has none of them. */
export function plainRow(row: object): SqlRow {
  const plain: Record<string, SqlValue> = {}
  for (const [column, value] of Object.entries(row)) plain[column] = plainValue(value, column)
  return plain
}

function plainValue(value: unknown, column: string): SqlValue {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return safeInteger(value, column)
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value
  if (bytes instanceof Uint8Array) return isPlain(bytes) ? bytes : new Uint8Array(bytes)
  throw new VidimusError('store_failed', { at: column })
}

/** Whether nothing else lies in the memory of these bytes, and no class of Node's adds to them. */
const isPlain = (bytes: Uint8Array): boolean =>
  Object.getPrototypeOf(bytes) === Uint8Array.prototype && bytes.byteLength === bytes.buffer.byteLength

/** An integer that is exact. One beyond 2^53 is refused even where a driver has rounded it: no rounding leads back. */
export function safeInteger(value: number | bigint | string, column: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new VidimusError('store_failed', { at: column })
  return number
}
