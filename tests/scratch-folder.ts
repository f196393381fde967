import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Linux keeps what is here in memory: a sync costs nothing. Source: shm_overview(7). */
const MEMORY = '/dev/shm'
/** The suites side by side need less than a tenth of it. Containers have 64 MB here by default, which is too little. */
const NEEDED_BYTES = 4_000_000_000
const PREFIX = 'podwitness-suites-'

/**
 * Gives the suites of one run a temporary folder, in memory where this machine has room there. Every insert and every
 * migration is synced, which on a disk is most of a test's time; what a power cut does to a disk is tried on a disk of
 * its own in `tests/system`.
 *
 * @returns What removes the folder after the last test.
 */
export default function setup(): () => void {
  const parent = process.env.TMPDIR === undefined && hasRoom(MEMORY) ? MEMORY : tmpdir()
  removeLeftBehind(parent)
  const folder = mkdtempSync(join(parent, `${PREFIX}${process.pid}-`))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize > NEEDED_BYTES
}

/** What a run that was killed could not remove takes memory until the machine is started again. */
function removeLeftBehind(parent: string): void {
  for (const name of readdirSync(parent).filter((found) => found.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0])
    if (pid > 0 && !isAlive(pid)) rmSync(join(parent, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
