import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blankRow, openStore, type Store } from '@podwitness/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advauditCatalog } from './catalog/advaudit-catalog.ts'
import type { Catalog, Field } from './catalog/catalog.ts'
import { compile } from './compile.ts'
import { QueryError } from './query-error.ts'
import { printSearch } from './sls/print-search.ts'
import { parseSearch } from './sls/search-parser.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-query-'))
let store: Store

/** Fields the fixture has besides the view's, told by the row or its user. */
const EXTRA: readonly Field[] = [
  {
    name: 'cost_ms',
    type: 'int',
    sql: "CAST(transform(event_id, ['e2','e3','e4','e6','e7','e8'], [12,250,3,1,60,100], NULL), 'Nullable(Int64)')",
  },
  {
    name: 'k8s.user.aliuid',
    type: 'string',
    sql: "nullIf(transform(toString(user), ['alice','carol'], ['1001','1003'], ''), '')",
  },
]
const catalog: Catalog = {
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

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
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
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function answer(text: string, range: { from?: string; to?: string } = {}) {
  const { sql, params } = compile({ lang: 'sls', text, catalog, ...range })
  const { columns, rows } = await store.reader.query({ sql, params, profile: 'hunt' })
  return { columns: columns.map((column) => column.name), rows }
}
const rowsOf = async (text: string, range = {}) => (await answer(text, range)).rows
async function ids(text: string): Promise<string> {
  const { columns, rows } = await answer(text)
  return rows
    .map((row) => String(row[columns.indexOf('eventId')]))
    .sort()
    .join(' ')
}

const ALL = 'e1 e2 e3 e4 e5 e6 e7 e8'
describe('search', () => {
  it.each([
    ['* and k8s.pod.namespace: default and k8s.pod.name: web-1', 'e1 e2 e3 e4'],
    ['* and process.name: curl', 'e3'],
    ['*', ALL],
    ['', ALL],
    [' ', ALL],
    ['curl', 'e3'],
    ['CURL', 'e3'],
    ['"169.254.169.254"', 'e3'],
    ['rm curl', ''],
    ['rm or curl', 'e2 e3'],
    ['kind: Command not process.name: ls', 'e2 e3 e6 e7 e8'],
    ['not process.name: curl', 'e1 e2 e4 e5 e6 e7 e8'],
    ['process.name: (rm or curl or sudo)', 'e2 e3 e7'],
    ['process.name: rm or process.name: curl and k8s.user.username: alice', 'e2 e3'],
    ['(process.name: rm or process.name: sudo) and k8s.user.username: bob', 'e7'],
    ['process.name: *', 'e2 e3 e4 e6 e7 e8'],
    ['not process.name: *', 'e1 e5'],
    ['k8s.user.aliuid: ""', ''],
    ['process.cmdline: sec*', 'e8'],
    ['process.cmdline: s?do', 'e7'],
    ['process.cmdline: "su sudo"', 'e7'],
    ['process.cmdline:#"su sudo"', ''],
    ['process.cmdline:#"sudo su"', 'e7'],
    ['#"rm -rf /tmp"', 'e2'],
    ['cost_ms > 60', 'e3 e8'],
    ['cost_ms >= 60', 'e3 e7 e8'],
    ['cost_ms in [3 100)', 'e2 e4 e7'],
    ['cost_ms in (3 100]', 'e2 e7 e8'],
    ['cost_ms >= 60 and cost_ms < 200', 'e7 e8'],
    ['cost_ms = 12', 'e2'],
    ['cost_ms: 12', 'e2'],
    ['kind: Command and "k8s.pod.namespace": kube-system', 'e6 e7'],
    ['"and"', ''],
    ['process.cmdline: "http://169.254.169.254/latest"', 'e3'],
    ['k8s.user.groups: ops', 'e5 e6 e7'],
    ['KUBEOBJECT.operation.KIND: podexec', 'e1 e5'],
    ['__topic__: x', ''],
    ['__topic__: ""', ALL],
    ['not __source__: "" or __topic__: y', ''],
    ['not __tag__:__path__: *', ALL],
    ['NOT kind:Command', 'e1 e5'],
    ['kind : Command AND NOT process.name : ls', 'e2 e3 e6 e7 e8'],
    ['rm or not kind: Command', 'e1 e2 e5'],
    ['not (rm or curl) and kind: Command', 'e4 e6 e7 e8'],
    ['not not curl', 'e3'],
    ['process.name: (r* or c*)', 'e2 e3'],
    ['process.name: (not ls)', 'e1 e2 e3 e5 e6 e7 e8'],
    ['process.name: r?', 'e2'],
    ['process.name: r?m', ''],
    ["'rm'", 'e2'],
    ['"process.name": "rm"', 'e2'],
    ['process.cmdline: "-rf rm"', 'e2'],
    ['process.cmdline: "a.txt"', 'e2'],
    ['process.cmdline: a', ''],
    ['process.cmdline: latest', 'e3'],
    ['process.cmdline: "\\"rm"', 'e2'],
    ['not k8s.user.username: ""', ALL],
    ['cost_ms: > 60', 'e3 e8'],
    ['cost_ms in (3 100)', 'e2 e7'],
    ['cost_ms in [3 100]', 'e2 e4 e7 e8'],
    ['cost_ms != 12', 'e3 e4 e6 e7 e8'],
    ['cost_ms >= 11.5 and cost_ms <= 12.5', 'e2'],
    ['cost_ms < -1', ''],
    ['not cost_ms > 60', 'e1 e2 e4 e5 e6 e7'],
    ['k8s.pod.labels: kube-dns', 'e5 e6 e7'],
    ['"in" or "not"', ''],
    ['__source__: x', ''],
    ['__tag__:__path__: x', ''],
    ['k8s.pod.name: web-1', 'e1 e2 e3 e4'],
    ['k8s.pod.name: web', ''],
    ['k8s.pod.labels.app.kubernetes.io/name: web', 'e1'],
  ])('%s', async (text, expected) => {
    expect(await ids(text)).toBe(expected)
  })
})

const NAMES =
  "'rm', 'sudo', 'su', 'nsenter', 'curl', 'wget', 'yum', 'apt-get', 'apt', 'apk', 'dpkg', 'nc', 'ncat', 'ssh', 'scp', 'nmap', 'docker', 'crictl', 'nerdctl', 'podman', 'kubectl', 'helm', 'mysql', 'redis', 'psql', 'redis-cli', 'pip', 'npm', 'gem'"
const ENTERED =
  'kind: Kubernetes and kubeObject.operation.kind: PodExec | select "clusterid", "time", "traceId", "eventId", "k8s.user.aliuid", "k8s.user.username", json_extract(k8s, \'$.user.groups\') as "k8s.user.groups", "host.hostip", "host.nodename", "k8s.pod.namespace", "k8s.pod.name", json_extract(k8s, \'$.pod.labels\') as "k8s.pod.labels", "kubeobject.operation.podexecoptions.container", json_extract(kubeobject, \'$.operation.podExecOptions.command\') as "kubeobject.operation.podexecoptions.command", "kubeobject.operation.podexecoptions.commandstr" from log'
const RISKY = `kind: Command | select "clusterid", "time", "traceId", "eventId", "k8s.user.aliuid", "k8s.user.username", json_extract(k8s, '$.user.groups') as "k8s.user.groups", "host.hostip", "host.nodename", "k8s.pod.namespace", "k8s.pod.name", json_extract(k8s, '$.pod.labels') as "k8s.pod.labels", "k8s.container.name", "k8s.container.image", "process.cwd", "process.name", "process.cmdline", json_extract(process, '$.pid') as "process.pid", "process.user.uid", json_extract(process, '$.parentPid') as "process.parentpid", "process.parentname" from log where "process.name" in (${NAMES})`

describe('the alert queries as published', () => {
  it('who entered', async () => {
    const { columns, rows } = await answer(ENTERED)
    expect(columns.slice(0, 4)).toEqual(['clusterid', 'time', 'traceId', 'eventId'])
    expect(columns[14]).toBe('kubeobject.operation.podexecoptions.commandstr')
    const e1 = rows.find((row) => row[3] === 'e1')
    const groups = '["dev","system:authenticated"]'
    const labels = '{"app":"web","app.kubernetes.io/name":"web"}'
    expect(e1?.slice(2)).toEqual([
      't1',
      'e1',
      '1001',
      'alice',
      groups,
      '10.0.0.1',
      'node-a',
      'default',
      'web-1',
      labels,
      'app',
      '["bash"]',
      'bash',
    ])
    const e5 = rows.find((row) => row[3] === 'e5')
    expect([rows.length, e5?.[4], e5?.[13]]).toEqual([2, null, '["sh","-c","id"]'])
  })

  it('who ran what is risky', async () => {
    const { columns, rows } = await answer(RISKY)
    expect(columns).toHaveLength(21)
    const told = rows.map((row) => [row[3], row[17], row[18], row[19]]).sort()
    expect(told).toEqual([
      ['e2', '31', 0, '30'],
      ['e3', '32', 0, '30'],
      ['e7', '78', 1000, '76'],
      ['e8', '5', 0, '1'],
    ])
  })
})

const MINUTES = [
  ['00:00', 3],
  ['00:01', 1],
  ['00:02', 3],
  ['00:03', 0],
  ['00:04', 0],
  ['00:05', 1],
]
const RANGE = { from: '2025-01-01T00:00:00Z', to: '2025-01-01T00:06:00Z' }
describe('analysis', () => {
  it.each<[string, unknown[][]]>([
    ['* | select count(*) as c', [[8]]],
    [
      'kind: Command | select "process.name" as p, count(1) as n group by p order by n desc, p limit 3',
      [
        ['curl', 1],
        ['id', 1],
        ['kubectl', 1],
      ],
    ],
    [
      '* | select kind, count(*) group by kind order by kind',
      [
        ['Command', 6],
        ['Kubernetes', 2],
      ],
    ],
    ['* | select approx_distinct("k8s.user.username") as u', [[3]]],
    ['* | select count_if("process.user.uid" = 0) as root, count_if("process.user.uid" <> 0) as nonroot', [[5, 1]]],
    [
      "* | select date_trunc('minute', __time__) as m, count(*) as n group by m order by m limit 1",
      [['2025-01-01 00:00:00.000', 3]],
    ],
    [
      "* | select date_format(from_unixtime(__time__), '%H:%i') as m, count(*) n group by m order by m",
      [
        ['00:00', 3],
        ['00:01', 1],
        ['00:02', 3],
        ['00:05', 1],
      ],
    ],
    [
      '* | select __time__ - __time__ % 60 as t, count(*) as n group by t order by t',
      [
        [1735689600, 3],
        [1735689660, 1],
        [1735689720, 3],
        [1735689900, 1],
      ],
    ],
    ["* | select time_series(__time__, '1m', '%H:%i', '0') as t, count(*) as n group by t order by t", MINUTES],
    [
      "* | select json_extract_scalar(k8s, '$.user.username') as u, count(*) n group by u order by n desc",
      [
        ['alice', 4],
        ['bob', 3],
        ['carol', 1],
      ],
    ],
    [
      "kind: Kubernetes | select json_extract_scalar(kubeobject, '$.operation.podExecOptions.command[0]') as c0, json_array_length(json_extract(kubeobject,'$.operation.podExecOptions.command')) as n order by c0",
      [
        ['bash', 1],
        ['sh', 3],
      ],
    ],
    [
      '* | select l, count(*) n from (select json_extract_scalar(k8s,\'$.pod.labels["app.kubernetes.io/name"]\') as l from log) where l is not null group by l',
      [['web', 1]],
    ],
    [
      'kind: Command | select split_part("k8s.container.image", \':\', 1) as repo, array_sort(array_agg(distinct "process.name")) as ps group by repo order by repo',
      [
        ['reg.io/api', ['kubectl']],
        ['reg.io/coredns', ['id', 'sudo']],
        ['reg.io/web', ['curl', 'ls', 'rm']],
      ],
    ],
    [
      'kind: Command | select regexp_extract("process.cmdline", \'https?://([^/ ]+)\', 1) as h where regexp_like("process.cmdline", \'https?://\')',
      [['169.254.169.254']],
    ],
    [
      'kind: Command | select max_by("process.name", cost_ms) as slow, approx_percentile(cost_ms, 0.5) between 12 and 60 as p50, avg(cost_ms) as a, sum(cost_ms) as s',
      [['curl', 1, 71, 426]],
    ],
    [
      "* | select case when \"k8s.pod.namespace\" = 'kube-system' then 'sys' else 'app' end as z, count(*) as n group by z order by z",
      [
        ['app', 5],
        ['sys', 3],
      ],
    ],
    [
      'kind: Command | select "k8s.user.username" as u, "process.name" as p, row_number() over (partition by "k8s.user.username" order by __time__) as rn from log order by u, rn',
      [
        ['alice', 'rm', 1],
        ['alice', 'curl', 2],
        ['alice', 'ls', 3],
        ['bob', 'id', 1],
        ['bob', 'sudo', 2],
        ['carol', 'kubectl', 1],
      ],
    ],
    [
      '* | with t as (select traceId, min(__time__) s, max(__time__) e from log group by traceId) select traceId, e - s as dur from t order by dur desc',
      [
        ['t1', 65],
        ['t2', 6],
        ['t3', 0],
      ],
    ],
    [
      "kind: Kubernetes | select a.traceId, count(b.eventId) n from log a join log b on a.traceId = b.traceId where b.kind = 'Command' group by a.traceId",
      [],
    ],
    [
      "* | select a.traceId, count(b.eventId) n from log a join log b on a.traceId = b.traceId where b.kind = 'Command' and a.kind='Kubernetes' group by a.traceId order by 1",
      [
        ['t1', 3],
        ['t2', 2],
      ],
    ],
    [
      "* | select c from log cross join unnest(cast(json_extract(k8s,'$.user.groups') as array(varchar))) as t(c) group by c order by c",
      [['dev'], ['ops'], ['system:authenticated']],
    ],
    [
      '* | select "k8s.user.username" u, histogram("process.name") h group by u order by u',
      [
        ['alice', { rm: 1, curl: 1, ls: 1 }],
        ['bob', { id: 1, sudo: 1 }],
        ['carol', { kubectl: 1 }],
      ],
    ],
    ['kind: Command | select count(*) n, sum(if("process.user.uid"=0,1,0)) r having n > 5', [[6, 5]]],
    [
      '* | select "clusterid", count(distinct "k8s.pod.name") p group by "clusterid" order by p desc',
      [
        ['c1', 2],
        ['c2', 1],
      ],
    ],
    ['* | select eventId from log where "k8s.user.aliuid" is null order by eventId', [['e5'], ['e6'], ['e7']]],
    ['* | select eventId from log where "process.cmdline" like \'%secrets%\'', [['e8']]],
    ['eventId: e2 | select \'status\' as a, "kind" as b limit 1', [['status', 'Command']]],
    ['* | select kind from log order by __time__ limit 2, 3', [['Command'], ['Command'], ['Kubernetes']]],
    ['* | select eventId from log order by __time__ desc', ['e8', 'e7', 'e6', 'e5', 'e4', 'e3', 'e2', 'e1'].map((id) => [id])],
    [
      '* | select url_extract_host(regexp_extract("process.cmdline",\'http\\S+\')) h where "process.name"=\'curl\'',
      [['169.254.169.254']],
    ],
    ["* | select 'it''s', '\\' limit 1", [["it's", '\\']]],
    ['* | select eventId from "advaudit-c2"', [['e8']]],
    ['* | select 7 / 2 as a, -7 / 2 as b, 7.0 / 2 as c, round(2.5) as d limit 1', [[3, -3, 3.5, 3]]],
    [
      "* | select l.eventId, r.eventId as other from (select eventId from log where eventId in ('e1','e2')) l left join (select eventId from log where eventId='e2') r on l.eventId = r.eventId order by 1",
      [
        ['e1', null],
        ['e2', 'e2'],
      ],
    ],
    ["* | select count(*) n from log where eventId not in (select eventId from log where kind = 'Command')", [[2]]],
    [
      "* | select 'a' as x from log where eventId='e1' union all select 'b' from log where eventId='e1' order by x desc",
      [['b'], ['a']],
    ],
    ["* | select array_join(transform(split('a-b', '-'), x -> upper(x)), '+') v limit 1", [['A+B']]],
    [
      '* | select "process.name" p, lag("process.name") over (order by __time__) l from log where traceId=\'t2\' and kind=\'Command\' order by __time__',
      [
        ['id', null],
        ['sudo', 'id'],
      ],
    ],
  ])('%s', async (text, expected) => {
    expect((await rowsOf(text, text.includes('time_series') ? RANGE : {})).map((row) => row.map(plain))).toEqual(expected)
  })

  it('names columns without a name by their place', async () => {
    expect((await answer('* | select kind, count(*) group by kind')).columns).toEqual(['kind', '_col1'])
  })

  it('applies the time range, its end excluded', async () => {
    expect(await rowsOf('* | select count(*)', { from: '2025-01-01T00:00:10Z', to: '2025-01-01T00:02:00Z' })).toEqual([[3]])
  })
})

/** Booleans as numbers, and 64-bit numbers as numbers: the forms of the engine's answers do not matter here. */
function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
}

describe('refusals', () => {
  it.each([
    ['process.cmdline: *crets', 'PW-QY-004', 18],
    ['cost_ms in [60 *]', 'PW-QY-001', 16],
    ['kind: Command and (', 'PW-QY-001', 20],
    ["* | select json_extract_scalar(k8s, '$.a') as l where l is not null", 'PW-QY-002', 55],
    ["* | select ip_to_country('1.2.3.4')", 'PW-QY-004', 12],
    ['* | drop table log', 'PW-QY-006', 5],
    ['* | select * from system.tables', 'PW-QY-006', 19],
    ["* | select * from url('http://x')", 'PW-QY-006', 19],
    ['* | select 1; select 2', 'PW-QY-006', 13],
    ["* | select 'it''s', '\\', \"ev`il\"", 'PW-QY-002', 26],
    ['* | select compare(n, 3600) from (select count(*) n from log)', 'PW-QY-008', 12],
    ['* | select constructor(1)', 'PW-QY-003', 12],
    ['proces.name: x', 'PW-QY-002', 1],
    ['* | select "process.pid" = \'x\'', 'PW-QY-005', 26],
    [`* | select ${'('.repeat(5000)}1`, 'PW-QY-007', 0],
    [`${'('.repeat(5000)}a`, 'PW-QY-007', 0],
    [`* | select ${'not '.repeat(5000)}true`, 'PW-QY-007', 0],
  ])('%s', (text, code, column) => {
    const error = failure(text)
    expect([error?.code, column === 0 ? 0 : error?.column]).toEqual([code, column])
  })

  it('names what is nearest', () => {
    expect(failure('proces.name: x')?.nearest).toBe('process.name')
    expect(failure('* | select cuont(1)')?.nearest).toBe('count')
  })
})

/** The tree without places. */
const shape = (value: unknown) => JSON.parse(JSON.stringify(value, (key, one) => (key === 'offset' ? undefined : one)))

function failure(text: string): QueryError | undefined {
  try {
    compile({ lang: 'sls', text, catalog })
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
  return undefined
}

describe('properties', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom(
      'select ',
      'log',
      ' from ',
      '|',
      '(',
      ')',
      '"',
      "'",
      'kind',
      ':',
      ' in ',
      '[',
      ' case ',
      ' over ',
      ',',
      '1',
      '*',
    ),
  )
  it('fails with a QueryError or not at all', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        failure(pieces.join(''))
        failure(`* | select ${pieces.join('')}`)
      }),
      { numRuns: 500 },
    )
  })

  it('prints a search that parses to the same search', () => {
    for (const text of [
      'a or b c',
      'not (k: x)',
      'k: (a or "b c")',
      'k:#"a b"',
      'n in [1 2)',
      'n >= -1.5 and *',
      '"q\\"x": ""',
      'not not a',
    ]) {
      const { search } = parseSearch(text)
      expect(shape(parseSearch(printSearch(search)).search), text).toEqual(shape(search))
    }
  })

  it('gives every text back as it was written', async () => {
    const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 40 }), { numRuns: 60, seed: 7 })
    const hostile = ["'", "''", '\\', "\\'", '{p1:String}', '`', '\n\t\r', '%s', '$1', "') --", ...texts]
    const list = hostile.map((text, index) => `'${text.replaceAll("'", "''")}' as v${index}`).join(', ')
    expect((await rowsOf(`eventId: e1 | select ${list}`))[0]).toEqual(hostile)
  })
})

describe('sql', () => {
  const sql = (text: string, range = {}) => compile({ lang: 'sql', text, catalog, ...range })
  it('runs as typed, with the time range bound', async () => {
    const typed = "SELECT count(), ';' FROM audit.advaudit WHERE time >= {from:DateTime64(6)} AND time < {to:DateTime64(6)};"
    const { sql: statement, params } = sql(typed, RANGE)
    const { rows } = await store.reader.query({ sql: statement, params, profile: 'hunt' })
    expect(rows.map((row) => row.map(plain))).toEqual([[8, ';']])
  })

  it.each([
    ['SELECT 1; SELECT 2', 'PW-QY-006'],
    ['SELECT 1 FORMAT TSV', 'PW-QY-006'],
    [' -- nothing', 'PW-QY-001'],
    ['SELECT {other:String}', 'PW-QY-005'],
    ['SELECT {from:DateTime}', 'PW-QY-005'],
  ])('refuses %s', (text, code) => {
    expect(() => sql(text)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses a time range that is none', () => {
    expect(() => sql('SELECT {from:DateTime}', { from: 'yesterday' })).toThrow(expect.objectContaining({ code: 'PW-QY-008' }))
    expect(() => sql('SELECT 1', { from: RANGE.to, to: RANGE.from })).toThrow(expect.objectContaining({ code: 'PW-QY-008' }))
  })
})
