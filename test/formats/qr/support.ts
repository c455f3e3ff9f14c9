/** What tests of this folder share. */
import { VidimusError } from '../../../src/errors.js'

/** `code (at)` of what a call throws; `undefined` when it throws nothing. */
export function codeOf(call: () => unknown): string | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    return describe(error)
  }
}

/** The same of a promise. */
export const codeOfAsync = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(() => undefined, describe)

function describe(error: unknown): string {
  if (error instanceof VidimusError) return error.message
  throw error
}
