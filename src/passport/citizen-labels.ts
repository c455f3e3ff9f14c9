/** What the internal passport and its fields are called. Apart from the profile, because verifying needs no names. */
import type { CitizenClaims } from './citizen-profile.js'
import type { Labels } from './profile.js'

export const citizenLabel: Labels = {
  ru: 'Паспорт гражданина Российской Федерации',
  en: 'Internal passport of a citizen of the Russian Federation',
}

export const citizenLabels: Readonly<Record<keyof CitizenClaims, Labels>> = {
  familyName: { ru: 'Фамилия', en: 'Family name' },
  givenName: { ru: 'Имя', en: 'Given name' },
  patronymic: { ru: 'Отчество', en: 'Patronymic' },
  birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
  birthPlace: { ru: 'Место рождения', en: 'Place of birth' },
  sex: { ru: 'Пол', en: 'Sex' },
  nationalities: { ru: 'Гражданство', en: 'Citizenship' },
  series: { ru: 'Серия', en: 'Series' },
  number: { ru: 'Номер', en: 'Number' },
  issuingAuthority: { ru: 'Кем выдан', en: 'Issuing authority' },
  departmentCode: { ru: 'Код подразделения', en: 'Department code' },
  issueDate: { ru: 'Дата выдачи', en: 'Date of issue' },
  issuingCountry: { ru: 'Страна выдачи', en: 'Issuing country' },
  address: { ru: 'Адрес регистрации', en: 'Registered address' },
  registrationDate: { ru: 'Дата регистрации', en: 'Date of registration' },
  registrationAuthority: { ru: 'Орган регистрации', en: 'Registration authority' },
  deregistrationDate: { ru: 'Дата снятия с регистрационного учёта', en: 'Date of deregistration' },
  deregistrationAuthority: { ru: 'Орган, снявший с учёта', en: 'Deregistration authority' },
  militaryDuty: { ru: 'Воинская обязанность', en: 'Military duty' },
  marriages: { ru: 'Семейное положение', en: 'Marital status' },
  children: { ru: 'Дети', en: 'Children' },
  bloodGroup: { ru: 'Группа крови и резус-фактор', en: 'Blood group and Rh factor' },
  earlierPassports: { ru: 'Ранее выданные паспорта', en: 'Earlier passports' },
  portrait: { ru: 'Фотография', en: 'Portrait' },
  snils: { ru: 'СНИЛС', en: 'SNILS' },
  inn: { ru: 'ИНН', en: 'INN' },
  enp: { ru: 'Полис ОМС', en: 'Health insurance policy' },
  email: { ru: 'Электронная почта', en: 'Email' },
  phoneNumber: { ru: 'Телефон', en: 'Telephone' },
  documentNumber: { ru: 'Серия и номер', en: 'Document number' },
  ageOver14: { ru: 'Возраст от 14 лет', en: 'Aged 14 or over' },
  ageOver18: { ru: 'Возраст от 18 лет', en: 'Aged 18 or over' },
  nominalExpiry: { ru: 'Подлежит замене', en: 'To be replaced on' },
}
