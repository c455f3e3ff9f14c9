/**
 * Places that nobody has, and that turn invalid all the same: an observer of a list counts revocations that were none
 * (Token Status List §12.4).
 */
import { setBits } from '../formats/status-list/bits.js'
import { placeAt } from './permutation.js'
import type { StatusListRow } from './store.js'

/** Half of them turn within the life of a list, one after the other. */
const shareThatTurns = 0.5

/** Milliseconds: what counts as the life of a list whose credentials never run out. */
const longLife = 10 * 365 * 86_400_000

const invalid = 1

/** How many decoys of a list have turned by an instant. */
export function decoysTurned({ size, capacity, created, expires }: StatusListRow, at: Date): number {
  const life = (expires?.getTime() ?? created.getTime() + longLife) - created.getTime()
  const lived = at.getTime() - created.getTime()
  const share = life > 0 ? Math.min(1, Math.max(0, lived / life)) : 1
  return Math.floor((size - capacity) * shareThatTurns * share)
}

/** Sets the decoys that turn between two counts, or takes them back; says whether there were any. */
export function turnDecoys(packed: Uint8Array, list: StatusListRow, before: number, after: number): boolean {
  const { key, size, bits, capacity } = list
  for (let decoy = Math.min(before, after); decoy < Math.max(before, after); decoy++)
    setBits(packed, bits, placeAt(key, size, capacity + decoy), after > before ? invalid : 0)
  return before !== after
}
