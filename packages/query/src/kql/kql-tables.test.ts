import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blankRow, openStore, type Store } from '@podwitness/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-kql-tables-'))
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
