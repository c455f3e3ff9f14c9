/** Kinds of identity documents, with the codes that Russian tax and e-government formats have for them. */
import { deepFreeze } from '../core/freeze.js'
import type { Labels } from './profile.js'

export interface DocumentKindFacts {
  /** Two digits, as in the formats of the tax service. */
  readonly code: string
  readonly label: Labels
}

export type DocumentKind =
  | 'internal_passport'
  | 'travel_passport'
  | 'birth_certificate'
  | 'foreign_birth_certificate'
  | 'military_id'
  | 'foreign_passport'
  | 'residence_permit'
  | 'refugee_id'
  | 'temporary_id'
  | 'temporary_residence_permit'
  | 'serviceman_id'
  | 'other'

/** Every kind with its code and its names. */
export const documentKinds: Readonly<Record<DocumentKind, DocumentKindFacts>> = /* @__PURE__ */ deepFreeze({
  birth_certificate: { code: '03', label: { ru: 'свидетельство о рождении', en: 'birth certificate' } },
  military_id: { code: '07', label: { ru: 'военный билет', en: 'military ID' } },
  foreign_passport: { code: '10', label: { ru: 'паспорт иностранного гражданина', en: 'foreign passport' } },
  residence_permit: { code: '12', label: { ru: 'вид на жительство', en: 'residence permit' } },
  refugee_id: { code: '13', label: { ru: 'удостоверение беженца', en: 'refugee ID' } },
  temporary_id: { code: '14', label: { ru: 'временное удостоверение личности', en: 'temporary ID' } },
  temporary_residence_permit: {
    code: '15',
    label: { ru: 'разрешение на временное проживание', en: 'temporary residence permit' },
  },
  internal_passport: { code: '21', label: { ru: 'паспорт гражданина РФ', en: 'internal passport' } },
  travel_passport: { code: '22', label: { ru: 'заграничный паспорт', en: 'travel passport' } },
  foreign_birth_certificate: {
    code: '23',
    label: { ru: 'свидетельство о рождении иностранного государства', en: 'foreign birth certificate' },
  },
  serviceman_id: { code: '24', label: { ru: 'удостоверение личности военнослужащего', en: 'serviceman ID' } },
  other: { code: '91', label: { ru: 'иной документ', en: 'another document' } },
})
