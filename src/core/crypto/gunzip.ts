/**
 * GZIP unfolded without the platform (RFC 1952, RFC 1951), for the back end of browsers: a stream may have several members, and
 * what the Streams API decompresses may have one. It takes and refuses what zlib does.
 */
import { VidimusError } from '../../errors.js'

/**
 * All members of a stream, one after another. Throws `limit_exceeded` beyond `limit` bytes, else `inflate_invalid`, which is
 * also for more codes than anyone needs: a block that brings its own costs far more to read than the bytes it takes.
 */
export function gunzip(data: Uint8Array, limit: number): Uint8Array {
  const input: Input = { data, at: 0, held: 0, count: 0, codes: 0 }
  const output: Output = { bytes: new Uint8Array(Math.min(limit, 4 * data.length)), length: 0, from: 0, limit }
  do readMember(input, output)
  while (input.at < data.length)
  return output.length === output.bytes.length ? output.bytes : output.bytes.slice(0, output.length)
}

interface Input {
  readonly data: Uint8Array
  /** The next byte. */
  at: number
  /** Bits of the bytes before it that are not used up yet, the next one lowest, and how many. */
  held: number
  count: number
  /** How many blocks had codes of their own. */
  codes: number
}

interface Output {
  bytes: Uint8Array
  length: number
  /** Where the member began: no match reaches behind it. */
  from: number
  readonly limit: number
}

const malformed = () => new VidimusError('inflate_invalid')

function readMember(input: Input, output: Output): void {
  readHeader(input)
  output.from = output.length
  while (!readBlock(input, output));
  giveBack(input)
  const member = output.bytes.subarray(output.from, output.length)
  // The checksum, and the length, which a limit keeps below 2^32.
  if (readNumber(input, 4) !== checksum(member) || readNumber(input, 4) !== member.length) throw malformed()
}

/** RFC 1952 §2.3.1; everything but the bytes themselves is passed over, and held to the checksum where there is one. */
function readHeader(input: Input): void {
  const start = input.at
  const magic = readNumber(input, 3)
  const flags = readNumber(input, 1)
  // Deflate, and no flag that is reserved.
  if (magic !== 0x08_8b_1f || flags > 0x1f) throw malformed()
  skip(input, 6) // time, extra flags, system
  if (flags & 4) skip(input, readNumber(input, 2)) // extra fields
  if (flags & 8) skipText(input) // name
  if (flags & 16) skipText(input) // comment
  const sum = checksum(input.data.subarray(start, input.at)) & 0xff_ff
  if (flags & 2 && readNumber(input, 2) !== sum) throw malformed()
}

/** From the least significant byte upwards. */
function readNumber(input: Input, octets: number): number {
  const from = input.at
  skip(input, octets)
  let value = 0
  for (let at = input.at - 1; at >= from; at--) value = value * 256 + input.data[at]!
  return value
}

function skip(input: Input, octets: number): void {
  input.at += octets
  if (input.at > input.data.length) throw malformed()
}

/** Up to and with its zero. */
function skipText(input: Input): void {
  const end = input.data.indexOf(0, input.at)
  if (end === -1) throw malformed()
  input.at = end + 1
}

/** RFC 1951 §3.2.3. Whether it was the last. */
function readBlock(input: Input, output: Output): boolean {
  const isLast = readBits(input, 1) === 1
  const type = readBits(input, 2)
  if (type === 0) readStored(input, output)
  else if (type === 1) readCompressed(input, output, (fixedCodes ??= makeFixedCodes()))
  else if (type === 2) readCompressed(input, output, readCodes(input, output))
  else throw malformed()
  return isLast
}

/** At most 16 bits, the first one lowest. */
function readBits(input: Input, count: number): number {
  readAhead(input, count)
  if (input.count < count) throw malformed()
  const bits = input.held & ((1 << count) - 1)
  input.held >>>= count
  input.count -= count
  return bits
}

/** So many bits, or what is left. */
function readAhead(input: Input, count: number): void {
  while (input.count < count && input.at < input.data.length) {
    input.held |= input.data[input.at++]! << input.count
    input.count += 8
  }
}

/** Whole bytes that were read ahead; of one that was begun, the rest is dropped. */
function giveBack(input: Input): void {
  input.at -= input.count >> 3
  input.held = input.count = 0
}

/** §3.2.4 */
function readStored(input: Input, output: Output): void {
  giveBack(input)
  const length = readNumber(input, 2)
  if (readNumber(input, 2) !== (length ^ 0xff_ff)) throw malformed()
  const from = input.at
  skip(input, length)
  makeRoom(output, length)
  output.bytes.set(input.data.subarray(from, input.at), output.length)
  output.length += length
}

/** Room for so many bytes more. Throws `limit_exceeded`. */
function makeRoom(output: Output, more: number): void {
  const needed = output.length + more
  if (needed <= output.bytes.length) return
  if (needed > output.limit) throw new VidimusError('limit_exceeded', { at: 'inflate', expected: output.limit })
  const larger = new Uint8Array(Math.min(output.limit, Math.max(needed, 2 * output.bytes.length)))
  larger.set(output.bytes)
  output.bytes = larger
}

/** A Huffman code (§3.2.2): how many codes there are of each length, and the symbols in the order of their codes. */
interface Code {
  readonly counts: Uint16Array
  readonly symbols: Uint16Array
}

const longestCode = 15
const newCode = (): Code => ({ counts: new Uint16Array(longestCode + 1), symbols: new Uint16Array(288) })

/** Where the next symbol of each length goes, while a code is made. */
const next = /* @__PURE__ */ new Uint16Array(longestCode + 2)

/**
 * Makes `code` the one of which the lengths are given, symbol by symbol; 0 for one that does not occur. Codes must not run into
 * each other, and none may be left over: but for a single one of length 1, where `mayBeSingle`.
 */
function makeCode(code: Code, lengths: Uint8Array, from: number, end: number, mayBeSingle: boolean): Code {
  const { counts, symbols } = code
  counts.fill(0)
  for (let at = from; at < end; at++) counts[lengths[at]!]!++
  let left = 1
  let longest = 0
  counts[0] = next[1] = 0
  for (let length = 1; length <= longestCode; length++) {
    left = 2 * left - counts[length]!
    if (left < 0) throw malformed()
    if (counts[length]! > 0) longest = length
    next[length + 1] = next[length]! + counts[length]!
  }
  if (left > 0 && (!mayBeSingle || longest > 1)) throw malformed()
  for (let at = from; at < end; at++) if (lengths[at]! > 0) symbols[next[lengths[at]!]!++] = at - from
  return code
}

function readSymbol(input: Input, { counts, symbols }: Code): number {
  if (input.count < longestCode) readAhead(input, longestCode)
  const { held } = input
  let code = 0
  let first = 0
  let index = 0
  for (let length = 1; length <= longestCode; length++) {
    code |= (held >>> (length - 1)) & 1
    const count = counts[length]!
    if (code - first < count) {
      if (length > input.count) throw malformed()
      input.held = held >>> length
      input.count -= length
      return symbols[index + code - first]!
    }
    index += count
    first = (first + count) << 1
    code <<= 1
  }
  throw malformed()
}

interface Codes {
  /** Of literals and lengths. */
  readonly literals: Code
  readonly distances: Code
}

let fixedCodes: Codes | undefined

/** §3.2.6 */
function makeFixedCodes(): Codes {
  const lengths = new Uint8Array(320).fill(8).fill(9, 144, 256).fill(7, 256, 280).fill(5, 288)
  return {
    literals: makeCode(newCode(), lengths, 0, 288, false),
    distances: makeCode(newCode(), lengths, 288, 320, false),
  }
}

/** The order in which the lengths of the code for code lengths stand (§3.2.7). */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/**
 * Blocks that may have codes of their own: so many at first, and one for so many bytes. zlib begins one after 127 symbols at
 * the earliest, or where it is told to flush: every 64 bytes, in a mebibyte of them.
 */
const codesAtFirst = 16_384
const bytesPerCode = 256

/** What a block's own codes are read into, one block after another. */
const ofLengths = /* @__PURE__ */ newCode()
const own: Codes = /* @__PURE__ */ { literals: newCode(), distances: newCode() }
const lengths = /* @__PURE__ */ new Uint8Array(286 + 30)

/** §3.2.7 */
function readCodes(input: Input, output: Output): Codes {
  if (++input.codes > codesAtFirst + output.length / bytesPerCode) throw malformed()
  const literals = readBits(input, 5) + 257
  const distances = readBits(input, 5) + 1
  const given = readBits(input, 4) + 4
  if (literals > 286 || distances > 30) throw malformed()
  const all = literals + distances
  lengths.fill(0, 0, 19)
  for (let index = 0; index < given; index++) lengths[lengthOrder[index]!] = readBits(input, 3)
  readLengths(input, makeCode(ofLengths, lengths, 0, 19, false), all)
  if (lengths[256] === 0) throw malformed() // such a block could not end
  makeCode(own.literals, lengths, 0, literals, true)
  makeCode(own.distances, lengths, literals, all, true)
  return own
}

/** Code lengths, those that repeat told by symbols of their own. */
function readLengths(input: Input, code: Code, count: number): void {
  for (let at = 0; at < count; ) {
    const symbol = readSymbol(input, code)
    if (symbol < 16) {
      lengths[at++] = symbol
      continue
    }
    if (symbol === 16 && at === 0) throw malformed()
    const length = symbol === 16 ? lengths[at - 1]! : 0
    const end =
      at + (symbol === 16 ? 3 + readBits(input, 2) : symbol === 17 ? 3 + readBits(input, 3) : 11 + readBits(input, 7))
    if (end > count) throw malformed()
    lengths.fill(length, at, end)
    at = end
  }
}

/** Where lengths and distances begin, and how many bits follow that say how much more it is (§3.2.5). */
const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
const extraOfLength = (symbol: number) => (symbol < 8 || symbol === 28 ? 0 : (symbol >> 2) - 1)
const extraOfDistance = (symbol: number) => (symbol < 4 ? 0 : (symbol >> 1) - 1)
const distanceBase = (symbol: number) => (symbol < 4 ? symbol + 1 : ((2 + (symbol & 1)) << extraOfDistance(symbol)) + 1)

/** Literals and matches up to the end of the block (§3.2.3). */
function readCompressed(input: Input, output: Output, { literals, distances }: Codes): void {
  for (;;) {
    const symbol = readSymbol(input, literals)
    if (symbol === 256) return
    if (symbol < 256) {
      makeRoom(output, 1)
      output.bytes[output.length++] = symbol
      continue
    }
    const base = lengthBases[symbol - 257]
    if (base === undefined) throw malformed()
    const length = base + readBits(input, extraOfLength(symbol - 257))
    const far = readSymbol(input, distances)
    if (far > 29) throw malformed()
    copyMatch(output, distanceBase(far) + readBits(input, extraOfDistance(far)), length)
  }
}

/** A match may reach into itself: what it has copied, it copies again. */
function copyMatch(output: Output, distance: number, length: number): void {
  if (distance > output.length - output.from) throw malformed()
  makeRoom(output, length)
  const { bytes } = output
  for (let end = output.length + length; output.length < end; output.length++)
    bytes[output.length] = bytes[output.length - distance]!
}

let remainders: Uint32Array | undefined

/** CRC-32 as GZIP has it (RFC 1952 §8). */
function checksum(bytes: Uint8Array): number {
  remainders ??= Uint32Array.from({ length: 256 }, (_, octet) => {
    let value = octet
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xed_b8_83_20 : value >>> 1
    return value
  })
  let sum = ~0
  for (let at = 0; at < bytes.length; at++) sum = remainders[(sum ^ bytes[at]!) & 0xff]! ^ (sum >>> 8)
  return ~sum >>> 0
}
