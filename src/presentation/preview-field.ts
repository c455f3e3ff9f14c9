/** What a presentation would show, field by field, in words for its holder. */
import type { ClaimPath } from '../formats/sd-jwt/path.js'
import type { PlainValue } from '../passport/element-value.js'
import type { Labels, PassportProfile, ProfileField } from '../passport/profile.js'

/** One thing the verifier would see. */
export interface PreviewField {
  /** The passport's name for it, when a `passport` was given that knows it. */
  readonly field?: string | undefined
  /** Of a claim, or `[namespace, element]`, or the `[key]` of a QR credential. What an mdoc or a QR code always shows has its own name alone. */
  readonly path: readonly string[]
  /** For people, by language; the path itself where nobody named it. */
  readonly label: Label
  /** As it stands in the credential: dates as text; images as data URIs in an SD-JWT, as bytes in an mdoc or a QR credential. */
  readonly value: PlainValue
  /** Whether every presentation of this credential shows it, whatever the holder chooses. */
  readonly always: boolean
}

export type Label = Labels & { readonly en: string; readonly ru: string }

/** Exactly what `presentSdJwt(preview, …)`, or its like of another format, will send. Frozen. */
export interface Preview {
  /** The issuer, as the credential says. An mdoc knows it by its certificate alone. */
  readonly issuer?: string | undefined
  readonly fields: readonly PreviewField[]
  /** What was asked for and is not in the credential. */
  readonly missing: readonly ClaimPath[]
}

/** Whether what is presented is a preview, and not a credential. */
export const isPreview = (shown: unknown): shown is Preview =>
  typeof shown === 'object' && shown !== null && 'fields' in shown

/** What the passport calls a field, in every language it has; else what the format calls what it always shows. */
export function labelOf(
  path: readonly string[],
  field: string | undefined,
  profile: PassportProfile | undefined,
  known: Readonly<Record<string, Label>>,
): Label {
  const text = path.join('.')
  const fallback = (Object.hasOwn(known, text) ? known[text] : undefined) ?? { en: text, ru: text }
  if (field === undefined || profile === undefined) return fallback
  return { ...fallback, ...(profile.fields as Readonly<Record<string, ProfileField>>)[field]?.label }
}
