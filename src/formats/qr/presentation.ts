/**
 * What a QR code shows: the credential as its issuer signed it, the disclosures that its holder chose, and when, for whom and
 * for which request; all under a signature of the holder's key. A code that was copied is worth nothing a little later.
 */
import { utf8 } from '../../core/bytes.js'
import { type CborMap, type CborValue, isBytes, isCborArray } from '../../core/cbor/value.js'
import { cborMap, writeCbor } from '../../core/cbor/write.js'
import { headerType } from '../../core/cose/headers.js'
import type { Sign1 } from '../../core/cose/sign1.js'
import type { Signer } from '../../core/keys.js'
import { forOneInput, type Limits } from '../../core/limits.js'
import { malformed, type QrCredential, readCwt, readQrCredential, signCwt } from './credential.js'

/** Labels of claims (RFC 8392 §3.1, RFC 9200 §5.10) … */
const labels = { aud: 3, iat: 6, cnonce: 39 }

/** … and our own: the credential, and behind it the disclosures. */
const shownLabel = -92_851

const knownLabels: readonly unknown[] = [...Object.values(labels), shownLabel]

/** The type in the protected header (RFC 9596 §2). */
const presentationType = 'application/vqp+cwt'

/** A presentation as read: well formed, and nothing of it believed. */
export interface QrPresentation {
  readonly credential: QrCredential
  /** As received: what the digests are of. */
  readonly disclosures: readonly Uint8Array[]
  readonly proof: HolderProof
}

/** What the holder signed. */
export interface HolderProof {
  readonly sign1: Sign1
  readonly payload: Uint8Array
  /** Seconds. */
  readonly issuedAt: number
  readonly audience: string | undefined
  /** UTF-8 of the request's nonce. */
  readonly nonce: Uint8Array | undefined
}

/**
 * Reads a presentation out of its inflated bytes. It has the members it may have and no others. Throws `qr_malformed`,
 * `limit_exceeded`, the codes of CBOR and COSE, and what `readQrCredential` throws.
 */
export function readQrPresentation(bytes: Uint8Array, limits: Limits): QrPresentation {
  const shared = forOneInput(limits)
  const { sign1, payload, claims } = readCwt(bytes, presentationType, shared)
  for (const label of claims.keys()) if (!knownLabels.includes(label)) throw malformed('presentation')
  const [credential, ...disclosures] = readShown(claims)
  const [issuedAt, audience, nonce] = [claims.get(labels.iat), claims.get(labels.aud), claims.get(labels.cnonce)]
  if (typeof issuedAt !== 'number') throw malformed('iat')
  if (audience !== undefined && typeof audience !== 'string') throw malformed('aud')
  if (nonce !== undefined && !isBytes(nonce)) throw malformed('cnonce')
  return {
    credential: readQrCredential(credential, shared),
    disclosures,
    proof: { sign1, payload, issuedAt, audience, nonce },
  }
}

function readShown(claims: CborMap): readonly [Uint8Array, ...Uint8Array[]] {
  const shown = claims.get(shownLabel)
  if (!isCborArray(shown) || shown.length === 0 || !shown.every(isBytes)) throw malformed('shown')
  return shown as readonly CborValue[] as readonly [Uint8Array, ...Uint8Array[]]
}

/** What a holder shows. */
export interface QrPresentationContent {
  readonly credential: Uint8Array
  readonly disclosures: readonly Uint8Array[]
  /** Seconds. */
  readonly iat: number
  readonly audience?: string | undefined
  readonly nonce?: string | undefined
}

/** The bytes of a presentation. */
export function signQrPresentation(content: QrPresentationContent, signer: Signer): Promise<Uint8Array> {
  const { credential, disclosures, iat, audience, nonce } = content
  const payload = cborMap([
    [labels.aud, audience],
    [labels.iat, iat],
    [labels.cnonce, nonce === undefined ? undefined : utf8(nonce)],
    [shownLabel, [credential, ...disclosures]],
  ])
  return signCwt(writeCbor(payload), new Map([[headerType, presentationType]]), signer)
}
