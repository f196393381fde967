import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '@podwitness/store'
import { writePrivate } from '../pki/write-private.ts'
import { type Act, actEvent } from './acts.ts'

const FORM = /^act-[0-9a-f-]{36}\.json$/
/** Acts taken in one look: a folder somebody filled must not fill memory. */
const AT_ONCE = 1000

/**
 * Leaves an act in the data folder for the server to record: for commands that work on files beside a server, or before
 * there is one. Durable when this returns.
 */
export function leaveAct(dataFolder: string, act: Act): void {
  writePrivate(join(folderOf(dataFolder), `act-${randomUUID()}.json`), JSON.stringify({ timeMs: Date.now(), act }))
}

/** Records what was left, each once, however often this is tried. Returns how many. */
export async function takeActs(store: Store, dataFolder: string): Promise<number> {
  const folder = folderOf(dataFolder)
  if (!existsSync(folder)) return 0
  const names = readdirSync(folder)
    .filter((name) => FORM.test(name))
    .sort()
    .slice(0, AT_ONCE)
  for (const name of names) {
    const id = name.replace('.json', '')
    const left = read(join(folder, name))
    // A repeat under the same token changes nothing.
    if (left !== null) await store.writer.insert('events', [actEvent(left.act, id, left.timeMs)], id)
    rmSync(join(folder, name), { force: true })
  }
  return names.length
}

const folderOf = (dataFolder: string): string => join(dataFolder, 'acts')

function read(path: string): { timeMs: number; act: Act } | null {
  try {
    const { timeMs, act } = JSON.parse(readFileSync(path, 'utf8')) as { timeMs: number; act: Act }
    return typeof act?.action === 'string' && Number.isFinite(timeMs) ? { timeMs, act } : null
  } catch {
    return null
  }
}
