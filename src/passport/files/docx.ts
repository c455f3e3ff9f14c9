/**
 * DOCX (ECMA-376): an archive of parts, searched for macros, embedded files and references that fetch something. The
 * document itself is not read.
 */
import { fromUtf8 } from '../../core/bytes.js'
import { crc32 } from './crc32.js'
import { type FileFinding, finding, unreadable } from './finding.js'
import { inflateRaw } from './inflate-raw.js'
import { readZip, type ZipArchive, type ZipEntry } from './zip.js'

/** Bytes of all parts that are read, unpacked. */
const mostRead = 2 * 1024 * 1024

export interface ScannedDocx {
  readonly findings: readonly FileFinding[]
  /** Whether the document says who wrote it. */
  readonly metadata: boolean
}

/**
 * Searches a whole document. Throws what `readZip` throws, `file_unrecognized` for an archive that is no Word document and
 * `file_malformed` for parts that cannot be read in one way.
 */
export async function scanDocx(bytes: Uint8Array): Promise<ScannedDocx> {
  const archive = readZip(bytes)
  const types = archive.entries.find(({ name }) => name === contentTypesPart)
  if (types === undefined) throw unreadable('file_unrecognized')
  const toRead = archive.entries.filter(({ name }) => name === contentTypesPart || isRelationships(name))
  if (toRead.reduce((sum, { size }) => sum + size, 0) > mostRead) throw unreadable('file_too_large', 'parts')
  const contentTypes = valuesOf(await readPart(archive, types), 'ContentType')
  if (!contentTypes.some(type => mainTypes.test(type))) throw unreadable('file_unrecognized')
  const names = archive.entries.map(({ name }) => name)
  return {
    findings: [
      ...(contentTypes.some(isActive) || names.some(isActive)
        ? [finding('file_active_content', { at: 'macros' })]
        : []),
      ...(names.every(isOrdinary) ? [] : [finding('file_embedded_file')]),
      ...((await fetchesSomething(archive)) ? [finding('file_external_reference')] : []),
    ],
    metadata: names.includes('docProps/core.xml'),
  }
}

const contentTypesPart = '[Content_Types].xml'

const isRelationships = (name: string): boolean => /\.rels$/i.test(name)

/** The document of a file without macros and of one with them. */
const mainTypes =
  /^application\/vnd\.(openxmlformats-officedocument\.wordprocessingml\.document|ms-word\.document\.macroenabled)\.main\+xml$/i

const isActive = (nameOrType: string): boolean => /macroenabled|vbaproject|vbadata|activex/i.test(nameOrType)

/** Parts that hold text, pictures and fonts; whatever else is there was put into the document as a file. */
const isOrdinary = (name: string): boolean =>
  name.endsWith('/') ||
  (/\.(xml|rels|jpe?g|png|gif|bmp|tiff?|emf|wmf|svg|odttf)$/i.test(name) && !/\/(embeddings|afchunk)/i.test(name))

/** ECMA-376 part 2 §6.5: a link that a reader follows is no matter; what is fetched when the document opens is. */
async function fetchesSomething(archive: ZipArchive): Promise<boolean> {
  for (const part of archive.entries.filter(({ name }) => isRelationships(name))) {
    for (const attributes of elementsOf(await readPart(archive, part), 'Relationship')) {
      const isExternal = attributes.get('TargetMode') === 'External'
      if (isExternal && !attributes.get('Type')?.endsWith('/hyperlink')) return true
    }
  }
  return false
}

async function readPart({ dataOf }: ZipArchive, entry: ZipEntry): Promise<string> {
  const data = entry.method === 0 ? dataOf(entry) : await inflateRaw(dataOf(entry), entry.size)
  if (data === undefined || data.length !== entry.size || crc32(data) !== entry.crc)
    throw unreadable('file_malformed', 'part')
  return asXml(data)
}

/** XML that can be read in one way by simple means: UTF-8, no document type, no character written as a number. */
function asXml(data: Uint8Array): string {
  const text = readUtf8(data)
  if (/\0|<!|&#|encoding\s*=\s*["'](?!utf-8)/i.test(text)) throw unreadable('file_malformed', 'part')
  return text
}

function readUtf8(data: Uint8Array): string {
  try {
    return fromUtf8(data)
  } catch {
    throw unreadable('file_malformed', 'part')
  }
}

const valuesOf = (xml: string, attribute: string): readonly string[] =>
  [...elementsOf(xml)].flatMap(attributes => attributes.get(attribute) ?? [])

/** The attributes of each element, or of those of one name, whatever its prefix. */
function* elementsOf(xml: string, name?: string): Generator<ReadonlyMap<string, string>> {
  for (const piece of xml.split('<').slice(1)) {
    const [start, tag] = /^(?:[\w.-]+:)?([\w.-]+)/.exec(piece) ?? []
    if (start !== undefined && (name === undefined || tag === name)) yield attributesOf(piece, start.length)
  }
}

/** XML §3.1: names and quoted values, each name once. */
function attributesOf(element: string, from: number): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  const attribute = /\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y
  attribute.lastIndex = from
  let end = from
  for (let found = attribute.exec(element); found !== null; found = attribute.exec(element)) {
    const [, key = '', double, single] = found
    if (attributes.has(key)) throw unreadable('file_malformed', 'part')
    attributes.set(key, double ?? single ?? '')
    end = attribute.lastIndex
  }
  if (!/^\s*\/?>/.test(element.slice(end))) throw unreadable('file_malformed', 'part')
  return attributes
}
