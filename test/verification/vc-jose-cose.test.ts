/** The cases of the W3C test suite for VC-JOSE-COSE, under the keys that it signs with. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { JsonObject } from '../../src/core/json.js'
import { importSigner } from '../../src/core/keys.js'
import { parseCredential } from '../../src/formats/vc-jwt/credential.js'
import { type EnvelopedVc, parsePresentation } from '../../src/formats/vc-jwt/presentation.js'
import { definePassport } from '../../src/passport/definition.js'
import { statusNotChecked } from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyVcJwtPresentation } from '../../src/verification/vc-jwt.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { sign } from '../forge.js'
import { reasons, summary } from '../refusal.js'
import { audience, nonce } from '../world.js'

interface VerificationMethod {
  readonly publicKeyJwk: JsonWebKey
  readonly secretKeyJwk: JsonWebKey
}

const byName = <T>(files: Record<string, T>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(files).map(([path, file]) => [
      path
        .split('/')
        .at(-1)!
        .replace(/\.\w+$/, ''),
      file,
    ]),
  )

const tokens = byName(
  import.meta.glob<string>('../vectors/vc-jose-cose/*.txt', { eager: true, import: 'default', query: '?raw' }),
)
const documents = byName(
  import.meta.glob<JsonObject>('../vectors/vc-jose-cose/{credential,presentation}-*.json', {
    eager: true,
    import: 'default',
  }),
)
const keys = byName(
  import.meta.glob<VerificationMethod>('../vectors/vc-jose-cose/vm-*.json', { eager: true, import: 'default' }),
)

const issuer = 'https://example.issuer/vc-jose-cose'

/** One passport for the types that the suite gives its credentials. */
const graduate = definePassport({
  name: 'graduate',
  vct: ['ExampleAlumniCredential', 'IdentityCredential', 'UniversityDegreeCredential', 'EmploymentCredential'],
  docType: [],
  fields: {
    degree: { schema: z.string(), claim: ['degree', 'name'], optional: true },
    firstName: { schema: z.string(), claim: 'firstName', optional: true },
    birthDate: { as: 'date', claim: 'birthDate', optional: true },
  },
})

const demands = {
  trust: trustAnchors(
    Object.values(keys).map(({ publicKeyJwk }) => ({ issuer, jwk: publicKeyJwk, purposes: ['credential'] })),
  ),
  expectedPassport: graduate,
  status: statusNotChecked('the suite publishes no list'),
  now: () => new Date('2026-03-01T12:00:00Z'),
}

const session = { ...demands, expectedAudience: audience, expectedNonce: nonce }

describe('the W3C test suite for VC-JOSE-COSE', () => {
  it('is stored whole', () => {
    expect(Object.keys(keys)).toHaveLength(5)
    expect(Object.keys(documents)).toHaveLength(6)
    expect(Object.keys(tokens).sort()).toEqual([...tokenCases.map(([name]) => name), ...presented, ...inCose].sort())
  })

  /** Their `iat` is a date as text, which RFC 7519 §4.1.6 has no place for; it is the one thing that is wrong with them. */
  const otherwiseValid = ['claim_malformed at validity']

  const tokenCases: readonly (readonly [string, readonly string[]])[] = [
    ['credential-jose-minimal', otherwiseValid],
    ['credential-jose-unknown-extensions', otherwiseValid],
    ['credential-sdjwt-selective', otherwiseValid],
    ['credential-jose-bad-signature', ['signature_invalid at issuer_signature']],
    ['credential-sdjwt-bad-signature', ['signature_invalid at issuer_signature']],
    ['credential-jose-bad-media-type', ['format_not_expected at format']],
    ['credential-sdjwt-bad-media-type', ['jws_type_mismatch at structure']],
  ]

  it.each(tokenCases)('%s: %j', async (name, expected) => {
    expect(reasons(await verifyCredential(tokens[name]!.trim(), demands))).toEqual(expected)
  })

  it('names another type also where W3C credentials alone are taken', async () => {
    for (const name of ['credential-jose-bad-media-type', 'credential-sdjwt-bad-media-type'])
      expect(summary(await verifyVcJwtPresentation(tokens[name]!.trim(), session))).toBe(
        'jws_type_mismatch at structure',
      )
  })

  const presented = ['presentation-jose-bad-credential', 'presentation-sdjwt-selective']

  it('presentation-jose-bad-credential is refused for what is no credential', async () => {
    const verdict = await verifyPresentation(tokens['presentation-jose-bad-credential'], session)
    expect(summary(verdict)).toBe('vp_malformed at structure')
    expect(verdict.checks.find(({ id }) => id === 'structure')?.at).toBe('verifiableCredential.id')
  })

  it('presentation-sdjwt-selective is of a kind that is not taken', async () => {
    const text = tokens['presentation-sdjwt-selective']!.trim()
    for (const verify of [verifyPresentation, verifyVcJwtPresentation])
      expect(summary(await verify(text, session))).toBe('jws_type_mismatch at structure')
  })

  const inCose = Object.keys(tokens).filter(name => name.includes('-cose-'))

  it.each(inCose)('%s is no text format', async name => {
    for (const verify of [verifyPresentation, verifyVcJwtPresentation])
      expect(summary(await verify(tokens[name]!.trim(), session))).toBe('format_unknown at format')
  })
})

describe('the documents of the suite', () => {
  const credentials = Object.entries(documents).filter(([name]) => name.startsWith('credential'))

  it.each(credentials)('%s keeps every rule', (_, document) => {
    expect(parseCredential(document).issuer).toBe(issuer)
  })

  it.each(credentials)('%s is accepted under each key of the suite', async (name, document) => {
    for (const { secretKeyJwk } of Object.values(keys)) {
      const signer = await importSigner(secretKeyJwk)
      const token = await sign(
        JSON.stringify({ alg: signer.alg, typ: 'vc+jwt', cty: 'vc' }),
        JSON.stringify(document),
        signer,
      )
      // A status of StatusList2021 would stay unasked.
      const expected = name === 'credential-full' ? 'status_unsupported at status_reference' : 'accepted'
      expect(summary(await verifyCredential(token, demands))).toBe(expected)
    }
  })

  it('presentation-selective holds a credential that is wrong in its `iat` alone', async () => {
    const [credential] = parsePresentation(documents['presentation-selective']!) as readonly EnvelopedVc[]
    expect(credential?.mediaType).toBe('application/vc+sd-jwt')
    expect(reasons(await verifyCredential(credential?.text, demands))).toEqual(['claim_malformed at validity'])
  })

  it('presentation-single holds a token that lacks its first character', async () => {
    const [credential] = parsePresentation(documents['presentation-single']!) as readonly EnvelopedVc[]
    expect(credential?.mediaType).toBe('application/vc+jwt')
    expect((await verifyCredential(credential?.text, demands)).ok).toBe(false)
  })
})
