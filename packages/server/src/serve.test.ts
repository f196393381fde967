import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventDetail, Found, ListedSession, SessionDetail } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecordedStore } from '../testdata/recorded-store.ts'
import { findPlaces } from './readers/find-places.ts'
import { createApp, serve } from './serve.ts'

const TOKEN = 'a-token-of-thirty-two-characters'
const directory = mkdtempSync(join(tmpdir(), 'podwitness-serve-'))
let store: Store
let app: FastifyInstance

beforeAll(async () => {
  store = await openRecordedStore(join(directory, 'data'))
  app = await createApp(store, { host: '127.0.0.1', port: 0, token: TOKEN })
})
afterAll(async () => {
  await app.close()
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

interface Answer<T> {
  readonly status: number
  readonly body: T
  readonly headers: Record<string, unknown>
}

async function ask<T>(url: string, more: InjectOptions = {}): Promise<Answer<T>> {
  const headers = { host: '127.0.0.1:7070', authorization: `Bearer ${TOKEN}`, ...more.headers }
  const answer = await app.inject({ method: 'GET', url, ...more, headers })
  return {
    status: answer.statusCode,
    body: answer.body === '' ? (undefined as T) : (answer.json() as T),
    headers: answer.headers,
  }
}

interface Page {
  readonly sessions: ListedSession[]
  readonly total: number
  readonly inRange: number
  readonly facets: Record<string, { value: string; count: number }[]>
  readonly nextCursor: string | null
}

describe('sessions', () => {
  it('lists what people did, newest first, with every match counted', async () => {
    const { body } = await ask<Page>('/api/v1/sessions?limit=10')
    expect(body.sessions).toHaveLength(10)
    expect(body.total).toBe(body.inRange)
    expect(body.total).toBeGreaterThan(300)
    const starts = body.sessions.map(({ start }) => start)
    expect(starts).toEqual([...starts].sort().reverse())
    expect(body.sessions.some(({ entry }) => entry === 'probe' || entry === 'container')).toBe(false)
  })

  it('turns pages without gap or overlap', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    let total = 0
    while (cursor !== null) {
      const page: Page = (await ask<Page>(`/api/v1/sessions?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`)).body
      seen.push(...page.sessions.map(({ traceId }) => traceId))
      cursor = page.nextCursor
      total = page.total
    }
    expect(seen).toHaveLength(total)
    expect(new Set(seen).size).toBe(total)
  })

  it('says where a time is in the list, and a further page counts nothing anew', async () => {
    const whole = (await ask<Page>('/api/v1/sessions?limit=300')).body
    const at = whole.sessions[123]?.start ?? ''
    const later = whole.sessions.filter(({ start }) => start > at).length
    const asked = (await ask<Page & { position: number }>(`/api/v1/sessions?limit=1&at=${at}&counts=false`)).body
    expect(asked).toMatchObject({ position: later, total: whole.total, inRange: 0, facets: { user: [] } })
    const oldest = await ask<{ position: number }>(`/api/v1/sessions?limit=1&sort=oldest&at=${at}`)
    const same = whole.sessions.filter(({ start }) => start === at).length
    expect(oldest.body.position).toBe(whole.total - later - same)
  })

  it('finds an account also among the candidates', async () => {
    const { body } = await ask<Page>('/api/v1/sessions?user=dave&limit=1000')
    expect(body.sessions.some(({ user }) => user === 'dave')).toBe(true)
    expect(body.sessions.some(({ user, candidates }) => user === null && candidates.some((one) => one.user === 'dave'))).toBe(
      true,
    )
    expect(body.sessions.every(({ user, candidates }) => user === 'dave' || candidates.some((one) => one.user === 'dave'))).toBe(
      true,
    )
    expect(body.facets.user?.length).toBeGreaterThan(3)
  })

  it('finds a command in all sessions and says which one matched', async () => {
    const { body } = await ask<Page>(`/api/v1/sessions?command=${encodeURIComponent('*/etc/shadow*')}`)
    expect(body.total).toBeGreaterThan(0)
    expect(body.sessions.every(({ topMatch }) => topMatch?.cmdline.includes('/etc/shadow') === true)).toBe(true)
  })

  it.each([
    ['100% of nothing', '%'],
    ['an underscore', 'no_such_thing_anywhere'],
    ['SQL', "'; DROP TABLE audit.sessions; --"],
  ])('takes %s literally', async (_name, command) => {
    const { status, body } = await ask<Page>(`/api/v1/sessions?command=${encodeURIComponent(command)}&limit=1000`)
    expect(status).toBe(200)
    expect(body.sessions.every(({ topMatch }) => topMatch?.cmdline.includes(command) === true)).toBe(true)
  })

  it.each([
    ['entry=node-local', ({ entry }: ListedSession) => entry === 'node-local'],
    ['confidence=ambiguous', ({ confidence }: ListedSession) => confidence === 'ambiguous'],
    ['risk=critical', ({ risk }: ListedSession) => risk === 'critical'],
    ['namespace=infra', ({ namespace }: ListedSession) => namespace === 'infra'],
    ['pod=web-*', ({ pod }: ListedSession) => pod.startsWith('web-')],
    ['platform=true&entry=probe', ({ entry }: ListedSession) => entry === 'probe'],
  ])('filters by %s', async (query, holds) => {
    const { body } = await ask<Page>(`/api/v1/sessions?${query}`)
    expect(body.total).toBeGreaterThan(0)
    expect(body.sessions.every(holds)).toBe(true)
  })

  it('keeps to a range of time', async () => {
    const all = (await ask<Page>('/api/v1/sessions?limit=1000')).body
    const middle = all.sessions[all.sessions.length >> 1]?.start ?? ''
    const after = (await ask<Page>(`/api/v1/sessions?limit=1000&from=${middle}`)).body
    expect(after.total).toBeLessThan(all.total)
    expect((await ask<Page>('/api/v1/sessions?from=2030-01-01T00:00:00Z')).body).toMatchObject({ total: 0, inRange: 0 })
  })

  it('shows one session down to the audit lines of a command', async () => {
    const { body: page } = await ask<Page>('/api/v1/sessions?user=alice&command=ls&confidence=matched')
    const { body: session } = await ask<SessionDetail>(`/api/v1/sessions/${page.sessions[0]?.traceId}`)
    expect(session.commands.length).toBe(session.commandCount)
    expect(session.apiCalls.some(({ own, resource }) => own && resource === 'pods/exec')).toBe(true)
    const command = session.commands[0]
    const { body: event } = await ask<EventDetail>(`/api/v1/events/${command?.eventId}`)
    expect(event.rawLines[0]).toMatch(/^node=k8s-node-1 type=SYSCALL msg=audit\(/)
    expect(event.rawLines.every((line) => line.includes(`(${command?.auditSerial})`))).toBe(true)
    expect(event.session?.traceId).toBe(session.traceId)
    expect(event.placement?.pod).toBe(session.pod)
  })

  it('tells whose doing an event is that is no program start: the session and pod of its process', async () => {
    const sql = `SELECT event_id FROM audit.events WHERE has(record_types, 'SECCOMP') ORDER BY time`
    const { body } = await ask<{ rows: [string][] }>('/api/v1/query', { method: 'POST', payload: { lang: 'sql', query: sql } })
    const doers: Record<string, number> = {}
    for (const [id] of body.rows) {
      const { body: event } = await ask<EventDetail>(`/api/v1/events/${id}`)
      const { placement, session } = event
      const doer = placement === null ? 'nobody known' : `${placement.pod} ${session?.entry} ${session?.user ?? ''}`.trim()
      doers[doer] = (doers[doer] ?? 0) + 1
    }
    // Two sessions of alice's, the loop of the container itself, and one event after the last program start that was recorded.
    expect(doers).toEqual({ 'sandboxed exec alice': 8, 'sandboxed container': 24, 'nobody known': 1 })
    const { body: told } = await ask<{ pod: { pod: string } }>(`/api/v1/events/${body.rows[0]?.[0]}/pod`)
    expect(told.pod.pod).toBe('sandboxed')
  })

  it.each([
    ['pod=web-*', 'Deployment', 'web'],
    ['pod=report-1795229640-d99mg&platform=true', 'Job', 'report-1795229640'],
    ['pod=toolbox', undefined, ''],
  ])('tells who made the pod of %s', async (query, kind, name) => {
    const { body: page } = await ask<Page>(`/api/v1/sessions?${query}&sort=oldest&limit=1`)
    const { body: session } = await ask<SessionDetail>(`/api/v1/sessions/${page.sessions[0]?.traceId}`)
    expect(session.podOwner?.kind).toBe(kind)
    expect(session.podOwner?.name ?? '').toContain(name)
  })

  it('leads from an API event to its session and its other stages', async () => {
    const { body: page } = await ask<Page>('/api/v1/sessions?entry=exec&confidence=matched&limit=1')
    const { body: session } = await ask<SessionDetail>(`/api/v1/sessions/${page.sessions[0]?.traceId}`)
    const own = session.apiCalls.find((call) => call.own)
    const { body: event } = await ask<EventDetail>(`/api/v1/events/${own?.eventId}`)
    expect(JSON.parse(event.raw)).toMatchObject({ auditID: session.auditIds[0] })
    expect(event.session?.traceId).toBe(session.traceId)
  })
})

describe('what a text names', () => {
  const find = async (text: string) => (await ask<{ found: Found[] }>(`/api/v1/find?text=${encodeURIComponent(text)}`)).body.found
  const kindsOf = async (text: string) => (await find(text)).map(({ kind, id }) => `${kind} ${id}`)

  it('finds sessions and events by their ids, requests by their audit id', async () => {
    const { sessions } = (await ask<Page>('/api/v1/sessions?limit=1&user=alice&confidence=matched')).body
    const { traceId = '', pod = '', auditIds = [] } = sessions[0] ?? {}
    expect(await kindsOf(traceId.slice(0, 12))).toContain(`session ${traceId}`)
    expect((await find(traceId))[0]).toMatchObject({ kind: 'session', id: traceId, detail: expect.stringContaining(pod) })
    const { commands } = (await ask<SessionDetail>(`/api/v1/sessions/${traceId}`)).body
    const event = commands[0]
    expect(await find(event?.eventId ?? '')).toEqual([expect.objectContaining({ kind: 'event', time: event?.time })])
    expect((await find(auditIds[0] ?? '')).every(({ kind }) => kind === 'event')).toBe(true)
  })

  it('finds accounts, also those that only made requests, and pods by any part of their names', async () => {
    expect(await kindsOf('mallory')).toEqual(['account mallory'])
    expect(await kindsOf('system:kube-scheduler')).toContain('account system:kube-scheduler')
    expect(await find('infra/node-debug')).toEqual([
      expect.objectContaining({ kind: 'pod', id: 'node-debug', namespace: 'infra', sessions: expect.any(Number) }),
    ])
    expect(await kindsOf('ode-deb')).toEqual(['pod node-debug'])
  })

  it('finds an account by the person behind it', async () => {
    const identity = { account: 'mallory', person: '马丽', team: 'Platform', uid: '2071' }
    for (const text of ['马丽', 'platform', '2071']) {
      const found = await findPlaces(store.reader, text, [identity])
      expect(found).toEqual([expect.objectContaining({ id: 'mallory', detail: '马丽 · Platform · 2071' })])
    }
  })

  it.each(['%%', "' OR 1=1 --", '\\\\', '00000000-0000-0000-0000-000000000000'])('finds nothing under %s', async (text) =>
    expect(await find(text)).toEqual([]),
  )
})

describe('state and queries', () => {
  it('says what is there and that nothing is missing', async () => {
    const { body } = await ask<Record<string, unknown>>('/api/v1/state')
    expect(body).toMatchObject({ clusters: ['dev'], counts: { Command: 4386, KubeAudit: 2591 }, missing: [], retentionDays: 180 })
  })

  it('runs SQL read-only', async () => {
    const post = (query: string): Promise<Answer<{ rows: unknown[][]; code: string }>> =>
      ask('/api/v1/query', { method: 'POST', payload: { lang: 'sql', query } })
    expect((await post('SELECT count() FROM audit.commands')).body.rows).toEqual([[4386]])
    const refused = await post('DROP TABLE audit.events')
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.body.code).toMatch(/^PW-/)
    expect((await post('SELECT count() FROM audit.events')).body.rows).toEqual([[15058]])
  })
})

describe('access', () => {
  it('lets nobody in without token or cookie, but answers for its health', async () => {
    for (const url of ['/api/v1/sessions', '/api/v1/state', '/api/v1/me', '/api/v1/events/x']) {
      expect(await ask(url, { headers: { authorization: '' } })).toMatchObject({ status: 401, body: { code: 'PW-AU-001' } })
    }
    expect((await ask('/healthz', { headers: { authorization: '' } })).status).toBe(200)
  })

  it('exchanges the token for a cookie that scripts and other sites cannot use', async () => {
    const login = await ask('/api/v1/login', { method: 'POST', payload: { token: TOKEN }, headers: { authorization: '' } })
    const [cookie = '', proof = ''] = login.headers['set-cookie'] as string[]
    expect(cookie).toMatch(/HttpOnly; Path=\/; SameSite=Strict/)
    expect(proof).not.toContain('HttpOnly')
    const value = cookie.split(';')[0] ?? ''
    expect((await ask('/api/v1/me', { headers: { authorization: '', cookie: value } })).status).toBe(200)
    const forged = `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`
    expect((await ask('/api/v1/me', { headers: { authorization: '', cookie: forged } })).status).toBe(401)
  })

  it('slows down who guesses', async () => {
    const guess = (): Promise<Answer<{ code: string }>> =>
      ask('/api/v1/login', {
        method: 'POST',
        payload: { token: 'wrong' },
        headers: { authorization: '' },
        remoteAddress: '127.0.0.9',
      })
    const codes: string[] = []
    for (let attempt = 0; attempt < 12; attempt++) codes.push((await guess()).body.code)
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'PW-AU-002'))
    expect(codes.slice(10)).toEqual(['PW-AU-003', 'PW-AU-003'])
  })

  it.each([
    ['another host name (DNS rebinding)', { host: 'evil.example:7070' }],
    ['a page of another site', { origin: 'http://evil.example', 'content-type': 'application/json' }],
    ['a page without an origin', { origin: 'null' }],
    ['what the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['what the browser calls same-site', { 'sec-fetch-site': 'same-site' }],
  ])('refuses %s', async (_name, headers) => {
    expect(await ask('/api/v1/login', { method: 'POST', payload: { token: TOKEN }, headers })).toMatchObject({
      status: 403,
      body: { code: 'PW-AU-004' },
    })
  })

  it('sends a strict policy with every answer', async () => {
    const { headers } = await ask('/api/v1/state')
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
  })
})

it.each([
  ['/api/v1/sessions?limit=0', 400, 'PW-AP-003'],
  ['/api/v1/sessions?risk=enormous', 400, 'PW-AP-003'],
  ['/api/v1/sessions/nope', 404, 'PW-SE-001'],
  ['/api/v1/events/nope', 404, 'PW-EV-001'],
  ['/api/v1/nope', 404, 'PW-AP-004'],
])('answers %s with %i %s', async (url, status, code) => {
  const answer = await ask<{ code: string; what: string; why: string; do: string }>(url)
  expect(answer).toMatchObject({ status, body: { code } })
  expect(Object.values(answer.body).every((words) => words.length > 0)).toBe(true)
})

it('shows the page to a person who followed a wrong link, and JSON to a program', async () => {
  const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
  const person = await app.inject({ url: '/nowhere', headers })
  expect(person.statusCode).toBe(404)
  expect(person.body).toContain('<div id="root"')
  expect((await app.inject({ url: '/api/v1/nope', headers })).json()).toMatchObject({ code: 'PW-AP-004' })
  expect((await app.inject({ url: '/nowhere' })).json()).toMatchObject({ code: 'PW-AP-004' })
})

it('takes the next port when one is taken, and listens beyond loopback only when told', async () => {
  const first = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN })
  const port = Number(new URL(first.url).port)
  const second = await serve(store, { host: '127.0.0.1', port, nextPorts: 20, token: TOKEN })
  expect(Number(new URL(second.url).port)).toBeGreaterThan(port)
  await expect(serve(store, { host: '127.0.0.1', port, token: TOKEN })).rejects.toMatchObject({ code: 'PW-SV-001' })
  await expect(serve(store, { host: '0.0.0.0', port: 0, token: TOKEN })).rejects.toMatchObject({ code: 'PW-SV-002' })
  await first.close()
  await second.close()
})
