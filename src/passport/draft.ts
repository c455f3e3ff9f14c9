/**
 * A record that is still being filled in: what is wrong with what is there, apart from what is still missing.
 *
 * A draft is never a passport: it becomes one by `parse`, which asks for all of it.
 */
import type { Issue } from '../errors.js'
import type { PassportDefinition } from './definition.js'
import type { ParseOptions } from './record-parser.js'

export interface CheckedDraft {
  /** Nothing is wrong and nothing is missing: `parse` would take it. */
  readonly complete: boolean
  /** What is wrong with what was filled in, to be said at once. */
  readonly issues: readonly Issue[]
  /** What is to be filled in yet, each with the code `required`; to be said when the holder wants to go on. */
  readonly missing: readonly Issue[]
}

/**
 * Judges a draft by the rules of its passport. Rules over several fields are asked as far as their fields are there. A field
 * that was left empty is left out of the record: empty text is a value, and an issue. Never throws for any draft.
 * @example checkDraft(citizenPassport, { familyName: 'Образцова', snils: '112-233-445 96' }).issues // [{ path: ['snils'], code: 'checksum', … }]
 */
export function checkDraft<Name extends string, Claims extends object, Passport extends object>(
  definition: PassportDefinition<Name, Claims, Passport>,
  draft: unknown,
  options: ParseOptions = {},
): CheckedDraft {
  const result = definition.safeParse(draft, options)
  const found = result.ok ? [] : result.issues
  return Object.freeze({
    complete: result.ok,
    issues: Object.freeze(found.filter(({ code }) => code !== 'required')),
    missing: Object.freeze(found.filter(({ code }) => code === 'required')),
  })
}
