/** XML 1.0, as far as the parts of an office document need it: elements of one reading, found without a tree. */
import { fromUtf8 } from '../../core/bytes.js'
import { unreadable } from './finding.js'

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** What stands between its beginning and the next element, as it is written. */
  readonly text: string
}

/**
 * XML that can be read in one way by simple means: UTF-8, no document type, comment or CDATA; no character written as a
 * number but in text, where `plainText` tells what it is. Throws `file_malformed`.
 */
export function readXml(data: Uint8Array, content?: 'text'): string {
  const text = readUtf8(data)
  const isPlain = !/\0|<!|encoding\s*=\s*["'](?!utf-8)/i.test(text) && text.lastIndexOf('<?') <= 1
  if (!isPlain || (content === undefined && text.includes('&#'))) throw unreadable('file_malformed', 'part')
  return text
}

function readUtf8(data: Uint8Array): string {
  try {
    return fromUtf8(data)
  } catch {
    throw unreadable('file_malformed', 'part')
  }
}

/** The elements of these names, or all of them, whatever their prefix, in their order. */
export function* elementsOf(xml: string, names?: readonly string[]): Generator<XmlElement> {
  for (const { 0: start, 1: name = '', index } of xml.matchAll(/<(?:[\w.-]+:)?([\w.-]+)/g)) {
    if (names !== undefined && !names.includes(name)) continue
    const { attributes, end } = readAttributes(xml, index + start.length)
    const next = xml.indexOf('<', end)
    yield { name, attributes, text: xml.slice(end, next < 0 ? xml.length : next) }
  }
}

/** §3.1: names and quoted values, each name once. */
function readAttributes(xml: string, from: number) {
  const attributes = new Map<string, string>()
  const attribute = /\s+([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
  const close = /\s*\/?>/y
  attribute.lastIndex = close.lastIndex = from
  for (let found = attribute.exec(xml); found !== null; found = attribute.exec(xml)) {
    const [, key = '', double, single] = found
    if (attributes.has(key)) throw unreadable('file_malformed', 'part')
    attributes.set(key, double ?? single ?? '')
    close.lastIndex = attribute.lastIndex
  }
  if (!close.test(xml)) throw unreadable('file_malformed', 'part')
  return { attributes, end: close.lastIndex }
}

/** §4.1, §4.6: text with its references replaced; one that stands for nothing stands for itself. */
export const plainText = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name: string) => {
    if (name !== undefined) return namedCharacters[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0x10ffff ? whole : String.fromCodePoint(code)
  })

const namedCharacters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
