/** The holder's side of W3C credentials: what a preview shows is what is sent, in part or whole. */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.js'
import { decodeJws } from '../../src/core/jws.js'
import { generateSigner } from '../../src/core/keys.js'
import { issueVcJwtCredential } from '../../src/credential/vc-jwt.js'
import { VidimusError } from '../../src/errors.js'
import { decodeSdJwt } from '../../src/formats/sd-jwt/compact.js'
import { unpackSdJwtNow } from '../../src/formats/sd-jwt/unpack.js'
import { previewPresentation } from '../../src/presentation/preview.js'
import type { Preview } from '../../src/presentation/preview-field.js'
import { prepareSdJwt, presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { prepareVcJwt, presentVcJwt, previewVcJwt } from '../../src/presentation/vc-jwt.js'
import { verifyVcJwtPresentation } from '../../src/verification/vc-jwt.js'
import { forgeVc } from '../forge-vc.js'
import { isDeepFrozen, summary } from '../refusal.js'
import { audience, expectations, guildCard, issuer, makeWorld, nonce, now, record, seconds } from '../world.js'

const world = await makeWorld()
const { signer, holder } = world
const to = { audience, nonce, signer: holder, now }
const demands = expectations(world)
const issue = (format: 'vc+jwt' | 'vc+sd-jwt') =>
  issueVcJwtCredential(guildCard, record, { format, issuer, signer, holderKey: holder.publicJwk, now })
const whole = await issue('vc+jwt')
const partial = await issue('vc+sd-jwt')

/** The code of a `VidimusError`, or the name of another error with its message. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    return error instanceof VidimusError ? error.message : `${(error as Error).name}: ${(error as Error).message}`
  }
  return 'presented'
}

const claimsOf = async (presentation: string) => {
  const verdict = await verifyVcJwtPresentation(presentation, demands)
  return verdict.ok ? verdict.claims : summary(verdict)
}

const shown = ({ fields }: Preview) => fields.map(({ path }) => path.join('.'))
const fieldOf = ({ fields }: Preview, path: string) => fields.find(field => field.path.join('.') === path)

describe('a vc+sd-jwt', () => {
  it('shows the fields that are named, and what is never hidden', async () => {
    const disclose = ['familyName', 'birthTown'] as const
    const text = await presentVcJwt(partial, { passport: guildCard, disclose, ...to })
    expect(await claimsOf(text)).toEqual({ familyName: 'Specimen', birthTown: 'Utopia', rank: 7 })
  })

  it('shows the claims at the paths that are named', async () => {
    const disclose = [['credentialSubject', 'languages', 1]]
    expect(await claimsOf(await presentVcJwt(partial, { disclose, ...to }))).toEqual({ languages: ['ia'], rank: 7 })
  })

  it('shows the least where nothing is named', async () => {
    expect(await claimsOf(await presentVcJwt(partial, to))).toEqual({ rank: 7 })
  })

  it('is sent exactly as its preview shows', async () => {
    const preview = previewPresentation(partial, { passport: guildCard, disclose: ['familyName', 'ageOver18'] })
    expect(isDeepFrozen(preview)).toBe(true)
    expect(preview.issuer).toBe(issuer)
    expect(preview.missing).toEqual([])
    expect(fieldOf(preview, 'credentialSubject.family_name')).toEqual({
      field: 'familyName',
      path: ['credentialSubject', 'family_name'],
      label: { en: 'Family name', ru: 'Фамилия' },
      value: 'Specimen',
      always: false,
    })
    expect(fieldOf(preview, 'credentialSubject.rank')).toMatchObject({ field: 'rank', always: true })
    expect(fieldOf(preview, 'validUntil')?.label).toEqual({ en: 'Valid until', ru: 'Действует до' })
    for (const text of [await presentVcJwt(preview, to), await presentSdJwt(preview, to)]) {
      const { parts, jws } = decodeSdJwt(text)
      const { claims } = unpackSdJwtNow(jws.payload, parts.disclosures)
      expect(Object.keys(claims['credentialSubject'] as JsonObject).sort()).toEqual([
        'age_equal_or_over',
        'family_name',
        'place_of_birth',
        'rank',
      ])
      expect(await claimsOf(text)).toEqual({ familyName: 'Specimen', ageOver18: true, rank: 7 })
    }
  })

  it('says what is missing', async () => {
    const path = ['credentialSubject', 'shoe_size']
    expect(previewVcJwt(partial, { disclose: [path] }).missing).toEqual([path])
    expect(await refusal(() => presentVcJwt(partial, { disclose: [['family_name']], ...to }))).toBe(
      'presentation_claim_unknown (disclose[0])',
    )
  })

  it('is no SD-JWT VC to those who keep these', async () => {
    expect(await refusal(() => prepareSdJwt(partial))).toBe('jws_type_mismatch (typ)')
    expect(await refusal(() => prepareVcJwt(world.credential))).toBe('jws_type_mismatch (typ)')
  })
})

describe('a vc+jwt', () => {
  it('is shown whole in a presentation that its holder signs', async () => {
    const text = await presentVcJwt(whole, to)
    const { header, payload } = decodeJws(text)
    expect(header).toEqual({ alg: 'ES256', typ: 'vp+jwt', cty: 'vp' })
    expect(payload).toEqual({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      verifiableCredential: [
        {
          '@context': 'https://www.w3.org/ns/credentials/v2',
          type: 'EnvelopedVerifiableCredential',
          id: `data:application/vc+jwt,${whole}`,
        },
      ],
      iat: seconds,
      aud: audience,
      nonce,
    })
    expect(await claimsOf(text)).toEqual({ ...record, ageOver18: true })
  })

  it('has a preview that shows everything, whatever is asked for', async () => {
    const preview = previewPresentation(whole, { passport: guildCard, disclose: ['familyName'] })
    expect(isDeepFrozen(preview)).toBe(true)
    expect(preview).toMatchObject({ issuer, missing: [] })
    expect(preview.fields.every(({ always }) => always)).toBe(true)
    expect(shown(preview)).toEqual(
      expect.arrayContaining(['type', 'cnf', 'credentialSubject.family_name', 'credentialSubject.birthdate']),
    )
    expect(fieldOf(preview, 'credentialSubject.given_name')).toMatchObject({ field: 'givenName', value: 'Ana' })
    expect(await claimsOf(await presentVcJwt(preview, to))).toEqual({ ...record, ageOver18: true })
    expect(shown(previewVcJwt(whole, { disclose: [] }))).toContain('credentialSubject')
  })

  it('is not presented for a claim that it does not have', async () => {
    const disclose = [
      ['credentialSubject', 'family_name'],
      ['credentialSubject', 'shoe_size'],
    ]
    expect(previewVcJwt(whole, { disclose }).missing).toEqual([disclose[1]])
    expect(await refusal(() => presentVcJwt(whole, { disclose, ...to }))).toBe(
      'presentation_claim_unknown (disclose[1])',
    )
    expect(await claimsOf(await presentVcJwt(whole, { passport: guildCard, disclose: ['rank'], ...to }))).toBeTypeOf(
      'object',
    )
  })
})

describe.each([
  ['vc+jwt', whole],
  ['vc+sd-jwt', partial],
])('either form: %s', (form, credential) => {
  it('is prepared once and presented many times', async () => {
    const prepared = prepareVcJwt(credential)
    expect(prepared).toEqual({ credential })
    expect(Object.isFrozen(prepared)).toBe(true)
    for (const name of ['familyName', 'givenName'] as const) {
      const text = await presentVcJwt(prepared, { passport: guildCard, disclose: [name], ...to })
      expect(await claimsOf(text)).toMatchObject({ [name]: record[name] })
    }
    expect(previewPresentation(prepared, { disclose: [] }).issuer).toBe(issuer)
    expect(await refusal(() => presentVcJwt({ ...prepared }, to))).toMatch(/^TypeError: `credential`/)
  })

  it('is presented by the holder of its key alone', async () => {
    const stranger = await generateSigner('ES256')
    expect(await refusal(() => presentVcJwt(credential, { ...to, signer: stranger }))).toBe(
      'presentation_not_bound (cnf)',
    )
    const unbound = await forgeVc(world, { form: form as 'vc+jwt', proof: false, payload: { cnf: undefined } })
    expect(await refusal(() => presentVcJwt(unbound, to))).toBe('presentation_not_bound (cnf)')
  })

  it('is presented at the time of the clock', async () => {
    const late = { ...to, now: () => new Date('2026-03-02T00:00:00Z') }
    expect(await claimsOf(await presentVcJwt(credential, late))).toBe('key_binding_in_future at key_binding_time')
  })

  it.each([
    ['of another type', { header: { typ: 'dc+sd-jwt' } }, 'jws_type_mismatch (typ)'],
    ['of another content', { header: { cty: 'vp' } }, 'jws_type_mismatch (cty)'],
    ['of version 1.1', { payload: { vc: {} } }, 'vc_version_unsupported (vc)'],
    ['without a context', { payload: { '@context': undefined } }, 'vc_malformed (@context)'],
    ['without an issuer', { payload: { issuer: undefined } }, 'vc_malformed (issuer)'],
    ['in two parts', { jwt: (jwt: string) => jwt.split('.').slice(1).join('.') }, 'jws_malformed'],
  ])('is neither prepared, shown nor presented when it is %s', async (_, changes, code) => {
    const text = await forgeVc(world, { form: form as 'vc+jwt', proof: false, ...changes })
    expect(await refusal(() => prepareVcJwt(text))).toBe(code)
    expect(await refusal(() => previewVcJwt(text, { disclose: [] }))).toBe(code)
    expect(await refusal(() => presentVcJwt(text, to))).toBe(code)
  })

  it('takes its options as they must be, or is a TypeError', async () => {
    const refused = async (work: () => unknown, argument: string) =>
      expect(await refusal(work)).toContain(`TypeError: \`${argument}`)
    for (const wrong of [undefined, null, 7]) {
      await refused(() => presentVcJwt(credential, wrong as never), 'options')
      await refused(() => previewVcJwt(credential, wrong as never), 'options')
      await refused(() => presentVcJwt(wrong as never, to), 'credential')
    }
    for (const wrong of [undefined, '', 7]) {
      await refused(() => presentVcJwt(credential, { ...to, audience: wrong as never }), 'audience')
      await refused(() => presentVcJwt(credential, { ...to, nonce: wrong as never }), 'nonce')
    }
    for (const wrong of [undefined, {}, holder.publicJwk])
      await refused(() => presentVcJwt(credential, { ...to, signer: wrong as never }), 'signer')
    await refused(() => presentVcJwt(credential, { ...to, now: () => new Date(Number.NaN) }), 'now')
    await refused(() => presentVcJwt(credential, { ...to, disclose: ['familyName'] as never }), 'disclose')
    await refused(() => presentVcJwt(credential, { ...to, passport: guildCard, disclose: ['x'] as never }), 'disclose')
    await refused(() => previewVcJwt(credential, { disclose: undefined as never }), 'disclose')
    await refused(() => presentVcJwt({ fields: [], missing: [] }, to), 'preview')
  })
})
