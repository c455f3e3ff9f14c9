/** A credential for codes as its holder keeps it, opened for a verification: everything is shown and nothing proved. */
import type { Limits } from '../core/limits.js'
import type { QrCredential } from '../formats/qr/credential.js'
import { discloseHeld, readHeld } from '../formats/qr/held.js'

/** What is verified of a code: the credential, and what is disclosed of it. */
export interface OpenedQr {
  readonly credential: QrCredential
  readonly disclosures: readonly Uint8Array[]
}

/** Reads the holder's text with every claim disclosed. Throws as `readHeld`. */
export async function openHeldQr(text: string, limits: Limits): Promise<OpenedQr> {
  const held = readHeld(text, limits)
  return { credential: held.credential, disclosures: await discloseHeld(held, [...held.values.keys()]) }
}
