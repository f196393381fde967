import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventRow, PlacementRow, SessionRow } from '@podwitness/event'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blankRow } from './blank-row.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'
import { StoreError } from './store-error.ts'
import { TABLE_NAMES } from './table-rows.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-store-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const at = (second: number) => `2026-11-21 02:00:${String(second).padStart(2, '0')}.000123`
const command = (id: string, second: number, rest: Partial<EventRow> = {}): EventRow => ({
  ...blankRow('events'),
  ...{
    event_id: id,
    kind: 'Command',
    time: at(second),
    cluster: 'c1',
    node: 'n1',
    name: 'rm',
    argv: ['rm', '-f', id],
    cmdline: `rm -f ${id}`,
  },
  ...rest,
})
const placement = (id: string, second: number, rest: Partial<PlacementRow>): PlacementRow => ({
  ...blankRow('placements'),
  ...{ event_id: id, time: at(second), cluster: 'c1', node: 'n1', placed: 'lineage' },
  ...rest,
})
const session = (traceId: string, rest: Partial<SessionRow>): SessionRow => ({
  ...blankRow('sessions'),
  ...{ trace_id: traceId, confidence: 'matched', cluster: 'c1', start: at(0) },
  ...rest,
})
const values = async (sql: string, params = {}) => (await store.reader.query({ sql, params })).rows
const count = async (sql: string) => Number((await values(`SELECT count() FROM ${sql}`))[0]?.[0])

describe('schema', () => {
  it('has a column for every property of every row, and none besides', async () => {
    for (const table of TABLE_NAMES) {
      const answer = await store.reader.query({ sql: `SELECT * FROM audit.${table} LIMIT 0` })
      const columns = answer.columns.map((column) => column.name).filter((name) => name !== 'received' && name !== 'kept_until')
      expect(columns.sort(), table).toEqual(Object.keys(blankRow(table)).sort())
    }
  })

  it('searches tokens through an inverted index', async () => {
    expect((await store.health()).textIndex).toBe(true)
    await store.writer.insert('events', [command('token', 59, { cmdline: 'curl http://needle.example' })], 'token')
    const plan = await values("EXPLAIN indexes = 1 SELECT count() FROM audit.events WHERE hasToken(cmdline, 'needle')")
    expect(plan.flat().join('\n')).toContain('ix_cmdline')
  })
})

describe('writer', () => {
  it('stores a repeated insert once, in the base table and behind it', async () => {
    const rows = [command('d1', 1), command('d2', 2), command('d3', 3, { time: '2026-11-20 23:59:59.999999' })]
    for (let attempt = 0; attempt < 3; attempt += 1) await store.writer.insert('events', rows, 'twice')
    expect(await count("audit.events WHERE event_id LIKE 'd_'")).toBe(3)
    expect(await count("audit.placements WHERE event_id LIKE 'd_'")).toBe(3)
  })

  it('keeps what is hostile, odd or out of range, as data', async () => {
    const odd = command('odd', 4, {
      cmdline: '\u0000\ud800 "\\\n\u202e</script>',
      pid: -7,
      uid: 4_294_967_295,
      auid: 2 ** 53,
      serial: 2 ** 53 - 1,
    })
    await store.writer.insert('events', [odd], 'odd')
    const [row] = await values("SELECT cmdline, pid, uid, auid, serial FROM audit.events WHERE event_id = 'odd'")
    expect(row?.[0]).toMatch(/^\u0000.* "\\\n\u202e<\/script>$/s)
    expect(row?.slice(1)).toEqual([-7, 4_294_967_295, '9007199254740992', 9_007_199_254_740_991])
  })

  it('names the reason when rows are refused', async () => {
    const wrong = { ...command('wrong', 5), time: 'yesterday' }
    await expect(store.writer.insert('events', [wrong], 'wrong')).rejects.toMatchObject({ code: 'PW-ST-016', retryable: false })
  })

  it('does nothing for no rows', async () => {
    await expect(store.writer.insert('events', [], 'none')).resolves.toBeUndefined()
  })

  it('knows the events of a range, kind and cluster', async () => {
    const other = command('k3', 8, { cluster: 'other' })
    const audit = command('k4', 8, { kind: 'LinuxAudit' })
    await store.writer.insert('events', [command('k1', 7), command('k2', 8), other, audit], 'known')
    const known = (kinds: string[]) =>
      store.writer.knownEventIds({ from: '2026-11-21T02:00:07.000Z', to: at(8), cluster: 'c1', kinds })
    expect([...(await known(['Command']))].sort()).toEqual(['k1', 'k2'])
    expect([...(await known([]))].sort()).toEqual(['k1', 'k2', 'k4'])
  })
})

describe('views', () => {
  beforeAll(async () => {
    const where = { ns: 'shop', pod: 'web-0', pod_uid: 'u1', container: 'app', container_id: 'abc', image: 'nginx' }
    await store.writer.insert(
      'events',
      [
        command('v1', 20),
        command('v2', 21),
        command('v3', 22),
        command('v4', 23, { trace_id: 'T9', ...where }),
        command('v5', 24),
        command('v6', 24, { kind: 'LinuxAudit' }),
      ],
      'views',
    )
    await store.writer.insert(
      'placements',
      [
        placement('v1', 20, { trace_id: 'T1', entry: 'exec', ...where, parent_name: 'sh', risk: 2 }),
        placement('v2', 21, { trace_id: 'T2', entry: 'probe', ...where }),
        placement('v3', 22, { trace_id: 'T1', entry: 'exec', on_host: 1, version: '2' }),
        placement('v5', 24, { trace_id: 'T3', entry: 'container', ...where }),
      ],
      'places',
    )
    await store.writer.insert(
      'sessions',
      [
        session('T1', { entry: 'exec', user: 'mallory', version: '1' }),
        session('T2', { entry: 'probe', confidence: 'none' }),
        session('T9', { entry: 'node-local', confidence: 'none', pod_labels: { app: 'web' } }),
        session('T3', { entry: 'container' }),
        session('T7', { entry: 'exec', user: 'ghost', version: '1' }),
      ],
      'sessions',
    )
    await store.writer.insert(
      'sessions',
      [
        session('T1', { entry: 'exec', user: 'alice', version: '2' }),
        session('T7', { entry: 'exec', version: '2', is_deleted: 1 }),
      ],
      'sessions-2',
    )
    const entry = {
      ...blankRow('entries'),
      event_id: 'op1',
      trace_id: 'T1',
      time: at(19),
      operation: 'PodExec',
      user: 'alice',
      command: ['sh'],
      tty: 1,
    }
    await store.writer.insert('entries', [entry, { ...entry, status: 101, version: '2' }], 'entries')
  })

  it('commands: names the session of each, newest versions only', async () => {
    const sql =
      'SELECT event_id, trace_id, entry, user, pod, on_host, risk, placed FROM audit.commands WHERE time >= {from:String} AND time < {to:String} ORDER BY time'
    expect(await values(sql, { from: at(20), to: at(25) })).toEqual([
      ['v1', 'T1', 'exec', 'alice', 'web-0', 0, 2, 'lineage'],
      ['v2', 'T2', 'probe', '', 'web-0', 0, 0, 'lineage'],
      ['v3', 'T1', 'exec', 'alice', '', 1, 0, 'lineage'],
      ['v4', 'T9', 'node-local', '', 'web-0', 0, 0, 'stamp'],
      ['v5', 'T3', 'container', '', 'web-0', 0, 0, 'lineage'],
    ])
  })

  it('commands: finds those of a session by its trace and by its user', async () => {
    for (const condition of ["trace_id = 'T1'", "user = 'alice'"])
      expect(await values(`SELECT event_id FROM audit.commands WHERE ${condition} ORDER BY time`)).toEqual([['v1'], ['v3']])
  })

  it('operations: one row for a request, with its newest state', async () => {
    expect(await values('SELECT kind, operation, user, command, tty, status FROM audit.operations')).toEqual([
      ['Kubernetes', 'PodExec', 'alice', ['sh'], 1, 101],
    ])
  })

  it('advaudit: operations and the commands of deliberate entries, in one shape', async () => {
    const sql =
      "SELECT kind, event_id, user, confidence, pod_labels['app'] FROM audit.advaudit WHERE cluster IN ('c1', '') ORDER BY time"
    expect(await values(sql)).toEqual([
      ['Kubernetes', 'op1', 'alice', 'proven', ''],
      ['Command', 'v1', 'alice', 'matched', ''],
      ['Command', 'v3', 'alice', 'matched', ''],
      ['Command', 'v4', '', 'none', 'web'],
    ])
  })

  it.each(['time', 'event_id'])('reaches an index of events and of placements with a condition on %s', async (column) => {
    const plan = await values(`EXPLAIN indexes = 1 SELECT name FROM audit.commands WHERE ${column} = {value:String}`, {
      value: column === 'time' ? at(20) : 'v1',
    })
    const reads = plan.flat().join('\n').split('ReadFromMergeTree')
    for (const table of ['events', 'placements'])
      expect(reads.find((part) => part.includes(`(audit.${table})`)) ?? '', table).toMatch(new RegExp(`\\(${column} in [\\['(]`))
  })
})

describe('reader', () => {
  it('cuts at the number of rows asked for, and says so', async () => {
    const cut = await store.reader.query({ sql: 'SELECT number FROM numbers(100)', maxRows: 10 })
    expect([cut.rows.length, cut.stats.truncated]).toEqual([10, true])
    const whole = await store.reader.query({ sql: 'SELECT number FROM numbers(10)', maxRows: 10, profile: 'hunt' })
    expect([whole.rows.length, whole.stats.truncated]).toEqual([10, false])
  })

  it('streams whole results in blocks of objects', async () => {
    const blocks: { n: number; big: string }[][] = []
    const sql = 'SELECT number AS n, 18446744073709551615 AS big FROM numbers({n:UInt32})'
    for await (const block of store.reader.stream<{ n: number; big: string }>(sql, { n: 30_000 })) blocks.push(block)
    const rows = blocks.flat()
    expect([rows.length, blocks.length > 1, rows[29_999]]).toEqual([30_000, true, { n: 29_999, big: '18446744073709551615' }])
  })

  it('can be left in the middle of a stream', async () => {
    for await (const block of store.reader.stream<{ number: number }>('SELECT number FROM numbers(1000000000000)')) {
      expect(block[0]).toEqual({ number: 0 })
      break
    }
  })

  it.each([
    ['SELEC 1', {}, 'PW-ST-013'],
    ['SELECT 1; SELECT 2', {}, 'PW-ST-013'],
    ['SELECT no_such FROM audit.events', {}, 'PW-ST-013'],
    ['SELECT sum(sipHash64(number)) FROM numbers(1000000000000)', { timeoutMs: 200 }, 'PW-ST-014'],
    ['DROP TABLE audit.events', {}, 'PW-ST-011'],
  ])('refuses %s %o with %s', async (sql, options, code) => {
    const failure = await store.reader.query({ sql, ...options }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StoreError)
    expect((failure as StoreError).code).toBe(code)
  })
})

it('stops a query whose asker has gone', async () => {
  const signal = AbortSignal.timeout(200)
  const asked = store.reader.query({ sql: 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)', signal })
  await expect(asked).rejects.toMatchObject({ code: 'PW-ST-015' })
})

it('does not begin a query whose asker has gone before', async () => {
  const sql = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)'
  await expect(store.reader.query({ sql, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'PW-ST-015' })
})

describe('retention', () => {
  it('is 180 days at first and follows what is set', async () => {
    const days = async () => (await store.retention()).map((row) => [row.table, row.days])
    expect(Object.fromEntries(await days())).toMatchObject({
      events: 180,
      placements: 180,
      sessions: 180,
      entries: 180,
      samples: 180,
      pods: 0,
    })
    await store.setRetention(30)
    await store.setRetention(7, ['samples'])
    expect(Object.fromEntries(await days())).toMatchObject({ events: 30, sessions: 30, samples: 7, containers: 0 })
    const events = (await store.retention()).find((row) => row.table === 'events')
    expect(events?.rows).toBeGreaterThan(10)
    expect(events?.oldest).toBe('2026-11-20T23:59:59.999Z')
    expect(events?.bytesPerDay).toBeGreaterThan(100)
  })

  it.each([0, -1, 1.5, Number.NaN, 1e9])('refuses %d days', async (days) => {
    await expect(store.setRetention(days)).rejects.toMatchObject({ code: 'PW-ST-013' })
  })
})
