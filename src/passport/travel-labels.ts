/** What the travel passport and its fields are called. Apart from the profile, because verifying needs no names. */
import type { Labels } from './profile.js'
import type { TravelClaims } from './travel-profile.js'

export const travelLabel: Labels = { ru: 'Заграничный паспорт', en: 'Travel passport' }

export const travelLabels: Readonly<Record<keyof TravelClaims, Labels>> = {
  documentType: { ru: 'Тип', en: 'Type' },
  documentNumber: { ru: 'Номер паспорта', en: 'Passport number' },
  issuingCountry: { ru: 'Государство выдачи', en: 'Issuing state' },
  familyName: { ru: 'Фамилия', en: 'Family name' },
  givenName: { ru: 'Имя', en: 'Given names' },
  patronymic: { ru: 'Отчество', en: 'Patronymic' },
  familyNameLatin: { ru: 'Фамилия латиницей', en: 'Family name in Latin letters' },
  givenNameLatin: { ru: 'Имя латиницей', en: 'Given names in Latin letters' },
  nationality: { ru: 'Гражданство', en: 'Nationality' },
  birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
  birthPlace: { ru: 'Место рождения', en: 'Place of birth' },
  sex: { ru: 'Пол', en: 'Sex' },
  personalNumber: { ru: 'Личный код', en: 'Personal number' },
  issueDate: { ru: 'Дата выдачи', en: 'Date of issue' },
  expiryDate: { ru: 'Дата окончания срока действия', en: 'Date of expiry' },
  issuingAuthority: { ru: 'Орган, выдавший документ', en: 'Issuing authority' },
  portrait: { ru: 'Фотография', en: 'Portrait' },
  mrz: { ru: 'Машиночитаемая зона', en: 'Machine readable zone' },
  ageOver14: { ru: 'Возраст от 14 лет', en: 'Aged 14 or over' },
  ageOver18: { ru: 'Возраст от 18 лет', en: 'Aged 18 or over' },
}
