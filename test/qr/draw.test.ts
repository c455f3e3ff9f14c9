import { encodeQR } from 'qr'
import { describe, expect, it } from 'vitest'
import { drawQr, qrPath } from '../../src/qr/draw.js'
import { modulesOf } from './paper.js'

const levels = ['low', 'medium', 'quartile', 'high'] as const

describe('a drawn code', () => {
  it('is made of the modules of the code, a quiet zone around them', () => {
    for (const errorCorrection of levels)
      for (const border of [1, 2, 4, 16])
        expect(modulesOf(drawQr('HC1:6BF+70790', { errorCorrection, border }))).toEqual(
          encodeQR('HC1:6BF+70790', 'raw', { ecc: errorCorrection, border }),
        )
    expect(qrPath('A').modules).toBe(21 + 2 * 4)
    expect(qrPath('A')).toEqual(qrPath('A', { errorCorrection: 'medium', border: 4 }))
  })

  it('is nothing but shapes and colours, which a strict Content Security Policy lets stand', () => {
    const hostile = '"/><script>alert(1)</script><style>*{}</style>'
    const svg = drawQr(hostile, { millimetres: 40 })
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 (\d+) \1" width="40mm" height="40mm" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h\1v\1H0z"\/><path fill="#000" d="[Mhv0-9 Hz]+"\/><\/svg>$/,
    )
  })

  it('has no size of its own unless it was given one', () => {
    expect(drawQr('A')).not.toMatch(/ (width|height)=/)
    expect(drawQr('A', { millimetres: 40.5 })).toContain(' width="40.5mm" height="40.5mm"')
  })
})

describe('a text that no code holds', () => {
  const modes = [
    ['digits', '7', [7089, 5596, 3993, 3057]],
    ['the alphanumeric characters', 'A', [4296, 3391, 2420, 1852]],
    ['bytes', 'a', [2953, 2331, 1663, 1273]],
    ['letters of two bytes', 'я', [1476, 1165, 831, 636]],
  ] as const

  it.each(modes)('is refused one character beyond what a code has room for: %s', (_, letter, capacities) => {
    for (const [index, errorCorrection] of levels.entries()) {
      const most = letter.repeat(capacities[index]!)
      expect(qrPath(most, { errorCorrection, border: 1 }).modules).toBe(177 + 2)
      expect(() => drawQr(most + letter, { errorCorrection })).toThrow(
        expect.objectContaining({ code: 'qr_too_long', at: 'text' }),
      )
    }
  })

  it('is refused before it is looked at', () => {
    const text = '\u{1f6c2}'.repeat(5_000_000)
    const started = performance.now()
    expect(() => drawQr(text)).toThrow(
      expect.objectContaining({ code: 'qr_too_long', expected: 5596, actual: 10_000_000 }),
    )
    expect(() => drawQr('a'.repeat(2954), { errorCorrection: 'low' })).toThrow(
      expect.objectContaining({ code: 'qr_too_long', expected: 2953, actual: 2954 }),
    )
    expect(performance.now() - started).toBeLessThan(100)
  })
})

describe('options of drawing', () => {
  it.each([
    [{ errorCorrection: 'Q' }, TypeError, '`errorCorrection` must be one of low, medium, quartile, high'],
    [{ errorCorrection: 'toString' }, TypeError, '`errorCorrection`'],
    [{ border: 0 }, RangeError, '`border`'],
    [{ border: 17 }, RangeError, '`border`'],
    [{ border: 1.5 }, RangeError, '`border`'],
    [{ border: '4' }, RangeError, '`border`'],
    [{ millimetres: 0 }, RangeError, '`millimetres`'],
    [{ millimetres: 10_001 }, RangeError, '`millimetres`'],
    [{ millimetres: Number.NaN }, RangeError, '`millimetres`'],
    [{ millimetres: '40' }, RangeError, '`millimetres`'],
    [{ colour: 'red' }, TypeError, '`options.colour`'],
    [null, TypeError, '`options`'],
  ])('%j is refused', (options, kind, message) => {
    expect(() => drawQr('A', options as object)).toThrow(kind)
    expect(() => drawQr('A', options as object)).toThrow(message)
  })

  it('have a text before them', () => {
    for (const text of ['', undefined, 7, '\ud800']) {
      expect(() => drawQr(text as string)).toThrow(TypeError)
      expect(() => qrPath(text as string)).toThrow('`text`')
    }
    expect(() => qrPath('A', { millimetres: 40 } as object)).toThrow('`options.millimetres`')
    expect(() => qrPath('A', null as unknown as object)).toThrow('`options`')
  })
})
