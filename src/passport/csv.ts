/** One row of CSV (RFC 4180 §2): cells between separators, quoted where they hold a separator, a line break or a quote. */

export type CsvSeparator = ',' | ';' | '\t'

/** The cells of a row; `undefined` for one whose quotes do not match. */
export function csvCells(row: string, separator: CsvSeparator): readonly string[] | undefined {
  const cell = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^"${separator}]*))(${separator}|$)`, 'y')
  const cells: string[] = []
  for (;;) {
    const [found, quoted, plain = '', end] = cell.exec(row) ?? []
    if (found === undefined) return undefined
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '') return cells
  }
}
