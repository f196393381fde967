import { CONSTANTS, ERROR_TEXTS } from './tables/constants.ts'

const tables = new Map<string, Map<number, string>>()

/** Number → word of a table in `tables/constants.ts`. */
export function constants(name: string): ReadonlyMap<number, string> {
  let table = tables.get(name)
  if (table === undefined) {
    table = new Map()
    for (const entry of (CONSTANTS[name] ?? '').split(' ')) {
      const colon = entry.indexOf(':')
      if (colon > 0) table.set(Number(entry.slice(0, colon)), entry.slice(colon + 1))
    }
    tables.set(name, table)
  }
  return table
}

/**
 * Names the bits of a value, lowest first, joined by `|`; what has no name is left out.
 *
 * @returns '' where no bit has a name.
 */
export function flagWords(name: string, value: bigint): string {
  const words: string[] = []
  for (const [bit, word] of constants(name)) {
    if (bit > 0 && (bit & (bit - 1)) === 0 && (value & BigInt(bit)) !== 0n) words.push(word)
    else if (bit > 2 ** 31 && Number.isInteger(Math.log2(bit)) && (value & BigInt(bit)) !== 0n && !words.includes(word))
      words.push(word)
  }
  return words.join('|')
}

/** `ENOENT(No such file or directory)` for 2; undefined for a number that is no error. */
export function errorWords(number: number): string | undefined {
  const name = constants('errno').get(number)
  return name === undefined ? undefined : `${name}(${ERROR_TEXTS[number]})`
}

/** Capabilities of a mask, comma separated; `none` for 0. Source: include/uapi/linux/capability.h. */
export function capabilityWords(mask: bigint): string {
  if (mask === 0n) return 'none'
  const words: string[] = []
  for (let bit = 0n; mask >> bit !== 0n && bit < 64n; bit++) {
    if ((mask >> bit) & 1n) words.push(constants('capability').get(Number(bit)) ?? `cap_${bit}`)
  }
  return words.join(',')
}

/** `sys_admin` for 21; undefined for a number that is no capability. */
export function capabilityNumberWord(number: number): string | undefined {
  return constants('capability').get(number)
}

/** File types of st_mode. Source: include/uapi/linux/stat.h. */
const FILE_TYPES: ReadonlyMap<number, string> = new Map([
  [0o14, 'socket'],
  [0o12, 'link'],
  [0o10, 'file'],
  [0o06, 'block'],
  [0o04, 'dir'],
  [0o02, 'character'],
  [0o01, 'fifo'],
])

/** `file,suid,755`: type, special bits, permissions of a st_mode. */
export function modeWords(mode: number): string {
  const type = (mode >> 12) & 0o17
  const parts = [FILE_TYPES.get(type) ?? (type << 12).toString(8).padStart(3, '0'), ...specialBits(mode)]
  return [...parts, (mode & 0o777).toString(8).padStart(3, '0')].join(',')
}

/** `suid,0755`: special bits and permissions of a mode argument. */
export function permissionWords(mode: number): string {
  return [...specialBits(mode), `0${(mode & 0o777).toString(8).padStart(3, '0')}`].join(',')
}

function specialBits(mode: number): string[] {
  const parts: string[] = []
  if (mode & 0o4000) parts.push('suid')
  if (mode & 0o2000) parts.push('sgid')
  if (mode & 0o1000) parts.push('sticky')
  return parts
}
