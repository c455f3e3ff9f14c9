/** The handler over a real registry: what is set there, a checker hears here. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Fetch } from '../../src/core/fetch.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import type { RequestHandler } from '../../src/http/answer.js'
import { statusListHandler } from '../../src/http/status-lists.js'
import { statusChecker } from '../../src/status/checker.js'
import { openStatusRegistry, type StatusRegistry } from '../../src/status/registry.js'
import { memoryStore } from '../../src/store/memory.js'
import { instant, keyOf, seconds } from '../formats/status-list/craft.js'
import { asking, formOf, later } from '../status/host.js'
import { baseUri, cwt, jwt, requestTo } from './lists.js'

describe('a registry behind the handler', () => {
  const aggregationUri = `${baseUri}/all`
  let now: Date
  let signer: Signer
  let registry: StatusRegistry
  let handler: RequestHandler

  const open = async (history?: number) => {
    now = instant
    const clock = () => now
    const options = { store: memoryStore(), signer, baseUri, aggregationUri, size: 1024, now: clock }
    registry = await openStatusRegistry(history === undefined ? options : { ...options, history })
    handler = statusListHandler(registry, { baseUri, aggregationUri, now: clock })
  }
  beforeAll(async () => {
    signer = await generateSigner('ES256')
  })

  /** Asks the handler as if it stood at the address. */
  const fetch: Fetch = (url, { headers }) => handler(new Request(url, { headers: headers! }))
  const ask = (uri: string, headers: Record<string, string> = {}) =>
    handler(requestTo(uri.slice('https://status.example'.length), headers))

  it.each([
    ['dc+sd-jwt', jwt],
    ['mso_mdoc', cwt],
  ] as const)('tells a checker what was set, for %s', async (format, mediaType) => {
    await open()
    const reference = await registry.allocate({ format })
    const valueNow = async () => {
      const question = asking(await keyOf(signer), { reference, form: formOf({ mediaType }), now })
      return (await statusChecker({ fetch }).check(question)).value
    }
    expect((await ask(reference.uri)).status).toBe(404)
    await registry.publish()
    expect(await valueNow()).toBe(0)
    await registry.set(reference, 'suspended')
    expect(await valueNow()).toBe(0)
    now = later(1)
    await registry.publish()
    expect(await valueNow()).toBe(2)
    const response = await ask(reference.uri)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, mediaType])
  })

  it('sends a list again only once it was published again', async () => {
    await open()
    const { uri } = await registry.allocate()
    await registry.publish()
    const etag = (await ask(uri)).headers.get('etag')!
    expect((await ask(uri, { 'if-none-match': etag })).status).toBe(304)
    now = later(1)
    await registry.publish()
    expect((await ask(uri, { 'if-none-match': etag })).status).toBe(200)
  })

  it('tells its past, where it keeps one', async () => {
    await open(86_400)
    const { id, uri, index } = await registry.allocate()
    await registry.publish()
    now = later(100)
    await registry.set(id, 'invalid')
    await registry.publish()
    const valueAt = async (time: Date) => {
      const past: Fetch = () => ask(`${uri}?time=${time.getTime() / 1000}`)
      const question = asking(await keyOf(signer), { reference: { uri, index }, now: time })
      return (await statusChecker({ fetch: past }).check(question)).value
    }
    now = later(200)
    expect([await valueAt(later(99)), await valueAt(later(100))]).toEqual([0, 1])
    expect((await ask(`${uri}?time=${seconds - 1}`)).status).toBe(404)
  })

  it('says that it keeps no past', async () => {
    await open()
    const { uri } = await registry.allocate()
    await registry.publish()
    const response = await ask(`${uri}?time=${seconds}`)
    expect([response.status, await response.json()]).toEqual([501, { error: 'status_history_unsupported' }])
  })

  it('lists its lists', async () => {
    await open()
    const [one, other] = [await registry.allocate(), await registry.allocate({ format: 'mso_mdoc' })]
    await registry.publish()
    const response = await ask(aggregationUri)
    expect(response.headers.get('content-type')).toBe('application/json')
    const { status_lists: uris } = (await response.json()) as { status_lists: string[] }
    expect(uris.toSorted()).toEqual([one.uri, other.uri].toSorted())
  })
})
