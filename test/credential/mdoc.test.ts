/** The issuer's side: what goes into an mdoc, and what is never issued. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { importPublicKey } from '#crypto'
import { algorithmNamed } from '../../src/core/algorithms.js'
import { base64url } from '../../src/core/bytes.js'
import { deterministic } from '../../src/core/cbor/deterministic.js'
import { readCbor } from '../../src/core/cbor/read.js'
import { CborFloat, type CborTag, isCborMap } from '../../src/core/cbor/value.js'
import { verifySign1 } from '../../src/core/cose/sign1.js'
import { generateSigner, importSigner, type Signer } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { type IssueMdocOptions, issueMdocCredential } from '../../src/credential/mdoc.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { VidimusError } from '../../src/errors.js'
import { readIssuerSigned } from '../../src/formats/mdoc/issuer-signed.js'
import { requireDigests } from '../../src/formats/mdoc/mso.js'
import { definePassport, type ValidityRange } from '../../src/passport/definition.js'
import { fromElements } from '../../src/passport/elements.js'
import { crew, harbour, harbourPass, landing } from '../harbour.js'
import own from '../vectors/x509-own/certificates.json' with { type: 'json' }
import { instant, issuer, now, seconds } from '../world.js'

const signer = await importSigner(own.p256.jwk, { x5c: [own.p256.certificate] })
const holder = await generateSigner('ES256')
const holderKey = holder.publicJwk
const least: IssueMdocOptions = { signer, holderKey, now }
const day = 24 * 3600
const at = (offset: number) => new Date((seconds + offset) * 1000)

const issue = (options: object = {}, values: object = {}) =>
  issueMdocCredential(harbourPass, { ...landing, ...values }, { ...least, ...options })

const read = async (credential: Promise<Uint8Array>) => readIssuerSigned(await credential, defaultLimits)
const msoOf = async (credential: Promise<Uint8Array>) => (await read(credential)).mso

/** The items of a credential by `namespace identifier`. */
async function itemsOf(credential: Promise<Uint8Array>) {
  const { items } = await read(credential)
  return new Map(
    [...items].flatMap(([namespace, list]) =>
      list.map((item): [string, typeof item] => [`${namespace} ${item.identifier}`, item]),
    ),
  )
}

/** The code of a `VidimusError` with its place, or the name of another error with its message. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => new Error('issued'),
    (error: unknown) => error,
  )
  if (thrown instanceof VidimusError) return thrown.at === undefined ? thrown.code : `${thrown.code} at ${thrown.at}`
  return `${(thrown as Error).name}: ${(thrown as Error).message}`
}

describe('a credential', () => {
  it('says of what type it is, for whom and until when, and nothing of the passport in what is signed', async () => {
    const { issuerAuth, mso } = await read(issue())
    expect(mso).toMatchObject({
      hash: 'sha-256',
      deviceKey: { kty: 'EC', crv: 'P-256', x: holderKey.x, y: holderKey.y },
      docType: 'example.harbour.pass.1',
      signed: instant,
      validFrom: instant,
      validUntil: new Date('2027-01-01T00:00:00Z'),
      status: undefined,
    })
    const text = String.fromCharCode(...issuerAuth.payload!)
    expect(text).toContain('example.harbour.pass.1')
    for (const hidden of ['Specimen', '2001-02-28', 'family_name', 'birth_date', 'North'])
      expect(text).not.toContain(hidden)
  })

  it('names its algorithm under the signature and its certificate beside it', async () => {
    const { issuerAuth } = await read(issue())
    expect([...issuerAuth.headers.protected]).toEqual([[1, -7]])
    expect([...issuerAuth.headers.unprotected]).toEqual([[33, certificateDer(own.p256.certificate)]])
    const chained = await importSigner(own.p256.jwk, { x5c: [own.p256.certificate, own.root.certificate] })
    const { headers } = (await read(issue({ signer: chained }))).issuerAuth
    expect(headers.unprotected.get(33)).toEqual([own.p256.certificate, own.root.certificate].map(certificateDer))
  })

  it.each([
    ['ES256', 'p256'],
    ['ES384', 'p384'],
    ['ES512', 'p521'],
    ['EdDSA', 'ed'],
    ['Ed25519', 'ed'],
  ] as const)('is signed with %s', async (alg, key) => {
    const certified = await importSigner(own[key].jwk, { alg, x5c: [own[key].certificate] })
    const { issuerAuth } = await read(issue({ signer: certified }))
    const publicKey = await importPublicKey(certified.publicJwk, algorithmNamed(alg)!)
    await verifySign1(issuerAuth, issuerAuth.payload!, publicKey)
    const { payload } = await read(issue({ signer: certified })).then(other => other.issuerAuth)
    await expect(verifySign1(issuerAuth, payload!, publicKey)).rejects.toThrow('signature_invalid')
  })

  it('holds every element under its digest', async () => {
    const { items, mso } = await read(issue())
    await requireDigests(mso, items)
    for (const [namespace, digests] of mso.digests)
      expect(isCborMap(digests) && digests.size).toBe(items.get(namespace as string)!.length)
    expect([...mso.digests.keys()].sort()).toEqual([harbour, crew])
  })

  it('is deterministic CBOR throughout', async () => {
    const credential = await issue()
    expect(isCborMap(readCbor(credential, { form: deterministic }))).toBe(true)
    const { items, issuerAuth } = readIssuerSigned(credential, defaultLimits)
    const embedded = [issuerAuth.payload!, ...[...items.values()].flat().map(({ encoded }) => encoded)]
    for (const encoded of embedded) {
      const outer = readCbor(encoded, { form: deterministic }) as CborTag
      expect(isCborMap(readCbor(outer.value as Uint8Array, { form: deterministic }))).toBe(true)
    }
  })

  it('has the elements of the definition, in their wire forms', async () => {
    const items = await itemsOf(issue())
    const value = (name: string) => items.get(name)?.value
    expect([...items.keys()].sort()).toEqual(
      [
        `${harbour} family_name`,
        `${harbour} birth_date`,
        `${harbour} landed_at`,
        `${harbour} portrait`,
        `${harbour} issuing_country`,
        `${harbour} age_over_18`,
        `${crew} draught`,
        `${crew} rank`,
        `${crew} berths`,
      ].sort(),
    )
    expect(value(`${harbour} family_name`)).toBe('Specimen')
    expect(value(`${harbour} birth_date`)).toMatchObject({ tag: 1004, value: '2001-02-28' })
    expect(value(`${harbour} landed_at`)).toMatchObject({ tag: 0, value: '2026-02-01T08:30:00Z' })
    expect(value(`${harbour} portrait`)).toEqual(landing.portrait)
    expect(value(`${harbour} age_over_18`)).toBe(true)
    expect(value(`${crew} draught`)).toEqual(new CborFloat(2.5))
    expect(value(`${crew} rank`)).toBe(7)
    expect(value(`${crew} berths`)).toEqual(landing.berths.map(berth => new Map(Object.entries(berth))))
  })

  it('derives for the day of issue', async () => {
    const over18 = async (date: string) => {
      const early = await importSigner(own.root.jwk, { x5c: [own.root.certificate] })
      const items = await itemsOf(
        issue({ signer: early, now: () => new Date(date) }, { birthDate: '2008-03-02', landedAt: undefined }),
      )
      return items.get(`${harbour} age_over_18`)?.value
    }
    expect(await over18('2026-03-01T23:59:59Z')).toBe(false)
    expect(await over18('2026-03-02T00:00:00Z')).toBe(true)
  })

  it('leaves out what the record leaves out, a whole namespace where nothing of it is left', async () => {
    const bare = definePassport({
      name: 'n',
      vct: 'v',
      docType: 'd',
      fields: {
        x: { schema: z.string(), element: ['a', 'x'] },
        y: { schema: z.string().optional(), element: ['b', 'y'] },
      },
    })
    const { items, mso } = await read(issueMdocCredential(bare, { x: '1' }, least))
    expect([...items.keys()]).toEqual(['a'])
    expect([...mso.digests.keys()]).toEqual(['a'])
  })

  it('has the first type of its definition', async () => {
    const fields = { x: { schema: z.string(), element: ['a', 'x'] } } as const
    const several = definePassport({ name: 'n', vct: 'v', docType: ['b', 'a'], fields })
    expect((await msoOf(issueMdocCredential(several, { x: '1' }, least))).docType).toBe('b')
  })

  it('is not issued of a definition that has no type, or no element, in this format', async () => {
    const untyped = definePassport({
      name: 'n',
      vct: 'v',
      docType: [],
      fields: { x: { schema: z.string(), claim: 'x' } },
    })
    expect(await refusal(issueMdocCredential(untyped, { x: '1' }, least))).toMatch(/^TypeError: `definition`.*docType/)
    const empty = definePassport({
      name: 'n',
      vct: 'v',
      docType: 'd',
      fields: { x: { schema: z.string(), claim: 'x' } },
    })
    expect(await refusal(issueMdocCredential(empty, { x: '1' }, least))).toMatch(/^TypeError: `definition`.*element/)
  })

  it('gives back the record, whatever the record', async () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' })
    const records = fc.record(
      {
        familyName: text,
        birthDate: fc.constantFrom('2001-02-28', '1900-01-01', '2020-02-29'),
        country: fc.constant('UT'),
        rank: fc.maxSafeInteger(),
        draught: fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(value => value + 0),
        berths: fc.array(fc.record({ pier: text, taken: fc.boolean() })),
        portrait: fc.uint8Array({ minLength: 1 }).map(bytes => Uint8Array.from([0xff, 0xd8, 0xff, ...bytes])),
      },
      { requiredKeys: ['familyName', 'birthDate', 'country', 'rank'] },
    )
    await fc.assert(
      fc.asyncProperty(records, async record => {
        const { items, mso } = await read(issueMdocCredential(harbourPass, record, least))
        await requireDigests(mso, items)
        const elements = new Map(
          [...items].map(([namespace, list]) => [
            namespace,
            new Map(list.map(({ identifier, value }) => [identifier, value])),
          ]),
        )
        const { claims, other } = fromElements(harbourPass, elements)
        expect({ ...claims, ageOver18: undefined }).toEqual({ ...record, ageOver18: undefined })
        expect(other).toEqual({})
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })
})

describe('salts and digest identifiers', () => {
  it('are 32 bytes and never the same', async () => {
    const salts: string[] = []
    for (const credential of [issue(), issue()])
      for (const { encoded } of (await itemsOf(credential)).values()) {
        const random = (readCbor((readCbor(encoded) as CborTag).value as Uint8Array) as Map<string, Uint8Array>).get(
          'random',
        )!
        expect(random).toHaveLength(32)
        salts.push(base64url(random))
      }
    expect(new Set(salts).size).toBe(18)
  })

  it('are the numbers from 0 in each namespace', async () => {
    const { items } = await read(issue())
    const ids = (namespace: string) => items.get(namespace)!.map(({ digestId }) => digestId)
    expect(ids(harbour).sort()).toEqual([0, 1, 2, 3, 4, 5])
    expect(ids(crew).sort()).toEqual([0, 1, 2])
  })

  it('tell nothing of the element: every one of them may be anyone’s', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 60; round++)
      for (const [name, { digestId }] of await itemsOf(issue())) if (name.startsWith(crew)) seen.add(name + digestId)
    // Three elements, three identifiers: that one of the nine never comes has odds of 9 · (2/3)^60.
    expect(seen.size).toBe(9)
  })

  it('stand in the order of the definition all the same', async () => {
    const names = [...(await itemsOf(issue())).keys()].filter(name => name.startsWith(crew))
    expect(names).toEqual([`${crew} draught`, `${crew} rank`, `${crew} berths`])
  })
})

describe('a record that does not hold', () => {
  it('is refused with every issue, by path, and with no value', async () => {
    const error = await issue({}, { familyName: '', birthDate: '2001-02-30', nonsense: 'Secretive' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ name: 'VidimusError', code: 'passport_invalid' })
    const { issues } = error as VidimusError
    expect(issues!.map(({ path }) => path.join('.')).sort()).toEqual(['birthDate', 'familyName', 'nonsense'])
    expect(JSON.stringify(issues)).not.toMatch(/Secretive|2001-02-30/)
  })

  it('is never signed', async () => {
    const sign = vi.fn(signer.sign)
    const watched = { ...signer, sign }
    for (const work of [
      issue({ signer: watched }, { rank: 'x' }),
      issue({ signer: watched, validUntil: instant }),
      issue({ signer: watched, status: { uri: 'x', index: 0 } }),
      issue({ signer: watched }, { country: 'XX' }),
    ])
      await expect(work).rejects.toThrow()
    expect(sign).not.toHaveBeenCalled()
  })
})

describe('the place of the issuer', () => {
  it('is the country of the certificate', async () => {
    expect(await refusal(issue({}, { country: 'XX' }))).toBe('mdoc_country_mismatch at issuing_country')
    expect(await refusal(issue({}, { country: 'ut' }))).toBe('mdoc_country_mismatch at issuing_country')
    expect(await refusal(issue())).toBe('Error: issued')
  })

  it('is the state or province of the certificate, where it has one', async () => {
    const provincial = await importSigner(own.province.jwk, { x5c: [own.province.certificate] })
    const from = (province: string, of: Signer) => refusal(issue({ signer: of }, { province }))
    expect(await from('UT-2', provincial)).toBe('mdoc_country_mismatch at issuing_jurisdiction')
    expect(await from('UT-1', provincial)).toBe('Error: issued')
    expect(await from('UT-2', signer)).toBe('Error: issued')
  })
})

describe('the status reference', () => {
  const strict = definePassport({
    name: 'strict',
    vct: 'v',
    docType: 'd',
    status: 'required',
    fields: { x: { schema: z.string(), element: ['a', 'x'] } },
  })
  const status = { uri: 'https://lists.example/1', index: 0 }

  it('stands in the security object as the list’s address and an index, and nothing else of an allocation', async () => {
    const expected = new Map([
      [
        'status_list',
        new Map<string, unknown>([
          ['idx', 0],
          ['uri', 'https://lists.example/1'],
        ]),
      ],
    ])
    expect((await msoOf(issue({ status }))).status).toEqual(expected)
    expect((await msoOf(issue({ status: { ...status, id: 'a1', expires: instant } }))).status).toEqual(expected)
  })

  it('must be there when the definition demands it', async () => {
    expect(await refusal(issueMdocCredential(strict, { x: 'y' }, least))).toMatch(/^TypeError: `status`.*strict/)
    expect((await msoOf(issueMdocCredential(strict, { x: 'y' }, { ...least, status }))).status).toBeDefined()
  })

  it('is one that verifiers take', async () => {
    const bad = [null, 'x', {}, { uri: status.uri }, { index: 1 }, { ...status, index: -1 }, { ...status, index: 1.5 }]
    const uris = ['', 'http://lists.example/1', 'https://u:p@lists.example/1', 'https://lists.example/1#x', 7]
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
      fields: { x: { schema: z.string(), element: ['a', 'x'] } },
      validity,
    })
    return (options: object = {}) => issueMdocCredential(definition, { x: 'y' }, { ...least, ...options })
  }
  const times = async (credential: Promise<Uint8Array>) => {
    const { signed, validFrom, validUntil } = await msoOf(credential)
    return [signed, validFrom, validUntil].map(date => date.getTime() / 1000 - seconds)
  }
  const invalid = 'credential_validity_invalid at validUntil'
  const end = Date.parse('2027-01-01T00:00:00Z') / 1000 - seconds

  it('is in whole seconds', async () => {
    const late = () => new Date(instant.getTime() + 999)
    expect(await times(issue({ now: late, validUntil: new Date(instant.getTime() + 5_999) }))).toEqual([0, 0, 5])
  })

  it('is a year, from now or from when it begins, or until the certificate ends', async () => {
    const longLived = await importSigner(own.p521.jwk, { x5c: [own.p521.certificate] })
    expect(await times(issue({ signer: longLived }))).toEqual([0, 0, 365 * day])
    expect(await times(issue({ signer: longLived, validFrom: at(day) }))).toEqual([0, day, 366 * day])
    expect(await times(issue())).toEqual([0, 0, end])
    expect(await times(ruled(() => ({ until: new Date('2030-01-01') }))())).toEqual([0, 0, end])
  })

  it('is what the definition says, unless the issuer says otherwise', async () => {
    const rule = ruled(() => ({ from: at(5), until: at(day) }))
    expect(await times(rule())).toEqual([0, 5, day])
    expect(await times(rule({ validFrom: at(7) }))).toEqual([0, 7, day])
    expect(await times(rule({ validUntil: at(60) }))).toEqual([0, 5, 60])
  })

  it('begins when it is signed where somebody says earlier', async () => {
    expect(await times(issue({ validFrom: at(-day), validUntil: at(day) }))).toEqual([0, 0, day])
    expect(await times(ruled(() => ({ from: new Date('1965-01-01'), until: at(day) }))())).toEqual([0, 0, day])
  })

  it('has a second in it, which verifiers can find', async () => {
    expect(await refusal(issue({ validUntil: instant }))).toBe(invalid)
    expect(await refusal(issue({ validUntil: at(-1) }))).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(60), validUntil: at(60) }))).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(60), validUntil: new Date(at(60).getTime() + 999) }))).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(-60), validUntil: new Date(instant.getTime() + 999) }))).toBe(invalid)
    expect(await refusal(issue({ validFrom: at(-60), validUntil: at(1) }))).toBe('Error: issued')
    expect(await refusal(ruled(() => ({ until: at(-day) }))())).toBe(invalid)
  })

  it('lies within that of the certificate', async () => {
    expect(await refusal(issue({ validUntil: new Date('2027-01-01T00:00:01Z') }))).toBe(invalid)
    expect(await refusal(issue({ validUntil: new Date('2027-01-01T00:00:00Z') }))).toBe('Error: issued')
    const past = await importSigner(own.past.jwk, { x5c: [own.past.certificate] })
    expect(await refusal(issue({ signer: past }))).toBe(invalid)
    const future = await importSigner(own.future.jwk, { x5c: [own.future.certificate] })
    expect(await refusal(issue({ signer: future }))).toBe('credential_validity_invalid at signed')
    expect(await refusal(issue({ signer: future, validFrom: at(day) }))).toBe('credential_validity_invalid at signed')
    expect(await refusal(issue({ signer: future, now: () => at(1) }))).toBe('Error: issued')
  })

  it('never ends after the year 9999', async () => {
    const wrong = new Date('+010000-01-01T00:00:00Z')
    expect(await refusal(issue({ validUntil: wrong }))).toBe(invalid)
  })

  it('is of valid dates', async () => {
    for (const wrong of [new Date(Number.NaN), '2027-01-01', 1800000000, null]) {
      expect(await refusal(issue({ validFrom: wrong }))).toMatch(/^TypeError: `validFrom`/)
      expect(await refusal(issue({ validUntil: wrong }))).toMatch(/^TypeError: `validUntil`/)
    }
  })
})

describe('the signer', () => {
  it('has the certificate of its key', async () => {
    const { x5c: _, ...bare } = signer
    expect(await refusal(issue({ signer: bare }))).toMatch(/^TypeError: `signer`.*x5c/)
    for (const x5c of [
      [own.other.certificate],
      [own.root.certificate, own.p256.certificate],
      [],
      ['x'],
      [own.rsa.certificate],
      [new Uint8Array(4)],
    ])
      expect(await refusal(issue({ signer: { ...signer, x5c } }))).toMatch(/^TypeError: `signer.x5c`/)
  })

  it('is read anew where its chain has changed', async () => {
    const x5c = [own.p256.certificate]
    const renewed = { ...signer, x5c }
    expect(await refusal(issue({ signer: renewed }))).toBe('Error: issued')
    x5c[0] = own.other.certificate
    expect(await refusal(issue({ signer: renewed }))).toMatch(/^TypeError: `signer.x5c`/)
    expect(await refusal(issue({ signer: { ...signer, x5c: [own.p256.certificate] } }))).toBe('Error: issued')
  })

  it('may be a function, which is asked for every credential', async () => {
    const source = vi.fn(async () => signer)
    await issue({ signer: source })
    await issue({ signer: source })
    expect(source).toHaveBeenCalledTimes(2)
  })

  it('is a signer, and answers with the signature of its algorithm', async () => {
    for (const wrong of [undefined, null, {}, 'x', holderKey, { ...signer, alg: 'HS256' }, () => undefined])
      expect(await refusal(issue({ signer: wrong }))).toMatch(/^TypeError: `signer`/)
    for (const length of [0, 63, 70, 72])
      expect(await refusal(issue({ signer: { ...signer, sign: () => new Uint8Array(length) } }))).toMatch(
        /^TypeError: `signer.sign`.*never DER/,
      )
  })
})

describe('the key of the holder', () => {
  it.each(['ES384', 'ES512', 'Ed25519'] as const)('may be one for %s', async alg => {
    const { publicJwk } = await generateSigner(alg)
    expect((await msoOf(issue({ holderKey: publicJwk }))).deviceKey).toEqual(publicJwk)
  })

  it('may be on a curve that COSE has and JOSE has not', async () => {
    const brainpool = { kty: 'EC', crv: 'brainpoolP256r1', x: holderKey.x, y: holderKey.y }
    expect((await msoOf(issue({ holderKey: brainpool }))).deviceKey).toEqual(brainpool)
    const sdJwt = issueSdJwtCredential(harbourPass, landing, { ...least, issuer, holderKey: brainpool })
    expect(await refusal(sdJwt)).toMatch(/^TypeError: `holderKey`/)
  })

  it('is public, and bound by its own members alone', async () => {
    const work = issue({ holderKey: own.p256.jwk })
    expect(await refusal(work)).toMatch(/^TypeError: `holderKey`/)
    expect(await refusal(work)).not.toContain(own.p256.jwk.d)
    for (const wrong of [undefined, null, 'x', {}, { ...holderKey, crv: 'P-384' }, { ...holderKey, use: 'enc' }])
      expect(await refusal(issue({ holderKey: wrong }))).toMatch(/^TypeError: `holderKey`/)
    const decorated = { ...holderKey, kid: 'Specimen’s phone', use: 'sig', alg: 'ES256' }
    expect((await msoOf(issue({ holderKey: decorated }))).deviceKey).toEqual(holderKey)
  })
})

describe('options that are wrong', () => {
  it('are a TypeError that names them', async () => {
    for (const options of [undefined, null, 7]) {
      const work = issueMdocCredential(harbourPass, landing, options as unknown as IssueMdocOptions)
      expect(await refusal(work)).toMatch(/^TypeError: `options`/)
    }
    for (const wrong of [() => new Date(Number.NaN), () => 7])
      expect(await refusal(issue({ now: wrong }))).toMatch(/^TypeError: `now`/)
  })
})
