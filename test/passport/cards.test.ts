/** SNILS and INN as credentials of their own. */
import { describe, expect, it } from 'vitest'
import { profileOf } from '../../src/passport/definition.js'
import { innCard } from '../../src/passport/inn-card.js'
import { innCardProfile } from '../../src/passport/inn-card-profile.js'
import innCardProfileSource from '../../src/passport/inn-card-profile.ts?raw'
import { snilsCard } from '../../src/passport/snils-card.js'
import { snilsCardProfile } from '../../src/passport/snils-card-profile.js'
import snilsCardProfileSource from '../../src/passport/snils-card-profile.ts?raw'
import { inBothForms } from './forms.js'
import { brief } from './support.js'

const person = {
  familyName: 'Образцова',
  givenName: 'Мария',
  patronymic: 'Петровна',
  birthDate: '1990-05-14',
  birthPlace: 'гор. Примерск',
  sex: 2,
  registrationDate: '2004-06-01',
}

describe.each([
  {
    card: snilsCard,
    profile: snilsCardProfile,
    source: snilsCardProfileSource,
    record: { ...person, snils: '112-233-445 95' },
    kept: { ...person, snils: '11223344595' },
    wrong: { snils: '112-233-445 96' },
    number: 'snils',
  },
  {
    card: innCard,
    profile: innCardProfile,
    source: innCardProfileSource,
    record: { ...person, inn: '671798520932', registrationAuthority: 'ИФНС № 1' },
    kept: { ...person, inn: '671798520932', registrationAuthority: 'ИФНС № 1' },
    wrong: { inn: '671798520933' },
    number: 'inn',
  },
])('the card with $number', ({ card, profile, source, record, kept, wrong, number }) => {
  const issuesOf = (changes: object, now?: () => Date) => {
    const result = card.safeParse({ ...record, ...changes }, { now })
    return result.ok ? [] : brief(result.issues)
  }

  it('says the same in both forms', () => {
    const { values, fromJson, fromMdoc } = inBothForms<string, object, object>(card, record, '2026-11-22')
    expect(values).toEqual(kept)
    expect(fromJson).toEqual({ claims: kept, other: {} })
    expect(fromMdoc).toEqual({ claims: kept, other: {} })
  })

  it('has a profile of its own, named in Russian and English', () => {
    expect(profileOf<string, object>(card)).toMatchObject(profile)
    expect(profile.status).toBe('required')
    for (const type of [...profile.vct, ...profile.docType])
      expect(type).toContain(`ru${type.startsWith('urn') ? ':' : '.'}${number}`)
    for (const labels of [card.label, ...Object.values(card.fields).map(({ label }) => label)])
      expect(Object.keys(labels ?? {}).sort()).toEqual(['en', 'ru'])
    const imports = [...source.matchAll(/^import (type )?.* from '(.*)'$/gm)]
    expect(imports.filter(([, type]) => type === undefined).map(([, , path]) => path)).toEqual(['../core/freeze.js'])
  })

  it('needs the number and whose it is', () => {
    for (const field of [number, 'familyName', 'givenName', 'birthDate'])
      expect(issuesOf({ [field]: undefined })).toEqual([`${field} required`])
    for (const field of Object.keys(record).filter(
      name => !['familyName', 'givenName', 'birthDate', number].includes(name),
    ))
      expect(issuesOf({ [field]: undefined })).toEqual([])
  })

  it.each<[string, object, string]>([
    ['a number that was mistyped', wrong, `${number} checksum`],
    ['a name in Latin letters', { familyName: 'Obraztsova' }, 'familyName charset'],
    ['a name in two scripts', { givenName: 'Mария' }, 'givenName mixed_script'],
    ['a patronymic of digits', { patronymic: '1' }, 'patronymic charset'],
    ['a day that does not exist', { birthDate: '1990-02-30' }, 'birthDate calendar'],
    ['a birth place without end', { birthPlace: 'я'.repeat(501) }, 'birthPlace length'],
    ['a third sex', { sex: 3 }, 'sex range'],
    ['a registration before birth', { registrationDate: '1990-05-13' }, 'registrationDate order'],
    ['a registration on no day', { registrationDate: '31.06.2004' }, 'registrationDate calendar'],
    ['a series', { series: '0010' }, 'series unknown_field'],
  ])('is refused for %s', (_, change, issue) => {
    expect(issuesOf(change)).toEqual([issue])
  })

  it('is refused for what is still to come, where a clock was given', () => {
    expect(issuesOf({}, () => new Date('1980-01-01T00:00:00Z'))).toEqual(['birthDate range', 'registrationDate range'])
  })
})

it('is refused for a tax authority without end', () => {
  const result = innCard.safeParse({ ...person, inn: '671798520932', registrationAuthority: 'я'.repeat(301) })
  expect(result.ok ? [] : brief(result.issues)).toEqual(['registrationAuthority length'])
})
