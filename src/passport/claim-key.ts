/**
 * The integers that name fields in QR credentials, of 16 bits each.
 *
 * The key of a field is the one that its definition declares, else it follows from the name of its claim and from nothing
 * else: fields may be added, moved and renamed in TypeScript, and credentials that are out stay readable.
 */
import { utf8 } from '../core/bytes.js'
import { oncePer } from '../core/once.js'
import type { PassportProfile, ProfileField } from './profile.js'

/** The field that has a key; `undefined` when none has it, or more than one. */
export const fieldOfKey = (profile: PassportProfile, key: number): string | undefined => fieldsByKey(profile).get(key)

const fieldsByKey = /* @__PURE__ */ oncePer((profile: PassportProfile): ReadonlyMap<number, string | undefined> => {
  const fields = new Map<number, string | undefined>()
  for (const [name, field] of Object.entries<ProfileField>(profile.fields)) {
    const key = claimKeyOf(field)
    if (key !== undefined) fields.set(key, fields.has(key) ? undefined : name)
  }
  return fields
})

/** What the key of a field follows from. */
type Place = Pick<ProfileField, 'key' | 'claim' | 'element'>

/** Where a QR credential has a field: its key, as text. */
export function keyPath(field: Place): readonly string[] | undefined {
  const key = claimKeyOf(field)
  return key === undefined ? undefined : [String(key)]
}

/** The key of a field: declared, or the hash of its claim's name, else of its element's. */
export function claimKeyOf({ key, claim, element }: Place): number | undefined {
  const path = claim ?? element
  return key ?? (path === undefined ? undefined : hashOf(path.join('.')))
}

/** FNV-1a with 32 bits, folded to 16. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (const byte of utf8(name)) hash = Math.imul(hash ^ byte, 0x01000193)
  return ((hash >>> 16) ^ hash) & 0xffff
}
