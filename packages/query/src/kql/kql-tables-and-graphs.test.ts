import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blankRow, openStore, type Store } from '@podwitness/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-kql-rows-'))
let store: Store

const API_EVENT = {
  auditID: 'a-1',
  verb: 'create',
  user: { username: 'alice', groups: ['dev'] },
  sourceIPs: ['10.0.0.9'],
  objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop' },
  responseStatus: { code: 101 },
  requestReceivedTimestamp: '2026-01-02T03:04:05.000001Z',
}
const RECORDS = [
  'type=SYSCALL msg=audit(1767323045.123:77): arch=c000003e syscall=59 success=yes pid=12 comm="curl" exe="/usr/bin/curl" key=(null)',
  'type=EXECVE msg=audit(1767323045.123:77): argc=2 a0="curl" a1="-s"',
].join('\n')

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
  const time = '2026-01-02 03:04:05.123000'
  const common = { ...blankRow('events'), time, cluster: 'c1', node: 'n1' }
  await store.writer.insert(
    'events',
    [
      {
        ...common,
        event_id: 'e1',
        kind: 'Command',
        name: 'curl',
        cmdline: 'curl -s http://x',
        pid: 12,
        raw: RECORDS,
        audit_serial: '1767323045.123:77',
      },
      { ...common, event_id: 'e2', kind: 'KubeAudit', verb: 'create', user: 'alice', raw: JSON.stringify(API_EVENT) },
    ],
    'events',
  )
  const session = { trace_id: 't1', user: 'alice', confidence: 'matched', version: '1', start: time, end: time }
  await store.writer.insert('sessions', [{ ...blankRow('sessions'), ...session }], 'sessions')
  const placement = { event_id: 'e1', trace_id: 't1', time, entry: 'exec', ns: 'shop', version: '1' }
  await store.writer.insert('placements', [{ ...blankRow('placements'), ...placement }], 'placements')
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function answer(text: string, range: { from?: string; to?: string } = {}) {
  const { sql, params, columns = [] } = await compileKqlHere({ text, workspaces: ['c1', 'c2'], ...range })
  const { rows } = await store.reader.query({ sql, params, profile: 'hunt' })
  return { columns: columns.map(({ name, type }) => `${name}:${type}`), rows }
}
const rowsOf = async (text: string, range = {}) => (await answer(text, range)).rows

describe('tables', () => {
  it.each<[string, unknown[][]]>([
    ['Commands | where CommandLine has "curl" | project User, Namespace, Pid', [['alice', 'shop', 12]]],
    ['Sessions | project TraceId, User, TimeGenerated', [['t1', 'alice', '2026-01-02T03:04:05.1230000Z']]],
    ['KubeAudit | where Event.responseStatus.code == 101 | count', [[1]]],
    ['Commands | search "curl" and Pid == 12 | project $table, Name', [['Commands', 'curl']]],
    [
      'Events | summarize count() by Kind | sort by Kind asc',
      [
        ['Command', 1],
        ['KubeAudit', 1],
      ],
    ],
    [
      'AKSAuditAdmin | where ObjectRef.subresource == "exec" | project Verb, User.username, SourceIps[0]',
      [['create', '"alice"', '"10.0.0.9"']],
    ],
    [
      'AzureDiagnostics | extend e = parse_json(log_s) | where Category == "kube-audit" | project tostring(e.user.username)',
      [['alice']],
    ],
    ['Syslog | where SyslogMessage has "EXECVE" | project Computer, SyslogMessage', [['n1', RECORDS.split('\n')[1]]]],
    [
      'LinuxAuditLog | sort by RecordType asc | project RecordType, SerialNumber, argc, exe, key',
      [
        ['EXECVE', '77', 2, '', ''],
        ['SYSCALL', '77', null, '/usr/bin/curl', '(null)'],
      ],
    ],
    [
      'DeviceProcessEvents | project Timestamp, DeviceName, ProcessId, ProcessCommandLine, AccountName',
      [['2026-01-02T03:04:05.1230000Z', 'n1', 12, 'curl -s http://x', '']],
    ],
    ['CloudAuditEvents | project OperationName, RawEventData.auditID, IsAnonymousProxy', [['create', '"a-1"', null]]],
    ['union isfuzzy=true AWSEKSLogs, Nowhere_CL | project ClusterName, Verb, SourceIPs[0]', [['c1', 'create', '"10.0.0.9"']]],
    ['ArcK8sAudit | join kind=leftanti AKSAudit on AuditId | count', [[0]]],
    ['AzureDiagnostics | project log_s, requestUri_s | getschema | project ColumnName', [['log_s'], ['requestUri_s']]],
    ['union AzureDiagnostics, SigninLogs, AuditLogs, SecurityAlert | summarize count() by Type', [['AzureDiagnostics', 1]]],
    ['find in (DeviceProc*) where ProcessCommandLine has "curl" | distinct source_', [['DeviceProcessEvents']]],
    ['table("AuditLogs") | count', [[0]]],
    [
      'union withsource=From * | where isnotempty(_ResourceId) | summarize Bytes = sum(_BilledSize) > 0 by From | where From == "AKSAudit"',
      [['AKSAudit', true]],
    ],
    [
      'union * | where Verb == "create" and AuditId == "" | summarize take_any(*) by Computer | project Verb, Val',
      [['create', null]],
    ],
    ['union Sec* | count', [[0]]],
    ['range x from 1 to 60000 step 1 | summarize make_bag(bag_pack("a", x)) | project bag_keys(bag_)', [['["a"]']]],
    ['workspace("c1").AKSAudit | project AuditId', [['']]],
    ['workspace("c2").AKSAudit | count', [[0]]],
    [
      "union withsource=From workspace('c1').AKSAudit, database('podwitness').AKSAudit, workspace('c2').AKSAudit | project From | sort by From asc",
      [["database('podwitness').AKSAudit"], ["workspace('c1').AKSAudit"]],
    ],
    ['resource("/subscriptions/s/managedClusters/c1").Commands | where CommandLine != "workspace(\'x\').T" | count', [[1]]],
    [
      'union isfuzzy=true workspace("gone").Syslog, (workspace("gone").Commands | take 1), workspace("c1").Commands | count',
      [[1]],
    ],
    ['AKSAudit | project PodName, RequestReceivedTime', [['', '2026-01-02T03:04:05.0000010Z']]],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query)).toEqual(expected)
  })

  it('keeps to the time range of the request', async () => {
    const query = 'Events | count'
    expect(await rowsOf(query, { from: '2026-01-02T03:00:00Z', to: '2026-01-02T04:00:00Z' })).toEqual([[2]])
    expect(await rowsOf(query, { from: '2026-01-02T04:00:00Z' })).toEqual([[0]])
  })
})

describe('conditions on stored columns', () => {
  // `extend` hides the engine's own column, so the exact condition stands alone: both must find the same rows.
  const both = async (condition: string) => {
    const plain = await rowsOf(`Events | where ${condition} | project EventId | sort by EventId asc`)
    const hidden = await rowsOf(
      `Events | extend CommandLine = strcat(CommandLine, ""), Kind = strcat(Kind, ""), TimeGenerated = TimeGenerated + 0s | where ${condition} | project EventId | sort by EventId asc`,
    )
    return { plain, hidden }
  }
  it('find with the help of indexes what they find without', async () => {
    const time = fc
      .record({ unit: fc.constantFrom(0, 1, -1), ticks: fc.integer({ min: -20, max: 20 }) })
      .map(({ unit, ticks }) => `datetime(2026-01-02T03:04:05.123Z) + ${unit * 1000}ms + ${ticks}ticks`)
    const conditions = fc.oneof(
      fc.tuple(fc.constantFrom('>', '>=', '<', '<=', '=='), time).map(([sign, moment]) => `TimeGenerated ${sign} ${moment}`),
      fc.tuple(time, time).map(([a, b]) => `TimeGenerated between ((${a}) .. (${b}))`),
      fc.constantFrom('curl', 'cur', 'http', 'x', 'CURL', 'http://x', '-s').map((word) => `CommandLine has_cs "${word}"`),
      fc
        .tuple(
          fc.constantFrom('has', 'hasprefix', 'hassuffix', 'contains', 'contains_cs', 'has_cs', 'startswith', '!has'),
          fc.constantFrom('curl', 'CURL', 'Http://X', '-s http:', '//x/', 's', 'é', '-S é http://x'),
        )
        .map(([operator, word]) => `CommandLine ${operator} "${word}"`),
      fc.constantFrom('Command', 'command', '').map((word) => `Kind == "${word}"`),
      fc.constant('Kind in ("KubeAudit", "x") or (Kind == "Command" and CommandLine has_cs "curl")'),
    )
    await fc.assert(
      fc.asyncProperty(conditions, async (condition) => {
        const { plain, hidden } = await both(condition)
        expect(plain, condition).toEqual(hidden)
      }),
      { numRuns: 60 },
    )
  })
  it.each(['has "CURL"', 'has "/Latest/x"', 'contains ".254."'])('reach the text index of any case: %s', async (test) => {
    for (const [table, column] of [
      ['Events', 'CommandLine'],
      ['Commands', 'CommandLine'],
      ['Events', 'Message'],
    ]) {
      const { sql, params } = await compileKqlHere({ text: `${table} | where ${column} ${test} | count` })
      const { rows } = await store.reader.query({ sql: `EXPLAIN indexes = 1 ${sql}`, params, profile: 'hunt' })
      const index = column === 'Message' ? 'ix_message_any' : 'ix_cmdline_any'
      expect(rows.map((row) => String(row[0])).join('\n'), table).toContain(index)
    }
  })
  it('reach the keys and the text index', async () => {
    const text = 'Events | where TimeGenerated > datetime(2020-01-01) and CommandLine has_cs "curl" and Pod == "p"'
    const { sql, params } = await compileKqlHere({ text })
    const { rows } = await store.reader.query({ sql: `EXPLAIN indexes = 1 ${sql}`, params, profile: 'hunt' })
    const plan = rows.map((row) => String(row[0])).join('\n')
    for (const part of ['(time in ', 'ix_cmdline', 'ix_pod']) expect(plan).toContain(part)
  })
})

/** A ring of three, a way out of it, two parallel edges, and a part of its own. */
const EDGES = `let Edges = datatable(From:string, To:string, How:string, N:long)["a","b","ssh",1, "b","c","ssh",2, "c","a","exec",3,
  "a","d","exec",4, "a","d","ssh",5, "x","y","ssh",6];
  let G = Edges | make-graph From --> To with_node_id=Name;`
const NODES = `let Nodes = datatable(Name:string, Kind:string)["a","pod", "b","pod", "d","node", "e","node"];
  let H = Edges | make-graph From --> To with Nodes on Name;`

describe('graph-match', () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      'an edge',
      '(s)-[e]->(t) where e.How == "exec" project s.Name, t.Name',
      [
        ['a', 'd'],
        ['c', 'a'],
      ],
    ],
    [
      'an edge from right to left',
      '(t)<-[e]-(s) where t.Name == "d" project s.Name, e.N',
      [
        ['a', 4],
        ['a', 5],
      ],
    ],
    [
      'an edge either way',
      '(s)-[e]-(t) where s.Name == "a" and t.Name != "d" project t.Name, e.N',
      [
        ['b', 1],
        ['c', 3],
      ],
    ],
    [
      'no edge twice',
      '(s)-[e]->(t)<-[f]-(s) project e.N, f.N',
      [
        [4, 5],
        [5, 4],
      ],
    ],
    ['the same edge twice where all cycles count', '(s)-[e]->(t)<-[f]-(s) where t.Name == "b" project e.N, f.N', []],
    ['a ring', '(s)-->(t)-->(u)-->(s) where s.Name == "a" project t.Name, u.Name', [['b', 'c']]],
    ['edges of any number', '(s)-[e*1..3]->(t) where t.Name == "d" and s.Name == "c" project map(e, N)', [['[3,4]'], ['[3,5]']]],
    [
      'edges of any number walked from their end',
      '(s)-[e*2..2]->(t) where t.Name == "a" project s.Name, map(e, strcat(From, To)), map(inner_nodes(e), Name)',
      [['b', '["bc","ca"]', '["c"]']],
    ],
    [
      'no edge at all',
      '(s)-[e*0..1]->(t) where s.Name == "b" project t.Name, array_length(map(e, N))',
      [
        ['b', '0'],
        ['c', '1'],
      ],
    ],
    [
      'a condition on all edges',
      '(s)-[e*1..4]->(t) where s.Name == "a" and all(e, How == "ssh") project t.Name',
      [['b'], ['c'], ['d']],
    ],
    ['a property of all edges', '(s)-[e*1..4]->(t) where s.Name == "a" and e.How == "ssh" project t.Name', [['b'], ['c'], ['d']]],
    ['a condition on one edge', '(s)-[e*1..2]->(t) where s.Name == "b" and any(e, How == "exec") project t.Name', [['a']]],
    [
      'conditions on the nodes inside',
      '(s)-[e*1..3]->(t) where s.Name == "b" and all(inner_nodes(e), Name != "a") project t.Name',
      [['a'], ['c']],
    ],
    ['two sequences', '(s)-->(m), (m)-->(t) where m.Name == "b" project s.Name, t.Name', [['a', 'c']]],
    [
      'degrees',
      '(s)-[e]->(t) where node_degree_out(t) == 0 and node_degree_in(t) > 1 project e.N, node_degree_out(s)',
      [
        [4, 3],
        [5, 3],
      ],
    ],
    ['degrees inside', '(s)-[e*2..2]->(t) where s.Name == "b" project map(inner_nodes(e), node_degree_in())', [['[1]']]],
    ['what needs the whole match', '(s)-[e]->(t)-[f]->(u) where e.N + f.N == 3 project s.Name, u.Name', [['a', 'c']]],
  ])('finds %s', async (_, pattern, rows) => {
    const { rows: found } = await answer(
      `${EDGES} G | graph-match ${pattern} | sort by * asc`.replace(
        'sort by * asc',
        'extend k = tostring(pack_all()) | sort by k asc | project-away k',
      ),
    )
    expect(found).toEqual(rows)
  })
  it.each([
    ['none', 4],
    ['unique_edges', 7],
    ['all', 9],
  ])('with cycles=%s', async (cycles, count) => {
    expect(
      (await answer(`${EDGES} G | graph-match cycles=${cycles} (s)-[e*1..5]->(t) where s.Name == "a" project t.Name | count`))
        .rows,
    ).toEqual([[count]])
  })
  it('names and types its columns', async () => {
    const text = `${EDGES} ${NODES} H | graph-match (s)-[e]->(t) where t.Kind == "node" project s.Name, t.Kind, At = e.N, strcat(s.Kind, e.How) | sort by At asc`
    expect(await answer(text)).toEqual({
      columns: ['s_Name:string', 't_Kind:string', 'At:long', 'Column1:string'],
      rows: [
        ['a', 'node', 4, 'podexec'],
        ['a', 'node', 5, 'podssh'],
      ],
    })
  })
})

describe('other steps of graphs', () => {
  it('finds the shortest paths, one or all', async () => {
    const paths = (output: string) =>
      `${EDGES} G | graph-shortest-paths ${output} (s)-[e*1..9]->(t) where s.Name == "b" project t.Name, map(e, N) | sort by t_Name asc`
    const all = [
      ['a', '[2,3]'],
      ['b', '[2,3,1]'],
      ['c', '[2]'],
      ['d', '[2,3,4]'],
      ['d', '[2,3,5]'],
    ]
    expect((await answer(paths('output=all'))).rows).toEqual(expect.arrayContaining(all))
    const { rows } = await answer(paths(''))
    expect(rows.map(([name]) => name)).toEqual(['a', 'b', 'c', 'd'])
    expect(all).toEqual(expect.arrayContaining([...rows]))
  })
  it('gives the nodes, those only edges name too, with the hash of their ids', async () => {
    expect(
      await answer(
        `${EDGES} ${NODES} H | graph-to-table nodes with_node_id=Id | where Id == hash(Name) | project-away Id | sort by Name asc`,
      ),
    ).toEqual({
      columns: ['Name:string', 'Kind:string'],
      rows: [
        ['a', 'pod'],
        ['b', 'pod'],
        ['c', ''],
        ['d', 'node'],
        ['e', 'node'],
        ['x', ''],
        ['y', ''],
      ],
    })
  })
  it('gives the edges', async () => {
    const text = `${EDGES} G | graph-to-table edges with_source_id=S with_target_id=T | where S == hash(From) and T == hash(To)`
    expect(await answer(`${text} | summarize sum(N)`)).toEqual({ columns: ['sum_N:long'], rows: [[21]] })
  })
  it('numbers the parts that no edge connects', async () => {
    const text = `${EDGES} ${NODES} H | graph-mark-components with_component_id=Part | graph-to-table nodes | summarize make_set(Name) by Part`
    const { rows } = await answer(
      `${text} | project array_sort_asc(set_Name) | sort by tostring(Column1) asc`.replace('project ', 'project Column1 = '),
    )
    expect(rows.map(([names]) => names)).toEqual(['["a","b","c","d"]', '["e"]', '["x","y"]'])
  })
  it('takes ids that are numbers', async () => {
    const text =
      'datatable(s:long, d:long)[1, 2, 2, 3] | make-graph s --> d with_node_id=n | graph-match (a)-[e*2..2]->(b) project Sum = a.n + b.n'
    expect((await answer(text)).rows).toEqual([[4]])
  })
  it.each([
    ['G', 'PW-QY-005'],
    ['Edges | graph-match (a)-->(b) project 1', 'PW-QY-001'],
    ['G | graph-match (a)-->(b), (c)-->(d) project a.Name', 'PW-QY-005'],
    ['G | graph-match (a)-[e*1..99]->(b) project a.Name', 'PW-QY-007'],
    ['G | graph-match (a)-[e*1..2]->(b) project e.N', 'PW-QY-005'],
    ['G | graph-match (a)-[e]->(b) project map(e, N)', 'PW-QY-005'],
    ['G | graph-match cycles=some (a)-->(b) project a.Name', 'PW-QY-005'],
    ['G | graph-shortest-paths (a)-[e]->(b) project a.Name', 'PW-QY-005'],
    ['G | graph-mark-components kind=strong | graph-to-table nodes', 'PW-QY-004'],
    ['G | graph-to-table nodes as N, edges as E', 'PW-QY-004'],
    ['Edges | make-graph From --> N | graph-to-table nodes', 'PW-QY-005'],
  ])('refuses %s', async (query, code) => {
    await expect(compileKqlHere({ text: `${EDGES} ${query}` })).rejects.toMatchObject({ code })
  })
})
