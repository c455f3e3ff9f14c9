/** What a page hands over as its platform names it. Compiled against the packed package with the types of the DOM, never run. */
import { importSigner, type Jwk, statusChecker } from 'vidimus'
import {
  citizenProfile,
  revocationLists,
  statusChecker as smallChecker,
  statusListCwt,
  statusListFetching,
  trustAnchors,
  verifyPresentation,
} from 'vidimus/browser'
import { scanQr } from 'vidimus/qr'

declare const key: JsonWebKey
declare const pair: CryptoKeyPair
declare const pictures: (
  | HTMLVideoElement
  | HTMLImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | ImageBitmap
  | ImageData
)[]
declare const frame: VideoFrame

export const jwk: Jwk = key
export const signer = importSigner(pair.privateKey, { alg: 'ES256' })
export const status = statusChecker({ fetch })

/** The small entry, whose checker is its own and whose verdicts have no evidence. */
export async function small(response: Uint8Array, expectedSessionTranscript: Uint8Array): Promise<string> {
  const trust = trustAnchors([], { revocationLists })
  const status = smallChecker({ fetch, statusListCwt, statusListFetching })
  const verdict = await verifyPresentation(response, {
    trust,
    status,
    expectedPassport: citizenProfile,
    expectedSessionTranscript,
  })
  // @ts-expect-error a page archives none
  verdict.evidence
  return verdict.ok ? (verdict.claims.familyName ?? '') : verdict.code
}
export const texts = [...pictures, frame].map(picture => scanQr(picture))
