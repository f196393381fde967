import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { syncFolder } from '../durable-file.ts'
import type { BackedUpFile } from './backup-manifest.ts'

/** Files are read one after the other, each in one go: a backup has thousands of small ones. */
const BUFFER = Buffer.allocUnsafe(1024 * 1024)

/** Regular files below a folder, by name with slashes, sorted. Links are not followed: they would lead out of it. */
export function filesBelow(folder: string, wanted: (name: string) => boolean = () => true): string[] {
  const names: string[] = []
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory() && wanted(`${name}/`)) walk(name)
      else if (entry.isFile() && wanted(name)) names.push(name)
    }
  }
  if (existsSync(folder)) walk('')
  return names.sort()
}

/**
 * Copies files; one that goes away meanwhile is left out, as its owner wanted.
 *
 * @returns What was copied.
 */
export function copyFiles(from: string, to: string, names: readonly string[]): string[] {
  return names.filter((name) => {
    const target = join(to, name)
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    try {
      copyFileSync(join(from, name), target)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync(join(from, name))) return false
      throw error
    }
  })
}

/** Hash and size of a file. Memory does not depend on its size. */
export function hashFile(folder: string, name: string): BackedUpFile {
  const file = openSync(join(folder, name), 'r')
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for (;;) {
      const read = readSync(file, BUFFER)
      if (read === 0) return { name, bytes, sha256: hash.digest('hex') }
      hash.update(BUFFER.subarray(0, read))
      bytes += read
    }
  } finally {
    closeSync(file)
  }
}

const runProgram = promisify(execFile)

/**
 * Makes a folder's files and names durable. Thousands of files one by one take minutes, so the whole file system is
 * asked to at once (`sync -f`, syncfs(2)) where that program is there.
 */
export async function syncBelow(folder: string): Promise<void> {
  try {
    await runProgram('sync', ['-f', folder])
  } catch {
    syncOneByOne(folder)
  }
}

function syncOneByOne(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isDirectory() || entry.isFile()) syncFolder(join(entry.parentPath, entry.name))
  syncFolder(folder)
}

/** Whether there is nothing in a folder but what a fresh disk has. */
export function isEmptyFolder(path: string): boolean {
  if (!existsSync(path)) return true
  return statSync(path).isDirectory() && readdirSync(path).every((name) => name === 'lost+found')
}

/** Removes what is in a folder, not the folder itself: it may be a disk of its own. */
export function emptyFolder(path: string): void {
  for (const name of readdirSync(path)) if (name !== 'lost+found') rmSync(join(path, name), { recursive: true, force: true })
}
