/**
 * Wycheproof through the path of a verifier: the key read strictly, imported for one algorithm, the signature verified
 * by `verifyJws`. No test of these families is `acceptable`: each is decided as the vectors say.
 */

import { describe, expect, it } from 'vitest'
import { hmacSha256 } from '#crypto'
import { type AlgorithmName, algorithmNames, requireAlgorithm } from '../../src/core/algorithms.js'
import { base64url, equalBytes } from '../../src/core/bytes.js'
import { type Jwk, keyCache, readPublicJwk } from '../../src/core/jwk.js'
import { type DecodedJws, decodeJws, requireJwsAlgorithm, verifyJws } from '../../src/core/jws.js'
import { importSigner } from '../../src/core/keys.js'
import derP256 from '../vectors/wycheproof/ecdsa_secp256r1_sha256.json' with { type: 'json' }
import p256 from '../vectors/wycheproof/ecdsa_secp256r1_sha256_p1363.json' with { type: 'json' }
import p384 from '../vectors/wycheproof/ecdsa_secp384r1_sha384_p1363.json' with { type: 'json' }
import p521 from '../vectors/wycheproof/ecdsa_secp521r1_sha512_p1363.json' with { type: 'json' }
import ed25519 from '../vectors/wycheproof/ed25519.json' with { type: 'json' }
import hmac from '../vectors/wycheproof/hmac_sha256.json' with { type: 'json' }
import jsonWebCrypto from '../vectors/wycheproof/json_web_crypto.json' with { type: 'json' }
import jsonWebKey from '../vectors/wycheproof/json_web_key.json' with { type: 'json' }
import jsonWebSignature from '../vectors/wycheproof/json_web_signature.json' with { type: 'json' }
import { fromHex, outcomeOf } from './support.js'

interface SignatureTest {
  readonly tcId: number
  readonly comment: string
  readonly msg: string
  readonly sig: string
  readonly result: string
}

const keys = keyCache()

/** What a verifier does with a signature over bytes: the same functions, in the same order. */
async function verify(jwk: unknown, alg: AlgorithmName, data: Uint8Array, signature: Uint8Array): Promise<void> {
  const key = await keys.import(readPublicJwk(jwk), requireAlgorithm(alg, algorithmNames))
  // Verifying hands the signed characters on untouched, so bytes that are no text can stand in for them.
  const signingInput = data as unknown as string
  await verifyJws({ header: { alg }, payload: {}, signingInput, signature }, key)
}

/** Those whose outcome is another than `expected` says, with the outcome. */
async function surprises(
  jwk: unknown,
  alg: AlgorithmName,
  tests: readonly SignatureTest[],
  expected: (test: SignatureTest) => string,
): Promise<string[]> {
  const outcomes = await Promise.all(
    tests.map(async test => {
      const outcome = await outcomeOf(() => verify(jwk, alg, fromHex(test.msg), fromHex(test.sig)))
      return outcome === expected(test) ? [] : [`${test.tcId} ${test.comment}: ${outcome}`]
    }),
  )
  return outcomes.flat()
}

const asStated = ({ result }: SignatureTest) => (result === 'valid' ? 'accepted' : 'signature_invalid')

/** Some groups carry no JWK of their own; their coordinates are signed integers in hex. */
function ecJwk(crv: string, bytes: number, { wx, wy }: { wx: string; wy: string }) {
  const coordinate = (hex: string) => base64url(fromHex(hex.replace(/^00+/, '').padStart(bytes * 2, '0')))
  return { kty: 'EC', crv, x: coordinate(wx), y: coordinate(wy) }
}

describe.each([
  ['ES256', 'P-256', 32, p256],
  ['ES384', 'P-384', 48, p384],
  ['ES512', 'P-521', 66, p521],
] as const)('%s over r‖s', (alg, crv, bytes, { testGroups }) => {
  it('decides every vector as stated', async () => {
    for (const { publicKey, tests } of testGroups)
      expect(await surprises(ecJwk(crv, bytes, publicKey), alg, tests, asStated)).toEqual([])
  })

  it('reads the JWKs of the vectors as the same keys', () => {
    for (const group of testGroups)
      if ('publicKeyJwk' in group)
        expect(readPublicJwk(group.publicKeyJwk)).toMatchObject(ecJwk(crv, bytes, group.publicKey))
  })
})

describe('ES256 over DER', () => {
  it('refuses every signature, whether or not it would hold as DER', async () => {
    for (const { publicKey, tests } of derP256.testGroups) {
      const jwk = ecJwk('P-256', 32, publicKey)
      expect(await surprises(jwk, 'ES256', tests, () => 'signature_invalid')).toEqual([])
    }
  })
})

describe.each(['EdDSA', 'Ed25519'] as const)('%s', alg => {
  it('decides every vector as stated', async () => {
    for (const { publicKeyJwk, tests } of ed25519.testGroups)
      expect(await surprises(publicKeyJwk, alg, tests, asStated)).toEqual([])
  })
})

it('makes the HMAC of every vector', async () => {
  for (const { tests, tagSize } of hmac.testGroups)
    for (const { tcId, key, msg, tag, result } of tests) {
      const made = (await hmacSha256(fromHex(key), fromHex(msg))).subarray(0, tagSize / 8)
      expect(equalBytes(made, fromHex(tag)), `${tcId}`).toBe(result === 'valid')
    }
})

interface TokenGroup {
  readonly comment: string
  readonly public?: unknown
  readonly private?: unknown
  readonly tests: readonly {
    readonly tcId: number
    readonly comment: string
    readonly result: string
    readonly jws?: string | object
    readonly jwe?: string
  }[]
}

/** The keys of a group as a verifier may hold them: the public ones, else what is there. */
function keysOf(group: TokenGroup): readonly Record<string, unknown>[] {
  const set = (group.public ?? group.private) as Record<string, unknown>
  return Array.isArray(set['keys']) ? set['keys'] : [set]
}

/** Most payloads here are no JSON; the rest of the token is decoded all the same, and verified with its own payload. */
function decodeAnyPayload(token: string): DecodedJws {
  const parts = token.split('.')
  const decoded = decodeJws([parts[0], base64url(new TextEncoder().encode('{}')), ...parts.slice(2)].join('.'))
  return { ...decoded, signingInput: parts.slice(0, 2).join('.') }
}

/** Whether one of the keys verifies the token, by kid as a verifier would look it up. */
async function verifyToken(token: string, held: readonly Record<string, unknown>[]): Promise<void> {
  const jws = decodeAnyPayload(token)
  const algorithm = requireJwsAlgorithm(jws, algorithmNames)
  const named = held.filter(({ kid }) => kid === jws.header['kid'])
  await verifyJws(jws, await keys.import(readPublicJwk(named[0] ?? held[0]), algorithm))
}

const tokens = [jsonWebSignature, jsonWebKey, jsonWebCrypto].flatMap(({ testGroups }) =>
  (testGroups as readonly TokenGroup[]).flatMap(group =>
    group.tests.map(({ jws, jwe, ...test }) => ({
      ...test,
      group,
      // One token in JSON serialization stands there as an object, the others as text.
      token: typeof jws === 'object' ? JSON.stringify(jws) : (jws ?? jwe ?? ''),
    })),
  ),
)

/** Whether the key of a group is for an algorithm that this library has at all. */
const isOurs = ({ group }: { group: TokenGroup }) =>
  group.public !== undefined && keysOf(group).every(({ kty }) => kty === 'EC')

describe('compact tokens', () => {
  it('with a key for HMAC or RSA are refused before their key is looked at, valid or not', async () => {
    const others = tokens.filter(candidate => !isOurs(candidate))
    expect(others.length).toBeGreaterThan(200)
    for (const { tcId, comment, token, group } of others) {
      const refusal = await outcomeOf(() => verifyToken(token, keysOf(group)))
      expect(refusal, `${group.comment} ${tcId} ${comment}`).toMatch(
        /^(alg_not_allowed|jws_malformed|encoding_invalid|json_invalid|crit_unsupported)$/,
      )
    }
  })

  it.each(tokens.filter(isOurs))(
    '$group.comment $tcId $comment: $result',
    async ({ token, comment, result, group }) => {
      expect(await outcomeOf(() => verifyToken(token, keysOf(group)))).toBe(decision(comment, result, group.comment))
    },
  )

  it('of RFC 7520 figure 27 holds once its key names no algorithm that does not exist', async () => {
    const { token, group } = tokens.find(candidate => candidate.comment === 'Figure27')!
    const [{ alg: _, ...jwk }] = keysOf(group) as [Record<string, unknown>]
    expect(await outcomeOf(() => verifyToken(token, [jwk]))).toBe('accepted')
  })

  it('signed anew with the key of a vector hold, so that it is the harm which is refused', async () => {
    for (const { token, group } of tokens.filter(({ comment }) => comment === 'rejectsModifiedSignature')) {
      const held = keysOf(group)
      if (!isOurs({ group })) continue
      const signer = await importSigner((group.private ?? {}) as Jwk)
      const signingInput = token.slice(0, token.lastIndexOf('.'))
      const signature = await signer.sign(new TextEncoder().encode(signingInput))
      expect(await outcomeOf(() => verifyToken(`${signingInput}.${base64url(signature)}`, held))).toBe('accepted')
    }
  })
})

/** The code by which each vector is refused. */
function decision(comment: string, result: string, group: string): string {
  // RFC 7520 figure 27 is stated valid, but stands here with `alg: "ES521"` in its key, a name that no registry has.
  if (/^(rfc7520|ec_key_for_encryption|invalid_algorithm|invalid_point|wrong_algorithm|wrong_curve)$/.test(group))
    return 'key_invalid'
  if (group.startsWith('jwe_')) return 'jws_malformed'
  if (result === 'valid') return 'accepted'
  if (comment.startsWith('rejectsMissingHeader')) return 'jws_malformed'
  if (comment.startsWith('rejectsSymmetryConfusionAttacks')) return 'alg_not_allowed'
  return 'signature_invalid'
}
