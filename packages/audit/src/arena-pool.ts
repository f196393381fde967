import type { BufferUse } from './coalescer.ts'

/** Most free buffers kept; more are left to the collector. */
const MAX_FREE = 8

/** Buffers for input that are used again once no open event has a record in them. */
export class ArenaPool implements BufferUse {
  readonly #size: number
  readonly #records = new Map<Buffer, number>()
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
    this.#records.set(buffer, (this.#records.get(buffer) ?? 0) + 1)
  }

  free(buffer: Buffer): void {
    const left = (this.#records.get(buffer) ?? 0) - 1
    if (left > 0) this.#records.set(buffer, left)
    else {
      this.#records.delete(buffer)
      if (buffer !== this.#current) this.#recycle(buffer)
    }
  }

  /** A buffer that was not made here (a line put together from a journal entry) is left to the collector. */
  #recycle(buffer: Buffer): void {
    if (buffer.length === this.#size && this.#free.length < MAX_FREE) this.#free.push(buffer)
  }
}
