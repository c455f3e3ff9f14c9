/** docs/requirements.md: every row is there once, and what it names exists. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import page from '../../docs/requirements.md?raw'
import * as frontDoor from '../../src/index.js'

/**
 * The rows about model, validators, machine readable zones, files, vehicles, showing and verifying, statuses and
 * the audit log.
 */
const ids = `
  S0-01 S0-05 S0-32 S0-38 S0-43 S0-45 S0-46 S0-49 S0-52 S0-55 S0-56 S0-57 S0-61 S0-63 S0-66 S0-67 S0-71 S0-73 S0-74
  S1-02 S1-03 S1-04 S1-13 S1-14 S1-26 S1-27 S1-30 S1-31 S1-35 S1-36 S1-54 S1-71
  S2-29 S2-34 S2-35 S3-03 S3-05 S3-06 S3-22 S3-25 S3-31 S3-33 S3-34 S3-37 S3-38
  S4-01 S4-02 S4-03 S4-05 S4-08 S4-13 S4-14 S4-15 S4-16 S4-17 S4-18 S4-19 S4-20 S4-21 S4-27 S4-29 S4-30 S4-31 S4-32
  S4-34 S4-36 S4-37 S4-49 S4-50 S4-51 S4-52 S4-53 S4-61 S4-62
  S0-06 S0-08 S0-09 S0-12 S0-18 S0-19 S0-27 S0-37 S0-40 S0-42 S0-44 S1-42 S1-49 S1-70 S2-01 S3-20
  S0-69 S1-09 S1-59
  S0-24 S0-39 S0-70 S1-66 S2-15 S2-43 S2-44 S2-65 S3-29 S3-45 S3-49 S4-40
`
  .trim()
  .split(/\s+/)

/** Those of them, and of others, that are not done as they ask. */
const doneOtherwise = `
  S0-17 S0-20 S0-21 S0-48 S0-51 S0-64 S0-74 S1-03 S1-05 S1-26 S1-33 S1-34 S1-62 S2-38 S2-59 S2-64 S2-66 S2-67 S2-72
  S3-11 S3-48 S4-06 S4-11 S4-15 S4-16 S4-18 S4-20 S4-27 S4-34 S4-36 S4-50 S4-51 S4-52 S4-53
`
  .trim()
  .split(/\s+/)

const root = fileURLToPath(new URL('../../', import.meta.url))
const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim())
const namesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)

const [served = '', instead = ''] = page.split('## What is done instead')
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter(line => /^\| S\d/.test(line))
    .map(cellsOf)
const rows = rowsOf(served).map(([id = '', asks = '', functions = '', tests = '']) => ({
  id,
  asks,
  functions: namesIn(functions),
  tests: namesIn(tests),
}))

it('has every row once, and no other', () => {
  expect(ids).toHaveLength(105)
  expect(rows.map(({ id }) => id)).toEqual(ids)
})

it('says of every row that is not done as it asks what is done instead', () => {
  const told = rowsOf(instead)
  expect(told.flatMap(([id = '']) => id.split(', ')).sort()).toEqual(doneOtherwise)
  expect(told.filter(cells => cells.length !== 3 || cells.some(cell => cell === ''))).toEqual([])
  const functions = told.flatMap(([, , cell = '']) => namesIn(cell)).filter(name => /^[a-z]+[A-Z]/.test(name))
  expect(functions.length).toBeGreaterThan(5)
  expect(functions.filter(name => !isThere(name))).toEqual([])
})

describe.each(rows)('$id', ({ asks, functions, tests }) => {
  it('says what it asks, and names a function and a test', () => {
    expect(asks).not.toBe('')
    expect(functions).not.toEqual([])
    expect(tests).not.toEqual([])
  })

  it('names functions that are exported, or files that are there', () => {
    expect(functions.filter(name => !isThere(name))).toEqual([])
  })

  it('names tests that are there and speak of its functions', () => {
    expect(tests.filter(path => !existsSync(root + path))).toEqual([])
    const text = tests.map(path => readFileSync(root + path, 'utf8')).join('\n')
    expect(functions.filter(name => !new RegExp(`\\b${firstOf(name)}\\b`).test(text))).toEqual([])
  })
})

const firstOf = (name: string): string => name.split('.')[0] ?? name

/** An export, a member of one (`fileProfiles.portrait`), or a path. */
function isThere(name: string): boolean {
  if (name.startsWith('src/')) return existsSync(root + name)
  let place: unknown = frontDoor
  for (const step of name.split('.')) place = (place as Record<string, unknown> | undefined)?.[step]
  return place !== undefined
}
