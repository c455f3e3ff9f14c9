/** Claim paths: names and array positions from the top, `null` for every element (SD-JWT VC, claim paths of type metadata). */

export type ClaimPath = readonly (string | number | null)[]

/** The caller's own paths, checked for shape. Throws `TypeError` naming the argument and the path's index. */
export function readClaimPaths(paths: readonly ClaimPath[], argument: string): readonly ClaimPath[] {
  if (!Array.isArray(paths)) throw new TypeError(`\`${argument}\` must be a list of claim paths`)
  for (const [index, path] of paths.entries())
    if (!isClaimPath(path))
      throw new TypeError(`\`${argument}[${index}]\` must be a non-empty list of names, positions and nulls`)
  return paths
}

/** A non-empty list of names, positions and nulls. */
export const isClaimPath = (path: unknown): path is ClaimPath =>
  Array.isArray(path) && path.length > 0 && path.every(isPathElement)

const isPathElement = (element: unknown): boolean =>
  element === null || typeof element === 'string' || (Number.isSafeInteger(element) && (element as number) >= 0)
