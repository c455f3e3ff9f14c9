/**
 * Visible digital seals of ICAO (VDS-NC): JSON and no CBOR, with the signer's certificate in the code. Read with the canonical
 * JSON, the certificates and the signatures that everything else here is verified with.
 */
import { describe, expect, it } from 'vitest'
import { importPublicKey, verifySignature } from '#crypto'
import { algorithmOfCurve, requireAlgorithm } from '../../../src/core/algorithms.js'
import { fromBase64, utf8 } from '../../../src/core/bytes.js'
import { canonicalJson } from '../../../src/core/canonical-json.js'
import { isJsonObject, type JsonObject, parseJsonObject } from '../../../src/core/json.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { readCertificate } from '../../../src/core/x509/certificate.js'
import { VidimusError } from '../../../src/errors.js'
import australian from '../../vectors/vds-nc/apo-valid.json' with { type: 'json' }
import utopian from '../../vectors/vds-nc/dotnet-example-0.json' with { type: 'json' }

const seals = [
  ['the specimen of the Australian Passport Office', australian.vds],
  ['the example of the Dutch reader', utopian],
] as const

describe('VDS-NC', () => {
  it.each(seals)('%s is verified', async (_, seal) => {
    await expect(verifySeal(JSON.stringify(seal))).resolves.toMatchObject({ hdr: { t: 'icao.vacc', v: 1 } })
  })

  it('names a signer whose certificate is the one that was published beside it', () => {
    const { der } = readCertificate(fromBase64(australian.bsc_der_b64))
    expect(certificateOf(australian.vds.sig.cer).der).toEqual(der)
    expect(certificateOf(australian.vds.sig.cer).issuer).toEqual(
      readCertificate(fromBase64(australian.csca_der_b64)).subject,
    )
  })

  it.each(seals)('%s is refused with another name in it', async (_, seal) => {
    const text = JSON.stringify(seal).replace(/"n":"./, '"n":"X')
    await expect(verifySeal(text)).rejects.toThrow('signature_invalid')
  })

  it.each(seals)('%s is refused with a member more', async (_, seal) => {
    const text = JSON.stringify({ ...seal, data: { ...seal.data, more: 1 } })
    await expect(verifySeal(text)).rejects.toThrow('signature_invalid')
  })

  it.each(seals)('%s is refused with a member twice', async (_, seal) => {
    const text = JSON.stringify(seal).replace('"sex":', '"sex":"X","sex":')
    await expect(verifySeal(text)).rejects.toThrow('json_duplicate_member')
  })

  it.each(seals)('%s is refused under the signature of the other', async (_, seal) => {
    const [one, other] = [australian.vds, utopian]
    const text = JSON.stringify({ ...seal, sig: seal === one ? other.sig : one.sig })
    await expect(verifySeal(text)).rejects.toThrow('signature_invalid')
  })

  it.each(seals)('%s is refused under an algorithm that is none of ours', async (_, seal) => {
    const text = JSON.stringify({ ...seal, sig: { ...seal.sig, alg: 'none' } })
    await expect(verifySeal(text)).rejects.toThrow('alg_not_allowed')
  })
})

/** The data of a seal whose signature holds over their canonical form (Doc 9303-13, VDS-NC: RFC 8785, RFC 7518 §3.4). */
async function verifySeal(text: string): Promise<JsonObject> {
  const { data, sig } = parseJsonObject(text, defaultLimits)
  if (!isJsonObject(data!) || !isJsonObject(sig!)) throw new VidimusError('json_invalid')
  const { publicJwk } = certificateOf(String(sig['cer']))
  const algorithm = requireAlgorithm(sig['alg'], [algorithmOfCurve(publicJwk!.crv).name])
  const key = await importPublicKey(publicJwk!, algorithm)
  const signature = fromBase64(standard(String(sig['sigvl'])))
  if (!(await verifySignature(key, utf8(canonicalJson(data)), signature))) throw new VidimusError('signature_invalid')
  return data
}

const certificateOf = (cer: string) => readCertificate(fromBase64(standard(cer)))

/** Base64url with padding, as the profile writes it. */
const standard = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/')
