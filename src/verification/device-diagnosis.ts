/**
 * Why a device's proof does not hold: the usual mistakes of wallets, tried one by one (ISO/IEC 18013-5, 9.1.3). For whoever has
 * to find out; a verifier refuses without it just the same.
 */
import { readCbor } from '../core/cbor/read.js'
import { rewriteCbor } from '../core/cbor/rewrite.js'
import { wrapEncoded } from '../core/cbor/structure.js'
import { VidimusError } from '../errors.js'
import { deviceAuthenticationBytes } from '../formats/mdoc/device-signed.js'
import type { Proof, Verify } from './device.js'

/**
 * Waits for the verdict on a proof, and adds to its refusal the session that it was expected for and, as `actual`, what it was
 * made for if that is one of the usual mistakes. Nothing is accepted by it.
 */
export async function diagnoseDevice(proof: Proof, verify: Verify, verified: Promise<void>): Promise<void> {
  try {
    await verified
  } catch (error) {
    if (!(error instanceof VidimusError) || !failures.includes(error.code)) throw error
    const { code, at } = error
    const { flow } = proof.session.transcript
    throw new VidimusError(code, { at, expected: flow, actual: await mistakeOf(proof, verify) })
  }
}

const failures: readonly string[] = ['device_signature_invalid', 'device_mac_invalid']

async function mistakeOf({ deviceSigned, docType, session }: Proof, verify: Verify): Promise<string | undefined> {
  const { bytes, variants } = session.transcript
  for (const variant of variants)
    if (await holds(verify, variant.bytes, deviceAuthenticationBytes(variant.bytes, docType, deviceSigned.encoded)))
      return variant.name
  const rewritten = rewrite(deviceSigned.encoded)
  if (await holds(verify, bytes, deviceAuthenticationBytes(bytes, docType, rewritten)))
    return 'device_namespaces_rewritten'
  return undefined
}

/** Namespaces as a device writes them that does not sign what it sends. */
const rewrite = (encoded: Uint8Array): Uint8Array => {
  const value = readCbor(encoded)
  return typeof value === 'object' && value !== null && 'value' in value && value.value instanceof Uint8Array
    ? wrapEncoded(rewriteCbor(readCbor(value.value)))
    : encoded
}

const holds = (verify: Verify, transcript: Uint8Array, authentication: Uint8Array): Promise<boolean> =>
  verify(transcript, authentication).then(
    () => true,
    () => false,
  )
