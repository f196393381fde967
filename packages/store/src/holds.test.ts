import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventKind } from '@podwitness/event'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { blankRow } from './blank-row.ts'
import { readEngineFile } from './engine/engine-file.ts'
import { byEventStream, EVENT_STREAMS, type EventStream, eventStream } from './event-streams.ts'
import { readChain } from './ledger/chain-file.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-holds-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function asAdmin(sql: string): Promise<void> {
  const file = readEngineFile(dataDir)
  const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': `${file?.passwords.admin}` }
  const answer = await fetch(`${file?.url}/?mutations_sync=2`, { method: 'POST', body: sql, headers })
  expect([answer.status, await answer.text()]).toEqual([200, ''])
}

/** A command of a session each, on a day of its own, that arrived 100 days ago. */
async function storeOld(names: readonly string[]): Promise<void> {
  const old = 'now64(3) - INTERVAL 100 DAY'
  for (const [at, name] of names.entries()) {
    const time = `'2026-03-0${at + 1} 00:00:00'`
    const columns = 'event_id, kind, time, received, cluster, raw, obj_ns'
    await asAdmin(`INSERT INTO audit.events (${columns}) VALUES ('${name}', 'Command', ${time}, ${old}, 'c', '${name}', '')`)
    await asAdmin(
      `INSERT INTO audit.placements (event_id, time, received, cluster, trace_id, ns, version) VALUES ('${name}', ${time}, ${old}, 'c', 't-${name}', 'ns-${name}', 5)`,
    )
    await asAdmin(
      `INSERT INTO audit.sessions (trace_id, start, end, received, cluster, ns, version) VALUES ('t-${name}', ${time}, ${time}, ${old}, 'c', 'ns-${name}', 5)`,
    )
  }
}

const left = async (): Promise<unknown[]> =>
  (await store.reader.query({ sql: "SELECT event_id FROM audit.commands WHERE trace_id != '' ORDER BY event_id" })).rows.flat()
const expire = async (): Promise<void> => {
  for (const table of ['events', 'placements', 'sessions']) await asAdmin(`OPTIMIZE TABLE audit.${table} FINAL`)
}

it('keeps a session, a namespace and a span of time until they are released, and nothing else', async () => {
  await storeOld(['a', 'b', 'c', 'd'])
  const by = { by: 'alice', reason: 'case 7' }
  const session = await store.placeHold({ ...by, traceId: 't-a' })
  await store.placeHold({ ...by, namespace: 'ns-b', cluster: 'c' })
  const span = await store.placeHold({ ...by, from: '2026-03-03T00:00:00Z', to: '2026-03-03T12:00:00Z' })
  expect(await store.holds()).toMatchObject([
    { id: session.id, by: 'alice', reason: 'case 7', traceId: 't-a' },
    { namespace: 'ns-b' },
    { id: span.id },
  ])
  await store.setRetention(90)
  await expire()
  await expect.poll(left, { timeout: 10_000 }).toEqual(['a', 'b', 'c'])
  expect(await store.retention()).toContainEqual(expect.objectContaining({ table: 'events', days: 90, rows: 3 }))

  expect(await store.releaseHold(span.id)).toMatchObject({ id: span.id })
  expect(await store.releaseHold(span.id)).toBeUndefined()
  await expire()
  await expect.poll(left, { timeout: 10_000 }).toEqual(['a', 'b'])
})

it('lets go what is of a stream whose days are over, and what stays is still proven', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 60 * 86_400_000 })
  const event = (event_id: string, kind: EventKind, action: string) => ({ ...blankRow('events'), ...row, event_id, kind, action })
  const row = { time: '2026-03-05 01:00:00.000000', cluster: 'c', raw: 'x' }
  const rows = [
    ...[event('k1', 'Command', 'execve'), event('k2', 'LinuxAudit', 'openat'), event('k3', 'KubeAudit', 'create')],
    ...[event('k4', 'LinuxAudit', 'openat'), event('k5', 'Syslog', ''), event('k6', 'LinuxAudit', 'setuid')],
    event('k7', 'LinuxAudit', 'connect'),
  ]
  await store.writer.insert('events', rows, 'kinds').finally(() => vi.useRealTimers())
  const entries = readChain(join(dataDir, 'ledger'), 'chain-1').entries.flatMap((entry) => entry?.fact ?? [])
  const written = entries.flatMap((fact) =>
    fact.kind === 'batch' && fact.from.startsWith('2026-03-05') ? [[fact.stream, fact.rows]] : [],
  )
  expect(written).toEqual([
    ['events', 2],
    ['files', 2],
    ['api', 1],
    ['logs', 1],
    ['network', 1],
  ])
  await store.setEventRetention({ days: 400, streams: { files: 30, logs: 59, network: 61 } })
  expect((await store.retention()).find(({ table }) => table === 'events')).toMatchObject({
    days: 400,
    streams: { files: 30, logs: 59, network: 61 },
  })
  await asAdmin("ALTER TABLE audit.events UPDATE received = now64(3) - INTERVAL 60 DAY WHERE event_id LIKE 'k%'")
  await expire()
  const kept = async () =>
    (await store.reader.query({ sql: "SELECT event_id FROM audit.events WHERE event_id LIKE 'k%' ORDER BY 1" })).rows.flat()
  await expect.poll(kept, { timeout: 10_000 }).toEqual(['k1', 'k3', 'k6', 'k7'])
  const ours = async () => {
    const { findings = [] } = (await store.ledger?.verify({})) ?? {}
    return findings.filter(({ from }) => from?.startsWith('2026-03-05')).map(({ code, severity }) => [code, severity])
  }
  expect(await ours()).toEqual([
    ['expired', 'note'],
    ['expired', 'note'],
  ])
  expect(await store.ledger?.recordExpired()).toBe(2)
  expect(await ours()).toEqual([])
  const hold = await store.placeHold({ by: 'alice', reason: 'case 8', from: '2026-03-05T00:00:00Z', to: '2026-03-06T00:00:00Z' })
  expect(await ours()).toEqual([])
  await store.releaseHold(hold.id)
  expect(await ours()).toEqual([])
  // What is not due is an alarm, and so is a change of what stays.
  await asAdmin("ALTER TABLE audit.events DELETE WHERE event_id = 'k7'")
  await asAdmin("ALTER TABLE audit.events UPDATE raw = 'y' WHERE event_id = 'k6'")
  expect(await ours()).toEqual([
    ['batch_missing', 'alarm'],
    ['rows_changed', 'alarm'],
  ])
})

it('tells streams apart as the engine does', async () => {
  const names = Object.fromEntries([...EVENT_STREAMS, 'events'].map((name) => [name, `'${name}'`]))
  const sql = `SELECT kind, action, ${byEventStream(names as Record<EventStream | 'events', string>)} FROM audit.events`
  const { rows } = await store.reader.query({ sql })
  expect(rows.length).toBeGreaterThan(3)
  for (const [kind, action, stream] of rows) expect(stream).toBe(eventStream({ kind: kind as EventKind, action: String(action) }))
})

it('holds what comes later, and outlives a change of retention', async () => {
  const late = {
    ...blankRow('events'),
    event_id: 'late',
    kind: 'KubeAudit' as const,
    time: '2026-03-02 01:00:00.000000',
    cluster: 'c',
    obj_ns: 'ns-b',
  }
  await store.writer.insert('events', [late], 'late')
  await store.applyHolds()
  await store.setRetention(30)
  await asAdmin("ALTER TABLE audit.events UPDATE received = now64(3) - INTERVAL 60 DAY WHERE event_id = 'late'")
  await expire()
  const rows = (await store.reader.query({ sql: 'SELECT event_id FROM audit.events ORDER BY 1' })).rows.flat()
  expect(rows).toEqual(['a', 'b', 'late'])
})

it.each([
  [{ by: 'a', reason: 'b' }, /no session, no namespace/],
  [{ by: 'a', reason: ' ', namespace: 'x' }, /not who wants it, or why/],
  [{ by: 'a', reason: 'b', from: 'soon' }, /soon is no time/],
])('refuses %j', async (hold, words) => {
  await expect(store.placeHold(hold)).rejects.toThrow(words)
})
