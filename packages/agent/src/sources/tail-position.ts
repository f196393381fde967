import { readFile } from 'node:fs/promises'
import { writeDurably } from '@podwitness/pipeline'

/** How far a file was read. */
export interface FilePosition {
  readonly inode: number
  /** Length and hash of the file's beginning. */
  readonly head: string
  readonly offset: number
}

/** Where the tails of an agent stand, kept in a file. */
export class TailPosition {
  readonly #path: string
  readonly #positions: Map<string, FilePosition>
  #written = ''
  #nextMs = 0
  #turn: Promise<void> = Promise.resolve()

  private constructor(path: string, positions: Map<string, FilePosition>) {
    this.#path = path
    this.#positions = positions
  }

  /** Reads the file; what is missing or damaged counts as never read. */
  static async open(path: string): Promise<TailPosition> {
    const text = await readFile(path, 'utf8').catch(() => '{}')
    return new TailPosition(path, new Map(Object.entries(parse(text)).filter(([, value]) => isPosition(value))))
  }

  get(file: string): FilePosition | undefined {
    return this.#positions.get(file)
  }

  /** Notes a position; written at most once a second, as what is read twice is recognised. */
  async set(file: string, position: FilePosition): Promise<void> {
    this.#positions.set(file, position)
    if (Date.now() >= this.#nextMs) await this.flush()
  }

  /** Makes all positions durable; one write is made at a time. */
  flush(): Promise<void> {
    const written = this.#turn.then(() => this.#write())
    this.#turn = written.catch(() => {})
    return written
  }

  async #write(): Promise<void> {
    const text = JSON.stringify(Object.fromEntries(this.#positions))
    if (text === this.#written) return
    this.#nextMs = Date.now() + 1000
    await writeDurably(this.#path, text)
    this.#written = text
  }
}

function parse(text: string): Record<string, FilePosition> {
  try {
    return JSON.parse(text) as Record<string, FilePosition>
  } catch {
    return {}
  }
}

function isPosition(value: unknown): value is FilePosition {
  if (typeof value !== 'object' || value === null) return false
  const { inode, head, offset } = value as Partial<FilePosition>
  return Number.isSafeInteger(inode) && typeof head === 'string' && Number.isSafeInteger(offset) && (offset as number) >= 0
}
