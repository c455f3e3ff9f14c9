/** Whose signature counts on a status list. */
import type { PublicKey } from '../core/crypto/backend.js'
import type { DecodedJws } from '../core/jws.js'
import { VidimusError } from '../errors.js'
import type { StatusQuestion } from '../verification/status.js'
import { statusSigners, type Trust } from '../verification/trust.js'

/**
 * The signers that a verdict believes for the issuer of its credential and, with a checker's own `trust`, every anchor in
 * it with the purpose `status`: its owner put it there for lists that others sign.
 */
export function signersOf(question: StatusQuestion, trust: Trust | undefined): StatusQuestion['signers'] {
  if (trust === undefined) return question.signers
  const { now, algorithms, limits } = question
  const issuers = new Set(trust.anchors.map(({ issuer }) => issuer))
  const delegates = [...issuers].map(issuer => statusSigners(trust, { issuer, now, algorithms, limits }))
  return token => anySigners([question.signers, ...delegates], token)
}

/** The keys of all who have some. Where nobody does, what the first one threw. */
async function anySigners(
  sources: readonly StatusQuestion['signers'][],
  token: DecodedJws,
): Promise<readonly PublicKey[]> {
  const keys: PublicKey[] = []
  let refusal: VidimusError | undefined
  for (const signers of sources) {
    try {
      keys.push(...(await signers(token)))
    } catch (error) {
      if (!(error instanceof VidimusError)) throw error
      refusal ??= error
    }
  }
  if (keys.length === 0 && refusal !== undefined) throw refusal
  return keys
}
