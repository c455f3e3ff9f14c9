/**
 * The way of an attachment through the office: queued, checked, accepted or rejected. A rejection says why.
 *
 * `inspectFile` finds the reasons that a file gives by itself; a person may find others.
 */
import { expectObject } from '../../core/arguments.js'
import { deepFreeze } from '../../core/freeze.js'
import { VidimusError } from '../../errors.js'
import type { Labels } from '../profile.js'
import type { RejectionReason } from './finding.js'

export type AttachmentState = 'queued' | 'checking' | 'accepted' | 'rejected'

export interface AttachmentStateFacts {
  readonly label: Labels
  /** The states that may follow it; none after the last ones. A file that is handed in anew is another attachment. */
  readonly next: readonly AttachmentState[]
}

/** Every state with its names and the states that may follow it. */
export const attachmentStates: Readonly<Record<AttachmentState, AttachmentStateFacts>> = /* @__PURE__ */ deepFreeze({
  queued: { label: { ru: 'В очереди', en: 'Queued' }, next: ['checking', 'rejected'] },
  checking: { label: { ru: 'Проверяется', en: 'Being checked' }, next: ['queued', 'accepted', 'rejected'] },
  accepted: { label: { ru: 'Принято', en: 'Accepted' }, next: [] },
  rejected: { label: { ru: 'Отклонено', en: 'Rejected' }, next: [] },
})

/** Why an attachment is rejected: what a file shows by itself, or a signature that does not hold. */
export type AttachmentRejection = RejectionReason | 'signature'

/** Where an attachment stands. Plain data. */
export interface AttachmentProgress {
  readonly state: AttachmentState
  /** Why it was rejected; at least one reason, and there only then. */
  readonly reasons?: readonly AttachmentRejection[]
}

export interface AttachmentMove {
  readonly to: AttachmentState
  readonly reasons?: readonly AttachmentRejection[] | undefined
}

/**
 * Where an attachment stands after a move. Nothing that was handed in changes.
 * Throws `attachment_move_refused` at `to` for a state that does not follow, at `reasons` for a rejection without a reason
 * that is known, or a reason without rejection.
 * @example moveAttachment({ state: 'checking' }, { to: 'rejected', reasons: ['quality'] })
 */
export function moveAttachment({ state }: AttachmentProgress, move: AttachmentMove): AttachmentProgress {
  expectObject(move, 'move')
  const { to, reasons = [] } = move
  const next = Object.hasOwn(attachmentStates, state) ? attachmentStates[state].next : []
  if (!next.includes(to)) throw refused('to', state)
  const isJustified = to === 'rejected' ? reasons.length > 0 && reasons.every(isReason) : reasons.length === 0
  if (!isJustified) throw refused('reasons', state)
  return deepFreeze(to === 'rejected' ? { state: to, reasons: [...reasons] } : { state: to })
}

const isReason = (reason: AttachmentRejection): boolean =>
  ['format', 'size', 'quality', 'metadata', 'signature'].includes(reason)

const refused = (at: string, actual: AttachmentState): VidimusError =>
  new VidimusError('attachment_move_refused', {
    at,
    ...(Object.hasOwn(attachmentStates, actual) && { actual }),
  })
