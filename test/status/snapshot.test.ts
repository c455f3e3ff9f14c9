import { beforeAll, describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.js'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
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

  it('is the caller’s mistake when it is not bytes', async () => {
    await expect(statusChecker().importSnapshot(new ArrayBuffer(8) as unknown as Uint8Array)).rejects.toThrow(TypeError)
  })
})
