/**
 * `npm test [files]`: every test on the Node back end, on the web back end and, where a browser is found, in Chromium;
 * those of the PostgreSQL store where DATABASE_URL names a server (`scripts/with-postgres.sh npm test`).
 * Says what it left out and why; with VIDIMUS_LEAVE_NOTHING_OUT=1 leaving anything out is a failure.
 * The last line is the count: a file that cannot be loaded and an error outside of any test are one failure each.
 */
import { startVitest } from 'vitest/node'
import { chromium } from './chromium.mjs'

const leaveNothingOut = process.env['VIDIMUS_LEAVE_NOTHING_OUT'] === '1'
const leftOut = [
  ...(chromium === undefined ? ['chromium (no browser found; CHROMIUM=/path/to/it names one)'] : []),
  ...(process.env['DATABASE_URL']
    ? []
    : ['PostgreSQL (no DATABASE_URL; scripts/with-postgres.sh npm test runs a server)']),
]
const hasNodeSqlite = process.getBuiltinModule('node:sqlite') !== undefined

const vitest = await startVitest('test', process.argv.slice(2), { watch: false })
const files = vitest.state.getTestModules()
const states = files.flatMap(file => [...file.children.allTests()].map(test => test.result().state))
const brokenFiles = files.filter(file => file.errors().length > 0)
const strayErrors = vitest.state.getUnhandledErrors()
await vitest.close()

const passed = states.filter(state => state === 'passed').length
const failed = states.filter(state => state === 'failed').length + brokenFiles.length + strayErrors.length
const skipped = states.filter(state => state === 'skipped' || state === 'pending').length

for (const file of brokenFiles) console.log(`broken: ${file.relativeModuleId} (${file.project.name})`)
if (strayErrors.length > 0) console.log(`errors outside of any test: ${strayErrors.length}`)
if (!hasNodeSqlite) console.log('elsewhere: node:sqlite, which this Node lacks (node scripts/node-sqlite.mjs)')
for (const what of leftOut) console.log(`left out: ${what}`)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)

process.exit(failed > 0 || passed === 0 || (leaveNothingOut && leftOut.length > 0) ? 1 : 0)
