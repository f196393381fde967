import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivate } from '../../pki/write-private.ts'

/** How far a file has been stored. */
interface Position {
  readonly device: number
  readonly inode: number
  /** Bytes. */
  readonly offset: number
}

/** Read at once, bytes. */
const READ_BYTES = 1024 * 1024
/** Longest line, bytes; an audit event may be as large as the objects it holds. */
const MAX_LINE_BYTES = 16 * 1024 * 1024
const POLL_MS = 250

/** What a tail hands on. */
export interface TailSink {
  /** Stores whole lines (line ends included); durable when the promise resolves. Fails where they should come again. */
  store(lines: Buffer): Promise<void>
  /** A line too long to be held. */
  overlong(bytes: number): void
}

/**
 * Follows a log file over rotation (rename or truncation) and restarts: lines are handed on from where the last durable
 * store ended, so none is lost and a repeat is possible only after a crash.
 */
export class TailFile {
  readonly #path: string
  readonly #positionPath: string
  readonly #sink: TailSink
  #file: FileHandle | undefined
  #position: Position = { device: 0, inode: 0, offset: 0 }
  #timer: NodeJS.Timeout | undefined
  /** One round at a time. */
  #turn: Promise<void> = Promise.resolve()
  #skipping = false
  #closed = false

  /** @param folder Where positions are kept. */
  constructor(path: string, folder: string, sink: TailSink) {
    this.#path = path
    this.#positionPath = join(folder, `${createHash('sha256').update(path).digest('hex').slice(0, 24)}.json`)
    this.#sink = sink
  }

  async start(): Promise<void> {
    const stored = await readFile(this.#positionPath, 'utf8').catch(() => '')
    this.#position = positionOf(stored) ?? this.#position
    this.#poll()
  }

  /** Reads what is there now. */
  catchUp(): Promise<void> {
    return this.#inTurn()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#turn
    await this.#file?.close()
    this.#file = undefined
  }

  #poll(): void {
    if (this.#closed) return
    // The store or the disk may be away for a moment: the next round reads the same again.
    void this.#inTurn()
      .catch(() => {})
      .then(() => {
        if (!this.#closed) this.#timer = setTimeout(() => this.#poll(), POLL_MS)
      })
  }

  async #inTurn(): Promise<void> {
    const turn = this.#turn.then(() => this.#round())
    this.#turn = turn.catch(() => {})
    await turn
  }

  async #round(): Promise<void> {
    this.#file ??= await this.#open()
    if (this.#file === undefined) return
    while ((await this.#readMore(this.#file)) && !this.#closed);
    if (!(await this.#isRotated(this.#file))) return
    // What was written between the last read and the rename is still in the old file.
    while ((await this.#readMore(this.#file)) && !this.#closed);
    await this.#file.close()
    this.#file = undefined
    this.#skipping = false
    await this.#round()
  }

  async #open(): Promise<FileHandle | undefined> {
    const file = await open(this.#path, 'r').catch(() => undefined)
    if (file === undefined) return undefined
    const { dev: device, ino: inode, size } = await file.stat()
    const same = device === this.#position.device && inode === this.#position.inode && size >= this.#position.offset
    this.#position = { device, inode, offset: same ? this.#position.offset : 0 }
    return file
  }

  /** @returns Whether there may be more. */
  async #readMore(file: FileHandle): Promise<boolean> {
    const { size } = await file.stat()
    const { offset } = this.#position
    if (size < offset) this.#position = { ...this.#position, offset: 0 } // Truncated in place (copytruncate).
    for (let length = READ_BYTES; ; length = Math.min(length * 4, MAX_LINE_BYTES)) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, this.#position.offset)
      const bytes = buffer.subarray(0, bytesRead)
      const end = bytes.lastIndexOf(10) + 1
      if (this.#skipping && end > 0) return this.#endSkip(bytes)
      if (end > 0) return this.#handOn(bytes.subarray(0, end))
      if (bytesRead < length) return false
      if (length < MAX_LINE_BYTES) continue
      if (!this.#skipping) this.#sink.overlong(bytesRead)
      this.#skipping = true
      return this.#advance(bytesRead)
    }
  }

  #endSkip(bytes: Buffer): boolean {
    this.#skipping = false
    return this.#advance(bytes.indexOf(10) + 1)
  }

  async #handOn(lines: Buffer): Promise<boolean> {
    await this.#sink.store(lines)
    return this.#advance(lines.length)
  }

  #advance(bytes: number): boolean {
    this.#position = { ...this.#position, offset: this.#position.offset + bytes }
    writePrivate(this.#positionPath, JSON.stringify(this.#position))
    return bytes > 0
  }

  async #isRotated(file: FileHandle): Promise<boolean> {
    const now = await open(this.#path, 'r').catch(() => undefined)
    if (now === undefined) return false
    try {
      const [a, b] = await Promise.all([file.stat(), now.stat()])
      return a.ino !== b.ino || a.dev !== b.dev
    } finally {
      await now.close()
    }
  }
}

/** A damaged position is none: the file is read from its beginning, and what is stored already is left out by its ids. */
function positionOf(text: string): Position | undefined {
  try {
    const { device, inode, offset } = JSON.parse(text) as Position
    return [device, inode, offset].every((value) => Number.isSafeInteger(value) && value >= 0)
      ? { device, inode, offset }
      : undefined
  } catch {
    return undefined
  }
}
