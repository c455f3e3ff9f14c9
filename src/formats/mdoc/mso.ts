/**
 * The mobile security object (ISO/IEC 18013-5:2021, 9.1.2.4): what the issuer signs. Digests of every element, the
 * holder's key and what it may say, the type of document, and for how long all this holds.
 */
import type { HashName } from '../../core/algorithms.js'
import { all } from '../../core/awaitable.js'
import { equalBytes } from '../../core/bytes.js'
import { readCbor } from '../../core/cbor/read.js'
import { CborTag, type CborValue, isBytes, isCborMap, tagDateTime, taggedValue } from '../../core/cbor/value.js'
import { cborMap, writeEmbedded } from '../../core/cbor/write.js'
import { isUtcTime } from '../../core/clock.js'
import { readCoseKey, writeCoseKey } from '../../core/cose/key.js'
import type { PublicJwk } from '../../core/jwk.js'
import type { Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { digestItem, type ItemsByNamespace, isDigestId, nameOfElement } from './item.js'
import { isText, isThere, listOf, malformed, mapOf, optional, readEmbedded, readMembers, versionOf } from './members.js'

export interface MobileSecurityObject {
  readonly hash: HashName
  /** Digests by namespace and digest identifier. */
  readonly digests: ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>
  readonly deviceKey: PublicJwk
  readonly keyAuthorizations: KeyAuthorizations
  readonly docType: string
  readonly signed: Date
  readonly validFrom: Date
  readonly validUntil: Date
  /** The `status` member (second edition), as it stands. */
  readonly status: CborValue | undefined
}

/** What the holder's key may say besides proving that it is there (9.1.2.4). */
export interface KeyAuthorizations {
  /** Whole namespaces. */
  readonly nameSpaces: readonly string[]
  /** Element identifiers by namespace. */
  readonly dataElements: ReadonlyMap<string, readonly string[]>
}

/**
 * Reads the payload of `issuerAuth`. Members it does not know are left alone: they are signed. Throws `mdoc_malformed`,
 * `mdoc_version_unsupported`, `mdoc_digest_algorithm_unsupported`, `key_invalid`, and the codes of CBOR.
 */
export function readMso(payload: Uint8Array, limits: Limits): MobileSecurityObject {
  const { content } = readEmbedded(readCbor(payload, { limits }), 'MobileSecurityObject', limits)
  const { digestAlgorithm, docType, deviceKeyInfo, validityInfo, status } = readMembers(content, 'MSO', msoMembers)
  const { valueDigests } = readMembers(content, 'MSO', digestMembers[digestAlgorithm])
  return {
    hash: digestAlgorithm.toLowerCase() as HashName,
    digests: valueDigests,
    deviceKey: readCoseKey(deviceKeyInfo.get('deviceKey')),
    keyAuthorizations: readKeyAuthorizations(deviceKeyInfo.get('keyAuthorizations')),
    docType,
    ...readValidity(validityInfo),
    status,
  }
}

/** Throws `mdoc_digest_algorithm_unsupported`. */
function isHash(value: CborValue | undefined): value is keyof typeof digestMembers {
  if (typeof value !== 'string' || !Object.hasOwn(digestMembers, value))
    throw new VidimusError('mdoc_digest_algorithm_unsupported', { at: 'digestAlgorithm' })
  return true
}

/** As many bytes as a digest has. */
const isDigestOf =
  (length: number) =>
  (value: CborValue | undefined): value is Uint8Array =>
    isBytes(value) && value.length === length

const digestsOf = (length: number) => ({ valueDigests: mapOf(isText, mapOf(isDigestId, isDigestOf(length))) })

/** By the hash that the digests are made with. */
const digestMembers = {
  'SHA-256': /* @__PURE__ */ digestsOf(32),
  'SHA-384': /* @__PURE__ */ digestsOf(48),
  'SHA-512': /* @__PURE__ */ digestsOf(64),
}

const msoMembers = {
  version: /* @__PURE__ */ versionOf('MSO'),
  digestAlgorithm: isHash,
  docType: isText,
  deviceKeyInfo: isCborMap,
  validityInfo: isCborMap,
  status: /* @__PURE__ */ optional(isThere),
}

const authorizationMembers = {
  nameSpaces: /* @__PURE__ */ optional(listOf(isText)),
  dataElements: /* @__PURE__ */ optional(mapOf(isText, listOf(isText))),
}

function readKeyAuthorizations(value: CborValue = new Map()): KeyAuthorizations {
  const { nameSpaces = [], dataElements = new Map() } = readMembers(value, 'keyAuthorizations', authorizationMembers)
  return { nameSpaces, dataElements }
}

/** Three instants in order; a fourth, when an update is expected, is read for its form alone. */
function readValidity(value: CborValue): Pick<MobileSecurityObject, 'signed' | 'validFrom' | 'validUntil'> {
  const validity = readMembers(value, 'validityInfo', validityMembers)
  const [signed, validFrom, validUntil] = [validity.signed, validity.validFrom, validity.validUntil].map(dateOf)
  if (validFrom! < signed!) throw malformed('validFrom')
  if (validUntil! <= validFrom!) throw malformed('validUntil')
  return { signed: signed!, validFrom: validFrom!, validUntil: validUntil! }
}

/** A `tdate`: UTC with whole seconds (9.1.2.4). */
const isInstant = (value: CborValue | undefined): value is CborTag => isUtcTime(taggedValue(value, tagDateTime))

const validityMembers = {
  signed: isInstant,
  validFrom: isInstant,
  validUntil: isInstant,
  expectedUpdate: /* @__PURE__ */ optional(isInstant),
}

const dateOf = ({ value }: CborTag): Date => new Date(value as string)

/**
 * Holds every item that was presented against its digest (9.3.1). Throws `mdoc_digest_missing` for one that the issuer did
 * not sign, and `mdoc_digest_mismatch`.
 */
export async function requireDigests(mso: MobileSecurityObject, items: ItemsByNamespace): Promise<void> {
  for (const [namespace, presented] of items) {
    const digests = mso.digests.get(namespace)
    for (const item of presented) {
      const expected = digests?.get(item.digestId)
      if (expected === undefined) throw new VidimusError('mdoc_digest_missing', { at: nameOfElement(item.identifier) })
      const computed = digestItem(item, mso.hash)
      if (!equalBytes(computed instanceof Promise ? await computed : computed, expected))
        throw new VidimusError('mdoc_digest_mismatch', { at: nameOfElement(item.identifier) })
    }
  }
}

/** What goes into a new mobile security object. Instants are written in whole seconds. */
export interface MsoContent {
  readonly docType: string
  readonly items: ItemsByNamespace
  readonly deviceKey: PublicJwk
  readonly signed: Date
  readonly validFrom: Date
  readonly validUntil: Date
  readonly status?: CborValue | undefined
}

/** The payload to sign: `#6.24(bstr .cbor MobileSecurityObject)`, with SHA-256. */
export async function createMso(content: MsoContent): Promise<Uint8Array> {
  const { docType, items, deviceKey, signed, validFrom, validUntil, status } = content
  const digests = new Map<string, CborValue>()
  for (const [namespace, members] of items) {
    const computed = await all(members.map(item => digestItem(item, 'sha-256')))
    digests.set(namespace, new Map(members.map(({ digestId }, index) => [digestId, computed[index]!])))
  }
  const mso = cborMap([
    ['version', '1.0'],
    ['digestAlgorithm', 'SHA-256'],
    ['valueDigests', digests],
    ['deviceKeyInfo', cborMap([['deviceKey', writeCoseKey(deviceKey)]])],
    ['docType', docType],
    [
      'validityInfo',
      cborMap([
        ['signed', writeInstant(signed)],
        ['validFrom', writeInstant(validFrom)],
        ['validUntil', writeInstant(validUntil)],
      ]),
    ],
    ['status', status],
  ])
  return writeEmbedded(mso)
}

const writeInstant = (date: Date): CborTag => new CborTag(tagDateTime, `${date.toISOString().slice(0, 19)}Z`)
