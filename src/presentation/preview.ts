/**
 * What a presentation would show, field by field, in words for its holder.
 *
 * It is made from the very claims that the chosen disclosures leave visible, so nothing can be shown that is not sent, and
 * nothing sent that is not shown.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js'
import type { ClaimPath } from '../formats/sd-jwt/path.js'
import type { Labels, PassportProfile } from '../passport/profile.js'

/** One thing the verifier would see. */
export interface PreviewField {
  /** The passport's name for it, when a `passport` was given that knows it. */
  readonly field?: string | undefined
  readonly path: readonly string[]
  /** For people, by language; the path itself where nobody named it. */
  readonly label: Labels & { readonly en: string; readonly ru: string }
  /** As it stands in the credential: dates as text, images as data URIs. */
  readonly value: JsonValue
  /** Whether every presentation of this credential shows it, whatever the holder chooses. */
  readonly always: boolean
}

/** Exactly what `presentSdJwt(preview, …)` will send. Frozen. */
export interface Preview {
  /** The issuer, as the credential says. */
  readonly issuer?: string | undefined
  readonly fields: readonly PreviewField[]
  /** What was asked for and is not in the credential. */
  readonly missing: readonly ClaimPath[]
}

/** What every credential carries besides the passport. */
const registered: Readonly<Record<string, { readonly en: string; readonly ru: string }>> = {
  iss: { en: 'Issuer', ru: 'Издатель' },
  iat: { en: 'Issued at', ru: 'Выпущено' },
  nbf: { en: 'Valid from', ru: 'Действует с' },
  exp: { en: 'Valid until', ru: 'Действует до' },
  vct: { en: 'Type of credential', ru: 'Вид удостоверения' },
  cnf: { en: 'Your public key', ru: 'Ваш открытый ключ' },
  status: { en: 'Where its status is published', ru: 'Где опубликован статус' },
}

/** The fields of the claims that stay visible; `bare` is what stays when nothing at all is disclosed. */
export function previewFields(
  visible: JsonObject,
  bare: JsonObject,
  profile: PassportProfile | undefined,
): readonly PreviewField[] {
  const fields: PreviewField[] = []
  for (const name of Object.keys(visible)) collect([name], visible[name]!, bare[name])
  return fields

  function collect(path: readonly string[], value: JsonValue, always: JsonValue | undefined): void {
    const known = knownField(path, profile)
    if (isJsonObject(value) && Object.keys(value).length > 0 && (known === 'above' || isInPart(value, always))) {
      const shown = isJsonObject(always) ? always : undefined
      for (const name of Object.keys(value)) collect([...path, name], value[name]!, shown?.[name])
      return
    }
    const field = known === 'above' ? undefined : known
    fields.push({
      ...(field === undefined ? {} : { field }),
      path,
      label: labelOf(path, field, profile),
      value,
      always: same(value, always),
    })
  }
}

/** Whether some of an object is always shown and some is the holder's choice: then it is shown member by member. */
const isInPart = (value: JsonObject, always: JsonValue | undefined): boolean =>
  isJsonObject(always) && Object.keys(always).length > 0 && !same(value, always)

/** The field whose claim stands at a path or around it; `above` when fields stand deeper. */
function knownField(path: readonly string[], profile: PassportProfile | undefined): string | 'above' | undefined {
  let above = false
  for (const [name, { claim }] of Object.entries<{ claim?: readonly string[] | undefined }>(profile?.fields ?? {})) {
    if (claim === undefined) continue
    if (claim.every((element, index) => path[index] === element)) return name
    above ||= path.every((element, index) => claim[index] === element)
  }
  return above ? 'above' : undefined
}

function labelOf(
  path: readonly string[],
  field: string | undefined,
  profile: PassportProfile | undefined,
): PreviewField['label'] {
  const text = path.join('.')
  const fallback = (Object.hasOwn(registered, text) ? registered[text] : undefined) ?? { en: text, ru: text }
  if (field === undefined || profile === undefined) return fallback
  return { ...fallback, ...(profile.fields as Readonly<Record<string, { label?: Labels | undefined }>>)[field]?.label }
}

/** Both come from one payload, so that equal values are written alike. */
const same = (value: JsonValue, other: JsonValue | undefined): boolean =>
  JSON.stringify(value) === JSON.stringify(other)
