/** What a page believes: as the front door where its parts are given, and a refusal by name where one is not. */
import { beforeAll, describe, expect, it } from 'vitest'
import { openAuditLog } from '../../src/audit/log.js'
import {
  type BrowserTrustOptions,
  certificateProfiles,
  issuanceLogs,
  nameConstraints,
  revocationLists,
  rsaSignatures,
  trustAnchors,
  verifySdJwtPresentation,
} from '../../src/browser/index.js'
import { base64 } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { memoryStore } from '../../src/store/memory.js'
import { verifySdJwtPresentation as verifyAtTheFrontDoor } from '../../src/verification/sd-jwt.js'
import { type Anchor, type Trust, trustAnchors as trustEverything } from '../../src/verification/trust.js'
import type { Verdict } from '../../src/verification/verdict.js'
import { type Authority, documentSigner, makeAuthority, named, signerExtensions } from '../certificates.js'
import { nameConstraints as constraining, extendedKeyUsage, form, ofAuthority, type Parts } from '../core/x509-craft.js'
import { forge } from '../forge.js'
import { summary, withoutClauses } from '../refusal.js'
import { expectations, guildCard, issuer, makeWorld, now } from '../world.js'

const world = await makeWorld()
const everyPart: BrowserTrustOptions = {
  certificateProfiles,
  issuanceLogs,
  nameConstraints,
  revocationLists,
  rsaSignatures,
}
const documents = { ...guildCard, certificateProfile: 'iaca' } as const

async function tokenOf(authority: Authority, parts: Parts = {}): Promise<string> {
  const signer = await authority.signer({ extensions: signerExtensions(named.uri(issuer)), ...parts })
  const x5c = (signer.x5c ?? []).map(pem => base64(certificateDer(pem)))
  return forge(world, { signer, header: { x5c } })
}

const verified = async (text: string, trust: Trust, demands: object = {}): Promise<Verdict> => {
  const verdict = await verifySdJwtPresentation(text, { ...expectations(world), trust, ...demands })
  expect('evidence' in verdict).toBe(false)
  return verdict as Verdict
}

let authority: Authority
beforeAll(async () => {
  authority = await makeAuthority()
})

describe('an anchor', () => {
  it('that is a key or a plain authority needs no part', async () => {
    expect(summary(await verified(world.presentation, trustAnchors([world.anchor])))).toBe('accepted')
    expect(summary(await verified(await tokenOf(authority), trustAnchors([authority.anchor()])))).toBe('accepted')
  })

  it('that is a pinned certificate needs none either', async () => {
    const signer = await authority.signer({ extensions: signerExtensions(named.uri(issuer)) })
    const [certificate] = signer.x5c!
    const text = await forge(world, { signer, header: { x5c: [base64(certificateDer(certificate!))] } })
    const trust = trustAnchors([{ issuer, certificate: certificate!, purposes: ['credential'] }])
    expect(summary(await verified(text, trust))).toBe('accepted')
  })

  it('that needs a part which is not given is a mistake of its caller', async () => {
    const log = await openAuditLog({
      store: memoryStore(),
      origin: 'passport.example/log',
      signer: await generateSigner('EdDSA'),
      now,
    })
    const rows: readonly (readonly [Anchor, keyof BrowserTrustOptions, RegExp])[] = [
      [
        authority.anchor({ crls: [await authority.crl([])] }),
        'revocationLists',
        /`anchors\[0\]\.crls`.*`revocationLists`/,
      ],
      [authority.anchor({ crls: [] }), 'revocationLists', /`anchors\[0\]\.crls`.*`revocationLists`/],
      [
        authority.anchor({ certificateProfile: 'iaca' }),
        'certificateProfiles',
        /`anchors\[0\]\.certificateProfile`.*`certificateProfiles`/,
      ],
      [{ logKey: log.verifierKey, purposes: ['log'] }, 'issuanceLogs', /`anchors\[0\]\.logKey`.*`issuanceLogs`/],
    ]
    for (const [anchor, part, message] of rows) {
      expect(() => trustAnchors([anchor])).toThrow(TypeError)
      expect(() => trustAnchors([anchor])).toThrow(message)
      expect(() => trustAnchors([anchor], { [part]: everyPart[part] })).not.toThrow()
    }
  })

  it('with a part that is named and not given, or unknown, is a mistake of its caller, and none for one that is left open', async () => {
    for (const parts of [{ crls: [] }, { revocationList: revocationLists }, { revocationLists: null }])
      expect(() => trustAnchors([], parts as BrowserTrustOptions)).toThrow(
        new TypeError(`\`parts.${Object.keys(parts)[0]}\` must be left out`),
      )
    // As if it were left out.
    const trust = trustAnchors(
      [authority.anchor()],
      Object.fromEntries(Object.keys(everyPart).map(part => [part, undefined])),
    )
    expect(summary(await verified(await tokenOf(authority), trust))).toBe('accepted')
  })

  it('with an empty list of revocation lists clears nobody', async () => {
    const trust = trustAnchors([authority.anchor({ crls: [] })], { revocationLists })
    expect(summary(await verified(await tokenOf(authority), trust))).toBe(
      'certificate_revocation_unknown at certificate_revocation',
    )
  })

  it('whose certificates constrain names is refused until the part is there', async () => {
    const constrained = await makeAuthority({
      extensions: [...ofAuthority(0), constraining([form.uri('passport.example')])],
    })
    const text = await tokenOf(constrained)
    expect(summary(await verified(text, trustAnchors([constrained.anchor()])))).toBe(
      'certificate_extension_unsupported at issuer_trusted',
    )
    expect(summary(await verified(text, trustAnchors([constrained.anchor()], { nameConstraints })))).toBe('accepted')
  })

  it('speaks for no passport that asks for another profile until the part is there', async () => {
    const text = await tokenOf(authority)
    const demands = { expectedPassport: documents }
    expect(summary(await verified(text, trustAnchors([authority.anchor()]), demands))).toBe(
      'certificate_profile at issuer_trusted',
    )
    expect(summary(await verified(text, trustAnchors([authority.anchor()], { certificateProfiles }), demands))).toBe(
      'accepted',
    )
  })

  it('of a log is needed where the log is demanded', async () => {
    const demands = { requireLogged: true }
    expect(summary(await verified(world.presentation, trustAnchors([world.anchor]), demands))).toBe(
      'log_untrusted at logged',
    )
    expect(summary(await verified(world.presentation, trustAnchors([world.anchor], { issuanceLogs }), demands))).toBe(
      'log_proof_missing at logged',
    )
  })
})

describe('with every part', () => {
  it('a verdict is that of the front door without its evidence and clauses', async () => {
    const revoked = [await authority.crl([1])]
    const cleared = [await authority.crl([9])]
    const texts = [world.presentation, await tokenOf(authority), await tokenOf(authority, { serial: serialOne }), 'x~']
    const anchors: readonly (readonly Anchor[])[] = [
      [],
      [world.anchor],
      [authority.anchor()],
      [authority.anchor({ crls: revoked })],
      [authority.anchor({ crls: cleared, certificateProfile: { profile: 'iaca', relax: ['longValidity'] } })],
      [world.anchor, authority.anchor({ issuer })],
    ]
    for (const list of anchors)
      for (const text of texts)
        for (const expectedPassport of [guildCard, documents]) {
          const demands = { ...expectations(world), expectedPassport }
          const { evidence: _, ...whole } = await verifyAtTheFrontDoor(text, {
            ...demands,
            trust: trustEverything(list),
          })
          expect(await verified(text, trustAnchors(list, everyPart), { expectedPassport })).toEqual(
            withoutClauses(whole),
          )
        }
  })

  it('and without any, whoever is taken would be taken by the front door', async () => {
    const constrained = await makeAuthority({
      extensions: [...ofAuthority(0), constraining([form.uri('other.example')])],
    })
    for (const from of [authority, constrained])
      for (const extensions of [
        signerExtensions(named.uri(issuer)),
        signerExtensions(),
        [extendedKeyUsage(documentSigner)],
      ]) {
        const text = await tokenOf(from, { extensions })
        const demands = { ...expectations(world), trust: trustEverything([from.anchor()]) }
        const small = summary(await verified(text, trustAnchors([from.anchor()])))
        if (small === 'accepted') expect(summary(await verifyAtTheFrontDoor(text, demands))).toBe('accepted')
      }
  })
})

const serialOne = Uint8Array.of(2, 1, 1)
