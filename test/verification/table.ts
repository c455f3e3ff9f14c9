/** Tables of hostile presentations: one row, one rule. */
import { expect, it } from 'vitest'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { type Changes, forge } from '../forge.js'
import { expectRefusal, summary } from '../refusal.js'
import { expectations, type World } from '../world.js'

/** A title, what is changed, the code at the check that fails first, and the same for a wallet where it differs. */
export type Row = readonly [
  title: string,
  changes: Changes | ((world: World) => Changes | Promise<Changes>),
  refused: string,
  asCredential?: string,
]

export type Demands = ReturnType<typeof expectations>

/** What a wallet demands where a verifier demands these. */
export function walletDemands<T extends { readonly expectedAudience: string; readonly expectedNonce: string }>(
  demands: T,
): Omit<T, 'expectedAudience' | 'expectedNonce'> {
  const { expectedAudience: _audience, expectedNonce: _nonce, ...wallet } = demands
  return wallet
}

/** One test for each row, by every verify function. */
export function refuses(world: World, rows: readonly Row[], demands: Partial<Demands> = {}): void {
  for (const [title, changes, refused, asCredential = refused] of rows)
    it(`refuses ${title}`, async () => {
      const text = await forge(world, typeof changes === 'function' ? await changes(world) : changes)
      await expectSummaries(text, { ...expectations(world), ...demands }, refused, asCredential)
    })
}

export async function expectSummaries(input: unknown, demands: Demands, refused: string, asCredential = refused) {
  const verdicts = [
    await verifySdJwtPresentation(input, demands),
    await verifyPresentation(input, demands),
    await verifyCredential(input, walletDemands(demands)),
  ]
  expect(verdicts.map(summary)).toEqual([refused, refused, asCredential])
  for (const verdict of verdicts) if (!verdict.ok) expectRefusal(verdict, input)
}
