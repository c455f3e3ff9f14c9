/** What the vehicle passport and its fields are called. Apart from the profile, because verifying needs no names. */
import type { Labels } from './profile.js'
import type { VehicleClaims } from './vehicle-profile.js'

export const vehicleLabel: Labels = {
  ru: 'Электронный паспорт транспортного средства',
  en: 'Electronic vehicle passport',
}

export const vehicleLabels: Readonly<Record<keyof VehicleClaims, Labels>> = {
  number: { ru: 'Номер электронного паспорта', en: 'Passport number' },
  kind: { ru: 'Вид паспорта', en: 'Kind of passport' },
  status: { ru: 'Статус паспорта', en: 'Passport status' },
  statusDate: { ru: 'Статус присвоен', en: 'In this status since' },
  vin: { ru: 'Идентификационный номер (VIN)', en: 'VIN' },
  bodyNumber: { ru: 'Номер кузова (кабины, прицепа)', en: 'Body number' },
  chassisNumber: { ru: 'Номер шасси (рамы)', en: 'Chassis number' },
  engineNumber: { ru: 'Номер двигателя', en: 'Engine number' },
  make: { ru: 'Марка', en: 'Make' },
  model: { ru: 'Коммерческое наименование', en: 'Model' },
  modification: { ru: 'Тип, модификация', en: 'Type and version' },
  category: { ru: 'Категория', en: 'Category' },
  year: { ru: 'Год изготовления', en: 'Year of manufacture' },
  colour: { ru: 'Цвет', en: 'Colour' },
  engineType: { ru: 'Тип двигателя', en: 'Engine type' },
  engineVolume: { ru: 'Рабочий объём двигателя, см³', en: 'Engine displacement (cm³)' },
  enginePower: { ru: 'Мощность двигателя, кВт', en: 'Engine power (kW)' },
  fuels: { ru: 'Виды топлива', en: 'Fuels' },
  ecoClass: { ru: 'Экологический класс', en: 'Environmental class' },
  maxMass: { ru: 'Технически допустимая максимальная масса, кг', en: 'Maximum permitted mass (kg)' },
  kerbMass: { ru: 'Масса в снаряжённом состоянии, кг', en: 'Unladen mass (kg)' },
  manufacturer: { ru: 'Изготовитель', en: 'Manufacturer' },
  manufacturerCountry: { ru: 'Страна изготовления', en: 'Country of manufacture' },
  approval: { ru: 'Документ о соответствии', en: 'Approval' },
  customsDocument: { ru: 'Таможенный документ', en: 'Customs document' },
  customsRestrictions: { ru: 'Таможенные ограничения', en: 'Customs restrictions' },
  recyclingFee: { ru: 'Утилизационный сбор', en: 'Recycling fee' },
  territory: { ru: 'Территория допуска', en: 'Permitted territory' },
  basis: { ru: 'Основание оформления', en: 'Ground of issue' },
  issueDate: { ru: 'Дата оформления', en: 'Date of issue' },
  issuingAuthority: { ru: 'Кем оформлен', en: 'Issuing authority' },
  issuingCountry: { ru: 'Государство оформления', en: 'Issuing state' },
  restrictions: { ru: 'Ограничения', en: 'Restrictions' },
  registrations: { ru: 'Регистрационные действия', en: 'Registrations' },
  designChanges: { ru: 'Изменения в конструкции', en: 'Changes of design' },
  owner: { ru: 'Собственник', en: 'Owner' },
}
