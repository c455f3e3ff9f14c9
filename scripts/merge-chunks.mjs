/**
 * Runs after tsup: puts what the entries load into few files, for on a cold start each file costs about as much as thirty
 * kilobytes of what stands in it. No entry loads what it does not need; what a bundler leaves out, it still does.
 *
 * What every entry needs, the core, stands in one file with the back end: the one that `#crypto` stands for, by condition.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const backends = ['core/crypto/node.js', 'core/crypto/web.js'].map(file => join(dist, file))
const core = join(dist, 'core.js')
const output = { format: 'es', sourcemap: true, hoistTransitiveImports: false }

await merge()
for (const backend of backends) await joinCoreTo(backend)
for (const file of scripts()) if (!backends.includes(file)) importCoreByCondition(file)
remove(core)

/** Of tsup's chunks, which are as many as there are sets of entries that share something, makes a few. */
async function merge() {
  const files = scripts()
  const entries = files.filter(file => !/^chunk-\w+\.js$/.test(basename(file)))
  const named = name => reachedFrom(join(dist, `${name}.js`))
  const [verification, status, audit, index] = ['verification', 'status', 'audit', 'index'].map(named)
  const shared = backends.map(backend => reachedFrom(backend))

  const merged = await bundled({
    input: Object.fromEntries(entries.map(file => [file.slice(dist.length + 1, -'.js'.length), file])),
    external: id => !/^[./]/.test(id),
  })
  for (const file of files) remove(file)
  await merged.write({
    ...output,
    dir: dist,
    entryFileNames: '[name].js',
    chunkFileNames: ({ name }) => (name === 'core' ? 'core.js' : 'chunk-[hash].js'),
    manualChunks: id => (entries.includes(id) ? undefined : groupOf(id)),
  })

  function groupOf(id) {
    const inBoth = verification.has(id) && status.has(id)
    if (inBoth || shared.some(reached => reached.has(id))) return 'core'
    if (verification.has(id)) return 'verification'
    if (status.has(id)) return 'status'
    if (audit.has(id) && index.has(id)) return 'audit'
    return undefined
  }
}

/** Under the names by which the other files ask for it. */
async function joinCoreTo(backend) {
  const both = [core, backend].map(file => `export * from ${JSON.stringify(file)}`).join('\n')
  const joined = await bundled({
    input: 'both',
    external: id => !/^([./]|#crypto$|both$)/.test(id),
    plugins: [
      {
        name: 'the core and its back end',
        resolveId: id => (id === 'both' ? id : id === '#crypto' ? backend : undefined),
        load: id => (id === 'both' ? both : undefined),
      },
    ],
    onLog(level, log, report) {
      // The core asks the back end for its work, and has the class of the errors that it throws.
      if (log.code !== 'CIRCULAR_DEPENDENCY') report(level, log)
    },
  })
  await joined.write({ ...output, file: `${backend}.joined` })
  for (const end of ['', '.map']) renameSync(`${backend}.joined${end}`, `${backend}${end}`)
}

function importCoreByCondition(file) {
  const code = readFileSync(file, 'utf8')
  writeFileSync(file, code.replace(/(from|import) '(\.\.?\/)+core\.js'/g, "$1 '#crypto'"))
}

/** tsup's maps lead on to the sources. */
function bundled({ plugins = [], ...options }) {
  const maps = { name: 'maps', load: id => ({ code: codeOf(id), map: JSON.parse(readFileSync(`${id}.map`, 'utf8')) }) }
  return rollup({ treeshake: { moduleSideEffects: false }, ...options, plugins: [...plugins, maps] })
}

/** A file and all that it imports, one by another. */
function reachedFrom(file, found = new Set()) {
  if (found.has(file)) return found
  found.add(file)
  for (const [, to] of codeOf(file).matchAll(/from ["'](\.[^"']+)["']/g)) reachedFrom(join(dirname(file), to), found)
  return found
}

function codeOf(file) {
  return readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
}

function remove(file) {
  for (const gone of [file, `${file}.map`]) rmSync(gone)
}

/** Every script of the package, by its path. */
function scripts() {
  const names = readdirSync(dist, { recursive: true }).filter(name => name.endsWith('.js'))
  return names.map(name => join(dist, name))
}
