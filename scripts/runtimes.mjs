/**
 * `npm run runtimes [names]`: the portable suite (test/portable) on every runtime: Node 20 to 26, Bun, Deno and workerd out
 * of the npm registry, Chromium and Firefox as this machine has them. Prints a table, and fails where a case fails, a runtime
 * is missing, a policy is violated, or README says something else. `-- --write` writes the table into README; with
 * names only the runtimes that begin so are asked, and README is left alone.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './ensure-built.mjs'
import { allRuns } from './runtimes/runs.mjs'
import { isCurrent, rowOf, write } from './runtimes/table.mjs'

const words = process.argv.slice(2)
const names = words.filter(word => word !== '--write').map(word => word.toLowerCase())
const isAsked = ({ name }) => names.length === 0 || names.some(begin => name.toLowerCase().startsWith(begin))

ensureBuilt({ types: false })
const folder = mkdtempSync(join(tmpdir(), 'vidimus-runtimes-'))
const { runs, close } = allRuns(folder)
const asked = runs.filter(isAsked)
const rows = []
let green = asked.length > 0
try {
  for (const run of asked) {
    const began = performance.now()
    const outcome = await run.ask().catch(error => ({ results: [], error }))
    const row = rowOf(run, outcome)
    rows.push(row)
    const problems = problemsOf(outcome)
    if (problems.length > 0) green = false
    tell(row, outcome, (performance.now() - began) / 1000)
    for (const problem of problems) console.log(`    ${problem}`)
  }
} finally {
  await close()
  rmSync(folder, { recursive: true, force: true })
}

if (names.length === 0) {
  if (words.includes('--write')) write(rows)
  else if (!isCurrent(rows)) {
    console.log('README.md says something else: npm run runtimes -- --write')
    green = false
  }
}
console.log(green ? `${rows.length} runtimes, all green` : 'not green')
process.exit(green ? 0 : 1)

function problemsOf({ results, complaints = [], error }) {
  if (error !== undefined) return [error.message]
  const failures = results.filter(({ failure }) => failure !== undefined)
  return [
    ...(results.length === 0 ? ['no case was run'] : []),
    ...failures.map(({ name, failure }) => `${name}: ${failure}`),
    ...complaints,
  ]
}

function tell([name, version, , , cases, policy], { results }, seconds) {
  const violations = policy === '' ? '' : `violations: ${policy}`
  const passed = results.filter(({ failure }) => failure === undefined).length
  const counted = cases === 'all' ? `all ${passed} cases` : `${passed} cases`
  console.log(
    `${name.padEnd(20)} ${version.padEnd(16)} ${counted.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s  ${violations}`,
  )
}
