import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vendorFake } from '../../../alert/testdata/vendor-fake.ts'
import { AlertDesk } from './alert-desk.ts'
import { AlertLoop } from './alert-loop.ts'

const directory = mkdtempSync(join(tmpdir(), 'podwitness-clocked-'))
let store: Store
let clock = Date.now()

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('a burst of 500 alerts in a minute', () => {
  it('is 500 in the inbox, at most 20 messages a minute at DingTalk, and a digest that adds up', async () => {
    const fake = await vendorFake(() => ({ status: 200, body: '{"errcode":0,"errmsg":"ok"}' }))
    const desk = new AlertDesk(store)
    for (const { rule } of await desk.objects.rules()) await desk.objects.remove('rule', rule.id, clock)
    await desk.saveChannel({ id: 'ding', name: 'd', type: 'dingtalk', options: { url: `${fake.url}/robot/send` } }, false)
    await expect(
      desk.saveChannel({ id: 'ding', name: 'd', type: 'dingtalk', options: { url: fake.url } }, false),
    ).rejects.toMatchObject({
      code: 'PW-AL-006',
    })
    clock = Math.ceil(Date.now() / 60_000) * 60_000
    const yaml = [
      'id: burst',
      "query: {lang: sql, text: \"SELECT event_id, time, node FROM audit.events WHERE kind = 'Finding' AND action = 'burst' AND time >= {from:DateTime64(3)} AND time < {to:DateTime64(3)}\"}",
      'check: stream',
      'groupBy: [node]',
      'notify: [ding]',
    ].join('\n')
    await desk.applyRules(yaml, Date.now() - 1000)
    const send = { allowTargets: [fake.host], env: {} }
    const loop = new AlertLoop(store, { origin: 'http://h', send, now: () => clock })
    const finding = (index: number) => ({
      ...{ ...blankRow('events'), kind: 'Finding' as const, action: 'burst', event_id: `burst-${index}`, node: `node-${index}` },
      ...{ cluster: 'dev', time: storeTime(clock - 1000) },
    })
    for (let piece = 0; piece < 5; piece++) {
      await store.writer.insert(
        'events',
        Array.from({ length: 100 }, (_, index) => finding(piece * 100 + index)),
        `burst-${piece}`,
      )
      clock += 10_000
      await loop.tick()
    }
    const inMinute = fake.taken.length
    clock += 60_000
    await loop.tick()
    await fake.close()
    expect(await loop.log.alerts("rule_id = 'burst'", {}, 1000)).toHaveLength(500)
    expect(inMinute).toBeLessThanOrEqual(20)
    const counts = fake.taken.map(({ body }) => Number(/汇总\/digest: (\d+) 条/.exec(body)?.[1] ?? 1))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500)
    const [delivery] = await loop.log.deliveries("state = 'folded'", {}, 1)
    expect(delivery?.carrier).toMatch(/^digest:/)
  })

  it('tells in the inbox what nobody got, in the vendor’s words', async () => {
    const fake = await vendorFake(() => ({ status: 200, body: '{"errcode":310000,"errmsg":"keywords not in content"}' }))
    const desk = new AlertDesk(store)
    await desk.saveChannel({ id: 'ding', name: 'd', type: 'dingtalk', options: { url: `${fake.url}/robot/send` } }, true)
    clock += 120_000
    await store.writer.insert(
      'events',
      [{ ...blankRow('events'), kind: 'Finding', action: 'burst', event_id: 'one-more', node: 'n', time: storeTime(clock) }],
      'one-more',
    )
    const loop = new AlertLoop(store, { origin: 'http://h', send: { allowTargets: [fake.host], env: {} }, now: () => clock })
    await loop.tick()
    await fake.close()
    const [alert] = await loop.log.alerts("rule_id = 'undelivered'", {}, 10)
    expect(alert?.reason).toContain('310000: signature, keyword or address mismatch')
  })
})

describe('noise', () => {
  const finding = (id: string) => ({
    ...{ ...blankRow('events'), kind: 'Finding' as const, action: 'noise', event_id: id, node: 'n1', time: storeTime(clock) },
  })
  const rule = (more: string) =>
    `id: noise\nquery: {lang: sql, text: "SELECT event_id, time, node FROM audit.events WHERE action = 'noise' AND time >= {from:DateTime64(3)} AND time < {to:DateTime64(3)}"}\ncheck: stream\ngroupBy: [node]\nnotify: [w]\n${more}`

  it('mutes a group, keeps silences, escalates what nobody acknowledged', async () => {
    const fake = await vendorFake(() => ({ status: 200, body: 'ok' }))
    const desk = new AlertDesk(store)
    for (const id of ['w', 'boss'])
      await desk.saveChannel({ id, name: id, type: 'webhook', options: { url: `${fake.url}/${id}` } }, true)
    clock += 120_000
    await desk.applyRules(rule('mute: 10m\nescalate: {after: 30m, channel: boss}'), Date.now() - 1000)
    const loop = new AlertLoop(store, { origin: 'http://h', send: { allowTargets: [fake.host], env: {} }, now: () => clock })
    const happens = async (id: string) => {
      await store.writer.insert('events', [finding(id)], id)
      await loop.tick()
      clock += 60_000
    }
    await happens('noise-1')
    await happens('noise-2')
    const silence = await desk.silence({
      matchers: { rule: 'noise' },
      fromMs: clock,
      toMs: clock + 3_600_000,
      reason: 'works',
      by: 'me',
    })
    clock += 700_000
    await happens('noise-3')
    await desk.objects.remove('silence', silence.id, clock)
    await happens('noise-4')
    const alerts = await loop.log.alerts("rule_id = 'noise'", {}, 10)
    expect(alerts.map(({ silenced }) => silenced.split(':')[0]?.split(' ')[0]).reverse()).toEqual(['', 'mute', 'silence', ''])
    const [last, , , first] = alerts
    await desk.setState(last?.alert_id ?? '', 'acknowledged', 'mine', 'me')
    clock += 1_900_000
    await loop.tick()
    await loop.tick()
    await fake.close()
    expect(fake.taken.map(({ path }) => path)).toEqual(['/w', '/w', '/boss'])
    expect(JSON.parse(fake.taken[2]?.body ?? '{}')).toMatchObject({ incident: first?.alert_id })
  })
})
