/** The holder's side of an mdoc: what a preview shows is what is sent, byte for byte, and nothing else is. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { concatBytes } from '../../src/core/bytes.js'
import { readCbor } from '../../src/core/cbor/read.js'
import type { CborTag, CborValue } from '../../src/core/cbor/value.js'
import { cborMap, embed, writeCbor } from '../../src/core/cbor/write.js'
import { createSign1 } from '../../src/core/cose/sign1.js'
import type { Jwk } from '../../src/core/jwk.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { VidimusError } from '../../src/errors.js'
import { readDeviceResponse } from '../../src/formats/mdoc/device-response.js'
import { readIssuerSigned, writeIssuerSigned } from '../../src/formats/mdoc/issuer-signed.js'
import { createItem, type ItemsByNamespace } from '../../src/formats/mdoc/item.js'
import { createMso } from '../../src/formats/mdoc/mso.js'
import { openid4vpTranscript } from '../../src/formats/mdoc/session-transcript.js'
import type { ClaimPath } from '../../src/formats/sd-jwt/path.js'
import { definePassport } from '../../src/passport/definition.js'
import { plainOf } from '../../src/passport/element-value.js'
import { type PresentMdocTo, prepareMdoc, presentMdoc, previewMdoc } from '../../src/presentation/mdoc.js'
import { previewPresentation } from '../../src/presentation/preview.js'
import type { Preview } from '../../src/presentation/preview-field.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { crew, harbour, harbourExpectations, harbourPass, landing, makeHarbour, portrait } from '../harbour.js'
import { isDeepFrozen } from '../refusal.js'
import { audience, instant, issuer, nonce, now } from '../world.js'

const world = await makeHarbour()
const { credential, holder, signer } = world
const sessionTranscript = await openid4vpTranscript({ clientId: audience, nonce, responseUri: `${audience}/response` })
const to: PresentMdocTo = { sessionTranscript, signer: holder }
const expectations = { ...harbourExpectations(world), expectedSessionTranscript: sessionTranscript }

const documentsOf = (response: Uint8Array) => readDeviceResponse(response, defaultLimits).documents
const itemsOf = (response: Uint8Array) => documentsOf(response)[0]!.issuerSigned.items

/** Items as `namespace identifier` and bytes. */
const entries = (items: ItemsByNamespace) =>
  [...items].flatMap(([namespace, list]) =>
    list.map(({ identifier, encoded }): [string, Uint8Array] => [`${namespace} ${identifier}`, encoded]),
  )

/** The reader's ephemeral key: the private JWK and the public one. */
async function makeReader(namedCurve = 'P-256'): Promise<{ readerKey: Jwk; mac: Jwk }> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve }, true, ['deriveBits'])
  const readerKey = (await crypto.subtle.exportKey('jwk', privateKey)) as Jwk
  const { d: _, ...mac } = readerKey
  return { readerKey, mac }
}

/** The code of a `VidimusError` with its place, or the name of another error with its message. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof VidimusError)) return `${(error as Error).name}: ${(error as Error).message}`
    return error.at === undefined ? error.code : `${error.code} at ${error.at}`
  }
  return 'presented'
}

/** A credential that our own issuer would not make. */
async function forge(items: ItemsByNamespace, changes: { status?: CborValue; deviceKey?: Signer } = {}) {
  const payload = await createMso({
    docType: 'example.harbour.pass.1',
    items,
    deviceKey: (changes.deviceKey ?? holder).publicJwk,
    signed: instant,
    validFrom: instant,
    validUntil: new Date(instant.getTime() + 86_400_000),
    status: changes.status,
  })
  return writeIssuerSigned(items, await createSign1({ payload }, signer))
}

describe('what is shown is what is sent', () => {
  const records = fc.record(
    {
      familyName: fc.uuid(),
      birthDate: fc.constantFrom('2001-02-28', '1950-12-31', '2020-02-29'),
      country: fc.constant('UT'),
      rank: fc.nat(),
      draught: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      portrait: fc.constant(portrait),
      berths: fc.array(fc.record({ pier: fc.uuid(), taken: fc.boolean() })),
    },
    { requiredKeys: ['familyName', 'birthDate', 'country', 'rank'] },
  )
  const paths: readonly ClaimPath[] = [
    [harbour, 'family_name'],
    [harbour, 'birth_date'],
    [harbour, 'portrait'],
    [harbour, 'age_over_18'],
    [harbour, 'age_over_21'],
    [harbour, 'rank'],
    [crew, 'rank'],
    [crew, 'draught'],
    [crew, 'berths'],
    [crew, 'berths', 0],
    [crew, null],
    [crew],
    ['rank'],
    [0, 1],
    ['deviceKey'],
  ]

  it('whatever the record, the choice and the words of the preview', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.subarray([...paths]), fc.boolean(), async (record, disclose, named) => {
        const issued = await issueMdocCredential(harbourPass, record, { signer, holderKey: holder.publicJwk, now })
        const options = named ? { passport: harbourPass, disclose } : { disclose }
        const preview = previewPresentation(issued, options)
        const sent = await presentMdoc(preview, to)

        const whole = new Map(entries(readIssuerSigned(issued, defaultLimits).items))
        const known = disclose.filter(path => path.length === 2 && whole.has(path.join(' ')))
        expect(preview.missing).toEqual(disclose.filter(path => !known.includes(path)))
        const sentItems = entries(itemsOf(sent))
        expect(sentItems.map(([name]) => name).sort()).toEqual(known.map(path => path.join(' ')).sort())
        for (const [name, encoded] of sentItems) expect(encoded).toEqual(whole.get(name))

        const shown = preview.fields.filter(({ always }) => !always).map(({ path, value }) => [path.join(' '), value])
        const seen = [...itemsOf(sent)].flatMap(([namespace, list]) =>
          list.map(({ identifier, value }) => [`${namespace} ${identifier}`, plainOf(value)]),
        )
        expect(shown).toEqual(seen)

        const verdict = await verifyMdocPresentation(sent, expectations)
        expect(verdict.ok && new Set(Object.keys(verdict.claims))).toEqual(
          new Set(previewMdoc(issued, { passport: harbourPass, disclose: known }).fields.flatMap(f => f.field ?? [])),
        )
        for (const source of [issued, prepareMdoc(issued)])
          expect(entries(itemsOf(await presentMdoc(source, { disclose: known, ...to })))).toEqual(sentItems)
      }),
      { seed: 20261122, numRuns: 100 },
    )
  }, 120_000)

  it('is nothing of what was not chosen', async () => {
    const sent = await presentMdoc(credential, { passport: harbourPass, disclose: ['rank'], ...to })
    const text = String.fromCharCode(...sent)
    expect(text).toContain('rank')
    for (const hidden of ['Specimen', 'family_name', '2001-02-28', 'North', 'berths'])
      expect(text).not.toContain(hidden)
  })

  it('of a credential made by others too, byte for byte', async () => {
    const preferred = createItem(3, new Uint8Array(16).fill(7), 'rank', 7)
    const { value } = readCbor(preferred.encoded) as CborTag
    // The same item with a longer head for its bytes, as some issuers write it.
    const encoded = concatBytes(Uint8Array.of(0xd8, 24, 0x59, 0, (value as Uint8Array).length), value as Uint8Array)
    const issued = await forge(new Map([[crew, [{ ...preferred, encoded }]]]))
    const sent = await presentMdoc(issued, { disclose: [[crew, 'rank']], ...to })
    expect(entries(itemsOf(sent))).toEqual([[`${crew} rank`, encoded]])
  })

  it('in the order of the credential, whatever the order it is asked for in', async () => {
    const names = entries(readIssuerSigned(credential, defaultLimits).items).map(([name]) => name)
    const paths = names.map(name => name.split(' ')).reverse()
    const preview = previewPresentation(credential, { disclose: paths })
    for (const sent of [await presentMdoc(preview, to), await presentMdoc(credential, { disclose: paths, ...to })])
      expect(entries(itemsOf(sent)).map(([name]) => name)).toEqual([
        ...names.filter(name => name.startsWith(`${harbour} `)),
        ...names.filter(name => name.startsWith(`${crew} `)),
      ])
    expect(preview.fields.filter(({ always }) => !always).map(({ path }) => path.join(' '))).toEqual(names)
  })

  it('once, however often it is asked for', async () => {
    const disclose: readonly ClaimPath[] = [
      [crew, 'rank'],
      [crew, 'rank'],
    ]
    const preview = previewPresentation(credential, { passport: harbourPass, disclose: ['rank', ...disclose] })
    for (const sent of [await presentMdoc(preview, to), await presentMdoc(credential, { disclose, ...to })])
      expect(entries(itemsOf(sent)).map(([name]) => name)).toEqual([`${crew} rank`])
  })

  it('may be nothing but the document itself', async () => {
    const sent = await presentMdoc(previewPresentation(credential, { disclose: [] }), to)
    expect(itemsOf(sent).size).toBe(0)
    // No namespaces at all: the standard has no empty map of them.
    expect(new TextDecoder('latin1').decode(sent)).not.toContain('nameSpaces\xa0')
    expect(await verifyMdocPresentation(sent, expectations)).toMatchObject({ ok: true, claims: {} })
  })
})

describe('a preview', () => {
  const disclose = ['familyName', 'ageOver18', 'landedAt', 'portrait', [crew, 'berths'] as const] as const
  const preview = previewPresentation(credential, { passport: harbourPass, disclose })

  it('shows in words what would be seen, and what every presentation shows', () => {
    expect(preview.fields.map(({ field, path, value, always }) => [field, path.join(' '), value, always])).toEqual([
      [undefined, 'docType', 'example.harbour.pass.1', true],
      [undefined, 'signed', '2026-03-01T12:00:00Z', true],
      [undefined, 'validFrom', '2026-03-01T12:00:00Z', true],
      [undefined, 'validUntil', '2027-03-01T12:00:00Z', true],
      [undefined, 'deviceKey', holder.publicJwk, true],
      ['familyName', `${harbour} family_name`, 'Specimen', false],
      ['landedAt', `${harbour} landed_at`, '2026-02-01T08:30:00Z', false],
      ['portrait', `${harbour} portrait`, landing.portrait, false],
      ['ageOver18', `${harbour} age_over_18`, true, false],
      ['berths', `${crew} berths`, landing.berths, false],
    ])
    expect(preview.missing).toEqual([])
    expect(preview).not.toHaveProperty('issuer')
  })

  it('names each in English and Russian', () => {
    const labels = new Map(preview.fields.map(({ path, label }) => [path.join(' '), label]))
    expect(labels.get('docType')).toEqual({ en: 'Type of document', ru: 'Вид документа' })
    expect(labels.get(`${harbour} family_name`)).toEqual({ en: 'Family name', ru: 'Фамилия' })
    const path = `${crew}.berths`
    expect(labels.get(`${crew} berths`)).toEqual({ en: path, ru: path })
    for (const { label } of preview.fields) expect(label.en.length * label.ru.length).toBeGreaterThan(0)
  })

  it('shows where the status is published', async () => {
    const status = { uri: 'https://lists.example/1', index: 5 }
    const issued = await issueMdocCredential(harbourPass, landing, { signer, holderKey: holder.publicJwk, now, status })
    const { fields } = previewPresentation(issued, { disclose: [] })
    expect(fields.at(-1)).toEqual({
      path: ['status'],
      label: { en: 'Where its status is published', ru: 'Где опубликован статус' },
      value: { status_list: { idx: 5, uri: 'https://lists.example/1' } },
      always: true,
    })
  })

  it('knows no field without a passport', () => {
    const { fields } = previewPresentation(credential, { disclose: [[harbour, 'family_name']] })
    expect(fields.at(-1)).toEqual({
      path: [harbour, 'family_name'],
      label: { en: `${harbour}.family_name`, ru: `${harbour}.family_name` },
      value: 'Specimen',
      always: false,
    })
  })

  it('shows an element that is called like a part of the document as the element it is', async () => {
    const item = createItem(0, new Uint8Array(16), 'docType', 'x')
    const { fields } = previewPresentation(await forge(new Map([['n', [item]]])), { disclose: [['n', 'docType']] })
    expect(fields.at(-1)).toMatchObject({ path: ['n', 'docType'], label: { en: 'n.docType' }, always: false })
  })

  it('is frozen, and a copy', () => {
    expect(isDeepFrozen(preview)).toBe(true)
    const own = new Uint8Array(credential)
    const portraitOf = (bytes: Uint8Array) =>
      previewPresentation(bytes, { disclose: [[harbour, 'portrait']] }).fields.at(-1)!.value as Uint8Array
    const shown = portraitOf(own)
    own.fill(0)
    expect(shown).toEqual(landing.portrait)
    shown.fill(0)
    expect(portraitOf(credential)).toEqual(landing.portrait)
  })

  it('is what is sent although the bytes that it came from change', async () => {
    const own = new Uint8Array(credential)
    const [shown, prepared] = [previewPresentation(own, { disclose: [[crew, 'rank']] }), prepareMdoc(own)]
    own.fill(0)
    for (const sent of [
      await presentMdoc(shown, to),
      await presentMdoc(prepared, { disclose: [[crew, 'rank']], ...to }),
    ])
      expect((await verifyMdocPresentation(sent, expectations)).ok).toBe(true)
  })

  it('is refused of an element that has no plain form', async () => {
    const twoOnes = new Map<string | number, CborValue>([
      [1, 'a'],
      ['1', 'b'],
    ])
    const issued = await forge(new Map([['n', [createItem(0, new Uint8Array(16), 'odd', twoOnes)]]]))
    expect(await refusal(() => previewPresentation(issued, { disclose: [['n', 'odd']] }))).toBe(
      'claim_malformed at odd',
    )
    expect(await refusal(() => previewPresentation(issued, { disclose: [] }))).toBe('presented')
    const status = await forge(new Map(), { status: twoOnes })
    expect(await refusal(() => previewPresentation(status, { disclose: [] }))).toBe('claim_malformed at status')
  })

  it('of an mdoc is not presented as an SD-JWT, nor the other way round', async () => {
    const both = definePassport({
      name: 'n',
      vct: 'v',
      docType: 'd',
      fields: { on: { as: 'date', claim: 'on', element: ['n', 'on'] } },
    })
    const sdJwt = await issueSdJwtCredential(
      both,
      { on: '2026-01-01' },
      {
        issuer,
        signer: await generateSigner('ES256'),
        holderKey: holder.publicJwk,
        now,
      },
    )
    const text = previewPresentation(sdJwt, { disclose: [] })
    expect(await refusal(() => presentMdoc(text, to))).toMatch(/^TypeError: `preview`/)
    expect(await refusal(() => presentMdoc([preview, text], to))).toMatch(/^TypeError: `preview`/)
    expect(await refusal(() => presentSdJwt(preview, { audience, nonce, signer: holder }))).toMatch(
      /^TypeError: `preview`/,
    )
    const copied: Preview = { ...preview }
    expect(await refusal(() => presentMdoc(copied, to))).toMatch(/^TypeError: `preview`/)
  })
})

describe('several documents in one response', () => {
  const libraryCard = definePassport({
    name: 'library-card',
    vct: 'https://library.example/1',
    docType: 'example.library.1',
    fields: { number: { as: 'date', element: ['example.library.1', 'since'] } },
  })

  it('are one of each type, each proven by itself', async () => {
    const record = { number: '2020-01-01' }
    const card = await issueMdocCredential(libraryCard, record, { signer, holderKey: holder.publicJwk, now })
    const previews = [
      previewPresentation(credential, { passport: harbourPass, disclose: ['rank'] }),
      previewPresentation(card, { passport: libraryCard, disclose: ['number'] }),
    ]
    const sent = await presentMdoc(previews, to)
    expect(documentsOf(sent).map(({ docType }) => docType)).toEqual(['example.harbour.pass.1', 'example.library.1'])
    const { documents } = readDeviceResponse(await presentMdoc(previews[1]!, to), defaultLimits)
    expect(documents).toHaveLength(1)
    const [first, second] = documentsOf(sent).map(({ deviceSigned }) => deviceSigned.auth)
    expect(first).not.toEqual(second)
    expect(await refusal(() => presentMdoc([previews[0]!, previews[0]!], to))).toMatch(/^TypeError: `previews`/)
    expect(await refusal(() => presentMdoc([], to))).toMatch(/^TypeError: `previews`/)
  })

  it('are bound to one key', async () => {
    const holderKey = (await generateSigner('ES256')).publicJwk
    const card = await issueMdocCredential(libraryCard, { number: '2020-01-01' }, { signer, holderKey, now })
    const previews = [previewMdoc(credential, { disclose: [] }), previewMdoc(card, { disclose: [] })]
    expect(await refusal(() => presentMdoc(previews, to))).toBe('presentation_not_bound at deviceKey')
  })
})

describe('the proof of the device', () => {
  const disclose: readonly ClaimPath[] = [[crew, 'rank']]

  it.each(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const)('is a signature with %s', async alg => {
    const device = await generateSigner(alg)
    const issued = await issueMdocCredential(harbourPass, landing, { signer, holderKey: device.publicJwk, now })
    const sent = await presentMdoc(issued, { disclose, sessionTranscript, signer: device, deviceAuth: 'signature' })
    expect(documentsOf(sent)[0]!.deviceSigned.auth.kind).toBe('deviceSignature')
    expect(await verifyMdocPresentation(sent, expectations)).toMatchObject({ ok: true, claims: { rank: 7 } })
  })

  it.each([
    ['ES256', 'P-256'],
    ['ES384', 'P-384'],
    ['ES512', 'P-521'],
  ] as const)('is a MAC that the reader of the session can check, with a key for %s', async (alg, curve) => {
    const device = await generateSigner(alg)
    const issued = await issueMdocCredential(harbourPass, landing, { signer, holderKey: device.publicJwk, now })
    const { readerKey, mac } = await makeReader(curve)
    const deviceAuth = { mac: { ...mac, use: 'enc', alg: 'ECDH-ES' } }
    const sent = await presentMdoc(issued, { disclose, sessionTranscript, signer: device, deviceAuth })
    expect(documentsOf(sent)[0]!.deviceSigned.auth.kind).toBe('deviceMac')
    expect(await verifyMdocPresentation(sent, { ...expectations, readerKey })).toMatchObject({ ok: true })
    const other = await makeReader(curve)
    expect(await verifyMdocPresentation(sent, { ...expectations, readerKey: other.readerKey })).toMatchObject({
      ok: false,
      code: 'device_mac_invalid',
    })
  })

  it('is for the one session', async () => {
    const session = { clientId: audience, responseUri: `${audience}/response` }
    const expectedSessionTranscript = await openid4vpTranscript({ ...session, nonce: 'another' })
    const sent = await presentMdoc(credential, { disclose, ...to })
    expect(await verifyMdocPresentation(sent, { ...expectations, expectedSessionTranscript })).toMatchObject({
      ok: false,
      code: 'device_signature_invalid',
    })
    const raw = await presentMdoc(credential, { disclose, signer: holder, sessionTranscript: sessionTranscript.bytes })
    expect((await verifyMdocPresentation(raw, expectations)).ok).toBe(true)
  })

  it('is with the key of the credential', async () => {
    const stranger = await generateSigner('ES256')
    expect(await refusal(() => presentMdoc(credential, { disclose, sessionTranscript, signer: stranger }))).toBe(
      'presentation_not_bound at deviceKey',
    )
    const forged = await forge(new Map(), { deviceKey: stranger })
    expect(await refusal(() => presentMdoc(forged, { disclose: [], ...to }))).toBe(
      'presentation_not_bound at deviceKey',
    )
  })

  it('is asked of the signer at each presentation, and never for nothing', async () => {
    const sign = vi.fn(holder.sign)
    const source = vi.fn(() => ({ ...holder, sign }))
    await presentMdoc(credential, { disclose, sessionTranscript, signer: source })
    expect([source.mock.calls.length, sign.mock.calls.length]).toEqual([1, 1])
    const unknown: readonly ClaimPath[] = [[crew, 'parrot']]
    await refusal(() => presentMdoc(credential, { disclose: unknown, sessionTranscript, signer: source }))
    expect([source.mock.calls.length, sign.mock.calls.length]).toEqual([1, 1])
  })
})

describe('a choice that cannot be met', () => {
  it.each<[string, ClaimPath]>([
    ['an element of another name', [crew, 'parrot']],
    ['an element of another namespace', [harbour, 'rank']],
    ['a namespace as a whole', [crew]],
    ['what is within an element', [crew, 'berths', 0]],
    ['every element', [crew, null]],
  ])('is refused of %s, by its place in the list', async (_, path) => {
    const disclose: readonly ClaimPath[] = [[crew, 'rank'], path]
    expect(await refusal(() => presentMdoc(credential, { disclose, ...to }))).toBe(
      'presentation_claim_unknown at disclose[1]',
    )
    expect(previewPresentation(credential, { disclose }).missing).toEqual([path])
  })

  it('is a TypeError where the passport has no such field, or none in an mdoc', async () => {
    for (const field of ['parrot', 'remark', 'toString'])
      expect(
        await refusal(() => previewPresentation(credential, { passport: harbourPass, disclose: [field as never] })),
      ).toMatch(/^TypeError: `disclose`/)
    expect(await refusal(() => previewPresentation(credential, { disclose: ['rank' as never] }))).toMatch(
      /^TypeError: `disclose`/,
    )
  })
})

describe('a credential that is malformed', () => {
  const malformed = async (bytes: Uint8Array): Promise<string> => {
    const codes = [
      await refusal(() => prepareMdoc(bytes)),
      await refusal(() => previewPresentation(bytes, { disclose: [] })),
      await refusal(() => presentMdoc(bytes, { disclose: [], ...to })),
    ]
    expect(new Set(codes).size).toBe(1)
    return codes[0]!
  }

  it('is refused with a code', async () => {
    expect(await malformed(new Uint8Array())).toBe('cbor_malformed at end')
    expect(await malformed(concatBytes(credential, Uint8Array.of(0)))).toBe('cbor_malformed at surplus')
    expect(await malformed(await presentMdoc(credential, { disclose: [], ...to }))).toBe(
      'mdoc_malformed at issuerSigned',
    )
    const duplicate = createItem(0, new Uint8Array(16), 'x', 1)
    expect(await malformed(await forge(new Map([['n', [duplicate, duplicate]]])))).toBe(
      'mdoc_duplicate_element at nameSpaces',
    )
    const unsigned = writeCbor(cborMap([['nameSpaces', new Map([['n', [embed(writeCbor(1))]]])]]))
    expect(await malformed(unsigned)).toBe('mdoc_malformed at issuerAuth')
    expect(await malformed(new Uint8Array(5 * 1024 * 1024))).toBe('limit_exceeded at presentationBytes')
  })
})

describe('types', () => {
  it('know the fields of a passport, and that names need one', async () => {
    // @ts-expect-error a field that the passport does not have
    expect(() => previewPresentation(credential, { passport: harbourPass, disclose: ['shoeSize'] })).toThrow(TypeError)
    // @ts-expect-error names of fields without their passport
    expect(() => previewPresentation(credential, { disclose: ['rank'] })).toThrow(TypeError)
    // @ts-expect-error no session
    await expect(presentMdoc(credential, { disclose: [], signer: holder })).rejects.toThrow(TypeError)
    const ask = { passport: harbourPass, disclose: ['rank', 'ageOver18'], ...to } as const
    expect(itemsOf(await presentMdoc(prepareMdoc(credential), ask)).size).toBe(2)
  })
})

describe('options that are wrong', () => {
  const refused = async (work: () => unknown, argument: string) =>
    expect(await refusal(work)).toContain(`TypeError: \`${argument}\``)
  const present = (changes: object) => () => presentMdoc(credential, { disclose: [], ...to, ...changes })

  it('are a TypeError that names them', async () => {
    for (const wrong of [undefined, null, 7, 'x', ['x'], { docType: 'd' }]) {
      await refused(() => prepareMdoc(wrong as never), 'credential')
      await refused(() => previewMdoc(wrong as never, { disclose: [] }), 'credential')
    }
    await refused(() => previewPresentation({ docType: 'd' } as never, { disclose: [] }), 'credential')
    for (const wrong of [undefined, null, 7]) {
      await refused(() => previewPresentation(credential, wrong as never), 'options')
      await refused(() => presentMdoc(credential, wrong as never), 'options')
    }
    for (const disclose of [undefined, null, 7, {}, 'rank']) await refused(present({ disclose }), 'disclose')
    for (const path of [null, 7, [], [1.5, 'x']]) await refused(present({ disclose: [path] }), 'disclose[0]')
    for (const wrong of [
      undefined,
      null,
      7,
      {},
      'x',
      new Uint8Array(),
      writeCbor([1, 2]),
      writeCbor(embed(sessionTranscript.bytes)),
    ])
      await refused(present({ sessionTranscript: wrong }), 'sessionTranscript')
    for (const wrong of [undefined, null, {}, 'x']) await refused(present({ signer: wrong }), 'signer')
    for (const wrong of [null, 'mac', 7]) await refused(present({ deviceAuth: wrong }), 'deviceAuth')
  })

  it('are a TypeError where the key of the reader is none, or not on the curve of the device', async () => {
    const { mac, readerKey } = await makeReader()
    const { mac: larger } = await makeReader('P-384')
    for (const wrong of [undefined, null, 7, {}, readerKey, { ...mac, crv: 'P-384' }, { ...mac, y: undefined }, larger])
      await refused(present({ deviceAuth: { mac: wrong } }), 'deviceAuth.mac')
    const offCurve = { ...mac, y: mac.x }
    expect(await refusal(present({ deviceAuth: { mac: offCurve } }))).toContain('key_invalid')
  })

  it('are a TypeError where the signer cannot agree, or does not agree in full', async () => {
    const { mac } = await makeReader()
    const { agree: _, ...mute } = holder
    await refused(present({ deviceAuth: { mac }, signer: mute }), 'signer')
    for (const agreed of [new Uint8Array(), new Uint8Array(31), new Uint8Array(64), 'x'])
      await refused(present({ deviceAuth: { mac }, signer: { ...holder, agree: () => agreed } }), 'signer.agree')
  })
})
