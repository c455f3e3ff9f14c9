/** Files made piece by piece, so that each piece can be harmed. */
import { deflate } from '#crypto'
import { fromBase64 } from '../../../src/core/bytes.js'
import type { RejectedFile } from '../../../src/passport/files/inspect.js'
import files from '../../vectors/files-own/files.json' with { type: 'json' }

export const made = (name: keyof typeof files): Uint8Array => fromBase64(files[name])

/** One byte for each character. */
export function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < bytes.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}

export function joined(...pieces: readonly (Uint8Array | readonly number[] | string)[]): Uint8Array {
  const parts = pieces.map(piece => (typeof piece === 'string' ? ascii(piece) : new Uint8Array(piece)))
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

const bigEndian = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, index) => (value >>> (8 * (bytes - 1 - index))) & 0xff)
const littleEndian = (value: number, bytes: number) => bigEndian(value, bytes).reverse()

/** Bit by bit, as the standards have it. */
export function slowCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1
  }
  return ~crc >>> 0
}

// JPEG

export const segment = (code: number, content: Uint8Array | readonly number[] | string) => {
  const body = joined(content)
  return joined([0xff, code], bigEndian(body.length + 2, 2), body)
}

export const frame = (width: number, height: number, code = 0xc0) =>
  segment(code, [8, ...bigEndian(height, 2), ...bigEndian(width, 2), 1, 1, 0x11, 0])

export const jfif = segment(0xe0, joined('JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0]))
export const tables = joined(
  segment(0xdb, [0, ...new Array<number>(64).fill(1)]),
  segment(0xc4, [0, ...new Array<number>(16).fill(0)]),
)
export const scan = joined(segment(0xda, [1, 1, 0, 0, 63, 0]), [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56])
export const endOfImage = [0xff, 0xd9]

/** A JPEG in which `extra` stands before the frame. */
export const jpeg = (width = 413, height = 531, ...extra: readonly Uint8Array[]) =>
  joined([0xff, 0xd8], jfif, ...extra, tables, frame(width, height), scan, endOfImage)

/** Exif with a first directory of these tags, each a short number. */
export function exif(entries: readonly (readonly [tag: number, value: number])[], order: 'II' | 'MM' = 'II') {
  const number = order === 'II' ? littleEndian : bigEndian
  const directory = entries.flatMap(([tag, value]) => [
    ...number(tag, 2),
    ...number(3, 2),
    ...number(1, 4),
    ...number(value, 2),
    0,
    0,
  ])
  return segment(
    0xe1,
    joined('Exif\0\0', order, number(42, 2), number(8, 4), number(entries.length, 2), directory, number(0, 4)),
  )
}

// PNG

export const chunk = (type: string, content: Uint8Array | readonly number[] | string = []) => {
  const body = joined(type, content)
  return joined(bigEndian(body.length - 4, 4), body, bigEndian(slowCrc(body), 4))
}

export const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
export const header = (width: number, height: number, ...rest: readonly number[]) =>
  chunk('IHDR', [...bigEndian(width, 4), ...bigEndian(height, 4), ...(rest.length === 0 ? [8, 2, 0, 0, 0] : rest)])

/** A PNG in which `extra` stands before the image data. */
export const png = (width = 413, height = 531, ...extra: readonly Uint8Array[]) =>
  joined(signature, header(width, height), ...extra, chunk('IDAT', 'data'), chunk('IEND'))

// PDF

/** A PDF of these objects, without a table of them, which nothing here reads. */
export const pdf = (...objects: readonly (string | Uint8Array)[]) =>
  joined(
    '%PDF-1.7\n',
    ...objects.flatMap((object, index) => [`${index + 1} 0 obj\n`, object, '\nendobj\n']),
    'trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n',
  )

/** An object stream with these objects in it. */
export async function objectStream(objects: string, { dictionary = '/Filter /FlateDecode', lineEnd = '\n' } = {}) {
  const data = await deflate(ascii(objects))
  return joined(
    `<</Type /ObjStm /N 1 /First 4 ${dictionary} /Length ${data.length}>>\nstream\r\n`,
    data,
    `${lineEnd}endstream`,
  )
}

// DOCX

export interface Part {
  readonly name: string
  readonly content: string | Uint8Array
  readonly deflated?: boolean
  /** Overrides of what the headers say. */
  readonly flags?: number
  readonly method?: number
  readonly crc?: number
  readonly size?: number
  readonly localName?: string
  readonly localFlags?: number
  readonly localMethod?: number
  readonly localPacked?: number
  /** Bytes behind the data. */
  readonly behind?: readonly number[]
  readonly offset?: number
}

export async function zip(
  parts: readonly Part[],
  { comment = [] as readonly number[], count = parts.length, disk = 0, before = '' } = {},
) {
  const local: Uint8Array[] = [ascii(before)]
  const directory: Uint8Array[] = []
  let offset = before.length
  for (const part of parts) {
    const content = joined(part.content)
    const data = part.deflated ? await deflateRaw(content) : content
    const {
      flags = 0,
      method = part.deflated ? 8 : 0,
      crc = slowCrc(content),
      size = content.length,
      behind = [],
    } = part
    const common = (flags: number, method: number, packed: number) =>
      joined(
        littleEndian(20, 2),
        littleEndian(flags, 2),
        littleEndian(method, 2),
        [0, 0, 0, 0],
        littleEndian(crc, 4),
        littleEndian(packed, 4),
        littleEndian(size, 4),
      )
    const localName = part.localName ?? part.name
    const entry = joined(
      'PK\x03\x04',
      common(part.localFlags ?? flags, part.localMethod ?? method, part.localPacked ?? data.length),
      littleEndian(localName.length, 2),
      [0, 0],
      localName,
      data,
      behind,
    )
    directory.push(
      joined(
        'PK\x01\x02',
        [20, 0],
        common(flags, method, data.length),
        littleEndian(part.name.length, 2),
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        littleEndian(part.offset ?? offset, 4),
        part.name,
      ),
    )
    local.push(entry)
    offset += entry.length
  }
  const listed = joined(...directory)
  const end = joined(
    'PK\x05\x06',
    littleEndian(disk, 2),
    [0, 0],
    littleEndian(count, 2),
    littleEndian(count, 2),
    littleEndian(listed.length, 4),
    littleEndian(offset, 4),
    littleEndian(comment.length, 2),
    comment,
  )
  return joined(...local, listed, end)
}

async function deflateRaw(content: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(content)]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

const wordMain = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
export const contentTypes = (main = wordMain, more = '') =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${main}"/>${more}</Types>`
export const relationships = (...elements: readonly string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${elements.join('')}</Relationships>`
export const relationship = (type: string, target: string, mode = '') =>
  `<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"${mode}/>`

export const ordinaryParts: readonly Part[] = [
  { name: '[Content_Types].xml', content: contentTypes(), deflated: true },
  { name: '_rels/.rels', content: relationships(relationship('officeDocument', 'word/document.xml')), deflated: true },
  { name: 'word/document.xml', content: '<w:document/>', deflated: true },
  {
    name: 'word/_rels/document.xml.rels',
    content: relationships(relationship('hyperlink', 'https://example.org/?a=1&amp;b=2', ' TargetMode="External"')),
  },
  { name: 'word/media/image1.png', content: 'png' },
]

/** An ordinary document with other parts in it; one of the same name is replaced. */
export const docx = (...parts: readonly Part[]) =>
  zip([
    ...ordinaryParts.map(part => parts.find(({ name }) => name === part.name) ?? part),
    ...parts.filter(({ name }) => ordinaryParts.every(part => part.name !== name)),
  ])

/** One line per rejection: `file_malformed marker`. */
export const rejections = (result: { readonly ok: true } | RejectedFile) =>
  result.ok ? [] : result.rejections.map(({ code, at }) => (at === undefined ? code : `${code} ${at}`))
