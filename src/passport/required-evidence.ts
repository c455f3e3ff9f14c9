/**
 * Which documents a case demands, as data: first issue, replacement, change of name, loss, a minor, and those of
 * vehicles.
 *
 * The groups are this library's reading of the Regulation on the passport (Government decree 2267 of 23.12.2023) and of
 * what portals ask for: hand in a table of your own where yours differs. What a document proves, a person decides.
 */
import { deepFreeze } from '../core/freeze.js'
import type { Issue } from '../errors.js'
import { fieldIssue } from './issues.js'
import type { Labels } from './profile.js'

export type EvidenceKind = keyof typeof evidenceKinds

/** Kinds of evidence, and what they are called. */
export const evidenceKinds = /* @__PURE__ */ deepFreeze({
  passport_photo_page: { ru: 'страница паспорта с фотографией', en: 'passport page with the photograph' },
  passport_registration_page: { ru: 'страница паспорта с регистрацией', en: 'passport page with the registration' },
  previous_passport: { ru: 'прежний паспорт', en: 'previous passport' },
  travel_passport: { ru: 'заграничный паспорт', en: 'travel passport' },
  birth_certificate: { ru: 'свидетельство о рождении', en: 'birth certificate' },
  citizenship_proof: { ru: 'документ о гражданстве', en: 'proof of citizenship' },
  photograph: { ru: 'фотография', en: 'photograph' },
  snils: { ru: 'СНИЛС', en: 'SNILS' },
  inn: { ru: 'ИНН', en: 'INN' },
  processing_consent: { ru: 'согласие на обработку персональных данных', en: 'consent to processing of personal data' },
  marriage_certificate: { ru: 'свидетельство о заключении брака', en: 'marriage certificate' },
  divorce_certificate: { ru: 'свидетельство о расторжении брака', en: 'divorce certificate' },
  name_change_certificate: { ru: 'свидетельство о перемене имени', en: 'certificate of change of name' },
  paternity_certificate: { ru: 'свидетельство об установлении отцовства', en: 'certificate of paternity' },
  adoption_certificate: { ru: 'свидетельство об усыновлении', en: 'adoption certificate' },
  court_decision: { ru: 'решение суда', en: 'court decision' },
  notarial_power: { ru: 'нотариальная доверенность', en: 'notarial power of attorney' },
  civil_act_correction: { ru: 'документ об исправлении акта гражданского состояния', en: 'correction of a civil act' },
  medical_report: { ru: 'медицинское заключение', en: 'medical report' },
  loss_statement: { ru: 'заявление об утрате или хищении', en: 'statement of loss or theft' },
  guardian_identity: { ru: 'документ законного представителя', en: "guardian's identity document" },
  guardianship_act: { ru: 'акт о назначении опекуна или попечителя', en: 'act of guardianship' },
  guardian_consent: { ru: 'согласие законного представителя', en: "guardian's consent" },
  mfc_certificate: { ru: 'справка МФЦ', en: 'certificate of a service centre' },
  house_book_extract: { ru: 'выписка из домовой книги', en: 'extract from the house register' },
  sale_contract: { ru: 'договор купли-продажи', en: 'contract of sale' },
  registration_act: { ru: 'акт о перерегистрации', en: 'act of re-registration' },
  accident_report: { ru: 'справка о ДТП', en: 'accident report' },
  design_certificate: { ru: 'свидетельство о безопасности изменений', en: 'certificate of a change of design' },
} as const satisfies Readonly<Record<string, Labels>>)

/** Any one of these documents serves. */
export interface EvidenceGroup {
  /** What is to be shown, a snake_case word. */
  readonly name: string
  readonly anyOf: readonly EvidenceKind[]
}

export type EvidenceCase = keyof typeof requiredEvidence

/** What each case demands: one document of every group. */
export const requiredEvidence = /* @__PURE__ */ requirements()

function requirements() {
  const group = (name: string, ...anyOf: readonly EvidenceKind[]): EvidenceGroup => ({ name, anyOf })
  const base = group('passport', 'previous_passport', 'passport_photo_page')
  const face = group('photograph', 'photograph')
  const consent = group('processing_consent', 'processing_consent')
  const replacement = [base, face, consent]
  const birth = group('birth', 'birth_certificate')
  const powers = group('powers', 'birth_certificate', 'adoption_certificate', 'guardianship_act', 'court_decision')
  return deepFreeze({
    /** Entry into the system of electronic passports, with a paper passport in force. */
    registration: [group('passport', 'passport_photo_page'), group('snils', 'snils'), consent],
    first_issue: [birth, group('citizenship', 'citizenship_proof', 'birth_certificate'), face, consent],
    replacement_at_20: replacement,
    replacement_at_45: replacement,
    name_change: [
      ...replacement,
      group(
        'ground',
        'marriage_certificate',
        'divorce_certificate',
        'name_change_certificate',
        'paternity_certificate',
        'adoption_certificate',
        'court_decision',
      ),
    ],
    birth_data_change: [...replacement, group('ground', 'civil_act_correction', 'birth_certificate', 'court_decision')],
    sex_change: [...replacement, group('ground', 'medical_report', 'civil_act_correction', 'court_decision')],
    appearance_change: replacement,
    damage: replacement,
    error_found: replacement,
    loss: [
      group('statement', 'loss_statement'),
      group('identity', 'travel_passport', 'birth_certificate', 'guardian_identity', 'court_decision'),
      face,
      consent,
    ],
    address_change: [group('address', 'passport_registration_page', 'mfc_certificate', 'house_book_extract'), consent],
    /** Besides what the case itself demands. */
    minor: [group('guardian_identity', 'guardian_identity'), powers, group('guardian_consent', 'guardian_consent')],
    /** Besides what the case itself demands. */
    representative: [group('power', 'notarial_power')],
    vehicle_account: [group('passport', 'passport_photo_page'), group('inn', 'inn'), group('snils', 'snils'), consent],
    vehicle_owner_change: [
      group('passport', 'passport_photo_page'),
      group('contract', 'sale_contract', 'court_decision'),
    ],
    vehicle_data_change: [group('ground', 'registration_act', 'accident_report', 'design_certificate')],
  } satisfies Readonly<Record<string, readonly EvidenceGroup[]>>)
}

export type EvidenceCheck = { readonly ok: true } | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Whether the evidence is all there, or every group that is not: `evidence_missing` at `['evidence', <case>, <group>]`.
 * A case may be several at once, as a name change of a minor. Throws `TypeError` for a case that the table does not
 * have.
 * @example checkEvidence(['name_change', 'minor'], ['previous_passport', 'photograph', 'marriage_certificate'])
 */
export function checkEvidence<
  Cases extends Readonly<Record<string, readonly EvidenceGroup[]>> = typeof requiredEvidence,
>(
  cases: (keyof Cases & string) | readonly (keyof Cases & string)[],
  given: readonly EvidenceKind[],
  { required }: { readonly required?: Cases | undefined } = {},
): EvidenceCheck {
  const table: Readonly<Record<string, readonly EvidenceGroup[]>> = required ?? requiredEvidence
  const issues: Issue[] = []
  for (const name of typeof cases === 'string' ? [cases] : cases) {
    const groups = Object.hasOwn(table, name) ? table[name] : undefined
    if (groups === undefined) throw new TypeError('`cases` names a case that the table does not have')
    for (const group of groups)
      if (!group.anyOf.some(kind => given.includes(kind)))
        issues.push(fieldIssue(['evidence', name, group.name], 'evidence_missing'))
  }
  return Object.freeze(issues.length === 0 ? { ok: true } : { ok: false, issues: Object.freeze(issues) })
}
