/**
 * The device's part of an mdoc as a verifier sees it (ISO/IEC 18013-5, 9.1.3): the holder's key is there, in this session,
 * for this document; and what the holder says, the issuer let the holder say.
 */

import { coseHints } from '../core/cose/headers.js'
import { verifySign1 } from '../core/cose/sign1.js'
import type { PublicJwk } from '../core/jwk.js'
import { sameKey } from '../core/jwk.js'
import { VidimusError } from '../errors.js'
import type { MdocDocument } from '../formats/mdoc/device-response.js'
import { type DeviceSigned, deviceAuthenticationBytes } from '../formats/mdoc/device-signed.js'
import { nameOfElement } from '../formats/mdoc/item.js'
import type { KeyAuthorizations } from '../formats/mdoc/mso.js'
import { type PlainObject, plainOf } from '../passport/element-value.js'
import type { Examination } from './checks.js'
import type { Policy } from './policy.js'
import type { Session } from './session.js'
import { algorithmFor } from './signers.js'

/** What is believed of the holder, as far as it holds. */
export interface DeviceFindings {
  readonly holderKey: PublicJwk | undefined
  readonly deviceClaims: PlainObject | undefined
}

/** Examines the device's part. A credential that was not presented has none. */
export async function examineDevice(
  examination: Examination,
  document: Pick<MdocDocument, 'docType' | 'issuerSigned'> & { readonly deviceSigned?: DeviceSigned | undefined },
  policy: Policy,
): Promise<DeviceFindings> {
  const { deviceSigned } = document
  const { deviceKey, keyAuthorizations } = document.issuerSigned.mso
  const holderKey = examination.test('holder_key', () => expectHolderKey(deviceKey, policy))
  if (deviceSigned === undefined || policy.session === undefined) {
    examination.skip('not_requested', 'device_authentication', 'device_claims')
    return { holderKey, deviceClaims: undefined }
  }
  const proof: Proof = { deviceSigned, deviceKey, docType: document.docType, session: policy.session }
  await examination.test('device_authentication', () => verifyDevice(proof, policy))
  const deviceClaims = examination.test('device_claims', () => readDeviceClaims(deviceSigned, keyAuthorizations))
  return { holderKey, deviceClaims }
}

function expectHolderKey(deviceKey: PublicJwk, { expectedHolderKey }: Policy): PublicJwk {
  if (expectedHolderKey !== undefined && !sameKey(deviceKey, expectedHolderKey))
    throw new VidimusError('holder_key_mismatch', { at: 'deviceKey' })
  return deviceKey
}

/** A device's proof and all that it is held against. */
export interface Proof {
  readonly deviceSigned: DeviceSigned
  readonly deviceKey: PublicJwk
  readonly docType: string
  readonly session: Session
}

/** Throws `device_signature_invalid` or `device_mac_invalid`. */
async function verifyDevice(proof: Proof, policy: Policy): Promise<void> {
  const { deviceSigned, docType, session } = proof
  const { bytes } = session.transcript
  const verify = await verifierOf(proof, policy)
  const verified = verify(bytes, deviceAuthenticationBytes(bytes, docType, deviceSigned.encoded))
  await (session.diagnose?.(proof, verify, verified) ?? verified)
}

/** Throws unless the proof holds over these bytes, which were made of this transcript. */
export type Verify = (transcript: Uint8Array, authentication: Uint8Array) => Promise<void>

async function verifierOf({ deviceSigned, deviceKey, session }: Proof, policy: Policy): Promise<Verify> {
  const { kind, proof } = deviceSigned.auth
  if (kind === 'deviceMac') {
    if (session.readerKey === undefined) throw new VidimusError('device_mac_key_missing', { at: 'readerKey' })
    return session.readerKey.verifier(proof, deviceKey)
  }
  const { trust, algorithms, limits } = policy
  const algorithm = algorithmFor(deviceKey.crv, coseHints(proof.headers, algorithms, limits))
  const key = await trust.holderKeys.import(deviceKey, algorithm)
  return (_, authentication) => verifySign1(proof, authentication, key, 'device_signature_invalid')
}

/** What the holder says, as plain data. Throws `device_element_not_authorized` (9.1.2.4), `claim_malformed`. */
function readDeviceClaims({ elements }: DeviceSigned, { nameSpaces, dataElements }: KeyAuthorizations): PlainObject {
  for (const [namespace, members] of elements)
    for (const identifier of members.keys())
      if (!nameSpaces.includes(namespace) && !dataElements.get(namespace)?.includes(String(identifier)))
        throw new VidimusError('device_element_not_authorized', { at: nameOfElement(identifier) })
  const claims = plainOf(elements)
  if (claims === undefined) throw new VidimusError('claim_malformed', { at: 'DeviceNameSpaces' })
  return claims as PlainObject
}
