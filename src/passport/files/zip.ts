/**
 * ZIP archives (APPNOTE 6.3.10), as far as office documents use them: one reading only. The directory at the end and the
 * entries tell the same story, without gaps, overlaps, comments, encryption, or anything before and behind.
 */
import { unreadable } from './finding.js'

export interface ZipEntry {
  readonly name: string
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly crc: number
  /** Bytes packed and unpacked, as the directory has them. */
  readonly packed: number
  readonly size: number
}

interface PlacedEntry extends ZipEntry {
  readonly flags: number
  readonly offset: number
}

export interface ZipArchive {
  readonly entries: readonly ZipEntry[]
  /** An entry's bytes as they are packed. */
  dataOf(entry: ZipEntry): Uint8Array
}

const mostEntries = 4096

/** Bytes of all entries unpacked, as the directory has them. */
const mostUnpacked = 256 * 1024 * 1024

const isDescriptorBehind = 0x0008
const isEncrypted = 0x2041

/**
 * The entries of an archive that begins at the first byte.
 * Throws `file_truncated`, `file_trailing_data`, `file_malformed` with the part at fault, `file_encrypted`, `file_too_large`.
 */
export function readZip(bytes: Uint8Array): ZipArchive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { count, start, end } = readEnd(view)
  const entries: PlacedEntry[] = []
  let at = start
  while (entries.length < count) {
    const { entry, next } = readDirectoryEntry(bytes, view, at, end)
    entries.push(entry)
    at = next
  }
  if (at !== end) throw unreadable('file_malformed', 'directory')
  requireOneStory(entries)
  const data = new Map<ZipEntry, Uint8Array>()
  for (const [index, entry] of entries.entries())
    data.set(entry, readEntry(bytes, view, entry, entries[index + 1]?.offset ?? start))
  return { entries, dataOf: entry => data.get(entry) ?? new Uint8Array() }
}

/** §4.3.16: the last 22 bytes, for a comment is not allowed. */
function readEnd(view: DataView) {
  const at = view.byteLength - 22
  if (at < 0 || view.getUint32(at, true) !== 0x06054b50)
    throw unreadable(holdsEnd(view) ? 'file_trailing_data' : 'file_truncated')
  const count = view.getUint16(at + 10, true)
  const size = view.getUint32(at + 12, true)
  const start = view.getUint32(at + 16, true)
  const isWhole =
    view.getUint32(at + 4, true) === 0 && view.getUint16(at + 8, true) === count && view.getUint16(at + 20, true) === 0
  if (!isWhole || start + size !== at || count === 0 || count > mostEntries)
    throw unreadable('file_malformed', 'directory')
  return { count, start, end: at }
}

/** Whether the directory ends somewhere before the last bytes. */
function holdsEnd(view: DataView): boolean {
  for (let at = view.byteLength - 23; at >= Math.max(view.byteLength - 22 - 0xffff, 0); at--)
    if (view.getUint32(at, true) === 0x06054b50) return true
  return false
}

/** §4.3.12 */
function readDirectoryEntry(bytes: Uint8Array, view: DataView, at: number, end: number) {
  if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw unreadable('file_malformed', 'directory')
  const nameEnd = at + 46 + view.getUint16(at + 28, true)
  const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  if (next > end) throw unreadable('file_malformed', 'directory')
  const entry: PlacedEntry = {
    name: readName(bytes.subarray(at + 46, nameEnd)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  }
  return { entry, next }
}

/** A name that leads nowhere but into the archive. */
function readName(bytes: Uint8Array): string {
  const name = new TextDecoder().decode(bytes)
  if (!/^[\w[\]. +,()-]+(\/[\w[\]. +,()-]+)*\/?$/.test(name) || /(^|\/)\.\.?(\/|$)/.test(name))
    throw unreadable('file_malformed', 'name')
  return name
}

function requireOneStory(entries: readonly PlacedEntry[]): void {
  const names = new Set(entries.map(({ name }) => name.toLowerCase()))
  if (names.size !== entries.length) throw unreadable('file_malformed', 'name')
  if (entries.some(({ flags }) => (flags & isEncrypted) !== 0)) throw unreadable('file_encrypted')
  if (entries.some(({ method }) => method !== 0 && method !== 8)) throw unreadable('file_malformed', 'method')
  if (entries.reduce((sum, { size }) => sum + size, 0) > mostUnpacked) throw unreadable('file_too_large', 'unpacked')
  if (entries[0]?.offset !== 0) throw unreadable('file_malformed', 'overlap')
}

/** §4.3.7: what stands before the data agrees with the directory, and up to the next entry there is nothing else. */
function readEntry(bytes: Uint8Array, view: DataView, entry: PlacedEntry, next: number): Uint8Array {
  const { offset, flags } = entry
  if (offset + 30 > next || view.getUint32(offset, true) !== 0x04034b50) throw unreadable('file_malformed', 'entry')
  const nameEnd = offset + 30 + view.getUint16(offset + 26, true)
  const start = nameEnd + view.getUint16(offset + 28, true)
  const end = start + entry.packed
  // §4.3.9: sizes that were not known beforehand stand behind the data, with a signature or without.
  const gaps = flags & isDescriptorBehind ? [12, 16] : [0]
  if (!gaps.includes(next - end)) throw unreadable('file_malformed', 'overlap')
  const sizes = flags & isDescriptorBehind ? [0, entry.packed] : [entry.packed]
  const agrees =
    readName(bytes.subarray(offset + 30, nameEnd)) === entry.name &&
    view.getUint16(offset + 6, true) === flags &&
    view.getUint16(offset + 8, true) === entry.method &&
    sizes.includes(view.getUint32(offset + 18, true))
  if (!agrees) throw unreadable('file_malformed', 'entry')
  return bytes.subarray(start, end)
}
