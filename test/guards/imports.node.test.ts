/**
 * The import sentence, held against every import in src. A folder uses only what stands before it; what would need an
 * arrow backwards is handed in as a function.
 */
import { describe, expect, it } from 'vitest'
import { files, type Import, imports, importsOf } from './source.js'

const sentence = [
  'core',
  'brainpool',
  'qr',
  'formats',
  'passport',
  'credential',
  'presentation',
  'verification',
  'status',
  'audit',
  'office',
  'store',
  'protocol',
  'http',
  'browser',
  'testing',
  'index.ts',
]

/** Not of the sentence: their codes and words belong to every stage. */
const forAnyone = ['errors.ts', 'wording']

const stage = (path: string) => path.split('/')[0] ?? path
const place = (path: string) => sentence.indexOf(stage(path))
const standard = (path: string) => (stage(path) === 'formats' ? path.split('/')[1] : undefined)
const inside = imports.filter(({ inside }) => inside)
const outside = imports.filter(({ inside }) => !inside)

const told = ({ from, line, to }: Import) => `src/${from}:${line} imports ${to}`
const none: string[] = []

describe('the import sentence', () => {
  it('knows every folder of src', () => {
    const known = [...sentence, ...forAnyone]
    expect(files.filter(file => !known.includes(stage(file)))).toEqual(none)
  })

  it('is kept: a folder imports only what stands before it', () => {
    const backwards = inside
      .filter(({ from, to }) => !forAnyone.includes(stage(from)) && !forAnyone.includes(stage(to)))
      .filter(({ from, to }) => place(to) > place(from))
    expect(backwards.map(told)).toEqual(none)
  })

  it('is about files that are there', () => {
    expect(inside.filter(({ to }) => !files.includes(to)).map(told)).toEqual(none)
  })

  it('lets no standard import another', () => {
    const crossing = inside.filter(
      ({ from, to }) => standard(from) !== undefined && standard(to) !== undefined && standard(from) !== standard(to),
    )
    expect(crossing.map(told)).toEqual(none)
  })

  it('lets errors import nothing and wording import only errors', () => {
    const errors = imports.filter(({ from }) => from === 'errors.ts')
    const wording = imports.filter(
      ({ from, to }) => stage(from) === 'wording' && stage(to) !== 'wording' && to !== 'errors.ts',
    )
    expect([...errors, ...wording].map(told)).toEqual(none)
  })

  it('leaves curves that few need to be handed in: nothing imports brainpool', () => {
    const uses = inside.filter(({ from, to }) => stage(to) === 'brainpool' && stage(from) !== 'brainpool')
    expect(uses.map(told)).toEqual(none)
  })

  it('leaves the drawing and scanning of codes to its own entry: nothing imports qr', () => {
    const uses = inside.filter(({ from, to }) => stage(to) === 'qr' && stage(from) !== 'qr')
    expect(uses.map(told)).toEqual(none)
  })

  it('leaves the small entry at its end: nothing imports browser', () => {
    const uses = inside.filter(({ from, to }) => stage(to) === 'browser' && stage(from) !== 'browser')
    expect(uses.map(told)).toEqual(none)
  })

  it('keeps every index.ts for users of the package', () => {
    const entries = inside.filter(({ from, to }) => to.split('/').at(-1) === 'index.ts' && from !== 'index.ts')
    expect(entries.map(told)).toEqual(none)
  })

  it('has no cycle but of types', () => {
    expect(cycles(inside.filter(({ typeOnly }) => !typeOnly))).toEqual(none)
  })
})

describe('a dependency', () => {
  const doors: readonly (readonly [string, RegExp, RegExp])[] = [
    ['node:', /^node:/, /^core\/crypto\/node\.ts$/],
    ['@noble/curves', /^@noble\/curves\//, /^brainpool\//],
    ['@noble/hashes', /^@noble\/hashes\//, /^(core\/crypto\/web|brainpool\/curves)\.ts$/],
    ['jose', /^jose(\/|$)/, /^core\/(keys|jwe)\.ts$/],
    ['cbor-x', /^cbor-x(\/|$)/, /^core\/cbor(\/.*)?\.ts$/],
    ['zod/mini', /^zod\/mini$/, /^passport\//],
    ['qr', /^qr(\/|$)/, /^qr\//],
    ['#crypto', /^#crypto$/, /./],
  ]

  it.each(doors)('%s comes in by its own door', (_, name, door) => {
    expect(outside.filter(({ from, to }) => name.test(to) && !door.test(from)).map(told)).toEqual(none)
  })

  it('is one of those with a door', () => {
    const strangers = outside.filter(({ to }) => !doors.some(([, name]) => name.test(to)))
    expect(strangers.map(told)).toEqual(none)
  })
})

describe('this guard', () => {
  it('sees every way to import', () => {
    const text = `import a, { type B } from './b.js'
      import type { C } from '../c.js'
      export * from 'd'
      export type { E } from './e.js'
      const f = await import('./f.js')
      type G = import('g').G`
    expect(importsOf('x/y.ts', text).map(({ to, typeOnly }) => [to, typeOnly])).toEqual([
      ['x/b.ts', false],
      ['c.ts', true],
      ['d', false],
      ['x/e.ts', true],
      ['x/f.ts', false],
      ['g', true],
    ])
  })

  it('sees a cycle', () => {
    const arrow = (from: string, to: string) => ({ from, to, line: 1, inside: true, typeOnly: false })
    expect(cycles([arrow('a', 'b'), arrow('b', 'c'), arrow('c', 'a'), arrow('a', 'd')])).toEqual(['a → b → c → a'])
  })
})

/** Every ring of files that import each other, told from where it was met. */
function cycles(arrows: readonly Import[]): string[] {
  const rings: string[] = []
  const done = new Set<string>()
  for (const { from } of arrows) follow(from, [])
  return rings

  function follow(file: string, path: readonly string[]): void {
    const met = path.indexOf(file)
    if (met >= 0) rings.push([...path.slice(met), file].join(' → '))
    if (met >= 0 || done.has(file)) return
    for (const { from, to } of arrows) if (from === file) follow(to, [...path, file])
    done.add(file)
  }
}
