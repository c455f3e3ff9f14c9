/**
 * The type metadata of others, fetched and enforced (SD-JWT VC §5.3, §5.4). A verifier that is handed a resolver accepts no
 * credential that breaks the rules of its type; one that is not handed any fetches nothing.
 *
 * Who wrote a document is known by `vct#integrity` and `extends#integrity`, or else by the host it came from. It tells
 * nothing of who may issue the type: that stays a matter of trust anchors.
 */
import { abortable } from '../core/abort.js'
import { misuse } from '../core/arguments.js'
import { type Clock, readClock } from '../core/clock.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { type Fetch, fetchDocument } from '../core/fetch.js'
import type { JsonObject, JsonValue } from '../core/json.js'
import type { Limits } from '../core/limits.js'
import { expectTimeout } from '../core/timeout.js'
import { VidimusError } from '../errors.js'
import { hasIntegrity } from '../formats/sd-jwt/integrity.js'
import {
  extendTypeMetadata,
  type ParsedTypeMetadata,
  parseTypeMetadata,
  type TypeReference,
} from '../formats/sd-jwt/type-metadata.js'
import { requireTypeRules } from '../formats/sd-jwt/type-rules.js'
import type { UnpackedSdJwt } from '../formats/sd-jwt/unpack.js'
import type { Examination } from './checks.js'

export interface TypeMetadataResolverOptions {
  /** Asks the network: the platform's `fetch` or one of its shape. */
  readonly fetch: Fetch
  /** Bytes of one document: 262,144 by default, at most 4 MiB. */
  readonly maxBytes?: number | undefined
  /** Seconds for one document, at most 300: 10 by default. */
  readonly timeout?: number | undefined
  /** How many steps of `extends` are followed: 8 by default, at most 32. */
  readonly maxExtends?: number | undefined
  /** How many documents are kept in memory: 64 by default. */
  readonly cache?: number | undefined
}

/** Made by `typeMetadataResolver`. */
export interface TypeMetadataResolver {
  /**
   * What holds for a type, everything that it extends included: for wallets that show it. Throws
   * `type_metadata_uri_refused`, `type_metadata_unreachable`, `type_metadata_invalid`, `type_metadata_integrity_mismatch`,
   * `type_metadata_cycle`, `limit_exceeded` (`typeMetadataBytes`, `typeMetadataExtends`), and what strict JSON throws.
   */
  resolve(
    type: TypeReference,
    options?: { readonly now?: Clock | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<ParsedTypeMetadata>
  /**
   * The check `type_metadata` of a verdict, and its business alone. The credential is signed by a trusted issuer, its disclosures are
   * those that were signed; like the status, the rules are asked of nothing that is refused anyway.
   */
  examine(
    examination: Examination,
    credential: UnpackedSdJwt,
    moment: Moment & { readonly limits: Limits },
  ): Promise<void>
}

/**
 * A resolver of type metadata, for `typeMetadata` of the verify functions. Make it once: it holds the documents.
 *
 * A document is fetched from the `vct` itself, over https from a host with a public name, without redirects, within limits of
 * size and time. One that is named with its integrity is kept for good, any other as long as `Cache-Control` allows, a day
 * at most. A `vct` that is no https address has no document to fetch: the check is skipped as `type_metadata_no_address`. An
 * extended type that has none refuses the credential, for its rules are not known. Names are resolved by the `fetch`
 * given: whether they lead to public addresses is its concern.
 *
 * The check fails as `resolve` throws, with `type_metadata_violated` for a credential that breaks a rule, and with
 * `claim_malformed` for a malformed `vct#integrity`.
 * @example typeMetadataResolver({ fetch })
 */
export function typeMetadataResolver(options: TypeMetadataResolverOptions): TypeMetadataResolver {
  return new Resolver(readSettings(options))
}

type Settings = {
  readonly [Name in keyof TypeMetadataResolverOptions]-?: NonNullable<TypeMetadataResolverOptions[Name]>
}

/** The whole numbers among the options: the default and the largest. */
const numbers = {
  maxBytes: [256 * 1024, 4 * 1024 * 1024],
  maxExtends: [8, 32],
  cache: [64, 65_536],
} as const

function readSettings({ fetch, timeout = 10, ...given }: TypeMetadataResolverOptions): Settings {
  if (typeof fetch !== 'function') throw misuse('fetch', 'a function')
  const settings: { -readonly [Name in keyof Settings]: Settings[Name] } = {
    fetch,
    maxBytes: numbers.maxBytes[0],
    timeout: expectTimeout(timeout),
    maxExtends: numbers.maxExtends[0],
    cache: numbers.cache[0],
  }
  for (const [name, value] of Object.entries(given)) {
    if (!isNumberOption(name)) throw new TypeError(`\`${name}\` is not an option of a type metadata resolver`)
    if (value !== undefined) settings[name] = readNumber(name, value)
  }
  return settings
}

const isNumberOption = (name: string): name is keyof typeof numbers => Object.hasOwn(numbers, name)

function readNumber(name: keyof typeof numbers, value: number): number {
  const [, largest] = numbers[name]
  if (!Number.isSafeInteger(value) || value < 0 || value > largest)
    throw new RangeError(`\`${name}\` must be a whole number, at most ${largest}`)
  return value
}

/** Why the address of a document, or what stands there, is refused. */
const codes = {
  refused: 'type_metadata_uri_refused',
  unreachable: 'type_metadata_unreachable',
  invalid: 'type_metadata_invalid',
} as const

/** Seconds. */
const day = 86_400

interface Kept {
  readonly octets: Uint8Array
  readonly document: ParsedTypeMetadata
  readonly fetchedAt: Date
  /** Seconds for which it counts without its integrity. */
  readonly maxAge: number
}

/** When it is asked, and what ends the asking. */
interface Moment {
  readonly now: Date
  readonly signal?: AbortSignal | undefined
}

class Resolver implements TypeMetadataResolver {
  readonly #settings: Settings
  readonly #kept = new Map<string, Kept>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async examine(
    examination: Examination,
    credential: UnpackedSdJwt,
    { limits, now, signal }: Moment & { readonly limits: Limits },
  ): Promise<void> {
    const { claims } = credential
    const { vct } = claims
    if (!isAddress(vct)) return examination.skip('type_metadata_no_address', 'type_metadata')
    if (examination.refusal !== undefined) return
    await examination.test('type_metadata', async () => {
      const metadata = await this.#resolveAt({ vct, integrity: readIntegrity(claims) }, { now, signal })
      requireTypeRules(metadata, credential, limits)
    })
  }

  async resolve(
    type: TypeReference,
    { now, signal }: { readonly now?: Clock | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ParsedTypeMetadata> {
    return this.#resolveAt(type, { now: readClock(now), signal })
  }

  async #resolveAt(type: TypeReference, moment: Moment): Promise<ParsedTypeMetadata> {
    moment.signal?.throwIfAborted()
    const line = await abortable(this.#lineOf(type, moment), moment.signal)
    return line.reduceRight((parent, child) => extendTypeMetadata(child, parent))
  }

  /** The documents of a type and of what it extends, the type first. */
  async #lineOf(type: TypeReference, moment: Moment): Promise<readonly ParsedTypeMetadata[]> {
    const { maxExtends } = this.#settings
    const line: ParsedTypeMetadata[] = []
    const met = new Set<string>()
    let next: TypeReference | undefined = type
    while (next !== undefined) {
      if (met.has(next.vct)) throw new VidimusError('type_metadata_cycle', { at: 'extends' })
      if (line.length > maxExtends)
        throw new VidimusError('limit_exceeded', { at: 'typeMetadataExtends', expected: maxExtends })
      met.add(next.vct)
      const document: ParsedTypeMetadata = await this.#documentOf(next, line.length === 0 ? 'vct' : 'extends', moment)
      line.push(document)
      next = document.extends
    }
    return line
  }

  /** One document, for which the member `referrer` stands. */
  async #documentOf(type: TypeReference, referrer: string, moment: Moment): Promise<ParsedTypeMetadata> {
    const { vct, integrity } = type
    const known = this.#kept.get(vct)
    if (known !== undefined && (await counts(known, integrity, moment.now))) {
      this.#keep(vct, known)
      return known.document
    }
    const { body: octets, headers } = await this.#fetch(vct, moment.signal)
    if (integrity !== undefined && !(await hasIntegrity(octets, integrity)))
      throw new VidimusError('type_metadata_integrity_mismatch', { at: `${referrer}#integrity` })
    const document = parseTypeMetadata(octets)
    if (document.vct !== vct) throw new VidimusError('type_metadata_invalid', { at: 'vct', expected: referrer }) // §5.3
    this.#keep(vct, { octets, document, fetchedAt: moment.now, maxAge: maxAgeOf(headers) })
    return document
  }

  #fetch(uri: string, signal: AbortSignal | undefined) {
    const { fetch, timeout, maxBytes } = this.#settings
    const withinLimit = (length: number) => {
      if (length > maxBytes)
        throw new VidimusError('limit_exceeded', { at: 'typeMetadataBytes', expected: maxBytes, actual: length })
    }
    return fetchDocument(uri, { fetch, accept: ['application/json'], withinLimit, timeout, signal, codes })
  }

  /** Keeps the documents used last. */
  #keep(vct: string, kept: Kept): void {
    this.#kept.delete(vct)
    this.#kept.set(vct, kept)
    if (this.#kept.size > this.#settings.cache) this.#kept.delete(this.#kept.keys().next().value as string)
  }
}

/** Whether a type has a document that could be fetched from it; whether it may be is another question. */
const isAddress = (vct: JsonValue | undefined): vct is string => typeof vct === 'string' && /^https:/i.test(vct)

function readIntegrity({ 'vct#integrity': integrity }: JsonObject): string | undefined {
  if (integrity === undefined || typeof integrity === 'string') return integrity
  throw new VidimusError('claim_malformed', { at: 'vct#integrity' })
}

/** Whether a document that was kept answers: its octets are the ones named, or the host said that they still hold (§5.3). */
function counts({ octets, fetchedAt, maxAge }: Kept, integrity: string | undefined, now: Date): Awaitable<boolean> {
  if (integrity !== undefined) return hasIntegrity(octets, integrity)
  const age = (now.getTime() - fetchedAt.getTime()) / 1000
  return age >= 0 && age < maxAge // a clock that was set back makes nothing fresher
}

/** Seconds that the host lets its answer be kept, at most a day (RFC 9111 §5.2.2.1). */
function maxAgeOf(headers: Headers): number {
  const directives = headers.get('cache-control') ?? ''
  if (/\bno-(?:store|cache)\b/i.test(directives)) return 0
  const seconds = /(?:^|[\s,])max-age="?(\d+)/i.exec(directives)?.[1]
  return Math.min(Number(seconds ?? 0), day)
}
