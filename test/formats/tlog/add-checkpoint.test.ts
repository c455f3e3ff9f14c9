/** What a log asks of a witness, as text. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64 } from '../../../src/core/bytes.js'
import { VidimusError } from '../../../src/errors.js'
import {
  parseAddCheckpoint,
  parseSizeLine,
  printAddCheckpoint,
  printSize,
} from '../../../src/formats/tlog/add-checkpoint.js'
import { parseNote } from '../../../src/formats/tlog/note.js'
import witnessExamples from '../../vectors/tlog/c2sp-witness.json' with { type: 'json' }

/** The examples of C2SP tlog-witness, add-checkpoint. */
const { add_checkpoint_request: example, add_checkpoint_response: answer } = witnessExamples
const [line] = example.split('\n').slice(1) as [string]
const checkpoint = example.slice(example.indexOf('\n\n') + 2)

describe('a request of add-checkpoint', () => {
  it('is the example of the standard, both ways', () => {
    const parsed = parseAddCheckpoint(example)
    expect(parsed).toMatchObject({ oldSize: 20852014, checkpoint })
    expect(parsed.hashes.map(base64)).toEqual(example.split('\n').slice(1, 5))
    expect(printAddCheckpoint(parsed)).toBe(example)
  })

  it('is answered with lines that stand under the checkpoint', () => {
    const { text } = parseNote(checkpoint)
    const { signatures } = parseNote(`${text}\n${answer}`)
    expect(signatures.map(({ name }) => name)).toEqual([
      'witness.example/w1',
      'witness.example/w1',
      'witness.example/w2',
    ])
  })

  it('is one text for one content', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const content = fc.record({
      oldSize: fc.maxSafeNat(),
      hashes: fc.array(hash, { maxLength: 63 }),
      checkpoint: fc.string(),
    })
    fc.assert(
      fc.property(content, asked => {
        expect(parseAddCheckpoint(printAddCheckpoint(asked))).toEqual(asked)
      }),
      { seed: 20261122, numRuns: 100 },
    )
  })

  it('has at most 63 hashes', () => {
    const of = (count: number) => `old 1\n${`${line}\n`.repeat(count)}\n${checkpoint}`
    expect(parseAddCheckpoint(of(63)).hashes).toHaveLength(63)
    expect(() => parseAddCheckpoint(of(64))).toThrow(VidimusError)
  })

  it.each([
    ['nothing', '', 'blank line'],
    ['no blank line', 'old 1\n', 'blank line'],
    ['no size', `\n\n${checkpoint}`, 'old size'],
    ['another word', `new 1\n\n${checkpoint}`, 'old size'],
    ['another case', `Old 1\n\n${checkpoint}`, 'old size'],
    ['no number', `old \n\n${checkpoint}`, 'old size'],
    ['a leading zero', `old 01\n\n${checkpoint}`, 'old size'],
    ['a sign', `old -1\n\n${checkpoint}`, 'old size'],
    ['a plus', `old +1\n\n${checkpoint}`, 'old size'],
    ['a fraction', `old 1.0\n\n${checkpoint}`, 'old size'],
    ['an exponent', `old 1e3\n\n${checkpoint}`, 'old size'],
    ['a number beyond what is exact', `old 9007199254740992\n\n${checkpoint}`, 'old size'],
    ['two blanks', `old  1\n\n${checkpoint}`, 'old size'],
    ['a blank behind the number', `old 1 \n\n${checkpoint}`, 'old size'],
    ['lines that end as in Windows', `old 1\r\n\n${checkpoint}`, 'old size'],
    ['digits of another script', `old ١\n\n${checkpoint}`, 'old size'],
    ['a short hash', `old 1\n${base64(new Uint8Array(31))}\n\n${checkpoint}`, 'hash'],
    ['a long hash', `old 1\n${base64(new Uint8Array(33))}\n\n${checkpoint}`, 'hash'],
    ['a hash without padding', `old 1\n${line.slice(0, -1)}\n\n${checkpoint}`, 'hash'],
    ['a hash in another alphabet', `old 1\n${'-_'.repeat(21)}-=\n\n${checkpoint}`, 'hash'],
    ['a hash with bits to spare', `old 1\n${'A'.repeat(42)}B=\n\n${checkpoint}`, 'hash'],
    ['a blank before a hash', `old 1\n ${line}\n\n${checkpoint}`, 'hash'],
  ])('is none with %s', (_, body, at) => {
    let error: unknown
    try {
      parseAddCheckpoint(body)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ name: 'VidimusError', code: 'witness_request_malformed', at })
  })
})

describe('the size that a witness knows', () => {
  it('is a number in a line of its own', () => {
    for (const size of [0, 1, 20852014, Number.MAX_SAFE_INTEGER]) expect(parseSizeLine(printSize(size))).toBe(size)
  })

  it.each(['', '7', '\n', '07\n', ' 7\n', '7 \n', '7\n\n', '7\r\n', '-7\n', '7.0\n', '9007199254740992\n', 'x\n'])(
    'is not %j',
    text => {
      expect(parseSizeLine(text)).toBeUndefined()
    },
  )
})
