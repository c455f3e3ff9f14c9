/** The preview of a QR credential: the claims that were chosen, and what the credential shows with any of them. */
import type { CborValue } from '../core/cbor/value.js'
import { VidimusError } from '../errors.js'
import type { QrCredential } from '../formats/qr/credential.js'
import type { KeyedValues } from '../formats/qr/disclosure.js'
import { fieldOfKey } from '../passport/claim-key.js'
import { type PlainValue, plainOf } from '../passport/element-value.js'
import { plainOfKeyed } from '../passport/keyed-claims.js'
import type { PassportProfile } from '../passport/profile.js'
import { registeredLabels } from './preview-claims.js'
import { labelOf, type PreviewField } from './preview-field.js'

/** Throws `claim_malformed` for a claim whose value cannot be shown: a map with two keys of one text. */
export function previewKeyed(
  credential: QrCredential,
  shown: KeyedValues,
  profile: PassportProfile | undefined,
): readonly PreviewField[] {
  const fields = Object.entries(alwaysShown(credential)).map(([name, value]): PreviewField => {
    const path = [name]
    return { path, label: labelOf(path, undefined, profile, registeredLabels), value, always: true }
  })
  for (const [key, value] of inOrder(shown, profile)) {
    const path = [String(key)]
    const field = profile === undefined ? undefined : fieldOfKey(profile, key)
    fields.push({
      ...(field === undefined ? {} : { field }),
      path,
      label: labelOf(path, field, profile, {}),
      value: showable(plainOfKeyed(value), path[0]!),
      always: false,
    })
  }
  return fields
}

/** In the order of the passport's fields, for people; what it does not know comes last. */
function inOrder(shown: KeyedValues, profile: PassportProfile | undefined): readonly (readonly [number, CborValue])[] {
  const names = Object.keys(profile?.fields ?? {})
  const place = (key: number) => names.indexOf((profile && fieldOfKey(profile, key)) ?? '') >>> 0
  return [...shown].sort(([a], [b]) => place(a) - place(b))
}

/** By the names that the claims of a JWT have, of which these are the numbers. */
function alwaysShown({ issuer, times, type, holderKey, status }: QrCredential): Readonly<Record<string, PlainValue>> {
  const { iat, nbf, exp } = times
  return {
    iss: issuer,
    iat,
    ...(nbf === undefined ? {} : { nbf }),
    exp,
    vct: type,
    cnf: { ...holderKey },
    ...(status === undefined ? {} : { status: showable(plainOf(status), 'status') }),
  }
}

function showable(value: PlainValue | undefined, at: string): PlainValue {
  if (value === undefined) throw new VidimusError('claim_malformed', { at })
  return value
}
