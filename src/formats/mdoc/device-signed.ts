/**
 * The device's part of an mdoc (ISO/IEC 18013-5:2021, 9.1.3): what the holder says besides, and the proof that the holder's
 * key is there, over this session and this type of document. The proof is a signature, or a MAC under a key that device and
 * reader agree on.
 */
import { digest } from '#crypto'
import { concatBytes, utf8 } from '../../core/bytes.js'
import { wrapEncoded, writeStructure } from '../../core/cbor/structure.js'
import { CborTag, type CborValue, isCborMap, tagEncoded } from '../../core/cbor/value.js'
import { cborMap } from '../../core/cbor/write.js'
import { createDetachedMac0, type Mac0, verifyMac0 } from '../../core/cose/mac0.js'
import { createSign1, readSign1, type Sign1 } from '../../core/cose/sign1.js'
import { hkdfSha256 } from '../../core/hkdf.js'
import type { Signer } from '../../core/keys.js'
import type { Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { filled, isText, isThere, malformed, mapOf, optional, readEmbedded, readEnvelope } from './members.js'

export interface DeviceSigned {
  /** What the holder says, by namespace and element. */
  readonly elements: ReadonlyMap<string, ReadonlyMap<string, CborValue>>
  /** `DeviceNameSpacesBytes` as received: what is authenticated. */
  readonly encoded: Uint8Array
  readonly auth: DeviceAuth
}

/** A signature or a MAC, which are of one form. */
export interface DeviceAuth {
  readonly kind: 'deviceSignature' | 'deviceMac'
  readonly proof: Sign1
}

/**
 * Reads a device-signed structure for its form. Throws `mdoc_malformed`, `device_authentication_malformed` for a proof that
 * is missing, double, or not over a detached payload, and the codes of CBOR and COSE.
 */
export function readDeviceSigned(value: CborValue | undefined, limits: Limits): DeviceSigned {
  const { nameSpaces, deviceAuth } = readEnvelope(value, 'deviceSigned', signedMembers)
  const { encoded, content } = readEmbedded(nameSpaces, 'DeviceNameSpaces', limits)
  if (!isElements(content)) throw malformed('DeviceNameSpaces')
  return { elements: content, encoded, auth: readDeviceAuth(deviceAuth, limits) }
}

const signedMembers = { nameSpaces: /* @__PURE__ */ optional(isThere), deviceAuth: /* @__PURE__ */ optional(isThere) }

const isElements = /* @__PURE__ */ mapOf(isText, filled(mapOf(isText, isThere)))

function readDeviceAuth(value: CborValue | undefined, limits: Limits): DeviceAuth {
  const [member, ...rest] = isCborMap(value) ? value : []
  const [kind, proof] = member ?? []
  if ((kind !== 'deviceSignature' && kind !== 'deviceMac') || rest.length > 0) throw malformedAuth('deviceAuth')
  const sign1 = readSign1(proof, limits)
  if (sign1.payload !== null) throw malformedAuth('payload')
  return { kind, proof: sign1 }
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

const malformedAuth = (at: string) => new VidimusError('device_authentication_malformed', { at })
