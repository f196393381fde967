import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DISK_LIMITS, DiskGuard } from '../intake/disk-guard.ts'
import { GroupWriter } from '../intake/group-writer.ts'
import { emptyParcel, type Parcel } from '../rows/parcel.ts'
import { readUsage } from '../settings/read-usage.ts'
import { knownLimits, noteLimits } from './known-limits.ts'
import { applyRetention, StoreKeeper } from './store-keeper.ts'
import { isEventStream, readStoreStatus, STREAMS } from './store-status.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-keeping-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

function parcel(id: string, timeMs = Date.now()): Parcel {
  const one = emptyParcel({ key: '', cluster: 'c', node: 'n' })
  one.events.push({
    ...blankRow('events'),
    event_id: id,
    kind: 'Syslog',
    time: storeTime(timeMs),
    cluster: 'c',
    raw: id,
  })
  return one
}
const stored = async (): Promise<unknown> =>
  (await store.reader.query({ sql: "SELECT event_id FROM audit.events WHERE kind = 'Syslog' ORDER BY 1" })).rows.flat()

it('takes nothing in while there is too little room, still answers, and goes on by itself', async () => {
  let freeBytes = 10e9
  let nowMs = 0
  const health = async () => ({ ...(await store.health()), diskFreeBytes: freeBytes })
  const guard = new DiskGuard({ health }, { refuseBelowBytes: 1e9, warnBelowBytes: 2e9 }, () => nowMs)
  const writer = new GroupWriter(store, () => {}, { admit: () => guard.check() })
  await writer.submit(parcel('a'))
  freeBytes = 0.9e9
  nowMs += 5_000
  await expect(writer.submit(parcel('b'))).rejects.toMatchObject({ code: 'PW-IN-011', status: 503, retryAfterSeconds: 30 })
  expect(await stored()).toEqual(['a'])
  freeBytes = 1.1e9
  nowMs += 5_000
  await writer.submit(parcel('b'))
  expect(await stored()).toEqual(['a', 'b'])
})

it('stores a sample once, though a node sends it under two names', async () => {
  const sample = { cluster: 'c', node: 'n', time: '2026-11-21 02:00:00.250000', container_id: 'x', pids: [7, 9_007_199_254] }
  const sent = (key: string): Parcel => {
    const one = emptyParcel({ key, cluster: 'c', node: 'n' })
    one.samples.push(sample, { ...sample, pids: [7] })
    return one
  }
  const [here, there] = [new GroupWriter(store), new GroupWriter(store)]
  await here.submit(sent('agent-1/1'))
  await there.submit(sent('agent-2/1'))
  await there.submit(sent('agent-2/2'))
  expect((await store.reader.query({ sql: 'SELECT pids FROM audit.samples ORDER BY pids' })).rows).toEqual([
    [[7]],
    [[7, 9_007_199_254]],
  ])
})

it('says how full the store is, how it grows, and how long that goes well', async () => {
  const roomy = await readStoreStatus(store, DISK_LIMITS)
  expect(roomy).toMatchObject({ kind: 'embedded', state: 'ok', fullInDays: null, holds: 0 })
  const { bytesPerDay, fullInDays } = await readUsage(store)
  expect([bytesPerDay, fullInDays]).toEqual([expect.closeTo(roomy.bytesPerDay, -3), null])
  const events = roomy.streams.find(({ stream }) => stream === 'logs')
  expect(events).toMatchObject({ days: 180, rows: 2 })
  // Two rows in the store's first minutes count as two an hour.
  expect(events?.bytesPerDay).toBeCloseTo((events?.bytes ?? 0) * 24, -1)
  expect(events?.steadyBytes).toBe((events?.bytesPerDay ?? 0) * 180)
  const health = async () => ({ ...(await store.health()), diskFreeBytes: 10e9 })
  const { kind, reader } = store
  const source = { kind, reader, health, retention: () => store.retention(), holds: () => store.holds() }
  const close = { refuseBelowBytes: 10e9 - roomy.bytesPerDay * 3, warnBelowBytes: 11e9 }
  const low = await readStoreStatus(source, close)
  expect(low.state).toBe('low')
  expect(low.fullInDays).toBeGreaterThan(2)
  expect(low.fullInDays).toBeLessThan(4)
  expect(await readStoreStatus(source, { ...close, refuseBelowBytes: 1e18 })).toMatchObject({ state: 'refusing', fullInDays: 0 })
})

it('keeps streams as long as the configuration says, and changes nothing that is so already', async () => {
  const wanted = { events: 90, samples: 30, health: 14, alerts: 365, files: 30, sessions: 400 }
  expect(await applyRetention(store, wanted)).toEqual(Object.keys(STREAMS))
  expect(await applyRetention(store, wanted)).toEqual([])
  expect(await applyRetention(store, {})).toEqual([])
  const { streams } = await readStoreStatus(store, DISK_LIMITS)
  expect(Object.fromEntries(streams.map(({ stream, days }) => [stream, days]))).toEqual({
    ...wanted,
    api: 90,
    network: 90,
    logs: 90,
  })
  const { bytesPerDay = 0, steadyBytes, rows, days = 0 } = streams.find(({ stream }) => stream === 'logs') ?? {}
  expect([rows, steadyBytes]).toEqual([2, bytesPerDay * days])
  // A change of one leaves the others as they are.
  expect(await applyRetention(store, { files: 10 })).toEqual(['files'])
  expect((await store.retention()).find(({ table }) => table === 'events')).toMatchObject({ days: 90, streams: { files: 10 } })
})

it('tells commands the limits of the server that ran last', async () => {
  expect(await knownLimits(store)).toEqual(DISK_LIMITS)
  await noteLimits(store, { refuseBelowBytes: 7, warnBelowBytes: 8 }, Date.now())
  expect(await knownLimits(store)).toEqual({ refuseBelowBytes: 7, warnBelowBytes: 8 })
  await noteLimits(store, DISK_LIMITS, Date.now() + 1)
  expect(await knownLimits(store)).toEqual(DISK_LIMITS)
})

it('counts what was old when it came over the days in which it happened, everywhere alike', async () => {
  const writer = new GroupWriter(store)
  for (const hours of [2, 2402]) await writer.submit(parcel(`old-${hours}`, Date.now() - hours * 3_600_000))
  const { rows, bytes, bytesPerDay } = (await store.retention()).find(({ table }) => table === 'events') ?? {
    rows: 0,
    bytes: 0,
    bytesPerDay: 0,
  }
  expect(bytesPerDay).toBeCloseTo((bytes / rows) * ((rows - 2) * 24 + 2 / 100), -1)
  const { streams, bytesPerDay: all } = await readStoreStatus(store, DISK_LIMITS)
  const ofEvents = streams.filter(({ stream }) => isEventStream(stream)).reduce((sum, stream) => sum + stream.bytesPerDay, 0)
  expect(ofEvents).toBeGreaterThan(bytesPerDay * 0.99)
  const usage = await readUsage(store)
  expect(usage.tables.reduce((sum, table) => sum + table.bytesPerDay, 0) / all).toBeCloseTo(1, 2)
  expect(usage.bytesPerDay / all).toBeCloseTo(1, 2)
})

it('finds once a day that the disk is nearly full, and verifies after all of it', async () => {
  const keeper = (warnBelowBytes: number, nowMs: number): StoreKeeper =>
    new StoreKeeper(store, { limits: { refuseBelowBytes: 0, warnBelowBytes }, onFailure: () => {}, now: () => nowMs })
  const found = "SELECT message FROM audit.events WHERE action = 'store-nearly-full'"
  const day = Date.UTC(2026, 10, 21, 8)
  await keeper(0, day).look()
  expect((await store.reader.query({ sql: found })).rows).toEqual([])
  await keeper(1e18, day).look()
  await keeper(1e18, day + 3_600_000).look()
  expect((await store.reader.query({ sql: found })).rows).toHaveLength(1)
  await keeper(1e18, day + 86_400_000).look()
  expect((await store.reader.query({ sql: found })).rows).toHaveLength(2)
  expect(await store.ledger?.verify({})).toMatchObject({ intact: true, findings: [] })
})
