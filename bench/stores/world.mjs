/** What the store programs share: a store of either kind, a registry and a log over it, and processes beside this one. */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import pg from 'pg'
import { openAuditLog } from 'vidimus/audit'
import { importSigner } from 'vidimus/credential'
import { openStatusRegistry } from 'vidimus/status'
import { postgresStore } from 'vidimus/store/postgres'
import { sqliteStore } from 'vidimus/store/sqlite'

export const baseUri = 'https://status.example'
const origin = 'passport.example/log'

/** Keys that every process knows; they sign nothing that anybody believes. */
const statusJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
}
const logJwk = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
}

/** A store of a kind, the file or address of its database, and how it is left. */
export async function openStore(kind, place, { pool = 16 } = {}) {
  if (kind === 'postgres') {
    const clients = new pg.Pool({ connectionString: place, max: pool })
    return { store: postgresStore(clients, { maxWait: 60 }), close: () => clients.end() }
  }
  const handle = new Database(place)
  return { store: sqliteStore(handle, { maxWait: 60 }), close: async () => handle.close() }
}

/** An empty database of a kind, with its tables. */
export async function newPlace(kind) {
  if (kind === 'postgres') {
    const place = await freshDatabase()
    await migrated(kind, place)
    return { place, remove: async () => {} }
  }
  const folder = mkdtempSync(join(tmpdir(), 'vidimus-store-'))
  const place = join(folder, 'vidimus.db')
  await migrated(kind, place)
  return { place, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}

async function migrated(kind, place) {
  const { store, close } = await openStore(kind, place)
  await store.migrate()
  await close()
}

async function freshDatabase() {
  const url = new URL(process.env['DATABASE_URL'])
  const name = `vidimus_${process.pid}_${Date.now().toString(36)}_${Math.floor(Math.random() * 1e6)}`
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  url.pathname = `/${name}`
  return url.href
}

export async function openLog(store, options = {}) {
  return openAuditLog({ store, origin, signer: await importSigner(logJwk, { alg: 'Ed25519' }), ...options })
}

export async function openOffice(store, options = {}) {
  const audit = await openLog(store)
  const registry = await openRegistry(store, { audit, ...options })
  return { audit, registry }
}

export async function openRegistry(store, options = {}) {
  return openStatusRegistry({ store, signer: await importSigner(statusJwk), baseUri, ...options })
}

/** A process that runs `child.mjs` with a task, and the messages it sends. */
export function startChild(task, onMessage = () => {}) {
  const child = fork(fileURLToPath(new URL('child.mjs', import.meta.url)), [JSON.stringify(task)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', onMessage)
  const ended = new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', reject)
  })
  return { child, ended }
}

/** The kinds to run with, and what was left out for want of a server. */
export function kindsAtHand() {
  if (process.env['DATABASE_URL'] !== undefined) return ['sqlite', 'postgres']
  console.log('left out: postgres (no DATABASE_URL; run it with scripts/with-postgres.sh)')
  return ['sqlite']
}

export const seconds = started => ((performance.now() - started) / 1000).toFixed(1)

export function require(condition, says) {
  if (!condition) throw new Error(says)
}

/** Limits wide enough for what this process made itself. */
export const defaultOf = new Proxy({}, { get: () => Number.MAX_SAFE_INTEGER })
