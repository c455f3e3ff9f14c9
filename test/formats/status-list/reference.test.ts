import { describe, expect, it } from 'vitest'
import { type JsonValue, parseJson } from '../../../src/core/json.js'
import { readStatusReference } from '../../../src/formats/status-list/reference.js'

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
