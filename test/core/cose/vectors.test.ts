/** The examples of the COSE working group: each COSE_Sign1 and COSE_Mac0 is decided as stated, the rest is not ours. */
import { describe, expect, it } from 'vitest'
import { base64url, fromBase64url } from '../../../src/core/bytes.js'
import { readMac0, verifyMac0 } from '../../../src/core/cose/mac0.js'
import { readSign1 } from '../../../src/core/cose/sign1.js'
import type { PublicJwk } from '../../../src/core/jwk.js'
import { fromHex } from '../support.js'
import { readTagged, readTaggedSign1, refusing, verifyWith } from './support.js'

interface Key {
  readonly kty: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly x_hex?: string
  readonly y_hex?: string
  readonly k?: string
  readonly k_hex?: string
}

interface Example {
  readonly input: {
    readonly sign0?: { readonly key: Key }
    readonly mac0?: { readonly recipients: readonly { readonly key: Key }[] }
  }
  readonly output: { readonly cbor: string }
}

const files = import.meta.glob<Example>('../../vectors/cose/*/*.json', { eager: true, import: 'default' })
const examples = Object.entries(files).map(([path, example]) => ({
  name: path.split('/').slice(-2).join('/'),
  ...example,
}))

type Named = (typeof examples)[number]

const tagMac0 = 17

/** Those that are decided otherwise than their names state, for reasons of ours. */
const refused: Readonly<Record<string, string>> = {
  'sign1-tests/sign-pass-01.json': 'alg_not_allowed at alg',
  'sign1-tests/sign-pass-02.json': 'signature_invalid at signature',
  'eddsa-examples/eddsa-sig-02.json': 'key_invalid at x',
  'mac0-tests/mac-pass-02.json': 'alg_not_allowed at alg',
  'mac0-tests/mac-pass-03.json': 'alg_not_allowed at alg',
  'hmac-examples/HMac-enc-02.json': 'alg_not_allowed at alg',
  'hmac-examples/HMac-enc-03.json': 'alg_not_allowed at alg',
  'CWT/A_4.json': 'alg_not_allowed at alg',
  'CWT/A_7.json': 'alg_not_allowed at alg',
  'RFC8152/Appendix_C_6_1.json': 'alg_not_allowed at alg',
}

/** Those whose names hold "fail", with what is wrong. */
const failing: Readonly<Record<string, string>> = {
  'mac0-tests/mac-fail-01.json': 'cbor_tag_not_allowed',
  'mac0-tests/mac-fail-02.json': 'signature_invalid at tag',
  'mac0-tests/mac-fail-03.json': 'alg_not_allowed at alg',
  'mac0-tests/mac-fail-04.json': 'alg_not_allowed at alg',
}

const stated = (name: string): string => failing[name] ?? refused[name] ?? 'accepted'

/** Members are base64url or hex. */
const member = (text: string | undefined, hex: string | undefined): string => text ?? base64url(fromHex(hex ?? ''))

/** The key as a JWK of the table, whatever its curve is. */
function publicJwk({ kty, crv, x, y, x_hex, y_hex }: Key): PublicJwk {
  if (kty === 'OKP') return { kty, crv: 'Ed25519', x: member(x, x_hex) }
  return { kty: 'EC', crv: crv as string, x: member(x, x_hex), y: member(y, y_hex) }
}

const bytesOf = ({ output }: Named): Uint8Array => fromHex(output.cbor.toLowerCase())

const sign1s = examples.filter(({ input }) => input.sign0 !== undefined)
const mac0s = examples.filter(({ input }) => input.mac0 !== undefined)
const others = examples.filter(({ input }) => input.sign0 === undefined && input.mac0 === undefined)

describe('the examples of the working group', () => {
  it('are all here', () => {
    expect([examples.length, sign1s.length, mac0s.length, others.length]).toEqual([102, 10, 16, 76])
    const names = examples.map(({ name }) => name)
    for (const name of [...Object.keys(refused), ...Object.keys(failing)]) expect(names).toContain(name)
    for (const { name } of [...sign1s, ...mac0s]) expect(name.includes('fail')).toBe(failing[name] !== undefined)
  })

  it.each(sign1s)('COSE_Sign1 $name', async example => {
    const jwk = publicJwk(example.input.sign0!.key)
    expect(await refusing(() => verifyWith(jwk, readTaggedSign1(bytesOf(example))))).toBe(stated(example.name))
  })

  it.each(mac0s)('COSE_Mac0 $name', async example => {
    const { k, k_hex } = example.input.mac0!.recipients[0]!.key
    const key = fromBase64url(member(k, k_hex))
    const verified = async () => {
      const mac0 = readMac0(readTagged(bytesOf(example), tagMac0))
      await verifyMac0(mac0, mac0.payload!, key)
    }
    expect(await refusing(verified)).toBe(stated(example.name))
  })

  it.each(others)('of another structure are no object of ours: $name', async example => {
    const bytes = bytesOf(example)
    expect(await refusing(() => readSign1(readTaggedSign1(bytes)))).not.toBe('accepted')
    expect(await refusing(() => readMac0(readTagged(bytes, tagMac0)))).not.toBe('accepted')
  })
})
