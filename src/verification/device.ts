/**
 * The device's part of an mdoc as a verifier sees it (ISO/IEC 18013-5, 9.1.3): the holder's key is there, in this session,
 * for this document; and what the holder says, the issuer let the holder say.
 */

import { coseHints } from '../core/cose/headers.js'
import type { Awaitable, PublicKey } from '../core/crypto/backend.js'
import type { PublicJwk } from '../core/jwk.js'
import { sameKey } from '../core/jwk.js'
import { VidimusError } from '../errors.js'
import type { MdocDocument } from '../formats/mdoc/device-response.js'
import { type DeviceSigned, deviceAuthenticationBytes, verifyDeviceSignature } from '../formats/mdoc/device-signed.js'
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

/** Throws `device_signature_invalid` or `device_mac_invalid`; `actual` names the neighbouring session it was made for. */
async function verifyDevice(proof: Proof, policy: Policy): Promise<void> {
  const verify = await verifierOf(proof, policy)
  const { deviceSigned, docType, session } = proof
  try {
    await verify(
      session.transcript.bytes,
      deviceAuthenticationBytes(session.transcript.bytes, docType, deviceSigned.encoded),
    )
  } catch (error) {
    if (session.diagnose === undefined || !(error instanceof VidimusError) || !failures.includes(error.code))
      throw error
    const { code, at } = error
    throw new VidimusError(code, {
      at,
      expected: session.transcript.flow,
      actual: await session.diagnose(proof, verify),
    })
  }
}

const failures: readonly string[] = ['device_signature_invalid', 'device_mac_invalid']

/** Throws unless the proof holds over these bytes, which were made of this transcript. */
export type Verify = (transcript: Uint8Array, authentication: Uint8Array) => Promise<void>

async function verifierOf({ deviceSigned, deviceKey, session }: Proof, policy: Policy): Promise<Verify> {
  const { auth } = deviceSigned
  if (auth.kind === 'signature') {
    const { signature } = auth
    const key = await importDeviceKey(deviceKey, coseHints(signature.headers, policy.algorithms, policy.limits), policy)
    return (_, authentication) => verifyDeviceSignature(signature, authentication, key)
  }
  const { readerKey } = session
  if (readerKey === undefined) throw new VidimusError('device_mac_key_missing', { at: 'readerKey' })
  return readerKey.verifier(auth.mac, deviceKey)
}

const importDeviceKey = (
  deviceKey: PublicJwk,
  hints: Parameters<typeof algorithmFor>[1],
  { trust }: Policy,
): Awaitable<PublicKey> => trust.holderKeys.import(deviceKey, algorithmFor(deviceKey.crv, hints))

/** What the holder says, as plain data. Throws `device_element_not_authorized` (9.1.2.4), `claim_malformed`. */
function readDeviceClaims(
  { elements }: DeviceSigned,
  { namespaces, elements: authorized }: KeyAuthorizations,
): PlainObject {
  for (const [namespace, members] of elements)
    for (const identifier of members.keys())
      if (!namespaces.includes(namespace) && !authorized.get(namespace)?.includes(String(identifier)))
        throw new VidimusError('device_element_not_authorized', { at: nameOfElement(identifier) })
  const claims = plainOf(elements)
  if (claims === undefined) throw new VidimusError('claim_malformed', { at: 'DeviceNameSpaces' })
  return claims as PlainObject
}
