import type { BufferUse } from './coalescer.ts'

/** Most free buffers kept; more are left to the collector. */
const MAX_FREE = 8

/** How many records of open events stand in a buffer. */
interface Use {
  readonly buffer: Buffer | undefined
  records: number
}

const NO_USE: Use = { buffer: undefined, records: 0 }

/** Buffers for input that are used again once no open event has a record in them. */
export class ArenaPool implements BufferUse {
  readonly #size: number
  readonly #records = new Map<Buffer, Use>()
  /** The one held last: most of the time it is asked for again. */
  #recent: Use = NO_USE
  readonly #free: Buffer[] = []
  #current: Buffer | undefined

  /** @param size Of each buffer, bytes. */
  constructor(size: number) {
    this.#size = size
  }

  /** The next buffer to fill; the one before is free as soon as nothing stands in it. */
  next(): Buffer {
    const before = this.#current
    const next = this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#size)
    this.#current = next
    if (before !== undefined && !this.#records.has(before)) this.#recycle(before)
    return next
  }

  hold(buffer: Buffer): void {
    let use = this.#recent
    if (use.buffer !== buffer) {
      use = this.#records.get(buffer) ?? { buffer, records: 0 }
      this.#records.set(buffer, use)
      this.#recent = use
    }
    use.records++
  }

  free(buffer: Buffer): void {
    const use = this.#recent.buffer === buffer ? this.#recent : this.#records.get(buffer)
    if (use === undefined || --use.records > 0) return
    this.#records.delete(buffer)
    if (use === this.#recent) this.#recent = NO_USE
    if (buffer !== this.#current) this.#recycle(buffer)
  }

  /** A buffer that was not made here (a line put together from a journal entry) is left to the collector. */
  #recycle(buffer: Buffer): void {
    if (buffer.length === this.#size && this.#free.length < MAX_FREE) this.#free.push(buffer)
  }
}
