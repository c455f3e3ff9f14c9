/** Type metadata as a verifier meets it: fetched from hosts that may be hostile, and enforced. No network. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { utf8 } from '../../src/core/bytes.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { metadataIntegrity, typeMetadata } from '../../src/passport/type-metadata.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import { type TypeMetadataResolverOptions, typeMetadataResolver } from '../../src/verification/type-metadata.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { type Changes, forge } from '../forge.js'
import { expectRefusal, isDeepFrozen, summary } from '../refusal.js'
import { bodyOf, refusalOf } from '../status/host.js'
import {
  audience,
  expectations,
  guildCard,
  instant,
  issuer,
  makeWorld,
  nonce,
  now,
  record,
  type World,
} from '../world.js'
import { walletDemands } from './table.js'

const vct = 'https://guild.example/card/1'
const base = 'https://union.example/card'

let world: World

beforeAll(async () => {
  world = await makeWorld()
})

type Answer = (url: string, init: RequestInit) => Response | Promise<Response>

const json = (body: unknown, headers: Record<string, string> = {}, status = 200): Response =>
  new Response(typeof body === 'string' || body === null ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })

/** Hosts by address; what stands nowhere is not found. */
function hostsOf(documents: Readonly<Record<string, object | string | Answer>>) {
  const asked: string[] = []
  const inits: RequestInit[] = []
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    asked.push(url)
    inits.push(init)
    const document = documents[url]
    if (document === undefined) return json('not found', {}, 404)
    return typeof document === 'function' ? (document as Answer)(url, init) : json(document)
  }
  return { fetch, asked, inits }
}

const resolverOver = ({ fetch }: ReturnType<typeof hostsOf>) => typeMetadataResolver({ fetch })

/** Two levels that the forged card keeps: names hidden on their own, a rank in the clear. */
const honest = {
  [vct]: {
    vct,
    extends: base,
    display: [{ locale: 'eo', name: 'Gildkarto' }],
    claims: [
      { path: ['family_name'], sd: 'always', display: [{ locale: 'ru', label: 'Фамилия' }] },
      { path: ['rank'], mandatory: true, sd: 'never' },
    ],
  },
  [base]: {
    vct: base,
    claims: [
      { path: ['family_name'], mandatory: true },
      { path: ['given_name'], sd: 'always' },
    ],
  },
}

/** A verdict over a forged card. */
async function verdictOf(
  documents: Parameters<typeof hostsOf>[0],
  changes: Changes = {},
  options: Partial<TypeMetadataResolverOptions> = {},
) {
  const hosts = hostsOf(documents)
  const resolver = typeMetadataResolver({ fetch: hosts.fetch, ...options })
  const text = await forge(world, changes)
  const verdict = await verifySdJwtPresentation(text, { ...expectations(world), typeMetadata: resolver })
  if (!verdict.ok) expectRefusal(verdict, text)
  const { outcome, code, at, expected } = verdict.checks.find(({ id }) => id === 'type_metadata')!
  return { verdict, hosts, resolver, outcome, code, at, expected }
}

describe('a credential whose type is described', () => {
  it('is accepted when it keeps the rules of two levels', async () => {
    const { verdict, hosts, outcome } = await verdictOf(honest)
    expect(summary(verdict)).toBe('accepted')
    expect(outcome).toBe('passed')
    expect(hosts.asked).toEqual([vct, base])
  })

  it('is accepted by every verify function', async () => {
    const typeMetadata = () => resolverOver(hostsOf(honest))
    const text = await forge(world)
    const demands = expectations(world)
    expect(summary(await verifyPresentation(text, { ...demands, typeMetadata: typeMetadata() }))).toBe('accepted')
    expect(summary(await verifyCredential(text, { ...walletDemands(demands), typeMetadata: typeMetadata() }))).toBe(
      'accepted',
    )
    const { expectedPassport, ...shared } = demands
    const set = await verifyPresentationSet([text], {
      ...shared,
      typeMetadata: typeMetadata(),
      expect: { card: { expectedPassport } },
    })
    expect(set.ok).toBe(true)
  })

  it('is accepted with the description that is written from its definition', async () => {
    const written = JSON.stringify(typeMetadata(guildCard))
    const integrity = await metadataIntegrity(utf8(written))
    expect(integrity).toMatch(/^sha256-/)
    const { signer, holder } = world
    const credential = await issueSdJwtCredential(guildCard, record, {
      issuer,
      signer,
      holderKey: holder.publicJwk,
      now,
    })
    const resolver = resolverOver(hostsOf({ [vct]: written }))
    for (const disclose of [[], [['family_name'], ['languages', 1]], [['address'], ['place_of_birth']]]) {
      const presentation = await presentSdJwt(credential, { disclose, audience, nonce, signer: holder, now })
      const verdict = await verifySdJwtPresentation(presentation, { ...expectations(world), typeMetadata: resolver })
      expect(summary(verdict)).toBe('accepted')
      expect(verdict.checks.find(({ id }) => id === 'type_metadata')?.outcome).toBe('passed')
    }
  })

  it.each([
    [
      'a mandatory claim of the type is missing',
      { payload: { _sd: undefined }, disclosures: () => [] },
      '["family_name"]',
      'mandatory',
    ],
    ['a claim in the clear was hidden', { payload: { rank: undefined }, hidden: { rank: 7 } }, '["rank"]', 'never'],
    [
      'a claim to be hidden on its own stands in the clear',
      {
        payload: { given_name: 'Anastasia', family_name: undefined },
        disclosures: ([first]: readonly string[]) => [first!],
      },
      '["given_name"]',
      'always',
    ],
  ] as const)('is refused when %s', async (_, changes, at, expected) => {
    const { verdict, ...check } = await verdictOf(honest, changes as Changes)
    expect(check).toMatchObject({ outcome: 'failed', code: 'type_metadata_violated', at, expected })
    expect(verdict.ok).toBe(false)
  })

  it('is refused when it breaks a rule of the type that its type extends', async () => {
    const documents = { ...honest, [base]: { vct: base, claims: [{ path: ['guild'], mandatory: true }] } }
    const changes = { payload: { _sd: undefined }, disclosures: () => [] }
    expect(await verdictOf(documents, changes)).toMatchObject({ code: 'type_metadata_violated', at: '["guild"]' })
  })
})

describe('what is not asked for', () => {
  it('is not fetched, and the verdict says so', async () => {
    const verdict = await verifySdJwtPresentation(await forge(world), expectations(world))
    expect(verdict.checks.find(({ id }) => id === 'type_metadata')).toMatchObject({
      outcome: 'skipped',
      code: 'not_requested',
      clause: 'SD-JWT VC §5',
    })
  })

  it('is the metadata of a type that is no address', async () => {
    for (const other of ['urn:guild:card:1', 'guild-card', 'http://guild.example/card/1']) {
      const hosts = hostsOf({})
      const expectedPassport = { ...guildCard, vct: [other] }
      const verdict = await verifySdJwtPresentation(await forge(world, { payload: { vct: other } }), {
        ...expectations(world),
        expectedPassport,
        typeMetadata: resolverOver(hosts),
      })
      expect(summary(verdict)).toBe('accepted')
      const check = verdict.checks.find(({ id }) => id === 'type_metadata')
      expect([check?.outcome, check?.code]).toEqual(['skipped', 'type_metadata_no_address'])
      expect(hosts.asked).toEqual([])
    }
  })

  it('is the metadata of what is refused anyway', async () => {
    for (const changes of [{ payload: { exp: 0 } }, { signer: world.holder }, { binding: { nonce: 'other' } }]) {
      const { hosts, code } = await verdictOf(honest, changes)
      expect(code).toBe('not_reached')
      expect(hosts.asked).toEqual([])
    }
  })

  it('is the metadata again, when evidence is verified again', async () => {
    const { verdict, resolver, hosts } = await verdictOf(honest)
    hosts.asked.length = 0
    const options = { ...expectations(world), typeMetadata: resolver }
    const again = await reverifyEvidence(JSON.parse(JSON.stringify(verdict.evidence)), options)
    expect(summary(again)).toBe('accepted')
    expect(again.checks.find(({ id }) => id === 'type_metadata')?.code).toBe('not_requested')
    expect(hosts.asked).toEqual([])
  })

  it('is a status, where the rules are broken', async () => {
    const check = vi.fn()
    const text = await forge(world, { payload: { status: { status_list: { idx: 0, uri: 'https://s.example/1' } } } })
    const verdict = await verifySdJwtPresentation(text, {
      ...expectations(world),
      status: { check },
      typeMetadata: resolverOver(hostsOf({ [vct]: { vct, claims: [{ path: ['rank'], sd: 'always' }] } })),
    })
    expect(summary(verdict)).toBe('type_metadata_violated at type_metadata')
    expect(check).not.toHaveBeenCalled()
  })
})

describe('the integrity of a description', () => {
  const document = JSON.stringify({ vct, claims: [] })
  const signed = (integrity: unknown) => ({ payload: { 'vct#integrity': integrity } })

  it('holds over the exact octets', async () => {
    for (const hash of ['sha-256', 'sha-384', 'sha-512'] as const) {
      const integrity = await metadataIntegrity(utf8(document), { hash })
      expect((await verdictOf({ [vct]: document }, signed(integrity))).outcome).toBe('passed')
    }
  })

  it.each([
    ['other octets of the same meaning', `${document} `],
    ['another description', JSON.stringify({ vct })],
    ['no description at all', '<html></html>'],
  ])('does not hold over %s', async (_, served) => {
    const integrity = await metadataIntegrity(utf8(document))
    expect(await verdictOf({ [vct]: served }, signed(integrity))).toMatchObject({
      code: 'type_metadata_integrity_mismatch',
      at: 'vct#integrity',
    })
  })

  it.each(['', 'md5-x', 'sha256-'])('is refused when it is "%s"', async integrity => {
    expect((await verdictOf({ [vct]: document }, signed(integrity))).code).toBe('type_metadata_integrity_mismatch')
  })

  it.each([[1], [null], [['sha256-x']], [{}]])('is refused when it is no text: %j', async integrity => {
    const { code, at, hosts } = await verdictOf({ [vct]: document }, signed(integrity))
    expect([code, at]).toEqual(['claim_malformed', 'vct#integrity'])
    expect(hosts.asked).toEqual([])
  })

  it('is asked of an extended type as well', async () => {
    const parent = JSON.stringify({ vct: base })
    const integrity = await metadataIntegrity(utf8(parent))
    const child = { vct, extends: base, 'extends#integrity': integrity }
    expect((await verdictOf({ [vct]: child, [base]: parent })).outcome).toBe('passed')
    expect(await verdictOf({ [vct]: child, [base]: `${parent}\n` })).toMatchObject({
      code: 'type_metadata_integrity_mismatch',
      at: 'extends#integrity',
    })
  })
})

describe('types that extend each other', () => {
  const link = (index: number) => `https://type.example/${index}`
  const endless: Answer = url => {
    const index = Number(url.split('/').at(-1)) || 0
    return json({ vct: url, extends: link(index + 1) })
  }
  const chain = (length: number) =>
    Object.fromEntries([
      [vct, { vct, extends: link(1) }],
      ...Array.from({ length }, (_, index) => [
        link(index + 1),
        { vct: link(index + 1), ...(index + 1 < length && { extends: link(index + 2) }) },
      ]),
    ])

  it.each([
    ['itself', { [vct]: { vct, extends: vct } }, [vct]],
    ['each other', { [vct]: { vct, extends: base }, [base]: { vct: base, extends: vct } }, [vct, base]],
    [
      'each other further up',
      {
        [vct]: { vct, extends: base },
        [base]: { vct: base, extends: link(1) },
        [link(1)]: { vct: link(1), extends: base },
      },
      [vct, base, link(1)],
    ],
  ] as const)('are refused when they extend %s', async (_, documents, asked) => {
    const { code, at, hosts } = await verdictOf(documents)
    expect([code, at]).toEqual(['type_metadata_cycle', 'extends'])
    expect(hosts.asked).toEqual(asked)
  })

  it('may be as many as the limit says, and no more', async () => {
    expect((await verdictOf(chain(8))).outcome).toBe('passed')
    const beyond = { code: 'limit_exceeded', at: 'typeMetadataExtends', expected: 8 }
    const { hosts, ...check } = await verdictOf(chain(100))
    expect(check).toMatchObject(beyond)
    expect(hosts.asked).toHaveLength(9)
    expect((await verdictOf(chain(2), {}, { maxExtends: 2 })).outcome).toBe('passed')
    expect((await verdictOf(chain(3), {}, { maxExtends: 2 })).code).toBe('limit_exceeded')
    expect((await verdictOf(chain(1), {}, { maxExtends: 0 })).code).toBe('limit_exceeded')
    expect((await verdictOf({ [vct]: { vct } }, {}, { maxExtends: 0 })).outcome).toBe('passed')
  })

  it('are refused when a host makes up new ones for ever', async () => {
    const fetch = async (url: string, init: RequestInit) => endless(url, init)
    const { code, at } = await verdictOf({}, {}, { fetch })
    expect([code, at]).toEqual(['limit_exceeded', 'typeMetadataExtends'])
  })

  it.each([
    ['no address', 'urn:union:card', 'uri'],
    ['plain http', 'http://union.example/card', 'uri'],
    ['a local name', 'https://localhost/card', 'local name'],
    ['a literal address', 'https://169.254.169.254/latest', 'literal address'],
  ])('are refused when one extends %s', async (_, uri, at) => {
    const { hosts, ...check } = await verdictOf({ [vct]: { vct, extends: uri } })
    expect(check).toMatchObject({ code: 'type_metadata_uri_refused', at })
    expect(hosts.asked).toEqual([vct])
  })

  it('are refused when the extended one cannot be had', async () => {
    expect(await verdictOf({ [vct]: { vct, extends: base } })).toMatchObject({
      code: 'type_metadata_invalid',
      at: 'status',
    })
  })

  it('are refused when the extended one is another', async () => {
    expect(await verdictOf({ [vct]: { vct, extends: base }, [base]: { vct } })).toMatchObject({
      code: 'type_metadata_invalid',
      at: 'vct',
      expected: 'extends',
    })
  })

  it('are refused when one loosens what it extends', async () => {
    const documents = {
      [vct]: { vct, extends: base, claims: [{ path: ['rank'], mandatory: false }] },
      [base]: { vct: base, claims: [{ path: ['rank'], mandatory: true }] },
    }
    expect(await verdictOf(documents)).toMatchObject({ code: 'type_metadata_invalid', at: 'claims[0].mandatory' })
  })
})

describe('a host', () => {
  it('is asked for one document, and told nothing else', async () => {
    const { hosts } = await verdictOf({ [vct]: { vct } })
    expect(hosts.asked).toEqual([vct])
    expect(hosts.inits[0]).toMatchObject({
      headers: { accept: 'application/json' },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    })
  })

  it.each([
    ['https://localhost/card', 'local name'],
    ['https://[::1]/card', 'literal address'],
    ['https://10.0.0.1/card', 'literal address'],
    ['https://intranet/card', 'local name'],
    ['https://user:secret@guild.example/card', 'uri'],
    ['https://guild.example/card#1', 'uri'],
    ['https://guild.example /card', 'uri'],
    ['HTTPS://guild.example/card', 'uri'],
  ])('is not asked at %s', async (address, at) => {
    const hosts = hostsOf({})
    const verdict = await verifySdJwtPresentation(await forge(world, { payload: { vct: address } }), {
      ...expectations(world),
      expectedPassport: { ...guildCard, vct: [address] },
      typeMetadata: resolverOver(hosts),
    })
    expect(verdict.checks.find(({ id }) => id === 'type_metadata')).toMatchObject({
      code: 'type_metadata_uri_refused',
      at,
    })
    expect(hosts.asked).toEqual([])
  })

  const from = (url: string, more: object = {}): Response =>
    Object.defineProperties(json({ vct }), {
      url: { value: url },
      ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, { value }])),
    })
  const chunk = new Uint8Array(64 * 1024).fill(0x20)
  const large = function* () {
    for (;;) yield chunk
  }

  const rows: readonly [harm: string, answer: Answer | string, code: string, at?: string][] = [
    ['is not there', () => Promise.reject(new TypeError('secret.example')), 'type_metadata_unreachable', 'uri'],
    ['answers nothing', () => undefined as unknown as Response, 'type_metadata_unreachable', 'uri'],
    ['does not know the document', () => json({ vct }, {}, 404), 'type_metadata_invalid', 'status'],
    ['is broken', () => json({ vct }, {}, 500), 'type_metadata_invalid', 'status'],
    ['redirects', () => json(null, { location: base }, 302), 'type_metadata_invalid', 'status'],
    ['has redirected', () => from(vct, { redirected: true }), 'type_metadata_invalid', 'url'],
    ['hides a redirect', () => from('', { type: 'opaqueredirect' }), 'type_metadata_invalid', 'url'],
    ['is another one', () => from('https://evil.example/card/1'), 'type_metadata_invalid', 'url'],
    ['serves a page', () => json({ vct }, { 'content-type': 'text/html' }), 'type_metadata_invalid', 'content-type'],
    [
      'serves bytes',
      () => new Response(new TextEncoder().encode(`{"vct":"${vct}"}`)),
      'type_metadata_invalid',
      'content-type',
    ],
    [
      'serves another JSON',
      () => json({ vct }, { 'content-type': 'application/problem+json' }),
      'type_metadata_invalid',
      'content-type',
    ],
    ['serves nothing', () => json(null), 'json_invalid'],
    ['serves a list', '[]', 'json_invalid'],
    ['serves a member twice', `{"vct":"${vct}","vct":"${vct}"}`, 'json_duplicate_member'],
    ['serves no UTF-8', () => new Response(Uint8Array.of(0xff), json({})), 'encoding_invalid'],
    ['serves another type', JSON.stringify({ vct: `${vct}/` }), 'type_metadata_invalid', 'vct'],
    ['serves a type in other letters', JSON.stringify({ vct: vct.toUpperCase() }), 'type_metadata_invalid', 'vct'],
    ['serves no type', '{}', 'type_metadata_invalid', 'vct'],
    [
      'serves a malformed rule',
      JSON.stringify({ vct, claims: [{ path: [] }] }),
      'type_metadata_invalid',
      'claims[0].path',
    ],
    ['serves too much', `{"vct":"${vct}"}${' '.repeat(256 * 1024)}`, 'limit_exceeded', 'typeMetadataBytes'],
    [
      'says that it serves too much',
      () => json({ vct }, { 'content-length': '262145' }),
      'limit_exceeded',
      'typeMetadataBytes',
    ],
    ['never ends', () => new Response(bodyOf(large()), json({})), 'limit_exceeded', 'typeMetadataBytes'],
    ['serves what is too deep', `{"vct":"${vct}","x":${'['.repeat(20)}${']'.repeat(20)}}`, 'limit_exceeded', 'depth'],
    ['serves bytes that are none', () => new Response(bodyOf(['text']), json({})), 'type_metadata_invalid', 'body'],
  ]

  it.each(rows)('that %s is refused', async (_, answer, code, at) => {
    const check = await verdictOf({ [vct]: answer })
    expect(check).toMatchObject({ outcome: 'failed', code, ...(at !== undefined && { at }) })
  })

  it('that serves no more than it may is believed', async () => {
    const document = `{"vct":"${vct}"}`
    expect((await verdictOf({ [vct]: document }, {}, { maxBytes: document.length })).outcome).toBe('passed')
    expect((await verdictOf({ [vct]: document }, {}, { maxBytes: document.length - 1 })).code).toBe('limit_exceeded')
    const served = () => from(vct)
    expect((await verdictOf({ [vct]: served })).outcome).toBe('passed')
    const charset = () => json({ vct }, { 'content-type': 'Application/JSON; charset=utf-8' })
    expect((await verdictOf({ [vct]: charset })).outcome).toBe('passed')
  })

  it.each([
    ['does not answer', () => new Promise<Response>(() => {})],
    ['stops in the middle', () => new Response(new ReadableStream({ start: c => c.enqueue(utf8('{')) }), json({}))],
  ] as [string, Answer][])('that %s is given up', async (_, answer) => {
    expect(await verdictOf({ [vct]: answer }, {}, { timeout: 0.05 })).toMatchObject({
      code: 'type_metadata_unreachable',
      at: 'timeout',
      expected: 0.05,
    })
  })

  it('is not waited for once the caller gives up, who hears his own reason', async () => {
    const controller = new AbortController()
    const reason = new Error('the visitor has left')
    const hosts = hostsOf({ [vct]: () => new Promise<Response>(() => {}) })
    const verdict = forge(world).then(text =>
      verifySdJwtPresentation(text, {
        ...expectations(world),
        signal: controller.signal,
        typeMetadata: resolverOver(hosts),
      }),
    )
    setTimeout(() => controller.abort(reason), 30)
    expect(await refusalOf(verdict)).toBe(reason)
    await vi.waitFor(() => expect(hosts.inits[0]?.signal?.aborted).toBe(true))
  })

  it('that makes much work makes no more than may be', async () => {
    const claims = Array.from({ length: 9000 }, (_, index) => ({ path: ['languages', null, `x${index}`] }))
    const { code, at } = await verdictOf(
      { [vct]: { vct, claims } },
      { hidden: { languages: Array.from({ length: 1000 }, () => ({})) } },
      { maxBytes: 1024 * 1024 },
    )
    expect([code, at]).toEqual(['limit_exceeded', 'jsonValues'])
  })
})

describe('documents that are kept', () => {
  const document = JSON.stringify({ vct, claims: [] })
  const at = (seconds: number) => () => new Date(instant.getTime() + seconds * 1000)

  /** How often the host was asked when the type was resolved at these seconds. */
  async function askedAt(
    headers: Record<string, string>,
    moments: readonly number[],
    type: { readonly vct: string; readonly integrity?: string } = { vct },
    cache?: number,
  ): Promise<number> {
    const hosts = hostsOf({ [vct]: () => json(document, headers) })
    const resolver = typeMetadataResolver({ fetch: hosts.fetch, cache })
    for (const moment of moments) await resolver.resolve(type, { now: at(moment) })
    return hosts.asked.length
  }

  it.each([
    ['nothing is said', {}, 2],
    ['it may be kept', { 'cache-control': 'max-age=60' }, 1],
    ['it may be kept, among other things', { 'cache-control': 'public, MAX-AGE=60, immutable' }, 1],
    ['it may be kept by others alone', { 'cache-control': 's-maxage=60' }, 2],
    ['it may not be kept', { 'cache-control': 'no-store, max-age=60' }, 2],
    ['it is to be asked for again', { 'cache-control': 'max-age=60, no-cache' }, 2],
    ['it may be kept for no time', { 'cache-control': 'max-age=0' }, 2],
    ['it says something else', { 'cache-control': 'max-age=x' }, 2],
  ] as [string, Record<string, string>, number][])('answer as their host says: %s', async (_, headers, times) => {
    expect(await askedAt(headers, [0, 59])).toBe(times)
  })

  it('answer until they are too old, and not before they came', async () => {
    expect(await askedAt({ 'cache-control': 'max-age=60' }, [0, 60])).toBe(2)
    expect(await askedAt({ 'cache-control': 'max-age=60' }, [0, -1])).toBe(2)
    const forever = { 'cache-control': 'max-age=99999999999999999999' }
    expect(await askedAt(forever, [0, 86_399])).toBe(1)
    expect(await askedAt(forever, [0, 86_400])).toBe(2)
  })

  it('answer for good where their integrity is named', async () => {
    const integrity = await metadataIntegrity(utf8(document))
    expect(await askedAt({}, [0, 1e9, -1e9], { vct, integrity })).toBe(1)
    const hosts = hostsOf({ [vct]: () => json(document, { 'cache-control': 'max-age=60' }) })
    const resolver = resolverOver(hosts)
    await resolver.resolve({ vct }, { now })
    await resolver.resolve({ vct, integrity }, { now })
    expect(hosts.asked).toHaveLength(1)
    const other = await metadataIntegrity(utf8('{}'))
    expect(await refusalOf(resolver.resolve({ vct, integrity: other }, { now }))).toMatchObject({
      code: 'type_metadata_integrity_mismatch',
    })
    expect(hosts.asked).toHaveLength(2)
  })

  it('are those that held', async () => {
    let served = '{}'
    const hosts = hostsOf({ [vct]: () => json(served, { 'cache-control': 'max-age=60' }) })
    const resolver = resolverOver(hosts)
    expect(await refusalOf(resolver.resolve({ vct }, { now }))).toMatchObject({ code: 'type_metadata_invalid' })
    served = document
    expect(await resolver.resolve({ vct }, { now })).toEqual({ vct, claims: [] })
  })

  it('are no more than the cache holds, those used last', async () => {
    expect(await askedAt({ 'cache-control': 'max-age=60' }, [0, 1], { vct }, 0)).toBe(2)
    const cached: Answer = url => json({ vct: url }, { 'cache-control': 'max-age=60' })
    const hosts = hostsOf({ [vct]: cached, [base]: cached, [`${base}/2`]: cached })
    const resolver = typeMetadataResolver({ fetch: hosts.fetch, cache: 2 })
    for (const type of [vct, base, vct, `${base}/2`, vct, base]) await resolver.resolve({ vct: type }, { now })
    expect(hosts.asked).toEqual([vct, base, `${base}/2`, base])
  })

  it('are shared frozen', async () => {
    const metadata = await resolverOver(hostsOf(honest)).resolve({ vct }, { now })
    expect(isDeepFrozen(metadata)).toBe(true)
    expect(metadata).toEqual({
      vct,
      extends: { vct: base },
      display: [{ locale: 'eo', name: 'Gildkarto' }],
      claims: [
        { path: ['family_name'], mandatory: true, sd: 'always', display: [{ locale: 'ru', label: 'Фамилия' }] },
        { path: ['given_name'], sd: 'always' },
        { path: ['rank'], mandatory: true, sd: 'never' },
      ],
    })
  })

  it('are not asked for with a signal that has fired already', async () => {
    const hosts = hostsOf(honest)
    const reason = new Error('too late')
    const signal = AbortSignal.abort(reason)
    expect(await refusalOf(resolverOver(hosts).resolve({ vct }, { signal }))).toBe(reason)
    expect(hosts.asked).toEqual([])
  })
})

describe('options that are wrong', () => {
  const fetch = hostsOf({}).fetch

  it.each([
    [{ fetch: undefined }, TypeError, 'fetch'],
    [{ fetch: 'https://x.example' }, TypeError, 'fetch'],
    [{ ttl: 5 }, TypeError, 'ttl'],
    [{ maxBytes: -1 }, RangeError, 'maxBytes'],
    [{ maxBytes: 4 * 1024 * 1024 + 1 }, RangeError, 'maxBytes'],
    [{ maxBytes: 1.5 }, RangeError, 'maxBytes'],
    [{ maxBytes: '1' }, RangeError, 'maxBytes'],
    [{ timeout: 0 }, RangeError, 'timeout'],
    [{ timeout: 301 }, RangeError, 'timeout'],
    [{ timeout: Number.NaN }, RangeError, 'timeout'],
    [{ timeout: '5' }, RangeError, 'timeout'],
    [{ maxExtends: 33 }, RangeError, 'maxExtends'],
    [{ maxExtends: -1 }, RangeError, 'maxExtends'],
    [{ cache: 65_537 }, RangeError, 'cache'],
    [{ cache: Number.POSITIVE_INFINITY }, RangeError, 'cache'],
  ])('are the caller’s mistake: %o', (options, error, named) => {
    const make = () => typeMetadataResolver({ fetch, ...options } as never)
    expect(make).toThrow(error)
    expect(make).toThrow(`\`${named}\``)
  })

  it('may be left undefined', () => {
    expect(() => typeMetadataResolver({ fetch, timeout: undefined, cache: undefined })).not.toThrow()
  })

  it.each([[null], [{}], [fetch], ['https://guild.example']])('are no resolver: %o', async typeMetadata => {
    const work = verifySdJwtPresentation('', { ...expectations(world), typeMetadata } as never)
    await expect(work).rejects.toThrow(TypeError)
    await expect(work).rejects.toThrow('`typeMetadata`')
  })
})
