/**
 * The one error class of the library and the closed union of its codes.
 *
 * A code is named after what is wrong with the input; callers switch on it, wording may improve freely. The wording of
 * every code, in English and Russian, stands in `wording/`. This file imports nothing, and anyone may import it.
 */

/** What can be wrong with bytes, text and JSON before anyone asks what they mean. */
export type EncodingCode =
  | 'input_not_text'
  | 'encoding_invalid'
  | 'json_invalid'
  | 'json_duplicate_member'
  | 'limit_exceeded'
  | 'inflate_invalid'

/** What can be wrong with CBOR, and with what COSE makes of it. */
export type CborCode =
  | 'cbor_malformed'
  | 'cbor_not_deterministic'
  | 'cbor_duplicate_key'
  | 'cbor_tag_not_allowed'
  | 'cose_malformed'
  | 'cose_header_duplicate'

/** What can be wrong with a signed token, whatever it carries. */
export type TokenCode =
  | 'jws_malformed'
  | 'jws_type_mismatch'
  | 'alg_not_allowed'
  | 'crit_unsupported'
  | 'key_invalid'
  | 'signature_invalid'
  | 'claim_missing'
  | 'claim_malformed'
  | 'certificate_malformed'

/** Why a certificate, or the path from it to an authority, is refused (RFC 5280 §6). */
export type CertificateCode =
  | 'certificate_signature_invalid'
  | 'certificate_algorithm_unsupported'
  | 'certificate_name_mismatch'
  | 'certificate_path_too_long'
  | 'certificate_not_a_ca'
  | 'certificate_key_usage'
  | 'certificate_extended_key_usage'
  | 'certificate_name_constraint'
  | 'certificate_extension_unsupported'
  | 'certificate_profile'
  | 'certificate_country_mismatch'
  | 'certificate_revoked'
  | 'certificate_revocation_unknown'

/** What can be wrong with an SD-JWT as such (RFC 9901). */
export type SdJwtCode =
  | 'sd_jwt_malformed'
  | 'sd_alg_unsupported'
  | 'sd_jwt_disclosure_malformed'
  | 'sd_jwt_reserved_name'
  | 'sd_jwt_digest_malformed'
  | 'sd_jwt_placeholder_malformed'
  | 'sd_jwt_duplicate_digest'
  | 'sd_jwt_duplicate_name'
  | 'sd_jwt_unused_disclosure'
  | 'claim_not_disclosable'

/** What can be wrong with a credential or presentation of the W3C data model as such (VCDM 2.0). */
export type VcCode =
  | 'vc_malformed'
  | 'vc_version_unsupported'
  | 'vc_claim_conflict'
  | 'vp_malformed'
  | 'vp_credential_missing'
  | 'vp_credential_unexpected'
  | 'vp_credential_unsupported'

/** What can be wrong with an mdoc as such (ISO/IEC 18013-5). */
export type MdocCode =
  | 'mdoc_malformed'
  | 'mdoc_version_unsupported'
  | 'mdoc_digest_algorithm_unsupported'
  | 'mdoc_duplicate_element'
  | 'mdoc_digest_missing'
  | 'mdoc_digest_mismatch'
  | 'mdoc_doctype_mismatch'
  | 'mdoc_response_status'
  | 'mdoc_document_missing'
  | 'mdoc_document_unexpected'
  | 'mdoc_signed_outside_certificate'
  | 'mdoc_country_mismatch'

/** What can be wrong with a credential or presentation in a QR code as such (docs/qr.md). */
export type QrCode = 'qr_malformed' | 'qr_duplicate_claim' | 'qr_digest_missing'

/** What can be wrong with the device's proof that the holder is there, and with the reader's of who asks. */
export type DeviceCode =
  | 'device_authentication_malformed'
  | 'device_signature_invalid'
  | 'device_mac_invalid'
  | 'device_mac_key_missing'
  | 'device_element_not_authorized'
  | 'reader_authentication_missing'
  | 'reader_authentication_invalid'

/** What can be wrong with a key binding. */
export type KeyBindingCode =
  | 'key_binding_missing'
  | 'key_binding_malformed'
  | 'key_binding_key_missing'
  | 'key_binding_key_unsupported'
  | 'key_binding_signature_invalid'
  | 'key_binding_nonce_mismatch'
  | 'key_binding_audience_mismatch'
  | 'key_binding_too_old'
  | 'key_binding_in_future'
  | 'key_binding_hash_mismatch'

/** Why a verifier refuses a credential that is well formed. */
export type RefusalCode =
  | 'check_failed'
  | 'format_not_expected'
  | 'format_unknown'
  | 'type_not_expected'
  | 'issuer_untrusted'
  | 'issuer_not_expected'
  | 'issuer_key_unknown'
  | 'issuer_certificate_mismatch'
  | 'certificate_untrusted'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'credential_expired'
  | 'credential_not_yet_valid'
  | 'credential_issued_in_future'
  | 'holder_key_mismatch'
  | 'required_claim_missing'
  | 'presentation_set_incomplete'
  | 'presentation_set_unexpected'
  | 'presentation_set_holder_mismatch'
  | 'evidence_malformed'
  | 'evidence_digest_mismatch'
  | 'evidence_attachment_missing'

/** Why the guarded fetch does not open an address, or does not take what it was answered. */
export type FetchCode = 'fetch_address_refused' | 'fetch_answer_refused'

/** What can be wrong with the metadata of a credential's type, or with a credential by it (SD-JWT VC §5). */
export type TypeMetadataCode =
  | 'type_metadata_uri_refused'
  | 'type_metadata_unreachable'
  | 'type_metadata_invalid'
  | 'type_metadata_integrity_mismatch'
  | 'type_metadata_cycle'
  | 'type_metadata_violated'

/** What can be wrong with a status reference, a status list or its token. */
export type StatusCode =
  | 'status_missing'
  | 'status_malformed'
  | 'status_unsupported'
  | 'status_uri_refused'
  | 'status_unreachable'
  | 'status_response_invalid'
  | 'status_token_malformed'
  | 'status_signer_untrusted'
  | 'status_signature_invalid'
  | 'status_subject_mismatch'
  | 'status_expired'
  | 'status_issued_in_future'
  | 'status_stale'
  | 'status_rolled_back'
  | 'status_list_malformed'
  | 'status_index_out_of_range'
  | 'status_revoked'
  | 'status_suspended'
  | 'status_unknown'
  | 'status_snapshot_malformed'
  | 'status_history_unsupported'
  | 'status_history_unknown'
  | 'status_aggregation_malformed'

/** Why the registry of statuses refuses an act. */
export type RegistryCode = 'registry_reference_unknown' | 'registry_status_final' | 'registry_full'

/** Why a store did not do what it was asked to. */
export type StoreCode =
  | 'store_value_unsupported'
  | 'store_not_migrated'
  | 'store_busy'
  | 'store_full'
  | 'store_unreachable'
  | 'store_commit_unknown'
  | 'store_failed'

/** Why the office refuses an act. */
export type OfficeCode = 'idempotency_key_reused'

/** What can be wrong with a log, its proofs and its checkpoints. */
export type AuditCode =
  | 'audit_entry_malformed'
  | 'audit_proof_malformed'
  | 'audit_inclusion_invalid'
  | 'audit_consistency_invalid'
  | 'audit_chain_broken'
  | 'audit_history_malformed'
  | 'audit_history_subject_mismatch'
  | 'audit_subject_unknown'
  | 'audit_export_malformed'
  | 'audit_export_mismatch'
  | 'audit_tile_missing'
  | 'audit_tile_invalid'
  | 'checkpoint_malformed'
  | 'checkpoint_origin_mismatch'
  | 'checkpoint_signature_missing'
  | 'checkpoint_signature_invalid'
  | 'checkpoint_cosignature_invalid'
  | 'checkpoint_witnesses_missing'
  | 'log_key_malformed'
  | 'log_corrupt'
  | 'log_busy'
  | 'log_uri_refused'
  | 'log_unreachable'
  | 'log_response_invalid'
  | 'log_rolled_back'
  | 'log_forked'
  | 'log_stale'
  | 'monitor_stale'
  | 'witness_log_unknown'
  | 'witness_size_mismatch'
  | 'witness_request_malformed'
  | 'witness_uri_refused'
  | 'witness_unreachable'
  | 'witness_response_invalid'
  | 'witness_refused'

/** What can be wrong with the proof that a credential was logged before it was signed. */
export type LoggedCode =
  | 'log_proof_missing'
  | 'log_proof_malformed'
  | 'log_proof_invalid'
  | 'log_entry_mismatch'
  | 'log_entry_too_late'
  | 'log_untrusted'

/** Why a text cannot be drawn as a QR code, an image not be searched for one, or frames not be put together. */
export type QrImageCode =
  | 'qr_too_long'
  | 'qr_image_unreadable'
  | 'qr_frame_malformed'
  | 'qr_frame_mixed'
  | 'qr_frame_conflict'
  | 'qr_frames_altered'
  | 'qr_frames_complete'

/** What can be wrong when a passport is modelled, issued or shown. */
export type PassportCode =
  | 'passport_invalid'
  | 'credential_validity_invalid'
  | 'presentation_claim_unknown'
  | 'presentation_not_bound'
  | 'vehicle_move_refused'
  | 'vehicle_history_malformed'
  | 'vehicle_extract_unavailable'
  | 'vehicle_change_refused'
  | 'attachment_move_refused'
  | 'records_malformed'

/** Why a file that was handed in, a portrait or an attachment, is rejected. */
export type FileCode =
  | 'file_unrecognized'
  | 'file_type_not_allowed'
  | 'file_too_large'
  | 'file_truncated'
  | 'file_malformed'
  | 'file_trailing_data'
  | 'file_encrypted'
  | 'file_active_content'
  | 'file_embedded_file'
  | 'file_external_reference'
  | 'file_metadata'
  | 'image_too_small'
  | 'image_too_large'
  | 'image_aspect'
  | 'image_rotated'

/** Why a check was left out although nothing failed before it; such a check is `skipped`, never passed. */
export type SkipCode =
  | 'not_reached'
  | 'not_requested'
  | 'not_present'
  | 'type_metadata_no_address'
  | 'status_not_checked'
  | 'certificate_revocation_not_checked'
  | 'replay_not_checked'

/** Every code that an error or a verdict can carry. Closed: a new one is a minor release. */
export type ErrorCode =
  | EncodingCode
  | CborCode
  | TokenCode
  | CertificateCode
  | SdJwtCode
  | VcCode
  | MdocCode
  | QrCode
  | DeviceCode
  | KeyBindingCode
  | RefusalCode
  | FetchCode
  | TypeMetadataCode
  | StatusCode
  | RegistryCode
  | StoreCode
  | OfficeCode
  | AuditCode
  | LoggedCode
  | QrImageCode
  | PassportCode
  | FileCode
  | SkipCode

/** One thing wrong with one field of a record. It never carries the value. */
export interface Issue {
  /** Where, in the record's own names: `['address', 'locality']`. Empty: the record as a whole. */
  readonly path: readonly (string | number)[]
  readonly code: IssueCode
  /** One English sentence; other languages come from `explain(issue, catalogue)`. */
  readonly message: string
  /** What the definition calls the field, by language. */
  readonly label?: Readonly<Record<string, string>> | undefined
}

/**
 * What can be wrong with a field, or with a person's claim to a passport. Checksums prove that a number was typed right,
 * nothing more.
 */
export type IssueCode =
  | 'required'
  | 'unknown_field'
  | 'type'
  | 'length'
  | 'charset'
  | 'mixed_script'
  | 'checksum'
  | 'grouping'
  | 'range'
  | 'calendar'
  | 'format'
  | 'order'
  | 'name_order'
  | 'mismatch'
  | 'metadata'
  | 'too_young'
  | 'citizenship_missing'
  | 'base_document_missing'
  | 'base_document_expired'
  | 'base_document_invalid'
  | 'base_document_unconfirmed'
  | 'guardian_consent_missing'
  | 'guardian_consent_withdrawn'
  | 'evidence_missing'
  | 'assurance_too_low'

/** Facts about a refusal, in terms that name no person: names of members, positions, digests, limits. */
export interface ErrorDetails {
  /** The member, claim, limit or step that is at fault. */
  readonly at?: string | undefined
  readonly expected?: string | number | undefined
  readonly actual?: string | number | undefined
  /** For `passport_invalid`: every issue, not the first. */
  readonly issues?: readonly Issue[] | undefined
}

/**
 * An input that failed. `code` is the contract, `at` says where; sentences for people come from `explain(error)`.
 * Nothing in it is personal data, a token or a key. Misuse of the library itself is a `TypeError` or `RangeError` instead.
 */
export class VidimusError extends Error {
  override readonly name = 'VidimusError'
  declare readonly code: ErrorCode
  declare readonly at: string | undefined
  declare readonly expected: string | number | undefined
  declare readonly actual: string | number | undefined
  declare readonly issues: readonly Issue[] | undefined

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.at === undefined ? code : `${code} (${details.at})`)
    Object.assign(this, { code }, details)
  }
}
