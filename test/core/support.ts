import fc from 'fast-check'
import { VidimusError } from '../../src/errors.js'

/** The code an input is refused with, or `accepted`. Anything but our own error is a failure of the test. */
export function outcome(work: () => unknown): string {
  try {
    work()
    return 'accepted'
  } catch (error) {
    if (error instanceof VidimusError) return error.code
    throw error
  }
}

/** The same of a promise. */
export async function outcomeOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'accepted'
  } catch (error) {
    if (error instanceof VidimusError) return error.code
    throw error
  }
}

export const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], octet => Number.parseInt(octet, 16))

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, octet => octet.toString(16).padStart(2, '0')).join('')

/** The error of ours that the work throws. */
export function thrownBy(work: () => unknown): VidimusError {
  try {
    work()
  } catch (error) {
    if (error instanceof VidimusError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Every character of Unicode, the plain ones as often as the rest. */
export const anyCharacter = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map(point => String.fromCodePoint(point))

/** The error of ours that the work comes to. */
export async function refusalOf(work: () => unknown): Promise<VidimusError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof VidimusError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** An error of ours as `code at place`, with the identifier it is about. Anything else is a failure of the test. */
export function told(error: unknown): string {
  if (!(error instanceof VidimusError)) throw error
  const { code, at, actual } = error
  return `${code} at ${at}${typeof actual === 'string' ? `: ${actual}` : ''}`
}
