/** Type metadata: what a definition tells others of its type. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { utf8 } from '../../src/core/bytes.js'
import { parseTypeMetadata } from '../../src/formats/sd-jwt/type-metadata.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import { euPid } from '../../src/passport/eu-pid.js'
import { innCard } from '../../src/passport/inn-card.js'
import { mdl } from '../../src/passport/mdl.js'
import { photoId } from '../../src/passport/photo-id.js'
import type { PassportProfile, ProfileField } from '../../src/passport/profile.js'
import { snilsCard } from '../../src/passport/snils-card.js'
import { travelPassport } from '../../src/passport/travel.js'
import { metadataIntegrity, typeMetadata } from '../../src/passport/type-metadata.js'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { vehicleExtractPassport } from '../../src/passport/vehicle-extract.js'
import { isDeepFrozen } from '../refusal.js'

const shipped: readonly PassportProfile[] = [
  citizenPassport,
  travelPassport,
  vehiclePassport,
  vehicleExtractPassport,
  snilsCard,
  innCard,
  euPid,
  mdl,
  photoId,
]

const card = definePassport({
  name: 'library-card',
  label: { en: 'Library card', ru: 'Читательский билет' },
  vct: ['https://library.example/card/2', 'https://library.example/card/1'],
  docType: 'example.library.card.1',
  fields: {
    reader: { schema: z.string(), claim: 'reader', label: { en: 'Reader', ru: 'Читатель' } },
    number: { schema: z.string(), claim: ['card', 'number'], hide: false },
    shelves: { schema: z.array(z.string()), claim: 'shelves', hide: 'each', optional: true },
    address: { schema: z.object({ town: z.string() }), claim: 'address', hide: 'each', optional: true },
    onPaper: { schema: z.string(), element: ['example.library.card.1', 'on_paper'] },
  },
  derived: { isAdult: { derive: () => true, claim: ['age_equal_or_over', '18'] } },
})

describe('type metadata', () => {
  it('tells of every claim what it is called, whether it must be there and whether it may be hidden', () => {
    expect(typeMetadata(card)).toEqual({
      vct: 'https://library.example/card/2',
      name: 'library-card',
      display: [
        { locale: 'en', name: 'Library card' },
        { locale: 'ru', name: 'Читательский билет' },
      ],
      claims: [
        {
          path: ['reader'],
          display: [
            { locale: 'en', label: 'Reader' },
            { locale: 'ru', label: 'Читатель' },
          ],
          mandatory: true,
          sd: 'always',
        },
        { path: ['card', 'number'], mandatory: true, sd: 'never' },
        { path: ['shelves'], mandatory: false, sd: 'always' },
        { path: ['shelves', null], mandatory: false, sd: 'always' },
        { path: ['address'], mandatory: false, sd: 'always' },
        { path: ['age_equal_or_over', '18'], mandatory: true, sd: 'always' },
      ],
    })
  })

  it('tells what else it is told', () => {
    const integrity = 'sha256-ilOUJsTultOwLfz7QUcFALaRa3BP/jelX1ds04kB9yU='
    expect(
      typeMetadata(card, {
        vct: 'https://library.example/card/1',
        description: 'Cards of the first edition',
        descriptions: { ru: 'Для чтения дома' },
        extends: { vct: 'https://library.example/any', integrity },
      }),
    ).toMatchObject({
      vct: 'https://library.example/card/1',
      description: 'Cards of the first edition',
      display: [
        { locale: 'en', name: 'Library card' },
        { locale: 'ru', name: 'Читательский билет', description: 'Для чтения дома' },
      ],
      extends: 'https://library.example/any',
      'extends#integrity': integrity,
    })
    expect(typeMetadata(card, { extends: { vct: 'urn:any' } })).not.toHaveProperty('extends#integrity')
  })

  it('is plain JSON, frozen, the same from the profile', () => {
    const metadata = typeMetadata(card)
    expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata)
    expect(isDeepFrozen(metadata)).toBe(true)
    expect(typeMetadata(profileOf(card))).toEqual(metadata)
  })

  it('has no names where the passport has none', () => {
    const nameless = definePassport({
      name: 'x',
      vct: 'urn:x',
      docType: [],
      fields: { born: { as: 'date', claim: 'born' } },
    })
    expect(typeMetadata(nameless)).toEqual({
      vct: 'urn:x',
      name: 'x',
      claims: [{ path: ['born'], mandatory: true, sd: 'always' }],
    })
  })

  it.each<[string, () => unknown, string]>([
    ['a type that is not its own', () => typeMetadata(card, { vct: 'urn:other' }), '`vct`'],
    ['a passport without such a type', () => typeMetadata(mdl), '`vct`'],
    ['a type that refines itself', () => typeMetadata(card, { extends: { vct: card.vct[0]! } }), '`extends`'],
    ['no type to refine', () => typeMetadata(card, { extends: { vct: '' } }), '`extends.vct`'],
    [
      'an integrity in base64url',
      () => typeMetadata(card, { extends: { vct: 'urn:x', integrity: 'sha256-a_b-' } }),
      '`extends.integrity`',
    ],
    [
      'an integrity of no algorithm',
      () => typeMetadata(card, { extends: { vct: 'urn:x', integrity: 'md5-aaaa' } }),
      '`extends.integrity`',
    ],
    [
      'a description in a language without name',
      () => typeMetadata(card, { descriptions: { fr: 'x' } }),
      '`descriptions`',
    ],
  ])('is misuse for %s', (_, work, argument) => {
    expect(work).toThrow(TypeError)
    expect(work).toThrow(argument)
  })
})

describe('every shipped passport', () => {
  it.each(shipped)('$name has Russian and English names for itself and for every field', ({ label, fields }) => {
    for (const labels of [label, ...Object.values<ProfileField>(fields).map(field => field.label)]) {
      expect(Object.keys(labels ?? {}).sort()).toEqual(['en', 'ru'])
      expect(labels?.['ru']).toMatch(/[А-ЯЁ]/)
      expect(labels?.['en']).toMatch(/^[\x20-\x7e³]+$/)
    }
  })

  it.each(shipped.filter(({ vct }) => vct.length > 0))('$name has type metadata with all its claims', definition => {
    const { vct, claims, display } = typeMetadata(definition)
    expect(vct).toBe(definition.vct[0])
    expect(display?.map(({ locale }) => locale).sort()).toEqual(['en', 'ru'])
    const paths = claims.map(({ path }) => JSON.stringify(path))
    expect(new Set(paths).size).toBe(paths.length)
    expect(parseTypeMetadata(JSON.stringify(typeMetadata(definition)))).toEqual({ ...typeMetadata(definition) })
    for (const { claim } of Object.values<ProfileField>(definition.fields))
      expect(paths).toContain(JSON.stringify(claim))
  })
})

describe('the integrity of metadata', () => {
  it('is that of the W3C form, over exactly these bytes', async () => {
    expect(await metadataIntegrity(utf8(''))).toBe('sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
    expect(await metadataIntegrity(utf8('{}'))).toBe('sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=')
    expect(await metadataIntegrity(utf8('{} '))).not.toBe(await metadataIntegrity(utf8('{}')))
  })

  it('may be of a longer hash', async () => {
    expect(await metadataIntegrity(utf8(''), { hash: 'sha-384' })).toMatch(/^sha384-[A-Za-z\d+/]{64}$/)
    expect(await metadataIntegrity(utf8(''), { hash: 'sha-512' })).toMatch(/^sha512-[A-Za-z\d+/]{86}==$/)
  })

  it('is what `extends` takes', async () => {
    const integrity = await metadataIntegrity(utf8(JSON.stringify(typeMetadata(card))))
    const base = { vct: card.vct[0]!, integrity }
    const { vct, ...fields } = {
      vct: 'urn:x',
      name: 'x',
      docType: [],
      fields: { born: { as: 'date' as const, claim: 'born' } },
    }
    expect(typeMetadata(definePassport({ vct, ...fields }), { extends: base })['extends#integrity']).toBe(integrity)
  })

  it('is misuse for text, or for a hash that is none', async () => {
    await expect(metadataIntegrity('{}' as unknown as Uint8Array)).rejects.toThrow('`bytes`')
    await expect(metadataIntegrity(utf8(''), { hash: 'sha-1' as 'sha-256' })).rejects.toThrow('`hash`')
  })
})
