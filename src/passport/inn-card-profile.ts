/**
 * The INN of a person as a credential of its own, beside the passport and to the same holder key: plain data.
 *
 * It says which taxpayer number whom belongs to (certificate of registration with a tax authority). Who needs the number
 * alone is shown the number alone.
 */
import { deepFreeze } from '../core/freeze.js'
import type { Sex } from './citizen-profile.js'
import type { PassportProfile } from './profile.js'

export interface InnCardClaims {
  /** Twelve digits. */
  readonly inn: string
  readonly familyName: string
  readonly givenName: string
  readonly patronymic?: string | undefined
  readonly birthDate: string
  readonly birthPlace?: string | undefined
  readonly sex?: Sex | undefined
  /** When the person was registered as a taxpayer, and by which tax authority. */
  readonly registrationDate?: string | undefined
  readonly registrationAuthority?: string | undefined
}

const namespace = 'org.vidimus.passport.ru.inn.1'

export const innCardProfile: PassportProfile<'inn-card', InnCardClaims> = /* @__PURE__ */ deepFreeze({
  name: 'inn-card',
  vct: ['urn:vidimus:passport:ru:inn:1'],
  docType: [namespace],
  status: 'required',
  fields: {
    inn: { kind: 'text', claim: ['inn'], element: [namespace, 'inn'] },
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
    registrationAuthority: {
      kind: 'text',
      claim: ['registration_authority'],
      element: [namespace, 'registration_authority'],
      optional: true,
    },
  },
})
