import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blankRow } from './blank-row.ts'
import { processExists, readEngineFile } from './engine/engine-file.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-loss-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const BATCHES = 60
const ROWS = 200
const batch = (number: number) =>
  Array.from({ length: ROWS }, (_, index) => ({
    ...blankRow('events'),
    ...{
      event_id: `${number}-${index}`,
      kind: 'Command' as const,
      time: `2026-11-21 02:00:${String(number % 60).padStart(2, '0')}.${index}`,
      cmdline: 'id',
    },
  }))
const enginePid = () => readEngineFile(dataDir)?.enginePid ?? 0

it('SIGKILL of the engine during inserts: it comes back, and every row is there once', async () => {
  const told: string[] = []
  store.onLost((reason) => told.push(reason))
  store.onRestored(() => told.push('restored'))
  const first = enginePid()
  let next = 0
  const write = async () => {
    while (next < BATCHES) {
      const number = next++
      if (number === 15 || number === 40) process.kill(enginePid(), 'SIGKILL')
      await store.writer.insert('events', batch(number), `batch-${number}`)
    }
  }
  await Promise.all([write(), write(), write()])

  const { rows } = await store.reader.query({
    sql: 'SELECT (SELECT (count(), uniqExact(event_id)) FROM audit.events), (SELECT (count(), uniqExact(event_id)) FROM audit.placements)',
  })
  const all = BATCHES * ROWS
  expect(rows.flat(2).map(Number)).toEqual([all, all, all, all])
  expect(told).toEqual(['signal SIGKILL', 'restored', 'signal SIGKILL', 'restored'])
  expect((await store.health()).restarts).toBe(2)
  expect([processExists(first), enginePid() === first]).toEqual([false, false])
})

it('leaves no process after a clean end', async () => {
  const pid = enginePid()
  await store.close()
  await store.close()
  expect(processExists(pid)).toBe(false)
  expect(readEngineFile(dataDir)).toBeUndefined()
  await expect(store.reader.query({ sql: 'SELECT 1' })).rejects.toMatchObject({ code: 'PW-ST-017' })
  await expect(store.writer.insert('events', batch(0), 'late')).rejects.toMatchObject({ code: 'PW-ST-017' })
})
