/**
 * The holder's key of a credential that a wallet receives: nobody has to prove that they hold it. A key binding that is there
 * must hold all the same, whomever it was made for.
 */
import type { JsonObject } from '../core/json.js'
import { type PublicJwk, sameKey } from '../core/jwk.js'
import { VidimusError } from '../errors.js'
import { type ExamineKeyBinding, examineKeyBinding, readHolderKey } from './key-binding.js'
import type { Policy } from './policy.js'

/** As `examineKeyBinding`, for a credential that nobody presented. */
export const examineHeldBinding: ExamineKeyBinding = async (examination, parts, credential, policy) => {
  const isProven = parts.keyBinding !== undefined
  const readKey = (claims: JsonObject) => readExpectedKey(claims, isProven, policy)
  if (isProven) return examineKeyBinding(examination, parts, credential, policy, readKey)
  examination.skip('not_requested', 'key_binding', 'key_binding_signature', 'key_binding_audience')
  examination.skip('not_requested', 'key_binding_nonce', 'key_binding_time', 'key_binding_hash')
  return examination.test('holder_key', () => readKey(credential.claims))
}

/** The holder's key, if the credential is bound to one; the wallet's own where it says which. Throws `holder_key_mismatch`. */
export function readExpectedKey(
  claims: JsonObject,
  isProven: boolean,
  { expectedHolderKey }: Policy,
): PublicJwk | undefined {
  const holderKey = claims['cnf'] === undefined && !isProven ? undefined : readHolderKey(claims)
  if (expectedHolderKey !== undefined && (holderKey === undefined || !sameKey(holderKey, expectedHolderKey)))
    throw new VidimusError('holder_key_mismatch', { at: 'cnf' })
  return holderKey
}
