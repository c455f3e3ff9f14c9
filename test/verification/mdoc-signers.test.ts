/** Who may sign an mdoc: document signers under a root, a pinned one, and nobody else. */
import { describe, expect, it } from 'vitest'
import { base64, concatBytes } from '../../src/core/bytes.js'
import type { CborValue } from '../../src/core/cbor/value.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { integer, sequence, utf8String } from '../../src/testing/der.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { trustAnchors } from '../../src/verification/trust.js'
import {
  type Authority,
  chained,
  documentSigner,
  makeAuthority,
  rootName,
  signerExtensions,
  signerName,
} from '../certificates.js'
import {
  attribute,
  basicConstraints,
  commonName,
  country,
  craft,
  extendedKeyUsage,
  extension,
  keyUsage,
  nameOf,
  type Parts,
  publicKey,
} from '../core/x509-craft.js'
import { crew, harbour, harbourPass } from '../harbour.js'
import { forgedItem, forgeMdoc, type MdocChanges, makeMdocWorld, mdocExpectations } from '../mdoc-forge.js'
import { expectRefusal } from '../refusal.js'
import { judgement } from './mdoc-table.js'

const world = await makeMdocWorld()
const root = await makeAuthority()
const honest = await root.signer()
const state = (name: string) => attribute('2.5.4.8', utf8String(name))

/** The judgement of an mdoc that this signer signed, for a verifier who believes these anchors. */
async function judged(signer: Signer, anchors = [root.anchor()], changes: MdocChanges = {}): Promise<string> {
  const input = await forgeMdoc(world, { signer, ...changes })
  const verdict = await verifyMdocPresentation(input, { ...mdocExpectations(world), trust: trustAnchors(anchors) })
  if (!verdict.ok) expectRefusal(verdict, input)
  return judgement(verdict)
}

const iaca = (authority: Authority = root) => [authority.anchor({ certificateProfile: 'iaca' })]

/** Both profiles say the same, unless a second is given. */
async function expectJudged(signer: Signer, refused: string, asIaca = refused): Promise<void> {
  expect([await judged(signer), await judged(signer, iaca())]).toEqual([refused, asIaca])
}

describe('a document signer', () => {
  it('is believed under its root, by either profile, and with the root sent along', async () => {
    await expectJudged(honest, 'accepted')
    await expectJudged(await root.signer({}, [root.certificate]), 'accepted')
  })

  it('is believed when it is pinned itself', async () => {
    const [certificate] = honest.x5c!
    expect(await judged(honest, [{ certificate: certificate!, purposes: ['credential'] }])).toBe('accepted')
    expect(await judged(honest, [{ jwk: honest.publicJwk, purposes: ['credential'] }])).toBe('accepted')
  })

  const at = (refused: string) => `${refused} at issuer_trusted`
  const tls = '1.3.6.1.5.5.7.3.1'
  const rows: readonly (readonly [title: string, parts: Parts, refused: string, asIaca?: string])[] = [
    [
      'an authority',
      { extensions: [...signerExtensions(), basicConstraints(0)] },
      'certificate_profile (leaf.basicConstraints)',
    ],
    [
      'one that signs certificates',
      { extensions: [keyUsage(0x84, 2), extendedKeyUsage(documentSigner)] },
      'certificate_key_usage (leaf)',
    ],
    [
      'one that signs nothing',
      { extensions: [keyUsage(0x20, 5), extendedKeyUsage(documentSigner)] },
      'certificate_key_usage (leaf)',
    ],
    [
      'one without a key usage',
      { extensions: [extendedKeyUsage(documentSigner)] },
      'certificate_key_usage (leaf.absent)',
    ],
    ['a server’s', { extensions: [keyUsage(0x80, 7), extendedKeyUsage(tls)] }, 'certificate_extended_key_usage (leaf)'],
    [
      'a server’s that signs documents too',
      { extensions: [keyUsage(0x80, 7), extendedKeyUsage(documentSigner, tls)] },
      'certificate_extended_key_usage (leaf)',
    ],
    [
      'a reader’s',
      { extensions: [keyUsage(0x80, 7), extendedKeyUsage('1.0.18013.5.1.6')] },
      'certificate_extended_key_usage (leaf)',
    ],
    [
      'one for any usage',
      { extensions: [keyUsage(0x80, 7), extendedKeyUsage('2.5.29.37.0')] },
      'certificate_extended_key_usage (leaf)',
    ],
    ['one that was', { notAfter: new Date('2026-03-01T11:59:59Z') }, 'certificate_expired (leaf)'],
    ['one that will be', { notBefore: new Date('2026-03-01T12:00:01Z') }, 'certificate_not_yet_valid (leaf)'],
    ['one of another name’s', { issuer: nameOf(country('UT'), commonName('Other')) }, 'certificate_untrusted (leaf)'],
    [
      'one that nobody signed',
      { signature: () => sequence(integer(Uint8Array.of(1)), integer(Uint8Array.of(1))) },
      'certificate_signature_invalid (leaf)',
    ],
    [
      'one that demands what nobody knows',
      { extensions: signerExtensions(extension('1.2.3.4', new Uint8Array(2), true)) },
      'certificate_extension_unsupported (leaf)',
    ],
  ]
  for (const [title, parts, refused] of rows)
    it(`is not ${title}`, async () => expectJudged(await root.signer(parts), at(refused)))

  const strict: typeof rows = [
    [
      'without an extended key usage',
      { extensions: [keyUsage(0x80, 7)] },
      'certificate_extended_key_usage (leaf.absent)',
    ],
    [
      'of another country',
      { subject: nameOf(country('XX'), commonName('Signer')) },
      'certificate_country_mismatch (leaf.country)',
    ],
    ['without a country', { subject: nameOf(commonName('Signer')) }, 'certificate_profile (leaf.country)'],
  ]
  for (const [title, parts, refused] of strict)
    it(`${title} is none of an IACA’s, and any other issuer’s`, async () => {
      const signer = await root.signer(parts)
      const items: MdocChanges['items'] = honest =>
        honest.filter(({ members }) => members.get('elementIdentifier') !== 'issuing_country')
      expect([await judged(signer, undefined, { items }), await judged(signer, iaca(), { items })]).toEqual([
        'accepted',
        at(refused),
      ])
    })

  it('is held against the profile that the passport asks for, unless the anchor has its own', async () => {
    const signer = await root.signer({ extensions: [keyUsage(0x80, 7)] })
    const expectedPassport = { ...harbourPass, certificateProfile: 'iaca' as const }
    const input = await forgeMdoc(world, { signer })
    const asked = async (certificateProfile?: 'plain') => {
      const trust = trustAnchors([root.anchor({ certificateProfile })])
      return judgement(await verifyMdocPresentation(input, { ...mdocExpectations(world), trust, expectedPassport }))
    }
    expect(await asked()).toBe(at('certificate_extended_key_usage (leaf.absent)'))
    expect(await asked('plain')).toBe('accepted')
  })

  it('is not one under another root, whatever the root is called', async () => {
    const namesake = await makeAuthority()
    const stranger = await makeAuthority({ issuer: signerName, subject: signerName })
    await expectJudged(await namesake.signer(), at('certificate_signature_invalid (leaf)'))
    await expectJudged(
      await namesake.signer({}, [namesake.certificate]),
      at('certificate_signature_invalid (intermediate)'),
    )
    await expectJudged(await stranger.signer({ issuer: signerName }), at('certificate_untrusted (leaf.issuer)'))
  })

  it('is not the root itself, pinned or not', async () => {
    await expectJudged(chained(root.key, root.certificate), at('certificate_profile (leaf.basicConstraints)'))
    await expectJudged(chained(honest, root.certificate), at('certificate_profile (leaf.basicConstraints)'))
  })

  it('is not an authority or a web server that was pinned', async () => {
    const pinnedAt = async (extensions: readonly Uint8Array[], certificateProfile?: 'iaca') => {
      const signer = await root.signer({ extensions })
      const certificate = certificateDer(signer.x5c![0]!)
      return judged(signer, [{ certificate, certificateProfile, purposes: ['credential'] }])
    }
    const web = [keyUsage(0x80, 7), extendedKeyUsage('1.3.6.1.5.5.7.3.1')]
    const authority = at('certificate_profile (leaf.basicConstraints)')
    expect(await pinnedAt(signerExtensions())).toBe('accepted')
    expect(await pinnedAt(web)).toBe(at('certificate_extended_key_usage (leaf)'))
    expect(await pinnedAt(web, 'iaca')).toBe(at('certificate_extended_key_usage (leaf)'))
    expect(await pinnedAt([basicConstraints()])).toBe(authority)
    expect(await pinnedAt([basicConstraints(), keyUsage(0x86, 1)])).toBe(authority)
    expect(await pinnedAt([keyUsage(0x86, 1)])).toBe(at('certificate_key_usage (leaf)'))
  })

  it('may be pinned where it signs itself and says nothing of its usages, but not as the root of an IACA', async () => {
    const signer = await generateSigner('ES256')
    const named = { issuer: signerName, subject: signerName }
    const certificate = await craft({ signer, key: publicKey(signer), ...named, extensions: [basicConstraints()] })
    const pinned = (certificateProfile?: 'iaca') =>
      judged(chained(signer, certificate), [{ certificate, certificateProfile, purposes: ['credential'] }])
    expect(await pinned()).toBe('accepted')
    expect(await pinned('iaca')).toBe(at('certificate_profile (leaf.basicConstraints)'))
  })

  it('is not whoever vouches for himself', async () => {
    const key = await generateSigner('ES256')
    const itself = await craft({
      signer: key,
      key: publicKey(key),
      issuer: signerName,
      subject: signerName,
      extensions: signerExtensions(),
    })
    await expectJudged(chained(key, itself), at('certificate_untrusted (leaf.issuer)'))
    const posing = await craft({
      signer: key,
      key: publicKey(key),
      issuer: rootName,
      subject: signerName,
      extensions: signerExtensions(),
    })
    await expectJudged(chained(key, posing), at('certificate_signature_invalid (leaf)'))
  })

  it('is not an authority that the root allows nothing below', async () => {
    const middle = await root.signer({ extensions: [basicConstraints(), keyUsage(0x06, 1)] })
    const key = await generateSigner('ES256')
    const leaf = await craft({
      signer: middle,
      key: publicKey(key),
      issuer: signerName,
      subject: nameOf(country('UT'), commonName('Leaf')),
      extensions: signerExtensions(),
    })
    const signer: Signer = { ...key, x5c: [...chained(key, leaf).x5c!, ...middle.x5c!] }
    await expectJudged(signer, at('certificate_path_too_long (intermediate)'))
  })

  it('may be pinned without a key usage', async () => {
    const free = await root.signer({ extensions: [extendedKeyUsage(documentSigner)] })
    expect(await judged(free, [{ certificate: free.x5c![0]!, purposes: ['credential'] }])).toBe('accepted')
  })

  it('is not one whose key signs no credentials', async () => {
    const rsa = {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: Uint8Array.of(1, 0, 1),
      hash: 'SHA-256',
    }
    const { publicKey } = await crypto.subtle.generateKey(rsa, true, ['sign', 'verify'])
    const key = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
    expect(await judged(await root.signer({ key }))).toBe('key_invalid (x5c) at issuer_trusted')
  })
})

describe('the chain of an mdoc', () => {
  const at = (refused: string) => `${refused} at issuer_trusted`
  const leaf = certificateDer(honest.x5c![0]!)
  const sent = (x5chain: CborValue | undefined): MdocChanges => ({
    issuerUnprotected: map => (x5chain === undefined ? map.delete(33) : map.set(33, x5chain)),
  })
  const rows: readonly (readonly [title: string, x5chain: CborValue | undefined, refused: string])[] = [
    ['is missing', undefined, 'issuer_key_unknown (kid)'],
    ['is empty', [], 'certificate_malformed (x5chain)'],
    ['is text', base64(leaf), 'certificate_malformed (x5chain)'],
    ['is null', null, 'certificate_malformed (x5chain)'],
    ['is a list of text', [base64(leaf)], 'certificate_malformed (x5chain)'],
    ['has a byte behind a certificate', concatBytes(leaf, Uint8Array.of(0)), 'certificate_malformed'],
    ['has a certificate of no bytes', new Uint8Array(), 'certificate_malformed'],
    ['has six certificates', Array.from({ length: 6 }, () => leaf), 'limit_exceeded (certificates)'],
    ['has five hundred certificates', Array.from({ length: 500 }, () => leaf), 'limit_exceeded (certificates)'],
    ['has a certificate of 17 KiB', new Uint8Array(17 * 1024).fill(0x30), 'limit_exceeded (certificateBytes)'],
    ['is in the wrong order', [root.certificate, leaf], 'certificate_profile (leaf.basicConstraints)'],
    ['holds a certificate twice', [leaf, leaf], 'certificate_untrusted (leaf.issuer)'],
  ]
  for (const [title, x5chain, refused] of rows)
    it(`is refused when it ${title}`, async () => {
      expect(
        (await judged(honest, undefined, sent(x5chain))).replace(/malformed \((?!x5chain).*?\)/, 'malformed'),
      ).toBe(at(refused))
    })

  it('may be a list of one, and may be protected', async () => {
    expect(await judged(honest, undefined, sent([leaf]))).toBe('accepted')
    expect(await judged(honest, undefined, { ...sent(undefined), issuerProtected: map => map.set(33, leaf) })).toBe(
      'accepted',
    )
  })

  it('is refused when it is protected and not', async () => {
    expect(await judged(honest, undefined, { issuerProtected: map => map.set(33, leaf) })).toBe(
      'cose_header_duplicate (33) at structure',
    )
  })
})

describe('the place of an issuer', () => {
  const says = (name: string, value: CborValue): MdocChanges => ({
    items: items => [
      ...items.filter(({ members }) => members.get('elementIdentifier') !== name),
      forgedItem(harbour, 8, name, value),
    ],
  })
  const mismatch = (name: string) => `mdoc_country_mismatch (${name}) at issuer_country`

  it('is the country of its certificate', async () => {
    for (const value of ['XX', 'ut', 'UTO', '', 7, ['UT']] as const)
      expect(await judged(honest, undefined, says('issuing_country', value))).toMatch(
        /^(mdoc_country_mismatch|claim_malformed)/,
      )
    expect(await judged(honest, undefined, says('issuing_country', 'XX'))).toBe(mismatch('issuing_country'))
  })

  it('is the state of its certificate, whether or not the country is shown', async () => {
    const signer = await root.signer({ subject: nameOf(country('UT'), state('UT-N'), commonName('Signer')) })
    expect(await judged(signer, undefined, says('issuing_jurisdiction', 'UT-N'))).toBe('accepted')
    const other = says('issuing_jurisdiction', 'UT-S')
    expect(await judged(signer, undefined, other)).toBe(mismatch('issuing_jurisdiction'))
    const alone: MdocChanges = {
      items: items =>
        other.items!(items).filter(({ members }) => members.get('elementIdentifier') !== 'issuing_country'),
    }
    expect(await judged(signer, undefined, alone)).toBe(mismatch('issuing_jurisdiction'))
    expect(await judged(honest, undefined, other)).toBe('accepted')
  })

  it('is refused for a wrong country, whatever else is right', async () => {
    const signer = await root.signer({ subject: nameOf(country('UT'), state('UT-N'), commonName('Signer')) })
    for (const right of [
      forgedItem(harbour, 9, 'issuing_jurisdiction', 'UT-N'),
      forgedItem(crew, 9, 'issuing_country', 'UT'),
    ])
      expect(
        await judged(signer, undefined, { items: honest => [...says('issuing_country', 'XX').items!(honest), right] }),
      ).toBe(mismatch('issuing_country'))
  })
})
