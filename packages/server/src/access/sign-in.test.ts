import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CSRF_HEADER, type Me } from '@podwitness/api'
import { openStore, type Store } from '@podwitness/store'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Access } from '../http/access.ts'
import { createApp } from '../serve.ts'
import { AccessObjects } from './access-objects.ts'
import { FailedAttempts } from './failed-attempts.ts'
import { hashPassword, passwordFault, verifyPassword } from './password.ts'
import { SignIns } from './sign-ins.ts'
import { withoutSecretFields } from './without-secret-fields.ts'

const OWNER_TOKEN = 'a-token-of-thirty-two-characters'
const PASSWORD = 'correct horse battery'
const directory = mkdtempSync(join(tmpdir(), 'podwitness-sign-in-'))
let store: Store
let app: FastifyInstance
let access: Access

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
  app = await createApp(store, { host: '127.0.0.1', port: 0, token: OWNER_TOKEN })
  access = new Access(store, { ownerToken: OWNER_TOKEN })
})
afterAll(async () => {
  await app?.close()
  await store?.close()
  rmSync(directory, { recursive: true, force: true })
})

/** A browser: it keeps its cookies and sends the page's proof. */
class Browser {
  readonly cookies = new Map<string, string>()
  readonly address: string

  constructor(address: string) {
    this.address = address
  }

  async ask(options: InjectOptions): Promise<LightMyRequestResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { host: '127.0.0.1', cookie, [CSRF_HEADER]: this.cookies.get('podwitness_csrf') ?? '', ...options.headers }
    const answer = await app.inject({ remoteAddress: this.address, ...options, headers })
    for (const { name, value } of answer.cookies) this.cookies.set(name, value)
    return answer
  }

  get = (url: string) => this.ask({ url })
  post = (url: string, payload: object = {}) => this.ask({ method: 'POST', url, payload })
  login = (payload: object) => this.post('/api/v1/login', payload)
  me = async () => (await this.get('/api/v1/me')).json<Me>()
}

let addresses = 0
const browser = (): Browser => new Browser(`10.0.0.${++addresses}`)

async function acts(where: string): Promise<Record<string, string>[]> {
  const sql = `SELECT action, labels['outcome'] AS outcome, user, source_ip AS address, labels['means'] AS means, obj_name AS object, labels['before'] AS before, labels['after'] AS after, raw
    FROM audit.events WHERE kind = 'AdminAct' AND ${where} ORDER BY time`
  const rows: Record<string, string>[] = []
  for await (const block of store.reader.stream<Record<string, string>>(sql)) rows.push(...block)
  return rows
}

describe('the first administrator', () => {
  it('comes by a link that holds once, sets a password, and comes by it from then on', async () => {
    const link = (await access.users.first()) ?? ''
    expect(await access.users.first()).toBeUndefined()
    const first = browser()
    expect((await first.login({ token: link })).statusCode).toBe(200)
    expect(await first.me()).toMatchObject({ user: 'admin', role: 'admin', means: 'session', needsPassword: true })
    expect((await browser().login({ token: link })).json()).toMatchObject({ code: 'PW-AU-002' })
    expect((await first.post('/api/v1/access/password', { password: 'short' })).json()).toMatchObject({ code: 'PW-AU-007' })
    expect((await first.post('/api/v1/access/password', { password: PASSWORD })).statusCode).toBe(200)
    expect((await first.post('/api/v1/access/password', { password: 'another long one', current: 'wrong' })).statusCode).toBe(403)
    const second = browser()
    expect((await second.login({ user: 'admin', password: PASSWORD })).json()).toEqual({ user: 'admin' })
    expect(await second.me()).toMatchObject({ user: 'admin', needsPassword: false })
  })

  it('a link lets one in, however many come at once on two servers', async () => {
    const link = await access.users.add('racer', { role: 'viewer', namespaces: null, clusters: null }, 'test')
    const other = await createApp(store, { host: '127.0.0.1', port: 0, token: OWNER_TOKEN })
    const login = (on: FastifyInstance) =>
      on.inject({ method: 'POST', url: '/api/v1/login', headers: { host: '127.0.0.1' }, payload: { token: link } })
    const answers = await Promise.all([login(app), login(other), login(app), login(other)])
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401, 401])
    await other.close()
  })

  it('cannot take away the last administrator', async () => {
    const admin = browser()
    await admin.login({ token: OWNER_TOKEN })
    for (const change of [{ role: 'viewer' }, { disabled: true }])
      expect((await admin.post('/api/v1/access/users/admin', change)).json()).toMatchObject({ code: 'PW-AU-012' })
  })
})

describe('users', () => {
  it('are added with bounds, changed and disabled, each an act with what was before', async () => {
    const admin = browser()
    await admin.login({ user: 'admin', password: PASSWORD })
    const added = await admin.post('/api/v1/access/users', { name: 'vera', role: 'viewer', namespaces: ['shop', 'team-*'] })
    const vera = browser()
    await vera.login({ token: added.json<{ link: string }>().link })
    expect(await vera.me()).toMatchObject({ role: 'viewer', seesNamespaces: ['shop', 'team-*'], seesClusters: null })
    const both = await admin.post('/api/v1/access/users/vera', { role: 'auditor' })
    expect(both.json()).toMatchObject({ code: 'PW-AU-011' })
    await admin.post('/api/v1/access/users/vera', { role: 'auditor', namespaces: null })
    expect(await vera.me()).toMatchObject({ role: 'auditor', seesNamespaces: null })
    await admin.post('/api/v1/access/users/vera', { disabled: true })
    expect((await vera.get('/api/v1/me')).statusCode).toBe(401)
    const [refused, changed] = await acts("action = 'user-change' AND obj_name = 'vera'")
    expect(refused).toMatchObject({ outcome: 'failed', user: 'admin' })
    expect(JSON.parse(changed?.before ?? '')).toMatchObject({ role: 'viewer', namespaces: ['shop', 'team-*'] })
    expect(JSON.parse(changed?.after ?? '')).toMatchObject({ role: 'auditor', namespaces: null })
  })

  it.each([
    [{ name: 'admin', role: 'viewer' }, 409, 'PW-AU-010'],
    [{ name: 'owner', role: 'viewer' }, 409, 'PW-AU-010'],
    [{ name: 'a b', role: 'viewer' }, 400, 'PW-AP-003'],
    [{ name: 'x', role: 'root' }, 400, 'PW-AP-003'],
    [{ name: 'x', role: 'admin', clusters: ['c'] }, 400, 'PW-AU-011'],
    [{ name: 'x', role: 'viewer', namespaces: ['a*b'] }, 400, 'PW-AP-003'],
  ])('refuses %j', async (payload, status, code) => {
    const admin = browser()
    await admin.login({ token: OWNER_TOKEN })
    const answer = await admin.post('/api/v1/access/users', payload)
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code])
  })

  it('a reset forgets the password and ends what was signed in', async () => {
    const admin = browser()
    await admin.login({ token: OWNER_TOKEN })
    const { link } = (await admin.post('/api/v1/access/users', { name: 'rita', role: 'hunter' })).json<{ link: string }>()
    const rita = browser()
    await rita.login({ token: link })
    await rita.post('/api/v1/access/password', { password: PASSWORD })
    const again = (await admin.post('/api/v1/access/users/rita/reset')).json<{ link: string }>().link
    expect((await rita.get('/api/v1/me')).statusCode).toBe(401)
    expect((await browser().login({ user: 'rita', password: PASSWORD })).statusCode).toBe(401)
    expect((await browser().login({ token: again })).statusCode).toBe(200)
  })
})

describe('signing in', () => {
  it('says the same of a wrong password, a name that is not there and a disabled user', async () => {
    const answers = []
    for (const user of ['admin', 'nobody-such', 'vera'])
      answers.push((await browser().login({ user, password: 'wrong password' })).body)
    expect(new Set(answers).size).toBe(1)
  })

  it('is recorded, and so is failing and signing out; no act holds a secret', async () => {
    const one = browser()
    await one.login({ user: 'admin', password: 'this is not it' })
    await one.login({ user: 'admin', password: PASSWORD })
    await one.post('/api/v1/logout')
    const found = await acts(`source_ip = '${one.address}'`)
    expect(found.map(({ action, outcome, user, means }) => [action, outcome, user, means])).toEqual([
      ['sign-in', 'failed', 'admin', 'password'],
      ['sign-in', 'done', 'admin', 'password'],
      ['sign-out', 'done', 'admin', 'password'],
    ])
    const all = (await acts('1')).map(({ raw }) => raw).join('\n')
    for (const secret of [PASSWORD, 'this is not it', OWNER_TOKEN, 'pwl.', 'scrypt$']) expect(all).not.toContain(secret)
  })

  it('acts are signed with the ledger and seen in KQL by auditors alone', async () => {
    const report = await store.ledger?.verify({})
    expect(report?.findings).toEqual([])
    const asked = async (who: 'hunter' | 'auditor', lang: string, query: string) => {
      const name = `${who}-of-acts`
      if (!(await access.users.list()).some((user) => user.name === name))
        await access.users.add(name, { role: who, namespaces: null, clusters: null }, 'test')
      const { text } = await access.tokens.create({ label: '', user: name, role: who })
      const headers = { host: '127.0.0.1', authorization: `Bearer ${text}` }
      return (await app.inject({ method: 'POST', url: '/api/v1/query', headers, payload: { lang, query } })).json<{
        rows: unknown[][]
      }>().rows
    }
    const query = 'AdminActs | where Action == "sign-in" | distinct User'
    expect(await asked('auditor', 'kql', query)).toContainEqual(['admin'])
    expect(await asked('hunter', 'kql', query)).toEqual([])
    const sql = "SELECT count() FROM audit.events WHERE kind = 'AdminAct' SETTINGS additional_table_filters = {}"
    expect(await asked('hunter', 'sql', sql)).toEqual([[0]])
  })

  it('out everywhere ends every browser of the user', async () => {
    const [one, other] = [browser(), browser()]
    for (const each of [one, other]) await each.login({ user: 'admin', password: PASSWORD })
    expect(
      (await one.get('/api/v1/access/sign-ins')).json<{ signIns: { own: boolean }[] }>().signIns.filter(({ own }) => own),
    ).toHaveLength(1)
    await one.post('/api/v1/access/sign-out-everywhere')
    for (const each of [one, other]) expect((await each.get('/api/v1/me')).statusCode).toBe(401)
  })
})

describe('a cookie', () => {
  it('changes nothing without the proof of the page', async () => {
    const one = browser()
    await one.login({ token: OWNER_TOKEN })
    const payload = { lang: 'kql', query: 'print 1' }
    const asked = (headers: Record<string, string>) => one.ask({ method: 'POST', url: '/api/v1/query', payload, headers })
    expect((await asked({ [CSRF_HEADER]: '' })).json()).toMatchObject({ code: 'PW-AU-006' })
    expect((await asked({ [CSRF_HEADER]: 'f'.repeat(64) })).statusCode).toBe(403)
    expect((await asked({ 'sec-fetch-site': 'cross-site' })).json()).toMatchObject({ code: 'PW-AU-004' })
    expect((await asked({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200)
  })

  it('is counted by the address that a trusted proxy names, and by no other', async () => {
    const behind = await createApp(store, {
      host: '127.0.0.1',
      port: 0,
      token: OWNER_TOKEN,
      access: { proxies: ['10.9.0.0/16'] },
    })
    const codeFrom = async (remoteAddress: string, forwarded: string) => {
      const headers = { host: '127.0.0.1', authorization: 'Bearer wrong', 'x-forwarded-for': forwarded }
      return (await behind.inject({ url: '/api/v1/me', headers, remoteAddress })).statusCode
    }
    for (let count = 0; count < 11; count++) await codeFrom('10.9.0.1', '192.0.2.1')
    expect([await codeFrom('10.9.0.1', '192.0.2.1'), await codeFrom('10.9.0.1', '192.0.2.2')]).toEqual([429, 401])
    for (let count = 0; count < 11; count++) await codeFrom('198.51.100.7', `192.0.2.${100 + count}`)
    expect(await codeFrom('198.51.100.7', '192.0.2.200')).toBe(429)
    await behind.close()
  })

  it('planted beforehand is not taken over', async () => {
    const one = browser()
    one.cookies.set('podwitness_session', 'A'.repeat(32))
    await one.login({ token: OWNER_TOKEN })
    expect(one.cookies.get('podwitness_session')).not.toBe('A'.repeat(32))
  })

  it('holds on another server over the same store, and is nobody once it was ended there', async () => {
    const one = browser()
    await one.login({ user: 'admin', password: PASSWORD })
    const other = await createApp(store, { host: '127.0.0.1', port: 0, token: 'another-token-of-thirty-two-chars' })
    const headers = { host: '127.0.0.1', cookie: `podwitness_session=${one.cookies.get('podwitness_session')}` }
    const me = async () => (await other.inject({ url: '/api/v1/me', headers })).statusCode
    expect(await me()).toBe(200)
    await one.post('/api/v1/logout')
    await expect.poll(me, { timeout: 6_000, interval: 200 }).toBe(401)
    await other.close()
  })

  it.each([
    ['without use', { idleSeconds: 0, absoluteSeconds: 3600 }],
    ['at last', { idleSeconds: 3600, absoluteSeconds: 0 }],
  ])('ends %s', async (_name, times) => {
    const objects = new AccessObjects(store)
    const signIns = new SignIns(objects, times, true)
    let value = ''
    const reply = { header: (_header: string, values: string[]) => (value = values.join('\n')) }
    const request = { ip: '10.1.1.1', headers: {}, method: 'GET' }
    await signIns.begin(request as never, reply as never, 'admin', 'password')
    expect(value).toMatch(/^podwitness_session=\S+; HttpOnly; Path=\/; SameSite=Strict; Max-Age=\d+; Secure$/m)
    const cookie = /podwitness_session=([^;]+)/.exec(value)?.[0] ?? ''
    await expect
      .poll(() => signIns.find({ ...request, headers: { cookie } } as never), { timeout: 2_000, interval: 20 })
      .toBeUndefined()
  })
})

describe('API tokens', () => {
  it('are shown once, never may more than their user, and die with it', async () => {
    const admin = browser()
    await admin.login({ token: OWNER_TOKEN })
    const { link } = (await admin.post('/api/v1/access/users', { name: 'toni', role: 'hunter' })).json<{ link: string }>()
    const toni = browser()
    await toni.login({ token: link })
    const made = await toni.post('/api/v1/access/tokens', { label: 'nightly report', role: 'admin', days: 3 })
    const { token, fact } = made.json<{ token: string; fact: { id: string; role: string; rights: string[] } }>()
    expect(fact).toMatchObject({ role: 'hunter', rights: ['read', 'query'], label: 'nightly report', state: 'valid' })
    const use = async () => {
      const headers = { host: '127.0.0.1', authorization: `Bearer ${token}` }
      const me = await app.inject({ url: '/api/v1/me', headers, remoteAddress: '10.2.2.2' })
      return me.statusCode === 200 ? `${me.json<Me>().user} ${me.json<Me>().role}` : me.statusCode
    }
    expect(await use()).toBe('toni hunter')
    const [listed] = (await toni.get('/api/v1/access/tokens')).json<{ tokens: Record<string, string>[] }>().tokens
    expect(listed).toMatchObject({ id: fact.id, lastAddress: '10.2.2.2', user: 'toni' })
    expect(JSON.stringify(listed)).not.toContain(token.slice(-20))
    await admin.post('/api/v1/access/users/toni', { role: 'viewer' })
    expect(await use()).toBe('toni viewer')
    await admin.post('/api/v1/access/users/toni', { disabled: true })
    expect(await use()).toBe(401)
    await admin.post('/api/v1/access/users/toni', { disabled: false })
    expect(await use()).toBe('toni viewer')
    await admin.post(`/api/v1/access/tokens/${fact.id}/revoke`)
    expect(await use()).toBe(401)
  })

  it('make no tokens and set no passwords, and are nobody else’s to revoke', async () => {
    const { text, fact } = await access.tokens.create({ label: '', user: 'admin', role: 'admin' })
    const headers = { host: '127.0.0.1', authorization: `Bearer ${text}` }
    const post = (url: string, payload: object) => app.inject({ method: 'POST', url, headers, payload })
    expect((await post('/api/v1/access/tokens', { label: 'x', role: 'admin' })).json()).toMatchObject({ code: 'PW-AU-017' })
    expect((await post('/api/v1/access/password', { password: PASSWORD })).json()).toMatchObject({ code: 'PW-AU-017' })
    const link = await access.users.add('other', { role: 'viewer', namespaces: null, clusters: null }, 'test')
    const other = browser()
    await other.login({ token: link })
    expect((await other.post(`/api/v1/access/tokens/${fact.id}/revoke`)).json()).toMatchObject({ code: 'PW-AU-008' })
    expect((await other.get('/api/v1/access/tokens')).json()).toEqual({ tokens: [] })
  })

  it.each(['pwa.', 'pwa.0123456789abcdef.', `pwa.0123456789abcdef.${'A'.repeat(32)}`, 'x'.repeat(5000)])(
    '%s is nobody',
    async (text) => {
      const headers = { host: '127.0.0.1', authorization: `Bearer ${text}` }
      expect((await app.inject({ url: '/api/v1/me', headers, remoteAddress: '10.3.3.3' })).statusCode).toBe(401)
    },
  )
})

describe('passwords', () => {
  it('are hashed with a salt and their own cost', async () => {
    const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)]
    expect(one).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.toBe(two)
    expect(await verifyPassword(PASSWORD, one)).toBe(true)
    // A composed and a decomposed letter are the same password.
    expect(
      await verifyPassword('pässwörd für alle'.normalize('NFD'), await hashPassword('pässwörd für alle'.normalize('NFC'))),
    ).toBe(true)
    for (const stored of ['', 'scrypt$15$8$3$salt$', 'plain', one.slice(0, -1)])
      expect(await verifyPassword(PASSWORD, stored)).toBe(false)
  })

  it.each([
    ['elevenchars', false],
    ['aaaaaaaaaaaaaaaa', false],
    ['alice likes tea', false],
    ['twelve chars', true],
    ['一二三四五六七八九十百千', true],
  ])('%s', (password, good) => expect(passwordFault(password, 'alice') === '').toBe(good))
})

it('slows down who guesses at one name from many addresses, or at many from one', () => {
  const attempts = new FailedAttempts()
  const tries = (address: string, name: string) => {
    attempts.refuseIfBusy(address, name)
    attempts.note(address, name)
  }
  for (let index = 0; index < 5; index++) tries(`10.0.1.${index}`, 'guessed')
  expect(() => tries('10.0.1.9', 'guessed')).toThrow(expect.objectContaining({ code: 'PW-AU-003', status: 429 }))
  expect(() => tries('10.0.1.9', 'another')).not.toThrow()
  attempts.forgive('10.0.1.9', 'guessed')
  expect(() => tries('10.0.1.9', 'guessed')).not.toThrow()
  for (let index = 0; index < 10; index++) tries('10.0.2.1', `name ${index}`)
  expect(() => tries('10.0.2.1', 'name 11')).toThrow(expect.objectContaining({ code: 'PW-AU-003' }))
})

it('remembers no more addresses than it has room for', () => {
  const attempts = new FailedAttempts()
  for (let index = 0; index < 30_000; index++) attempts.note(`address ${index}`)
  expect(() => attempts.refuseIfBusy('address 29999')).not.toThrow()
})

it('leaves secrets out by their names, however deep', () => {
  const value = {
    name: 'n',
    options: [{ webhookUrl: 'https://x', password: 'p', to: 'a@b' }],
    apiKey: 'k',
    hasPassword: true,
    token: '',
  }
  expect(withoutSecretFields(value)).toEqual({
    ...{ name: 'n', options: [{ webhookUrl: '***', password: '***', to: 'a@b' }], apiKey: '***', hasPassword: true, token: '' },
  })
})
