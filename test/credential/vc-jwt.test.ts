/** The issuer's side of W3C credentials: what goes into one, and what is never issued. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { JsonObject } from '../../src/core/json.js'
import { decodeJws } from '../../src/core/jws.js'
import { generateSigner, importSigner } from '../../src/core/keys.js'
import { type IssueVcJwtOptions, issueVcJwtCredential } from '../../src/credential/vc-jwt.js'
import { VidimusError } from '../../src/errors.js'
import { decodeSdJwt } from '../../src/formats/sd-jwt/compact.js'
import { decodeDisclosure } from '../../src/formats/sd-jwt/disclosure.js'
import { parseCredential } from '../../src/formats/vc-jwt/credential.js'
import { definePassport } from '../../src/passport/definition.js'
import { asSubject } from '../../src/passport/subject.js'
import { verifyCredential } from '../../src/verification/verify.js'
import own from '../vectors/x509-own/certificates.json' with { type: 'json' }
import { walletDemands } from '../verification/table.js'
import { expectations, guildCard, instant, issuer, now, record, seconds } from '../world.js'

const signer = await generateSigner('ES256', { kid: 'issuer-key-1' })
const holder = await generateSigner('ES256')
const holderKey = holder.publicJwk
const least: IssueVcJwtOptions = { issuer, signer, holderKey, now }
const year = 365 * 24 * 3600
const base = 'https://www.w3.org/ns/credentials/v2'
const status = { uri: 'https://lists.example/1', index: 7 }
const demands = walletDemands(expectations({ anchor: { issuer, jwk: signer.publicJwk, purposes: ['credential'] } }))

const issue = (options: object = {}, values: object = {}) =>
  issueVcJwtCredential(guildCard, { ...record, ...values }, { ...least, ...options })

const payloadOf = (credential: string): JsonObject => decodeJws(credential.split('~')[0]!).payload

/** The code of a `VidimusError`, or the name of another error with its message. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => new Error('issued'),
    (error: unknown) => error,
  )
  if (thrown instanceof VidimusError) return thrown.message
  return `${(thrown as Error).name}: ${(thrown as Error).message}`
}

/** What every form says in the clear. */
const said = {
  '@context': [base, 'https://www.w3.org/ns/credentials/undefined-terms/v2'],
  type: ['VerifiableCredential', 'https://guild.example/card/1'],
  issuer,
  validFrom: '2026-03-01T12:00:00Z',
  validUntil: '2027-03-01T12:00:00Z',
  iat: seconds,
  exp: seconds + year,
  cnf: { jwk: holderKey },
}

const subject = {
  family_name: 'Specimen',
  given_name: 'Ana',
  birthdate: '2001-02-28',
  place_of_birth: { locality: 'Utopia' },
  languages: record.languages,
  address: record.address,
  rank: 7,
  age_equal_or_over: { '18': true },
}

describe('a vc+jwt', () => {
  it('says everything in the clear, about the subject by the names of the claims', async () => {
    const { header, payload } = decodeJws(await issue({ format: 'vc+jwt', status }))
    expect(header).toEqual({ alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid: 'issuer-key-1' })
    expect(payload).toEqual({
      ...said,
      credentialSubject: subject,
      status: { status_list: { idx: 7, uri: 'https://lists.example/1' } },
    })
  })

  it('says its place in the lists of the W3C where the reference names them, and in those alone', async () => {
    const bitstring = { revocation: 'https://lists.example/1-r', suspension: 'https://lists.example/1-s' }
    const entry = (statusPurpose: 'revocation' | 'suspension') => ({
      id: `${bitstring[statusPurpose]}#7`,
      type: 'BitstringStatusListEntry',
      statusPurpose,
      statusListIndex: '7',
      statusListCredential: bitstring[statusPurpose],
    })
    const { payload } = decodeJws(await issue({ format: 'vc+jwt', status: { ...status, bitstring } }))
    const credentialStatus = [entry('revocation'), entry('suspension')]
    expect(payload).toEqual({ ...said, credentialSubject: subject, credentialStatus })
    const revocable = { ...status, bitstring: { revocation: bitstring.revocation } }
    const other = decodeJws(await issue({ format: 'vc+jwt', status: revocable }))
    expect(other.payload['credentialStatus']).toEqual([entry('revocation')])
  })

  it('verifies, with every field typed', async () => {
    const verdict = await verifyCredential(await issue({ format: 'vc+jwt' }), demands)
    expect(verdict).toMatchObject({ ok: true, format: 'vc+jwt', otherClaims: {}, holderKey: { crv: 'P-256' } })
    expect(verdict.ok && verdict.claims).toEqual({ ...record, ageOver18: true })
  })
})

describe('a vc+sd-jwt', () => {
  it('is what is issued by default, and hides what the definition says', async () => {
    const { jws, parts } = decodeSdJwt(await issue())
    expect(jws.header).toEqual({ alg: 'ES256', typ: 'vc+sd-jwt', cty: 'vc', kid: 'issuer-key-1' })
    expect(jws.payload).toEqual({
      ...said,
      credentialSubject: {
        rank: 7,
        place_of_birth: { _sd: [expect.any(String)] },
        age_equal_or_over: { _sd: [expect.any(String)] },
        _sd: expect.toSatisfy((digests: readonly string[]) => digests.length === 5),
      },
      _sd_alg: 'sha-256',
    })
    const names = parts.disclosures.map(text => decodeDisclosure(text).name)
    expect(names).toEqual(expect.arrayContaining(['family_name', 'locality', '18']))
    expect(JSON.stringify(jws.payload)).not.toContain('Specimen')
    expect(parts.keyBinding).toBeUndefined()
  })

  it('verifies, with every field typed', async () => {
    const verdict = await verifyCredential(await issue({ decoys: 2 }), demands)
    expect(verdict).toMatchObject({ ok: true, format: 'vc+sd-jwt', otherClaims: {} })
    expect(verdict.ok && verdict.claims).toEqual({ ...record, ageOver18: true })
  })

  it('has decoys where they are asked for', async () => {
    const { _sd: digests } = payloadOf(await issue({ decoys: 3 }))['credentialSubject'] as JsonObject
    expect(digests).toHaveLength(8)
  })

  it('of a passport that hides nothing still ends in a separator', async () => {
    const open = definePassport({
      name: 'open',
      vct: 'https://open.example',
      docType: [],
      fields: { rank: { schema: z.number(), claim: 'rank', hide: false } },
    })
    const credential = await issueVcJwtCredential(open, { rank: 1 }, least)
    expect(credential).toMatch(/^[^~]+~$/)
    expect(payloadOf(credential)).not.toHaveProperty('_sd_alg')
  })
})

describe('both forms', () => {
  const forms = ['vc+jwt', 'vc+sd-jwt'] as const

  it.each(forms)('keep the rules of the data model: %s', async format => {
    const payload = payloadOf(await issue({ format, status }))
    expect(parseCredential(payload).validUntil).toEqual(new Date('2027-03-01T12:00:00Z'))
  })

  it.each(forms)('are valid when the issuer says, to the second: %s', async format => {
    const validFrom = new Date('2026-04-01T00:00:00.900Z')
    const validUntil = new Date('2026-05-01T00:00:00.900Z')
    const payload = payloadOf(await issue({ format, validFrom, validUntil }))
    expect(payload).toMatchObject({
      validFrom: '2026-04-01T00:00:00Z',
      validUntil: '2026-05-01T00:00:00Z',
      iat: seconds,
    })
    expect(payload['exp']).toBe(Math.floor(validUntil.getTime() / 1000))
  })

  it('begin no earlier than 1970, before which no verifier counts', async () => {
    const credential = await issue({ validFrom: new Date('1900-01-01'), validUntil: new Date('2027-01-01') })
    expect(payloadOf(credential)['validFrom']).toBe('1970-01-01T00:00:00Z')
  })

  it('carry the certificates of their signer', async () => {
    const certified = await importSigner(own.p256.jwk, { x5c: [own.p256.certificate] })
    const { header } = decodeJws(await issue({ format: 'vc+jwt', signer: certified }))
    expect(header['x5c']).toEqual([expect.any(String)])
  })

  it('have no member of a private holder key', async () => {
    const { jwk } = payloadOf(await issue({ holderKey: { ...holderKey, kid: 'x', use: 'sig' } }))['cnf'] as JsonObject
    expect(jwk).toEqual(holderKey)
  })
})

describe('what is never issued', () => {
  const oneField = (claim: string | readonly string[], name = 'x') =>
    definePassport({ name, vct: 'https://x.example', docType: [], fields: { x: { schema: z.string(), claim } } })

  it('is a record that is wrong', async () => {
    expect(await refusal(issue({}, { rank: 'seven' }))).toBe('passport_invalid')
  })

  it('is a validity without a second in it', async () => {
    expect(await refusal(issue({ validUntil: instant }))).toBe('credential_validity_invalid (validUntil)')
  })

  it('is a subject with an identifier that is no URL, or without a claim', async () => {
    expect(await refusal(issueVcJwtCredential(oneField('id'), { x: 'mine' }, least))).toBe(
      'vc_malformed (credentialSubject.id)',
    )
    expect(await refusal(issueVcJwtCredential(oneField('id'), { x: 'urn:x:1' }, least))).toBe('Error: issued')
    const optional = definePassport({
      name: 'o',
      vct: 'https://x.example',
      docType: [],
      fields: { x: { schema: z.string(), claim: 'x', optional: true } },
    })
    expect(await refusal(issueVcJwtCredential(optional, {}, least))).toBe('vc_malformed (credentialSubject)')
  })

  it('is a passport without a type in this format, or without the status it requires', async () => {
    const mdocOnly = definePassport({
      name: 'n',
      vct: [],
      docType: 'd',
      fields: { x: { schema: z.string(), claim: 'x' } },
    })
    expect(await refusal(issueVcJwtCredential(mdocOnly, { x: 'y' }, least))).toMatch(/^TypeError: `definition`/)
    const strict = definePassport({
      name: 's',
      vct: 'https://s.example',
      docType: [],
      status: 'required',
      extends: guildCard,
      fields: {},
    })
    expect(await refusal(issueVcJwtCredential(strict, record, least))).toMatch(/^TypeError: `status`/)
  })

  it.each([
    ['options', undefined],
    ['issuer', { ...least, issuer: undefined }],
    ['issuer', { ...least, issuer: '' }],
    ['issuer', { ...least, issuer: 'passport office' }],
    ['issuer', { ...least, issuer: '/relative' }],
    ['format', { ...least, format: 'dc+sd-jwt' }],
    ['format', { ...least, format: 'vc+cose' }],
    ['format', { ...least, format: null }],
    ['decoys', { ...least, format: 'vc+jwt', decoys: 1 }],
    ['decoys', { ...least, decoys: -1 }],
    ['holderKey', { ...least, holderKey: undefined }],
    ['holderKey', { ...least, holderKey: { ...holderKey, d: 'AAAA' } }],
    ['signer', { ...least, signer: undefined }],
    ['status', { ...least, status: { uri: 'http://x.example', index: 0 } }],
    ['status.bitstring', { ...least, status: { ...status, bitstring: 'https://x.example' } }],
    ['status.bitstring', { ...least, status: { ...status, bitstring: { suspension: 'https://x.example' } } }],
    ['status.bitstring', { ...least, status: { ...status, bitstring: { revocation: 'http://x.example' } } }],
    [
      'status.bitstring',
      { ...least, status: { ...status, bitstring: { revocation: 'https://x.example', suspension: 1 } } },
    ],
    ['validUntil', { ...least, validUntil: 'tomorrow' }],
    ['now', { ...least, now: () => new Date(Number.NaN) }],
  ])('are options whose `%s` is wrong', async (argument, options) => {
    expect(await refusal(issueVcJwtCredential(guildCard, record, options as never))).toMatch(
      new RegExp(`^TypeError: \`${argument}`),
    )
  })
})

describe('the passport as a subject', () => {
  it('has every claim one step deeper, and is made once', () => {
    const moved = asSubject(guildCard)
    expect(moved.fields.birthTown.claim).toEqual(['credentialSubject', 'place_of_birth', 'locality'])
    expect(moved.name).toBe('guild-card')
    expect(asSubject(guildCard)).toBe(moved)
    expect(guildCard.fields.birthTown.claim).toEqual(['place_of_birth', 'locality'])
  })

  it('is what requests name', () => {
    for (const format of ['vc+jwt', 'vc+sd-jwt'] as const)
      expect(guildCard.claimPaths(format, ['familyName', 'birthTown'])).toEqual([
        ['credentialSubject', 'family_name'],
        ['credentialSubject', 'place_of_birth', 'locality'],
      ])
    const mdocOnly = definePassport({
      name: 'n',
      vct: [],
      docType: 'd',
      fields: { x: { schema: z.string(), element: ['d', 'x'] } },
    })
    expect(() => mdocOnly.claimPaths('vc+jwt', ['x'])).toThrow('`x` is not issued as vc+jwt')
    expect(() => guildCard.claimPaths('vc+cose' as never, [])).toThrow('`format`')
  })
})
