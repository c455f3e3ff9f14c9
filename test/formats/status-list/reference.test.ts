import { describe, expect, it } from 'vitest'
import { CborFloat, type CborKey, CborTag, type CborValue } from '../../../src/core/cbor/value.js'
import { type JsonValue, parseJson } from '../../../src/core/json.js'
import { readMdocStatusReference, readStatusReference } from '../../../src/formats/status-list/reference.js'

const reading = (status: JsonValue | undefined) => () => readStatusReference(status)
const refused = (code: string, at?: string) => expect.objectContaining(at === undefined ? { code } : { code, at })
const uri = 'https://status.example/lists/1'

describe('a status reference', () => {
  it('is read from the claim', () => {
    expect(readStatusReference({ status_list: { idx: 412, uri } })).toEqual({ index: 412, uri })
  })

  it('may be absent', () => {
    expect(readStatusReference(undefined)).toBeUndefined()
  })

  it('may stand beside other mechanisms and members', () => {
    expect(readStatusReference({ status_list: { idx: 0, uri, note: 'x' }, other: {} })).toEqual({ index: 0, uri })
  })

  it.each([
    'https://status.example',
    'https://status.example:8443/a/b?c=d&e=f',
    'https://xn--80ak6aa92e.example/~list/(1)',
    'https://status.example/@1',
    'https://status.example/%2e%2e/x',
  ])('keeps its address as received: %s', address => {
    expect(readStatusReference({ status_list: { idx: 0, uri: address } })?.uri).toBe(address)
  })

  it.each([{}, { status_list_v2: {} }, { identifier_list: { id: 'x', uri } }])(
    'by an unknown mechanism is refused: %j',
    status => {
      expect(reading(status)).toThrow(refused('status_unsupported'))
    },
  )

  it.each([null, true, 0, 'valid', [], [{ status_list: { idx: 0, uri } }]])('is not %j', status => {
    expect(reading(status)).toThrow(refused('status_malformed', 'status'))
  })

  it.each([null, 'x', 1, [], [0, uri]])('is no object when status_list is %j', list => {
    expect(reading({ status_list: list })).toThrow(refused('status_malformed', 'status_list'))
  })

  it.each(['-1', '0.5', '1e-3', '"1"', 'null', 'true', '[0]', '{}'])('refuses the index %s', idx => {
    const status = parseJson(`{"status_list":{"idx":${idx},"uri":"${uri}"}}`)
    expect(reading(status)).toThrow(refused('status_malformed', 'idx'))
  })

  it('refuses an index that no double holds, or none at all', () => {
    expect(reading({ status_list: { idx: 2 ** 53, uri } })).toThrow(refused('status_malformed', 'idx'))
    expect(reading({ status_list: { idx: 1e300, uri } })).toThrow(refused('status_malformed', 'idx'))
    expect(reading({ status_list: { uri } })).toThrow(refused('status_malformed', 'idx'))
  })

  it.each([
    undefined,
    null,
    1,
    [uri],
    '',
    'https://',
    'https:///lists',
    'https:status.example',
    '/lists/1',
    'http://status.example/lists/1',
    'ftp://status.example/lists/1',
    'file:///etc/passwd',
    'data:application/statuslist+jwt,x',
    'javascript:alert(1)',
    'HTTPS://status.example/lists/1',
    ' https://status.example/lists/1',
    'https://status.example/lists/1 ',
    'https://status.example/li\tsts',
    'https://status.example/li\nsts',
    'https://status.example\\@evil.example/',
    'https://user@status.example/lists/1',
    'https://user:secret@status.example/lists/1',
    'https://@status.example/lists/1',
    'https://status.example/lists/1#part',
    'https://status.example/lists/1#',
    'https://статус.example/lists/1',
    'https://status.example/списки',
    'https://status.example:99999/',
    'https://[::1/',
    'https://status.example/<x>',
  ])('refuses the address %j', address => {
    const status = { status_list: { idx: 0, ...(address === undefined ? {} : { uri: address }) } }
    expect(reading(status)).toThrow(refused('status_malformed', 'uri'))
  })

  it('never repeats the address in what it throws', () => {
    expect(reading({ status_list: { idx: 0, uri: 'http://secret.example/' } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})

describe('a status reference in an mdoc', () => {
  const map = (...entries: readonly (readonly [CborKey, CborValue])[]) => new Map(entries)
  const listed = (...entries: readonly (readonly [CborKey, CborValue])[]) => map(['status_list', map(...entries)])
  const readingMdoc = (status: CborValue | undefined) => () => readMdocStatusReference(status)
  const certificate = Uint8Array.of(0x30, 0)

  it('is read from the security object', () => {
    expect(readMdocStatusReference(listed(['idx', 412], ['uri', uri]))).toEqual({ index: 412, uri })
  })

  it('may be absent', () => {
    expect(readMdocStatusReference(undefined)).toBeUndefined()
  })

  it('may stand beside a certificate, other mechanisms and members', () => {
    const list = map(['idx', 0], ['uri', uri], ['certificate', certificate], ['note', 'x'], [1, 2])
    expect(readMdocStatusReference(map(['status_list', list], ['identifier_list', map()]))).toEqual({ index: 0, uri })
  })

  it.each([map(), map(['status_list_v2', map()]), map([0, map()]), map(['identifier_list', map(['uri', uri])])])(
    'by an unknown mechanism is refused',
    status => {
      expect(readingMdoc(status)).toThrow(refused('status_unsupported', 'status'))
    },
  )

  it.each<[string, CborValue]>([
    ['null', null],
    ['text', uri],
    ['bytes', certificate],
    ['a list', [listed(['idx', 0], ['uri', uri])]],
    ['a tag', new CborTag(24, certificate)],
  ])('is a map, and not %s', (_, status) => {
    expect(readingMdoc(status)).toThrow(refused('status_malformed', 'status'))
    expect(readingMdoc(map(['status_list', status]))).toThrow(refused('status_malformed', 'status_list'))
  })

  it.each<[string, CborValue]>([
    ['below 0', -1],
    ['that is a float', new CborFloat(1)],
    ['beyond 2^53', 2n ** 53n],
    ['in text', '1'],
    ['in bytes', certificate],
    ['that is null', null],
  ])('refuses an index %s', (_, idx) => {
    expect(readingMdoc(listed(['idx', idx], ['uri', uri]))).toThrow(refused('status_malformed', 'idx'))
  })

  it('refuses members that are not there, or under numbers', () => {
    expect(readingMdoc(listed(['uri', uri]))).toThrow(refused('status_malformed', 'idx'))
    expect(readingMdoc(listed(['idx', 0]))).toThrow(refused('status_malformed', 'uri'))
    expect(readingMdoc(listed([0, 0], [1, uri]))).toThrow(refused('status_malformed', 'idx'))
  })

  it.each<CborValue>([null, 1, 'http://status.example/', new CborTag(32, uri), new Uint8Array(8)])(
    'refuses the address %j',
    address => {
      expect(readingMdoc(listed(['idx', 0], ['uri', address]))).toThrow(refused('status_malformed', 'uri'))
    },
  )

  it('refuses a certificate that is no bytes', () => {
    const status = listed(['idx', 0], ['uri', uri], ['certificate', 'MAA='])
    expect(readingMdoc(status)).toThrow(refused('status_malformed', 'certificate'))
  })
})
