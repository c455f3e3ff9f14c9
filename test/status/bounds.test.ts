/** What bounds the life of a list, whoever says otherwise: its issuer, the clock, or many lists. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { statusListJwt } from '../../src/formats/status-list/jwt.js'
import { statusChecker } from '../../src/status/checker.js'
import { FetchedLists, type StatusCache } from '../../src/status/fetched.js'
import { ImportedLists } from '../../src/status/kept.js'
import { KeptList, type KeptToken, type Signed } from '../../src/status/kept-list.js'
import { NewestAnswers } from '../../src/status/newest.js'
import { anyStatusSigners } from '../../src/verification/signers.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { craftToken, expecting, instant, keyOf, lstOf, seconds, uri } from '../formats/status-list/craft.js'
import { asking, later, listResponse, makeHost } from './host.js'

let signer: Signer
let key: PublicKey

beforeAll(async () => {
  signer = await generateSigner('ES256')
  key = await keyOf(signer)
})

const day = 86_400
const year = 365 * day
const unreachable = () => Promise.reject(new TypeError('fetch failed'))

const memory = (): StatusCache & { kept: KeptToken | undefined; asked: number } => ({
  kept: undefined,
  asked: 0,
  async get() {
    this.asked++
    return this.kept
  },
  async set(kept) {
    this.kept = kept
  },
})

/** A list issued `offset` seconds after the instant. */
const listOf = (offset: number, claims: object = {}, by = signer): Promise<string> =>
  craftToken(by, { iat: seconds + offset, exp: undefined, ttl: undefined, ...claims })

describe('what an issuer says', () => {
  it.each([
    ['a ttl of years', { ttl: 10 * year }],
    ['a ttl and an exp of years', { ttl: 10 * year, exp: seconds + 10 * year }],
    ['a ttl beyond all dates', { ttl: Number.MAX_VALUE }],
  ])('freezes no list for more than a day: %s', async (_, claims) => {
    const host = makeHost(await listOf(0, claims))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: year })
    await checker.check(asking(key))
    expect(await checker.check(asking(key, { now: later(day - 1) }))).toMatchObject({ source: 'cached' })
    host.serve(await listOf(10))
    expect(await checker.check(asking(key, { now: later(day) }))).toMatchObject({ source: 'fetched', asOf: later(10) })
  })

  it.each([
    ['an exp of years', { exp: seconds + 10 * year }],
    ['nothing', {}],
  ])('keeps a list for five minutes where it says no ttl, but %s', async (_, claims) => {
    const host = makeHost(await listOf(0, claims))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: year })
    await checker.check(asking(key))
    await checker.check(asking(key, { now: later(299) }))
    expect(host.asked.length).toBe(1)
    host.serve(unreachable)
    expect(await checker.check(asking(key, { now: later(300) }))).toMatchObject({ source: 'cached', stale: true })
    expect(host.asked.length).toBe(2)
  })

  it('makes a list outlast neither maxStaleness nor, where none is stated, its own ttl', async () => {
    const host = makeHost(await listOf(0, { exp: seconds + 10 * year }))
    const lenient = statusChecker({ fetch: host.fetch, maxStaleness: 5 * day })
    const strict = statusChecker({ fetch: host.fetch })
    for (const checker of [lenient, strict]) await checker.check(asking(key))
    host.serve(unreachable)
    expect(await lenient.check(asking(key, { now: later(5 * day) }))).toMatchObject({ stale: true })
    for (const [checker, offset] of [
      [lenient, 5 * day + 1],
      [strict, 300],
    ] as const)
      await expect(checker.check(asking(key, { now: later(offset) }))).rejects.toMatchObject({
        code: 'status_unreachable',
      })
  })

  it.each([Number.NaN, -1, 0, '300', null])('is refused where its ttl is %s', async ttl => {
    const host = makeHost(await listOf(0, { ttl: ttl as unknown }))
    await expect(statusChecker({ fetch: host.fetch }).check(asking(key))).rejects.toMatchObject({
      code: 'status_token_malformed',
      at: 'ttl',
    })
  })

  it('is refused where it comes from the future, beyond the tolerance', async () => {
    const host = makeHost(await listOf(60))
    expect(await statusChecker({ fetch: host.fetch }).check(asking(key))).toMatchObject({ value: 1 })
    host.serve(await listOf(61))
    await expect(statusChecker({ fetch: host.fetch }).check(asking(key))).rejects.toMatchObject({
      code: 'status_issued_in_future',
    })
  })
})

describe('a clock that was set back', () => {
  it.each([
    ['in memory', () => undefined],
    ['in a cache as well', memory],
  ])('makes no list fresh again that was due to be renewed: %s', async (_, cache) => {
    const host = makeHost(await listOf(0, { ttl: 100 }))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 1000, cache: cache() })
    await checker.check(asking(key))
    host.serve(unreachable)
    expect(await checker.check(asking(key, { now: later(100) }))).toMatchObject({ stale: true })
    expect(await checker.check(asking(key, { now: later(50) }))).toMatchObject({ stale: true })
    expect(host.asked.length).toBe(3)
  })

  it('brings no list back that was too old or had run out', async () => {
    const host = makeHost(await listOf(0, { exp: seconds + 2000 }))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 1000 })
    await checker.check(asking(key))
    host.serve(unreachable)
    for (const offset of [1001, 999, 2061, 500])
      await expect(checker.check(asking(key, { now: later(offset) }))).rejects.toMatchObject({
        code: 'status_unreachable',
      })
    host.serve(await listOf(0, { exp: seconds + 2000 }))
    expect(await checker.check(asking(key, { now: later(500) }))).toMatchObject({ source: 'fetched' })
    expect(await checker.check(asking(key, { now: later(501) }))).toMatchObject({ source: 'cached' })
  })

  it('brings no imported list back, before it is imported anew', async () => {
    const token = await listOf(0, { exp: seconds + 1000 })
    const bytes = new TextEncoder().encode(JSON.stringify({ version: 1, lists: [{ uri, token, fetchedAt: seconds }] }))
    const offline = statusChecker()
    await offline.importSnapshot(bytes)
    await offline.check(asking(key))
    await expect(offline.check(asking(key, { now: later(1060) }))).rejects.toMatchObject({ code: 'status_expired' })
    await expect(offline.check(asking(key, { now: later(10) }))).rejects.toMatchObject({ code: 'status_expired' })
    await offline.importSnapshot(bytes)
    expect(await offline.check(asking(key, { now: later(10) }))).toMatchObject({ value: 1 })
  })

  it('lets no list answer that is from the future then', async () => {
    const host = makeHost(await listOf(0, { ttl: 1000 }))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 1000 })
    await checker.check(asking(key, { now: later(-60) }))
    host.serve(unreachable)
    await expect(checker.check(asking(key, { now: later(-61) }))).rejects.toMatchObject({ code: 'status_unreachable' })
  })
})

describe('a list of which a newer one has answered', () => {
  it('answers no more, though the newer one has been forgotten', async () => {
    const host = makeHost(async url => listResponse(await listOf(0, { sub: url })))
    const checker = statusChecker({ fetch: host.fetch, cache: 1, maxStaleness: day })
    await checker.check(asking(key))
    await checker.check(asking(key, { reference: { uri: 'https://status.example/other', index: 0 } }))
    host.serve(await listOf(-1))
    await expect(checker.check(asking(key))).rejects.toMatchObject({ code: 'status_rolled_back', at: 'iat' })
    host.serve(await listOf(0))
    expect(await checker.check(asking(key))).toMatchObject({ asOf: instant })
  })

  it('answers no more to those who read the same keys anew for every verdict', async () => {
    const trust = () =>
      trustAnchors([{ issuer: 'https://issuer.example', jwk: signer.publicJwk, purposes: ['status'] }])
    const believing = (changes = {}) => {
      const question = asking([], changes)
      return { ...question, signers: anyStatusSigners(trust(), question) }
    }
    const host = makeHost(async url => listResponse(await listOf(0, { sub: url })))
    const checker = statusChecker({ fetch: host.fetch, cache: 1, maxStaleness: day })
    await checker.check(believing())
    await checker.check(believing({ reference: { uri: 'https://status.example/other', index: 0 } }))
    host.serve(await listOf(-600))
    await expect(checker.check(believing())).rejects.toMatchObject({ code: 'status_rolled_back', at: 'iat' })
  })

  it('answers no more from a snapshot beside it, though its key was imported anew', async () => {
    const lists = await Promise.all(
      [0, -600].map(async offset => ({ uri, token: await listOf(offset), fetchedAt: seconds })),
    )
    const offline = statusChecker()
    for (const list of lists) {
      await offline.importSnapshot(new TextEncoder().encode(JSON.stringify({ version: 1, lists: [list] })))
      expect(await offline.check(asking(await keyOf(signer)))).toMatchObject({ asOf: instant })
    }
    await offline.importSnapshot(new TextEncoder().encode(JSON.stringify({ version: 1, lists: lists.slice(0, 1) })))
    expect(JSON.parse(new TextDecoder().decode(await offline.exportSnapshot())).lists.length).toBe(1)
  })

  it('answers no more, though it came later to a question that was asked before', async () => {
    const [older, newer] = [await listOf(-1), await listOf(0)]
    let respond: (response: Response) => void = () => {}
    const host = makeHost(
      () =>
        new Promise(resolve => {
          respond = resolve
        }),
    )
    const kept: string[] = []
    const cache = { get: () => undefined, set: ({ token }: KeptToken) => void kept.push(token) }
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 0, cache })
    const slow = checker.check(asking(key))
    await new Promise(resolve => setTimeout(resolve, 5))
    const respondLate = respond
    host.serve(newer)
    expect(await checker.check(asking(key))).toMatchObject({ asOf: instant })
    respondLate(listResponse(older))
    await expect(slow).rejects.toMatchObject({ code: 'status_rolled_back' })
    expect(kept).toEqual([newer])
  })

  it('answers no more from a snapshot, and is asked for anew where there is a network', async () => {
    const host = makeHost(async url => listResponse(await listOf(0, { sub: url })))
    const checker = statusChecker({ fetch: host.fetch, cache: 1 })
    await checker.check(asking(key))
    await checker.check(asking(key, { reference: { uri: 'https://status.example/other', index: 0 } }))
    const older = { uri, token: await listOf(-1, { ttl: 1000 }), fetchedAt: seconds }
    await checker.importSnapshot(new TextEncoder().encode(JSON.stringify({ version: 1, lists: [older] })))
    expect(await checker.check(asking(key))).toMatchObject({ source: 'fetched', asOf: instant })
    await checker.check(asking(key, { reference: { uri: 'https://status.example/other', index: 0 } }))
    host.serve(unreachable)
    await expect(checker.check(asking(key))).rejects.toMatchObject({ code: 'status_unreachable' })
  })

  it('is remembered of twenty thousand pairs of address and signer, the least recently used of which give way', () => {
    const newest = new NewestAnswers()
    const list = (name: number, issuedAt: Date): Signed => ({ uri: `https://status.example/${name}`, key, issuedAt })
    for (let name = 0; name < 20_000; name++) newest.note(list(name, instant))
    expect(() => newest.note(list(0, later(-1)))).toThrow(expect.objectContaining({ code: 'status_rolled_back' }))
    newest.note(list(0, later(1)))
    newest.note(list(20_000, instant))
    expect([0, 1, 2].map(name => newest.isOlder(list(name, later(-1))))).toEqual([true, false, true])
  })

  it('is remembered of each signer of an address, whichever objects hold their keys', async () => {
    const newest = new NewestAnswers()
    const keys = await Promise.all(Array.from({ length: 3 }, async () => keyOf(await generateSigner('ES256'))))
    const list = (key: PublicKey, issuedAt: Date): Signed => ({ uri, key: { ...key, jwk: { ...key.jwk } }, issuedAt })
    for (const key of keys.slice(0, 2)) newest.note(list(key, instant))
    expect(keys.map(key => newest.isOlder(list(key, later(-1))))).toEqual([true, true, false])
  })

  it('of the same second gives way to the one fetched later, and does not come back', async () => {
    const first = await listOf(0, { ttl: 10 })
    const second = await craftToken(signer, { iat: seconds, ttl: 10 }, {}, { lst: await lstOf(Uint8Array.of(0, 0)) })
    const host = makeHost(first)
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: day })
    expect(await checker.check(asking(key))).toMatchObject({ value: 1 })
    host.serve(second)
    expect(await checker.check(asking(key, { now: later(10) }))).toMatchObject({ value: 0 })
    host.serve(unreachable)
    expect(await checker.check(asking(key, { now: later(30) }))).toMatchObject({ value: 0, stale: true })
  })
})

describe('a cache of one’s own', () => {
  it('spares the network what another process has fetched meanwhile', async () => {
    const cache = memory()
    const host = makeHost(await listOf(0, { ttl: 100 }))
    const [one, other] = [statusChecker({ fetch: host.fetch, cache }), statusChecker({ fetch: host.fetch, cache })]
    for (const checker of [one, other]) await checker.check(asking(key))
    expect(host.asked.length).toBe(1)
    host.serve(await listOf(150, { ttl: 100 }))
    await one.check(asking(key, { now: later(150) }))
    expect(await other.check(asking(key, { now: later(160) }))).toMatchObject({ source: 'cached', asOf: later(150) })
    expect(host.asked.length).toBe(2)
    expect(await other.check(asking(key, { now: later(161) }))).toMatchObject({ asOf: later(150) })
    expect(cache.asked).toBe(4)
  })

  it('learns that the same list was fetched again', async () => {
    const cache = memory()
    const host = makeHost(await listOf(0, { ttl: 100 }))
    const [one, other] = [statusChecker({ fetch: host.fetch, cache }), statusChecker({ fetch: host.fetch, cache })]
    for (const checker of [one, other]) await checker.check(asking(key))
    await one.check(asking(key, { now: later(150) }))
    expect(await other.check(asking(key, { now: later(200) }))).toMatchObject({ source: 'cached' })
    expect(host.asked.length).toBe(2)
  })

  it('keeps an older list from being taken that another process knows to be older', async () => {
    const cache = memory()
    const host = makeHost(await listOf(0, { ttl: 100 }))
    const [one, other] = [statusChecker({ fetch: host.fetch, cache }), statusChecker({ fetch: host.fetch, cache })]
    for (const checker of [one, other]) await checker.check(asking(key))
    const newer = await listOf(150, { ttl: 100 })
    host.serve(newer)
    await one.check(asking(key, { now: later(150) }))
    host.serve(await listOf(140, { ttl: 100 }))
    await expect(other.check(asking(key, { now: later(260) }))).rejects.toMatchObject({ code: 'status_rolled_back' })
    expect(cache.kept?.token).toBe(newer)
  })

  it('is asked once by those who come at once, and the list is opened once', async () => {
    const cache = memory()
    cache.kept = { uri, token: await listOf(0), fetchedAt: instant }
    const form = { ...statusListJwt, times: 0 }
    form.parse = (token, limits) => {
      form.times++
      return statusListJwt.parse(token, limits)
    }
    const checker = statusChecker({ cache })
    await Promise.all(Array.from({ length: 100 }, () => checker.check(asking(key, { form }))))
    expect([cache.asked, form.times]).toEqual([1, 1])
  })
})

describe('many lists', () => {
  const at = (name: string) => `https://status.example/${name}`
  const tokenAt = async (name: string, bytes = 1000): Promise<string> =>
    craftToken(signer, { sub: at(name) }, {}, { lst: await lstOf(new Uint8Array(bytes)) })
  const keptOf = async (name: string, bytes?: number) =>
    new KeptList({ uri: at(name), token: await tokenAt(name, bytes), fetchedAt: instant }, 'cached')
  const open = (kept: KeptList) => kept.open(expecting(key, { uri: kept.uri }))

  it('take no more room than there is: the least recently used are closed first', async () => {
    const lists = new FetchedLists({ addresses: 10, bytes: 250_000 })
    const kept: Record<string, KeptList> = {}
    for (const name of ['a', 'b', 'c']) {
      kept[name] = await keptOf(name, 100_000)
      lists.remember(kept[name], await open(kept[name]))
      if (name === 'b') lists.get(at('a'))
    }
    expect(Object.values(kept).map(({ isOpen }) => isOpen)).toEqual([true, false, true])
    expect(lists.get(at('b'))).toEqual([kept['b']])
    expect(kept['a']?.bytes).toBeGreaterThan(100_000)
    expect(kept['b']?.bytes).toBe(kept['b']?.token.length)
    await open(kept['b']!)
    lists.settle()
    expect(Object.values(kept).map(({ isOpen }) => isOpen)).toEqual([false, true, true])
  })

  it('are forgotten where their tokens alone are too much', async () => {
    const { length } = await tokenAt('a')
    const lists = new ImportedLists(2 * length + 100)
    lists.add(
      await Promise.all(
        ['a', 'b', 'c'].map(async name => ({ uri: at(name), token: await tokenAt(name), fetchedAt: instant })),
      ),
    )
    expect(lists.all().map(({ uri }) => uri)).toEqual([at('b'), at('c')])
  })

  it('keep the one used last, however large it is', async () => {
    const lists = new FetchedLists({ addresses: 10, bytes: 10 })
    for (const name of ['a', 'b']) {
      const kept = await keptOf(name)
      lists.remember(kept, await open(kept))
    }
    expect(lists.all().map(({ uri, isOpen }) => [uri, isOpen])).toEqual([[at('b'), true]])
  })

  it('are bounded in number as in size, but for those imported', async () => {
    const lists = new FetchedLists({ addresses: 2, bytes: 1e6 })
    const imported = new ImportedLists()
    for (const name of ['a', 'b', 'c']) {
      const kept = await keptOf(name)
      lists.remember(kept, await open(kept))
      imported.add([{ uri: at(name), token: name, fetchedAt: instant }])
    }
    expect([lists.all().length, imported.all().length]).toEqual([2, 3])
    expect(lists.get(at('a'))).toEqual([])
  })

  it('that were imported are opened again when the room was needed for others', async () => {
    const lst = await lstOf(new Uint8Array(16 * 2 ** 20))
    const names = Array.from({ length: 10 }, (_, name) => at(`${name}`))
    const lists = await Promise.all(
      names.map(async name => ({
        uri: name,
        token: await craftToken(signer, { sub: name }, {}, { lst }),
        fetchedAt: seconds,
      })),
    )
    const offline = statusChecker()
    await offline.importSnapshot(new TextEncoder().encode(JSON.stringify({ version: 1, lists })))
    const opened: string[] = []
    const form: typeof statusListJwt = {
      ...statusListJwt,
      parse(token, limits) {
        const list = statusListJwt.parse(token, limits)
        opened.push(list.uri)
        return list
      },
    }
    const again = [names[9]!, names[0]!]
    for (const name of [...names, ...again])
      expect(await offline.check(asking(key, { form, reference: { uri: name, index: 5 } }))).toMatchObject({ value: 0 })
    expect(opened).toEqual([...names, names[0]])
  })

  it('that were closed answer all the same', async () => {
    const host = makeHost(async url =>
      listResponse(await craftToken(signer, { sub: url }, {}, { lst: await lstOf(new Uint8Array(16 * 2 ** 20)) })),
    )
    const checker = statusChecker({ fetch: host.fetch })
    const ask = (name: number) => checker.check(asking(key, { reference: { uri: at(`${name}`), index: 5 } }))
    for (let name = 0; name < 10; name++) await ask(name)
    for (let name = 0; name < 10; name++) expect(await ask(name)).toMatchObject({ value: 0, source: 'cached' })
    expect(host.asked.length).toBe(10)
  })
})
