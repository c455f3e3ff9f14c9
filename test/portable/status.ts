/** Revocation from both ends, with a network that is a map and without any. */
import { statusChecker, verifyCredential, verifyPresentation } from 'vidimus'
import { statusListHandler } from 'vidimus/http'
import bits1 from '../vectors/token-status-list/bits1.json' with { type: 'json' }
import bits2 from '../vectors/token-status-list/bits2.json' with { type: 'json' }
import { accepted, casesOf, refused, same, throws } from './case.js'
import { signJws, utf8 } from './jws.js'
import {
  card,
  cast,
  type Format,
  formats,
  instant,
  issue,
  later,
  makeOffice,
  now,
  once,
  present,
  seconds,
} from './world.js'

/** A format's credential in a registry of its own, and a verifier that fetches its list anew every time. */
async function revocable(format: Format) {
  const world = await cast()
  const office = await makeOffice(world)
  const place = await office.registry.allocate({ id: 'card 1', format: format === 'vc+sd-jwt' ? 'dc+sd-jwt' : format })
  const shown = await present(world, format, await issue(world, format, { status: place }))
  const uris = await office.publish()
  const verify = (options: Parameters<typeof statusChecker>[0] = { fetch: office.fetch, maxStaleness: 0 }) =>
    verifyPresentation(shown, { ...world.demands, status: statusChecker(options) })
  return { ...office, world, shown, uris, verify }
}

const inFormat = (format: Format) =>
  casesOf(`a ${format}`, {
    'is valid, suspended, valid again and revoked for good': async () => {
      const { registry, publish, verify } = await revocable(format)
      const fresh = accepted(await verify()).status
      same(fresh.checked && [fresh.value, fresh.source], ['valid', 'fetched'])
      await registry.set('card 1', 'suspended')
      await publish()
      refused(await verify(), 'status_suspended')
      await registry.set('card 1', 'valid')
      await publish()
      accepted(await verify())
      await registry.set('card 1', 'invalid')
      await publish()
      refused(await verify(), 'status_revoked')
      await throws(() => registry.set('card 1', 'valid'), 'registry_status_final')
    },

    'is checked offline from a snapshot, which says how old it is, and refused once that is too old': async () => {
      const { fetch, uris, shown, world } = await revocable(format)
      const snapshot = await statusChecker({ fetch, now: () => instant }).exportSnapshot(uris)
      const offline = async (maxStaleness: number) => {
        const status = statusChecker({ maxStaleness })
        await status.importSnapshot(snapshot)
        return verifyPresentation(shown, { ...world.demands, status, now: later(200) })
      }
      const { status } = accepted(await offline(6 * 3600))
      same(status.checked && [status.source, status.age], ['snapshot', 200])
      refused(await offline(100), 'status_stale')
      const empty = { ...world.demands, status: statusChecker({}) }
      refused(await verifyPresentation(shown, empty), 'status_unreachable')
    },
  })

/** The lists of the standard’s own test vectors, signed by the issuer, and a credential at an index of one. */
const published = once(async () => {
  const world = await cast()
  const uri = 'https://status.example/vector'
  const x5c = world.signer.x5c?.map(pem => `${pem}`.replace(/-----[^-]+-----|\s/g, ''))
  const listed = ({ json }: { readonly json: object }, changes: object = {}) =>
    signJws(
      { alg: 'ES256', typ: 'statuslist+jwt', x5c },
      { sub: uri, iat: seconds, ttl: 300, status_list: json, ...changes },
      world.signer,
    )
  const at = async (index: number, token: string) => {
    const credential = await issue(world, 'dc+sd-jwt', { status: { uri, index } })
    const headers = { 'content-type': 'application/statuslist+jwt' }
    const status = statusChecker({ fetch: async () => new Response(token, { headers }) })
    const { trust, now } = world.demands
    return verifyCredential(credential, { trust, now, status, expectedPassport: card })
  }
  return { listed, at }
})

export const statusCases = [
  ...formats.flatMap(inFormat),

  ...casesOf('a status list', {
    'of the vectors, one bit an entry, says what they say': async () => {
      const { listed, at } = await published()
      const token = await listed(bits1)
      for (const index of [0, 1993, 1000345]) refused(await at(index, token), 'status_revoked')
      for (const index of [1, 1992, 1048575]) accepted(await at(index, token))
      refused(await at(1048576, token), 'status_index_out_of_range')
    },

    'of the vectors, two bits an entry, says what they say': async () => {
      const { listed, at } = await published()
      const token = await listed(bits2)
      const codes = ['accepted', 'status_revoked', 'status_suspended', 'status_unknown']
      for (const [index, value] of Object.entries(bits2.statuses).slice(0, 8)) {
        const verdict = await at(Number(index), token)
        same(verdict.ok ? 'accepted' : verdict.code, codes[value])
      }
    },

    'that is not what it must be is refused': async () => {
      const { listed, at } = await published()
      const of = async (changes: object) => at(5, await listed(bits1, changes))
      refused(await of({ sub: 'https://status.example/other' }), 'status_subject_mismatch')
      refused(await of({ iat: seconds + 3600 }), 'status_issued_in_future')
      refused(await of({ exp: seconds - 3600 }), 'status_expired')
      refused(await of({ iat: seconds - 90_000 }), 'status_stale')
      refused(await of({ status_list: { bits: 3, lst: bits1.json.lst } }), 'status_list_malformed')
      refused(await of({ status_list: { bits: 1, lst: bits1.json.lst.slice(0, 80) } }), 'inflate_invalid')
      const token = await listed(bits1)
      const place = token.lastIndexOf('.') + 1
      const forged = token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1)
      refused(await at(5, forged), 'status_signature_invalid')
    },

    'cannot be a bomb': async () => {
      const { listed, at } = await published()
      const zeros = new Blob([new Uint8Array(20_000_000)]).stream().pipeThrough(new CompressionStream('deflate'))
      const packed = new Uint8Array(await new Response(zeros).arrayBuffer())
      let text = ''
      for (const byte of packed) text += String.fromCharCode(byte)
      const lst = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
      refused(await at(5, await listed(bits1, { status_list: { bits: 1, lst } })), 'limit_exceeded')
    },

    'that is older than one seen before is refused': async () => {
      const { registry, publish, files, uris, shown, world, fetch } = await revocable('dc+sd-jwt')
      const old = files.get(uris[0]!)!
      const status = statusChecker({ fetch, maxStaleness: 0 })
      const verify = () => verifyPresentation(shown, { ...world.demands, status })
      accepted(await verify())
      await registry.set('card 1', 'invalid')
      await publish()
      refused(await verify(), 'status_revoked')
      files.set(uris[0]!, old)
      refused(await verify(), 'status_rolled_back')
    },

    'that cannot be had refuses': async () => {
      const world = await cast()
      const at = async (uri: string, answer: () => Response) => {
        const shown = await present(world, 'dc+sd-jwt', await issue(world, 'dc+sd-jwt', { status: { uri, index: 1 } }))
        const status = statusChecker({ fetch: async () => answer() })
        return verifyPresentation(shown, { ...world.demands, status })
      }
      const uri = 'https://status.example/1'
      const notFound = () => new Response(null, { status: 404 })
      refused(await at(uri, notFound), 'status_response_invalid')
      refused(
        await at(uri, () => new Response('<p>', { headers: { 'content-type': 'text/html' } })),
        'status_response_invalid',
      )
      refused(
        await at(uri, () => {
          throw new TypeError('offline')
        }),
        'status_unreachable',
      )
    },

    'is served by a handler of the Fetch API’s shape, and not again to who has it': async () => {
      const { registry, uris, shown, world } = await revocable('dc+sd-jwt')
      const handler = statusListHandler(registry, { baseUri: 'https://status.example', now })
      const fetch = (uri: string, init?: RequestInit) => handler(new Request(uri, init))
      const status = statusChecker({ fetch: uri => fetch(uri) })
      accepted(await verifyPresentation(shown, { ...world.demands, status }))
      const etag = (await fetch(uris[0]!)).headers.get('etag') ?? 'none'
      same((await fetch(uris[0]!, { headers: { 'if-none-match': etag } })).status, 304)
      same((await fetch('https://status.example/elsewhere')).status, 404)
    },

    'in a snapshot that is none is refused': async () => {
      for (const text of ['', '{}', '[]', '{"version":2,"lists":[]}', '{"version":1,"lists":[{}]}'])
        await throws(() => statusChecker({}).importSnapshot(utf8(text)), 'status_snapshot_malformed')
    },
  }),
]
