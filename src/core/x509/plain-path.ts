/**
 * The parts of path validation where there is none: each refuses what needs it. What is left are plain chains, ECDSA or
 * Ed25519, as most issuers of passports have them.
 */
import { VidimusError } from '../../errors.js'
import { misuse } from '../arguments.js'
import { extensionIds, keyUsageOf } from './extension.js'
import type { PathParts } from './path.js'
import { type CertificateProfile, mdlDocumentSigner } from './profile.js'
import { unsupportedAlgorithm } from './signature.js'

export const plainPath: PathParts = {
  rsaSignatures: {
    async hold(_signed, _key, at) {
      throw unsupportedAlgorithm(at)
    },
  },
  /** Critical or not: whoever set a constraint meant it. */
  nameConstraints: {
    require(links) {
      const actual = extensionIds.nameConstraints
      for (const { certificate, at } of links)
        if (certificate.extensions.has(actual))
          throw new VidimusError('certificate_extension_unsupported', { at, actual })
    },
  },
  certificateProfiles: {
    read(choice, argument) {
      if (![undefined, 'plain', 'status'].includes(choice as string))
        throw misuse(argument, 'left out, without `certificateProfiles`')
      return use => {
        if (use === 'plain' || use === 'status' || (use === 'iaca' && choice !== undefined)) return plainSigners
        throw new VidimusError('certificate_profile', { at: use })
      }
    },
    /** All that `plain` asks of a leaf beside its usages. What the path lacks is not told. */
    hold([leaf]) {
      if (keyUsageOf(leaf!.certificate) === undefined)
        throw new VidimusError('certificate_key_usage', { at: 'leaf.absent' })
      return []
    },
  },
}

/** The profile `plain` by what it takes: rules that it lifts need no names where nothing asks for them. */
const plainSigners: CertificateProfile = { extendedKeyUsages: [mdlDocumentSigner], relaxed: ['anchorNotRoot'] }
