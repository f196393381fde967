import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { importPaths } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { afterEach, expect, it } from 'vitest'

const RECORDING = fileURLToPath(new URL('../recordings/dev/', import.meta.url))
const CHILD = fileURLToPath(new URL('./import-child.ts', import.meta.url))
const FILES = ['containers.jsonl.gz', 'pods-end.json.gz', 'apiserver-audit.log.gz', 'audit.log.gz'].map((name) =>
  join(RECORDING, name),
)
const EXACT = { events: 12_467 + 2_591, placements: 4_386, sessions: 472, samples: 6_487 }

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'podwitness-crash-'))
  folders.push(path)
  return path
}

/** Starts an import in a process of its own and kills it, without warning, once it has stored some events. */
async function killedImport(directory: string, minEvents: number): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', CHILD, join(directory, 'data'), join(directory, 'rejects'), ...FILES],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit')
  let finished = false
  for await (const line of createInterface({ input: child.stdout })) {
    const [phase, events] = line.split(' ')
    finished ||= phase === 'finished'
    if (phase === 'import' && Number(events) >= minEvents) child.kill('SIGKILL')
  }
  const [, signal] = await ended
  expect(finished).toBe(false)
  expect(signal).toBe('SIGKILL')
}

async function counts(store: Store): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const table of Object.keys(EXACT)) {
    const final = table === 'events' || table === 'samples' ? '' : 'FINAL'
    const { rows } = await store.reader.query({ sql: `SELECT count() FROM audit.${table} ${final}` })
    found[table] = Number(rows[0]?.[0])
  }
  return found
}

it('goes on to exactly the right rows after the process was killed in the middle of an import, twice', async () => {
  const directory = folder()
  await killedImport(directory, 8_000)
  await killedImport(directory, 1)
  const store = await openStore({ dataDir: join(directory, 'data'), role: 'command' })
  try {
    await importPaths(store, FILES, { cluster: 'crash', rejectsDir: join(directory, 'rejects') })
    expect(await counts(store)).toEqual(EXACT)
    expect(await store.ledger?.verify({})).toMatchObject({ intact: true, findings: [], rows: EXACT.events })
  } finally {
    await store.close()
  }
})

it('goes on to exactly the right rows after the engine was killed in the middle of an import', async () => {
  const directory = folder()
  const dataDir = join(directory, 'data')
  const store = await openStore({ dataDir, role: 'server' })
  let killed = false
  try {
    await importPaths(store, FILES, {
      cluster: 'crash',
      rejectsDir: join(directory, 'rejects'),
      onProgress: ({ phase, events }) => {
        if (killed || phase !== 'import' || events < 7_000) return
        killed = true
        const { enginePid } = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8')) as { enginePid: number }
        process.kill(enginePid, 'SIGKILL')
      },
    })
    expect(killed).toBe(true)
    expect(await counts(store)).toEqual(EXACT)
    expect(await store.ledger?.verify({})).toMatchObject({ intact: true, findings: [], rows: EXACT.events })
  } finally {
    await store.close()
  }
})

it('leaves a state from which a stopped import goes on', async () => {
  const directory = folder()
  const store = await openStore({ dataDir: join(directory, 'data'), role: 'command' })
  const stop = new AbortController()
  const options = { cluster: 'crash', rejectsDir: join(directory, 'rejects') }
  try {
    const stopped = importPaths(store, FILES, {
      ...options,
      signal: stop.signal,
      onProgress: ({ events }) => events > 7_000 && stop.abort(),
    })
    await expect(stopped).rejects.toMatchObject({ code: 'PW-IM-006' })
    await importPaths(store, FILES, options)
    expect(await counts(store)).toEqual(EXACT)
    expect(await store.ledger?.verify({})).toMatchObject({ intact: true, findings: [], rows: EXACT.events })
  } finally {
    await store.close()
  }
})
