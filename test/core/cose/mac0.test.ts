/** COSE_Mac0 with HMAC 256/256: what verifies, what does not, and why (RFC 9052 §6.2, §6.3). */
import { describe, expect, it } from 'vitest'
import { hmacSha256 } from '#crypto'
import { concatBytes, utf8 } from '../../../src/core/bytes.js'
import { CborFloat, CborTag, type CborValue } from '../../../src/core/cbor/value.js'
import { writeCbor } from '../../../src/core/cbor/write.js'
import { createDetachedMac0, readMac0, verifyMac0 } from '../../../src/core/cose/mac0.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { fromHex, toHex } from '../support.js'
import { flips, readTagged, refusing } from './support.js'

const payload = utf8('What was seen')
const key = new Uint8Array(32).fill(7)
const empty = new Uint8Array()
const tagMac0 = 17
const hmac256 = fromHex('a10105')

const decide = (value: CborValue | undefined, by = key, content = payload) =>
  refusing(async () => {
    const mac0 = readMac0(value)
    await verifyMac0(mac0, mac0.payload ?? content, by)
  })

/** An object with the tag that the key makes over its parts. */
async function tagged(protectedBytes: Uint8Array, structure?: readonly CborValue[]): Promise<CborValue[]> {
  const macked = writeCbor(structure ?? ['MAC0', protectedBytes, empty, payload])
  return [protectedBytes, new Map(), payload, await hmacSha256(key, macked)]
}

const made = async () => (await createDetachedMac0(payload, key)) as CborValue[]

describe('a COSE_Mac0', () => {
  it('verifies, its payload detached', async () => {
    const object = await made()
    expect(object[2]).toBeNull()
    expect(toHex(object[0] as Uint8Array)).toBe('a10105')
    expect(await decide(readTagged(writeCbor(object), tagMac0))).toBe('accepted')
    expect(await decide(readTagged(writeCbor(new CborTag(tagMac0, object)), tagMac0))).toBe('accepted')
  })

  it('verifies with its payload', async () => {
    expect(await decide(await tagged(hmac256))).toBe('accepted')
  })

  it('is made over the protected bytes as they came', async () => {
    const object = await tagged(fromHex('bf180105ff'))
    expect(await decide(object)).toBe('accepted')
    expect(await decide([hmac256, ...object.slice(1)])).toBe('signature_invalid at tag')
  })

  it('is of its key and payload alone', async () => {
    expect(await decide(await made(), new Uint8Array(32).fill(8))).toBe('signature_invalid at tag')
    expect(await decide(await made(), key, utf8('Something else'))).toBe('signature_invalid at tag')
    expect(await decide(await made(), key, empty)).toBe('signature_invalid at tag')
  })

  it('is refused with the code that the caller has for it', async () => {
    const mac0 = readMac0(await made())
    const verified = () => verifyMac0(mac0, empty, key, 'key_binding_signature_invalid')
    expect(await refusing(verified)).toBe('key_binding_signature_invalid at tag')
  })

  it.each<[string, string]>([
    ['no algorithm', ''],
    ['an empty map', 'a0'],
    ['HMAC 256/64', 'a10104'],
    ['HMAC 384', 'a10106'],
    ['HMAC 512', 'a10107'],
    ['AES-MAC', 'a1010e'],
    ['ES256', 'a10126'],
    ['a name', 'a101654853323536'],
    ['a float', toHex(writeCbor(new Map([[1, new CborFloat(5)]])))],
    ['null', 'a101f6'],
  ])('is refused for its algorithm: %s', async (_, protectedHex) => {
    expect(await decide(await tagged(fromHex(protectedHex)))).toBe('alg_not_allowed at alg')
  })

  it('is refused when its algorithm stands unprotected', async () => {
    const [, , content, tag] = await tagged(empty)
    expect(await decide([empty, new Map([[1, 5]]), content!, tag!])).toBe('alg_not_allowed at alg')
  })

  it.each<[string, (tag: Uint8Array) => Uint8Array]>([
    ['none', () => empty],
    ['zeros', () => new Uint8Array(32)],
    ['cut to 64 bits', tag => tag.subarray(0, 8)],
    ['of a byte less', tag => tag.subarray(0, 31)],
    ['of a byte more', tag => concatBytes(tag, Uint8Array.of(0))],
  ])('is refused for its tag: %s', async (_, change) => {
    const [head, unprotected, content, tag] = await made()
    expect(await decide([head!, unprotected!, content!, change(tag as Uint8Array)])).toBe('signature_invalid at tag')
  })

  it('is nothing that was made for another purpose', async () => {
    for (const context of ['MAC', 'Signature1', 'mac0'])
      expect(await decide(await tagged(hmac256, [context, hmac256, empty, payload]))).toBe('signature_invalid at tag')
    expect(await decide(await tagged(hmac256, ['MAC0', hmac256, fromHex('00'), payload]))).toBe(
      'signature_invalid at tag',
    )
  })
})

describe('no COSE_Mac0', () => {
  const good: readonly CborValue[] = [hmac256, new Map(), payload, new Uint8Array(32)]

  it.each<[string, CborValue | undefined, string]>([
    ['nothing', undefined, 'cose_malformed at structure'],
    ['null', null, 'cose_malformed at structure'],
    ['a map', new Map([[0, 0]]), 'cose_malformed at structure'],
    ['three parts', good.slice(0, 3), 'cose_malformed at structure'],
    ['five parts, as COSE_Mac has', [...good, []], 'cose_malformed at structure'],
    ['one in its tag', new CborTag(tagMac0, good), 'cose_malformed at structure'],
    ['no protected bytes', [new Map(), ...good.slice(1)], 'cose_malformed at protected'],
    ['no unprotected map', [good[0]!, [], good[2]!, good[3]!], 'cose_malformed at unprotected'],
    ['a payload of text', [good[0]!, good[1]!, 'text', good[3]!], 'cose_malformed at payload'],
    ['a payload that is false', [good[0]!, good[1]!, false, good[3]!], 'cose_malformed at payload'],
    ['no tag', [good[0]!, good[1]!, good[2]!, null], 'cose_malformed at signature'],
    ['a tag of text', [good[0]!, good[1]!, good[2]!, 'text'], 'cose_malformed at signature'],
    ['a critical label', [fromHex('a2010502811863'), ...good.slice(1)], 'crit_unsupported at crit'],
    ['a label in both maps', [good[0]!, new Map([[1, 5]]), good[2]!, good[3]!], 'cose_header_duplicate at 1'],
  ])('is %s', async (_, value, refusal) => {
    expect(await refusing(() => readMac0(value))).toBe(refusal)
  })

  it('is beyond the limits of the caller', async () => {
    const limits = { ...defaultLimits, headerBytes: 2 }
    expect(await refusing(() => readMac0([...good], limits))).toBe('limit_exceeded at headerBytes')
  })
})

describe('one bit that is another', () => {
  it('anywhere leaves nothing that verifies', async () => {
    const bytes = writeCbor(new CborTag(tagMac0, await made()))
    const outcomes = await Promise.all(
      flips(bytes).map(harmed =>
        refusing(async () => {
          const mac0 = readMac0(readTagged(harmed, tagMac0))
          await verifyMac0(mac0, payload, key)
        }),
      ),
    )
    expect(outcomes).toHaveLength(bytes.length * 8)
    expect(outcomes).not.toContain('accepted')
  })
})
