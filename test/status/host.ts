/** A host of status lists made by hand, the questions put to a checker, and the clock between them. No network. */
import { algorithmNames } from '../../src/core/algorithms.js'
import { base64url } from '../../src/core/bytes.js'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { defaultLimits } from '../../src/core/limits.js'
import { statusListCwt } from '../../src/formats/status-list/cwt.js'
import { statusListJwt } from '../../src/formats/status-list/jwt.js'
import type { StatusTokenForm } from '../../src/formats/status-list/token.js'
import type { PublishedStatusList } from '../../src/status/publisher.js'
import type { StatusFetch } from '../../src/status/response.js'
import type { StatusQuestion } from '../../src/verification/status.js'
import { instant, uri } from '../formats/status-list/craft.js'

export const mediaType = 'application/statuslist+jwt'
export const cwtMediaType = 'application/statuslist+cwt'

/** A published list as a verifier keeps it, and the form it is in. */
export const tokenOf = ({ body }: Pick<PublishedStatusList, 'body'>): string =>
  typeof body === 'string' ? body : base64url(body)
export const formOf = ({ mediaType }: Pick<PublishedStatusList, 'mediaType'>): StatusTokenForm =>
  mediaType === cwtMediaType ? statusListCwt : statusListJwt

export interface Host {
  readonly fetch: StatusFetch
  /** The addresses asked, in order. */
  readonly asked: string[]
  /** What was asked with the last request. */
  readonly lastInit: () => RequestInit | undefined
  /** From now on this is the answer, to every address. */
  serve(answer: string | ((url: string, init: RequestInit) => Response | Promise<Response>)): void
}

export const listResponse = (body: BodyInit | null, headers: Record<string, string> = {}, status = 200): Response =>
  new Response(body, { status, headers: { 'content-type': mediaType, ...headers } })

export function makeHost(first?: Parameters<Host['serve']>[0]): Host {
  const asked: string[] = []
  let init: RequestInit | undefined
  let answer: Parameters<Host['serve']>[0] = first ?? (() => new Response('not found', { status: 404 }))
  return {
    asked,
    lastInit: () => init,
    serve(next) {
      answer = next
    },
    async fetch(url, given) {
      asked.push(url)
      init = given
      return typeof answer === 'string' ? listResponse(answer) : answer(url, given)
    },
  }
}

/** The verdict's clock, `seconds` after the instant of these tests. */
export const later = (seconds: number): Date => new Date(instant.getTime() + seconds * 1000)

export const asking = (
  key: PublicKey | readonly PublicKey[],
  changes: Partial<StatusQuestion> = {},
): StatusQuestion => ({
  reference: { uri, index: 3 },
  form: statusListJwt,
  now: instant,
  clockTolerance: 60,
  algorithms: algorithmNames,
  limits: defaultLimits,
  signers: () => (Array.isArray(key) ? key : [key as PublicKey]),
  ...changes,
})

/** A body that comes in the chunks given, one for each time it is asked. */
export function bodyOf(chunks: Iterable<unknown>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]()
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next()
      if (done) controller.close()
      else controller.enqueue(value as Uint8Array)
    },
  })
}

/** The error that a promise rejects with; `undefined` if it does not. */
export const refusalOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    error => error,
  )
