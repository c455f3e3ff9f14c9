/** The checks of each format in order, as a page's verdicts list them. The clauses that they enforce stand in `verification/clauses.ts`. */
import type { CheckId, Plan } from '../verification/checks.js'

const planOf = (...ids: readonly CheckId[]): Plan => ids.map(id => ({ id }))

/** Of an SD-JWT VC. */
export const sdJwtChecks = /* @__PURE__ */ planOf(
  'format',
  'structure',
  'type',
  'issuer_trusted',
  'issuer_signature',
  'certificate_revocation',
  'logged',
  'disclosures',
  'protected_claims',
  'validity',
  'holder_key',
  'key_binding',
  'key_binding_signature',
  'key_binding_audience',
  'key_binding_nonce',
  'key_binding_time',
  'key_binding_hash',
  'claims',
  'required_claims',
  'status_reference',
  'type_metadata',
  'status',
)

/** Of an mdoc. */
export const mdocChecks = /* @__PURE__ */ planOf(
  'format',
  'structure',
  'type',
  'issuer_trusted',
  'issuer_signature',
  'certificate_revocation',
  'logged',
  'disclosures',
  'validity',
  'holder_key',
  'device_authentication',
  'device_claims',
  'claims',
  'issuer_country',
  'required_claims',
  'status_reference',
  'status',
)

/** Of a QR code. */
export const qrChecks = /* @__PURE__ */ planOf(
  'format',
  'structure',
  'type',
  'issuer_trusted',
  'issuer_signature',
  'certificate_revocation',
  'logged',
  'disclosures',
  'validity',
  'holder_key',
  'key_binding',
  'key_binding_signature',
  'key_binding_audience',
  'key_binding_nonce',
  'key_binding_time',
  'claims',
  'required_claims',
  'status_reference',
  'status',
)
