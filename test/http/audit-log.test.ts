/** The log as it is asked for: what stands at which address, how long it may be kept, and what is refused by which word. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { verifyChain } from '../../src/audit/chain.js'
import { decodeCheckpoint } from '../../src/audit/checkpoint.js'
import type { LogReader } from '../../src/audit/log-reader.js'
import { verifyConsistency, verifyInclusion } from '../../src/audit/proof.js'
import type { PublishedLogFile } from '../../src/audit/tiles.js'
import { withCosignatures, witness, witnessMemory } from '../../src/audit/witness.js'
import { utf8 } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { VidimusError } from '../../src/errors.js'
import { leafHash } from '../../src/formats/tlog/hash.js'
import { MerkleTree } from '../../src/formats/tlog/merkle.js'
import { printEntryBundle, tilePath, tilesBetween } from '../../src/formats/tlog/tile.js'
import type { RequestHandler } from '../../src/http/answer.js'
import { type AuditLogHandlerOptions, type AuditLogSource, auditLogHandler } from '../../src/http/audit-log.js'
import { act, type World, world } from '../audit/world.js'
import { requestTo } from './lists.js'

const baseUri = 'https://log.example/passports'
const base = '/passports'

const grow = async ({ log }: World, entries: number): Promise<void> => {
  await Promise.all(Array.from({ length: entries }, (_, at) => log.append(act(`citizen ${at % 3}`, `reason_${at}`))))
}

const made = await world()
await grow(made, 100)
const kept = await made.log.checkpoint()
await grow(made, 500)
const { log } = made
const logKey = log.verifierKey

/** A folder of what was published, with the signature of a witness. */
const signer = await generateSigner('EdDSA')
const w = await witness({ name: 'witness.example/w1', signer, logKey, memory: witnessMemory() })
const folder = new Map<string, PublishedLogFile>()
await log.publish({
  write: file => void folder.set(file.path, file),
  cosign: async checkpoint => withCosignatures(checkpoint, [(await w.trustFirst(checkpoint)).cosignature]),
})
const bytesOf = (body: string | Uint8Array) => (typeof body === 'string' ? utf8(body) : body)
const reader: LogReader = path => {
  const body = folder.get(path)?.body
  return body === undefined ? undefined : bytesOf(body)
}

const handlerOf = (source: AuditLogSource, options: Partial<AuditLogHandlerOptions> = {}) =>
  auditLogHandler(source, { baseUri, ...options })

const ofLog = handlerOf(log)
const ask = (path: string, headers?: Record<string, string>, method?: string, handler: RequestHandler = ofLog) =>
  handler(requestTo(path, headers, method))

const headersOf = ({ headers }: Response) => Object.fromEntries(headers)
const immutable = 'public, max-age=31536000, immutable'

/** What every refusal has in common. */
async function expectRefusal(response: Response, status: number, error: string) {
  expect([response.status, await response.json()]).toEqual([status, { error }])
  expect(headersOf(response)).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  })
  expect(response.headers.get('etag')).toBeNull()
}

describe.each([
  ['a log', ofLog],
  ['a folder of what it published', handlerOf(reader)],
])('over %s', (_, handler) => {
  const get = (path: string, headers?: Record<string, string>) => ask(`${base}/${path}`, headers, 'GET', handler)

  it('each file is what was published', async () => {
    for (const path of [...tilesBetween(0, 600)].map(tilePath)) {
      const response = await get(path)
      expect(response.status, path).toBe(200)
      expect(headersOf(response), path).toMatchObject({
        'content-type': 'application/octet-stream',
        'cache-control': immutable,
        etag: expect.stringMatching(/^"[\w-]{22}"$/),
        'x-content-type-options': 'nosniff',
      })
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(folder.get(path)?.body)
    }
  })

  it('the checkpoint is asked for anew each time, and sent only when it is another', async () => {
    const response = await get('checkpoint')
    expect(headersOf(response)).toEqual({
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
      'content-length': response.headers.get('content-length'),
      'content-type': 'text/plain; charset=utf-8',
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
      'x-content-type-options': 'nosniff',
    })
    expect((await response.text()).split('\n').slice(0, 3)).toEqual((await log.checkpoint()).split('\n').slice(0, 3))
    const again = await get('checkpoint', { 'if-none-match': response.headers.get('etag')! })
    expect([again.status, again.body]).toEqual([304, null])
  })

  it('entries come in lines, which are a chain', async () => {
    const texts: string[] = []
    for (const [from, to] of [
      [0, 1],
      [1, 256],
      [256, 257],
      [257, 512],
      [512, 600],
    ]) {
      const response = await get(`entries/${from}/${to}`)
      expect(headersOf(response)).toMatchObject({ 'content-type': 'application/x-ndjson', 'cache-control': immutable })
      texts.push(await response.text())
    }
    const lines = texts.join('').split('\n')
    expect(lines.pop()).toBe('')
    const entries = lines.map(line => JSON.parse(line))
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: 600 }, (_, index) => index))
    const head = await (await get('checkpoint')).text()
    expect(await verifyChain(entries, { head, logKey })).toMatchObject({ ok: true })
  })

  it.each([
    [0, 256],
    [255, 257],
    [300, 556],
    [599, 600],
  ])('entries from %i to %i are those and no others', async (from, to) => {
    const lines = (await (await get(`entries/${from}/${to}`)).text()).trimEnd().split('\n')
    const indexes = lines.map(line => JSON.parse(line).index)
    expect(indexes).toEqual(Array.from({ length: to - from }, (_, at) => from + at))
  })

  it('an entry is proven to be in the log, for the checkpoint of now', async () => {
    for (const index of [0, 255, 256, 511, 599]) {
      const response = await get(`proof/inclusion/${index}`)
      expect(headersOf(response)).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-cache' })
      const proof = await response.json()
      expect(await verifyInclusion(proof, { logKey })).toMatchObject({ ok: true, index, size: 600 })
      expect(await (await get('checkpoint')).text()).toBe(proof.checkpoint)
    }
  })

  it('a log is proven to have grown from one size to another, for good', async () => {
    const to = await (await get('checkpoint')).text()
    const response = await get('proof/consistency/100/600')
    expect(headersOf(response)).toMatchObject({ 'content-type': 'application/json', 'cache-control': immutable })
    const proof = await response.json()
    expect(proof).toEqual(await log.proveConsistency(100, 600))
    expect(await verifyConsistency(proof, { from: kept, to, logKey })).toMatchObject({ ok: true, fromSize: 100 })
    for (const [from, until] of [
      [1, 1],
      [256, 300],
      [7, 512],
      [600, 600],
    ])
      expect(await (await get(`proof/consistency/${from}/${until}`)).json()).toEqual(
        await log.proveConsistency(from!, until!),
      )
  })

  it('what the log has not is not found', async () => {
    const paths = ['tile/0/003', 'tile/0/002.p/89', 'tile/2/000.p/1', 'tile/entries/002', 'entries/599/601']
    for (const path of [...paths, 'proof/inclusion/600', 'proof/consistency/100/601', 'proof/consistency/601/602'])
      await expectRefusal(await get(path), 404, 'not_found')
  })
})

describe('a served log', () => {
  it('proves under the signatures of witnesses, where it was published with them', async () => {
    const proof = await (await ask(`${base}/proof/inclusion/7`, {}, 'GET', handlerOf(reader))).json()
    const witnesses = { keys: w.verifierKey, threshold: 1 }
    expect(await verifyInclusion(proof, { logKey, witnesses })).toMatchObject({ ok: true })
  })

  it('grows, and what was not there before is found then', async () => {
    const small = await world()
    const handler = handlerOf(small.log)
    await grow(small, 3)
    const get = (path: string) => ask(`${base}/${path}`, {}, 'GET', handler)
    const before = (await get('checkpoint')).headers.get('etag')
    expect((await get('proof/inclusion/3')).status).toBe(404)
    expect((await (await get('proof/inclusion/0')).json()).hashes).toHaveLength(2)
    await grow(small, 2)
    expect((await get('proof/inclusion/3')).status).toBe(200)
    expect((await (await get('proof/inclusion/0')).json()).hashes).toHaveLength(3)
    expect((await get('tile/0/000.p/3')).status).toBe(200)
    expect((await get('checkpoint')).headers.get('etag')).not.toBe(before)
  })

  it('is a checkpoint alone while it is empty, and nothing before it was published', async () => {
    const empty = handlerOf((await world()).log)
    expect((await ask(`${base}/checkpoint`, {}, 'GET', empty)).status).toBe(200)
    for (const handler of [empty, handlerOf(() => undefined)])
      for (const path of ['entries/0/1', 'proof/inclusion/0', 'proof/consistency/1/1', 'tile/0/000.p/1'])
        await expectRefusal(await ask(`${base}/${path}`, {}, 'GET', handler), 404, 'not_found')
    await expectRefusal(
      await ask(
        `${base}/checkpoint`,
        {},
        'GET',
        handlerOf(() => undefined),
      ),
      404,
      'not_found',
    )
  })

  it('tells nobody whom it is about', async () => {
    const bodies = await Promise.all(
      ['checkpoint', 'tile/entries/000', 'entries/0/256', 'proof/inclusion/0'].map(async path =>
        (await ask(`${base}/${path}`)).text(),
      ),
    )
    for (const body of bodies) expect(body).not.toContain('citizen')
    for (const path of ['history/citizen 1', 'opening/citizen 1', 'history'])
      await expectRefusal(await ask(encodeURI(`${base}/${path}`)), 404, 'not_found')
  })

  it('compresses entries for those who ask, and hashes for nobody', async () => {
    for (const [path, compressed] of [
      ['tile/entries/000', true],
      ['entries/0/256', true],
      ['entries/0/1', false],
      ['tile/0/000', false],
      ['proof/inclusion/0', false],
      ['checkpoint', false],
    ] as const) {
      const [plain, packed] = [
        await ask(`${base}/${path}`),
        await ask(`${base}/${path}`, { 'accept-encoding': 'gzip' }),
      ]
      expect(packed.headers.get('content-encoding'), path).toBe(compressed ? 'gzip' : null)
      expect(packed.headers.get('vary'), path).toBe(compressed ? 'accept-encoding' : null)
      const body = compressed ? packed.body!.pipeThrough(new DecompressionStream('gzip')) : packed.body
      expect(await new Response(body).text()).toBe(await plain.text())
      expect(packed.headers.get('etag') === plain.headers.get('etag'), path).toBe(!compressed)
    }
  })

  it('is served to HEAD without bodies, and to no other method', async () => {
    for (const path of ['checkpoint', 'tile/0/000', 'entries/0/1', 'proof/inclusion/0', 'proof/consistency/1/2']) {
      const [head, get] = [await ask(`${base}/${path}`, {}, 'HEAD'), await ask(`${base}/${path}`)]
      expect([head.status, head.body]).toEqual([200, null])
      expect(headersOf(head)).toEqual(headersOf(get))
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const response = await ask(`${base}/checkpoint`, {}, method)
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
      await expectRefusal(response, 405, 'method_not_allowed')
    }
    const preflight = await ask(`${base}/checkpoint`, {}, 'OPTIONS')
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, HEAD'])
  })

  it.each([
    ['checkpoint', 'text/plain', 200],
    ['checkpoint', 'application/octet-stream, text/plain', 200],
    ['checkpoint', 'text/*', 200],
    ['checkpoint', 'application/json', 406],
    ['tile/0/000', 'application/octet-stream', 200],
    ['tile/0/000', 'text/plain', 406],
    ['proof/inclusion/0', 'application/json', 200],
    ['entries/0/1', 'application/x-ndjson', 200],
    ['entries/0/1', 'application/json', 406],
  ])('is at %s what who accepts %s asked for: %i', async (path, accept, status) => {
    expect((await ask(`${base}/${path}`, { accept })).status).toBe(status)
  })
})

describe('one thing has one address', () => {
  it.each([
    `${base}/`,
    base,
    '/checkpoint',
    '/passports2/checkpoint',
    `/x${base}/checkpoint`,
    `${base}//checkpoint`,
    `${base}/checkpoint/`,
    `${base}/Checkpoint`,
    `${base}/%63heckpoint`,
    `${base}/../checkpoint`,
    `${base}/..%2fcheckpoint`,
    `${base}/tile/0/..%2f000`,
    `${base}/tile/0/0`,
    `${base}/tile/00/000`,
    `${base}/tile/0/x000/000`,
    `${base}/tile/0/000.p/256`,
    `${base}/tile/0/000.p/0`,
    `${base}/tile/0/000.p/01`,
    `${base}/tile/64/000`,
    `${base}/tile/-1/000`,
    `${base}/tile/0/000%00`,
    `${base}/entries/00/1`,
    `${base}/entries/0/01`,
    `${base}/entries/0`,
    `${base}/entries/0/1/`,
    `${base}/entries/0/1/2`,
    `${base}/entries/-1/1`,
    `${base}/entries/+0/1`,
    `${base}/entries/0x0/1`,
    `${base}/entries/0/1.0`,
    `${base}/entries/0/1e0`,
    `${base}/entries/0/9007199254740992`,
    `${base}/entries/9007199254740992/9007199254740993`,
    `${base}/entries/٠/١`,
    `${base}/proof/inclusion`,
    `${base}/proof/inclusion/`,
    `${base}/proof/inclusion/007`,
    `${base}/proof/inclusion/0/600`,
    `${base}/proof/consistency/1`,
    `${base}/proof/consistency/01/2`,
    `${base}/proof/other/1/2`,
    `${base}/${'a'.repeat(1024)}`,
  ])('and it is not %s', async path => {
    const read = vi.fn(reader)
    await expectRefusal(await ask(path, {}, 'GET', handlerOf(read)), 404, 'not_found')
    expect(read).not.toHaveBeenCalled()
  })

  it.each(['checkpoint', 'tile/0/000', 'entries/0/1', 'proof/inclusion/0', 'proof/consistency/1/2', 'none'])(
    'without a query: %s',
    async path => {
      const read = vi.fn(reader)
      for (const query of ['?', '?x', '?x=1', '?from=0', '??'])
        await expectRefusal(await ask(`${base}/${path}${query}`, {}, 'GET', handlerOf(read)), 400, 'invalid_request')
      expect(read).not.toHaveBeenCalled()
    },
  )

  it.each([
    ['no entry', 'entries/5/5', 'invalid_request'],
    ['entries backwards', 'entries/6/5', 'invalid_request'],
    ['more entries than one answer has', 'entries/0/257', 'limit_exceeded'],
    ['all entries there could be', 'entries/0/9007199254740991', 'limit_exceeded'],
    ['a proof from an empty log', 'proof/consistency/0/5', 'invalid_request'],
    ['a proof of an empty log', 'proof/consistency/0/0', 'invalid_request'],
    ['a proof backwards', 'proof/consistency/6/5', 'invalid_request'],
  ])('and nobody asks for %s', async (_, path, error) => {
    const read = vi.fn(reader)
    await expectRefusal(await ask(`${base}/${path}`, {}, 'GET', handlerOf(read)), 400, error)
    expect(read).not.toHaveBeenCalled()
  })

  it('with as many entries as the options say', async () => {
    const few = handlerOf(log, { maxEntries: 3 })
    expect((await ask(`${base}/entries/4/7`, {}, 'GET', few)).status).toBe(200)
    await expectRefusal(await ask(`${base}/entries/4/8`, {}, 'GET', few), 400, 'limit_exceeded')
    expect((await ask(`${base}/entries/0/600`, {}, 'GET', handlerOf(log, { maxEntries: 600 }))).status).toBe(200)
  })

  it('whatever host is asked, and wherever the base is', async () => {
    const evil = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    expect((await ask(`${base}/checkpoint`, evil)).status).toBe(200)
    for (const [uri, path] of [
      ['https://log.example', '/checkpoint'],
      ['https://log.example/', '/checkpoint'],
      ['https://log.example/a/b/', '/a/b/checkpoint'],
    ] as const)
      expect((await ask(path, {}, 'GET', handlerOf(log, { baseUri: uri }))).status).toBe(200)
  })

  it('and whatever is asked, there is an answer', async () => {
    const part = fc.oneof(
      fc.constantFrom('checkpoint', 'tile', 'entries', 'proof', 'inclusion', 'consistency', '0', '1', '000', 'x000'),
      fc.constantFrom('000.p', '7', '..', '%2e%2e', '', '9007199254740993', '-1'),
      fc.nat().map(String),
      fc.string({ maxLength: 8 }).map(encodeURIComponent),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async parts => {
        const { status } = await ask(`${base}/${parts.join('/')}`)
        expect([200, 400, 404]).toContain(status)
      }),
      { seed: 20261122, numRuns: 400 },
    )
  })
})

describe('work', () => {
  /** A source that waits until it is told to go on. */
  function gated() {
    let open = () => {}
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    const read = vi.fn<LogReader>(async (path, { signal } = {}) => {
      if (path !== 'checkpoint') await gate
      signal?.throwIfAborted()
      return reader(path)
    })
    return { read, open }
  }

  it.each(['proof/inclusion/', 'proof/consistency/1/', 'entries/0/', 'tile/entries/000.p/'])(
    'is done for few at once; some wait, the rest is sent away: %s',
    async path => {
      const { read, open } = gated()
      const handler = handlerOf(read, { atOnce: 1 })
      const asked = Array.from({ length: 12 }, (_, at) => ask(`${base}/${path}${at + 1}`, {}, 'GET', handler))
      const sentAway = await Promise.all(asked.slice(9))
      for (const response of sentAway) {
        expect(response.headers.get('retry-after')).toBe('5')
        await expectRefusal(response, 503, 'temporarily_unavailable')
      }
      open()
      for (const response of await Promise.all(asked.slice(0, 9))) expect(response.status).not.toBe(503)
      expect((await ask(`${base}/${path}200`, {}, 'GET', handler)).status).not.toBe(503)
    },
  )

  it('is done once for all who ask at the same time, and a proof is kept', async () => {
    const { read, open } = gated()
    const handler = handlerOf(read)
    const get = (path: string) => ask(`${base}/${path}`, {}, 'GET', handler)
    const both = Promise.all([get('proof/inclusion/9'), get('proof/inclusion/9')])
    open()
    for (const response of await both) expect(response.status).toBe(200)
    const tiles = () => read.mock.calls.filter(([path]) => path !== 'checkpoint').length
    const before = tiles()
    expect((await get('proof/inclusion/9')).status).toBe(200)
    expect(tiles()).toBe(before)
    await get('entries/0/9')
    const after = tiles()
    await get('entries/0/9')
    expect(tiles()).toBeGreaterThan(after)
  })

  it.each(['proof/inclusion/9', 'proof/consistency/1/9', 'entries/0/9', 'tile/entries/000'])(
    'goes on for the others when one who asked is gone: %s',
    async path => {
      const { read, open } = gated()
      const handler = handlerOf(read)
      const gone = new AbortController()
      const first = new Request(`https://log.example${base}/${path}`, { signal: gone.signal })
      const both = [handler(first), ask(`${base}/${path}`, {}, 'GET', handler)]
      // Both wait by now.
      await vi.waitFor(() => expect(read.mock.calls.some(([asked]) => asked !== 'checkpoint')).toBe(true))
      gone.abort()
      open()
      expect((await both[1]!).status).toBe(200)
      await both[0]
      for (const other of ['proof/inclusion/300', 'entries/300/309', 'tile/entries/001'])
        expect((await ask(`${base}/${other}`, {}, 'GET', handler)).status).toBe(200)
    },
  )
})

describe('a source that fails', () => {
  it.each<[string, unknown, number, string, string | null]>([
    ['a store that is busy', new VidimusError('store_busy'), 503, 'temporarily_unavailable', '5'],
    ['a store out of reach', new VidimusError('store_unreachable'), 503, 'temporarily_unavailable', '5'],
    ['a host out of reach', new VidimusError('log_unreachable'), 503, 'temporarily_unavailable', '5'],
    ['a log that is not whole', new VidimusError('log_corrupt', { at: 'entry 7' }), 500, 'internal_error', null],
    ['a mistake', new TypeError('secret'), 500, 'internal_error', null],
    ['nothing', undefined, 500, 'internal_error', null],
  ])('is told to the operator, and to who asks in one word: %s', async (_, error, status, word, retry) => {
    const onError = vi.fn()
    const source = { file: () => Promise.reject(error) }
    for (const path of ['checkpoint', 'tile/0/000', 'tile/entries/000', 'entries/0/1', 'proof/inclusion/0']) {
      const response = await ask(`${base}/${path}`, {}, 'GET', handlerOf(source, { onError }))
      expect(response.headers.get('retry-after')).toBe(retry)
      await expectRefusal(response, status, word)
      expect(onError).toHaveBeenLastCalledWith(error)
    }
  })

  it('is answered for even when whoever is told of it throws', async () => {
    const onError = () => {
      throw new Error('nobody listens')
    }
    const handler = handlerOf({ file: () => Promise.reject(new Error('secret')) }, { onError })
    await expectRefusal(await ask(`${base}/checkpoint`, {}, 'GET', handler), 500, 'internal_error')
  })

  it.each([
    ['lacks a tile', (path: string) => (path === 'tile/0/000' ? undefined : reader(path)), 'audit_tile_missing'],
    [
      'has another tile',
      (path: string) => (path === 'tile/0/000' ? new Uint8Array(8192) : reader(path)),
      'audit_tile_invalid',
    ],
    [
      'has another bundle',
      (path: string) => (path === 'tile/entries/000' ? reader('tile/entries/001') : reader(path)),
      'audit_tile_invalid',
    ],
    ['has no checkpoint', (path: string) => (path === 'checkpoint' ? utf8('x') : reader(path)), 'checkpoint_malformed'],
    [
      'has no text for a checkpoint',
      (path: string) => (path === 'checkpoint' ? Uint8Array.of(255) : reader(path)),
      'encoding_invalid',
    ],
  ])('proves nothing and gives no entries: a folder that %s', async (_, source: LogReader, code) => {
    const onError = vi.fn()
    for (const path of ['entries/0/1', 'proof/inclusion/0']) {
      await expectRefusal(
        await ask(`${base}/${path}`, {}, 'GET', handlerOf(source, { onError })),
        500,
        'internal_error',
      )
      expect(onError.mock.lastCall?.[0]).toMatchObject({ code })
    }
  })

  it('is not told of by leaves that are no entries of ours', async () => {
    const tree = new MerkleTree()
    const leaf = utf8('<script>')
    tree.append(leafHash(leaf))
    const root = btoa(String.fromCharCode(...tree.root()))
    const checkpoint = `o.example/log\n1\n${root}\n\n— o.example/log ${btoa('12345678')}\n`
    expect(decodeCheckpoint(checkpoint)).toMatchObject({ size: 1 })
    const files = new Map([
      ['checkpoint', utf8(checkpoint)],
      ['tile/0/000.p/1', tree.root()],
      ['tile/entries/000.p/1', printEntryBundle([leaf])],
    ])
    const onError = vi.fn()
    const handler = handlerOf(path => files.get(path), { onError })
    for (const path of ['entries/0/1', 'proof/inclusion/0']) {
      await expectRefusal(await ask(`${base}/${path}`, {}, 'GET', handler), 500, 'internal_error')
      expect(onError.mock.lastCall?.[0]).toMatchObject({ code: 'audit_entry_malformed' })
    }
  })
})

describe('a handler', () => {
  it.each<[string, object, unknown?]>([
    ['source', {}, null],
    ['source', {}, {}],
    ['source', {}, { file: 'file' }],
    ['source', {}, 'folder'],
    ['baseUri', { baseUri: undefined }],
    ['baseUri', { baseUri: 'http://log.example' }],
    ['baseUri', { baseUri: 'https://log.example/?x' }],
    ['baseUri', { baseUri: 'https://user@log.example/' }],
    ['onError', { onError: 'log' }],
    ['options.maxEntry', { maxEntry: 3 }],
  ])('is not made of a wrong `%s`', (argument, options, source = log) => {
    expect(() => handlerOf(source as never, options as never)).toThrow(TypeError)
    expect(() => handlerOf(source as never, options as never)).toThrow(`\`${argument}\``)
  })

  it('is not made without options', () => {
    expect(() => auditLogHandler(log, undefined as never)).toThrow('`options`')
  })

  it.each([{ maxEntries: 0 }, { maxEntries: 1.5 }, { atOnce: 0 }, { kept: '2' }])('counts in integers: %j', options => {
    expect(() => handlerOf(log, options as never)).toThrow(RangeError)
    expect(() => handlerOf(log, options as never)).toThrow(`\`${Object.keys(options)[0]}\``)
  })
})
