/** What files an office takes, as data: spread one and change what differs. A megabyte is 1,048,576 bytes. */
import { largestImage } from '../image.js'
import type { FileKind } from './kind.js'

export interface FileProfile {
  readonly kinds: readonly FileKind[]
  /** Bytes of the largest file. */
  readonly largest: number
  /** What is demanded of a JPEG or PNG beyond its form. */
  readonly image?: ImageRules
}

export interface ImageRules {
  /** Pixels. */
  readonly leastWidth?: number
  readonly leastHeight?: number
  /** Width times height. Default 50 million: more is a bomb to whoever decodes it. */
  readonly mostPixels?: number
  /** The proportion of the sides, and how far an image may be from it. Default tolerance 0.03 of it. */
  readonly aspect?: { readonly width: number; readonly height: number; readonly tolerance?: number }
  /** Whether metadata, and a turn that only metadata tells of, refuse an image. Reported as warnings otherwise. */
  readonly metadata?: 'refuse' | 'report'
}

const megabyte = 1_048_576

/** What files are held against, by their use. */
export const fileProfiles = {
  /** Attachments of an application: scans of pages, certificates, photographs. */
  identity: { kinds: ['pdf', 'jpeg', 'png'], largest: 5 * megabyte },
  /** A citizen's own storage of documents. */
  storage: { kinds: ['pdf', 'jpeg', 'png', 'docx'], largest: 20 * megabyte },
  /** Documents about a vehicle. */
  vehicle: { kinds: ['pdf'], largest: 5 * megabyte },
  /** Documents that are signed. */
  signing: { kinds: ['pdf', 'jpeg'], largest: 5 * megabyte },
  /** The portrait as it goes into a passport: stripped, upright, 35 to 45, at least 35 × 45 mm at 300 dots per inch. */
  portrait: {
    kinds: ['jpeg', 'png'],
    largest: largestImage,
    image: {
      leastWidth: 413,
      leastHeight: 531,
      mostPixels: 25_000_000,
      aspect: { width: 35, height: 45 },
      metadata: 'refuse',
    },
  },
} as const satisfies Readonly<Record<string, FileProfile>>
