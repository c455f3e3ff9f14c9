/** What a holder chooses to show, in the words of the caller: paths, or the passport's names for them. */
import { misuse } from '../core/arguments.js'
import { VidimusError } from '../errors.js'
import { type ClaimPath, readClaimPaths } from '../formats/sd-jwt/path.js'
import { keyPath } from '../passport/claim-key.js'
import type { FieldOf, PassportProfile, ProfileField } from '../passport/profile.js'

/** What to disclose: claim paths, `[namespace, element]` or `[key]`, and with a `passport` its field names too. */
export type Disclose<Profile> =
  | { readonly passport: Profile; readonly disclose: readonly (FieldOf<Profile> | ClaimPath)[] }
  | { readonly passport?: undefined; readonly disclose: readonly ClaimPath[] }

/** The same inside, where names are checked and not typed. */
export interface Wanted {
  readonly passport?: PassportProfile | undefined
  readonly disclose: readonly (string | ClaimPath)[]
}

/** What each format calls the place of a field. */
type Place = 'claim' | 'element' | 'key'

/** Field names as the paths they have in one format. Throws `TypeError` naming the argument. */
export function readDisclose({ passport, disclose }: Wanted, place: Place): readonly ClaimPath[] {
  if (!Array.isArray(disclose)) throw misuse('disclose', 'a list of paths or field names')
  const paths = disclose.map(wanted => (typeof wanted === 'string' ? pathOf(wanted, passport, place) : wanted))
  return readClaimPaths(paths, 'disclose')
}

/** Without a preview nobody sees that something is missing, so it is an error. Throws `presentation_claim_unknown`. */
export function requireNoneMissing(missing: readonly ClaimPath[], paths: readonly ClaimPath[]): void {
  if (missing.length > 0)
    throw new VidimusError('presentation_claim_unknown', { at: `disclose[${paths.indexOf(missing[0]!)}]` })
}

function pathOf(name: string, passport: PassportProfile | undefined, place: Place): ClaimPath {
  if (passport === undefined) throw new TypeError('`disclose` names fields, so it needs the `passport` they belong to')
  const fields = passport.fields as Readonly<Record<string, ProfileField>>
  const field: Partial<ProfileField> = Object.hasOwn(fields, name) ? fields[name]! : {}
  const path = place === 'key' ? keyPath(field) : field[place]
  if (path === undefined) throw new TypeError(`\`disclose\` names a field that ${passport.name} has no ${place} for`)
  return path
}
