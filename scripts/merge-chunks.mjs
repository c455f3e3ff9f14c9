/**
 * Runs after tsup: puts what `/verification` and `/status` load into few files, for on a cold start every file costs more than
 * what stands in it. Nothing is loaded that was not loaded before by these two; what a bundler leaves out, it still does.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const files = readdirSync(dist, { recursive: true }).filter(file => file.endsWith('.js'))
const entries = files.filter(file => !/^chunk-\w+\.js$/.test(file))

/** The back ends stay apart, and so does what they share: one of them is chosen when a program is run or bundled. */
const together = ['core/crypto/node.js', 'core/crypto/web.js', 'verification.js', 'status.js']
const reached = new Map(together.map(entry => [entry, reachedFrom(join(dist, entry))]))

const merged = await rollup({
  input: Object.fromEntries(entries.map(file => [file.replace(/\.js$/, ''), join(dist, file)])),
  external: id => !/^[./]/.test(id),
  treeshake: { moduleSideEffects: false },
  plugins: [
    { name: 'maps of tsup', load: id => ({ code: codeOf(id), map: JSON.parse(readFileSync(`${id}.map`, 'utf8')) }) },
  ],
})
for (const file of files) for (const gone of [file, `${file}.map`]) rmSync(join(dist, gone))
await merged.write({
  dir: dist,
  format: 'es',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunk-[hash].js',
  hoistTransitiveImports: false,
  manualChunks: id => (isEntry(id) ? undefined : groupOf(id)),
})

/** The same name for all that the same of these entries reach; `undefined` for what none of them does. */
function groupOf(id) {
  const by = together.filter(entry => reached.get(entry).has(id))
  return by.length === 0 ? undefined : by.join()
}

function isEntry(id) {
  return entries.includes(relative(dist, id))
}

/** A file and all that it imports, one by another. */
function reachedFrom(file, found = new Set()) {
  if (found.has(file)) return found
  found.add(file)
  for (const [, to] of codeOf(file).matchAll(/from ["'](\.[^"']+)["']/g)) reachedFrom(join(file, '..', to), found)
  return found
}

function codeOf(file) {
  return readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
}
