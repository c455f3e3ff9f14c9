/** What a verifier forgets or mistypes is its own mistake: a TypeError or RangeError that names the argument. */
import { describe, expect, it } from 'vitest'
import { generateSigner } from '../../src/core/keys.js'
import { profileOf } from '../../src/passport/definition.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { expectations, guildCard, instant, makeWorld } from '../world.js'
import { walletDemands } from './table.js'

const world = await makeWorld()
const demands = expectations(world)
const { name, vct, docType, status, fields } = profileOf(guildCard)

type Verify = (input: unknown, options: never) => Promise<unknown>
type Kind = 'presentation' | 'credential' | 'set' | 'evidence'

/** Each verify function with the least that it takes. */
const functions: Readonly<Record<string, readonly [Kind, Verify, object]>> = {
  verifySdJwtPresentation: ['presentation', verifySdJwtPresentation, demands],
  verifyPresentation: ['presentation', verifyPresentation, demands],
  verifyCredential: ['credential', verifyCredential, walletDemands(demands)],
  verifyPresentationSet: [
    'set',
    verifyPresentationSet,
    { ...demands, expectedPassport: undefined, expect: { card: { expectedPassport: guildCard } } },
  ],
  reverifyEvidence: ['evidence', reverifyEvidence, { trust: demands.trust, expectedPassport: guildCard }],
}

/** Reading it would tell that the input was looked at. */
let looked = 0
const input = new Proxy(
  {},
  { get: () => void looked++, getPrototypeOf: () => (looked++, null), ownKeys: () => (looked++, []) },
)

interface Mistake {
  readonly argument: string
  readonly values: readonly unknown[]
  readonly error?: typeof RangeError
  readonly kinds?: readonly Kind[]
}

const texts = [undefined, null, '', 7, ['x'], {}, '\ud800']
const session: readonly Kind[] = ['presentation', 'set']
const live: readonly Kind[] = ['presentation', 'credential', 'set']
const alone: readonly Kind[] = ['presentation', 'credential', 'evidence']
const every: readonly Kind[] = ['presentation', 'credential', 'set', 'evidence']
const numbers = [null, '60', Number.NaN, -1, Number.POSITIVE_INFINITY, {}]

const mistakes: readonly Mistake[] = [
  {
    argument: 'trust',
    values: [undefined, null, [], {}, [world.anchor], { ...demands.trust }, { anchors: [], holderKeys: {} }],
  },
  {
    argument: 'expectedPassport',
    kinds: alone,
    values: [undefined, null, [], 'guild-card', {}, [guildCard, null], { vct: [] }],
  },
  {
    argument: 'expectedPassport',
    kinds: alone,
    values: [
      { vct, docType, status, fields },
      { name, vct: vct[0], docType, status, fields },
      { name, vct, docType: docType[0], status, fields },
      { name, vct, status, fields },
      { name, vct, docType, fields },
      { name, vct, docType, status: 'none', fields },
      { name, vct, docType, status, fields: null },
      { name, vct, docType, status },
    ],
  },
  {
    argument: 'status',
    kinds: live,
    values: [undefined, null, 'valid', false, {}, { check: true }, { reason: 7 }, () => 0],
  },
  {
    argument: 'require',
    kinds: alone,
    values: [
      'familyName',
      '',
      null,
      new Set(['familyName']),
      ['familyName', 'shoeSize'],
      ['toString'],
      [7],
      [['familyName']],
      {},
    ],
  },
  { argument: 'expectedAudience', kinds: session, values: texts },
  { argument: 'expectedNonce', kinds: session, values: texts },
  { argument: 'expectedIssuer', values: [null, '', [], [''], 7, ['x', 7], {}] },
  { argument: 'algorithms', values: [null, [], 'ES256', ['none'], ['ES256', 'HS256'], ['RS256'], [undefined], {}] },
  { argument: 'clockTolerance', error: RangeError, values: [...numbers, 601, 60n] },
  { argument: 'maxPresentationAge', error: RangeError, values: [...numbers, 86_401] },
  { argument: 'evidence', kinds: live, values: [null, '', 'none', true, {}] },
  { argument: 'limits', values: [null, 7, 'x'] },
  {
    argument: 'now',
    kinds: live,
    values: [() => new Date(Number.NaN), () => 7, () => undefined, () => instant.toISOString()],
  },
  { argument: 'now', kinds: live, values: [null, 7, instant] },
  { argument: 'signal', kinds: live, values: [null, 7, {}, new AbortController()] },
  { argument: 'expectedHolderKey', kinds: ['credential'], values: [null, 'x', {}, { kty: 'oct', k: 'AAAA' }] },
  { argument: 'attachment', kinds: ['evidence'], values: [null, {}, 'x'] },
  { argument: 'expect', kinds: ['set'], values: [undefined, null, {}, [], 'x'] },
]

for (const [called, [kind, verify, least]] of Object.entries(functions))
  describe(`the options of ${called}`, () => {
    const refused = async (
      options: unknown,
      argument: string,
      error: typeof RangeError | typeof TypeError = TypeError,
    ) => {
      looked = 0
      const thrown: unknown = await verify(input, options as never).catch((reason: unknown) => reason)
      expect(thrown).toBeInstanceOf(error)
      expect((thrown as Error).message).toContain(argument)
      expect(looked).toBe(0)
    }

    for (const { argument, values, error, kinds = every } of mistakes)
      if (kinds.includes(kind))
        it(`refuse ${argument}: ${values.map(show).join(', ')}`, async () => {
          for (const value of values) await refused({ ...least, [argument]: value }, argument, error)
        })

    it('are needed', async () => {
      for (const options of [undefined, null, 7]) await refused(options, 'options')
    })

    it('may lower limits and never raise them', async () => {
      await refused({ ...least, limits: { depth: 17 } }, 'limits.depth', RangeError)
      await refused({ ...least, limits: { disclosures: -1 } }, 'limits.disclosures', RangeError)
      await refused({ ...least, limits: { disclosures: 1.5 } }, 'limits.disclosures', RangeError)
      await refused({ ...least, limits: { shoes: 1 } }, 'limits.shoes')
    })

    it('that are right give an answer', async () => {
      if (kind !== 'evidence')
        expect(await verify(undefined, { ...least, evidence: 'whole' } as never)).toMatchObject({ ok: false })
      const right = { clockTolerance: 0, maxPresentationAge: 86_400, limits: { depth: 8 }, expectedIssuer: ['x'] }
      expect(await verify(undefined, { ...least, ...right } as never)).toMatchObject({ ok: false })
    })
  })

describe('audience and nonce', () => {
  it('come together, also where a session is expected besides', async () => {
    const { expectedAudience, expectedNonce, ...rest } = demands
    const shared = { ...rest, expectedSessionTranscript: Uint8Array.of(0x83, 0xf6, 0xf6, 0x80) }
    expect(await verifyPresentation('x', shared)).toMatchObject({ ok: false, code: 'format_unknown' })
    const verify = verifyPresentation as (input: unknown, options: object) => Promise<unknown>
    await expect(verify('x', { ...shared, expectedAudience })).rejects.toThrow('`expectedNonce` must be')
    await expect(verify('x', { ...shared, expectedNonce })).rejects.toThrow('`expectedAudience` must be')
  })
})

describe('a status that is waived by hand', () => {
  it('needs a reason as well', async () => {
    for (const reason of ['', ' '])
      await expect(verifyPresentation('x', { ...demands, status: { reason } })).rejects.toThrow(/`reason`/)
  })
})

describe('keys where they do not belong', () => {
  it('are refused without being named', async () => {
    const { publicJwk } = await generateSigner('ES256')
    const privateJwk = { ...publicJwk, d: publicJwk.x }
    const wallet = { ...walletDemands(demands), expectedHolderKey: privateJwk }
    const thrown = await verifyCredential('x', wallet).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(TypeError)
    expect((thrown as Error).message).toContain('`expectedHolderKey`')
    expect((thrown as Error).message).not.toContain(publicJwk.x)
    expect(() => trustAnchors([{ jwk: privateJwk, purposes: ['credential'] }])).toThrow(/`anchors\[0\].jwk`/)
  })
})

describe('options that change while a verdict is made', () => {
  it('change nothing', async () => {
    const require = ['familyName' as const]
    const expectedPassport = [guildCard]
    const work = verifySdJwtPresentation(world.presentation, { ...demands, expectedPassport, require })
    require.push('birthDate' as never)
    expectedPassport.length = 0
    expect((await work).ok).toBe(true)
  })

  it('the clock is read once', async () => {
    let reads = 0
    const now = () => (reads++, instant)
    expect((await verifySdJwtPresentation(world.presentation, { ...demands, now })).ok).toBe(true)
    expect(reads).toBe(1)
    const { expectedPassport, ...shared } = demands
    const expect2 = { a: { expectedPassport }, b: { expectedPassport } }
    await verifyPresentationSet({ a: world.presentation, b: world.presentation }, { ...shared, now, expect: expect2 })
    expect(reads).toBe(2)
  })
})

function show(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value)
}
