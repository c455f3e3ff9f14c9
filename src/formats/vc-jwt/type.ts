/** What securing with JOSE and with SD-JWT calls its tokens (VC-JOSE-COSE §3.1, §3.2) and the data model its contexts. */

/** The `typ` of a credential without and with selective disclosure, and of a presentation. */
export const vcJwtType = 'vc+jwt'
export const vcSdJwtType = 'vc+sd-jwt'
export const vpJwtType = 'vp+jwt'

/** The forms of a credential. */
export type VcForm = typeof vcJwtType | typeof vcSdJwtType

/** The `cty` of each, where there is one (§3.1.1, §3.1.2). */
export const vcContent = 'vc'
export const vpContent = 'vp'

/** The first context of every document of version 2.0 (VCDM 2.0 §4.3). */
export const baseContext = 'https://www.w3.org/ns/credentials/v2'

/** The last context of a document whose terms no other context defines (VCDM 2.0 §5.2). */
export const undefinedTermsContext = 'https://www.w3.org/ns/credentials/undefined-terms/v2'

/** The types that the rules ask for (VCDM 2.0 §4.5, §4.13). */
export const credentialType = 'VerifiableCredential'
export const presentationType = 'VerifiablePresentation'
export const envelopeType = 'EnvelopedVerifiableCredential'
