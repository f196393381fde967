import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RunningQueries } from '../hunt/running-queries.ts'
import { type Served, serve } from '../serve.ts'

const TOKEN = 'a-token-of-thirty-two-characters'
const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-cancel-'))
let store: Store
let served: Served

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
  served = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN })
})
afterAll(async () => {
  await served.close()
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** How many queries of a kind the engine itself says it is working on. */
async function running(mark: string): Promise<number> {
  const { url, passwords } = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8')) as {
    url: string
    passwords: { admin: string }
  }
  const sql = `SELECT count() FROM system.processes WHERE user IN ('hunter', 'auditor') AND query LIKE '%${mark}%'`
  const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': passwords.admin }
  return Number(await (await fetch(url, { method: 'POST', body: sql, headers })).text())
}

it('a query ends in the engine when its asker goes away', async () => {
  const mark = 'left-by-its-asker'
  const asker = new AbortController()
  const asked = fetch(`${served.url}/api/v1/query`, {
    method: 'POST',
    body: JSON.stringify({ lang: 'sql', query: `SELECT '${mark}', sum(sipHash64(number)) FROM numbers(1000000000000)` }),
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    signal: asker.signal,
  })
  const gone = asked.then(
    async (answer) => `answered ${answer.status} ${await answer.text()}`,
    () => 'gone',
  )
  await expect.poll(() => Promise.race([running(mark), gone]), { timeout: 20_000, interval: 50 }).toBe(1)
  asker.abort()
  expect(await gone).toBe('gone')
  await expect.poll(() => running(mark), { timeout: 10_000, interval: 50 }).toBe(0)
})

const authorization = `Bearer ${TOKEN}`
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${served.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization, 'content-type': 'application/json', ...headers },
  })
const api = async (method: string, path: string) => {
  const answer = await fetch(`${served.url}${path}`, { method, headers: { authorization } })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const ENDLESS = 'sum(sipHash64(number)) FROM numbers(1000000000000)'

it('a query ends in the engine when it is cancelled by its id', async () => {
  const mark = 'cancelled-by-its-id'
  const asked = post('/api/v1/query', { lang: 'sql', query: `SELECT '${mark}', ${ENDLESS}`, queryId: 'mine:1' })
  await expect.poll(() => running(mark), { timeout: 20_000, interval: 50 }).toBe(1)
  const { body } = await api('GET', '/api/v1/query/running')
  expect(body.queries).toEqual([expect.objectContaining({ id: 'mine:1', lang: 'sql', by: 'owner' })])
  expect((await post('/api/v1/query', { lang: 'sql', query: 'SELECT 1', queryId: 'mine:1' })).status).toBe(409)
  expect((await api('DELETE', '/api/v1/query/running/mine:1')).status).toBe(200)
  const answer = await asked
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([499, 'PW-ST-015'])
  await expect.poll(() => running(mark), { timeout: 10_000, interval: 50 }).toBe(0)
  expect(await api('DELETE', '/api/v1/query/running/mine:1')).toMatchObject({ status: 404, body: { code: 'PW-HQ-008' } })
  expect((await api('GET', '/api/v1/query/running')).body.queries).toEqual([])
})

it('a query of a Kusto client ends with .cancel query and its request id', async () => {
  const side = (name: string) => `range ${name} from 1 to 1000000 step 1 | extend k = 1`
  const csl = `${side('x')} | join kind=inner (${side('y')}) on k | summarize sum(hash(strcat(x, y)))`
  const asked = post('/v2/rest/query', { db: 'podwitness', csl }, { 'x-ms-client-request-id': 'KPC.execute;1' })
  await expect.poll(async () => (await api('GET', '/api/v1/query/running')).body.queries, { timeout: 20_000 }).toHaveLength(1)
  const cancelled = await post('/v1/rest/mgmt', { db: 'podwitness', csl: '.cancel query "KPC.execute;1"' })
  expect(cancelled.status).toBe(200)
  const { error } = (await (await asked).json()) as { error: { code: string } }
  expect(error.code).toBe('Query_Canceled')
})

it('what others ask is theirs', async () => {
  const queries = new RunningQueries()
  const asked = { id: 'a', lang: 'kql', query: 'Commands', by: 'alice', signal: new AbortController().signal } as const
  const done = queries.run(asked, (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('ended'))))
  expect(queries.visible({ name: 'bob', admin: false })).toEqual([])
  expect(() => queries.cancel('a', { name: 'bob', admin: false })).toThrow(expect.objectContaining({ code: 'PW-HQ-003' }))
  expect(queries.visible({ name: 'carol', admin: true })).toHaveLength(1)
  queries.cancel('a', { name: 'carol', admin: true })
  expect(await done).toBe('ended')
  expect(queries.visible({ name: 'alice', admin: false })).toEqual([])
})

it.each([
  ['memory', 'SELECT length(groupArray(number)) FROM numbers(1000000000)', /memory/i],
  ['the size of the answer', "SELECT repeat('x', 1000000) FROM numbers(100000)", /(?:bytes|result|memory)/i],
  ['depth', `SELECT ${'('.repeat(2000)}1${')'.repeat(2000)}`, /depth|deep|nest/i],
])('a query over its limit of %s fails with that as the reason', async (_what, query, reason) => {
  const answer = await post('/api/v1/query', { lang: 'sql', query, limit: 100_000 })
  const body = (await answer.json()) as { code: string; what: string; why: string }
  expect(answer.status).toBe(400)
  expect(body.code).toMatch(/^PW-(?:ST-01[34]|QY-007)$/)
  expect(`${body.what} ${body.why}`).toMatch(reason)
})

it('who read what is recorded, of every way to ask', async () => {
  const recording = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN, recordReads: true })
  const ask = (path: string, body: object) =>
    fetch(`${recording.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { authorization, 'content-type': 'application/json', 'user-agent': 'a test' },
    }).then(async (answer) => [answer.status, await answer.text()] as const)
  const range = { from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z' }
  const asked = [
    await ask('/api/v1/query', { lang: 'sql', query: 'SELECT number FROM numbers(3)', ...range }),
    await ask('/api/v1/query', { lang: 'kql', query: 'Nothing | of that' }),
    await ask('/v1/rest/query', { db: 'podwitness', csl: 'print 1' }),
    await ask('/v1/workspaces/podwitness/query', { query: 'print 2', timespan: 'PT1H' }),
  ]
  expect(asked.map(([status]) => status)).toEqual([200, 400, 200, 200])
  await recording.close()
  const { rows } = await store.reader.query({
    sql: "SELECT user, outcome, obj_name, user_agent, labels['after'] FROM audit.events WHERE action = 'query' ORDER BY time, message",
  })
  const told = rows.map(([user, outcome, lang, agent, after]) => ({ user, outcome, lang, agent, ...JSON.parse(String(after)) }))
  const common = { user: 'owner', agent: 'a test', elapsedMs: expect.any(Number) as number }
  expect(told.sort((a, b) => (a.query < b.query ? -1 : 1))).toEqual([
    { ...common, lang: 'kql', outcome: 'failure', query: 'Nothing | of that' },
    { ...common, lang: 'sql', outcome: 'success', query: 'SELECT number FROM numbers(3)', rows: 3, ...range },
    { ...common, lang: 'kql', outcome: 'success', query: 'print 1' },
    {
      ...common,
      lang: 'kql',
      outcome: 'success',
      query: 'print 2',
      from: expect.any(String) as string,
      to: expect.any(String) as string,
    },
  ])
})
