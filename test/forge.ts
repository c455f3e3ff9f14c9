/**
 * Tokens made by hand, so that each can be wrong in one place: any header, payload, disclosure, separator, key binding
 * and key. Without changes it makes an honest presentation of the guild card.
 */
import { digestText } from '#crypto'
import { base64url, utf8 } from '../src/core/bytes.js'
import type { Signer } from '../src/core/keys.js'
import { audience, issuer, nonce, seconds, type World } from './world.js'

/** Members laid over the honest ones; `undefined` takes one away. */
export type Members = Readonly<Record<string, unknown>>

export interface Changes {
  readonly header?: Members
  readonly payload?: Members
  /** The whole JSON text instead: for repeated members, white space, other encodings. */
  readonly headerText?: string
  readonly payloadText?: string
  /** Who signs in the issuer's place. */
  readonly signer?: Signer
  /** Further hidden members, committed to and disclosed. */
  readonly hidden?: Members
  /** JSON texts of disclosures, committed to in `_sd` and disclosed. */
  readonly hiddenTexts?: readonly string[]
  /** The same, as text that need not be base64url. */
  readonly hiddenRaw?: readonly string[]
  /** What is presented instead of the disclosures committed to. */
  readonly disclosures?: (honest: readonly string[]) => readonly string[]
  /** The issuer's part as text, changed after it was signed. */
  readonly jwt?: (jwt: string) => string
  /** Payload of the key binding; `false` presents none. */
  readonly binding?: Members | false
  readonly bindingHeader?: Members
  readonly bindingHeaderText?: string
  readonly bindingText?: string
  /** Who signs in the holder's place. */
  readonly holder?: Signer
  /** What the holder hashes instead of what is presented. */
  readonly hashed?: (presented: string) => string
  readonly keyBinding?: (jwt: string) => string
  /** The whole text, changed at last. */
  readonly whole?: (text: string) => string
}

/** What only a verdict that accepts may say. */
const secret = 'Specimen'

export const day = 24 * 3600

/** A presentation with these changes, everything else being honest and rightly signed. */
export async function forge(world: Pick<World, 'signer' | 'holder'>, changes: Changes = {}): Promise<string> {
  const { signer = world.signer, holder = world.holder } = changes
  const hidden = { family_name: secret, given_name: 'Anastasia', ...changes.hidden }
  const texts = Object.entries(hidden).map(([name, value]) => JSON.stringify([`salt of ${name}`, name, value]))
  const honest = [...[...texts, ...(changes.hiddenTexts ?? [])].map(encode), ...(changes.hiddenRaw ?? [])]
  const payload = {
    iss: issuer,
    iat: seconds - day,
    exp: seconds + day,
    vct: 'https://guild.example/card/1',
    cnf: { jwk: world.holder.publicJwk },
    rank: 7,
    _sd: await Promise.all(honest.map(digest)),
    ...changes.payload,
  }
  const header = { alg: signer.alg, typ: 'dc+sd-jwt', ...changes.header }
  const token = await sign(changes.headerText ?? toText(header), changes.payloadText ?? toText(payload), signer)
  const jwt = (changes.jwt ?? unchanged)(token)
  const disclosures = (changes.disclosures ?? unchanged)(honest)
  const presented = [jwt, ...disclosures, ''].join('~')
  const text = presented + (await forgeBinding(presented, holder, changes))
  return (changes.whole ?? unchanged)(text)
}

async function forgeBinding(presented: string, holder: Signer, changes: Changes): Promise<string> {
  if (changes.binding === false) return ''
  const hash = await digest((changes.hashed ?? unchanged)(presented))
  const payload = { iat: seconds, aud: audience, nonce, sd_hash: hash, ...changes.binding }
  const header = { alg: holder.alg, typ: 'kb+jwt', ...changes.bindingHeader }
  const jwt = await sign(changes.bindingHeaderText ?? toText(header), changes.bindingText ?? toText(payload), holder)
  return (changes.keyBinding ?? unchanged)(jwt)
}

/** A compact JWS over texts that need not be JSON. */
export async function sign(header: string, payload: string, signer: Signer): Promise<string> {
  const signingInput = `${encode(header)}.${encode(payload)}`
  return `${signingInput}.${base64url(await signer.sign(utf8(signingInput)))}`
}

export const encode = (text: string): string => base64url(utf8(text))

export const digest = async (text: string): Promise<string> => digestText('sha-256', text)

/** The same bits written another way: the left-over bits of the last character are set. */
export function uncanonical(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  if (text.length % 4 === 0) return `${text}=`
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) + 1]!
}

/** One part of a compact JWS, changed. */
export const part =
  (index: 0 | 1 | 2, change: (text: string) => string) =>
  (jwt: string): string =>
    jwt
      .split('.')
      .map((text, at) => (at === index ? change(text) : text))
      .join('.')

const toText = (members: Members): string => JSON.stringify(members)
const unchanged = <T>(value: T): T => value
