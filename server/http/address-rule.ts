import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** `public`: any playbook may reach it; `private`: only by an exception in PAGETURNER_ALLOW_HOSTS; `closed`: never. */
export type AddressClass = 'public' | 'private' | 'closed'

const cidrs = (...blocks: string[]) => blocks.map((block) => ipaddr.parseCIDR(block))

/** Metadata services that hand out machine credentials; the link-local ones fall under their range. */
const METADATA = new Set(['168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'])
const GLOBAL_IPV6 = cidrs('2000::/3')
/** Teredo and other protocol assignments, 6to4 and documentation: they tunnel to, or stand for, addresses of another kind. */
const NOT_UNICAST_IPV6 = cidrs('2001::/23', '2002::/16', '2001:db8::/32')
const NAT64 = cidrs('64:ff9b::/96')
const CLOSED_IPV6 = cidrs('fe80::/10', 'fec0::/10', 'ff00::/8', '2002::/16')
const IPV4_COMPATIBLE = cidrs('::/96')

/** Classifies an IP address by security.md, "The network"; whatever is not a plain IP address is `closed`. */
export function classifyAddress(text: string): AddressClass {
  if (isIP(text) === 0) return 'closed'
  const address = ipaddr.process(text)
  if (METADATA.has(address.toString())) return 'closed'
  return address.kind() === 'ipv4' ? classifyIpv4(address.toString()) : classifyIpv6(address)
}

/** One spelling for an address however it was written: mapped addresses as IPv4, no zone. */
export function canonicalAddress(text: string): string {
  return isIP(text) === 0 ? text : ipaddr.process(text.replace(/%.*$/, '')).toString()
}

export const isLoopback = (text: string): boolean => isIP(text) !== 0 && ipaddr.process(text).range() === 'loopback'

export const isUnspecified = (text: string): boolean =>
  isIP(text) !== 0 && ipaddr.process(text).range() === 'unspecified'

function classifyIpv4(text: string): AddressClass {
  const range = ipaddr.IPv4.parse(text).range()
  if (range === 'unicast') return 'public'
  return range === 'linkLocal' || range === 'unspecified' || range === 'multicast' || range === 'broadcast'
    ? 'closed'
    : 'private'
}

function classifyIpv6(address: ipaddr.IPv4 | ipaddr.IPv6): AddressClass {
  const within = (blocks: ReturnType<typeof cidrs>) => blocks.some((block) => address.match(block))
  if (within(NAT64)) return classifyAddress(embeddedIpv4(address)) === 'closed' ? 'closed' : 'private'
  if (within(CLOSED_IPV6)) return 'closed'
  if (within(IPV4_COMPATIBLE)) return address.range() === 'loopback' ? 'private' : 'closed'
  return within(GLOBAL_IPV6) && !within(NOT_UNICAST_IPV6) ? 'public' : 'private'
}

const embeddedIpv4 = (address: ipaddr.IPv4 | ipaddr.IPv6): string => address.toByteArray().slice(-4).join('.')
