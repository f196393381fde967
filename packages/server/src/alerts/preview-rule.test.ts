import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { firstRule, soundRules } from './alert-desk.ts'
import { previewRule } from './preview-rule.ts'
import { queryRows } from './query-rows.ts'
import { spreadOrder } from './spread-order.ts'

const directory = mkdtempSync(join(tmpdir(), 'podwitness-preview-'))
const FROM_MS = Date.UTC(2026, 10, 14)
const DAY_MS = 86_400_000
const FINDINGS = 12_000
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  // One every seven minutes on the first day, the rest in the last minute of the third: more than are read as rows.
  const timeOf = (index: number) => (index < 200 ? FROM_MS + index * 420_000 : FROM_MS + 3 * DAY_MS - 60_000 + index)
  const finding = (index: number) => ({
    ...{ ...blankRow('events'), kind: 'Finding' as const, action: 'tried', event_id: `f${index}`, node: `n${index % 2}` },
    ...{ cluster: 'dev', time: storeTime(timeOf(index)) },
  })
  await store.writer.insert(
    'events',
    Array.from({ length: FINDINGS }, (_, index) => finding(index)),
    'findings',
  )
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

async function preview(columns: string, more: string, budgetMs?: number) {
  const yaml = `id: t\nquery: {lang: sql, window: 1h, text: "SELECT ${columns} FROM audit.events WHERE action = 'tried' AND time >= {from:DateTime64(3)} AND time < {to:DateTime64(3)}"}\n${more}`
  return previewRule(store, firstRule(await soundRules(yaml)), FROM_MS, FROM_MS + 7 * DAY_MS, budgetMs)
}

it('counts every row of a rule that finds more than are read, without its exceptions', async () => {
  const all = await preview('event_id, time, node', 'groupBy: [node]\nmute: 1d')
  // 200 minutes of one row each; then both nodes in each of the two minutes that the last rows fall into.
  expect(all).toMatchObject({ rows: FINDINGS, alerts: 202, truncated: false, windows: { all: 1, looked: 1 } })
  expect(all.groups).toEqual([
    { group: 'n0', rows: 6000, alerts: 101 },
    { group: 'n1', rows: 6000, alerts: 101 },
  ])
  expect(all.days).toEqual([
    { day: '2026-11-14', rows: 200 },
    { day: '2026-11-16', rows: FINDINGS - 200 },
  ])
  expect(all.messages).toBe(4)
  expect(all.samples).toHaveLength(50)
  expect(all.samples[0]).toMatchObject({ event_id: 'f0', node: 'n0' })
  const without = await preview('event_id, time, node', 'groupBy: [node]\nexcept: [{node: n0}]')
  expect([without.rows, without.alerts, without.samples.some(({ node }) => node === 'n0')]).toEqual([6000, 101, false])
  expect(await preview('event_id, time, node', 'trigger: {count: 100}')).toMatchObject({ rows: FINDINGS - 200, alerts: 1 })
})

it('reads all rows of a question in SLS too, and alerts on each', async () => {
  const entry = (index: number) => ({
    ...{
      ...blankRow('entries'),
      event_id: `x${index}`,
      operation: 'PodExec',
      user: `u${index % 3}`,
      cluster: 'dev',
      version: '1',
    },
    time: storeTime(FROM_MS + index),
  })
  const entries = Array.from({ length: FINDINGS }, (_, index) => entry(index))
  await store.writer.insert('entries', entries, 'entries')
  const yaml =
    'id: s\nquery: {lang: sls, text: \'kind: Kubernetes | select "time", "eventId", "k8s.user.username" from log\'}\ngroupBy: [k8s.user.username]\n'
  const rule = firstRule(await soundRules(yaml))
  const all = await previewRule(store, rule, FROM_MS, FROM_MS + 7 * DAY_MS)
  expect(all).toMatchObject({ rows: FINDINGS, alerts: 3, truncated: false })
  expect(all.samples[0]).toMatchObject({
    eventId: expect.stringMatching(/^x\d+$/),
    'k8s.user.username': expect.stringMatching(/^u[0-2]$/),
  })
  const { rows, truncated } = await queryRows(store, rule, FROM_MS, FROM_MS + DAY_MS)
  expect([new Set(rows.map(({ eventId }) => eventId)).size, truncated]).toEqual([FINDINGS, false])
})

it('looks at every window of a condition when it may, and says how many it saw when it may not', async () => {
  await expect(preview('node, count() AS n', 'trigger: noData')).rejects.toMatchObject({
    message: expect.stringContaining('GROUP BY'),
  })
  const within = (budget: number) => preview('count() AS n', 'trigger: {column: n, above: 100}', budget)
  expect(await within(60_000)).toMatchObject({ alerts: 1, truncated: false, windows: { all: 168, looked: 168 } })
  const brief = await within(0)
  expect(brief).toMatchObject({ truncated: true, windows: { all: 168, looked: 1 } })
})

it('an order that is stopped early has seen all parts', () => {
  for (const count of [0, 1, 2, 7, 168])
    expect([...spreadOrder(count)].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at))
  const early = [...spreadOrder(168)].slice(0, 8)
  expect(new Set(early.map((at) => Math.floor(at / 42))).size).toBe(4)
})
