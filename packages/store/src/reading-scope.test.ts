import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blankRow } from './blank-row.ts'
import { openStore } from './open-store.ts'
import type { ReadingScope } from './reading-scope.ts'
import type { Store } from './store.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-scope-'))
const TIME = '2026-01-01 00:00:00.000000'
let store: Store

/** One command, request, session, … of each namespace; `event_id` says of which. */
beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
  const { writer } = store
  const event = (event_id: string, more: object) => ({ ...blankRow('events'), event_id, time: TIME, cluster: 'c', ...more })
  const places = ['a', 'team-b', "it's"]
  await writer.insert(
    'events',
    [
      ...places.map((ns) => event(`command ${ns}`, { kind: 'Command', name: 'id' })),
      ...places.map((ns) => event(`request ${ns}`, { kind: 'KubeAudit', obj_ns: ns })),
      ...places.map((ns) => event(`file ${ns}`, { kind: 'LinuxAudit', ns })),
      event('elsewhere', { kind: 'Command', cluster: 'other' }),
      event('act', { kind: 'AdminAct', cluster: '' }),
    ],
    'events',
  )
  const placed = places.map((ns) => ({
    ...blankRow('placements'),
    event_id: `command ${ns}`,
    time: TIME,
    cluster: 'c',
    ns,
    version: '5',
    trace_id: ns,
  }))
  await writer.insert('placements', placed, 'placements')
  await writer.insert(
    'sessions',
    places.map((ns) => ({ ...blankRow('sessions'), trace_id: ns, cluster: 'c', ns, start: TIME, version: '5' })),
    'sessions',
  )
  const alert = (alert_id: string, rows: object[]) => ({
    ...blankRow('alerts'),
    alert_id,
    results: JSON.stringify(rows),
    created: TIME,
  })
  const alerts = [
    alert('of a', [{ Namespace: 'a' }]),
    alert('of both', [{ Namespace: 'a' }, { 'k8s.pod.namespace': 'team-b' }]),
    alert('of nothing', []),
  ]
  await writer.insert('alerts', alerts, 'alerts')
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function seen(sql: string, scope: Partial<ReadingScope>): Promise<string[]> {
  const reader = store.reader.within({ clusters: null, namespaces: null, acts: false, ...scope })
  const [asked, streamed] = [[] as string[], [] as string[]]
  for (const profile of ['app', 'hunt'] as const)
    asked.push(
      (await reader.query({ sql, profile })).rows
        .map(([id]) => String(id))
        .sort()
        .join('|'),
    )
  for await (const rows of reader.stream<{ id: string }>(sql)) streamed.push(...rows.map(({ id }) => id))
  expect(asked).toEqual([streamed.sort().join('|'), streamed.join('|')])
  return streamed
}

const EVENTS = 'SELECT event_id AS id FROM audit.events'

describe('a reader of some namespaces sees nothing of others', () => {
  it.each<[string, string, readonly string[], string[]]>([
    ['events', EVENTS, ['a'], ['command a', 'file a', 'request a']],
    ['a beginning of names', EVENTS, ['team-*'], ['command team-b', 'file team-b', 'request team-b']],
    ['a name with a quote', EVENTS, ["it's"], ["command it's", "file it's", "request it's"]],
    ['no namespace', EVENTS, [], []],
    ['no such namespace', EVENTS, ["') OR 1 OR ('"], []],
    ['a view over three tables', 'SELECT event_id AS id FROM audit.commands', ['a'], ['command a']],
    ['the view of SLS', "SELECT event_id AS id FROM audit.advaudit WHERE 1 OR kind = ''", ['a'], []],
    [
      'a subquery',
      `SELECT id FROM (WITH e AS (${EVENTS}) SELECT * FROM e WHERE id IN (${EVENTS}))`,
      ['a'],
      ['command a', 'file a', 'request a'],
    ],
    ['sessions', 'SELECT trace_id AS id FROM audit.sessions FINAL', ['a'], ['a']],
    ['alerts', 'SELECT alert_id AS id FROM audit.alerts FINAL', ['a'], ['of a']],
    ['alerts of both', 'SELECT alert_id AS id FROM audit.alerts FINAL', ['a', 'team-b'], ['of a', 'of both']],
  ])('%s', async (_name, sql, namespaces, expected) => {
    expect(await seen(sql, { namespaces })).toEqual(expected)
  })
})

it('a reader of some clusters sees nothing of others', async () => {
  expect(await seen(EVENTS, { clusters: ['other'] })).toEqual(['elsewhere'])
  expect(await seen('SELECT trace_id AS id FROM audit.sessions FINAL', { clusters: ['other'] })).toEqual([])
})

it('administrative acts are for those who may see them, also where somebody lifts the settings', async () => {
  const lifted = `${EVENTS} WHERE kind = 'AdminAct' SETTINGS additional_table_filters = {}`
  const asHunter = store.reader.within({ clusters: null, namespaces: null, acts: false })
  expect((await asHunter.query({ sql: lifted, profile: 'hunt' })).rows).toEqual([])
  expect(await seen(`${EVENTS} WHERE kind = 'AdminAct'`, { acts: true })).toEqual(['act'])
})

it('what is closed to people stays closed in every scope', async () => {
  for (const acts of [true, false])
    for (const table of ['access_objects', 'alert_objects', 'alert_deliveries', 'saved_queries'])
      await expect(
        store.reader
          .within({ clusters: null, namespaces: null, acts })
          .query({ sql: `SELECT * FROM audit.${table}`, profile: 'hunt' }),
      ).rejects.toMatchObject({ code: 'PW-ST-011' })
})
