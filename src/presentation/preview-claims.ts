/**
 * The preview of an SD-JWT: it is made from the very claims that the chosen disclosures leave visible, so nothing can be
 * shown that is not sent, and nothing sent that is not shown.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js'
import type { PassportProfile } from '../passport/profile.js'
import { type Label, labelOf, type PreviewField } from './preview-field.js'

/** What every SD-JWT VC carries besides the passport. */
export const registeredLabels: Readonly<Record<string, Label>> = {
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
  labels: Readonly<Record<string, Label>>,
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
      label: labelOf(path, field, profile, labels),
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

/** Both come from one payload, so that equal values are written alike. */
const same = (value: JsonValue, other: JsonValue | undefined): boolean =>
  JSON.stringify(value) === JSON.stringify(other)
