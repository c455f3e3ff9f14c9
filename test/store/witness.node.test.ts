/** One witness in two processes, over real databases: whatever they are asked at once, no two histories are cosigned. */
import { describe, expect, it } from 'vitest'
import { type Cosigned, type Witness, witness } from '../../src/audit/witness.js'
import { witnessMemoryIn } from '../../src/audit/witness-store.js'
import { base64url, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { printCheckpoint } from '../../src/formats/tlog/checkpoint.js'
import { leafHash } from '../../src/formats/tlog/hash.js'
import { MerkleTree } from '../../src/formats/tlog/merkle.js'
import { ed25519KeyId, printNote, printVerifierKey } from '../../src/formats/tlog/note.js'
import { migrations, schemaVersion } from '../../src/store/sql/schema.js'
import { sqlStore } from '../../src/store/sql/store.js'
import { kinds, titleOf } from './sql/databases.js'

const origin = 'passport.example/log'
const logSigner = await generateSigner('EdDSA')
const signer = await generateSigner('EdDSA')
const logKey = printVerifierKey(origin, fromBase64url(logSigner.publicJwk.x))

/** What a log with such leaves says. */
async function shown(leaves: readonly string[], from: number) {
  const tree = new MerkleTree()
  for (const leaf of leaves) tree.append(leafHash(utf8(leaf)))
  const text = printCheckpoint({ origin, size: tree.size, root: tree.root(), extensions: [] })
  const keyId = ed25519KeyId(origin, fromBase64url(logSigner.publicJwk.x))
  const signature = await logSigner.sign(utf8(text))
  const hashes = from === 0 ? [] : tree.consistencyProof(from, tree.size).map(base64url)
  return {
    checkpoint: printNote({ text, signatures: [{ name: origin, keyId, signature }] }),
    proof: { fromSize: from, toSize: tree.size, hashes },
  }
}

/** One history for each number, of 1 to 3 entries that no other has. */
const forks = (known: readonly string[], round: number) =>
  Array.from({ length: 16 }, (_, fork) => [
    ...known,
    ...Array.from({ length: 1 + (fork % 3) }, (_, at) => `${round} ${fork} ${at}`),
  ])

type Ask = (w: Witness, one: Awaited<ReturnType<typeof shown>>) => Promise<Cosigned>

/** Shows every history to the two in turn, all at once, and gives the one that was cosigned. */
async function race(processes: readonly Witness[], histories: readonly (readonly string[])[], from: number, ask: Ask) {
  const all = await Promise.all(histories.map(leaves => shown(leaves, from)))
  const answers = await Promise.allSettled(all.map((one, fork) => ask(processes[fork % 2]!, one)))
  const refusals = answers.flatMap(answer => (answer.status === 'rejected' ? [answer.reason.code] : []))
  expect(refusals.length).toBe(histories.length - 1)
  for (const code of refusals) expect(['witness_size_mismatch', 'log_rolled_back', 'log_forked']).toContain(code)
  return histories[answers.findIndex(({ status }) => status === 'fulfilled')]!
}

for (const kind of kinds)
  describe.skipIf(kind.missing !== undefined)(`a witness over ${titleOf(kind)}`, () => {
    it('cosigns one of the histories that are shown to its two processes at once, and remembers which', async () => {
      const { database, again } = await kind.open({ expected: schemaVersion })
      await database.migrate(migrations)
      const start = () =>
        witness({ name: 'witness.example/w1', signer, logKey, memory: witnessMemoryIn(sqlStore(again())) })
      const processes = [await start(), await start()]
      let known: readonly string[] = await race(processes, forks([], 0), 0, (w, one) => w.trustFirst(one.checkpoint))
      for (let round = 1; round <= 6; round++)
        known = await race(processes, forks(known, round), known.length, (w, one) =>
          w.cosign(one.checkpoint, one.proof),
        )

      const restarted = await start()
      const fork = await shown([...known.slice(0, -1), 'another', 'and more'], known.length)
      await expect(restarted.cosign(fork.checkpoint, fork.proof)).rejects.toMatchObject({
        code: 'audit_consistency_invalid',
      })
      const next = await shown([...known, 'next'], known.length)
      expect(await restarted.cosign(next.checkpoint, next.proof)).toMatchObject({ size: known.length + 1 })
    }, 60_000)
  })
