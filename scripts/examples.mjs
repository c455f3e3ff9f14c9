/**
 * `npm run examples`: type-checks examples/ against the built package and runs every program in it, browser.ts and
 * counter.ts in Chromium. Without a browser those are left out, and said so; with VIDIMUS_LEAVE_NOTHING_OUT=1 that is a
 * failure.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from './chromium.mjs'
import { ensureBuilt } from './ensure-built.mjs'
import { runExample } from './run-example.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const leaveNothingOut = process.env['VIDIMUS_LEAVE_NOTHING_OUT'] === '1'

/** The programs that are pages. */
const pages = { browser: runPage, counter: runCounterPage }

ensureBuilt()
const names = readdirSync(`${root}examples`)
  .filter(name => name.endsWith('.ts'))
  .map(name => basename(name, '.ts'))
const failed = typeCheck() ? [] : ['the type check']
for (const name of names) {
  console.log(`\n── examples/${name}.ts`)
  if (!(await (pages[name] === undefined ? runProgram(name) : openPage(pages[name])))) failed.push(name)
}

console.log(failed.length === 0 ? `\n${names.length} examples hold` : `\nfailed: ${failed.join(', ')}`)
process.exit(failed.length === 0 && names.length > 0 ? 0 : 1)

function typeCheck() {
  const compiler = `${root}node_modules/typescript/bin/tsc`
  return spawnSync(process.execPath, [compiler, '-p', 'examples'], { cwd: root, stdio: 'inherit' }).status === 0
}

async function runProgram(name) {
  return (await runExample(name)) === 0
}

async function openPage(run) {
  if (chromium !== undefined) return run()
  console.log('left out: no browser found; CHROMIUM=/path/to/it names one')
  return !leaveNothingOut
}

async function runPage() {
  const { runInPage } = await import('./run-in-page.mjs')
  const { title, text, complaints } = await runInPage(chromium)
  console.log(`${title}: ${text}`)
  for (const complaint of complaints) console.log(complaint)
  return title === 'valid' && complaints.length === 0
}

async function runCounterPage() {
  const { runCounter } = await import('./run-counter.mjs')
  const { shown, complaints } = await runCounter(chromium)
  for (const [visitor, [state, text]] of Object.entries(shown)) console.log(`${visitor} (${state}): ${text}`)
  for (const complaint of complaints) console.log(complaint)
  const states = Object.values(shown).map(([state]) => state)
  const expected = [
    'valid',
    'key_binding_too_old',
    'key_binding_signature_invalid',
    'signature_invalid',
    'status_suspended',
    'status_stale',
    'format_unknown',
  ]
  return states.join() === expected.join() && shown.honest[1].endsWith('статус 3 ч назад') && complaints.length === 0
}
