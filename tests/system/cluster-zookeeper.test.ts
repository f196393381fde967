import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { onCluster } from '../../packages/store/src/cluster/cluster-form.ts'
import { probeServer } from '../../packages/store/src/cluster/probe.ts'
import { addressOf } from '../../packages/store/src/cluster/store-address.ts'
import { Connection } from '../../packages/store/src/connection.ts'
import { migrations } from '../../packages/store/src/migrations/index.ts'
import { ClusterLab } from '../../packages/store/src/testing/cluster-lab.ts'

// Three engines and Debian's ZooKeeper: the replicated form of every table is made and registered. Replicas cannot fetch
// from each other here, as the embedded engine has no listener for that, so the tables stay read-only.
const folder = mkdtempSync(join(tmpdir(), 'podwitness-zookeeper-'))
let zookeeper: ChildProcess
let lab: ClusterLab
let servers: Connection[] = []

beforeAll(async () => {
  const port = await freePort()
  writeFileSync(join(folder, 'zoo.cfg'), `tickTime=500\ndataDir=${folder}\nclientPort=${port}\nadmin.enableServer=false\n`)
  const main = 'org.apache.zookeeper.server.ZooKeeperServerMain'
  const options = ['-Xmx128m', '-cp', '/usr/share/java/zookeeper.jar', main, join(folder, 'zoo.cfg')]
  zookeeper = spawn('java', options, { stdio: 'ignore' })
  while (!(await answers(port))) await pause(100)
  lab = new ClusterLab({ shards: 3, zookeeperPort: port })
  await lab.start()
  const login = { username: 'admin', password: lab.passwords.admin }
  servers = [0, 1, 2].map((at) => new Connection(addressOf([`http://${lab.host(at)}`], login)))
}, 60_000)
afterAll(async () => {
  for (const server of servers) await server.close()
  await lab?.close()
  zookeeper?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

it('has a keeper and macros on every server', async () => {
  for (const server of servers) expect(await probeServer(server, true)).toMatchObject({ keeper: true, macros: true })
})

it('makes every table replicated, each shard below a path of its own', async () => {
  const form = { cluster: 'lab', replicated: true }
  const creations = migrations
    .flatMap((step) => step.statements.map(([best = '']) => best))
    .filter((statement) => statement.startsWith('CREATE TABLE'))
    .flatMap((statement) => onCluster(statement, form))
  for (const server of servers) await server.command('admin', 'CREATE DATABASE audit ENGINE = Atomic')
  await Promise.all(servers.map((server) => runAll(server, creations)))
  for (const [at, server] of servers.entries()) {
    const replicas = await ask<{ name: string; path: string; windowed: number; readonly: number }>(
      server,
      `SELECT r.table AS name, zookeeper_path AS path, t.create_table_query LIKE '%replicated_deduplication_window = 10000%' AS windowed, is_readonly AS readonly
FROM system.replicas AS r JOIN system.tables AS t ON t.database = r.database AND t.name = r.table WHERE r.database = 'audit'`,
    )
    expect(replicas.length).toBe(creations.length / 2)
    expect(replicas.every(({ windowed, readonly }) => windowed === 1 && readonly === 1)).toBe(true)
    expect(replicas.find(({ name }) => name === 'events_local')?.path).toBe(`/clickhouse/tables/${at + 1}/audit/events`)
  }
  await runAll(servers[0], creations)
})

async function runAll(server: Connection | undefined, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await server?.command('admin', statement)
}

const ask = <Row>(server: Connection, sql: string): Promise<Row[]> =>
  server.rows<Row>('admin', sql, {}, { what: '', otherwise: 'PW-ST-018' })

it('says that the keeper is gone', async () => {
  zookeeper.kill('SIGKILL')
  const [server] = servers
  if (server === undefined) throw new Error('there are three')
  await expect
    .poll(() => probeServer(server, true).catch((error: { code: string }) => error.code), { timeout: 30_000 })
    .toBe('PW-ST-022')
}, 40_000)

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
