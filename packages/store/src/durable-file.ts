import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a whole small file so that after a power cut it is there complete or not at all; readable by its owner only.
 *
 * @param options.fresh Refuses, by returning false, to replace a file that is there.
 */
export function writeDurably(path: string, content: string | Buffer, options: { readonly fresh?: boolean } = {}): boolean {
  const draft = `${path}.${process.pid}.new`
  const file = openSync(draft, 'w', 0o600)
  try {
    writeSync(file, typeof content === 'string' ? Buffer.from(content) : content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    if (options.fresh === true) linkSync(draft, path)
    else renameSync(draft, path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
    syncFolder(dirname(path))
  }
  return true
}

/** Makes new, renamed and removed names of a folder survive a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
