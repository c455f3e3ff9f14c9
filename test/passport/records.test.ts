/** Registers of many records, whatever the pieces they arrive in. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import example from '../../examples/data/citizen-passport.json' with { type: 'json' }
import { VidimusError } from '../../src/errors.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { csvCells } from '../../src/passport/csv.js'
import { definePassport } from '../../src/passport/definition.js'
import { type RecordSource, type RecordsOptions, readRecords } from '../../src/passport/records.js'
import { atOnce, brief } from './support.js'

const runs = { seed: 20261122, numRuns: 200 }

const card = definePassport({
  name: 'card',
  vct: 'card',
  docType: [],
  fields: {
    name: { schema: z.string().min(1), claim: 'name' },
    rank: { schema: z.int(), claim: 'rank', optional: true },
    share: { schema: z.number(), claim: 'share', optional: true },
    active: { schema: z.boolean(), claim: 'active', optional: true },
    since: { as: 'date', claim: 'since', optional: true },
    address: {
      schema: z.strictObject({ town: z.string(), more: z.optional(z.strictObject({ flat: z.string() })) }),
      claim: 'address',
      optional: true,
    },
    list: { schema: z.array(z.string()), claim: 'list', optional: true },
  },
  derived: { known: { derive: () => true, claim: 'known' } },
})

const utf8 = (text: string) => new TextEncoder().encode(text)

async function rows(source: RecordSource, options: RecordsOptions) {
  const found: unknown[] = []
  for await (const row of readRecords(card, source, options))
    found.push(row.ok ? [row.line, { ...row.passport }] : [row.line, row.code, ...brief(row.issues)])
  return found
}
const ndjson = (text: string) => rows([text], { format: 'ndjson' })
const csv = (text: string, options: Partial<RecordsOptions> = {}) => rows([text], { format: 'csv', ...options })

const failure = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  return error instanceof VidimusError ? `${error.code} ${error.at}` : error
}

describe('NDJSON', () => {
  it('is a record a line, with either line break and with none at the end', async () => {
    expect(await ndjson('{"name":"A"}\r\n\n{"name":"B","rank":2}\n{"name":"C"}')).toEqual([
      [1, { name: 'A' }],
      [3, { name: 'B', rank: 2 }],
      [4, { name: 'C' }],
    ])
  })

  it('answers row by row what cannot be read or parsed, and reads on', async () => {
    const text = ['{"name":7}', '{"name":', '[]', '{"name":"A","name":"B"}', '{"stranger":1}', '{"name":"A"}'].join(
      '\n',
    )
    expect(await ndjson(text)).toEqual([
      [1, 'passport_invalid', 'name type'],
      [2, 'json_invalid'],
      [3, 'json_invalid'],
      [4, 'json_duplicate_member'],
      [5, 'passport_invalid', 'name required', 'stranger unknown_field'],
      [6, { name: 'A' }],
    ])
  })

  it('of nothing has no rows', async () => {
    expect(await ndjson('')).toEqual([])
    expect(await rows([], { format: 'ndjson' })).toEqual([])
  })

  it('may begin with a byte order mark', async () => {
    for (const piece of ['\ufeff{"name":"A"}\r\n', utf8('\ufeff{"name":"A"}\r\n')])
      expect(await rows([piece], { format: 'ndjson' })).toEqual([[1, { name: 'A' }]])
    expect(await ndjson('{"name":"A"}\n\ufeff{}')).toEqual([
      [1, { name: 'A' }],
      [2, 'json_invalid'],
    ])
  })

  it('gives a passport as parse does', async () => {
    const found = []
    for await (const row of readRecords(citizenPassport, [JSON.stringify(example)], { format: 'ndjson' }))
      found.push(row)
    expect(found).toEqual([{ line: 1, ok: true, passport: citizenPassport.parse(example) }])
    expect(Object.isFrozen(found[0])).toBe(true)
  })

  it('is held against the present where a clock was given', async () => {
    const source = [JSON.stringify({ ...example, registrationDate: '2027-01-01' })]
    const found = []
    const options = { format: 'ndjson', now: () => new Date('2026-03-01') } as const
    for await (const row of readRecords(citizenPassport, source, options)) found.push(row)
    expect(found).toEqual([expect.objectContaining({ ok: false, code: 'passport_invalid' })])
  })
})

describe('CSV', () => {
  it('has fields and members of fields for columns; what is empty is absent', async () => {
    const text =
      'name,rank,share,active,since,address.town,address.more.flat\nA,2,1.5,true,2020-02-29,T,7\nB,,,false,,,\n'
    expect(await csv(text)).toEqual([
      [
        2,
        {
          name: 'A',
          rank: 2,
          share: 1.5,
          active: true,
          since: '2020-02-29',
          address: { town: 'T', more: { flat: '7' } },
        },
      ],
      [3, { name: 'B', active: false }],
    ])
  })

  it('quotes what holds a separator, a quote or a line break, and counts the lines', async () => {
    expect(await csv('"name",since\r\n"A, ""B""\nC",2020-01-01\r\n"D",\r\n')).toEqual([
      [2, { name: 'A, "B"\nC', since: '2020-01-01' }],
      [4, { name: 'D' }],
    ])
  })

  it.each([';', '\t'] as const)('may have %j between its cells', async separator => {
    expect(await csv(`name${separator}rank\nA, B${separator}1`, { separator })).toEqual([
      [2, { name: 'A, B', rank: 1 }],
    ])
  })

  it.each([
    ['more cells than columns', 'A,1,2'],
    ['fewer cells than columns', 'A'],
    ['a quote that does not end', '"A,1'],
    ['text behind a quote', '"A"B,1'],
    ['a quote within text', 'A"B"C,1'],
  ])('answers a row with %s', async (_, row) => {
    expect(await csv(`name,rank\n${row}`)).toEqual([[2, 'records_malformed']])
  })

  it.each([
    ['rank', 'one'],
    ['rank', '1.5'],
    ['rank', ' 1'],
    ['rank', '123456789012345678'],
    ['share', '1,5'],
    ['share', '1e3'],
    ['active', 'yes'],
    ['list', 'A'],
  ])('leaves it to the schema what `%s` makes of %j', async (field, cell) => {
    expect(await csv(`name;${field}\nA;${cell}`, { separator: ';' })).toEqual([
      [2, 'passport_invalid', expect.stringMatching(`^${field} `)],
    ])
  })

  it.each([
    ['no field', 'name,stranger', 2],
    ['a name that every object has', 'constructor', 1],
    ['a name with nothing behind it', 'name,', 2],
    ['a derived field', 'name,known', 2],
    ['a member of what has none', 'name,since.year', 2],
    ['one field twice', 'name,rank,name', 3],
    ['a field and a member of it', 'name,address,address.town', 3],
    ['a member and the field around it', 'address.town,address', 2],
    ['a member twice', 'address.town,name,address.town', 3],
  ])('is refused as a whole for a column of %s', async (_, header, column) => {
    expect(await failure(csv(`${header}\nA,B`))).toBe(`records_malformed column ${column}`)
  })

  it('is refused as a whole for columns whose quotes do not match', async () => {
    expect(await failure(csv('name,"rank\nA,1'))).toBe('records_malformed columns')
  })

  it('smuggles no prototype in', async () => {
    expect(await csv('name,address.__proto__\nA,B')).toEqual([
      [2, 'passport_invalid', expect.stringMatching('^address')],
    ])
    expect(Object.hasOwn(Object.prototype, 'B')).toBe(false)
  })

  it('without rows gives none', async () => {
    expect(await csv('name\n')).toEqual([])
    expect(await csv('')).toEqual([])
  })
})

describe('every register', () => {
  it('may come in pieces of any size, as text or as bytes', async () => {
    const text = 'name;address.town\r\n"Ё""\n;";Город\r\nЖ;\r\n👪;"X"'
    const expected = await csv(text, { separator: ';' })
    expect(expected).toHaveLength(3)
    const cuts = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (cuts, asBytes) => {
        const whole = asBytes ? utf8(text) : text
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length]
        const pieces = places.slice(1).map((end, index) => whole.slice(places[index], end))
        expect(await rows(pieces, { format: 'csv', separator: ';' })).toEqual(expected)
      }),
      runs,
    )
  })

  it('may arrive slowly, and be given up', async () => {
    const controller = new AbortController()
    async function* slowly() {
      yield '{"name":"A"}\n'
      controller.abort(new Error('enough'))
      yield '{"name":"B"}\n'
    }
    const found: unknown[] = []
    const reading = async () => {
      for await (const row of readRecords(card, slowly(), { format: 'ndjson', signal: controller.signal }))
        found.push(row)
    }
    expect(await failure(reading())).toEqual(new Error('enough'))
    expect(found).toHaveLength(1)
  })

  it('is UTF-8 to its end', async () => {
    const broken = new Uint8Array([...utf8('{"name":"'), 0xc3, 0x28, ...utf8('"}')])
    expect(await failure(rows([broken], { format: 'ndjson' }))).toBe('encoding_invalid undefined')
    expect(await failure(rows([utf8('{"name":"Ж"}').slice(0, 10)], { format: 'ndjson' }))).toBe(
      'encoding_invalid undefined',
    )
  })

  it('ends at a row without end, before it is held', async () => {
    function* endless(piece: string, first = '') {
      yield first
      for (let given = 0; given < 20; given++) yield piece
      throw new Error('went on reading')
    }
    const much = 'x'.repeat(100_000)
    expect(await failure(rows(endless(much), { format: 'ndjson' }))).toBe('limit_exceeded row')
    expect(await failure(rows(endless(`${much}\n`, '"'), { format: 'csv' }))).toBe('limit_exceeded row')
    expect(await failure(rows([`${'x'.repeat(1_048_577)}\n`], { format: 'ndjson' }))).toBe('limit_exceeded row')
  })

  it('is read in linear time', async () => {
    const start = performance.now()
    const letters = Array.from({ length: 500_000 }, () => 'x')
    expect(await rows([...letters, '\n'], { format: 'ndjson' })).toEqual([[1, 'json_invalid']])
    expect(csvCells(`"${'""'.repeat(500_000)}"`, ',')).toEqual(['"'.repeat(500_000)])
    expect(csvCells(`"${'""'.repeat(500_000)}`, ',')).toBeUndefined()
    expect(csvCells(','.repeat(500_000), ',')).toHaveLength(500_001)
    expect(performance.now() - start).toBeLessThan(atOnce * 2)
  })

  it('quotes nothing of a record that it refuses', async () => {
    const secret = 'Ужасный-Секрет'
    const found = await csv(`name,rank\n${secret},${secret}\n"${secret},1\n`)
    expect(JSON.stringify(found)).not.toContain(secret)
  })
})

describe('misuse is a TypeError', () => {
  it.each<[string, object]>([
    ['format', { format: 'xml' }],
    ['separator', { format: 'csv', separator: '|' }],
    ['separator', { format: 'csv', separator: '' }],
  ])('that names `%s`', async (argument, options) => {
    const error = await failure(rows([''], options as RecordsOptions))
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toContain(argument)
  })

  it('for pieces that are neither text nor bytes', async () => {
    expect(await failure(rows([7] as never, { format: 'csv' }))).toBeInstanceOf(TypeError)
  })

  it('of a schema, which is not taken for a row that is wrong', async () => {
    const late = definePassport({
      name: 'late',
      vct: 'late',
      docType: [],
      fields: { name: { schema: z.string().refine(async () => true), claim: 'name' } },
    })
    const reading = async () => {
      for await (const row of readRecords(late, ['{"name":"A"}'], { format: 'ndjson' })) expect(row).toBeUndefined()
    }
    expect(await failure(reading())).toBeInstanceOf(TypeError)
  })
})
