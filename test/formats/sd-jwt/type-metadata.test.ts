/** Documents of type metadata: read strictly, extended by each other, shown to people. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/core/bytes.js'
import { defaultLimits } from '../../../src/core/limits.js'
import {
  type ClaimMetadata,
  displayIn,
  extendTypeMetadata,
  type ParsedTypeMetadata,
  parseTypeMetadata,
} from '../../../src/formats/sd-jwt/type-metadata.js'
import { isDeepFrozen } from '../../refusal.js'
import section51 from '../../vectors/sd-jwt-vc/rendered/section-5.1.json' with { type: 'json' }
import sectionA2 from '../../vectors/sd-jwt-vc/rendered/section-A.2.json' with { type: 'json' }
import { refusal, refusalCode } from './craft.js'

const vct = 'https://type.example/card'
const parse = (members: object) => parseTypeMetadata(JSON.stringify({ vct, ...members }))

describe('the examples of SD-JWT VC', () => {
  it('read as printed: section 5.1', () => {
    const printed = section51.items[0]!.value
    expect(parseTypeMetadata(JSON.stringify(printed))).toEqual({
      vct: printed.vct,
      name: printed.name,
      description: printed.description,
      extends: { vct: printed.extends, integrity: printed['extends#integrity'] },
      claims: [],
    })
  })

  it('read as printed: section A.2', () => {
    const printed = sectionA2.items[1]!.value
    const metadata = parseTypeMetadata(JSON.stringify(printed))
    expect(metadata.claims).toEqual(printed.claims)
    expect(metadata.display).toEqual(printed.display?.map(({ rendering: _, ...display }) => display))
    expect(displayIn(metadata.display, 'de-DE')?.name).toBe('Betelgeuse-Bildungsnachweis')
    expect(metadata.extends?.integrity).toBe('sha256-ilOUJsTultOwLfz7QUcFALaRa3BP/jelX1ds04kB9yU=')
  })
})

describe('a document', () => {
  it('may say nothing but its type', () => {
    expect(parse({})).toEqual({ vct, claims: [] })
  })

  it('is read from bytes as from text', () => {
    const text = JSON.stringify({ vct, display: [{ locale: 'ru', name: 'Паспорт' }] })
    expect(parseTypeMetadata(utf8(text))).toEqual(parseTypeMetadata(text))
  })

  it('keeps members of later versions to itself', () => {
    const claim = { path: ['name'], later: { sd: 1 } }
    expect(parse({ later: [1], schema: {}, claims: [claim] })).toEqual({ vct, claims: [{ path: ['name'] }] })
  })

  it('has any path that a claim can have', () => {
    const claims = [['a'], ['a', 'b'], ['a', null], ['a', 0], ['a', 1], ['a', '1'], [''], ['__proto__']].map(path => ({
      path,
    }))
    expect(parse({ claims }).claims).toEqual(claims)
  })

  it('is frozen, for many verdicts share it', () => {
    const metadata = parse({
      claims: [{ path: ['a', null], display: [{ locale: 'en', label: 'A' }] }],
      extends: `${vct}/0`,
    })
    expect(isDeepFrozen(metadata)).toBe(true)
    expect(isDeepFrozen(extendTypeMetadata(metadata, parse({ claims: [{ path: ['b'] }] })))).toBe(true)
  })

  const claim = (members: object) => ({ claims: [{ path: ['fine'] }, { path: ['name'], ...members }] })
  const rows: readonly [harm: string, members: object, at: string][] = [
    ['no type', { vct: undefined }, 'vct'],
    ['an empty type', { vct: '' }, 'vct'],
    ['a type that is no text', { vct: 1 }, 'vct'],
    ['a name that is no text', { name: 1 }, 'name'],
    ['a name that is null', { name: null }, 'name'],
    ['a description that is no text', { description: {} }, 'description'],
    ['an extended type that is no text', { extends: {} }, 'extends'],
    ['an empty extended type', { extends: '' }, 'extends'],
    ['an integrity that is no text', { extends: 'x', 'extends#integrity': [] }, 'extends#integrity'],
    ['an integrity that is no text, of nothing', { 'extends#integrity': 1 }, 'extends#integrity'],
    ['display that is no list', { display: {} }, 'display'],
    ['display without objects', { display: ['en'] }, 'display[0]'],
    ['display of null', { display: [null] }, 'display[0]'],
    ['display without a locale', { display: [{ name: 'x' }] }, 'display[0].locale'],
    ['display with the member of old drafts', { display: [{ lang: 'en', name: 'x' }] }, 'display[0].locale'],
    ['a locale that is no language tag', { display: [{ locale: 'en_US', name: 'x' }] }, 'display[0].locale'],
    ['a locale with a line after it', { display: [{ locale: 'en\n', name: 'x' }] }, 'display[0].locale'],
    ['a locale before another text', { display: [{ locale: '<en', name: 'x' }] }, 'display[0].locale'],
    ['display without a name', { display: [{ locale: 'en', label: 'x' }] }, 'display[0].name'],
    ['a name for people that is no text', { display: [{ locale: 'en', name: 1 }] }, 'display[0].name'],
    [
      'a description for people that is no text',
      { display: [{ locale: 'en', name: 'x', description: 1 }] },
      'display[0].description',
    ],
    ['claims that are no list', { claims: {} }, 'claims'],
    ['claims without objects', { claims: [['name']] }, 'claims[0]'],
    ['a claim without path', claim({ path: undefined }), 'claims[1].path'],
    ['an empty path', claim({ path: [] }), 'claims[1].path'],
    ['a path that is text', claim({ path: 'name' }), 'claims[1].path'],
    ['a path with a negative position', claim({ path: ['a', -1] }), 'claims[1].path'],
    ['a path with half a position', claim({ path: ['a', 0.5] }), 'claims[1].path'],
    ['a path with a truth value', claim({ path: ['a', true] }), 'claims[1].path'],
    ['a path with a list', claim({ path: ['a', []] }), 'claims[1].path'],
    ['the same path twice', claim({ path: ['fine'] }), 'claims[1].path'],
    ['mandatory as text', claim({ mandatory: 'true' }), 'claims[1].mandatory'],
    ['mandatory as number', claim({ mandatory: 1 }), 'claims[1].mandatory'],
    ['a rule for disclosure that nobody knows', claim({ sd: 'sometimes' }), 'claims[1].sd'],
    ['a rule for disclosure in capitals', claim({ sd: 'Always' }), 'claims[1].sd'],
    ['a rule for disclosure that is none', claim({ sd: true }), 'claims[1].sd'],
    ['a template name that begins with a digit', claim({ svg_id: '1a' }), 'claims[1].svg_id'],
    ['a template name with a dash', claim({ svg_id: 'a-b' }), 'claims[1].svg_id'],
    ['an empty template name', claim({ svg_id: '' }), 'claims[1].svg_id'],
    ['a template name that is no text', claim({ svg_id: 1 }), 'claims[1].svg_id'],
    [
      'one template name for two claims',
      { claims: [{ path: ['a'], svg_id: 'x' }, { path: ['b'] }, { path: ['c'], svg_id: 'x' }] },
      'claims[2].svg_id',
    ],
    ['labels that are no list', claim({ display: 'Name' }), 'claims[1].display'],
    ['a label that is no object', claim({ display: ['Name'] }), 'claims[1].display[0]'],
    ['a label without a locale', claim({ display: [{ label: 'x' }] }), 'claims[1].display[0].locale'],
    ['a label that is missing', claim({ display: [{ locale: 'en', name: 'x' }] }), 'claims[1].display[0].label'],
    [
      'a description of a claim that is no text',
      claim({ display: [{ locale: 'en', label: 'x', description: null }] }),
      'claims[1].display[0].description',
    ],
  ]

  it.each(rows)('is refused with %s', async (_, members, at) => {
    expect(await refusal(() => parse(members))).toMatchObject({ code: 'type_metadata_invalid', at })
  })

  it.each([
    ['a list', '[]', 'json_invalid'],
    ['null', 'null', 'json_invalid'],
    ['nothing', '', 'json_invalid'],
    ['a page', '<html></html>', 'json_invalid'],
    ['a member twice', `{"vct":"${vct}","claims":[],"claims":[]}`, 'json_duplicate_member'],
    [
      'a member twice within',
      `{"vct":"${vct}","claims":[{"path":["a"],"sd":"never","sd":"always"}]}`,
      'json_duplicate_member',
    ],
    ['something behind it', `{"vct":"${vct}"} {}`, 'json_invalid'],
    ['a byte order mark', `\ufeff{"vct":"${vct}"}`, 'json_invalid'],
    ['half a character', `{"vct":"\\ud800"}`, 'json_invalid'],
  ])('is refused when it is or has %s', async (_, text, code) => {
    expect(await refusalCode(() => parseTypeMetadata(text))).toBe(code)
  })

  it('is refused when it is not UTF-8', async () => {
    expect(await refusalCode(() => parseTypeMetadata(Uint8Array.of(0x7b, 0xff, 0x7d)))).toBe('encoding_invalid')
  })

  it('is refused beyond its limits', async () => {
    const text = JSON.stringify({ vct, claims: Array.from({ length: 10 }, (_, index) => ({ path: [index] })) })
    const lower = { ...defaultLimits, jsonValues: 20 }
    expect(await refusal(() => parseTypeMetadata(text, lower))).toMatchObject({
      code: 'limit_exceeded',
      at: 'jsonValues',
    })
    const deep = `{"vct":"x","later":${'['.repeat(100_000)}`
    expect(await refusal(() => parseTypeMetadata(deep))).toMatchObject({ code: 'limit_exceeded', at: 'depth' })
  })
})

describe('a type that extends another', () => {
  const extended = (child: object, parent: object) => extendTypeMetadata(parse(child), parse(parent))
  const merged = (child: Partial<ClaimMetadata>, parent: Partial<ClaimMetadata>) =>
    extended({ claims: [{ path: ['a'], ...child }] }, { claims: [{ path: ['a'], ...parent }] }).claims[0]

  it('has the claims of both', () => {
    const metadata = extended(
      {
        claims: [
          { path: ['address', 'city'], display: [{ locale: 'en', label: 'Town' }] },
          { path: ['nationalities'] },
        ],
      },
      {
        claims: [
          { path: ['name'], display: [{ locale: 'en', label: 'Full Name' }] },
          { path: ['address', 'city'], display: [{ locale: 'en', label: 'City' }] },
        ],
      },
    )
    expect(metadata.claims).toEqual([
      { path: ['name'], display: [{ locale: 'en', label: 'Full Name' }] },
      { path: ['address', 'city'], display: [{ locale: 'en', label: 'Town' }] },
      { path: ['nationalities'] },
    ])
  })

  it('knows a path from one that looks like it', () => {
    const paths = [['a', 'b'], ['a,b'], ['a', 0], ['a', '0'], ['a', null], ['a', 'null']]
    const claims = paths.map(path => ({ path, sd: 'never' }))
    expect(extended({ claims }, { claims: claims.slice().reverse() }).claims).toHaveLength(paths.length)
  })

  it('keeps what it does not say itself', () => {
    const parent = { mandatory: true, sd: 'never', svg_id: 'a', display: [{ locale: 'en', label: 'A' }] } as const
    expect(merged({}, parent)).toEqual({ path: ['a'], ...parent })
  })

  it('replaces labels as a whole', () => {
    const parent = {
      display: [
        { locale: 'en', label: 'A' },
        { locale: 'ru', label: 'А' },
      ],
    }
    expect(merged({ display: [{ locale: 'de', label: 'Ä' }] }, parent)?.display).toEqual([{ locale: 'de', label: 'Ä' }])
  })

  it('is called as it says itself, or else as what it extends', () => {
    const parent = { display: [{ locale: 'en', name: 'Parent' }], name: 'parent', description: 'for developers' }
    expect(extended({}, parent)).toEqual({ vct, display: parent.display, claims: [] })
    const display = [{ locale: 'ru', name: 'Ребёнок' }]
    expect(extended({ display, name: 'child' }, parent)).toEqual({ vct, name: 'child', display, claims: [] })
  })

  const settled = ['always', 'never'] as const
  const open = ['allowed', undefined] as const
  it.each(open.flatMap(parent => [...settled, ...open].map(child => [parent, child] as const)))(
    'may settle sd: from %s to %s',
    (parent, child) => {
      const rule = merged({ ...(child && { sd: child }) }, { ...(parent && { sd: parent }) })
      expect(rule?.sd).toBe(child ?? parent)
    },
  )

  it.each(settled.flatMap(parent => [parent, undefined].map(child => [parent, child] as const)))(
    'may leave sd as it is: %s by %s',
    (parent, child) => {
      expect(merged({ ...(child && { sd: child }) }, { sd: parent })?.sd).toBe(parent)
    },
  )

  it.each([
    ['always', 'never'],
    ['always', 'allowed'],
    ['never', 'always'],
    ['never', 'allowed'],
  ] as const)('may not change sd from %s to %s', async (parent, child) => {
    const work = () =>
      extended({ claims: [{ path: ['new'] }, { path: ['a'], sd: child }] }, { claims: [{ path: ['a'], sd: parent }] })
    expect(await refusal(work)).toMatchObject({ code: 'type_metadata_invalid', at: 'claims[1].sd' })
  })

  it('may demand what was optional, and may not free anyone of a demand', async () => {
    expect(merged({ mandatory: true }, { mandatory: false })?.mandatory).toBe(true)
    expect(merged({ mandatory: true }, {})?.mandatory).toBe(true)
    expect(merged({ mandatory: false }, {})?.mandatory).toBe(false)
    expect(await refusal(() => merged({ mandatory: false }, { mandatory: true }))).toMatchObject({
      code: 'type_metadata_invalid',
      at: 'claims[0].mandatory',
    })
  })

  it('is never laxer than what it extends, whatever both say', () => {
    const claims = fc.uniqueArray(
      fc.record(
        {
          path: fc.array(fc.constantFrom('a', 'b', null, 0), { minLength: 1, maxLength: 2 }),
          mandatory: fc.boolean(),
          sd: fc.constantFrom('always', 'allowed', 'never'),
        },
        { requiredKeys: ['path'] },
      ),
      { selector: ({ path }) => JSON.stringify(path), maxLength: 8 },
    )
    fc.assert(
      fc.property(claims, claims, (child, parent) => {
        const rules = attempt(() => extended({ claims: child }, { claims: parent }))
        fc.pre(rules !== undefined)
        const ruleOf = (path: unknown) => rules?.claims.find(rule => JSON.stringify(rule.path) === JSON.stringify(path))
        for (const { path, mandatory, sd = 'allowed' } of [...parent, ...child]) {
          if (mandatory === true) expect(ruleOf(path)?.mandatory).toBe(true)
          if (sd !== 'allowed') expect(ruleOf(path)?.sd).toBe(sd)
        }
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })
})

describe('the display for a reader', () => {
  const display = ['en-US', 'ru', 'de-DE', 'de-AT'].map(locale => ({ locale }))

  it.each([
    ['ru', 'ru'],
    ['ru-RU', 'ru'],
    ['RU', 'ru'],
    ['de-AT', 'de-AT'],
    ['de-CH', 'de-DE'],
    ['en', 'en-US'],
    ['fr', 'en-US'],
    ['r', 'en-US'],
  ])('of %s is in %s', (locale, expected) => {
    expect(displayIn(display, locale)?.locale).toBe(expected)
  })

  it('is absent where there is none', () => {
    expect(displayIn(undefined, 'ru')).toBeUndefined()
    expect(displayIn([], 'ru')).toBeUndefined()
  })
})

function attempt(work: () => ParsedTypeMetadata): ParsedTypeMetadata | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
