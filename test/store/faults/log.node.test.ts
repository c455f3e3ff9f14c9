/** The log when something is in its way: another process that holds its end, a connection that breaks at the commit. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type AuditLog, type AuditLogOptions, openAuditLog } from '../../../src/audit/log.js'
import { importSigner, type Signer } from '../../../src/core/keys.js'
import { VidimusError } from '../../../src/errors.js'
import { postgresStore } from '../../../src/store/postgres.js'
import { sqliteStore } from '../../../src/store/sqlite.js'
import { hold } from '../../../src/testing/store/held.js'
import { databaseUrl, libsql, noPostgres, pool } from '../sql/databases.js'
import { bundled, start } from './child.js'
import { type Place, placeKinds, program } from './places.js'
import { proxyTo } from './proxy.js'

const origin = 'passport.example/log'

/** The key of RFC 8037, Appendix A, which every process knows. */
const jwk = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
}
const signer = await importSigner(jwk, { alg: 'Ed25519' })

type Store = AuditLogOptions['store']

const open = (store: Store, maxWait?: number): Promise<AuditLog> => openAuditLog({ store, origin, signer, maxWait })

const act = (reason: string, subject?: string) => ({ kind: 'issue', actor: 'system', reason, subject })

const record = (log: AuditLog, reason: string): Promise<void> =>
  log.store.transaction(transaction => log.record(act(reason), transaction))

async function reasons(log: AuditLog): Promise<readonly string[]> {
  const all: string[] = []
  for await (const { reason } of log.entries()) all.push(reason)
  return all
}

/** What a store has, read without a log. */
const kept = (store: Store) =>
  store.transaction(async transaction => ({
    size: (await store.findLogHead(transaction)).size,
    pending: (await store.findPendingActs(transaction, 100)).length,
    key: await store.findSubjectKey(transaction, 'anna'),
  }))

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof VidimusError ? error.code : error),
  )

/** Another process that has the end of the log and does not let go of it: its device never signs. */
async function hanging(place: Place): Promise<{ end(): Promise<void> }> {
  const path = await bundled(`${program}
    import { openAuditLog } from '../../../src/audit/log.ts'
    import { importSigner } from '../../../src/core/keys.ts'
    const signer = await importSigner(${JSON.stringify(jwk)}, { alg: 'Ed25519' })
    let signatures = 0
    const sign = bytes => {
      if (signatures++ === 0) return signer.sign(bytes)
      console.log('holds the log')
      return new Promise(resolve => setInterval(() => resolve.name, 1000)) // kept, or its transaction is no more
    }
    const log = await openAuditLog({
      store: storeAt(process.argv[2]), origin: '${origin}', signer: { ...signer, sign } })
    await log.append(${JSON.stringify(act('never'))})
  `)
  const child = start(path, [place.address])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout!, 'data')
  return {
    async end() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

for (const kind of placeKinds)
  describe.skipIf(kind.missing !== undefined)(
    `another process that has the end of a log (${kind.missing ?? kind.name})`,
    { timeout: 30_000 },
    () => {
      it.each([0, 0.3])('is waited for %d s, then it is said; nothing is written or lost', async maxWait => {
        const place = await kind.make()
        const store = place.store()
        const log = await open(store, maxWait)
        await log.append(act('first'))
        await record(log, 'recorded')
        const other = await hanging(place)
        const started = performance.now()
        const codes = await Promise.all([codeOf(log.append(act('refused', 'anna'))), codeOf(log.sequence())])
        const waited = (performance.now() - started) / 1000
        expect(codes).toEqual(['log_busy', 'log_busy'])
        expect(waited).toBeGreaterThanOrEqual(maxWait * 0.9)
        expect(waited).toBeLessThan(maxWait * 2 + 2)
        await other.end()
        expect(await kept(store)).toEqual({ size: 1, pending: 1, key: undefined })
        await log.sequence()
        expect((await log.append(act('later', 'anna'))).index).toBe(2)
        expect(await reasons(log)).toEqual(['first', 'recorded', 'later'])
      })

      it('is waited for at the opening of a log with acts to number', async () => {
        const place = await kind.make()
        await record(await open(place.store()), 'recorded')
        const other = await hanging(place)
        expect(await codeOf(open(place.store(), 0.1))).toBe('log_busy')
        await other.end()
        expect(await reasons(await open(place.store()))).toEqual(['recorded'])
      })

      it('lets go, and the one that waits goes on', async () => {
        const place = await kind.make()
        const log = await open(place.store({ maxWait: 0.05 }))
        const other = await hanging(place)
        const appending = log.append(act('waiting'))
        setTimeout(() => other.end(), 300)
        expect((await appending).index).toBe(0)
      })
    },
  )

describe.skipIf(databaseUrl === undefined)(
  databaseUrl === undefined ? `a lock that is waited for (${noPostgres})` : 'a lock that is waited for',
  () => {
    it('is waited for as long as was said, and what comes after it is not', async () => {
      const place = await placeKinds[1]!.make()
      const [one, other] = [place.store(), place.store()]
      const key = new Uint8Array(32)
      await one.transaction(transaction => one.keepSubjectKeys(transaction, [{ subject: 'anna', key }]))
      const locked = await hold(one, transaction => one.lockLog(transaction))
      const erased = await hold(one, transaction => one.eraseSubject(transaction, 'anna'))
      const codes = await Promise.all([
        codeOf(other.transaction(transaction => other.lockLog(transaction, 0))),
        codeOf(other.transaction(transaction => other.lockLog(transaction, 0.1))),
        other.transaction(async transaction => {
          setTimeout(() => locked.commit(), 200)
          setTimeout(() => erased.commit(), 1200)
          await other.lockLog(transaction, 0.6)
          return codeOf(other.keepSubjectKeys(transaction, [{ subject: 'anna', key }]))
        }),
      ])
      expect(codes).toEqual(['store_busy', 'store_busy', 'nothing thrown'])
    })
  },
)

describe.skipIf(databaseUrl === undefined)(
  databaseUrl === undefined
    ? `a connection that breaks at the commit of a batch (${noPostgres})`
    : 'a connection that breaks at the commit of a batch',
  { timeout: 30_000 },
  () => {
    /** A log over a way that breaks, and the store over one that does not. */
    async function broken(maxWait?: number) {
      const place = await placeKinds[1]!.make()
      const { connectionString, ...config } = JSON.parse(place.address)
      const { hostname, port } = new URL(connectionString)
      const proxy = await proxyTo(hostname, Number(port))
      const url = connectionString.replace(`:${port}`, `:${proxy.port}`)
      let signing = () => {}
      const watched: Signer = { ...signer, sign: bytes => (signing(), signer.sign(bytes)) }
      const store = postgresStore(pool({ ...config, connectionString: url }))
      const log = await openAuditLog({ store, origin, signer: watched, maxWait })
      await log.append(act('first'))
      const onSign = (act: () => void) => {
        signing = act
      }
      return { proxy, log, sound: place.store(), onSign }
    }

    it('after the server has done it: appends are answered with their entries', async () => {
      const { proxy, log, sound } = await broken()
      proxy.cutAt('commit\0', 'before the answer', 1)
      const appended = await Promise.all(['one', 'two', 'three'].map(reason => log.append(act(reason, 'anna'))))
      expect(appended.map(({ index }) => index)).toEqual([1, 2, 3])
      const again = await open(sound)
      expect(await reasons(again)).toEqual(['first', 'one', 'two', 'three'])
      for (const { index, entry } of appended) expect((await again.proveInclusion(index)).entry).toEqual(entry)
      expect((await log.append(act('next'))).index).toBe(4)
      expect(await log.checkpoint()).toBe(await again.checkpoint())
    })

    it('before the server has done it: nothing is written, and it is said', async () => {
      const { proxy, log, sound } = await broken()
      proxy.cutAt('commit\0', 'before the request', 1)
      expect(await codeOf(log.append(act('lost', 'anna')))).toBe('store_unreachable')
      expect(await kept(sound)).toEqual({ size: 1, pending: 0, key: undefined })
      expect((await log.append(act('next'))).index).toBe(1)
    })

    it.each([
      ['before the answer', 'nothing thrown', ['first', 'recorded']],
      ['before the request', 'store_unreachable', ['first']],
    ] as const)('%s, while acts of others are numbered', async (when, code, expected) => {
      const { proxy, log, sound, onSign } = await broken()
      const again = await open(sound)
      await record(again, 'recorded')
      // The first commit is that of the look for acts that wait.
      onSign(() => proxy.cutAt('commit\0', when, 1))
      expect(await codeOf(log.sequence())).toBe(code)
      onSign(() => undefined)
      expect(await kept(sound)).toMatchObject({ size: expected.length, pending: 2 - expected.length })
      await log.sequence()
      expect(await reasons(again)).toEqual(['first', 'recorded'])
    })

    it('while it is looked whether acts wait: nothing was to be written', async () => {
      const { proxy, log } = await broken()
      proxy.cutAt('commit\0', 'before the answer', 1)
      expect(await codeOf(log.sequence())).toBe('store_unreachable')
      await log.sequence()
    })

    it('and a store that cannot be asked afterwards: nobody knows, and nothing personal is said', async () => {
      const { proxy, log, sound } = await broken(0.3)
      proxy.cutAt('commit\0', 'before the answer')
      const started = performance.now()
      const error = await log.append(act('unknown', 'anna')).catch(error => error)
      expect(error).toMatchObject({ name: 'VidimusError', code: 'store_commit_unknown' })
      expect(`${error.message} ${JSON.stringify(error)} ${error.cause}`).not.toMatch(/anna|unknown.*[\w-]{22}/)
      expect(performance.now() - started).toBeGreaterThan(250)
      expect((await kept(sound)).size).toBe(2)
      proxy.cutAt('', 'never')
      // How to find out: it is there, or it is not.
      expect(await reasons(log)).toEqual(['first', 'unknown'])
      expect((await log.append(act('next'))).index).toBe(2)
    })

    it('at any of many: each append that was answered is in the log once, each refused one is not', async () => {
      const { proxy, log, sound } = await broken()
      const outcomes = new Map<string, unknown>()
      for (let round = 0; round < 60; round++) {
        const when = (['never', 'before the answer', 'before the request'] as const)[round % 3]!
        proxy.cutAt(round % 2 === 0 ? 'commit\0' : 'vidimus_log', when, 1)
        await Promise.all(
          [0, 1, 2].map(async at => {
            const reason = `reason_${round}_${at}`
            outcomes.set(reason, await codeOf(log.append(act(reason, `citizen ${at}`))))
          }),
        )
      }
      proxy.cutAt('', 'never')
      const there = await reasons(await open(sound))
      expect(new Set(there).size).toBe(there.length)
      for (const [reason, code] of outcomes) {
        expect(['nothing thrown', 'store_unreachable']).toContain(code)
        expect([reason, there.includes(reason)]).toEqual([reason, code === 'nothing thrown'])
      }
      expect(new Set(outcomes.values()).size).toBe(2)
      expect(await log.checkpoint()).toBe(await (await open(sound)).checkpoint())
    })
  },
)

const bin = process.env['VIDIMUS_PG_BIN']
const folder = process.env['VIDIMUS_PG_DATA']
const user = process.env['VIDIMUS_PG_USER'] ?? ''

function restart(): void {
  const command = [`${bin}/pg_ctl`, '-D', `${folder}`, '-m', 'immediate', '-w', '-l', `${folder}/../log`, 'restart']
  const [name, ...rest] = user === '' ? command : ['runuser', '-u', user, '--', ...command]
  execFileSync(name!, rest, { stdio: 'ignore', cwd: '/' })
}

describe.skipIf(bin === undefined || folder === undefined)('a server that crashes under a log', () => {
  it('has every entry that was acknowledged, and none of an append that was refused', { timeout: 60_000 }, async () => {
    const place = await placeKinds[1]!.make()
    const log = await open(place.store())
    const outcomes = new Map<string, unknown>()
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let round = 0; round < 120; round++) {
        const reason = `reason_${writer}_${round}`
        outcomes.set(reason, await codeOf(log.append(act(reason, `citizen ${writer}`))))
      }
    })
    await new Promise(resolve => setTimeout(resolve, 150))
    restart()
    await Promise.all(writers)
    const there = await reasons(await open(place.store()))
    expect(new Set(there).size).toBe(there.length)
    for (const [reason, code] of outcomes) {
      expect(['nothing thrown', 'store_unreachable', 'store_commit_unknown']).toContain(code)
      if (code !== 'store_commit_unknown') expect(there.includes(reason)).toBe(code === 'nothing thrown')
    }
    expect(await log.checkpoint()).toBe(await (await open(place.store())).checkpoint())
  })
})

interface Counting {
  all(values: readonly never[]): { n: number }[]
}

describe('SQLite whose disk fails at the commit of a batch', () => {
  /** A log over a handle that may say that it could not commit, whether it did or not. */
  async function failing() {
    const place = await placeKinds[0]!.make()
    const handle = libsql(JSON.parse(place.address).path)
    onTestFinished(() => handle.close())
    const fault = { commits: undefined as boolean | undefined, wrote: [] as boolean[] }
    const changes = () => (handle.prepare('select total_changes() as n') as unknown as Counting).all([])[0]!.n
    let before = 0
    const log = await open(
      sqliteStore({
        prepare: sql => handle.prepare(sql),
        exec: sql => {
          const { commits } = fault
          if (sql === 'begin immediate') before = changes()
          if (sql === 'commit') fault.wrote.push(changes() > before)
          if (sql !== 'commit' || commits === undefined) return handle.exec(sql)
          fault.commits = undefined
          if (commits) handle.exec(sql)
          throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC', rawCode: 1034 })
        },
      }),
    )
    await log.append(act('first'))
    return { log, fault, sound: place.store() }
  }

  it('though it was done: the append is answered with its entry', async () => {
    const { log, fault, sound } = await failing()
    fault.commits = true
    expect((await log.append(act('second'))).index).toBe(1)
    expect((await log.append(act('third'))).index).toBe(2)
    expect(await reasons(await open(sound))).toEqual(['first', 'second', 'third'])
  })

  it('and it was not done: nothing is written, and another commit has taken its place before that is said', async () => {
    const { log, fault, sound } = await failing()
    fault.commits = false
    fault.wrote = []
    expect(await codeOf(log.append(act('second', 'anna')))).toBe('store_unreachable')
    expect(fault.wrote).toEqual([true, true]) // the batch, and the look for it
    expect(await kept(sound)).toEqual({ size: 1, pending: 0, key: undefined })
    expect((await log.append(act('third'))).index).toBe(1)
  })
})
