/** Builds `dist` when it is missing or older than what it is built from. `npm run build` always builds. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = ['src', 'package.json', 'tsconfig.json', 'tsup.config.ts']
/** The build writes its declarations last. */
const lastBuilt = join(root, 'dist/index.d.ts')

const changedAt = path => statSync(path).mtimeMs

const newestIn = path =>
  statSync(path).isDirectory()
    ? Math.max(changedAt(path), ...readdirSync(path).map(name => newestIn(join(path, name))))
    : changedAt(path)

const isBuilt = () =>
  existsSync(lastBuilt) && changedAt(lastBuilt) >= Math.max(...sources.map(source => newestIn(join(root, source))))

/** What a build says goes to stderr: stdout belongs to the program that needed it. */
export function ensureBuilt() {
  if (isBuilt()) return
  console.error('building dist …')
  execFileSync(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js'), '--silent'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt()
