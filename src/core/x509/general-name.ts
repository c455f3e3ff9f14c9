/** GeneralName (RFC 5280 §4.2.1.6): what else than a distinguished name a certificate calls its subject. */
import { fromUtf8 } from '../bytes.js'
import { type DerElement, derAny, derSequence, malformedCertificate, readDer, readList } from './der.js'
import { readName } from './name.js'

// The forms that are known, by their tag; every other form is kept as it is.
export const emailForm = 0x81
export const dnsForm = 0x82
export const directoryForm = 0xa4
export const uriForm = 0x86
export const ipForm = 0x87

export interface GeneralName {
  /** The tag: one of those above, or that of another form. */
  readonly form: number
  /** As received, without its tag. */
  readonly content: Uint8Array
  /** An e-mail address, host name or URI; empty for every other form. */
  readonly text: string
}

/** One or more names, from the content of their list. Throws `certificate_malformed`, `encoding_invalid`. */
export const readGeneralNames = (names: Uint8Array): readonly GeneralName[] =>
  readList(names, derAny).map(element => {
    const name = readGeneralName(element)
    if (!isWellFormed(name)) throw malformedCertificate('name')
    return name
  })

/** A name, or what stands for many in a name constraint. Throws `certificate_malformed`, `encoding_invalid`. */
export function readGeneralName({ tag, content }: DerElement): GeneralName {
  const text = tag === emailForm || tag === dnsForm || tag === uriForm ? fromUtf8(content, 'name') : ''
  if ((tag & 0xc0) !== 0x80 || /[^\x00-\x7f]/.test(text)) throw malformedCertificate('name')
  if (tag === directoryForm) readName(readDer(content, derSequence))
  return { form: tag, content, text }
}

/** A host name in the preferred syntax (RFC 5280 §4.2.1.6, RFC 1034 §3.5), underscores as found in practice. */
export const isHostName = (text: string): boolean =>
  text.length <= 253 && /^(\w([\w-]{0,61}\w)?(\.(?!$)|$))+$/.test(text)

function isWellFormed({ form, text, content }: GeneralName): boolean {
  if (form === dnsForm) return isHostName(text.replace(/^\*\./, ''))
  if (form === emailForm) return text.includes('@') && isHostName(text.replace(/^[^@\s]+@/, ''))
  if (form === uriForm) return /^[a-z][a-z0-9+.-]*:[!#-;=?-[\]_a-z~]+$/i.test(text) // RFC 3986 §2
  return form !== ipForm || content.length === 4 || content.length === 16
}
