import { type FileHandle, open } from 'node:fs/promises'
import type { Output } from '../output.ts'
import { LineBlock } from './line-block.ts'

const NEWLINE = Buffer.from('\n')

/** Appends lines to a file; each batch is on the disk before it counts as sent. A last line that a crash cut is ended first. */
export async function fileOutput(path: string): Promise<Output> {
  const file = await open(path, 'a+', 0o600)
  await endLastLine(file)
  const block = new LineBlock()
  return {
    name: path,
    async send({ lines }) {
      const { size } = await file.stat()
      try {
        await file.appendFile(block.join(lines))
        await file.datasync()
        return { kind: 'done', rejected: 0, duplicate: false }
      } catch (error) {
        await file.truncate(size).catch(() => {}) // Half a batch must not stay: it comes again whole.
        return { kind: 'later', why: (error as Error).message, waitMs: 0 }
      }
    },
    close: () => file.close(),
  }
}

async function endLastLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat()
  if (size === 0) return
  const last = Buffer.alloc(1)
  await file.read(last, 0, 1, size - 1)
  if (last[0] !== NEWLINE[0]) await file.appendFile(NEWLINE)
}

/** Writes lines through a function that resolves when there is room for more, such as a terminal's. */
export function writerOutput(name: string, write: (data: Buffer) => Promise<void>): Output {
  return {
    name,
    async send({ lines }) {
      await write(Buffer.concat(lines.flatMap((line) => [line, NEWLINE])))
      return { kind: 'done', rejected: 0, duplicate: false }
    },
    close: async () => {},
  }
}
