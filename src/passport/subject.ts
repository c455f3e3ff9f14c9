/**
 * A passport as the subject of a W3C credential: the same fields by the same claim names, beneath `credentialSubject`.
 *
 * Whoever reads or writes the claims of a JSON credential takes this profile in place of the passport's own, so that
 * one definition gives equal claims in every format.
 */
import type { PassportProfile, ProfileField } from './profile.js'

/** Where the claims about the holder stand (VCDM 2.0 §4.8). */
export const subjectClaim = 'credentialSubject'

const known = /* @__PURE__ */ new WeakMap<PassportProfile, PassportProfile>()

/** The profile with every claim moved beneath `credentialSubject`; the same one for the same profile. */
export function asSubject<Profile extends PassportProfile>(profile: Profile): Profile {
  let moved = known.get(profile)
  if (moved === undefined) known.set(profile, (moved = { ...profile, fields: movedFields(profile) }))
  return moved as Profile
}

/** The path of a claim about the subject, from the top of the credential. */
export const subjectPath = (claim: readonly string[]): readonly string[] => [subjectClaim, ...claim]

function movedFields(profile: PassportProfile): PassportProfile['fields'] {
  const fields = Object.entries<ProfileField>(profile.fields)
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      field.claim === undefined ? field : { ...field, claim: subjectPath(field.claim) },
    ]),
  )
}
