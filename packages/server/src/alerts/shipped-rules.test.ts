import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ResultRow } from '@podwitness/alert'
import { type EventDraft, storeTime, timeMsOf } from '@podwitness/event'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importPaths } from '../ingest/import-paths.ts'
import { AlertDesk } from './alert-desk.ts'
import { AlertLoop } from './alert-loop.ts'
import { installShippedRules, shippedRules } from './shipped-rules.ts'

const RECORDING = fileURLToPath(new URL('../../../../recordings/dev/', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'podwitness-shipped-'))
const HOUR_MS = 3_600_000
let store: Store
let loop: AlertLoop
/** The time of the recording: rules look at windows that end now. */
let clock = 0
let missingBefore: ReadonlyMap<string, string>

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  loop = new AlertLoop(store, { origin: 'http://h', send: { allowTargets: [], env: {} }, now: () => clock })
  clock = Date.parse('2026-01-01T00:00:00Z')
  await installShippedRules(store, clock)
  missingBefore = new Map((await new AlertDesk(store).rules()).map(({ id, cannotFire }) => [id, cannotFire]))
  const files = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-end.json.gz']
  await importPaths(
    store,
    files.map((name) => join(RECORDING, name)),
    { cluster: 'dev', rejectsDir: directory },
  )
  const { rows } = await store.reader.query({ sql: 'SELECT toString(max(time)) FROM audit.events' })
  // The longest pause between two runs of a rule is ten minutes.
  clock = Math.ceil(timeMsOf(String(rows[0]?.[0])) / 600_000) * 600_000 + 1
  await store.writer.insert('events', madeEvents(clock), 'made')
  await store.writer.insert('heartbeats', heartbeats(clock), 'beats')
  await store.writer.insert('placements', busyPod(clock), 'busy')
  await store.writer.insert('sessions', [unrecorded(clock)], 'unrecorded')
  await loop.tick()
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** What the recording does not have, each as the log would have it. */
function madeEvents(atMs: number): EventDraft[] {
  const common = { ...blankRow('events'), cluster: 'dev', node: 'k8s-node-1', time: storeTime(atMs - 5000) }
  const api = { ...common, kind: 'KubeAudit' as const, stage: 'ResponseComplete' }
  const raw = 'type=CONFIG_CHANGE msg=audit(1.000:9): op=remove_rule key="exec" list=4 res=1'
  const nightly = [1, 2, 3, 4].map((day) => ({
    ...{ ...api, event_id: `nightly-${day}`, user: 'erin', verb: 'get', resource: 'pods', status: 200, source_ip: '10.1.1.1' },
    time: storeTime(atMs - day * 24 * HOUR_MS),
  }))
  return [
    { ...common, kind: 'LinuxAudit', event_id: 'made-tamper', record_types: ['CONFIG_CHANGE'], raw },
    {
      ...common,
      kind: 'Finding',
      event_id: 'made-silent',
      action: 'node-silent',
      message: 'k8s-node-2 has been silent for 2 min',
    },
    ...nightly,
    { ...api, event_id: 'erin-elsewhere', user: 'erin', verb: 'get', resource: 'pods', status: 200, source_ip: '203.0.113.9' },
    {
      ...{
        ...api,
        event_id: 'pod-makes-pod',
        user: 'system:serviceaccount:ci:runner',
        verb: 'create',
        resource: 'pods',
        status: 201,
      },
      raw: '{"user":{"extra":{"authentication.kubernetes.io/pod-name":["runner-1"]}}}',
    },
    { ...api, event_id: 'reads-secrets', user: 'alice', verb: 'list', resource: 'secrets', status: 200 },
  ]
}

function heartbeats(atMs: number) {
  return [5, 4, 3, 2, 1, 0].map((steps) => ({
    ...blankRow('heartbeats'),
    ...{ cluster: 'dev', node: 'k8s-node-3', time: storeTime(atMs - 2000 - steps * 30_000), boot: 'b' },
    counters: { disk_free_share_audit_log: 0.06 + steps * 0.01, disk_free_share_state: -1 },
  }))
}

/** A workload with one or two commands an hour for two days, and forty in the last hour. */
function busyPod(atMs: number) {
  const at = (ms: number, id: string) => ({
    ...blankRow('placements'),
    ...{ event_id: id, time: storeTime(ms), cluster: 'dev', node: 'n', ns: 'shop', pod: 'cart-7d9f8b6c5-x2x4z', version: '1' },
  })
  const usual = Array.from({ length: 48 }, (_, hour) => at(atMs - (hour + 2) * HOUR_MS, `usual-${hour}`))
  return [...usual, ...Array.from({ length: 40 }, (_, index) => at(atMs - 60_000 - index * 1000, `burst-${index}`))]
}

function unrecorded(atMs: number) {
  const row = {
    ...blankRow('sessions'),
    trace_id: 'made-unrecorded',
    entry: 'unrecorded' as const,
    cluster: 'dev',
    node: 'k8s-node-1',
  }
  return { ...row, start: storeTime(atMs - 4000), end: storeTime(atMs - 3000), command: ['sh'], pod: 'web', version: '1' }
}

async function alertsOf(rule: string) {
  return loop.log.alerts('rule_id = {rule:String}', { rule }, 1000)
}

it('come without a fault, and every evaluation of each succeeds', async () => {
  const rules = await shippedRules()
  expect(rules.length).toBe(16)
  for (const { rule } of rules) {
    expect(rule.reason.length).toBeGreaterThan(40)
    const [run] = await loop.log.runs(rule.id, 1)
    expect([rule.id, run?.error ?? (rule.check === 'stream' ? '' : 'no run')]).toEqual([rule.id, ''])
  }
})

it.each([
  ['low-disk', 'cannot fire: no disk metrics from any node'],
  ['requests-without-permission', 'cannot fire: no audit log of the API server'],
  ['entry-without-api-record', 'cannot fire: no sessions, no audit log of the API server'],
])('%s says without data that it %s', async (id, words) => {
  expect(missingBefore.get(id)).toBe(words)
  const now = new Map((await new AlertDesk(store).rules()).map((rule) => [rule.id, rule.cannotFire]))
  expect(now.get(id)).toBe('')
})

it('each says without data what it lacks, and with data that it lacks nothing', async () => {
  const now = await new AlertDesk(store).rules()
  expect(missingBefore.size).toBe(16)
  for (const { rule } of await shippedRules()) {
    expect(rule.needs.length, rule.id).toBeGreaterThan(0)
    expect(missingBefore.get(rule.id), rule.id).toMatch(/^cannot fire: no /)
    expect(missingBefore.get(rule.id)?.split(', '), rule.id).toHaveLength(rule.needs.length)
  }
  expect(now.filter(({ cannotFire }) => cannotFire !== '').map(({ id }) => id)).toEqual([])
})

describe('fire when it really happens', () => {
  it.each<[string, RegExp]>([
    ['ack-container-enter', /"k8s.user.username":"alice"/],
    ['ack-container-run-danger-cmd', /"process.name":"(rm|curl|wget|nsenter)"/],
    ['host-escape-from-session', /nsenter -t 1/],
    ['secrets-or-rights-after-entry', /reads-secrets/],
    ['audit-tampering', /remove_rule/],
    ['low-disk', /audit_log: [6-9](\.\d)? % free/],
    ['log-volume-shrinking', /audit_log is full in/],
    ['silent-node', /k8s-node-2 has been silent/],
    ['running-as-root', /"uid":0/],
    ['requests-without-permission', /"user":"mallory"/],
    ['anonymous-used-or-granted', /system:anonymous/],
    ['pod-created-from-pod-or-node', /pod-makes-pod/],
    ['unusual-syscalls-or-failed-calls', /seccomp on/],
    ['unusual-time-or-place', /first seen: address 203.0.113.9/],
    ['deviation-from-baseline', /40 commands in an hour/],
  ])('%s', async (id, expected) => {
    const alerts = await alertsOf(id)
    expect(alerts.length).toBeGreaterThan(0)
    expect(alerts.some(({ results }) => expected.test(results))).toBe(true)
  })

  it('an entry without API record, after the wait for late API events', async () => {
    const [unrecorded] = (
      await store.reader.query({ sql: "SELECT count() FROM audit.sessions FINAL WHERE entry = 'unrecorded'" })
    ).rows
    const found = (await alertsOf('entry-without-api-record')).flatMap(({ results }) => JSON.parse(results) as ResultRow[])
    expect(found).toEqual([])
    const stored = (await loop.objects.rules()).find(({ rule }) => rule.id === 'entry-without-api-record')
    await loop.objects.saveRule(
      stored?.rule as never,
      (stored?.yaml ?? '').replace('wait: 3m', 'wait: 1s'),
      Date.parse('2026-01-01'),
    )
    clock += 60_000
    await loop.tick()
    const later = (await alertsOf('entry-without-api-record')).flatMap(({ results }) => JSON.parse(results) as ResultRow[])
    expect(later).toHaveLength(Number(unrecorded?.[0]))
    expect(later.length).toBeGreaterThan(0)
  })
})
