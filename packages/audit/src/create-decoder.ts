import type { DecodedEvent } from './decoded-event.ts'
import { AuditDecoder, type DecodeOptions } from './decoder.ts'

/**
 * A decoder; see `AuditDecoder`. With `onEvent` it calls back; without, events are read by `for await` or taken by `read`.
 */
export function createDecoder(options?: DecodeOptions): EventDecoder {
  return new EventDecoder(options)
}

/** A decoder that can be read from: events wait in a queue unless `onEvent` takes them. */
export class EventDecoder implements AsyncIterable<DecodedEvent> {
  readonly decoder: AuditDecoder
  #queue: DecodedEvent[] = []
  #ended = false
  #wake: (() => void) | undefined

  constructor(options: DecodeOptions = {}) {
    const onEvent = options.onEvent ?? ((event: DecodedEvent) => void this.#queue.push(event))
    // Events that wait in the queue outlive their callback.
    this.decoder = new AuditDecoder({
      ...options,
      transient: options.transient === true && options.onEvent !== undefined,
      onEvent,
    })
  }

  get counters(): AuditDecoder['counters'] {
    return this.decoder.counters
  }

  push(chunk: Uint8Array): void {
    this.decoder.push(chunk)
    this.#notify()
  }

  /** Brings wall time in for a live stream, see `AuditDecoder.tick`. */
  tick(nowMs: number): void {
    this.decoder.tick(nowMs)
    this.#notify()
  }

  end(): void {
    this.decoder.end()
    this.#ended = true
    this.#notify()
  }

  /** The events that are ready. */
  read(): DecodedEvent[] {
    const events = this.#queue
    this.#queue = []
    return events
  }

  /** Yields events as they become ready, until `end`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<DecodedEvent, void> {
    for (;;) {
      yield* this.read()
      if (this.#queue.length > 0) continue
      if (this.#ended) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #notify(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

/**
 * Decodes a stream: a Node `Readable`, a web `ReadableStream`, or any async iterable of bytes.
 * The source is read only as fast as events are taken.
 */
export async function* decodeStream(
  source: AsyncIterable<Uint8Array>,
  options: Omit<DecodeOptions, 'onEvent'> = {},
): AsyncGenerator<DecodedEvent, void> {
  const decoder = createDecoder(options)
  for await (const chunk of source) {
    decoder.push(chunk)
    yield* decoder.read()
  }
  decoder.end()
  yield* decoder.read()
}
