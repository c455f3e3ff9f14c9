/** Integrity strings: the form of W3C Subresource Integrity, over octets. */
import { describe, expect, it } from 'vitest'
import { digest } from '#crypto'
import { base64, base64url, utf8 } from '../../../src/core/bytes.js'
import { hasIntegrity } from '../../../src/formats/sd-jwt/integrity.js'
import { metadataIntegrity } from '../../../src/passport/type-metadata.js'

const octets = utf8("alert('Hello, world.');")
/** The example of Subresource Integrity §3.2, and the same octets under the other hashes. */
const sha384 = 'sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO'
const sha256 = `sha256-${base64(await digest('sha-256', octets))}`
const sha512 = `sha512-${base64(await digest('sha-512', octets))}`
const urlSafe = `sha256-${base64url(await digest('sha-256', octets))}=`
const wrong = (value: string) => `${value.slice(0, 10)}${value[10] === 'A' ? 'B' : 'A'}${value.slice(11)}`

describe('octets have the integrity', () => {
  it.each([
    ['of SHA-256', sha256],
    ['of SHA-384', sha384],
    ['of SHA-512', sha512],
    ['of one of several values', `${wrong(sha256)} ${sha256}`],
    ['of the strongest hash, whatever a weaker one says', `${wrong(sha256)} ${sha512} ${wrong(sha384)}`],
    ['beside a hash that is not known', `sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= ${sha256} blake3-x`],
    ['with options, which say nothing here', `${sha256}?ct=application/json`],
    ['among white space', `  ${wrong(sha384)}\t\n${sha384} `],
  ])('%s', async (_, integrity) => {
    expect(await hasIntegrity(octets, integrity)).toBe(true)
  })

  it('that generation writes', async () => {
    for (const hash of ['sha-256', 'sha-384', 'sha-512'] as const)
      expect(await hasIntegrity(octets, await metadataIntegrity(octets, { hash }))).toBe(true)
  })
})

describe('octets do not have the integrity', () => {
  it.each([
    ['of other octets', wrong(sha256)],
    ['of nothing at all', ''],
    ['of white space', ' \n'],
    ['of hashes that are not known', 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= md5-x sha224-x'],
    ['of a weaker hash alone where a stronger one is named', `${sha256} ${wrong(sha512)}`],
    ['of a weaker hash alone where a stronger one is malformed', `${sha256} sha384-`],
    ['in base64url', urlSafe],
    ['without padding', sha256.replace('=', '')],
    ['with the name of another hash', sha256.replace('sha256', 'sha384')],
    ['in the spelling of SD-JWT', sha256.replace('sha256', 'sha-256')],
    ['in capitals', sha256.replace('sha256', 'SHA256')],
    ['with something before it', `x${sha256}`],
    ['with something behind it', `${sha256}x`],
    ['between commas', `${sha256},${sha256}`],
  ])('%s', async (_, integrity) => {
    expect(await hasIntegrity(octets, integrity)).toBe(false)
  })

  it('when one bit of them is another', async () => {
    const flipped = octets.slice()
    flipped[3]! ^= 1
    for (const integrity of [sha256, sha384, sha512]) expect(await hasIntegrity(flipped, integrity)).toBe(false)
  })
})
