import { mkdir, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '@podwitness/pipeline'
import type { OutgoingBatch } from './output.ts'

const MAX_BYTES = 64 * 1024 * 1024

/** Batches that the receiver refused for good: kept on disk for a person, within a bound. */
export class SetAside {
  readonly #folder: string
  /** Batches kept, and lines lost with batches that had to go for others. */
  batches = 0
  removedLines = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Keeps a batch, its lines under their name and why it was refused in the first line. */
  async keep(batch: OutgoingBatch, why: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const head = JSON.stringify({ refused: why, batch: batch.id, lines: batch.lines.length })
    const body = Buffer.concat([Buffer.from(`${head}\n`), ...batch.lines.flatMap((line) => [line, NEWLINE])])
    await writeDurably(join(this.#folder, `${batch.id}-${batch.lines.length}.ndjson`), body)
    this.batches++
    await this.#bound()
  }

  async #bound(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.ndjson'))
    const files = await Promise.all(names.map(async (name) => ({ name, ...(await sizeAndTime(join(this.#folder, name))) })))
    let sum = files.reduce((total, { size }) => total + size, 0)
    for (const { name, size } of files.sort((a, b) => a.timeMs - b.timeMs)) {
      if (sum <= MAX_BYTES) return
      await unlink(join(this.#folder, name))
      this.removedLines += Number(/-(\d+)\.ndjson$/.exec(name)?.[1] ?? 0)
      sum -= size
    }
  }
}

const NEWLINE = Buffer.from('\n')

async function sizeAndTime(path: string): Promise<{ size: number; timeMs: number }> {
  const { size, mtimeMs } = await stat(path)
  return { size, timeMs: mtimeMs }
}
