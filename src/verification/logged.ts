/**
 * Whether a credential was logged before it was signed, as the verifier who demands it finds out without a network: by the
 * proof in the credential's protected header, and the keys of logs that are believed.
 *
 * A part of what a verifier believes, so that whoever believes keys and certificates alone carries nothing of logs.
 */
import { verifySignature } from '#crypto'
import { algorithmOfCurve } from '../core/algorithms.js'
import { expectReadable, misuse } from '../core/arguments.js'
import { base64url, fromBase64url } from '../core/bytes.js'
import { fromSeconds } from '../core/clock.js'
import type { Sign1 } from '../core/cose/sign1.js'
import { type JsonValue, parseJsonObject } from '../core/json.js'
import { expectPublicJwk, type KeyCache } from '../core/jwk.js'
import type { DecodedJws } from '../core/jws.js'
import type { Limits } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import type { IssuerSigned } from '../formats/mdoc/issuer-signed.js'
import { decodeSignedCheckpoint, verifyCheckpoint } from '../formats/tlog/checkpoint.js'
import {
  type LoggedContent,
  logProofHeader,
  logProofLabel,
  parseIssuanceProof,
  requireLogged,
  requireLoggedBefore,
} from '../formats/tlog/logged.js'
import { type NoteVerifier, parseVerifierKey, requireKeyId } from '../formats/tlog/note.js'
import type { Policy } from './policy.js'
import { anchorsFor, describeIssuer, signs, type TrustedKey } from './signers.js'
import type { Purpose, Trust } from './trust.js'

/** A credential whose signature holds, and who signed it. */
export type LoggedQuestion = SignedCredential & {
  readonly signer: TrustedKey
  /** The type identifier that the credential is taken by. */
  readonly type: string
}

type SignedCredential =
  | { readonly jws: DecodedJws }
  | { readonly issuerSigned: IssuerSigned }
  /** Of a QR code. */
  | { readonly sign1: Sign1; readonly issuedAt: Date }

/** What is checked of a credential, whatever its form. */
interface Received extends LoggedContent {
  readonly proof: JsonValue | undefined
  /** When it says that it was signed. */
  readonly issuedAt: Date | undefined
}

/** Logs as anchors are read with them: `issuanceLogs` is the one there is. */
export interface IssuanceLogs {
  /** Throws as `requireLoggedCredential`. */
  requireLogged(question: LoggedQuestion, policy: Policy): Promise<void>
  /** The key of an anchor. Throws as `readLogKey`. */
  readKey(text: string, argument: string, anchor: LogAnchor): NoteVerifier
}

/** The anchor of a log, as far as it is read. */
interface LogAnchor {
  readonly purposes: readonly Purpose[]
  readonly keys: KeyCache
}

/**
 * Asks whether a credential was logged before it was signed. Handed to `trustAnchors` of `vidimus/browser`; without it an
 * anchor's `logKey` is a `TypeError`, and `requireLogged` refuses with `log_untrusted`.
 * @example trustAnchors([anchor, { logKey, purposes: ['log'] }], { issuanceLogs })
 */
export const issuanceLogs: IssuanceLogs = { requireLogged: requireLoggedCredential, readKey: readLogKey }

/**
 * Demands that a credential was logged before it was signed. It cannot tell whether the log shows others the same entries:
 * that is for those who follow the log. Throws `log_proof_missing`, `log_proof_malformed`, `log_untrusted`,
 * `log_proof_invalid`, `log_entry_mismatch`, `log_entry_too_late`, `checkpoint_…`, `limit_exceeded`,
 * and for an mdoc the codes of malformed JSON.
 */
async function requireLoggedCredential(
  question: LoggedQuestion,
  { trust, now, clockTolerance, limits }: Policy,
): Promise<void> {
  const { proof: header, issuedAt = now, ...content } = receive(question, limits)
  const proof = parseIssuanceProof(header, limits)
  const { origin } = decodeSignedCheckpoint(proof.checkpoint)
  const verifiers = logsFor(trust, question, now).filter(({ name }) => name === origin)
  if (verifiers.length === 0) throw new VidimusError('log_untrusted', { at: 'checkpoint' })
  await requireLogged(proof, await verifyCheckpoint(proof.checkpoint, verifiers), content)
  requireLoggedBefore(proof, new Date(issuedAt.getTime() + clockTolerance * 1000))
}

/** The logs that may record what this signer issues: those of its issuer, and those that are believed for any. */
function logsFor(trust: Trust, { signer, type }: LoggedQuestion, now: Date): readonly NoteVerifier[] {
  const issuer = describeIssuer(signer).id
  return anchorsFor(trust, 'log', now).flatMap(anchor =>
    anchor.log !== undefined && (anchor.issuer === undefined || anchor.issuer === issuer) && signs(anchor, type)
      ? anchor.log
      : [],
  )
}

function receive(credential: SignedCredential, limits: Limits): Received {
  if ('jws' in credential) return ofJws(credential.jws)
  if ('sign1' in credential) return { ...ofSign1(credential.sign1, 'qr', limits), issuedAt: credential.issuedAt }
  const { issuerAuth, mso } = credential.issuerSigned
  return { ...ofSign1(issuerAuth, 'mso_mdoc', limits), issuedAt: mso.signed }
}

/** The payload as the characters say that were signed; `typ` was held against the format before. */
function ofJws({ header, payload, signingInput }: DecodedJws): Received {
  const { iat } = payload
  return {
    proof: header[logProofHeader],
    format: String(header['typ']),
    payload: fromBase64url(signingInput.slice(signingInput.indexOf('.') + 1)),
    issuedAt: typeof iat === 'number' ? fromSeconds(iat) : undefined,
  }
}

function ofSign1({ headers, payload }: Sign1, format: string, limits: Limits): Omit<Received, 'issuedAt'> {
  const proof = headers.protected.get(logProofLabel)
  return {
    proof: typeof proof === 'string' ? parseJsonObject(proof, limits) : proof === undefined ? undefined : null,
    format,
    payload: payload!,
  }
}

/**
 * The caller's own log key. It is imported when it is needed, and its identifier held against it: one that is another's fails
 * the check with `log_key_malformed`. Throws `TypeError` naming the argument for what is no key at all.
 */
function readLogKey(text: string, argument: string, { purposes, keys }: LogAnchor): NoteVerifier {
  // It signs under the name of its log, and nothing else.
  if (purposes.some(purpose => purpose !== 'log')) throw misuse(argument, "for the purposes ['log'] alone")
  const key = expectReadable(() => parseVerifierKey(text), argument, 'the verifier key of a log')
  const { name, keyId, publicKey } = key
  const algorithm = algorithmOfCurve('Ed25519')
  const jwk = expectPublicJwk({ kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }, argument)
  return {
    name,
    keyId,
    async verify(note, signature) {
      await requireKeyId(key)
      return verifySignature(await keys.import(jwk, algorithm), note, signature)
    },
  }
}
