/**
 * Where the demo keeps what it knows: in memory, or with `--store <file>` in SQLite, so that the next run goes on with it.
 * The key of the log and the last checkpoint stand in files of their own, out of reach of whoever edits the database.
 */

import { generateKeyPairSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import {
  english,
  explain,
  generateSigner,
  importSigner,
  type MemoryStore,
  memoryStore,
  type Signer,
  VidimusError,
} from 'vidimus'
import { sqliteStore } from 'vidimus/store/sqlite'

export interface DemoStore {
  readonly store: MemoryStore
  readonly logSigner: Signer
  /** The checkpoint that the last run ended with. */
  readonly keptCheckpoint: string | undefined
  /** Keeps a checkpoint for the next run, and leaves the store. */
  close(checkpoint: string): Promise<void>
}

/** The store that the words of the command line ask for; what is wrong ends the program with a sentence. */
export async function openDemoStore(words: readonly string[]): Promise<DemoStore> {
  const path = storePath(words)
  if (path !== undefined) return openFile(path).catch(error => stop(reasonOf(path, error)))
  const logSigner = await generateSigner('EdDSA')
  return { store: memoryStore(), logSigner, keptCheckpoint: undefined, close: async () => {} }
}

/** Ends the program with a sentence. */
export function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

function storePath(words: readonly string[]): string | undefined {
  try {
    const { store } = parseArgs({ args: [...words], options: { store: { type: 'string' } } }).values
    if (store !== '') return store
  } catch {
    // Said below.
  }
  return stop('usage: npm run demo -- --store <file>')
}

async function openFile(path: string): Promise<DemoStore> {
  const { default: Database } = await import('libsql').catch(() =>
    stop('`--store` needs the package libsql: npm install --save-dev libsql'),
  )
  const database = open(() => new Database(path), `${path} cannot be opened: is its folder there, may you write to it?`)
  const store = sqliteStore(database)
  let statements = 0
  await store.migrate({ print: () => statements++ })
  console.log(
    `store   SQLite in ${path}: ${statements > 0 ? `${statements} statements made its tables` : 'as it was left'}`,
  )
  const checkpointPath = `${path}.checkpoint`
  return {
    store,
    logSigner: await logSignerAt(`${path}.log-key.json`),
    keptCheckpoint: await textAt(checkpointPath),
    async close(checkpoint) {
      await writeFile(checkpointPath, checkpoint)
      database.close()
    },
  }
}

function open<Handle>(handle: () => Handle, otherwise: string): Handle {
  try {
    return handle()
  } catch {
    return stop(otherwise)
  }
}

/** One log, one key, however often the demo runs. In production it stands in an HSM. */
async function logSignerAt(path: string): Promise<Signer> {
  const known = await textAt(path)
  if (known !== undefined) return importSigner(JSON.parse(known))
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  await writeFile(path, JSON.stringify(jwk), { mode: 0o600, flag: 'wx' })
  return importSigner(jwk)
}

const textAt = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })

function reasonOf(path: string, error: Error): string {
  const reason = error instanceof VidimusError ? `${explain(error, english)} ${error.actual ?? ''}` : error.message
  return `the store in ${path} cannot be used: ${reason.trim()}`
}
