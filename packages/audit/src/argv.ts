import { KEY } from './field-dictionary.ts'
import { decimal, fieldNumber, tokenBytes, tokenText } from './field-value.ts'
import { type AuditRecord, DAMAGE } from './record.ts'
import { TYPE } from './record-type.ts'
import { MARK, TOKEN, tokensOf } from './tokenise.ts'

/** Most missing arguments that are written out as `null`: a forged `argc` must not cost memory. */
const MAX_MISSING = 65_536

/** The arguments of an EXECVE event. */
export interface Arguments {
  /** In order; `null` where the kernel logged none. */
  readonly argv: readonly (string | null)[]
  /** Fewer arguments than `argc`, or a chunk missing. */
  readonly incomplete: boolean
}

interface Chunked {
  /** Length in characters as announced by `aN_len`. */
  length: number
  parts: Map<number, { bytes: Buffer; characters: number }>
}

/**
 * Joins the arguments over all EXECVE records of an event.
 * Long ones come as `a3_len=16000 a3[0]=… a3[1]=…`, spread over records (kernel/auditsc.c, audit_log_execve_info);
 * `aN_len` counts characters as logged. Linear in the size of the records.
 */
export function argumentsOf(records: readonly AuditRecord[]): Arguments | undefined {
  const joined = joinArguments(records, tokenText, (bytes) => bytes.toString('utf8'))
  return joined && { argv: joined.list, incomplete: joined.incomplete }
}

/** The arguments as the bytes that the program got: for those that are no UTF-8. `null` where the kernel logged none. */
export function argumentBytesOf(records: readonly AuditRecord[]): readonly (Buffer | null)[] | undefined {
  return joinArguments(records, tokenBytes, (bytes) => bytes)?.list
}

type ReadToken<T> = (record: AuditRecord, tokens: Int32Array, index: number) => T | null

function joinArguments<T>(
  records: readonly AuditRecord[],
  read: ReadToken<T>,
  convert: (bytes: Buffer) => T,
): { list: (T | null)[]; incomplete: boolean } | undefined {
  const whole = new Map<number, T>()
  const chunked = new Map<number, Chunked>()
  let argc = -1
  let found = false
  for (const record of records) {
    if (record.type.number !== TYPE.EXECVE) continue
    found = true
    if (argc < 0) argc = fieldNumber(record, KEY.argc)
    readRecord(record, { whole, chunked, read })
  }
  if (!found) return undefined
  let incomplete = false
  for (const [index, argument] of chunked) {
    const joined = join(argument)
    if (joined.incomplete) incomplete = true
    if (!whole.has(index)) whole.set(index, convert(joined.bytes))
  }
  const list = inOrder(whole, argc)
  return { list, incomplete: incomplete || list.length < argc || list.includes(null) }
}

interface Reading<T> {
  readonly whole: Map<number, T>
  readonly chunked: Map<number, Chunked>
  readonly read: ReadToken<T>
}

function readRecord<T>(record: AuditRecord, { whole, chunked, read }: Reading<T>): void {
  const tokens = tokensOf(record)
  for (let i = 0; i < tokens.length; i += TOKEN) {
    const keyStart = tokens[i] as number
    const keyEnd = tokens[i + 1] as number
    if ((tokens[i + 4] as number) & MARK.enriched || record.body[keyStart] !== 0x61) continue
    let at = keyStart + 1
    let index = 0
    for (; at < keyEnd && isDigit(record.body[at]); at++) index = index * 10 + (record.body[at] as number) - 48
    if (at === keyStart + 1 || index > 0xffff_ffff) continue
    if (at === keyEnd) {
      const value = read(record, tokens, i)
      if (value !== null && !whole.has(index)) whole.set(index, value)
    } else readPart(record, tokens, i, { at, entry: chunkedAt(chunked, index) })
  }
}

function readPart(record: AuditRecord, tokens: Int32Array, index: number, part: { at: number; entry: Chunked }): void {
  const { body } = record
  const keyEnd = tokens[index + 1] as number
  const start = tokens[index + 2] as number
  const end = tokens[index + 3] as number
  if (body[part.at] === 0x5f) part.entry.length = decimal(body, start, end) ?? -1
  else if (body[part.at] === 0x5b) {
    const number = decimal(body, part.at + 1, keyEnd - 1)
    if (number === undefined || part.entry.parts.has(number)) record.damage |= DAMAGE.malformed
    else part.entry.parts.set(number, { bytes: tokenBytes(record, tokens, index), characters: end - start })
  }
}

function chunkedAt(chunked: Map<number, Chunked>, index: number): Chunked {
  let entry = chunked.get(index)
  if (entry === undefined) {
    entry = { length: -1, parts: new Map() }
    chunked.set(index, entry)
  }
  return entry
}

function join({ length, parts }: Chunked): { bytes: Buffer; incomplete: boolean } {
  const ordered = [...parts].sort((a, b) => a[0] - b[0])
  let characters = 0
  for (const [, part] of ordered) characters += part.characters
  const holes = ordered.length === 0 || (ordered[ordered.length - 1] as (typeof ordered)[0])[0] !== ordered.length - 1
  const bytes = Buffer.concat(ordered.map(([, part]) => part.bytes))
  return { bytes, incomplete: holes || (length >= 0 && length !== characters) }
}

function inOrder<T>(whole: Map<number, T>, argc: number): (T | null)[] {
  const argv: (T | null)[] = []
  let missing = 0
  const indexes = [...whole.keys()]
  for (let i = 1; i < indexes.length; i++) {
    if ((indexes[i] as number) < (indexes[i - 1] as number)) {
      indexes.sort((a, b) => a - b)
      break
    }
  }
  for (const index of indexes) {
    for (; argv.length < index && missing < MAX_MISSING; missing++) argv.push(null)
    argv.push(whole.get(index) as T)
  }
  for (; argv.length < argc && missing < MAX_MISSING; missing++) argv.push(null)
  return argv
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}
