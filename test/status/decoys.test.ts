import { describe, expect, it } from 'vitest'
import { createBits, getBits } from '../../src/formats/status-list/bits.js'
import { decoysTurned, turnDecoys } from '../../src/status/decoys.js'
import { keyBytes, placeAt } from '../../src/status/permutation.js'
import type { StatusListRow } from '../../src/status/store.js'

const created = new Date('2026-01-01T00:00:00Z')
const expires = new Date('2030-01-01T00:00:00Z')
const list: StatusListRow = {
  uri: 'https://status.example/1',
  registry: 'https://status.example',
  format: 'dc+sd-jwt',
  bits: 2,
  size: 1024,
  cohort: '2029',
  shard: 0,
  key: new Uint8Array(keyBytes).fill(9),
  capacity: 960,
  created,
  expires,
}
const at = (share: number) => new Date(created.getTime() + share * (expires.getTime() - created.getTime()))
const indexes = (packed: Uint8Array) =>
  Array.from({ length: list.size }, (_, index) => index).filter(index => getBits(packed, 2, index) !== 0)

describe('decoys', () => {
  it('turn one after the other, half of them in the life of a list', () => {
    expect([0, 0.25, 0.5, 1].map(share => decoysTurned(list, at(share)))).toEqual([0, 8, 16, 32])
    expect(decoysTurned(list, at(-1))).toBe(0)
    expect(decoysTurned(list, at(2))).toBe(32)
  })

  it('turn in ten years where credentials never run out', () => {
    const endless = { ...list, expires: undefined }
    expect(decoysTurned(endless, new Date(created.getTime() + 10 * 365 * 86_400_000))).toBe(32)
    expect(decoysTurned(endless, new Date(created.getTime() + 5 * 365 * 86_400_000))).toBe(16)
  })

  it('are all there at once in a list that ran out before it began', () => {
    expect(decoysTurned({ ...list, expires: created }, created)).toBe(32)
  })

  it('stand where nobody can be', () => {
    const packed = createBits(2, list.size)
    expect(turnDecoys(packed, list, 0, 32)).toBe(true)
    const given = new Set(Array.from({ length: list.capacity }, (_, step) => placeAt(list.key, list.size, step)))
    expect(indexes(packed)).toHaveLength(32)
    expect(indexes(packed).every(index => !given.has(index) && getBits(packed, 2, index) === 1)).toBe(true)
  })

  it('are taken back for a list of the past', () => {
    const [packed, past] = [createBits(2, list.size), createBits(2, list.size)]
    turnDecoys(packed, list, 0, 32)
    expect(turnDecoys(packed, list, 32, 10)).toBe(true)
    turnDecoys(past, list, 0, 10)
    expect(packed).toEqual(past)
    expect(turnDecoys(packed, list, 10, 10)).toBe(false)
  })

  it('are none where a list has room for credentials alone', () => {
    const full = { ...list, capacity: list.size }
    expect(decoysTurned(full, at(1))).toBe(0)
  })
})
