import { describe, expect, it } from 'vitest'
import { publicAddress } from '../../src/status/address.js'

describe('the address of a status list', () => {
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
    expect(publicAddress(address).href).toBe(new URL(address).href)
  })

  it.each(['https://127.0.0.1/1', 'https://2130706433/1', 'https://[::1]/1', 'https://0/1'])(
    'is told apart as literal: %s',
    address => {
      expect(() => publicAddress(address)).toThrow('literal')
    },
  )

  it.each([
    ['plain http', 'http://status.example/1'],
    ['a file', 'file:///etc/passwd'],
    ['text without a scheme', 'status.example/1'],
    ['nothing', ''],
    ['credentials', 'https://user:secret@status.example/1'],
    ['a user alone', 'https://user@status.example/1'],
    ['an empty user', 'https://@status.example/1'],
    ['a fragment', 'https://status.example/1#x'],
    ['an empty fragment', 'https://status.example/1#'],
    ['a backslash', 'https://status.example\\@localhost/'],
    ['the loopback address', 'https://127.0.0.1/1'],
    ['another loopback address', 'https://127.8.8.8/1'],
    ['a private address', 'https://10.0.0.1/1'],
    ['the metadata address', 'https://169.254.169.254/latest'],
    ['a public address', 'https://93.184.216.34/1'],
    ['an address with a dot at its end', 'https://127.0.0.1./1'],
    ['an address in one decimal number', 'https://2130706433/1'],
    ['an address in hexadecimal', 'https://0x7f000001/1'],
    ['an address in octal', 'https://0177.0.0.1/1'],
    ['a shortened address', 'https://127.1/1'],
    ['an address in percent signs', 'https://%31%32%37.0.0.1/1'],
    ['address 0', 'https://0/1'],
    ['the IPv6 loopback', 'https://[::1]/1'],
    ['an IPv6 address', 'https://[2606:2800:220:1::1]/1'],
    ['IPv4 within IPv6', 'https://[::ffff:127.0.0.1]/1'],
    ['localhost', 'https://localhost/1'],
    ['localhost in capitals', 'https://LOCALHOST/1'],
    ['localhost with a port', 'https://localhost:8443/1'],
    ['localhost with a dot at its end', 'https://localhost./1'],
    ['a name below localhost', 'https://status.localhost/1'],
    ['a name of the local link', 'https://printer.local/1'],
    ['an internal name', 'https://metadata.google.internal/1'],
    ['an internal name with a dot at its end', 'https://metadata.google.internal./1'],
    ['a name at home', 'https://nas.home.arpa/1'],
    ['the zone of homes itself', 'https://home.arpa/1'],
    ['a single label', 'https://intranet/1'],
    ['a single label with a dot at its end', 'https://intranet./1'],
    ['a single label with a full stop of another script', 'https://local%E3%80%82/1'],
    ['localhost in percent signs', 'https://%6c%6f%63%61%6c%68%6f%73%74/1'],
  ])('is refused when it is %s', (_, address) => {
    expect(() => publicAddress(address)).toThrow(expect.objectContaining({ code: 'status_uri_refused', at: 'uri' }))
  })
})
