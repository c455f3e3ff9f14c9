/** What a file is, by its first bytes. Its name and the type that its sender claims are not asked. */
import { misuse } from '../../core/arguments.js'

export type FileKind = 'jpeg' | 'png' | 'pdf' | 'docx'

export const mediaTypes = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
} as const satisfies Readonly<Record<FileKind, string>>

/**
 * The kind whose signature the bytes begin with; `undefined` for any other. Nothing further is looked at: every ZIP
 * archive is taken for DOCX here, and told apart by `inspectFile`. Throws `TypeError` for what is not bytes.
 */
export function fileKind(bytes: Uint8Array): FileKind | undefined {
  if (!(bytes instanceof Uint8Array)) throw misuse('bytes', 'a Uint8Array')
  const begins = (...signature: readonly number[]) => signature.every((byte, index) => bytes[index] === byte)
  if (begins(0xff, 0xd8, 0xff)) return 'jpeg'
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d)) return 'pdf' // %PDF-
  return begins(0x50, 0x4b, 3, 4) ? 'docx' : undefined
}
