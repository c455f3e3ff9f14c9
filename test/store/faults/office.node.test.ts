/** An issuing office when its store fails: place, record in the log, message and answer stand or fall together. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type PoolConfig } from 'pg'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type AuditLog, openAuditLog } from '../../../src/audit/log.js'
import { generateSigner, type Signer } from '../../../src/core/keys.js'
import { VidimusError } from '../../../src/errors.js'
import { answerOnce } from '../../../src/office/idempotency.js'
import { enqueue } from '../../../src/office/outbox.js'
import { openStatusRegistry, type StatusRegistry } from '../../../src/status/registry.js'
import { postgresStore } from '../../../src/store/postgres.js'
import type { SqlStore } from '../../../src/store/sql/store.js'
import { sqliteStore } from '../../../src/store/sqlite.js'
import { databaseUrl, emptySchema, libsql, noPostgres, pool, temporaryFile } from '../sql/databases.js'
import { proxyTo } from './proxy.js'

const baseUri = 'https://status.example'
const day = 86_400_000
let signer: Signer
let logSigner: Signer

beforeAll(async () => {
  signer = await generateSigner('ES256')
  logSigner = await generateSigner('Ed25519')
})

interface Office {
  readonly store: SqlStore
  readonly registry: StatusRegistry
  readonly audit: AuditLog
}

async function office(store: SqlStore, now?: () => Date): Promise<Office> {
  const audit = await openAuditLog({ store, origin: 'passport.example/log', signer: logSigner, now })
  return { store, audit, registry: await openStatusRegistry({ store, signer, baseUri, audit, decoys: 0, now }) }
}

const keyOf = (id: string) => `issue ${id.split(' ', 2).join(' ')}`

/** What a portal does for one request: everything in one transaction, under the client's key. */
const issue = ({ store, registry, audit }: Office, id: string) =>
  answerOnce(store, { key: keyOf(id), request: id }, async transaction => {
    const { uri, index } = await registry.allocate({ id, transaction })
    await audit.record({ kind: 'issue', actor: 'system', reason: 'first_issue', subject: id }, transaction)
    await enqueue(store, transaction, { topic: 'passport_issued', body: id })
    return JSON.stringify({ uri, index })
  })

/** How often each part of an issue is in the store. */
async function partsOf({ store, audit }: Office, id: string) {
  await audit.sequence()
  return store.transaction(async open => {
    const now = new Date(Date.now() + 365 * day)
    const messages = await store.leaseMessages(open, { now, until: now, limit: 100_000 })
    return {
      places: (await store.findStatusEntries(open, baseUri, id)).length,
      entries: (await store.findSubjectEntries(open, id, 10)).length,
      messages: messages.filter(({ body }) => body === id).length,
      answers: (await store.findAnswer(open, keyOf(id))) === undefined ? 0 : 1,
    }
  })
}

const once = { places: 1, entries: 1, messages: 1, answers: 1 }
const never = { places: 0, entries: 0, messages: 0, answers: 0 }

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof VidimusError ? error.code : error),
  )

async function onFile() {
  const handle = libsql(temporaryFile())
  const store = sqliteStore(handle)
  await store.migrate()
  return { handle, store }
}

const migratedPool = async (config: PoolConfig) => {
  const store = postgresStore(pool(config))
  await store.migrate()
  return store
}

describe('a client that heard nothing', () => {
  it.skipIf(databaseUrl === undefined).each(['before the request', 'before the answer'] as const)(
    `sends its request again when the commit was cut off %s, and has one passport${databaseUrl === undefined ? ` (${noPostgres})` : ''}`,
    async when => {
      const { hostname, port } = new URL(databaseUrl!)
      const proxy = await proxyTo(hostname, Number(port))
      const config = await emptySchema()
      const sound = await office(await migratedPool(config))
      const url = databaseUrl!.replace(`:${port}`, `:${proxy.port}`)
      const broken = await office(postgresStore(pool({ ...config, connectionString: url })))
      await issue(broken, 'passport 0')
      proxy.cutAt('commit\0', when)
      expect(await codeOf(issue(broken, 'passport 1'))).toBe('store_commit_unknown')
      proxy.cutAt('', 'never')
      const again = await issue(broken, 'passport 1')
      expect(again.replayed).toBe(when === 'before the answer')
      expect(await partsOf(sound, 'passport 1')).toEqual(once)
      const place = JSON.parse(again.answer) as { uri: string; index: number }
      expect(await sound.registry.get(place)).toBe('valid')
    },
  )

  it.skipIf(databaseUrl === undefined)(
    `has nothing when the connection broke on the way${databaseUrl === undefined ? ` (${noPostgres})` : ''}`,
    async () => {
      const { hostname, port } = new URL(databaseUrl!)
      const proxy = await proxyTo(hostname, Number(port))
      const config = await emptySchema()
      const sound = await office(await migratedPool(config))
      const url = databaseUrl!.replace(`:${port}`, `:${proxy.port}`)
      // Unnamed, so that every statement says what it is on the way.
      const broken = await office(postgresStore(pool({ ...config, connectionString: url }), { statements: 'unnamed' }))
      for (const [n, table] of ['status_entry', 'log_act', 'outbox', 'answer'].entries()) {
        const id = `passport ${n}`
        proxy.cutAt(`INTO vidimus_${table}`, 'before the answer')
        expect(await codeOf(issue(broken, id))).toBe('store_unreachable')
        proxy.cutAt('', 'never')
        expect(await partsOf(sound, id)).toEqual(never)
        expect(await issue(broken, id)).toMatchObject({ replayed: false })
        expect(await partsOf(sound, id)).toEqual(once)
      }
    },
  )

  it('has one passport when it asks a hundred times at once, on a file', async () => {
    const whole = await office((await onFile()).store)
    const answers = await Promise.all(Array.from({ length: 100 }, () => issue(whole, 'passport 1')))
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await partsOf(whole, 'passport 1')).toEqual(once)
  })
})

/** A schema whose tables stand on a file system of eight megabytes; nothing where none can be mounted. */
async function smallTablespace() {
  const folder = mkdtempSync(join(tmpdir(), 'vidimus-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=777', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmdirSync(folder)
    return undefined
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder])
    rmdirSync(folder)
  })
  const user = process.env['VIDIMUS_PG_USER'] ?? ''
  if (user !== '') execFileSync('chown', [user, folder])
  const name = `small_${process.pid}_${Date.now()}`
  const admin = new Client({ connectionString: databaseUrl })
  await admin.connect()
  await admin.query(`CREATE TABLESPACE ${name} LOCATION '${folder}'`)
  onTestFinished(async () => {
    await admin.query(`DROP TABLESPACE IF EXISTS ${name}`).catch(() => undefined)
    await admin.end()
  })
  const { options } = await emptySchema()
  return {
    config: { options: `${options} -c default_tablespace=${name}` },
    grow: () => execFileSync('mount', ['-o', 'remount,size=64m', folder]),
  }
}

describe('a store without room', () => {
  it('keeps what it acknowledged, refuses the rest as a whole, and goes on when there is room', async () => {
    const { handle, store } = await onFile()
    const whole = await office(store)
    await issue(whole, 'passport 0')
    const pages = (handle.prepare('PRAGMA page_count') as unknown as { get(): { page_count: number } }).get().page_count
    handle.exec(`PRAGMA max_page_count = ${pages + 12}`)
    const acknowledged: string[] = ['passport 0']
    const refused: string[] = []
    for (let n = 1; refused.length < 3; n++) {
      const id = `passport ${n} ${'x'.repeat(900)}`
      const code = await codeOf(issue(whole, id))
      if (code === 'done') acknowledged.push(id)
      else {
        expect(code).toBe('store_full')
        refused.push(id)
      }
    }
    handle.exec('PRAGMA max_page_count = 1000000')
    for (const id of acknowledged) expect(await partsOf(whole, id)).toEqual(once)
    for (const id of refused) expect(await partsOf(whole, id)).toEqual(never)
    for (const id of refused) expect(await codeOf(issue(whole, id))).toBe('done')
    for (const id of refused) expect(await partsOf(whole, id)).toEqual(once)
  })

  it.skipIf(databaseUrl === undefined)(
    `of a server loses nothing it acknowledged, and goes on when there is room${databaseUrl === undefined ? ` (${noPostgres})` : ''}`,
    async ({ skip }) => {
      const disk = await smallTablespace()
      if (disk === undefined) return skip('no file system can be mounted here')
      const whole = await office(await migratedPool(disk.config))
      await issue(whole, 'passport 0')
      const acknowledged = ['passport 0']
      const refused: string[] = []
      // Ids that do not compress, until there is no page left for them.
      for (let n = 1; refused.length < 2 && n < 8000; n++) {
        const id = `passport ${n} ${Array.from({ length: 900 }, () => String.fromCharCode(0x4e00 + Math.random() * 20_000)).join('')}`
        const code = await codeOf(issue(whole, id))
        if (code === 'done') acknowledged.push(id)
        else {
          expect(code).toBe('store_full')
          refused.push(id)
        }
      }
      expect(refused).toHaveLength(2)
      disk.grow()
      for (const id of refused) expect(await partsOf(whole, id)).toEqual(never)
      for (const id of [...acknowledged.slice(0, 5), ...acknowledged.slice(-5)])
        expect(await partsOf(whole, id)).toEqual(once)
      for (const id of refused) expect(await codeOf(issue(whole, id))).toBe('done')
    },
    120_000,
  )

  it('publishes no list that it cannot keep', async () => {
    const { handle, store } = await onFile()
    const { registry } = await office(store)
    const place = await registry.allocate({ id: 'passport 1' })
    await registry.publish()
    await registry.set(place, 'invalid')
    const pages = (handle.prepare('PRAGMA page_count') as unknown as { get(): { page_count: number } }).get().page_count
    for (let n = 0; n < 3000; n++) await store.transaction(async () => undefined)
    handle.exec(`PRAGMA max_page_count = ${pages}`)
    const others = await Promise.all(
      Array.from({ length: 40 }, () => codeOf(registry.allocate({ id: 'y'.repeat(1024) }))),
    )
    expect(others).toContain('store_full')
    const written: number[] = []
    const outcome = await codeOf(registry.publish({ write: async ({ version }) => void written.push(version) }))
    handle.exec('PRAGMA max_page_count = 1000000')
    const file = await registry.file(place.uri)
    expect(file?.version).toBe(outcome === 'done' ? 2 : 1)
    expect(written).toEqual(outcome === 'done' ? [2] : [])
    const [next] = await registry.publish()
    expect(next?.version).toBe(outcome === 'done' ? 3 : 2)
    expect(await registry.get(place)).toBe('invalid')
  })
})

describe('a clock that is a day off', () => {
  const makers = {
    'on a file': async () => (await onFile()).store,
    ...(databaseUrl === undefined ? {} : { 'in PostgreSQL': async () => migratedPool(await emptySchema()) }),
  }

  it.each(Object.entries(makers))('loses no act and dates no list and no entry back, %s', async (_, make) => {
    const start = Date.parse('2026-06-01T12:00:00Z')
    let offset = 0
    let ticks = 0
    const now = () => new Date(start + offset + ticks++ * 1000)
    const { registry, audit } = await office(await make(), now)
    const place = await registry.allocate({ id: 'passport 1' })
    const issued: number[] = []
    const steps = [0, day, -day, 0, 2 * day]
    for (const [n, step] of steps.entries()) {
      offset = step
      await registry.set(place, n % 2 === 0 ? 'suspended' : 'valid', { reason: 'clock' })
      const [file] = await registry.publish()
      expect(file?.version).toBe(n + 1)
      issued.push(file!.issued.getTime())
    }
    expect(issued).toEqual(issued.toSorted((a, b) => a - b))
    expect(await registry.get(place)).toBe('suspended')
    const times: string[] = []
    for await (const { time } of audit.entries()) times.push(time)
    expect(times).toHaveLength(steps.length)
    expect(times).toEqual(times.toSorted())
  })
})
