/**
 * `npm run examples`: type-checks examples/ against the built package and runs every program in it, browser.ts in
 * Chromium. Without a browser that one is left out, and said so; with VIDIMUS_LEAVE_NOTHING_OUT=1 that is a failure.
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

ensureBuilt()
const names = readdirSync(`${root}examples`)
  .filter(name => name.endsWith('.ts'))
  .map(name => basename(name, '.ts'))
const failed = typeCheck() ? [] : ['the type check']
for (const name of names) {
  console.log(`\n── examples/${name}.ts`)
  if (!(name === 'browser' ? await runPage() : (await runExample(name)) === 0)) failed.push(name)
}

console.log(failed.length === 0 ? `\n${names.length} examples hold` : `\nfailed: ${failed.join(', ')}`)
process.exit(failed.length === 0 && names.length > 0 ? 0 : 1)

function typeCheck() {
  const compiler = `${root}node_modules/typescript/bin/tsc`
  return spawnSync(process.execPath, [compiler, '-p', 'examples'], { cwd: root, stdio: 'inherit' }).status === 0
}

async function runPage() {
  if (chromium === undefined) {
    console.log('left out: no browser found; CHROMIUM=/path/to/it names one')
    return !leaveNothingOut
  }
  const { runInPage } = await import('./run-in-page.mjs')
  const { title, text, complaints } = await runInPage(chromium)
  console.log(`${title}: ${text}`)
  for (const complaint of complaints) console.log(complaint)
  return title === 'valid' && complaints.length === 0
}
