/**
 * European health certificates (HCERT, `HC1:`), read with the readers of this folder: the container that ours is made like.
 * Vectors of the European Commission, positive and negative ones.
 */
import { describe, expect, it } from 'vitest'
import { digest, importPublicKey, verifyRsaSignature } from '#crypto'
import { algorithmOfCurve } from '../../../src/core/algorithms.js'
import { base64url, fromBase64 } from '../../../src/core/bytes.js'
import { readCbor } from '../../../src/core/cbor/read.js'
import { CborTag, isBytes, isCborMap } from '../../../src/core/cbor/value.js'
import { writeCbor } from '../../../src/core/cbor/write.js'
import { eitherHeader, headerAlg, headerKeyId } from '../../../src/core/cose/headers.js'
import { readSign1, type Sign1, tagSign1, verifySign1 } from '../../../src/core/cose/sign1.js'
import { inflateWithin } from '../../../src/core/inflate.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { type Certificate, readCertificate } from '../../../src/core/x509/certificate.js'
import { VidimusError } from '../../../src/errors.js'
import { fromBase45 } from '../../../src/formats/qr/base45.js'
import vectors from '../../vectors/hcert/hcert.json' with { type: 'json' }

interface Vector {
  readonly description: string
  readonly clock: string
  readonly certificate: string | null
  readonly text: string
  readonly cose: string | null
  readonly expected: Readonly<Record<string, boolean>>
}

const cases = Object.entries(vectors as Readonly<Record<string, Vector>>).map(([name, vector]) => ({ name, ...vector }))

/** Where the vectors say less than our readers do, or forgive what RFC 9052 does not; see SKIPS.md. */
const told: Readonly<Record<string, string>> = {
  'common/CBO2': 'cbor_malformed (surplus)',
  'common/CO16': 'credential_issued_in_future',
  'common/CO17': 'credential_expired',
  'common/CO20': 'alg_not_allowed (alg)',
  'common/CO21': 'cose_header_duplicate (4)',
  'common/CO22': 'cose_header_duplicate (4)',
  'common/CO23': 'issuer_key_unknown (kid)',
}

/** What is expected of our readers: everything up to the signature and the times is theirs, schema and usages are not. */
function expectation({ name, expected }: (typeof cases)[number]): string {
  if (expected['EXPECTEDUNPREFIX'] === false) return 'qr_malformed (prefix)'
  if (expected['EXPECTEDB45DECODE'] === false) return 'encoding_invalid (base45)'
  if (expected['EXPECTEDCOMPRESSION'] === false) return 'inflate_invalid'
  return told[name] ?? 'verified'
}

describe('HCERT', () => {
  it.each(cases)('$name: $description', async vector => {
    expect(await outcome(vector)).toBe(expectation(vector))
  })

  it('is never verified where the vectors say that it must not be', () => {
    const refused = cases.filter(({ expected: { EXPECTEDVERIFY: verified, EXPECTEDEXPIRATIONCHECK: current } }) =>
      [verified, current].includes(false),
    )
    expect(refused.map(({ name }) => told[name] ?? `${name} verifies`)).toEqual(refused.map(({ name }) => told[name]))
    expect(refused).toHaveLength(5)
  })

  it('refuses every certificate of which one bit of payload or signature was changed', async () => {
    const vector = cases.find(({ name }) => name === 'AT/1')!
    const sign1 = await openHcert(vector.text)
    const certificate = readCertificate(fromBase64(vector.certificate!))
    for (const part of ['payload', 'signature'] as const)
      for (let position = 0; position < sign1[part]!.length; position += 7) {
        const harmed = new Uint8Array(sign1[part]!)
        harmed[position]! ^= 1 << (position % 8)
        await expect(verify({ ...sign1, [part]: harmed }, certificate)).rejects.toThrow('signature_invalid')
      }
  })
})

async function outcome(vector: Vector): Promise<string> {
  try {
    const sign1 = await openHcert(vector.text)
    if (vector.cose !== null && vector.expected['EXPECTEDDECODE'] === true) expect(hex(sign1)).toBe(vector.cose)
    const certificate = readCertificate(fromBase64(vector.certificate!))
    await requireKeyId(sign1, certificate)
    await verify(sign1, certificate)
    requireCurrent(sign1, new Date(vector.clock.replace(/(\.\d{3})\d+/, '$1')))
    return 'verified'
  } catch (error) {
    if (error instanceof VidimusError) return error.message
    throw error
  }
}

/** Prefix, Base45, ZLIB, COSE_Sign1. */
async function openHcert(text: string): Promise<Sign1> {
  if (!text.startsWith('HC1:')) throw new VidimusError('qr_malformed', { at: 'prefix' })
  const compressed = fromBase45(text.slice(4))
  const bytes = await inflateWithin(defaultLimits, 'presentationBytes', compressed)
  const item = readCbor(bytes, { tags: [tagSign1] })
  return readSign1(item instanceof CborTag ? item.value : item)
}

/** The name of a key is the beginning of the SHA-256 of its certificate. */
async function requireKeyId({ headers }: Sign1, { der }: Certificate): Promise<void> {
  const named = eitherHeader(headers, headerKeyId)
  const expected = (await digest('sha-256', der)).subarray(0, 8)
  if (!isBytes(named) || base64url(named) !== base64url(expected))
    throw new VidimusError('issuer_key_unknown', { at: 'kid' })
}

const pss256 = -37

async function verify(sign1: Sign1, certificate: Certificate): Promise<void> {
  const { headers, payload, signature } = sign1
  if (headers.protected.get(headerAlg) === pss256) {
    const signed = writeCbor(['Signature1', headers.protectedBytes, new Uint8Array(), payload!])
    const scheme = { hash: 'sha-256', pss: { saltLength: 32 } } as const
    if (!(await verifyRsaSignature(certificate.spki, scheme, signed, signature)))
      throw new VidimusError('signature_invalid', { at: 'signature' })
    return
  }
  const jwk = certificate.publicJwk!
  await verifySign1(sign1, payload!, await importPublicKey(jwk, algorithmOfCurve(jwk.crv)))
}

/** Claims 6 and 4 (RFC 8392 §3.1). */
function requireCurrent({ payload }: Sign1, clock: Date): void {
  const claims = readCbor(payload!)
  if (!isCborMap(claims)) throw new VidimusError('claim_malformed', { at: 'claims' })
  const [iat, exp] = [claims.get(6), claims.get(4)]
  if (typeof iat !== 'number') throw new VidimusError('claim_malformed', { at: 'iat' })
  if (typeof exp !== 'number') throw new VidimusError('claim_malformed', { at: 'exp' })
  if (iat * 1000 > clock.getTime()) throw new VidimusError('credential_issued_in_future')
  if (exp * 1000 < clock.getTime()) throw new VidimusError('credential_expired')
}

const hex = ({ headers, payload, signature }: Sign1): string => {
  const sign1 = new CborTag(tagSign1, [headers.protectedBytes, headers.unprotected, payload, signature])
  return [...writeCbor(sign1)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
