import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'
import { makeFolder, STATE_FOLDER } from './node-state.ts'

const LOCK_FILE = `${STATE_FOLDER}/lock`
const WAIT_MS = 15_000
const RETRY_MS = 50
/** Longer than any installation: whoever holds it longer is gone, and its number is another process's by now. */
const STALE_MS = 20 * 60_000

/** Does work that changes the node while nobody else of us does. Throws PW-ND-013 after 15 s. */
export async function withNodeLock<T>(machine: Machine, work: (made: readonly string[]) => Promise<T>): Promise<T> {
  const made = makeFolder(machine, STATE_FOLDER)
  const path = machine.path(LOCK_FILE)
  for (let waitedMs = 0; !take(path); waitedMs += RETRY_MS) {
    if (abandoned(path)) rmSync(path, { force: true })
    else if (waitedMs >= WAIT_MS) {
      throw new NodeError('PW-ND-013', {
        what: 'Another podwitness is changing this node.',
        why: `${LOCK_FILE} is held by process ${holder(path)} for more than ${WAIT_MS / 1000} s.`,
      })
    } else await sleep(RETRY_MS)
  }
  try {
    return await work(made)
  } finally {
    rmSync(path, { force: true })
  }
}

function take(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw new NodeError('PW-ND-016', { what: `${path} cannot be written.`, why: String(error) }, { cause: error })
  }
}

function holder(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return 0
  }
}

/** Whether the holder died. A file without a number is being written, or its writer was killed right then. */
function abandoned(path: string): boolean {
  const info = statSync(path, { throwIfNoEntry: false })
  if (info === undefined) return false
  if (Date.now() - info.mtimeMs > STALE_MS) return true
  const pid = holder(path)
  if (pid === 0) return Date.now() - info.mtimeMs > 1000
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
