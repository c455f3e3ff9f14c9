/**
 * A presentation of the W3C data model 2.0 as JSON (VCDM 2.0 §4.13), and the envelope in which a secured credential stands
 * in it (§4.13.1, VC-JOSE-COSE §3.1.2).
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { VidimusError } from '../../errors.js'
import { parseCredential } from './credential.js'
import { each, type Malformed, readContexts, readId, readParty, readTyped, readTypes } from './document.js'
import { baseContext, envelopeType, presentationType, type VcForm } from './type.js'

/** A credential that was secured before it was presented, as the text of its `data:` URL. Nothing is decoded. */
export interface EnvelopedVc {
  readonly mediaType: string
  readonly text: string
}

/** One credential of a presentation: in an envelope, or laid open, secured by nothing that is checked here. */
export type PresentedVc = EnvelopedVc | 'embedded'

const malformed: Malformed = at => new VidimusError('vp_malformed', { at })

/**
 * Reads a presentation and returns its credentials. Nothing is verified, neither who presents nor what is presented.
 * Throws `vp_malformed` naming the member; for a credential that is laid open what `parseCredential` throws.
 */
export function parsePresentation(document: JsonObject): readonly PresentedVc[] {
  const terms = readContexts(document['@context'], malformed)
  const types = readTypes(document['type'], terms, 'type', malformed)
  if (!types.includes(presentationType)) throw malformed('type')
  readId(document, 'id', malformed)
  const { holder, verifiableCredential } = document
  if (holder !== undefined) readParty(holder, 'holder', malformed)
  readTyped(document, 'termsOfUse', terms, malformed)
  return each(verifiableCredential).map(readPresented)
}

/** A presentation of one secured credential. */
export const presentationOf = (form: VcForm, credential: string): JsonObject => ({
  '@context': [baseContext],
  type: [presentationType],
  verifiableCredential: [
    { '@context': baseContext, type: envelopeType, id: `data:${mediaTypeOf(form)},${credential}` },
  ],
})

/** The media type of a secured credential (VC-JOSE-COSE §6.1). */
export const mediaTypeOf = (form: VcForm): string => `application/${form}`

/** §4.13: an object, never a bare token. */
function readPresented(credential: JsonValue): PresentedVc {
  if (!isJsonObject(credential)) throw malformed('verifiableCredential')
  if (each(credential['type']).includes(envelopeType)) return readEnvelope(credential)
  parseCredential(credential)
  return 'embedded'
}

/** §4.13.1: the base context, and a `data:` URL for an identifier. */
function readEnvelope({ '@context': context, id }: JsonObject): EnvelopedVc {
  if (each(context)[0] !== baseContext) throw malformed('verifiableCredential.@context')
  const url = typeof id === 'string' ? id : ''
  const comma = url.indexOf(',')
  if (!url.startsWith('data:') || comma === -1) throw malformed('verifiableCredential.id')
  return { mediaType: url.slice('data:'.length, comma), text: url.slice(comma + 1) }
}
