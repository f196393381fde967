import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSlsFixture, plain, type SlsFixture, slsCatalog } from '../testdata/sls-fixture.ts'
import { compile } from './compile.ts'

let fixture: SlsFixture
beforeAll(async () => {
  fixture = await openSlsFixture()
})
afterAll(() => fixture?.close())
const answer: SlsFixture['answer'] = (text, range) => fixture.answer(text, range)
const rowsOf: (...asked: Parameters<SlsFixture['answer']>) => Promise<readonly (readonly unknown[])[]> = async (text, range) =>
  (await answer(text, range)).rows

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

it('gives every text back as it was written', async () => {
  const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 40 }), { numRuns: 60, seed: 7 })
  const hostile = ["'", "''", '\\', "\\'", '{p1:String}', '`', '\n\t\r', '%s', '$1', "') --", ...texts]
  const list = hostile.map((text, index) => `'${text.replaceAll("'", "''")}' as v${index}`).join(', ')
  expect((await rowsOf(`eventId: e1 | select ${list}`))[0]).toEqual(hostile)
})

describe('sql', () => {
  const sql = (text: string, range = {}) => compile({ lang: 'sql', text, catalog: slsCatalog, ...range })
  it('runs as typed, with the time range bound', async () => {
    const typed = "SELECT count(), ';' FROM audit.advaudit WHERE time >= {from:DateTime64(6)} AND time < {to:DateTime64(6)};"
    const { sql: statement, params } = sql(typed, RANGE)
    const { rows } = await fixture.store.reader.query({ sql: statement, params, profile: 'hunt' })
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
