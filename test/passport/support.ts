/** What the tests of this stage share. */
import { fromBase64, utf8 } from '../../src/core/bytes.js'
import type { Issue, VidimusError } from '../../src/errors.js'
import type { StandardResult, StandardSchemaV1 } from '../../src/passport/standard-schema.js'

/** One grey pixel, as a JPEG and as a PNG. */
export const jpeg = () =>
  fromBase64(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ' +
      'EBAQEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z',
  )
export const png = () =>
  fromBase64('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==')

/** The same JPEG with more behind its pixel, before its end: whole to all who do not decode it. */
export const jpegWith = (more: Uint8Array) =>
  new Uint8Array([...jpeg().subarray(0, -2), ...more.filter(byte => byte !== 0xff), 0xff, 0xd9])

/** What no passport takes for a portrait, and the code of each refusal. */
export const portraitHarms: readonly (readonly [harm: string, portrait: unknown, code: string])[] = [
  ['the beginning of a JPEG', jpeg().subarray(0, 10), 'format'],
  ['a JPEG that lacks its last byte', jpeg().subarray(0, -1), 'format'],
  ['a JPEG with a byte behind it', new Uint8Array([...jpeg(), 0]), 'format'],
  ['a JPEG with a page behind it', new Uint8Array([...jpeg(), ...utf8('<script>')]), 'format'],
  ['a JPEG 2000', new Uint8Array([0xff, 0x4f, 0xff, 0x51, 0, 0]), 'format'],
  ['no bytes', new Uint8Array(0), 'format'],
  ['text', 'data:image/jpeg;base64,/9j/4A==', 'type'],
  ['a photo with Exif', jpegAfter(0xe1, 'Exif\0\0II*\0\x08\0\0\0\0\0'), 'metadata'],
  ['a photo with a comment', jpegAfter(0xfe, 'by the river'), 'metadata'],
]

/** The JPEG with one more segment at its head. */
function jpegAfter(code: number, content: string): Uint8Array {
  const segment = [0xff, code, 0, content.length + 2, ...utf8(content)]
  return new Uint8Array([...jpeg().subarray(0, 2), ...segment, ...jpeg().subarray(2)])
}

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
