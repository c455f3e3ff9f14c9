/** What a photo ID and its fields are called. Apart from the profile, because verifying needs no names. */
import type { PhotoIdClaims } from './photo-id-profile.js'
import type { Labels } from './profile.js'

export const photoIdLabel: Labels = { ru: 'Удостоверение личности с фотографией', en: 'Photo ID' }

export const photoIdLabels: Readonly<Record<keyof PhotoIdClaims, Labels>> = {
  familyName: { ru: 'Фамилия', en: 'Family name' },
  givenName: { ru: 'Имя', en: 'Given names' },
  familyNameLatin: { ru: 'Фамилия латиницей', en: 'Family name in Latin letters' },
  givenNameLatin: { ru: 'Имя латиницей', en: 'Given names in Latin letters' },
  birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
  portrait: { ru: 'Фотография', en: 'Portrait' },
  issueDate: { ru: 'Дата выдачи', en: 'Date of issue' },
  expiryDate: { ru: 'Действительно до', en: 'Date of expiry' },
  issuingAuthority: { ru: 'Кем выдано', en: 'Issuing authority' },
  issuingCountry: { ru: 'Страна выдачи', en: 'Issuing country' },
  documentNumber: { ru: 'Номер документа', en: 'Document number' },
  sex: { ru: 'Пол', en: 'Sex' },
  nationality: { ru: 'Гражданство', en: 'Nationality' },
  birthPlace: { ru: 'Место рождения', en: 'Place of birth' },
  nameAtBirth: { ru: 'Имя при рождении', en: 'Name at birth' },
  portraitCaptureDate: { ru: 'Время съёмки фотографии', en: 'Portrait taken on' },
  residentAddress: { ru: 'Адрес', en: 'Address' },
  residentCity: { ru: 'Населённый пункт', en: 'City or town' },
  residentPostalCode: { ru: 'Почтовый индекс', en: 'Postal code' },
  residentCountry: { ru: 'Страна проживания', en: 'Country of residence' },
  residentState: { ru: 'Регион', en: 'State or province' },
  residentStreet: { ru: 'Улица', en: 'Street' },
  residentHouseNumber: { ru: 'Дом', en: 'House number' },
  personalNumber: { ru: 'Личный номер', en: 'Personal number' },
  administrativeNumber: { ru: 'Административный номер', en: 'Administrative number' },
  birthCountry: { ru: 'Страна рождения', en: 'Country of birth' },
  birthState: { ru: 'Регион рождения', en: 'State of birth' },
  birthCity: { ru: 'Город рождения', en: 'City of birth' },
  travelDocumentNumber: { ru: 'Номер заграничного паспорта', en: 'Travel document number' },
  ageInYears: { ru: 'Возраст, лет', en: 'Age in years' },
  ageBirthYear: { ru: 'Год рождения', en: 'Year of birth' },
  ageOver18: { ru: 'Возраст от 18 лет', en: 'Aged 18 or over' },
  ageOver21: { ru: 'Возраст от 21 года', en: 'Aged 21 or over' },
}
