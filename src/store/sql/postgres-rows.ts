/** Rows of PostgreSQL, read from the text in which the server sends them. */
import { VidimusError } from '../../errors.js'
import type { SqlRow, SqlValue } from './database.js'
import { safeInteger } from './values.js'

export interface TextField {
  readonly name: string
  /** The type, by its number in `pg_type`. */
  readonly dataTypeID: number
}

interface TextResult {
  readonly fields: readonly TextField[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Hands on what the server sent: for parsers of all types, whatever the host application set. */
export const asText = { getTypeParser: () => (text: string) => text }

/** The rows of a result in the few types of ours. Throws `store_failed` at a column that has none of them. */
export const plainRows = ({ fields, rows }: TextResult): readonly SqlRow[] =>
  rows.map(row => Object.fromEntries(fields.map((field, index) => [field.name, plainValue(row[index] ?? null, field)])))

function plainValue(text: string | null, { name, dataTypeID }: TextField): SqlValue {
  if (text === null) return null
  if (numbers.has(dataTypeID)) return wholeNumber(text, name)
  if (dataTypeID === booleanType) return text === 't' ? 1 : 0
  return dataTypeID === byteaType ? fromHex(text, name) : text
}

/** int8, int2, int4, oid, and those that sums come in: float4, float8, numeric. */
const numbers: ReadonlySet<number> = /* @__PURE__ */ new Set([20, 21, 23, 26, 700, 701, 1700])
const booleanType = 16
const byteaType = 17

function wholeNumber(text: string, column: string): number {
  if (!/^-?\d+$/.test(text)) throw new VidimusError('store_failed', { at: column })
  return safeInteger(text, column)
}

/** The bytes of `\x00ff…`. */
function fromHex(text: string, column: string): Uint8Array {
  if (!text.startsWith('\\x')) throw new VidimusError('store_failed', { at: column })
  const bytes = new Uint8Array(text.length / 2 - 1)
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = (digit(text, 2 * index + 2) << 4) | digit(text, 2 * index + 3)
  return bytes
}

/** The value of a lower-case hexadecimal digit. */
function digit(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code > 57 ? code - 87 : code - 48
}
