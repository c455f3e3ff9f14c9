/** Issuance and status are trusted apart: who may sign the one may not therefore sign the other, and nobody is asked in vain. */
import { describe, expect, it } from 'vitest'
import { algorithmNamed } from '../../src/core/algorithms.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { statusChecker } from '../../src/status/checker.js'
import { developmentIssuer } from '../../src/testing/index.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { statusSigners } from '../../src/verification/signers.js'
import { type Purpose, trustAnchors } from '../../src/verification/trust.js'
import { type Changes, forge } from '../forge.js'
import { craftToken, lstOf } from '../formats/status-list/craft.js'
import { expectations, instant, issuer, makeWorld } from '../world.js'
import { makeHost } from './host.js'

const world = await makeWorld()
const lister = await generateSigner('ES256')
const uri = 'https://lists.example/1'
const referring: Changes = { payload: { status: { status_list: { idx: 0, uri } } } }
const iat = instant.getTime() / 1000

const listBy = async (signer: Signer, header: object = {}) =>
  craftToken(signer, { sub: uri, iat, exp: iat + 3600 }, { ...header }, { lst: await lstOf(Uint8Array.of(0)) })

const anchor = (signer: Signer, ...purposes: readonly Purpose[]) => ({
  issuer,
  jwk: { ...signer.publicJwk, kid: signer.kid },
  purposes,
})

/** The verdict's code, and how often the list was asked for. */
async function judged(anchors: Parameters<typeof trustAnchors>[0], token: string, changes: Changes = referring) {
  const host = makeHost(token)
  const options = { ...expectations(world), trust: trustAnchors(anchors), status: statusChecker({ fetch: host.fetch }) }
  const verdict = await verifySdJwtPresentation(await forge(world, changes), options)
  return [verdict.ok ? 'ok' : verdict.code, host.asked.length]
}

describe('the signer of a status list', () => {
  const apart = [anchor(world.signer, 'credential'), anchor(lister, 'status')]

  it('is one who is trusted with it, whether or not with credentials', async () => {
    expect(await judged(apart, await listBy(lister))).toEqual(['ok', 1])
    expect(await judged([anchor(world.signer, 'credential', 'status')], await listBy(world.signer))).toEqual(['ok', 1])
  })

  it('is any who speaks for the issuer, also one who might have signed the credential', async () => {
    const both = [world.signer, lister].map(signer => anchor(signer, 'credential', 'status'))
    for (const signer of [world.signer, lister]) expect(await judged(both, await listBy(signer))).toEqual(['ok', 1])
  })

  it('is one of no country for the credentials of every country, where neither names an issuer', async () => {
    const { anchor: root } = await developmentIssuer()
    const trust = trustAnchors([
      { certificate: root.certificate!, purposes: ['credential'] },
      { jwk: lister.publicJwk, purposes: ['status'] },
    ])
    const [authority] = trust.anchors
    expect(authority?.authority?.country).toBe('UT')
    const question = { signer: { anchor: authority!, issuer: undefined }, type: 'any', now: new Date() }
    const found = await statusSigners(trust, question)({ algorithms: [algorithmNamed('ES256')!] })
    expect(found.map(({ jwk }) => jwk.x)).toEqual([lister.publicJwk.x])
  })

  it('is not the one who is trusted with the credential alone', async () => {
    for (const anchors of [apart, [anchor(world.signer, 'credential')]])
      expect(await judged(anchors, await listBy(world.signer))).toEqual(['status_signer_untrusted', 1])
  })

  it('is not that one under the name of another, or under none', async () => {
    for (const kid of [lister.kid, undefined])
      expect(await judged(apart, await listBy(world.signer, { kid }))).toEqual(['status_signature_invalid', 1])
  })

  it('is not one who is trusted for another issuer', async () => {
    const elsewhere = { ...anchor(lister, 'status'), issuer: 'https://other.example' }
    expect(await judged([anchor(world.signer, 'credential'), elsewhere], await listBy(lister))).toEqual([
      'status_signer_untrusted',
      1,
    ])
  })

  it('is not one whose time has passed', async () => {
    const until = new Date(instant.getTime() - 1000)
    const past = { ...anchor(lister, 'status'), until }
    expect(await judged([anchor(world.signer, 'credential'), past], await listBy(lister))).toEqual([
      'status_signer_untrusted',
      1,
    ])
  })
})

describe('the signer of a credential', () => {
  it('is not the one who is trusted with status lists alone, and the list is not asked for', async () => {
    const anchors = [anchor(world.signer, 'status')]
    expect(await judged(anchors, await listBy(world.signer))).toEqual(['issuer_untrusted', 0])
    expect(await judged([...anchors, anchor(lister, 'credential')], await listBy(world.signer))).toEqual([
      'signature_invalid',
      0,
    ])
  })
})

describe('a credential that fails otherwise', () => {
  it.each<[string, Changes]>([
    ['by its signature', { header: { alg: 'none' } }],
    ['by its time', { payload: { ...referring.payload, exp: 0 } }],
    ['by its key binding', { binding: { nonce: 'other' } }],
    ['by its claims', { hidden: { family_name: 7 } }],
  ])('makes nobody ask for its list: %s', async (_, changes) => {
    const anchors = [anchor(world.signer, 'credential', 'status')]
    const [code, asked] = await judged(anchors, await listBy(world.signer), { ...referring, ...changes })
    expect(code).not.toBe('ok')
    expect(asked).toBe(0)
  })
})
