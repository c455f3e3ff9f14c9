/** The table of runtimes: in README, written from a run. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const page = fileURLToPath(new URL('../../README.md', import.meta.url))
const marked = /(<!-- runtimes: .* -->\n)([\s\S]*?)(<!-- \/runtimes -->)/
const head = ['runtime', 'version', 'signs with', 'run as', 'cases', 'violations of the policy']

/** A row as README has it: how many cases there are is the run's to say. */
export const rowOf = ({ name, platform, as }, { version, results, policy = '', error }) => [
  name,
  version ?? '',
  platform,
  as,
  error === undefined ? held(results) : 'none',
  policy,
]

function held(results) {
  const failed = results.filter(({ failure }) => failure !== undefined).length
  return failed === 0 ? 'all' : `${results.length - failed} of ${results.length}`
}

const asMarkdown = rows =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |\n`.replaceAll('|  |', '| |')).join('')

/** Whether README says the same of the same runtimes, whatever their versions. */
export function isCurrent(rows) {
  const withoutVersions = table => table.map(([name, , ...others]) => [name, ...others].join('|')).join('\n')
  const written = tableIn(readFileSync(page, 'utf8'))
    .split('\n')
    .slice(2, -1)
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    )
  return withoutVersions(written) === withoutVersions(rows)
}

export const write = rows =>
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(marked, (_, begin, _old, end) => begin + asMarkdown(rows) + end),
  )

function tableIn(text) {
  const [, , table] = marked.exec(text) ?? []
  if (table === undefined) throw new Error('README.md has no place for the table of runtimes')
  return table
}
