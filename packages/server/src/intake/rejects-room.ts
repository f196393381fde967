import { mkdirSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Something that arrived and could not be used. */
export interface Refused {
  /** `agent`, `apiserver`, `syslog`, … */
  readonly source: string
  readonly cluster: string
  readonly node: string
  readonly code: string
  /** Its length, bytes. */
  readonly bytes: number
  /** What it began with, at most 1 KiB. */
  readonly text: string
}

/** The file of a day stops growing here, bytes; everything is still counted. */
const MAX_DAY_BYTES = 64 * 1024 * 1024
/** One source cannot take the room of the others, bytes a day. */
const MAX_SOURCE_BYTES = 16 * 1024 * 1024
/** What may wait to be written, bytes. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024

/** Keeps and counts what was refused: `rejects/intake-<day>.jsonl` in the data folder, one JSON object a line. */
export class RejectsRoom {
  readonly folder: string
  readonly #counts = new Map<string, number>()
  #day = ''
  #dayBytes = 0
  readonly #sourceBytes = new Map<string, number>()
  #waiting: string[] = []
  #waitingBytes = 0
  #writing: Promise<void> | undefined

  constructor(folder: string) {
    this.folder = folder
  }

  add(refused: Refused): void {
    this.count(refused.source, refused.code, 1)
    const now = new Date().toISOString()
    if (now.slice(0, 10) !== this.#day) {
      this.#day = now.slice(0, 10)
      this.#dayBytes = 0
      this.#sourceBytes.clear()
    }
    const line = `${JSON.stringify({ time: now, ...refused })}\n`
    const ofSource = (this.#sourceBytes.get(refused.source) ?? 0) + line.length
    if (ofSource > MAX_SOURCE_BYTES || this.#dayBytes + line.length > MAX_DAY_BYTES) return
    if (this.#waitingBytes + line.length > MAX_WAITING_BYTES) return
    this.#sourceBytes.set(refused.source, ofSource)
    this.#dayBytes += line.length
    this.#waitingBytes += line.length
    this.#waiting.push(line)
    this.#writing ??= this.#write()
  }

  /** Counts without keeping: for what was refused by choice, such as a facility that is switched off. */
  count(source: string, code: string, times: number): void {
    const key = `${source} ${code}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + times)
  }

  /** How often each code was given, by source, since the start. */
  counts(): { source: string; code: string; count: number }[] {
    return [...this.#counts].map(([key, count]) => {
      const [source = '', code = ''] = key.split(' ')
      return { source, code, count }
    })
  }

  /** Waits until everything is written. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  async #write(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const text = this.#waiting.join('')
      this.#waiting = []
      this.#waitingBytes = 0
      try {
        mkdirSync(this.folder, { recursive: true, mode: 0o700 })
        await appendFile(join(this.folder, `intake-${this.#day}.jsonl`), text, { mode: 0o600 })
      } catch {
        this.count('rejects', 'not_written', 1) // A full disk: counted, and evidence comes first.
      }
    }
    this.#writing = undefined
  }
}
