import { describe, expect, expectTypeOf, it } from 'vitest'
import { type Issue, VidimusError } from '../../src/errors.js'
import type { Check } from '../../src/verification/checks.js'
import type { Verdict } from '../../src/verification/verdict.js'
import type { Catalogue } from '../../src/wording/catalogue.js'
import { english } from '../../src/wording/english.js'
import { type Explainable, explain } from '../../src/wording/explain.js'
import { russian } from '../../src/wording/russian.js'

const passed = { id: 'structure', outcome: 'passed', clause: 'RFC 9901 §4' } as const
const tooOld = {
  id: 'key_binding_time',
  outcome: 'failed',
  clause: 'RFC 9901 §7.3',
  code: 'key_binding_too_old',
  expected: 300,
  actual: 4000,
} as const
const waived = { id: 'status', outcome: 'skipped', clause: 'TSL §8.3', code: 'status_not_checked' } as const
const absent = { id: 'status_reference', outcome: 'skipped', clause: 'TSL §6.2', code: 'not_present' } as const

describe('a verdict', () => {
  it('in favour is a short sentence', () => {
    expect(explain({ ok: true, checks: [passed, absent] })).toBe('Verification passed.')
    expect(explain({ ok: true, checks: [passed] }, russian)).toBe('Проверка пройдена.')
  })

  it('in favour names the checks that were waived', () => {
    const waivedToo = { ...waived, id: 'certificate_revocation', code: 'certificate_revocation_not_checked' }
    expect(explain({ ok: true, checks: [passed, absent, waived, waivedToo] })).toBe(
      "Verification passed. Not checked: Status at the issuer, Revocation of the signer's certificate.",
    )
    expect(explain({ ok: true, checks: [waived] }, russian)).toBe('Проверка пройдена. Не проверено: Статус у издателя.')
  })

  it('against says what is wrong and what to do, with the facts of the check that failed', () => {
    const verdict = { ok: false, code: 'key_binding_too_old', checks: [passed, tooOld, waived] }
    expect(explain(verdict)).toBe(
      'The presentation was made too long ago: at most 300 s, it is 4000 s old. Ask the holder to present again.',
    )
    expect(explain(verdict, russian)).toBe(
      'Предъявление составлено слишком давно: допустимо не более 300 с, прошло 4000 с. ' +
        'Попросите предъявить документ ещё раз.',
    )
  })

  it('against takes no facts from another check', () => {
    const other = { ...tooOld, code: 'key_binding_in_future' }
    expect(explain({ ok: false, code: 'key_binding_too_old', checks: [other] })).toBe(
      'The presentation was made too long ago. Ask the holder to present again.',
    )
    const merelySkipped = { ...tooOld, outcome: 'skipped' } as const
    expect(explain({ ok: false, code: 'key_binding_too_old', checks: [merelySkipped] })).not.toContain('300')
  })

  it('without any code says at least that it failed', () => {
    expect(explain({ ok: false })).toBe('Verification failed.')
    expect(explain({ ok: false, issues: [] })).toBe('Verification failed.')
    expect(explain({ ok: false }, russian)).toBe('Проверка не пройдена.')
  })
})

describe('a check', () => {
  it('says how it came out', () => {
    expect(explain(passed)).toBe('Structure: passed.')
    expect(explain(tooOld)).toMatch(/^Time of presentation: failed\. The presentation was made too long ago/)
    expect(explain(waived)).toMatch(/^Status at the issuer: not checked\. The status was left unchecked/)
    expect(explain(absent, russian)).toBe('Ссылка на статус: не проверялось. Проверять нечего.')
  })

  it('that nobody has worded goes by its id', () => {
    expect(explain({ id: 'phase_of_moon', outcome: 'passed' })).toBe('phase_of_moon: passed.')
    expect(explain({ id: 'phase_of_moon', outcome: 'failed' })).toBe('phase_of_moon: failed.')
  })
})

describe('an issue', () => {
  const issue = { path: ['address', 'locality'], code: 'required', message: 'address.locality is required' }

  it('names the field by its label in the language of the catalogue', () => {
    const label = { en: 'Town', ru: 'Населённый пункт' }
    expect(explain({ ...issue, label })).toBe('Town: the value is missing.')
    expect(explain({ ...issue, label }, russian)).toBe('Населённый пункт: значение не указано.')
  })

  it('finds a label by the language alone when the catalogue is regional', () => {
    const regional = { ...russian, locale: 'ru-RU' }
    expect(explain({ ...issue, label: { ru: 'Город' } }, regional)).toBe('Город: значение не указано.')
    expect(explain({ ...issue, label: { ru: 'Город', 'ru-RU': 'Населённый пункт' } }, regional)).toMatch(/^Населённый/)
  })

  it('falls back on the names of the catalogue, the English label, then the path', () => {
    const named = { ...russian, fields: { 'address.locality': 'Город' } }
    expect(explain({ ...issue, label: { en: 'Town' } }, named)).toBe('Город: значение не указано.')
    expect(explain({ ...issue, label: { en: 'Town' } }, russian)).toBe('Town: значение не указано.')
    expect(explain(issue, russian)).toBe('address.locality: значение не указано.')
  })

  it('with the record as a whole needs no name', () => {
    expect(explain({ path: [], code: 'order' })).toBe('The dates are in the wrong order.')
  })

  it('comes one per line when there are several', () => {
    const issues = [issue, { path: ['birthDate'], code: 'calendar', message: '' }]
    expect(explain({ ok: false, issues })).toBe(
      'address.locality: the value is missing.\nbirthDate: there is no such date in the calendar.',
    )
    expect(explain(new VidimusError('passport_invalid', { issues: [] }))).toMatch(/^The record has/)
    expect(explain({ ok: false, code: 'passport_invalid', issues }).split('\n')).toHaveLength(3)
  })
})

describe('anything with a code', () => {
  it('is worded: an error, a result of the log, a result of a validator', () => {
    const error = new VidimusError('limit_exceeded', { at: 'depth', expected: 16, actual: 17 })
    expect(explain(error)).toMatch(/: limit depth, at most 16, received 17\. /)
    expect(explain({ ok: false, code: 'audit_inclusion_invalid' }, russian)).toMatch(/^Доказательство не подтверждает/)
    expect(explain({ ok: false, code: 'checksum' })).toBe('The check digit is wrong; the number may be mistyped.')
  })

  it('that nobody has worded goes by its code', () => {
    expect(explain({ code: 'from_the_future' })).toBe('from_the_future')
    expect(explain({ path: ['a'], code: 'from_the_future' })).toBe('from_the_future')
    for (const code of ['constructor', '__proto__', 'toString']) {
      expect(explain({ code })).toBe(code)
      expect(explain({ id: code, outcome: 'passed' })).toBe(`${code}: passed.`)
      expect(explain({ path: [code], code: 'required', label: {} })).toMatch(/the value is missing\.$/)
    }
  })

  it('prints a fact only when it is there, and only text or a number', () => {
    const bare = 'The document came in a format that was not asked for. Ask for it in an expected format.'
    for (const expected of [undefined, '', null, true, { a: 1 }, ['mso_mdoc'], Symbol('x')])
      expect(explain({ code: 'format_not_expected', expected })).toBe(bare)
    expect(explain({ code: 'format_not_expected', actual: 0 })).toContain('; received: 0.')
    expect(explain({ code: 'format_not_expected', expected: 'a', actual: 'b' })).toContain(
      '; expected: a; received: b.',
    )
  })

  it('never reads a fact as a template', () => {
    expect(explain({ code: 'format_not_expected', expected: '[{actual}] $& $1', actual: 'b' })).toContain(
      '; expected: [{actual}] $& $1; received: b.',
    )
  })

  it('names a claim by the catalogue where it has a name for it', () => {
    const named = { ...english, fields: { birthDate: 'date of birth' } }
    expect(explain({ code: 'required_claim_missing', at: 'birthDate' }, named)).toMatch(/: date of birth\. /)
    expect(explain({ code: 'required_claim_missing', at: 'birthDate' })).toMatch(/: birthDate\. /)
    expect(explain({ code: 'required_claim_missing' })).toMatch(/^Information that you require was not shown\. /)
  })
})

it('follows a catalogue that was changed by spreading', () => {
  const own: Catalogue = {
    ...english,
    codes: { ...english.codes, credential_expired: { title: 'Too old, mate.' } },
    checks: { ...english.checks, moon: 'Phase of the moon' },
  }
  expect(explain({ ok: false, code: 'credential_expired' }, own)).toBe('Too old, mate.')
  expect(explain({ id: 'moon', outcome: 'passed' }, own)).toBe('Phase of the moon: passed.')
})

it('takes verdicts, checks, issues and errors as they are', () => {
  expectTypeOf<Verdict>().toExtend<Explainable>()
  expectTypeOf<Check>().toExtend<Explainable>()
  expectTypeOf<Issue>().toExtend<Explainable>()
  expectTypeOf<VidimusError>().toExtend<Explainable>()
  expectTypeOf<string>().not.toExtend<Explainable>()
})

it('refuses to explain what is no subject', () => {
  for (const subject of [undefined, null, 1, 'credential_expired', {}, { code: 5 }])
    expect(() => explain(subject as unknown as Explainable)).toThrow(
      new TypeError('`subject` must be a verdict, a check, an issue or an error with a `code`'),
    )
})
