/** What a European PID and its fields are called. Apart from the profile, because verifying needs no names. */
import type { EuPidClaims } from './eu-pid-profile.js'
import type { Labels } from './profile.js'

export const euPidLabel: Labels = {
  ru: 'Европейские идентификационные данные (PID)',
  en: 'European person identification data (PID)',
}

export const euPidLabels: Readonly<Record<keyof EuPidClaims, Labels>> = {
  familyName: { ru: 'Фамилия', en: 'Family name' },
  givenName: { ru: 'Имя', en: 'Given names' },
  birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
  placeOfBirth: { ru: 'Место рождения', en: 'Place of birth' },
  nationalities: { ru: 'Гражданство', en: 'Citizenship' },
  issuingAuthority: { ru: 'Кем выдано', en: 'Issuing authority' },
  issuingCountry: { ru: 'Страна выдачи', en: 'Issuing country' },
  portrait: { ru: 'Фотография', en: 'Portrait' },
  residentAddress: { ru: 'Адрес', en: 'Address' },
  residentCountry: { ru: 'Страна проживания', en: 'Country of residence' },
  residentState: { ru: 'Регион', en: 'State or province' },
  residentCity: { ru: 'Населённый пункт', en: 'City or town' },
  residentPostalCode: { ru: 'Почтовый индекс', en: 'Postal code' },
  residentStreet: { ru: 'Улица', en: 'Street' },
  residentHouseNumber: { ru: 'Дом', en: 'House number' },
  personalAdministrativeNumber: { ru: 'Личный административный номер', en: 'Personal administrative number' },
  birthFamilyName: { ru: 'Фамилия при рождении', en: 'Family name at birth' },
  birthGivenName: { ru: 'Имя при рождении', en: 'Given names at birth' },
  sex: { ru: 'Пол', en: 'Sex' },
  email: { ru: 'Электронная почта', en: 'Email' },
  phoneNumber: { ru: 'Мобильный телефон', en: 'Mobile phone' },
  expiryDate: { ru: 'Действительно до', en: 'Date of expiry' },
  issueDate: { ru: 'Дата выдачи', en: 'Date of issue' },
  documentNumber: { ru: 'Номер документа', en: 'Document number' },
  issuingJurisdiction: { ru: 'Регион выдачи', en: 'Issuing jurisdiction' },
  trustAnchor: { ru: 'Якорь доверия', en: 'Trust anchor' },
  attestationLegalCategory: { ru: 'Правовая категория', en: 'Legal category' },
}
