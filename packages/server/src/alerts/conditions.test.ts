import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { vendorFake } from '../../../alert/testdata/vendor-fake.ts'
import { AlertDesk } from './alert-desk.ts'
import { AlertLoop } from './alert-loop.ts'

const directory = mkdtempSync(join(tmpdir(), 'podwitness-conditions-'))
const MINUTE_MS = 60_000
let store: Store
let desk: AlertDesk
let loop: AlertLoop
let vendor: Awaited<ReturnType<typeof vendorFake>>
let clock = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  vendor = await vendorFake(() => ({ status: 200, body: 'ok' }))
  desk = new AlertDesk(store)
  await desk.saveChannel({ id: 'w', name: 'w', type: 'webhook', options: { url: `${vendor.url}/w` } }, false)
  loop = new AlertLoop(store, { origin: 'http://pw', send: { allowTargets: [vendor.host], env: {} }, now: () => clock })
})
afterAll(async () => {
  await vendor.close()
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** In the minute that the next evaluation looks at. */
async function happens(action: string, node = 'n1', message = ''): Promise<void> {
  const id = `${action}-${node}-${clock}-${message}`
  const row = {
    ...blankRow('events'),
    kind: 'Finding' as const,
    action,
    event_id: id,
    node,
    message,
    time: storeTime(clock + 30_000),
  }
  await store.writer.insert('events', [row], id)
}

async function minute(): Promise<void> {
  clock += MINUTE_MS
  await loop.tick()
}

const yaml = (id: string, columns: string, more: string) =>
  `id: ${id}\nquery: {lang: sql, window: 1m, text: "SELECT ${columns} FROM audit.events WHERE action = '${id}' AND time >= {from:DateTime64(3)} AND time < {to:DateTime64(3)}"}\nnotify: [w]\n${more}`
const states = async (rule: string) =>
  (await loop.log.alerts('rule_id = {rule:String}', { rule }, 100))
    .map(({ state, group_key }) => `${state} ${group_key}`.trim())
    .reverse()
const told = (rule: string) => vendor.taken.filter(({ body }) => body.includes(`"${rule}"`)).length

it('no data alerts once while there is none, is over when there is some, and says so where it is to', async () => {
  await desk.applyRules(yaml('quiet', 'node', 'trigger: noData\ntellResolved: true'), Date.now() - 1000)
  await minute()
  await minute()
  expect(await states('quiet')).toEqual(['open'])
  await happens('quiet')
  await minute()
  expect(await states('quiet')).toEqual(['resolved'])
  expect(told('quiet')).toBe(2)
  await desk.objects.remove('rule', 'quiet', clock)
})

it('a value that changes alerts, one that stays does not', async () => {
  await desk.applyRules(yaml('version', 'node, message', 'trigger: {changes: message}\ngroupBy: [node]'), Date.now() - 1000)
  await happens('version', 'n1', 'v1')
  await happens('version', 'n2', 'v1')
  clock += 1
  await happens('version', 'n2', 'v2')
  await minute()
  expect(await states('version')).toEqual(['open n2'])
  await desk.objects.remove('rule', 'version', clock)
})

it('outside its hours, and in maintenance, the inbox has it and nobody is told', async () => {
  const hour = new Date(clock + 12 * 3_600_000).toISOString().slice(11, 13)
  await desk.applyRules(yaml('nightly', 'event_id, time, node', `hours: ${hour}:00-${hour}:59`), Date.now() - 1000)
  await desk.applyRules(yaml('daily', 'event_id, time, node', 'hours: any'), Date.now() - 1000)
  await happens('nightly')
  await happens('daily')
  await minute()
  await desk.silence({ matchers: {}, fromMs: clock, toMs: clock + 3_600_000, reason: 'maintenance', by: 'me' })
  await happens('daily', 'n2')
  await minute()
  expect([await states('nightly'), await states('daily')]).toEqual([['open'], ['open', 'open']])
  expect([told('nightly'), told('daily')]).toEqual([0, 1])
  const [last, first] = await loop.log.alerts("rule_id = 'daily'", {}, 2)
  expect([first?.silenced, last?.silenced]).toEqual(['', expect.stringMatching(/^silence .*maintenance/)])
  expect((await loop.log.alerts("rule_id = 'nightly'", {}, 1))[0]?.silenced).toBe('outside the hours of the rule')
})
