import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

/** Linux keeps what is here in memory: a sync costs nothing. Source: shm_overview(7). */
const MEMORY = '/dev/shm'
/** The suites side by side need less than a tenth of it. Containers have 64 MB here by default, which is too little. */
const NEEDED_BYTES = 4_000_000_000
const PREFIX = 'podwitness-tests-'

/**
 * Gives the suites a temporary folder in memory where this machine has one. Every insert and every migration is synced,
 * which on a disk is most of a test's time; what a power cut does to a disk is tried on a disk of its own in `tests/live`.
 *
 * @returns What removes the folder after the last test.
 */
export default function setup(): (() => void) | undefined {
  if (!hasRoom()) return undefined
  removeLeftBehind()
  const folder = mkdtempSync(join(MEMORY, `${PREFIX}${process.pid}-`))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

function hasRoom(): boolean {
  if (process.env.TMPDIR !== undefined || !existsSync(MEMORY)) return false
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > NEEDED_BYTES
}

/** What a run that was killed could not remove takes memory until the machine is started again. */
function removeLeftBehind(): void {
  for (const name of readdirSync(MEMORY).filter((found) => found.startsWith(PREFIX))) {
    const pid = name.slice(PREFIX.length).split('-')[0]
    if (!existsSync(`/proc/${pid}`)) rmSync(join(MEMORY, name), { recursive: true, force: true })
  }
}
