/** Peers that change the modules they share (cbor-x knows one decoder per tag), each loaded with copies of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const banner =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(process.cwd() + '/');"

/** The exports of a package, bundled with everything it imports. */
export async function isolated(name) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const outfile = join(folder, 'peer.mjs')
  try {
    await build({
      stdin: { contents: `export * from '${name}'`, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: banner },
      outfile,
      logLevel: 'silent',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    await rm(folder, { recursive: true })
  }
}
