/** What a page hands over as its platform names it. Compiled against the packed package with the types of the DOM, never run. */
import { importSigner, type Jwk, statusChecker } from 'vidimus'
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
export const texts = [...pictures, frame].map(picture => scanQr(picture))
