import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { deterministic } from '../../src/core/cbor/deterministic.js'
import { readCbor } from '../../src/core/cbor/read.js'
import type { CborMap, CborTag } from '../../src/core/cbor/value.js'
import { readSign1 } from '../../src/core/cose/sign1.js'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { decodeJws } from '../../src/core/jws.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { statusAt } from '../../src/formats/status-list/bits.js'
import { verifyStatusListToken } from '../../src/formats/status-list/token.js'
import type { PublishedStatusList } from '../../src/status/publisher.js'
import { openStatusRegistry, type StatusRegistryOptions } from '../../src/status/registry.js'
import type { StatusStore } from '../../src/status/store.js'
import { memoryStore } from '../../src/store/memory.js'
import { expecting, keyOf } from '../formats/status-list/craft.js'
import { cwtMediaType, formOf, mediaType as jwtMediaType, later, tokenOf } from './host.js'

const baseUri = 'https://status.example'
const day = 86_400
const refused = (code: string) => expect.objectContaining({ name: 'VidimusError', code })
let signer: Signer
let key: PublicKey

beforeAll(async () => {
  signer = await generateSigner('ES256', { kid: 'status-key-1' })
  key = await keyOf(signer)
})

/** A registry whose clock the test sets. */
async function world(changes: Partial<StatusRegistryOptions> = {}) {
  const clock = { now: later(0) }
  const store = memoryStore()
  const options = { store, signer, baseUri, size: 1024, decoys: 0, now: () => clock.now, ...changes }
  return { clock, store, options, registry: await openStatusRegistry(options) }
}

const open = async (file: PublishedStatusList, now: Date) =>
  verifyStatusListToken(tokenOf(file), expecting(key, { form: formOf(file), uri: file.uri, now }))

/** Every index that is not valid, with its value. */
async function changedIn(file: PublishedStatusList, now: Date) {
  const list = await open(file, now)
  const values = Array.from({ length: list.size }, (_, index) => [index, statusAt(list, index)] as const)
  return new Map(values.filter(([, value]) => value !== 0))
}

describe('publications', () => {
  it('are numbered, and each has what changed since the one before', async () => {
    const { registry, clock } = await world()
    const places = [await registry.allocate(), await registry.allocate(), await registry.allocate()] as const
    const [first] = await registry.publish()
    expect([first!.version, await changedIn(first!, clock.now)]).toEqual([1, new Map()])
    await registry.set(places[0], 'suspended')
    await registry.set(places[1], 'invalid')
    const [second] = await registry.publish()
    expect(second!.version).toBe(2)
    expect(await changedIn(second!, clock.now)).toEqual(
      new Map([
        [places[0].index, 2],
        [places[1].index, 1],
      ]),
    )
    await registry.set(places[0], 'valid')
    const [third] = await registry.publish()
    expect(await changedIn(third!, clock.now)).toEqual(new Map([[places[1].index, 1]]))
  })

  it('of many publishers at once follow one another, and lose nothing', async () => {
    const { registry, options, clock } = await world()
    const others = [registry, await openStatusRegistry(options), await openStatusRegistry(options)]
    const places = await Promise.all(Array.from({ length: 30 }, () => registry.allocate()))
    const files: PublishedStatusList[] = []
    const write = async (file: PublishedStatusList) => void files.push(file)
    await Promise.all(places.flatMap((place, n) => [registry.set(place, 'invalid'), others[n % 3]!.publish({ write })]))
    await registry.publish({ write })
    expect(files.map(({ version }) => version)).toEqual(files.map((_, n) => n + 1))
    let before = 0
    for (const file of files) {
      const { size } = await changedIn(file, clock.now)
      expect(size).toBeGreaterThanOrEqual(before)
      before = size
    }
    expect(before).toBe(30)
  })

  it('put their files in place before another can begin, or did not take place', async () => {
    const { registry, clock } = await world()
    const place = await registry.allocate()
    await registry.publish()
    await registry.set(place, 'invalid')
    const full = new Error('the disk is full')
    await expect(registry.publish({ write: () => Promise.reject(full) })).rejects.toBe(full)
    expect(await registry.file(place.uri)).toMatchObject({ version: 1 })
    const [again] = await registry.publish()
    expect(again!.version).toBe(2)
    expect(await changedIn(again!, clock.now)).toEqual(new Map([[place.index, 1]]))
  })

  it('keep their order when the clock goes back a day, and go on when it is right again', async () => {
    const { registry, clock } = await world()
    const place = await registry.allocate()
    const issued = async () => {
      const [file] = await registry.publish()
      expect((await open(file!, file!.issued)).issuedAt).toEqual(file!.issued)
      return [file!.version, file!.issued] as const
    }
    clock.now = later(day)
    expect(await issued()).toEqual([1, later(day)])
    clock.now = later(0)
    await registry.set(place, 'invalid')
    expect(await issued()).toEqual([2, later(day)])
    clock.now = later(day + 60.7)
    expect(await issued()).toEqual([3, later(day + 60)])
    expect(await changedIn((await registry.publish())[0]!, clock.now)).toEqual(new Map([[place.index, 1]]))
  })

  it('show decoys turning invalid over the years, on places that nobody has', async () => {
    const { registry, clock } = await world({ decoys: 0.25 })
    const places = await Promise.all(Array.from({ length: 768 }, () => registry.allocate()))
    const uri = places[0]!.uri
    const mine = new Set(places.filter(place => place.uri === uri).map(({ index }) => index))
    const turned = async () => changedIn((await registry.publish()).find(file => file.uri === uri)!, clock.now)
    expect((await turned()).size).toBe(0)
    clock.now = later(5 * 365 * day)
    const half = await turned()
    expect(half.size).toBe(64)
    clock.now = later(10 * 365 * day)
    const all = await turned()
    expect(all.size).toBe(128)
    for (const index of half.keys()) expect(all.has(index)).toBe(true)
    for (const index of all.keys()) expect(mine.has(index)).toBe(false)
  })
})

describe('two publications within a second', () => {
  it('are told apart by their dates when they differ, and not otherwise', async () => {
    const { registry } = await world()
    const place = await registry.allocate()
    const issued = async () => (await registry.publish())[0]!.issued
    expect(await issued()).toEqual(later(0))
    expect(await issued()).toEqual(later(0))
    await registry.set(place, 'suspended')
    expect(await issued()).toEqual(later(1))
    expect(await issued()).toEqual(later(1))
    for (let n = 0; n < 60; n++) {
      await registry.set(place, n % 2 === 0 ? 'valid' : 'suspended')
      await registry.publish()
    }
    expect(await issued()).toEqual(later(30))
  })
})

describe('a store restored from an older copy', () => {
  it('gives no place of before again, and goes on with higher versions', async () => {
    const { registry, options } = await world({ decoys: 0.25 })
    const before = await Promise.all(Array.from({ length: 20 }, () => registry.allocate()))
    const [last] = await registry.publish()
    await registry.abandonLists()
    for (const one of [registry, await openStatusRegistry(options)]) {
      const after = await Promise.all(Array.from({ length: 20 }, () => one.allocate()))
      expect(after.some(({ uri }) => uri === before[0]!.uri)).toBe(false)
    }
    await registry.set(before[0]!, 'invalid')
    const file = (await registry.publish()).find(({ uri }) => uri === before[0]!.uri)
    expect(file!.version).toBeGreaterThan(last!.version + 1000)
    expect(await registry.file(before[0]!.uri)).toEqual(file)
    await expect(registry.abandonLists({ signal: AbortSignal.abort('no') })).rejects.toBe('no')
  })

  it('is another registry’s own to give up', async () => {
    const { registry, options } = await world()
    const { uri } = await registry.allocate()
    await (await openStatusRegistry({ ...options, baseUri: 'https://other.example' })).abandonLists()
    expect((await registry.allocate()).uri).toBe(uri)
  })
})

describe('a published file', () => {
  it('is found by its address, as it was published', async () => {
    const { registry } = await world()
    const places = [await registry.allocate(), await registry.allocate({ format: 'mso_mdoc' })]
    expect(await registry.file(places[0]!.uri)).toBeUndefined()
    const files = await registry.publish()
    for (const [n, place] of places.entries()) expect(await registry.file(place.uri)).toEqual(files[n])
    expect(files[1]!.mediaType).toBe(cwtMediaType)
  })

  it('is not found by any other address', async () => {
    const { registry, options } = await world()
    const { uri } = await registry.allocate()
    await registry.publish()
    for (const other of [`${uri}/`, `${uri}?x`, baseUri, '', uri.slice(0, -1), undefined as unknown as string])
      expect(await registry.file(other)).toBeUndefined()
    const elsewhere = await openStatusRegistry({ ...options, baseUri: 'https://other.example' })
    expect(await elsewhere.file(uri)).toBeUndefined()
    await expect(registry.file(uri, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
  })
})

describe('a list of the past', () => {
  it('is what was to be believed then, dated as it was then', async () => {
    const { registry, clock } = await world({ history: 30 * day, decoys: 0.25 })
    const place = await registry.allocate()
    await registry.publish()
    clock.now = later(3600)
    await registry.set(place, 'suspended')
    await registry.publish()
    clock.now = later(7200)
    await registry.set(place, 'valid')
    await registry.publish()
    const at = async (seconds: number) => {
      const file = await registry.fileAt(place.uri, later(seconds))
      return file && [file.version, file.issued, (await changedIn(file, later(seconds))).get(place.index)]
    }
    expect(await at(-1)).toBeUndefined()
    expect(await at(0)).toEqual([1, later(0), undefined])
    expect(await at(3599)).toEqual([1, later(0), undefined])
    expect(await at(3600)).toEqual([2, later(3600), 2])
    expect(await at(7200)).toEqual([3, later(7200), undefined])
    expect(await at(7200 + day)).toEqual([3, later(7200), undefined])
    expect(await at(7201 + day)).toBeUndefined()
  })

  it('is what was published then, whatever was changed, published and turned since: a property', async () => {
    const acts = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.boolean(), fc.boolean()), { minLength: 8, maxLength: 25 })
    let turned = 0
    await fc.assert(
      fc.asyncProperty(acts, async acts => {
        const { registry, clock } = await world({ history: 20 * 365 * day, decoys: 0.25 })
        const places = await Promise.all(Array.from({ length: 10 }, () => registry.allocate()))
        const published: { at: Date; values: ReadonlyMap<number, number> }[] = []
        for (const [step, [n, suspend, publish]] of acts.entries()) {
          clock.now = later(step * 120 * day)
          await registry.set(places[n]!, suspend ? 'suspended' : 'valid')
          if (!publish) continue
          const [file] = await registry.publish()
          published.push({ at: clock.now, values: await changedIn(file!, clock.now) })
        }
        for (const { at, values } of published) {
          const file = await registry.fileAt(places[0]!.uri, at)
          expect(await changedIn(file!, at)).toEqual(values)
          turned = Math.max(turned, [...values.values()].filter(value => value === 1).length)
        }
      }),
      { seed: 20261122, numRuns: 15 },
    )
    expect(turned).toBeGreaterThan(20)
  })

  it('is none when it was forgotten while it was looked up', async () => {
    const { registry, store, options, clock } = await world({ history: 30 * day })
    const place = await registry.allocate()
    for (const [value, hours] of [
      ['suspended', 0],
      ['valid', 1],
      ['invalid', 2],
    ] as const) {
      clock.now = later(hours * 3600)
      await registry.set(place, value)
      await registry.publish()
    }
    const findChangesBetween: StatusStore['findChangesBetween'] = async function* (open, ...asked) {
      await store.forgetPublications(open, place.uri, later(300 * day))
      yield* store.findChangesBetween(open, ...asked)
    }
    const forgetting = await openStatusRegistry({ ...options, store: { ...store, findChangesBetween } })
    expect(await registry.fileAt(place.uri, later(0))).toMatchObject({ version: 1 })
    expect(await forgetting.fileAt(place.uri, later(0))).toBeUndefined()
  })

  it('is forgotten when its time is over, and only then', async () => {
    const { registry, clock } = await world({ history: day })
    const place = await registry.allocate()
    await registry.publish()
    await registry.set(place, 'invalid')
    clock.now = later(2 * day)
    await registry.publish()
    expect(await registry.fileAt(place.uri, later(0))).toMatchObject({ version: 1 })
    clock.now = later(2 * day + 1)
    await registry.publish()
    clock.now = later(2 * day + 2)
    await registry.publish()
    expect(await registry.fileAt(place.uri, later(0))).toBeUndefined()
    expect(await registry.fileAt(place.uri, later(2 * day))).toMatchObject({ version: 2 })
  })

  it('is forgotten from the oldest on, though a later one ran out earlier', async () => {
    const { registry, options, clock } = await world({ history: 3600, lifetime: 10 * day })
    const place = await registry.allocate({ id: 'p' })
    await registry.publish()
    const hasty = await openStatusRegistry({ ...options, lifetime: 3600 })
    clock.now = later(3600)
    await hasty.set('p', 'invalid')
    for (const hours of [1, 5, 9]) {
      clock.now = later(hours * 3600)
      await hasty.publish()
    }
    const file = await hasty.fileAt(place.uri, later(3600))
    expect((await changedIn(file!, later(3600))).get(place.index)).toBe(1)
  })

  it('outlives one publication with a clock that was days ahead', async () => {
    const { registry, clock } = await world({ history: day })
    const place = await registry.allocate()
    for (let hour = 0; hour < 24; hour++) {
      clock.now = later(hour * 3600)
      await registry.publish()
    }
    clock.now = later(4 * day)
    await registry.publish()
    clock.now = later(day)
    await registry.publish()
    expect(await registry.fileAt(place.uri, later(1800))).toMatchObject({ version: 1 })
  })

  it('is signed once for all times at which it was to be believed', async () => {
    let signed = 0
    const counting = { ...signer, sign: (bytes: Uint8Array) => (signed++, signer.sign(bytes)) }
    const { registry } = await world({ history: day, signer: counting })
    const { uri } = await registry.allocate()
    await registry.publish()
    signed = 0
    const files = await Promise.all(Array.from({ length: 40 }, (_, second) => registry.fileAt(uri, later(second))))
    expect(signed).toBe(1)
    expect(new Set(files).size).toBe(1)
  })

  it('is asked for again when it could not be signed', async () => {
    let broken = false
    const unsteady = async () => {
      if (broken) throw new Error('the device is away')
      return signer
    }
    const { registry } = await world({ history: day, signer: unsteady })
    const { uri } = await registry.allocate()
    await registry.publish()
    broken = true
    await expect(registry.fileAt(uri, later(0))).rejects.toThrow('the device is away')
    broken = false
    expect(await registry.fileAt(uri, later(0))).toMatchObject({ version: 1 })
  })

  it('is not told by another registry over the same store, whose base it lies below', async () => {
    const { registry, options } = await world({ baseUri: `${baseUri}/b` })
    const { uri } = await registry.allocate()
    await registry.publish()
    const outer = await openStatusRegistry({ ...options, baseUri, history: day })
    expect(await outer.fileAt(uri, later(0))).toBeUndefined()
    expect(await outer.file(uri)).toBeUndefined()
  })

  it('is of no address but a list’s, and of no time that is none', async () => {
    const { registry } = await world({ history: day })
    const { uri } = await registry.allocate()
    expect(await registry.fileAt(uri, later(0))).toBeUndefined()
    await registry.publish()
    expect(await registry.fileAt(`${uri}x`, later(0))).toBeUndefined()
    expect(await registry.fileAt('https://other.example/1', later(0))).toBeUndefined()
    await expect(registry.fileAt(uri, new Date(Number.NaN))).rejects.toThrow(TypeError)
  })

  it('is not told where none is kept', async () => {
    const { registry } = await world()
    const { uri } = await registry.allocate()
    await registry.publish()
    await expect(registry.fileAt(uri, later(0))).rejects.toThrow(refused('status_history_unsupported'))
  })
})

describe('the index of lists', () => {
  it('names every list that is published, and every list names it', async () => {
    const aggregationUri = `${baseUri}/lists`
    const { registry } = await world({ aggregationUri })
    const uris = [(await registry.allocate()).uri, (await registry.allocate({ format: 'mso_mdoc' })).uri]
    expect(JSON.parse((await registry.aggregation()).body as string)).toEqual({ status_lists: [] })
    const files = await registry.publish()
    const index = await registry.aggregation()
    expect(index).toMatchObject({ uri: aggregationUri, path: 'lists', mediaType: 'application/json' })
    expect(JSON.parse(index.body as string)).toEqual({ status_lists: uris })
    expect(files.map(({ mediaType }) => mediaType)).toEqual([jwtMediaType, cwtMediaType])
    expect(decodeJws(tokenOf(files[0]!)).payload['status_list']).toMatchObject({ aggregation_uri: aggregationUri })
    const cwt = readCbor(files[1]!.body as Uint8Array, { form: deterministic, tags: [18] }) as CborTag
    const claims = readCbor(readSign1(cwt.value).payload!, { form: deterministic }) as CborMap
    expect((claims.get(65533) as CborMap).get('aggregation_uri')).toBe(aggregationUri)
  })

  it('has an address of its own where no list names one', async () => {
    const { registry } = await world()
    await registry.allocate()
    const [file] = await registry.publish()
    expect(await registry.aggregation()).toMatchObject({ uri: `${baseUri}/aggregation`, path: 'aggregation' })
    expect(decodeJws(tokenOf(file!)).payload['status_list']).not.toHaveProperty('aggregation_uri')
  })
})

describe('lists side by side', () => {
  it('are as many as were asked for, and each holds what was set in it alone', async () => {
    const { registry, clock } = await world({ shards: 3 })
    const places = await Promise.all(Array.from({ length: 60 }, () => registry.allocate()))
    const set = new Map<string, Map<number, number>>()
    for (const [n, { uri, index }] of places.entries()) {
      const values = set.get(uri) ?? new Map<number, number>()
      set.set(uri, n % 2 === 0 ? values.set(index, 1) : values)
      if (n % 2 === 0) await registry.set({ uri, index }, 'invalid')
    }
    const files = await registry.publish()
    expect(files.length).toBe(3)
    for (const file of files) expect(await changedIn(file, clock.now)).toEqual(set.get(file.uri))
  })

  it.each([
    ['month', [0, 1, 2, 3, 4, 0, 6]],
    ['quarter', [0, 0, 0, 3, 4, 0, 6]],
    ['year', [0, 0, 0, 0, 4, 0, 6]],
  ] as const)('part by the %s in which credentials run out', async (cohort, expected) => {
    const { registry } = await world({ cohort })
    const uris: string[] = []
    for (const date of ['2031-01-31', '2031-02-01', '2031-03-31', '2031-04-01', '2032-01-01', '2031-01-01', undefined])
      uris.push((await registry.allocate({ expires: date === undefined ? undefined : new Date(date) })).uri)
    expect(uris.map(one => uris.indexOf(one))).toEqual(expected)
  })
})
