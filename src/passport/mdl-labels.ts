/** What a driving licence and its fields are called. Apart from the profile, because verifying needs no names. */
import type { MdlClaims } from './mdl-profile.js'
import type { Labels } from './profile.js'

export const mdlLabel: Labels = { ru: 'Водительское удостоверение', en: 'Driving licence' }

export const mdlLabels: Readonly<Record<keyof MdlClaims, Labels>> = {
  familyName: { ru: 'Фамилия', en: 'Family name' },
  givenName: { ru: 'Имя', en: 'Given names' },
  birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
  issueDate: { ru: 'Дата выдачи', en: 'Date of issue' },
  expiryDate: { ru: 'Действительно до', en: 'Date of expiry' },
  issuingCountry: { ru: 'Страна выдачи', en: 'Issuing country' },
  issuingAuthority: { ru: 'Кем выдано', en: 'Issuing authority' },
  documentNumber: { ru: 'Номер удостоверения', en: 'Licence number' },
  portrait: { ru: 'Фотография', en: 'Portrait' },
  drivingPrivileges: { ru: 'Категории транспортных средств', en: 'Categories of vehicles' },
  unDistinguishingSign: { ru: 'Отличительный знак страны', en: 'UN distinguishing sign' },
  administrativeNumber: { ru: 'Административный номер', en: 'Administrative number' },
  sex: { ru: 'Пол', en: 'Sex' },
  height: { ru: 'Рост, см', en: 'Height (cm)' },
  weight: { ru: 'Вес, кг', en: 'Weight (kg)' },
  eyeColour: { ru: 'Цвет глаз', en: 'Eye colour' },
  hairColour: { ru: 'Цвет волос', en: 'Hair colour' },
  birthPlace: { ru: 'Место рождения', en: 'Place of birth' },
  residentAddress: { ru: 'Адрес', en: 'Address' },
  portraitCaptureDate: { ru: 'Время съёмки фотографии', en: 'Portrait taken on' },
  ageInYears: { ru: 'Возраст, лет', en: 'Age in years' },
  ageBirthYear: { ru: 'Год рождения', en: 'Year of birth' },
  ageOver18: { ru: 'Возраст от 18 лет', en: 'Aged 18 or over' },
  ageOver21: { ru: 'Возраст от 21 года', en: 'Aged 21 or over' },
  issuingJurisdiction: { ru: 'Регион выдачи', en: 'Issuing jurisdiction' },
  nationality: { ru: 'Гражданство', en: 'Nationality' },
  residentCity: { ru: 'Город', en: 'City' },
  residentState: { ru: 'Регион', en: 'State or province' },
  residentPostalCode: { ru: 'Почтовый индекс', en: 'Postal code' },
  residentCountry: { ru: 'Страна проживания', en: 'Country of residence' },
  familyNameNationalCharacter: { ru: 'Фамилия на родном языке', en: 'Family name in national characters' },
  givenNameNationalCharacter: { ru: 'Имя на родном языке', en: 'Given names in national characters' },
  signatureUsualMark: { ru: 'Подпись', en: 'Signature' },
}
