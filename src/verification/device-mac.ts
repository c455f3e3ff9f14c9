/**
 * The device's MAC (ISO/IEC 18013-5, 9.1.3.5): its key is agreed between device key and reader key. A part of its own, so that
 * who takes signatures alone carries neither agreement nor derivation.
 */
import { readAgreementKey } from '../core/agreement.js'
import type { Mac0 } from '../core/cose/mac0.js'
import type { Jwk, PublicJwk } from '../core/jwk.js'
import { VidimusError } from '../errors.js'
import { deviceMacKey, verifyDeviceMac } from '../formats/mdoc/device-signed.js'

/** The reader's key of a session, with which MACs are verified. */
export interface ReaderKey {
  /**
   * What verifies a MAC under this device key. Throws `device_mac_invalid` for a key on another curve; what it returns throws
   * it for a MAC that does not hold over these bytes, which were made of this transcript.
   */
  verifier(
    mac: Mac0,
    deviceKey: PublicJwk,
  ): Promise<(transcript: Uint8Array, authentication: Uint8Array) => Promise<void>>
}

/** The caller's private JWK. Throws `TypeError` naming the argument. */
export async function readReaderKey(jwk: Jwk | undefined): Promise<ReaderKey | undefined> {
  if (jwk === undefined) return undefined
  const { agree, publicJwk } = await readAgreementKey(jwk, 'readerKey')
  return {
    async verifier(mac, deviceKey) {
      const { crv } = publicJwk
      if (crv !== deviceKey.crv)
        throw new VidimusError('device_mac_invalid', { at: 'readerKey', expected: deviceKey.crv, actual: crv })
      const agreed = await agree(deviceKey)
      return async (transcript, authentication) =>
        verifyDeviceMac(mac, authentication, await deviceMacKey(agreed, transcript))
    },
  }
}
