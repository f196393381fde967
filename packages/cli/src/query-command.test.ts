import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { SavedQueries } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testTerminal } from '../testdata/test-terminal.ts'
import { run } from './run.ts'

const data = mkdtempSync(join(tmpdir(), 'podwitness-query-'))
let store: Store

/** The commands attach to this engine. */
beforeAll(async () => {
  store = await openStore({ dataDir: data, role: 'server' })
})
afterAll(async () => {
  await store.close()
  rmSync(data, { recursive: true, force: true })
})

async function ask(args: readonly string[], given = {}) {
  const { terminal, recorded } = testTerminal(given)
  return { exit: await run(['query', ...args, '--data', data], terminal), ...recorded }
}

it.each([
  ['print x = 1', 'KQL: it begins with print', 'x\n1\n'],
  ['select 1 as one', 'SQL: it begins with SELECT', 'one\n  1\n'],
  ['* | select count(*) as c', 'SLS: a SELECT follows a |', 'c\n0\n'],
])('says which language it takes %j for', async (text, talk, shown) => {
  const answer = await ask([text])
  expect([answer.exit, answer.data.replace(/ +/g, ' ').trim()]).toEqual([0, shown.replace(/ +/g, ' ').trim()])
  expect(answer.talk).toContain(talk)
})

it('asks what was saved, by name or id, and says what was meant', async () => {
  const saved = new SavedQueries(store)
  const spec = { description: '', lang: 'kql', query: 'print x = 42', shared: false } as const
  const { id } = await saved.save({ name: 'eve', admin: false }, { ...spec, name: 'The answer' }, Date.now())
  for (const name of ['The answer', id]) {
    const answer = await ask(['--saved', name])
    expect([answer.exit, answer.data]).toEqual([0, ' x\n42\n'])
    expect(answer.talk).toContain('print x = 42')
  }
  const wrong = await ask(['--saved', 'The answr'])
  expect(wrong.exit).toBe(2)
  expect(wrong.talk).toMatch(/Did you mean “The answer”[\s\S]*PW-HQ-001/)
  await saved.save({ name: 'bob', admin: false }, { ...spec, name: 'The answer' }, Date.now())
  const both = await ask(['--saved', 'The answer'])
  expect(both.talk).toContain('PW-HQ-005')
  expect(both.talk).toContain(`${id} is eve’s`)
})

it('follows what arrives, and begins with what just did where asked', async () => {
  const event = (id: string, name: string) => ({
    ...{ event_id: id, kind: 'Command' as const, time: storeTime(Date.now()), cluster: 'c', node: 'n', ns: 'prod', pod: 'web-1' },
    ...{ name, cmdline: `${name} -s "it's"`, raw: name },
  })
  await store.writer.insert('events', [event('t1', 'curl'), event('t2', 'id')], 'tail')
  const { terminal, recorded } = testTerminal()
  const where = ['-n', 'prod', '-p', 'web', '--where', "Name == 'curl'"]
  const followed = (more: readonly string[]) =>
    run(['tail', '--since', '5m', '--limit', '1', '--data', data, ...where, ...more], terminal)
  expect([await followed([]), await followed(['--json'])]).toEqual([0, 0])
  const [line = '', json = ''] = recorded.data.split('\n')
  expect(line).toMatch(/^\d\d:\d\d:\d\d {2}run {6}prod\/web-1 +- +curl -s "it's"$/)
  expect(JSON.parse(json)).toMatchObject({ EventId: 't1', Namespace: 'prod' })
  expect(await run(['tail', '--where', 'Nmae == 1', '--data', data], terminal)).not.toBe(0)
})

it('explains without an answer', async () => {
  const text = await ask(['--explain', 'print who = "it\'s" | where who != "x"'])
  expect(text.data).toMatch(
    /^language\n {2}kql\ncolumns\n {2}who: string\nsql\n {2}SELECT [\s\S]*values\n {2}p1 = "it's"[\s\S]*plan\n/,
  )
  const json = JSON.parse((await ask(['--explain', '--format', 'json', 'Commands | where Pid == 7 | count'])).data)
  expect(json).toMatchObject({
    lang: 'kql',
    columns: [{ name: 'Count', type: 'long' }],
    params: expect.objectContaining({ p1: '7' }),
  })
  expect(json.plan.length).toBeGreaterThan(2)
})

const RENDER =
  'datatable(a:string, n:long, m:real)["x", 4, 1.5, "yy", 2, -0.75] | render columnchart with (title="T", ycolumns=n)'
const DRAWN = `T\n\nn\nx  │${'█'.repeat(8)} 4\nyy │████ 2\n`

it('draws what asks to be drawn', async () => {
  expect((await ask([RENDER, '--format', 'chart'], { columns: 14 })).data).toBe(DRAWN)
  expect((await ask([RENDER], { columns: 14, screen: true })).data).toBe(DRAWN)
  expect((await ask([RENDER])).data).toBe('a   n      m\nx   4    1.5\nyy  2  -0.75\n')
  expect((await ask(['print a = "x"', '--format', 'chart'])).data).toBe('a\nx\n')
})

it('ends a query in the engine when it is interrupted, and shows that it waits', async () => {
  const { url, passwords } = JSON.parse(readFileSync(join(data, 'engine.json'), 'utf8')) as {
    url: string
    passwords: { admin: string }
  }
  const running = async (): Promise<number> => {
    const sql = "SELECT count() FROM system.processes WHERE user IN ('hunter', 'auditor') AND query LIKE '%interrupted-query%'"
    const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': passwords.admin }
    return Number(await (await fetch(url, { method: 'POST', body: sql, headers })).text())
  }
  const ctrlC = new AbortController()
  const drawn: string[] = []
  const asked = ask(["SELECT 'interrupted-query', sum(sipHash64(number)) FROM numbers(1000000000000)"], {
    signal: ctrlC.signal,
    redraw: (text: string) => drawn.push(text),
  })
  await expect.poll(running, { timeout: 20_000, interval: 50 }).toBe(1)
  await expect.poll(() => drawn.some((text) => text.includes('Ctrl-C ends it')), { timeout: 10_000, interval: 50 }).toBe(true)
  ctrlC.abort()
  expect((await asked).exit).toBe(130)
  expect(drawn.at(-1)).toBe('')
  await expect.poll(running, { timeout: 10_000, interval: 50 }).toBe(0)
})
