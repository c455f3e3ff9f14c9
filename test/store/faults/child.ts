/** Programs of the tests as processes of their own, which may be killed or die. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly lines: readonly string[]
}

/** Bundles a TypeScript program; `libsql` and `pg` stay outside and are found from this package. */
export async function bundled(source: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vidimus-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: resolve('test/store/faults'), loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: { '#crypto': resolve('src/core/crypto/node.ts') },
  })
  const path = join(folder, 'program.mjs')
  writeFileSync(path, outputFiles[0]!.contents)
  return path
}

/** Finds packages for a bundled program, which lies outside of this one. */
export const requireHere = `
import { createRequire } from 'node:module'
const require = createRequire(${JSON.stringify(resolve('package.json'))})
`

export function start(program: string, args: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
}

/** What a program wrote, line by line, and how it ended. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const parts: Buffer[] = []
  child.stdout?.on('data', (part: Buffer) => parts.push(part))
  return await new Promise(resolve => {
    child.on('close', (code, signal) => {
      const text = Buffer.concat(parts).toString()
      resolve({ code, signal, lines: text.split('\n').filter(line => line !== '') })
    })
  })
}
