/**
 * `npm run size`: what each row of size-budgets.json costs a web page, minified and gzipped, against its budget in bytes.
 * `npm run size -- NAME` lists the modules in one row, heaviest first.
 */
import { readFileSync } from 'node:fs'
import { bundle } from './bundle.mjs'

const rows = JSON.parse(readFileSync(new URL('size-budgets.json', import.meta.url), 'utf8'))
const asked = process.argv[2]

if (asked === undefined) {
  for (const row of rows) report(row, await bundle(row.from, row.exports))
} else {
  const row = rows.find(({ name }) => name === asked)
  if (row === undefined) throw new Error(`one of: ${rows.map(({ name }) => name).join('; ')}`)
  const { modules } = await bundle(row.from, row.exports)
  for (const [path, bytes] of [...modules].sort((a, b) => b[1] - a[1]))
    console.log(`${String(bytes).padStart(7)}  ${path}`)
}

function report({ name, budget }, { gzip }) {
  const within = gzip <= budget
  console.log(
    `${name.padEnd(32)} ${String(gzip).padStart(7)} of ${String(budget).padStart(6)} ${within ? '' : 'too much'}`,
  )
  if (!within) process.exitCode = 1
}
