import type { DecodedEvent } from './decoded-event.ts'
import type { JsonOptions } from './event-json.ts'
import { JsonBytes } from './json-bytes.ts'
import { writeEvent } from './write-event.ts'

/**
 * Writes events as NDJSON, the same text that `JSON.stringify(event.toJSON(options))` gives, from the bytes of the
 * records. Collect several events, then `take` the bytes.
 */
export class JsonLines {
  readonly #out = new JsonBytes()
  readonly #options: JsonOptions

  constructor(options: JsonOptions = {}) {
    this.#options = options
  }

  /** Bytes waiting. */
  get length(): number {
    return this.#out.length
  }

  add(event: DecodedEvent): void {
    const out = this.#out
    const start = out.length
    out.replaced = false
    if (!writeEvent(out, event, this.#options) || out.replaced) {
      out.length = start
      out.json(JSON.stringify(event.toJSON(this.#options)))
    }
    out.byte(0x0a)
  }

  /** The bytes so far, in the writer's own memory: valid until the next event is added. Nothing is copied. */
  drain(): Buffer {
    const bytes = this.#out.buffer.subarray(0, this.#out.length)
    this.#out.length = 0
    return bytes
  }

  /** The bytes so far; the caller owns them. */
  take(): Buffer {
    const bytes = Buffer.from(this.#out.buffer.subarray(0, this.#out.length))
    this.#out.length = 0
    return bytes
  }
}
