/** What a hostile presentation may cost: 250 ms of one core and 64 MiB. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import { verifyCredential } from '../../src/verification/verify.js'
import { encode, forge, sign } from '../forge.js'
import { expectations, makeWorld } from '../world.js'
import { walletDemands } from './table.js'

const world = await makeWorld()
const demands = expectations(world)
const mebibyte = 1024 * 1024
const header = '{"alg":"ES256","typ":"dc+sd-jwt"}'
const vct = '"vct":"https://guild.example/card/1"'
const hash = (text: string) => createHash('sha256').update(text).digest('base64url')

/** Signed by the issuer, so that every byte of it is read. */
const signed = async (payload: string) => `${await sign(header, `{${vct},${payload}}`, world.signer)}~`
/** Not signed at all. */
const unsigned = (payload: string) => `${encode(header)}.${encode(payload)}.${'A'.repeat(86)}~`

const inputs: Readonly<Record<string, () => unknown>> = {
  'a text of 64 MB': () => 'x'.repeat(64 * mebibyte),
  'separators alone': () => '~'.repeat(4 * mebibyte),
  'dots alone': () => `${'.'.repeat(4 * mebibyte - 1)}~`,
  'one huge header': () => `${'e'.repeat(4 * mebibyte - 3)}..~`,
  'one huge signature': () => `${encode(header)}.e30.${'A'.repeat(4 * mebibyte - 100)}~`,
  'one huge text': () => unsigned(`{"x":"${'x'.repeat(3 * mebibyte - 100)}"}`),
  'a payload of 48 MB': () => unsigned(`{"x":"${'x'.repeat(48 * mebibyte)}"}`),
  'one huge text of escapes': () => unsigned(`{"x":"${'\\u0041'.repeat(mebibyte / 2 - 100)}"}`),
  'quotes that are escaped': () => unsigned(`{"x":"${'\\"'.repeat(mebibyte)}"}`),
  'backslashes without an end': () => unsigned(`{"x":"${'\\'.repeat(3 * mebibyte - 100)}`),
  'one huge number': () => unsigned(`{"x":0.${'0'.repeat(3 * mebibyte - 100)}1}`),
  'white space': () => unsigned(`{"x":${' '.repeat(3 * mebibyte - 100)}1}`),
  'brackets alone': () => unsigned('['.repeat(3 * mebibyte)),
  'as many values as are read': () => unsigned(`{"x":[${'0,'.repeat(65_000)}0]}`),
  'as many names as are read': () =>
    unsigned(`{${Array.from({ length: 65_000 }, (_, index) => `"name ${index}":0`).join()}}`),
  'a name that stands twice at the end': () =>
    unsigned(`{${Array.from({ length: 60_000 }, (_, index) => `"${index}":0`).join()},"0":0}`),
  'half a character at the end': () => unsigned(`{"x":"${'x'.repeat(3 * mebibyte - 100)}\\ud800"}`),
  'the most disclosures, each of the most bytes': async () => {
    const texts = Array.from({ length: 512 }, (_, index) =>
      encode(JSON.stringify([`${index}`, `claim ${index}`, 'x'.repeat(5800)])),
    )
    return (await signed(`"_sd":${JSON.stringify(texts.map(hash))}`)) + texts.map(text => `${text}~`).join('')
  },
  'the most disclosures, nothing of which was committed to': async () =>
    (await signed('"rank":7')) + Array.from({ length: 512 }, (_, index) => `${encode(`["${index}","x",1]`)}~`).join(''),
  'one disclosure of many values': async () => {
    const text = encode(`["salt","x",[${'0,'.repeat(65_000)}0]]`)
    return `${await signed(`"_sd":["${hash(text)}"]`)}${text}~`
  },
  'many disclosures of many values': async () => {
    const texts = Array.from({ length: 60 }, (_, index) => encode(`["${index}","c${index}",[${'0,'.repeat(20_000)}0]]`))
    return (await signed(`"_sd":${JSON.stringify(texts.map(hash))}`)) + texts.map(text => `${text}~`).join('')
  },
  'as many digests as are read': () =>
    signed(`"_sd":[${Array.from({ length: 60_000 }, (_, index) => `"${hash(String(index))}"`).join()}]`),
  'one digest, over and over': () => signed(`"_sd":[${Array.from({ length: 60_000 }, () => `"${hash('x')}"`).join()}]`),
  'many signed claims': () => signed(Array.from({ length: 60_000 }, (_, index) => `"name ${index}":${index}`).join()),
  'many further types': () =>
    signed(`"aka_vcts":[${Array.from({ length: 60_000 }, (_, index) => `"${index}"`).join()}]`),
  'a chain of the most bytes': async () => {
    const entry = Buffer.alloc(16 * 1024).toString('base64')
    return forge(world, { header: { x5c: Array.from({ length: 5 }, () => entry) } })
  },
  'a huge key binding': async () =>
    (await signed('"rank":7')) +
    `${encode('{"alg":"ES256","typ":"kb+jwt"}')}.${encode(`{"x":"${'x'.repeat(2 * mebibyte)}"}`)}.AAAA`,
  bytes: () => new Uint8Array(64 * mebibyte),
  'a boxed text': () => new String('x'.repeat(64 * mebibyte)),
  'a list without elements': () => new Array(4_294_967_295),
  'a deep object': () => {
    let object: object = {}
    for (let depth = 0; depth < 100_000; depth++) object = { object }
    return object
  },
}

const functions = {
  verifySdJwtPresentation: (input: unknown) => verifySdJwtPresentation(input, demands),
  verifyCredential: (input: unknown) => verifyCredential(input, walletDemands(demands)),
  verifyPresentationSet: (input: unknown) => {
    const { expectedPassport, ...shared } = demands
    return verifyPresentationSet([input], { ...shared, expect: { card: { expectedPassport } } })
  },
  'verifyPresentationSet by name': (input: unknown) => {
    const { expectedPassport, ...shared } = demands
    return verifyPresentationSet(input, { ...shared, expect: { card: { expectedPassport } } })
  },
  reverifyEvidence: (input: unknown) =>
    reverifyEvidence(input, { trust: demands.trust, expectedPassport: demands.expectedPassport }),
}

describe('a hostile presentation costs at most 250 ms and 64 MiB', () => {
  for (const [title, make] of Object.entries(inputs))
    it(title, async () => {
      const input = await make()
      for (const [name, verify] of Object.entries(functions)) {
        const { milliseconds, bytes } = await costOf(() => verify(input))
        expect(
          [name, milliseconds < 250, bytes < 64 * mebibyte],
          `${name}: ${milliseconds} ms, ${bytes} bytes`,
        ).toEqual([name, true, true])
      }
    })
})

/** The least of a few runs in time, for the machine has other work; of the memory that one run held on to or grew by. */
async function costOf(work: () => Promise<unknown>): Promise<{ milliseconds: number; bytes: number }> {
  let milliseconds = Number.POSITIVE_INFINITY
  let bytes = Number.POSITIVE_INFINITY
  for (let run = 0; run < 5 && !(milliseconds < 250 && bytes < 64 * mebibyte); run++) {
    const before = process.memoryUsage()
    const start = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(start)
    const after = process.memoryUsage()
    milliseconds = Math.min(milliseconds, (user + system) / 1000)
    bytes = Math.min(bytes, after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers)
  }
  return { milliseconds, bytes }
}
