/** Hostile W3C credentials and presentations: one row for each rule that one can break. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { base64 } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { definePassport } from '../../src/passport/definition.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import type { StatusChecker } from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyVcJwtPresentation } from '../../src/verification/vc-jwt.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { makeAuthority, named, signerExtensions } from '../certificates.js'
import { digest, encode, forge, part, sign, uncanonical } from '../forge.js'
import { base, forgeVc, type VcChanges } from '../forge-vc.js'
import { expectRefusal, isDeepFrozen, reasons, summary } from '../refusal.js'
import { audience, expectations, guildCard, instant, issuer, makeWorld, nonce, seconds } from '../world.js'
import { notText } from './arguments.js'
import { type Demands, walletDemands } from './table.js'

const world = await makeWorld()
const stranger = await generateSigner('ES256')
const demands = expectations(world)
const card = 'https://guild.example/card/1'
const decoy = await digest('decoy')
/** Honest, and by itself. */
const credential = await forgeVc(world, { proof: false })

type Row = readonly [title: string, changes: VcChanges, refused: string, asCredential?: string]

async function expectSummaries(input: unknown, demands: Demands, refused: string, asCredential = refused) {
  const verdicts = [
    await verifyVcJwtPresentation(input, demands),
    await verifyPresentation(input, demands),
    await verifyCredential(input, walletDemands(demands)),
  ]
  expect(verdicts.map(summary)).toEqual([refused, refused, asCredential])
  for (const verdict of verdicts) if (!verdict.ok) expectRefusal(verdict, input)
}

/** One test for each row, by every verify function. */
const refuses = (rows: readonly Row[], more: VcChanges = {}) =>
  it.each(rows.map(([title, ...rest]) => [`refuses ${title}`, ...rest] as const))('%s', async (...row) => {
    const [, changes, refused, asCredential] = row
    await expectSummaries(await forgeVc(world, { ...more, ...changes }), demands, refused, asCredential)
  })

const payloads = (name: string, values: readonly unknown[], refused: string): Row[] =>
  values.map(value => [`${name} ${JSON.stringify(value)}`, { payload: { [name]: value } }, refused])

const honest: readonly (readonly [string, VcChanges])[] = [
  ['a vc+jwt in a presentation', {}],
  ['a vc+sd-jwt with a key binding', { form: 'vc+sd-jwt' }],
  ['a vc+sd-jwt in a presentation', { form: 'vc+sd-jwt', enveloped: true }],
]

describe.each(honest)('%s, honest', (_, changes) => {
  it('is accepted, so that every refusal below has the one reason its row gives', async () => {
    await expectSummaries(await forgeVc(world, changes), demands, 'accepted')
  })

  it('gives a frozen verdict with claims, holder key and the end of its validity', async () => {
    const verdict = await verifyVcJwtPresentation(await forgeVc(world, changes), demands)
    expect(verdict).toMatchObject({
      ok: true,
      passport: 'guild-card',
      format: changes.form ?? 'vc+jwt',
      issuer: { id: issuer },
      holderKey: { crv: 'P-256' },
      claims: { familyName: 'Specimen', givenName: 'Anastasia', rank: 7 },
      validUntil: new Date('2026-04-01T00:00:00Z'),
    })
    expect(verdict.ok && verdict.otherClaims).toEqual({})
    expect(isDeepFrozen(verdict)).toBe(true)
    expect(verdict.checks.map(({ id }) => id)).toContain('data_model')
  })

  it('is verified again from its evidence, and from nothing else', async () => {
    const { evidence } = await verifyVcJwtPresentation(await forgeVc(world, changes), demands)
    const today = { trust: demands.trust, expectedPassport: guildCard, require: ['familyName'] as const }
    const again = await reverifyEvidence(JSON.parse(JSON.stringify(evidence)), today)
    expect(again.evidence.digest).toBeDefined()
    expect(again).toMatchObject({ ok: true, claims: { familyName: 'Specimen' }, format: changes.form ?? 'vc+jwt' })
    const policy = { ...evidence.policy, nonce: 'other' }
    expect(summary(await reverifyEvidence({ ...evidence, policy }, today))).toBe('evidence_digest_mismatch at evidence')
  })
})

describe.each(['vc+jwt', 'vc+sd-jwt'] as const)('the issuer’s part of a %s', form => {
  const types = [
    undefined,
    null,
    '',
    'JWT',
    'VC+JWT',
    'application/vc+jwt',
    'vc-ld+jwt',
    'kb+jwt',
    'dc+sd-jwt',
    'vp+jwt',
  ]
  const mismatch = 'jws_type_mismatch at structure'

  // Enveloped and typed otherwise it is still for this verifier; by itself it is of another format.
  it.each([...types, form === 'vc+jwt' ? 'vc+sd-jwt' : 'vc+jwt'])('is refused with typ %j', async typ => {
    const text = await forgeVc(world, { form, enveloped: true, header: { typ } })
    await expectSummaries(text, demands, mismatch)
  })

  refuses(
    [
      ['another cty', { header: { cty: 'vp' } }, mismatch],
      ...[undefined, 'none', 'HS256', 'RS256', 'es256'].map(
        (alg): Row => [`alg ${alg}`, { header: { alg } }, 'alg_not_allowed at structure'],
      ),
      ['crit', { header: { crit: ['exp'] } }, 'crit_unsupported at structure'],
      ['alg of another curve', { header: { alg: 'ES384' } }, 'alg_not_allowed at issuer_trusted'],
      ['another key', { signer: stranger }, 'signature_invalid at issuer_signature'],
      [
        'a key that the token brings',
        { signer: stranger, header: { jwk: stranger.publicJwk } },
        'signature_invalid at issuer_signature',
      ],
      [
        'a payload changed afterwards',
        { jwt: part(1, () => encode(JSON.stringify({ type: card, issuer }))) },
        'signature_invalid at issuer_signature',
      ],
      ['a member twice', { payloadText: '{"type":"a","type":"b"}' }, 'json_duplicate_member at structure'],
      ['left-over bits', { jwt: part(2, uncanonical) }, 'encoding_invalid at structure'],
      ['two parts', { jwt: jwt => jwt.split('.').slice(0, 2).join('.') }, 'jws_malformed at structure'],
    ],
    { form },
  )

  describe('by its type and issuer', () => {
    refuses(
      [
        ...payloads(
          'type',
          ['VerifiableCredential', ['VerifiableCredential', `${card}/`]],
          'type_not_expected at type',
        ),
        ...payloads('type', [undefined, null, 7, [], [7], ['VerifiableCredential', '']], 'vc_malformed at type'),
        ...payloads('type', [[card]], 'vc_malformed at data_model'),
        ...payloads('issuer', [null, 'passport', { id: null }, { name: 'x' }], 'vc_malformed at issuer_trusted'),
        ...payloads('issuer', [undefined], 'vc_malformed at type'),
        ...payloads('issuer', ['https://other.example', { id: `${issuer}/` }], 'issuer_untrusted at issuer_trusted'),
        ['version 1.1', { payload: { type: undefined, vc: { type: card } } }, 'vc_version_unsupported at type'],
        ['a claim of version 1.1', { payload: { vc: {} } }, 'vc_version_unsupported at data_model'],
      ],
      { form },
    )
  })

  describe('by the data model', () => {
    refuses(
      [
        ...payloads('@context', [undefined, [base, 7], 'https://x.example'], 'vc_malformed at data_model'),
        ...payloads('credentialSubject', [undefined, null, [], {}, [{}]], 'vc_malformed at data_model'),
        ...payloads('evidence', [{}], 'vc_malformed at data_model'),
        ...payloads('validFrom', ['2026-02-01', 1], 'vc_malformed at data_model'),
        ...payloads('validUntil', ['2026-01-31T00:00:00Z'], 'vc_malformed at data_model'),
        ...payloads('iss', ['https://other.example'], 'vc_claim_conflict at data_model'),
        ['two subjects', { payload: { credentialSubject: [{ a: 1 }, { b: 2 }] } }, 'claim_malformed at claims'],
        ['a claim of another kind', { subject: { rank: 'seven' } }, 'claim_malformed at claims'],
        ['a reserved name', { subject: { '...': 'x' } }, 'sd_jwt_placeholder_malformed at disclosures'],
      ],
      { form },
    )

    it('refuses a name that means something to every program', async () => {
      const payloadText = `{"type":["VerifiableCredential","${card}"],"issuer":"${issuer}","credentialSubject":{"__proto__":{}}}`
      const text = await forgeVc(world, { form, payloadText })
      await expectSummaries(text, demands, 'sd_jwt_reserved_name at disclosures')
    })
  })

  describe('by its times', () => {
    refuses(
      [
        ...payloads('iat', ['2026-02-01T00:00:00Z', null, -1], 'claim_malformed at validity'),
        ...payloads('iat', [seconds + 61], 'credential_issued_in_future at validity'),
        ...payloads('exp', [seconds - 60, 0], 'credential_expired at validity'),
        ...payloads('nbf', [seconds + 61], 'credential_not_yet_valid at validity'),
        ...payloads(
          'validFrom',
          ['2026-03-01T12:01:01Z', '2026-03-01T12:01:00.001Z'],
          'credential_not_yet_valid at validity',
        ),
        ...payloads('validUntil', ['2026-03-01T11:59:00Z', '2026-02-01T00:00:00Z'], 'credential_expired at validity'),
      ],
      { form },
    )

    it('is taken within the tolerance', async () => {
      for (const payload of [
        { validFrom: '2026-03-01T12:01:00Z' },
        { validFrom: undefined, validUntil: '2026-03-01T11:59:00.001Z' },
        { validFrom: undefined, validUntil: undefined, iat: undefined },
      ])
        await expectSummaries(await forgeVc(world, { form, payload }), demands, 'accepted')
    })

    it('ends where the first of its ends is', async () => {
      const ends = async (payload: object) => {
        const verdict = await verifyVcJwtPresentation(await forgeVc(world, { form, payload: { ...payload } }), demands)
        return verdict.ok ? verdict.validUntil : summary(verdict)
      }
      expect(await ends({ exp: seconds + 60 })).toEqual(new Date((seconds + 60) * 1000))
      expect(await ends({ exp: seconds + 1e8 })).toEqual(new Date('2026-04-01T00:00:00Z'))
      expect(await ends({ exp: seconds + 60, validUntil: undefined })).toEqual(new Date((seconds + 60) * 1000))
      expect(await ends({ validUntil: undefined })).toBeUndefined()
    })
  })

  describe('by its key', () => {
    refuses(
      [
        ['none', { payload: { cnf: undefined } }, 'key_binding_key_missing at holder_key'],
        ...payloads('cnf', [null, 'x', []], 'claim_malformed at holder_key'),
        ...payloads('cnf', [{ kid: 'x' }, { jkt: 'x' }], 'key_binding_key_unsupported at holder_key'),
        ...payloads(
          'cnf',
          [{ jwk: {} }, { jwk: { ...world.holder.publicJwk, d: 'AAAA' } }],
          'key_invalid at holder_key',
        ),
      ],
      { form },
    )

    it('is held to the key that a wallet expects', async () => {
      const text = await forgeVc(world, { form, proof: false })
      const withKey = (signer: typeof stranger) => ({ ...walletDemands(demands), expectedHolderKey: signer.publicJwk })
      expect(summary(await verifyCredential(text, withKey(world.holder)))).toBe('accepted')
      expect(summary(await verifyCredential(text, withKey(stranger)))).toBe('holder_key_mismatch at holder_key')
    })
  })
})

describe('what a vc+sd-jwt hides', () => {
  const hidden = (name: string, value: unknown, at = 'protected_claims'): Row => [
    `a hidden ${name}`,
    { payload: { [name]: undefined }, hidden: { [name]: value } },
    `claim_not_disclosable at ${at}`,
  ]
  refuses(
    [
      hidden('type', ['VerifiableCredential', card], 'type'),
      hidden('issuer', issuer, 'type'),
      hidden('@context', [base]),
      hidden('validFrom', '2026-02-01T00:00:00Z'),
      hidden('validUntil', '2026-04-01T00:00:00Z'),
      hidden('cnf', { jwk: world.holder.publicJwk }),
      hidden('status', { status_list: { idx: 1, uri: 'https://lists.example/1' } }),
      hidden('credentialStatus', { type: 'https://x.example/status' }),
      hidden('credentialSchema', { type: 'https://x.example/schema', id: 'https://x.example/1' }),
      [
        'a subject that is hidden and malformed',
        { payload: { credentialSubject: undefined }, hidden: { credentialSubject: 7 } },
        'vc_malformed at data_model',
      ],
      ['evidence that is hidden and malformed', { hidden: { evidence: {} } }, 'vc_malformed at data_model'],
      [
        'a digest within cnf',
        { payload: { cnf: { jwk: world.holder.publicJwk, _sd: [decoy] } } },
        'claim_not_disclosable at protected_claims',
      ],
      [
        'a disclosure of nothing',
        { jwt: jwt => `${jwt}~${encode('["salt","x",1]')}` },
        'sd_jwt_unused_disclosure at disclosures',
      ],
    ],
    { form: 'vc+sd-jwt' },
  )

  it('may be everything about its subject', async () => {
    const text = await forgeVc(world, { form: 'vc+sd-jwt', subject: { rank: undefined } })
    const [jwt] = text.split('~')
    const bare = `${jwt}~`
    const verdict = await verifyCredential(bare, walletDemands(demands))
    expect(verdict).toMatchObject({ ok: true, claims: {}, otherClaims: {} })
    const required = { ...walletDemands(demands), require: ['familyName'] as const }
    expect(summary(await verifyCredential(bare, required))).toBe('required_claim_missing at required_claims')
  })
})

describe('a vp+jwt', () => {
  const structure = (title: string, proof: object, code: string): Row => [
    title,
    { proof: { ...proof } },
    `${code} at structure`,
  ]
  const open = { '@context': [base], type: ['VerifiableCredential'], issuer, credentialSubject: { a: 1 } }
  const envelope = {
    '@context': base,
    type: 'EnvelopedVerifiableCredential',
    id: `data:application/vc+jwt,${credential}`,
  }

  refuses([
    structure('another context', { '@context': ['https://x.example'] }, 'vp_malformed'),
    structure('another type', { type: 'x' }, 'vp_malformed'),
    structure('no credential', { verifiableCredential: undefined }, 'vp_credential_missing'),
    structure('an empty list', { verifiableCredential: [] }, 'vp_credential_missing'),
    structure('one credential twice', { verifiableCredential: [envelope, envelope] }, 'vp_credential_unexpected'),
    structure('an open credential beside it', { verifiableCredential: [envelope, open] }, 'vp_credential_unexpected'),
    structure('an open credential', { verifiableCredential: open }, 'vp_credential_unsupported'),
    structure('a bare token', { verifiableCredential: [credential] }, 'vp_malformed'),
    ['another cty', { proofHeader: { cty: 'vc' } }, 'jws_type_mismatch at structure'],
    ['crit', { proofHeader: { crit: ['exp'] } }, 'crit_unsupported at structure'],
    ['a member twice', { proofText: '{"nonce":"a","nonce":"b"}' }, 'json_duplicate_member at structure'],
    [
      'an envelope for something else',
      { envelope: { id: `data:application/vc+ld+jwt,${credential}` } },
      'vp_credential_unsupported at structure',
    ],
    [
      'an envelope in base64',
      { envelope: { id: `data:application/vc+jwt;base64,${credential}` } },
      'vp_credential_unsupported at structure',
    ],
    [
      'an envelope that says SD-JWT',
      { envelope: { id: `data:application/vc+sd-jwt,${credential}` } },
      'sd_jwt_malformed at structure',
    ],
    ['an envelope with another presentation', { content: () => 'e30.e30.AAAA' }, 'jws_type_mismatch at structure'],
    ['nothing in the envelope', { content: () => '' }, 'jws_malformed at structure'],
  ])

  it('takes no credential whose key binding was for somebody else', async () => {
    const bound = await forgeVc(world, { form: 'vc+sd-jwt', enveloped: false })
    const text = await forgeVc(world, { form: 'vc+sd-jwt', enveloped: true, content: () => bound })
    await expectSummaries(text, demands, 'vp_credential_unsupported at structure')
  })

  it('takes no presentation inside a presentation', async () => {
    const inner = await forgeVc(world)
    const text = await forgeVc(world, { content: () => inner })
    await expectSummaries(text, demands, 'jws_type_mismatch at structure')
  })
})

describe('the proof of the holder', () => {
  const proof = (members: VcChanges['proof'], refused: string, asCredential = refused): Row => [
    `a proof of ${JSON.stringify(members)}`,
    { proof: members! },
    refused,
    asCredential,
  ]
  const malformed = (members: VcChanges['proof']) => proof(members, 'key_binding_malformed at key_binding')
  const rows: readonly Row[] = [
    ['none', { proof: false }, 'key_binding_missing at key_binding', 'accepted'],
    ...['iat', 'aud', 'nonce'].flatMap(name => [malformed({ [name]: undefined }), malformed({ [name]: null })]),
    malformed({ iat: String(seconds) }),
    malformed({ aud: [audience] }),
    malformed({ nonce: [nonce] }),
    ...['none', 'HS256', undefined].map(
      (alg): Row => [`alg ${alg}`, { proofHeader: { alg } }, 'alg_not_allowed at key_binding'],
    ),
    ['alg of another curve', { proofHeader: { alg: 'ES384' } }, 'alg_not_allowed at key_binding_signature'],
    ['another key', { holder: stranger }, 'key_binding_signature_invalid at key_binding_signature'],
    ['the key of the issuer', { holder: world.signer }, 'key_binding_signature_invalid at key_binding_signature'],
    [
      'a key that it brings',
      { holder: stranger, proofHeader: { jwk: stranger.publicJwk } },
      'key_binding_signature_invalid at key_binding_signature',
    ],
    ...['https://other.example', `${audience}/`, ''].map(aud =>
      proof({ aud }, 'key_binding_audience_mismatch at key_binding_audience', 'accepted'),
    ),
    ...['other', '', nonce.toUpperCase()].map(other =>
      proof({ nonce: other }, 'key_binding_nonce_mismatch at key_binding_nonce', 'accepted'),
    ),
    proof({ iat: seconds - 361 }, 'key_binding_too_old at key_binding_time'),
    proof({ iat: seconds + 61 }, 'key_binding_in_future at key_binding_time'),
    proof({ exp: seconds - 60 }, 'key_binding_too_old at key_binding_time'),
    proof({ nbf: seconds + 61 }, 'key_binding_in_future at key_binding_time'),
    proof({ exp: 'soon' }, 'claim_malformed at key_binding_time'),
  ]
  describe('around a vc+jwt', () => refuses(rows))
  describe('around a vc+sd-jwt', () => refuses(rows, { form: 'vc+sd-jwt', enveloped: true }))
  describe('behind a vc+sd-jwt', () =>
    refuses(
      [
        ...rows,
        ['typ of a presentation', { proofHeader: { typ: 'vp+jwt' } }, 'jws_type_mismatch at key_binding'],
        ['another hash', { proof: { sd_hash: 'x' } }, 'key_binding_hash_mismatch at key_binding_hash'],
      ],
      { form: 'vc+sd-jwt' },
    ))

  it('names every reason of its own that it fails for', async () => {
    const text = await forgeVc(world, { holder: stranger, proof: { aud: 'x', nonce: 'y', iat: 0 } })
    expect(reasons(await verifyVcJwtPresentation(text, demands))).toEqual([
      'key_binding_signature_invalid at key_binding_signature',
      'key_binding_audience_mismatch at key_binding_audience',
      'key_binding_nonce_mismatch at key_binding_nonce',
      'key_binding_too_old at key_binding_time',
    ])
  })

  it('of a vp+jwt has no hash, for it covers the credential itself, and the verdict says so', async () => {
    const verdict = await verifyVcJwtPresentation(await forgeVc(world), demands)
    expect(verdict.checks.find(({ id }) => id === 'key_binding_hash')).toMatchObject({
      outcome: 'skipped',
      code: 'not_present',
    })
  })

  it('is not asked for by a wallet, and the verdict says so', async () => {
    for (const form of ['vc+jwt', 'vc+sd-jwt'] as const) {
      const verdict = await verifyCredential(await forgeVc(world, { form, proof: false }), walletDemands(demands))
      expect(verdict.checks.filter(({ code }) => code === 'not_requested').map(({ id }) => id)).toEqual([
        'logged',
        'key_binding',
        'key_binding_signature',
        'key_binding_audience',
        'key_binding_nonce',
        'key_binding_time',
        'key_binding_hash',
      ])
    }
  })
})

describe('the status', () => {
  const reference = { status_list: { idx: 5, uri: 'https://lists.example/1' } }
  const token = 'the list as it was signed'
  const checker = (value: number): StatusChecker => ({
    check: async ({ form, reference }) => {
      expect([form, reference]).toEqual([undefined, { uri: 'https://lists.example/1', index: 5 }])
      return { value, token, tokenDigest: await digest(token), asOf: instant, source: 'cached' }
    },
  })
  const judged = async (payload: object, status: StatusChecker, form: 'vc+jwt' | 'vc+sd-jwt') =>
    summary(
      await verifyVcJwtPresentation(await forgeVc(world, { form, payload: { ...payload } }), { ...demands, status }),
    )

  it.each(['vc+jwt', 'vc+sd-jwt'] as const)('of a %s is asked, as of an SD-JWT VC', async form => {
    expect(await judged({ status: reference }, checker(0), form)).toBe('accepted')
    expect(await judged({ status: reference }, checker(1), form)).toBe('status_revoked at status')
    expect(await judged({ status: reference }, checker(2), form)).toBe('status_suspended at status')
  })

  it('of another kind alone refuses, even where none is asked', async () => {
    const credentialStatus = { type: 'StatusList2021Entry' }
    const refused = 'status_unsupported at status_reference'
    expect(await judged({ credentialStatus }, checker(0), 'vc+jwt')).toBe(refused)
    await expectSummaries(await forgeVc(world, { payload: { credentialStatus } }), demands, refused)
    expect(await judged({ credentialStatus, status: reference }, checker(0), 'vc+jwt')).toBe(refused)
    expect(await judged({ status: {} }, checker(0), 'vc+jwt')).toBe(refused)
    expect(await judged({ status: { status_list: { idx: -1 } } }, checker(0), 'vc+jwt')).toBe(
      'status_malformed at status_reference',
    )
  })

  it('is required where the passport says so', async () => {
    const strict = definePassport({
      name: 'strict',
      vct: card,
      docType: [],
      extends: guildCard,
      status: 'required',
      fields: {},
    })
    await expectSummaries(
      await forgeVc(world),
      { ...demands, expectedPassport: strict } as unknown as Demands,
      'status_missing at status_reference',
    )
  })
})

describe('claims that are no field', () => {
  it('are told where they stood', async () => {
    const id = 'urn:uuid:b5d51bf0-32c9-4a9b-8a1d-5b9dcd1b6a60'
    const payload = { id, issuer: { id: issuer, name: 'Guild' }, name: 'Card', iss: issuer, jti: id, shoeSize: 44 }
    const subject = {
      id: 'did:example:1',
      status: 'married',
      type: 'x',
      place_of_birth: { locality: 'U', country: 'UT' },
    }
    const text = await forgeVc(world, { payload, subject })
    const verdict = await verifyVcJwtPresentation(text, demands)
    expect(verdict.ok && verdict.claims.birthTown).toBe('U')
    expect(verdict.ok && verdict.otherClaims).toEqual({
      id,
      issuer: { id: issuer, name: 'Guild' },
      name: 'Card',
      shoeSize: 44,
      credentialSubject: { id: 'did:example:1', status: 'married', type: 'x', place_of_birth: { country: 'UT' } },
    })
  })

  it('are read of one subject in a list too', async () => {
    const text = await forgeVc(world, { payload: { credentialSubject: [{ family_name: 'Specimen' }] } })
    expect(await verifyVcJwtPresentation(text, demands)).toMatchObject({ ok: true, claims: { familyName: 'Specimen' } })
  })
})

describe('the formats', () => {
  it('are never taken for one another', async () => {
    const [dc, vc] = [await forge(world), await forgeVc(world, { form: 'vc+sd-jwt' })]
    expect(summary(await verifyVcJwtPresentation(dc, demands))).toBe('jws_type_mismatch at structure')
    expect(summary(await verifySdJwtPresentation(vc, demands))).toBe('jws_type_mismatch at structure')
    expect(summary(await verifySdJwtPresentation(await forgeVc(world), demands))).toBe('format_not_expected at format')
    const labelled = await forge(world, { header: { typ: 'vc+sd-jwt' } })
    expect(summary(await verifyPresentation(labelled, demands))).toBe('vc_malformed at type')
    const claims = { vct: card, iss: issuer }
    const mixed = await forgeVc(world, { form: 'vc+sd-jwt', header: { typ: 'dc+sd-jwt' }, payload: claims })
    expect(await verifyPresentation(mixed, demands)).toMatchObject({ ok: true, format: 'dc+sd-jwt', claims: {} })
  })

  it('of text need an audience and a nonce', async () => {
    const { expectedAudience: _a, expectedNonce: _n, ...shared } = demands
    const session = { ...shared, expectedSessionTranscript: Uint8Array.of(0x83, 0xf6, 0xf6, 0xf6) }
    for (const form of ['vc+jwt', 'vc+sd-jwt'] as const)
      expect(summary(await verifyPresentation(await forgeVc(world, { form }), session))).toBe(
        'format_not_expected at format',
      )
  })

  it('are refused when a text is none of them', async () => {
    const rows = [
      ['', 'format_unknown at format'],
      ['x', 'format_unknown at format'],
      ['a.b.c.d.e', 'format_unknown at format'],
      ['a.b.c', 'encoding_invalid at structure'],
      ['~', 'sd_jwt_malformed at structure'],
      [new Uint8Array(8), 'format_not_expected at format'],
      [`${'a'.repeat(4 * 1024 * 1024)}.b.c`, 'limit_exceeded at format'],
    ] as const
    for (const [input, refused] of rows) expect(summary(await verifyVcJwtPresentation(input, demands))).toBe(refused)
  })

  it.each(notText)('are refused of %s', async (_, input) => {
    const verdict = await verifyVcJwtPresentation(input, demands)
    expect(summary(verdict)).toBe('input_not_text at format')
    expectRefusal(verdict, input)
  })

  it('stop at a lower limit', async () => {
    const text = await forgeVc(world, { form: 'vc+sd-jwt', enveloped: true })
    for (const limits of [{ presentationBytes: 100 }, { disclosures: 1 }, { depth: 2 }, { jsonValues: 5 }])
      expect(summary(await verifyVcJwtPresentation(text, { ...demands, limits }))).toMatch(/^limit_exceeded/)
  })

  it('reject with the reason of the signal', async () => {
    const signal = AbortSignal.abort(new Error('given up'))
    await expect(verifyVcJwtPresentation(await forgeVc(world), { ...demands, signal })).rejects.toThrow('given up')
  })

  it('leave mistakes of the caller a TypeError', async () => {
    await expect(verifyVcJwtPresentation('x', undefined as never)).rejects.toThrow(TypeError)
    await expect(verifyVcJwtPresentation('x', { ...demands, expectedNonce: '' })).rejects.toThrow('`expectedNonce`')
    await expect(verifyVcJwtPresentation('x', { ...demands, trust: {} as never })).rejects.toThrow('`trust`')
  })
})

describe('trust', () => {
  const trusting = (anchors: Parameters<typeof trustAnchors>[0]) => ({ ...demands, trust: trustAnchors(anchors) })

  it('is in the anchors of its issuer and type alone', async () => {
    const text = await forgeVc(world)
    const { jwk } = world.anchor
    const judged = async (anchors: Parameters<typeof trustAnchors>[0]) =>
      summary(await verifyVcJwtPresentation(text, trusting(anchors)))
    expect(await judged([])).toBe('issuer_untrusted at issuer_trusted')
    expect(await judged([{ jwk, issuer: 'https://other.example', purposes: ['credential'] }])).toBe(
      'issuer_untrusted at issuer_trusted',
    )
    expect(await judged([{ jwk, issuer, purposes: ['status'] }])).toBe('issuer_untrusted at issuer_trusted')
    const other = { vct: ['https://other.example'], docType: [] }
    expect(await judged([{ jwk, issuer, purposes: ['credential'], passports: [other] }])).toBe(
      'issuer_untrusted at issuer_trusted',
    )
    expect(await judged([{ jwk, issuer, purposes: ['credential'], passports: [guildCard] }])).toBe('accepted')
  })

  it('is in the issuers that were expected', async () => {
    const text = await forgeVc(world)
    const expecting = (expectedIssuer: string) => verifyVcJwtPresentation(text, { ...demands, expectedIssuer })
    expect(summary(await expecting(issuer))).toBe('accepted')
    expect(summary(await expecting('https://other.example'))).toBe('issuer_not_expected at issuer_trusted')
  })

  it('ends where the signer was revoked, the algorithm is not allowed, or the text is too long', async () => {
    const root = await makeAuthority()
    const signer = await root.signer({ extensions: signerExtensions(named.uri(issuer)) })
    const text = await forgeVc(world, { signer, header: { x5c: signer.x5c!.map(pem => base64(certificateDer(pem))) } })
    for (const [serial, outcome] of [
      [8, 'accepted'],
      [7, 'certificate_revoked at certificate_revocation'],
    ] as const) {
      const trust = trustAnchors([root.anchor({ crls: [await root.crl([serial])] })])
      expect(summary(await verifyVcJwtPresentation(text, { ...demands, trust }))).toBe(outcome)
    }
    const holder = await generateSigner('ES384')
    const other = await forgeVc(world, { holder, payload: { cnf: { jwk: holder.publicJwk } } })
    expect(summary(await verifyVcJwtPresentation(other, { ...demands, algorithms: ['ES256'] }))).toBe(
      'alg_not_allowed at key_binding',
    )
    const limits = { presentationBytes: text.length - 1 }
    expect((await verifyVcJwtPresentation(text, { ...demands, limits })).evidence).not.toHaveProperty('presentation')
  })
})

describe('a set', () => {
  const ship = definePassport({
    name: 'ship-card',
    vct: 'https://ship.example/card/1',
    docType: [],
    fields: { rank: { schema: z.number().int(), claim: 'rank' } },
  })
  const { expectedPassport: _one, ...shared } = demands
  const expect_ = { card: { expectedPassport: guildCard }, ship: { expectedPassport: ship } }
  const shipType = { payload: { type: ['VerifiableCredential', 'https://ship.example/card/1'] } }

  it('is told apart by type, whatever form its members have', async () => {
    const members = [
      await forgeVc(world, { ...shipType, form: 'vc+sd-jwt' }),
      await forgeVc(world, { form: 'vc+sd-jwt', enveloped: true }),
    ]
    const verdict = await verifyPresentationSet(members, { ...shared, expect: expect_ })
    expect(verdict).toMatchObject({
      ok: true,
      verdicts: { card: { passport: 'guild-card' }, ship: { passport: 'ship-card' } },
    })
    const mixed = await verifyPresentationSet([await forge(world), await forgeVc(world, shipType)], {
      ...shared,
      expect: expect_,
    })
    expect(mixed).toMatchObject({ ok: true, verdicts: { card: { format: 'dc+sd-jwt' }, ship: { format: 'vc+jwt' } } })
  })

  it('is refused with a token that says of itself what it is not', async () => {
    const token = await sign('{"alg":"ES256","typ":"vc+jwt"}', '{}', world.signer)
    const verdict = await verifyPresentationSet([await forge(world), token], { ...shared, expect: expect_ })
    expect(verdict).toMatchObject({ ok: false, code: 'presentation_set_incomplete' })
  })
})
