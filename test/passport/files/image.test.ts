/** JPEG and PNG: what is stripped, and images that are no images, harm by harm. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../../src/passport/files/crc32.js'
import { stripImage } from '../../../src/passport/files/strip.js'
import { atOnce, failure } from '../support.js'
import {
  chunk,
  endOfImage,
  exif,
  frame,
  header,
  jfif,
  joined,
  jpeg,
  made,
  png,
  scan,
  segment,
  signature,
  slowCrc,
  tables,
} from './support.js'

const refusal = (bytes: Uint8Array) => {
  const { code, at } = failure(() => stripImage(bytes))
  return at === undefined ? code : `${code} ${at}`
}
const holds = (bytes: Uint8Array, text: string) => new TextDecoder('latin1').decode(bytes).includes(text)

describe('stripImage, of a JPEG', () => {
  it('copies the segments that show the image and leaves out the others', () => {
    const photo = jpeg(
      35,
      45,
      exif([
        [0x0112, 6],
        [0x8825, 26],
      ]),
      segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>'),
      segment(0xe2, 'ICC_PROFILE\0profile'),
      segment(0xed, 'Photoshop 3.0\0caption'),
      segment(0xfe, 'a comment'),
      segment(0xef, 'private'),
    )
    const { bytes, ...told } = stripImage(photo)
    expect(told).toEqual({
      ...{ mediaType: 'image/jpeg', width: 35, height: 45, orientation: 6 },
      removed: ['Exif', 'GPS', 'XMP', 'ICC', 'IPTC', 'comment', 'APP15'],
    })
    expect(bytes).toEqual(jpeg(35, 45))
    expect(stripImage(bytes)).toMatchObject({ removed: [], orientation: 1, bytes })
  })

  it('leaves nothing of 20 kB of Exif with a place', () => {
    const place = exif([[0x8825, 26], ...new Array(1600).fill([0x010e, 0x4c4c] as const)])
    expect(place.length).toBeGreaterThan(19_000)
    const { bytes, removed } = stripImage(jpeg(35, 45, place))
    expect(removed).toEqual(['Exif', 'GPS'])
    expect(holds(bytes, 'Exif') || holds(bytes, 'LL')).toBe(false)
  })

  it.each(['II', 'MM'] as const)('reads the orientation in the byte order %s', order => {
    for (let turn = 1; turn <= 8; turn++)
      expect(stripImage(jpeg(35, 45, exif([[0x0112, turn]], order)))).toMatchObject({ orientation: turn })
    expect(stripImage(jpeg(35, 45, exif([[0x0112, 9]], order)))).toMatchObject({ orientation: 1 })
  })

  it.each([
    ['nothing', ''],
    ['no directory', 'II*\0'],
    ['a directory beyond the end', 'II*\0\xff\xff\xff\x7f'],
    ['more entries than there are', 'II*\0\x08\0\0\0\xff\xff\x12\x01'],
  ])('takes out Exif of %s', (_, tiff) => {
    expect(stripImage(jpeg(35, 45, segment(0xe1, `Exif\0\0${tiff}`)))).toMatchObject({
      removed: ['Exif'],
      orientation: 1,
    })
  })

  it('keeps the JFIF header without its thumbnail, and what Adobe says of colours', () => {
    const adobe = segment(0xee, joined('Adobe', [0, 100, 0, 0, 0, 0, 1]))
    const thumbnail = segment(0xe0, joined('JFIF\0', [1, 1, 0, 0, 1, 0, 1, 1, 1], 'rgb'))
    const photo = joined([0xff, 0xd8], thumbnail, adobe, tables, frame(35, 45), scan, endOfImage)
    const { bytes, removed } = stripImage(photo)
    expect(removed).toEqual(['thumbnail'])
    expect(bytes).toEqual(joined([0xff, 0xd8], jfif, adobe, tables, frame(35, 45), scan, endOfImage))
    expect(stripImage(jpeg(35, 45, segment(0xee, 'Adobe and more than that'))).removed).toEqual(['APP14'])
    expect(stripImage(jpeg(35, 45, segment(0xe0, 'JFIF\0'))).removed).toEqual(['APP0'])
    expect(stripImage(jpeg(35, 45, segment(0xe0, 'JFXX\0thumbnail'))).removed).toEqual(['APP0'])
  })

  it('reads several scans, fill bytes and restart intervals', () => {
    const progressive = joined(
      [0xff, 0xd8],
      tables,
      frame(35, 45, 0xc2),
      scan,
      tables,
      [0xff, 0xff],
      segment(0xdd, [0, 4]),
      scan,
      [0xff, 0xff],
      endOfImage,
    )
    const { width, bytes } = stripImage(progressive)
    expect(width).toBe(35)
    expect(stripImage(bytes).bytes).toEqual(bytes)
  })

  it.each([
    ['an end without an image', joined([0xff, 0xd8], jfif, endOfImage), 'file_malformed image'],
    ['no scan', joined([0xff, 0xd8], tables, frame(35, 45), endOfImage), 'file_malformed image'],
    ['a scan before the frame', joined([0xff, 0xd8], tables, scan, frame(35, 45), endOfImage), 'file_malformed scan'],
    [
      'two frames',
      joined([0xff, 0xd8], tables, frame(35, 45), frame(35, 45), scan, endOfImage),
      'file_malformed frame',
    ],
    ['a second beginning', joined([0xff, 0xd8], jpeg()), 'file_malformed marker'],
    ['arithmetic coding', joined([0xff, 0xd8], tables, frame(35, 45, 0xc9), scan, endOfImage), 'file_malformed marker'],
    ['a lossless frame', joined([0xff, 0xd8], tables, frame(35, 45, 0xc3), scan, endOfImage), 'file_malformed marker'],
    ['no marker where one belongs', joined([0xff, 0xd8], jfif, [0, 0, 0, 0]), 'file_malformed marker'],
    ['a length of 1', joined([0xff, 0xd8, 0xff, 0xe0, 0, 1], jpeg().subarray(2)), 'file_malformed length'],
    [
      '12 bits',
      joined([0xff, 0xd8], tables, segment(0xc0, [12, 0, 45, 0, 35, 1, 1, 17, 0]), scan, endOfImage),
      'file_malformed frame',
    ],
    [
      'two components',
      joined([0xff, 0xd8], tables, segment(0xc0, [8, 0, 45, 0, 35, 2, 1, 17, 0, 2, 17, 0]), scan, endOfImage),
      'file_malformed frame',
    ],
    [
      'a frame too short',
      joined([0xff, 0xd8], tables, segment(0xc0, [8, 0, 45]), scan, endOfImage),
      'file_malformed frame',
    ],
    [
      'a frame too long',
      joined([0xff, 0xd8], tables, segment(0xc0, [8, 0, 45, 0, 35, 1, 1, 17, 0, 0]), scan, endOfImage),
      'file_malformed frame',
    ],
    ['no width', jpeg(0, 45), 'file_malformed dimensions'],
    ['no height', jpeg(35, 0), 'file_malformed dimensions'],
    [
      '65 scans',
      joined([0xff, 0xd8], tables, frame(35, 45), ...new Array(65).fill(scan), endOfImage),
      'file_malformed scan',
    ],
    [
      '4097 segments',
      joined([0xff, 0xd8], ...new Array(4096).fill(segment(0xfe, '')), tables, frame(35, 45), scan, endOfImage),
      'file_malformed segments',
    ],
    ['another image behind it', joined(jpeg(), jpeg()), 'file_trailing_data'],
    ['a web page behind it', joined(jpeg(), '<script>'), 'file_trailing_data'],
    ['one byte behind it', joined(jpeg(), [0]), 'file_trailing_data'],
  ])('refuses %s', (_, bytes, code) => {
    expect(refusal(bytes)).toBe(code)
  })

  it('takes 64 scans', () => {
    const bytes = joined([0xff, 0xd8], tables, frame(35, 45), ...new Array(64).fill(scan), endOfImage)
    expect(stripImage(bytes).bytes).toEqual(bytes)
  })
})

describe('stripImage, of a PNG', () => {
  it('copies the chunks that show the image and leaves out the others', () => {
    const needed = [
      chunk('gAMA', [0, 0, 177, 143]),
      chunk('pHYs', [0, 0, 11, 19, 0, 0, 11, 19, 1]),
      chunk('tRNS', [0, 0, 0, 0, 0, 0]),
    ]
    const tiff = exif([
      [0x0112, 3],
      [0x8825, 1],
    ]).subarray(10)
    const others = [
      ...[
        chunk('tEXt', 'Author\0Somebody'),
        chunk('zTXt', 'x'),
        chunk('iTXt', 'XML:com.adobe.xmp'),
        chunk('tIME', 'now'),
        chunk('iCCP', 'p'),
      ],
      ...[chunk('eXIf', tiff), chunk('acTL', '12345678'), chunk('prVt', 'private')],
    ]
    const { bytes, ...told } = stripImage(png(35, 45, ...needed, ...others))
    expect(told).toEqual({
      ...{ mediaType: 'image/png', width: 35, height: 45, orientation: 3 },
      removed: ['tEXt', 'zTXt', 'iTXt', 'tIME', 'iCCP', 'Exif', 'GPS', 'acTL', 'other'],
    })
    expect(bytes).toEqual(png(35, 45, ...needed))
    expect(stripImage(bytes)).toMatchObject({ removed: [], bytes })
  })

  it('leaves out a chunk that is longer than it may be', () => {
    expect(stripImage(png(35, 45, chunk('gAMA', 'four and more')))).toMatchObject({
      removed: ['other'],
      bytes: png(35, 45),
    })
  })

  it('takes image data in many chunks, and a palette', () => {
    const bytes = joined(
      signature,
      header(35, 45, 8, 3, 0, 0, 1),
      chunk('PLTE', 'rgb'),
      chunk('IDAT', 'da'),
      chunk('IDAT', 'ta'),
      chunk('IEND'),
    )
    expect(stripImage(bytes).bytes).toEqual(bytes)
  })

  const data = chunk('IDAT', 'data')
  const end = chunk('IEND')
  const first = header(35, 45)

  it.each([
    ['no header', joined(signature, data, end), 'file_malformed order'],
    ['something before the header', joined(signature, chunk('tEXt', 'x'), first, data, end), 'file_malformed order'],
    ['two headers', joined(signature, first, first, data, end), 'file_malformed order'],
    ['no image data', joined(signature, first, end), 'file_malformed order'],
    ['image data in two rows', joined(signature, first, data, chunk('tEXt'), data, end), 'file_malformed order'],
    [
      'two palettes',
      joined(signature, first, chunk('PLTE', 'rgb'), chunk('PLTE', 'rgb'), data, end),
      'file_malformed order',
    ],
    ['a palette behind the data', joined(signature, first, data, chunk('PLTE', 'rgb'), end), 'file_malformed order'],
    [
      'no palette where one is needed',
      joined(signature, header(35, 45, 8, 3, 0, 0, 0), data, end),
      'file_malformed PLTE',
    ],
    ['a palette too long', joined(signature, first, chunk('PLTE', 'x'.repeat(769)), data, end), 'file_malformed chunk'],
    ['an end with content', joined(signature, first, data, chunk('IEND', 'x')), 'file_malformed chunk'],
    ['a needed chunk that nobody knows', png(35, 45, chunk('ABCD')), 'file_malformed chunk'],
    ['a type that is no letters', png(35, 45, chunk('t?Xt')), 'file_malformed chunk'],
    ['a checksum of other bytes', joined(signature, first, data.with(9, 0), end), 'file_malformed checksum'],
    [
      'a header too long',
      joined(signature, chunk('IHDR', new Array<number>(14).fill(1)), data, end),
      'file_malformed IHDR',
    ],
    [
      'a header too short',
      joined(signature, chunk('IHDR', new Array<number>(12).fill(1)), data, end),
      'file_malformed IHDR',
    ],
    ['no width', png(0, 45), 'file_malformed dimensions'],
    ['no height', png(35, 0), 'file_malformed dimensions'],
    ['a width of 2^31', png(0x80000000, 45), 'file_malformed dimensions'],
    ['a height of 2^31', png(35, 0x80000000), 'file_malformed dimensions'],
    ['a depth of 3', joined(signature, header(35, 45, 3, 0, 0, 0, 0), data, end), 'file_malformed IHDR'],
    ['a colour type of 1', joined(signature, header(35, 45, 8, 1, 0, 0, 0), data, end), 'file_malformed IHDR'],
    ['a colour type of 9', joined(signature, header(35, 45, 8, 9, 0, 0, 0), data, end), 'file_malformed IHDR'],
    ['another compression', joined(signature, header(35, 45, 8, 2, 1, 0, 0), data, end), 'file_malformed IHDR'],
    ['another filter', joined(signature, header(35, 45, 8, 2, 0, 1, 0), data, end), 'file_malformed IHDR'],
    ['another interlace', joined(signature, header(35, 45, 8, 2, 0, 0, 2), data, end), 'file_malformed IHDR'],
    ['too many chunks', joined(signature, first, ...new Array(65_536).fill(chunk('tEXt'))), 'file_malformed chunks'],
    ['an archive behind it', joined(png(), 'PK\x03\x04'), 'file_trailing_data'],
    ['one byte behind it', joined(png(), [0]), 'file_trailing_data'],
  ])('refuses %s', (_, bytes, code) => {
    expect(refusal(bytes)).toBe(code)
  })
})

describe.each([
  ['a made JPEG', jpeg(35, 45, exif([[0x0112, 6]]))],
  ["a browser's JPEG", made('baseline.jpg')],
  ['a made PNG', png(35, 45, chunk('tEXt', 'x'))],
  ["a browser's PNG", made('colour.png')],
])('%s', (_, image) => {
  it('has its dimensions, wherever its bytes lie', () => {
    const shifted = joined([1, 2, 3], image).subarray(3)
    expect(stripImage(shifted)).toMatchObject({ width: 35, height: 45 })
    expect(stripImage(shifted).bytes).toEqual(stripImage(image).bytes)
  })

  it('is refused when cut anywhere', () => {
    for (let length = 8; length < image.length; length++)
      expect(refusal(image.subarray(0, length))).toBe('file_truncated')
  })

  it('with bytes changed anywhere gives an image of needed segments or a refusal, never another error', () => {
    const harm = fc.tuple(fc.nat(image.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(harm, { minLength: 1, maxLength: 4 }), harms => {
        const harmed = Uint8Array.from(image)
        for (const [place, byte] of harms) harmed[place] = byte
        try {
          const { bytes } = stripImage(harmed)
          expect(stripImage(bytes).removed).toEqual([])
        } catch (error) {
          expect(error).toMatchObject({ name: 'VidimusError', code: expect.stringMatching(/^file_/) })
        }
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })

  // Only browsers can look at a picture.
  if (typeof createImageBitmap === 'function')
    it('is shown stripped as it was before', async () => {
      if (image.length < 250) return
      const pixels = async (bytes: Uint8Array) => {
        const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]))
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
        context.drawImage(bitmap, 0, 0)
        return [...context.getImageData(0, 0, bitmap.width, bitmap.height).data]
      }
      const { bytes } = stripImage(image)
      const [before, after] = [await pixels(image), await pixels(bytes)]
      expect(after).toEqual(before)
    })
})

it('refuses at once what takes long to go through', () => {
  const size = 20 * 1_048_576
  const restarts = new Uint8Array(size).fill(0xff)
  for (let at = 1; at < size; at += 2) restarts[at] = 0xd0
  const started = performance.now()
  expect(refusal(joined([0xff, 0xd8], tables, frame(35, 45), segment(0xda, [1, 1, 0, 0, 63, 0]), restarts))).toBe(
    'file_truncated',
  )
  expect(refusal(joined([0xff, 0xd8], new Uint8Array(size).fill(0xff)))).toBe('file_truncated')
  expect(performance.now() - started).toBeLessThan(atOnce)
})

it.each([
  ['no bytes', new Uint8Array()],
  ['text', joined('GIF89a')],
  ['a PDF', joined('%PDF-1.7')],
  ['a JPEG behind something', joined([0], jpeg())],
])('takes %s for no image', (_, bytes) => {
  expect(refusal(bytes)).toBe('file_unrecognized')
})

it('is told by TypeError what is not bytes', () => {
  expect(() => stripImage('ÿØÿ' as never)).toThrow(new TypeError('`bytes` must be a Uint8Array'))
})

it('the checksum is that of the standard, bit by bit', () => {
  expect(crc32(joined('123456789'))).toBe(0xcbf43926)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => crc32(bytes) === slowCrc(bytes)),
    { seed: 20261122, numRuns: 200 },
  )
})
