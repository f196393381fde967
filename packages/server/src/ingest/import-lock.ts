import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ImportError } from './import-error.ts'

/**
 * Holds off a second import into the same store while one runs: each asks the store what is there
 * already before it writes, and two that ask at once could both write.
 *
 * @param folder Folder that all imports into the store share.
 * @returns A function that lets the next one in.
 * @throws ImportError PW-IM-007 while another living process imports.
 */
export async function lockImports(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'import.lock')
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx', 0o600)
      await file.writeFile(String(process.pid))
      await file.close()
      return () => rm(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const owner = Number(await readFile(path, 'utf8').catch(() => '0'))
      if (attempt > 0 || isAlive(owner)) throw busy(owner)
      await rm(path, { force: true }) // Left behind by a process that was killed.
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function busy(pid: number): ImportError {
  return new ImportError('PW-IM-007', {
    what: 'Another import into this store is running.',
    why: `Process ${pid} has not finished yet.`,
    do: 'Wait for it, then run the same command again.',
  })
}
