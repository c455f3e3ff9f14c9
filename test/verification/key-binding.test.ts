/** Hostile key bindings, and holder keys that are none. */
import { describe, expect, it } from 'vitest'
import { generateSigner } from '../../src/core/keys.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyCredential } from '../../src/verification/verify.js'
import { type Changes, encode, forge, part, uncanonical } from '../forge.js'
import { reasons, summary } from '../refusal.js'
import { audience, expectations, makeWorld, nonce, seconds, type World } from '../world.js'
import { expectSummaries, type Row, refuses, walletDemands } from './table.js'

const world = await makeWorld()
const stranger = await generateSigner('ES256')

/** A disclosure that the issuer committed to, put in after the holder signed. */
const added: Changes = {
  hidden: { birthdate: '2001-02-28' },
  hashed: text => without(text, 3),
}

describe('the key of the holder', () => {
  const { x, y } = world.holder.publicJwk
  const cnf = (value: unknown, refused: string): Row => [
    `cnf ${JSON.stringify(value)}`,
    { payload: { cnf: value } },
    refused,
  ]
  const invalid = (jwk: unknown) => cnf({ jwk }, 'key_invalid at holder_key')
  refuses(world, [
    ['no cnf', { payload: { cnf: undefined } }, 'key_binding_key_missing at holder_key'],
    ...['key', 7, null, [], [{ jwk: world.holder.publicJwk }]].map(value =>
      cnf(value, 'claim_malformed at holder_key'),
    ),
    ...[{}, { kid: 'x' }, { jku: 'https://evil.example' }, { jwe: 'x' }, { 'x5t#S256': 'x' }].map(value =>
      cnf(value, 'key_binding_key_unsupported at holder_key'),
    ),
    ...[
      null,
      'x',
      [],
      {},
      { kty: 'oct', k: 'AAAA' },
      { kty: 'RSA', n: 'AAAA', e: 'AQAB' },
      { kty: 'EC', crv: 'secp256k1', x, y },
      { kty: 'EC', crv: 'P-256', x },
      { kty: 'EC', crv: 'P-256', x, y: 'AAAA' },
      { kty: 'EC', crv: 'P-384', x, y },
      { kty: 'OKP', crv: 'P-256', x, y },
      { kty: 'OKP', crv: 'Ed25519', x, y },
      { kty: 'EC', crv: 'P-256', x, y, d: 'AAAA' },
      { kty: 'EC', crv: 'P-256', x, y, use: 'enc' },
      { kty: 'EC', crv: 'P-256', x, y, key_ops: ['sign'] },
      { kty: 'EC', crv: 'P-256', x, y, alg: 'ES384' },
      { kty: 'EC', crv: 'P-256', x, y, kid: 7 },
    ].map(invalid),
    cnf({ jwk: { kty: 'EC', crv: 'P-256', x: uncanonical(x), y } }, 'encoding_invalid at holder_key'),
    [
      'a point off the curve',
      { payload: { cnf: { jwk: { kty: 'EC', crv: 'P-256', x, y: x } } } },
      'key_invalid at key_binding_signature',
    ],
    [
      'a point of small order',
      { payload: { cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } } }, bindingHeader: { alg: 'EdDSA' } },
      'key_invalid at key_binding_signature',
    ],
    [
      'a key on another curve than the algorithm',
      { bindingHeader: { alg: 'EdDSA' } },
      'alg_not_allowed at key_binding_signature',
    ],
  ])
})

describe('the key binding', () => {
  const binding = (members: Changes['binding'], refused: string, asCredential = refused): Row => [
    `a key binding of ${JSON.stringify(members)}`,
    { binding: members! },
    refused,
    asCredential,
  ]
  const malformed = (members: Changes['binding']) => binding(members, 'key_binding_malformed at key_binding')
  refuses(world, [
    ['none', { binding: false }, 'key_binding_missing at key_binding', 'accepted'],
    ['text that is no token', { keyBinding: () => 'AAAA' }, 'jws_malformed at key_binding'],
    [
      'another presentation in its place',
      { keyBinding: () => `${encode('{}')}.${encode('{}')}` },
      'jws_malformed at key_binding',
    ],
    [
      'the token of the issuer in its place',
      { whole: text => text.replace(/[^~]*$/, text.split('~')[0]!) },
      'jws_type_mismatch at key_binding',
    ],
    ...[undefined, null, 'JWT', 'KB+JWT', 'dc+sd-jwt', 'kb+jwt ', 'application/kb+jwt'].map(
      (typ): Row => [`typ ${JSON.stringify(typ)}`, { bindingHeader: { typ } }, 'jws_type_mismatch at key_binding'],
    ),
    ...[undefined, 'none', 'HS256', 'RS256'].map(
      (alg): Row => [`alg ${JSON.stringify(alg)}`, { bindingHeader: { alg } }, 'alg_not_allowed at key_binding'],
    ),
    ['alg of another curve', { bindingHeader: { alg: 'ES384' } }, 'alg_not_allowed at key_binding_signature'],
    ['crit', { bindingHeader: { crit: ['exp'] } }, 'crit_unsupported at key_binding'],
    ['b64', { bindingHeader: { b64: false } }, 'crit_unsupported at key_binding'],
    [
      'a member twice in its header',
      { bindingHeaderText: '{"alg":"ES256","typ":"kb+jwt","typ":"kb+jwt"}' },
      'json_duplicate_member at key_binding',
    ],
    [
      'a member twice in its payload',
      { bindingText: '{"nonce":"a","nonce":"b"}' },
      'json_duplicate_member at key_binding',
    ],
    ['a payload that is a list', { bindingText: '[]' }, 'json_invalid at key_binding'],
    ['left-over bits in its header', { keyBinding: part(0, uncanonical) }, 'encoding_invalid at key_binding'],
    ['left-over bits in its payload', { keyBinding: part(1, uncanonical) }, 'encoding_invalid at key_binding'],
    ['left-over bits in its signature', { keyBinding: part(2, uncanonical) }, 'encoding_invalid at key_binding'],
    ...['iat', 'aud', 'nonce', 'sd_hash'].flatMap(name => [
      malformed({ [name]: undefined }),
      malformed({ [name]: null }),
    ]),
    malformed({ iat: String(seconds) }),
    malformed({ aud: [audience] }),
    malformed({ nonce: 7 }),
    malformed({ nonce: [nonce] }),
    malformed({ sd_hash: [] }),
    ['another key', { holder: stranger }, 'key_binding_signature_invalid at key_binding_signature'],
    [
      'the key of the issuer',
      ({ signer }) => ({ holder: signer }),
      'key_binding_signature_invalid at key_binding_signature',
    ],
    [
      'a key that it brings',
      { holder: stranger, bindingHeader: { jwk: stranger.publicJwk } },
      'key_binding_signature_invalid at key_binding_signature',
    ],
    ['no signature', { keyBinding: part(2, () => '') }, 'key_binding_signature_invalid at key_binding_signature'],
    [
      'a payload changed afterwards',
      { keyBinding: part(1, () => encode(JSON.stringify({ iat: seconds, aud: audience, nonce, sd_hash: 'x' }))) },
      'key_binding_signature_invalid at key_binding_signature',
    ],
    ...['https://other.example', `${audience}/`, '', audience.toUpperCase()].map(aud =>
      binding({ aud }, 'key_binding_audience_mismatch at key_binding_audience', 'accepted'),
    ),
    ...['other', '', `${nonce} `, nonce.toUpperCase()].map(other =>
      binding({ nonce: other }, 'key_binding_nonce_mismatch at key_binding_nonce', 'accepted'),
    ),
    binding({ iat: seconds - 361 }, 'key_binding_too_old at key_binding_time'),
    binding({ iat: 0 }, 'key_binding_too_old at key_binding_time'),
    binding({ iat: -1 }, 'key_binding_too_old at key_binding_time'),
    binding({ iat: seconds + 61 }, 'key_binding_in_future at key_binding_time'),
    binding({ iat: 9e15 }, 'key_binding_in_future at key_binding_time'),
    binding({ iat: seconds * 1000 }, 'key_binding_in_future at key_binding_time'),
    binding({ exp: seconds - 60 }, 'key_binding_too_old at key_binding_time'),
    binding({ nbf: seconds + 61 }, 'key_binding_in_future at key_binding_time'),
    binding({ exp: 'soon' }, 'claim_malformed at key_binding_time'),
    binding({ nbf: null }, 'claim_malformed at key_binding_time'),
    binding({ sd_hash: '' }, 'key_binding_hash_mismatch at key_binding_hash'),
    [
      'a hash over the token alone',
      { hashed: text => `${text.split('~')[0]}~` },
      'key_binding_hash_mismatch at key_binding_hash',
    ],
    [
      'a hash without the last separator',
      { hashed: text => text.slice(0, -1) },
      'key_binding_hash_mismatch at key_binding_hash',
    ],
    ['a disclosure added afterwards', added, 'key_binding_hash_mismatch at key_binding_hash'],
    [
      'a disclosure taken away afterwards',
      { whole: text => without(text, 1) },
      'key_binding_hash_mismatch at key_binding_hash',
    ],
    ['disclosures in another order afterwards', { whole: swapped }, 'key_binding_hash_mismatch at key_binding_hash'],
  ])

  it('is taken to the second that the tolerance allows', async () => {
    for (const iat of [seconds - 360, seconds - 300, seconds + 60, seconds - 0.5])
      await expectSummaries(await forge(world, { binding: { iat } }), expectations(world), 'accepted')
  })

  it('is held to the age that the verifier said', async () => {
    const strict = { ...expectations(world), maxPresentationAge: 10, clockTolerance: 0 }
    for (const [iat, refused] of [
      [seconds - 10, 'accepted'],
      [seconds - 11, 'key_binding_too_old at key_binding_time'],
      [seconds + 1, 'key_binding_in_future at key_binding_time'],
    ] as const)
      await expectSummaries(await forge(world, { binding: { iat } }), strict, refused)
  })

  it('of one credential does not serve for another of the same holder', async () => {
    const [first, second] = [await forge(world), await forge(world, { payload: { rank: 8 } })]
    const mixed = second.slice(0, second.lastIndexOf('~') + 1) + first.slice(first.lastIndexOf('~') + 1)
    await expectSummaries(mixed, expectations(world), 'key_binding_hash_mismatch at key_binding_hash')
  })

  it('is not asked for by a wallet, and the verdict says so', async () => {
    const verdict = await verifyCredential(await forge(world, { binding: false }), walletDemands(expectations(world)))
    expect(verdict.checks.filter(({ code }) => code === 'not_requested').map(({ id }) => id)).toEqual([
      'logged',
      'key_binding',
      'key_binding_signature',
      'key_binding_audience',
      'key_binding_nonce',
      'key_binding_time',
      'key_binding_hash',
      'type_metadata',
    ])
  })

  it('that is missing leaves its other checks unmade', async () => {
    const verdict = await verifySdJwtPresentation(await forge(world, { binding: false }), expectations(world))
    expect(reasons(verdict)).toEqual(['key_binding_missing at key_binding'])
    for (const { id, outcome, code } of verdict.checks.filter(check => check.id.startsWith('key_binding_')))
      expect([id, outcome, code]).toEqual([id, 'skipped', 'not_reached'])
  })

  it('over a key that is not there has no signature to check', async () => {
    const verdict = await verifySdJwtPresentation(
      await forge(world, { payload: { cnf: undefined } }),
      expectations(world),
    )
    expect(reasons(verdict)).toEqual(['key_binding_key_missing at holder_key'])
    expect(verdict.checks.find(({ id }) => id === 'key_binding_signature')).toMatchObject({ code: 'not_reached' })
  })

  it('that a wallet receives is held to no audience and nonce, and the verdict says so', async () => {
    const verdict = await verifyCredential(await forge(world), walletDemands(expectations(world)))
    expect(verdict.checks.filter(({ code }) => code === 'not_requested').map(({ id }) => id)).toEqual([
      'logged',
      'key_binding_audience',
      'key_binding_nonce',
      'type_metadata',
    ])
  })

  it('names every reason of its own that it fails for', async () => {
    const text = await forge(world, { holder: stranger, binding: { aud: 'x', nonce: 'y', iat: 0, sd_hash: 'z' } })
    expect(reasons(await verifySdJwtPresentation(text, expectations(world)))).toEqual([
      'key_binding_signature_invalid at key_binding_signature',
      'key_binding_audience_mismatch at key_binding_audience',
      'key_binding_nonce_mismatch at key_binding_nonce',
      'key_binding_too_old at key_binding_time',
      'key_binding_hash_mismatch at key_binding_hash',
    ])
  })

  it('tells the audience that was expected, which is the verifier, and no nonce', async () => {
    const text = await forge(world, { binding: { aud: 'x', nonce: 'y' } })
    const { checks } = await verifySdJwtPresentation(text, expectations(world))
    const told = new Map(checks.map(({ id, at, expected, actual }) => [id, { at, expected, actual }]))
    expect(told.get('key_binding_audience')).toEqual({ at: 'aud', expected: audience, actual: undefined })
    expect(told.get('key_binding_nonce')).toEqual({ at: 'nonce', expected: undefined, actual: undefined })
  })
})

describe('a credential bound to no key', () => {
  const unbound = { payload: { cnf: undefined } }

  it('is taken by a wallet that asks for no key, and no holder is named', async () => {
    const text = await forge(world, { ...unbound, binding: false })
    const verdict = await verifyCredential(text, walletDemands(expectations(world)))
    expect(verdict.ok && !Object.hasOwn(verdict, 'holderKey')).toBe(true)
  })

  it('is refused with a key binding that no key stands behind', async () => {
    const verdict = await verifyCredential(await forge(world, unbound), walletDemands(expectations(world)))
    expect(summary(verdict)).toBe('key_binding_key_missing at holder_key')
  })
})

describe('the key that a wallet expects', () => {
  const withKey = (expectedHolderKey: World['holder']['publicJwk']) => ({
    ...walletDemands(expectations(world)),
    expectedHolderKey,
  })

  it('is the key the credential must be bound to, whatever its JWK says besides', async () => {
    const { publicJwk } = world.holder
    const text = await forge(world, { binding: false })
    expect(summary(await verifyCredential(text, withKey({ ...publicJwk, kid: 'mine' })))).toBe('accepted')
    expect(summary(await verifyCredential(text, withKey(stranger.publicJwk)))).toBe('holder_key_mismatch at holder_key')
    const unbound = await forge(world, { payload: { cnf: undefined }, binding: false })
    expect(summary(await verifyCredential(unbound, withKey(publicJwk)))).toBe('holder_key_mismatch at holder_key')
  })
})

describe('every algorithm of the table', () => {
  for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const)
    it(`is verified for issuer and holder: ${alg}`, async () => {
      const other = await makeWorld(alg)
      await expectSummaries(await forge(other), expectations(other), 'accepted')
      await expectSummaries(other.presentation, expectations(other), 'accepted')
      await expectSummaries(
        await forge(other, { signer: other.holder }),
        expectations(other),
        'signature_invalid at issuer_signature',
      )
    })
})

/** The presentation without one of its pieces. */
function without(text: string, piece: number): string {
  return text
    .split('~')
    .filter((_, index) => index !== piece)
    .join('~')
}

function swapped(text: string): string {
  const [jwt, first, second, ...rest] = text.split('~')
  return [jwt, second, first, ...rest].join('~')
}
