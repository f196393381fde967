import { AuditDecoder, type DecodeCounters, formatText, JsonLines } from '@podwitness/audit'

/** What `podwitness decode` prints of each event. */
export interface DecodeFormat {
  readonly format: 'json' | 'text'
  readonly interpret: boolean
  readonly raw: boolean
}

/** Decodes and prints: bytes of log in, bytes of output to take. */
export class DecodePrinter {
  readonly #lines: JsonLines
  readonly #decoder: AuditDecoder
  #text = ''

  constructor({ format, interpret, raw }: DecodeFormat) {
    this.#lines = new JsonLines({ interpret, raw })
    this.#decoder = new AuditDecoder({
      keepLoneEnds: true,
      transient: true,
      onEvent: (event) => {
        if (format === 'text') this.#text += `${formatText(event)}\n`
        else this.#lines.add(event)
      },
    })
  }

  get counters(): DecodeCounters {
    return this.#decoder.counters
  }

  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk)
  }

  /** A last line without an end must not run into the next file. */
  endLine(): void {
    this.#decoder.push(NEWLINE)
  }

  end(): void {
    this.#decoder.end()
  }

  /** Bytes, or characters of text, that wait to be taken. */
  get length(): number {
    return this.#text === '' ? this.#lines.length : this.#text.length
  }

  /** What is printed so far, valid until more is pushed. */
  drain(): Buffer {
    return this.#text === '' ? this.#lines.drain() : this.take()
  }

  /** What is printed so far; the caller owns it. */
  take(): Buffer {
    if (this.#text === '') return this.#lines.take()
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    return bytes
  }
}

const NEWLINE = Buffer.from('\n')
