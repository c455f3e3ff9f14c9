/**
 * Claims with marks on what is hidden, as the converted vectors have them: a hidden member's name begins with `!sd `, a hidden
 * element is wrapped as `{ "!sd": element }`. Slow and obvious, on purpose: the expectations come from here.
 */
import type { JsonValue } from '../../../src/core/json.js'
import type { ClaimPath } from '../../../src/formats/sd-jwt/path.js'

export type Marked = null | boolean | number | string | readonly Marked[] | { readonly [name: string]: Marked }

/** What a holder wants to show: `true` for all of it, or the same question for each part. Anything else: nothing. */
export type Frame = Marked | undefined

const prefix = '!sd '

interface Part {
  readonly key: string | number
  readonly hidden: boolean
  readonly value: Marked
}

function partsOf(marked: Marked): readonly Part[] {
  if (Array.isArray(marked))
    return marked.map((element: Marked, key): Part => {
      const hidden = typeof element === 'object' && element !== null && '!sd' in element
      return { key, hidden, value: hidden ? (element as { '!sd': Marked })['!sd'] : element }
    })
  return Object.entries(marked as object).map(([name, value]: [string, Marked]) => {
    const hidden = name.startsWith(prefix)
    return { key: hidden ? name.slice(prefix.length) : name, hidden, value }
  })
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

const assemble = (marked: Marked, parts: readonly (readonly [string | number, JsonValue])[]): JsonValue =>
  Array.isArray(marked) ? parts.map(([, value]) => value) : Object.fromEntries(parts)

/** The claims without the marks. */
export function unmarked(marked: Marked): JsonValue {
  if (!isContainer(marked)) return marked
  return assemble(
    marked,
    partsOf(marked).map(({ key, value }) => [key, unmarked(value)] as const),
  )
}

/** The paths of everything marked. */
export function markedPaths(marked: Marked): readonly ClaimPath[] {
  if (!isContainer(marked)) return []
  return partsOf(marked).flatMap(({ key, hidden, value }) => [
    ...(hidden ? [[key]] : []),
    ...markedPaths(value).map(path => [key, ...path]),
  ])
}

/** What is left for a verifier when the holder shows the frame. */
export function shown(marked: Marked, frame: Frame): JsonValue {
  if (!isContainer(marked)) return marked
  const visible = partsOf(marked).filter(({ key, hidden }) => !hidden || wants(innerFrame(frame, key)))
  return assemble(
    marked,
    visible.map(({ key, value }) => [key, shown(value, innerFrame(frame, key))] as const),
  )
}

/** The frame as claim paths; parts that the claims do not have are left out. */
export function framePaths(claims: JsonValue, frame: Frame): readonly ClaimPath[] {
  if (!isContainer(claims) || !isContainer(frame)) return []
  const keys: (string | number)[] = Array.isArray(claims) ? [...claims.keys()] : Object.keys(claims)
  return keys.flatMap(key => {
    const inner = innerFrame(frame, key)
    if (!wants(inner)) return []
    if (inner === true || Object.keys(inner as object).length === 0) return [[key]]
    return framePaths((claims as Record<string | number, JsonValue>)[key]!, inner).map(path => [key, ...path])
  })
}

const wants = (frame: Frame): boolean => frame === true || isContainer(frame)

function innerFrame(frame: Frame, key: string | number): Frame {
  if (frame === true) return true
  return isContainer(frame) && Object.hasOwn(frame, key) ? (frame as Record<string | number, Marked>)[key] : undefined
}
