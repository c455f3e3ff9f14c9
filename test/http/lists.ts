/** A source of status lists that is a map in memory, for tests of what is made of it. */
import { VidimusError } from '../../src/errors.js'
import {
  type PublishedFile,
  type StatusListHandlerOptions,
  type StatusListSource,
  statusListHandler,
} from '../../src/http/status-lists.js'
import { later } from '../status/host.js'

export const baseUri = 'https://status.example/lists'
export const jwt = 'application/statuslist+jwt'
export const cwt = 'application/statuslist+cwt'

/** Issued a minute before the clock of these tests. */
export const published = (path: string, changes: Partial<PublishedFile> = {}): PublishedFile => ({
  uri: `${baseUri}/${path}`,
  path,
  mediaType: jwt,
  body: `eyJ0.${'list'.repeat(500)}.sig`,
  cacheControl: 'public, max-age=300',
  version: 7,
  issued: later(-60),
  ...changes,
})

export class MapSource implements StatusListSource {
  readonly asked: string[] = []
  readonly files = new Map<string, PublishedFile>()
  /** Lists of the past, by address and the second they were of; `undefined`: no past is kept. */
  past: Map<string, PublishedFile> | undefined

  add(...files: readonly PublishedFile[]): this {
    for (const file of files) this.files.set(file.uri, file)
    return this
  }

  async file(uri: string): Promise<PublishedFile | undefined> {
    this.asked.push(uri)
    return this.files.get(uri)
  }

  async fileAt(uri: string, time: Date): Promise<PublishedFile | undefined> {
    const seconds = time.getTime() / 1000
    this.asked.push(`${uri} at ${seconds}`)
    if (this.past === undefined) throw new VidimusError('status_history_unsupported')
    return this.past.get(`${uri} at ${seconds}`)
  }

  async aggregation(): Promise<PublishedFile> {
    this.asked.push('aggregation')
    const body = JSON.stringify({ status_lists: [...this.files.keys()] })
    return published('aggregation', { mediaType: 'application/json', body })
  }
}

export const handlerOf = (source: StatusListSource, options: Partial<StatusListHandlerOptions> = {}) =>
  statusListHandler(source, { baseUri, aggregationUri: `${baseUri}/aggregation`, now: () => later(0), ...options })

/** A request as a server receives it: with headers that a page may not set. */
export function requestTo(path: string, headers: Record<string, string> = {}, method = 'GET'): Request {
  const request = new Request(`http://10.0.0.7:8080${path}`, { method })
  return Object.defineProperty(request, 'headers', { value: new Headers(headers) })
}
