/**
 * Prints how many bytes the process grew by, at its peak, while it verified the one status list token of a file. A process of
 * its own, for a peak is told of a whole process; on Linux, which lets it begin anew.
 */
import { createPublicKey, verify } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { statusAt, statusListJwt, verifyStatusListToken } from 'vidimus/status'

const [, , file] = process.argv
const { small, token, jwk } = JSON.parse(readFileSync(file, 'utf8'))
const key = { key: createPublicKey({ format: 'jwk', key: jwk }), dsaEncoding: 'ieee-p1363' }
const verifies = (data, signature) => verify('sha256', data, key, signature)
const mebibyte = 1024 * 1024
const expected = {
  form: statusListJwt,
  uri: 'https://lists.example/1',
  signers: ({ algorithms: [algorithm] }) => [{ algorithm, jwk, verify: verifies }],
  now: new Date(),
  clockTolerance: 60,
  algorithms: ['ES256'],
  limits: {
    headerBytes: 128 * 1024,
    depth: 16,
    jsonValues: 65_536,
    statusTokenBytes: 8 * mebibyte,
    statusListBytes: 16 * mebibyte,
  },
}

// What the engine compiles and loads is not the list's.
for (let round = 0; round < 50; round++) await verifyStatusListToken(small, expected)
globalThis.gc()
globalThis.gc()
writeFileSync('/proc/self/clear_refs', '5')
const before = status('VmRSS')
const list = await verifyStatusListToken(token, expected)
const peak = status('VmHWM')
if (statusAt(list, list.size - 1) === undefined) throw new Error('no list')
console.log(Math.max(0, peak - before))

/** Bytes. */
function status(name) {
  const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))
  return Number(kibibytes) * 1024
}
