/**
 * What is measured: a passport of 25 claims, 15 of them and the 6 of an address hidable on their own, bound to a holder,
 * with a status reference; once as it is and once with a portrait of 20 KB. A presentation shows 5 claims.
 */
import { definePassport } from 'vidimus/passport'
import { z } from 'zod'

const instant = new Date('2026-03-01T12:00:00Z')
export const now = () => instant
export const issuer = 'https://passport.example'
export const audience = 'https://bank.example'
export const nonce = 'n-0S6_WzA2Mj-n-0S6_WzA2Mj'
export const status = { uri: 'https://passport.example/status/1', index: 412_345 }

/** The mdoc's one namespace: an element has the name of the claim, the last where it is a path. */
const namespace = 'example.passport.bench.1'
const placed = (claim, hide = true) => ({ claim, element: [namespace, [claim].flat().at(-1)], hide })
const text = (claim, hide) => ({ schema: z.string().min(1).max(150), ...placed(claim, hide) })
const flag = claim => ({ schema: z.boolean(), ...placed(claim) })
const date = (claim, hide) => ({ as: 'date', ...placed(claim, hide) })

export const passport = definePassport({
  name: 'bench-passport',
  vct: 'https://passport.example/bench/1',
  docType: namespace,
  status: 'required',
  fields: {
    familyName: text('family_name'),
    givenName: text('given_name'),
    patronymic: text('patronymic'),
    birthDate: date('birthdate'),
    birthPlace: text('place_of_birth'),
    sex: text('sex'),
    nationality: text('nationality'),
    documentNumber: text('document_number'),
    personalNumber: text('personal_administrative_number'),
    email: text('email'),
    phone: text('phone_number'),
    birthFamilyName: text('birth_family_name'),
    ageOver14: flag('age_over_14'),
    ageOver18: flag('age_over_18'),
    ageOver65: flag('age_over_65'),
    street: text(['address', 'street_address']),
    house: text(['address', 'house_number']),
    locality: text(['address', 'locality']),
    region: text(['address', 'region']),
    postalCode: text(['address', 'postal_code']),
    country: text(['address', 'country']),
    issuingAuthority: text('issuing_authority', false),
    issuingCountry: text('issuing_country', false),
    issuedOn: date('date_of_issuance', false),
    expiresOn: date('date_of_expiry', false),
    portrait: { as: 'image', ...placed('picture'), optional: true },
  },
})

export const record = {
  familyName: 'Образцова',
  givenName: 'Мария',
  patronymic: 'Ивановна',
  birthDate: '1990-02-28',
  birthPlace: 'г. Примерск',
  sex: 'female',
  nationality: 'RUS',
  documentNumber: '4510000000',
  personalNumber: '11223344595',
  email: 'maria@example.ru',
  phone: '+70000000000',
  birthFamilyName: 'Примерова',
  ageOver14: true,
  ageOver18: true,
  ageOver65: false,
  street: 'Первая улица',
  house: '1',
  locality: 'Примерск',
  region: 'Примерская область',
  postalCode: '100000',
  country: 'RU',
  issuingAuthority: 'МВД России',
  issuingCountry: 'UT',
  issuedOn: '2026-01-15',
  expiresOn: '2036-01-14',
}

export const portraitRecord = { ...record, portrait: portraitBytes(20 * 1024) }

export const disclose = ['familyName', 'givenName', 'patronymic', 'birthDate', 'ageOver18']

/** Begins as a JPEG does; the rest only has to be hard to compress. */
function portraitBytes(length) {
  const bytes = new Uint8Array(length)
  for (let index = 0, state = 1; index < length; index++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    bytes[index] = state >> 16
  }
  bytes.set([0xff, 0xd8, 0xff, 0xe0])
  return bytes
}
