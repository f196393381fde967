import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { advauditCatalog } from '../src/catalog/advaudit-catalog.ts'
import type { Catalog, Field } from '../src/catalog/catalog.ts'
import { compile } from '../src/compile.ts'

/** In the part of the logstore that another field is in. */
const keptWith = (name: string): Pick<Field, 'part'> => {
  const part = advauditCatalog.logstore.fields.find((field) => field.name === name)?.part
  return part === undefined ? {} : { part }
}

/** Fields the fixture has besides the view's, told by the row or its user. */
const EXTRA: readonly Field[] = [
  {
    name: 'cost_ms',
    type: 'int',
    ...keptWith('eventId'),
    sql: "CAST(transform(event_id, ['e2','e3','e4','e6','e7','e8'], [12,250,3,1,60,100], NULL), 'Nullable(Int64)')",
  },
  {
    name: 'k8s.user.aliuid',
    type: 'string',
    ...keptWith('k8s.user.username'),
    sql: "nullIf(transform(toString(user), ['alice','carol'], ['1001','1003'], ''), '')",
  },
]
export const slsCatalog: Catalog = {
  logstore: {
    ...advauditCatalog.logstore,
    fields: [...advauditCatalog.logstore.fields.filter((field) => field.name !== 'k8s.user.aliuid'), ...EXTRA],
  },
}

const at = (clock: string) => `2025-01-01 00:${clock}.000000`
const SESSIONS = [
  { trace_id: 't1', user: 'alice', groups: ['dev', 'system:authenticated'], host_ip: '10.0.0.1', pod_labels: { app: 'web' } },
  { trace_id: 't2', user: 'bob', groups: ['ops'], host_ip: '10.0.0.2', pod_labels: { 'k8s-app': 'kube-dns' } },
  { trace_id: 't3', user: 'carol', groups: [], host_ip: '10.0.0.3', pod_labels: {} },
]
const PLACES: Record<string, { node: string; ns: string; pod: string; container: string; image: string; cluster: string }> = {
  t1: { node: 'node-a', ns: 'default', pod: 'web-1', container: 'app', image: 'reg.io/web:1', cluster: 'c1' },
  t2: {
    node: 'node-b',
    ns: 'kube-system',
    pod: 'coredns-abc',
    container: 'coredns',
    image: 'reg.io/coredns:1.11',
    cluster: 'c1',
  },
  t3: { node: 'node-c', ns: 'prod', pod: 'api-7', container: 'api', image: 'reg.io/api:2', cluster: 'c2' },
}
/** id, trace, clock, name, command line, directory, pid, parent, its name, uid */
const COMMANDS: [string, string, string, string, string, string, number, number, string, number][] = [
  ['e2', 't1', '00:10', 'rm', 'rm -rf /tmp/a.txt', '/app', 31, 30, 'bash', 0],
  ['e3', 't1', '00:40', 'curl', 'curl -s http://169.254.169.254/latest', '/app', 32, 30, 'bash', 0],
  ['e4', 't1', '01:10', 'ls', 'ls -la', '/', 33, 30, 'bash', 0],
  ['e6', 't2', '02:05', 'id', 'id', '/', 77, 76, 'sh', 0],
  ['e7', 't2', '02:06', 'sudo', 'sudo su -', '/', 78, 76, 'sh', 1000],
  ['e8', 't3', '05:00', 'kubectl', 'kubectl get secrets -A', '/root', 5, 1, 'sh', 0],
]

/** A store with the eight rows, and what is asked of it. */
export interface SlsFixture {
  readonly store: Store
  answer(text: string, range?: TimeRange, catalog?: Catalog): Promise<{ columns: string[]; rows: readonly (readonly unknown[])[] }>
  /** The ids of the rows that are found, in their order. */
  ids(text: string, range?: TimeRange, catalog?: Catalog): Promise<string>
  close(): Promise<void>
}
interface TimeRange {
  readonly from?: string
  readonly to?: string
}

export async function openSlsFixture(): Promise<SlsFixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-query-'))
  const store = await openStore({ dataDir, role: 'server' })
  await fill(store)
  const answer: SlsFixture['answer'] = async (text, range = {}, catalog = slsCatalog) => {
    const { sql, params } = compile({ lang: 'sls', text, catalog, ...range })
    const { columns, rows } = await store.reader.query({ sql, params, profile: 'hunt' })
    return { columns: columns.map((column) => column.name), rows }
  }
  return {
    store,
    answer,
    ids: async (text, range, catalog) => {
      const { columns, rows } = await answer(text, range, catalog)
      return rows
        .map((row) => String(row[columns.indexOf('eventId')]))
        .sort()
        .join(' ')
    },
    close: async () => {
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function fill(store: Store): Promise<void> {
  const events = COMMANDS.map(([event_id, trace, clock, name, cmdline, cwd, pid, ppid, , uid]) => {
    const { node = '', cluster = '' } = PLACES[trace] ?? {}
    return {
      ...blankRow('events'),
      event_id,
      kind: 'Command' as const,
      time: at(clock),
      name,
      cmdline,
      cwd,
      pid,
      ppid,
      uid,
      node,
      cluster,
    }
  })
  const placements = COMMANDS.map(([event_id, trace_id, clock, , , , , , parent_name]) => ({
    ...blankRow('placements'),
    ...PLACES[trace_id],
    ...{ event_id, trace_id, time: at(clock), entry: 'exec', parent_name, placed: 'lineage', version: '1' },
  }))
  const sessions = SESSIONS.map((session) => ({
    ...blankRow('sessions'),
    ...session,
    ...{ entry: 'exec', confidence: 'matched', version: '1', start: at('00:00'), end: at('00:00') },
  }))
  const common = { ...blankRow('entries'), operation: 'PodExec', version: '1', started: at('00:00'), ended: at('00:00') }
  const entries = [
    {
      ...common,
      ...PLACES.t1,
      ...SESSIONS[0],
      ...{ event_id: 'e1', time: at('00:05'), command: ['bash'], image: '' },
      pod_labels: { app: 'web', 'app.kubernetes.io/name': 'web' },
    },
    { ...common, ...PLACES.t2, ...SESSIONS[1], ...{ event_id: 'e5', time: at('02:00'), command: ['sh', '-c', 'id'], image: '' } },
  ]
  await store.writer.insert('events', events, 'events')
  await store.writer.insert('placements', placements, 'placements')
  await store.writer.insert('sessions', sessions, 'sessions')
  await store.writer.insert('entries', entries, 'entries')
}

/** Booleans as numbers, and 64-bit numbers as numbers: the forms of the engine's answers do not matter here. */
export function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
}
