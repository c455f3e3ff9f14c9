/** The credential formats that there are lists for, and what a list is published as for each of them. */
import type { StatusListContent } from '../formats/status-list/content.js'
import { createStatusListCwt } from '../formats/status-list/cwt.js'
import { createStatusListToken } from '../formats/status-list/jwt.js'
import { cwtMediaType, jwtMediaType } from '../formats/status-list/token.js'

/** Each list serves one media type, hence one kind of format. */
export type StatusListFormat = 'dc+sd-jwt' | 'mso_mdoc'

/** Bytes in a buffer of their own. Compilers before 5.7 know no `Uint8Array<ArrayBuffer>`, later ones ask for it. */
export type OwnBytes = ReturnType<Uint8Array['slice']>

/** A list signed for one address. */
export interface ListFile {
  readonly uri: string
  readonly mediaType: string
  /** Text of a JWT, bytes of a CWT: what a `Response` takes. */
  readonly body: string | OwnBytes
}

const writers: Readonly<Record<StatusListFormat, (content: StatusListContent) => Promise<readonly ListFile[]>>> = {
  'dc+sd-jwt': async content => [
    { uri: content.uri, mediaType: jwtMediaType, body: await createStatusListToken(content) },
  ],
  mso_mdoc: async content => [
    { uri: content.uri, mediaType: cwtMediaType, body: new Uint8Array(await createStatusListCwt(content)) },
  ],
}

export const listFormats = /* @__PURE__ */ Object.keys(writers) as readonly StatusListFormat[]

export const isListFormat = (format: string): format is StatusListFormat => Object.hasOwn(writers, format)

/** The files of a list for credentials of a format. */
export function writeList(format: string, content: StatusListContent): Promise<readonly ListFile[]> {
  if (!isListFormat(format)) throw new Error('the store holds a list for a format that is not known here')
  return writers[format](content)
}
