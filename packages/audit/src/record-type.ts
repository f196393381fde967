import { ByteInterner } from './byte-interner.ts'
import { RECORD_TYPES } from './tables/record-types.ts'

const NUMBERS = new Map(RECORD_TYPES.map(([number, name]) => [name, number]))
const NAMES = new Map(RECORD_TYPES)

/** Type numbers that the code treats apart. Source: include/uapi/linux/audit.h. */
export const TYPE = {
  LOGIN: 1006,
  USER_AVC: 1107,
  USER_TTY: 1124,
  SYSCALL: 1300,
  PATH: 1302,
  CONFIG_CHANGE: 1305,
  SOCKADDR: 1306,
  CWD: 1307,
  EXECVE: 1309,
  TTY: 1319,
  EOE: 1320,
  PROCTITLE: 1327,
  AVC: 1400,
} as const

/** A record type: `number` is 0 for a name that no known source defines. */
export interface RecordType {
  readonly name: string
  readonly number: number
}

/** Type tokens seen, most of them from the table; an attacker cannot grow it without bound. */
const tokens = new ByteInterner(4096)
const byToken: RecordType[] = [{ name: '', number: 0 }]

/** Reads a type token: a name, `UNKNOWN[1327]` or a bare number (kernel log). */
export function recordTypeOf(buffer: Buffer, start: number, end: number): RecordType {
  const id = tokens.intern(buffer, start, end)
  if (id === 0) return recordTypeNamed(buffer.toString('latin1', start, end))
  const known = byToken[id]
  if (known !== undefined) return known
  const type = recordTypeNamed(tokens.text(id))
  byToken[id] = type
  return type
}

/** The type of a name or number in text form. A number that is in the table takes its name. */
export function recordTypeNamed(token: string): RecordType {
  const digits = /^(?:UNKNOWN\[)?(\d{1,6})\]?$/.exec(token)?.[1]
  if (digits === undefined) return { name: token, number: NUMBERS.get(token) ?? 0 }
  const number = Number(digits)
  return { name: NAMES.get(number) ?? `UNKNOWN[${number}]`, number }
}

/**
 * Whether a record of this type is an event by itself as a rule: user space and the daemon log one record an event.
 * Source: the number blocks in include/uapi/linux/audit.h.
 */
export function standsAlone(number: number): boolean {
  return (number >= 1100 && number < 1300) || number === 2000 || (number >= 2100 && number < 3000)
}

/** The daemon's own records are numbered by a counter of its own that starts at random: no part of gap tracking. */
export function isDaemonRecord(number: number): boolean {
  return number >= 1200 && number < 1300
}
