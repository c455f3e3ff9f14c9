/** From the queue to an answer, and no other way. */
import { describe, expect, it } from 'vitest'
import {
  type AttachmentRejection,
  type AttachmentState,
  attachmentStates,
  moveAttachment,
} from '../../../src/passport/files/attachment-state.js'
import { failure } from '../support.js'

const states = Object.keys(attachmentStates) as AttachmentState[]
const legal = ['queued checking', 'queued rejected', 'checking queued', 'checking accepted', 'checking rejected']
const pairs = states.flatMap(from => states.map(to => [from, to] as const))

const refusal = (state: AttachmentState, to: AttachmentState, reasons?: readonly AttachmentRejection[]) => {
  const { code, at, actual } = failure(() => moveAttachment({ state }, { to, reasons }))
  return [code, at, actual]
}

describe('an attachment', () => {
  it.each(pairs.filter(pair => legal.includes(pair.join(' '))))('may go from %s to %s', (state, to) => {
    const reasons = to === 'rejected' ? (['size'] as const) : undefined
    expect(moveAttachment({ state }, { to, reasons })).toEqual(
      to === 'rejected' ? { state: to, reasons } : { state: to },
    )
  })

  it.each(pairs.filter(pair => !legal.includes(pair.join(' '))))('does not go from %s to %s', (state, to) => {
    expect(refusal(state, to, to === 'rejected' ? ['size'] : undefined)).toEqual([
      'attachment_move_refused',
      'to',
      state,
    ])
  })

  it('is not rejected without a reason, or with one that nobody knows', () => {
    const lists = [undefined, [], ['dislike'], ['size', 'toString']] as (readonly AttachmentRejection[] | undefined)[]
    for (const reasons of lists)
      expect(refusal('checking', 'rejected', reasons)).toEqual(['attachment_move_refused', 'reasons', 'checking'])
  })

  it('is not accepted with a reason against it', () => {
    expect(refusal('checking', 'accepted', ['quality'])).toEqual(['attachment_move_refused', 'reasons', 'checking'])
  })

  it('in no state that is known goes nowhere, and the state is not repeated', () => {
    const state = 'constructor' as AttachmentState
    expect(refusal(state, 'checking')).toEqual(['attachment_move_refused', 'to', undefined])
  })

  it('keeps no hold of the list of reasons', () => {
    const reasons: AttachmentRejection[] = ['format', 'signature']
    const moved = moveAttachment({ state: 'checking' }, { to: 'rejected', reasons })
    reasons.pop()
    expect(moved).toEqual({ state: 'rejected', reasons: ['format', 'signature'] })
    expect(Object.isFrozen(moved.reasons)).toBe(true)
  })

  it('is moved by a move', () => {
    expect(() => moveAttachment({ state: 'queued' }, undefined as never)).toThrow(TypeError)
  })
})

it('every state has a name in both languages', () => {
  for (const { label } of Object.values(attachmentStates)) expect(Object.keys(label)).toEqual(['ru', 'en'])
})
