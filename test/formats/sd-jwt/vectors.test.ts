/** The examples of RFC 9901 and of SD-JWT VC as printed: tokens, digests, processed payloads, key bindings. */
import { describe, expect, it } from 'vitest'
import { requireAlgorithm } from '../../../src/core/algorithms.js'
import type { JsonObject, JsonValue } from '../../../src/core/json.js'
import { keyCache, readPublicJwk } from '../../../src/core/jwk.js'
import { type DecodedJws, requireType, verifyJws } from '../../../src/core/jws.js'
import { decodeSdJwt, joinSdJwt } from '../../../src/formats/sd-jwt/compact.js'
import { decodeDisclosure } from '../../../src/formats/sd-jwt/disclosure.js'
import { decodeKeyBinding, sdHash } from '../../../src/formats/sd-jwt/key-binding.js'
import { placesOf } from '../../../src/formats/sd-jwt/places.js'
import { unpackSdJwt } from '../../../src/formats/sd-jwt/unpack.js'
import { refuseDisclosedProtectedClaims } from '../../../src/formats/sd-jwt/vc.js'
import section51 from '../../vectors/sd-jwt/rendered/section-5.1.json' with { type: 'json' }
import section52 from '../../vectors/sd-jwt/rendered/section-5.2.json' with { type: 'json' }
import section61 from '../../vectors/sd-jwt/rendered/section-6.1.json' with { type: 'json' }
import section63 from '../../vectors/sd-jwt/rendered/section-6.3.json' with { type: 'json' }
import section82 from '../../vectors/sd-jwt/rendered/section-8.2.json' with { type: 'json' }
import sectionA1 from '../../vectors/sd-jwt/rendered/section-A.1.json' with { type: 'json' }
import sectionA3 from '../../vectors/sd-jwt/rendered/section-A.3.json' with { type: 'json' }
import sectionA5 from '../../vectors/sd-jwt/rendered/section-A.5.json' with { type: 'json' }
import vcSection231 from '../../vectors/sd-jwt-vc/rendered/section-2.3.1.json' with { type: 'json' }
import vcSectionA1 from '../../vectors/sd-jwt-vc/rendered/section-A.1.json' with { type: 'json' }
import { digestOf, received } from './craft.js'

interface Section {
  readonly items: readonly { readonly kind: string; readonly value?: unknown }[]
}

interface PrintedDisclosure {
  readonly sha256: string
  readonly disclosure: string
  readonly contents: readonly JsonValue[]
}

const sections: readonly [name: string, section: Section][] = [
  ['RFC 9901 section 5.1', section51],
  ['RFC 9901 section 6.1', section61],
  ['RFC 9901 section 6.3', section63],
  ['RFC 9901 section A.1', sectionA1],
  ['RFC 9901 section A.3', sectionA3],
  ['SD-JWT VC section 2.3.1', vcSection231],
  ['SD-JWT VC section A.1', vcSectionA1],
]

const disclosuresIn = (section: Section): readonly PrintedDisclosure[] =>
  section.items.filter(item => item.kind === 'disclosure') as unknown as readonly PrintedDisclosure[]

const jsonOf = ({ items }: Section, index: number): JsonObject => received(items[index]!.value)
const tokenOf = ({ items }: Section, index: number): string => items[index]!.value as string

const keys = keyCache()

async function verifyWith(jws: DecodedJws, jwk: unknown): Promise<void> {
  const key = readPublicJwk(jwk)
  await verifyJws(jws, await keys.import(key, requireAlgorithm(jws.header['alg'], ['ES256'])))
}

const issuerKey: unknown = sectionA5.items[0]!.value

describe.each(sections)('%s', (_, section) => {
  it.each(disclosuresIn(section))(
    'has the disclosure with the digest $sha256',
    async ({ disclosure, sha256, contents }) => {
      const decoded = decodeDisclosure(disclosure)
      const [salt, ...rest] = contents
      expect(decoded.salt).toBe(salt)
      expect(decoded.name).toBe(rest.length === 2 ? rest[0] : undefined)
      expect(decoded.value).toEqual(rest.at(-1))
      expect(await digestOf(disclosure)).toBe(sha256)
    },
  )
})

/** The first JSON of a section with `_sd` is the payload that the issuer signs. */
const payloadOf = (section: Section): JsonObject =>
  received(
    section.items.find(
      ({ kind, value }) => kind === 'json' && typeof value === 'object' && value !== null && '_sd' in value,
    )!.value,
  )

/** What the issuer adds to the claims of the user: its own, and the holder's key. */
function withoutIssuerClaims({ iss: _i, iat: _t, exp: _e, cnf: _c, ...claims }: JsonObject): JsonObject {
  return claims
}

describe('what the issuer hid comes back from all disclosures', () => {
  const full: readonly [string, Section, JsonObject][] = [
    ['RFC 9901 section 5.1', section51, jsonOf(section51, 0)],
    ['RFC 9901 section A.1', sectionA1, jsonOf(sectionA1, 0)],
    ['RFC 9901 section A.3', sectionA3, jsonOf(sectionA3, 0)],
    ['SD-JWT VC section 2.3.1', vcSection231, jsonOf(vcSection231, 0)],
    ['SD-JWT VC section A.1', vcSectionA1, jsonOf(vcSectionA1, 0)],
  ]
  it.each(full)('%s', async (_, section, claims) => {
    const disclosures = disclosuresIn(section).map(one => one.disclosure)
    const unpacked = await unpackSdJwt(payloadOf(section), disclosures)
    expect(withoutIssuerClaims(unpacked.claims)).toEqual(withoutIssuerClaims(claims))
    expect(placesOf(unpacked).disclosed.map(one => one.disclosure.text)).toEqual(disclosures)
  })

  const address = { street_address: 'Schulstr. 12', locality: 'Schulpforta', region: 'Sachsen-Anhalt', country: 'DE' }
  it.each<[string, Section]>([
    ['RFC 9901 section 6.1, flat', section61],
    ['RFC 9901 section 6.3, recursive', section63],
  ])('%s', async (_, section) => {
    const disclosures = disclosuresIn(section).map(one => one.disclosure)
    const { claims } = await unpackSdJwt(payloadOf(section), disclosures)
    expect(claims).toEqual({
      iss: 'https://issuer.example.com',
      iat: 1683000000,
      exp: 1883000000,
      sub: '6c5c0a49-b589-431d-bae7-219122a9ec2c',
      address,
    })
  })
})

describe('an issued SD-JWT holds its payload and its disclosures, and the signature verifies', () => {
  const issued: readonly [string, Section, number, string][] = [
    ['RFC 9901 section 5.1', section51, 13, 'example+sd-jwt'],
    ['RFC 9901 section A.3', sectionA3, 1, 'dc+sd-jwt'],
    ['SD-JWT VC section 2.3.1', vcSection231, 11, 'dc+sd-jwt'],
    ['SD-JWT VC section A.1', vcSectionA1, 1, 'dc+sd-jwt'],
  ]
  it.each(issued)('%s', async (_, section, index, typ) => {
    const { parts, jws } = decodeSdJwt(tokenOf(section, index))
    requireType(jws, typ)
    await verifyWith(jws, issuerKey)
    expect(jws.payload).toEqual(payloadOf(section))
    expect(parts.keyBinding).toBeUndefined()
    expect([...parts.disclosures].sort()).toEqual(
      disclosuresIn(section)
        .map(one => one.disclosure)
        .sort(),
    )
    expect(parts.presented).toBe(tokenOf(section, index))
    expect(joinSdJwt(parts.jwt, parts.disclosures)).toBe(parts.presented)
    const unpacked = await unpackSdJwt(jws.payload, parts.disclosures)
    expect(unpacked.hash).toBe('sha-256')
    refuseDisclosedProtectedClaims(unpacked)
  })

  it('RFC 9901 section 5.1, the token alone', () => {
    expect(decodeSdJwt(tokenOf(section51, 13)).parts.jwt).toBe(tokenOf(section51, 12))
  })
})

describe('a presented SD-JWT gives the processed payload, and the key binding is the one printed', () => {
  const presented: readonly [string, Section, token: number, binding: number | undefined, processed: number][] = [
    ['RFC 9901 section 5.2', section52, 0, 1, 2],
    ['RFC 9901 section A.1', sectionA1, 12, undefined, 13],
    ['RFC 9901 section A.3', sectionA3, 30, 31, 32],
    ['SD-JWT VC section A.1', vcSectionA1, 31, 32, 33],
  ]
  it.each(presented)('%s', async (_, section, token, binding, processed) => {
    const { parts, jws } = decodeSdJwt(tokenOf(section, token))
    await verifyWith(jws, issuerKey)
    const { claims, hash } = await unpackSdJwt(jws.payload, parts.disclosures)
    expect(claims).toEqual(jsonOf(section, processed))
    expect(parts.presented + (parts.keyBinding ?? '')).toBe(tokenOf(section, token))
    if (binding === undefined) expect(parts.keyBinding).toBeUndefined()
    else await expectKeyBinding(parts.keyBinding!, parts.presented, jsonOf(section, binding), claims)
    expect(await sdHash(parts.presented, hash)).toHaveLength(43)
  })

  async function expectKeyBinding(text: string, covered: string, payload: JsonObject, claims: JsonObject) {
    const binding = decodeKeyBinding(text)
    expect(binding.payload).toEqual(payload)
    expect(binding.payload.sd_hash).toBe(await sdHash(covered, 'sha-256'))
    await verifyWith(binding, (claims['cnf'] as JsonObject)['jwk'])
  }
})

describe('RFC 9901 section 8.2, written in compact form', () => {
  interface Flattened {
    readonly header: { readonly disclosures: readonly string[]; readonly kb_jwt?: string }
    readonly protected: string
    readonly payload: string
    readonly signature: string
  }
  const compact = (flattened: Flattened): string =>
    joinSdJwt(
      `${flattened.protected}.${flattened.payload}.${flattened.signature}`,
      flattened.header.disclosures,
      flattened.header.kb_jwt,
    )

  it('is an SD-JWT with four disclosures', async () => {
    const { parts, jws } = decodeSdJwt(compact(section82.items[0]!.value as Flattened))
    await verifyWith(jws, issuerKey)
    const { claims } = await unpackSdJwt(jws.payload, parts.disclosures)
    expect(claims).toMatchObject({
      sub: 'john_doe_42',
      given_name: 'John',
      family_name: 'Doe',
      birthdate: '1940-01-01',
    })
  })

  it('is an SD-JWT+KB with two disclosures, whose hash covers the compact form', async () => {
    const { parts, jws } = decodeSdJwt(compact(section82.items[1]!.value as Flattened))
    await verifyWith(jws, issuerKey)
    const { claims, hash } = await unpackSdJwt(jws.payload, parts.disclosures)
    expect(claims).toMatchObject({ given_name: 'John', family_name: 'Doe' })
    expect(claims).not.toHaveProperty('sub')
    const binding = decodeKeyBinding(parts.keyBinding!)
    expect(binding.payload.sd_hash).toBe(await sdHash(parts.presented, hash))
    await verifyWith(binding, (claims['cnf'] as JsonObject)['jwk'])
  })
})
