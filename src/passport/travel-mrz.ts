/**
 * The machine readable zone of a travel passport held against the passport's fields (ICAO Doc 9303-4 §4.2).
 *
 * What the zone has no room or no letters for is not judged: names that fill their line may be cut, a birth date may be
 * known in part, and a country may have no code of two letters.
 */
import { alpha2 } from './country.js'
import { parseTd3Mrz, type Td3MrzFields } from './mrz/td3.js'
import type { RuleIssue } from './record-parser.js'
import type { TravelClaims } from './travel-profile.js'

type MrzSubject = Partial<Pick<TravelClaims, Exclude<keyof TravelClaims, 'ageOver14' | 'ageOver18'>>>

/** What is wrong with the zone by itself, line by line, or each field that it contradicts (`mismatch`). */
export function* checkMrz(passport: MrzSubject): Generator<RuleIssue> {
  const { mrz, issueDate } = passport
  // The day of issue tells which century two digits of a year mean; without it they mean nothing.
  if (mrz === undefined || issueDate === undefined) return
  const zone = parseTd3Mrz(mrz[0], mrz[1], { now: () => new Date(issueDate) })
  if (!zone.ok) {
    for (const { path, code } of zone.issues) yield { path: ['mrz', lineOf(path[0])], code }
    return
  }
  const isCut = zone.warnings.some(({ code }) => code === 'length')
  for (const [field, agrees] of Object.entries(comparisons(passport, zone.fields, isCut)))
    if (!agrees) yield { path: [field], code: 'mismatch' }
}

const lineOf = (field: string): number =>
  ['line1', 'documentCode', 'issuingCountry', 'familyName', 'givenName'].includes(field) ? 0 : 1

function comparisons(passport: MrzSubject, zone: Td3MrzFields, isCut: boolean): Readonly<Record<string, boolean>> {
  const { documentType, documentNumber, birthDate, expiryDate, sex, personalNumber } = passport
  const names = (field: string | undefined, inZone = '') => {
    const name = field === undefined ? undefined : lettersOf(field)
    return name === undefined || name === inZone || (isCut && name.startsWith(inZone))
  }
  return {
    documentType: same(documentType, zone.documentCode),
    documentNumber: same(documentNumber, zone.documentNumber),
    issuingCountry: same(passport.issuingCountry, alpha2(zone.issuingCountry)),
    nationality: same(passport.nationality, alpha2(zone.nationality)),
    familyNameLatin: names(passport.familyNameLatin, zone.familyName),
    givenNameLatin: names(passport.givenNameLatin, zone.givenName),
    birthDate: birthDate === undefined || birthDate.startsWith(zone.birthDate ?? ''),
    expiryDate: same(expiryDate, zone.expiryDate),
    sex: same(sex, zone.sex),
    personalNumber: same(personalNumber?.toUpperCase().replace(/[^A-Z\d]/g, ''), zone.personalNumber),
  }
}

const same = <T>(field: T | undefined, inZone: T | undefined): boolean =>
  field === undefined || inZone === undefined || field === inZone

/** Doc 9303-3 §4.6: capitals, one space for what divides a name, other punctuation left out. */
const lettersOf = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[.'’ʼ]/g, '')
    .replace(/[ -]+/g, ' ')
    .trim()
