import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** A line or item that could not be used, as the rejects file holds it. */
export interface Reject {
  /** 1-based line number. */
  readonly line: number
  /** Stable reason, e.g. `bad_header`. */
  readonly code: string
  /** Length in the file, bytes. */
  readonly bytes: number
  /** What it began with, at most 1 KiB. */
  readonly text: string
}

/** Keeps what could not be used: one JSON object a line, made only when there is something to keep. */
export class RejectsFile {
  readonly path: string
  readonly #byCode = new Map<string, number>()
  #stream: WriteStream | undefined
  #written = 0
  #count = 0
  #failure: Error | undefined

  /** @param importId Names the file, so that a repeated import overwrites its own and no other's. */
  constructor(directory: string, importId: string) {
    this.path = join(directory, `${importId.slice(0, 16)}.jsonl`)
    this.#directory = directory
  }
  readonly #directory: string

  add(reject: Reject): void {
    this.#count++
    this.#byCode.set(reject.code, (this.#byCode.get(reject.code) ?? 0) + 1)
    if (this.#written >= MAX_BYTES || this.#failure !== undefined) return
    const line = `${JSON.stringify(reject)}\n`
    this.#written += line.length
    this.#open().write(line)
  }

  get count(): number {
    return this.#count
  }

  byCode(): Record<string, number> {
    return Object.fromEntries(this.#byCode)
  }

  async close(): Promise<void> {
    const stream = this.#stream
    if (stream === undefined) return
    await new Promise<void>((resolve) => stream.end(() => resolve()))
    if (this.#failure !== undefined) throw this.#failure
  }

  #open(): WriteStream {
    if (this.#stream === undefined) {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
      this.#stream = createWriteStream(this.path, { mode: 0o600 })
      this.#stream.on('error', (error) => {
        this.#failure = error
      })
    }
    return this.#stream
  }
}

/** The file stops growing here, bytes; everything is still counted. */
const MAX_BYTES = 64 * 1024 * 1024
