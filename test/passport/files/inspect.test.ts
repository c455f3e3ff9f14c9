/** Files against profiles: every reason at once, and the descriptors of those that pass. */
import { describe, expect, it } from 'vitest'
import { attachmentKinds, attachmentManifest, describeAttachment } from '../../../src/passport/files/attachment.js'
import { inspectFile } from '../../../src/passport/files/inspect.js'
import { fileKind } from '../../../src/passport/files/kind.js'
import { type FileProfile, fileProfiles } from '../../../src/passport/files/profile.js'
import { stripImage } from '../../../src/passport/files/strip.js'
import { imageToDataUri } from '../../../src/passport/image.js'
import { explain } from '../../../src/wording/explain.js'
import { russian } from '../../../src/wording/russian.js'
import { atOnce } from '../support.js'
import { docx, exif, joined, jpeg, made, pdf, png, rejections, segment } from './support.js'

const { identity, storage, vehicle, signing, portrait } = fileProfiles
const inspect = async (bytes: Uint8Array, profile: FileProfile) => rejections(await inspectFile(bytes, profile))

describe('the profiles', () => {
  it('take the kinds that the forms ask for', async () => {
    const files = { jpeg: jpeg(), png: png(), pdf: pdf('<<>>'), docx: await docx() }
    const taken = async (profile: FileProfile) => {
      const verdicts = await Promise.all(Object.values(files).map(bytes => inspectFile(bytes, profile)))
      return verdicts.filter(({ ok }) => ok).map(({ kind }) => kind)
    }
    expect(await taken(identity)).toEqual(['jpeg', 'png', 'pdf'])
    expect(await taken(storage)).toEqual(['jpeg', 'png', 'pdf', 'docx'])
    expect(await taken(vehicle)).toEqual(['pdf'])
    expect(await taken(signing)).toEqual(['jpeg', 'pdf'])
    expect(await taken(portrait)).toEqual(['jpeg', 'png'])
  })

  it.each([
    ['identity', identity, 5],
    ['storage', storage, 20],
    ['vehicle', vehicle, 5],
    ['signing', signing, 5],
  ] as const)('%s takes a file to its last byte', async (_, profile, megabytes) => {
    const size = megabytes * 1_048_576
    const padded = (length: number) => joined(pdf('<<>>'), ' '.repeat(length - pdf('<<>>').length))
    expect(await inspect(padded(size), profile)).toEqual([])
    expect(await inspectFile(padded(size + 1), profile)).toEqual({
      ...{ ok: false, kind: 'pdf' },
      rejections: [{ code: 'file_too_large', reason: 'size', expected: size, actual: size + 1 }],
    })
  })

  it('tell both what is too large and what is of another kind', async () => {
    const large = new Uint8Array(6 * 1_048_576)
    expect(await inspect(large, identity)).toEqual(['file_unrecognized', 'file_too_large'])
    large.set(jpeg())
    expect(await inspect(large, vehicle)).toEqual(['file_type_not_allowed', 'file_too_large'])
  })
})

describe('the portrait', () => {
  it('passes when it is stripped, upright and large enough, and goes into a passport', async () => {
    const photo = jpeg(413, 531, exif([[0x8825, 26]]), segment(0xfe, 'comment'))
    const { bytes } = stripImage(photo)
    expect(await inspectFile(bytes, portrait)).toEqual({
      ...{ ok: true, kind: 'jpeg', mediaType: 'image/jpeg', size: bytes.length, width: 413, height: 531, warnings: [] },
    })
    expect(imageToDataUri(bytes)).toMatch(/^data:image\/jpeg/)
    expect(await inspectFile(photo, portrait)).toEqual({
      ...{ ok: false, kind: 'jpeg' },
      rejections: [{ code: 'file_metadata', reason: 'metadata', at: 'Exif, GPS, comment' }],
    })
  })

  it('tells everything at once', async () => {
    expect(await inspectFile(png(600, 400), portrait)).toEqual({
      ...{ ok: false, kind: 'png' },
      rejections: [
        { code: 'image_too_small', reason: 'quality', at: 'height', expected: 531, actual: 400 },
        { code: 'image_aspect', reason: 'quality', expected: '35:45' },
      ],
    })
    expect(await inspect(jpeg(300, 400, exif([[0x0112, 6]])), portrait)).toEqual([
      'image_too_small width',
      'image_too_small height',
      'image_aspect',
      'file_metadata Exif',
      'image_rotated',
    ])
  })

  it('may be of another proportion where the form says so', async () => {
    const threeToFour = { ...portrait, image: { ...portrait.image, aspect: { width: 3, height: 4, tolerance: 0 } } }
    expect(await inspect(jpeg(600, 800), threeToFour)).toEqual([])
    expect(await inspect(jpeg(601, 800), threeToFour)).toEqual(['image_aspect'])
    expect(await inspect(jpeg(600, 800), portrait)).toEqual(['image_aspect'])
    expect(await inspect(jpeg(413, 546), portrait)).toEqual([])
    expect(await inspect(jpeg(413, 548), portrait)).toEqual(['image_aspect'])
    expect(await inspect(jpeg(440, 550), portrait)).toEqual([])
    expect(await inspect(jpeg(443, 550), portrait)).toEqual(['image_aspect'])
  })

  it('is at most as large as a record holds', async () => {
    const padded = (length: number) => joined(jpeg().subarray(0, -2), '\0'.repeat(length - jpeg().length), [0xff, 0xd9])
    expect(await inspect(padded(1_048_576), portrait)).toEqual([])
    expect(await inspect(padded(1_048_577), portrait)).toEqual(['file_too_large'])
  })
})

describe('an image', () => {
  it('that would unfold to more pixels than are safe is refused by its header alone', async () => {
    const started = performance.now()
    expect(await inspect(png(0x7fffffff, 0x7fffffff), identity)).toEqual(['image_too_large'])
    expect(await inspectFile(jpeg(65_535, 65_535), identity)).toMatchObject({
      rejections: [{ code: 'image_too_large', reason: 'size', expected: 50_000_000, actual: 65_535 ** 2 }],
    })
    expect(performance.now() - started).toBeLessThan(atOnce)
    expect(await inspect(png(10_000, 5000), identity)).toEqual([])
    expect(await inspect(png(10_000, 5001), identity)).toEqual(['image_too_large'])
    expect(await inspect(png(4410, 5670), portrait)).toEqual(['image_too_large'])
  })

  it('of a browser passes, and what it tells is a warning where it does not refuse', async () => {
    expect(await inspectFile(made('baseline.jpg'), identity)).toMatchObject({
      ...{ ok: true, width: 35, height: 45 },
      warnings: [{ code: 'file_metadata', reason: 'metadata', at: 'ICC' }],
    })
    expect(await inspectFile(jpeg(35, 45, exif([[0x0112, 8]])), identity)).toMatchObject({
      warnings: [{ code: 'file_metadata' }, { code: 'image_rotated', reason: 'metadata' }],
    })
  })

  it('that is cut or followed by another file is refused with its reason', async () => {
    expect(await inspectFile(jpeg().subarray(0, -1), identity)).toEqual({
      ...{ ok: false, kind: 'jpeg' },
      rejections: [{ code: 'file_truncated', reason: 'format' }],
    })
    expect(await inspect(joined(png(), await docx()), storage)).toEqual(['file_trailing_data'])
    expect(await inspect(joined(jpeg(), pdf('<<>>')), storage)).toEqual(['file_trailing_data'])
  })
})

it('rejections are worded for applicants', async () => {
  const verdict = await inspectFile(png(413, 400), portrait)
  const texts = verdict.ok ? [] : verdict.rejections.map(rejection => explain(rejection))
  expect(texts[0]).toContain('too small: height, at least 531 pixels, received 400')
  expect(texts[1]).toContain('(35:45)')
  const large = await inspectFile(new Uint8Array(21 * 1_048_576), storage)
  expect(large.ok || explain(large.rejections[1]!, russian)).toContain('не больше 20971520 байт')
})

describe('misuse', () => {
  it('of bytes and profiles is a TypeError', async () => {
    await expect(inspectFile('%PDF-' as never, identity)).rejects.toThrow(new TypeError('`bytes` must be a Uint8Array'))
    await expect(inspectFile(jpeg(), undefined as never)).rejects.toThrow(new TypeError('`profile` must be an object'))
    await expect(inspectFile(null as never, identity)).rejects.toThrow(new TypeError('`bytes` must be a Uint8Array'))
    await expect(inspectFile(jpeg(), null as never)).rejects.toThrow(new TypeError('`profile` must be an object'))
    await expect(inspectFile(jpeg(), { kinds: ['jpeg'] } as never)).rejects.toThrow(/^`profile\.largest` must be/)
    await expect(inspectFile(jpeg(), { largest: 9 } as never)).rejects.toThrow(/^`profile\.kinds` must be/)
    for (const wrong of [null, undefined, 'JFIF', [0xff, 0xd8, 0xff]])
      expect(() => fileKind(wrong as never)).toThrow(new TypeError('`bytes` must be a Uint8Array'))
    await expect(describeAttachment(jpeg(), { kind: 'selfie' })).rejects.toThrow(TypeError)
    await expect(describeAttachment(jpeg(), { kind: 'toString' })).rejects.toThrow(TypeError)
  })
})

describe('describeAttachment', () => {
  it('tells what was attached, by its digest and not by its name', async () => {
    const bytes = pdf('<<>>')
    expect(await describeAttachment(bytes, { kind: 'passport_registration_page' })).toEqual({
      ok: true,
      attachment: {
        ...{ kind: 'passport_registration_page', mediaType: 'application/pdf', size: bytes.length },
        digest: expect.stringMatching(/^[\w-]{43}$/),
      },
    })
  })

  it('hashes the bytes', async () => {
    const described = await describeAttachment(joined('%PDF-1.7\nstartxref\n%%EOF'), { kind: 'vehicle_contract' })
    // printf '%%PDF-1.7\nstartxref\n%%%%EOF' | openssl dgst -sha256 -binary | basenc --base64url
    expect(described.ok && described.attachment.digest).toBe('DeBEE5okxndRq8H0AXCE8vUMR-bKseFWlB-PxwgFQ1c')
  })

  it('holds each kind against its profile, or another that is given', async () => {
    expect(rejections(await describeAttachment(jpeg(), { kind: 'vehicle_contract' }))).toEqual([
      'file_type_not_allowed',
    ])
    expect(rejections(await describeAttachment(jpeg(300, 300), { kind: 'portrait' }))).toContain('image_aspect')
    const described = await describeAttachment(jpeg(300, 300), { kind: 'selfie', profile: identity })
    expect(described).toMatchObject({ ok: true, attachment: { kind: 'selfie' } })
    expect(Object.values(attachmentKinds).every(name => Object.hasOwn(fileProfiles, name))).toBe(true)
  })

  it('makes a manifest that is the same to the byte for the same list, and another for another order', async () => {
    const one = { kind: 'portrait', mediaType: 'image/jpeg', size: 1, digest: 'a' }
    const other = { digest: 'b', size: 2, mediaType: 'application/pdf', kind: 'vehicle_contract' }
    expect(attachmentManifest([one, other])).toBe(
      '{"attachments":[{"digest":"a","kind":"portrait","mediaType":"image/jpeg","size":1},{"digest":"b","kind":"vehicle_contract","mediaType":"application/pdf","size":2}],"version":1}',
    )
    expect(attachmentManifest([other, one])).not.toBe(attachmentManifest([one, other]))
    expect(attachmentManifest([{ ...one, name: 'Ivanov.jpg' } as never])).not.toContain('Ivanov')
  })
})
