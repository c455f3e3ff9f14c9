/**
 * W3C credentials and presentations made by hand, so that each can be wrong in one place. Without changes it makes an honest
 * presentation of the guild card, as `vc+jwt` in a `vp+jwt` or as `vc+sd-jwt` with a key binding.
 */
import type { Signer } from '../src/core/keys.js'
import { digest, encode, type Members, sign } from './forge.js'
import { audience, issuer, nonce, seconds, type World } from './world.js'

export const base = 'https://www.w3.org/ns/credentials/v2'
const day = 24 * 3600

export interface VcChanges {
  readonly form?: 'vc+jwt' | 'vc+sd-jwt'
  /** Members laid over the honest ones; `undefined` takes one away. */
  readonly header?: Members
  readonly headerText?: string
  readonly payload?: Members
  readonly payloadText?: string
  readonly subject?: Members
  /** Who signs in the issuer's place. */
  readonly signer?: Signer
  /** Members at the top that are hidden and disclosed; of a `vc+sd-jwt`. */
  readonly hidden?: Members
  /** The credential as text, changed after it was signed. */
  readonly jwt?: (jwt: string) => string
  /** What the holder signs; `false`: nothing. */
  readonly proof?: Members | false
  readonly proofHeader?: Members
  readonly proofText?: string
  readonly holder?: Signer
  /** Puts a `vc+sd-jwt` in an envelope too. */
  readonly enveloped?: boolean
  readonly envelope?: Members
  /** The text in the envelope. */
  readonly content?: (credential: string) => string
  readonly whole?: (text: string) => string
}

/** A presentation with these changes, everything else being honest and rightly signed. */
export async function forgeVc(world: Pick<World, 'signer' | 'holder'>, changes: VcChanges = {}): Promise<string> {
  const { form = 'vc+jwt', enveloped = form === 'vc+jwt', whole = (text: string) => text } = changes
  const credential = await forgeCredential(world, changes, form)
  if (changes.proof === false) return whole(credential)
  return whole(enveloped ? await envelop(world, changes, form, credential) : await bind(world, changes, credential))
}

async function forgeCredential({ signer, holder }: Pick<World, 'signer' | 'holder'>, changes: VcChanges, form: string) {
  const open = { family_name: 'Specimen', given_name: 'Anastasia' }
  const hides = form === 'vc+sd-jwt'
  const ownSubject = changes.payload !== undefined && 'credentialSubject' in changes.payload
  const disclosures = hides && !ownSubject ? Object.entries(open).map(disclosure) : []
  const hiddenAbove = Object.entries(changes.hidden ?? {}).map(disclosure)
  const payload = {
    '@context': [base, 'https://www.w3.org/ns/credentials/undefined-terms/v2'],
    type: ['VerifiableCredential', 'https://guild.example/card/1'],
    issuer,
    validFrom: '2026-02-01T00:00:00Z',
    validUntil: '2026-04-01T00:00:00Z',
    iat: seconds - day,
    cnf: { jwk: holder.publicJwk },
    credentialSubject: { rank: 7, ...(hides ? { _sd: await digests(disclosures) } : open), ...changes.subject },
    ...(hiddenAbove.length === 0 ? {} : { _sd: await digests(hiddenAbove) }),
    ...changes.payload,
  }
  const header = { alg: (changes.signer ?? signer).alg, typ: form, cty: 'vc', ...changes.header }
  const token = await sign(
    changes.headerText ?? JSON.stringify(header),
    changes.payloadText ?? JSON.stringify(payload),
    changes.signer ?? signer,
  )
  const jwt = (changes.jwt ?? (text => text))(token)
  return hides ? [jwt, ...disclosures, ...hiddenAbove, ''].join('~') : jwt
}

async function envelop(
  world: Pick<World, 'holder'>,
  changes: VcChanges,
  form: string,
  credential: string,
): Promise<string> {
  const text = (changes.content ?? (text => text))(credential)
  const envelope = { '@context': base, type: 'EnvelopedVerifiableCredential', id: `data:application/${form},${text}` }
  const payload = {
    '@context': [base],
    type: ['VerifiablePresentation'],
    verifiableCredential: [{ ...envelope, ...changes.envelope }],
    iat: seconds,
    aud: audience,
    nonce,
    ...(changes.proof === false ? {} : changes.proof),
  }
  return signProof(world, changes, { typ: 'vp+jwt', cty: 'vp' }, payload)
}

async function bind(world: Pick<World, 'holder'>, changes: VcChanges, presented: string): Promise<string> {
  const payload = { iat: seconds, aud: audience, nonce, sd_hash: await digest(presented), ...(changes.proof || {}) }
  return presented + (await signProof(world, changes, { typ: 'kb+jwt' }, payload))
}

function signProof(world: Pick<World, 'holder'>, changes: VcChanges, header: object, payload: object): Promise<string> {
  const signer = changes.holder ?? world.holder
  const text = changes.proofText ?? JSON.stringify(payload)
  return sign(JSON.stringify({ alg: signer.alg, ...header, ...changes.proofHeader }), text, signer)
}

const disclosure = ([name, value]: [string, unknown]) => encode(JSON.stringify([`salt of ${name}`, name, value]))
const digests = (disclosures: readonly string[]) => Promise.all(disclosures.map(digest))
