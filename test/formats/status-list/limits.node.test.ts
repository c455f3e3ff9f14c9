/** What a hostile status list costs, in memory and in time of one core. */
import { createDeflate } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { base64url } from '../../../src/core/bytes.js'
import type { PublicKey } from '../../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../../src/core/keys.js'
import { createStatusListCwt } from '../../../src/formats/status-list/cwt.js'
import { createStatusListToken } from '../../../src/formats/status-list/jwt.js'
import { verifyStatusListToken } from '../../../src/formats/status-list/token.js'
import { craftToken, expecting, instant, keyOf, uri } from './craft.js'

const mebibyte = 1024 * 1024

/** A stream that unfolds to so many bytes, made without ever holding them. */
async function bomb(bytes: number): Promise<Uint8Array> {
  const deflate = createDeflate()
  const parts: Buffer[] = []
  deflate.on('data', part => parts.push(part))
  const zeros = Buffer.alloc(mebibyte)
  for (let written = 0; written < bytes; written += zeros.length)
    if (!deflate.write(zeros)) await new Promise(resolve => deflate.once('drain', resolve))
  await new Promise(resolve => deflate.end(resolve))
  return new Uint8Array(Buffer.concat(parts))
}

let signer: Signer
let key: PublicKey

beforeAll(async () => {
  signer = await generateSigner('ES256')
  key = await keyOf(signer)
  await verifyStatusListToken(await craftToken(signer), expecting(key))
})

describe('a compressed list', () => {
  it('that is longer than any worth its work is refused before it is read', async () => {
    const refusalOf = async (length: number) => {
      const token = await craftToken(signer, {}, {}, { lst: base64url(new Uint8Array(length)) })
      return verifyStatusListToken(token, expecting(key)).catch(error => error)
    }
    const most = 2_621_440
    expect(await refusalOf(most)).toMatchObject({ code: 'inflate_invalid' })
    const refused = { code: 'limit_exceeded', at: 'statusListBytes', expected: most, actual: most + 1 }
    expect(await refusalOf(most + 1)).toMatchObject(refused)
  })
})

describe('a signed list that unfolds to 192 MiB', () => {
  it('is refused within 64 MiB and a moment', async () => {
    const token = await craftToken(signer, {}, {}, { bits: 8, lst: base64url(await bomb(192 * mebibyte)) })
    expect(token.length).toBeLessThan(mebibyte)
    const memory = process.resourceUsage().maxRSS
    const time = process.cpuUsage()
    await expect(verifyStatusListToken(token, expecting(key))).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'statusListBytes',
    })
    const { user, system } = process.cpuUsage(time)
    expect((process.resourceUsage().maxRSS - memory) * 1024).toBeLessThan(64 * mebibyte)
    expect((user + system) / 1000).toBeLessThan(500)
  })
})

describe('an issuer', () => {
  it('makes no list that no verifier here would unfold', async () => {
    const packed = crypto.getRandomValues(new Uint8Array(65_536))
    const dense = new Uint8Array(4 * 1024 * 1024)
    for (let at = 0; at < dense.length; at += packed.length) dense.set(crypto.getRandomValues(packed), at)
    const content = { uri, bits: 8, packed: dense, issuedAt: instant, signer } as const
    await expect(createStatusListToken(content)).rejects.toThrow(RangeError)
    await expect(createStatusListCwt(content)).rejects.toThrow(RangeError)
  })
})
