import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importSigma, type ResultRow } from '@podwitness/alert'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importPaths } from '../ingest/import-paths.ts'
import { AlertDesk } from './alert-desk.ts'
import { AlertLoop } from './alert-loop.ts'

const RECORDING = fileURLToPath(new URL('../../../../recordings/dev/', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'podwitness-sigma-'))
let store: Store
let loop: AlertLoop

/** Written for this test, one for each log source and each kind of comparison. */
const SIGMA = `
title: Way out of a container
logsource: {product: linux, category: process_creation}
detection:
  tool: {Image|endswith: /nsenter, CommandLine|re: '-t ?1\\b'}
  filter: {CommandLine|contains: --never}
  condition: tool and not filter
level: high
---
title: Busybox wget
logsource: {product: linux, category: process_creation}
detection:
  tool: {Image|endswith: /wget, CommandLine|contains|all: [wget, '-q']}
  parent: {ParentImage|endswith: [/sh, /bash]}
  condition: tool or (tool and parent)
level: low
---
title: Shell by its record
logsource: {product: linux, service: auditd}
detection:
  started: {type: EXECVE, a0|endswith: cat, a1: /etc/hostname}
  ended: {type: SYSCALL, success: 'yes'}
  condition: started and ended
level: informational
---
title: Traced
logsource: {product: linux, service: auditd}
detection: {call: {syscall: execve, uid: 0}, condition: call}
---
title: Refused by authorization
logsource: {product: kubernetes, service: audit}
detection:
  refused: {responseStatus.code: [401, 403], annotations.authorization.k8s.io/decision: forbid}
  person: {user.username|startswith: 'system:'}
  condition: refused and not person
level: medium
---
title: Exec by a person
logsource: {product: kubernetes, service: audit}
detection:
  exec: {objectRef.resource: pods, objectRef.subresource: [exec, attach], sourceIPs|cidr: 10.0.0.0/8, user.groups: 'system:authenticated'}
  condition: 1 of e*
level: high
`

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  let clock = Date.now()
  const made = importSigma(SIGMA, { syscall: (name) => (name === 'execve' ? [59, 221] : []) })
  expect(made.map(({ refused }) => refused)).toEqual(made.map(() => undefined))
  await new AlertDesk(store).applyRules(made.map(({ yaml }) => yaml).join('---\n'), clock - 5_000)
  const names = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-end.json.gz']
  await importPaths(
    store,
    names.map((name) => join(RECORDING, name)),
    { cluster: 'dev', rejectsDir: directory },
  )
  loop = new AlertLoop(store, { origin: 'http://pw', send: { allowTargets: [], env: {} }, now: () => clock })
  clock += 60_000
  await loop.tick()
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

it.each<[string, string]>([
  ['sigma-way-out-of-a-container', "SELECT event_id FROM audit.commands WHERE name = 'nsenter' AND match(cmdline, '-t ?1\\\\b')"],
  ['sigma-busybox-wget', "SELECT event_id FROM audit.commands WHERE name = 'wget' AND match(cmdline, '-q')"],
  [
    'sigma-shell-by-its-record',
    "SELECT event_id FROM audit.events WHERE has(record_types, 'EXECVE') AND endsWith(argv[1], 'cat') AND argv[2] = '/etc/hostname' AND raw LIKE '%success=yes%'",
  ],
  ['sigma-traced', "SELECT event_id FROM audit.events WHERE kind IN ('Command', 'LinuxAudit') AND syscall = 59 AND uid = 0"],
  [
    'sigma-refused-by-authorization',
    "SELECT concat(cluster, '|', audit_id, '|', user, '|', verb, '|', request_uri) FROM audit.events WHERE kind = 'KubeAudit' AND stage = 'ResponseComplete' AND status = 403 AND NOT startsWith(user, 'system:')",
  ],
  [
    'sigma-exec-by-a-person',
    "SELECT DISTINCT concat(cluster, '|', audit_id, '|', user, '|', verb, '|', request_uri) FROM audit.events WHERE kind = 'KubeAudit' AND stage != 'RequestReceived' AND resource = 'pods' AND subresource IN ('exec', 'attach') AND startsWith(source_ip, '10.') AND has(groups, 'system:authenticated')",
  ],
])('%s alerts on what its Sigma rule means, each once', async (rule, sql) => {
  const [run] = await loop.log.runs(rule, 1)
  expect(run?.error).toBe('')
  const alerts = await loop.log.alerts('rule_id = {rule:String}', { rule }, 1000)
  const { rows } = await store.reader.query({ sql, maxRows: 50_000 })
  expect(rows.length).toBeGreaterThan(0)
  const keys = alerts.flatMap(({ row_keys }) => row_keys)
  expect([...keys].sort()).toEqual(rows.map(([key]) => String(key)).sort())
  const [row] = JSON.parse(alerts[0]?.results ?? '[]') as ResultRow[]
  expect(row).toMatchObject({ cluster: 'dev', time: expect.any(String) })
})
