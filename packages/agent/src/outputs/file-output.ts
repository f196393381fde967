import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises'
import type { Output } from '../output.ts'
import { LineBlock } from './line-block.ts'

const NEWLINE = Buffer.from('\n')

/** Where lines are appended, and when another file is begun. */
export interface FileOutputOptions {
  readonly path: string
  /** Bytes from which on the file is renamed to `path.1` and begun anew; infinite where somebody else rotates it. */
  readonly maxBytes?: number
  /** Files kept beside the one that is written. */
  readonly keep?: number
}

/**
 * Appends lines to a file; each batch is on the disk before it counts as sent, and is whole in one file. A last line that a
 * crash cut is ended first. A file that was renamed or deleted, as logrotate does, is followed by a new one.
 */
export async function fileOutput({ path, maxBytes = Number.POSITIVE_INFINITY, keep = 5 }: FileOutputOptions): Promise<Output> {
  let file = await openFile(path)
  const block = new LineBlock()
  return {
    name: path,
    async send({ lines }) {
      try {
        if (await isOver(path, file, maxBytes)) {
          if ((await file.stat()).size >= maxBytes && (await isSame(path, file))) await rotate(path, keep)
          const next = await openFile(path)
          await file.close()
          file = next
        }
        const { size } = await file.stat()
        await append(file, block.join(lines), size)
        return { kind: 'done', rejected: 0, duplicate: false }
      } catch (error) {
        return { kind: 'later', why: (error as Error).message, waitMs: 0 }
      }
    },
    close: () => file.close(),
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, 'a+', 0o600)
  await endLastLine(file)
  return file
}

/** Whether another file has to be opened. */
async function isOver(path: string, file: FileHandle, maxBytes: number): Promise<boolean> {
  return (await file.stat()).size >= maxBytes || !(await isSame(path, file))
}

async function isSame(path: string, file: FileHandle): Promise<boolean> {
  const [there, here] = await Promise.all([stat(path).catch(() => undefined), file.stat()])
  return there?.ino === here.ino && there.dev === here.dev
}

/** `path` becomes `path.1`, that one `path.2`, and the last one goes. */
async function rotate(path: string, keep: number): Promise<void> {
  for (let number = keep; number > 1; number--) await rename(`${path}.${number - 1}`, `${path}.${number}`).catch(ignoreMissing)
  if (keep > 0) await rename(path, `${path}.1`)
  else await unlink(path)
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

async function append(file: FileHandle, data: Buffer, size: number): Promise<void> {
  try {
    await file.appendFile(data)
    await file.datasync()
  } catch (error) {
    await file.truncate(size).catch(() => {}) // Half a batch must not stay: it comes again whole.
    throw error
  }
}

async function endLastLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat()
  if (size === 0) return
  const last = Buffer.alloc(1)
  await file.read(last, 0, 1, size - 1)
  if (last[0] !== NEWLINE[0]) await file.appendFile(NEWLINE)
}
