/**
 * What a QR code shows: the credential as its issuer signed it, the disclosures that its holder chose, and when, for whom and
 * for which request; all under a signature of the holder's key. A code that was copied is worth nothing a little later.
 */
import { type CborValue, isBytes, isCborArray } from '../../core/cbor/value.js'
import { writeCbor } from '../../core/cbor/write.js'
import type { TaggedSign1 } from '../../core/cose/tagged.js'
import type { Signer } from '../../core/keys.js'
import { forOneInput, type Limits } from '../../core/limits.js'
import {
  expectPart,
  isListOf,
  isNumber,
  isText,
  type QrCredential,
  readQrCredential,
  readTyped,
  signTyped,
} from './credential.js'

/** The type in the protected header, beside that of the credential. */
const presentationType = 65_046

/** A presentation as read: well formed, and nothing of it believed. */
export interface QrPresentation {
  readonly credential: QrCredential
  /** As received: what the digests are of. */
  readonly disclosures: readonly Uint8Array[]
  readonly proof: HolderProof
}

/** What the holder signed. */
export interface HolderProof extends Answered {
  readonly sign1: TaggedSign1
  /** Seconds. */
  readonly issuedAt: number
}

/** The request that a presentation answers: both, or neither where nobody asked. */
interface Answered {
  readonly audience?: string | undefined
  readonly nonce?: string | undefined
}

/**
 * Reads a presentation out of its inflated bytes: `[iat, [audience, nonce] / null, credential, disclosure …]`. Throws
 * `qr_malformed`, `limit_exceeded`, the codes of CBOR and COSE, and what `readQrCredential` throws.
 */
export function readQrPresentation(bytes: Uint8Array, limits: Limits): QrPresentation {
  const shared = forOneInput(limits)
  const sign1 = readTyped(bytes, presentationType, shared)
  const [issuedAt, request, credential, ...disclosures] = expectPart(sign1.content, isCborArray, 'presentation')
  return {
    proof: { sign1, issuedAt: expectPart(issuedAt, isNumber, 'iat'), ...readRequest(request) },
    disclosures: disclosures.map(disclosure => expectPart(disclosure, isBytes, 'disclosure')),
    credential: readQrCredential(expectPart(credential, isBytes, 'credential'), shared),
  }
}

function readRequest(request: CborValue | undefined): Answered {
  if (request === null) return {}
  const [audience, nonce] = expectPart(request, isListOf(2), 'request')
  return { audience: expectPart(audience, isText, 'aud'), nonce: expectPart(nonce, isText, 'nonce') }
}

/** What a holder shows, and for which request. */
export interface QrPresentationContent extends Answered {
  readonly credential: Uint8Array
  readonly disclosures: readonly Uint8Array[]
  /** Seconds. */
  readonly iat: number
}

/** The bytes of a presentation. */
export function signQrPresentation(content: QrPresentationContent, signer: Signer): Promise<Uint8Array> {
  const { credential, disclosures, iat, audience, nonce } = content
  const request = audience === undefined || nonce === undefined ? null : [audience, nonce]
  return signTyped(writeCbor([iat, request, credential, ...disclosures]), presentationType, new Map(), signer)
}
