import { KEY, keyId } from './field-dictionary.ts'
import { type AuditRecord, DAMAGE } from './record.ts'
import { TYPE } from './record-type.ts'

/** Numbers a token takes in the array: key start, key end, value start, value end, marks. */
export const TOKEN = 5
/** Marks of a token; the key's id stands above them, see `tokenKey`. */
export const MARK = { quoted: 1, enriched: 2, nested: 4, open: 8 } as const
const KEY_SHIFT = 4

const QUOTE = 0x22
const TICK = 0x27
const SPACE = 0x20
const EQUALS = 0x3d
/** Between raw and translated fields in auditd's ENRICHED format (audit-userspace, src/auditd-event.c). */
const GROUP_SEPARATOR = 0x1d

/** Names that auditd adds when log_format is ENRICHED; where the separator was lost they end the value before. */
const ENRICHED_NAME = /^(ARCH|SYSCALL|SADDR|(?:[EFSO]|FS|OA|SA|OLD-A|NEW_)?[UG]ID|AUID|OAUID|SAUID|ID|INODE_[UG]ID)$/

const STRICT = new Set<number>([TYPE.SYSCALL, TYPE.PATH, TYPE.CWD, TYPE.EXECVE, TYPE.SOCKADDR, TYPE.PROCTITLE])

/** Tokens of many records share one array: an array of its own for each would cost more than reading the record. */
const ARENA_NUMBERS = 1 << 16
let arena = new Int32Array(ARENA_NUMBERS)
let used = 0

/** Room for the tokens of one event at a time, see `withScratchTokens`. */
let scratch: Int32Array<ArrayBuffer> | undefined

/** Calls `work` with an array for tokens that is used again the next time: no token made meanwhile may be kept. */
export function withScratchTokens<T>(work: (argument: T) => void, argument: T): void {
  const [outer, outerUsed] = [arena, used]
  arena = scratch ?? new Int32Array(ARENA_NUMBERS)
  scratch = undefined // Should `work` decode something itself, it gets another one.
  used = 0
  try {
    work(argument)
  } finally {
    scratch = arena.length === ARENA_NUMBERS ? arena : new Int32Array(ARENA_NUMBERS)
    arena = outer
    used = outerUsed
  }
}

/**
 * Splits a record into fields, once; later calls answer the same array.
 * Nothing is decoded here. Words without `=` become tokens with an empty key.
 */
export function tokensOf(record: AuditRecord): Int32Array {
  if (record.tokens === undefined) {
    const scan = new Scan(record)
    scan.run(record.bodyStart, record.bodyEnd, 0)
    record.damage |= scan.damage
    record.tokens = arena.subarray(used, used + scan.length)
    used += scan.length
  }
  return record.tokens
}

/** Id of the token's key (see `KEY`), 0 for a name the code does not ask for. */
export function tokenKey(tokens: Int32Array, index: number): number {
  return (tokens[index + 4] as number) >> KEY_SHIFT
}

class Scan {
  readonly #buffer: Buffer
  readonly #bodyEnd: number
  /** The kernel writes nothing but fields into these records: a loose word is damage. */
  readonly #strict: boolean
  #lastKey = 0
  length = 0
  damage = 0
  #marks = 0

  constructor(record: AuditRecord) {
    this.#buffer = record.body
    this.#bodyEnd = record.bodyEnd
    this.#strict = STRICT.has(record.type.number)
  }

  run(start: number, end: number, marks: number): void {
    const buffer = this.#buffer
    this.#marks = marks
    let at = start
    while (at < end) {
      const byte = buffer[at] as number
      if (byte === SPACE || byte === 0x09) at++
      else if (byte === GROUP_SEPARATOR) {
        this.#marks = MARK.enriched
        at++
      } else at = this.#field(at, end)
    }
  }

  /** One `key=value` or one word; answers the position behind it. */
  #field(start: number, end: number): number {
    const buffer = this.#buffer
    const keyStart = this.#marks & MARK.nested && buffer[start] === 0x28 ? start + 1 : start
    let at = keyStart
    for (; at < end; at++) {
      const byte = buffer[at] as number
      if (byte === EQUALS || byte === SPACE || byte === QUOTE || byte === TICK || byte === GROUP_SEPARATOR) break
    }
    if (at === keyStart || at >= end || buffer[at] !== EQUALS) return this.#word(start, Math.max(at, start + 1), end)
    return this.#value(keyStart, at, end)
  }

  #word(start: number, from: number, end: number): number {
    const buffer = this.#buffer
    let at = from
    while (at < end && buffer[at] !== SPACE && buffer[at] !== GROUP_SEPARATOR) at++
    const first = buffer[start]
    const part = this.#lastKey === KEY.subj || this.#lastKey === KEY.obj
    if (first === QUOTE || first === TICK) this.damage |= DAMAGE.malformed
    else if (this.#strict && !part) this.damage |= at === this.#bodyEnd ? DAMAGE.truncated : DAMAGE.malformed
    this.#push(start, start, start, at, this.#marks)
    return at
  }

  #value(keyStart: number, keyEnd: number, end: number): number {
    const buffer = this.#buffer
    const start = keyEnd + 1
    const id = keyId(buffer, keyStart, keyEnd)
    this.#lastKey = id
    const marks = this.#marks | (id << KEY_SHIFT)
    const first = start < end ? buffer[start] : SPACE
    if (id === KEY.SADDR || id === KEY.IPE) {
      this.#push(keyStart, keyEnd, start, end, marks)
      return end
    }
    if (first === QUOTE) return this.#quoted(keyStart, keyEnd, end, marks)
    if (first === TICK) return this.#ticked(keyStart, keyEnd, end, marks)
    const stop = this.#bareEnd(start, end)
    let valueEnd = stop
    if (this.#marks & MARK.nested) valueEnd = trimNested(buffer, start, stop)
    this.#push(keyStart, keyEnd, start, valueEnd, marks)
    return stop
  }

  /** End of an unquoted value: a blank, the separator, or an enriched name glued to it. */
  #bareEnd(start: number, end: number): number {
    const buffer = this.#buffer
    for (let at = start; at < end; at++) {
      const byte = buffer[at] as number
      if (byte === SPACE || byte === GROUP_SEPARATOR) return at
      if (byte === EQUALS && at > start) {
        const name = enrichedNameBefore(buffer, start, at)
        if (name > start) return name
      }
    }
    return end
  }

  /** A quoted value ends at the first quote that something else can follow; a program's own quotes may stand inside. */
  #quoted(keyStart: number, keyEnd: number, end: number, marks: number): number {
    const buffer = this.#buffer
    const start = keyEnd + 2
    for (let at = start; at < end; at++) {
      if (buffer[at] !== QUOTE || !canFollowQuote(buffer, at + 1, end)) continue
      this.#push(keyStart, keyEnd, start, at, marks | MARK.quoted)
      const next = buffer[at + 1]
      return at + 1 < end && (next === 0x2c || next === 0x29) ? at + 2 : at + 1
    }
    this.damage |= DAMAGE.truncated
    this.#push(keyStart, keyEnd, start, end, marks | MARK.quoted | MARK.open)
    return end
  }

  /** `msg='…'` ends at the last tick before the separator: what user space wrote may hold ticks of its own. */
  #ticked(keyStart: number, keyEnd: number, end: number, marks: number): number {
    const buffer = this.#buffer
    const start = keyEnd + 2
    if (marks >> KEY_SHIFT !== KEY.msg || this.#marks & MARK.nested) {
      let close = start
      while (close < end && buffer[close] !== TICK && buffer[close] !== GROUP_SEPARATOR) close++
      const valueEnd = buffer[close] === TICK && close < end ? close : this.#bareEnd(start, end)
      this.#push(keyStart, keyEnd, start, valueEnd, marks | MARK.quoted)
      return Math.min(valueEnd + 1, end)
    }
    let close = -1
    let stop = start
    for (; stop < end && buffer[stop] !== GROUP_SEPARATOR; stop++) if (buffer[stop] === TICK) close = stop
    if (close < 0) this.damage |= DAMAGE.truncated
    this.run(start, close < 0 ? stop : close, MARK.nested)
    this.#marks = 0
    return close < 0 ? stop : close + 1
  }

  #push(keyStart: number, keyEnd: number, start: number, end: number, marks: number): void {
    if (used + this.length + TOKEN > arena.length) {
      const next = new Int32Array(Math.max(ARENA_NUMBERS, this.length * 2 + TOKEN))
      next.set(arena.subarray(used, used + this.length))
      arena = next
      used = 0
    }
    const at = used + this.length
    arena[at] = keyStart
    arena[at + 1] = keyEnd
    arena[at + 2] = start
    arena[at + 3] = end
    arena[at + 4] = marks
    this.length += TOKEN
  }
}

/** Whether a quote before `at` ends a value. */
export function canFollowQuote(buffer: Buffer, at: number, end: number): boolean {
  if (at >= end) return true
  const byte = buffer[at] as number
  if (byte === SPACE || byte === GROUP_SEPARATOR || byte === TICK || byte === 0x2c || byte === 0x29) return true
  let name = at
  while (name < end && isUpper(buffer[name] as number)) name++
  return name > at && buffer[name] === EQUALS && ENRICHED_NAME.test(buffer.toString('latin1', at, Math.min(name, at + 16)))
}

/** Start of an enriched name that ends at `equals`, −1 where there is none. */
export function enrichedNameBefore(buffer: Buffer, start: number, equals: number): number {
  const floor = Math.max(start, equals - 9)
  for (let from = floor; from < equals - 1; from++) {
    if (isUpper(buffer[from] as number) && ENRICHED_NAME.test(buffer.toString('latin1', from, equals))) return from
  }
  return -1
}

/** `(hostname=?, addr=?, terminal=cron res=success)`: old PAM and OpenSSH texts. */
export function trimNested(buffer: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && buffer[at - 1] === 0x2c) at--
  if (at > start && buffer[at - 1] === 0x29) {
    let opened = false
    for (let i = start; i < at; i++) if (buffer[i] === 0x28) opened = true
    if (!opened) at--
  }
  return at
}

function isUpper(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || byte === 0x2d
}
