/** SNILS as a credential of its own, as its issuer knows it: `snilsCardProfile` with schemas. No register is asked. */
import { checkCard, personSchemas } from './card-rule.js'
import { definePassport, type PassportDefinition } from './definition.js'
import { validated } from './schemas.js'
import { type SnilsCardClaims, snilsCardProfile } from './snils-card-profile.js'
import { snils } from './validators/snils.js'

/**
 * The card with a person's SNILS, ready to parse, issue and ask for; presented with the passport by
 * `verifyPresentationSet`, or alone. It has no end of its own.
 */
export const snilsCard: PassportDefinition<'snils-card', SnilsCardClaims, SnilsCardClaims> =
  /* @__PURE__ */ definePassport(snilsCardProfile, () => ({ ...personSchemas(), snils: validated(snils) }), {
    label: { ru: 'СНИЛС', en: 'SNILS' },
    labels: {
      snils: { ru: 'СНИЛС', en: 'SNILS' },
      familyName: { ru: 'Фамилия', en: 'Family name' },
      givenName: { ru: 'Имя', en: 'Given name' },
      patronymic: { ru: 'Отчество', en: 'Patronymic' },
      birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
      birthPlace: { ru: 'Место рождения', en: 'Place of birth' },
      sex: { ru: 'Пол', en: 'Sex' },
      registrationDate: { ru: 'Дата регистрации', en: 'Date of registration' },
    },
    check: checkCard,
  })
