/**
 * Status lists as they are asked for over HTTP: the lists, their past and their index (Token Status List §8.1, §8.4, §9).
 */
import { expectNoMore, expectObject, misuse } from '../core/arguments.js'
import { type Clock, fromSeconds, readClock, systemClock, toSeconds } from '../core/clock.js'
import { VidimusError } from '../errors.js'
import { endOfTime } from '../formats/status-list/token.js'
import type { PublishedStatusList } from '../status/publisher.js'
import {
  type Base,
  busy,
  costly,
  documentHandler,
  expectCounts,
  expectFunctions,
  type Found,
  failure,
  heeded,
  malformed,
  pathBelow,
  plainUrl,
  type Refusal,
  type RequestHandler,
  readBase,
  unknown,
} from './answer.js'
import type { Costly } from './costly.js'

/** A file as a static host would serve it: what a registry publishes, or the like. */
export interface PublishedFile extends Omit<PublishedStatusList, 'body'> {
  readonly body: string | Uint8Array
}

interface SourceOptions {
  readonly signal?: AbortSignal | undefined
}

/** Whoever has the lists: a status registry, or a folder of files. */
export interface StatusListSource {
  /** The list as it was last published; `undefined` when there is none at this address. */
  file(uri: string, options?: SourceOptions): Promise<PublishedFile | undefined>
  /**
   * The list as it was at `time`; `undefined` when there was none. Throws `status_history_unsupported` where the past is
   * not kept.
   */
  fileAt(uri: string, time: Date, options?: SourceOptions): Promise<PublishedFile | undefined>
  /** The index of all lists (§9.3), asked for only where it has an address. */
  aggregation(options?: SourceOptions): Promise<PublishedFile>
}

/** Where lists are asked for, and how much work an answer may be. */
export interface StatusListHandlerOptions {
  /** Where the lists stand for the world, the `baseUri` of the registry. The host of a request is not looked at. */
  readonly baseUri: string
  /** Where the index stands, as the registry was told; without it there is none. */
  readonly aggregationUri?: string | undefined
  /**
   * How many answers that cost work, which are past lists and compressed ones, are made at once (2 by default); eight times as
   * many may wait, the rest is told to come back or gets its list uncompressed.
   */
  readonly atOnce?: number | undefined
  /** How many of each are kept in memory: 32 by default. */
  readonly kept?: number | undefined
  /** Told what the source threw. The answer says nothing of it. */
  readonly onError?: ((error: unknown) => void) | undefined
  readonly now?: Clock | undefined
}

/**
 * Answers GET and HEAD for status lists, for `?time=` (whole seconds since the epoch, §8.4) and for the index of lists.
 *
 * A list is found by the path of the request, compared as it stands, in the place of that of `baseUri`. Each has the one media
 * type of its address, a strong entity tag and a date; JWTs and the index are compressed with gzip for those who ask. Any page may
 * read the answers. Never throws for a request: 304, 400 (any query but one `time`), 404, 405, 406, 500, 501 (no past is kept), 503
 * with `retry-after`. A refusal is `{ "error": … }`, one word that tells nothing of the inside.
 *
 * Throws `TypeError` or `RangeError` for options that do not fit.
 * @example const handler = statusListHandler(registry, { baseUri: 'https://status.example' })
 */
export function statusListHandler(source: StatusListSource, options: StatusListHandlerOptions): RequestHandler {
  const settings = readSettings(source, options)
  const lists = new Lists(settings)
  return documentHandler(request => lists.find(request), { ...settings, refusalFor })
}

interface Settings extends Base {
  readonly source: StatusListSource
  readonly aggregationPath: string | undefined
  readonly atOnce: number
  readonly kept: number
  readonly onError: (error: unknown) => void
  readonly now: Clock
}

function readSettings(source: StatusListSource, options: StatusListHandlerOptions): Settings {
  if (['file', 'fileAt', 'aggregation'].some(name => typeof source?.[name as keyof StatusListSource] !== 'function'))
    throw misuse('source', 'a source of status lists')
  expectObject(options, 'options')
  const {
    baseUri: given,
    aggregationUri,
    atOnce = 2,
    kept = 32,
    onError = () => {},
    now = systemClock,
    ...rest
  } = options
  expectNoMore(rest, 'options')
  const base = readBase(given)
  expectCounts({ atOnce, kept })
  expectFunctions({ onError, now })
  return {
    source,
    ...base,
    aggregationPath:
      aggregationUri === undefined ? undefined : new URL(plainUrl(aggregationUri, 'aggregationUri')).pathname,
    atOnce,
    kept,
    onError: heeded(onError),
    now,
  }
}

const noHistory: Refusal = { status: 501, error: 'status_history_unsupported' }
const noSuchTime: Refusal = { status: 404, error: 'status_history_unknown' }

class Lists {
  private readonly settings: Settings
  private readonly past: Costly<PublishedFile | undefined>

  constructor(settings: Settings) {
    this.settings = settings
    this.past = costly(settings)
  }

  async find(request: Request): Promise<Found | Refusal> {
    const found = await this.findFile(request)
    return 'error' in found ? found : this.describe(found)
  }

  private async findFile({ url, signal }: Request): Promise<PublishedFile | Refusal> {
    const { source, baseUri, aggregationPath } = this.settings
    const { pathname, search } = new URL(url)
    const time = readTime(search)
    if (pathname === aggregationPath) return search === '' ? await source.aggregation({ signal }) : malformed
    const path = pathBelow(this.settings, pathname)
    if (path === undefined) return unknown
    if (time === 'malformed') return malformed
    // An address is the text that stands in the credentials.
    const uri = `${baseUri}/${path}`
    return time === undefined ? ((await source.file(uri, { signal })) ?? unknown) : this.findPast(uri, time)
  }

  /** Those who ask at once share an answer, so no request's own signal ends it. */
  private async findPast(uri: string, time: number): Promise<PublishedFile | Refusal> {
    const { source, now } = this.settings
    const present = toSeconds(readClock(now))
    if (time > present) return noSuchTime
    // Within this second there may be another: nobody keeps such an answer, nor shares it once the second is over.
    const isOver = time < present
    const made = this.past.get(
      `${time} ${isOver} ${uri}`,
      () => source.fileAt(uri, fromSeconds(time)),
      file => file !== undefined && isOver,
    )
    if (made === undefined) return busy
    const file = (await made) ?? noSuchTime
    return isOver || 'error' in file ? file : { ...file, cacheControl: 'no-store' }
  }

  private describe({ mediaType, body, cacheControl, version, issued }: PublishedFile): Found {
    // A date tells two publications of one second apart only once that second is over (RFC 9110 §8.8.2.2).
    const lastModified = toSeconds(issued) < toSeconds(readClock(this.settings.now)) ? issued : undefined
    // Base64url wastes a quarter. The list in a CWT is compressed already.
    return { mediaType, body, cacheControl, version, lastModified, compressible: typeof body === 'string' }
  }
}

/** One `time`, written as an integer is; nothing else is asked of a list. */
function readTime(search: string): number | 'malformed' | undefined {
  if (search === '') return undefined
  const [, digits] = /^\?time=(0|[1-9]\d{0,11})$/.exec(search) ?? []
  const time = Number(digits)
  return digits !== undefined && time <= endOfTime ? time : 'malformed'
}

function refusalFor(error: unknown): Refusal {
  const code = error instanceof VidimusError ? error.code : undefined
  if (code === 'status_history_unsupported') return noHistory
  return code === 'status_history_unknown' ? noSuchTime : failure(error)
}
