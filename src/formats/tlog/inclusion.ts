/** The way from a leaf to the root (RFC 9162 §2.1.3.2), which its place and the size of the tree alone decide. */

/**
 * On which side of the way each hash of an inclusion proof stands, lowest first: a proof has as many hashes as there are
 * sides. For an index below the size; halving is division, for bit operators stop at 2³².
 */
export function sidesOfWay(index: number, size: number): readonly ('left' | 'right')[] {
  const sides: ('left' | 'right')[] = []
  let [fn, sn] = [index, size - 1]
  while (sn > 0) {
    const isRight = fn % 2 === 1 || fn === sn
    sides.push(isRight ? 'left' : 'right')
    // A node without a sibling goes up as it is.
    while (isRight && fn % 2 === 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sides
}
