/**
 * Reading what came from outside as plain data: own data members only, no accessor called, no name beyond those known.
 */
import { type Limits, within } from '../core/limits.js'

/**
 * The members of an object that has no others than the allowed ones; `undefined` when it is no such object. A member
 * that is `undefined` counts as absent, as it would after `JSON.stringify`.
 */
export function readMembers<Name extends string>(
  value: unknown,
  allowed: readonly Name[],
): Partial<Record<Name, unknown>> | undefined {
  try {
    const members: Partial<Record<Name, unknown>> = {}
    for (const name of Reflect.ownKeys(value as object)) {
      const member = ownValue(value as object, name)
      if (member === undefined) continue
      if (!isOneOf(name, allowed)) return undefined
      members[name] = member
    }
    return members
  } catch {
    return undefined // not an object, or a proxy that throws
  }
}

/** The elements of a list; `undefined` when it is none. Throws `limit_exceeded` beyond `limits.proofEntries`. */
export function readList(value: unknown, limits: Limits): readonly unknown[] | undefined {
  const length = lengthOf(value)
  if (length === undefined) return undefined
  within(limits, 'proofEntries', length)
  try {
    return Array.from({ length }, (_, index) => ownValue(value as object, String(index)))
  } catch {
    return undefined // a proxy that throws
  }
}

function lengthOf(value: unknown): number | undefined {
  try {
    return Array.isArray(value) ? (ownValue(value, 'length') as number) : undefined
  } catch {
    return undefined // a proxy that throws
  }
}

/** An accessor has no value, so that reading runs nothing. */
const ownValue = (object: object, name: PropertyKey): unknown => Object.getOwnPropertyDescriptor(object, name)?.value

const isOneOf = <Name extends string>(name: PropertyKey, allowed: readonly Name[]): name is Name =>
  (allowed as readonly PropertyKey[]).includes(name)
