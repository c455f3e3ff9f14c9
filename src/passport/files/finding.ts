/** What is found about a file: a code, the reason that an applicant is told, and facts that name nobody. */
import type { ErrorDetails, FileCode } from '../../errors.js'
import { VidimusError } from '../../errors.js'

/** The reasons for which an attachment is rejected. A signature inside a file is for the host to check. */
export type RejectionReason = 'format' | 'size' | 'quality' | 'metadata'

export interface FileFinding {
  readonly code: FileCode
  readonly reason: RejectionReason
  /** The part, side or name at fault, by the words of the format. */
  readonly at?: string
  readonly expected?: string | number
  readonly actual?: string | number
}

type Facts = Omit<ErrorDetails, 'issues'>

/** A finding with its reason. */
export function finding(code: FileCode, { at, expected, actual }: Facts = {}): FileFinding {
  return {
    code,
    reason: reasonOf(code),
    ...(at === undefined ? {} : { at }),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  }
}

function reasonOf(code: FileCode): RejectionReason {
  switch (code) {
    case 'file_too_large':
    case 'image_too_large':
      return 'size'
    case 'image_too_small':
    case 'image_aspect':
      return 'quality'
    case 'file_metadata':
    case 'image_rotated':
      return 'metadata'
    default:
      return 'format'
  }
}

/** The error of a file that cannot be read further. */
export const unreadable = (code: FileCode, at?: string): VidimusError => new VidimusError(code, { at })
