import { isUtf8 } from 'node:buffer'
import type { DecodedEvent } from '@podwitness/audit'
import type { RedactionRules } from './redaction-rules.ts'

/** Longest command line that patterns see, characters; what is behind it is hidden where anything has to be. */
const MAX_TEXT = 16_384
const HIDDEN = '*'
/** Record types that carry command lines. */
const HAS_COMMAND = /type=(EXECVE|PROCTITLE|USER_CMD|USER_TTY|TTY) /

/**
 * Hides secrets in command lines before they leave the node: in EXECVE arguments, process titles and commands of sudo.
 * Fails closed: where a demanded rule is missing or a pattern fails, the whole command line is hidden.
 */
export class Redactor {
  readonly #rules: RedactionRules
  /** Events changed, and those hidden whole. */
  redacted = 0
  closed = 0

  constructor(rules: RedactionRules) {
    this.#rules = rules
  }

  /** The event's bytes with secrets hidden; the same bytes where there are none. */
  redact(event: DecodedEvent, raw: Buffer): Buffer {
    const text = raw.toString('latin1')
    if (!HAS_COMMAND.test(text)) return raw
    let changed = false
    const lines: string[] = []
    let executed = false
    for (const line of text.split('\n')) {
      const type = HAS_COMMAND.exec(line)?.[1]
      if (type === 'EXECVE') {
        const next = executed ? '' : this.#execve(event, line)
        if (next === undefined) lines.push(line)
        else {
          changed = true
          if (next !== '') lines.push(next)
          executed = true
        }
      } else {
        const next = type === undefined ? line : this.#field(line, type)
        changed ||= next !== line
        lines.push(next)
      }
    }
    if (!changed) return raw
    this.redacted++
    return Buffer.from(lines.join('\n'), 'latin1')
  }

  /** Words of a command line from elsewhere, with secrets hidden. */
  words(words: readonly string[]): readonly string[] {
    return this.#hide(words) ?? words
  }

  /** The whole EXECVE in one record, with secrets hidden; undefined where there are none. */
  #execve(event: DecodedEvent, line: string): string | undefined {
    const argv = (event.argumentBytes() ?? []).map((bytes) => (bytes === null ? '' : textOf(bytes)))
    const hidden = this.#hide(argv)
    if (hidden === undefined) return undefined
    const head = /^.*?msg=audit\([^)]*\):/.exec(line)?.[0] ?? ''
    return `${head} argc=${argv.length}${hidden.map((argument, index) => ` a${index}=${encode(argument)}`).join('')}`
  }

  /** `proctitle=`, `cmd=` or `data=` with secrets hidden. */
  #field(line: string, type: string): string {
    const name = type === 'PROCTITLE' ? 'proctitle' : type === 'USER_CMD' ? 'cmd' : 'data'
    const match = new RegExp(`\\b${name}=(?:"([^"]*)"|([0-9A-Fa-f]+))`).exec(line)
    if (match === null) return line
    const bytes = match[1] !== undefined ? Buffer.from(match[1], 'latin1') : Buffer.from(match[2] as string, 'hex')
    const words = textOf(bytes).split('\0')
    const hidden = this.#hide(words)
    if (hidden === undefined) return line
    const value = encode(hidden.join('\0'))
    return `${line.slice(0, match.index)}${name}=${value}${line.slice(match.index + match[0].length)}`
  }

  /** The words with secrets hidden; undefined where there are none. */
  #hide(words: readonly string[]): string[] | undefined {
    if (this.#rules.missing.length > 0) return this.#hideAll(words)
    try {
      const whole = words.join(' ')
      const text = whole.slice(0, MAX_TEXT)
      const spans = this.#rules.rules.flatMap((rule) =>
        rule.spans(text).map(([from, to]) => ({ from, to, replacement: rule.replacement })),
      )
      if (spans.length === 0) return undefined
      if (whole.length > MAX_TEXT) spans.push({ from: MAX_TEXT, to: whole.length, replacement: HIDDEN })
      return replaceSpans(words, spans)
    } catch {
      return this.#hideAll(words)
    }
  }

  #hideAll(words: readonly string[]): string[] {
    this.closed++
    return words.map(() => HIDDEN)
  }
}

interface HiddenSpan {
  readonly from: number
  readonly to: number
  readonly replacement: string
}

/** Spans count in the words joined by blanks; blanks between words stay. */
function replaceSpans(words: readonly string[], spans: readonly HiddenSpan[]): string[] {
  let start = 0
  return words.map((word) => {
    const from = start
    start += word.length + 1
    const characters = word.split('')
    for (const span of spans) {
      for (let at = Math.max(0, span.from - from); at < Math.min(word.length, span.to - from); at++)
        characters[at] = span.replacement
    }
    return characters.join('')
  })
}

function textOf(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

/** As the kernel writes untrusted text: quoted where it is printable, hexadecimal else. Source: kernel/audit.c, audit_log_n_untrustedstring. */
function encode(text: string): string {
  return /^[!#-~]*$/.test(text) ? `"${text}"` : Buffer.from(text, 'utf8').toString('hex').toUpperCase()
}
