/** QR codes that are wrong in one place each: one row for every rule, with its code, its place and its check. */
import { describe, expect, it } from 'vitest'
import { deflate } from '#crypto'
import { concatBytes } from '../../src/core/bytes.js'
import { CborFloat, CborTag, type CborValue } from '../../src/core/cbor/value.js'
import { writeCbor } from '../../src/core/cbor/write.js'
import { writeShortCoseKey } from '../../src/core/cose/compressed-key.js'
import { writeCoseKey } from '../../src/core/cose/key.js'
import { generateSigner } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { base45 } from '../../src/formats/qr/base45.js'
import { integer, sequence } from '../../src/testing/der.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { verifyQrPresentation } from '../../src/verification/qr.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyPresentation } from '../../src/verification/verify.js'
import {
  disclosureOf,
  forgeQr,
  keyOf,
  type Members,
  makeQrWorld,
  type QrChanges,
  qrExpectations,
  Raw,
  rawMap,
  unfoldsTo,
} from '../qr-forge.js'
import { audience, issuer, nonce, now, seconds } from '../world.js'
import { judgement } from './mdoc-table.js'
import { expectText, refuses } from './qr-table.js'

const world = await makeQrWorld()
const stranger = await generateSigner('ES256')
const demands = qrExpectations(world)

const malformed = (at: string) => `qr_malformed (${at}) at structure`

/** A claim in place of the honest one; `undefined` takes it away. */
const claim = (label: number, value: CborValue | undefined): QrChanges => ({
  claims: honest => void (value === undefined ? honest.delete(label) : honest.set(label, value)),
})

/** A member of `[type, algorithm, digests]`. */
const inPassport = (index: number, value: CborValue): QrChanges => ({
  passport: honest => void (honest[index] = value),
})

/** A member of `[iat, request, credential, disclosure …]`. */
const inPresentation = (index: number, value: CborValue): QrChanges => ({
  presentation: honest => void (honest[index] = value),
})

const issuerHeader = (label: number | string, value: CborValue | undefined): QrChanges => ({
  issuerProtected: put(label, value),
})
const holderHeader = (label: number | string, value: CborValue | undefined): QrChanges => ({
  holderProtected: put(label, value),
})
const put = (label: number | string, value: CborValue | undefined) => (honest: Members) =>
  void (value === undefined ? honest.delete(label) : honest.set(label, value))

/** The family name with another value, rightly signed. */
const familyName = (value: CborValue): QrChanges => ({
  signed: ([, ...others]) => [disclosureOf(keyOf('familyName'), value, 1), ...others],
})

/** A value inside so many lists. */
const nested = (depth: number): Raw => new Raw(new Uint8Array(depth + 1).fill(0x81, 0, depth))

/** Bytes with one bit of the last changed. */
function flipLast(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy[copy.length - 1]! ^= 1
  return copy
}

/** r and s as certificates have them. */
const derSignature = (signature: Uint8Array): Uint8Array =>
  sequence(integer(signature.slice(0, 32)), integer(signature.slice(32)))

it('accepts the honest one', async () => {
  const verdict = await verifyQrPresentation(await forgeQr(world), demands)
  expect(judgement(verdict)).toBe('accepted')
  expect(verdict).toMatchObject({
    ok: true,
    format: 'qr',
    claims: { familyName: 'Specimen', birthDate: '2001-02-28', givenName: 'Anastasia' },
    otherClaims: {},
  })
})

describe('what is no code', () => {
  it.each([
    ['nothing', undefined, 'input_not_text at format'],
    ['a number', 7, 'input_not_text at format'],
    ['an object', {}, 'input_not_text at format'],
    ['a list', ['VQP1:'], 'input_not_text at format'],
    ['bytes', new Uint8Array(9), 'format_not_expected at format'],
    ['no text', '', 'format_unknown at format'],
    ['another prefix', 'HC1:NCFOXN', 'format_unknown at format'],
    ['another version', 'VQP2:BB8', 'format_unknown at format'],
    ['the prefix in lower case', 'vqp1:BB8', 'format_not_expected at format'],
    ['a space before the prefix', ' VQP1:BB8', 'format_unknown at format'],
    ['a JWT', 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA', 'format_not_expected at format'],
    ['an mdoc', 'o2d2ZXJzaW9uYzEuMA', 'format_not_expected at format'],
  ])('refuses %s', async (_, input, refused) => {
    expect(judgement(await verifyQrPresentation(input, demands))).toBe(refused)
  })

  it.each([
    ['nothing behind the prefix', 'VQP1:', 'inflate_invalid at structure'],
    ['a character too many', 'VQP1:BB8B', 'encoding_invalid (base45) at structure'],
    ['lower case', 'VQP1:bb8', 'encoding_invalid (base45) at structure'],
    ['three characters beyond two bytes', 'VQP1:GGW', 'encoding_invalid (base45) at structure'],
    ['what is not deflated', `VQP1:${base45(writeCbor([1]))}`, 'inflate_invalid at structure'],
    ['nothing behind the prefix of a credential', 'VQC1:', 'cbor_malformed (end) at structure'],
    ['a credential that is none', `VQC1:${base45(writeCbor([1]))}`, 'qr_malformed (held) at structure'],
  ])('refuses %s', async (_, text, refused) => {
    expect(judgement(await verifyQrPresentation(text, demands))).toBe(refused)
    expect(judgement(await verifyPresentation(text, demands))).toBe(refused)
  })

  it.each([
    ['ten million characters of the alphabet', 'VQP1:', 'limit_exceeded (presentationBytes) at format'],
    ['ten million characters of a credential', 'VQC1:', 'limit_exceeded (presentationBytes) at format'],
    ['ten million characters without a prefix', '', 'limit_exceeded (presentationBytes) at format'],
  ])('answers at once to %s', async (_, prefix, refused) => {
    const text = prefix + 'BB8'.repeat(3_500_000)
    const start = performance.now()
    expect(judgement(await verifyQrPresentation(text, demands))).toBe(refused)
    expect(performance.now() - start).toBeLessThan(100)
  })

  it('takes a lower limit than its own, and no higher one', async () => {
    const text = await forgeQr(world)
    const limits = { presentationBytes: text.length - 1 }
    expect(judgement(await verifyQrPresentation(text, { ...demands, limits }))).toBe(
      'limit_exceeded (presentationBytes) at format',
    )
    expect(
      judgement(await verifyQrPresentation(text, { ...demands, limits: { presentationBytes: text.length } })),
    ).toBe('accepted')
    const longer = `VQP1:${'0'.repeat(64 * 1024)}`
    expect(judgement(await verifyQrPresentation(longer, { ...demands, limits: defaultLimits }))).toBe(
      'limit_exceeded (presentationBytes) at format',
    )
  })

  it('refuses a format that was not asked for', async () => {
    const { expectedQr: _qr, ...others } = demands
    const text = await forgeQr(world)
    const verdict = await verifyPresentation(text, { ...others, expectedAudience: audience, expectedNonce: nonce })
    expect(judgement(verdict)).toBe('format_not_expected at format')
  })
})

describe('the stream', () => {
  it.each([
    [
      'a bomb of sixteen mebibytes',
      new Uint8Array(16 * 1024 * 1024),
      'limit_exceeded (presentationBytes) at structure',
    ],
    ['one byte too many', new Uint8Array(64 * 1024 + 1), 'limit_exceeded (presentationBytes) at structure'],
    ['zeros', new Uint8Array(64 * 1024), 'cbor_malformed (surplus) at structure'],
    ['nothing', new Uint8Array(), 'cbor_malformed (end) at structure'],
  ])('refuses %s', async (_, bytes, refused) => {
    await expectText(await unfoldsTo(bytes), demands, refused)
  })

  refuses(world, [
    [
      'a byte behind the stream',
      { deflated: bytes => concatBytes(bytes, new Uint8Array(1)) },
      'inflate_invalid at structure',
    ],
    ['a stream behind the stream', { deflated: bytes => concatBytes(bytes, bytes) }, 'inflate_invalid at structure'],
    ['a stream without its checksum', { deflated: bytes => bytes.slice(0, -4) }, 'inflate_invalid at structure'],
    ['another checksum', { deflated: bytes => flipLast(bytes) }, 'inflate_invalid at structure'],
    [
      'a byte behind the CBOR',
      { whole: bytes => concatBytes(bytes, new Uint8Array(1)) },
      'cbor_malformed (surplus) at structure',
    ],
    ['CBOR that is cut short', { whole: bytes => bytes.slice(0, -1) }, 'cbor_malformed (end) at structure'],
  ])

  it('refuses GZIP and bare DEFLATE in its place', async () => {
    for (const bytes of [
      await deflate(new Uint8Array(9), { wrapper: 'gzip' }),
      (await deflate(new Uint8Array(9))).slice(2),
    ])
      expect(judgement(await verifyQrPresentation(`VQP1:${base45(bytes)}`, demands))).toBe(
        'inflate_invalid at structure',
      )
  })

  it('refuses every text that is cut short', async () => {
    const text = await forgeQr(world)
    for (let length = 'VQP1:'.length; length < text.length; length += 7)
      expect(judgement(await verifyQrPresentation(text.slice(0, length), demands))).toMatch(
        /^(inflate_invalid|encoding_invalid \(base45\)) at structure$/,
      )
  })
})

describe('the signed structures', () => {
  refuses(world, [
    ['a credential without its tag', { issuerTagged: item => item }, malformed('tag')],
    [
      'a credential under the tag of a MAC',
      { issuerTagged: item => new CborTag(17, item) },
      'cbor_tag_not_allowed at structure',
    ],
    [
      'a credential under the tag of a CWT',
      { issuerTagged: item => new CborTag(61, new CborTag(18, item)) },
      'cbor_tag_not_allowed at structure',
    ],
    ['a credential under the tag of a date', { issuerTagged: () => new CborTag(1004, '2026-03-01') }, malformed('tag')],
    ['a presentation without its tag', { holderTagged: item => item }, malformed('tag')],
    [
      'a credential in two tags',
      { issuerTagged: item => new CborTag(18, new CborTag(18, item)) },
      'cose_malformed (structure) at structure',
    ],
    [
      'a credential of three members',
      { issuerSign1: honest => honest.slice(0, 3) },
      'cose_malformed (structure) at structure',
    ],
    [
      'a presentation of five members',
      { holderSign1: honest => [...honest, 0] },
      'cose_malformed (structure) at structure',
    ],
    [
      'a credential with a detached payload',
      { issuerSign1: ([a, b, , d]) => [a!, b!, null, d!] },
      malformed('payload'),
    ],
    [
      'a presentation with a detached payload',
      { holderSign1: ([a, b, , d]) => [a!, b!, null, d!] },
      malformed('payload'),
    ],
    [
      'a signature that is text',
      { issuerSign1: ([a, b, c]) => [a!, b!, c!, 'x'] },
      'cose_malformed (signature) at structure',
    ],
    ['a credential of another type', issuerHeader(16, 65_046), malformed('typ')],
    ['a credential without a type', issuerHeader(16, undefined), malformed('typ')],
    [
      'a type in the unprotected header',
      { ...issuerHeader(16, undefined), issuerUnprotected: put(16, 65_045) },
      malformed('typ'),
    ],
    ['a presentation of the type of a credential', holderHeader(16, 65_045), malformed('typ')],
    ['a presentation without a type', holderHeader(16, undefined), malformed('typ')],
    ['a status list in place of a presentation', holderHeader(16, 'application/statuslist+cwt'), malformed('typ')],
    [
      'an unknown critical header of the issuer',
      { issuerProtected: honest => void honest.set(2, [-70_000]).set(-70_000, 1) },
      'crit_unsupported (crit) at structure',
    ],
    [
      'an unknown critical header of the holder',
      { holderProtected: honest => void honest.set(2, ['x']).set('x', 1) },
      'crit_unsupported (crit) at structure',
    ],
    ['an empty list of critical headers', issuerHeader(2, []), 'crit_unsupported (crit) at structure'],
    ['a header that nobody signed', { issuerUnprotected: put(99, 0) }, malformed('unprotected')],
    [
      'a header that the holder did not sign',
      { holderUnprotected: put(4, Uint8Array.of(1)) },
      malformed('unprotected'),
    ],
    ['a header in both maps', { issuerUnprotected: put(1, -7) }, 'cose_header_duplicate (1) at structure'],
    [
      'a header twice',
      { issuerProtected: () => rawMap([1, -7], [1, -7], [16, 65_045]) },
      'cbor_duplicate_key at structure',
    ],
    [
      'a credential with longer heads than it needs',
      { credential: bytes => concatBytes(Uint8Array.of(0xd8, 18), bytes.slice(1)) },
      'cbor_not_deterministic (head) at structure',
    ],
    [
      'claims in another order',
      { claims: honest => rawMap(...[...honest].reverse()) },
      'cbor_not_deterministic (order) at structure',
    ],
    [
      'a byte behind the claims',
      { payload: bytes => concatBytes(bytes, new Uint8Array(1)) },
      'cbor_malformed (surplus) at structure',
    ],
    ['a claim twice', { claims: honest => rawMap(...honest, [1, issuer]) }, 'cbor_duplicate_key at structure'],
    [
      'claims of indefinite length',
      { payload: bytes => concatBytes(Uint8Array.of(0xbf), bytes.slice(1), Uint8Array.of(0xff)) },
      'cbor_not_deterministic (length) at structure',
    ],
    ['claims that are a list', { claims: honest => [...honest].flat() }, malformed('claims')],
    ['claims within a thousand lists', { claims: () => nested(1000) }, 'limit_exceeded (depth) at structure'],
    [
      'a big number among the claims',
      claim(99, new Raw(Uint8Array.of(0xc2, 0x41, 1))),
      'cbor_tag_not_allowed at structure',
    ],
    [
      'sixty thousand keys of one map',
      { claims: honest => new Map([...honest, [99, new Map(Array.from({ length: 1025 }, (_, key) => [key, 0]))]]) },
      'limit_exceeded (cborIntegerKeys) at structure',
    ],
    [
      'more items than one input may have',
      { whole: () => new Uint8Array([0x99, 0xff, 0xff, ...new Uint8Array(65_500)]) },
      'cbor_malformed (end) at structure',
    ],
  ])
})

describe('the claims of the issuer', () => {
  refuses(world, [
    ['no issuer', claim(1, undefined), malformed('iss')],
    ['an empty issuer', claim(1, ''), malformed('iss')],
    ['an issuer that is bytes', claim(1, Uint8Array.of(1)), malformed('iss')],
    ['no end', claim(4, undefined), malformed('exp')],
    ['an end that is a float', claim(4, new CborFloat(seconds + 60.5)), malformed('exp')],
    ['an end that is text', claim(4, '2027-01-01'), malformed('exp')],
    ['no time of issue', claim(6, undefined), malformed('iat')],
    ['a beginning that is null', claim(5, null), malformed('nbf')],
    ['no key of the holder', claim(8, undefined), malformed('cnf')],
    ['a key that is named alone', claim(8, new Map([[3, Uint8Array.of(1)]])), 'key_invalid (COSE_Key) at structure'],
    ['a confirmation that is a list', claim(8, [1]), malformed('cnf')],
    ['no passport', claim(-92_850, undefined), malformed('passport')],
    ['a passport of two members', { passport: honest => honest.slice(0, 2) }, malformed('passport')],
    ['a passport of four members', { passport: honest => [...honest, 0] }, malformed('passport')],
    ['a type that is empty', inPassport(0, ''), malformed('type')],
    ['a type that is a number', inPassport(0, 7), malformed('type')],
    ['digests by SHA-1', inPassport(1, -14), 'sd_alg_unsupported (passport) at structure'],
    ['digests by a name', inPassport(1, 'sha-256'), 'sd_alg_unsupported (passport) at structure'],
    ['a digest that is cut short', inPassport(2, new Uint8Array(31).fill(1, 16)), malformed('digests')],
    ['digests in a list', inPassport(2, [new Uint8Array(16)]), malformed('digests')],
    ['a digest twice', { digests: ([first, ...others]) => [first!, first!, ...others] }, malformed('digests')],
    ['digests out of order', { digests: honest => [...honest].reverse() }, malformed('digests')],
    [
      'more digests than a credential may have',
      {
        digests: honest => [
          ...honest.slice(0, 1).map(() => new Uint8Array(16)),
          ...Array.from({ length: 512 }, (_, i) =>
            new Uint8Array(16)
              .fill(255, 0, 2)
              .fill(i >> 8, 2, 3)
              .fill(i & 255, 3),
          ),
        ],
      },
      'limit_exceeded (disclosures) at structure',
    ],
    [
      'a key that is private',
      claim(
        8,
        new Map([
          [
            1,
            new Map<number, CborValue>([
              ...(writeShortCoseKey(world.holder.publicJwk) as Map<number, CborValue>),
              [-4, new Uint8Array(32)],
            ]),
          ],
        ]),
      ),
      'key_invalid (d) at structure',
    ],
    [
      'an x that no point of the curve has',
      claim(
        8,
        new Map([
          [
            1,
            new Map<number, CborValue>([
              [1, 2],
              [-1, 1],
              [-2, new Uint8Array(32).fill(0).fill(1, 31)],
              [-3, true],
            ]),
          ],
        ]),
      ),
      'key_invalid (x) at structure',
    ],
    [
      'an x beyond the field',
      claim(
        8,
        new Map([
          [
            1,
            new Map<number, CborValue>([
              [1, 2],
              [-1, 1],
              [-2, new Uint8Array(32).fill(0xff)],
              [-3, true],
            ]),
          ],
        ]),
      ),
      'key_invalid (x) at structure',
    ],
  ])

  it('reads the key of the holder in full as well, and claims it does not know', async () => {
    const whole = claim(8, new Map([[1, writeCoseKey(world.holder.publicJwk)]]))
    expect(judgement(await verifyQrPresentation(await forgeQr(world, whole), demands))).toBe('accepted')
    expect(judgement(await verifyQrPresentation(await forgeQr(world, claim(7, Uint8Array.of(1))), demands))).toBe(
      'accepted',
    )
  })
})

describe('who signed it', () => {
  refuses(world, [
    [
      'a type that nobody asked for',
      inPassport(0, 'https://guild.example/other/1'),
      'type_not_expected (type) at type',
    ],
    ['an issuer that nobody believes', claim(1, 'https://other.example'), 'issuer_untrusted (iss) at issuer_trusted'],
    [
      'a stranger who signs in the issuer’s name',
      { signer: stranger },
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'the holder who signs in the issuer’s place',
      w => ({ signer: w.holder }),
      'signature_invalid (signature) at issuer_signature',
    ],
    ['an algorithm of another curve', issuerHeader(1, -35), 'alg_not_allowed (alg) at issuer_trusted'],
    ['no algorithm', issuerHeader(1, undefined), 'alg_not_allowed (alg) at issuer_trusted'],
    ['HMAC', issuerHeader(1, 5), 'alg_not_allowed (alg) at issuer_trusted'],
    ['an algorithm by its name', issuerHeader(1, 'ES256'), 'alg_not_allowed (alg) at issuer_trusted'],
    [
      'an algorithm that is not protected',
      { ...issuerHeader(1, undefined), issuerUnprotected: put(1, -7) },
      malformed('unprotected'),
    ],
    [
      'a key that the issuer does not have',
      issuerHeader(4, Uint8Array.of(0x78)),
      'issuer_key_unknown (kid) at issuer_trusted',
    ],
    [
      'a signature of another credential',
      { issuerSign1: ([a, b, c]) => [a!, b!, c!, new Uint8Array(64).fill(1)] },
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'a signature in DER',
      { issuerSign1: ([a, b, c, d]) => [a!, b!, c!, derSignature(d as Uint8Array)] },
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'a signature of zeros',
      { issuerSign1: ([a, b, c]) => [a!, b!, c!, new Uint8Array(64)] },
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'a signature that is empty',
      { issuerSign1: ([a, b, c]) => [a!, b!, c!, new Uint8Array()] },
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'a payload that was changed',
      { issuerSign1: ([a, b, c, d]) => [a!, b!, flipLast(c as Uint8Array), d!] },
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'six certificates',
      issuerHeader(
        33,
        Array.from({ length: 6 }, () => new Uint8Array(9)),
      ),
      'limit_exceeded (certificates) at issuer_trusted',
    ],
  ])

  it('holds what is shown to the limits of the caller', async () => {
    const text = await forgeQr(world, familyName(nested(9)))
    expect(judgement(await verifyQrPresentation(text, { ...demands, limits: { depth: 8 } }))).toBe(
      'limit_exceeded (depth) at disclosures',
    )
    expect(judgement(await verifyQrPresentation(text, demands))).not.toContain('limit_exceeded')
  })

  it('takes the issuers that were asked for alone', async () => {
    const text = await forgeQr(world)
    expect(judgement(await verifyQrPresentation(text, { ...demands, expectedIssuer: issuer }))).toBe('accepted')
    expect(judgement(await verifyQrPresentation(text, { ...demands, expectedIssuer: 'https://other.example' }))).toBe(
      'issuer_not_expected (iss) at issuer_trusted',
    )
  })

  it('takes the algorithms that were asked for alone, of the holder as well', async () => {
    const holder = await generateSigner('ES384')
    const text = await forgeQr({ ...world, holder })
    expect(judgement(await verifyQrPresentation(text, demands))).toBe('accepted')
    expect(judgement(await verifyQrPresentation(text, { ...demands, algorithms: ['ES256'] }))).toBe(
      'alg_not_allowed (alg) at key_binding_signature',
    )
  })

  it('takes an anchor for the passports it was given for alone', async () => {
    const trust = trustAnchors([{ ...world.anchor, passports: [] }])
    expect(judgement(await verifyQrPresentation(await forgeQr(world), { ...demands, trust }))).toBe(
      'issuer_untrusted (iss) at issuer_trusted',
    )
  })

  it('believes a chain from an anchor, and none that leads elsewhere', async () => {
    const [known, unknown] = [await developmentIssuer({ issuer, now }), await developmentIssuer({ issuer, now })]
    const withChain = async ({ signer }: typeof known) => {
      return forgeQr(world, { signer, ...issuerHeader(33, certificateDer(signer.x5c![0]!)) })
    }
    const trust = trustAnchors([known.anchor])
    expect(judgement(await verifyQrPresentation(await withChain(known), { ...demands, trust }))).toBe('accepted')
    expect(judgement(await verifyQrPresentation(await withChain(unknown), { ...demands, trust }))).toMatch(
      /^certificate_.* at issuer_trusted$/,
    )
  })
})

describe('what is shown', () => {
  const other = disclosureOf(keyOf('rank'), 9, 9)
  refuses(world, [
    [
      'a claim that the issuer did not sign',
      { shown: honest => [...honest, other] },
      `qr_digest_missing (${keyOf('rank')}) at disclosures`,
    ],
    [
      'another value',
      { shown: ([, ...others]) => [disclosureOf(keyOf('familyName'), 'Forgery', 1), ...others] },
      `qr_digest_missing (${keyOf('familyName')}) at disclosures`,
    ],
    [
      'another salt',
      { shown: ([, ...others]) => [disclosureOf(keyOf('familyName'), 'Specimen', 9), ...others] },
      `qr_digest_missing (${keyOf('familyName')}) at disclosures`,
    ],
    [
      'a value under another key',
      { shown: ([, ...others]) => [disclosureOf(keyOf('birthTown'), 'Specimen', 1), ...others] },
      `qr_digest_missing (${keyOf('birthTown')}) at disclosures`,
    ],
    [
      'a claim twice',
      { shown: honest => [...honest, honest[0]!] },
      `qr_duplicate_claim (${keyOf('familyName')}) at disclosures`,
    ],
    [
      'two values of one claim, both signed',
      { signed: honest => [...honest, disclosureOf(keyOf('familyName'), 'Forgery', 9)] },
      `qr_duplicate_claim (${keyOf('familyName')}) at disclosures`,
    ],
    [
      'a digest in place of a disclosure',
      { shown: () => [new Uint8Array(16)] },
      'qr_malformed (disclosure) at disclosures',
    ],
    [
      'a disclosure without a value',
      { shown: ([first]) => [first!.slice(0, 18)] },
      'cbor_malformed (end) at disclosures',
    ],
    [
      'a byte behind a value',
      { signed: ([first]) => [concatBytes(first!, new Uint8Array(1))] },
      'cbor_malformed (surplus) at disclosures',
    ],
    [
      'a value with a longer head than it needs',
      familyName(new Raw(Uint8Array.of(0x78, 1, 0x58))),
      'cbor_not_deterministic (head) at disclosures',
    ],
    [
      'a text that is not UTF-8',
      familyName(new Raw(Uint8Array.of(0x61, 0xff))),
      'encoding_invalid (cbor) at disclosures',
    ],
    ['a value within a thousand lists', familyName(nested(1000)), 'limit_exceeded (depth) at disclosures'],
    ['a value with a key twice', familyName(rawMap(['a', 1], ['a', 2])), 'cbor_duplicate_key at disclosures'],
    ['a big number', familyName(new Raw(Uint8Array.of(0xc2, 0x41, 1))), 'cbor_tag_not_allowed at disclosures'],
    [
      'more disclosures than a presentation may have',
      { shown: ([first]) => Array.from({ length: 513 }, () => first!) },
      'limit_exceeded (disclosures) at disclosures',
    ],
    ['a name that is a number', familyName(7), 'claim_malformed (familyName) at claims'],
    [
      'a date as text',
      { signed: () => [disclosureOf(keyOf('birthDate'), '2001-02-28')] },
      'claim_malformed (birthDate) at claims',
    ],
    [
      'a date as in an mdoc',
      { signed: () => [disclosureOf(keyOf('birthDate'), new CborTag(1004, '2001-02-28'))] },
      'claim_malformed (birthDate) at claims',
    ],
    [
      'a date that is a fraction of a day',
      { signed: () => [disclosureOf(keyOf('birthDate'), new CborTag(100, new CborFloat(0.5)))] },
      'claim_malformed (birthDate) at claims',
    ],
    [
      'a date beyond the year 9999',
      { signed: () => [disclosureOf(keyOf('birthDate'), new CborTag(100, 2_932_897))] },
      'claim_malformed (birthDate) at claims',
    ],
    [
      'a date before the year 1',
      { signed: () => [disclosureOf(keyOf('birthDate'), new CborTag(100, -719_163))] },
      'claim_malformed (birthDate) at claims',
    ],
    [
      'a date that no calendar has',
      { signed: () => [disclosureOf(keyOf('birthDate'), new CborTag(100, 1e15))] },
      'claim_malformed (birthDate) at claims',
    ],
    [
      'a claim of no field that cannot be told',
      { signed: () => [disclosureOf(1, rawMap([1, 0], ['1', 0]), 5)] },
      'claim_malformed (1) at claims',
    ],
  ])

  refuses(
    world,
    [['nothing of what is required', { shown: () => [] }, 'required_claim_missing (familyName) at required_claims']],
    {
      require: ['familyName'],
    } as object,
  )

  it('tells what is signed and is no field of the passport', async () => {
    const text = await forgeQr(world, {
      signed: () => [disclosureOf(1, ['x', new CborTag(100, 0)], 5), disclosureOf(2, new CborTag(100, 1), 6)],
    })
    const verdict = await verifyQrPresentation(text, demands)
    expect(verdict).toMatchObject({ ok: true, claims: {}, otherClaims: { 1: ['x', 0], 2: '1970-01-02' } })
  })
})

describe('times', () => {
  refuses(world, [
    ['a credential that has ended', claim(4, seconds - 61), 'credential_expired (exp) at validity'],
    ['a credential that has not begun', claim(5, seconds + 61), 'credential_not_yet_valid (nbf) at validity'],
    ['a credential of tomorrow', claim(6, seconds + 61), 'credential_issued_in_future (iat) at validity'],
    ['an end before all time', claim(4, -1), 'claim_malformed (exp) at validity'],
    ['an end beyond all time', claim(4, 253_402_300_800), 'claim_malformed (exp) at validity'],
    ['a time of issue before all time', claim(6, -1), 'claim_malformed (iat) at validity'],
    [
      'a presentation that is too old',
      inPresentation(0, seconds - 121),
      'key_binding_too_old (iat) at key_binding_time',
    ],
    [
      'a presentation of the future',
      inPresentation(0, seconds + 61),
      'key_binding_in_future (iat) at key_binding_time',
    ],
    ['a presentation before all time', inPresentation(0, -1), 'key_binding_too_old (iat) at key_binding_time'],
  ])

  it('takes what is just fresh enough', async () => {
    for (const iat of [seconds - 120, seconds + 60])
      expect(judgement(await verifyQrPresentation(await forgeQr(world, inPresentation(0, iat)), demands))).toBe(
        'accepted',
      )
  })
})

describe('the holder', () => {
  refuses(world, [
    ['a presentation that is a map', { presentation: () => new Map() }, malformed('presentation')],
    ['a presentation of nothing', { presentation: () => [] }, malformed('iat')],
    ['a time that is a float', inPresentation(0, new CborFloat(1.5)), malformed('iat')],
    ['a time that is text', inPresentation(0, '2026'), malformed('iat')],
    ['no credential', { presentation: honest => honest.slice(0, 2) }, malformed('credential')],
    ['a credential that is text', inPresentation(2, 'x'), malformed('credential')],
    ['a disclosure that is text', inPresentation(3, 'x'), malformed('disclosure')],
    ['a request of one member', inPresentation(1, [audience]), malformed('request')],
    ['a request of three members', inPresentation(1, [audience, nonce, 0]), malformed('request')],
    ['a request that is true', inPresentation(1, true), malformed('request')],
    ['an audience that is a list', inPresentation(1, [[audience], nonce]), malformed('aud')],
    ['an audience that is empty', inPresentation(1, ['', nonce]), malformed('aud')],
    ['a nonce that is bytes', inPresentation(1, [audience, new Uint8Array(9)]), malformed('nonce')],
    ['a nonce that is empty', inPresentation(1, [audience, '']), malformed('nonce')],
    [
      'a byte behind what is presented',
      { presented: bytes => concatBytes(bytes, new Uint8Array(1)) },
      'cbor_malformed (surplus) at structure',
    ],
    [
      'a stranger who shows it',
      { holder: stranger },
      'key_binding_signature_invalid (signature) at key_binding_signature',
    ],
    [
      'the issuer who shows it',
      w => ({ holder: w.signer }),
      'key_binding_signature_invalid (signature) at key_binding_signature',
    ],
    ['an algorithm of another curve', holderHeader(1, -35), 'alg_not_allowed (alg) at key_binding_signature'],
    ['no algorithm', holderHeader(1, undefined), 'alg_not_allowed (alg) at key_binding_signature'],
    [
      'a signature that is empty',
      { holderSign1: ([a, b, c]) => [a!, b!, c!, new Uint8Array()] },
      'key_binding_signature_invalid (signature) at key_binding_signature',
    ],
    [
      'a signature in DER',
      { holderSign1: ([a, b, c, d]) => [a!, b!, c!, derSignature(d as Uint8Array)] },
      'key_binding_signature_invalid (signature) at key_binding_signature',
    ],
    [
      'what was made for a request, where nobody asked',
      inPresentation(1, [audience, nonce]),
      'key_binding_audience_mismatch (aud) at key_binding_audience',
    ],
  ])

  it('refuses a disclosure that was added to a presentation', async () => {
    const text = await forgeQr(world, {
      shown: ([first]) => [first!],
      holderSign1: ([a, b, c, d]) => [a!, b!, c!, d!],
    })
    expect(judgement(await verifyQrPresentation(text, demands))).toBe('accepted')
    const more = await forgeQr(world, {
      holderSign1: ([a, b, c, d]) => [a!, b!, withoutLast(c as Uint8Array), d!],
    })
    expect(judgement(await verifyQrPresentation(more, demands))).toBe(
      'key_binding_signature_invalid (signature) at key_binding_signature',
    )
  })

  const asked = { expectedAudience: audience, expectedNonce: nonce }
  it.each([
    ['answers the request', [audience, nonce], 'accepted'],
    ['answers no request', null, 'key_binding_audience_mismatch (aud) at key_binding_audience'],
    [
      'answers another verifier',
      ['https://other.example', nonce],
      'key_binding_audience_mismatch (aud) at key_binding_audience',
    ],
    [
      'answers an older request',
      [audience, 'nonce-of-another-request'],
      'key_binding_nonce_mismatch (nonce) at key_binding_nonce',
    ],
    [
      'answers it in capitals',
      [audience.toUpperCase(), nonce],
      'key_binding_audience_mismatch (aud) at key_binding_audience',
    ],
  ])('judges what %s', async (_, request, refused) => {
    const text = await forgeQr(world, inPresentation(1, request))
    expect(judgement(await verifyQrPresentation(text, { ...demands, ...asked }))).toBe(refused)
    expect(judgement(await verifyPresentation(text, { ...demands, ...asked }))).toBe(refused)
  })
})

/** `[iat, null, credential, a, b, c]` without c. */
function withoutLast(payload: Uint8Array): Uint8Array {
  const copy = new Uint8Array(payload)
  copy[0]! -= 1
  const last = disclosureOf(keyOf('givenName'), 'Anastasia', 3)
  return copy.slice(0, copy.length - last.length - 2)
}
