import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RISKY_PROGRAMS } from '@podwitness/event'
import { runQuery } from '@podwitness/server'
import type { Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRecordedStore } from '../packages/server/testdata/recorded-store.ts'

/**
 * The two alert queries and the two searches of Alibaba Cloud's documentation of container operation
 * audit (ACK, "Use the container operation audit feature", steps 3 and 4), word for word, with a real
 * namespace, pod and program filled into the searches.
 */
const ENTERED = `kind: Kubernetes and kubeObject.operation.kind: PodExec | select "clusterid", "time", "traceId", "eventId", "k8s.user.aliuid", "k8s.user.username", json_extract(k8s, '$.user.groups') as "k8s.user.groups", "host.hostip", "host.nodename", "k8s.pod.namespace", "k8s.pod.name", json_extract(k8s, '$.pod.labels') as "k8s.pod.labels", "kubeobject.operation.podexecoptions.container", json_extract(kubeobject, '$.operation.podExecOptions.command') as "kubeobject.operation.podexecoptions.command", "kubeobject.operation.podexecoptions.commandstr" from log`
const RAN_RISKY = `kind: Command | select "clusterid", "time", "traceId", "eventId", "k8s.user.aliuid", "k8s.user.username", json_extract(k8s, '$.user.groups') as "k8s.user.groups", "host.hostip", "host.nodename", "k8s.pod.namespace", "k8s.pod.name", json_extract(k8s, '$.pod.labels') as "k8s.pod.labels", "k8s.container.name", "k8s.container.image", "process.cwd", "process.name", "process.cmdline", json_extract(process, '$.pid') as "process.pid", "process.user.uid", json_extract(process, '$.parentPid') as "process.parentpid", "process.parentname" from log where "process.name" in ('rm', 'sudo', 'su', 'nsenter', 'curl', 'wget', 'yum', 'apt-get', 'apt', 'apk', 'dpkg', 'nc', 'ncat', 'ssh', 'scp', 'nmap', 'docker', 'crictl', 'nerdctl', 'podman', 'kubectl', 'helm', 'mysql', 'redis', 'psql', 'redis-cli', 'pip', 'npm', 'gem')`

const directory = mkdtempSync(join(tmpdir(), 'podwitness-alerts-'))
let store: Store

beforeAll(async () => {
  store = await openRecordedStore(join(directory, 'data'))
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

type Row = Record<string, unknown>

async function ask(text: string): Promise<{ names: string[]; rows: Row[] }> {
  const { columns, rows } = await runQuery(store, { lang: 'sls', text, limit: 1000 })
  const names = columns.map(({ name }) => name)
  return { names, rows: rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))) }
}

const tally = (rows: readonly Row[], key: (row: Row) => string): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1
  return counts
}

it('finds every entry into a container, with the fields that the alert template reads', async () => {
  const { names, rows } = await ask(ENTERED)
  expect(names).toEqual([
    ...[
      'clusterid',
      'time',
      'traceId',
      'eventId',
      'k8s.user.aliuid',
      'k8s.user.username',
      'k8s.user.groups',
      'host.hostip',
      'host.nodename',
    ],
    ...['k8s.pod.namespace', 'k8s.pod.name', 'k8s.pod.labels', 'kubeobject.operation.podexecoptions.container'],
    ...['kubeobject.operation.podexecoptions.command', 'kubeobject.operation.podexecoptions.commandstr'],
  ])
  expect(rows).toHaveLength(326) // Exec requests of the recording, one row each, not one a stage.
  expect(new Set(rows.map(({ eventId }) => eventId)).size).toBe(326)
  expect(rows.find((row) => row['kubeobject.operation.podexecoptions.commandstr'] === 'cat /etc/hostname')).toMatchObject({
    clusterid: 'dev',
    'host.hostip': '10.20.0.1',
    'host.nodename': 'k8s-node-1',
    'k8s.pod.namespace': 'shop',
    'kubeobject.operation.podexecoptions.container': 'main',
    'kubeobject.operation.podexecoptions.command': '["cat","/etc/hostname"]',
  })
})

it('finds the risky programs that people ran, and none that a container ran by itself', async () => {
  const { rows } = await ask(RAN_RISKY)
  expect(tally(rows, (row) => `${row['k8s.user.username']} ${row['process.name']}`)).toEqual({
    'alice rm': 2,
    'alice su': 2,
    'alice sudo': 2,
    'bob curl': 1,
    'bob sudo': 4,
    'carol curl': 3,
    'carol rm': 1,
    'mallory nsenter': 6,
  })
  expect(rows.every((row) => RISKY_PROGRAMS.includes(String(row['process.name'])))).toBe(true)
  expect(rows.every((row) => String(row['process.cmdline']).startsWith(String(row['process.name'])))).toBe(true)
})

it('searches by pod and by program', async () => {
  const inPod = await ask('* and k8s.pod.namespace: shop and k8s.pod.name: toolbox')
  expect(inPod.rows.length).toBeGreaterThan(200)
  expect(inPod.rows.every((row) => row['k8s.pod.namespace'] === 'shop' && row['k8s.pod.name'] === 'toolbox')).toBe(true)
  expect((await ask('* and process.name: curl')).rows).toHaveLength(4)
})
