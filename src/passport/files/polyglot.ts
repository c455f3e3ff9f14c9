/**
 * Files that are two at once: what one program takes for an image or a page, another opens as an archive or a PDF. Each
 * format is looked for where its readers look, not where its standard has it.
 */
import { type FileFinding, finding } from './finding.js'
import type { FileKind } from './kind.js'

/** A finding if a file of this kind is a PDF or a ZIP archive as well. */
export function findOther(kind: FileKind, bytes: Uint8Array): readonly FileFinding[] {
  const text = new TextDecoder('latin1').decode(bytes)
  const other = kind !== 'pdf' && isPdf(text) ? 'pdf' : kind !== 'docx' && isArchive(text) ? 'zip' : undefined
  return other === undefined ? [] : [finding('file_embedded_file', { at: other })]
}

/** ISO 32000-2 §7.5.2, §7.5.5: readers look for the header behind other bytes, and without one for the end. */
const isPdf = (text: string): boolean => text.includes('%PDF-') || text.includes('startxref')

/**
 * APPNOTE 6.3.10 §4.3.16: readers look for the end of the directory from the last byte backwards, as far as a comment may
 * reach. Further ahead four bytes may be chance, unless a directory stands before its end.
 */
function isArchive(text: string): boolean {
  const tail = text.slice(-longestTail)
  const entry = text.indexOf(directoryEntry)
  return (
    [localEntry, directoryEntry, directoryEnd].some(record => tail.includes(record)) ||
    (entry >= 0 && text.includes(directoryEnd, entry))
  )
}

const localEntry = 'PK\x03\x04'
const directoryEntry = 'PK\x01\x02'
const directoryEnd = 'PK\x05\x06'

/** Bytes of the last record with the longest comment. */
const longestTail = 22 + 0xffff
