/** Parts of a name that may have been entered into each other's places. */
import { expectObject } from '../../core/arguments.js'

/** The parts as they were entered; any may be missing. */
export interface NameParts {
  readonly familyName?: string | null | undefined
  readonly givenName?: string | null | undefined
  readonly patronymic?: string | null | undefined
}

/**
 * Which part looks like the patronymic when the patronymic does not: a hint for whoever fills in a form, never a refusal.
 * Surnames like Абрамович are left alone where the patronymic looks like one, or is missing and the name does not.
 * @example nameOrder({ familyName: 'Юлия', givenName: 'Сергеевна', patronymic: 'Образцова' }) // 'givenName'
 */
export function nameOrder(parts: NameParts): 'familyName' | 'givenName' | undefined {
  expectObject(parts, 'parts')
  const { familyName, givenName, patronymic } = parts
  if (looksLikePatronymic(patronymic)) return undefined
  if (looksLikePatronymic(givenName)) return 'givenName'
  return patronymic && looksLikePatronymic(familyName) ? 'familyName' : undefined
}

/** Whether a name ends as patronymics do: -ич, -вна, -ична, and the particles of other languages of Russia. */
export const looksLikePatronymic = (name: string | null | undefined): boolean =>
  typeof name === 'string' && /(ич|вна|ична|[ -](оглы|кызы|улы|уулу))$/.test(name.slice(-16).trim().toLowerCase())
