/**
 * Which IP addresses lie in the public internet, by IANA's registries of special-purpose addresses (RFC 6890, RFC 8190).
 * What is not known to be public is not.
 */

/** An address as it is written canonically, so that what was judged is what is connected to. */
export interface IpAddress {
  readonly address: string
  readonly family: 4 | 6
  readonly value: bigint
}

/** The address that a text is; `undefined` unless it is one, without a zone and without notations of numbers but the usual. */
export function readIp(text: unknown): IpAddress | undefined {
  if (typeof text !== 'string') return undefined
  if (/^[\d.]+$/.test(text))
    return canonicalHost(text) === text ? { address: text, family: 4, value: octets(text) } : undefined
  const host = /^[\da-f:.]+$/i.test(text) ? canonicalHost(`[${text}]`) : undefined
  if (host === undefined || !host.startsWith('[')) return undefined
  const address = host.slice(1, -1)
  return { address, family: 6, value: groups(address) }
}

/** Whether an address belongs to the public internet: globally reachable, for one host, and not for documents and tests. */
export function isPublicIp({ family, value }: IpAddress): boolean {
  if (family === 4) return !special4.some(block => isWithin(value, block, 32))
  for (const [block, bitsBehind] of carryingIpv4)
    if (isWithin(value, block, 128))
      return isPublicIp({ address: '', family: 4, value: (value >> bitsBehind) & 0xffff_ffffn })
  return isWithin(value, '2000::/3', 128) && !special6.some(block => isWithin(value, block, 128))
}

const special4 = [
  '0.0.0.0/8', // this network, RFC 791 §3.2
  '10.0.0.0/8', // private, RFC 1918
  '100.64.0.0/10', // behind a carrier's NAT, RFC 6598
  '127.0.0.0/8', // loopback, RFC 1122 §3.2.1.3
  '169.254.0.0/16', // link-local, where clouds keep their metadata, RFC 3927
  '172.16.0.0/12', // private, RFC 1918
  '192.0.0.0/24', // protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.88.99.0/24', // 6to4 relays, RFC 7526
  '192.168.0.0/16', // private, RFC 1918
  '198.18.0.0/15', // benchmarks, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4', // reserved, and the broadcast address, RFC 1112 §4
] as const

/**
 * Blocks that stand for an IPv4 address, with the number of bits behind it: mapped (RFC 4291 §2.5.5.2), translated (RFC 6052
 * §2.1), 6to4 (RFC 3056 §2).
 */
const carryingIpv4 = [
  ['::ffff:0:0/96', 0n],
  ['64:ff9b::/96', 0n],
  ['2002::/16', 80n],
] as const

/** What is special within 2000::/3, the only block given out for hosts (RFC 4291 §2.4). */
const special6 = [
  '2001::/23', // protocol assignments, Teredo among them; those that are reachable are for relays and AS 112, RFC 2928
  '2001:db8::/32', // documentation, RFC 3849
  '3fff::/20', // documentation, RFC 9637
] as const

function isWithin(value: bigint, block: string, bits: 32 | 128): boolean {
  const [base = '', length] = block.split('/')
  const behind = BigInt(bits - Number(length))
  return value >> behind === (bits === 32 ? octets(base) : groups(base)) >> behind
}

/** As a URL parser writes it, which knows every notation. */
const canonicalHost = (host: string): string | undefined =>
  URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname : undefined

const octets = (address: string): bigint =>
  address.split('.').reduce((value, octet) => value * 256n + BigInt(octet), 0n)

/** The value of an IPv6 address without IPv4 notation in it. */
function groups(address: string): bigint {
  const [head = [], tail = []] = address.split('::').map(part => (part === '' ? [] : part.split(':')))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return [...head, ...zeros, ...tail].reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n)
}
