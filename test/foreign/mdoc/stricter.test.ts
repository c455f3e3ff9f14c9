/**
 * Where others say yes and we say no, and once the other way round. Each response is rightly signed by issuer and holder,
 * and peculiar in one thing. What they answer is asserted too: when an answer changes, the row has served its time here.
 */
import { describe, expect, it } from 'vitest'
import { readCbor } from '../../../src/core/cbor/read.js'
import { type CborMap, CborTag } from '../../../src/core/cbor/value.js'
import { cborMap, writeCbor } from '../../../src/core/cbor/write.js'
import { createSign1 } from '../../../src/core/cose/sign1.js'
import { documentValue, writeDeviceResponse } from '../../../src/formats/mdoc/device-response.js'
import { deviceAuthenticationBytes, signDevice } from '../../../src/formats/mdoc/device-signed.js'
import { presentMdoc } from '../../../src/presentation/mdoc.js'
import { verifyMdocPresentation } from '../../../src/verification/mdoc.js'
import { expectRefusal, summary } from '../../refusal.js'
import { animo } from './animo.js'
import { auth0 } from './auth0.js'
import { owf } from './owf.js'
import { docType, expectations, type MdocWorld, makeMdocWorld, namespace, type SignerCertificate } from './world.js'

const world = await makeMdocWorld()
const disclose = [[namespace, 'family_name']] as const

const present = ({ credential, holder, transcript }: MdocWorld) =>
  presentMdoc(credential, { disclose, sessionTranscript: transcript, signer: holder.signer })

const issuerSignedOf = async (of: MdocWorld) =>
  ((readCbor(await present(of)) as CborMap).get('documents') as readonly CborMap[])[0]!.get('issuerSigned')!

/** What they say, and what we say. */
async function answers(of: MdocWorld, response: Uint8Array) {
  const theirs: Record<string, string> = {}
  for (const { name, verify } of [auth0, owf, animo])
    theirs[name] = await verify(of, response).then(
      () => 'accepted',
      () => 'refused',
    )
  const verdict = await verifyMdocPresentation(response, expectations(of))
  if (!verdict.ok) expectRefusal(verdict, response)
  return { ...theirs, ours: summary(verdict) }
}

const all = (answer: string) => ({ '@auth0/mdl': answer, '@owf/mdoc': answer, '@animo-id/mdoc': answer })

it('all accept the honest response', async () => {
  expect(await answers(world, await present(world))).toEqual({ ...all('accepted'), ours: 'accepted' })
})

describe('a document', () => {
  it('of another type than the issuer signed', async () => {
    const claimed = 'org.iso.18013.5.1.mDL.other'
    const { holder, transcript } = world
    const deviceSigned = await signDevice(transcript.bytes, claimed, holder.signer)
    const response = writeDeviceResponse([documentValue(claimed, await issuerSignedOf(world), deviceSigned)])
    const ours = 'mdoc_doctype_mismatch at type'
    expect(await answers(world, response)).toEqual({ ...all('refused'), '@owf/mdoc': 'accepted', ours })
  })

  it('that is not there at all', async () => {
    const none = { ours: 'mdoc_document_missing at structure' }
    expect(await answers(world, writeDeviceResponse([]))).toEqual({ ...all('refused'), ...none })
    const absent = cborMap([
      ['version', '1.0'],
      ['status', 0],
    ])
    expect(await answers(world, writeCbor(absent))).toEqual({ ...all('refused'), '@owf/mdoc': 'accepted', ...none })
  })

  // @auth0/mdl checks chains by itself; for the other two the chain is checked here, and they ask nothing more of it.
  it.each<[string, SignerCertificate, string]>([
    ['of a web server', 'tls server', 'certificate_extended_key_usage'],
    ['of an authority', 'authority', 'certificate_profile'],
    ['of the root itself', 'root', 'certificate_profile'],
  ])('signed with the certificate %s', async (_, kind, code) => {
    const odd = await makeMdocWorld('ES256', kind)
    expect(await answers(odd, await present(odd))).toEqual({ ...all('accepted'), ours: `${code} at issuer_trusted` })
  })
})

describe('names of the device that are written otherwise, as CBOR allows', () => {
  it.each<[string, Uint8Array]>([
    ['with a longer head for their bytes', Uint8Array.of(0xd8, 24, 0x58, 1, 0xa0)],
    ['as a map of indefinite length', Uint8Array.of(0xd8, 24, 0x42, 0xbf, 0xff)],
  ])('%s', async (_, nameSpaces) => {
    const { holder, transcript } = world
    const payload = deviceAuthenticationBytes(transcript.bytes, docType, nameSpaces)
    const deviceSigned = cborMap([
      ['nameSpaces', new CborTag(24, null, nameSpaces)],
      ['deviceAuth', cborMap([['deviceSignature', await createSign1({ payload, detached: true }, holder.signer)]])],
    ])
    const response = writeDeviceResponse([documentValue(docType, await issuerSignedOf(world), deviceSigned)])
    expect(await answers(world, response)).toEqual({ ...all('refused'), ours: 'accepted' })
  })
})
