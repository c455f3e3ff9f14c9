/** The English catalogue. */
import type { Catalogue } from './catalogue.js'
import { englishLog } from './english-log.js'

export const english: Catalogue = {
  locale: 'en',
  codes: {
    // Bytes, text and JSON
    input_not_text: {
      title: 'What was received is not text.',
      remedy: 'Hand over the presentation as the text that was received, unchanged.',
    },
    encoding_invalid: {
      title: 'The data is not in the one encoding it must have[ ({at})].',
      remedy: 'Have it sent again; if that does not help, the software that made it is at fault.',
    },
    json_invalid: {
      title: 'The JSON text is malformed[ ({at})].',
      remedy: 'Have it sent again; if that does not help, the software that made it is at fault.',
    },
    json_duplicate_member: {
      title: 'The JSON text names one member twice, so that it can be read in two ways.',
      remedy: 'Do not accept it. Report it to whoever made it.',
    },
    limit_exceeded: {
      title: 'The input is larger than is safe to process[: limit {at}][, at most {expected}][, received {actual}].',
      remedy: 'Ask for less, or ask the issuer why the data is so large.',
    },
    inflate_invalid: {
      title: 'The compressed data is damaged.',
      remedy: 'Fetch it again; if that does not help, the publisher must repair it.',
    },

    // CBOR and COSE
    cbor_malformed: {
      title: 'The CBOR data is malformed[ ({at})].',
      remedy: 'Have it sent again; if that does not help, the software that made it is at fault.',
    },
    cbor_not_deterministic: {
      title: 'The CBOR data is not in the one form that is accepted here[ ({at})].',
      remedy: 'Have it made again in deterministic encoding.',
    },
    cbor_duplicate_key: {
      title: 'The CBOR data holds one key twice, so that it can be read in two ways.',
      remedy: 'Do not accept it. Report it to whoever made it.',
    },
    cbor_tag_not_allowed: {
      title: 'The CBOR data uses a tag that has no place here[: {actual}].',
      remedy: 'Have it made again without that tag.',
    },
    cose_malformed: {
      title: 'The signed CBOR object is malformed[ ({at})].',
      remedy: 'Have it sent again; if that does not help, the software that made it is at fault.',
    },
    cose_header_duplicate: {
      title: 'A header stands both in the protected and in the unprotected part[ ({at})].',
      remedy: 'Do not accept it. Report it to whoever made it.',
    },

    // Signed tokens
    jws_malformed: {
      title: 'The signed token is malformed[ ({at})].',
      remedy: 'Have it sent again; a part may have been lost on the way.',
    },
    jws_type_mismatch: {
      title: 'The signed token is of another kind than the one expected[: {expected}][, received {actual}].',
      remedy: 'Ask for the right kind of document; one kind never stands in for another.',
    },
    alg_not_allowed: {
      title: 'The signature algorithm is not allowed here[; allowed: {expected}][; received: {actual}].',
      remedy: 'Ask the issuer for a credential signed with an allowed algorithm.',
    },
    crit_unsupported: {
      title: 'The token demands an extension that is not supported[ ({at})].',
      remedy: 'It must be refused. Ask the issuer for a token without that extension.',
    },
    key_invalid: {
      title: 'A public key is invalid[ ({at})].',
      remedy: 'Ask the owner of the key for a correct one.',
    },
    signature_invalid: {
      title: 'The signature does not hold: the content was changed, or someone else signed it.',
      remedy: 'Do not accept it. Ask for the original from its source.',
    },
    claim_missing: {
      title: 'Information that must be present is missing[: {field}].',
      remedy: 'Ask the issuer for a complete credential.',
    },
    claim_malformed: {
      title: 'Information is written in a way that is not permitted[: {field}].',
      remedy: 'Ask the issuer for a correct credential.',
    },
    certificate_malformed: {
      title: 'A certificate is malformed[ ({at})].',
      remedy: 'Ask the issuer for a correct certificate chain.',
    },

    // Certificates and the paths to authorities
    certificate_signature_invalid: {
      title: 'A certificate was not signed by the authority it names[ ({at})].',
      remedy: 'Do not accept it: it was changed or forged.',
    },
    certificate_algorithm_unsupported: {
      title: 'A certificate is signed with an algorithm that is too weak or not supported[ ({at})].',
      remedy: 'Ask the issuer for a chain signed with ECDSA, Ed25519 or RSA and SHA-2.',
    },
    certificate_name_mismatch: {
      title: 'The certificates do not follow one another[ ({at})].',
      remedy: 'Ask the issuer for its chain in order, the signer first.',
    },
    certificate_path_too_long: {
      title: 'More certificates stand between the signer and the authority than are allowed[ ({at})].',
      remedy:
        'Do not accept it, unless the ecosystem has intermediate authorities: then relax the certificate profile.',
    },
    certificate_not_a_ca: {
      title: 'A certificate in the chain may not sign certificates[ ({at})].',
      remedy: 'Do not accept it: the signer was certified by somebody who is no authority.',
    },
    certificate_key_usage: {
      title: 'A certificate is not for what its key was used for[ ({at})].',
      remedy: 'Ask the issuer for a signer whose certificate is for digital signatures.',
    },
    certificate_extended_key_usage: {
      title: "The signer's certificate is for another purpose[ ({at})].",
      remedy: 'Ask the issuer for a document signer; a certificate for TLS or any purpose is none.',
    },
    certificate_name_constraint: {
      title: 'An authority certified names that it may not certify[ ({at})].',
      remedy: 'Do not accept it. Report it to the authority above.',
    },
    certificate_extension_unsupported: {
      title: 'A certificate demands something that is not supported[ ({at})][: {actual}].',
      remedy: 'It must be refused. Ask the issuer for a certificate without that extension.',
    },
    certificate_profile: {
      title: 'A certificate breaks a rule of its profile[ ({at})].',
      remedy: 'If the ecosystem does so on purpose, relax that rule of the certificate profile.',
    },
    certificate_country_mismatch: {
      title: 'The signer and its authority are of different places[ ({at})].',
      remedy: 'Do not accept it: an authority certifies the signers of its own country.',
    },
    certificate_revoked: {
      title: 'A certificate of the signer was revoked[ ({at})].',
      remedy: 'Do not accept the document. Ask for one signed under another certificate.',
    },
    certificate_revocation_unknown: {
      title: 'No revocation list tells whether a certificate of the signer was revoked[ ({at})].',
      remedy: 'Hand in the current list of the authority.',
    },

    // SD-JWT
    sd_jwt_malformed: {
      title: 'The SD-JWT does not have the form it must have[ ({at})].',
      remedy: 'Have it sent again as a whole; a part may have been lost on the way.',
    },
    sd_alg_unsupported: {
      title: 'The disclosures are hashed with an algorithm that is not supported.',
      remedy: 'Ask the issuer for a credential with SHA-256, SHA-384 or SHA-512.',
    },
    sd_jwt_disclosure_malformed: {
      title: 'A disclosure is malformed[ ({at})].',
      remedy: 'Have the presentation made again; if that does not help, the wallet is at fault.',
    },
    sd_jwt_reserved_name: {
      title: 'A reserved name stands where the name of a claim should[: {at}].',
      remedy: 'Do not accept it. The issuer must make the credential anew.',
    },
    sd_jwt_digest_malformed: {
      title: 'The list of digests in the credential is malformed[ ({at})].',
      remedy: 'Do not accept it. The issuer must make the credential anew.',
    },
    sd_jwt_placeholder_malformed: {
      title: 'The placeholder of a hidden list member is malformed[ ({at})].',
      remedy: 'Do not accept it. The issuer must make the credential anew.',
    },
    sd_jwt_duplicate_digest: {
      title: 'One digest occurs twice, so that a disclosure could take two places.',
      remedy: 'Do not accept it. The issuer must make the credential anew.',
    },
    sd_jwt_duplicate_name: {
      title: 'A disclosed claim has the name of one that is there already.',
      remedy: 'Do not accept it. Report it to the issuer.',
    },
    sd_jwt_unused_disclosure: {
      title: 'The presentation carries a disclosure that the issuer did not sign.',
      remedy: 'Do not accept it. Have the presentation made again from the original credential.',
    },
    claim_not_disclosable: {
      title: 'A claim that must always be visible was made hideable[: {field}].',
      remedy: 'Do not accept it. The issuer must make the credential anew.',
    },

    // W3C credentials and presentations
    vc_malformed: {
      title: 'The W3C credential breaks a rule of its data model[ ({at})].',
      remedy: 'Ask the issuer for a correct credential.',
    },
    vc_version_unsupported: {
      title: 'The W3C credential is of an older version than 2.0[ ({at})].',
      remedy: 'Ask the issuer for a credential of data model 2.0.',
    },
    vc_claim_conflict: {
      title: 'The W3C credential says the same thing twice, and not alike[ ({at})].',
      remedy: 'Do not accept it. The issuer must make the credential anew.',
    },
    vp_malformed: {
      title: 'The W3C presentation breaks a rule of its data model[ ({at})].',
      remedy: 'Have it presented again; if that does not help, the software that made it is at fault.',
    },
    vp_credential_missing: {
      title: 'The W3C presentation holds no credential.',
      remedy: 'Have it presented again, with the credential that was asked for.',
    },
    vp_credential_unexpected: {
      title: 'The W3C presentation holds more credentials than the one that was asked for.',
      remedy: 'Have each credential presented by itself.',
    },
    vp_credential_unsupported: {
      title: 'The W3C presentation holds a credential in a form that is not taken[ ({at})].',
      remedy: 'Have it presented in an envelope, as vc+jwt or vc+sd-jwt.',
    },

    // mdoc
    mdoc_malformed: {
      title: 'The mobile document is malformed[ ({at})].',
      remedy: 'Have it presented again; if that does not help, the software that made it is at fault.',
    },
    mdoc_version_unsupported: {
      title: 'The mobile document is of a version that is not supported[ ({at})][; supported: {expected}].',
      remedy: 'Ask for it in a supported version.',
    },
    mdoc_digest_algorithm_unsupported: {
      title: 'The elements are hashed with an algorithm that is not supported.',
      remedy: 'Ask the issuer for a document with SHA-256, SHA-384 or SHA-512.',
    },
    mdoc_duplicate_element: {
      title: 'One element stands twice, so that the document can be read in two ways.',
      remedy: 'Do not accept it. Report it to whoever made it.',
    },
    mdoc_digest_missing: {
      title: 'An element is shown that the issuer did not sign[: {field}].',
      remedy: 'Do not accept it: something was added.',
    },
    mdoc_digest_mismatch: {
      title: 'An element is not what the issuer signed[: {field}].',
      remedy: 'Do not accept it: something was changed.',
    },
    mdoc_doctype_mismatch: {
      title: 'The document is presented as another type than the issuer signed.',
      remedy: 'Do not accept it: a document of one type was passed off as one of another.',
    },
    mdoc_response_status: {
      title: 'The device reports that it could not answer[: status {actual}].',
      remedy: 'Repeat the request; if that does not help, ask for another way to present.',
    },
    mdoc_document_missing: {
      title: 'The document asked for is not in the response[ (device error {actual})].',
      remedy: 'Ask the holder to present it and to agree to what is asked.',
    },
    mdoc_document_unexpected: {
      title: 'The response holds a document that nobody asked for.',
      remedy: 'Ask again, and take only what was asked for.',
    },
    mdoc_signed_outside_certificate: {
      title: 'The document was signed at a time for which the signer’s certificate is not valid.',
      remedy: 'Ask the issuer for a document with a correct date.',
    },
    mdoc_country_mismatch: {
      title: 'The document names another country than the signer’s certificate.',
      remedy: 'Do not accept it. Report it to the issuing authority.',
    },
    qr_malformed: {
      title: 'The code is not of the expected form[ ({at})].',
      remedy: 'Scan it again; if that does not help, the software that made it is at fault.',
    },
    qr_duplicate_claim: {
      title: 'The code shows one piece of information twice.',
      remedy: 'Do not accept it. Ask the holder to present again.',
    },
    qr_digest_missing: {
      title: 'The code shows something that the issuer did not sign.',
      remedy: 'Do not accept it: something was added or changed.',
    },

    device_authentication_malformed: {
      title: 'The proof that the holder’s device is present is malformed or missing[ ({at})].',
      remedy: 'Have it presented again.',
    },
    device_signature_invalid: {
      title: 'The device’s signature does not hold for this session[; it was made for: {actual}].',
      remedy: 'Have it presented again; if what it was made for is named, set both sides to the same flow.',
    },
    device_mac_invalid: {
      title: 'The device’s authentication code does not hold for this session[; it was made for: {actual}].',
      remedy: 'Have it presented again; if what it was made for is named, set both sides to the same flow.',
    },
    device_mac_key_missing: {
      title: 'The device proved its presence to a reader key that was not handed over.',
      remedy: 'Hand over the reader’s private key of this session as `readerKey`, or ask for a signature.',
    },
    device_element_not_authorized: {
      title: 'The holder states something that the issuer did not allow the holder to state[: {field}].',
      remedy: 'Do not accept it.',
    },
    reader_authentication_missing: {
      title: 'The reader does not say who it is.',
      remedy: 'Decide whether to answer a reader that is not known.',
    },
    reader_authentication_invalid: {
      title: 'The reader’s signature does not hold for this session.',
      remedy: 'Do not answer it.',
    },

    // Key binding
    key_binding_missing: {
      title: 'Proof that the presenter holds the key of the document is missing.',
      remedy: 'Ask for a presentation made for you now; a copy of the document is not enough.',
    },
    key_binding_malformed: {
      title: 'The proof of possession is malformed[ ({at})].',
      remedy: 'Have the presentation made again; if that does not help, the wallet is at fault.',
    },
    key_binding_key_missing: {
      title: 'The document names no key of its holder, so that possession cannot be proved.',
      remedy: 'Ask the issuer for a document bound to a key of the holder.',
    },
    key_binding_key_unsupported: {
      title: "The holder's key is of a kind that is not supported.",
      remedy: 'Ask the issuer for a document bound to a key on P-256, P-384, P-521 or Ed25519.',
    },
    key_binding_signature_invalid: {
      title: "The presenter did not sign with the holder's key.",
      remedy: 'Do not accept it: the presenter may not be the holder.',
    },
    key_binding_nonce_mismatch: {
      title: 'The presentation answers another request than yours: its nonce differs.',
      remedy: 'Send a new request and accept only the answer to it.',
    },
    key_binding_audience_mismatch: {
      title: 'The presentation was made for another recipient[; expected: {expected}].',
      remedy: 'Do not accept it. Ask for a presentation made for you.',
    },
    key_binding_too_old: {
      title: 'The presentation was made too long ago[: at most {expected} s][, it is {actual} s old].',
      remedy: 'Ask the holder to present again.',
    },
    key_binding_in_future: {
      title: 'The presentation is dated in the future.',
      remedy: "Compare the clocks: the holder's device or yours is wrong. Then ask to present again.",
    },
    key_binding_hash_mismatch: {
      title: 'The presentation was changed after the holder had signed it.',
      remedy: 'Do not accept it. Ask the holder to present again.',
    },

    // Refusals of a verifier
    check_failed: {
      title: 'The check broke off before it had an answer.',
      remedy: 'Try again. If it repeats, report it to whoever runs this software; do not accept the document.',
    },
    format_not_expected: {
      title: 'The document came in a format that was not asked for[; expected: {expected}][; received: {actual}].',
      remedy: 'Ask for it in an expected format.',
    },
    format_unknown: {
      title: 'What was received is no known form of an electronic document.',
      remedy: 'Check that the right thing was sent or scanned, and that all of it arrived.',
    },
    type_not_expected: {
      title: 'This is another document than the one asked for[; expected: {expected}][; received: {actual}].',
      remedy: 'Ask the holder for the right document.',
    },
    issuer_untrusted: {
      title: 'The issuer is not among those you trust[: {actual}].',
      remedy: 'Do not accept it. If the issuer is genuine, add it to the trust anchors by a channel you rely on.',
    },
    issuer_not_expected: {
      title:
        'The document is from another issuer than the one asked for[; expected: {expected}][; received: {actual}].',
      remedy: 'Ask the holder for a document of the expected issuer.',
    },
    issuer_certificate_mismatch: {
      title: 'The certificate speaks for another issuer than the one named[ ({at})].',
      remedy: 'Do not accept it. Ask the issuer for a credential signed with its own certificate.',
    },
    issuer_key_unknown: {
      title: "The document is signed with a key that is not known to be the issuer's.",
      remedy: 'Update the trust anchors. If the key is still unknown, do not accept the document.',
    },
    certificate_untrusted: {
      title: "The signer's certificate does not lead to an authority you trust[ ({at})].",
      remedy: 'Do not accept it. Update the trust anchors if the authority is genuine.',
    },
    certificate_expired: {
      title: 'A certificate of the signer has expired.',
      remedy: 'Ask for a document signed under a current certificate.',
    },
    certificate_not_yet_valid: {
      title: 'A certificate of the signer is not valid yet.',
      remedy: 'Check your clock. If it is right, do not accept the document.',
    },
    credential_expired: {
      title: 'The document has expired.',
      remedy: 'Ask the holder to have it renewed by the issuer.',
    },
    credential_not_yet_valid: {
      title: 'The document is not valid yet.',
      remedy: 'Check your clock. If it is right, accept the document only from its first day of validity.',
    },
    credential_issued_in_future: {
      title: 'The document says that it was issued in the future.',
      remedy: "Check your clock. If it is right, the issuer's clock is wrong: do not accept the document.",
    },
    holder_key_mismatch: {
      title: 'The document is bound to another key than the expected one.',
      remedy: 'Do not keep or accept it: it belongs to another holder or device.',
    },
    required_claim_missing: {
      title: 'Information that you require was not shown[: {field}].',
      remedy: 'Ask the holder to present again and to show it.',
    },
    presentation_set_incomplete: {
      title: 'Not every document that was asked for was presented[: {at}].',
      remedy: 'Ask the holder for all of them together.',
    },
    presentation_set_unexpected: {
      title: 'A document was presented that was not asked for[: {at}].',
      remedy: 'Ask the holder to present exactly what was asked for.',
    },
    presentation_set_holder_mismatch: {
      title: 'The documents are bound to different keys: they may belong to different people.',
      remedy: 'Do not accept them together. Ask for documents kept in one wallet.',
    },
    evidence_malformed: {
      title: 'The evidence record is malformed[ ({at})].',
      remedy: 'Take it from the archive again, as it was stored.',
    },
    evidence_digest_mismatch: {
      title: 'The evidence record was changed after it had been made[ ({at})].',
      remedy: 'Do not rely on it. Look for an untouched copy in the archive.',
    },
    evidence_attachment_missing: {
      title: 'A part of the evidence that is kept separately was not supplied[: {at}].',
      remedy: 'Supply it from the archive, by its digest.',
    },

    // Fetch
    fetch_address_refused: {
      title: 'The address is not one that may be opened[ ({at})].',
      remedy:
        'Do not open it by other means. Report the address to whoever published it; a host of your own has to be allowed by name.',
    },
    fetch_answer_refused: {
      title: 'The server answered in a way that is not accepted[ ({at})][: {actual}].',
      remedy: 'Try again later. If it repeats, report it to whoever publishes there.',
    },

    // Type metadata
    type_metadata_uri_refused: {
      title: 'The description of the document type stands at an address that may not be opened.',
      remedy: 'Do not accept the document. Report the address to the issuer.',
    },
    type_metadata_unreachable: {
      title: 'The description of the document type could not be fetched, so that its rules are not known.',
      remedy: 'Check the connection and try again.',
    },
    type_metadata_invalid: {
      title: 'The description of the document type is malformed[ ({at})].',
      remedy: 'Try again later. If it repeats, report it to whoever publishes the description.',
    },
    type_metadata_integrity_mismatch: {
      title: 'The description of the document type is not the one that was referred to[ ({at})].',
      remedy: 'Do not accept the document. Report it to the issuer.',
    },
    type_metadata_cycle: {
      title: 'The description of the document type builds on itself.',
      remedy: 'Do not accept the document. Report it to whoever publishes the description.',
    },
    type_metadata_violated: {
      title: 'The document breaks a rule of its own type[: {at}][, rule {expected}].',
      remedy: 'Do not accept it. The issuer must make the document anew.',
    },

    // Status
    status_missing: {
      title: 'The document does not say where its status can be checked, though it must.',
      remedy: 'Do not accept it. Ask the issuer for a document with a status reference.',
    },
    status_malformed: {
      title: 'The status reference of the document is malformed[ ({at})].',
      remedy: 'Do not accept it. The issuer must make the document anew.',
    },
    status_unsupported: {
      title: 'The document uses a way of telling its status that is not supported.',
      remedy:
        'It must be refused. Ask the issuer for a document with a reference to a Token Status List or a Bitstring Status List.',
    },
    status_uri_refused: {
      title: 'The address of the status list is not one that may be opened.',
      remedy: 'Do not accept the document. Report the address to the issuer.',
    },
    status_unreachable: {
      title: 'The status list could not be fetched, so that nobody knows whether the document is still valid.',
      remedy: 'Check the connection and try again, or load a recent snapshot.',
    },
    status_response_invalid: {
      title: 'The status server gave an answer that is not a status list[ ({at})].',
      remedy: 'Try again later. If it repeats, report it to the issuer.',
    },
    status_token_malformed: {
      title: 'The status list token is malformed[ ({at})].',
      remedy: 'Try again later. If it repeats, report it to the issuer.',
    },
    status_signer_untrusted: {
      title: 'The status list is not signed by anyone who may speak for this issuer.',
      remedy: 'Update the trust anchors for status lists. If that does not help, do not accept the document.',
    },
    status_signature_invalid: {
      title: 'The signature of the status list does not hold.',
      remedy: 'Fetch the list again. If it repeats, do not accept the document and tell the issuer.',
    },
    status_subject_mismatch: {
      title: 'Another status list was delivered than the one the document names.',
      remedy: 'Fetch the list again. If it repeats, do not accept the document and tell the issuer.',
    },
    status_expired: {
      title: 'The status list has expired.',
      remedy: 'Fetch a current list, or load a recent snapshot.',
    },
    status_issued_in_future: {
      title: 'The status list is dated in the future.',
      remedy: 'Check your clock and try again.',
    },
    status_stale: {
      title: 'The status list is older than you allow[: at most {expected} s][, it is {actual} s old].',
      remedy: 'Fetch a current list, or load a recent snapshot.',
    },
    status_rolled_back: {
      title: 'The status list is older than one that was seen before.',
      remedy: 'Do not use it: it may hide a revocation. Fetch the list again.',
    },
    status_list_malformed: {
      title: 'The content of the status list is malformed[ ({at})].',
      remedy: 'Try again later. If it repeats, report it to the issuer.',
    },
    status_index_out_of_range: {
      title: 'The status list has no entry for this document.',
      remedy: 'Do not accept the document. Report it to the issuer.',
    },
    status_revoked: {
      title: 'The document has been revoked by its issuer.',
      remedy: 'Do not accept it. The holder has to ask the issuer for a new one.',
    },
    status_suspended: {
      title: 'The document is suspended by its issuer.',
      remedy: 'Do not accept it now. It is valid again only once the issuer has lifted the suspension.',
    },
    status_unknown: {
      title: 'The status list gives the document a status without a known meaning[: {actual}].',
      remedy: 'Do not accept it. Ask the issuer what the status means.',
    },
    status_snapshot_malformed: {
      title: 'The status snapshot is malformed[ ({at})].',
      remedy: 'Export it anew and load it again.',
    },
    status_history_unsupported: {
      title: 'The publisher of the status list does not tell past statuses.',
      remedy: 'Ask for the present status, or for the list that was kept at the time.',
    },
    status_history_unknown: {
      title: 'The publisher has no status list of the time that was asked for.',
      remedy: 'Ask for another time, or for the list that was kept then.',
    },
    status_aggregation_malformed: {
      title: 'The index of status lists is malformed[ ({at})].',
      remedy: 'Fetch it again; if that does not help, the issuer must repair it.',
    },

    // Registry of statuses
    registry_reference_unknown: {
      title: 'The registry of statuses does not know this reference.',
      remedy: 'Check the reference or the identifier of the passport.',
    },
    registry_status_final: {
      title: 'The document is revoked, and a revocation is final.',
      remedy: 'Issue a new document instead.',
    },
    registry_full: {
      title: 'The status list has no free entry left.',
      remedy: 'Open a further list.',
    },

    // Stores
    store_value_unsupported: {
      title: 'A value cannot be kept as it is[ ({at})].',
      remedy: 'Leave out zero characters and half characters, and use whole numbers that are exact.',
    },
    store_not_migrated: {
      title: 'The tables of the store are not those that this version needs[: expected {expected}][, found {actual}].',
      remedy: 'Call `store.migrate` with this version of the library, or use the version that made the tables.',
    },
    store_busy: {
      title: 'The store is held by others for too long.',
      remedy: 'Try again.',
    },
    store_full: {
      title: 'The store has no room left; nothing was written.',
      remedy: 'Make room, then try again.',
    },
    store_unreachable: {
      title: 'The store cannot be reached; nothing was written.',
      remedy: 'Try again once it answers.',
    },
    store_commit_unknown: {
      title: 'The connection broke while the work was being committed: it is done completely, or not at all.',
      remedy: 'Look whether it was done, or try again under the same idempotency key.',
    },
    store_failed: {
      title: 'The store could not do what it was asked; nothing was written.',
      remedy: 'Look into the log of the database.',
    },

    // Office
    idempotency_key_reused: {
      title: 'The idempotency key was used before, for another request.',
      remedy: 'Send the request under a key of its own.',
    },

    // Log, proofs and checkpoints
    audit_entry_malformed: {
      title: 'A log entry is malformed[ ({at})].',
      remedy: 'Ask the operator of the log for the entry as it was recorded.',
    },
    audit_proof_malformed: {
      title: 'The proof is malformed[ ({at})].',
      remedy: 'Ask the operator of the log for a new proof.',
    },
    audit_inclusion_invalid: {
      title: 'The proof does not show that the entry is in the log.',
      remedy: 'Ask for a new proof. If that fails too, the entry was changed or never logged.',
    },
    audit_consistency_invalid: {
      title: 'The later state of the log does not continue the earlier one: history was rewritten.',
      remedy: 'Keep both checkpoints and demand an explanation from the operator of the log.',
    },
    audit_chain_broken: {
      title: 'The chain of log entries is broken[ ({at})]: one was changed, removed or inserted.',
      remedy: 'Keep the entries and demand an explanation from the operator of the log.',
    },
    audit_history_malformed: {
      title: 'The history is malformed[ ({at})].',
      remedy: 'Ask the operator of the log for it again.',
    },
    audit_history_subject_mismatch: {
      title: 'The history contains an entry about someone else.',
      remedy: 'Do not rely on it. Ask the operator of the log for a correct one.',
    },
    audit_subject_unknown: {
      title: 'The log has nothing about this subject, or its key has been erased.',
      remedy: 'Check the identifier of the passport.',
    },
    audit_export_malformed: {
      title: 'The export of the log is incomplete or malformed[ ({at})].',
      remedy: 'Ask the operator of the log to make the export again.',
    },
    audit_export_mismatch: {
      title: 'The files of the export are not those that the log recorded[ ({at})].',
      remedy: 'Do not rely on them. Ask the operator of the log to make the export again.',
    },
    audit_tile_missing: {
      title: 'A part of the log is not where the log publishes it[ ({at})].',
      remedy: 'Fetch it again, or from another place. If it stays missing, ask the operator of the log for it.',
    },
    audit_tile_invalid: {
      title: 'A part of the log does not lead to its checkpoint[ ({at})]: it was changed, or belongs to another log.',
      remedy: 'Do not rely on it. Fetch it again, or from another place.',
    },
    checkpoint_malformed: {
      title: 'The checkpoint is malformed[ ({at})].',
      remedy: 'Fetch it again from the place where the log publishes it.',
    },
    checkpoint_origin_mismatch: {
      title: 'The checkpoint belongs to another log[; expected: {expected}].',
      remedy: 'Use a checkpoint of the log whose key you hold.',
    },
    checkpoint_signature_missing: {
      title: 'The checkpoint does not bear the signature of the expected log.',
      remedy: 'Check the key of the log, and fetch the checkpoint again.',
    },
    checkpoint_signature_invalid: {
      title: 'The signature of the checkpoint does not hold.',
      remedy: 'Do not rely on it. Fetch the checkpoint again.',
    },
    checkpoint_cosignature_invalid: {
      title: 'The signature of a witness under the checkpoint does not hold.',
      remedy: 'Do not rely on it. Fetch the checkpoint again.',
    },
    checkpoint_witnesses_missing: {
      title: 'Too few witnesses have signed the checkpoint[: expected {expected}][, found {actual}].',
      remedy: 'Wait for the witnesses to sign, and fetch the checkpoint again.',
    },
    log_key_malformed: {
      title: 'The key of the log is malformed.',
      remedy: 'Take it again, whole, from the place where the log publishes it.',
    },
    log_corrupt: {
      title: 'The stored log does not agree with its last checkpoint; nothing more is written to it.',
      remedy: 'Stop issuing, keep the database as it is, and restore it from a copy that agrees.',
    },
    log_busy: {
      title:
        'The end of the log could not be had in the time that was stated: others hold it, or the store; nothing was written.',
      remedy: 'Try again. If that does not help, look for a second process that numbers this log and hangs.',
    },
    log_uri_refused: {
      title: 'The address of the log is not one that may be opened.',
      remedy: 'Check the address of the log.',
    },
    log_unreachable: {
      title: 'The log could not be reached, so that nobody knows what it says now.',
      remedy: 'Check the connection and try again.',
    },
    log_response_invalid: {
      title: 'The server of the log gave an answer that is no part of a log[ ({at})].',
      remedy: 'Try again later. If it repeats, report it to the operator of the log.',
    },
    log_rolled_back: {
      title: 'The log shows an earlier state than before[: {expected} entries were seen][, it has {actual}].',
      remedy:
        'Look again later, for a copy may be old. If it stays, keep both checkpoints and demand an explanation from the operator of the log.',
    },
    log_forked: {
      title: 'The log shows another history than before.',
      remedy: 'Keep both checkpoints: they prove it. Demand an explanation from the operator of the log.',
    },
    log_stale: {
      title: 'The log has not grown for longer than it should.',
      remedy: 'Ask the operator of the log whether it still runs.',
    },
    monitor_stale: {
      title: 'The log has not been checked successfully for too long.',
      remedy: 'Find out why the checks fail, and do not rely on the log until one succeeds.',
    },
    witness_log_unknown: {
      title: 'The witness has not seen this log before.',
      remedy: 'Confirm its first checkpoint by hand.',
    },
    witness_size_mismatch: {
      title: 'The proof does not begin where the witness last saw the log[: expected {expected}][, found {actual}].',
      remedy: 'Prove from the size that the witness has.',
    },
    witness_request_malformed: {
      title: 'What the witness was asked is malformed[ ({at})].',
      remedy: 'Check the program that asks the witness.',
    },
    witness_uri_refused: {
      title: 'The address of the witness is not one that may be opened.',
      remedy: 'Check the address of the witness.',
    },
    witness_unreachable: {
      title: 'The witness could not be reached.',
      remedy: 'Ask it again at the next checkpoint. If it repeats, ask its operator.',
    },
    witness_response_invalid: {
      title: 'The server of the witness gave an answer that is none of a witness[ ({at})].',
      remedy: 'Check the address of the witness. If it repeats, ask its operator.',
    },
    witness_refused: {
      title: 'The witness has refused to sign[: {actual}].',
      remedy: 'Ask its operator whether it knows the key of this log.',
    },

    // Logged before it was signed
    log_proof_missing: {
      title: 'The document has no proof that its issue was logged.',
      remedy: 'Do not accept it where such a proof is required. It may have been signed with a stolen key.',
    },
    log_proof_malformed: {
      title: 'The proof that the issue of the document was logged is malformed[ ({at})].',
      remedy: 'Do not accept the document. Report it to the issuer.',
    },
    log_proof_invalid: {
      title: 'The proof does not show that the issue of the document is in the log.',
      remedy: 'Do not accept the document. Report it to the issuer and to the operator of the log.',
    },
    log_entry_mismatch: {
      title: 'The log records the issue of another document[ ({at})].',
      remedy: 'Do not accept the document. Report it to the issuer and to the operator of the log.',
    },
    log_entry_too_late: {
      title: 'The issue of the document was logged later than the document says that it was signed.',
      remedy:
        'Do not accept the document. If it was issued just now, the issuer must set the clock and issue it again.',
    },
    log_untrusted: {
      title: 'The log that records the issue of the document is not one that is trusted here.',
      remedy: 'Add the key of the log to the trust settings if the log is known; otherwise do not accept the document.',
    },

    // QR codes: drawing, scanning, frames
    qr_too_long: {
      title: 'This is too long for a QR code[: at most {expected} characters][, here {actual}].',
      remedy: 'Disclose less, leave the portrait out, or show it in several codes one after another.',
    },
    qr_image_unreadable: {
      title: 'The picture cannot be searched for a QR code[ ({at})].',
      remedy: 'Take the picture again.',
    },
    qr_frame_malformed: {
      title: 'The QR code is one of several, and is malformed or incomplete.',
      remedy: 'Have it shown and scan it again.',
    },
    qr_frame_mixed: {
      title: 'The QR code does not belong with those scanned before it.',
      remedy: 'Scan the codes of one document to the end, or begin again with the other one.',
    },
    qr_frame_conflict: {
      title: 'The QR code has the number of one scanned before it[ ({at})] and says something else.',
      remedy: 'Begin again. If that does not help, do not accept the codes.',
    },
    qr_frames_altered: {
      title: 'The QR codes together are not the text that was divided among them.',
      remedy: 'Scan all of them again. If that does not help, do not accept them.',
    },
    qr_frames_complete: {
      title: 'The QR codes of this document have all been scanned already.',
      remedy: 'Begin a new scan for the next document.',
    },

    // Modelling, issuing and showing a passport
    passport_invalid: {
      title: 'The record has mistakes and cannot become a passport.',
      remedy: 'Correct the fields that are named and try again.',
    },
    credential_validity_invalid: {
      title: 'The period of validity cannot be issued[ ({at})].',
      remedy: 'The end must come after the beginning, and within the life of the certificate.',
    },
    presentation_claim_unknown: {
      title: 'The document has no such information to show[: {field}].',
      remedy: 'Choose among the information that the document contains.',
    },
    presentation_not_bound: {
      title: 'The document cannot be shown with this key: it is bound to another one, or to none.',
      remedy: 'Use the key that the document was issued for.',
    },
    vehicle_move_refused: {
      title: 'The status of the vehicle passport cannot be changed this way[ ({at})][: it is {actual}].',
      remedy: 'Compare the change with the table of permitted ones.',
    },
    vehicle_history_malformed: {
      title: 'The changes of status of the vehicle passport do not follow from each other[ ({at})].',
      remedy: 'Fetch the history again; do not extract anything from this one.',
    },
    vehicle_extract_unavailable: {
      title: 'For that day the vehicle passport has nothing to extract[ ({at})].',
      remedy: 'Choose a later day, or bring the history of the passport.',
    },
    vehicle_change_refused: {
      title: 'The vehicle passport cannot be changed this way[ ({at})][: it is {actual}].',
      remedy: 'Compare the request with the table of who may change what, and on which evidence.',
    },
    attachment_move_refused: {
      title: 'The attachment cannot be moved on this way[ ({at})][: it is {actual}].',
      remedy: 'Compare the move with the table of states; give a reason for a rejection, and for nothing else.',
    },

    records_malformed: {
      title: 'The list of records cannot be read[ ({at})].',
      remedy: 'Name the columns after the fields, each once, and give every row as many cells as there are columns.',
    },

    // Files
    file_unrecognized: {
      title: 'The file is of no kind that is known here.',
      remedy: 'Save it as JPEG, PNG or PDF and hand it in again.',
    },
    file_type_not_allowed: {
      title: 'Files of this kind are not accepted here[: {actual}][; accepted are {expected}].',
      remedy: 'Save it as one of the accepted kinds and hand it in again.',
    },
    file_too_large: {
      title: 'The file is too large[ ({at})][: at most {expected} bytes][, received {actual}].',
      remedy: 'Save it with a lower resolution or quality.',
    },
    file_truncated: {
      title: 'The file is incomplete.',
      remedy: 'Hand it in again; the transfer may have been cut off.',
    },
    file_malformed: {
      title: 'The file is damaged or made in an unusual way[ ({at})].',
      remedy: 'Open it and save it anew, then hand it in again.',
    },
    file_trailing_data: {
      title: 'Something else follows the end of the file.',
      remedy: 'Open it and save it anew as a plain file, without motion or other additions.',
    },
    file_encrypted: {
      title: 'The file is encrypted, so that its content cannot be examined.',
      remedy: 'Save it without a password.',
    },
    file_active_content: {
      title: 'The file contains something that runs or acts when it is opened[: {at}].',
      remedy: 'Save it without macros, scripts and forms, or print it to PDF.',
    },
    file_embedded_file: {
      title: 'The file contains other files.',
      remedy: 'Hand them in one by one.',
    },
    file_external_reference: {
      title: 'The file fetches something from elsewhere when it is opened.',
      remedy: 'Save it without linked templates, pictures and objects.',
    },
    file_metadata: {
      title: 'The file tells more than it shows, such as the place, the device or the author[: {at}].',
      remedy: 'Remove such information before handing it in.',
    },
    image_too_small: {
      title: 'The image is too small[: {at}][, at least {expected} pixels][, received {actual}].',
      remedy: 'Take or scan it with a higher resolution.',
    },
    image_too_large: {
      title: 'The image has too many pixels[: at most {expected}][, received {actual}].',
      remedy: 'Save it with a lower resolution.',
    },
    image_aspect: {
      title: 'The sides of the image are not in the required proportion[ ({expected})].',
      remedy: 'Cut the image to that proportion.',
    },
    image_rotated: {
      title: 'The image is stored turned and would be shown lying.',
      remedy: 'Open it, turn it upright and save it anew.',
    },

    // Why a check was left out
    not_reached: { title: 'An earlier check had failed already.' },
    not_requested: { title: 'It was not asked for.' },
    not_present: { title: 'There is nothing to check.' },
    type_metadata_no_address: {
      title: 'The document type has no address from which its rules could be fetched.',
      remedy: 'Rules of its own it may have are not checked; what the verifier demands is.',
    },
    status_not_checked: {
      title: 'The status was left unchecked by decision of the verifier.',
      remedy: 'The document may have been revoked.',
    },
    certificate_revocation_not_checked: {
      title: "No revocation list for the signer's certificate was at hand.",
      remedy: 'The certificate may have been revoked; configure a list to rule that out.',
    },
    replay_not_checked: {
      title: 'The code answers no request of yours, so that a copy of it would pass just as well for a short time.',
      remedy: 'Look at the person, or send a request with a nonce where copies matter.',
    },
  },
  issues: {
    required: 'the value is missing',
    unknown_field: 'there is no such field',
    type: 'the value is of the wrong kind',
    length: 'the value has the wrong length',
    charset: 'the value holds characters that are not allowed',
    mixed_script: 'Latin and Cyrillic letters are mixed',
    checksum: 'the check digit is wrong; the number may be mistyped',
    grouping: 'the groups of digits are separated wrongly',
    range: 'the value is outside the permitted range',
    calendar: 'there is no such date in the calendar',
    format: 'the value is not written in the required form',
    order: 'the dates are in the wrong order',
    name_order: "the parts of the name may stand in each other's places",
    mismatch: 'the value does not agree with another field',
    metadata: 'the image tells more than it shows, as a place or a device; hand in what `stripImage` leaves of it',
    too_young: 'the person is under the required age',
    citizenship_missing: 'the required citizenship is not there',
    base_document_missing: 'the document that this one rests on is not there',
    base_document_expired: 'the document that this one rests on was to be replaced by now',
    base_document_invalid: 'the document that this one rests on is not valid',
    base_document_unconfirmed: 'the register has not confirmed the document that this one rests on',
    guardian_consent_missing: 'no guardian has given consent',
    guardian_consent_withdrawn: 'the consent of the guardian was withdrawn',
    evidence_missing: 'a document that the case demands is not there',
    assurance_too_low: 'the identity of the person is not confirmed well enough',
  },
  checks: {
    structure: 'Structure',
    format: 'Format',
    type: 'Kind of document',
    issuer_trusted: 'Trust in the issuer',
    issuer_signature: "Issuer's signature",
    certificate_validity: "Validity of the signer's certificate",
    certificate_revocation: "Revocation of the signer's certificate",
    logged: 'Logging of the issue',
    disclosures: 'Disclosed information',
    protected_claims: 'Information that must stay visible',
    type_metadata: 'Rules of the document type',
    validity: 'Period of validity',
    key_binding: 'Proof of possession',
    key_binding_signature: "Holder's signature",
    key_binding_audience: 'Intended recipient',
    key_binding_nonce: 'Answer to this request',
    key_binding_time: 'Time of presentation',
    key_binding_hash: 'Presentation unchanged',
    holder_key: "Holder's key",
    status_reference: 'Status reference',
    status: 'Status at the issuer',
    claims: 'Form of the information',
    required_claims: 'Required information',
    evidence: 'Evidence record',
    presentation_set: 'Set of documents',
  },
  phrases: {
    accepted: 'Verification passed.[ Not checked: {skipped}.]',
    refused: 'Verification failed.',
    passed: '[{check}]: passed.',
    failed: '[{check}]: failed.[ {problem}]',
    skipped: '[{check}]: not checked.[ {problem}]',
    issue: '[{field}: ][{problem}].',
  },
  log: englishLog,
}
