/**
 * PDF (ISO 32000-2), searched for what acts, hides, fetches or carries other files. Nothing is rendered, and pages are not
 * counted.
 *
 * Names are looked for wherever they stand, in the objects of the file and in compressed object streams, so that no
 * reading of the structure can be tricked into passing over one. For the same reason a web link may stand, for somebody has
 * to follow it, but not beside an action on opening (`OpenAction` that is no plain destination, `AA`): what that leads to is
 * not traced.
 */
import { inflate } from '#crypto'
import { type FileCode, VidimusError } from '../../errors.js'
import { type FileFinding, finding, unreadable } from './finding.js'

/** Bytes of object streams, inflated, in one file. */
const mostInflated = 16 * 1024 * 1024

const mostObjectStreams = 4096

/** Names with escaped characters in one part of a file. */
const mostEscapes = 65_536

/** Names with which a document acts, hides, fetches or carries files, and what is said of them. */
const refusedNames: readonly (readonly [name: string, code: FileCode])[] = [
  ['JavaScript', 'file_active_content'],
  ['Launch', 'file_active_content'],
  ['Rendition', 'file_active_content'],
  ['RichMedia', 'file_active_content'],
  ['RichMediaExecute', 'file_active_content'],
  ['Movie', 'file_active_content'],
  ['Sound', 'file_active_content'],
  ['3D', 'file_active_content'],
  ['3DD', 'file_active_content'],
  ['ImportData', 'file_active_content'],
  ['SubmitForm', 'file_active_content'],
  ['XFA', 'file_active_content'],
  ['GoToR', 'file_external_reference'],
  ['URL', 'file_external_reference'],
  ['GoToE', 'file_embedded_file'],
  ['EF', 'file_embedded_file'],
  ['FileAttachment', 'file_embedded_file'],
  ['Filespec', 'file_embedded_file'],
  ['EmbeddedFile', 'file_embedded_file'],
  ['EmbeddedFiles', 'file_embedded_file'],
  ['Encrypt', 'file_encrypted'],
]

/** Names too short to be told from chance in the data of images, and what stands around them. */
const shortNames: ReadonlyMap<string, RegExp> = /* @__PURE__ */ new Map([
  ['3D', /\/(?:Subtype|Type)[\s\0]*\/3D(?![^\s\0()<>[\]{}/%])/],
  ['AA', /\/AA(?:[\s\0]*(?:<<|%)|[\s\0]+\d+[\s\0%])/],
  ['EF', /\/EF(?:[\s\0]*(?:<<|%)|[\s\0]+\d+[\s\0%])/],
])

/** Names by which object streams are found and inflated, and actions on opening. */
const structuralNames: readonly string[] = ['ObjStm', 'Filter', 'FlateDecode', 'DecodeParms', 'OpenAction', 'AA', 'URI']

/** What is in a PDF that an office refuses; `metadata` tells whether it names its author or its maker. */
export interface ScannedPdf {
  readonly findings: readonly FileFinding[]
  readonly metadata: boolean
}

/**
 * Searches a whole PDF. Throws `file_truncated` without its end, `file_trailing_data` behind it, `file_malformed` for object
 * streams that cannot be looked into, `file_too_large` for what unfolds beyond 16 MiB.
 */
export async function scanPdf(bytes: Uint8Array): Promise<ScannedPdf> {
  const text = asText(bytes)
  requireEnd(text)
  const texts = [text]
  if (!holdsName(text, 'Encrypt')) texts.push(...(await inflateObjects(bytes, text)))
  const found = refusedNames.filter(([name]) => texts.some(part => holdsName(part, name)))
  if (texts.some(hidesName)) throw unreadable('file_malformed', 'name')
  return {
    findings: [
      ...found.map(([name, code]) => finding(code, { at: name })),
      ...(mayFetchOnOpening(texts) ? [finding('file_external_reference', { at: 'URI' })] : []),
    ],
    metadata: ['Author', 'Creator', 'Metadata'].some(name => texts.some(part => holdsName(part, name))),
  }
}

/** One character for each byte; what is not ASCII matters to no name. */
const asText = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

/** §7.5.5: the last line is `%%EOF`; behind it only white space. */
function requireEnd(text: string): void {
  const end = text.lastIndexOf('%%EOF')
  if (end < 0 || text.lastIndexOf('startxref', end) < 0) throw unreadable('file_truncated')
  if (!/^[\s\0]*$/.test(text.slice(end + 5))) throw unreadable('file_trailing_data')
}

/** §12.6.3: an action on opening may be any that the file names; a destination is an array of its own. */
const mayFetchOnOpening = (texts: readonly string[]): boolean =>
  texts.some(text => holdsName(text, 'URI')) &&
  texts.some(text => holdsName(text, 'AA') || /\/OpenAction(?![\s\0]*\[|[^\s\0()<>[\]{}/%])/.test(text))

function holdsName(text: string, name: string): boolean {
  const surrounded = shortNames.get(name)
  if (surrounded !== undefined) return surrounded.test(text)
  for (let at = text.indexOf(`/${name}`); at >= 0; at = text.indexOf(`/${name}`, at + 1))
    if (!isNameCharacter(text[at + 1 + name.length])) return true
  return false
}

/** §7.3.5: white space and delimiters end a name. */
const isNameCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[^\s\0()<>[\]{}/%]/.test(character)

/** §7.3.5: `#4A` may stand for `J`. No writer hides letters so, but for one reason. */
function hidesName(text: string): boolean {
  let escapes = 0
  for (const [escaped] of text.matchAll(/\/[A-Za-z\d]*#[A-Za-z\d#]*/g)) {
    const name = escaped
      .slice(1)
      .replace(/#([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    if (++escapes > mostEscapes) return true
    if (structuralNames.includes(name) || refusedNames.some(([refused]) => refused === name)) return true
  }
  return false
}

/** §7.5.7: the object streams of a file, each inflated. One that cannot be looked into for certain refuses the file. */
async function inflateObjects(bytes: Uint8Array, text: string): Promise<readonly string[]> {
  const texts: string[] = []
  let left = mostInflated
  for (const { before, start, end } of streamsOf(text)) {
    if (!holdsName(before, 'ObjStm')) continue
    if (texts.length === mostObjectStreams || !isFlateAlone(before)) throw unreadable('file_malformed', 'ObjStm')
    const objects = await inflateStream(bytes.subarray(start, end), left)
    left -= objects.length
    texts.push(asText(objects))
  }
  if (texts.length !== countOf(text, '/ObjStm')) throw unreadable('file_malformed', 'ObjStm')
  return texts
}

/** Each stream with what stands before it; `stream` ends a dictionary and is followed by a line end (§7.3.8.1). */
function* streamsOf(text: string) {
  let from = 0
  for (let at = text.indexOf('stream'); at >= 0; at = text.indexOf('stream', at + 6)) {
    const before = text.slice(from, at).trimEnd()
    const lineEnd = text.startsWith('\r\n', at + 6) ? 2 : 1
    if (!before.endsWith('>>') || text[at + 5 + lineEnd] !== '\n') continue
    const start = at + 6 + lineEnd
    const end = text.indexOf('endstream', start)
    if (end < 0) throw unreadable('file_truncated')
    yield { before, start, end }
    from = end + 9
    at = end + 3
  }
}

/**
 * Whether what stands before a stream ends in an object of its own with one filter, FlateDecode, and no parameters (§7.4.1).
 * The object follows another on a new line and holds neither strings nor comments, in which a second beginning could hide.
 */
function isFlateAlone(before: string): boolean {
  const last = Math.max(before.lastIndexOf('endobj'), before.lastIndexOf('%%EOF'), 1) - 1
  const object = /^(?:%PDF-\d\.\d\s+(?:%[^\r\n]*\s+)?|[\r\n](?:endobj|%%EOF)\s+)\d+\s+\d+\s+obj\s*(<<[^()%]*)$/
  const dictionary = object.exec(before.slice(last))?.[1] ?? ''
  const isDirect = /\/Filter\s*(?:\/FlateDecode(?=[\s/>])|\[\s*\/FlateDecode\s*\])/.test(dictionary)
  return isDirect && countOf(dictionary, '/Filter') === 1 && !/obj|DecodeParms/.test(dictionary)
}

/** The data ends before `endstream` and the line end that may stand before it. */
async function inflateStream(data: Uint8Array, limit: number): Promise<Uint8Array> {
  for (const lineEnd of [1, 0, 2]) {
    if (lineEnd > data.length) continue
    try {
      return await inflate(data.subarray(0, data.length - lineEnd), limit)
    } catch (error) {
      if (error instanceof VidimusError && error.code === 'limit_exceeded') throw unreadable('file_too_large', 'ObjStm')
    }
  }
  throw unreadable('file_malformed', 'ObjStm')
}

function countOf(text: string, part: string): number {
  let count = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++
  return count
}
