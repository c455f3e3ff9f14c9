/** The issuer's side: what goes into a credential, and what is never issued. */
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { base64 } from '../../src/core/bytes.js'
import type { JsonObject } from '../../src/core/json.js'
import { generateSigner, importSigner, type Signer } from '../../src/core/keys.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { type IssueSdJwtOptions, issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { VidimusError } from '../../src/errors.js'
import { decodeSdJwt } from '../../src/formats/sd-jwt/compact.js'
import { decodeDisclosure } from '../../src/formats/sd-jwt/disclosure.js'
import { definePassport, type ValidityRange } from '../../src/passport/definition.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyCredential } from '../../src/verification/verify.js'
import own from '../vectors/x509-own/certificates.json' with { type: 'json' }
import { walletDemands } from '../verification/table.js'
import { expectations, guildCard, instant, issuer, now, record, seconds } from '../world.js'

const signer = await generateSigner('ES256', { kid: 'issuer-key-1' })
const holder = await generateSigner('ES256')
const holderKey = holder.publicJwk
const least: IssueSdJwtOptions = { issuer, signer, holderKey, now }
const day = 24 * 3600

const issue = (options: object = {}, values: object = {}) =>
  issueSdJwtCredential(guildCard, { ...record, ...values }, { ...least, ...options })

async function payloadOf(credential: Promise<string>): Promise<JsonObject> {
  return decodeSdJwt(await credential).jws.payload
}

/** The code of a `VidimusError`, or the name of another error with its message. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => new Error('issued'),
    (error: unknown) => error,
  )
  if (thrown instanceof VidimusError) return thrown.code
  return `${(thrown as Error).name}: ${(thrown as Error).message}`
}

describe('a credential', () => {
  it('says who issued it, when, for whom and until when, and nothing else in the clear', async () => {
    const { jws, parts } = decodeSdJwt(await issue())
    expect(jws.header).toEqual({ alg: 'ES256', typ: 'dc+sd-jwt', kid: 'issuer-key-1' })
    const { _sd: digests, address: _address, ...clear } = jws.payload
    expect(clear).toEqual({
      iss: issuer,
      iat: seconds,
      exp: seconds + 365 * day,
      vct: 'https://guild.example/card/1',
      cnf: { jwk: holderKey },
      rank: 7,
      place_of_birth: { _sd: [expect.any(String)] },
      age_equal_or_over: { _sd: [expect.any(String)] },
      _sd_alg: 'sha-256',
    })
    expect(digests).toHaveLength(5)
    expect(digests).toEqual([...(digests as string[])].sort())
    expect(parts.keyBinding).toBeUndefined()
  })

  it('holds no hidden value in what is signed', async () => {
    const { jws, parts } = decodeSdJwt(await issue())
    const text = JSON.stringify(jws.payload)
    for (const hidden of [
      'Specimen',
      'Ana',
      '2001-02-28',
      'Utopia',
      'First Street 1',
      '"eo"',
      'family_name',
      'languages',
      'true',
    ])
      expect(text).not.toContain(hidden)
    const disclosed = parts.disclosures.map(disclosure => decodeDisclosure(disclosure))
    expect(disclosed.filter(({ name }) => name === 'family_name')).toMatchObject([{ value: 'Specimen' }])
    expect(new Set(disclosed.map(({ salt }) => salt)).size).toBe(disclosed.length)
    for (const { salt } of disclosed) expect(salt.length).toBeGreaterThanOrEqual(22)
  })

  it('has nothing in common with another over the same record', async () => {
    const [one, other] = [decodeSdJwt(await issue()), decodeSdJwt(await issue())]
    expect(one.parts.disclosures.filter(text => other.parts.disclosures.includes(text))).toEqual([])
    expect(
      (one.jws.payload['_sd'] as string[]).filter(digest => (other.jws.payload['_sd'] as string[]).includes(digest)),
    ).toEqual([])
  })

  it('verifies, with every field typed', async () => {
    const trust = trustAnchors([{ issuer, jwk: signer.publicJwk, purposes: ['credential'] }])
    const demands = {
      ...walletDemands(expectations({ anchor: { jwk: signer.publicJwk, purposes: ['credential'] } })),
      trust,
    }
    const verdict = await verifyCredential(await issue(), demands)
    expect(verdict.ok && verdict.claims).toEqual({ ...record, ageOver18: true })
  })

  it('derives for the day of issue', async () => {
    const age = async (date: string) => {
      const { parts } = decodeSdJwt(await issue({ now: () => new Date(date) }))
      return parts.disclosures.map(text => decodeDisclosure(text)).find(({ name }) => name === '18')?.value
    }
    expect(await age('2019-02-27T23:59:59Z')).toBe(false)
    expect(await age('2019-02-28T00:00:00Z')).toBe(true)
  })

  it('leaves out what the record leaves out', async () => {
    const { jws } = decodeSdJwt(await issue({}, { birthTown: undefined, languages: undefined, address: undefined }))
    expect(jws.payload).not.toHaveProperty('place_of_birth')
    expect(jws.payload['_sd']).toHaveLength(3)
  })

  it('has the first type of its definition', async () => {
    const several = definePassport({
      name: 'n',
      vct: ['b', 'a'],
      docType: 'd',
      fields: { x: { schema: z.string(), claim: 'x' } },
    })
    const credential = issueSdJwtCredential(several, { x: 'y' }, least)
    expect((await payloadOf(credential))['vct']).toBe('b')
  })

  it('is not issued of a definition that has no type in this format', async () => {
    const mdocOnly = definePassport({
      name: 'n',
      vct: [],
      docType: 'd',
      fields: { x: { schema: z.string(), claim: 'x' } },
    })
    expect(await refusal(issueSdJwtCredential(mdocOnly, { x: 'y' }, least))).toMatch(/^TypeError: `definition`/)
  })

  it('carries the certificates of its signer', async () => {
    const certified = await importSigner(own.p256.jwk, {
      x5c: [own.p256.certificate, certificateDer(own.root.certificate)],
    })
    const { jws } = decodeSdJwt(await issue({ signer: certified }))
    expect(jws.header['x5c']).toEqual([
      base64(certificateDer(own.p256.certificate)),
      base64(certificateDer(own.root.certificate)),
    ])
  })
})

describe('decoys', () => {
  it('stand beside the digests of every object that hides something', async () => {
    const { jws, parts } = decodeSdJwt(await issue({ decoys: 3 }))
    expect(jws.payload['_sd']).toHaveLength(5 + 3)
    expect((jws.payload['place_of_birth'] as JsonObject)['_sd']).toHaveLength(1 + 3)
    expect(parts.disclosures).toHaveLength(decodeSdJwt(await issue()).parts.disclosures.length)
  })

  it('are a whole number from 0', async () => {
    for (const decoys of [-1, 1.5, Number.NaN, '3', null])
      expect(await refusal(issue({ decoys }))).toMatch(/^TypeError: `decoys`/)
  })
})

describe('a record that does not hold', () => {
  it('is refused with every issue, by path, and with no value', async () => {
    const work = issue(
      {},
      { familyName: '', birthDate: '2001-02-30', rank: 'Secretive', address: { locality: 7 }, nonsense: 'Secretive' },
    )
    const error = await work.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'VidimusError', code: 'passport_invalid' })
    const issues = (error as VidimusError).issues!
    expect(issues.map(({ path }) => path.join('.')).sort()).toEqual([
      'address.locality',
      'address.street_address',
      'birthDate',
      'familyName',
      'nonsense',
      'rank',
    ])
    expect(JSON.stringify([issues, (error as Error).message])).not.toMatch(/Secretive|2001-02-30/)
  })

  it('is never signed', async () => {
    const sign = vi.fn(signer.sign)
    const watched = { ...signer, sign }
    expect(await refusal(issue({ signer: watched }, { rank: 'x' }))).toBe('passport_invalid')
    expect(await refusal(issue({ signer: watched, validUntil: instant }))).toBe('credential_validity_invalid')
    expect(await refusal(issue({ signer: watched, status: { uri: 'x', index: 0 } }))).toMatch(/^TypeError/)
    expect(sign).not.toHaveBeenCalled()
  })
})

describe('the status reference', () => {
  const strict = definePassport({
    name: 'strict',
    vct: 'v',
    docType: 'd',
    status: 'required',
    fields: { x: { schema: z.string(), claim: 'x' } },
  })
  const status = { uri: 'https://lists.example/1', index: 0 }

  it('stands in the clear as the list’s address and an index', async () => {
    const payload = await payloadOf(issue({ status }))
    expect(payload['status']).toEqual({ status_list: { idx: 0, uri: 'https://lists.example/1' } })
  })

  it('takes from an allocation what it needs', async () => {
    const payload = await payloadOf(issue({ status: { ...status, id: 'a1', expires: instant } }))
    expect(payload['status']).toEqual({ status_list: { idx: 0, uri: 'https://lists.example/1' } })
  })

  it('must be there when the definition demands it', async () => {
    expect(await refusal(issueSdJwtCredential(strict, { x: 'y' }, least))).toMatch(
      /^TypeError: `status`.*strict requires one/,
    )
    expect(await payloadOf(issueSdJwtCredential(strict, { x: 'y' }, { ...least, status }))).toHaveProperty('status')
  })

  it('is one that verifiers take', async () => {
    const bad = [
      null,
      'x',
      {},
      { uri: status.uri },
      { index: 1 },
      { ...status, index: -1 },
      { ...status, index: 1.5 },
      { ...status, index: '0' },
    ]
    const uris = [
      '',
      'http://lists.example/1',
      'lists.example',
      'https://u:p@lists.example/1',
      'https://lists.example/1#x',
      7,
    ]
    for (const wrong of [...bad, ...uris.map(uri => ({ ...status, uri }))])
      expect(await refusal(issue({ status: wrong }))).toMatch(/^TypeError: `status`/)
  })
})

describe('the validity', () => {
  const ruled = (validity: () => ValidityRange | undefined) => {
    const definition = definePassport({
      name: 'n',
      vct: 'v',
      docType: 'd',
      fields: { x: { schema: z.string(), claim: 'x' } },
      validity,
    })
    return (options: object = {}) => issueSdJwtCredential(definition, { x: 'y' }, { ...least, ...options })
  }
  const times = async (credential: Promise<string>) => {
    const { iat, nbf, exp } = await payloadOf(credential)
    return { iat, nbf, exp }
  }
  const at = (offset: number) => new Date((seconds + offset) * 1000)
  const invalid = 'credential_validity_invalid'

  it('is a year from now, or from when it begins', async () => {
    expect(await times(issue())).toEqual({ iat: seconds, nbf: undefined, exp: seconds + 365 * day })
    expect(await times(issue({ validFrom: at(day) }))).toEqual({
      iat: seconds,
      nbf: seconds + day,
      exp: seconds + 366 * day,
    })
  })

  it('is what the definition says, unless the issuer says otherwise', async () => {
    const rule = ruled(() => ({ from: at(-day), until: at(day) }))
    expect(await times(rule())).toEqual({ iat: seconds, nbf: seconds - day, exp: seconds + day })
    expect(await times(rule({ validFrom: at(5) }))).toMatchObject({ nbf: seconds + 5, exp: seconds + day })
    expect(await times(rule({ validUntil: at(60) }))).toMatchObject({ nbf: seconds - day, exp: seconds + 60 })
    expect(await times(ruled(() => ({ until: at(7) }))())).toEqual({ iat: seconds, nbf: undefined, exp: seconds + 7 })
    expect(await times(ruled(() => undefined)())).toMatchObject({ exp: seconds + 365 * day })
  })

  it('begins in 1970 where the rule says earlier', async () => {
    expect(await times(ruled(() => ({ from: new Date('1965-01-01'), until: at(day) }))())).toMatchObject({
      nbf: 0,
      exp: seconds + day,
    })
  })

  it('never ends before it begins, nor before now', async () => {
    expect(await refusal(issue({ validUntil: instant }))).toBe(invalid)
    expect(await refusal(issue({ validUntil: at(-1) }))).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(60), validUntil: at(60) }))).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(60), validUntil: new Date(at(60).getTime() + 999) }))).toBe(invalid)
    expect(await refusal(ruled(() => ({ until: at(-day) }))())).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(-60), validUntil: at(-1) }))).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(-60), validUntil: instant }))).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(-60), validUntil: at(1) }))).toBe('Error: issued')
    expect(await refusal(issue({ validUntil: at(1) }))).toBe('Error: issued')
  })

  it('never ends after the year 9999, which no verifier takes for a time', async () => {
    expect(await refusal(issue({ validUntil: new Date('+010000-01-01T00:00:00Z') }))).toBe(invalid)
    expect(await times(issue({ validUntil: new Date('9999-12-31T23:59:59.999Z') }))).toMatchObject({
      exp: 253_402_300_799,
    })
  })

  it('is of valid dates', async () => {
    for (const wrong of [new Date(Number.NaN), '2027-01-01', 1800000000, null]) {
      expect(await refusal(issue({ validFrom: wrong }))).toMatch(/^TypeError: `validFrom`/)
      expect(await refusal(issue({ validUntil: wrong }))).toMatch(/^TypeError: `validUntil`/)
    }
  })

  describe('under a certificate', async () => {
    const end = Date.parse('2027-01-01T00:00:00Z') / 1000
    const certified = await importSigner(own.p256.jwk, { x5c: [own.p256.certificate] })

    it('ends with it by default', async () => {
      expect(await times(issue({ signer: certified }))).toMatchObject({ exp: end })
      expect(await times(ruled(() => ({ until: new Date('2030-01-01') }))({ signer: certified }))).toMatchObject({
        exp: end,
      })
      expect(await times(ruled(() => ({ until: at(day) }))({ signer: certified }))).toMatchObject({
        exp: seconds + day,
      })
    })

    it('is for an issuer that it names, where it names any', async () => {
      const { signer } = await developmentIssuer({ issuer: 'https://ut.example', now })
      expect(await refusal(issue({ signer, issuer: 'https://other.example' }))).toMatch(/^TypeError: `issuer`/)
      expect(await issue({ signer, issuer: 'https://ut.example' })).toContain('~')
    })

    it('is refused where the issuer asks for more', async () => {
      expect(await refusal(issue({ signer: certified, validUntil: new Date('2027-01-01T00:00:01Z') }))).toBe(invalid)
      expect(await times(issue({ signer: certified, validUntil: new Date('2027-01-01T00:00:00Z') }))).toMatchObject({
        exp: end,
      })
    })

    it('is refused where the certificate has expired', async () => {
      const past = await importSigner(own.past.jwk, { x5c: [own.past.certificate] })
      expect(await refusal(issue({ signer: past }))).toBe(invalid)
    })

    it('is refused where the certificate is of another key, or none', async () => {
      for (const x5c of [
        [own.other.certificate],
        [own.root.certificate, own.p256.certificate],
        [],
        ['x'],
        [own.rsa.certificate],
        [new Uint8Array(4)],
      ])
        expect(await refusal(issue({ signer: { ...certified, x5c } }))).toMatch(/^TypeError: `signer.x5c`/)
    })
  })
})

describe('the signer', () => {
  it('may be a function, which is asked for every credential', async () => {
    const rotated = await generateSigner('EdDSA', { kid: 'issuer-key-2' })
    const source = vi.fn<() => Signer | Promise<Signer>>().mockReturnValueOnce(signer).mockResolvedValueOnce(rotated)
    const kids = [decodeSdJwt(await issue({ signer: source })), decodeSdJwt(await issue({ signer: source }))].map(
      ({ jws }) => jws.header['kid'],
    )
    expect(kids).toEqual(['issuer-key-1', 'issuer-key-2'])
    expect(source).toHaveBeenCalledTimes(2)
  })

  it('is heard when it fails', async () => {
    const sign = () => Promise.reject(new Error('the device is locked'))
    expect(await refusal(issue({ signer: { ...signer, sign } }))).toBe('Error: the device is locked')
    expect(await refusal(issue({ signer: () => Promise.reject(new Error('no key today')) }))).toBe(
      'Error: no key today',
    )
  })

  it('is a signer', async () => {
    for (const wrong of [
      undefined,
      null,
      {},
      'x',
      holderKey,
      { ...signer, alg: 'HS256' },
      { ...signer, kid: 7 },
      () => undefined,
    ])
      expect(await refusal(issue({ signer: wrong }))).toMatch(/^TypeError: `signer`/)
    for (const length of [0, 63, 70, 72])
      expect(await refusal(issue({ signer: { ...signer, sign: () => new Uint8Array(length) } }))).toMatch(
        /^TypeError: `signer.sign`.*never DER/,
      )
  })
})

describe('the key of the holder', () => {
  it('is public', async () => {
    const work = issue({ holderKey: own.p256.jwk })
    expect(await refusal(work)).toMatch(/^TypeError: `holderKey`/)
    expect(await refusal(work)).not.toContain(own.p256.jwk.d)
    for (const wrong of [
      undefined,
      null,
      'x',
      {},
      { kty: 'oct', k: 'AAAA' },
      { ...holderKey, crv: 'P-384' },
      { ...holderKey, use: 'enc' },
    ])
      expect(await refusal(issue({ holderKey: wrong }))).toMatch(/^TypeError: `holderKey`/)
  })

  it('is bound by its own members and no others', async () => {
    const decorated = { ...holderKey, kid: 'Specimen’s phone', use: 'sig', alg: 'ES256' }
    expect((await payloadOf(issue({ holderKey: decorated })))['cnf']).toEqual({ jwk: holderKey })
    const { publicJwk } = await generateSigner('Ed25519')
    expect((await payloadOf(issue({ holderKey: publicJwk })))['cnf']).toEqual({ jwk: publicJwk })
  })
})

describe('options that are wrong', () => {
  it('are a TypeError that names them', async () => {
    for (const options of [undefined, null, 7]) {
      const work = issueSdJwtCredential(guildCard, record, options as unknown as IssueSdJwtOptions)
      expect(await refusal(work)).toMatch(/^TypeError: `options`/)
    }
    for (const wrong of [undefined, null, '', 7, {}])
      expect(await refusal(issue({ issuer: wrong }))).toMatch(/^TypeError: `issuer`/)
    for (const wrong of [() => new Date(Number.NaN), () => 7])
      expect(await refusal(issue({ now: wrong }))).toMatch(/^TypeError: `now`/)
  })
})
