import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blankRow } from './blank-row.ts'
import { isOlder, probeServer } from './cluster/probe.ts'
import { addressOf, readStoreAddress } from './cluster/store-address.ts'
import { Connection } from './connection.ts'
import { readEngineFile } from './engine/engine-file.ts'
import { migrate, withoutSettings } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { openRemote } from './open-remote.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'

// An embedded engine stands in for the server: the same HTTP, entered with one account that may do everything.
const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-remote-'))
let engine: Store
let url: string
let store: Store

beforeAll(async () => {
  engine = await openStore({ dataDir, role: 'server' })
  const file = readEngineFile(dataDir)
  url = `${file?.url}`.replace('//', `//admin:${file?.passwords.admin}@`)
  await admin('DROP DATABASE audit SYNC')
  store = await openStore({ url })
})
afterAll(async () => {
  await store?.close()
  await engine?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

function connect(): Connection {
  const { hosts, login } = readStoreAddress(url)
  return new Connection(addressOf(hosts, login))
}
async function admin(sql: string): Promise<void> {
  const connection = connect()
  await connection.command('admin', sql)
  await connection.close()
}
const event = (id: string) => ({
  ...blankRow('events'),
  event_id: id,
  kind: 'Command' as const,
  time: '2026-11-21 02:00:00.000001',
})

describe('an ordinary server', () => {
  it('gets the same schema, writer and reader', async () => {
    expect(store.kind).toBe('remote')
    for (let attempt = 0; attempt < 2; attempt += 1) await store.writer.insert('events', [event('r1'), event('r2')], 'r')
    const { rows } = await store.reader.query({ sql: 'SELECT event_id FROM audit.commands ORDER BY event_id', profile: 'hunt' })
    expect(rows).toEqual([['r1'], ['r2']])
    expect(await store.health()).toMatchObject({ schema: migrations.at(-1)?.version, detachedParts: 0 })
  })

  it('completes an insert that failed between the base table and what is behind it', async () => {
    const rows = [event('half-1'), event('half-2')]
    const room = (bytes: string) =>
      admin(`ALTER TABLE audit.placements MODIFY SETTING min_free_disk_bytes_to_perform_insert = ${bytes}`)
    await room('1000000000000000')
    await expect(store.writer.insert('events', rows, 'half')).rejects.toMatchObject({ code: 'PW-ST-012', retryable: true })
    await room('0')
    for (let attempt = 0; attempt < 2; attempt += 1) await store.writer.insert('events', rows, 'half')
    const count = (table: string) => `(SELECT count() FROM audit.${table} WHERE event_id LIKE 'half-%')`
    const answer = await store.reader.query({ sql: `SELECT ${count('events')}, ${count('placements')}` })
    expect(answer.rows).toEqual([[2, 2]])
  })

  it('drops what has been here longer than the retention, by its arrival and not by its own time', async () => {
    const row = (id: string, time: string, days: number) => `('${id}', 'Syslog', '${time}', now64(3) - INTERVAL ${days} DAY)`
    const rows = [
      row('old', '2026-11-01 00:00:00', 200),
      row('kept', '2026-11-02 00:00:00', 100),
      row('old-log', '2019-01-01 00:00:00', 1),
    ]
    await admin(`INSERT INTO audit.events (event_id, kind, time, received) VALUES ${rows.join(', ')}`)
    const left = async () =>
      (await store.reader.query({ sql: "SELECT event_id FROM audit.events WHERE kind = 'Syslog' ORDER BY 1" })).rows.flat()
    await admin('OPTIMIZE TABLE audit.events FINAL')
    await expect.poll(left, { timeout: 10_000, interval: 50 }).toEqual(['kept', 'old-log'])
    await store.setRetention(90)
    await admin('OPTIMIZE TABLE audit.events FINAL')
    await expect.poll(left, { timeout: 10_000, interval: 50 }).toEqual(['old-log'])
  })

  it.each([
    'DROP TABLE audit.events',
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    'SELECT 1 SETTINGS max_execution_time = 0',
    'SELECT 1 SETTINGS readonly = 0',
  ])('lets no hunter do: %s', async (sql) => {
    await expect(store.reader.query({ sql, profile: 'hunt' })).rejects.toMatchObject({ code: 'PW-ST-011' })
  })

  it('refuses a wrong account, a closed port and a wrong address, without printing the password', async () => {
    const wrong = await openStore({ url: url.replace(/admin:\w+/, 'admin:secret-word') }).catch((error: Error) => error)
    expect(wrong).toMatchObject({ code: 'PW-ST-011' })
    expect(String(wrong)).not.toContain('secret-word')
    await expect(openStore({ url: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'PW-ST-010', retryable: true })
    await expect(openStore({ url: 'clickhouse.example' })).rejects.toMatchObject({ code: 'PW-ST-010' })
  })

  it('splits account and address', () => {
    expect(readStoreAddress('https://a%40b:p%2Fw@ch.example:8443/')).toEqual({
      hosts: ['https://ch.example:8443'],
      login: { username: 'a@b', password: 'p/w' },
      cluster: '',
    })
    const login = { username: 'u', password: 'p' }
    expect(readStoreAddress('http://h:8123', login).login).toEqual(login)
    expect(readStoreAddress('http://u:p@a:8123,b:8124/?cluster=main')).toEqual({
      hosts: ['http://a:8123', 'http://b:8124'],
      login,
      cluster: 'main',
    })
  })

  it.each(['http://a,b', 'http://a/?cluser=x', 'tcp://a:9000', 'http://', 'http://u:secret-word@a b/'])(
    'takes no address like %s, and does not repeat it',
    (text) => {
      expect(() => readStoreAddress(text)).toThrow(/The address of the store cannot be used/)
      expect(() => readStoreAddress(text)).not.toThrow(/secret-word/)
    },
  )

  it('is told apart by what it can do', async () => {
    const connection = connect()
    expect(await probeServer(connection, false)).toMatchObject({ keeper: false, macros: false })
    await expect(probeServer(connection, true)).rejects.toMatchObject({ code: 'PW-ST-022' })
    await connection.close()
    const file = readEngineFile(dataDir)
    const asHunter = new Connection(addressOf([`${file?.url}`], { username: 'hunter', password: `${file?.passwords.hunter}` }))
    await expect(probeServer(asHunter, false)).rejects.toMatchObject({
      code: 'PW-ST-011',
      why: 'It lacks on the database audit: SELECT, INSERT, CREATE TABLE, CREATE VIEW, ALTER.',
    })
    await asHunter.close()
    expect(['23.8.1.1', '24.2.9', '24.3.1', '25.1', '26.7.2.1'].map(isOlder)).toEqual([true, true, false, false, false])
    await expect(openStore({ url: `${url}/?cluster=nowhere` })).rejects.toMatchObject({ code: 'PW-ST-021' })
  })
})

describe('migrations', () => {
  it('change nothing when run again, by any number at once', async () => {
    const connections = [1, 2, 3].map(() => connect())
    const applied = await Promise.all(connections.map((connection) => migrate(connection)))
    expect(applied).toEqual([[], [], []])
    await Promise.all(connections.map((connection) => connection.close()))
  })

  it('take the next alternative where a server refuses the first', async () => {
    const connection = connect()
    const version = (migrations.at(-1)?.version ?? 0) + 1
    const table = (index: string) =>
      `CREATE TABLE IF NOT EXISTS audit.probe (s String, INDEX i s TYPE ${index}) ENGINE = MergeTree ORDER BY s`
    const step = { version, name: 'probe', statements: [[table('no_such_index'), table('tokenbf_v1(256, 2, 0) GRANULARITY 1')]] }
    expect(await migrate(connection, [...migrations, step])).toEqual([step])
    const types = await connection.rows(
      'admin',
      "SELECT type FROM system.data_skipping_indices WHERE table = 'probe'",
      {},
      { what: '', otherwise: 'PW-ST-018' },
    )
    expect(types).toEqual([{ type: 'tokenbf_v1' }])
    const impossible = { version: version + 1, name: 'impossible', statements: [['CREATE NONSENSE']] }
    await expect(migrate(connection, [...migrations, step, impossible])).rejects.toMatchObject({ code: 'PW-ST-007' })
    await connection.close()
  })

  it('leave a store alone that a newer version wrote', async () => {
    // The step of the test before is one this program does not know.
    await expect(openRemote({ url })).rejects.toMatchObject({ code: 'PW-ST-006' })
  })

  it('build every table of an older server from the token filter and without settings it does not know', () => {
    const [best = '', fallback = ''] = migrations[0]?.statements[0] ?? []
    expect(best).toContain('TYPE text(')
    expect(fallback).not.toContain('TYPE text(')
    expect(fallback).toContain('tokenbf_v1')
    const bare = withoutSettings(best, ['min_free_disk_bytes_to_perform_insert', 'ttl_only_drop_parts'])
    expect(bare).not.toMatch(/min_free_disk|ttl_only_drop/)
    expect(bare).toContain('non_replicated_deduplication_window=10000')
  })
})
