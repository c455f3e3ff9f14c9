/** Whose signature counts on a status list. */
import type { PublicKey } from '../core/crypto/backend.js'
import type { SignerHints } from '../core/signer-hints.js'
import { VidimusError } from '../errors.js'
import { anyStatusSigners } from '../verification/signers.js'
import type { StatusQuestion } from '../verification/status.js'
import type { Trust } from '../verification/trust.js'

/**
 * The signers that a verdict believes for the issuer of its credential and, with a checker's own `trust`, every anchor in
 * it with the purpose `status`: its owner put it there for lists that others sign.
 */
export function signersOf(question: StatusQuestion, trust: Trust | undefined): StatusQuestion['signers'] {
  if (trust === undefined) return question.signers
  const sources = [question.signers, anyStatusSigners(trust, question)]
  return hints => anySigners(sources, hints)
}

/** The keys of all who have some. Where nobody does, what the first one threw. */
async function anySigners(
  sources: readonly StatusQuestion['signers'][],
  hints: SignerHints,
): Promise<readonly PublicKey[]> {
  const keys: PublicKey[] = []
  let refusal: VidimusError | undefined
  for (const signers of sources) {
    try {
      keys.push(...(await signers(hints)))
    } catch (error) {
      if (!(error instanceof VidimusError)) throw error
      refusal ??= error
    }
  }
  if (keys.length === 0 && refusal !== undefined) throw refusal
  return keys
}
