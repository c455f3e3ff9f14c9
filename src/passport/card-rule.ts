/** What cards about one number of a person have in common: whose it is, and when it was given. */
import { isAfter, latestDate } from './calendar.js'
import type { RuleIssue } from './record-parser.js'
import { cyrillicName, dateAsTyped, freeText, sex } from './schemas.js'

/** Schemas of the fields about the person. */
export const personSchemas = () => ({
  familyName: cyrillicName(),
  givenName: cyrillicName(),
  patronymic: cyrillicName(),
  birthDate: dateAsTyped(),
  birthPlace: freeText(500),
  sex: sex(),
  registrationDate: dateAsTyped(),
})

interface CardDates {
  readonly birthDate?: string | undefined
  readonly registrationDate?: string | undefined
}

/** Registered after birth, neither of them still to come where a clock was given. */
export function* checkCard(card: CardDates, now: Date | undefined): Generator<RuleIssue> {
  const today = now === undefined ? undefined : latestDate(now)
  for (const field of ['birthDate', 'registrationDate'] as const)
    if (isAfter(card[field], today)) yield { path: [field], code: 'range' }
  if (isAfter(card.birthDate, card.registrationDate)) yield { path: ['registrationDate'], code: 'order' }
}
