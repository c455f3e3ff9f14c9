/** The small world of the portable cases, out of the public entries alone: a clock that stands, no network. */
import {
  ageOn,
  definePassport,
  generateSigner,
  issueMdocCredential,
  issueQrCredential,
  issueSdJwtCredential,
  issueVcJwtCredential,
  memoryStore,
  openAuditLog,
  openid4vpTranscript,
  openStatusRegistry,
  presentMdoc,
  presentQr,
  presentSdJwt,
  presentVcJwt,
  statusNotChecked,
  trustAnchors,
} from 'vidimus'
import { developmentIssuer } from 'vidimus/testing'
import * as z from 'zod'

export const instant = new Date('2026-03-01T12:00:00Z')
export const now = () => instant
export const seconds = instant.getTime() / 1000
export const later = (by: number) => () => new Date(instant.getTime() + by * 1000)

/** The name of the office's log. */
export const origin = 'passport.example/log'

export const audience = 'https://bank.example'
export const nonce = 'nonce-of-this-request'

const namespace = 'example.guild.1'

/** A passport with a field of every sort, in every format. */
export const card = definePassport({
  name: 'guild-card',
  vct: 'https://guild.example/card/1',
  docType: 'example.guild.card.1',
  fields: {
    familyName: { schema: z.string().min(1), claim: 'family_name', element: [namespace, 'family_name'] },
    givenName: { schema: z.string().min(1), claim: 'given_name', element: [namespace, 'given_name'] },
    birthDate: { as: 'date', claim: 'birthdate', element: [namespace, 'birth_date'] },
    birthTown: {
      schema: z.string(),
      claim: ['place_of_birth', 'locality'],
      element: [namespace, 'birth_town'],
      optional: true,
    },
    languages: { schema: z.array(z.string()), claim: 'languages', element: [namespace, 'languages'], hide: 'each' },
    portrait: { as: 'image', claim: 'picture', element: [namespace, 'portrait'], optional: true },
    rank: { schema: z.number().int(), claim: 'rank', element: [namespace, 'rank'] },
  },
  derived: {
    ageOver18: {
      derive: (holder, on) => ageOn(holder.birthDate, on) >= 18,
      claim: ['age_equal_or_over', '18'],
      element: [namespace, 'age_over_18'],
    },
  },
})

export const record = {
  familyName: 'Образцова',
  givenName: 'Ana',
  birthDate: '2001-02-28',
  birthTown: 'Utopia',
  languages: ['eo', 'ia', 'vo'],
  portrait: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4),
  rank: 7,
}

export const fields = ['familyName', 'birthDate', 'ageOver18'] as const

/** What these fields say. */
export const shownClaims = { familyName: 'Образцова', birthDate: '2001-02-28', ageOver18: true }

export type SigningAlgorithm = 'ES256' | 'ES384' | 'ES512' | 'Ed25519'

/** An issuer, a holder and what a bank believes and demands of every format. */
export async function makeCast(alg: SigningAlgorithm = 'ES256') {
  const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://passport.example', alg, now })
  const holder = await generateSigner(alg)
  const session = await openid4vpTranscript({ clientId: audience, nonce, responseUri: 'https://bank.example/response' })
  const demands = {
    trust: trustAnchors([anchor]),
    expectedPassport: card,
    expectedAudience: audience,
    expectedNonce: nonce,
    expectedSessionTranscript: session,
    expectedQr: { maxAge: 300 },
    status: statusNotChecked('not a matter of this case'),
    now,
  }
  return { issuer, signer, anchor, holder, session, demands, to: { audience, nonce, signer: holder, now } }
}

export type Cast = Awaited<ReturnType<typeof makeCast>>

/** What the issuer is told with every credential. */
export const issuing = ({ issuer, signer, holder }: Cast) => ({ issuer, signer, holderKey: holder.publicJwk, now })

export type Format = 'dc+sd-jwt' | 'mso_mdoc' | 'vc+sd-jwt' | 'vc+jwt' | 'qr'
export const formats: readonly Format[] = ['dc+sd-jwt', 'mso_mdoc', 'vc+sd-jwt', 'vc+jwt', 'qr']

/** All that the record has: codes leave images out unless they are named. */
const everything = [...Object.keys(record), 'ageOver18'] as (keyof typeof record)[]

/** The record as a credential of a format; `more` is status, validity or log. */
export function issue(cast: Cast, format: Format, more: object = {}): Promise<string | Uint8Array> {
  const options = { ...issuing(cast), ...more }
  if (format === 'dc+sd-jwt') return issueSdJwtCredential(card, record, options)
  if (format === 'mso_mdoc') return issueMdocCredential(card, record, options)
  if (format === 'qr') return issueQrCredential(card, record, { fields: everything, ...options })
  return issueVcJwtCredential(card, record, { ...options, format })
}

/** What the holder shows of it: the fields above, or all that a `vc+jwt` holds. */
export function present({ session, holder, to }: Cast, format: Format, credential: string | Uint8Array) {
  const choice = { passport: card, disclose: fields }
  if (format === 'mso_mdoc')
    return presentMdoc(credential as Uint8Array, { ...choice, sessionTranscript: session, signer: holder })
  if (format === 'dc+sd-jwt') return presentSdJwt(credential as string, { ...choice, ...to })
  if (format === 'qr') return presentQr(credential as string, { ...choice, ...to })
  return presentVcJwt(credential as string, format === 'vc+jwt' ? to : { ...choice, ...to })
}

/** The same world for all cases of a file, made when the first of them asks. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

export const cast = once(makeCast)

/** An office: a registry and a log over one store, and a place where lists are published. */
export async function makeOffice({ signer }: Pick<Cast, 'signer'>) {
  const store = memoryStore()
  const log = await openAuditLog({
    store,
    origin,
    signer: await generateSigner('Ed25519'),
    now,
  })
  const registry = await openStatusRegistry({
    store,
    signer,
    baseUri: 'https://status.example',
    issuer: 'https://passport.example',
    size: 2 ** 16,
    audit: log,
    now,
  })
  const files = new Map<string, () => Response>()
  const publish = async () => {
    for (const { uri, body, mediaType } of await registry.publish())
      files.set(uri, () => new Response(body, { headers: { 'content-type': mediaType } }))
    return [...files.keys()]
  }
  const fetch = async (uri: string) => files.get(uri)?.() ?? new Response(null, { status: 404 })
  return { store, log, registry, files, publish, fetch }
}
