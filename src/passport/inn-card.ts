/** A person's INN as a credential of its own, as its issuer knows it: `innCardProfile` with schemas. No register is asked. */
import { checkCard, personSchemas } from './card-rule.js'
import { definePassport, type PassportDefinition } from './definition.js'
import { type InnCardClaims, innCardProfile } from './inn-card-profile.js'
import { freeText, validated } from './schemas.js'
import { innPerson } from './validators/inn-person.js'

/**
 * The card with a person's INN, ready to parse, issue and ask for; presented with the passport by
 * `verifyPresentationSet`, or alone. It has no end of its own.
 */
export const innCard: PassportDefinition<'inn-card', InnCardClaims, InnCardClaims> = /* @__PURE__ */ definePassport(
  innCardProfile,
  innCardSchemas,
  {
    label: { ru: 'ИНН физического лица', en: 'INN of a person' },
    labels: {
      inn: { ru: 'ИНН', en: 'INN' },
      familyName: { ru: 'Фамилия', en: 'Family name' },
      givenName: { ru: 'Имя', en: 'Given name' },
      patronymic: { ru: 'Отчество', en: 'Patronymic' },
      birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
      birthPlace: { ru: 'Место рождения', en: 'Place of birth' },
      sex: { ru: 'Пол', en: 'Sex' },
      registrationDate: { ru: 'Дата постановки на учёт', en: 'Date of registration' },
      registrationAuthority: { ru: 'Налоговый орган', en: 'Tax authority' },
    },
    check: checkCard,
  },
)

function innCardSchemas() {
  return { ...personSchemas(), inn: validated(innPerson), registrationAuthority: freeText(300) }
}
