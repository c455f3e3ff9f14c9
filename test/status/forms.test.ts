/** The two forms of a status list, JWT and CWT, side by side: what the one can do the other can, and neither passes for the other. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { base64url, fromBase64url, utf8 } from '../../src/core/bytes.js'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { createStatusListCwt, statusListCwt } from '../../src/formats/status-list/cwt.js'
import { createStatusListToken, statusListJwt } from '../../src/formats/status-list/jwt.js'
import { type StatusTokenForm, verifyStatusListToken } from '../../src/formats/status-list/token.js'
import { statusChecker } from '../../src/status/checker.js'
import type { PublishedStatusList } from '../../src/status/publisher.js'
import { openStatusRegistry } from '../../src/status/registry.js'
import { memoryStore } from '../../src/store/memory.js'
import { craftCwt, craftToken, expecting, instant, keyOf, seconds, uri } from '../formats/status-list/craft.js'
import { asking, later, makeHost, tokenOf } from './host.js'

let signer: Signer
let key: PublicKey
let jwt: string
let cwt: string

beforeAll(async () => {
  signer = await generateSigner('ES256', { kid: 'status-key-1' })
  key = await keyOf(signer)
  jwt = await craftToken(signer)
  cwt = await craftCwt(signer)
})

const unreachable = () => Promise.reject(new TypeError('fetch failed'))

const serve = ({ body, mediaType }: Pick<PublishedStatusList, 'body' | 'mediaType'>) =>
  new Response(body, { headers: { 'content-type': mediaType } })

/** A token as its own form is served. */
const answerOf = (token: string, form: StatusTokenForm): Response =>
  serve({
    body: form === statusListCwt ? new Uint8Array(fromBase64url(token)) : token,
    mediaType: form.mediaType,
  })

const snapshotOf = (token: string) => utf8(JSON.stringify({ version: 1, lists: [{ uri, token, fetchedAt: seconds }] }))

describe.each([
  ['JWT', 'dc+sd-jwt', statusListJwt],
  ['CWT', 'mso_mdoc', statusListCwt],
] as const)('a list as %s', (_, format, form) => {
  it('goes from the registry to the checker, the counter without a network, and the archive', async () => {
    let now = instant
    const registry = await openStatusRegistry({
      store: memoryStore(),
      signer,
      baseUri: 'https://status.example',
      size: 1024,
      now: () => now,
    })
    const reference = await registry.allocate({ id: 'passport 1', format })
    const other = await registry.allocate({ id: 'passport 2', format })
    let files = new Map<string, PublishedStatusList>()
    const fetch = async (url: string) => serve(files.get(url)!)
    const online = statusChecker({ fetch, maxStaleness: 3600, now: () => now })
    for (const [number, value] of [
      [0, 'valid'],
      [2, 'suspended'],
      [0, 'valid'],
      [1, 'invalid'],
    ] as const) {
      now = new Date(now.getTime() + 300_000)
      await registry.set('passport 1', value)
      files = new Map((await registry.publish()).map(file => [file.uri, file]))
      const question = asking(key, { reference, form, now })
      const answer = await online.check(question)
      expect(answer).toMatchObject({
        value: number,
        source: 'fetched',
        asOf: now,
        token: tokenOf(files.get(reference.uri)!),
      })
      expect(await online.check({ ...question, reference: other })).toMatchObject({ value: 0, source: 'cached' })

      for (const snapshot of [await online.exportSnapshot(), await online.exportSnapshot([reference.uri])]) {
        const offline = statusChecker({ maxStaleness: 3600 })
        await offline.importSnapshot(snapshot)
        expect(await offline.check(question)).toMatchObject({ value: number, source: 'snapshot', token: answer.token })
      }
      const { uri } = reference
      expect(await verifyStatusListToken(answer.token, expecting(key, { form, uri, now }))).toMatchObject({
        size: 1024,
      })
    }
  })

  it('is asked for by its media type alone, and opened once', async () => {
    const token = form === statusListJwt ? jwt : cwt
    const host = makeHost(() => answerOf(token, form))
    const checker = statusChecker({ fetch: host.fetch })
    const answers = await Promise.all([checker.check(asking(key, { form })), checker.check(asking(key, { form }))])
    expect(answers).toMatchObject([{ value: 1 }, { value: 1 }])
    expect(host.asked.length).toBe(1)
    expect(host.lastInit()?.headers).toEqual({ accept: form.mediaType })
    await checker.exportSnapshot([uri])
    expect(host.lastInit()?.headers).toEqual({
      accept: 'application/statuslist+jwt, application/statuslist+cwt, application/vc+jwt',
    })
  })

  it('is fetched again in vain when it has not changed, and stays open', async () => {
    const token = form === statusListJwt ? jwt : cwt
    const host = makeHost(() => answerOf(token, form))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 3600 })
    for (const [offset, source] of [
      [0, 'fetched'],
      [301, 'fetched'],
      [302, 'cached'],
    ] as const)
      expect(await checker.check(asking(key, { form, now: later(offset) }))).toMatchObject({ source })
    host.serve(unreachable)
    expect(await checker.check(asking(key, { form, now: later(700) }))).toMatchObject({ source: 'cached', stale: true })
  })
})

describe('what either form says', () => {
  it('the other says as well', async () => {
    const lists = fc.record({
      bits: fc.constantFrom(1, 2, 4, 8),
      packed: fc.uint8Array({ minLength: 1, maxLength: 300 }),
      age: fc.integer({ min: 0, max: 1000 }),
      lifetime: fc.option(fc.integer({ min: 2000, max: 100_000 }), { nil: undefined }),
      ttl: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      aggregationUri: fc.option(fc.webUrl(), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(lists, async ({ age, lifetime, ...list }) => {
        const issuedAt = later(-age)
        const expires = lifetime === undefined ? undefined : later(lifetime)
        const content = { ...list, bits: list.bits as 1 | 2 | 4 | 8, uri, issuedAt, expires, signer }
        const [one, other] = [
          await verifyStatusListToken(await createStatusListToken(content), expecting(key)),
          await verifyStatusListToken(
            base64url(await createStatusListCwt(content)),
            expecting(key, { form: statusListCwt }),
          ),
        ]
        expect(one).toMatchObject({ packed: list.packed, bits: list.bits, issuedAt, expires, ttl: list.ttl })
        expect({ ...one, mediaType: '', hints: 0, verify: 0 }).toEqual({ ...other, mediaType: '', hints: 0, verify: 0 })
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })
})

describe('a list in the other form than is asked for', () => {
  it.each([
    ['a JWT', statusListJwt, statusListCwt],
    ['a CWT', statusListCwt, statusListJwt],
  ])('is refused when it is served: %s', async (_, served, asked) => {
    const token = served === statusListJwt ? jwt : cwt
    const checker = statusChecker({ fetch: async () => answerOf(token, served) })
    await expect(checker.check(asking(key, { form: asked }))).rejects.toMatchObject({
      code: 'status_response_invalid',
      at: 'content-type',
    })
  })

  it('is refused when it is served under the other’s name', async () => {
    const jwtAsCwt = async () => serve({ body: jwt, mediaType: 'application/statuslist+cwt' })
    await expect(statusChecker({ fetch: jwtAsCwt }).check(asking(key, { form: statusListCwt }))).rejects.toMatchObject({
      code: 'cbor_malformed',
    })
    const cwtAsJwt = async () =>
      serve({ body: new Uint8Array(fromBase64url(cwt)), mediaType: 'application/statuslist+jwt' })
    await expect(statusChecker({ fetch: cwtAsJwt }).check(asking(key))).rejects.toMatchObject({
      code: 'encoding_invalid',
    })
    const textAsCwt = async () => serve({ body: cwt, mediaType: 'application/statuslist+cwt' })
    await expect(statusChecker({ fetch: textAsCwt }).check(asking(key, { form: statusListCwt }))).rejects.toMatchObject(
      { code: 'cbor_malformed' },
    )
  })

  it.each([
    ['a JWT', statusListJwt, statusListCwt, 'encoding_invalid'],
    ['a CWT', statusListCwt, statusListJwt, 'jws_malformed'],
  ])('is refused when it is at hand: %s', async (_, held, asked, code) => {
    const token = held === statusListJwt ? jwt : cwt
    const offline = statusChecker()
    await offline.importSnapshot(snapshotOf(token))
    await expect(offline.check(asking(key, { form: asked }))).rejects.toMatchObject({ code })
    expect(await offline.check(asking(key, { form: held }))).toMatchObject({ value: 1 })
    await expect(offline.check(asking(key, { form: asked }))).rejects.toMatchObject({
      code: 'status_token_malformed',
      at: 'form',
    })
  })

  it('is asked for anew, and no answer for one form is shared with the other', async () => {
    const host = makeHost((_, { headers }) =>
      (headers as Record<string, string>)['accept'] === statusListCwt.mediaType
        ? answerOf(cwt, statusListCwt)
        : answerOf(jwt, statusListJwt),
    )
    const checker = statusChecker({ fetch: host.fetch })
    const answers = await Promise.all([statusListJwt, statusListCwt].map(form => checker.check(asking(key, { form }))))
    expect(answers.map(({ token }) => token)).toEqual([jwt, cwt])
    expect(host.asked.length).toBe(2)
    const next = statusChecker({ fetch: host.fetch })
    for (const form of [statusListJwt, statusListCwt])
      expect(await next.check(asking(key, { form }))).toMatchObject({ value: 1, source: 'fetched' })
  })
})

describe('a snapshot', () => {
  it('carries lists in both forms', async () => {
    const there = 'https://status.example/lists/2'
    const second = await craftCwt(signer, { claims: [[2, there]] })
    const host = makeHost(url => (url === there ? answerOf(second, statusListCwt) : answerOf(jwt, statusListJwt)))
    const snapshot = await statusChecker({ fetch: host.fetch, now: () => instant }).exportSnapshot([uri, there])
    const offline = statusChecker()
    await offline.importSnapshot(snapshot)
    expect(await offline.check(asking(key))).toMatchObject({ value: 1, source: 'snapshot' })
    const question = asking(key, { form: statusListCwt, reference: { uri: there, index: 0 } })
    expect(await offline.check(question)).toMatchObject({ value: 1, source: 'snapshot' })
  })

  it('carries a CWT as it came: that it is for its address is seen when it is asked', async () => {
    const elsewhere = await craftCwt(signer, { claims: [[2, 'https://status.example/lists/2']] })
    const host = makeHost(() => answerOf(elsewhere, statusListCwt))
    const offline = statusChecker()
    await offline.importSnapshot(await statusChecker({ fetch: host.fetch, now: () => instant }).exportSnapshot([uri]))
    await expect(offline.check(asking(key, { form: statusListCwt }))).rejects.toMatchObject({
      code: 'status_subject_mismatch',
    })
  })

  it('is not made of what is no status list in either form', async () => {
    const html = async () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } })
    await expect(statusChecker({ fetch: html }).exportSnapshot([uri])).rejects.toMatchObject({
      code: 'status_response_invalid',
      at: 'content-type',
    })
  })
})
