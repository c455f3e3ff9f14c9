import { describe, expect, it } from 'vitest'
import { isHttpsUri, isUrl, publicAddress } from '../../src/core/address.js'

describe('an address that may be asked', () => {
  it.each([
    'https://status.example/1',
    'https://status.example:8443/1',
    'https://a.b.c.status.example/lists/1?x=1',
    'https://127.example/1',
    'https://localhost.example/1',
    'https://internal.example/1',
    'https://mylocal.example/1',
    'https://10.0.0.1.status.example/1',
  ])('may be %s', address => {
    expect(publicAddress(address, 'status_uri_refused').href).toBe(new URL(address).href)
  })

  it.each([
    ['plain http', 'http://status.example/1', 'uri'],
    ['a file', 'file:///etc/passwd', 'uri'],
    ['text without a scheme', 'status.example/1', 'uri'],
    ['nothing', '', 'uri'],
    ['credentials', 'https://user:secret@status.example/1', 'uri'],
    ['a user alone', 'https://user@status.example/1', 'uri'],
    ['an empty user', 'https://@status.example/1', 'uri'],
    ['a fragment', 'https://status.example/1#x', 'uri'],
    ['an empty fragment', 'https://status.example/1#', 'uri'],
    ['a backslash', 'https://status.example\\@localhost/', 'uri'],
    ['the loopback address', 'https://127.0.0.1/1', 'literal address'],
    ['another loopback address', 'https://127.8.8.8/1', 'literal address'],
    ['a private address', 'https://10.0.0.1/1', 'literal address'],
    ['the metadata address', 'https://169.254.169.254/latest', 'literal address'],
    ['a public address', 'https://93.184.216.34/1', 'literal address'],
    ['an address with a dot at its end', 'https://127.0.0.1./1', 'literal address'],
    ['an address in one decimal number', 'https://2130706433/1', 'literal address'],
    ['an address in hexadecimal', 'https://0x7f000001/1', 'literal address'],
    ['an address in octal', 'https://0177.0.0.1/1', 'literal address'],
    ['a shortened address', 'https://127.1/1', 'literal address'],
    ['an address in percent signs', 'https://%31%32%37.0.0.1/1', 'literal address'],
    ['address 0', 'https://0/1', 'literal address'],
    ['the IPv6 loopback', 'https://[::1]/1', 'literal address'],
    ['an IPv6 address', 'https://[2606:2800:220:1::1]/1', 'literal address'],
    ['IPv4 within IPv6', 'https://[::ffff:127.0.0.1]/1', 'literal address'],
    ['localhost', 'https://localhost/1', 'local name'],
    ['localhost in capitals', 'https://LOCALHOST/1', 'local name'],
    ['localhost with a port', 'https://localhost:8443/1', 'local name'],
    ['localhost with a dot at its end', 'https://localhost./1', 'local name'],
    ['a name below localhost', 'https://status.localhost/1', 'local name'],
    ['a name of the local link', 'https://printer.local/1', 'local name'],
    ['an internal name', 'https://metadata.google.internal/1', 'local name'],
    ['an internal name with a dot at its end', 'https://metadata.google.internal./1', 'local name'],
    ['a name at home', 'https://nas.home.arpa/1', 'local name'],
    ['the zone of homes itself', 'https://home.arpa/1', 'local name'],
    ['a single label', 'https://intranet/1', 'local name'],
    ['a single label with a dot at its end', 'https://intranet./1', 'local name'],
    ['a single label with a full stop of another script', 'https://local%E3%80%82/1', 'local name'],
    ['localhost in percent signs', 'https://%6c%6f%63%61%6c%68%6f%73%74/1', 'local name'],
  ])('is refused when it is %s', (_, address, at) => {
    expect(() => publicAddress(address, 'status_uri_refused')).toThrow(
      expect.objectContaining({ code: 'status_uri_refused', at }),
    )
  })
})

describe('an https address', () => {
  it.each(['https://[::1', 'https://%/', 'https://example:99999/', 'https://1.2.3.4.5.6.7.8/'])(
    'is not %s, which no platform reads',
    text => {
      expect(isHttpsUri(text)).toBe(false)
      expect(() => new URL(text)).toThrow()
    },
  )
})

describe('a URL', () => {
  it.each(['https://example/1', 'urn:uuid:f81d4fae', 'did:example:123#key-1', 'data:,x'])('is %s', text => {
    expect(isUrl(text)).toBe(true)
  })

  it.each([
    'example/1',
    '//example/1',
    '1a:x',
    '\u017f\u212a:x', // letters that fold to s and k
    'https:',
    'https://exa mple/1',
    'https://example/\u0000',
    'https://example/<b>',
    'https://example:99999/',
    7,
    null,
    ['https://example/1'],
    new URL('https://example/1'),
  ])('is not %j', value => {
    expect(isUrl(value)).toBe(false)
  })
})
