/**
 * `node scripts/node-sqlite.mjs [files]`: the tests of the SQL stores under a Node that has `node:sqlite`. That is this
 * one, the one that VIDIMUS_NODE names, or Node 24 from the npm registry in a temporary folder.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const files = process.argv.length > 2 ? process.argv.slice(2) : ['test/store/sql', 'test/store/conformance']
const probe = "process.exit(process.getBuiltinModule?.('node:sqlite') === undefined ? 1 : 0)"

const hasSqlite = node => spawnSync(node, ['--eval', probe], { stdio: 'ignore' }).status === 0

let folder
const known = [process.env['VIDIMUS_NODE'], process.execPath].find(node => node !== undefined && hasSqlite(node))
const node = known ?? install()
const { status } = spawnSync(node, [vitest, 'run', '--project', 'node', ...files], { stdio: 'inherit' })
if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
process.exit(status ?? 1)

/** The package holds the executable itself and needs no script of its own to run. */
function install() {
  folder = mkdtempSync(join(tmpdir(), 'vidimus-node-'))
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}@24`
  const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder]
  execFileSync('npm', ['install', ...quiet, `n24@npm:${name}`], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  return join(folder, 'node_modules', 'n24', 'bin', 'node')
}
