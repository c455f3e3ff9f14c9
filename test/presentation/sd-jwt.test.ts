/** The holder's side: what a preview shows is what is sent, and nothing else is. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { fromBase64url, fromUtf8 } from '../../src/core/bytes.js'
import type { JsonObject, JsonValue } from '../../src/core/json.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { VidimusError } from '../../src/errors.js'
import { decodeSdJwt, splitSdJwt } from '../../src/formats/sd-jwt/compact.js'
import { decodeDisclosure } from '../../src/formats/sd-jwt/disclosure.js'
import { decodeKeyBinding, sdHash } from '../../src/formats/sd-jwt/key-binding.js'
import { packSdJwt } from '../../src/formats/sd-jwt/pack.js'
import type { ClaimPath } from '../../src/formats/sd-jwt/path.js'
import { unpackSdJwtNow } from '../../src/formats/sd-jwt/unpack.js'
import { definePassport } from '../../src/passport/definition.js'
import { previewPresentation } from '../../src/presentation/preview.js'
import type { Preview } from '../../src/presentation/preview-field.js'
import { prepareSdJwt, presentSdJwt, previewSdJwt } from '../../src/presentation/sd-jwt.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { encode, forge, sign } from '../forge.js'
import { audience, expectations, guildCard, issuer, makeWorld, nonce, now, record, seconds } from '../world.js'

const world = await makeWorld()
const { credential, holder } = world
const to = { audience, nonce, signer: holder, now }

/** What a verifier sees of a sent text. */
function visibleIn(text: string): JsonObject {
  const { parts, jws } = decodeSdJwt(text)
  return unpackSdJwtNow(jws.payload, parts.disclosures).claims
}

/** The claims that a preview's fields are, put back where they stand. */
function rebuilt(fields: Preview['fields']): JsonObject {
  const claims: Record<string, JsonValue> = {}
  for (const { path, value } of fields) {
    let place = claims
    for (const name of path.slice(0, -1)) place = (place[name] ??= {}) as Record<string, JsonValue>
    place[path.at(-1)!] = value as JsonValue
  }
  return claims
}

/** Without objects that only led to something. */
function pruned(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const left = pruned(inner)
    return left === undefined ? [] : [[name, left] as const]
  })
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** The code of a `VidimusError`, or the name of another error with its message. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    return error instanceof VidimusError ? error.code : `${(error as Error).name}: ${(error as Error).message}`
  }
  return 'presented'
}

describe('what is shown is what is sent', () => {
  const word = fc.uuid()
  const records = fc.record(
    {
      familyName: word,
      givenName: word,
      birthDate: fc.constantFrom('2001-02-28', '1950-12-31', '2020-02-29'),
      rank: fc.nat(),
      birthTown: word,
      languages: fc.uniqueArray(word, { maxLength: 4 }),
      address: fc.record({ locality: word, street_address: word }),
    },
    { requiredKeys: ['familyName', 'givenName', 'birthDate', 'rank'] },
  )
  const paths: readonly ClaimPath[] = [
    ['family_name'],
    ['given_name'],
    ['birthdate'],
    ['rank'],
    ['place_of_birth'],
    ['place_of_birth', 'locality'],
    ['languages'],
    ['languages', null],
    ['languages', 0],
    ['languages', 3],
    ['address'],
    ['address', 'locality'],
    ['address', 'street_address'],
    ['address', 'planet'],
    ['address', 0],
    ['age_equal_or_over'],
    ['age_equal_or_over', '18'],
    ['age_equal_or_over', '21'],
    ['cnf', 'jwk'],
    ['nothing'],
    ['_sd'],
    ['family_name', 'length'],
  ]
  const choices = fc.subarray([...paths], { minLength: 0 })

  /** Whether a path leads to something in the claims. */
  const leads = (claims: JsonValue, [first, ...rest]: ClaimPath): boolean => {
    if (first === undefined) return true
    if (typeof claims !== 'object' || claims === null) return false
    if (Array.isArray(claims)) {
      const inner = first === null ? claims : typeof first === 'number' && first < claims.length ? [claims[first]] : []
      return inner.some((element: JsonValue) => leads(element, rest))
    }
    return typeof first === 'string' && Object.hasOwn(claims, first) && leads((claims as JsonObject)[first]!, rest)
  }

  it('whatever the record, the choice and the words of the preview', async () => {
    await fc.assert(
      fc.asyncProperty(records, choices, fc.boolean(), fc.nat({ max: 2 }), async (values, disclose, named, decoys) => {
        const issued = await issueSdJwtCredential(guildCard, values, {
          issuer,
          signer: world.signer,
          holderKey: holder.publicJwk,
          decoys,
          now,
        })
        const options = named ? { passport: guildCard, disclose } : { disclose }
        const preview = previewPresentation(issued, options)
        const sent = await presentSdJwt(preview, to)
        const visible = visibleIn(sent)
        const whole = visibleIn(issued)

        expect(rebuilt(preview.fields)).toEqual(plain(visible))
        expect(preview.issuer).toBe(issuer)
        expect(preview.missing).toEqual(disclose.filter(path => !leads(whole, path)))

        const bare = visibleIn(issued.slice(0, issued.indexOf('~') + 1))
        const always = preview.fields.filter(field => field.always)
        expect(pruned(rebuilt(always))).toEqual(pruned(plain(bare) as JsonValue))
        for (const { value, always: shown, path } of preview.fields)
          if (!shown)
            expect([path, leads(bare, path) && JSON.stringify(value) === JSON.stringify(at(bare, path))]).toEqual([
              path,
              false,
            ])

        expectNothingElse(issued, sent)
        const verdict = await verifySdJwtPresentation(sent, expectations(world))
        expect(verdict.ok).toBe(true)

        const known = disclose.filter(path => leads(whole, path))
        for (const from of [issued, prepareSdJwt(issued)]) {
          const direct = await presentSdJwt(from, { disclose: known, ...to })
          expect(splitSdJwt(direct).presented).toBe(splitSdJwt(sent).presented)
        }
      }),
      { seed: 20261122, numRuns: 200 },
    )
  }, 120_000)

  const at = (claims: JsonValue, path: readonly string[]): JsonValue | undefined =>
    path.reduce<JsonValue | undefined>((inner, name) => (inner as JsonObject | undefined)?.[name], claims)

  /** No disclosure that was not chosen is sent, and no value of one, in any writing. */
  function expectNothingElse(issued: string, sent: string): void {
    const { disclosures, presented } = splitSdJwt(sent)
    const decoded = [presented, ...presented.split(/[.~]/).slice(0, 2), ...disclosures].map(text =>
      /^[\w-]+$/.test(text) ? fromUtf8(fromBase64url(text)) : text,
    )
    for (const text of splitSdJwt(issued).disclosures) {
      if (disclosures.includes(text)) continue
      expect(presented).not.toContain(text)
      const { salt, value } = decodeDisclosure(text)
      for (const secret of [salt, typeof value === 'string' && value.length > 30 ? value : salt])
        for (const piece of decoded) expect(piece).not.toContain(secret)
    }
  }

  it('of a credential made by others too, where an object is shown in part', async () => {
    const claims = {
      vct: 'https://other.example/1',
      cnf: { jwk: holder.publicJwk },
      person: { name: 'Ana', born: { year: 2001, place: 'Utopia' }, tags: ['a', 'b'] },
      list: [{ open: 1, shut: 2 }, 'x'],
    } as unknown as JsonObject
    const hide: ClaimPath[] = [
      ['person', 'name'],
      ['person', 'born', 'place'],
      ['person', 'tags', 1],
      ['list', 0, 'shut'],
      ['list', 1],
    ]
    const packed = await packSdJwt(claims, { hide })
    const jwt = await sign('{"alg":"ES256","typ":"dc+sd-jwt"}', JSON.stringify(packed.payload), world.signer)
    const issued = [jwt, ...packed.disclosures, ''].join('~')
    const bare = visibleIn(`${jwt}~`)
    await fc.assert(
      fc.asyncProperty(fc.subarray(hide, { minLength: 0 }), async disclose => {
        const preview = previewPresentation(issued, { disclose })
        const sent = await presentSdJwt(preview, to)
        expect(rebuilt(preview.fields)).toEqual(plain(visibleIn(sent)))
        for (const { path, value, always } of preview.fields)
          expect([path, always]).toEqual([path, JSON.stringify(at(bare, path)) === JSON.stringify(value)])
      }),
      { seed: 20261122, numRuns: 64 },
    )
    const { fields } = previewPresentation(issued, { disclose: [['person', 'name']] })
    expect(
      fields.filter(({ path }) => path[0] === 'person').map(({ path, always }) => [path.join('.'), always]),
    ).toEqual([
      ['person.born', true],
      ['person.tags', true],
      ['person.name', false],
    ])
  })
})

describe('a preview', () => {
  const preview = () =>
    previewPresentation(credential, { passport: guildCard, disclose: ['familyName', 'ageOver18', ['languages', 1]] })

  it('names each field for people, and says which are always shown', () => {
    const shown = preview().fields.map(({ field, path, label, value, always }) => [
      field,
      path.join('.'),
      label.en,
      label.ru,
      value,
      always,
    ])
    // Disclosed members stand in the order of their digests, which tells nothing.
    const byPath = (a: unknown[], b: unknown[]) => (String(a[1]) < String(b[1]) ? -1 : 1)
    expect(shown.sort(byPath)).toEqual(
      [
        [undefined, 'iss', 'Issuer', 'Издатель', issuer, true],
        [undefined, 'iat', 'Issued at', 'Выпущено', seconds, true],
        [undefined, 'exp', 'Valid until', 'Действует до', expect.any(Number), true],
        [undefined, 'vct', 'Type of credential', 'Вид удостоверения', 'https://guild.example/card/1', true],
        [undefined, 'cnf', 'Your public key', 'Ваш открытый ключ', { jwk: holder.publicJwk }, true],
        [undefined, 'place_of_birth', 'place_of_birth', 'place_of_birth', {}, true],
        ['rank', 'rank', 'rank', 'rank', 7, true],
        ['ageOver18', 'age_equal_or_over.18', 'Over 18', 'Старше 18', true, false],
        ['familyName', 'family_name', 'Family name', 'Фамилия', 'Specimen', false],
        ['languages', 'languages', 'languages', 'languages', ['ia'], false],
      ].sort(byPath),
    )
  })

  it('has no words of its own without a passport', () => {
    const { fields } = previewPresentation(credential, { disclose: [['family_name'], ['age_equal_or_over', '18']] })
    expect(fields.find(({ path }) => path[0] === 'family_name')).toStrictEqual({
      path: ['family_name'],
      label: { en: 'family_name', ru: 'family_name' },
      value: 'Specimen',
      always: false,
    })
    expect(fields.find(({ path }) => path[0] === 'age_equal_or_over')).toMatchObject({
      path: ['age_equal_or_over'],
      value: { 18: true },
    })
  })

  it('has no issuer where the credential names none', async () => {
    const nameless = await forge(world, { payload: { iss: undefined }, binding: false })
    expect(previewPresentation(nameless, { disclose: [] })).not.toHaveProperty('issuer')
    const odd = await forge(world, { payload: { iss: 7 }, binding: false })
    expect(previewPresentation(odd, { disclose: [] })).not.toHaveProperty('issuer')
  })

  it('shows what has another form than the passport gives it as it is', async () => {
    for (const value of ['Utopia', ['Utopia'], null, 7]) {
      const text = await forge(world, { payload: { place_of_birth: value }, binding: false })
      const { fields } = previewPresentation(text, { passport: guildCard, disclose: [] })
      expect(fields.filter(({ path }) => path[0] === 'place_of_birth')).toStrictEqual([
        { path: ['place_of_birth'], label: { en: 'place_of_birth', ru: 'place_of_birth' }, value, always: true },
      ])
    }
  })

  it('calls claims by their own names, whatever those mean elsewhere', async () => {
    const text = await forge(world, { payload: { toString: 'x', constructor: 'y' }, binding: false })
    const { fields } = previewPresentation(text, { disclose: [] })
    for (const name of ['toString', 'constructor'])
      expect(fields.find(({ path }) => path[0] === name)?.label).toEqual({ en: name, ru: name })
  })

  it('passes over fields that have no claim', () => {
    const passport = definePassport({
      name: 'n',
      vct: 'v',
      docType: 'd',
      fields: {
        element: { schema: z.string(), element: ['d', 'x'] },
        familyName: { schema: z.string(), claim: 'family_name' },
      },
    })
    const { fields } = previewPresentation(credential, { passport, disclose: ['familyName'] })
    expect(fields.find(({ field }) => field !== undefined)).toMatchObject({ field: 'familyName', value: 'Specimen' })
    expect(() => previewPresentation(credential, { passport, disclose: ['element'] })).toThrow(TypeError)
  })

  it('names a field that stands deeper as the field it is part of', async () => {
    const text = await forge(world, {
      payload: { address: { locality: 'Utopia', _sd: [] } },
      disclosures: () => [],
      binding: false,
    })
    const { fields } = previewPresentation(text, { passport: guildCard, disclose: [] })
    expect(fields.find(({ path }) => path[0] === 'address')).toMatchObject({
      field: 'address',
      value: { locality: 'Utopia' },
      always: true,
    })
  })

  it('calls parts of a field by the field’s name', async () => {
    const street = encode('["salt","street_address","First Street 1"]')
    const hash = (await sdHash(street, 'sha-256')) as string
    const text = await forge(world, {
      payload: { address: { locality: 'Utopia', _sd: [hash] } },
      disclosures: honest => [...honest, street],
      binding: false,
    })
    const { fields } = previewPresentation(text, { passport: guildCard, disclose: [['address', 'street_address']] })
    expect(
      fields.filter(({ path }) => path[0] === 'address').map(({ field, path, always }) => [field, path, always]),
    ).toEqual([
      ['address', ['address', 'locality'], true],
      ['address', ['address', 'street_address'], false],
    ])
  })

  it('says what was asked for and is not there, as paths', () => {
    const { missing } = previewPresentation(credential, {
      passport: guildCard,
      disclose: ['familyName', ['nothing'], ['languages', 9]],
    })
    expect(missing).toEqual([['nothing'], ['languages', 9]])
  })

  it('shows nothing more for what is missing', async () => {
    const without = previewPresentation(credential, { disclose: [] })
    expect(previewPresentation(credential, { disclose: [['nothing']] }).fields).toEqual(without.fields)
  })

  it('is frozen to its depths', () => {
    const one = preview()
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen))
    expect(frozen(one)).toBe(true)
  })

  it('does not freeze what its caller owns', () => {
    const path = ['nothing']
    const disclose = [path]
    previewPresentation(credential, { disclose })
    expect(Object.isFrozen(path) || Object.isFrozen(disclose)).toBe(false)
  })

  it('shows what was chosen, whatever becomes of the choice', async () => {
    const disclose: ClaimPath[] = [['family_name']]
    const one = previewPresentation(credential, { disclose })
    disclose.push(['given_name'])
    expect(visibleIn(await presentSdJwt(one, to))).not.toHaveProperty('given_name')
  })

  it('may be presented twice, to other verifiers', async () => {
    const one = preview()
    const sent = await Promise.all([
      presentSdJwt(one, to),
      presentSdJwt(one, { ...to, audience: 'https://other.example', nonce: 'second' }),
    ])
    const parts = sent.map(text => splitSdJwt(text))
    expect(parts[0]!.presented).toBe(parts[1]!.presented)
    const bindings = parts.map(({ keyBinding }) => decodeKeyBinding(keyBinding!))
    expect(bindings.map(({ payload }) => [payload.aud, payload.nonce])).toEqual([
      [audience, nonce],
      ['https://other.example', 'second'],
    ])
  })

  it('altered or made by hand is not presented', async () => {
    const one = preview()
    const forgeries: unknown[] = [
      { ...one },
      { ...one, fields: one.fields.slice(1) },
      JSON.parse(JSON.stringify(one)),
      Object.create(one),
      new Proxy(one, {}),
      { fields: [], missing: [] },
    ]
    for (const shown of forgeries)
      expect(await refusal(() => presentSdJwt(shown as Preview, to))).toMatch(/^TypeError: `preview`/)
    expect(() => Object.assign(one.fields[0]!, { value: 'x' })).toThrow(TypeError)
  })
})

describe('a presentation', () => {
  it('is signed for one verifier, one request and one moment, over what is presented', async () => {
    const sent = await presentSdJwt(credential, { disclose: [['family_name']], ...to })
    const { presented, keyBinding } = splitSdJwt(sent)
    const jws = decodeKeyBinding(keyBinding!)
    expect(jws.header).toEqual({ typ: 'kb+jwt', alg: 'ES256' })
    expect(jws.payload).toEqual({ iat: seconds, aud: audience, nonce, sd_hash: await sdHash(presented, 'sha-256') })
  })

  it('of nothing shows nothing that can be hidden', async () => {
    const sent = await presentSdJwt(credential, { disclose: [], ...to })
    expect(splitSdJwt(sent).disclosures).toEqual([])
    expect(visibleIn(sent)).not.toHaveProperty('family_name')
  })

  it('takes field names with their passport, among paths', async () => {
    const disclose = ['familyName', 'birthTown', ['languages', null]] as const
    const sent = await presentSdJwt(credential, { passport: guildCard, disclose, ...to })
    expect(visibleIn(sent)).toMatchObject({
      family_name: 'Specimen',
      place_of_birth: { locality: 'Utopia' },
      languages: record.languages,
    })
  })

  it('leaves a key binding behind that came with the credential', async () => {
    const sent = await presentSdJwt(world.presentation, { disclose: [['family_name']], ...to, nonce: 'fresh' })
    expect(decodeKeyBinding(splitSdJwt(sent).keyBinding!).payload.nonce).toBe('fresh')
  })

  it('of something that is not in the credential is refused, naming the place in the choice', async () => {
    const disclose: ClaimPath[] = [['family_name'], ['nothing'], ['languages', 9]]
    const error = await presentSdJwt(credential, { disclose, ...to }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'presentation_claim_unknown', at: 'disclose[1]' })
    const { birthTown: _town, ...homeless } = record
    const issued = await issueSdJwtCredential(guildCard, homeless, {
      issuer,
      signer: world.signer,
      holderKey: holder.publicJwk,
      now,
    })
    expect(await refusal(() => presentSdJwt(issued, { passport: guildCard, disclose: ['birthTown'], ...to }))).toBe(
      'presentation_claim_unknown',
    )
  })

  it('is made by the key of the credential and no other', async () => {
    const other = await generateSigner('ES256')
    const spied = vi.fn(other.sign)
    const one = previewPresentation(credential, { disclose: [] })
    for (const shown of [one, previewPresentation(prepareSdJwt(credential), { disclose: [] })])
      expect(await refusal(() => presentSdJwt(shown, { ...to, signer: { ...other, sign: spied } }))).toBe(
        'presentation_not_bound',
      )
    expect(spied).not.toHaveBeenCalled()
    const unbound = await forge(world, { payload: { cnf: undefined }, binding: false })
    expect(await refusal(() => presentSdJwt(unbound, { disclose: [], ...to }))).toBe('presentation_not_bound')
    for (const cnf of [7, null, {}, { kid: 'x' }])
      expect(
        await refusal(async () =>
          presentSdJwt(await forge(world, { payload: { cnf }, binding: false }), { disclose: [], ...to }),
        ),
      ).toBe('presentation_not_bound')
    const broken = await forge(world, { payload: { cnf: { jwk: { kty: 'oct' } } }, binding: false })
    expect(await refusal(() => presentSdJwt(broken, { disclose: [], ...to }))).toBe('key_invalid')
  })

  it('takes a signer that is asked for each time', async () => {
    const source = vi.fn<() => Promise<Signer>>().mockResolvedValue(holder)
    const one = previewPresentation(credential, { disclose: [] })
    await presentSdJwt(one, { ...to, signer: source })
    await presentSdJwt(one, { ...to, signer: source })
    expect(source).toHaveBeenCalledTimes(2)
  })

  it('hashes with the hash of the credential', async () => {
    const packed = await packSdJwt(
      { vct: 'v', cnf: { jwk: { ...holder.publicJwk } }, name: 'Ana' } as unknown as JsonObject,
      { hide: [['name']], hash: 'sha-512' },
    )
    const jwt = await sign('{"alg":"ES256","typ":"dc+sd-jwt"}', JSON.stringify(packed.payload), world.signer)
    const sent = await presentSdJwt([jwt, ...packed.disclosures, ''].join('~'), { disclose: [['name']], ...to })
    const { presented, keyBinding } = splitSdJwt(sent)
    expect(decodeKeyBinding(keyBinding!).payload.sd_hash).toBe(await sdHash(presented, 'sha-512'))
  })
})

describe('a prepared credential', () => {
  it('is frozen, and is the one that was prepared', async () => {
    const prepared = prepareSdJwt(credential)
    expect(prepared).toEqual({ credential })
    expect(Object.isFrozen(prepared)).toBe(true)
    expect(await refusal(() => presentSdJwt({ ...prepared }, { disclose: [], ...to }))).toMatch(
      /^TypeError: `credential`/,
    )
  })
})

describe('a credential that is malformed', () => {
  const rows: readonly (readonly [string, () => string | Promise<string>, string])[] = [
    ['is no SD-JWT', () => 'x', 'sd_jwt_malformed'],
    ['is a plain JWT', () => credential.split('~')[0]!, 'sd_jwt_malformed'],
    ['is of another type', () => forge(world, { header: { typ: 'vp+sd-jwt' } }), 'jws_type_mismatch'],
    [
      'has a disclosure that nothing stands for',
      () => `${credential}${encode('["s","x",1]')}~`,
      'sd_jwt_unused_disclosure',
    ],
    ['has another character', () => credential.replace('.', '.='), 'encoding_invalid'],
  ]
  for (const [title, make, code] of rows)
    it(`is neither prepared nor shown when it ${title}`, async () => {
      const text = await make()
      expect(await refusal(() => prepareSdJwt(text))).toBe(code)
      expect(await refusal(() => previewPresentation(text, { disclose: [] }))).toBe(code)
      expect(await refusal(() => presentSdJwt(text, { disclose: [], ...to }))).toBe(code)
    })
})

describe('options that are wrong', () => {
  it('are a TypeError that names them', async () => {
    const refused = async (work: () => unknown, argument: string) =>
      expect(await refusal(work)).toContain(`TypeError: \`${argument}\``)
    for (const wrong of [undefined, null, 7, new Uint8Array(4), ['x']]) {
      await refused(() => prepareSdJwt(wrong as never), 'credential')
      await refused(() => previewSdJwt(wrong as never, { disclose: [] }), 'credential')
      await refused(() => presentSdJwt(wrong as never, { disclose: [], ...to }), 'credential')
    }
    await refused(() => previewPresentation({ credential }, { disclose: [] }), 'credential')
    for (const wrong of [undefined, null, 7]) {
      await refused(() => previewPresentation(credential, wrong as never), 'options')
      await refused(() => presentSdJwt(credential, wrong as never), 'options')
    }
    for (const disclose of [undefined, null, 'familyName', {}, ['familyName']]) {
      await refused(() => previewPresentation(credential, { disclose } as never), 'disclose')
      await refused(() => presentSdJwt(credential, { disclose, ...to } as never), 'disclose')
    }
    for (const field of ['shoeSize', 'toString', '__proto__'])
      await refused(
        () => previewPresentation(credential, { passport: guildCard, disclose: [field] as never }),
        'disclose',
      )
    for (const path of [[], [{}], [-1], [1.5], [undefined]])
      await refused(() => previewPresentation(credential, { disclose: [path] as never }), 'disclose[0]')
    for (const wrong of [undefined, null, '', 7, ['x']]) {
      await refused(() => presentSdJwt(credential, { disclose: [], ...to, audience: wrong as never }), 'audience')
      await refused(() => presentSdJwt(credential, { disclose: [], ...to, nonce: wrong as never }), 'nonce')
    }
    for (const wrong of [undefined, null, {}, holder.publicJwk])
      await refused(() => presentSdJwt(credential, { disclose: [], ...to, signer: wrong as never }), 'signer')
    await refused(() => presentSdJwt(credential, { disclose: [], ...to, now: () => new Date(Number.NaN) }), 'now')
  })
})
