/**
 * DOCX (ECMA-376): an archive of parts, searched for macros, embedded files, references that fetch something, and fields
 * that run a program or bring in other files. Text, pictures and layout are not looked at.
 */
import { crc32 } from './crc32.js'
import { refusedFields } from './docx-fields.js'
import { type FileFinding, finding, unreadable } from './finding.js'
import { inflateRaw } from './inflate-raw.js'
import { elementsOf, readXml } from './xml.js'
import { readZip, type ZipArchive, type ZipEntry } from './zip.js'

/** Bytes unpacked of the parts that tell types and relationships, and of those with text. */
const mostRead = 2 * 1024 * 1024
const mostText = 8 * 1024 * 1024

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
  requireSize(toRead, mostRead)
  const declared = await readPart(archive, types)
  const contentTypes = [...elementsOf(declared)].flatMap(({ attributes }) => attributes.get('ContentType') ?? [])
  if (!contentTypes.some(type => mainTypes.test(type))) throw unreadable('file_unrecognized')
  const names = archive.entries.map(({ name }) => name)
  return {
    findings: [
      ...(contentTypes.some(isActive) || names.some(isActive)
        ? [finding('file_active_content', { at: 'macros' })]
        : []),
      ...(names.every(isOrdinary) ? [] : [finding('file_embedded_file')]),
      ...((await fetchesSomething(archive)) ? [finding('file_external_reference')] : []),
      ...(await findFields(archive, declared)),
    ],
    metadata: names.includes('docProps/core.xml'),
  }
}

function requireSize(entries: readonly ZipEntry[], most: number): void {
  if (entries.reduce((sum, { size }) => sum + size, 0) > most) throw unreadable('file_too_large', 'parts')
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

/**
 * ECMA-376 part 2 §6.5: a link that a reader follows is no matter; what is fetched when the document opens is. A target with
 * a scheme or a host is elsewhere, whatever its mode.
 */
async function fetchesSomething(archive: ZipArchive): Promise<boolean> {
  for (const part of archive.entries.filter(({ name }) => isRelationships(name))) {
    for (const { attributes } of elementsOf(await readPart(archive, part), ['Relationship'])) {
      const isExternal = /^external$/i.test(attributes.get('TargetMode') ?? '')
      const isElsewhere = isExternal || /^\s*(?:[a-z][\w+.-]*:|[\\/]{2})/i.test(attributes.get('Target') ?? '')
      if (isElsewhere && !attributes.get('Type')?.endsWith('/hyperlink')) return true
    }
  }
  return false
}

/** The fields of every part with text, each name that is refused once. */
async function findFields(archive: ZipArchive, declared: string): Promise<readonly FileFinding[]> {
  const isText = textParts(declared)
  const parts = archive.entries.filter(({ name }) => isText(name.toLowerCase()))
  requireSize(parts, mostText)
  const found = new Map<string, FileFinding>()
  for (const part of parts)
    for (const [name, code] of refusedFields(await readPart(archive, part, 'text')))
      found.set(name, finding(code, { at: name }))
  return [...found.values()]
}

/** What Word reads as its own: by the type that is declared for a name or an ending, and all XML in its folder. */
function textParts(declared: string): (name: string) => boolean {
  const own = new Set<string | undefined>()
  for (const { attributes } of elementsOf(declared, ['Override', 'Default']))
    if (/wordprocessing|ms-word/i.test(attributes.get('ContentType') ?? ''))
      own.add((attributes.get('PartName') ?? `.${attributes.get('Extension')}`).toLowerCase())
  // Part 2 §6.2.2: a name that is written in another way would be another part to us.
  if ([...own].some(name => name?.includes('%'))) throw unreadable('file_malformed', 'part')
  return name => own.has(`/${name}`) || own.has(/\.[^.]*$/.exec(name)?.[0]) || /^word\/.*\.xml$/.test(name)
}

async function readPart({ dataOf }: ZipArchive, entry: ZipEntry, content?: 'text'): Promise<string> {
  const data = entry.method === 0 ? dataOf(entry) : await inflateRaw(dataOf(entry), entry.size)
  if (data === undefined || data.length !== entry.size || crc32(data) !== entry.crc)
    throw unreadable('file_malformed', 'part')
  return readXml(data, content)
}
