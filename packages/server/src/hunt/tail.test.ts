import { getEventListeners } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { followTail, type TailMessage } from '@podwitness/api'
import { storeTime } from '@podwitness/event'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Served, serve } from '../serve.ts'
import { TailReader } from './tail-reader.ts'

const TOKEN = 'a-token-of-thirty-two-characters'
const directory = mkdtempSync(join(tmpdir(), 'podwitness-tail-'))
const NEVER = new AbortController().signal
let store: Store
let made = 0

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Events that arrive now; `names` are of programs. */
async function arrive(names: readonly string[], timeMs = Date.now()): Promise<void> {
  const rows = names.map((name) => ({
    event_id: `tail-${++made}`,
    ...{ kind: 'Command' as const, time: storeTime(timeMs), cluster: 'c', node: 'n', name, cmdline: `${name} -x`, raw: name },
  }))
  await store.writer.insert('events', rows, `tail|${made}`)
}

const namesOf = ({ columns, rows }: { columns: TailMessage['columns']; rows: TailMessage['rows'] }, shape = columns) =>
  rows.map((row) => row[shape.findIndex(({ name }) => name === 'Name')])

it('says every row once, in order of arrival, whatever its own time', async () => {
  const reader = await TailReader.open(store, "Commands | where Name startswith 'a'", Date.now())
  expect((await reader.next(NEVER)).rows).toEqual([])
  await arrive(['a1', 'b1'])
  const first = await reader.next(NEVER)
  expect(namesOf(first)).toEqual(['a1'])
  expect(first.arrived).toBe(2)
  // Late evidence: it happened an hour ago and arrives now.
  await arrive(['a2'], Date.now() - 3_600_000)
  await arrive(['a3'])
  expect(namesOf(await reader.next(NEVER), first.columns)).toEqual(['a2', 'a3'])
  expect((await reader.next(NEVER)).rows).toEqual([])
})

it('leaves nothing on the signal, however often it looks', async () => {
  const { signal } = new AbortController()
  const reader = await TailReader.open(store, "Commands | where Name == 's'", Date.now())
  for (let at = 0; at < 3; at++) {
    await arrive(['s'])
    expect((await reader.next(signal)).rows).toHaveLength(1)
  }
  const answer = await store.reader.open({ sql: 'SELECT 1', signal })
  for await (const rows of answer.batches) expect(rows).toEqual([[1]])
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('says how many it leaves out where too many come at once', async () => {
  const reader = await TailReader.open(store, "Commands | where Name == 'many'", Date.now())
  await arrive(Array.from({ length: 2500 }, () => 'many'))
  const { rows, skipped } = await reader.next(NEVER)
  expect([rows.length, skipped]).toEqual([2000, 500])
  await arrive(['many'])
  const next = await reader.next(NEVER)
  expect([next.rows.length, next.skipped]).toEqual([1, 0])
})

it('refuses what has no arrival, and what is wrong', async () => {
  await expect(TailReader.open(store, 'Sessions', Date.now())).rejects.toMatchObject({ code: 'PW-HQ-006' })
  await expect(TailReader.open(store, "Commands | where Nmae == 'x'", Date.now())).rejects.toMatchObject({ code: 'PW-QY-002' })
})

it('goes on after the server was started again: nothing is lost, nothing comes twice', async () => {
  const start = () => serve(store, { host: '127.0.0.1', port: 0, token: TOKEN })
  let served: Served = await start()
  const { port } = new URL(served.url)
  const heard: unknown[] = []
  const states: string[] = []
  const stop = new AbortController()
  let wake = () => {}
  const following = followTail({
    baseUrl: served.url,
    token: TOKEN,
    query: "Commands | where Name startswith 'r'",
    signal: stop.signal,
    retryMs: 50,
    onRows: ({ columns, rows }) => {
      heard.push(...namesOf({ columns, rows }))
      wake()
    },
    onState: (state) => {
      states.push(state)
      wake()
    },
  })
  const until = async (reached: () => boolean) => {
    while (!reached()) await new Promise<void>((resolve) => (wake = resolve))
  }
  await until(() => states.includes('live'))
  await arrive(['r1'])
  await until(() => heard.length === 1)
  await served.close()
  await until(() => states.includes('broken'))
  await arrive(['r2', 'r3'])
  served = await serve(store, { host: '127.0.0.1', port: Number(port), token: TOKEN })
  await until(() => heard.length === 3)
  await arrive(['r4'])
  await until(() => heard.length === 4)
  stop.abort()
  await following
  await served.close()
  expect([...heard].sort()).toEqual(['r1', 'r2', 'r3', 'r4'])
})
