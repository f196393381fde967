import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { AlertError } from './alert-error.ts'

/** Addresses that a message must not be able to reach unless they were allowed: this machine, and clouds' metadata. */
const FORBIDDEN = new BlockList()
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
  ['169.254.0.0', 16], // Link-local: metadata of AWS, Azure, Google.
  ['100.100.100.200', 32], // Metadata of Alibaba Cloud.
  ['192.0.0.192', 32], // Metadata of Oracle Cloud.
  ['224.0.0.0', 3], // Multicast, reserved, broadcast.
] as const)
  FORBIDDEN.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 127], // Unspecified and loopback.
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128], // Metadata of AWS.
] as const)
  FORBIDDEN.addSubnet(net, bits, 'ipv6')

/** Whether an address is one of those. IPv4 inside IPv6 (mapped, NAT64, 6to4) counts as what it leads to. */
export function isForbidden(address: string): boolean {
  const family = isIP(address.replace(/%.*$/, ''))
  if (family === 4) return FORBIDDEN.check(address, 'ipv4')
  if (family !== 6) return true
  const plain = address.replace(/%.*$/, '')
  const inner = innerIpv4(plain)
  return FORBIDDEN.check(plain, 'ipv6') || (inner !== undefined && FORBIDDEN.check(inner, 'ipv4'))
}

function innerIpv4(address: string): string | undefined {
  // URL writes every form of an address the same way.
  const groups = expanded(new URL(`http://[${address}]/`).hostname.slice(1, -1))
  const [a, b, c, d, e, f, g = 0, h = 0] = groups
  const mapped = [a, b, c, d, e].every((one) => one === 0) && (f === 0xffff || f === 0)
  const nat64 = a === 0x64 && b === 0xff9b
  if (mapped || nat64) return dotted(g, h)
  return a === 0x2002 ? dotted(b ?? 0, c ?? 0) : undefined
}

function expanded(address: string): number[] {
  const [front = '', back] = address.split('::')
  const read = (text: string): number[] => (text === '' ? [] : text.split(':').map((one) => Number.parseInt(one, 16)))
  const [first, last] = [read(front), back === undefined ? [] : read(back)]
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last]
}

const dotted = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`

/**
 * Where a URL leads, if messages may go there. The caller connects to the address it is given, so that a name cannot
 * lead elsewhere the second time it is looked up.
 *
 * @param allowed Hosts, or hosts with port, that may be reached wherever they lead: `127.0.0.1:9093`, `alerts.internal`.
 * @throws AlertError PW-AL-004.
 */
export async function checkTarget(url: string, allowed: readonly string[]): Promise<{ url: URL; addresses: LookupAddress[] }> {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (target === undefined || !['http:', 'https:'].includes(target.protocol))
    throw refused('Its URL is not one of http or https.')
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) === 0 ? await resolved(host) : [{ address: host, family: isIP(host) }]
  if (allowed.includes(target.host) || allowed.includes(target.hostname)) return { url: target, addresses }
  const bad = addresses.find(({ address }) => isForbidden(address))
  if (bad !== undefined) throw refused(`${target.hostname} is ${bad.address}: this machine, a link-local or a metadata address.`)
  return { url: target, addresses }
}

async function resolved(host: string): Promise<LookupAddress[]> {
  return lookup(host, { all: true })
}

function refused(why: string): AlertError {
  return new AlertError('PW-AL-004', {
    what: 'The channel’s target may not be reached.',
    why,
    todo: 'Use another address, or allow the host with `podwitness serve --alert-allow-target HOST[:PORT]`.',
  })
}
