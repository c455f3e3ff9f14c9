/** Attachments of an application as the office keeps them: what they are and their digest, apart from their bytes. */
import { digestText } from '#crypto'
import { misuse } from '../../core/arguments.js'
import { canonicalJson } from '../../core/canonical-json.js'
import { inspectFile, type RejectedFile } from './inspect.js'
import { type FileProfile, fileProfiles } from './profile.js'

/** The kinds of document that are attached, and the profile that each is held against; spread it to add others. */
export const attachmentKinds = {
  portrait: 'portrait',
  passport_photo_page: 'identity',
  passport_registration_page: 'identity',
  snils_certificate: 'identity',
  inn_certificate: 'identity',
  health_insurance_policy: 'identity',
  birth_certificate: 'identity',
  marriage_certificate: 'identity',
  divorce_certificate: 'identity',
  name_change_certificate: 'identity',
  guardian_consent: 'identity',
  personal_data_consent: 'signing',
  vehicle_contract: 'vehicle',
  vehicle_passport_extract: 'vehicle',
} as const satisfies Readonly<Record<string, keyof typeof fileProfiles>>

export type AttachmentKind = keyof typeof attachmentKinds

/** One attachment, without its bytes and its file name, which are the applicant's. */
export interface Attachment {
  readonly kind: string
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  /** SHA-256 of the bytes, base64url. */
  readonly digest: string
}

export interface AttachmentOptions {
  readonly kind: string
  /** The profile to hold the file against; that of the kind by default. */
  readonly profile?: FileProfile | undefined
}

/**
 * The descriptor of a file that passes its profile, or why it does not. Throws `TypeError` for a kind that has no profile
 * when none is given.
 */
export async function describeAttachment(
  bytes: Uint8Array,
  { kind, profile = profileOfKind(kind) }: AttachmentOptions,
): Promise<{ readonly ok: true; readonly attachment: Attachment } | RejectedFile> {
  const file = await inspectFile(bytes, profile)
  if (!file.ok) return file
  const { mediaType, size } = file
  return { ok: true, attachment: { kind, mediaType, size, digest: await digestText('sha-256', bytes) } }
}

function profileOfKind(kind: string): FileProfile {
  const name = Object.hasOwn(attachmentKinds, kind) ? attachmentKinds[kind as AttachmentKind] : undefined
  if (name === undefined) throw misuse('kind', 'one of the attachment kinds, or `profile` must be given')
  return fileProfiles[name]
}

/**
 * A package of documents as one text to sign and to keep: the descriptors in their order, in canonical JSON (RFC 8785). The
 * same list gives the same text to the byte.
 */
export const attachmentManifest = (attachments: readonly Attachment[]): string =>
  canonicalJson({
    version: 1,
    attachments: attachments.map(({ kind, mediaType, size, digest }) => ({ kind, mediaType, size, digest })),
  })
