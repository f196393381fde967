import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { importPaths } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'

const RECORDING = fileURLToPath(new URL('../../../recordings/dev/', import.meta.url))
const FILES = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-start.json.gz', 'pods-end.json.gz']
/** Longer than an import takes on a machine that does much else. */
const PATIENCE_MS = 110_000

/**
 * Opens a store that holds the bundled recording as cluster `dev`, imported into it from both sides.
 * The first suite of a run that asks imports it; this one and all others get a copy, with its ledger and its key.
 *
 * @param dataDir Where the copy goes; must not exist.
 */
export async function openRecordedStore(dataDir: string): Promise<Store> {
  cpSync(await recordedDirectory(), dataDir, { recursive: true, verbatimSymlinks: true })
  return openStore({ dataDir, role: 'server' })
}

async function recordedDirectory(): Promise<string> {
  const folder = join(tmpdir(), 'recorded-store')
  const [data, done, failed] = ['data', 'done', 'failed'].map((name) => join(folder, name)) as [string, string, string]
  if (makeFolder(folder)) {
    await importRecording(data, folder).catch((error: unknown) => {
      writeFileSync(failed, String(error))
      throw error
    })
    writeFileSync(done, '')
  }
  for (const end = Date.now() + PATIENCE_MS; !existsSync(done); await pause(50))
    if (existsSync(failed) || Date.now() > end) throw new Error('Another suite could not import the recording.')
  return data
}

/** Whether this is the one that made it. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function importRecording(dataDir: string, rejectsDir: string): Promise<void> {
  const store = await openStore({ dataDir, role: 'command' })
  try {
    await importPaths(
      store,
      FILES.map((name) => RECORDING + name),
      { cluster: 'dev', rejectsDir },
    )
  } finally {
    await store.close()
  }
}
