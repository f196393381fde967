import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Me } from '@podwitness/api'
import { openStore, type Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../serve.ts'
import type { OidcConfig } from '../access-config.ts'
import { AccessObjects } from '../access-objects.ts'
import { Users } from '../users.ts'
import { userOfClaims } from './user-of-claims.ts'

const OWNER_TOKEN = 'a-token-of-thirty-two-characters'
const PUBLIC = 'http://127.0.0.1:7070'
const directory = mkdtempSync(join(tmpdir(), 'podwitness-oidc-'))
const GROUPS: OidcConfig['groups'] = [
  { group: 'security', role: 'auditor' },
  { group: 'team-a', role: 'hunter', namespaces: ['a', 'a-*'] },
  { group: 'team-b', role: 'hunter', namespaces: ['b'] },
  { group: 'everyone', role: 'viewer' },
]
/** What the provider knows about each who signs in there. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  alice: ['security', 'everyone'],
  bob: ['team-a', 'team-b', 'everyone'],
  eve: ['nobody-we-know'],
  admin: ['security'],
  'b l a n k': ['security'],
}
let store: Store
let app: FastifyInstance
let provider: Server
let issuer = ''
/** Seconds that ID tokens of the provider are good for. */
let lifeSeconds = 3600

/** The real provider library, on loopback. It has no types of its own. */
async function startProvider(): Promise<void> {
  const library = (await import(String('oidc-provider'))) as unknown as {
    default: new (
      issuer: string,
      configuration: object,
    ) => { callback(): (request: IncomingMessage, response: ServerResponse) => void }
  }
  provider = createServer()
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const address = provider.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const made = new library.default(issuer, {
    clients: [
      {
        client_id: 'podwitness',
        redirect_uris: [`${PUBLIC}/oidc/callback`],
        token_endpoint_auth_method: 'none',
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, preferred_username: sub, groups: PEOPLE[sub] ?? [] }),
    }),
    features: { devInteractions: { enabled: true } },
    ttl: { IdToken: () => lifeSeconds, AccessToken: 600, Grant: 600, Interaction: 600, Session: 600 },
    cookies: { keys: ['a key for the cookies of the test'] },
  })
  provider.on('request', made.callback())
}

beforeAll(async () => {
  await startProvider()
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  await new Users(new AccessObjects(store)).first()
  const oidc: OidcConfig = { name: 'Test SSO', issuer, clientId: 'podwitness', publicUrl: PUBLIC, groups: GROUPS }
  app = await createApp(store, { host: '127.0.0.1', port: 0, token: OWNER_TOKEN, access: { oidc } })
})
afterAll(async () => {
  await app?.close()
  await store?.close()
  provider?.closeAllConnections()
  provider?.close()
  rmSync(directory, { recursive: true, force: true })
})

type Cookies = Map<string, string>
const header = (cookies: Cookies): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

async function own(path: string, cookies: Cookies) {
  const answer = await app.inject({ url: path, headers: { host: '127.0.0.1:7070', cookie: header(cookies) } })
  for (const { name, value } of answer.cookies) cookies.set(name, value)
  return answer
}

/** Goes to the provider, signs in there as somebody and agrees; gives the address it is sent back to. */
async function atProvider(start: string, who: string): Promise<string> {
  const cookies: Cookies = new Map()
  let url = start
  let form: URLSearchParams | undefined
  for (let step = 0; step < 12 && !url.startsWith(PUBLIC); step++) {
    const answer = await fetch(url, {
      redirect: 'manual',
      method: form === undefined ? 'GET' : 'POST',
      ...(form === undefined ? {} : { body: form }),
      headers: { cookie: header(cookies) },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    const page = await answer.text()
    form = undefined
    if (next !== null) url = new URL(next, url).href
    else {
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? ''
      if (prompt === '') throw new Error(`the provider says: ${page.slice(0, 300)}`)
      form = new URLSearchParams(prompt === 'login' ? { prompt, login: who, password: 'any' } : { prompt })
      url = new URL(/<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? '', url).href
    }
  }
  return url.slice(PUBLIC.length)
}

/** @param change Something done on the way back: to the cookies, or another path, which it returns. */
async function signIn(who: string, change: (cookies: Cookies, path: string) => unknown = () => undefined) {
  const cookies: Cookies = new Map()
  const start = await own('/oidc/start?returnTo=%2Fsessions%3Fuser%3Dalice', cookies)
  const back = await atProvider(String(start.headers.location), who)
  const path = change(cookies, back)
  return { cookies, answer: await own(typeof path === 'string' ? path : back, cookies) }
}

/** Changes something of what the browser keeps meanwhile. */
function changed(cookies: Cookies, change: Readonly<Record<string, string>>): void {
  const kept = JSON.parse(Buffer.from(cookies.get('podwitness_oidc') ?? '', 'base64url').toString()) as object
  cookies.set('podwitness_oidc', Buffer.from(JSON.stringify({ ...kept, ...change })).toString('base64url'))
}

describe('the way there and back', () => {
  it('gives role and bounds by group, and leads to the page that was asked for', async () => {
    const { cookies, answer } = await signIn('bob')
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/sessions?user=alice'])
    const me = (await own('/api/v1/me', cookies)).json<Me>()
    expect(me).toMatchObject({
      user: 'bob',
      role: 'hunter',
      seesNamespaces: ['a', 'a-*', 'b'],
      seesClusters: null,
      needsPassword: false,
    })
    const alice = await signIn('alice')
    expect((await own('/api/v1/me', alice.cookies)).json<Me>()).toMatchObject({
      user: 'alice',
      role: 'auditor',
      seesNamespaces: null,
    })
  })

  it('sends code challenge, state and nonce, each time others', async () => {
    const ask = async () => new URL(String((await own('/oidc/start', new Map())).headers.location)).searchParams
    const [one, two] = [await ask(), await ask()]
    expect(one.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one.get(name)?.length).toBeGreaterThan(20)
      expect(one.get(name)).not.toBe(two.get(name))
    }
  })

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/a\r\nset-cookie: x=1', ''])(
    'leads nowhere else: %j',
    async (returnTo) => {
      const cookies: Cookies = new Map()
      const start = await own(`/oidc/start?returnTo=${encodeURIComponent(returnTo)}`, cookies)
      const answer = await own(await atProvider(String(start.headers.location), 'alice'), cookies)
      expect(answer.headers.location).toBe('/')
    },
  )
})

describe('what does not hold', () => {
  const OTHER = 'x'.repeat(43)

  /** What is done to the cookies, or the path that is gone on with instead. */
  it.each<[string, (cookies: Cookies, path: string) => unknown]>([
    ['another nonce', (cookies) => changed(cookies, { nonce: OTHER })],
    ['another state', (cookies) => changed(cookies, { state: OTHER })],
    ['another verifier', (cookies) => changed(cookies, { verifier: OTHER })],
    ['another code', (_cookies, path) => path.replace(/code=[^&]+/, `code=${OTHER}`)],
    ['no code', (_cookies, path) => path.replace(/code=[^&]+&?/, '')],
    ['another issuer', (_cookies, path) => path.replace(/iss=[^&]+/, 'iss=http%3A%2F%2Fevil.example')],
    ['a browser that did not begin', (cookies) => cookies.clear()],
    ['a cookie of nothing', (cookies) => cookies.set('podwitness_oidc', 'bm90aGluZw')],
  ])('%s', async (_name, change) => {
    const { cookies, answer } = await signIn('alice', change)
    expect([answer.statusCode, /PW-OI-\d+/.exec(answer.body)?.[0]]).toEqual([403, 'PW-OI-002'])
    expect((await own('/api/v1/me', cookies)).statusCode).toBe(401)
  })

  it('an ID token that has expired', async () => {
    lifeSeconds = -600
    const { answer } = await signIn('alice')
    lifeSeconds = 3600
    expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining('PW-OI-002')])
  })

  it('the same answer a second time', async () => {
    let again = ''
    const { cookies } = await signIn('alice', (_cookies, path) => (again = path))
    const answer = await own(again, cookies)
    expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining('PW-OI-002')])
  })

  it.each([
    ['a group that nobody named', 'eve', 'PW-OI-003'],
    ['a local user of the same name', 'admin', 'PW-AU-014'],
    ['a name that is none', 'b l a n k', 'PW-AU-014'],
  ])('%s', async (_name, who, code) => {
    const { cookies, answer } = await signIn(who)
    expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining(code)])
    expect((await own('/api/v1/me', cookies)).statusCode).toBe(401)
  })

  it('a user that was disabled here', async () => {
    await signIn('bob')
    const users = new Users(new AccessObjects(store))
    await users.change('bob', { disabled: true })
    expect((await signIn('bob')).answer.body).toContain('PW-OI-003')
    await users.change('bob', { disabled: false })
  })

  it('is recorded', async () => {
    const { rows } = await store.reader.query({
      sql: "SELECT labels['outcome'], count() FROM audit.events WHERE kind = 'AdminAct' AND labels['means'] = 'provider' GROUP BY 1 ORDER BY 1",
    })
    expect(rows.map(([outcome]) => outcome)).toEqual(['done', 'failed'])
  })
})

it('says so while the provider is away, and lets local users in', async () => {
  const oidc: OidcConfig = { issuer: 'http://127.0.0.1:9', clientId: 'podwitness', publicUrl: PUBLIC, groups: GROUPS }
  const other = await createApp(store, { host: '127.0.0.1', port: 0, token: OWNER_TOKEN, access: { oidc } })
  const answer = await other.inject({ url: '/oidc/start', headers: { host: '127.0.0.1:7070' } })
  expect([answer.statusCode, answer.body]).toEqual([502, expect.stringContaining('PW-OI-001')])
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  const users = new Users(new AccessObjects(store))
  const link = await users.add('local', { role: 'viewer', namespaces: null, clusters: null }, 'test')
  const login = await other.inject({
    method: 'POST',
    url: '/api/v1/login',
    headers: { host: '127.0.0.1:7070' },
    payload: { token: link },
  })
  expect(login.statusCode).toBe(200)
  await other.close()
})

describe('groups', () => {
  const config: OidcConfig = { issuer: 'https://i', clientId: 'c', publicUrl: 'https://p', groups: GROUPS }
  it.each([
    [['everyone'], 'viewer', null],
    [['team-a'], 'hunter', ['a', 'a-*']],
    // A lesser role sees everything; it does not widen what the higher one sees.
    [['team-b', 'everyone'], 'hunter', ['b']],
    [['security', 'team-a'], 'auditor', null],
  ])('%j', (groups, role, namespaces) => {
    expect(userOfClaims({ preferred_username: 'x', groups }, config)).toEqual({
      name: 'x',
      wish: { role, namespaces, clusters: null },
    })
  })

  it.each([
    {},
    { preferred_username: 'x' },
    { preferred_username: 'x', groups: 5 },
    { preferred_username: '', groups: ['everyone'] },
    { preferred_username: ['x'], groups: ['everyone'] },
  ])('nobody: %j', (claims) => expect(() => userOfClaims(claims, config)).toThrow(expect.objectContaining({ code: 'PW-OI-003' })))
})
