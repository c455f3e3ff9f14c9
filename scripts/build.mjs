/**
 * `npm run build`: writes `dist`. The same sources twice, and package.json chooses by condition:
 *
 * - `dist` over `node:crypto`, in few files, because on a cold start each file costs as much as thirty kilobytes of code;
 * - `dist/web` over WebCrypto, a file for each source, because a bundler leaves out whole files best.
 *
 * Declarations are written once. `--no-types` leaves them out, for who only runs the package.
 */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { rollup } from 'rollup'
import { build as buildTypes } from 'tsup'
import { entries } from './entries.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [src, dist] = [join(root, 'src'), join(root, 'dist')]
const pathOf = name => join(root, entries[name])
const input = Object.fromEntries(Object.keys(entries).map(name => [name, pathOf(name)]))

rmSync(dist, { recursive: true, force: true })
await write('node', { dir: dist, sourcemap: true, chunkFileNames: 'chunk-[hash].js', manualChunks: fewChunks() })
await write('web', { dir: join(dist, 'web'), preserveModules: true, preserveModulesRoot: src })
if (!process.argv.includes('--no-types')) await writeTypes()

async function write(backend, output) {
  const bundle = await rollup({
    input,
    external: id => !/^[./#]/.test(id),
    treeshake: { moduleSideEffects: false },
    plugins: [sources(backend)],
  })
  await bundle.write({ format: 'es', hoistTransitiveImports: false, entryFileNames: '[name].js', ...output })
  await bundle.close()
}

function sources(backend) {
  return {
    name: 'sources',
    resolveId(id, importer) {
      if (id === '#crypto') return join(src, 'core/crypto', `${backend}.ts`)
      return id.startsWith('.') ? join(dirname(importer), id.replace(/\.js$/, '.ts')) : undefined
    },
    transform: (code, id) =>
      transform(code, { loader: 'ts', target: 'es2022', charset: 'utf8', sourcemap: true, sourcefile: id }),
  }
}

/**
 * Names the file of a module by who loads it: what both the verifier and the status checker need is the core, and each has
 * a file of its own beside it. So has what the log shares with the front door. The rest falls where rollup puts it.
 */
function fewChunks() {
  const reached = new Map()
  return (id, modules) => {
    const by = name => {
      if (!reached.has(name)) reached.set(name, reachedFrom(pathOf(name), modules))
      return reached.get(name).has(id)
    }
    if (Object.keys(entries).some(name => pathOf(name) === id)) return undefined
    if (by('verification')) return by('status') ? 'core' : 'verification'
    if (by('status')) return 'status'
    return by('audit') && by('index') ? 'audit' : undefined
  }
}

/** A module and all that it imports, one by another. */
function reachedFrom(id, { getModuleInfo }) {
  const found = new Set([id])
  for (const each of found) for (const next of getModuleInfo(each)?.importedIds ?? []) found.add(next)
  return found
}

function writeTypes() {
  const paths = { '#crypto': ['./src/core/crypto/node.ts'] }
  return buildTypes({
    config: false,
    entry: input,
    outDir: dist,
    format: 'esm',
    silent: true,
    dts: { only: true, compilerOptions: { paths } },
  })
}
