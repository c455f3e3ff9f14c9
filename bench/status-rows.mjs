/** The status list rows: a million entries decoded and made, against the bare calls of the platform, and the memory of ten million. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync, inflateSync } from 'node:zlib'
import { StatusList } from '@sd-jwt/jwt-status-list'
import { generateSigner } from 'vidimus/credential'
import { createStatusListToken } from 'vidimus/status'
import { isolated } from './isolated.mjs'

const million = 2 ** 20
/** One entry in so many is not valid. */
const oneIn = 100

/** What the package does beneath its entries. */
const { compressBits, createBits, inflateBits, setBits, statusAt } = await isolated('./src/formats/status-list/bits.ts')
const { fromBase64url } = await isolated('./src/core/bytes.ts')
const limits = { statusListBytes: 16 * 1024 * 1024 }

/** The same places every time, in no order that compresses. */
function places(size) {
  const random = mulberry(20_261_122)
  return Array.from({ length: size / oneIn }, () => Math.floor(random() * size))
}

function mulberry(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function build(bits, set, size = million) {
  const packed = createBits(bits, size)
  for (const index of set) setBits(packed, bits, index, 1)
  return packed
}

/** References and rows. The peer takes so long that fewer rounds must do. */
export async function statusRows() {
  const set = places(million)
  const lists = new Map()
  for (const bits of [1, 2]) {
    const packed = build(bits, set)
    lists.set(bits, { packed, lst: deflateSync(packed, { level: 9 }).toString('base64url') })
  }
  const values = Array(million).fill(0)
  for (const index of set) values[index] = 1
  const last = set.at(-1)

  const decode = bits => async () => {
    const packed = await inflateBits(fromBase64url(lists.get(bits).lst), limits)
    if (statusAt({ packed, bits }, last) !== 1) throw new Error('another status')
  }
  const decodeByPeer = bits => () => {
    if (StatusList.decompressStatusList(lists.get(bits).lst, bits).getStatus(last) !== 1)
      throw new Error('another status')
  }
  const make = (bits, level) => () => compressBits(build(bits, set), level)
  const bare = level => () => deflateSync(lists.get(2).packed, { level })
  return {
    rounds: 40,
    references: [
      ...[1, 2].map(bits => ({
        name: `D${bits}`,
        operation: `raw decode, ${bits} bit`,
        run: () => inflateSync(Buffer.from(lists.get(bits).lst, 'base64url')),
      })),
      ...[6, 9].map(level => ({ name: `Z${level}`, operation: `raw deflate, ${level}`, run: bare(level) })),
    ],
    rows: [
      ...[1, 2].map(bits => row(`status: decode, ${bits} bit`, `D${bits}`, decode(bits), decodeByPeer(bits))),
      row('status: build, 6', 'Z6', make(2, 6)),
      row('status: build, 9', 'Z9', make(2, 9), () => new StatusList(values, 2).compressStatusList()),
    ],
  }
}

const row = (operation, reference, ours, theirs) => ({
  operation,
  reference,
  count: 1,
  candidates: [
    { name: 'vidimus', run: ours },
    ...(theirs === undefined ? [] : [{ name: 'jwt-status-list', run: theirs }]),
  ],
})

/**
 * How many times its raw bytes the verifying of a list of ten million entries takes beyond its token, by the peak of a process
 * that does nothing else: the least of several, for what comes on top is the engine's own.
 */
export async function statusMemory() {
  const signer = await generateSigner('ES256')
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const ratios = new Map()
    for (const bits of [1, 2, 8]) {
      const packed = build(bits, places(10_000_000), 10_000_000)
      const sign = packed => createStatusListToken({ ...content, packed })
      const content = { uri: 'https://lists.example/1', bits, issuedAt: new Date(), signer }
      const file = join(folder, `${bits}.json`)
      const [token, small] = [await sign(packed), await sign(packed.slice(0, 1024))]
      writeFileSync(file, JSON.stringify({ small, token, jwk: signer.publicJwk }))
      const takes = Array.from({ length: 5 }, () => peakOf(file))
      ratios.set(`status: memory, ${bits} bit`, Math.min(...takes) / packed.length)
    }
    return ratios
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Bytes. */
function peakOf(file) {
  const script = fileURLToPath(new URL('status-memory.mjs', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', script, file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}
