/** How well an identity is confirmed. */
import { describe, expect, it } from 'vitest'
import {
  assuranceOf,
  type IdentityAssurance,
  type IdentityProof,
  isAssured,
  type ProofingMethod,
  proofingMethods,
} from '../../src/passport/assurance.js'
import { isDeepFrozen } from '../refusal.js'

const on = new Date('2026-11-22T12:00:00Z')
const proof = (method: ProofingMethod, at = '2026-11-22T11:00:00Z'): IdentityProof => ({ method, at: new Date(at) })

describe('a level', () => {
  it.each([
    ['simplified', 'simplified', true],
    ['simplified', 'standard', false],
    ['standard', 'simplified', true],
    ['standard', 'verified', false],
    ['verified', 'verified', true],
    [undefined, 'simplified', false],
    ['toString', 'simplified', false],
    ['verified', 'high', false],
    ['high', 'high', false],
  ] as const)('%s is at least %s: %s', (level, least, holds) => {
    expect(isAssured(level, least as IdentityAssurance)).toBe(holds)
  })
})

describe('confirmations', () => {
  it.each<[string, IdentityProof[], string | undefined]>([
    ['of none give none', [], undefined],
    ['by SMS give the least', [proof('sms_code')], 'simplified'],
    [
      'by many weak means give no more',
      [proof('sms_code'), proof('email_code'), proof('document_scan'), proof('selfie')],
      'simplified',
    ],
    ['by registers give the standard', [proof('sms_code'), proof('registry_match')], 'standard'],
    ['in person give the most, wherever they stand', [proof('service_centre'), proof('sms_code')], 'verified'],
    ['still to come count for nothing', [proof('bank', '2026-11-22T12:00:01Z')], undefined],
    ['of this very moment count', [proof('bank', '2026-11-22T12:00:00Z')], 'verified'],
  ])('%s', (_, proofs, level) => {
    expect(assuranceOf(proofs, { on })).toBe(level)
  })

  it('grow old', () => {
    const proofs = [proof('bank'), proof('sms_code', '2026-11-22T11:30:00Z')]
    expect(assuranceOf(proofs, { on, maxAge: 3600 })).toBe('verified')
    expect(assuranceOf(proofs, { on, maxAge: 3599 })).toBe('simplified')
    expect(assuranceOf(proofs, { on, maxAge: 0 })).toBeUndefined()
  })

  it('may be worth something else', () => {
    const methods = { ...proofingMethods, bank: { level: 'standard' } } as const
    expect(assuranceOf([proof('bank')], { on, methods })).toBe('standard')
  })

  it.each(['card_number', 'constructor'])('are misuse by %s', method => {
    expect(() => assuranceOf([proof(method as ProofingMethod)], { on })).toThrow(TypeError)
  })

  it('are called something in Russian and English, and cannot be changed', () => {
    for (const { label } of Object.values(proofingMethods)) expect(Object.keys(label).sort()).toEqual(['en', 'ru'])
    expect(isDeepFrozen(proofingMethods)).toBe(true)
    for (const weak of ['sms_code', 'email_code', 'document_scan', 'selfie', 'self_declared'] as const)
      expect(proofingMethods[weak].level).toBe('simplified')
  })
})
