/** The credential formats that there are lists for, and what a list is published as for each of them. */

import { misuse } from '../core/arguments.js'
import type { OwnBytes } from '../core/bytes.js'
import { defaultLimits } from '../core/limits.js'
import { inflateBits } from '../formats/status-list/bits.js'
import type { BitstringPurpose } from '../formats/status-list/bitstring.js'
import { createBitstringStatusList } from '../formats/status-list/bitstring-writer.js'
import type { StatusListClaims } from '../formats/status-list/content.js'
import { createStatusListCwt } from '../formats/status-list/cwt.js'
import { createStatusListToken } from '../formats/status-list/jwt.js'
import type { BitstringAddresses } from '../formats/status-list/reference.js'
import { cwtMediaType, jwtMediaType, vcMediaType } from '../formats/status-list/token.js'

/**
 * The format of a credential that is to have a status. A list serves one media type, hence one kind of format: `vc+jwt` is for
 * W3C credentials with a `credentialStatus` (Bitstring Status List), `dc+sd-jwt` for those with a `status` claim as well.
 */
export type StatusListFormat = 'dc+sd-jwt' | 'mso_mdoc' | 'qr' | 'vc+jwt'

/** A list signed for one address. */
export interface ListFile {
  readonly uri: string
  readonly mediaType: string
  /** Text of a JWT, bytes of a CWT: what a `Response` takes. */
  readonly body: string | OwnBytes
}

/** A list to be signed; its entries are compressed as a token has them (ZLIB). */
export type ListContent = StatusListClaims & { readonly compressed: Uint8Array }

const writeCwt = async (content: ListContent): Promise<readonly ListFile[]> => [
  { uri: content.uri, mediaType: cwtMediaType, body: new Uint8Array(await createStatusListCwt(content)) },
]

const writers: Readonly<Record<StatusListFormat, (content: ListContent) => Promise<readonly ListFile[]>>> = {
  'dc+sd-jwt': async content => [
    { uri: content.uri, mediaType: jwtMediaType, body: await createStatusListToken(content) },
  ],
  mso_mdoc: writeCwt,
  qr: writeCwt,
  'vc+jwt': async ({ compressed, issuer, ...claims }) => {
    if (issuer === undefined) throw misuse('issuer', 'a URL, for lists that are W3C credentials')
    const packed = await inflateBits(compressed, defaultLimits)
    const addresses = Object.entries(bitstringAddresses(claims)) as [BitstringPurpose, string][]
    return Promise.all(
      addresses.map(async ([purpose, uri]) => {
        const body = await createBitstringStatusList({ ...claims, uri, issuer, packed, purpose })
        return { uri, mediaType: vcMediaType, body }
      }),
    )
  },
}

export const listFormats = /* @__PURE__ */ Object.keys(writers) as readonly StatusListFormat[]

export const isListFormat = (format: string): format is StatusListFormat => Object.hasOwn(writers, format)

/** The files of a list for credentials of a format. */
export function writeList(format: string, content: ListContent): Promise<readonly ListFile[]> {
  if (!isListFormat(format)) throw new Error('the store holds a list for a format that is not known here')
  return writers[format](content)
}

/** Where the bitstring lists of one list stand; an index is the same in both. A list of one bit has no suspended ones. */
export const bitstringAddresses = ({ uri, bits }: Pick<StatusListClaims, 'uri' | 'bits'>): BitstringAddresses => ({
  revocation: `${uri}/revocation`,
  ...(bits === 1 ? {} : { suspension: `${uri}/suspension` }),
})

/** The list that a file is made of. */
export const listOfFile = (uri: string): string => uri.replace(/\/(?:revocation|suspension)$/, '')
