/** A history as the citizen reads it, in their language. */
import { expect, it } from 'vitest'
import type { AuditAct } from '../../src/audit/act.js'
import { type VerifiedHistory, verifyHistory } from '../../src/audit/history.js'
import { actKinds } from '../../src/audit/kinds.js'
import { renderHistory } from '../../src/audit/letter.js'
import type { Catalogue } from '../../src/wording/catalogue.js'
import { english } from '../../src/wording/english.js'
import { russian } from '../../src/wording/russian.js'
import { world } from './world.js'

async function historyOf(acts: readonly AuditAct[], subject = 'passport 7', kinds = {}): Promise<VerifiedHistory> {
  const { log, clock } = await world({ kinds })
  await log.append({ kind: 'issue', actor: 'system', reason: 'first_issue', subject: 'another' })
  for (const [day, act] of acts.entries()) {
    clock.now = new Date(Date.UTC(2027, day, 28 + day, 23, 59, 5))
    await log.append({ ...act, subject })
  }
  const verdict = await verifyHistory(JSON.parse(JSON.stringify(await log.history(subject))), {
    logKey: log.verifierKey,
  })
  if (!verdict.ok) throw new Error(verdict.code)
  return verdict
}

const life: readonly AuditAct[] = [
  { kind: 'issue', actor: 'system', reason: 'first_issue', passport: 'citizen-passport', format: 'dc+sd-jwt' },
  {
    kind: 'consent_given',
    actor: 'holder',
    reason: 'holder_request',
    purpose: 'account_opening',
    consentDigest: 'A'.repeat(43),
  },
  { kind: 'revoke', actor: 'operator', reason: 'lost', outcome: 'approved', statusValue: 'invalid' },
]
const history = await historyOf(life)

it('reads as sentences in English', () => {
  expect(renderHistory(history)).toBe(`What the log passport.example/log says of passport 7.
1. 28 January 2027, 23:59:05 UTC: The passport was issued. Document: internal passport. By: the system, without a person. Reason: first issue. Entry no. 1.
2. 1 March 2027, 23:59:05 UTC: Consent was given. By: the holder. Reason: at the holder’s request. Purpose: opening an account. Entry no. 2.
3. 30 March 2027, 23:59:05 UTC: The passport was revoked for good. By: an officer. Reason: lost. Outcome: approved. Status: invalid for good. Entry no. 3.
Every act above stands in the log as it is told here and is about this subject; the log had 4 entries when it signed. Whether an act is missing above, this cannot show.`)
  expect(renderHistory(history, english)).toBe(renderHistory(history))
})

it('reads as sentences in Russian', () => {
  expect(renderHistory(history, russian)).toBe(`Что говорит журнал passport.example/log о passport 7.
1. 28 января 2027 г., 23:59:05 UTC: Паспорт выпущен. Документ: паспорт гражданина. Кто: система, без участия человека. Причина: первая выдача. Запись № 1.
2. 1 марта 2027 г., 23:59:05 UTC: Дано согласие. Кто: владелец. Причина: по просьбе владельца. Цель: открытие счёта. Запись № 2.
3. 30 марта 2027 г., 23:59:05 UTC: Паспорт отозван окончательно. Кто: сотрудник. Причина: утрата. Итог: одобрено. Статус: недействителен окончательно. Запись № 3.
Всё названное выше стоит в журнале именно так и относится к этому субъекту; когда журнал подписал своё состояние, записей в нём было 4. Нет ли пропусков, проверить этим нельзя.`)
})

it('shows a word that nobody has worded as it is, whatever it is called', async () => {
  const acts = [{ kind: 'constructor', actor: 'to_string', reason: 'value_of', purpose: 'has', outcome: 'done' }]
  const own = await historyOf(acts, 'passport 7', { constructor: { required: ['subject'] } })
  for (const catalogue of [english, russian]) {
    const line = renderHistory(own, catalogue).split('\n')[1]!
    for (const word of ['constructor.', 'to_string.', 'value_of.', 'has.', 'done.']) expect(line).toContain(` ${word}`)
  }
})

it('takes other words by spreading, and a catalogue that has none for the log reads as in English', () => {
  const log = { ...russian.log!, actors: { ...russian.log!.actors, operator: 'инспектор' } }
  expect(renderHistory(history, { ...russian, log })).toContain('Кто: инспектор.')
  const { log: _, ...plain } = russian
  expect(renderHistory(history, plain satisfies Catalogue)).toBe(renderHistory(history))
})

it('lets no subject write lines of its own, or turn the text around', async () => {
  const forged = await historyOf([life[0]!], 'passport 7.\n2. 1 May: all is well\u2028\u202e\u0085\u0000.')
  const text = renderHistory(forged)
  expect(text.split(/\r|\n|\u2028|\u2029|\u0085/)).toHaveLength(3)
  expect(text).not.toMatch(/[\u202e\0]/)
  expect(text).toContain('passport 7.\ufffd2. 1 May')
})

it('holds nothing of the commitments, nor the key', () => {
  for (const entry of history.entries)
    for (const value of [entry.subject, entry.salt, entry.previous]) expect(renderHistory(history)).not.toContain(value)
})

it('is made of a verified history and of nothing else', () => {
  for (const value of [undefined, null, {}, { ok: false, code: 'audit_inclusion_invalid' }, { ok: true }, 'history'])
    expect(() => renderHistory(value as VerifiedHistory)).toThrow(TypeError)
})

it.each([english, russian])('has words in $locale for every kind and status that a log knows', ({ log }) => {
  expect(Object.keys(log!.kinds)).toEqual(Object.keys(actKinds))
  expect(Object.keys(log!.statuses).sort()).toEqual(['invalid', 'suspended', 'valid'])
  expect(log!.months).toHaveLength(12)
})

it('has the same words in both languages, each different, and no English in the Russian ones', () => {
  for (const part of ['kinds', 'actors', 'reasons', 'purposes', 'outcomes', 'statuses', 'passports'] as const) {
    expect(Object.keys(russian.log![part])).toEqual(Object.keys(english.log![part]))
    for (const { log } of [english, russian]) {
      const texts = Object.values(log![part])
      expect(new Set(texts).size, part).toBe(texts.length)
      for (const text of texts) expect(text).not.toMatch(/[.[\]{}]$/)
    }
    for (const text of Object.values(russian.log![part])) expect(text).not.toMatch(/[a-z]/i)
  }
})
