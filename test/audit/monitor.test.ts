/** A monitor: that it follows a log in order in silence, and which kind of disorder it reports. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AuditEntry, entryText } from '../../src/audit/entry.js'
import { logReader } from '../../src/audit/log-reader.js'
import { type MonitorOptions, type MonitorState, monitorLog } from '../../src/audit/monitor.js'
import type { PublishedLogFile } from '../../src/audit/tiles.js'
import { witness, witnessMemory } from '../../src/audit/witness.js'
import { concatBytes, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { printCheckpoint } from '../../src/formats/tlog/checkpoint.js'
import { leafHash } from '../../src/formats/tlog/hash.js'
import { MerkleTree } from '../../src/formats/tlog/merkle.js'
import { ed25519KeyId, printNote } from '../../src/formats/tlog/note.js'
import { printEntryBundle } from '../../src/formats/tlog/tile.js'
import { explain } from '../../src/wording/explain.js'
import { russian } from '../../src/wording/russian.js'
import { act, origin, type World, world } from './world.js'

/** A log and the place where it is published, with what a hostile host or operator can do to it. */
interface Site extends World {
  readonly files: Map<string, Uint8Array>
  readonly asked: string[]
  grow(entries: number): Promise<void>
  look(options?: Partial<MonitorOptions>): ReturnType<typeof monitorLog>
}

async function site(of?: World): Promise<Site> {
  const made = of ?? (await world())
  const files = new Map<string, Uint8Array>()
  const asked: string[] = []
  const write = ({ path, body }: PublishedLogFile) => void files.set(path, typeof body === 'string' ? utf8(body) : body)
  await made.log.publish({ write })
  return {
    ...made,
    files,
    asked,
    grow: async entries => {
      await Promise.all(Array.from({ length: entries }, () => made.log.append(act())))
      await made.log.publish({ write })
    },
    look: options =>
      monitorLog({
        logKey: made.log.verifierKey,
        now: () => made.clock.now,
        read: async path => {
          asked.push(path)
          return files.get(path)
        },
        ...options,
      }),
  }
}

const reparsed = (state: MonitorState | undefined): MonitorState => JSON.parse(JSON.stringify(state))

const entriesOf = async ({ log }: World): Promise<AuditEntry[]> => {
  const entries: AuditEntry[] = []
  for await (const entry of log.entries()) entries.push(entry)
  return entries
}

/** A log with the same key that says something else, as an operator with two faces would run it. */
async function twin({ signer }: World, entries: number): Promise<Site> {
  const other = await world({ signer })
  await other.log.append(act(undefined, 'another_history'))
  const shown = await site(other)
  await shown.grow(entries - 1)
  return shown
}

const codes = ({ findings }: Awaited<ReturnType<typeof monitorLog>>) => findings.map(({ code }) => code)

describe('a monitor of a log in order', () => {
  it('finds nothing and gives out every entry once, look by look', async () => {
    const log = await site()
    const all: AuditEntry[] = []
    let state: MonitorState | undefined
    for (const more of [0, 3, 0, 252, 1, 1, 300, 0]) {
      if (more > 0) await log.grow(more)
      const report = await log.look({ state })
      expect(report).toMatchObject({ ok: true, findings: [], remaining: 0 })
      expect(report.entries).toHaveLength(more)
      all.push(...report.entries)
      state = reparsed(report.state)
    }
    expect(all).toEqual(await entriesOf(log))
  })

  it('gives out no more at a look than is asked for', async () => {
    const log = await site()
    await log.grow(300)
    const all: AuditEntry[] = []
    let state: MonitorState | undefined
    for (const remaining of [200, 100, 0]) {
      const report = await log.look({ state, maxEntries: 100 })
      expect(report).toMatchObject({ ok: true, remaining })
      all.push(...report.entries)
      state = reparsed(report.state)
    }
    expect(all).toEqual(await entriesOf(log))
  })

  it('begins where a checkpoint of one’s own keeping ends', async () => {
    const log = await site()
    await log.grow(5)
    const from = await log.log.checkpoint()
    await log.grow(2)
    const report = await log.look({ from })
    expect(report.entries.map(({ index }) => index)).toEqual([5, 6])
    expect((await log.look({ state: report.state })).entries).toEqual([])
  })

  it('reads what changed and no more', async () => {
    const log = await site()
    await log.grow(600)
    const { state } = await log.look()
    log.asked.length = 0
    await log.look({ state })
    expect(log.asked).toEqual(['checkpoint'])
    await log.grow(1)
    log.asked.length = 0
    await log.look({ state })
    expect([...log.asked].sort()).toEqual(
      ['checkpoint', 'tile/0/002.p/89', 'tile/1/000.p/2', 'tile/entries/002.p/89'].sort(),
    )
  })

  it('hands over a report that nobody changes', async () => {
    const log = await site()
    await log.grow(1)
    const report = await log.look()
    for (const part of [report, report.state, report.entries, report.findings]) expect(Object.isFrozen(part)).toBe(true)
  })

  it('stops when it is told to', async () => {
    const log = await site()
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    await expect(log.look({ signal: stop.signal })).rejects.toThrow('enough')
    const later = new AbortController()
    const read = async (path: string) => {
      later.abort(new Error('later'))
      return log.files.get(path)
    }
    await expect(log.look({ signal: later.signal, read })).rejects.toThrow('later')
  })
})

describe('a monitor reports', () => {
  it('a fork at the same size, with both checkpoints, until it is gone', async () => {
    const log = await site()
    await log.grow(4)
    const { state } = await log.look()
    const other = await twin(log, 4)
    const report = await other.look({ state })
    expect(report).toMatchObject({ ok: false, entries: [], state })
    expect(report.findings).toEqual([
      {
        code: 'log_forked',
        at: 'root',
        evidence: { held: await log.log.checkpoint(), shown: await other.log.checkpoint() },
      },
    ])
    expect(codes(await other.look({ state: report.state }))).toEqual(['log_forked'])
    expect((await log.look({ state: report.state })).ok).toBe(true)
  })

  it('a fork that has grown, and one that is smaller while the files of the truth are there', async () => {
    const log = await site()
    await log.grow(300)
    const { state } = await log.look()
    const larger = await twin(log, 310)
    expect(codes(await larger.look({ state }))).toEqual(['log_forked'])
    const smaller = await twin(log, 200)
    const files = new Map([...log.files, ['checkpoint', smaller.files.get('checkpoint')!]])
    expect(codes(await log.look({ state, read: async path => files.get(path) }))).toEqual(['log_forked'])
  })

  it('a rollback: an older state of the same history, such as of a restored database', async () => {
    const log = await site()
    await log.grow(3)
    const older = log.files.get('checkpoint')!
    await log.grow(3)
    const { state } = await log.look()
    log.files.set('checkpoint', older)
    const report = await log.look({ state })
    expect(report.findings).toMatchObject([{ code: 'log_rolled_back', expected: 6, actual: 3 }])
    expect(report.findings[0]?.evidence?.held).toBe(state?.checkpoint)
    expect(report.state).toEqual(state)
    expect(explain(report.findings[0]!, russian)).toContain('записей было 6, стало 3')
  })

  it('a log that was emptied', async () => {
    const log = await site()
    await log.grow(3)
    const { state } = await log.look()
    expect(codes(await (await site(await world({ signer: log.signer }))).look({ state }))).toEqual(['log_rolled_back'])
  })

  it('files that are missing, and goes on where it was when they are back', async () => {
    const log = await site()
    await log.grow(300)
    for (const path of ['tile/entries/000', 'tile/0/000', 'tile/entries/001.p/44', 'tile/1/000.p/1', 'checkpoint']) {
      const read = async (asked: string) => (asked === path ? undefined : log.files.get(asked))
      const report = await log.look({ read })
      expect(report.findings).toMatchObject([{ code: 'audit_tile_missing', at: path }])
      const next = await log.look({ state: report.state })
      expect(next.ok).toBe(true)
      expect([...report.entries, ...next.entries]).toEqual(await entriesOf(log))
    }
  })

  it('any changed byte of any file', async () => {
    const log = await site()
    await log.grow(300)
    const paths = [...log.files.keys()].filter(path => !path.includes('.p/') || /\.p\/(44|1)$/.test(path))
    const harm = fc.record({ file: fc.nat(paths.length - 1), byte: fc.nat(), bit: fc.nat(7) })
    await fc.assert(
      fc.asyncProperty(harm, async ({ file, byte, bit }) => {
        const path = paths[file]!
        const bytes = log.files.get(path)!.slice()
        bytes[byte % bytes.length]! ^= 1 << bit
        const report = await log.look({ read: async asked => (asked === path ? bytes : log.files.get(asked)) })
        expect(report.ok).toBe(false)
        expect(report.findings).toHaveLength(1)
        if (path !== 'checkpoint') expect(codes(report)).toEqual(['audit_tile_invalid'])
      }),
      { seed: 20261122, numRuns: 60 },
    )
  })

  it('a checkpoint by another key, of another log, or with too few witnesses', async () => {
    const log = await site()
    await log.grow(2)
    const { state } = await log.look()
    const stranger = await site()
    expect(codes(await log.look({ state, logKey: stranger.log.verifierKey }))).toEqual(['checkpoint_signature_missing'])
    const other = await site(await world({ origin: 'other.example/log' }))
    expect(codes(await other.look({ state, logKey: log.log.verifierKey }))).toEqual(['checkpoint_origin_mismatch'])
    const both = [log.log.verifierKey, other.log.verifierKey]
    expect(codes(await other.look({ state, logKey: both }))).toEqual(['checkpoint_origin_mismatch'])
    const signer = await generateSigner('EdDSA')
    const logKey = log.log.verifierKey
    const w = await witness({
      name: 'witness.example/w1',
      signer,
      logKey,
      memory: witnessMemory(),
      now: () => log.clock.now,
    })
    const witnesses = { keys: w.verifierKey, threshold: 1 }
    const alone = await log.look({ state, witnesses })
    expect(codes(alone)).toEqual(['checkpoint_witnesses_missing'])
    expect(alone.state).toEqual(state)
    const { checkpoint } = await w.trustFirst(await log.log.checkpoint())
    log.files.set('checkpoint', utf8(checkpoint))
    expect(await log.look({ state, witnesses })).toMatchObject({ ok: true, state: { checkpoint } })
  })

  it('a log that does not grow, and its own blindness, once they last too long', async () => {
    const log = await site()
    await log.grow(1)
    const { state } = await log.look()
    const later = (seconds: number) => () => new Date(log.clock.now.getTime() + seconds * 1000)
    const options = { state, maxStaleness: 3600 }
    expect((await log.look({ ...options, now: later(3600) })).ok).toBe(true)
    const stale = await log.look({ ...options, now: later(3601) })
    expect(stale.findings).toEqual([{ code: 'log_stale', expected: 3600, actual: 3601 }])
    expect(stale.state?.grownAt).toBe(state?.grownAt)
    const read = async () => Promise.reject(new Error('offline'))
    expect(codes(await log.look({ ...options, read, now: later(3600) }))).toEqual(['log_unreachable'])
    const blind = await log.look({ ...options, read, now: later(3601) })
    expect(codes(blind)).toEqual(['log_unreachable', 'log_stale', 'monitor_stale'])
    expect(blind.state).toEqual(state)
    await log.grow(1)
    expect((await log.look({ ...options, now: later(9999) })).ok).toBe(true)
    expect((await log.look({ state, now: later(9_999_999) })).ok).toBe(true)
  })

  it('a reader that fails, and knows nothing as long as it knew nothing', async () => {
    const log = await site()
    const read = () => {
      throw new Error('offline')
    }
    expect(await log.look({ read, maxStaleness: 1 })).toEqual({
      ok: false,
      findings: [{ code: 'log_unreachable' }],
      entries: [],
      remaining: 0,
      state: undefined,
    })
  })
})

describe('a log that committed to what it should not have', async () => {
  const made = await world()
  for (const reason of ['one', 'two', 'three']) {
    await made.log.append(act(undefined, reason))
    made.clock.now = new Date(made.clock.now.getTime() + 60_000)
  }
  const entries = await entriesOf(made)
  const leaf = (entry: object | undefined) => utf8(entryText(entry as AuditEntry))
  const [first, second, third] = entries

  /** Leaves under the log's own signature. */
  async function committed(leaves: readonly Uint8Array[]) {
    const tree = new MerkleTree()
    for (const data of leaves) tree.append(leafHash(data))
    const text = printCheckpoint({ origin, size: leaves.length, root: tree.root(), extensions: [] })
    const keyId = ed25519KeyId(origin, fromBase64url(made.signer.publicJwk.x))
    const signature = await made.signer.sign(utf8(text))
    const files = new Map([
      ['checkpoint', utf8(printNote({ text, signatures: [{ name: origin, keyId, signature }] }))],
      [`tile/0/000.p/${leaves.length}`, concatBytes(...leaves.map(leafHash))],
      [`tile/entries/000.p/${leaves.length}`, printEntryBundle(leaves)],
    ])
    return monitorLog({ logKey: made.log.verifierKey, read: async path => files.get(path) })
  }

  it('is in order with what its entries are', async () => {
    expect(await committed(entries.map(leaf))).toMatchObject({ ok: true, entries })
  })

  it.each<[string, readonly (object | undefined)[], string, string, number]>([
    ['a removed entry', [first, third], 'audit_entry_malformed', 'entry 1', 1],
    ['swapped entries', [first, third, second], 'audit_entry_malformed', 'entry 1', 1],
    ['a repeated entry', [first, first, second], 'audit_entry_malformed', 'entry 1', 1],
    ['a broken link', [first, { ...second, reason: 'four' }, third], 'audit_chain_broken', 'entry 2', 2],
    [
      'a first entry that follows another',
      [{ ...first, previous: second?.previous }],
      'audit_chain_broken',
      'entry 0',
      0,
    ],
    [
      'a time before that of the entry before',
      [first, { ...second, time: '2026-11-22T09:00:00Z' }],
      'audit_chain_broken',
      'time of entry 1',
      1,
    ],
    ['something else than an entry', [first, { hello: 1 }], 'audit_entry_malformed', 'entry 1', 1],
    ['a member too many', [{ ...first, name: 'Ivan' }], 'audit_entry_malformed', 'entry 0', 0],
  ])('is reported for %s', async (_, leaves, code, at, before) => {
    const report = await committed(leaves.map(leaf))
    expect(report.findings).toMatchObject([{ code, at }])
    expect(report.entries).toHaveLength(before)
    expect(report.state?.next).toBe(before)
  })
})

describe('the state of a monitor', async () => {
  const log = await site()
  await log.grow(2)
  const { state } = await log.look()

  it.each<[string, object]>([
    ['options', undefined as never],
    ['read', { read: 'https://log.example' }],
    ['logKey', { logKey: 'key' }],
    ['from', { state, from: state?.checkpoint }],
    ['from', { from: 'checkpoint' }],
    ['state', { state: null }],
    ['state', { state: {} }],
    ['state', { state: { ...state, version: 2 } }],
    ['state.checkpoint', { state: { ...state, checkpoint: 7 } }],
    ['state.next', { state: { ...state, next: 3 } }],
    ['state.next', { state: { ...state, next: -1 } }],
    ['state.time', { state: { ...state, time: 7 } }],
    ['state.grownAt', { state: { ...state, grownAt: 'yesterday' } }],
    ['state.checkedAt', { state: { ...state, checkedAt: '2026-02-30T00:00:00.000Z' } }],
    ['maxStaleness', { maxStaleness: 0 }],
    ['maxStaleness', { maxStaleness: Number.NaN }],
    ['maxEntries', { maxEntries: 0 }],
    ['maxEntries', { maxEntries: 1.5 }],
  ])('and all options are refused with a wrong `%s`', async (argument, options) => {
    const look = options === undefined ? monitorLog(options as never) : log.look(options)
    await expect(look).rejects.toThrow(`\`${argument}\``)
  })

  it('does not go back with a clock that does', async () => {
    const report = await log.look({ state, now: () => new Date('2020-01-01T00:00:00Z') })
    expect(report.state).toEqual(state)
  })
})

describe('a reader of published files', () => {
  const url = 'https://log.example/passports/'
  const answer = (body: BodyInit | null, init: ResponseInit = {}) =>
    new Response(body, { headers: { 'content-type': 'application/octet-stream' }, ...init })

  it('fetches below the address, without credentials and redirects', async () => {
    const asked: [string, RequestInit][] = []
    const read = logReader(url, {
      fetch: async (uri, init) => {
        asked.push([uri, init])
        return answer('x', { headers: { 'content-type': 'text/plain; charset=utf-8' } })
      },
    })
    expect(await read('tile/0/000')).toEqual(utf8('x'))
    expect(asked[0]?.[0]).toBe('https://log.example/passports/tile/0/000')
    expect(asked[0]?.[1]).toMatchObject({ redirect: 'error', credentials: 'omit' })
  })

  it('says that nothing is there at 404 and 410, and fails at any other answer', async () => {
    for (const status of [404, 410])
      expect(await logReader(url, { fetch: async () => answer('', { status }) })('x')).toBeUndefined()
    for (const status of [403, 500, 503])
      await expect(logReader(url, { fetch: async () => answer('', { status }) })('x')).rejects.toMatchObject({
        code: 'log_response_invalid',
      })
  })

  it.each([
    ['log_response_invalid', async () => answer('x', { headers: { 'content-type': 'text/html' } })],
    ['log_unreachable', async () => Promise.reject(new Error('offline'))],
    [
      'limit_exceeded',
      async () =>
        answer('x', { headers: { 'content-type': 'application/octet-stream', 'content-length': '99999999999' } }),
    ],
  ])('rejects with %s', async (code, fetch) => {
    await expect(logReader(url, { fetch })('checkpoint')).rejects.toMatchObject({ code })
  })

  it('opens no address that is not public', async () => {
    const fetch = async () => answer('x')
    for (const address of ['http://log.example', 'https://127.0.0.1', 'https://localhost/log'])
      await expect(logReader(address, { fetch })('checkpoint')).rejects.toMatchObject({ code: 'log_uri_refused' })
  })

  it('is what a monitor follows a log with', async () => {
    const log = await site()
    await log.grow(3)
    const fetch = async (uri: string) => {
      const file = log.files.get(uri.slice(url.length))
      return file === undefined ? answer('', { status: 404 }) : answer(new Uint8Array(file))
    }
    expect(await log.look({ read: logReader(url, { fetch }) })).toMatchObject({ ok: true, remaining: 0 })
  })

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController()
    const read = logReader(url, { fetch: () => new Promise(() => {}) })
    const reading = read('checkpoint', { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
  })

  it.each<[string, unknown, object]>([
    ['url', 7, { fetch: async () => answer('') }],
    ['fetch', url, {}],
    ['timeout', url, { fetch: async () => answer(''), timeout: 0 }],
    ['timeout', url, { fetch: async () => answer(''), timeout: 301 }],
  ])('is not made with a wrong `%s`', (argument, address, options) => {
    expect(() => logReader(address as string, options as never)).toThrow(`\`${argument}\``)
  })
})
