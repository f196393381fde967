/** Execution domains. Source: include/uapi/linux/personality.h, PER_*; the flags that belong to a domain are added in. */
const DOMAINS: ReadonlyMap<number, string> = new Map([
  [0x0, 'PER_LINUX'],
  [0x6, 'PER_BSD'],
  [0x8, 'PER_LINUX32'],
  [0xc, 'PER_RISCOS'],
  [0xf, 'PER_OSF4'],
  [0x10, 'PER_HPUX'],
])

/** Flags that stand above the domain. Source: include/uapi/linux/personality.h. */
const ADDR_NO_RANDOMIZE = 0x004_0000

/** `PER_LINUX32|~ADDR_NO_RANDOMIZE` for 40008, hexadecimal; undefined where the domain has no word. */
export function personalityWords(hex: string): string | undefined {
  if (!/^[0-9a-f]{1,8}$/i.test(hex)) return undefined
  const value = Number.parseInt(hex, 16)
  const domain = DOMAINS.get(value & 0xff)
  if (domain === undefined) return undefined
  return value & ADDR_NO_RANDOMIZE ? `${domain}|~ADDR_NO_RANDOMIZE` : domain
}
