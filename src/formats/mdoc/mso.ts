/**
 * The mobile security object (ISO/IEC 18013-5:2021, 9.1.2.4): what the issuer signs. Digests of every element, the
 * holder's key and what it may say, the type of document, and for how long all this holds.
 */
import type { HashName } from '../../core/algorithms.js'
import { all } from '../../core/awaitable.js'
import { equalBytes } from '../../core/bytes.js'
import { readCbor, readEmbedded } from '../../core/cbor/read.js'
import {
  type CborMap,
  CborTag,
  type CborValue,
  isBytes,
  isCborArray,
  isCborMap,
  tagDateTime,
  taggedValue,
} from '../../core/cbor/value.js'
import { cborMap, writeEmbedded } from '../../core/cbor/write.js'
import { isCalendarDate } from '../../core/clock.js'
import { readCoseKey, writeCoseKey } from '../../core/cose/key.js'
import type { PublicJwk } from '../../core/jwk.js'
import type { Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { digestItem, type ItemsByNamespace, isDigestId, nameOfElement } from './item.js'

export interface MobileSecurityObject {
  readonly hash: HashName
  /** Digests by namespace and digest identifier. */
  readonly digests: CborMap
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
  readonly namespaces: readonly string[]
  /** Element identifiers by namespace. */
  readonly elements: ReadonlyMap<string, readonly string[]>
}

const hashes: Readonly<Record<string, HashName>> = { 'SHA-256': 'sha-256', 'SHA-384': 'sha-384', 'SHA-512': 'sha-512' }
const digestBytes: Readonly<Record<HashName, number>> = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 }

/**
 * Reads the payload of `issuerAuth`. Members it does not know are left alone: they are signed. Throws `mdoc_malformed`,
 * `mdoc_version_unsupported`, `mdoc_digest_algorithm_unsupported`, `key_invalid`, and the codes of CBOR.
 */
export function readMso(payload: Uint8Array, limits: Limits): MobileSecurityObject {
  const options = { limits } as const
  const mso = expectMap(readEmbedded(readCbor(payload, options), 'MobileSecurityObjectBytes', options), 'MSO')
  if (mso.get('version') !== '1.0') throw new VidimusError('mdoc_version_unsupported', { at: 'MSO', expected: '1.0' })
  const algorithm = mso.get('digestAlgorithm')
  if (typeof algorithm !== 'string' || !Object.hasOwn(hashes, algorithm))
    throw new VidimusError('mdoc_digest_algorithm_unsupported', { at: 'digestAlgorithm' })
  const hash = hashes[algorithm]!
  const docType = mso.get('docType')
  if (typeof docType !== 'string') throw malformed('docType')
  const key = expectMap(mso.get('deviceKeyInfo'), 'deviceKeyInfo')
  return {
    hash,
    digests: readDigests(mso.get('valueDigests'), digestBytes[hash]),
    deviceKey: readCoseKey(key.get('deviceKey')),
    keyAuthorizations: readKeyAuthorizations(key.get('keyAuthorizations')),
    docType,
    ...readValidity(mso.get('validityInfo')),
    status: mso.get('status'),
  }
}

function readDigests(value: CborValue | undefined, length: number): CborMap {
  const namespaces = expectMap(value, 'valueDigests')
  for (const [namespace, digests] of namespaces) {
    if (typeof namespace !== 'string') throw malformed('valueDigests')
    for (const [id, digest] of expectMap(digests, 'valueDigests'))
      if (!isDigestId(id) || !isBytes(digest) || digest.length !== length) throw malformed('valueDigests')
  }
  return namespaces
}

function readKeyAuthorizations(value: CborValue | undefined): KeyAuthorizations {
  if (value === undefined) return { namespaces: [], elements: new Map() }
  const authorizations = expectMap(value, 'keyAuthorizations')
  const namespaces = authorizations.get('nameSpaces')
  const elements = new Map<string, readonly string[]>()
  for (const [namespace, identifiers] of expectMap(authorizations.get('dataElements') ?? new Map(), 'dataElements')) {
    if (typeof namespace !== 'string') throw malformed('dataElements')
    elements.set(namespace, expectTexts(identifiers, 'dataElements'))
  }
  return { namespaces: namespaces === undefined ? [] : expectTexts(namespaces, 'keyAuthorizations'), elements }
}

/** Three instants in order; a fourth, when an update is expected, is read for its form alone. */
function readValidity(value: CborValue | undefined): Pick<MobileSecurityObject, 'signed' | 'validFrom' | 'validUntil'> {
  const validity = expectMap(value, 'validityInfo')
  const signed = readInstant(validity.get('signed'), 'signed')
  const validFrom = readInstant(validity.get('validFrom'), 'validFrom')
  const validUntil = readInstant(validity.get('validUntil'), 'validUntil')
  if (validity.has('expectedUpdate')) readInstant(validity.get('expectedUpdate'), 'expectedUpdate')
  if (validFrom < signed) throw malformed('validFrom')
  if (validUntil <= validFrom) throw malformed('validUntil')
  return { signed, validFrom, validUntil }
}

/** A `tdate`: UTC with whole seconds (9.1.2.4). */
function readInstant(value: CborValue | undefined, at: string): Date {
  const text = taggedValue(value, tagDateTime)
  const fits =
    typeof text === 'string' &&
    isCalendarDate(text.slice(0, 10)) &&
    /^T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.test(text.slice(10))
  if (!fits) throw malformed(at)
  return new Date(text)
}

/**
 * Holds every item that was presented against its digest (9.3.1). Throws `mdoc_digest_missing` for one that the issuer did
 * not sign, and `mdoc_digest_mismatch`.
 */
export async function requireDigests(mso: MobileSecurityObject, items: ItemsByNamespace): Promise<void> {
  for (const [namespace, presented] of items) {
    const digests = mso.digests.get(namespace)
    for (const item of presented) {
      const expected = isCborMap(digests) ? digests.get(item.digestId) : undefined
      if (!isBytes(expected)) throw new VidimusError('mdoc_digest_missing', { at: nameOfElement(item.identifier) })
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

function expectMap(value: CborValue | undefined, at: string): CborMap {
  if (!isCborMap(value)) throw malformed(at)
  return value
}

function expectTexts(value: CborValue, at: string): readonly string[] {
  if (!isCborArray(value) || !value.every(text => typeof text === 'string')) throw malformed(at)
  return value as readonly string[]
}

const malformed = (at: string) => new VidimusError('mdoc_malformed', { at })
