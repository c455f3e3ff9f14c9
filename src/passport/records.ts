/**
 * Registers of many records, judged row by row as they arrive: NDJSON, one JSON object per line, or CSV (RFC 4180) with field
 * names in its first row.
 *
 * Rows are held one at a time, so a register may be of any length. Nothing is issued here. Neither form holds the bytes of an
 * image, and a cell of CSV holds no list.
 */
import { expectObject, misuse } from '../core/arguments.js'
import { bareObject, parseJsonObject } from '../core/json.js'
import { type ErrorCode, type Issue, VidimusError } from '../errors.js'
import { type CsvSeparator, csvCells } from './csv.js'
import type { PassportDefinition } from './definition.js'
import type { FieldKind, ProfileField } from './profile.js'
import type { ParseOptions } from './record-parser.js'

/** UTF-16 units of the longest row. */
const longestRow = 1_048_576

export interface RecordsOptions extends ParseOptions {
  readonly format: 'ndjson' | 'csv'
  /** Between the cells of CSV. Default `,`. */
  readonly separator?: CsvSeparator | undefined
  readonly signal?: AbortSignal | undefined
}

/** What became of one row. */
export type CheckedRow<Passport> = {
  /** The line on which the row begins, from 1. */
  readonly line: number
} & (
  | { readonly ok: true; readonly passport: Passport }
  /** `issues` are those of a record that could be read. */
  | { readonly ok: false; readonly code: ErrorCode; readonly issues: readonly Issue[] }
)

/** Text or UTF-8 bytes, in pieces of any size: a file, the body of a request, an array. */
export type RecordSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/**
 * Parses every record of a register. Columns of CSV are named after fields, or after members of one (`address.locality`); an
 * empty cell is a field that is absent, numbers and `true` or `false` are read where the field is one. Empty lines are passed
 * over. A row that cannot be read or parsed is an answer, and the rows behind it are read.
 *
 * Codes of a row: `passport_invalid`, those of `parseJson`, `records_malformed` (more or fewer cells than columns, or quotes that
 * do not match). Throws `encoding_invalid` for bytes that are no UTF-8, `limit_exceeded` for a row without end,
 * `records_malformed` at `columns` (quotes that do not match) or `column n` (no field, or one that is there already), the signal's reason, and `TypeError` for
 * options that are wrong.
 * @example for await (const row of readRecords(citizenPassport, pieces, { format: 'csv' })) if (!row.ok) report(row.line, row.issues)
 */
export async function* readRecords<Name extends string, Claims extends object, Passport extends object>(
  definition: PassportDefinition<Name, Claims, Passport>,
  source: RecordSource,
  options: RecordsOptions,
): AsyncGenerator<CheckedRow<Passport>> {
  expectObject(options, 'options')
  const { format, separator = ',', now, signal } = options
  if (format !== 'ndjson' && format !== 'csv') throw misuse('format', "'ndjson' or 'csv'")
  if (![',', ';', '\t'].includes(separator)) throw misuse('separator', 'a comma, a semicolon or a tab')
  let read: ((row: string) => object) | undefined = format === 'ndjson' ? parseJsonObject : undefined
  for await (const { line, text } of rowsOf(source, format === 'csv')) {
    signal?.throwIfAborted()
    if (read === undefined) read = csvReader(text, definition.fields, separator)
    else yield Object.freeze({ line, ...judge(() => definition.parse(read?.(text), { now })) })
  }
}

/** A passport, or why a row gives none. What is no refusal of the input is thrown on. */
function judge<Passport>(parse: () => Passport) {
  try {
    return { ok: true, passport: parse() } as const
  } catch (error) {
    if (!(error instanceof VidimusError)) throw error
    return { ok: false, code: error.code, issues: error.issues ?? [] } as const
  }
}

/** Rows without their line breaks, the first without a byte order mark. In CSV a line break between quotes belongs to the row. */
async function* rowsOf(source: RecordSource, isCsv: boolean): AsyncGenerator<{ line: number; text: string }> {
  const mark = isCsv ? /["\n]/g : /\n/g
  let pieces: string[] = []
  let [length, line, next, isQuoted] = [0, 1, 1, false]
  for await (const text of textsOf(source)) {
    let start = 0
    for (const { 0: found, index } of text.matchAll(mark)) {
      if (found === '"') isQuoted = !isQuoted
      else {
        next++
        if (isQuoted) continue
        yield* row(text.slice(start, index))
        start = index + 1
      }
    }
    pieces.push(text.slice(start))
    length += text.length - start
    if (length > longestRow) throw tooLong()
  }
  yield* row('')

  function* row(end: string) {
    const text = [...pieces, end].join('').replace(line === 1 ? /^\ufeff|\r$/g : /\r$/, '')
    if (text.length > longestRow) throw tooLong()
    if (text !== '') yield { line, text }
    pieces = []
    length = 0
    line = next
  }
}

const tooLong = () => new VidimusError('limit_exceeded', { at: 'row', expected: longestRow })

/** The pieces of a source as text. */
async function* textsOf(source: RecordSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch {
      throw new VidimusError('encoding_invalid')
    }
  }
  for await (const piece of source) {
    if (typeof piece !== 'string' && !(piece instanceof Uint8Array)) throw misuse('source', 'text or bytes, in pieces')
    yield typeof piece === 'string' ? piece : decode(piece)
  }
  yield decode()
}

/** What reads the rows below a header. */
function csvReader(header: string, fields: Readonly<Record<string, ProfileField>>, separator: CsvSeparator) {
  const names = csvCells(header, separator)
  if (names === undefined) throw new VidimusError('records_malformed', { at: 'columns' })
  const columns = names.map(name => name.trim().split('.'))
  const wrong = columns.findIndex((path, index) => !isColumn(path, fields) || columns.slice(0, index).some(clash(path)))
  if (wrong !== -1) throw new VidimusError('records_malformed', { at: `column ${wrong + 1}` })
  return (row: string): object => {
    const cells = csvCells(row, separator)
    if (cells?.length !== columns.length) throw new VidimusError('records_malformed', { at: 'cells' })
    const record = bareObject<unknown>()
    for (const [index, path] of columns.entries()) {
      const cell = cells[index] ?? ''
      if (cell !== '') place(record, path, path.length === 1 ? valueOfCell(fields[path[0]!]?.kind, cell) : cell)
    }
    return record
  }
}

const isColumn = (path: readonly string[], fields: Readonly<Record<string, ProfileField>>): boolean => {
  const field = Object.hasOwn(fields, path[0] ?? '') ? fields[path[0]!] : undefined
  return field !== undefined && field.derived !== true && (path.length === 1 || field.kind === 'object')
}

/** Whether one column stands where another does, or inside of it. */
const clash = (one: readonly string[]) => (other: readonly string[]) =>
  one.every((name, depth) => other[depth] === undefined || other[depth] === name)

function place(record: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let object = record
  for (const name of path.slice(0, -1)) object = (object[name] ??= bareObject<unknown>()) as Record<string, unknown>
  object[path.at(-1)!] = value
}

/** A cell as the field takes it; what it does not take stays text, and is an issue. */
function valueOfCell(kind: FieldKind | undefined, cell: string): unknown {
  if ((kind === 'integer' || kind === 'number') && /^-?\d{1,17}(\.\d{1,17})?$/.test(cell)) return Number(cell)
  return kind === 'boolean' && (cell === 'true' || cell === 'false') ? cell === 'true' : cell
}
