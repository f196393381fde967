import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readEngineFile } from './engine/engine-file.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'

// Three stores on one engine, as three servers have them.
const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-turns-'))
let engine: Store
let url: string
let stores: Store[] = []

beforeAll(async () => {
  engine = await openStore({ dataDir, role: 'server' })
  const file = readEngineFile(dataDir)
  url = `${file?.url}`.replace('//', `//admin:${file?.passwords.admin}@`)
  stores = await Promise.all([1, 2, 3].map(() => openStore({ url })))
})
afterAll(async () => {
  for (const store of stores) await store.close()
  await engine?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

it('lets one at a time, whichever server asks, and everyone in the end', async () => {
  let inside = 0
  let most = 0
  let done = 0
  const work = async (): Promise<void> => {
    inside++
    most = Math.max(most, inside)
    await pause(3)
    inside--
    done++
  }
  await Promise.all(stores.flatMap((store) => Array.from({ length: 12 }, () => store.inTurn('one', work))))
  expect([most, done]).toEqual([1, 36])
})

it('does what is of different names at once', async () => {
  const [a, b] = stores
  let reached: () => void = () => {}
  const inB = new Promise<void>((resolve) => {
    reached = resolve
  })
  await Promise.all([a?.inTurn('left', () => inB), b?.inTurn('right', async () => reached())])
})

it('goes to the next where work fails, and where a server ends', async () => {
  const [a, b] = stores
  await expect(a?.inTurn('fails', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await b?.inTurn('fails', async () => 'well')).toBe('well')
  const brief = await openStore({ url })
  await brief.inTurn('fails', async () => {})
  await brief.close()
  expect(await a?.inTurn('fails', async () => 'well')).toBe('well')
})

it('takes over from a server that was killed, when its lease has ended', async () => {
  const [a] = stores
  const row = { name: 'dead', term: 1, owner: 'a server that was killed', released: 0 as const }
  await a?.writer.insert('leases', [row], 'lease|dead|1')
  const admin = readEngineFile(dataDir)
  const aged = `INSERT INTO audit.leases (name, term, owner, released, received) VALUES ('dead', 2, 'killed', 0, now64(3) - INTERVAL 59 SECOND)`
  const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': `${admin?.passwords.admin}` }
  await fetch(`${admin?.url}/`, { method: 'POST', body: aged, headers })
  let taken = false
  const turn = a?.inTurn('dead', async () => {
    taken = true
  })
  await pause(200)
  expect(taken).toBe(false)
  await turn
  expect(taken).toBe(true)
})
