/** The issuer's side of a QR credential: what stands in it, how long it is, and what is not issued. */
import { describe, expect, it } from 'vitest'
import { inflate } from '#crypto'
import { generateSigner } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { type IssueQrOptions, issueQrCredential } from '../../src/credential/qr.js'
import { fromBase45 } from '../../src/formats/qr/base45.js'
import { readHeld } from '../../src/formats/qr/held.js'
import { readMdocStatusReference } from '../../src/formats/status-list/reference.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { claimKeyOf } from '../../src/passport/claim-key.js'
import { definePassport } from '../../src/passport/definition.js'
import type { ProfileField } from '../../src/passport/profile.js'
import { presentQr } from '../../src/presentation/qr.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { statusNotChecked } from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { guildCard, instant, issuer, now, record, seconds } from '../world.js'

const signer = await generateSigner('ES256')
const holder = await generateSigner('ES256')
const options = { issuer, signer, holderKey: holder.publicJwk, now }
const status = { uri: 'https://status.example/lists/8f3e2a', index: 123_456 }

const issue = (change: Partial<IssueQrOptions> = {}) =>
  issueQrCredential(guildCard, record, { ...options, ...change } as IssueQrOptions<never>)
const read = (text: string) => readHeld(text, defaultLimits)
const keyOf = (name: string) =>
  claimKeyOf((guildCard.fields as Readonly<Record<string, ProfileField>>)[name] as ProfileField)!

const citizen = {
  familyName: 'Образцова',
  givenName: 'Мария',
  patronymic: 'Петровна',
  birthDate: '1990-05-14',
  birthPlace: 'гор. Примерск Образцовой области',
  sex: 2 as const,
  nationalities: ['RU'],
  series: '0010',
  number: '473979',
  issuingAuthority: 'ОТДЕЛОМ УФМС РОССИИ ПО ОБРАЗЦОВОЙ ОБЛАСТИ В ГОР. ПРИМЕРСКЕ',
  departmentCode: '000-001',
  issueDate: '2010-06-02',
  issuingCountry: 'RU',
}

describe('a QR credential', () => {
  it('holds what every CWT holds, and its claims by their keys', async () => {
    const { credential, values } = read(await issue({ status }))
    expect(credential).toMatchObject({
      issuer,
      type: guildCard.vct[0],
      holderKey: holder.publicJwk,
      times: { iat: seconds, exp: seconds + 365 * 24 * 3600 },
    })
    expect(readMdocStatusReference(credential.status)).toEqual(status)
    const fields = [...Object.keys(record), 'ageOver18']
    expect([...values.keys()].sort((a, b) => a - b)).toEqual(fields.map(keyOf).sort((a, b) => a - b))
    expect(values.get(keyOf('familyName'))).toBe('Specimen')
    expect(values.get(keyOf('ageOver18'))).toBe(true)
  })

  it('says from when it is valid, where that was said', async () => {
    const validFrom = new Date(instant.getTime() + 1000)
    expect(read(await issue({ validFrom })).credential.times.nbf).toBe(seconds + 1)
  })

  it('has only the fields that were named', async () => {
    const { credential, values } = read(await issue({ fields: ['familyName', 'ageOver18'] }))
    expect([...values.keys()]).toHaveLength(2)
    expect(credential.digests.size).toBe(4)
  })

  it.each([
    [1, 4],
    [4, 4],
    [5, 8],
    [8, 8],
  ])('hides how many claims it has: %i have %i digests', async (count, digests) => {
    const fields = [...Object.keys(record), 'ageOver18'].slice(0, count)
    const text = await issue({ fields })
    expect(read(text).values.size).toBe(count)
    expect(read(text).credential.digests.size).toBe(digests)
  })

  it('has salts and digests of its own each time', async () => {
    const [one, other] = [read(await issue()), read(await issue())]
    expect(one.seed).not.toEqual(other.seed)
    for (const digest of one.credential.digests) expect(other.credential.digests.has(digest)).toBe(false)
  })

  it('does not name its key, for its issuer says whose keys are tried', async () => {
    expect([...read(await issue()).credential.sign1.headers.protected.keys()]).toEqual([1, 16])
    expect(read(await issue()).credential.sign1.headers.unprotected.size).toBe(0)
  })
})

describe('the size of a code', () => {
  const twelve = [
    'familyName',
    'givenName',
    'patronymic',
    'birthDate',
    'birthPlace',
    'sex',
    'nationalities',
    'series',
    'number',
    'issueDate',
    'ageOver18',
    'issuingAuthority',
  ] as const

  it.each([
    ['who somebody is', ['familyName', 'givenName', 'patronymic', 'birthDate']],
    ['that somebody is of age', ['familyName', 'givenName', 'sex', 'ageOver18']],
    ['which passport it is', ['familyName', 'series', 'number', 'issueDate']],
  ] as const)('is at most 700 bytes for four of twelve claims of a citizen: %s', async (_, disclose) => {
    const credential = await issueQrCredential(citizenPassport, citizen, { ...options, status, fields: twelve })
    expect(read(credential).credential.digests.size).toBe(12)
    const text = await presentQr(credential, { passport: citizenPassport, disclose, signer: holder, now })
    const compressed = fromBase45(text.slice('VQP1:'.length))
    expect(compressed.length).toBeLessThanOrEqual(700)
    expect((await inflate(compressed, 2000)).length).toBeLessThanOrEqual(720)
    const trust = trustAnchors([{ issuer, jwk: signer.publicJwk, purposes: ['credential', 'status'] }])
    const verdict = await verifyPresentation(text, {
      trust,
      status: statusNotChecked('not a matter of this test'),
      expectedPassport: citizenPassport,
      expectedQr: { maxAge: 60 },
      require: disclose,
      now,
    })
    expect(verdict).toMatchObject({ ok: true })
  })
})

describe('images', () => {
  const badge = definePassport({
    name: 'badge',
    vct: 'https://badge.example/1',
    docType: 'example.badge.1',
    fields: {
      portrait: { as: 'image', claim: 'portrait' },
      stamp: { as: 'image', claim: 'stamp', optional: true },
      number: { as: 'date', claim: 'day' },
    },
  })
  const image = (bytes: number) => {
    const whole = new Uint8Array(bytes)
    whole.set([0xff, 0xd8, 0xff, 0xe0])
    return whole
  }
  const issueBadge = (portrait: number, change: Partial<IssueQrOptions> = {}, stamp?: number) =>
    issueQrCredential(
      badge,
      { portrait: image(portrait), number: '2026-01-01', ...(stamp !== undefined && { stamp: image(stamp) }) },
      { ...options, ...change } as IssueQrOptions<never>,
    )

  it('are left out unless they are named', async () => {
    expect(read(await issueBadge(900_000)).values.size).toBe(1)
    expect(read(await issueBadge(900, { fields: ['portrait', 'number'] })).values.size).toBe(2)
  })

  it('have a budget together', async () => {
    const fields = ['portrait', 'stamp', 'number']
    expect(await issueBadge(1024, { fields: ['portrait'] })).toMatch(/^VQC1:/)
    const refused = { code: 'file_too_large', expected: 1024 }
    await expect(issueBadge(1025, { fields: ['portrait'] })).rejects.toMatchObject({
      ...refused,
      at: 'portrait',
      actual: 1025,
    })
    await expect(issueBadge(1000, { fields }, 25)).rejects.toMatchObject({ ...refused, at: 'stamp', actual: 1025 })
    expect(await issueBadge(1000, { fields, imageBudget: 1025 }, 25)).toMatch(/^VQC1:/)
    await expect(issueBadge(5, { fields: ['portrait'], imageBudget: 0 })).rejects.toMatchObject({
      code: 'file_too_large',
    })
  })

  it('are shown as bytes', async () => {
    const credential = await issueBadge(16_384, { fields: ['portrait'], imageBudget: 16_384 })
    const verdict = await verifyCredential(credential, {
      trust: trustAnchors([{ issuer, jwk: signer.publicJwk, purposes: ['credential'] }]),
      status: statusNotChecked('not a matter of this test'),
      expectedPassport: badge,
      now,
    })
    expect(verdict.ok && verdict.claims).toEqual({ portrait: image(16_384) })
  })
})

describe('what is not issued', () => {
  it('is nothing that codes can show in whole', async () => {
    const text = await issueQrCredential(guildCard, { ...record, birthTown: 'x'.repeat(20_000) }, options)
    const shown = await presentQr(text, { passport: guildCard, disclose: ['birthTown'], signer: holder, now })
    expect(shown).toMatch(/^VQP1:/)
  })

  it.each([
    ['a record that is wrong', { ...record, birthDate: '2001-02-29' }, 'passport_invalid'],
    ['a record without a field', { ...record, familyName: undefined }, 'passport_invalid'],
    ['more than codes can show', { ...record, birthTown: 'x'.repeat(21_900) }, 'limit_exceeded'],
  ])('is %s', async (_, wrong, code) => {
    await expect(issueQrCredential(guildCard, wrong as typeof record, options)).rejects.toMatchObject({ code })
  })

  it('is a credential that ends before it begins', async () => {
    await expect(issue({ validUntil: new Date(instant.getTime() - 1000) })).rejects.toMatchObject({
      code: 'credential_validity_invalid',
    })
  })

  it('is a credential in the name of an issuer that the certificate does not name', async () => {
    const other = await developmentIssuer({ issuer: 'https://other.example', now })
    await expect(issue({ signer: other.signer })).rejects.toThrow('`issuer`')
  })

  it('is a passport that requires a status without one', async () => {
    await expect(issueQrCredential(citizenPassport, citizen, options)).rejects.toThrow('`status`')
  })

  it.each([
    ['no issuer', { issuer: undefined }, '`issuer`'],
    ['an empty issuer', { issuer: '' }, '`issuer`'],
    ['a private key', { holderKey: { ...holder.publicJwk, d: 'AA' } }, '`holderKey`'],
    ['no signer', { signer: undefined }, '`signer`'],
    ['no fields at all', { fields: [] }, '`fields`'],
    ['a field that is none', { fields: ['familyName', 'familyname'] }, '`fields`'],
    ['a field that the record does not have', { fields: ['remark'] }, '`fields`'],
    ['a log that is none', { log: 7 }, '`log`'],
    ['a status that is none', { status: { uri: 'http://status.example', index: 1 } }, '`status`'],
  ])('is one with %s', async (_, change, argument) => {
    const attempt = issue(change as Partial<IssueQrOptions>)
    await expect(attempt).rejects.toThrow(TypeError)
    await expect(attempt).rejects.toThrow(argument)
  })

  it.each([-1, 1.5, 16_385, '7', Number.NaN])('is one with an image budget of %s', async imageBudget => {
    const attempt = issue({ imageBudget: imageBudget as number })
    await expect(attempt).rejects.toThrow(RangeError)
    await expect(attempt).rejects.toThrow('`imageBudget`')
  })

  it('is no passport for want of a type for JSON: it has its document type', async () => {
    const badge = definePassport({
      name: 'badge',
      vct: [],
      docType: 'example.badge.1',
      fields: { day: { as: 'date', element: ['example.badge.1', 'day'] } },
    })
    const text = await issueQrCredential(badge, { day: '2026-01-01' }, options)
    expect(read(text).credential.type).toBe('example.badge.1')
    const trust = trustAnchors([{ issuer, jwk: signer.publicJwk, purposes: ['credential'], passports: [badge] }])
    const wallet = { trust, status: statusNotChecked('not a matter of this test'), expectedPassport: badge, now }
    expect(await verifyCredential(text, wallet)).toMatchObject({ ok: true, claims: { day: '2026-01-01' } })
  })
})
