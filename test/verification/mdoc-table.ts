/** Tables of hostile mdocs: one row, one rule; by every verify function, and within the time that one input may cost. */
import { expect, it } from 'vitest'
import { writeCbor } from '../../src/core/cbor/write.js'
import type { PassportProfile } from '../../src/passport/profile.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import type { Verdict } from '../../src/verification/verdict.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { forgeIssuerSigned, forgeMdoc, type MdocChanges, type MdocWorld, mdocExpectations } from '../mdoc-forge.js'
import { expectRefusal } from '../refusal.js'
import { audience, nonce } from '../world.js'

/** A title, what is changed, and `code (place) at check`. */
export type MdocRow = readonly [
  title: string,
  changes: MdocChanges | ((world: MdocWorld) => MdocChanges | Promise<MdocChanges>),
  refused: string,
]

/** A verdict as `code (place) at the first failed check`, or `accepted`. */
export function judgement({ checks }: Verdict<PassportProfile>): string {
  const failed = checks.find(({ outcome }) => outcome === 'failed')
  if (failed === undefined) return 'accepted'
  const { code, at, id } = failed
  return at === undefined ? `${code} at ${id}` : `${code} (${at}) at ${id}`
}

export type MdocDemands = ReturnType<typeof mdocExpectations>

/** What a wallet demands where a verifier demands these. */
export function walletOf(demands: MdocDemands): Omit<MdocDemands, 'expectedSessionTranscript' | 'readerKey'> {
  const { expectedSessionTranscript: _session, readerKey: _key, ...wallet } = demands
  return wallet
}

/** Milliseconds that a hostile input may cost. */
const mostTime = 250

/** One test for each row, by every verify function that takes a presentation. */
export function refusesPresentations(
  world: MdocWorld,
  rows: readonly MdocRow[],
  change: Partial<MdocDemands> = {},
): void {
  const demands = { ...mdocExpectations(world), ...change }
  for (const [title, changes, refused] of rows)
    it(`refuses ${title}`, async () => {
      const input = await forgeMdoc(world, typeof changes === 'function' ? await changes(world) : changes)
      await expectPresentation(input, demands, refused)
    })
}

/** The same, and of the credential alone by a wallet: for what is wrong in the issuer's part. */
export function refuses(world: MdocWorld, rows: readonly MdocRow[], change: Partial<MdocDemands> = {}): void {
  const demands = { ...mdocExpectations(world), ...change }
  for (const [title, changes, refused] of rows)
    it(`refuses ${title}`, async () => {
      const settled = typeof changes === 'function' ? await changes(world) : changes
      await expectPresentation(await forgeMdoc(world, settled), demands, refused)
      const credential = writeCbor(await forgeIssuerSigned(world, settled))
      await expectJudgement(credential, () => verifyCredential(credential, walletOf(demands)), refused)
    })
}

export async function expectPresentation(input: Uint8Array, demands: MdocDemands, refused: string): Promise<void> {
  await expectJudgement(input, () => verifyMdocPresentation(input, demands), refused)
  const either = { ...demands, expectedAudience: audience, expectedNonce: nonce }
  await expectJudgement(input, () => verifyPresentation(input, either), refused)
}

/** The verdict, and the time it took at best: other work on the machine is no fault of ours. */
async function expectJudgement(
  input: Uint8Array,
  verify: () => Promise<Verdict<PassportProfile>>,
  refused: string,
): Promise<void> {
  const start = performance.now()
  const verdict = await verify()
  expect(judgement(verdict)).toBe(refused)
  expectRefusal(verdict, input)
  let taken = performance.now() - start
  for (let again = 0; again < 4 && taken > mostTime; again++) {
    const start = performance.now()
    await verify()
    taken = Math.min(taken, performance.now() - start)
  }
  expect(taken).toBeLessThan(mostTime)
}
