/** GeneralName (RFC 5280 §4.2.1.6): what else than a distinguished name a certificate calls its subject. */
import { type DerElement, derSequence, malformedCertificate, readAscii, readDer, readList } from './der.js'
import { type DistinguishedName, readName } from './name.js'

/** The forms that are compared, by their tag; every other form is kept as it is. */
export const nameForms = { email: 0x81, dns: 0x82, directory: 0xa4, uri: 0x86, ip: 0x87 } as const

export interface GeneralName {
  /** The tag: one of `nameForms`, or that of another form. */
  readonly form: number
  /** As received, without its tag. */
  readonly content: Uint8Array
  /** An e-mail address, host name or URI; empty for every other form. */
  readonly text: string
  /** A directory name. */
  readonly name?: DistinguishedName | undefined
}

/** One or more names. Throws `certificate_malformed`; `at` names the extension they stand in. */
export const readGeneralNames = (names: DerElement, at: string): readonly GeneralName[] =>
  readList(names, at, element => {
    const name = readGeneralName(element, at)
    if (!isWellFormed(name)) throw malformedCertificate(at)
    return name
  })

/** A name, or what stands for many in a name constraint. Throws `certificate_malformed`. */
export function readGeneralName({ tag, content }: DerElement, at: string): GeneralName {
  if ((tag & 0xc0) !== 0x80) throw malformedCertificate(at)
  const isText = tag === nameForms.email || tag === nameForms.dns || tag === nameForms.uri
  return {
    form: tag,
    content,
    text: isText ? readAscii(content, at) : '',
    name: tag === nameForms.directory ? readName(readDer(content, derSequence)) : undefined,
  }
}

/** A host name in the preferred syntax (RFC 5280 §4.2.1.6, RFC 1034 §3.5), underscores as found in practice. */
export const isHostName = (text: string): boolean =>
  text.length <= 253 && /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i.test(text)

function isWellFormed({ form, text, content }: GeneralName): boolean {
  switch (form) {
    case nameForms.dns:
      return isHostName(text.replace(/^\*\./, ''))
    case nameForms.email:
      return /^[^@\s]+@[^@\s]+$/.test(text) && isHostName(text.slice(text.indexOf('@') + 1))
    case nameForms.uri:
      return /^[a-z][a-z0-9+.-]*:[!#-;=?-[\]_a-z~]+$/i.test(text) // RFC 3986 §2
    case nameForms.ip:
      return content.length === 4 || content.length === 16
    default:
      return true
  }
}
