import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RIGHTS, type Right, ROLES, type Role } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { openRecordedStore } from '../../testdata/recorded-store.ts'
import { Access } from '../http/access.ts'
import { type DeclaredRoute, routesOf } from '../http/authorise.ts'
import { createApp } from '../serve.ts'

const OWNER_TOKEN = 'a-token-of-thirty-two-characters'
const directory = mkdtempSync(join(tmpdir(), 'podwitness-rights-'))
/** Who asks: every role, and the two roles that may be kept to a namespace or cluster. */
const TOKENS = new Map<string, string>()
const SEEN = 'infra'
let store: Store
let app: FastifyInstance

beforeAll(async () => {
  store = await openRecordedStore(join(directory, 'data'))
  app = await createApp(store, { host: '127.0.0.1', port: 0, token: OWNER_TOKEN, metrics: () => 'up 1\n' })
  const access = new Access(store, { ownerToken: OWNER_TOKEN })
  const add = async (name: string, role: Role, bounds: { namespaces?: string[]; clusters?: string[] } = {}) => {
    await access.users.add(name, { role, namespaces: bounds.namespaces ?? null, clusters: bounds.clusters ?? null }, 'test')
    TOKENS.set(name, (await access.tokens.create({ label: name, user: name, role })).text)
  }
  for (const role of ROLES) await add(role, role)
  await add('namespace-viewer', 'viewer', { namespaces: [SEEN] })
  await add('namespace-hunter', 'hunter', { namespaces: [SEEN] })
  await add('cluster-hunter', 'hunter', { clusters: ['another'] })
})
afterAll(async () => {
  await app?.close()
  await store?.close()
  rmSync(directory, { recursive: true, force: true })
})

function ask(who: string, options: InjectOptions) {
  const token = TOKENS.get(who)
  const headers = { host: '127.0.0.1', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...options.headers }
  return app.inject({ ...options, headers })
}

/** What the roles may, said here a second time. */
const ALLOWED: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['read'],
  hunter: ['read', 'query'],
  auditor: ['read', 'query', 'audit'],
  admin: ['read', 'query', 'audit', 'change'],
}
/** The codes with which somebody is kept out, in our words and in those of the other APIs. */
const KEPT_OUT = /PW-AU-001|PW-AU-005|PW-AU-015|"Unauthorized"|InsufficientAccessError|AuthorizationRequiredError/

async function isLetIn(who: string, { method, url }: DeclaredRoute): Promise<boolean> {
  const path = url.replace(/:\w+/g, 'x').replace('*', 'x')
  const { statusCode, body } = await ask(who, { method: method as 'GET', url: path })
  if (statusCode !== 401 && statusCode !== 403) return true
  // Of HEAD there is no body; signed requests are the only others that answer so.
  expect([who, method, url, method === 'HEAD' || KEPT_OUT.test(body)]).toEqual([who, method, url, true])
  return false
}

describe('every route of the server', () => {
  it('declares what it asks of its caller', () => {
    const routes = routesOf(app)
    expect(routes.length).toBeGreaterThan(80)
    for (const { method, url, access } of routes)
      expect([method, url, RIGHTS.includes(access?.right as Right)]).toEqual([method, url, true])
    const open = routes.flatMap(({ url, access }) =>
      access?.open === true && !/^\/(?:assets|[\w-]*(?:\.\w+)?$|(?:alerts|rules|s|e|l|settings)\/)/.test(url) ? [url] : [],
    )
    expect([...new Set(open)].sort()).toEqual([
      '/*',
      '/api/v1/login',
      '/api/v1/logout',
      '/api/v1/openapi.json',
      '/api/v1/sign-in-ways',
    ])
    for (const path of [
      '/v1/rest/query',
      '/v1/workspaces/:id/query',
      '/logstores/:logstore',
      '/metrics',
      '/api/v1/sessions/:traceId/evidence',
    ])
      expect(routes.map(({ url }) => url)).toContain(path)
  })

  it.each(['nobody', ...ROLES])('lets %s in as declared', async (who) => {
    for (const route of routesOf(app)) {
      const { right = 'none', open = false } = route.access ?? {}
      const expected = open || (who !== 'nobody' && ALLOWED[who as Role].includes(right))
      expect([route.method, route.url, await isLetIn(who, route)]).toEqual([route.method, route.url, expected])
    }
  })

  it.each(['namespace-viewer', 'namespace-hunter', 'cluster-hunter'])('answers %s only where it can be narrowed', async (who) => {
    const role = who.endsWith('viewer') ? 'viewer' : 'hunter'
    for (const route of routesOf(app)) {
      const { right = 'none', open = false, narrows = false } = route.access ?? {}
      const fits = narrows === true || (narrows === 'clusters' && who === 'cluster-hunter')
      expect([route.method, route.url, await isLetIn(who, route)]).toEqual([
        ...[route.method, route.url],
        open || (fits && ALLOWED[role].includes(right)),
      ])
    }
  })

  it.each<[string, InjectOptions]>([
    ['the page', { url: '/' }],
    ['a file of the page', { url: '/first-paint.js' }],
    ['an address of the page', { url: '/sessions' }],
    ['an answer', { url: '/api/v1/state' }],
    ['a refusal', { url: '/api/v1/access/users' }],
    ['what is not there', { url: '/api/v1/nothing' }],
    ['what is malformed', { method: 'POST', url: '/api/v1/query', payload: '{' }],
    ['what is too large', { method: 'POST', url: '/api/v1/query', payload: { query: 'x'.repeat(2_000_000) } }],
    ['evidence that is not there', { url: '/api/v1/sessions/x/evidence' }],
    ['metrics', { url: '/metrics' }],
    ['Kusto', { method: 'POST', url: '/v2/rest/query', payload: {} }],
    ['Log Analytics', { url: '/v1/workspaces/x/metadata' }],
    ['SLS', { url: '/logstores' }],
    ['the health', { url: '/healthz' }],
    ['a method that is not there', { method: 'DELETE', url: '/api/v1/state' }],
    ['another host', { url: '/api/v1/state', headers: { host: 'evil.example' } }],
  ])('sends the security headers with %s', async (_name, options) => {
    const { headers } = await ask('viewer', options)
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    if (/^\/(?:api|v1|v2|logstores|metrics)/.test(String(options.url))) expect(headers['cache-control']).toBe('no-store')
  })

  it('that declares nothing answers nobody', async () => {
    const other = await createApp(store, { host: '127.0.0.1', port: 0, token: OWNER_TOKEN })
    other.get('/api/v1/forgotten', async () => ({ secret: 1 }))
    const answer = await other.inject({
      url: '/api/v1/forgotten',
      headers: { host: '127.0.0.1', authorization: `Bearer ${OWNER_TOKEN}` },
    })
    expect([answer.statusCode, answer.body.includes('secret')]).toEqual([403, false])
    await other.close()
  })
})

describe('somebody who may see one namespace', () => {
  /** Everything of other namespaces that could give itself away. */
  const foreign = new Set<string>()
  const HUNTER = 'namespace-hunter'

  beforeAll(async () => {
    const gather = async (sql: string) => {
      const { rows } = await store.reader.query({ sql, params: { ns: SEEN }, maxRows: 100_000 })
      for (const [text] of rows) if (String(text).length > 3) foreign.add(String(text))
    }
    await gather('SELECT DISTINCT trace_id FROM audit.sessions FINAL WHERE ns != {ns:String}')
    await gather('SELECT DISTINCT pod_uid FROM audit.placements FINAL WHERE ns != {ns:String}')
    await gather('SELECT DISTINCT pod FROM audit.sessions FINAL WHERE ns != {ns:String}')
    await gather('SELECT event_id FROM audit.placements FINAL WHERE ns != {ns:String}')
    await gather("SELECT event_id FROM audit.events WHERE kind = 'KubeAudit' AND obj_ns != {ns:String}")
    await gather("SELECT event_id FROM audit.events WHERE kind = 'LinuxAudit'")
    expect(foreign.size).toBeGreaterThan(5_000)
  })

  /** Words of an answer that belong to other namespaces. */
  const strange = (body: string): string[] => (body.match(/[\w.:-]{4,}/g) ?? []).filter((word) => foreign.has(word))
  const sls = (query: string) => `/logstores/advaudit-dev?from=0&to=4000000000&query=${encodeURIComponent(query)}`
  const kql = [
    'Commands',
    'Sessions',
    'KubeAudit',
    'Events',
    'Findings',
    'Loss',
    'AdminActs',
    'AKSAudit',
    'AKSAuditAdmin',
    'AzureDiagnostics',
    'Syslog',
    'LinuxAuditLog',
  ]
  const inventory = ['KubePodInventory', 'ContainerInventory', 'KubeEvents', 'Heartbeat']
  const post = (url: string, payload: object): InjectOptions => ({ method: 'POST', url, payload })
  const RANGE = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
  const QUESTIONS: readonly (readonly [string, InjectOptions])[] = [
    ['sessions', { url: '/api/v1/sessions?limit=1000&platform=true' }],
    ['sessions by command', { url: '/api/v1/sessions?command=*&limit=1000' }],
    ['overview', { url: '/api/v1/overview' }],
    ['state', { url: '/api/v1/state' }],
    ['me', { url: '/api/v1/me' }],
    ['alerts', { url: '/api/v1/alerts' }],
    ['rules', { url: '/api/v1/rules' }],
    ...[...kql, ...inventory].map(
      (table) => [`KQL ${table}`, post('/api/v1/query', { lang: 'kql', query: `${table} | take 100000` })] as const,
    ),
    [
      'KQL join',
      post('/api/v1/query', { lang: 'kql', query: 'Commands | join kind=fullouter (Sessions) on TraceId | take 100000' }),
    ],
    ['KQL union', post('/api/v1/query', { lang: 'kql', query: 'union Commands, KubeAudit, Events | take 100000' })],
    ['KQL search', post('/api/v1/query', { lang: 'kql', query: 'search "web" | take 1000' })],
    ['SLS', post('/api/v1/query', { lang: 'sls', query: '*', limit: 100_000 })],
    [
      'SLS analysis',
      post('/api/v1/query', { lang: 'sls', query: '* | select traceId, "k8s.pod.name", count(*) group by 1, 2 limit 100000' }),
    ],
    ['histogram', post('/api/v1/query/histogram', { lang: 'kql', query: 'Commands', ...RANGE })],
    ['completion of values', post('/api/v1/editor/complete', { lang: 'kql', text: 'Commands | where Pod == "', position: 25 })],
    [
      'preview of a rule',
      post('/api/v1/rules/preview', {
        yaml: 'id: r\nname: r\nreason: r\nseverity: low\ncheck: 1h\nquery: {lang: kql, text: Commands, window: 1h}\ntrigger: hasData\n',
        ...RANGE,
      }),
    ],
    ['Kusto', post('/v1/rest/query', { db: 'podwitness', csl: 'Commands | take 100000' })],
    ['Kusto v2', post('/v2/rest/query', { db: 'dev', csl: 'Events | take 100000' })],
    ['Log Analytics', post('/v1/workspaces/podwitness/query', { query: 'AKSAudit | take 100000' })],
    [
      'Log Analytics batch',
      post('/v1/$batch', { requests: [{ id: '1', workspace: 'dev', body: { query: 'Commands | take 100000' } }] }),
    ],
    ['SLS REST', { url: sls('*') }],
    ['SLS REST analysis', { url: sls('* | select * from log limit 10000') }],
  ]

  it('would find what is strange', async () => {
    const answer = await app.inject({
      url: '/api/v1/sessions?limit=1000',
      headers: { host: '127.0.0.1', authorization: `Bearer ${OWNER_TOKEN}` },
    })
    expect(strange(answer.body).length).toBeGreaterThan(100)
  })

  test.each(QUESTIONS)('gets nothing of others by %s', async (name, options) => {
    const { statusCode, body } = await ask(HUNTER, options)
    expect([name, statusCode, statusCode === 200 ? '' : body]).toEqual([name, 200, ''])
    expect(strange(body).slice(0, 5)).toEqual([])
  })

  it('gets what is theirs, no less', async () => {
    const count = async (sql: string) => Number((await store.reader.query({ sql, params: { ns: SEEN } })).rows[0]?.[0])
    const rowsOf = async (query: string) => {
      const { body } = await ask(HUNTER, post('/api/v1/query', { lang: 'kql', query: `${query} | count` }))
      return Number(JSON.parse(body).rows[0][0])
    }
    const own = await count('SELECT count() FROM audit.commands WHERE ns = {ns:String}')
    expect(own).toBeGreaterThan(20)
    expect(await rowsOf('Commands')).toBe(own)
    expect(await rowsOf('KubeAudit')).toBe(
      await count("SELECT count() FROM audit.events WHERE kind = 'KubeAudit' AND obj_ns = {ns:String}"),
    )
    expect(await rowsOf('Sessions')).toBe(await count('SELECT count() FROM audit.sessions FINAL WHERE ns = {ns:String}'))
  })

  it('finds no session, event or evidence of others by its id', async () => {
    const one = async (sql: string) => String((await store.reader.query({ sql, params: { ns: SEEN } })).rows[0]?.[0])
    const trace = await one('SELECT trace_id FROM audit.sessions FINAL WHERE ns != {ns:String} LIMIT 1')
    const event = await one('SELECT event_id FROM audit.placements FINAL WHERE ns != {ns:String} LIMIT 1')
    const paths = [
      `/api/v1/sessions/${trace}`,
      `/api/v1/sessions/${trace}/evidence`,
      `/api/v1/events/${encodeURIComponent(event)}`,
    ]
    for (const url of paths) expect([url, (await ask(HUNTER, { url })).statusCode]).toEqual([url, 404])
    for (const url of paths) expect([url, (await ask('hunter', { url })).statusCode]).toEqual([url, 200])
  })

  it('gets own sessions and evidence with nothing strange in them', async () => {
    const { rows } = await store.reader.query({
      sql: 'SELECT trace_id FROM audit.sessions FINAL WHERE ns = {ns:String} LIMIT 2',
      params: { ns: SEEN },
    })
    for (const [trace] of rows)
      for (const url of [`/api/v1/sessions/${trace}`, `/api/v1/sessions/${trace}/evidence`]) {
        const { statusCode, body } = await ask(HUNTER, { url })
        expect([url, statusCode, strange(body).slice(0, 3)]).toEqual([url, 200, []])
      }
  })

  it('has no SQL, in no disguise', async () => {
    const sql = await ask(HUNTER, post('/api/v1/query', { lang: 'sql', query: 'SELECT 1' }))
    expect([sql.statusCode, sql.json().code]).toEqual([403, 'PW-AU-016'])
    const yaml =
      'id: r\nname: r\nreason: r\nseverity: low\ncheck: 1h\nquery: {lang: sql, text: SELECT 1, window: 1h}\ntrigger: hasData\n'
    expect((await ask(HUNTER, post('/api/v1/rules/preview', { yaml }))).json()).toMatchObject({ code: 'PW-AU-016' })
  })

  it('of another cluster gets nothing of this one', async () => {
    const few = QUESTIONS.filter(([name]) => !name.startsWith('KQL') || name === 'KQL union')
    for (const [name, options] of few) {
      const { body } = await ask('cluster-hunter', options)
      expect([name, strange(body).slice(0, 3)]).toEqual([name, []])
    }
  })
})
