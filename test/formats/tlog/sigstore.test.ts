/**
 * Rekor's checkpoints and inclusion proofs out of the bundles of sigstore-conformance, with the log keys of each trusted
 * root. What else a bundle is wrong about is not a log's matter.
 */

import { describe, expect, it } from 'vitest'
import { importPublicKey, sha256, verifySignature } from '#crypto'
import { algorithmOfCurve } from '../../../src/core/algorithms.js'
import { base64, base64url, concatBytes, equalBytes, fromBase64 } from '../../../src/core/bytes.js'
import { parseCheckpoint, verifyCheckpoint } from '../../../src/formats/tlog/checkpoint.js'
import { leafHash } from '../../../src/formats/tlog/hash.js'
import {
  type NoteVerifier,
  parseNote,
  printVerifierKey,
  readVerifierKey,
  verifyNote,
} from '../../../src/formats/tlog/note.js'
import { provesInclusion } from '../../../src/formats/tlog/proof.js'

interface InclusionProof {
  readonly logIndex: string
  readonly rootHash: string
  readonly treeSize: string
  readonly hashes: readonly string[]
  readonly checkpoint?: { readonly envelope: string }
}
interface Bundle {
  readonly verificationMaterial: {
    readonly tlogEntries: readonly { readonly canonicalizedBody: string; readonly inclusionProof?: InclusionProof }[]
  }
}
interface TrustedRoot {
  readonly tlogs: readonly { readonly baseUrl: string; readonly publicKey: { readonly rawBytes: string } }[]
}

const folder = (path: string): string => path.split('/').at(-2)!
const byFolder = <T>(files: Record<string, T>): Map<string, T> =>
  new Map(Object.entries(files).map(([path, file]) => [folder(path), file]))

const bundles = byFolder(
  import.meta.glob<Bundle>('../../vectors/tlog/sigstore/*/bundle.sigstore.json', { eager: true, import: 'default' }),
)
const trustedRoots = byFolder(
  import.meta.glob<TrustedRoot>('../../vectors/tlog/sigstore/*/trusted_root.json', { eager: true, import: 'default' }),
)

/** The key of rekor.sigstore.dev, which the bundles without a trusted root name by its SHA-256 (`logId`). */
const productionKey =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw=='
const productionLogId = 'wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0='

const spki = {
  ed25519: fromBase64('MCowBQYDK2VwAyEA'),
  p256: fromBase64('MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE'),
}

/** A verifier of note type 0x01 or 0x02 for a key in SPKI, of the two kinds that Rekor has. */
async function verifierOf(name: string, key: Uint8Array): Promise<NoteVerifier> {
  if (equalBytes(key.subarray(0, spki.ed25519.length), spki.ed25519))
    return readVerifierKey(printVerifierKey(name, key.subarray(spki.ed25519.length)))
  expect(key.subarray(0, spki.p256.length)).toEqual(spki.p256)
  const point = key.subarray(spki.p256.length)
  const members = { kty: 'EC', crv: 'P-256', x: base64url(point.subarray(0, 32)), y: base64url(point.subarray(32)) }
  const imported = await importPublicKey(members, algorithmOfCurve('P-256'))
  return {
    name,
    keyId: Array.from(sha256(key).subarray(0, 4), byte => byte.toString(16).padStart(2, '0')).join(''),
    verify: (text, signature) => verifySignature(imported, text, fixedLength(signature)),
  }
}

/** A DER signature of P-256 as r‖s. */
function fixedLength(der: Uint8Array): Uint8Array {
  const first = der.subarray(4, 4 + der[3]!)
  const second = der.subarray(6 + der[3]!)
  return concatBytes(...[first, second].map(part => Uint8Array.of(...new Uint8Array(32), ...part).slice(-32)))
}

const logsOf = (name: string): Promise<NoteVerifier[]> =>
  Promise.all(
    (trustedRoots.get(name)?.tlogs ?? []).map(({ baseUrl, publicKey }) =>
      verifierOf(new URL(baseUrl).host, fromBase64(publicKey.rawBytes)),
    ),
  )

function entryOf(name: string) {
  const entry = bundles.get(name)!.verificationMaterial.tlogEntries[0]!
  return { leaf: leafHash(fromBase64(entry.canonicalizedBody)), proof: entry.inclusionProof }
}

/** `holds`, or the code with which the checkpoint is refused, or `not_included`. */
async function outcome(name: string): Promise<string> {
  const { leaf, proof } = entryOf(name)
  const checkpoint = await verifyCheckpoint(proof!.checkpoint!.envelope, await logsOf(name)).catch(error => error)
  if (checkpoint instanceof Error) return (checkpoint as Error & { code: string }).code
  const hashes = proof!.hashes.map(hash => fromBase64(hash))
  return provesInclusion(leaf, Number(proof!.logIndex), checkpoint, hashes) ? 'holds' : 'not_included'
}

it('the bundles are all there', () => {
  expect(bundles.size).toBe(20)
})

describe('checkpoint and inclusion proof of a Rekor v2 bundle', () => {
  it.each([
    ['rekor2-checkpoint-multiple-cosigs', 'holds'],
    ['rekor2-checkpoint-two-sigs-from-origin', 'holds'],
    ['rekor2-timestamp-with-embedded-cert', 'holds'],
    ['rekor2-timestamp-with-expired-cert-chain', 'holds'],
    ['rekor2-checkpoint-missing-log-signature_fail', 'checkpoint_signature_missing'],
    ['rekor2-checkpoint-missing-root-hash_fail', 'checkpoint_malformed'],
    ['rekor2-checkpoint-missing-size_fail', 'checkpoint_malformed'],
    // The log is in order; what must be refused is listed in SKIPS.md.
    ['rekor2-dsse-invalid-sig_fail', 'holds'],
    ['rekor2-dsse-mismatch-envelope_fail', 'holds'],
    ['rekor2-dsse-mismatch-sig_fail', 'holds'],
    ['rekor2-no-timestamp_fail', 'holds'],
    ['rekor2-timestamp-outside-tsa-cert-validity_fail', 'holds'],
    ['rekor2-timestamp-untrusted-tsa-with-embedded-cert_fail', 'holds'],
    ['rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail', 'holds'],
    ['rekor2-timestamp-with-incorrect-time_fail', 'holds'],
  ])('of %s: %s', async (name, expected) => {
    expect(await outcome(name)).toBe(expected)
  })

  it.each(['intoto-missing-inclusion-proof_fail', 'rekor2-no-inclusion-proof_fail'])('of %s: none to verify', name => {
    expect(entryOf(name).proof).toBeUndefined()
  })

  it('is refused under the key of another log', async () => {
    const envelope = entryOf('rekor2-checkpoint-multiple-cosigs').proof!.checkpoint!.envelope
    const [log] = (await logsOf('rekor2-dsse-invalid-sig_fail')).filter(({ name }) => name.includes('alpha3'))
    await expect(verifyCheckpoint(envelope, [log!])).rejects.toThrow(
      expect.objectContaining({ code: 'checkpoint_origin_mismatch' }),
    )
  })
})

describe('checkpoint and inclusion proof of a Rekor v1 bundle', () => {
  /** Rekor v1 signs with ECDSA, as a shard: its origin is more than the name of its key. */
  async function signature(name: string): Promise<string> {
    const verifier = await verifierOf('rekor.sigstore.dev', fromBase64(productionKey))
    const note = parseNote(entryOf(name).proof!.checkpoint!.envelope)
    return verifyNote(note, [verifier]).then(
      () => 'holds',
      error => error.code,
    )
  }

  it('is by the key that the bundle names', () => {
    expect(base64(sha256(fromBase64(productionKey)))).toBe(productionLogId)
  })

  it('with a checkpoint of another tree holds by signature and not by root', async () => {
    const { leaf, proof } = entryOf('checkpoint-wrong-roothash_fail')
    expect(await signature('checkpoint-wrong-roothash_fail')).toBe('holds')
    const checkpoint = parseCheckpoint(parseNote(proof!.checkpoint!.envelope).text)
    const hashes = proof!.hashes.map(hash => fromBase64(hash))
    expect(provesInclusion(leaf, Number(proof!.logIndex), checkpoint, hashes)).toBe(false)
    const claimed = { size: Number(proof!.treeSize), root: fromBase64(proof!.rootHash) }
    expect(provesInclusion(leaf, Number(proof!.logIndex), claimed, hashes)).toBe(true)
  })

  it('with a changed signature is refused', async () => {
    expect(await signature('invalid-checkpoint-signature_fail')).toBe('checkpoint_signature_invalid')
  })

  it('with changed hashes is refused', () => {
    const { leaf, proof } = entryOf('invalid-inclusion-proof_fail')
    const hashes = proof!.hashes.map(hash => fromBase64(hash))
    const claimed = { size: Number(proof!.treeSize), root: fromBase64(proof!.rootHash) }
    expect(provesInclusion(leaf, Number(proof!.logIndex), claimed, hashes)).toBe(false)
  })
})
