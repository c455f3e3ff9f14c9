/**
 * `npm run consumers`: packs the package, installs it into an empty project beside three versions of TypeScript, and
 * compiles test/consumers as pages and as programs for Node that know no DOM. Then runs what was compiled, and a CommonJS
 * program. Declarations are checked too: nothing in them may be newer than the oldest compiler.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const compilers = ['5.4.5', '5.9.3', '7.0.2']
const strict = ['--strict', '--exactOptionalPropertyTypes', '--target', 'ES2022']
const nodeNext = ['--module', 'NodeNext']
const bundler = ['--module', 'ESNext', '--moduleResolution', 'Bundler']
const page = ['--lib', 'ES2023,DOM', '--typeRoots', 'none', 'life.ts', 'types.ts', 'page.ts']
const program = ['--lib', 'ES2023', '--types', 'node', 'life.ts', 'types.ts']

const root = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'vidimus-consumer-'))
const failed = []

try {
  install()
  for (const version of compilers) {
    told(`TypeScript ${version}, NodeNext`, compile(version, [...nodeNext, ...page]))
    told(`TypeScript ${version}, Bundler`, compile(version, [...bundler, ...page]))
  }
  told('TypeScript 5.9.3, NodeNext, without the DOM', compile('5.9.3', [...nodeNext, ...program]))
  told('life.js', run('life.js'))
  told('commonjs.cjs', run('commonjs.cjs'))
} finally {
  rmSync(project, { recursive: true, force: true })
}
if (failed.length > 0) process.exit(1)

function install() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [packed] = JSON.parse(npm(root, 'pack', '--json', '--silent', '--pack-destination', project))
  const aliases = compilers.map(version => [alias(version), `npm:typescript@${version}`])
  const wanted = {
    vidimus: `file:${packed.filename}`,
    zod: dependencies.zod,
    qr: devDependencies.qr,
    '@types/node': devDependencies['@types/node'],
    ...Object.fromEntries(aliases),
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: wanted }))
  cpSync(join(root, '.npmrc'), join(project, '.npmrc'))
  cpSync(join(root, 'test/consumers'), project, { recursive: true })
  npm(project, 'install', '--silent', '--no-audit', '--no-fund')
}

/** The three share one name for their program: each is called by its path. */
function compile(version, words) {
  const tsc = join(project, 'node_modules', alias(version), 'bin/tsc')
  return spawnSync(process.execPath, [tsc, ...strict, ...words], { cwd: project, encoding: 'utf8' })
}

function run(program) {
  return spawnSync(process.execPath, ['--no-warnings', program], { cwd: project, encoding: 'utf8' })
}

function told(what, { status, stdout, stderr }) {
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${what}`)
  if (status === 0) return
  console.log(stdout + stderr)
  failed.push(what)
}

function alias(version) {
  return `typescript-${version}`
}

function npm(cwd, ...words) {
  return execFileSync('npm', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
