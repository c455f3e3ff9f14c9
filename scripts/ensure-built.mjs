/** Builds `dist` when it is missing or older than what it is built from. `npm run build` always builds. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = ['src', 'package.json', 'tsconfig.json', 'scripts/entries.mjs', 'scripts/build.mjs']

const changedAt = path => statSync(join(root, path)).mtimeMs

const newestIn = path =>
  statSync(join(root, path)).isDirectory()
    ? Math.max(changedAt(path), ...readdirSync(join(root, path)).map(name => newestIn(join(path, name))))
    : changedAt(path)

const isFresh = built =>
  existsSync(join(root, built)) && changedAt(built) >= Math.max(...sources.map(source => newestIn(source)))

/**
 * Who only runs the package can do without the declarations, which take nearly all the time. What a build says goes to
 * stderr: stdout belongs to the program that needed it.
 */
export function ensureBuilt({ types = true } = {}) {
  if (isFresh(types ? 'dist/index.d.ts' : 'dist/index.js')) return
  console.error('building dist …')
  const build = join(root, 'scripts/build.mjs')
  const { status } = spawnSync(process.execPath, [build, ...(types ? [] : ['--no-types'])], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) process.exit(status ?? 1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt()
