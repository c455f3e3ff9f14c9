/**
 * SNILS as a credential of its own, beside the passport and to the same holder key: plain data.
 *
 * It says which insurance number whom belongs to (notice of registration, form АДИ-РЕГ). Who needs the number alone is shown
 * the number alone.
 */
import { deepFreeze } from '../core/freeze.js'
import type { Sex } from './citizen-profile.js'
import type { PassportProfile } from './profile.js'

export interface SnilsCardClaims {
  /** Eleven digits. */
  readonly snils: string
  readonly familyName: string
  readonly givenName: string
  readonly patronymic?: string | undefined
  readonly birthDate: string
  readonly birthPlace?: string | undefined
  readonly sex?: Sex | undefined
  readonly registrationDate?: string | undefined
}

const namespace = 'org.vidimus.passport.ru.snils.1'

export const snilsCardProfile: PassportProfile<'snils-card', SnilsCardClaims> = /* @__PURE__ */ deepFreeze({
  name: 'snils-card',
  vct: ['urn:vidimus:passport:ru:snils:1'],
  docType: [namespace],
  status: 'required',
  fields: {
    snils: { kind: 'text', claim: ['snils'], element: [namespace, 'snils'] },
    familyName: { kind: 'text', claim: ['family_name'], element: [namespace, 'family_name'] },
    givenName: { kind: 'text', claim: ['given_name'], element: [namespace, 'given_name'] },
    patronymic: { kind: 'text', claim: ['patronymic'], element: [namespace, 'patronymic'], optional: true },
    birthDate: { kind: 'date', claim: ['birthdate'], element: [namespace, 'birth_date'] },
    birthPlace: {
      kind: 'text',
      claim: ['place_of_birth', 'locality'],
      element: [namespace, 'birthplace'],
      optional: true,
    },
    sex: { kind: 'integer', claim: ['sex'], element: [namespace, 'sex'], optional: true },
    registrationDate: {
      kind: 'date',
      claim: ['registration_date'],
      element: [namespace, 'registration_date'],
      optional: true,
    },
  },
})
