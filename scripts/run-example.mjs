/**
 * `node scripts/run-example.mjs NAME [words]`: runs examples/NAME.ts against the built package, as a user of the package
 * would: only the types are taken off, `vidimus` is the package itself. The words are the program's own.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ensureBuilt } from './ensure-built.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The exit code of examples/NAME.ts. */
export async function runExample(name, words = []) {
  const command = ['--enable-source-maps', await compileExample(name), ...words]
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  return status ?? 1
}

/** The path of examples/NAME.ts as a program for Node, with the files of its own folder that it imports. */
export async function compileExample(name) {
  ensureBuilt({ types: false })
  const source = `${root}examples/${name}.ts`
  const program = `${root}examples/.out/${name}.js`
  await build({
    entryPoints: [source],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(source).href) },
    logLevel: 'warning',
  })
  return program
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...words] = process.argv.slice(2)
  if (name === undefined) throw new Error('which example? node scripts/run-example.mjs NAME')
  process.exit(await runExample(name, words))
}
