/** SD-JWTs made by hand, so that they can be wrong in one place at a time. */
import { digestText } from '#crypto'
import type { HashName } from '../../../src/core/algorithms.js'
import { base64url, utf8 } from '../../../src/core/bytes.js'
import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '../../../src/core/json.js'
import { VidimusError } from '../../../src/errors.js'

/** The text of whatever is written as a disclosure. */
export const disclosureOf = (json: JsonValue): string => rawDisclosure(JSON.stringify(json))

export const rawDisclosure = (text: string): string => base64url(utf8(text))

export const digestOf = async (disclosure: string, hash: HashName = 'sha-256'): Promise<string> =>
  digestText(hash, disclosure)

/** A member `name` hidden in an object, and the object. */
export async function hiddenMember(name: string, value: JsonValue, salt = `salt of ${name}`) {
  const disclosure = disclosureOf([salt, name, value])
  return { disclosure, digest: await digestOf(disclosure) }
}

export async function hiddenElement(value: JsonValue, salt = 'salt of an element') {
  const disclosure = disclosureOf([salt, value])
  return { disclosure, digest: await digestOf(disclosure) }
}

/** A payload as it comes out of a token: read by the strict reader, without prototypes. */
export const received = (payload: unknown): JsonObject => parseJsonObject(JSON.stringify(payload))

/** The refusal that `work` ends in. Anything but a `VidimusError` fails the test. */
export async function refusal(work: () => unknown): Promise<VidimusError> {
  let result: unknown
  try {
    result = await work()
  } catch (error) {
    if (error instanceof VidimusError) return error
    throw error
  }
  throw new Error(`not refused: ${JSON.stringify(result)}`)
}

export const refusalCode = async (work: () => unknown): Promise<string> => (await refusal(work)).code

/** Every object in a value, however deep. */
export function objectsIn(value: JsonValue): readonly JsonObject[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(objectsIn)
  return isJsonObject(value) ? [value, ...inner] : inner
}
