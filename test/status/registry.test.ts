import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { membersNaming } from '../../src/audit/commitment.js'
import { verifyHistory } from '../../src/audit/history.js'
import { openAuditLog } from '../../src/audit/log.js'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { decodeJws } from '../../src/core/jws.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { VidimusError } from '../../src/errors.js'
import { statusAt } from '../../src/formats/status-list/bits.js'
import { verifyStatusListToken } from '../../src/formats/status-list/token.js'
import { statusChecker } from '../../src/status/checker.js'
import type { PublishedStatusList } from '../../src/status/publisher.js'
import type { ActRecorder, StatusAct } from '../../src/status/recorder.js'
import { openStatusRegistry, type StatusRegistryOptions, type StatusValue } from '../../src/status/registry.js'
import type { StatusStore } from '../../src/status/store.js'
import { memoryStore } from '../../src/store/memory.js'
import { expecting, instant, keyOf, seconds } from '../formats/status-list/craft.js'
import { asking, cwtMediaType, formOf, later, listResponse, mediaType, refusalOf, tokenOf } from './host.js'

const baseUri = 'https://status.example'
const unknown = { uri: `${baseUri}/nowhere`, index: 0 }
let signer: Signer
let key: PublicKey

beforeAll(async () => {
  signer = await generateSigner('ES256', { kid: 'status-key-1' })
  key = await keyOf(signer)
})

const open = (changes: Partial<StatusRegistryOptions> = {}) =>
  openStatusRegistry({ store: memoryStore(), signer, baseUri, size: 1024, now: () => instant, ...changes })

const verify = (file: PublishedStatusList, now = instant) =>
  verifyStatusListToken(tokenOf(file), expecting(key, { form: formOf(file), uri: file.uri, now }))

/** The value published for a place. */
async function published(files: readonly PublishedStatusList[], { uri, index }: { uri: string; index: number }) {
  return statusAt(await verify(files.find(file => file.uri === uri)!), index)
}

const refused = (code: string) => expect.objectContaining({ name: 'VidimusError', code })

describe('a place in a status list', () => {
  it('is what a credential refers to, with the id of its passport', async () => {
    const registry = await open()
    const status = await registry.allocate({ id: 'passport 1', expires: later(3600) })
    expect(status).toEqual({
      id: 'passport 1',
      uri: expect.stringMatching(/^https:\/\/status\.example\/[0-9a-f]{32}$/),
      index: expect.any(Number),
    })
    expect(Object.isFrozen(status)).toBe(true)
    expect(await registry.get('passport 1')).toBe('valid')
    expect(await registry.get(status)).toBe('valid')
  })

  it('gets a random id where none is given', async () => {
    const registry = await open()
    const [first, second] = [await registry.allocate(), await registry.allocate()]
    expect(first.id).toMatch(/^[0-9a-f]{32}$/)
    expect(second.id).not.toBe(first.id)
  })

  it('is never given twice, not to ten thousand who come at once to lists of 1,024', async () => {
    const registry = await open()
    const places = await Promise.all(Array.from({ length: 10_000 }, () => registry.allocate()))
    expect(new Set(places.map(({ uri, index }) => `${uri} ${index}`)).size).toBe(10_000)
    expect(places.every(({ index }) => Number.isInteger(index) && index >= 0 && index < 1024)).toBe(true)
    const lists = new Set(places.map(({ uri }) => uri)).size
    expect(lists).toBeGreaterThanOrEqual(10)
    expect(lists).toBeLessThan(30)
  })

  it('is not given twice by two registries over one store', async () => {
    const store = memoryStore()
    const registries = [await open({ store, size: 64 }), await open({ store, size: 64 })]
    const places = await Promise.all(Array.from({ length: 200 }, (_, n) => registries[n % 2]!.allocate()))
    expect(new Set(places.map(({ uri, index }) => `${uri} ${index}`)).size).toBe(200)
  })

  it('is random: neighbours in time are no neighbours in the list', async () => {
    const registry = await open({ size: 2 ** 20 })
    const indexes: number[] = []
    for (let n = 0; n < 64; n++) indexes.push((await registry.allocate()).index)
    const halves = indexes.filter(index => index < 2 ** 19).length
    expect(halves).toBeGreaterThan(8)
    expect(halves).toBeLessThan(56)
    const neighbours = indexes.filter((index, n) => n > 0 && Math.abs(index - indexes[n - 1]!) === 1)
    expect(neighbours.length).toBeLessThan(3)
  })

  it('reaches every index of a list whose size is no power of two', async () => {
    const registry = await open({ size: 24, bits: 8 })
    const seen = new Set<number>()
    for (let n = 0; n < 500; n++) seen.add((await registry.allocate()).index)
    expect(seen.size).toBe(24)
  })

  it('stands in a list of many, which a new one follows once it is mostly used', async () => {
    const registry = await open({ size: 64 })
    const places = []
    for (let n = 0; n < 200; n++) places.push(await registry.allocate({ id: `passport ${n}` }))
    const lists = [...new Set(places.map(({ uri }) => uri))]
    for (const list of lists.slice(0, -1)) expect(places.filter(({ uri }) => uri === list).length).toBeGreaterThan(16)
    expect(places.map(({ uri }) => lists.indexOf(uri))).toEqual(
      places.map(({ uri }) => lists.indexOf(uri)).sort((a, b) => a - b),
    )
  })

  it('stands in a list of its own registry and width', async () => {
    const store = memoryStore()
    const uris = new Set<string>()
    for (const changes of [{}, { bits: 1 as const }, { size: 128 }, { baseUri: 'https://other.example' }])
      uris.add((await (await open({ store, ...changes })).allocate()).uri)
    expect(uris.size).toBe(4)
  })

  it('stands in a list for the format of its credential', async () => {
    const registry = await open()
    const formats = [undefined, 'mso_mdoc', 'dc+sd-jwt', 'mso_mdoc'] as const
    const uris: string[] = []
    for (const format of formats) uris.push((await registry.allocate({ format })).uri)
    expect(new Set(uris).size).toBe(2)
    expect(uris.map(uri => uris.indexOf(uri))).toEqual([0, 1, 0, 1])
    const files = await registry.publish()
    expect(uris.slice(0, 2).map(uri => files.find(file => file.uri === uri)?.mediaType)).toEqual([
      mediaType,
      cwtMediaType,
    ])
  })

  it('is taken in the transaction of the caller, or not at all', async () => {
    const store = memoryStore()
    const registry = await open({ store })
    const failing = store.transaction(async transaction => {
      await registry.allocate({ id: 'passport 1', transaction })
      expect(await registry.get('passport 1', { transaction })).toBe('valid')
      throw new Error('the credential could not be kept')
    })
    await expect(failing).rejects.toThrow('the credential could not be kept')
    await expect(registry.get('passport 1')).rejects.toThrow(refused('registry_reference_unknown'))
  })

  it('is given to nobody after a transaction that was undone: a credential may have been signed for it', async () => {
    const store = memoryStore()
    const registry = await open({ store, size: 64, decoys: 0 })
    const undone: string[] = []
    for (let n = 0; n < 10; n++) {
      const failing = store.transaction(async transaction => {
        for (const { uri, index } of [
          await registry.allocate({ transaction }),
          await registry.allocate({ transaction }),
        ])
          undone.push(`${uri} ${index}`)
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
    }
    expect(new Set(undone).size).toBe(20)
    const given = await Promise.all(Array.from({ length: 60 }, () => registry.allocate()))
    const places = given.map(({ uri, index }) => `${uri} ${index}`)
    expect(undone.some(place => place.startsWith(given[0]!.uri))).toBe(true)
    expect(places.filter(place => undone.includes(place))).toEqual([])
  })

  it('is refused, not searched for without end, when the store says that every place is taken', async () => {
    let tried = 0
    const store: StatusStore = {
      ...memoryStore(),
      insertStatusEntry: async () => {
        tried++
        return false
      },
    }
    const registry = await open({ store })
    await expect(registry.allocate()).rejects.toThrow(refused('registry_full'))
    expect(tried).toBeLessThan(100)
    await expect(registry.allocate()).rejects.toThrow(refused('registry_full'))
  })

  it.each([new Date(instant.getTime() - 1), new Date('+010000-01-01T00:00:00Z'), new Date(8.64e15)])(
    'is not given to a credential that runs out at %s',
    async expires => {
      const registry = await open()
      await expect(registry.allocate({ expires })).rejects.toThrow(RangeError)
      expect(await registry.allocate({ expires: new Date('9999-12-31T23:59:59Z') })).toBeDefined()
      expect(await registry.allocate({ expires: instant })).toBeDefined()
    },
  )

  it.each<[string, object]>([
    ['format', { format: 'ldp_vc' }],
    ['issuer', { format: 'vc+jwt' }],
    ['format', { format: 'constructor' }],
    ['id', { id: '' }],
    ['id', { id: 7 }],
    ['id', { id: 'x'.repeat(1025) }],
    ['id', { id: '\ud800' }],
    ['id', { id: 'a\0b' }],
    ['expires', { expires: '2027-01-01' }],
    ['expires', { expires: new Date(Number.NaN) }],
  ])('is not given for a wrong `%s`', async (name, options) => {
    const registry = await open()
    await expect(registry.allocate(options)).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`\`${name}\``) }),
    )
  })
})

describe('a status', () => {
  it('goes from valid to suspended and back, and to invalid for good', async () => {
    const registry = await open()
    const place = await registry.allocate()
    for (const value of ['suspended', 'valid', 'suspended', 'suspended', 'invalid', 'invalid'] as const) {
      await registry.set(place, value)
      expect(await registry.get(place)).toBe(value)
      expect(await published(await registry.publish(), place)).toBe({ valid: 0, invalid: 1, suspended: 2 }[value])
    }
    for (const value of ['valid', 'suspended'] as const)
      await expect(registry.set(place, value)).rejects.toThrow(refused('registry_status_final'))
    expect(await registry.get(place)).toBe('invalid')
  })

  it('of a passport is that of all its copies', async () => {
    const registry = await open({ size: 16 })
    const copies = await Promise.all(Array.from({ length: 40 }, () => registry.allocate({ id: 'passport 1' })))
    const other = await registry.allocate({ id: 'passport 2' })
    await registry.set('passport 1', 'suspended')
    const files = await registry.publish()
    for (const copy of copies) expect(await published(files, copy)).toBe(2)
    expect(await published(files, other)).toBe(0)
    expect(await registry.get('passport 2')).toBe('valid')
  })

  it('of a passport is that of its copies in every format', async () => {
    const registry = await open()
    const copies = [await registry.allocate({ id: 'p' }), await registry.allocate({ id: 'p', format: 'mso_mdoc' })]
    for (const [value, number] of [
      ['suspended', 2],
      ['invalid', 1],
    ] as const) {
      await registry.set('p', value)
      const files = await registry.publish()
      for (const copy of copies) expect(await published(files, copy)).toBe(number)
    }
  })

  it('of one copy leaves the others alone', async () => {
    const registry = await open()
    const [lost, kept] = [await registry.allocate({ id: 'p' }), await registry.allocate({ id: 'p' })]
    await registry.set(lost, 'invalid')
    expect(await registry.get(kept)).toBe('valid')
    expect(await registry.get('p')).toBe('valid')
    await registry.set('p', 'suspended')
    expect([await registry.get(lost), await registry.get(kept), await registry.get('p')]).toEqual([
      'invalid',
      'suspended',
      'suspended',
    ])
    await registry.set('p', 'valid')
    expect([await registry.get(lost), await registry.get(kept)]).toEqual(['invalid', 'valid'])
    await registry.set('p', 'invalid')
    expect(await registry.get('p')).toBe('invalid')
    await expect(registry.set('p', 'valid')).rejects.toThrow(refused('registry_status_final'))
  })

  it('of a place that was never given is unknown', async () => {
    const registry = await open()
    const place = await registry.allocate({ id: 'p' })
    const elsewhere = await open({ baseUri: 'https://other.example' })
    for (const which of [
      'q',
      '',
      unknown,
      { ...place, index: (place.index + 1) % 1024 },
      ...[-1, 1024, 2 ** 31, 2 ** 53, 0.5, Number.NaN].map(index => ({ ...place, index })),
    ]) {
      await expect(registry.set(which, 'invalid')).rejects.toThrow(refused('registry_reference_unknown'))
      await expect(registry.get(which)).rejects.toThrow(refused('registry_reference_unknown'))
    }
    await expect(elsewhere.get(place)).rejects.toThrow(refused('registry_reference_unknown'))
  })

  it('is not another registry’s to set, though they share a store', async () => {
    const store = memoryStore()
    const [mine, theirs] = [await open({ store }), await open({ store, baseUri: 'https://other.example' })]
    const place = await mine.allocate({ id: 'p' })
    await theirs.allocate({ id: 'p' })
    await expect(theirs.set(place, 'invalid')).rejects.toThrow(refused('registry_reference_unknown'))
    await theirs.set('p', 'invalid')
    expect(await mine.get('p')).toBe('valid')
    expect((await mine.publish()).map(({ uri }) => uri)).toEqual([place.uri])
  })

  it('cannot be suspended in a list of one bit, also one of former days', async () => {
    const store = memoryStore()
    const place = await (await open({ store, bits: 1 })).allocate({ id: 'p' })
    const registry = await open({ store, bits: 2 })
    await registry.allocate({ id: 'p' })
    for (const which of ['p', place]) await expect(registry.set(which, 'suspended')).rejects.toThrow(RangeError)
    expect(await registry.get('p')).toBe('valid')
    await registry.set('p', 'invalid')
    expect(await published(await registry.publish(), place)).toBe(1)
  })

  it.each<[string, readonly unknown[]]>([
    ['value', ['p', 'revoked']],
    ['value', ['p', undefined]],
    ['value', ['p', 'toString']],
    ['which', [undefined, 'invalid']],
    ['which', [{ uri: baseUri }, 'invalid']],
    ['reason', ['p', 'invalid', { reason: 1 }]],
    ['actor', ['p', 'invalid', { actor: '' }]],
    ['actorId', ['p', 'invalid', { actorId: '' }]],
    ['device', ['p', 'invalid', { device: 7 }]],
    ['address', ['p', 'invalid', { address: null }]],
  ])('is not set for a wrong `%s`', async (name, [which, value, options]) => {
    const registry = await open()
    await registry.allocate({ id: 'p' })
    const setting = registry.set(which as string, value as StatusValue, options as object)
    await expect(setting).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`\`${name}\``) }),
    )
  })

  it('of two writers at once is one of the two, and invalid wins for good', async () => {
    const registry = await open()
    const place = await registry.allocate()
    await Promise.allSettled([
      registry.set(place, 'suspended'),
      registry.set(place, 'invalid'),
      registry.set(place, 'valid'),
    ])
    expect(await registry.get(place)).toBe('invalid')
  })

  it('is set again when another changed it in between', async () => {
    const memory = memoryStore()
    let interfere = true
    const store: StatusStore = {
      ...memory,
      async updateStatusEntry(open, entry, value) {
        if (!interfere) return memory.updateStatusEntry(open, entry, value)
        interfere = false
        await memory.updateStatusEntry(open, entry, 1)
        return memory.updateStatusEntry(open, entry, value)
      },
    }
    const registry = await open({ store })
    const place = await registry.allocate()
    await expect(registry.set(place, 'suspended')).rejects.toThrow(refused('registry_status_final'))
    const stubborn = await open({ store: { ...memory, updateStatusEntry: async () => false } })
    const other = await stubborn.allocate()
    await expect(stubborn.set(other, 'suspended')).rejects.toThrow('the store kept changing')
  })
})

describe('an act', () => {
  function recorder(store?: StatusStore): ActRecorder & { readonly acts: StatusAct[]; readonly log: string[] } {
    const acts: StatusAct[] = []
    const log: string[] = []
    return {
      store,
      acts,
      log,
      async record(act) {
        acts.push(act)
        log.push('record')
      },
      async sequence() {
        log.push('sequence')
      },
    }
  }

  it('is recorded with the change and gets its place after the commit', async () => {
    const store = memoryStore()
    const audit = recorder(store)
    const registry = await open({ store, audit })
    await registry.allocate({ id: 'p' })
    await registry.allocate({ id: 'p' })
    await registry.set('p', 'suspended', { reason: 'lost', actor: 'clerk' })
    await registry.set('p', 'valid', { reason: 'found' })
    await registry.set('p', 'invalid')
    expect(audit.acts).toEqual([
      { kind: 'suspend', actor: 'clerk', reason: 'lost', statusValue: 'suspended', subject: 'p' },
      { kind: 'reinstate', actor: 'operator', reason: 'found', statusValue: 'valid', subject: 'p' },
      { kind: 'revoke', actor: 'operator', reason: 'unspecified', statusValue: 'invalid', subject: 'p' },
    ])
    expect(audit.log).toEqual(['record', 'sequence', 'record', 'sequence', 'record', 'sequence'])
  })

  it('is recorded with who made it, on which device and from where, and the log commits to them', async () => {
    const store = memoryStore()
    const audit = await openAuditLog({ store, origin: 'passport.example/log', signer: await generateSigner('Ed25519') })
    const registry = await open({ store, audit })
    await registry.allocate({ id: 'p' })
    const by = { actorId: 'clerk 17', device: 'desk 4', address: '192.0.2.7' }
    await registry.set('p', 'suspended', { reason: 'lost', ...by })
    await store.transaction(transaction => registry.set('p', 'valid', { actorId: 'clerk 18', transaction }))
    const [first, second] = (await audit.history('p')).entries.map(({ entry }) => entry)
    for (const [name, identifier] of Object.entries(by))
      expect(await membersNaming(first!, await audit.opening(identifier))).toEqual([name])
    expect(await membersNaming(second!, await audit.opening('clerk 18'))).toEqual(['actorId'])
    expect(JSON.stringify([first, second])).not.toMatch(/clerk|desk|192/)
  })

  it('on one copy is recorded under the passport’s id', async () => {
    const audit = recorder()
    const registry = await open({ audit })
    await registry.set(await registry.allocate({ id: 'p' }), 'invalid')
    expect(audit.acts).toMatchObject([{ kind: 'revoke', subject: 'p' }])
  })

  it('that changes nothing is not recorded', async () => {
    const audit = recorder()
    const registry = await open({ audit })
    const place = await registry.allocate({ id: 'p' })
    await registry.set(place, 'valid')
    await registry.set(place, 'suspended')
    await registry.set(place, 'suspended')
    await registry.set('p', 'invalid')
    await registry.set('p', 'invalid')
    expect(audit.acts.map(({ kind }) => kind)).toEqual(['suspend', 'revoke'])
    expect(audit.log).toEqual(['record', 'sequence', 'record', 'sequence'])
  })

  it('is done when it is committed, though it gets its place in the log only later', async () => {
    const audit = { ...recorder(), sequence: () => Promise.reject(new Error('the log is busy')) }
    const registry = await open({ audit })
    await registry.allocate({ id: 'p' })
    await registry.set('p', 'invalid')
    expect(await registry.get('p')).toBe('invalid')
  })

  it('that cannot be recorded changes nothing', async () => {
    const failure = new Error('the log is full')
    const audit = { ...recorder(), record: () => Promise.reject(failure) }
    const registry = await open({ audit })
    const place = await registry.allocate({ id: 'p' })
    await expect(registry.set('p', 'invalid')).rejects.toBe(failure)
    expect(audit.log).toEqual([])
    expect(await registry.get('p')).toBe('valid')
    expect(await published(await registry.publish(), place)).toBe(0)
  })

  it('is undone when the caller gives up before it is committed', async () => {
    const controller = new AbortController()
    const audit = recorder()
    const record: ActRecorder['record'] = async act => {
      audit.acts.push(act)
      controller.abort('enough')
    }
    const registry = await open({ audit: { ...audit, record } })
    await registry.allocate({ id: 'p' })
    await expect(registry.set('p', 'invalid', { signal: controller.signal })).rejects.toBe('enough')
    expect(audit.acts.length).toBe(1)
    expect(await registry.get('p')).toBe('valid')
    expect(audit.log).toEqual([])
  })

  it('in the caller’s transaction is sequenced by the caller, and undone with it', async () => {
    const store = memoryStore()
    const audit = recorder(store)
    const registry = await open({ store, audit })
    await registry.allocate({ id: 'p' })
    await store.transaction(transaction => registry.set('p', 'suspended', { transaction }))
    expect(audit.log).toEqual(['record'])
    const failing = store.transaction(async transaction => {
      await registry.set('p', 'invalid', { transaction })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await registry.get('p')).toBe('suspended')
  })

  it('is in the log, proved, with its change, or neither is', async () => {
    const store = memoryStore()
    const logSigner = await generateSigner('Ed25519')
    const audit = await openAuditLog({ store, origin: 'passport.example/log', signer: logSigner, now: () => instant })
    const registry = await open({ store, audit })
    await registry.allocate({ id: 'p' })
    await registry.set('p', 'invalid', { reason: 'lost' })
    const verdict = await verifyHistory(await audit.history('p'), { logKey: audit.verifierKey })
    expect(verdict).toMatchObject({ ok: true, entries: [{ kind: 'revoke', actor: 'operator', reason: 'lost' }] })
    await registry.allocate({ id: 'q' })
    const longest = 'x'.repeat(1025)
    await expect(registry.set('q', 'suspended', { actorId: longest })).rejects.toThrow(refused('audit_entry_malformed'))
    await expect(registry.set('q', 'suspended', { reason: 'Not a word' })).rejects.toThrow(
      refused('audit_entry_malformed'),
    )
    expect(await registry.get('q')).toBe('valid')
  })

  it('is recorded in the store of the registry or nowhere', async () => {
    await expect(open({ audit: recorder(memoryStore()) })).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('`store`') }),
    )
    await expect(open({ audit: {} as ActRecorder })).rejects.toThrow(TypeError)
    await expect(open({ audit: null as unknown as ActRecorder })).rejects.toThrow(TypeError)
  })
})

describe('published lists', () => {
  it('are files for a static host', async () => {
    const registry = await open({ issuer: 'https://passport.example' })
    const { uri } = await registry.allocate()
    const [file, ...more] = await registry.publish()
    expect(more).toEqual([])
    expect(file).toMatchObject({
      uri,
      path: uri.slice('https://status.example/'.length),
      mediaType: 'application/statuslist+jwt',
      cacheControl: 'public, max-age=300',
    })
    const { header, payload } = decodeJws(tokenOf(file!))
    expect({ ...header }).toEqual({ typ: 'statuslist+jwt', kid: 'status-key-1', alg: 'ES256' })
    expect(payload).toMatchObject({
      iss: 'https://passport.example',
      sub: uri,
      iat: seconds,
      exp: seconds + 86_400,
      ttl: 300,
    })
  })

  it('are bytes where they are for mdocs', async () => {
    const registry = await open({ issuer: 'https://passport.example' })
    const { uri } = await registry.allocate({ format: 'mso_mdoc' })
    const [file, ...more] = await registry.publish()
    expect(more).toEqual([])
    expect(file).toMatchObject({
      uri,
      path: uri.slice('https://status.example/'.length),
      mediaType: 'application/statuslist+cwt',
      body: expect.any(Uint8Array),
      cacheControl: 'public, max-age=300',
    })
    expect(await verify(file!)).toMatchObject({ uri, issuedAt: instant, expires: later(86_400), ttl: 300, size: 1024 })
  })

  it('are not made up for a format that only a later version knows', async () => {
    const store = memoryStore()
    await (await open({ store })).allocate()
    const findLivingStatusLists: StatusStore['findLivingStatusLists'] = async (...asked) =>
      (await store.findLivingStatusLists(...asked)).map(list => ({ ...list, format: 'ldp_vc' }))
    const registry = await open({ store: { ...store, findLivingStatusLists } })
    await expect(registry.publish()).rejects.toThrow('a format that is not known here')
  })

  it('lie below a base with a path, with or without a slash at its end', async () => {
    for (const base of ['https://cdn.example/status', 'https://cdn.example/status/']) {
      const registry = await open({ baseUri: base, ttl: 60, lifetime: 3600 })
      const { uri } = await registry.allocate()
      const [file] = await registry.publish()
      expect(uri).toBe(`https://cdn.example/status/${file!.path}`)
      expect(file!.path).toMatch(/^[0-9a-f]{32}$/)
      expect(await verify(file!)).toMatchObject({ ttl: 60, expires: later(3600) })
    }
  })

  it('answer a checker', async () => {
    const registry = await open()
    const place = await registry.allocate({ id: 'p' })
    await registry.set('p', 'suspended')
    const files = await registry.publish()
    const checker = statusChecker({
      fetch: async url => listResponse(files.find(({ uri }) => uri === url)!.body),
    })
    expect(await checker.check(asking(key, { reference: place }))).toMatchObject({ value: 2 })
  })

  it.each([1, 2, 4, 8] as const)('of %i bits say what a map would say', async bits => {
    const values: readonly StatusValue[] = bits === 1 ? ['valid', 'invalid'] : ['valid', 'invalid', 'suspended']
    const acts = fc.array(fc.tuple(fc.nat({ max: 19 }), fc.constantFrom(...values)), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(acts, async acts => {
        const registry = await open({ bits, size: 16, decoys: 0 })
        const places = await Promise.all(Array.from({ length: 20 }, () => registry.allocate()))
        const reference = new Map<number, number>()
        for (const [n, value] of acts) {
          const final = reference.get(n) === 1 && value !== 'invalid'
          const outcome = await refusalOf(registry.set(places[n]!, value))
          expect(outcome instanceof VidimusError).toBe(final)
          if (!final) reference.set(n, { valid: 0, invalid: 1, suspended: 2 }[value])
        }
        const lists = new Map<string, Awaited<ReturnType<typeof verify>>>()
        for (const file of await registry.publish()) lists.set(file.uri, await verify(file))
        for (const list of lists.values()) expect([list.bits, list.size]).toEqual([bits, 16])
        const taken = new Map(places.map(({ uri, index }, n) => [`${uri} ${index}`, reference.get(n) ?? 0]))
        for (const [uri, list] of lists)
          for (let index = 0; index < 16; index++) expect(statusAt(list, index)).toBe(taken.get(`${uri} ${index}`) ?? 0)
      }),
      { seed: 20261122, numRuns: 30 },
    )
  })

  it('are signed with the key of the day', async () => {
    const next = await generateSigner('ES256', { kid: 'status-key-2' })
    let current = signer
    const registry = await open({ signer: async () => current })
    await registry.allocate()
    expect(decodeJws(tokenOf((await registry.publish())[0]!)).header['kid']).toBe('status-key-1')
    current = next
    expect(decodeJws(tokenOf((await registry.publish())[0]!)).header['kid']).toBe('status-key-2')
  })

  it('are those of credentials that may still be valid, for a day longer', async () => {
    let now = instant
    const registry = await open({ now: () => now })
    const year = instant.getUTCFullYear()
    const runsOut = await registry.allocate({ expires: new Date(Date.UTC(year, 11, 31)) })
    const later = await registry.allocate({ expires: new Date(Date.UTC(year + 1, 0, 1)) })
    const never = await registry.allocate()
    const uris = async () => (await registry.publish()).map(({ uri }) => uri)
    now = new Date(Date.UTC(year + 1, 0, 2))
    expect(await uris()).toEqual([runsOut.uri, later.uri, never.uri])
    now = new Date(now.getTime() + 1)
    expect(await uris()).toEqual([later.uri, never.uri])
    now = new Date(Date.UTC(year + 3, 0, 1))
    expect(await uris()).toEqual([never.uri])
  })

  it('are told of as they are made, and left off when the caller gives up', async () => {
    const registry = await open({ size: 8 })
    for (let n = 0; n < 60; n++) await registry.allocate()
    const told: { done: number; total: number }[] = []
    const files = await registry.publish({ onProgress: progress => told.push(progress) })
    expect(told).toEqual(files.map((_, n) => ({ done: n + 1, total: files.length })))
    const controller = new AbortController()
    let made = 0
    const onProgress = () => {
      made++
      controller.abort('enough')
    }
    await expect(registry.publish({ onProgress, signal: controller.signal })).rejects.toBe('enough')
    expect(made).toBe(1)
    const empty = await open()
    await expect(empty.publish({ signal: AbortSignal.abort('before') })).rejects.toBe('before')
  })

  it('of a million places are a few kilobytes as long as few are revoked', async () => {
    const registry = await open({ size: 2 ** 20 })
    for (let n = 0; n < 100; n++) await registry.set(await registry.allocate(), 'invalid')
    const [file] = await registry.publish()
    expect(file!.body.length).toBeLessThan(5000)
    expect((await verify(file!)).size).toBe(2 ** 20)
  })
})

describe('the options of a registry', () => {
  it.each<[string, object]>([
    ['options.lifespan', { lifespan: 3600 }],
    ['store', { store: undefined }],
    ['store', { store: {} }],
    ['signer', { signer: {} }],
    ['baseUri', { baseUri: 'http://status.example' }],
    ['baseUri', { baseUri: 'https://status.example?x=1' }],
    ['baseUri', { baseUri: 'https://status.example/#x' }],
    ['baseUri', { baseUri: 'https://user@status.example' }],
    ['baseUri', { baseUri: new URL('https://status.example') }],
    ['bits', { bits: 3 }],
    ['size', { size: 0 }],
    ['size', { size: 7 }],
    ['size', { size: 2 ** 27 }],
    ['decoys', { decoys: -0.1 }],
    ['decoys', { decoys: 0.51 }],
    ['decoys', { decoys: Number.NaN }],
    ['cohort', { cohort: 'decade' }],
    ['shards', { shards: 0 }],
    ['shards', { shards: 1.5 }],
    ['shards', { shards: 1025 }],
    ['history', { history: -1 }],
    ['history', { history: 0.5 }],
    ['aggregationUri', { aggregationUri: 'https://elsewhere.example/lists' }],
    ['aggregationUri', { aggregationUri: `${baseUri}/lists?all` }],
    ['aggregationUri', { aggregationUri: 7 }],
    ['ttl', { ttl: 0 }],
    ['ttl', { ttl: 100, lifetime: 99 }],
    ['lifetime', { lifetime: Number.POSITIVE_INFINITY }],
    ['ttl', { ttl: '300' }],
    ['ttl', { ttl: 0.5 }],
    ['issuer', { issuer: 7 }],
    ['now', { now: instant }],
  ])('name what is wrong: %s', async (name, changes) => {
    const refusal = await refusalOf(open(changes as Partial<StatusRegistryOptions>))
    expect(refusal instanceof TypeError || refusal instanceof RangeError).toBe(true)
    expect((refusal as Error).message).toContain(`\`${name}\``)
  })
})
