/** The portable suite as programs: over the built package, as whoever installs it would have it. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  // The paths of test/tsconfig.json lead to the sources, and the package is what is to be run.
  tsconfigRaw: '{}',
  logLevel: 'error',
}

/** A program for Node, Bun and Deno, in a project with the package among its modules: they choose its back end themselves. */
export async function bundleProgram(folder) {
  const modules = join(folder, 'node_modules')
  mkdirSync(modules, { recursive: true })
  rmSync(join(modules, 'vidimus'), { force: true })
  symlinkSync(root, join(modules, 'vidimus'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const outfile = join(folder, 'portable.mjs')
  const external = ['vidimus', 'vidimus/*']
  await build({ ...common, entryPoints: ['test/portable/main.ts'], outfile, platform: 'node', external })
  return outfile
}

/** A worker for workerd, with its configuration. */
export async function bundleForWorkerd(folder) {
  const conditions = ['workerd', 'worker', 'browser']
  const outfile = join(folder, 'worker.mjs')
  await build({ ...common, entryPoints: ['test/portable/workerd.ts'], outfile, platform: 'browser', conditions })
  const config = join(folder, 'config.capnp')
  writeFileSync(config, workerdConfig)
  return config
}

const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .portable)],
);
const portable :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-11-01",
);
`

/** Scripts for pages and workers of browsers, by name. */
export async function bundleForBrowsers() {
  const names = ['browser', 'control', 'start-worker']
  const entryPoints = names.map(name => `test/portable/${name}.ts`)
  const { outputFiles } = await build({
    ...common,
    entryPoints,
    outdir: 'out',
    platform: 'browser',
    minify: true,
    write: false,
  })
  return Object.fromEntries(names.map((name, index) => [name, outputFiles[index].text]))
}
