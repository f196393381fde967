import { createServer, type Server, Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { EventRow } from '@podwitness/event'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blankRow } from '../blank-row.ts'
import { ClickHouseWriter } from '../clickhouse-writer.ts'
import { Connection } from '../connection.ts'
import { openStore } from '../open-store.ts'
import type { Store } from '../store.ts'
import { ClusterLab } from '../testing/cluster-lab.ts'
import { LOCAL } from './cluster-form.ts'
import { addressOf } from './store-address.ts'

// Three real engines, each a shard of one server: rows are spread over them by us and read from any of them.
const lab = new ClusterLab({ shards: 3 })
let store: Store

beforeAll(async () => {
  await lab.start()
  store = await openStore({ url: lab.clusterUrl, dataDir: join(lab.folder, 'data') })
})
afterAll(async () => {
  await store?.close()
  await lab.close()
})

const command = (id: string): EventRow => ({
  ...blankRow('events'),
  ...{ event_id: id, kind: 'Command', time: '2026-11-21 02:00:00.000001', cluster: 'c', node: 'n', batch_id: '' },
  ...{ name: 'rm', cmdline: `rm ${id}`, raw: `raw ${id}` },
})
const ids = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${prefix}-${at}`)
const values = async (sql: string, params = {}) => (await store.reader.query({ sql, params })).rows
const login = () => ({ username: 'admin', password: lab.passwords.admin })

/** Rows that one engine holds itself. */
async function held(at: number, table: string): Promise<number> {
  const connection = new Connection(addressOf([`http://${lab.host(at)}`], login()))
  const rows = await connection.rows<{ n: string }>('admin', `SELECT count() AS n FROM audit.${table}_local`, {}, FAILED)
  await connection.close()
  return Number(rows[0]?.n)
}
const FAILED = { what: '', otherwise: 'PW-ST-018' } as const

describe('a cluster of three servers', () => {
  it('holds each row once, wherever it is asked and however often it was sent', async () => {
    const events = ids('spread', 300).map(command)
    for (let attempt = 0; attempt < 3; attempt++) await store.writer.insert('events', events, 'spread')
    const shares = [await held(0, 'events'), await held(1, 'events'), await held(2, 'events')]
    expect(shares.reduce((a, b) => a + b)).toBe(300)
    expect(Math.min(...shares)).toBeGreaterThan(60)
    // What hangs on the insert went the same ways.
    expect([await held(0, 'placements'), await held(1, 'placements'), await held(2, 'placements')]).toEqual(shares)
    for (const at of [0, 1, 2]) {
      const one = await openStore({ url: `${lab.clusterUrl.replace(/@[^/]+/, `@${rotated(at)}`)}` })
      expect((await one.reader.query({ sql: 'SELECT count() FROM audit.commands' })).rows).toEqual([[300]])
      await one.close()
    }
  })

  it('answers joins over shards, with what replaces what already on its shard', async () => {
    const time = '2026-11-21 02:00:00.000001'
    const placed = ids('spread', 300).map((id, at) => ({
      ...blankRow('placements'),
      ...{ event_id: id, time, cluster: 'c', trace_id: `t${at % 3}`, entry: 'exec', placed: 'lineage', version: '5' },
    }))
    await store.writer.insert('placements', placed, 'placed')
    const sessions = ['t0', 't1', 't2'].map((id) => ({
      ...blankRow('sessions'),
      ...{
        trace_id: id,
        user: `user of ${id}`,
        cluster: 'c',
        entry: 'exec',
        confidence: 'matched' as const,
        start: time,
        version: '5',
      },
    }))
    await store.writer.insert('sessions', sessions, 'sessions')
    const renamed = sessions.map((row) => ({ ...row, user: `USER of ${row.trace_id}`, version: '6' }))
    await store.writer.insert('sessions', renamed, 'renamed')
    const byUser = 'SELECT user, count() FROM audit.commands GROUP BY user ORDER BY user'
    const expected = [
      ['USER of t0', 100],
      ['USER of t1', 100],
      ['USER of t2', 100],
    ]
    expect(await values(byUser)).toEqual(expected)
    expect((await store.reader.query({ sql: byUser, profile: 'hunt' })).rows).toEqual(expected)
    expect(await values("SELECT count() FROM audit.advaudit WHERE user = 'USER of t1'")).toEqual([[100]])
    const inner = "SELECT event_id FROM audit.placements FINAL WHERE trace_id = 't2'"
    expect(await values(`SELECT count() FROM audit.events WHERE event_id IN (${inner})`)).toEqual([[100]])
    expect(await values("SELECT count() FROM audit.events WHERE hasToken(cmdline, 'rm')")).toEqual([[300]])
  })

  it('keeps a reader inside its scope on every server, and what is closed from what people type', async () => {
    const rows = ids('scoped', 40).map((id, at) => ({ ...command(id), kind: 'KubeAudit' as const, obj_ns: `ns-${at % 4}` }))
    await store.writer.insert('events', rows, 'scoped')
    const scoped = store.reader.within({ clusters: null, namespaces: ['ns-1'], acts: true })
    const seen = 'SELECT obj_ns, count() FROM audit.events GROUP BY obj_ns'
    expect((await scoped.query({ sql: seen })).rows).toEqual([['ns-1', 10]])
    expect((await scoped.query({ sql: seen, profile: 'hunt' })).rows).toEqual([['ns-1', 10]])
    expect((await scoped.query({ sql: 'SELECT count() FROM audit.commands' })).rows).toEqual([[0]])
    for (const table of ['store_objects', 'store_objects_local'])
      expect((await store.reader.query({ sql: `SELECT count() FROM audit.${table}`, profile: 'hunt' })).rows).toEqual([[0]])
    expect(await values("SELECT countIf(kind = 'store') FROM audit.store_objects")).toEqual([[1]])
  })

  it('signs what it stores, below the id of the store in the data folder', async () => {
    expect(store.ledger?.folder).toMatch(/data\/ledgers\/[0-9a-f-]{36}$/)
    expect(await store.ledger?.verify({})).toMatchObject({ intact: true, findings: [], rows: 340 })
    const again = await openStore({ url: lab.clusterUrl, dataDir: join(lab.folder, 'data') })
    expect(again.ledger?.folder).toBe(store.ledger?.folder)
    await again.close()
  })

  it('tells sizes and changes retention on every server', async () => {
    const events = (await store.retention()).find(({ table }) => table === 'events')
    expect(events).toMatchObject({ rows: 340, days: 180 })
    await store.setRetention(90, ['samples'])
    expect((await store.retention()).find(({ table }) => table === 'samples')).toMatchObject({ days: 90 })
    expect(await store.health()).toMatchObject({ textIndex: true, detachedParts: 0 })
  })

  it('says that a shard is gone instead of answering without it, and takes up again when it is back', async () => {
    await lab.stopEngine(2)
    await expect(store.reader.query({ sql: 'SELECT count() FROM audit.events' })).rejects.toMatchObject({ code: 'PW-ST-010' })
    const late = store.writer.insert('events', ids('late', 30).map(command), 'late')
    let stored = false
    const keepUp = (async () => {
      while (!stored) {
        await lab.revive()
        await pause(100)
      }
    })()
    await late.finally(() => {
      stored = true
    })
    await keepUp
    await lab.revive()
    expect(await values("SELECT count() FROM audit.events WHERE startsWith(event_id, 'late-')")).toEqual([[30]])
    expect(await store.ledger?.verify({})).toMatchObject({ intact: true, rows: 370 })
  })

  it('goes on at the next server of a shard when one is gone or loses the answer, and stores nothing twice', async () => {
    // Two addresses of one engine stand for two replicas: a keeper makes replicas share what was inserted, as one engine does.
    const lossy = await proxyThatLosesAnswers(Number(lab.host(0).split(':')[1]))
    const hosts = [`http://127.0.0.1:${lossy.port}`, 'http://127.0.0.1:9', `http://${lab.host(0)}`]
    const shard = new Connection(addressOf(hosts, login()))
    const writer = new ClickHouseWriter({ connection: shard, shards: [shard], ending: LOCAL }, () => false)
    const before = [await held(0, 'events'), await held(0, 'placements')]
    await writer.insert('events', ids('failover', 20).map(command), 'failover')
    expect(lossy.taken()).toBe(1)
    expect(shard.url).toBe(hosts[2])
    expect([await held(0, 'events'), await held(0, 'placements')]).toEqual(before.map((count) => count + 20))
    await shard.close()
    lossy.server.close()
  })

  it('needs to know its servers', async () => {
    const [one = ''] = lab.clusterUrl.split(',')
    await expect(openStore({ url: `${one}/?cluster=lab` })).rejects.toMatchObject({
      code: 'PW-ST-021',
      what: expect.stringContaining('cannot be told apart'),
    })
    const two = lab.clusterUrl.replace(`,${lab.host(2)}`, '')
    await expect(openStore({ url: two })).rejects.toMatchObject({ code: 'PW-ST-021', what: expect.stringContaining('shard 3') })
  })
})

/** The hosts of the lab, beginning with another one. */
function rotated(first: number): string {
  return [0, 1, 2].map((at) => lab.host((at + first) % 3)).join(',')
}

/** Passes requests on to an engine, waits until it has answered, and cuts the connection instead of passing the answer back. */
async function proxyThatLosesAnswers(to: number): Promise<{ server: Server; port: number; taken(): number }> {
  let taken = 0
  const server = createServer((incoming) => {
    const onward = new Socket().connect(to, '127.0.0.1')
    incoming.pipe(onward).on('error', () => {})
    incoming.on('error', () => {})
    onward.once('data', () => {
      taken++
      incoming.destroy()
      onward.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0, taken: () => taken }
}
