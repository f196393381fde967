import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { blankRow, openStore, type Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vendorFake } from '../../../alert/testdata/vendor-fake.ts'
import { createApp } from '../serve.ts'
import { AlertLoop } from './alert-loop.ts'

const directory = mkdtempSync(join(tmpdir(), 'podwitness-alert-routes-'))
const TOKEN = 't'.repeat(40)
const QUERY =
  'query: {lang: sql, text: "SELECT event_id, time, node, cmdline FROM audit.events WHERE action = \'routed\' AND time >= {from:DateTime64(3)} AND time < {to:DateTime64(3)}"}'
const RULE = `id: routed\nname: Routed\n${QUERY}\ncheck: stream\nnotify: [hook]\n`
let store: Store
let app: FastifyInstance
let vendor: Awaited<ReturnType<typeof vendorFake>>
let loop: AlertLoop
let alertId = ''

async function ask(method: 'GET' | 'POST', url: string, body?: object, signedIn = true) {
  const headers = { ...(signedIn ? { authorization: `Bearer ${TOKEN}` } : {}), host: '127.0.0.1' }
  const answer = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) })
  return { status: answer.statusCode, body: answer.json() as Readonly<Record<string, unknown>> }
}

const channelOf = (body: Readonly<Record<string, unknown>>, id: string) =>
  (body.channels as { id: string; lastTaken: string | null }[]).find((channel) => channel.id === id)

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  vendor = await vendorFake(() => ({ status: 200, body: 'ok' }))
  const alerts = { origin: 'https://pw', allowTargets: [vendor.host], env: {} }
  app = await createApp(store, { host: '127.0.0.1', port: 0, token: TOKEN, alerts })
  loop = new AlertLoop(store, { origin: 'https://pw', send: alerts })
  await ask('POST', '/api/v1/channels', { id: 'hook', name: 'Hook', type: 'webhook', options: { url: `${vendor.url}/x` } })
  await ask('POST', '/api/v1/rules', { yaml: RULE })
  const finding = { ...blankRow('events'), kind: 'Finding' as const, action: 'routed', event_id: 'r1', node: 'n1' }
  await store.writer.insert('events', [{ ...finding, cmdline: 'rm a.txt', time: storeTime(Date.now()) }], 'routed')
  await loop.tick()
  const { body } = await ask('GET', '/api/v1/alerts?rule=routed')
  alertId = (body.alerts as { alertId: string }[])[0]?.alertId ?? ''
})
afterAll(async () => {
  await app.close()
  await vendor.close()
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const ROUTES: readonly (readonly ['GET' | 'POST', string])[] = [
  ...(['rules', 'alerts', 'alerts/a', 'silences', 'channels', 'templates'] as const).map((one) => ['GET', one] as const),
  ...['rules', 'rules/lint', 'rules/preview', 'rules/a/remove', 'alerts/a/ack', 'alerts/a/resolve', 'silences'].map(
    (one) => ['POST', one] as const,
  ),
  ...['silences/a/remove', 'channels', 'channels/a/remove', 'channels/a/test', 'templates', 'templates/a/remove'].map(
    (one) => ['POST', one] as const,
  ),
  ['POST', 'templates/preview'],
]

it.each(ROUTES)('%s %s is for nobody who is not signed in', async (method, path) => {
  const { status, body } = await ask(method, `/api/v1/${path}`, method === 'POST' ? {} : undefined, false)
  expect([status, body.code]).toEqual([401, expect.stringMatching(/^PW-AU-/)])
})

it.each<[string, 'GET' | 'POST', string, object | undefined, number, string]>([
  ['a limit beyond bounds', 'GET', 'alerts?limit=5000', undefined, 400, 'PW-AP-003'],
  ['a state that is none', 'GET', 'alerts?state=odd', undefined, 400, 'PW-AP-003'],
  ['an alert that is not there', 'GET', 'alerts/nope', undefined, 404, 'PW-AL-005'],
  ['to acknowledge it', 'POST', 'alerts/nope/ack', {}, 404, 'PW-AL-005'],
  ['to resolve it', 'POST', 'alerts/nope/resolve', {}, 404, 'PW-AL-005'],
  ['no body', 'POST', 'rules', undefined, 400, 'PW-AP-003'],
  ['a rule with faults', 'POST', 'rules', { yaml: 'id: a\nchek: 1m' }, 400, 'PW-AL-001'],
  ['a rule that tells nobody there is', 'POST', 'rules', { yaml: `id: a\n${QUERY}\nnotify: [hok]` }, 400, 'PW-AL-001'],
  ['a preview of no rule', 'POST', 'rules/preview', { yaml: '# nothing' }, 400, 'PW-AL-001'],
  ['a preview from no time', 'POST', 'rules/preview', { yaml: RULE, from: 'yesterday' }, 400, 'PW-AP-003'],
  ['a rule that is not there', 'POST', 'rules/nope/remove', {}, 404, 'PW-AL-005'],
  ['a silence without reason', 'POST', 'silences', { matchers: {}, minutes: 5, reason: '' }, 400, 'PW-AP-003'],
  ['a silence of blanks', 'POST', 'silences', { matchers: {}, minutes: 5, reason: '  ' }, 400, 'PW-AL-007'],
  ['a silence of no time', 'POST', 'silences', { matchers: {}, minutes: 0, reason: 'x' }, 400, 'PW-AP-003'],
  ['a silence that is not there', 'POST', 'silences/nope/remove', {}, 404, 'PW-AL-005'],
  ['a channel of no type', 'POST', 'channels', { id: 'a', name: 'a', type: 'webhok', options: {} }, 400, 'PW-AL-003'],
  [
    'an identifier that is taken',
    'POST',
    'channels',
    { id: 'hook', name: 'a', type: 'webhook', options: { url: 'http://h/' } },
    409,
    'PW-AL-006',
  ],
  ['a channel that is not there', 'POST', 'channels/nope/remove', {}, 404, 'PW-AL-005'],
  ['a test of it', 'POST', 'channels/nope/test', {}, 404, 'PW-AL-005'],
  ['a channel that a rule tells', 'POST', 'channels/hook/remove', {}, 409, 'PW-AL-008'],
  ['a template with a fault', 'POST', 'templates', { id: 't', name: 't', title: 'a', body: '{% if x %}' }, 400, 'PW-AL-002'],
  ['a template that is not there', 'POST', 'templates/nope/remove', {}, 404, 'PW-AL-005'],
])('%s: %s %s', async (_name, method, path, body, status, code) => {
  const answer = await ask(method, `/api/v1/${path}`, body)
  expect([answer.status, answer.body.code]).toEqual([status, code])
  expect(String(answer.body.what).length * String(answer.body.do).length).toBeGreaterThan(0)
})

describe('the inbox', () => {
  it('has the alert with its message, and says who acknowledged and resolved it', async () => {
    expect(await ask('GET', `/api/v1/alerts/${alertId}`)).toMatchObject({
      status: 200,
      body: { alert: { state: 'open', count: 1 }, deliveries: [{ channel: 'hook', state: 'sent', status: 200 }] },
    })
    const acked = await ask('POST', `/api/v1/alerts/${alertId}/ack`, { note: 'mine' })
    expect(acked).toMatchObject({ status: 200, body: { state: 'acknowledged', note: 'mine' } })
    expect(String(acked.body.actor)).not.toBe('')
    expect((await ask('GET', '/api/v1/alerts?state=acknowledged')).body.counts).toMatchObject({ open: 0, acknowledged: 1 })
    expect((await ask('POST', `/api/v1/alerts/${alertId}/resolve`, {})).body).toMatchObject({ state: 'resolved' })
    const before = new Date(Date.now() - 3_600_000).toISOString()
    expect((await ask('GET', `/api/v1/alerts?before=${before}`)).body.alerts).toEqual([])
  })
})

describe('rules', () => {
  it('are linted, tried, listed, switched off and removed', async () => {
    const lint = await ask('POST', '/api/v1/rules/lint', { yaml: `${RULE.replace('[hook]', '[hok]')}` })
    expect(lint.body.faults).toEqual([expect.objectContaining({ line: 5, hint: 'Did you mean hook?' })])
    expect((await ask('POST', '/api/v1/rules/preview', { yaml: RULE })).body).toMatchObject({ rows: 1, alerts: 1, messages: 1 })
    expect((await ask('POST', '/api/v1/rules', { yaml: `${RULE}enabled: false\n` })).body).toEqual({ saved: ['routed'] })
    const listed = (await ask('GET', '/api/v1/rules')).body.rules as Record<string, unknown>[]
    expect(listed).toEqual([expect.objectContaining({ id: 'routed', enabled: false, channels: ['hook'], alerts7d: 1 })])
    expect((await ask('POST', '/api/v1/rules/routed/remove', {})).status).toBe(200)
    expect((await ask('GET', '/api/v1/rules')).body.rules).toEqual([])
  })
})

describe('channels, templates and silences', () => {
  it('keep secrets to themselves; a star is what it was', async () => {
    const options = { url: `${vendor.url}/secret-path`, secret: 'whs' }
    const saved = await ask('POST', '/api/v1/channels', { id: 'w2', name: 'w', type: 'webhook', options })
    expect(saved.body.options).toEqual({ url: '***', secret: '***' })
    const more = { id: 'w2', name: 'renamed', type: 'webhook', options: { url: '***', secret: '***' }, replace: true }
    expect((await ask('POST', '/api/v1/channels', more)).status).toBe(200)
    const { body } = await ask('GET', '/api/v1/channels')
    expect(JSON.stringify(body)).not.toMatch(/secret-path|whs/)
    expect(body.types).toHaveLength(11)
    expect(channelOf(body, 'w2')?.lastTaken).toBeNull()
    expect((await ask('POST', '/api/v1/channels/w2/test', {})).body).toMatchObject({ ok: true, status: 200 })
    const after = channelOf((await ask('GET', '/api/v1/channels')).body, 'w2')
    expect(Date.parse(after?.lastTaken ?? '')).toBeGreaterThan(Date.now() - 60_000)
    expect(vendor.taken.at(-1)?.path).toBe('/secret-path')
    expect((await ask('POST', '/api/v1/channels/w2/remove', {})).status).toBe(200)
  })

  it('render a past alert as the template is typed, repair and remove it', async () => {
    const template = {
      id: 'rm',
      name: 'rm',
      title: '${alert_name}',
      body: "- {% if x -%} - a {% else -%} - b:{{ alert.results[0].fire_result['cmdline'] }} - c",
    }
    const { body } = await ask('POST', '/api/v1/templates/preview', { title: template.title, body: template.body })
    expect(body).toMatchObject({
      faults: [{ part: 'body', line: 1, column: 3 }],
      title: 'Routed',
      text: expect.stringContaining('b:rm a.txt'),
    })
    const saved = await ask('POST', '/api/v1/templates', { ...template, repair: true })
    expect(saved.body.body).toContain('{% endif -%}')
    const rule = `id: told\n${QUERY}\nnotify: [{channel: hook, template: rm}]\n`
    expect((await ask('POST', '/api/v1/rules', { yaml: rule })).status).toBe(200)
    expect((await ask('POST', '/api/v1/templates/rm/remove', {})).body).toMatchObject({
      code: 'PW-AL-008',
      why: expect.stringContaining('told'),
    })
    await ask('POST', '/api/v1/rules/told/remove', {})
    expect((await ask('POST', '/api/v1/templates/rm/remove', {})).status).toBe(200)
    expect((await ask('GET', '/api/v1/templates')).body.templates).toEqual([])
  })

  it('begin and end', async () => {
    const { body } = await ask('POST', '/api/v1/silences', { matchers: { rule: 'routed' }, minutes: 60, reason: 'works' })
    expect(Date.parse(String(body.to)) - Date.parse(String(body.from))).toBe(3_600_000)
    expect((await ask('GET', '/api/v1/silences')).body.silences).toHaveLength(1)
    expect((await ask('POST', `/api/v1/silences/${String(body.id)}/remove`, {})).status).toBe(200)
    expect((await ask('GET', '/api/v1/silences')).body.silences).toEqual([])
  })
})
