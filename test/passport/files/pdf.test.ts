/** PDF: what acts, hides and carries files, wherever it stands. */
import { describe, expect, it } from 'vitest'
import { inspectFile } from '../../../src/passport/files/inspect.js'
import { fileProfiles } from '../../../src/passport/files/profile.js'
import { atOnce } from '../support.js'
import { ascii, joined, made, objectStream, pdf, rejections } from './support.js'

const inspect = async (bytes: Uint8Array) => rejections(await inspectFile(bytes, fileProfiles.vehicle))

describe('a PDF', () => {
  it('of a browser passes, and tells that it names its maker', async () => {
    expect(await inspectFile(made('page.pdf'), fileProfiles.vehicle)).toEqual({
      ...{ ok: true, kind: 'pdf', mediaType: 'application/pdf', size: made('page.pdf').length },
      warnings: [{ code: 'file_metadata', reason: 'metadata' }],
    })
  })

  it('with a page, a link, a form field and an object stream passes', async () => {
    const objects = await objectStream(
      '1 0 <</Type /Page /Annots [2 0 R]>> 2 0 <</S /URI /URI (https://example.org)>> 3 0 <</FT /Tx>>',
    )
    expect(
      await inspectFile(pdf('<</Type /Catalog /OpenAction [1 0 R /Fit]>>', objects), fileProfiles.vehicle),
    ).toMatchObject({
      ok: true,
      warnings: [],
    })
  })

  it.each([
    ['JavaScript', '<</S /JavaScript /JS (app.alert\\(1\\))>>', 'file_active_content JavaScript'],
    ['JavaScript in a name tree', '<</Names <</JavaScript 2 0 R>>>>', 'file_active_content JavaScript'],
    ['a program to launch', '<</S/Launch/F(cmd.exe)>>', 'file_active_content Launch'],
    ['a rendition', '<</S /Rendition>>', 'file_active_content Rendition'],
    ['rich media', '<</Subtype /RichMedia>>', 'file_active_content RichMedia'],
    ['data to import', '<</S /ImportData>>', 'file_active_content ImportData'],
    ['a form to submit', '<</S /SubmitForm>>', 'file_active_content SubmitForm'],
    ['an XFA form', '<</AcroForm <</XFA[1 0 R]>>>>', 'file_active_content XFA'],
    ['an embedded file', '<</Type /EmbeddedFile>>', 'file_embedded_file EmbeddedFile'],
    ['embedded files', '<</Names <</EmbeddedFiles 2 0 R>>>>', 'file_embedded_file EmbeddedFiles'],
    ['a movie', '<</S /Movie>>', 'file_active_content Movie'],
    ['a sound', '<</S /Sound>>', 'file_active_content Sound'],
    ['rich media to run', '<</S /RichMediaExecute>>', 'file_active_content RichMediaExecute'],
    ['a model in space', '<</Subtype /3D>>', 'file_active_content 3D'],
    ['data of a model in space', '<</Type\n/3D>>', 'file_active_content 3D'],
    ['a model in space by its data', '<</Subtype%\n/3D /3DD 6 0 R>>', 'file_active_content 3DD'],
    ['a page of another file', '<</S /GoToR /F (a.pdf)>>', 'file_external_reference GoToR'],
    ['a file at an address', '<</FS /URL /F (https://a.example)>>', 'file_external_reference URL'],
    ['a page of a file inside', '<</S /GoToE>>', 'file_embedded_file GoToE'],
    ['an attachment by its stream alone', '<</FS<</EF<</F 6 0 R>>>>>>', 'file_embedded_file EF'],
    ['an attachment by reference', '<</EF 6 0 R>>', 'file_embedded_file EF'],
    ['an attachment behind a comment', '<</EF%\n<<>>>>', 'file_embedded_file EF'],
    ['an attachment by reference in pieces', '<</EF 6%\n0 R>>', 'file_embedded_file EF'],
    ['the annotation of an attachment', '<</Subtype /FileAttachment>>', 'file_embedded_file FileAttachment'],
    ['the name of a file', '<</Type /Filespec>>', 'file_embedded_file Filespec'],
    ['encryption', '<</Encrypt 2 0 R>>', 'file_encrypted Encrypt'],
  ])('with %s is refused, in the open and in an object stream', async (_, object, rejection) => {
    expect(await inspect(pdf(object))).toEqual([rejection])
    expect(await inspect(pdf(await objectStream(object)))).toEqual([rejection])
  })

  const web = '<</S /URI /URI (https://a.example)>>'

  it.each([
    ['an action of its own', '<</OpenAction<</S/URI/URI(https://a.example)>>>>', ''],
    ['an action elsewhere', '<</OpenAction 2 0 R>>', web],
    ['an action behind a comment', '<</OpenAction%\n2 0 R>>', web],
    ['a page with actions', '<</Type /Page /AA <</O 2 0 R>>>>', web],
    ['a page with actions elsewhere', '<</Type /Page /AA 3 0 R>>', web],
  ])(
    'that opens with %s where it names an address is refused, in the open and in an object stream',
    async (_, opening, link) => {
      const found = ['file_external_reference URI']
      expect(await inspect(pdf(opening, link))).toEqual(found)
      expect(await inspect(pdf(await objectStream(`${opening} ${link}`)))).toEqual(found)
      expect(await inspect(pdf(opening, await objectStream(link)))).toEqual(found)
    },
  )

  it('that opens with an action passes where it names no address, and with an address where it opens at a page', async () => {
    expect(await inspect(pdf('<</OpenAction 2 0 R>>', '<</S /GoTo /D [1 0 R /Fit]>>'))).toEqual([])
    expect(await inspect(pdf('<</OpenAction[1 0 R /Fit]>>', web))).toEqual([])
    expect(await inspect(pdf('<</OpenAction\r\n [1 0 R /Fit] /OpenActions 2 0 R /AAA <<>>>>', web))).toEqual([])
  })

  it('tells everything at once', async () => {
    expect(await inspect(pdf('<</S /JavaScript>>', await objectStream('<</EmbeddedFiles 2 0 R>>')))).toEqual([
      'file_active_content JavaScript',
      'file_embedded_file EmbeddedFiles',
    ])
  })

  it('with a longer name of that beginning passes', async () => {
    expect(
      await inspect(
        pdf('<</Launcher 1 /JavaScripted 2 /XFAx 3 /3DX 4 /EFX 5 /EF (text) /Subtype /3Dx /EncryptMetadata true>>'),
      ),
    ).toEqual([])
    for (const end of [' ', '\0', '\n', '(', '<', '[', '/', '>', '%'])
      expect(await inspect(pdf(`<</S /Launch${end}`))).toEqual(['file_active_content Launch'])
  })

  it.each([
    '/Java#53cript',
    '/#4aavaScript',
    '/#4A#61vaScript',
    '/Obj#53tm',
    '/E#6dbeddedFile',
    '/Fi#6cter',
    '/E#46',
    '/3#44',
    '/#41A',
    '/U#52I',
    '/Open#41ction',
  ])('that writes %s is refused', async name => {
    expect(await inspect(pdf(`<</S ${name}>>`))).toEqual(['file_malformed name'])
    expect(await inspect(pdf(await objectStream(`<</S ${name}>>`)))).toEqual(['file_malformed name'])
  })

  it('that writes a space in the name of a colour passes', async () => {
    expect(await inspect(pdf('<</ColorSpace [/Separation /Adobe#20Green]>>'))).toEqual([])
  })

  it.each(['\n', '\r\n', ''])('is read whatever stands before endstream: %j', async lineEnd => {
    expect(await inspect(pdf(await objectStream('<</S /Launch>>', { lineEnd })))).toEqual([
      'file_active_content Launch',
    ])
  })

  it.each([
    ['with another filter', { dictionary: '/Filter /LZWDecode' }],
    ['with a filter behind the first', { dictionary: '/Filter [/ASCIIHexDecode /FlateDecode]' }],
    ['with a filter before the last', { dictionary: '/Filter [/FlateDecode /ASCIIHexDecode]' }],
    ['with a second filter', { dictionary: '/Filter /FlateDecode /Filter /LZWDecode' }],
    ['with a filter elsewhere', { dictionary: '/Filter 5 0 R' }],
    ['with a predictor', { dictionary: '/Filter /FlateDecode /DecodeParms <</Predictor 12>>' }],
    ['with something behind its data', { lineEnd: 'xxxx' }],
  ])('with an object stream %s is refused', async (_, harm) => {
    expect(await inspect(pdf(await objectStream('<<>>', harm)))).toEqual(['file_malformed ObjStm'])
  })

  it('with an object stream that is not compressed is refused, as no writer makes one', async () => {
    expect(await inspect(pdf('<</Type /ObjStm /N 1>>\nstream\n1 0 <<>>\nendstream'))).toEqual(['file_malformed ObjStm'])
  })

  const act = '<</S /Launch>>'
  const behind = async (beginning: string) => joined(beginning, (await objectStream(act)).subarray(2))

  it.each([
    ['a string with a false stream', '<</A (>>\nstream\nendstream\nendobj 7 0 obj <<)'],
    ['a string with a false object', '<</Filter /ASCIIHexDecode /A (\nendobj\n7 0 obj <<)'],
    ['a comment with a false object', '<</Filter /ASCIIHexDecode % endobj 7 0 obj <<\n'],
    ['a comment with a false stream', '<</Filter /ASCIIHexDecode % >> stream\n /A 1 % endstream endobj 7 0 obj <<\n'],
    ['a comment in it', '<< % \n'],
    ['an object in it', '<</A 7 0 obj <<'],
  ])('whose object stream has %s before its names is refused', async (_, beginning) => {
    expect(await inspect(pdf(await behind(beginning)))).toEqual(['file_malformed ObjStm'])
  })

  it('whose object stream is hidden behind a false beginning of another is refused', async () => {
    expect(await inspect(pdf(joined('% <<>>\nstream\n', await objectStream(act))))).toEqual(['file_malformed ObjStm'])
    const carriageReturn = joined('<</Type /ObjStm /Filter /FlateDecode>>\nstream\r', 'x', '\nendstream')
    expect(await inspect(pdf(carriageReturn))).toEqual(['file_malformed ObjStm'])
    expect(await inspect(pdf('(/ObjStm)'))).toEqual(['file_malformed ObjStm'])
  })

  it('whose object stream stands first, behind another and behind an earlier end is read', async () => {
    const stream = await objectStream(act)
    const found = ['file_active_content Launch']
    expect(await inspect(joined(pdf(stream), '8 0 obj\n', stream, '\nendobj\nstartxref\n0\n%%EOF'))).toEqual(found)
    expect(await inspect(joined('%PDF-1.5\n%\xe2\xe3\n', pdf(stream).subarray(9)))).toEqual(found)
    expect(await inspect(pdf('<</Info (text)>>', stream))).toEqual(found)
  })

  it('whose object streams unfold beyond 16 MiB is refused', async () => {
    const bomb = await objectStream(' '.repeat(9 * 1_048_576))
    expect(await inspect(pdf(bomb))).toEqual([])
    expect(await inspect(pdf(bomb, bomb))).toEqual(['file_too_large ObjStm'])
  })

  it('of more than 4096 object streams is refused', async () => {
    const empty = await objectStream('')
    expect(await inspect(pdf(...new Array<Uint8Array>(4096).fill(empty)))).toEqual([])
    expect(await inspect(pdf(...new Array<Uint8Array>(4097).fill(empty)))).toEqual(['file_malformed ObjStm'])
  })

  it.each([
    ['cut', pdf('<<>>').subarray(0, -8), ['file_truncated']],
    ['without its table', joined('%PDF-1.7\n%%EOF'), ['file_truncated']],
    ['cut inside a stream', pdf('<<>>\nstream\ndata'), ['file_truncated']],
    ['with an archive behind it', joined(pdf('<<>>'), 'PK\x03\x04'), ['file_trailing_data']],
    ['behind a blank line', joined('\n', pdf('<<>>')), ['file_unrecognized']],
  ])('%s is refused', async (_, bytes, findings) => {
    expect(await inspect(bytes)).toEqual(findings)
  })

  it('may end in white space, and may have been added to', async () => {
    expect(await inspect(joined(pdf('<<>>'), '\r\n \0'))).toEqual([])
    expect(await inspect(joined(pdf('<<>>'), pdf('<<>>').subarray(9)))).toEqual([])
  })

  it('that writes more names so than any writer does is refused', async () => {
    expect(await inspect(pdf('/A#20'.repeat(65_536)))).toEqual([])
    expect(await inspect(pdf('/A#20'.repeat(65_537)))).toEqual(['file_malformed name'])
  })

  it('that takes long to search is searched at once', async () => {
    const size = 4 * 1_048_576
    const started = performance.now()
    for (const unit of [
      '/',
      '/ObjStm',
      'stream\n',
      '>>stream\nendstream',
      'obj',
      '/A',
      '/A#',
      '%%EOF',
      '>>\nstream',
      '/Launcher ',
    ])
      await inspect(pdf(ascii(unit.repeat(size / unit.length))))
    expect(performance.now() - started).toBeLessThan(5 * atOnce)
  })
})
