/** The holder's side of a QR code: what a preview shows is what is sent, and nothing else is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inflate } from '#crypto'
import { base64url } from '../../src/core/bytes.js'
import { writeCbor } from '../../src/core/cbor/write.js'
import { generateSigner } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { issueQrCredential } from '../../src/credential/qr.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { base45, fromBase45 } from '../../src/formats/qr/base45.js'
import { readHeld } from '../../src/formats/qr/held.js'
import { readQrPresentation } from '../../src/formats/qr/presentation.js'
import { previewPresentation } from '../../src/presentation/preview.js'
import { prepareQr, presentQr, previewQr } from '../../src/presentation/qr.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { verifyQrPresentation } from '../../src/verification/qr.js'
import { codeOf, codeOfAsync } from '../formats/qr/support.js'
import { keyOf, makeQrWorld, qrExpectations } from '../qr-forge.js'
import { isDeepFrozen } from '../refusal.js'
import { audience, guildCard, issuer, nonce, now, record, seconds } from '../world.js'

const world = await makeQrWorld()
const { signer, holder } = world
const credential = await issueQrCredential(guildCard, record, { issuer, signer, holderKey: holder.publicJwk, now })
const demands = qrExpectations(world)
const to = { signer: holder, now }

const open = async (text: string) =>
  readQrPresentation(await inflate(fromBase45(text.slice('VQP1:'.length)), 65_536), defaultLimits)

describe('a preview', () => {
  it('shows what every code shows, and the fields that were chosen, by their names', () => {
    const preview = previewPresentation(credential, { passport: guildCard, disclose: ['familyName', 'birthDate'] })
    expect(preview).toMatchObject({ issuer, missing: [] })
    expect(preview.fields.map(({ field, path, value, always }) => [field ?? path[0], value, always])).toEqual([
      ['iss', issuer, true],
      ['iat', seconds, true],
      ['exp', seconds + 365 * 24 * 3600, true],
      ['vct', guildCard.vct[0], true],
      ['cnf', holder.publicJwk, true],
      ['familyName', 'Specimen', false],
      ['birthDate', '2001-02-28', false],
    ])
    expect(preview.fields[5]).toMatchObject({ path: [String(keyOf('familyName'))], label: { ru: 'Фамилия' } })
    expect(isDeepFrozen(preview)).toBe(true)
  })

  it('names what is not there, and is told by keys as well', () => {
    const path = [String(keyOf('familyName'))]
    const preview = previewQr(credential, { disclose: [path, ['7'], ['family_name'], [keyOf('familyName')]] })
    expect(preview.missing).toEqual([['7'], ['family_name'], [keyOf('familyName')]])
    expect(preview.fields.at(-1)).toMatchObject({ path, label: { en: path[0] }, value: 'Specimen' })
  })

  it('is of what the definition calls the keys', () => {
    const disclose = guildCard.claimPaths('qr', ['familyName', 'ageOver18'])
    expect(previewQr(prepareQr(credential), { disclose }).missing).toEqual([])
  })

  it('of a passport without the field asked for is misuse', () => {
    const options = { passport: guildCard, disclose: ['nothing'] } as never
    expect(() => previewQr(credential, options)).toThrow('`disclose` names a field')
    expect(() => previewQr(credential, { disclose: ['familyName'] } as never)).toThrow('`passport`')
    expect(() => previewQr(7 as never, { disclose: [] })).toThrow('`credential`')
    expect(() => prepareQr(7 as never)).toThrow('`credential`')
    expect(() => previewQr({} as never, { disclose: [] })).toThrow('`credential`')
  })
})

describe('a presentation', () => {
  it('sends the credential byte for byte, the chosen disclosures, and when it was made', async () => {
    const text = await presentQr(credential, { ...to, passport: guildCard, disclose: ['givenName', 'familyName'] })
    const shown = await open(text)
    const held = readHeld(credential, defaultLimits)
    expect(shown.credential.bytes).toEqual(held.credential.bytes)
    expect(shown.disclosures).toHaveLength(2)
    expect(shown.proof).toMatchObject({ issuedAt: seconds })
    expect(shown.proof.audience).toBeUndefined()
  })

  it('has disclosures in the order of their keys, whatever the order of asking', async () => {
    const text = async (disclose: readonly ('familyName' | 'givenName')[]) => {
      const { disclosures } = await open(await presentQr(credential, { ...to, passport: guildCard, disclose }))
      return disclosures.map(base64url)
    }
    expect(await text(['familyName', 'givenName'])).toEqual(await text(['givenName', 'familyName']))
  })

  it('holds neither seed nor any value that was not chosen', async () => {
    const text = await presentQr(credential, { ...to, passport: guildCard, disclose: ['familyName'] })
    const bytes = await inflate(fromBase45(text.slice(5)), 65_536)
    const { seed, values } = readHeld(credential, defaultLimits)
    const whole = base64url(bytes)
    expect(whole).not.toContain(base64url(seed).slice(4, -4))
    const latin = String.fromCharCode(...bytes)
    expect(latin).toContain('Specimen')
    for (const hidden of ['Utopia', 'First Street']) expect(latin).not.toContain(hidden)
    expect(values.size).toBe(8)
  })

  it('answers a request with both of its parts, or none', async () => {
    const disclose = [] as const
    const { proof } = await open(await presentQr(credential, { ...to, disclose, audience, nonce }))
    expect(proof).toMatchObject({ audience, nonce })
    for (const half of [{ audience }, { nonce }, { audience, nonce: '' }, { audience: 7, nonce }])
      await expect(presentQr(credential, { ...to, disclose, ...(half as object) })).rejects.toThrow(TypeError)
  })

  it('of what is not there is refused, and of somebody else’s credential', async () => {
    expect(await codeOfAsync(presentQr(credential, { ...to, disclose: [[String(keyOf('familyName'))], ['7']] }))).toBe(
      'presentation_claim_unknown (disclose[1])',
    )
    const stranger = await generateSigner('ES256')
    expect(await codeOfAsync(presentQr(credential, { ...to, signer: stranger, disclose: [] }))).toBe(
      'presentation_not_bound (cnf)',
    )
  })

  it('is made of previews of its own alone', async () => {
    const sdJwt = await issueSdJwtCredential(guildCard, record, { issuer, signer, holderKey: holder.publicJwk, now })
    const other = previewPresentation(sdJwt, { disclose: [] })
    await expect(presentQr(other, to)).rejects.toThrow('`preview`')
    await expect(presentQr({ fields: [], missing: [] }, to)).rejects.toThrow('`preview`')
    const preview = previewPresentation(credential, { disclose: [] })
    await expect(presentSdJwt(preview, { ...to, audience, nonce })).rejects.toThrow('`preview`')
  })

  it('shows exactly what its preview shows, whatever was chosen', async () => {
    const names = Object.keys(guildCard.fields) as (keyof typeof guildCard.fields)[]
    const property = fc.asyncProperty(fc.subarray(names), async disclose => {
      const preview = previewQr(credential, { passport: guildCard, disclose })
      const verdict = await verifyQrPresentation(await presentQr(preview, to), demands)
      const shown = preview.fields.flatMap(({ field, value }) => (field === undefined ? [] : [[field, value] as const]))
      expect(verdict.ok && { ...verdict.claims }).toEqual(Object.fromEntries(shown))
      expect(shown.map(([field]) => field).sort()).toEqual([...disclose].sort())
    })
    await fc.assert(property, { seed: 20261122, numRuns: 40 })
  })
})

describe('what a holder keeps', () => {
  const held = (...members: readonly unknown[]) => `VQC1:${base45(writeCbor(members as never))}`
  const { bytes } = readHeld(credential, defaultLimits).credential
  const seed = new Uint8Array(32)

  it.each([
    ['a presentation', 'VQP1:BB8', 'qr_malformed (prefix)'],
    ['a character too many', `${credential}0000`, 'encoding_invalid (base45)'],
    ['two members', held(bytes, seed), 'qr_malformed (held)'],
    ['a credential that is text', held('x', seed, new Map()), 'qr_malformed (credential)'],
    ['a credential that is none', held(new Uint8Array(9), seed, new Map()), 'cbor_malformed (surplus)'],
    ['a short seed', held(bytes, seed.slice(1), new Map()), 'qr_malformed (seed)'],
    ['claims in a list', held(bytes, seed, []), 'qr_malformed (values)'],
    ['a claim by a name', held(bytes, seed, new Map([['x', 1]])), 'qr_malformed (key)'],
    ['a claim below nothing', held(bytes, seed, new Map([[-1, 1]])), 'qr_malformed (key)'],
    ['a claim beyond 16 bits', held(bytes, seed, new Map([[65_536, 1]])), 'qr_malformed (key)'],
    [
      'too many claims',
      held(bytes, seed, new Map(Array.from({ length: 513 }, (_, key) => [key, 1]))),
      'limit_exceeded (disclosures)',
    ],
    ['too long a text', `VQC1:${'0'.repeat(65_536)}`, 'limit_exceeded (presentationBytes)'],
  ])('is refused as %s', (_, text, code) => {
    expect(codeOf(() => prepareQr(text))).toBe(code)
  })

  it('is shown with a claim that cannot be told only to be refused', () => {
    const twice = new Map<number | string, number>([[1, 0]]).set('1', 0)
    const text = held(bytes, seed, new Map([[5, twice]]))
    expect(codeOf(() => previewQr(text, { disclose: [['5']] }))).toBe('claim_malformed (5)')
  })
})
