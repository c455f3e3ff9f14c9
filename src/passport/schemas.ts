/**
 * Schemas that the shipped passports share. Each takes what people type, gives the normalised value, and reports a code
 * of this library; lengths are looked at before anything else.
 *
 * This is the one door to zod here, as `zod/mini`: nothing is built until a schema is asked for, and no profile file
 * imports it.
 */
import * as z from 'zod/mini'
import { hasLoneSurrogate } from '../core/bytes.js'
import { isCalendarDate } from '../core/clock.js'
import type { IssueCode } from '../errors.js'
import { fileKind } from './files/kind.js'
import { scanImage } from './files/strip.js'
import { normalizeText } from './text.js'
import { dateRu } from './validators/date-ru.js'
import { personName } from './validators/person-name.js'
import { type Rejected, reject, type ValidatorResult } from './validators/result.js'

/** A value, or why there is none. */
export type Reading<Value> = { readonly ok: true; readonly value: Value } | Rejected

/** A schema around a function that reads a value and never throws. */
export function reads<Value>(read: (input: unknown) => Reading<Value>) {
  return z.transform((input: unknown, context): Value => {
    const reading = read(input)
    if (reading.ok) return reading.value
    context.issues.push({ code: 'custom', params: { code: reading.code }, input })
    return z.NEVER
  })
}

/** A schema around a validator: gives the normalised datum. */
export const validated = (validator: (input: unknown) => ValidatorResult) =>
  reads(input => {
    const result = validator(input)
    return result.ok ? { ok: true, value: result.normalized } : result
  })

/** One line of free text, normalised, without control characters. */
export const freeText = (longest: number) => reads(input => readText(input, longest))

/** A part of a name in Cyrillic letters. */
export const cyrillicName = () => validated(personName)

/** A calendar date, `YYYY-MM-DD` or `DD.MM.YYYY`; gives the former. */
export const dateAsTyped = () =>
  reads((input): Reading<string> => {
    if (typeof input === 'string' && input.length === 10 && /^\d{4}-\d{2}-\d{2}$/.test(input))
      return isCalendarDate(input) ? { ok: true, value: input } : reject('calendar')
    const date = dateRu(input)
    return date.ok ? { ok: true, value: date.normalized } : date
  })

/** Text of exactly this form once normalised. */
export const textOfForm = (form: RegExp, longest: number, code: IssueCode = 'format') =>
  reads((input): Reading<string> => {
    const text = readText(input, longest)
    return !text.ok || form.test(text.value) ? text : reject(code)
  })

/** One of these texts or numbers, written exactly so. */
export const oneOf = <const Choice extends string | number>(...choices: readonly Choice[]) =>
  reads((input): Reading<Choice> => {
    if (typeof input !== typeof choices[0]) return refuseType(input)
    const choice = choices.find(choice => choice === input)
    return choice === undefined ? reject('range') : { ok: true, value: choice }
  })

/** A whole number within bounds, both inclusive. */
export const wholeNumber = (least: number, most: number) =>
  reads((input): Reading<number> => {
    if (typeof input !== 'number' || !Number.isInteger(input)) return refuseType(input)
    return input < least || input > most ? reject('range') : { ok: true, value: input }
  })

/**
 * The bytes of one whole image, as they are: nothing behind it, and nothing in it that `stripImage` would leave out, for
 * what is signed goes wherever the image is shown. Codes: `required`, `type`, `format`, `metadata`.
 */
export const cleanImage = (...kinds: readonly ('jpeg' | 'png')[]) =>
  reads((input): Reading<Uint8Array> => {
    if (!(input instanceof Uint8Array)) return refuseType(input)
    const kind = kinds.find(kind => kind === fileKind(input))
    if (kind === undefined) return reject('format')
    try {
      return scanImage(kind, input).metadata.length === 0 ? { ok: true, value: input } : reject('metadata')
    } catch {
      return reject('format')
    }
  })

/** The same of a JPEG, where a standard takes no other image. */
export const jpegImage = () => cleanImage('jpeg')

/** A list of so many members. */
export const listOf = <Member extends z.ZodMiniType>(member: Member, least: number, most: number) =>
  z.array(member).check(z.minLength(least), z.maxLength(most))

/** ISO 3166-1 alpha-2 by form; PID Rulebook 1.7 adds `QU` unknown and `QS` stateless. */
export const countryCode = () => textOfForm(/^[A-Z]{2}$/, 2)

/** ISO 3166-2 by form. */
export const subdivisionCode = () => textOfForm(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 6)

/** ISO/IEC 5218 male and female, from the number or as printed and typed: М, Ж, МУЖ., ЖЕН., male, female. */
export const sex = () => reads(readSex)

/** The same as a function. */
export function readSex(input: unknown): Reading<1 | 2> {
  if (typeof input === 'number') return input === 1 || input === 2 ? { ok: true, value: input } : reject('range')
  const text = readText(input, 16)
  if (!text.ok) return text
  const word = text.value.toUpperCase()
  if (/^(1|M|MALE|М|МУЖ\.?|МУЖСКОЙ)$/.test(word)) return { ok: true, value: 1 }
  if (/^(2|F|FEMALE|Ж|ЖЕН\.?|ЖЕНСКИЙ)$/.test(word)) return { ok: true, value: 2 }
  return reject('format')
}

/** One line of free text, normalised: `required`, `type`, `length`, or `charset` for control and half characters. */
export function readText(input: unknown, longest: number): Reading<string> {
  if (typeof input !== 'string') return refuseType(input)
  // Composing shortens a text; what is several times too long cannot become short enough.
  if (input.length > 4 * longest) return reject('length')
  const text = normalizeText(input)
  if (text.length === 0 || text.length > longest) return reject('length')
  return hasLoneSurrogate(text) || /\p{C}/u.test(text) ? reject('charset') : { ok: true, value: text }
}

const refuseType = (input: unknown): Rejected => reject(input === undefined ? 'required' : 'type')
