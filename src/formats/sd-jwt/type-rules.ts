/**
 * A credential held against the rules of its type: mandatory claims, claims that have a disclosure of their own and claims
 * that have none (SD-JWT VC, claim metadata). What was not disclosed is not known, and what is not known breaks no rule.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { defaultLimits, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import type { ClaimPath } from './path.js'
import { placesOf } from './places.js'
import { disclosureTree, type Place, stepInto } from './select.js'
import { type ClaimMetadata, type ParsedTypeMetadata, pathText } from './type-metadata.js'
import type { UnpackedSdJwt } from './unpack.js'

/**
 * Requires that a credential keeps the rules of its type, extended types included. Protected claims are not its matter.
 *
 * A path that selects nothing breaks only the rule `mandatory`, and only where nothing undisclosed could be what is missing; a
 * claim is missing with what it would stand in, too.
 * Whether a claim is hidden together with what it stands in is no question of `sd`: its own disclosure is.
 * Throws `type_metadata_violated` naming the path and the rule, and `limit_exceeded` (`jsonValues`) when the paths lead over
 * more claims than a credential may have.
 */
export function requireTypeRules(
  { claims }: Pick<ParsedTypeMetadata, 'claims'>,
  credential: UnpackedSdJwt,
  limits: Limits = defaultLimits,
): void {
  const top = { claim: credential.claims, place: disclosureTree(credential) }
  let visited = 0
  const visit = (claims: number) => within(limits, 'jsonValues', (visited += claims))
  for (const rule of claims) requireRule(rule, selectClaims(rule.path, top, credential, visit))
}

/** A claim, and the place of its disclosure where it has one or leads to one. */
interface Selected {
  readonly claim: JsonValue
  readonly place: Place | undefined
}

interface Selection {
  readonly selected: readonly Selected[]
  /** Whether something undisclosed could have been selected as well. */
  readonly isPartial: boolean
}

function requireRule({ path, mandatory, sd }: ClaimMetadata, { selected, isPartial }: Selection): void {
  if (mandatory === true && selected.length === 0 && !isPartial) throw violated(path, 'mandatory')
  for (const { place } of selected) {
    const isDisclosed = place?.index !== undefined
    if (sd === 'always' && !isDisclosed) throw violated(path, sd)
    if (sd === 'never' && isDisclosed) throw violated(path, sd)
  }
}

/** What a path selects, element by element; nothing at all is an answer too (SD-JWT VC, claim path). */
function selectClaims(
  path: ClaimPath,
  top: Selected,
  credential: UnpackedSdJwt,
  visit: (claims: number) => void,
): Selection {
  let selected: readonly Selected[] = [top]
  let isPartial = false
  for (const element of path) {
    const further: Selected[] = []
    for (const { claim, place } of selected) {
      requireContainer(claim, element, path)
      visit(Array.isArray(claim) ? claim.length : 1)
      const steps = stepInto(claim, element, credential)
      for (const [key, inner] of steps) further.push({ claim: inner, place: place?.inner.get(key) })
      if (steps.length === 0 || element === null) isPartial ||= hidesMembers(claim, credential)
    }
    selected = further
  }
  return { selected, isPartial }
}

/** A name on anything but an object, a position or `null` on anything but an array: the credential is of another shape. */
function requireContainer(claim: JsonValue, element: ClaimPath[number], path: ClaimPath): void {
  if (typeof element === 'string') {
    if (!isJsonObject(claim)) throw violated(path, 'object')
  } else if (!Array.isArray(claim)) throw violated(path, 'array')
}

/** Whether digests stand in a claim for which nothing was disclosed: hidden members, or decoys. */
const hidesMembers = (claim: JsonValue, credential: UnpackedSdJwt): boolean =>
  placesOf(credential).positions.has(claim as JsonObject | readonly JsonValue[])

/** Paths come from whoever wrote the metadata: one that is too long to be a name is not repeated. */
function violated(path: ClaimPath, rule: string): VidimusError {
  const text = pathText(path)
  return new VidimusError('type_metadata_violated', { at: text.length > 200 ? 'claims' : text, expected: rule })
}
