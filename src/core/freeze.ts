/**
 * Freezes plain data from the inside out. What is frozen already is taken to be frozen throughout. Byte arrays cannot be
 * frozen; they are copies that nobody else holds.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value
  if (Array.isArray(value)) for (const element of value) deepFreeze(element)
  else for (const name of Object.keys(value)) deepFreeze((value as Record<string, unknown>)[name])
  return Object.freeze(value)
}
