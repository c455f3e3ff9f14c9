/** What a request would accept, and what it already has (RFC 9110 §12.5, §13.1). */
import { fromSeconds, toSeconds } from '../core/clock.js'

/** Whether an `Accept` header leaves room for a media type; absent or empty, it does (RFC 9110 §12.5.1). */
export function acceptsMediaType(header: string | null, mediaType: string): boolean {
  if (header === null || header.trim() === '') return true
  const [type] = mediaType.split('/', 1)
  return isWelcome(header, [mediaType, `${type}/*`, '*/*'])
}

/** Whether an `Accept-Encoding` header asks for gzip (RFC 9110 §12.5.3). */
export const acceptsGzip = (header: string | null): boolean =>
  header !== null && isWelcome(header, ['gzip', 'x-gzip', '*'])

/** The most specific of the names that stands in the list decides; with a weight of 0 it is unwelcome. */
function isWelcome(header: string, names: readonly string[]): boolean {
  const weights = new Map(header.split(',').map(weighed))
  const weight = names.map(name => weights.get(name)).find(it => it !== undefined)
  return weight !== undefined && weight > 0
}

/** An element of a list with its weight, 1 unless it says otherwise. Other parameters count for nothing. */
function weighed(element: string): readonly [name: string, weight: number] {
  const [name = '', ...parameters] = element.split(';').map(part => part.trim().toLowerCase())
  const weight = parameters.find(parameter => parameter.startsWith('q='))?.slice(2) ?? '1'
  return [name, /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0]
}

/** An answer by what changes when it does. */
export interface Validators {
  /** A strong entity tag, with its quotes. */
  readonly etag: string
  readonly lastModified: Date | undefined
}

/**
 * Whether who asks has this answer already: by entity tags, compared weakly; by date only where there are none (RFC 9110 §13.2.2).
 */
export function isKnown(headers: Headers, { etag, lastModified }: Validators): boolean {
  const tags = headers.get('if-none-match')
  if (tags !== null) {
    const named: readonly string[] = tags.match(/"[^"]*"/g) ?? []
    return tags.trim() === '*' || named.includes(etag)
  }
  const since = readHttpDate(headers.get('if-modified-since'))
  return since !== undefined && lastModified !== undefined && toSeconds(lastModified) <= since
}

export const httpDate = (date: Date): string => fromSeconds(toSeconds(date)).toUTCString()

/** Seconds. Only the form that everyone has to write is read (RFC 9110 §5.6.7), and nothing that is like a date. */
function readHttpDate(text: string | null): number | undefined {
  const date = new Date(text ?? '')
  return text === date.toUTCString() && text !== 'Invalid Date' ? toSeconds(date) : undefined
}
