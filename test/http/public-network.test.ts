import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicIp, readIp } from '../../src/http/public-network.js'

/** `undefined`: no address. */
const isPublic = (text: unknown) => {
  const ip = readIp(text)
  return ip === undefined ? undefined : isPublicIp(ip)
}

/** First and last address of every special block, and their neighbours outside. IANA's registries, October 2025. */
const blocks: readonly [name: string, first: string, last: string, before?: string | undefined, behind?: string][] = [
  ['this network', '0.0.0.0', '0.255.255.255', undefined, '1.0.0.0'],
  ['private use', '10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['carrier-grade NAT', '100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['loopback', '127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['link-local', '169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['private use', '172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['protocol assignments', '192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['documentation', '192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['6to4 relays', '192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['private use', '192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['benchmarks', '198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['documentation', '198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['documentation', '203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['multicast', '224.0.0.0', '239.255.255.255', '223.255.255.255'],
  ['reserved', '240.0.0.0', '255.255.255.254'],
  ['broadcast', '255.255.255.255', '255.255.255.255'],
  ['the unspecified address', '::', '::'],
  ['loopback', '::1', '::1'],
  ['IPv4-compatible', '::2', '::ffff:ffff'],
  ['IPv4-compatible, of a public address', '::5db8:d822', '::93.184.216.34'],
  ['IPv4-translated', '::ffff:0:0:0', '::ffff:0:93.184.216.34'],
  ['local translation', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['discard-only', '100::', '100::ffff:ffff:ffff:ffff'],
  ['a dummy prefix', '100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  ['Teredo', '2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff', '2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['benchmarks', '2001:2::', '2001:2:0:ffff:ffff:ffff:ffff:ffff'],
  ['ORCHID', '2001:10::', '2001:1f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['ORCHIDv2', '2001:20::', '2001:2f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['protocol assignments', '2001:1::1', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', undefined, '2001:200::'],
  [
    'documentation',
    '2001:db8::',
    '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db9::',
  ],
  ['documentation', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3ffe::1', '3fff:1000::'],
  ['beyond global unicast', '4000::', '5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:ffff::1'],
  ['segment routing', '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unique local', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['link-local', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['site-local', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
]

describe('an address is not public', () => {
  it.each(blocks)('when it is of %s: %s to %s', (_, first, last, before, behind) => {
    expect([isPublic(first), isPublic(last)]).toEqual([false, false])
    for (const neighbour of [before, behind]) if (neighbour !== undefined) expect(isPublic(neighbour)).toBe(true)
  })

  /** Each form of IPv6 that stands for an IPv4 address. */
  const carriers: readonly [form: string, of: (ipv4: string) => string][] = [
    ['mapped', ipv4 => `::ffff:${ipv4}`],
    ['translated', ipv4 => `64:ff9b::${ipv4}`],
    ['6to4', ipv4 => `2002:${hex(ipv4)}::1`],
    ['6to4 with every bit behind it', ipv4 => `2002:${hex(ipv4)}:ffff:ffff:ffff:ffff:ffff`],
  ]
  const hex = (ipv4: string) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  }

  it.each(carriers)('when the IPv4 address in it is not: %s', (_, of) => {
    for (const [, first, last, before, behind] of blocks.filter(([, first]) => !first.includes(':')))
      for (const ipv4 of [first, last, before, behind])
        if (ipv4 !== undefined) expect(isPublic(of(ipv4)), of(ipv4)).toBe(isPublic(ipv4))
  })
})

describe('an address is public', () => {
  it.each([
    '93.184.216.34',
    '1.1.1.1',
    '8.8.8.8',
    '192.0.1.1',
    '2606:2800:220:1::1',
    '2a00:1450:4001:81b::200e',
    '2001:4860:4860::8888',
  ])('%s', text => {
    expect(isPublic(text)).toBe(true)
  })
})

describe('an address is read', () => {
  it.each([
    ['2606:2800:220:1:0:0:0:1', '2606:2800:220:1::1', 6],
    ['2606:2800:0220:0001::0001', '2606:2800:220:1::1', 6],
    ['2A00:1450::200E', '2a00:1450::200e', 6],
    ['::FFFF:127.0.0.1', '::ffff:7f00:1', 6],
    ['127.0.0.1', '127.0.0.1', 4],
  ])('%s as %s', (text, address, family) => {
    expect(readIp(text)).toMatchObject({ address, family })
  })

  it.each([
    '',
    '127.1',
    '2130706433',
    '0177.0.0.1',
    '127.0.0.01',
    '0x7f.0.0.1',
    '256.0.0.1',
    '1.2.3.4.',
    '1.2.3.4.5',
    ' 127.0.0.1',
    '127.0.0.1/8',
    '127.0.0.1:443',
    'fe80::1%eth0',
    'fe80::1%25eth0',
    '[::1]',
    ':::',
    '1::2::3',
    '1:2:3',
    'abc',
    'localhost',
    '::1/128',
    '１２７.0.0.1',
    undefined,
    null,
    2130706433,
    { address: '127.0.0.1' },
  ])('nowhere in %j', text => {
    expect(readIp(text)).toBeUndefined()
  })

  it('from any notation of the same value alike', () => {
    const group = fc.nat({ max: 0xffff })
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), groups => {
        const value = groups.reduce((whole, part) => whole * 65_536n + BigInt(part), 0n)
        const full = groups.map(part => part.toString(16).padStart(4, '0')).join(':')
        const ip = readIp(full)
        expect(ip?.value).toBe(value)
        expect(readIp(ip?.address)).toEqual(ip)
      }),
      { seed: 5 },
    )
  })
})
