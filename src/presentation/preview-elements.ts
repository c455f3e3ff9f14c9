/** The preview of an mdoc: the data elements that were chosen, and what the security object shows with any of them. */
import { VidimusError } from '../errors.js'
import type { ItemsByNamespace } from '../formats/mdoc/item.js'
import type { MobileSecurityObject } from '../formats/mdoc/mso.js'
import { type PlainValue, plainOf } from '../passport/element-value.js'
import { fieldOfElement } from '../passport/elements.js'
import type { PassportProfile } from '../passport/profile.js'
import { type Label, labelOf, type PreviewField } from './preview-field.js'

/** What every mdoc carries besides its elements. */
const signed: Readonly<Record<string, Label>> = {
  docType: { en: 'Type of document', ru: 'Вид документа' },
  signed: { en: 'Issued at', ru: 'Выпущено' },
  validFrom: { en: 'Valid from', ru: 'Действует с' },
  validUntil: { en: 'Valid until', ru: 'Действует до' },
  deviceKey: { en: 'Your public key', ru: 'Ваш открытый ключ' },
  status: { en: 'Where its status is published', ru: 'Где опубликован статус' },
}

/** Throws `claim_malformed` for an element whose value cannot be shown: a map with two keys of one text. */
export function previewElements(
  mso: MobileSecurityObject,
  items: ItemsByNamespace,
  profile: PassportProfile | undefined,
): readonly PreviewField[] {
  const fields = Object.entries(alwaysShown(mso)).map(([name, value]): PreviewField => {
    const path = [name]
    return { path, label: labelOf(path, undefined, profile, signed), value, always: true }
  })
  for (const [namespace, list] of items)
    for (const { identifier, value } of list) {
      const path = [namespace, identifier]
      const field = profile === undefined ? undefined : fieldOfElement(profile, namespace, identifier)
      fields.push({
        ...(field === undefined ? {} : { field }),
        path,
        label: labelOf(path, field, profile, {}),
        value: showable(plainOf(value), identifier),
        always: false,
      })
    }
  return fields
}

function alwaysShown({ docType, signed, validFrom, validUntil, deviceKey, status }: MobileSecurityObject) {
  return {
    docType,
    signed: instant(signed),
    validFrom: instant(validFrom),
    validUntil: instant(validUntil),
    deviceKey: { ...deviceKey },
    ...(status === undefined ? {} : { status: showable(plainOf(status), 'status') }),
  }
}

/** As the security object has it: in whole seconds. */
const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

function showable(value: PlainValue | undefined, at: string): PlainValue {
  if (value === undefined) throw new VidimusError('claim_malformed', { at })
  return value
}
