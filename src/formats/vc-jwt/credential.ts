/**
 * A credential of the W3C data model 2.0 as JSON, read strictly (VCDM 2.0 §4; VC-JOSE-COSE §3.1.3 for the claims beside it).
 *
 * No JSON-LD is processed: contexts are not fetched, terms are not expanded, and an embedded `proof` is not verified. What
 * secures the credential, and whether its instants hold now, is checked elsewhere.
 */
import { isUrl } from '../../core/address.js'
import { readDateTime } from '../../core/date-time.js'
import { isJsonObject, type JsonObject } from '../../core/json.js'
import { VidimusError } from '../../errors.js'
import { each, type Malformed, readContexts, readId, readNames, readParty, readTyped, readTypes } from './document.js'
import { credentialType } from './type.js'

/** A credential that keeps the rules. Nothing it says is verified. */
export interface ParsedVc {
  readonly types: readonly string[]
  /** Its identifier, an absolute URL. */
  readonly issuer: string
  /** At least one. */
  readonly subjects: readonly JsonObject[]
  readonly validFrom: Date | undefined
  readonly validUntil: Date | undefined
}

/** What the securing mechanism knows of the document. */
export interface VcReading {
  /** Whether claims about the subjects are hidden: then a subject of whom nothing is disclosed is not an empty one. */
  readonly hidesClaims?: boolean | undefined
}

/** What checking a credential rests on, so that no holder may hide it (VC-JOSE-COSE §3.2.1). */
const protectedMembers: readonly string[] = [
  '@context',
  'type',
  'issuer',
  'validFrom',
  'validUntil',
  'credentialStatus',
  'credentialSchema',
  'iss',
  'nbf',
  'exp',
  'cnf',
  'status',
]

/** Refuses a top-level name under which something was, or could be, hidden. Throws `claim_not_disclosable`, naming it. */
export function refuseHiddenMembers(names: Iterable<string | number | null | undefined>): void {
  for (const name of names)
    if (typeof name === 'string' && protectedMembers.includes(name))
      throw new VidimusError('claim_not_disclosable', { at: name })
}

const malformed: Malformed = at => new VidimusError('vc_malformed', { at })

/**
 * Reads a credential by every rule of the data model that needs no network. Members it does not know are left alone.
 * Throws `vc_version_unsupported` for what is of version 1.1, `vc_malformed` naming the member, and `vc_claim_conflict`
 * for a JWT claim that contradicts the member which says the same.
 */
export function parseCredential(document: JsonObject, { hidesClaims = false }: VcReading = {}): ParsedVc {
  refuseOlderVersion(document)
  const terms = readContexts(document['@context'], malformed)
  const types = readTypes(document['type'], terms, 'type', malformed)
  if (!types.includes(credentialType)) throw malformed('type') // §4.5
  const id = readId(document, 'id', malformed)
  readNames(document, '', malformed)
  const issuer = readIssuer(document)
  const subjects = readSubjects(document, hidesClaims)
  const validFrom = readInstant(document, 'validFrom')
  const validUntil = readInstant(document, 'validUntil')
  if (validFrom !== undefined && validUntil !== undefined && validUntil < validFrom) throw malformed('validity') // §4.9
  for (const member of ['credentialStatus', 'refreshService', 'termsOfUse', 'evidence', 'proof'])
    readTyped(document, member, terms, malformed)
  readTyped(document, 'credentialSchema', terms, malformed, true) // §4.11
  readResources(document)
  refuseConflicts(document, id, issuer, subjects)
  return { types, issuer, subjects, validFrom, validUntil }
}

/** The identifier of the issuer, an absolute URL (§4.7). Throws `vc_malformed`. */
export const readIssuer = ({ issuer }: JsonObject): string => readParty(issuer, 'issuer', malformed)

/** What version 1.1 wrote: its context, its dates, and a credential within a claim (VC-JOSE-COSE §3.1.3). */
function refuseOlderVersion(document: JsonObject): void {
  const [base] = each(document['@context'])
  if (base === 'https://www.w3.org/2018/credentials/v1') throw olderVersion('@context')
  const member = ['vc', 'vp', 'issuanceDate', 'expirationDate'].find(name => document[name] !== undefined)
  if (member !== undefined) throw olderVersion(member)
}

/** §4.8: whom the claims are about, at least one and none of whom nothing is said. */
function readSubjects({ credentialSubject }: JsonObject, hidesClaims: boolean): readonly JsonObject[] {
  const subjects = each(credentialSubject)
  if (subjects.length === 0) throw malformed('credentialSubject')
  for (const subject of subjects) {
    if (!isJsonObject(subject)) throw malformed('credentialSubject')
    if (!hidesClaims && Object.keys(subject).length === 0) throw malformed('credentialSubject')
    readId(subject, 'credentialSubject.id', malformed)
  }
  return subjects as readonly JsonObject[]
}

function readInstant(document: JsonObject, member: 'validFrom' | 'validUntil'): Date | undefined {
  const instant = readDateTime(document[member])
  if (instant === undefined && document[member] !== undefined) throw malformed(member)
  return instant
}

/** §5.3: each resource once, with a digest. Resources are not fetched. */
function readResources({ relatedResource }: JsonObject): void {
  const addresses = new Set<string>()
  for (const resource of each(relatedResource)) {
    if (!isJsonObject(resource)) throw malformed('relatedResource')
    const { id, digestSRI, digestMultibase } = resource
    if (!isUrl(id) || addresses.has(id)) throw malformed('relatedResource.id')
    if (typeof (digestSRI ?? digestMultibase) !== 'string') throw malformed('relatedResource.digestSRI')
    addresses.add(id)
  }
}

/** A claim and a member that name the same thing say the same (VC-JOSE-COSE §3.1.3). */
function refuseConflicts(
  { iss, jti, sub }: JsonObject,
  id: string | undefined,
  issuer: string,
  subjects: readonly JsonObject[],
): void {
  const named = subjects.flatMap(subject => subject['id'] ?? [])
  if (iss !== undefined && iss !== issuer) throw conflict('iss')
  if (jti !== undefined && id !== undefined && jti !== id) throw conflict('jti')
  if (sub !== undefined && named.length > 0 && !named.includes(sub)) throw conflict('sub')
}

const olderVersion = (at: string) => new VidimusError('vc_version_unsupported', { at })
const conflict = (at: string) => new VidimusError('vc_claim_conflict', { at })
