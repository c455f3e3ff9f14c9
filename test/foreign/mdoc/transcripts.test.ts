/** Session transcripts by other libraries' named functions: the same bytes as ours. */
import { DeviceResponse } from '@animo-id/mdoc'
import { DeviceEngagement, EReaderKey, SessionTranscript } from '@owf/mdoc'
import { expect, it } from 'vitest'
import { fromBase64url } from '../../../src/core/bytes.js'
import { embed, writeCbor } from '../../../src/core/cbor/write.js'
import { writeCoseKey } from '../../../src/core/cose/key.js'
import { thumbprint } from '../../../src/core/jwk.js'
import { generateSigner } from '../../../src/core/keys.js'
import {
  dcApiTranscript,
  openid4vpDraft18Transcript,
  openid4vpTranscript,
  proximityTranscript,
} from '../../../src/formats/mdoc/session-transcript.js'
import { fromHex } from '../../core/support.js'
import annexD from '../../vectors/mdoc/annex-d.json' with { type: 'json' }
import { context } from './owf.js'
import { session } from './world.js'

const { publicJwk: encryptionKey } = await generateSigner('ES256')
const jwkThumbprint = fromBase64url(await thumbprint(encryptionKey))
const origin = 'https://rental.example'
const { clientId, nonce, responseUri } = session

it('OpenID4VP 1.0 by redirect, encrypted and not', async () => {
  const encrypted = await SessionTranscript.forOid4Vp({ ...session, jwkThumbprint }, context)
  expect((await openid4vpTranscript({ ...session, encryptionKey })).bytes).toEqual(encrypted.encode())
  expect((await openid4vpTranscript(session)).bytes).toEqual(
    (await SessionTranscript.forOid4Vp(session, context)).encode(),
  )
})

it('OpenID4VP 1.0 over the Digital Credentials API, encrypted and not', async () => {
  const encrypted = await SessionTranscript.forOid4VpDcApi({ origin, nonce, jwkThumbprint }, context)
  expect((await dcApiTranscript({ origin, nonce, encryptionKey })).bytes).toEqual(encrypted.encode())
  const plain = await SessionTranscript.forOid4VpDcApi({ origin, nonce }, context)
  expect((await dcApiTranscript({ origin, nonce })).bytes).toEqual(plain.encode())
})

it('OpenID4VP before 1.0', async () => {
  const ours = await openid4vpDraft18Transcript({ ...session, mdocGeneratedNonce: 'mine' })
  const parameters = { clientId, responseUri, verifierGeneratedNonce: nonce, mdocGeneratedNonce: 'mine' }
  expect(ours.bytes).toEqual((await SessionTranscript.forOid4VpDraft18(parameters, context)).encode())
  const { digest } = context.crypto
  const animo = await DeviceResponse.calculateSessionTranscriptBytesForOID4VP({
    ...parameters,
    context: { crypto: { digest } as never },
  })
  expect(writeCbor(embed(ours.bytes))).toEqual(new Uint8Array(animo))
})

it('proximity by QR code', async () => {
  const deviceEngagement = fromHex(annexD.ISO_18013_5_ANNEX_D_DEVICE_ENGAGEMENT)
  const readerKey = writeCbor(writeCoseKey(encryptionKey))
  const theirs = SessionTranscript.forQrHandover({
    deviceEngagement: DeviceEngagement.decode(deviceEngagement),
    eReaderKey: EReaderKey.decode(readerKey),
  })
  expect((await proximityTranscript({ deviceEngagement, readerKey })).bytes).toEqual(theirs.encode())
})
