import * as jose from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AlgorithmName, algorithmNames } from '../../src/core/algorithms.js'
import { base64url, utf8 } from '../../src/core/bytes.js'
import { keyCache, readPublicJwk } from '../../src/core/jwk.js'
import {
  type DecodedJws,
  decodeJws,
  issuerHeader,
  requireJwsAlgorithm,
  requireType,
  signJws,
  verifyJws,
} from '../../src/core/jws.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { outcome, outcomeOf, refusalOf, thrownBy } from './support.js'

const typ = 'kb+jwt'
const cache = keyCache()
const signers = new Map<AlgorithmName, Signer>()
let signer: Signer

beforeAll(async () => {
  for (const alg of algorithmNames) signers.set(alg, await generateSigner(alg))
  signer = signers.get('ES256')!
})

/** A verifier's path with a key that it believes: every step, in order. */
async function verify(token: string, trusted = signer, allowed: readonly AlgorithmName[] = algorithmNames) {
  const jws = decodeJws(token)
  requireType(jws, typ)
  const algorithm = requireJwsAlgorithm(jws, allowed)
  await verifyJws(jws, await cache.import(readPublicJwk(trusted.publicJwk), algorithm))
  return jws
}

const encode = (text: string) => base64url(utf8(text))

/** A token of two texts, whatever they are, signed by a genuine key. */
async function sign(header: string, payload = '{"a":1}', by = signer): Promise<string> {
  const signingInput = `${encode(header)}.${encode(payload)}`
  return `${signingInput}.${base64url(await by.sign(utf8(signingInput)))}`
}

const header = (members: object) => JSON.stringify({ alg: 'ES256', typ, ...members })

describe('a genuine token', () => {
  it.each(algorithmNames)('of %s is decoded and verified', async alg => {
    const token = await signJws({ typ, kid: 'k' }, { iss: 'Ё', list: [1, null, { deep: true }] }, signers.get(alg)!)
    const { header, payload, signingInput } = await verify(token, signers.get(alg))
    expect(header).toEqual({ typ, kid: 'k', alg })
    expect(payload).toEqual({ iss: 'Ё', list: [1, null, { deep: true }] })
    expect(Object.getPrototypeOf(header)).toBe(null)
    expect(Object.getPrototypeOf(payload)).toBe(null)
    expect(signingInput).toBe(token.slice(0, token.lastIndexOf('.')))
  })

  it('is verified over what arrived, however it was spelled', async () => {
    expect(await outcomeOf(async () => verify(await sign(` {"typ":"kb+jwt" ,\n"alg":"\\u00453256"} `)))).toBe(
      'alg_not_allowed',
    )
    const spaced = await sign(` {"typ":"kb+jwt" ,\n"alg":"\\u0045S256"} `, '{ "a" : 1.0 }')
    expect((await verify(spaced)).payload).toEqual({ a: 1 })
  })

  it('may carry keys and addresses, which nobody looks at', async () => {
    const attacker = signers.get('ES384')!
    const hints = { jku: 'https://evil.example', x5u: 'https://evil.example', jwk: attacker.publicJwk, x5c: ['AA=='] }
    expect(await outcomeOf(async () => verify(await sign(header(hints))))).toBe('accepted')
  })

  it('whose signature fails says so with the code that was asked for', async () => {
    const jws = decodeJws(await sign(header({})))
    const key = await cache.import(signers.get('ES256')!.publicJwk, requireJwsAlgorithm(jws, ['ES256']))
    const harmed = { ...jws, signingInput: `${jws.signingInput}A` }
    expect(await refusalOf(() => verifyJws(harmed, key))).toMatchObject({ code: 'signature_invalid', at: 'signature' })
    for (const code of ['key_binding_signature_invalid', 'status_signature_invalid'] as const)
      expect(await outcomeOf(() => verifyJws(harmed, key, code))).toBe(code)
  })
})

describe('the parts of a token', () => {
  it.each<[string, (parts: [string, string, string]) => string, string]>([
    ['only one', ([h]) => h, 'jws_malformed'],
    ['only two', ([h, p]) => `${h}.${p}`, 'jws_malformed'],
    ['four', ([h, p, s]) => `${h}.${p}.${s}.`, 'jws_malformed'],
    ['four, one of them empty', ([h, p, s]) => `${h}.${p}..${s}`, 'jws_malformed'],
    ['a header of one letter', ([, p, s]) => `A.${p}.${s}`, 'encoding_invalid'],
    ['five, as a JWE has', ([h, p, s]) => `${h}..${p}.${s}.${s}`, 'jws_malformed'],
    ['no header', ([, p, s]) => `.${p}.${s}`, 'jws_malformed'],
    ['nothing', () => '', 'jws_malformed'],
    ['separators alone', () => '..', 'jws_malformed'],
    ['no payload, as a detached one', ([h, , s]) => `${h}..${s}`, 'json_invalid'],
    ['no signature', ([h, p]) => `${h}.${p}.`, 'signature_invalid'],
    ['a look-alike separator', ([h, p, s]) => `${h}\u2024${p}\u2024${s}`, 'jws_malformed'],
    ['JSON serialization', ([h, p, s]) => JSON.stringify({ protected: h, payload: p, signature: s }), 'jws_malformed'],
    ['a space before', ([h, p, s]) => ` ${h}.${p}.${s}`, 'encoding_invalid'],
    ['a newline after', ([h, p, s]) => `${h}.${p}.${s}\n`, 'encoding_invalid'],
  ])('are not %s', async (_, harm, code) => {
    const parts = (await sign(header({}))).split('.') as [string, string, string]
    expect(await outcomeOf(() => verify(harm(parts)))).toBe(code)
  })

  const harms: readonly [string, (part: string) => string][] = [
    ['padding', part => part.padEnd(Math.ceil((part.length + 1) / 4) * 4, '=')],
    ['a plus sign', part => `+${part.slice(1)}`],
    ['a slash', part => `/${part.slice(1)}`],
    ['left-over bits', part => part.slice(0, -1) + nextLetter(part.at(-1)!)],
    ['a space inside', part => `${part.slice(0, 4)} ${part.slice(4)}`],
    ['a line break inside', part => `${part.slice(0, 4)}\r\n${part.slice(4)}`],
    ['a tab after', part => `${part}\t`],
    ['a NUL after', part => `${part}\0`],
    ['a look-alike letter', part => `\u0410${part.slice(1)}`],
    ['a full-width letter', part => `\uff21${part.slice(1)}`],
    ['a letter with the right low byte', part => String.fromCharCode(0x100 + part.charCodeAt(0)) + part.slice(1)],
    ['a lone surrogate', part => `\ud800${part.slice(1)}`],
    ['one letter cut off', part => part.slice(0, -1)],
  ]

  it.each([0, 1, 2].flatMap(part => harms.map(([name, harm]) => [part, name, harm] as const)))(
    'are canonical: part %i with %s is refused',
    async (part, _, harm) => {
      // Each part has a length whose last letter carries spare bits.
      const parts = (await sign(header({ pad: 'x'.repeat(32) }), `{"pad":"${'x'.repeat(25)}"}`)).split('.')
      expect(parts.map(text => text.length % 4).every(rest => rest !== 0)).toBe(true)
      const harmed = parts.with(part, harm(parts[part]!)).join('.')
      const error = await refusalOf(() => verify(harmed))
      expect(error).toMatchObject({ code: 'encoding_invalid', at: ['header', 'payload', 'signature'][part] })
    },
  )
})

/** The next letter of the alphabet: it stands for the same bytes where it only changes spare bits. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(letter) + 1]!
}

describe('the JSON of a token', () => {
  const texts: readonly [string, string, string][] = [
    ['a repeated name', '"x":1,"x":2', 'json_duplicate_member'],
    ['a repeated name, escaped', '"x":1,"\\u0078":2', 'json_duplicate_member'],
    ['a repeated name deeper', '"x":{"y":[{"z":1,"z":1}]}', 'json_duplicate_member'],
    ['a repeated alg', '"alg":"ES256","alg":"none"', 'json_duplicate_member'],
    ['a lone surrogate', '"x":"\\udead"', 'json_invalid'],
    ['an integer beyond the safe range', '"x":9007199254740993', 'json_invalid'],
    ['a number too large', '"x":1e400', 'json_invalid'],
    ['too much depth', `"x":${'['.repeat(16)}${']'.repeat(16)}`, 'limit_exceeded'],
    ['a trailing comma', '"x":1,', 'json_invalid'],
  ]

  it.each(texts)('refuses %s in the header', async (_, members, code) => {
    const alg = members.includes('"alg"') ? '' : '"alg":"ES256",'
    expect(await outcomeOf(async () => verify(await sign(`{"typ":"kb+jwt",${alg}${members}}`)))).toBe(code)
  })

  it.each(texts)('refuses %s in the payload', async (_, members, code) => {
    expect(await outcomeOf(async () => verify(await sign(header({}), `{${members}}`)))).toBe(code)
  })

  it.each(['[]', '"text"', '1', 'null', '', '{}{}', '\ufeff{}'])('is one object, not %j', async text => {
    expect(await outcomeOf(async () => verify(await sign(header({}), text)))).toBe('json_invalid')
    if (text !== '') expect(await outcomeOf(async () => verify(await sign(text)))).toBe('json_invalid')
  })

  it('is UTF-8', async () => {
    const invalid = base64url(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))
    for (const [token, at] of [
      [`${invalid}.${encode('{}')}.AA`, 'header'],
      [`${encode('{}')}.${invalid}.AA`, 'payload'],
    ] as const)
      expect(thrownBy(() => decodeJws(token))).toMatchObject({ code: 'encoding_invalid', at })
  })
})

describe('the algorithm of a token', () => {
  it.each([
    ['none', 'none'],
    ['None', 'None'],
    ['an HMAC', 'HS256'],
    ['RSA', 'RS256'],
    ['RSA-PSS', 'PS256'],
    ['an unregistered name', 'ES521'],
    ['another curve', 'ES256K'],
    ['lower case', 'es256'],
    ['a space after', 'ES256 '],
    ['a member of every object', 'constructor'],
    ['__proto__', '__proto__'],
    ['a list', ['ES256']],
    ['an object', { name: 'ES256' }],
    ['a number', -7],
    ['null', null],
    ['empty', ''],
  ])('is not %s', async (_, alg) => {
    const error = await refusalOf(async () => verify(await sign(JSON.stringify({ typ, alg }))))
    expect(error).toMatchObject({ code: 'alg_not_allowed', at: 'alg', actual: undefined })
  })

  it('is there', async () => {
    expect(await outcomeOf(async () => verify(await sign(JSON.stringify({ typ }))))).toBe('alg_not_allowed')
  })

  it('is not "none" over an empty signature', async () => {
    const bare = `${encode(JSON.stringify({ typ, alg: 'none' }))}.${encode('{}')}.`
    expect(await outcomeOf(() => verify(bare))).toBe('alg_not_allowed')
    const key = await cache.import(
      readPublicJwk(signer.publicJwk),
      requireJwsAlgorithm(genuine({ alg: 'ES256' }), ['ES256']),
    )
    expect(await outcomeOf(() => verifyJws(decodeJws(bare), key))).toBe('alg_not_allowed')
  })

  it('is one that the caller allows', async () => {
    const token = await sign(header({}))
    expect(await outcomeOf(() => verify(token, signer, ['ES256']))).toBe('accepted')
    const error = await refusalOf(() => verify(token, signer, ['ES384', 'EdDSA']))
    expect(error).toMatchObject({ code: 'alg_not_allowed', expected: 'ES384 EdDSA', actual: 'ES256' })
    expect(await outcomeOf(() => verify(token, signer, []))).toBe('alg_not_allowed')
  })

  it.each(algorithmNames.flatMap(alg => algorithmNames.map(claimed => [alg, claimed] as const)))(
    'of a key for %s is not said to be %s, unless the curve is the same',
    async (alg, claimed) => {
      const by = signers.get(alg)!
      const token = await sign(JSON.stringify({ typ, alg: claimed }), '{}', by)
      const same = alg === claimed || (by.publicJwk.crv === 'Ed25519' && claimed.startsWith('Ed'))
      expect(await outcomeOf(() => verify(token, by))).toBe(same ? 'accepted' : 'alg_not_allowed')
    },
  )

  it('is the one that the key was imported for, to the letter', async () => {
    const by = signers.get('EdDSA')!
    const jws = decodeJws(await sign(JSON.stringify({ typ, alg: 'Ed25519' }), '{}', by))
    const key = await cache.import(
      readPublicJwk(by.publicJwk),
      requireJwsAlgorithm(genuine({ alg: 'EdDSA' }), ['EdDSA']),
    )
    const error = await refusalOf(() => verifyJws(jws, key))
    expect(error).toMatchObject({ code: 'alg_not_allowed', at: 'alg', expected: 'EdDSA' })
  })
})

const genuine = (header: { alg: string }): DecodedJws => ({
  header,
  payload: {},
  signingInput: '',
  signature: new Uint8Array(),
})

describe('extensions', () => {
  it.each([
    ['crit of what nobody knows', { crit: ['exp'], exp: 1 }],
    ['crit of b64', { crit: ['b64'], b64: true }],
    ['an empty crit', { crit: [] }],
    ['a crit that is null', { crit: null }],
    ['a crit that is text', { crit: 'exp' }],
    ['b64 without crit', { b64: false }],
    ['b64 as it is anyway', { b64: true }],
  ])('are refused: %s', async (_, members) => {
    const error = await refusalOf(async () => verify(await sign(header(members))))
    expect(error).toMatchObject({ code: 'crit_unsupported', at: 'crit' })
  })

  it('are no business of the payload', async () => {
    expect(await outcomeOf(async () => verify(await sign(header({}), '{"crit":["x"],"b64":false}')))).toBe('accepted')
  })
})

describe('the type of a token', () => {
  it.each([
    'KB+JWT',
    'Kb+jwt',
    'application/kb+jwt',
    'kb+jwt ',
    'JWT',
    '',
    null,
    ['kb+jwt'],
    { typ: 'kb+jwt' },
    'dc+sd-jwt',
  ])('is exact, not %j', async other => {
    const error = await refusalOf(async () => verify(await sign(header({ typ: other }))))
    expect(error).toMatchObject({ code: 'jws_type_mismatch', at: 'typ', expected: typ })
  })

  it('is there', async () => {
    expect(await outcomeOf(async () => verify(await sign('{"alg":"ES256"}')))).toBe('jws_type_mismatch')
  })
})

describe('a signature', () => {
  const withSignature = async (harm: (signature: Uint8Array) => Uint8Array, alg: AlgorithmName = 'ES256') => {
    const by = signers.get(alg)!
    const jws = decodeJws(await sign(JSON.stringify({ alg, typ }), '{}', by))
    return outcomeOf(() => verify(`${jws.signingInput}.${base64url(harm(jws.signature))}`, by))
  }

  it.each(algorithmNames)('of %s has one length', async alg => {
    expect(await withSignature(signature => signature, alg)).toBe('accepted')
    for (const harm of [
      (signature: Uint8Array) => signature.subarray(0, -1),
      (signature: Uint8Array) => signature.subarray(1),
      (signature: Uint8Array) => Uint8Array.of(...signature, 0),
      (signature: Uint8Array) => Uint8Array.of(0, ...signature),
      (signature: Uint8Array) => Uint8Array.of(...signature, ...signature),
      (signature: Uint8Array) => signature.subarray(0, signature.length / 2),
    ])
      expect(await withSignature(harm, alg)).toBe('signature_invalid')
  })

  it.each(['ES256', 'ES384', 'ES512'] as const)('of %s has neither r nor s zero', async alg => {
    expect(await withSignature(signature => signature.slice().fill(0), alg)).toBe('signature_invalid')
    expect(await withSignature(signature => signature.slice().fill(0, 0, signature.length / 2), alg)).toBe(
      'signature_invalid',
    )
    expect(await withSignature(signature => signature.slice().fill(0, signature.length / 2), alg)).toBe(
      'signature_invalid',
    )
    expect(await withSignature(signature => signature.slice().fill(255), alg)).toBe('signature_invalid')
  })

  it.each(['ES256', 'ES384', 'ES512'] as const)('of %s is r‖s, not DER', async alg => {
    expect(await withSignature(toDer, alg)).toBe('signature_invalid')
  })

  it('has the length of the table even where the platform would take another', async () => {
    const jws = decodeJws(await sign(header({})))
    const key = await cache.import(signer.publicJwk, requireJwsAlgorithm(jws, ['ES256']))
    for (const [signatureBytes, code] of [
      [64, 'accepted'],
      [63, 'signature_invalid'],
      [65, 'signature_invalid'],
    ] as const)
      expect(await outcomeOf(() => verifyJws(jws, { ...key, algorithm: { ...key.algorithm, signatureBytes } }))).toBe(
        code,
      )
  })

  it('in DER may even be as long as r‖s', async () => {
    // Short r and s leave a DER text of 64 bytes; it is no r‖s for all that.
    const der = Uint8Array.from([0x30, 62, 2, 29, ...new Uint8Array(29).fill(5), 2, 29, ...new Uint8Array(29).fill(5)])
    expect(der.length).toBe(64)
    expect(await withSignature(() => der)).toBe('signature_invalid')
  })

  it('by a key of the attacker does not hold, whatever the header offers', async () => {
    const attacker = await generateSigner('ES256')
    const offering = header({ jwk: attacker.publicJwk, kid: signer.kid, jku: 'https://evil.example/keys' })
    expect(await outcomeOf(async () => verify(await sign(offering, '{}', attacker)))).toBe('signature_invalid')
  })

  it('of another token does not hold', async () => {
    const [h, p] = (await sign(header({}), '{"a":1}')).split('.')
    const [, , s] = (await sign(header({}), '{"a":2}')).split('.')
    expect(await outcomeOf(() => verify(`${h}.${p}.${s}`))).toBe('signature_invalid')
  })

  it.each(['ES256', 'Ed25519'] as const)('of %s holds for no token with a bit changed', async alg => {
    const by = signers.get(alg)!
    const token = await sign(JSON.stringify({ alg, typ }), '{"name":"value","n":12}', by)
    const accepted: string[] = []
    for (let index = 0; index < token.length; index++)
      for (let bit = 0; bit < 8; bit++) {
        const flipped = String.fromCharCode(token.charCodeAt(index) ^ (1 << bit))
        const mutant = token.slice(0, index) + flipped + token.slice(index + 1)
        if ((await outcomeOf(() => verify(mutant, by))) === 'accepted') accepted.push(`${index}.${bit}`)
      }
    expect(accepted).toEqual([])
  })
})

/** r‖s as X.509 writes it. */
function toDer(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2
  const integer = (bytes: Uint8Array) => {
    const start = bytes.findIndex(octet => octet !== 0)
    const digits = [...(bytes[start]! > 127 ? [0] : []), ...bytes.subarray(start)]
    return [2, digits.length, ...digits]
  }
  const content = [...integer(signature.subarray(0, half)), ...integer(signature.subarray(half))]
  return Uint8Array.from([0x30, ...(content.length > 127 ? [0x81] : []), content.length, ...content])
}

describe('limits', () => {
  it('hold the header to its bytes, decoded, and before it is decoded', () => {
    const limits = { ...defaultLimits, headerBytes: 30 }
    const token = (bytes: number) => `${encode(`{"a":"${'x'.repeat(bytes - 8)}"}`)}.${encode('{}')}.AA`
    for (const size of [28, 29, 30]) expect(outcome(() => decodeJws(token(size), limits))).toBe('accepted')
    for (const size of [31, 32, 33])
      expect(thrownBy(() => decodeJws(token(size), limits))).toMatchObject({
        code: 'limit_exceeded',
        at: 'headerBytes',
        actual: size,
      })
    expect(outcome(() => decodeJws(`${'*'.repeat(100)}..`, limits))).toBe('limit_exceeded')
  })

  it('reach the JSON of both parts', () => {
    const limits = { ...defaultLimits, jsonValues: 2 }
    expect(outcome(() => decodeJws(`${encode('{"a":1,"b":2}')}.${encode('{}')}.AA`, limits))).toBe('limit_exceeded')
    expect(outcome(() => decodeJws(`${encode('{}')}.${encode('{"a":1,"b":2}')}.AA`, limits))).toBe('limit_exceeded')
    expect(outcome(() => decodeJws(`${encode('{"a":1}')}.${encode('{"a":1}')}.AA`, limits))).toBe('accepted')
  })
})

describe('signing', () => {
  it('names the key of an issuer, and its certificates in base64 where there are any', () => {
    expect(issuerHeader(typ, signer)).toEqual({ typ, kid: signer.kid })
    const x5c = [Uint8Array.of(0x30, 0), Uint8Array.of(0x30, 1, 0xff)]
    expect(issuerHeader(typ, { ...signer, x5c })).toEqual({ typ, kid: signer.kid, x5c: ['MAA=', 'MAH/'] })
  })

  it('takes the algorithm from the signer alone', async () => {
    expect(decodeJws(await signJws({ alg: 'none', typ }, {}, signer)).header['alg']).toBe('ES256')
  })

  it('signs a payload given as text to the letter', async () => {
    const token = await signJws({ typ }, '{ "a":  1 }', signer)
    expect(token.split('.')[1]).toBe(encode('{ "a":  1 }'))
  })

  it('does not write what has no bytes', async () => {
    expect(await outcomeOf(() => signJws({ typ }, '{"a":"\ud800"}', signer))).toBe('encoding_invalid')
  })

  it('tells the owner of a signer that answers in DER', async () => {
    for (const answer of [
      toDer(new Uint8Array(64).fill(1)),
      new Uint8Array(0),
      new Uint8Array(63),
      new Uint8Array(96),
    ]) {
      const wrong: Signer = { ...signer, sign: () => answer }
      await expect(signJws({ typ }, {}, wrong)).rejects.toThrow(TypeError)
    }
  })

  it('works with a signer that answers at once as with one that takes its time', async () => {
    const slow: Signer = { ...signer, sign: async data => signer.sign(data) }
    expect(await outcomeOf(async () => verify(await signJws({ typ }, {}, slow)))).toBe('accepted')
  })
})

describe('jose as the counterpart', () => {
  it.each(algorithmNames)('verifies what we sign with %s', async alg => {
    const by = signers.get(alg)!
    const token = await signJws({ typ, kid: by.kid }, { iss: 'https://issuer.example', name: 'Ёж' }, by)
    const key = await jose.importJWK(by.publicJwk, alg)
    const { payload, protectedHeader } = await jose.jwtVerify(token, key, { typ, algorithms: [alg] })
    expect(payload).toEqual({ iss: 'https://issuer.example', name: 'Ёж' })
    expect(protectedHeader).toEqual({ typ, kid: by.kid, alg })
  })

  it.each(algorithmNames)('signs what we verify with %s', async alg => {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true })
    const token = await new jose.SignJWT({ name: 'Ёж' }).setProtectedHeader({ alg, typ }).sign(privateKey)
    const trusted = { ...signer, publicJwk: readPublicJwk(await jose.exportJWK(publicKey)) }
    expect((await verify(token, trusted)).payload).toEqual({ name: 'Ёж' })
  })
})
