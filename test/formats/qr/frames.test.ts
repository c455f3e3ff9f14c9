import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FrameProgress, frameCollector, splitFrames } from '../../../src/formats/qr/frames.js'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const textOf = (length: number, start = 0) =>
  Array.from({ length }, (_, index) => alphabet[(index * 7 + start + (index >> 5)) % alphabet.length]).join('')

const text = textOf(3000)
const frames = await splitFrames(text, { frameLength: 1000 })
const others = await splitFrames(textOf(3000, 1), { frameLength: 1000 })

/** `printf %s … | sha256sum`, its first half. */
const digestOfText = '38BF6FA74434880503EBD11FF9F9631D'

async function collect(scans: readonly string[], collector = frameCollector()): Promise<FrameProgress | undefined> {
  let progress: FrameProgress | undefined
  for (const scan of scans) progress = await collector.add(scan)
  return progress
}

describe('a text for QR codes', () => {
  it('stays as it is when one code holds it', async () => {
    for (const length of [1000, 1248]) expect(await splitFrames(textOf(length))).toEqual([textOf(length)])
    expect(await splitFrames(textOf(1249))).toHaveLength(2)
  })

  it('becomes frames of one length, each with the digest of the whole', async () => {
    expect(frames).toHaveLength(4)
    expect(frames.map(({ length }) => length)).toEqual([792, 792, 792, 792])
    expect(frames.map(frame => frame.slice(0, 42))).toEqual([1, 2, 3, 4].map(n => `VQF1:${digestOfText}:${n}/4:`))
  })

  it('is never longer in a frame than was asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100, max: 4296 }),
        fc.integer({ min: 1, max: 5600 }),
        async (frameLength, n) => {
          const split = await splitFrames(textOf(n), { frameLength })
          for (const frame of split) {
            expect(frame.length).toBeLessThanOrEqual(frameLength)
            expect(frame).toMatch(/^[0-9A-Z $%*+\-./:]+$/)
          }
        },
      ),
      { seed: 20261122, numRuns: 200 },
    )
  })

  it('is refused before it is looked at when 99 frames do not hold it', async () => {
    const refused = (expected: number, actual: number) => ({ code: 'qr_too_long', at: 'text', expected, actual })
    const shorter = { frameLength: 500 }
    await expect(splitFrames('A'.repeat(10_000_000))).rejects.toMatchObject(refused(65_536, 10_000_000))
    await expect(splitFrames('é'.repeat(65_537))).rejects.toMatchObject(refused(65_536, 65_537))
    await expect(splitFrames('A'.repeat(45_145), shorter)).rejects.toMatchObject(refused(45_144, 45_145))
    expect(await splitFrames('A'.repeat(45_144), shorter)).toHaveLength(99)
    expect(await splitFrames('A'.repeat(65_536))).toHaveLength(55)
  })

  it.each([
    ['', 'empty'],
    ['lower', 'in another alphabet'],
    ['A\n', 'with a line'],
    [undefined, 'none'],
    [frames[0], 'a frame'],
  ])('is a TypeError when it is %j: %s', async bad => {
    await expect(splitFrames(bad as string)).rejects.toThrow(TypeError)
    await expect(splitFrames(bad as string)).rejects.toThrow('`text`')
  })

  it('has a frame length from 100 to what one code holds, and no other option', async () => {
    for (const frameLength of [99, 4297, 100.5, Number.NaN, '500'])
      await expect(splitFrames('A', { frameLength: frameLength as number })).rejects.toThrow(RangeError)
    await expect(splitFrames('A', { length: 100 } as object)).rejects.toThrow('`options.length`')
    await expect(splitFrames('A', null as unknown as object)).rejects.toThrow('`options`')
  })
})

describe('a collector of frames', () => {
  it('puts them together in any order, as often as each is seen', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 2000 })
          .filter(any => !any.startsWith('VQF1:')),
        fc.integer({ min: 100, max: 400 }),
        fc.array(fc.nat()),
        fc.infiniteStream(fc.nat()),
        async (any, frameLength, seenTwice, order) => {
          const split = await splitFrames(any, { frameLength })
          const scans = [...split, ...seenTwice.map(n => split[n % split.length]!)]
            .map(scan => ({ scan, place: order.next().value }))
            .sort((a, b) => a.place - b.place)
            .map(({ scan }) => scan)
          const collector = frameCollector()
          const seen = new Set<string>()
          for (const scan of scans) {
            const progress = await collector.add(scan)
            seen.add(scan)
            if (seen.size === split.length) {
              expect(progress).toEqual({ done: true, text: any })
              return
            }
            const missing = split.flatMap((frame, index) => (seen.has(frame) ? [] : [index + 1]))
            expect(progress).toEqual({ done: false, count: split.length, missing })
          }
        },
      ),
      { seed: 20261122, numRuns: 200 },
    )
  })

  it('takes a text that is no frame for whole', async () => {
    expect(await collect(['HC1:6BF'])).toEqual({ done: true, text: 'HC1:6BF' })
  })

  it('refuses a frame of another text, and goes on with the first', async () => {
    const collector = frameCollector()
    await collect(frames.slice(0, 3), collector)
    await expect(collector.add(others[3]!)).rejects.toMatchObject({ code: 'qr_frame_mixed', at: 'digest' })
    expect(await collector.add(frames[3]!)).toEqual({ done: true, text })
  })

  it('refuses a frame of the same text divided in another way', async () => {
    const collector = frameCollector()
    await collector.add(frames[0]!)
    const [other] = await splitFrames(text, { frameLength: 500 })
    await expect(collector.add(other!)).rejects.toMatchObject({
      code: 'qr_frame_mixed',
      at: 'count',
      expected: 4,
      actual: 7,
    })
  })

  it('refuses a code that is no frame among frames', async () => {
    const collector = frameCollector()
    await collector.add(frames[0]!)
    await expect(collector.add('https://example.org')).rejects.toMatchObject({ code: 'qr_frame_mixed', at: 'prefix' })
  })

  it('refuses another part under a number that it has', async () => {
    const collector = frameCollector()
    await collector.add(frames[1]!)
    const altered = `${frames[1]!.slice(0, -1)}${frames[1]!.endsWith('A') ? 'B' : 'A'}`
    await expect(collector.add(altered)).rejects.toMatchObject({ code: 'qr_frame_conflict', at: '2' })
    await expect(collector.add(frames[1]!.slice(0, -1))).rejects.toMatchObject({ code: 'qr_frame_conflict' })
  })

  it.each([
    ['cut short', (frame: string) => frame.slice(0, -1)],
    ['lengthened', (frame: string) => `${frame}0`],
    ['altered', (frame: string) => frame.replace(/.$/, last => (last === 'A' ? 'B' : 'A'))],
    ['exchanged', () => `${frames[3]!.slice(0, 38)}2/4:${frames[3]!.slice(42)}`],
  ])('gives out no text of which a part was %s, and begins again', async (_, harm) => {
    const collector = frameCollector()
    const scans = [frames[0]!, harm(frames[1]!), frames[2]!, frames[3]!]
    await expect(collect(scans, collector)).rejects.toMatchObject({ code: 'qr_frames_altered' })
    expect(await collect(frames, collector)).toEqual({ done: true, text })
  })

  it('gives its text out once: frames that are replayed are refused', async () => {
    const collector = frameCollector()
    await collect(frames, collector)
    for (const scan of [frames[0]!, frames[3]!, others[0]!, 'A'])
      await expect(collector.add(scan)).rejects.toMatchObject({ code: 'qr_frames_complete' })
    const single = frameCollector()
    await single.add('A')
    await expect(single.add('A')).rejects.toMatchObject({ code: 'qr_frames_complete' })
  })

  it('gives its text out once, though frames come before the digest is known', async () => {
    const collector = frameCollector()
    await collect(frames.slice(1), collector)
    const [first, second] = await Promise.allSettled([collector.add(frames[0]!), collector.add(frames[0]!)])
    expect(first).toMatchObject({ status: 'fulfilled', value: { done: true, text } })
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'qr_frames_complete' } })
  })

  const id = frames[0]!.slice(5, 37)
  it.each([
    ['VQF1:'],
    [`VQF1:${id}`],
    [`VQF1:${id}:1/4:`],
    [`VQF1:${id}:0/4:A`],
    [`VQF1:${id}:5/4:A`],
    [`VQF1:${id}:1/1:A`],
    [`VQF1:${id}:01/4:A`],
    [`VQF1:${id}:1/04:A`],
    [`VQF1:${id}:1/100:A`],
    [`VQF1:${id}:1/4:a`],
    [`VQF1:${id}:1/4:A\n`],
    [`VQF1:${id.toLowerCase().replace(/^./, 'a')}:1/4:A`],
    [`VQF1:${id.slice(1)}:1/4:A`],
    [`VQF1:${id}0:1/4:A`],
    [frames[0]!.slice(0, 20)],
  ])('refuses %j, which is no frame', async scanned => {
    await expect(frameCollector().add(scanned)).rejects.toMatchObject({ code: 'qr_frame_malformed' })
  })

  it('refuses what nothing can have scanned', async () => {
    await expect(frameCollector().add('A'.repeat(10_000_000))).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'scanLength',
      expected: 7089,
    })
    for (const scanned of [undefined, null, 7, {}, new Uint8Array(4)])
      await expect(frameCollector().add(scanned as string)).rejects.toMatchObject({ code: 'input_not_text' })
  })

  it('keeps no more than its limits', async () => {
    const few = frameCollector({ limits: { frames: 3 } })
    await expect(few.add(frames[0]!)).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'frames',
      expected: 3,
      actual: 4,
    })
    const short = frameCollector({ limits: { textLength: 2000 } })
    await collect(frames.slice(0, 2), short)
    await expect(short.add(frames[2]!)).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'textLength',
      actual: 2250,
    })
    expect(await short.add(frames[1]!)).toMatchObject({ missing: [3, 4] })
    await expect(frameCollector({ limits: { textLength: 3 } }).add('ABCD')).rejects.toMatchObject({ at: 'textLength' })
    const most = frameCollector()
    const part = 'A'.repeat(4250)
    for (let number = 1; number <= 15; number++) await most.add(`VQF1:${id}:${number}/99:${part}`)
    await expect(most.add(`VQF1:${id}:16/99:${part}`)).rejects.toMatchObject({ at: 'textLength', expected: 65_536 })
  })

  it('has limits that are lowered, and no other option', () => {
    for (const limits of [{ frames: 100 }, { textLength: 65_537 }, { frames: -1 }, { frames: 1.5 }])
      expect(() => frameCollector({ limits })).toThrow(RangeError)
    expect(() => frameCollector({ limits: { frame: 1 } as object })).toThrow('`limits.frame`')
    expect(() => frameCollector({ limit: {} } as object)).toThrow('`options.limit`')
    expect(() => frameCollector(null as unknown as object)).toThrow(TypeError)
    expect(() => frameCollector({ limits: null as unknown as object })).toThrow(TypeError)
  })
})
