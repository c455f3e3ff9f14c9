/**
 * Commitments to identifiers: HMAC-SHA-256 (RFC 2104) over a salt of the entry, the member that it stands in and the
 * identifier, under a key of the identifier's own.
 *
 * Without the key nobody can tell whom an entry names, nor that two entries or two members name one; once it is erased,
 * nobody ever can. With the key anyone can check it.
 */
import { hmacSha256, randomBytes } from '#crypto'
import { base64url, concatBytes, equalBytes, fromBase64url, utf8 } from '../core/bytes.js'
import { type ActIdentifiers, type IdentifierName, identifierNames, isBase64urlOf, isIdentifier } from './act.js'
import { type AuditEntry, type Commitments, readEntry, saltBytes } from './entry.js'

/** What opens the commitments to an identifier. Personal data: with it anyone can tell which entries name it. */
export interface Opening {
  readonly identifier: string
  /** base64url of 32 bytes. */
  readonly key: string
}

export const identifierKeyBytes = 32

export const newIdentifierKeys = (count: number): readonly Uint8Array[] => randoms(count, identifierKeyBytes)

export const newSalts = (count: number): readonly Uint8Array[] => randoms(count, saltBytes)

/** Fresh random byte strings, drawn in one go: asking costs more than the bytes do. */
function randoms(count: number, length: number): readonly Uint8Array[] {
  const all = randomBytes(count * length)
  return Array.from({ length: count }, (_, at) => all.slice(at * length, (at + 1) * length))
}

/** The members that stand for identifiers in an entry. Each identifier has one key, whichever members name it. */
export async function commitTo(
  identifiers: ActIdentifiers,
  keys: ReadonlyMap<string, Uint8Array>,
  salt: Uint8Array,
): Promise<Commitments> {
  const commitments: { -readonly [name in IdentifierName]?: string } = {}
  for (const name of identifierNames) {
    const identifier = identifiers[name]
    if (identifier !== undefined)
      commitments[name] = base64url(await commitment(name, identifier, salt, keys.get(identifier)!))
  }
  return Object.keys(commitments).length === 0 ? {} : { ...commitments, salt: base64url(salt) }
}

/**
 * The members of an entry in which an identifier stands, as its key tells: none when the entry does not name it. That the
 * entry is in a log is for `verifyInclusion` to say. Throws `audit_entry_malformed`, and `TypeError` for no opening.
 * @example await membersNaming(verdict.entry, await log.opening('operator 17')) // ['actorId']
 */
export async function membersNaming(entry: AuditEntry, opening: Opening): Promise<readonly IdentifierName[]> {
  if (!isIdentifier(opening?.identifier) || !isBase64urlOf(opening.key, identifierKeyBytes))
    throw new TypeError('`opening` must have an `identifier` and its `key`')
  const read = readEntry(entry)
  const key = fromBase64url(opening.key)
  const naming: IdentifierName[] = []
  for (const name of identifierNames) if (await names(read, name, opening.identifier, key)) naming.push(name)
  return naming
}

/** Whether a member of an entry stands for an identifier, as the key of the identifier tells. */
export async function names(
  entry: AuditEntry,
  name: IdentifierName,
  identifier: string,
  key: Uint8Array,
): Promise<boolean> {
  const committed = entry[name]
  if (committed === undefined || entry.salt === undefined) return false
  return equalBytes(fromBase64url(committed), await commitment(name, identifier, fromBase64url(entry.salt), key))
}

/** The salt has one length and a member's name no zero byte, so that no two questions have one text. */
const commitment = async (
  name: IdentifierName,
  identifier: string,
  salt: Uint8Array,
  key: Uint8Array,
): Promise<Uint8Array> => hmacSha256(key, concatBytes(salt, utf8(`${name}\0${identifier}`)))
