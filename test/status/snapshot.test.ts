import { beforeAll, describe, expect, it, vi } from 'vitest'
import { utf8 } from '../../src/core/bytes.js'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { VidimusError } from '../../src/errors.js'
import { statusChecker } from '../../src/status/checker.js'
import { craftToken, instant, keyOf, lstOf, seconds, uri } from '../formats/status-list/craft.js'
import { asking, later, listResponse, makeHost } from './host.js'

let signer: Signer
let key: PublicKey
let token: string

beforeAll(async () => {
  signer = await generateSigner('ES256')
  key = await keyOf(signer)
  token = await craftToken(signer)
})

const snapshotOf = (...lists: readonly object[]) => utf8(JSON.stringify({ version: 1, lists }))
const entry = (changes: object = {}) => ({ uri, token, fetchedAt: seconds, ...changes })
const text = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes))

describe('a status snapshot', () => {
  it('carries what one checker learnt to another without a network', async () => {
    const online = statusChecker({ fetch: makeHost(token).fetch })
    await online.check(asking(key))
    const bytes = await online.exportSnapshot()
    expect(text(bytes)).toEqual({ version: 1, lists: [{ uri, token, fetchedAt: seconds }] })

    const offline = statusChecker({ maxStaleness: 6 * 3600 })
    await offline.importSnapshot(bytes)
    expect(await offline.check(asking(key, { now: later(3000) }))).toMatchObject({
      value: 1,
      token,
      asOf: later(-60),
      source: 'snapshot',
    })
  })

  it('of addresses is fetched for them, before anyone has asked', async () => {
    const uris = ['https://status.example/a', 'https://status.example/b', 'https://status.example/a']
    const host = makeHost(async url => listResponse(await craftToken(signer, { sub: url })))
    const checker = statusChecker({ fetch: host.fetch, now: () => instant })
    const { lists } = text(await checker.exportSnapshot(uris))
    expect(host.asked).toEqual(uris.slice(0, 2))
    expect(lists.map((list: { uri: string; fetchedAt: number }) => [list.uri, list.fetchedAt])).toEqual([
      [uris[0], seconds],
      [uris[1], seconds],
    ])
  })

  it('of addresses is refused when one of them serves no list, or another’s', async () => {
    const host = makeHost('not a token')
    const checker = statusChecker({ fetch: host.fetch })
    await expect(checker.exportSnapshot([uri])).rejects.toMatchObject({ code: 'jws_malformed' })
    host.serve(token)
    await expect(checker.exportSnapshot(['https://status.example/lists/2'])).rejects.toMatchObject({
      code: 'status_subject_mismatch',
    })
    await expect(checker.exportSnapshot(['http://status.example/lists/1'])).rejects.toMatchObject({
      code: 'status_uri_refused',
    })
    const signal = AbortSignal.abort('enough')
    await expect(checker.exportSnapshot([uri], { signal })).rejects.toBe('enough')
  })

  it('of addresses is made without those that fail, where somebody hears of them', async () => {
    const host = makeHost(async url =>
      url.endsWith('b') ? new Response(null, { status: 404 }) : listResponse(await craftToken(signer, { sub: url })),
    )
    const uris = ['a', 'b', 'c', 'http'].map(name => `https://status.example/${name}`)
    uris[3] = 'http://status.example/d'
    const failures: string[] = []
    const progress: unknown[] = []
    const { lists } = text(
      await statusChecker({ fetch: host.fetch }).exportSnapshot(uris, {
        onFailure: (uri, { code }) => failures.push(`${uri} ${code}`),
        onProgress: step => progress.push(step),
      }),
    )
    expect(lists.map(({ uri }: { uri: string }) => uri)).toEqual([uris[0], uris[2]])
    expect(failures.sort()).toEqual([`${uris[3]} status_uri_refused`, `${uris[1]} status_response_invalid`])
    expect(progress).toEqual([1, 2, 3, 4].map(done => ({ done, total: 4 })))
    const offline: string[] = []
    await statusChecker().exportSnapshot([uri], { onFailure: (_, { code }) => offline.push(code) })
    expect(offline).toEqual(['status_unreachable'])
  })

  it('of many addresses is fetched a few at a time, and comes in their order', async () => {
    let underWay = 0
    let most = 0
    const host = makeHost(async url => {
      most = Math.max(most, ++underWay)
      await new Promise(resolve => setTimeout(resolve, url.endsWith('3') ? 20 : 2))
      underWay--
      return listResponse(await craftToken(signer, { sub: url }))
    })
    const uris = Array.from({ length: 30 }, (_, index) => `https://status.example/${index}`)
    const { lists } = text(await statusChecker({ fetch: host.fetch }).exportSnapshot(uris))
    expect(lists.map(({ uri }: { uri: string }) => uri)).toEqual(uris)
    expect(most).toBe(6)
  })

  it('of addresses begins no more fetches after one has failed, and none for who gave up', async () => {
    const uris = Array.from({ length: 30 }, (_, index) => `https://status.example/${index}`)
    const failing = makeHost(() => new Response(null, { status: 404 }))
    await expect(statusChecker({ fetch: failing.fetch }).exportSnapshot(uris)).rejects.toMatchObject({
      code: 'status_response_invalid',
    })
    expect(failing.asked.length).toBe(6)
    const partly = makeHost(async url => {
      if (url === uris[0]) return new Response(null, { status: 404 })
      await new Promise(resolve => setTimeout(resolve, 5))
      return listResponse(await craftToken(signer, { sub: url }))
    })
    await expect(statusChecker({ fetch: partly.fetch }).exportSnapshot(uris)).rejects.toThrow()
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(partly.asked.length).toBe(6)

    const controller = new AbortController()
    const silent = makeHost(() => new Promise<Response>(() => {}))
    const onFailure = vi.fn()
    const leaving = statusChecker({ fetch: silent.fetch }).exportSnapshot(uris, {
      signal: controller.signal,
      onFailure,
    })
    setTimeout(() => controller.abort('enough'), 5)
    await expect(leaving).rejects.toBe('enough')
    expect(silent.asked.length).toBe(6)
    expect(onFailure).not.toHaveBeenCalled()
  })

  it('is not made in spite of somebody’s mistake', async () => {
    const unheard = vi.fn()
    const checker = statusChecker({ fetch: makeHost(token).fetch, now: () => 'noon' as unknown as Date })
    await expect(checker.exportSnapshot([uri], { onFailure: unheard })).rejects.toThrow(TypeError)
    const controller = new AbortController()
    const reason = new VidimusError('status_unreachable', { at: 'the caller’s own reason' })
    const silent = makeHost(() => new Promise<Response>(() => {}))
    const leaving = statusChecker({ fetch: silent.fetch }).exportSnapshot([uri], {
      signal: controller.signal,
      onFailure: unheard,
    })
    setTimeout(() => controller.abort(reason), 5)
    await expect(leaving).rejects.toBe(reason)
    expect(unheard).not.toHaveBeenCalled()
    const mistake = new Error('no room on the page')
    const onFailure = () => {
      throw mistake
    }
    await expect(statusChecker().exportSnapshot([uri], { onFailure })).rejects.toBe(mistake)
  })

  it('tells whoever imports it how old it is, as it says itself', async () => {
    const there = 'https://status.example/lists/2'
    const summary = await statusChecker().importSnapshot(
      snapshotOf(entry(), entry({ uri: there, fetchedAt: seconds - 7200 }), entry({ fetchedAt: seconds - 60 })),
    )
    expect(summary).toEqual({
      takenAt: instant,
      oldest: { uri: there, fetchedAt: later(-7200) },
      lists: [
        { uri, fetchedAt: instant },
        { uri: there, fetchedAt: later(-7200) },
        { uri, fetchedAt: later(-60) },
      ],
    })
    expect(await statusChecker().importSnapshot(snapshotOf())).toEqual({ lists: [] })
  })

  it('answers as stale once the ttl has passed since its issuer signed it, whatever it says of itself', async () => {
    for (const fetchedAt of [seconds, seconds + 10_000]) {
      const offline = statusChecker()
      await offline.importSnapshot(snapshotOf(entry({ fetchedAt })))
      expect(await offline.check(asking(key, { now: later(239) }))).not.toHaveProperty('stale')
      expect(await offline.check(asking(key, { now: later(240) }))).toMatchObject({ source: 'snapshot', stale: true })
      expect(await offline.check(asking(key, { now: later(3000) }))).toMatchObject({ value: 1, stale: true })
    }
  })

  it('of old lists displaces no newer one that has answered', async () => {
    const offline = statusChecker()
    await offline.importSnapshot(snapshotOf(entry({ fetchedAt: 0 })))
    await offline.check(asking(key))
    const olderLists = () =>
      Promise.all(
        Array.from({ length: 10 }, async (_, age) =>
          entry({ token: await craftToken(signer, { iat: seconds - 100 - age }) }),
        ),
      )
    for (let times = 0; times < 3; times++) {
      await offline.importSnapshot(snapshotOf(...(await olderLists())))
      expect(await offline.check(asking(key))).toMatchObject({ asOf: later(-60) })
    }
    const newer = await craftToken(signer, { iat: seconds - 10 })
    await offline.importSnapshot(snapshotOf(...(await olderLists()), entry({ token: newer })))
    expect(await offline.check(asking(key))).toMatchObject({ asOf: later(-10) })
  })

  it('of old lists displaces no newer one that was opened and could not answer', async () => {
    const offline = statusChecker()
    const older = await Promise.all([61, 62, 63, 64, 65].map(age => craftToken(signer, { iat: seconds - age })))
    await offline.importSnapshot(snapshotOf(entry({ fetchedAt: 0 })))
    for (const old of older) {
      await expect(offline.check(asking(key, { reference: { uri, index: 99 } }))).rejects.toMatchObject({
        code: 'status_index_out_of_range',
      })
      await offline.importSnapshot(snapshotOf(entry({ token: old })))
    }
    expect(await offline.check(asking(key))).toMatchObject({ asOf: later(-60) })
  })

  it('makes no list younger that was fetched, whatever it says of itself', async () => {
    const host = makeHost(token)
    const checker = statusChecker({ fetch: host.fetch })
    await checker.importSnapshot(snapshotOf(entry()))
    const ask = async (seconds: number) => (await checker.check(asking(key, { now: later(seconds) }))).source
    expect([await ask(300), await ask(599)]).toEqual(['fetched', 'cached'])
    await checker.importSnapshot(snapshotOf(entry({ fetchedAt: seconds + 600 })))
    expect(await ask(600)).toBe('fetched')
  })

  it('passes through a checker without a network', async () => {
    const offline = statusChecker()
    await offline.importSnapshot(snapshotOf(entry()))
    expect(text(await offline.exportSnapshot([uri])).lists).toEqual([entry()])
    expect(text(await offline.exportSnapshot()).lists).toEqual([entry()])
    await expect(offline.exportSnapshot(['https://status.example/lists/2'])).rejects.toMatchObject({
      code: 'status_unreachable',
    })
  })

  it('is verified when it is asked: its tokens are believed no more than a host’s', async () => {
    const stranger = await generateSigner('ES256')
    const rows: readonly [object, string][] = [
      [{ token: await craftToken(stranger) }, 'status_signature_invalid'],
      [{ token: 'not a token' }, 'jws_malformed'],
      [{ token: await craftToken(signer, { sub: 'https://status.example/lists/2' }) }, 'status_subject_mismatch'],
      [{ token: await craftToken(signer, { exp: seconds - 100 }) }, 'status_expired'],
      [{ token: await craftToken(signer, { iat: seconds + 100 }) }, 'status_issued_in_future'],
    ]
    for (const [changes, code] of rows) {
      const offline = statusChecker()
      await offline.importSnapshot(snapshotOf(entry(changes)))
      await expect(offline.check(asking(key))).rejects.toMatchObject({ code })
    }
  })

  it('grows stale, and its lists run out, also after they have answered', async () => {
    const offline = statusChecker({ maxStaleness: 600 })
    await offline.importSnapshot(snapshotOf(entry({ token: await craftToken(signer, { exp: seconds + 500 }) })))
    await offline.check(asking(key, { now: later(540) }))
    await expect(offline.check(asking(key, { now: later(541) }))).rejects.toMatchObject({ code: 'status_stale' })
    await expect(offline.check(asking(key, { now: later(560) }))).rejects.toMatchObject({ code: 'status_expired' })
    await expect(offline.check(asking(key, { now: later(-121) }))).rejects.toMatchObject({
      code: 'status_issued_in_future',
    })
  })

  it('does not answer where nothing may answer from memory', async () => {
    const offline = statusChecker({ maxStaleness: 0 })
    await offline.importSnapshot(snapshotOf(entry({ token: await craftToken(signer, { iat: seconds }) })))
    await expect(offline.check(asking(key))).rejects.toMatchObject({ code: 'status_stale' })
  })

  it('is answered from by its newest list, in whatever order they came', async () => {
    const older = await craftToken(signer, { iat: seconds - 100 }, {}, { lst: await lstOf(new Uint8Array(2)) })
    const offline = statusChecker()
    await offline.importSnapshot(snapshotOf(entry()))
    await offline.check(asking(key))
    await offline.importSnapshot(snapshotOf(entry({ token: older })))
    expect(await offline.check(asking(key))).toMatchObject({ value: 1, asOf: later(-60) })
    const newer = await craftToken(signer, { iat: seconds - 10 }, {}, { lst: await lstOf(new Uint8Array(2)) })
    await offline.importSnapshot(snapshotOf(entry({ token: newer })))
    expect(await offline.check(asking(key))).toMatchObject({ value: 0, asOf: later(-10) })
  })

  it('keeps no more than the latest imports of an address', async () => {
    const offline = statusChecker()
    for (let times = 0; times < 10; times++)
      await offline.importSnapshot(
        snapshotOf(entry(), entry({ token: await craftToken(signer), fetchedAt: seconds + times })),
      )
    const { lists } = text(await offline.exportSnapshot())
    expect(lists.map(({ fetchedAt }: { fetchedAt: number }) => fetchedAt - seconds)).toEqual([9, 8, 7, 6])
  })

  it('stays at hand however many lists are fetched', async () => {
    const host = makeHost(async url => listResponse(await craftToken(signer, { sub: url })))
    const checker = statusChecker({ fetch: host.fetch, cache: 1 })
    await checker.importSnapshot(snapshotOf(entry()))
    for (const name of ['a', 'b', 'c'])
      await checker.check(asking(key, { reference: { uri: `https://status.example/${name}`, index: 0 } }))
    expect(await checker.check(asking(key))).toMatchObject({ value: 1, source: 'snapshot' })
  })

  it('gives way to the network once the ttl has passed since its issuer signed it', async () => {
    const host = makeHost(await craftToken(signer, { iat: seconds + 300 }))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.importSnapshot(snapshotOf(entry()))
    expect((await checker.check(asking(key, { now: later(239) }))).source).toBe('snapshot')
    expect((await checker.check(asking(key, { now: later(240) }))).source).toBe('fetched')
  })
})

describe('a malformed snapshot', () => {
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['no text', Uint8Array.of(0xff, 0xfe)],
    ['no JSON', utf8('<html></html>')],
    ['a list', utf8('[]')],
    ['JSON with a name twice', utf8('{"version":1,"version":1,"lists":[]}')],
    ['of another version', utf8('{"version":2,"lists":[]}')],
    ['of no version', utf8('{"lists":[]}')],
    ['without lists', utf8('{"version":1}')],
    ['with lists that are none', utf8('{"version":1,"lists":{}}')],
    ['with a member too many', utf8('{"version":1,"lists":[],"note":"x"}')],
    ['with an entry that is text', utf8('{"version":1,"lists":["x"]}')],
    ['with an entry that is null', utf8('{"version":1,"lists":[null]}')],
    ['with a member too many in an entry', snapshotOf({ ...{ uri, token: 'x', fetchedAt: 1 }, note: 'x' })],
    ['with an address of http', snapshotOf({ uri: 'http://status.example/', token: 'x', fetchedAt: 1 })],
    ['with an address that is a number', snapshotOf({ uri: 1, token: 'x', fetchedAt: 1 })],
    ['without a token', snapshotOf({ uri, fetchedAt: 1 })],
    ['with a token that is no text', snapshotOf({ uri, token: {}, fetchedAt: 1 })],
    ['without a time', snapshotOf({ uri, token: 'x' })],
    ['with a time in text', snapshotOf({ uri, token: 'x', fetchedAt: '1' })],
    ['with a time between seconds', snapshotOf({ uri, token: 'x', fetchedAt: 1.5 })],
    ['with a time before the epoch', snapshotOf({ uri, token: 'x', fetchedAt: -1 })],
    ['with a time beyond all dates', snapshotOf({ uri, token: 'x', fetchedAt: 2 ** 50 })],
  ])('is refused as a whole: %s', async (_, bytes) => {
    const offline = statusChecker()
    await expect(offline.importSnapshot(bytes)).rejects.toMatchObject({ code: 'status_snapshot_malformed' })
  })

  it('leaves nothing of itself behind', async () => {
    const offline = statusChecker()
    await expect(offline.importSnapshot(snapshotOf(entry(), entry({ fetchedAt: -1 })))).rejects.toMatchObject({
      code: 'status_snapshot_malformed',
      at: 'lists[1].fetchedAt',
    })
    await expect(offline.check(asking(key))).rejects.toMatchObject({ code: 'status_unreachable' })
  })

  it('is refused by its size before it is read', async () => {
    const offline = statusChecker()
    await expect(offline.importSnapshot(new Uint8Array(33 * 1024 * 1024))).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'snapshotBytes',
    })
    const large = snapshotOf(entry({ token: 'x'.repeat(9 * 1024 * 1024) }))
    await expect(offline.importSnapshot(large)).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'statusTokenBytes',
    })
  })

  it('is refused by the number of values in it', async () => {
    const text = `{"version":1,"lists":[${'0,'.repeat(70_000)}0]}`
    await expect(statusChecker().importSnapshot(utf8(text))).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'jsonValues',
    })
  })

  it('is not made so large that nobody would take it', async () => {
    const offline = statusChecker()
    const token = 'x'.repeat(8 * 1024 * 1024)
    for (const name of ['a', 'b', 'c', 'd'])
      await offline.importSnapshot(snapshotOf(entry({ uri: `https://status.example/${name}`, token })))
    await expect(offline.exportSnapshot()).rejects.toMatchObject({ code: 'limit_exceeded', at: 'snapshotBytes' })
  })

  it('holds ten thousand lists: one that is made can be imported, and one of more is neither', async () => {
    const lists = Array.from({ length: 10_000 }, (_, name) =>
      entry({ uri: `https://status.example/${name}`, token: 'x' }),
    )
    const offline = statusChecker()
    await offline.importSnapshot(snapshotOf(...lists))
    const again = await statusChecker().importSnapshot(await offline.exportSnapshot())
    expect(again.lists.length).toBe(10_000)
    const refused = { code: 'limit_exceeded', at: 'snapshotLists', expected: 10_000, actual: 10_001 }
    await expect(offline.importSnapshot(snapshotOf(...lists, entry()))).rejects.toMatchObject(refused)
    await offline.importSnapshot(snapshotOf(entry({ token: 'x' })))
    await expect(offline.exportSnapshot()).rejects.toMatchObject(refused)
  })

  it('is the caller’s mistake when it is not bytes', async () => {
    await expect(statusChecker().importSnapshot(new ArrayBuffer(8) as unknown as Uint8Array)).rejects.toThrow(TypeError)
  })
})
