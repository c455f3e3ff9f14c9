/**
 * Freezes plain data from the inside out. What is frozen already is taken to be frozen throughout. Byte arrays cannot be
 * frozen; they are copies that nobody else holds.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}

/** A copy without the members that are `undefined`: JSON has none, and a record must read the same before and after. */
export function withoutAbsent<T extends object>(record: T): Present<T> {
  const present: Record<string, unknown> = {}
  for (const name of Object.keys(record)) {
    const value = record[name as keyof T]
    if (value !== undefined) present[name] = value
  }
  return present as Present<T>
}

/** A record whose members are there, or have a value. */
type Present<T> = {
  readonly [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name]
} & {
  readonly [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>
}
