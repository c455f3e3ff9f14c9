/**
 * The device's part of an mdoc (ISO/IEC 18013-5:2021, 9.1.3): what the holder says besides, and the proof that the holder's
 * key is there, over this session and this type of document. The proof is a signature, or a MAC under a key that device and
 * reader agree on.
 */
import { digest } from '#crypto'
import { concatBytes, utf8 } from '../../core/bytes.js'
import { embeddedBytes, readCbor } from '../../core/cbor/read.js'
import { wrapEncoded, writeStructure } from '../../core/cbor/structure.js'
import { type CborMap, CborTag, type CborValue, isCborMap, tagEncoded } from '../../core/cbor/value.js'
import { cborMap } from '../../core/cbor/write.js'
import { createDetachedMac0, type Mac0, readMac0, verifyMac0 } from '../../core/cose/mac0.js'
import { createSign1, readSign1, type Sign1, verifySign1 } from '../../core/cose/sign1.js'
import type { PublicKey } from '../../core/crypto/backend.js'
import { hkdfSha256 } from '../../core/hkdf.js'
import type { Signer } from '../../core/keys.js'
import type { Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

export interface DeviceSigned {
  /** What the holder says, by namespace and element. */
  readonly elements: ReadonlyMap<string, CborMap>
  /** `DeviceNameSpacesBytes` as received: what is authenticated. */
  readonly encoded: Uint8Array
  readonly auth: DeviceAuth
}

export type DeviceAuth =
  | { readonly kind: 'signature'; readonly signature: Sign1 }
  | { readonly kind: 'mac'; readonly mac: Mac0 }

/**
 * Reads a device-signed structure for its form. Throws `mdoc_malformed`, `device_authentication_malformed` for a proof that
 * is missing, double, or not over a detached payload, and the codes of CBOR and COSE.
 */
export function readDeviceSigned(value: CborValue | undefined, limits: Limits): DeviceSigned {
  if (!isCborMap(value)) throw malformed('deviceSigned')
  for (const name of value.keys()) if (name !== 'nameSpaces' && name !== 'deviceAuth') throw malformed('deviceSigned')
  const { encoded, content } = embeddedBytes(value.get('nameSpaces'), 'DeviceNameSpacesBytes')
  const namespaces = readCbor(content, { limits })
  if (!isCborMap(namespaces)) throw malformed('DeviceNameSpaces')
  const elements = new Map<string, CborMap>()
  for (const [namespace, members] of namespaces) {
    if (typeof namespace !== 'string' || !isCborMap(members) || !hasTextKeys(members))
      throw malformed('DeviceNameSpaces')
    elements.set(namespace, members)
  }
  return { elements, encoded, auth: readDeviceAuth(value.get('deviceAuth'), limits) }
}

const hasTextKeys = (map: CborMap): boolean => map.size > 0 && [...map.keys()].every(key => typeof key === 'string')

function readDeviceAuth(value: CborValue | undefined, limits: Limits): DeviceAuth {
  const [member, ...rest] = isCborMap(value) ? value : []
  if (member === undefined || rest.length > 0) throw malformedAuth('deviceAuth')
  const [kind, proof] = member
  if (kind === 'deviceSignature') {
    const signature = readSign1(proof, limits)
    if (signature.payload !== null) throw malformedAuth('payload')
    return { kind: 'signature', signature }
  }
  if (kind !== 'deviceMac') throw malformedAuth('deviceAuth')
  const mac = readMac0(proof, limits)
  if (mac.payload !== null) throw malformedAuth('payload')
  return { kind: 'mac', mac }
}

/**
 * `DeviceAuthenticationBytes` (9.1.3.4). Transcript and namespaces go in as the bytes they are.
 * @param transcript the session transcript: a CBOR array, not wrapped in tag 24
 */
export function deviceAuthenticationBytes(
  transcript: Uint8Array,
  docType: string,
  deviceNameSpaces: Uint8Array,
): Uint8Array {
  const authentication = concatBytes(
    arrayOf4,
    writeStructure('DeviceAuthentication'),
    transcript,
    writeStructure(docType),
    deviceNameSpaces,
  )
  return wrapEncoded(authentication)
}

const arrayOf4 = /* @__PURE__ */ Uint8Array.of(0x84)

/** Throws `device_signature_invalid`, or `alg_not_allowed` when the algorithm is not the key's (9.1.3.6). */
export const verifyDeviceSignature = (signature: Sign1, authentication: Uint8Array, key: PublicKey): Promise<void> =>
  verifySign1(signature, authentication, key, 'device_signature_invalid')

/** Throws `device_mac_invalid`, or `alg_not_allowed` for anything but HMAC 256/256 (9.1.3.5). */
export const verifyDeviceMac = (mac: Mac0, authentication: Uint8Array, key: Uint8Array): Promise<void> =>
  verifyMac0(mac, authentication, key, 'device_mac_invalid')

/** The key of a device MAC, from what device key and reader key agree on (9.1.3.5). */
export async function deviceMacKey(agreed: Uint8Array, transcript: Uint8Array): Promise<Uint8Array> {
  const salt = await digest('sha-256', wrapEncoded(transcript))
  return hkdfSha256(agreed, { salt, info: utf8('EMacKey'), length: 32 })
}

/** A device-signed structure without elements of its own, signed. */
export async function signDevice(transcript: Uint8Array, docType: string, signer: Signer): Promise<CborValue> {
  const payload = deviceAuthenticationBytes(transcript, docType, noElements)
  return deviceSignedValue('deviceSignature', await createSign1({ payload, detached: true }, signer))
}

/** The same under a MAC. */
export async function macDevice(transcript: Uint8Array, docType: string, agreed: Uint8Array): Promise<CborValue> {
  const payload = deviceAuthenticationBytes(transcript, docType, noElements)
  return deviceSignedValue('deviceMac', await createDetachedMac0(payload, await deviceMacKey(agreed, transcript)))
}

/** `#6.24(bstr .cbor {})` */
const noElements = /* @__PURE__ */ Uint8Array.of(0xd8, 0x18, 0x41, 0xa0)

const deviceSignedValue = (kind: 'deviceSignature' | 'deviceMac', proof: CborValue): CborValue =>
  cborMap([
    ['nameSpaces', new CborTag(tagEncoded, null, noElements)],
    ['deviceAuth', cborMap([[kind, proof]])],
  ])

const malformed = (at: string) => new VidimusError('mdoc_malformed', { at })
const malformedAuth = (at: string) => new VidimusError('device_authentication_malformed', { at })
