import type { AuditSockaddr } from './audit-event.ts'
import { hexLength, writeHex } from './hex.ts'

/** Address families. Source: include/linux/socket.h of the kernel. */
const FAMILIES: Readonly<Record<number, string>> = {
  0: 'unspec', 1: 'unix', 2: 'inet', 3: 'ax25', 4: 'ipx', 5: 'appletalk', 6: 'netrom', 7: 'bridge', 8: 'atmpvc', 9: 'x25',
  10: 'inet6', 11: 'rose', 12: 'decnet', 13: 'netbeui', 14: 'security', 15: 'key', 16: 'netlink', 17: 'packet', 18: 'ash',
  19: 'econet', 20: 'atmsvc', 21: 'rds', 22: 'sna', 23: 'irda', 24: 'pppox', 25: 'wanpipe', 26: 'llc', 27: 'ib', 28: 'mpls',
  29: 'can', 30: 'tipc', 31: 'bluetooth', 32: 'iucv', 33: 'rxrpc', 34: 'isdn', 35: 'phonet', 36: 'ieee802154', 37: 'caif',
  38: 'alg', 39: 'nfc', 40: 'vsock', 41: 'kcm', 42: 'qipcrtr', 43: 'smc', 44: 'xdp', 45: 'mctp',
} // biome-ignore format: a table

/** Name of an address family, `unknown(N)` where the kernel has none. */
function addressFamily(number: number): string {
  return FAMILIES[number] ?? `unknown(${number})`
}

/**
 * Decodes `saddr=`: the bytes of a struct sockaddr as the program passed them, in the machine's byte order.
 * Sources: struct sockaddr_in, _in6, _un, _nl, _ll, _vm (kernel uapi headers); ports are big endian everywhere.
 *
 * @param bigEndian Byte order of the machine that logged it; undefined = take the one that gives a known family.
 * @returns undefined where the bytes hold no family.
 */
export function decodeSockaddr(hex: Buffer, bigEndian: boolean | undefined): AuditSockaddr | undefined {
  const digits = hexLength(hex, 0, hex.length, false)
  const bytes = Buffer.alloc(digits >> 1)
  writeHex(hex, 0, digits, bytes, 0)
  if (bytes.length < 2) return undefined
  const swapped = bigEndian ?? (FAMILIES[bytes.readUInt16LE(0)] === undefined && FAMILIES[bytes.readUInt16BE(0)] !== undefined)
  const number = swapped ? bytes.readUInt16BE(0) : bytes.readUInt16LE(0)
  const family = addressFamily(number)
  const u32 = (at: number) => (swapped ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
  if (number === 1) return unixAddress(bytes)
  if (number === 2 && bytes.length >= 8)
    return { family, addr: `${bytes[4]}.${bytes[5]}.${bytes[6]}.${bytes[7]}`, port: bytes.readUInt16BE(2) }
  if (number === 10 && bytes.length >= 24) return { family, addr: ipv6Text(bytes.subarray(8, 24)), port: bytes.readUInt16BE(2) }
  if (number === 16 && bytes.length >= 12) return { family, port: u32(4), addr: `groups:${u32(8).toString(16)}` }
  if (number === 40 && bytes.length >= 12) return { family, addr: String(u32(8)), port: u32(4) }
  if (number === 17 && bytes.length >= 12) {
    const length = Math.min(bytes[11] as number, bytes.length - 12)
    const address = [...bytes.subarray(12, 12 + length)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
    return { family, addr: address, port: bytes.readUInt16BE(2) }
  }
  return { family }
}

/** A path ends at its NUL, what follows is memory the program never cleared; a leading NUL marks an abstract name (`@`). */
function unixAddress(bytes: Buffer): AuditSockaddr {
  if (bytes.length <= 2) return { family: 'unix' }
  if (bytes[2] !== 0) {
    const end = bytes.indexOf(0, 2)
    return { family: 'unix', path: bytes.toString('utf8', 2, end < 0 ? bytes.length : end) }
  }
  let end = bytes.length
  while (end > 3 && bytes[end - 1] === 0) end--
  return end <= 3
    ? { family: 'unix', path: '' }
    : { family: 'unix', path: `@${bytes.toString('utf8', 3, end).replaceAll('\0', '@')}` }
}

/** RFC 5952: lower case, longest run of zero groups (two or more) as `::`; IPv4-mapped with dots. */
function ipv6Text(bytes: Buffer): string {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push(bytes.readUInt16BE(i))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return `::ffff:${[...bytes.subarray(12, 16)].join('.')}`
  let best = { start: -1, length: 1 }
  for (let i = 0; i < 8; i++) {
    let length = 0
    while (i + length < 8 && groups[i + length] === 0) length++
    if (length > best.length) best = { start: i, length }
    if (length > 0) i += length
  }
  const text = groups.map((group) => group.toString(16))
  if (best.start < 0) return text.join(':')
  return `${text.slice(0, best.start).join(':')}::${text.slice(best.start + best.length).join(':')}`
}
