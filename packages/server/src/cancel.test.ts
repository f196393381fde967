import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Served, serve } from './serve.ts'

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
