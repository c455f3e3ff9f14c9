/** The log rows: an append and a proof at a million entries, against the bare hashes beneath them. */
import { hash } from 'node:crypto'
import { isolated } from './isolated.mjs'

const million = 1_000_000

/** What the package does beneath its entries. */
const { MerkleTree } = await isolated('./src/formats/tlog/merkle.ts')
const { textLeafHash } = await isolated('./src/formats/tlog/hash.ts')

/** References and rows. */
export function logRows() {
  const text = 'x'.repeat(300)
  const leaf = new Uint8Array(301)
  const node = new Uint8Array(65)
  const tree = new MerkleTree()
  const some = textLeafHash(text)
  for (let index = 0; index < million; index++) tree.append(some)
  const growing = new MerkleTree()
  let at = 0
  return {
    rounds: 200,
    references: [
      {
        name: 'H2',
        operation: 'two hashes',
        run: () => {
          hash('sha256', leaf, 'buffer')
          hash('sha256', node, 'buffer')
        },
      },
    ],
    rows: [
      row('log: append, 300 B', () => growing.append(textLeafHash(text))),
      row('log: proof, 1 M', () => {
        at = (at + 611_953) % million
        if (tree.inclusionProof(at).length < 9) throw new Error('another proof')
      }),
    ],
  }
}

const row = (operation, run) => ({
  operation,
  reference: 'H2',
  count: 1,
  candidates: [{ name: 'vidimus', run }],
})
