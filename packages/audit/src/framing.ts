import type { RejectCode } from './reject-code.ts'

/** Where the record begins behind a log's prefix, and what the prefix says. */
export interface Framing {
  readonly start: number
  readonly host: string | null
  /** A syslog daemon wrote the line: it may have escaped control characters as `#ooo`. */
  readonly syslog: boolean
}

/** Longest prefix looked through, bytes. RFC 5424 headers with structured data stay far below. */
const MAX_PREFIX = 512

/** Programs that hand on audit records; any other that prints `type=…` only quotes them. */
const DISPATCHER = /^(audispd|audisp[\w-]*|auditd?|kernel|auoms\w*|go-audit)$/

const RFC5424 = /^<\d{1,3}>1 (\S+) (\S+) (\S+) /
const RFC3164 = /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)? (\S+) ([^\s:[]+)/
const ISO_TIME = /^(?:<\d{1,3}>)?\d{4}-\d\d-\d\dT\S+ (\S+) ([^\s:[]+)/

/**
 * Finds the record behind a syslog or kernel-log prefix.
 * Sources: RFC 3164 §4.1, RFC 5424 §6; kernel/audit.c, audit_printk_skb (`audit: type=N audit(…): …`).
 */
export function readFraming(buffer: Buffer, start: number, end: number): Framing | RejectCode {
  const record = findRecord(buffer, start, Math.min(end, start + MAX_PREFIX))
  if (record < 0) return 'not_audit'
  const prefix = buffer.toString('latin1', start, record)
  const modern = RFC5424.exec(prefix)
  if (modern !== null) return accepted(record, modern[2], modern[3])
  const match = RFC3164.exec(prefix) ?? ISO_TIME.exec(prefix)
  if (match !== null) return accepted(record, match[1], match[2])
  return { start: record, host: null, syslog: prefix.startsWith('<') }
}

function accepted(start: number, host: string | undefined, program: string | undefined): Framing | RejectCode {
  const name = (program ?? '').replace(/^.*\//, '')
  if (!DISPATCHER.test(name)) return 'foreign_program'
  return { start, host: host === undefined || host === '-' ? null : host, syslog: true }
}

/** First `node=` or `type=` that begins a word, −1 where there is none. */
function findRecord(buffer: Buffer, start: number, end: number): number {
  for (let at = start + 4; at < end; at++) {
    if (buffer[at] !== 0x3d) continue
    const before = buffer[at - 5]
    if (at - 4 > start && before !== 0x20 && before !== 0x3a) continue
    const word = buffer.toString('latin1', at - 4, at)
    if (word === 'type' || word === 'node') return at - 4
  }
  return -1
}
