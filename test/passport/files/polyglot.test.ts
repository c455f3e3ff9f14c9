/** Files that are two at once, whichever of them comes first. */
import { describe, expect, it } from 'vitest'
import { inspectFile } from '../../../src/passport/files/inspect.js'
import { fileProfiles } from '../../../src/passport/files/profile.js'
import { chunk, docx, joined, jpeg, ordinaryParts, pdf, png, rejections, segment, zip } from './support.js'

const inspect = async (bytes: Uint8Array) => rejections(await inspectFile(bytes, fileProfiles.storage))

const page = pdf('<<>>')
const archive = await zip(ordinaryParts)
const end = joined('PK\x05\x06', new Array<number>(18).fill(0))
const far = ' '.repeat(22 + 0xffff)
const isArchive = ['file_embedded_file zip']
const isPdf = ['file_embedded_file pdf']

describe('a PDF that is an archive too is refused', () => {
  const rest = '\nstartxref\n0\n%%EOF'

  it.each([
    ['whose comment is the end of the PDF', joined(page, archive, rest)],
    ['in a stream', joined('%PDF-1.7\n1 0 obj\n<<>>\nstream\n', archive, '\nendstream\nendobj', rest)],
    ['that begins behind an earlier end', joined(page, 'PK\x03\x04', rest)],
    ['of a directory alone', joined(page, 'PK\x01\x02', rest)],
    ['of nothing but its end', joined(page, end, rest)],
    ['farther ahead than a comment reaches', joined(page, archive, far, rest)],
    ['to the last byte that a comment reaches', joined(page, end, ' '.repeat(0xffff - rest.length), rest)],
  ])('%s', async (_, bytes) => {
    expect(await inspect(bytes)).toEqual(isArchive)
  })

  it('but not where four bytes far ahead are chance', async () => {
    expect(await inspect(joined(page, 'PK\x03\x04', end, 'PK\x01\x02', far, rest))).toEqual([])
  })

  it('and everything is told at once', async () => {
    expect(await inspect(joined(pdf('<</S /Launch>>'), archive, rest))).toEqual([
      'file_active_content Launch',
      ...isArchive,
    ])
  })
})

describe('an image', () => {
  it.each([
    ['JPEG', (content: Uint8Array) => jpeg(413, 531, segment(0xfe, content))],
    ['PNG', (content: Uint8Array) => png(413, 531, chunk('tEXt', content))],
  ])('%s that holds a PDF or an archive is refused', async (_, image) => {
    expect(await inspect(image(page))).toEqual(isPdf)
    expect(await inspect(image(joined('%PDF-1.7')))).toEqual(isPdf)
    expect(await inspect(image(page.subarray(9)))).toEqual(isPdf)
    expect(await inspect(image(archive))).toEqual(isArchive)
    expect(await inspect(image(joined('PDF, PK')))).toEqual([])
  })
})

describe('a DOCX', () => {
  it('that holds a PDF is refused, and is the archive that it is', async () => {
    expect(await inspect(await docx({ name: 'word/media/image1.png', content: page }))).toEqual(isPdf)
    expect(await inspect(await docx())).toEqual([])
  })
})
