/** DOCX: archives that tell two stories, macros, embedded files and what is fetched. */
import { describe, expect, it } from 'vitest'
import { refusedFields } from '../../../src/passport/files/docx-fields.js'
import { inspectFile } from '../../../src/passport/files/inspect.js'
import { fileProfiles } from '../../../src/passport/files/profile.js'
import { readXml } from '../../../src/passport/files/xml.js'
import { atOnce } from '../support.js'
import {
  ascii,
  contentTypes,
  docx,
  joined,
  ordinaryParts,
  type Part,
  rejections,
  relationship,
  relationships,
  zip,
} from './support.js'

const inspect = async (bytes: Uint8Array) => rejections(await inspectFile(bytes, fileProfiles.storage))
const document = async (...parts: readonly Part[]) => inspect(await docx(...parts))

describe('a DOCX', () => {
  it('of text, a link and a picture passes', async () => {
    const bytes = await docx()
    expect(await inspectFile(bytes, fileProfiles.storage)).toEqual({
      ...{ ok: true, kind: 'docx', size: bytes.length, warnings: [] },
      mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    })
  })

  it('that says who wrote it tells so', async () => {
    expect(
      await inspectFile(await docx({ name: 'docProps/core.xml', content: '' }), fileProfiles.storage),
    ).toMatchObject({
      warnings: [{ code: 'file_metadata', reason: 'metadata' }],
    })
  })

  const types = (main?: string, more?: string): Part => ({
    name: '[Content_Types].xml',
    content: contentTypes(main, more),
  })
  const related = (...elements: readonly string[]): Part => ({
    name: 'word/_rels/document.xml.rels',
    content: relationships(...elements),
    deflated: true,
  })
  const external = ' TargetMode="External"'

  it.each([
    [
      'macros by its type',
      types('application/vnd.ms-word.document.macroEnabled.main+xml'),
      'file_active_content macros',
    ],
    [
      'macros under another name',
      types(undefined, '<Default Extension="xml2" ContentType="application/vnd.ms-office.vbaProject"/>'),
      'file_active_content macros',
    ],
    ['ActiveX', { name: 'word/activeX/activeX1.xml', content: '' }, 'file_active_content macros'],
    ['an embedded object', { name: 'word/embeddings/a.xml', content: '' }, 'file_embedded_file'],
    ['a program', { name: 'word/media/a.exe', content: '' }, 'file_embedded_file'],
    ['a document in another format', { name: 'word/afchunk.htm', content: '' }, 'file_embedded_file'],
    ['a part without extension', { name: 'word/media/image', content: '' }, 'file_embedded_file'],
    [
      'a remote template',
      {
        ...related(relationship('attachedTemplate', 'https://example.org/a.dotm', external)),
        name: 'word/_rels/settings.xml.rels',
      },
      'file_external_reference',
    ],
    [
      'a remote picture',
      related(relationship('image', 'https://example.org/a.png', external)),
      'file_external_reference',
    ],
    [
      'a remote object behind a link',
      related(relationship('hyperlink', 'a', external), relationship('oleObject', 'b', external)),
      'file_external_reference',
    ],
    [
      'a link in the target alone',
      related(relationship('image', "x' Type='/hyperlink", external)),
      'file_external_reference',
    ],
    [
      'a link by another prefix',
      related(`<Relationship x:Type="a/hyperlink" Type="image"${external}/>`),
      'file_external_reference',
    ],
    [
      'a prefixed relationship',
      related(`<p:Relationship Type='image' TargetMode = 'External' />`),
      'file_external_reference',
    ],
  ] as const)('with %s is refused', async (_, part, rejection) => {
    expect(await document(part)).toEqual([rejection])
  })

  it.each([
    ['an address without its mode', 'https://example.org/a.dotm'],
    ['an address in capitals', ' FILE:a.dotm'],
    ['another computer', '\\\\host\\a.dotm'],
    ['another host', '//host/a.dotm'],
  ])('with a target that is %s is refused', async (_, target) => {
    expect(await document(related(relationship('attachedTemplate', target)))).toEqual(['file_external_reference'])
  })

  it('with the mode of a reference in other letters is refused', async () => {
    expect(await document(related(relationship('image', 'a.png', ' TargetMode="external"')))).toEqual([
      'file_external_reference',
    ])
  })

  const text = (content: string, name = 'word/document.xml'): Part => ({
    name,
    content: `<?xml version="1.0" encoding="UTF-8"?><w:document>${content}</w:document>`,
    deflated: true,
  })
  const mark = (type: string) => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`
  const words = (...pieces: readonly string[]) =>
    pieces.map(piece => `<w:r><w:instrText xml:space="preserve">${piece}</w:instrText></w:r>`).join('')
  const field = (...pieces: readonly string[]) =>
    `${mark('begin')}${words(...pieces)}${mark('separate')}<w:t>LINK</w:t>${mark('end')}`

  it.each([
    ['DDE', field(' DDE excel a b '), 'file_active_content DDE'],
    ['DDEAUTO in pieces', field(' DD', 'EAU', 'TO c:\\\\a.exe'), 'file_active_content DDEAUTO'],
    ['DDEAUTO in numbers', field('&#68;D&#x45;AUTO a'), 'file_active_content DDEAUTO'],
    ['DDEAUTO before a quote', field('ddeauto"a"'), 'file_active_content DDEAUTO'],
    ['DDE in a simple field', `<w:fldSimple w:instr=" DDE a"/>`, 'file_active_content DDE'],
    ['DDE in a simple field in numbers', `<w:fldSimple w:instr='&#x44;DE a'/>`, 'file_active_content DDE'],
    ['DDE that begins in numbers', field('DDE a').replace('"begin"', '"&#98;egin"'), 'file_active_content DDE'],
    ['DDE under another prefix', field('DDE a').replaceAll('w:', 'x:'), 'file_active_content DDE'],
    ['DDE that was deleted', field('DDE a').replaceAll('instrText', 'delInstrText'), 'file_active_content DDE'],
    ['DDE that does not end', `${mark('begin')}${words('DDE a')}`, 'file_active_content DDE'],
    ['DDE behind another field', field(' PAGE ') + field('DDE a'), 'file_active_content DDE'],
    [
      'DDE in another field',
      `${mark('begin')}${words('IF 1 ')}${field('DDE a')}${mark('end')}`,
      'file_active_content DDE',
    ],
    ['a picture by address', field('INCLUDEPICTURE "https://a.example"'), 'file_external_reference INCLUDEPICTURE'],
    ['text by address', field('IncludeText a'), 'file_external_reference INCLUDETEXT'],
    ['a link to an object', field('LINK Excel.Sheet.12 a'), 'file_external_reference LINK'],
    ['a file', field('INCLUDE a'), 'file_external_reference INCLUDE'],
    ['a picture in the old way', field('IMPORT a'), 'file_external_reference IMPORT'],
    ['a database', field('DATABASE \\d a'), 'file_external_reference DATABASE'],
    ['a referenced document', field('RD a'), 'file_external_reference RD'],
    [
      'a name made by a field',
      `${mark('begin')}${field('QUOTE 68')}${words('a')}${mark('end')}`,
      'file_active_content field',
    ],
    [
      'half a name made by a field',
      `${mark('begin')}${words('D')}${field('QUOTE 68')}${words('E')}${mark('end')}`,
      'file_active_content field',
    ],
    [
      'half a name made by a simple field',
      `${mark('begin')}${words('D')}<w:fldSimple w:instr="QUOTE 68"/>${words('E')}${mark('end')}`,
      'file_active_content field',
    ],
    ['a template', '<w:attachedTemplate r:id="rId1"/>', 'file_external_reference attachedTemplate'],
  ])('with a field of %s is refused', async (_, content, rejection) => {
    expect(await document(text(content))).toEqual([rejection])
  })

  it.each(['word/header1.xml', 'word/footer1.xml', 'word/footnotes.xml', 'word/settings.xml', 'WORD/a/b.XML'])(
    'with a field in %s is refused',
    async name => {
      expect(await document(text(field('DDE a'), name))).toEqual(['file_active_content DDE'])
    },
  )

  it.each([
    [
      'by its name',
      '<Override PartName="/Other/A.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>',
    ],
    ['by its ending', '<Default Extension="XML" ContentType="application/vnd.ms-word.attachedToolbars"/>'],
  ])('with a field in a part elsewhere that is of Word %s is refused', async (_, more) => {
    const parts = [types(undefined, more), text(field('DDE a'), 'other/a.xml')]
    expect(await document(...parts)).toEqual(['file_active_content DDE'])
    expect(await document(text(field('DDE a'), 'other/a.xml'))).toEqual([])
  })

  it('whose types name a part in another way is refused', async () => {
    const main = types()
    const content = String(main.content).replace('document.xml', 'docum%65nt.xml')
    expect(await document({ ...main, content })).toEqual(['file_malformed part'])
  })

  it('with ordinary fields and numbered characters passes', async () => {
    const ordinary = [' PAGE ', ' HYPERLINK "https://a.example/LINK DDE" ', ' TOC \\o ', 'MERGEFIELD Link', '']
    const formula = `${mark('begin')}${words(' =')}${field(' PAGE ')}${words('-1')}${mark('end')}`
    const condition = `${mark('begin')}${words(' IF ')}${field(' PAGE ')}${words('= 1 DDE')}${mark('end')}`
    const loose = `${words('DDE')}<w:t title="a &gt; b > c">DDE &#1044; &#x110000; &amp;</w:t><w:fldSimple w:instr="DATE"/>`
    expect(await document(text(ordinary.map(words => field(words)).join('') + formula + condition + loose))).toEqual([])
    expect(await document(text(field('&#x110000;DDE &unknown; &#9999999;')))).toEqual([])
  })

  it.each([
    ['a comment', '<!-- -->'],
    ['CDATA', '<![CDATA[DDE]]>'],
    ['an instruction', '<?a b?>'],
    ['an attribute twice', '<w:fldSimple w:instr="a" w:instr="b"/>'],
    ['an attribute that does not end', '<w:fldSimple w:instr="a'],
    ['bytes that are no UTF-8', '\xff'],
  ])('whose text is written with %s is refused', async (_, content) => {
    expect(await document(text(content))).toEqual(['file_malformed part'])
  })

  it('whose text unfolds beyond 8 MiB is refused, by what it says of itself', async () => {
    const most = 8 * 1_048_576
    const length = text('').content.length
    const parts = (size: number) => [{ ...text('', 'word/a.xml'), size }, text('')]
    expect(await document(...parts(most - length))).toEqual(['file_malformed part'])
    expect(await document(...parts(most - length + 1))).toEqual(['file_too_large parts'])
  })

  it.each(['<w:', '<w:instrText>', '<w:fldChar x="', '<w:fldChar w:fldCharType="begin"/>', ' ', '&#'])(
    'whose text is %j over and over is searched at once',
    unit => {
      const bytes = ascii(unit.repeat((4 * 1_048_576) / unit.length))
      const started = performance.now()
      try {
        expect([...refusedFields(readXml(bytes, 'text'))].length).toBeGreaterThanOrEqual(0)
      } catch (error) {
        expect(error).toHaveProperty('code', 'file_malformed')
      }
      expect(performance.now() - started).toBeLessThan(atOnce)
    },
  )

  it('tells everything at once', async () => {
    const parts = [{ name: 'word/vbaProject.bin', content: '' }, related(relationship('frame', 'a', external))]
    expect(await document(...parts)).toEqual([
      'file_active_content macros',
      'file_embedded_file',
      'file_external_reference',
    ])
  })

  it.each([
    ['no types', ordinaryParts.slice(1)],
    ['a spreadsheet', [types('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml')]],
    ['any archive', [{ name: 'a.txt', content: 'a' }]],
  ])('is not %s', async (_, parts) => {
    expect(await inspect(await zip(parts))).toEqual(['file_unrecognized'])
  })

  it.each([
    ['a document type', contentTypes().replace('<Types', '<!DOCTYPE x><Types')],
    ['a comment', contentTypes(undefined, '<!-- -->')],
    ['letters as numbers', contentTypes(undefined, '<Default ContentType="vb&#97;Project"/>')],
    ['NUL', `${contentTypes()}\0`],
    ['UTF-16', '\xfe\xff\0<'],
    ['bytes that are no UTF-8', '\xff'],
    ['another encoding by name', contentTypes().replace('UTF-8', 'UTF-7')],
    ['an attribute twice', contentTypes(undefined, '<Default ContentType="a" ContentType="b"/>')],
    ['an attribute without quotes', contentTypes(undefined, '<Default ContentType=a/>')],
  ])('whose types are written with %s is refused', async (_, content) => {
    expect(await document({ name: '[Content_Types].xml', content })).toEqual(['file_malformed part'])
  })

  it('whose parts to be read unfold beyond 2 MiB is refused, whatever it says of them', async () => {
    const padding = (size: number) => related(' '.repeat(size))
    expect(await document(padding(2_000_000))).toEqual([])
    expect(await document(padding(2_200_000))).toEqual(['file_too_large parts'])
    expect(await document({ ...padding(2_200_000), size: 1000 })).toEqual(['file_malformed part'])
    expect(await document({ ...padding(100), size: 101 })).toEqual(['file_malformed part'])
  })

  it('whose parts are damaged is refused', async () => {
    expect(await document({ ...types(), crc: 7 })).toEqual(['file_malformed part'])
    expect(await document({ ...types(), method: 8 })).toEqual(['file_malformed part'])
  })
})

describe('an archive', () => {
  const part: Part = { name: 'a.xml', content: 'text' }
  const archive = (...parts: readonly Part[]) => zip([...ordinaryParts, ...parts])
  const descriptor = (length: number) => new Array<number>(length).fill(0)

  it.each([12, 16])('may tell sizes in %i bytes behind the data', async length => {
    expect(await inspect(await archive({ ...part, flags: 8, behind: descriptor(length) }, part))).toEqual([
      'file_malformed name',
    ])
    expect(await inspect(await archive({ ...part, flags: 8, behind: descriptor(length), localPacked: 0 }))).toEqual([])
  })

  it.each([
    ['with bytes between entries', { ...part, behind: [0] }, 'file_malformed overlap'],
    [
      'with sizes behind the data that it does not announce',
      { ...part, behind: descriptor(12) },
      'file_malformed overlap',
    ],
    ['with 13 bytes where 12 belong', { ...part, flags: 8, behind: descriptor(13) }, 'file_malformed overlap'],
    ['of entries one upon the other', { ...part, offset: 0 }, 'file_malformed entry'],
    ['of entries that are nowhere', { ...part, offset: 0xfffffff }, 'file_malformed overlap'],
    ['with another name in the entry', { ...part, localName: 'b.xml' }, 'file_malformed entry'],
    ['with other flags in the entry', { ...part, localFlags: 2 }, 'file_malformed entry'],
    ['with another method in the entry', { ...part, localMethod: 8 }, 'file_malformed entry'],
    ['with another size in the entry', { ...part, localPacked: 3 }, 'file_malformed entry'],
    ['that is encrypted', { ...part, flags: 1 }, 'file_encrypted'],
    ['that is strongly encrypted', { ...part, flags: 0x41 }, 'file_encrypted'],
    ['with a masked directory', { ...part, flags: 0x2000 }, 'file_encrypted'],
    ['compressed otherwise', { ...part, method: 12 }, 'file_malformed method'],
    ['that leads out of itself', { ...part, name: '../a.xml' }, 'file_malformed name'],
    ['that leads to the root', { ...part, name: '/a.xml' }, 'file_malformed name'],
    ['with a back slash', { ...part, name: 'word\\a.xml' }, 'file_malformed name'],
    ['with an empty name', { ...part, name: '' }, 'file_malformed name'],
    ['with NUL in a name', { ...part, name: 'a\0.xml' }, 'file_malformed name'],
    ['with one name twice, in capitals', { ...part, name: 'WORD/document.XML' }, 'file_malformed name'],
    ['that unfolds beyond 256 MiB', { ...part, size: 257 * 1_048_576 }, 'file_too_large unpacked'],
  ])('%s is refused', async (_, harm, rejection) => {
    expect(await inspect(await archive(harm))).toEqual([rejection])
  })

  it('that is closed otherwise is refused', async () => {
    const bytes = await docx()
    expect(await inspect(bytes.subarray(0, -1))).toEqual(['file_truncated'])
    expect(await inspect(bytes.subarray(0, 10))).toEqual(['file_truncated'])
    expect(await inspect(joined(bytes, 'x'))).toEqual(['file_trailing_data'])
    expect(await inspect(await zip(ordinaryParts, { comment: [0] }))).toEqual(['file_trailing_data'])
    expect(await inspect(await zip(ordinaryParts, { count: 4 }))).toEqual(['file_malformed directory'])
    expect(await inspect(await zip(ordinaryParts, { count: 6 }))).toEqual(['file_malformed directory'])
    expect(await inspect(await zip(ordinaryParts, { disk: 1 }))).toEqual(['file_malformed directory'])
    expect(await inspect(await zip(ordinaryParts, { before: 'PK\x03\x04' }))).toEqual(['file_malformed overlap'])
  })

  it('whose headers are harmed in one place is refused', async () => {
    const bytes = await docx()
    const text = new TextDecoder('latin1').decode(bytes)
    const harmed = (header: string, place: number, value: number) => {
      const at = text.lastIndexOf(header) + place
      expect(bytes[at]).not.toBe(value)
      return inspect(bytes.with(at, value))
    }
    expect(await harmed('PK\x01\x02', 0, 0)).toEqual(['file_malformed directory'])
    expect(await harmed('PK\x01\x02', 29, 1)).toEqual(['file_malformed directory']) // a name beyond the directory
    expect(await harmed('PK\x01\x02', 31, 1)).toEqual(['file_malformed directory']) // more fields beyond it
    expect(await harmed('PK\x01\x02', 33, 1)).toEqual(['file_malformed directory']) // a comment beyond it
    expect(await harmed('PK\x03\x04', 3, 5)).toEqual(['file_malformed entry'])
    expect(await harmed('PK\x05\x06', 4, 1)).toEqual(['file_malformed directory']) // another disk
    expect(await harmed('PK\x05\x06', 8, 1)).toEqual(['file_malformed directory']) // fewer entries on it
    expect(await harmed('PK\x05\x06', 12, 1)).toEqual(['file_malformed directory']) // another size
    expect(await harmed('PK\x05\x06', 16, 1)).toEqual(['file_malformed directory']) // another beginning
    expect(await harmed('PK\x05\x06', 20, 1)).toEqual(['file_malformed directory']) // a comment that is not there
    expect(await inspect(await zip([], { before: 'PK\x03\x04' }))).toEqual(['file_malformed directory'])
  })

  it('of more than 4096 entries is refused', async () => {
    const many = Array.from({ length: 4092 }, (_, index) => ({ name: `word/media/${index}.png`, content: '' }))
    expect(await inspect(await archive(...many.slice(1)))).toEqual([])
    expect(await inspect(await archive(...many))).toEqual(['file_malformed directory'])
  })

  it('with any byte changed is refused or passes, and never throws', async () => {
    const bytes = await docx()
    for (let place = 0; place < bytes.length; place += 7) {
      const harmed = bytes.with(place, bytes[place]! ^ 0xff)
      expect(await inspectFile(harmed, fileProfiles.storage)).toHaveProperty('ok')
    }
  })
})
