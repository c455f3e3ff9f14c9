/**
 * Certificate profiles where their part is not: what is left are plain signers, as most issuers of passports have them.
 */
import { VidimusError } from '../../errors.js'
import { misuse } from '../arguments.js'
import type { PathParts } from './path.js'
import { type CertificateProfile, mdlDocumentSigner } from './profile.js'

export const plainPath: PathParts = {
  rsaSignatures: undefined,
  nameConstraints: undefined,
  certificateProfiles: {
    read(choice, argument) {
      if (![undefined, 'plain', 'status'].includes(choice as string))
        throw misuse(argument, 'left out, without `certificateProfiles`')
      return use => {
        if (use === 'plain' || use === 'status' || (use === 'iaca' && choice !== undefined)) return plainSigners
        throw new VidimusError('certificate_profile', { at: use })
      }
    },
    /** Nothing that every path is not held against. What the path lacks is not told. */
    hold: () => [],
  },
}

/** The profile `plain` by what it takes: rules that it lifts need no names where nothing asks for them. */
const plainSigners: CertificateProfile = { extendedKeyUsages: [mdlDocumentSigner], relaxed: ['anchorNotRoot'] }
