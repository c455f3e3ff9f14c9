/** What the tests of this stage share. */
import type { Issue, VidimusError } from '../../src/errors.js'
import type { StandardResult, StandardSchemaV1 } from '../../src/passport/standard-schema.js'

/** The first bytes of real images, enough to be told apart. */
export const jpeg = () => new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70])
export const png = () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])

/** A schema of no library that is known. */
export const schemaOf = <Output>(
  validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>,
): StandardSchemaV1<unknown, Output> => ({ '~standard': { version: 1, vendor: 'test', validate } })

/** Milliseconds for what must be linear: ample on a busy machine, and nothing to what is not. */
export const atOnce = 2000

/** One line per issue: `address.locality length`. */
export const brief = (issues: readonly Issue[] | undefined) =>
  (issues ?? []).map(({ path, code }) => `${path.join('.')} ${code}`)

/** The error that `work` throws. */
export function failure(work: () => unknown): VidimusError {
  try {
    work()
  } catch (error) {
    return error as VidimusError
  }
  throw new Error('nothing was thrown')
}
