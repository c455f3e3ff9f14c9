/** RFC 9901 §7.1: from digests to claims, and every way in which the two can disagree. */
import { describe, expect, it } from 'vitest'
import type { HashName } from '../../../src/core/algorithms.js'
import { bareObject, type JsonObject, type JsonValue } from '../../../src/core/json.js'
import { readLimits } from '../../../src/core/limits.js'
import { readHashName } from '../../../src/formats/sd-jwt/digest.js'
import { placesOf } from '../../../src/formats/sd-jwt/places.js'
import { unpackSdJwt, unpackSdJwtNow } from '../../../src/formats/sd-jwt/unpack.js'
import {
  digestOf,
  disclosureOf,
  hiddenElement,
  hiddenMember,
  objectsIn,
  rawDisclosure,
  received,
  refusal,
  refusalCode,
} from './craft.js'

/** The digest of nothing that is known. */
const decoy = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const otherDecoy = 'BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const thirdDecoy = 'CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

describe('what is disclosed', () => {
  it('joins the members in the clear, wherever they are', async () => {
    const name = await hiddenMember('family_name', 'Möbius')
    const city = await hiddenMember('locality', 'Leipzig')
    const payload = received({ iss: 'i', _sd: [name.digest], address: { country: 'DE', _sd: [city.digest] } })
    const { claims } = await unpackSdJwt(payload, [name.disclosure, city.disclosure])
    expect(claims).toEqual({ iss: 'i', family_name: 'Möbius', address: { country: 'DE', locality: 'Leipzig' } })
  })

  it('takes the place of its placeholder among the elements', async () => {
    const de = await hiddenElement('DE')
    const payload = received({ nationalities: ['FR', { '...': de.digest }, null, { code: 'IT' }] })
    const { claims } = await unpackSdJwt(payload, [de.disclosure])
    expect(claims).toEqual({ nationalities: ['FR', 'DE', null, { code: 'IT' }] })
  })

  it('may hold further digests, of members and elements, at every depth', async () => {
    const inner = await hiddenMember('street', 'Main St')
    const element = await hiddenElement({ _sd: [inner.digest] })
    const outer = await hiddenMember('addresses', [{ '...': element.digest }])
    const payload = received({ _sd: [outer.digest] })
    const { claims } = await unpackSdJwt(payload, [element.disclosure, outer.disclosure, inner.disclosure])
    expect(claims).toEqual({ addresses: [{ street: 'Main St' }] })
  })

  it('is found in whatever order it comes, and reported in that order', async () => {
    const a = await hiddenMember('a', 1)
    const b = await hiddenMember('b', 2)
    const payload = received({ _sd: [b.digest, a.digest] })
    for (const disclosures of [
      [a.disclosure, b.disclosure],
      [b.disclosure, a.disclosure],
    ]) {
      const unpacked = await unpackSdJwt(payload, disclosures)
      expect(unpacked.claims).toEqual({ a: 1, b: 2 })
      expect(placesOf(unpacked).disclosed.map(one => one.disclosure.text)).toEqual(disclosures)
    }
  })

  it('is reported with its path and the disclosure it stands within', async () => {
    const inner = await hiddenMember('b', 'x')
    const element = await hiddenElement({ _sd: [inner.digest] })
    const list = await hiddenMember('list', ['clear', { '...': decoy }, { '...': element.digest }])
    const plain = await hiddenMember('plain', 1)
    const payload = received({ _sd: [plain.digest], top: { _sd: [list.digest] } })
    const unpacked = await unpackSdJwt(payload, [
      inner.disclosure,
      plain.disclosure,
      list.disclosure,
      element.disclosure,
    ])
    const { disclosed } = placesOf(unpacked)
    expect(unpacked.claims).toEqual({ plain: 1, top: { list: ['clear', { b: 'x' }] } })
    expect(disclosed.map(({ path, parent }) => ({ path, parent }))).toEqual([
      { path: ['top', 'list', 2, 'b'], parent: 3 },
      { path: ['plain'], parent: undefined },
      { path: ['top', 'list'], parent: undefined },
      { path: ['top', 'list', 2], parent: 2 },
    ])
    expect(disclosed[0]!.disclosure).toMatchObject({ name: 'b', value: 'x', salt: 'salt of b' })
  })

  it.each(['constructor', 'toString', 'hasOwnProperty', ''])('may be called %j', async name => {
    const member = await hiddenMember(name, 1)
    const { claims } = await unpackSdJwt(received({ _sd: [member.digest] }), [member.disclosure])
    expect(Object.entries(claims)).toEqual([[name, 1]])
  })

  it('may be the same name at another level', async () => {
    const a = await hiddenMember('name', 1, 's1')
    const b = await hiddenMember('name', 2, 's2')
    const payload = received({ _sd: [a.digest], inner: { _sd: [b.digest] } })
    expect((await unpackSdJwt(payload, [a.disclosure, b.disclosure])).claims).toEqual({ name: 1, inner: { name: 2 } })
  })

  it.each<HashName>(['sha-256', 'sha-384', 'sha-512'])('is found by its %s digest', async hash => {
    const disclosure = disclosureOf(['s', 'a', 1])
    const payload = received({ _sd_alg: hash, _sd: [await digestOf(disclosure, hash)] })
    const unpacked = await unpackSdJwt(payload, [disclosure])
    expect(unpacked.claims).toEqual({ a: 1 })
    expect(unpacked.hash).toBe(hash)
    expect(unpackSdJwtNow(payload, [disclosure])).toEqual(unpacked)
  })
})

describe('what is not disclosed', () => {
  it('leaves nothing behind: no digest, no placeholder, no `_sd_alg`', async () => {
    const payload = received({ _sd_alg: 'sha-256', _sd: [decoy], list: [{ '...': otherDecoy }, 1], iss: 'i' })
    expect((await unpackSdJwt(payload, [])).claims).toEqual({ list: [1], iss: 'i' })
  })

  it('leaves empty objects and arrays where they were (§7.1)', async () => {
    const payload = received({ address: { _sd: [decoy] }, list: [{ '...': otherDecoy }], none: {}, few: [] })
    expect((await unpackSdJwt(payload, [])).claims).toEqual({ address: {}, list: [], none: {}, few: [] })
  })

  it('is what an empty `_sd` stands for', async () => {
    expect((await unpackSdJwt(received({ _sd: [], a: 1 }), [])).claims).toEqual({ a: 1 })
  })

  it('still counts in the positions of an array', async () => {
    const element = await hiddenElement('c')
    const payload = received({ list: [{ '...': decoy }, 'b', { '...': element.digest }], whole: [1, 2] })
    const unpacked = await unpackSdJwt(payload, [element.disclosure])
    const { claims } = unpacked
    const { positions, disclosed } = placesOf(unpacked)
    expect(claims).toEqual({ list: ['b', 'c'], whole: [1, 2] })
    expect(positions.get(claims['list'] as readonly JsonValue[])).toEqual([1, 2])
    expect(positions.has(claims['whole'] as readonly JsonValue[])).toBe(false)
    expect(disclosed[0]!.path).toEqual(['list', 2])
  })

  it('is reported by the top-level claims that hold its digests', async () => {
    const element = await hiddenElement({ deep: [{ _sd: [otherDecoy] }] })
    const nested = { deeper: [{ '...': element.digest }] }
    const payload = received({ _sd: [decoy], clear: { a: [1] }, status: nested, list: [{ '...': thirdDecoy }] })
    const { hiding } = await unpackSdJwt(payload, [element.disclosure])
    expect([...hiding]).toEqual(['status', 'list'])
  })
})

describe('the result', () => {
  it('has no prototypes, and the payload is left as it was', async () => {
    const inner = await hiddenMember('b', { c: [{ d: 1 }] })
    const payload = received({ a: { x: {} }, _sd: [inner.digest], _sd_alg: 'sha-256', list: [{ '...': decoy }, {}] })
    const before = JSON.stringify(payload)
    const { claims } = await unpackSdJwt(payload, [inner.disclosure])
    expect(JSON.stringify(payload)).toBe(before)
    const objects = objectsIn(claims)
    expect(objects).toHaveLength(6)
    for (const object of objects) expect(Object.getPrototypeOf(object)).toBeNull()
  })

  it('has no prototypes even where the payload had', async () => {
    const { claims } = await unpackSdJwt({ a: { b: [{}] } }, [])
    for (const object of objectsIn(claims)) expect(Object.getPrototypeOf(object)).toBeNull()
  })

  it('takes from a payload its own members alone', async () => {
    const inherited = Object.assign(Object.create({ _sd: [decoy], _sd_alg: 'md5', a: 1 }) as object, { b: 2 })
    expect((await unpackSdJwt(inherited as JsonObject, [])).claims).toEqual({ b: 2 })
  })
})

interface Hostile {
  readonly payload: unknown
  readonly disclosures?: readonly string[]
}

/** Every row is one harm and the code that names it. */
const hostile: readonly [title: string, code: string, make: () => Promise<Hostile>][] = [
  [
    'a digest twice in one `_sd`',
    'sd_jwt_duplicate_digest',
    async () => {
      const a = await hiddenMember('a', 1)
      return { payload: { _sd: [a.digest, a.digest] }, disclosures: [a.disclosure] }
    },
  ],
  ['a decoy twice in one `_sd`', 'sd_jwt_duplicate_digest', async () => ({ payload: { _sd: [decoy, decoy] } })],
  [
    'a digest at two levels of the payload',
    'sd_jwt_duplicate_digest',
    async () => {
      const a = await hiddenMember('a', 1)
      return { payload: { _sd: [a.digest], inner: { _sd: [a.digest] } }, disclosures: [a.disclosure] }
    },
  ],
  [
    'a decoy in an array and in an object',
    'sd_jwt_duplicate_digest',
    async () => ({ payload: { list: [{ '...': decoy }], _sd: [decoy] } }),
  ],
  [
    'a digest twice in one array',
    'sd_jwt_duplicate_digest',
    async () => {
      const a = await hiddenElement('a')
      return { payload: { list: [{ '...': a.digest }, { '...': a.digest }] }, disclosures: [a.disclosure] }
    },
  ],
  [
    'a digest of the payload again within a disclosure',
    'sd_jwt_duplicate_digest',
    async () => {
      const outer = await hiddenMember('a', { _sd: [decoy] })
      return { payload: { _sd: [outer.digest], x: { _sd: [decoy] } }, disclosures: [outer.disclosure] }
    },
  ],
  [
    'a digest in two disclosures',
    'sd_jwt_duplicate_digest',
    async () => {
      const inner = await hiddenMember('x', 1)
      const a = await hiddenMember('a', { _sd: [inner.digest] })
      const b = await hiddenMember('b', { _sd: [inner.digest] })
      return {
        payload: { _sd: [a.digest, b.digest] },
        disclosures: [a.disclosure, b.disclosure, inner.disclosure],
      }
    },
  ],
  [
    'a disclosure presented twice',
    'sd_jwt_duplicate_digest',
    async () => {
      const a = await hiddenMember('a', 1)
      return { payload: { _sd: [a.digest] }, disclosures: [a.disclosure, a.disclosure] }
    },
  ],
  [
    'a disclosure that no digest stands for',
    'sd_jwt_unused_disclosure',
    async () => {
      const a = await hiddenMember('a', 1)
      const b = await hiddenMember('b', 1)
      return { payload: { _sd: [a.digest] }, disclosures: [a.disclosure, b.disclosure] }
    },
  ],
  [
    'a disclosure for a payload that hides nothing',
    'sd_jwt_unused_disclosure',
    async () => ({ payload: { iss: 'i' }, disclosures: [disclosureOf(['s', 'a', 1])] }),
  ],
  [
    'a disclosure without the one that it stands within',
    'sd_jwt_unused_disclosure',
    async () => {
      const inner = await hiddenMember('b', 1)
      const outer = await hiddenMember('a', { _sd: [inner.digest] })
      return { payload: { _sd: [outer.digest] }, disclosures: [inner.disclosure] }
    },
  ],
  [
    'a disclosure whose digest was made with another hash',
    'sd_jwt_unused_disclosure',
    async () => {
      const disclosure = disclosureOf(['s', 'a', 1])
      const digest = await digestOf(disclosure, 'sha-512')
      return { payload: { _sd_alg: 'sha-512', _sd: [digest] }, disclosures: [disclosure, disclosureOf(['s', 'b', 1])] }
    },
  ],
  [
    'a disclosure that was written again in another way',
    'sd_jwt_unused_disclosure',
    async () => {
      const spaced = await digestOf(rawDisclosure('["s", "a", 1]'))
      return { payload: { _sd: [spaced] }, disclosures: [rawDisclosure('["s","a",1]')] }
    },
  ],
  [
    'a malformed disclosure that no digest stands for, which is never read',
    'sd_jwt_unused_disclosure',
    async () => ({ payload: { _sd: [decoy] }, disclosures: ['not base64url!'] }),
  ],
  [
    'an element where a member belongs',
    'sd_jwt_disclosure_malformed',
    async () => {
      const element = await hiddenElement('a')
      return { payload: { _sd: [element.digest] }, disclosures: [element.disclosure] }
    },
  ],
  [
    'a member where an element belongs',
    'sd_jwt_disclosure_malformed',
    async () => {
      const member = await hiddenMember('a', 1)
      return { payload: { list: [{ '...': member.digest }] }, disclosures: [member.disclosure] }
    },
  ],
  ...(
    [
      ['an object for a disclosure', '{"a":1}', 'sd_jwt_disclosure_malformed'],
      ['a disclosure of four elements', '["s","a",1,2]', 'sd_jwt_disclosure_malformed'],
      ['a disclosure of one element', '["s"]', 'sd_jwt_disclosure_malformed'],
      ['a salt that is not text', '[1,"a",1]', 'sd_jwt_disclosure_malformed'],
      ['a name that is not text', '["s",1,1]', 'sd_jwt_disclosure_malformed'],
      ['a disclosed `_sd`', `["s","_sd",["${decoy}"]]`, 'sd_jwt_reserved_name'],
      ['a disclosed `...`', '["s","...",1]', 'sd_jwt_reserved_name'],
      ['a disclosed `_sd_alg`', '["s","_sd_alg","sha-256"]', 'sd_jwt_reserved_name'],
      ['a disclosed `__proto__`', '["s","__proto__",{"admin":true}]', 'sd_jwt_reserved_name'],
      ['a member twice in a disclosed value', '["s","a",{"b":1,"b":2}]', 'json_duplicate_member'],
      ['a disclosure that is not JSON', '["s","a",01]', 'json_invalid'],
      ['`__proto__` within a disclosed value', '["s","a",{"__proto__":{}}]', 'sd_jwt_reserved_name'],
      ['`_sd_alg` within a disclosed value', '["s","a",{"_sd_alg":"sha-256"}]', 'sd_jwt_reserved_name'],
      ['`...` within a disclosed object', '["s","a",{"...":"x"}]', 'sd_jwt_placeholder_malformed'],
      ['`_sd` within a disclosed value that is no array', '["s","a",{"_sd":{}}]', 'sd_jwt_digest_malformed'],
      ['a malformed placeholder within a disclosed value', '["s","a",[{"...":1}]]', 'sd_jwt_placeholder_malformed'],
    ] as const
  ).map(([title, json, code]): [string, string, () => Promise<Hostile>] => [
    title,
    code,
    async () => {
      const disclosure = rawDisclosure(json)
      return { payload: { _sd: [await digestOf(disclosure)] }, disclosures: [disclosure] }
    },
  ]),
  [
    'a disclosure that the issuer wrote in another alphabet',
    'encoding_invalid',
    async () => {
      const disclosure = `${rawDisclosure('["s","a",1]')}==`
      return { payload: { _sd: [await digestOf(disclosure)] }, disclosures: [disclosure] }
    },
  ],
  [
    'a disclosed name that stands in the clear',
    'sd_jwt_duplicate_name',
    async () => {
      const a = await hiddenMember('a', 1)
      return { payload: { a: 2, _sd: [a.digest] }, disclosures: [a.disclosure] }
    },
  ],
  [
    'a disclosed name that stands in the clear after `_sd`',
    'sd_jwt_duplicate_name',
    async () => {
      const a = await hiddenMember('a', 1)
      return { payload: { _sd: [a.digest], a: null }, disclosures: [a.disclosure] }
    },
  ],
  [
    'two disclosures of one name at one level',
    'sd_jwt_duplicate_name',
    async () => {
      const a = await hiddenMember('a', 1, 's1')
      const b = await hiddenMember('a', 2, 's2')
      return { payload: { x: { _sd: [a.digest, b.digest] } }, disclosures: [a.disclosure, b.disclosure] }
    },
  ],
  [
    'a disclosed name that stands in the clear within a disclosure',
    'sd_jwt_duplicate_name',
    async () => {
      const inner = await hiddenMember('b', 1)
      const outer = await hiddenMember('a', { b: 2, _sd: [inner.digest] })
      return { payload: { _sd: [outer.digest] }, disclosures: [outer.disclosure, inner.disclosure] }
    },
  ],
  ...(
    [
      ['text', decoy],
      ['an object', { 0: decoy }],
      ['null', null],
      ['a list with a number', [1]],
      ['a list with null', [null]],
      ['a list in a list', [[decoy]]],
      ['a list with a placeholder', [{ '...': decoy }]],
      ['a digest of the wrong length', [decoy.slice(1)]],
      ['an empty digest', ['']],
      ['a padded digest', [`${decoy}=`]],
      ['a digest with left-over bits', [`${decoy.slice(0, -1)}B`]],
      ['a digest in the other alphabet', [`+${decoy.slice(1)}`]],
      ['a digest with a line break', [`${decoy}\n`]],
      ['a digest of another hash', [decoy + decoy.slice(1)]],
    ] as const
  ).map(([title, sd]): [string, string, () => Promise<Hostile>] => [
    `an \`_sd\` that is ${title}`,
    'sd_jwt_digest_malformed',
    async () => ({ payload: { deep: [{ _sd: sd }] } }),
  ]),
  [
    'digests that are too short for their hash',
    'sd_jwt_digest_malformed',
    async () => ({ payload: { _sd_alg: 'sha-512', _sd: [decoy] } }),
  ],
  [
    'SHA-384 digests with a character too many',
    'sd_jwt_digest_malformed',
    async () => ({ payload: { _sd_alg: 'sha-384', _sd: ['A'.repeat(65)] } }),
  ],
  [
    'SHA-512 digests with left-over bits',
    'sd_jwt_digest_malformed',
    async () => ({ payload: { _sd_alg: 'sha-512', _sd: [`${'A'.repeat(85)}B`] } }),
  ],
  [
    'a placeholder with a malformed digest',
    'sd_jwt_digest_malformed',
    async () => ({ payload: { list: [{ '...': 'abc' }] } }),
  ],
  ...(
    [
      ['a placeholder with a further member', [{ '...': decoy, a: 1 }]],
      ['a placeholder with `_sd` beside', [{ '...': decoy, _sd: [] }]],
      ['a placeholder that holds a list', [{ '...': [decoy] }]],
      ['a placeholder that holds null', [{ '...': null }]],
      ['a placeholder that is no element', { '...': decoy }],
      ['`...` among members', { a: { '...': decoy, b: 1 } }],
    ] as const
  ).map(([title, value]): [string, string, () => Promise<Hostile>] => [
    title,
    'sd_jwt_placeholder_malformed',
    async () => ({ payload: { value } }),
  ]),
  ['`...` at the top level', 'sd_jwt_placeholder_malformed', async () => ({ payload: { '...': decoy } })],
  ['`_sd_alg` below the top level', 'sd_jwt_reserved_name', async () => ({ payload: { a: { _sd_alg: 'sha-256' } } })],
  ['`_sd_alg` in an element', 'sd_jwt_reserved_name', async () => ({ payload: { a: [{ _sd_alg: 'sha-256' }] } })],
  [
    '`__proto__` in the clear',
    'sd_jwt_reserved_name',
    async () => ({ payload: JSON.parse('{"a":{"__proto__":{"admin":true}}}') as unknown }),
  ],
  ...['md5', 'sha-1', 'SHA-256', 'sha256', 'sha-256-128', 'sha-256 ', '', 'toString', null, 256, ['sha-256']].map(
    (name): [string, string, () => Promise<Hostile>] => [
      `\`_sd_alg\` ${JSON.stringify(name)}`,
      'sd_alg_unsupported',
      async () => ({ payload: { _sd_alg: name, a: 1 } }),
    ],
  ),
]

describe('refuses', () => {
  it.each(hostile)('%s: %s', async (_, code, make) => {
    const { payload, disclosures = [] } = await make()
    expect(await refusalCode(() => unpackSdJwt(received(payload), disclosures))).toBe(code)
    expect(await refusalCode(() => unpackSdJwtNow(received(payload), disclosures))).toBe(code)
  })

  it('an unused disclosure by its index, and a misplaced one as well', async () => {
    const a = await hiddenMember('a', 1)
    const unused = disclosureOf(['s', 'b', 1])
    expect(await refusal(() => unpackSdJwt(received({ _sd: [a.digest] }), [a.disclosure, unused]))).toMatchObject({
      at: 'disclosure 1',
    })
    expect(await refusal(() => unpackSdJwt(received({ l: [{ '...': a.digest }] }), [a.disclosure]))).toMatchObject({
      at: 'disclosure 0',
    })
  })
})

describe('the hash of the digests', () => {
  it('is SHA-256 when nothing is said, and what is said otherwise (§4.1.1)', () => {
    expect(readHashName({})).toBe('sha-256')
    expect(readHashName({ _sd_alg: 'sha-384' })).toBe('sha-384')
  })

  it('is not taken from a prototype', () => {
    expect(readHashName(Object.create({ _sd_alg: 'sha-512' }) as JsonObject)).toBe('sha-256')
  })
})

describe('limits', () => {
  it('counts the disclosures before it hashes them', async () => {
    const disclosures = ['a', 'b', 'c']
    const refused = { code: 'limit_exceeded', at: 'disclosures' }
    const two = readLimits({ disclosures: 2 })
    expect(await refusal(() => unpackSdJwt(bareObject(), disclosures, two))).toMatchObject(refused)
    expect(await refusal(() => unpackSdJwtNow(bareObject(), disclosures, two))).toMatchObject(refused)
  })

  /** `depth` disclosures, each within the one before it, the innermost a scalar. */
  async function nested(depth: number, kind: 'member' | 'element') {
    const disclosures: string[] = []
    let value: JsonValue = 'innermost'
    for (let level = depth; level > 0; level--) {
      const hidden: { disclosure: string; digest: string } =
        kind === 'member' ? await hiddenMember(`m${level}`, value) : await hiddenElement(value, `s${level}`)
      disclosures.push(hidden.disclosure)
      value = kind === 'member' ? { _sd: [hidden.digest] } : [{ '...': hidden.digest }]
    }
    return { payload: received(kind === 'member' ? value : { list: value }), disclosures }
  }

  it('goes 16 deep through disclosures within disclosures, and no deeper', async () => {
    const deep = await nested(16, 'member')
    const { disclosed } = placesOf(await unpackSdJwt(deep.payload, deep.disclosures))
    expect(disclosed[0]!.path).toHaveLength(16)
    const deeper = await nested(17, 'member')
    expect(await refusal(() => unpackSdJwt(deeper.payload, deeper.disclosures))).toMatchObject({
      code: 'limit_exceeded',
      at: 'depth',
    })
  })

  it('counts arrays as well', async () => {
    const deep = await nested(15, 'element')
    expect(placesOf(await unpackSdJwt(deep.payload, deep.disclosures)).disclosed).toHaveLength(15)
    const deeper = await nested(16, 'element')
    expect(await refusalCode(() => unpackSdJwt(deeper.payload, deeper.disclosures))).toBe('limit_exceeded')
  })

  it('adds the depth of a disclosed value to the depth of its place', async () => {
    const limits = readLimits({ depth: 4 })
    const fits = await hiddenMember('x', [[]])
    const tooDeep = await hiddenMember('x', [[[]]])
    const payload = (digest: string) => received({ a: { _sd: [digest] } })
    expect((await unpackSdJwt(payload(fits.digest), [fits.disclosure], limits)).claims).toEqual({ a: { x: [[]] } })
    expect(await refusalCode(() => unpackSdJwt(payload(tooDeep.digest), [tooDeep.disclosure], limits))).toBe(
      'limit_exceeded',
    )
  })

  it('counts the values of all disclosures together', async () => {
    const five = readLimits({ jsonValues: 5 })
    const a = await hiddenMember('a', [1])
    const b = await hiddenMember('b', [2])
    const payload = received({ _sd: [a.digest, b.digest], c: 1 })
    expect((await unpackSdJwt(payload, [a.disclosure, b.disclosure], five)).claims).toEqual({ a: [1], b: [2], c: 1 })
    const more = received({ _sd: [a.digest, b.digest], c: 1, d: [] })
    const refused = { code: 'limit_exceeded', at: 'jsonValues' }
    expect(await refusal(() => unpackSdJwt(more, [a.disclosure, b.disclosure], five))).toMatchObject(refused)
  })

  it('applies to the reading of each disclosure', async () => {
    const long = await hiddenMember('x', 'y'.repeat(100))
    const payload = received({ _sd: [long.digest] })
    expect(
      await refusal(() => unpackSdJwt(payload, [long.disclosure], readLimits({ presentationBytes: 100 }))),
    ).toMatchObject({ code: 'limit_exceeded', at: 'presentationBytes' })
  })

  it('stops at an object that is deeper than a stack', async () => {
    let value: JsonValue = {}
    for (let depth = 0; depth < 100_000; depth++) value = depth % 2 === 0 ? [value] : { a: value }
    expect(await refusalCode(() => unpackSdJwt({ value }, []))).toBe('limit_exceeded')
  })
})
