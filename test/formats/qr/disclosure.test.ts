import { describe, expect, it } from 'vitest'
import { digest } from '#crypto'
import { CborTag } from '../../../src/core/cbor/value.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { digestDisclosure, makeDisclosure, nameOfDigest, openDisclosures } from '../../../src/formats/qr/disclosure.js'
import { codeOfAsync } from './support.js'

const seed = new Uint8Array(32).fill(7)
const hex = (bytes: Uint8Array) => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')

describe('a disclosure', () => {
  it('is 16 bytes of salt, two of the key, and the value', async () => {
    const disclosure = await makeDisclosure(seed, 0x0102, 'x')
    expect(disclosure).toHaveLength(20)
    expect(hex(disclosure.slice(16))).toBe('01026178')
  })

  it('has the salt that HMAC-SHA-256 gives for its key, and for ever: credentials with it are out', async () => {
    for (const key of [0, 255, 256, 54_346, 65_535])
      expect(hex((await makeDisclosure(seed, key, 'x')).slice(0, 16))).toBe(await saltOf(key))
  })

  it('tells nothing of the salts of others: each key and each seed has its own', async () => {
    const salts: string[] = []
    for (let key = 0; key < 200; key++) salts.push(hex((await makeDisclosure(seed, key, 'x')).slice(0, 16)))
    for (let bit = 0; bit < 8; bit++)
      salts.push(
        hex(
          (
            await makeDisclosure(
              seed.map(byte => byte ^ (1 << bit)),
              0,
              'x',
            )
          ).slice(0, 16),
        ),
      )
    expect(new Set(salts).size).toBe(208)
  })

  it('is signed as the first half of its SHA-256', async () => {
    const disclosure = await makeDisclosure(seed, 7, new CborTag(100, 1))
    expect(await digestDisclosure(disclosure)).toEqual((await digest('sha-256', disclosure)).slice(0, 16))
  })

  it('opens to its value, where its digest was signed', async () => {
    const disclosures = [await makeDisclosure(seed, 7, 'x'), await makeDisclosure(seed, 8, true)]
    const digests = new Set<string>()
    for (const disclosure of disclosures) digests.add(nameOfDigest(await digestDisclosure(disclosure)))
    const values = await openDisclosures(disclosures, digests, defaultLimits)
    expect([...values]).toEqual([
      [7, 'x'],
      [8, true],
    ])
    const other = await makeDisclosure(seed, 9, 'x')
    expect(await codeOfAsync(openDisclosures([other], digests, defaultLimits))).toBe('qr_digest_missing (9)')
  })
})

/** The salt worked out with WebCrypto, which every runtime has. */
async function saltOf(name: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', seed, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const data = Uint8Array.of(...new TextEncoder().encode('vidimus qr salt 1'), name >> 8, name & 0xff)
  return hex(new Uint8Array(await crypto.subtle.sign('HMAC', key, data)).slice(0, 16))
}
