/**
 * The checks of each format in the order in which they are made and listed, each with the clause it enforces. Where formats
 * agree their checks have the same name and the same order.
 */
import type { Plan } from './checks.js'

/** Of an SD-JWT VC. */
const sdJwtClauses = {
  format: 'RFC 9901 §4',
  structure: 'RFC 9901 §4, RFC 7515 §7.1, SD-JWT VC §2.2.1',
  type: 'SD-JWT VC §2.2.2.1 (vct)',
  issuer_trusted: 'SD-JWT VC §2.5',
  issuer_signature: 'RFC 7515 §5.2',
  certificate_revocation: 'RFC 5280 §6.3',
  logged: 'RFC 9162 §2.1.3',
  disclosures: 'RFC 9901 §7.1',
  protected_claims: 'SD-JWT VC §2.2.2.3',
  validity: 'RFC 7519 §4.1.4–4.1.6',
  holder_key: 'RFC 7800 §3.1',
  key_binding: 'RFC 9901 §7.3',
  key_binding_signature: 'RFC 9901 §7.3, RFC 7800 §3.2',
  key_binding_audience: 'RFC 9901 §7.3 (aud)',
  key_binding_nonce: 'RFC 9901 §7.3 (nonce)',
  key_binding_time: 'RFC 9901 §7.3 (iat)',
  key_binding_hash: 'RFC 9901 §4.3.1 (sd_hash)',
  claims: 'passport profile',
  required_claims: 'verifier policy',
  status_reference: 'Token Status List §6.2',
  type_metadata: 'SD-JWT VC §5',
  status: 'Token Status List §8.3',
} as const

/**
 * Of a W3C credential. A `vc+jwt` has no disclosures, and is bound by the presentation it stands
 * in, whose signature covers it; a `vc+sd-jwt` is bound as every SD-JWT is.
 */
const vcClauses = {
  format: 'VC-JOSE-COSE §3',
  structure: 'VC-JOSE-COSE §3.1, §3.2, VCDM 2.0 §4.13, RFC 7515 §7.1, RFC 9901 §4',
  type: 'VCDM 2.0 §4.5 (type)',
  issuer_trusted: 'VCDM 2.0 §4.7 (issuer)',
  issuer_signature: 'RFC 7515 §5.2',
  certificate_revocation: 'RFC 5280 §6.3',
  logged: 'RFC 9162 §2.1.3',
  disclosures: 'RFC 9901 §7.1',
  protected_claims: 'VC-JOSE-COSE §3.2.1',
  data_model: 'VCDM 2.0 §4, §5, VC-JOSE-COSE §3.1.3',
  validity: 'VCDM 2.0 §4.9, RFC 7519 §4.1.4–4.1.6',
  holder_key: 'RFC 7800 §3.1',
  key_binding: 'RFC 9901 §7.3, VC-JOSE-COSE §3.1.2',
  key_binding_signature: 'RFC 9901 §7.3, RFC 7800 §3.2',
  key_binding_audience: 'RFC 9901 §7.3 (aud)',
  key_binding_nonce: 'RFC 9901 §7.3 (nonce)',
  key_binding_time: 'RFC 9901 §7.3 (iat)',
  key_binding_hash: 'RFC 9901 §4.3.1 (sd_hash)',
  claims: 'passport profile',
  required_claims: 'verifier policy',
  status_reference: 'Token Status List §6.2, Bitstring Status List §2.1',
  status: 'Token Status List §8.3, Bitstring Status List §3.2',
} as const

/** Of an mdoc: what a nonce and an audience are to an SD-JWT, the session transcript is here. */
const mdocClauses = {
  format: 'ISO/IEC 18013-5 §8.3.2.1.2.2',
  structure: 'ISO/IEC 18013-5 §8.3.2.1.2.2, §9.1.2.4, RFC 9052 §4.2',
  type: 'ISO/IEC 18013-5 §9.3.1 (docType)',
  issuer_trusted: 'ISO/IEC 18013-5 §9.3.3, RFC 5280 §6.1',
  issuer_signature: 'ISO/IEC 18013-5 §9.3.1, RFC 9052 §4.4',
  certificate_revocation: 'RFC 5280 §6.3',
  logged: 'RFC 9162 §2.1.3',
  disclosures: 'ISO/IEC 18013-5 §9.3.1 (digests)',
  validity: 'ISO/IEC 18013-5 §9.3.1 (validityInfo)',
  holder_key: 'ISO/IEC 18013-5 §9.1.2.4 (deviceKey)',
  device_authentication: 'ISO/IEC 18013-5 §9.1.3',
  device_claims: 'ISO/IEC 18013-5 §9.1.2.4 (keyAuthorizations)',
  claims: 'passport profile',
  issuer_country: 'ISO/IEC 18013-5 §9.3.1 (issuing_country)',
  required_claims: 'verifier policy',
  status_reference: 'ISO/IEC 18013-5 §9.1.2.4 (status), Token Status List §6.3',
  status: 'Token Status List §8.3',
} as const

/** Of a QR code. The holder's signature covers the credential itself. */
const qrClauses = {
  format: 'docs/qr.md §3, RFC 9285 §4',
  structure: 'docs/qr.md §3, RFC 1950, RFC 8392 §7.2, RFC 9052 §4.2',
  type: 'docs/qr.md §3 (type)',
  issuer_trusted: 'RFC 8392 §3.1.1 (iss), RFC 5280 §6.1',
  issuer_signature: 'RFC 8392 §7.2, RFC 9052 §4.4',
  certificate_revocation: 'RFC 5280 §6.3',
  logged: 'RFC 9162 §2.1.3',
  disclosures: 'docs/qr.md §3 (digests)',
  validity: 'RFC 8392 §3.1.4–3.1.6',
  holder_key: 'RFC 8747 §3.1',
  key_binding: 'docs/qr.md §3 (presentation)',
  key_binding_signature: 'RFC 9052 §4.4, RFC 8747 §3.1',
  key_binding_audience: 'docs/qr.md §3 (audience)',
  key_binding_nonce: 'docs/qr.md §3 (nonce)',
  key_binding_time: 'docs/qr.md §3 (iat)',
  claims: 'passport profile',
  required_claims: 'verifier policy',
  status_reference: 'Token Status List §6.3',
  status: 'Token Status List §8.3',
} as const

/** That an archived record is what it was. */
const evidenceClauses = { evidence: 'evidence record' } as const

/** That presentations belong together. */
const setClauses = { presentation_set: 'verifier policy' } as const

export type CheckId =
  | keyof typeof sdJwtClauses
  | keyof typeof vcClauses
  | keyof typeof mdocClauses
  | keyof typeof qrClauses
  | keyof typeof evidenceClauses
  | keyof typeof setClauses

const planOf = (clauses: Readonly<Partial<Record<CheckId, string>>>): Plan =>
  Object.entries(clauses).map(([id, clause]) => ({ id: id as CheckId, clause }))

export const sdJwtChecks = /* @__PURE__ */ planOf(sdJwtClauses)
export const vcChecks = /* @__PURE__ */ planOf(vcClauses)
export const mdocChecks = /* @__PURE__ */ planOf(mdocClauses)
export const qrChecks = /* @__PURE__ */ planOf(qrClauses)
export const evidenceChecks = /* @__PURE__ */ planOf(evidenceClauses)
export const setChecks = /* @__PURE__ */ planOf(setClauses)
