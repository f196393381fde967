import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as api from '@podwitness/api'
import type { RouteReply } from '@podwitness/api'
import { storeTime } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecordedStore } from '../../testdata/recorded-store.ts'
import { type LiveIntake, startLiveIntake } from '../intake/live-intake.ts'
import { SenderClient } from '../intake/testing/sender-client.ts'
import { createApp } from '../serve.ts'

const TOKEN = 'a-token-of-thirty-two-characters'
const folder = mkdtempSync(join(tmpdir(), 'podwitness-settings-'))
let store: Store
let live: LiveIntake
let app: FastifyInstance

beforeAll(async () => {
  store = await openRecordedStore(join(folder, 'data'))
  live = await startLiveIntake(store, { folder, host: '127.0.0.1', port: 0 })
  const running = { ...live, address: `127.0.0.1:${live.port}` }
  app = await createApp(store, { host: '127.0.0.1', port: 0, token: TOKEN, settings: { folder, live: running } })
})
afterAll(async () => {
  await app.close()
  await live.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

type Reply<Name extends keyof typeof api> = RouteReply<(typeof api)[Name]>

async function ask<T>(url: string, payload?: object): Promise<{ status: number; body: T }> {
  const headers = { host: '127.0.0.1:7070', authorization: `Bearer ${TOKEN}` }
  const method = payload === undefined ? 'GET' : 'POST'
  const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  return { status: answer.statusCode, body: answer.json() as T }
}

describe('senders', () => {
  it('are given tokens that work, are listed with their certificates, and are shut out when revoked', async () => {
    const { body } = await ask<Reply<'tokenCreateRoute'>>('/api/v1/tokens', { kind: 'join', cluster: 'dev', name: 'first' })
    const stranger = new SenderClient(live.port, live.parts.authority.certificate)
    const node = await stranger.join(body.text, 'dev', 'node-9')
    const listed = await ask<Reply<'sendersRoute'>>('/api/v1/senders')
    expect(listed.body.tokens).toMatchObject([{ id: body.token.id, name: 'first', state: 'used' }])
    expect(JSON.stringify(listed.body)).not.toContain(body.text.split('.')[2])
    const [certificate] = listed.body.certificates
    expect(certificate).toMatchObject({ role: 'node', cluster: 'dev', node: 'node-9', state: 'valid' })
    const beat = { boot: '6f1c3f60-0d4c-4b0e-9d5c-000000000001', counters: { redacted_total: 3 }, facts: {} }
    let sent = 0
    const send = async () =>
      (await node.batch(`b.1.${++sent}`, [{ kind: 'heartbeat', ...beat, time: new Date().toISOString() }])).status
    expect(await send()).toBe(200)
    expect((await ask(`/api/v1/senders/${certificate?.senderId}/revoke`, {})).status).toBe(200)
    expect(await send()).toBe(401)
    expect((await ask<Reply<'sendersRoute'>>('/api/v1/senders')).body.certificates[0]?.state).toBe('revoked')
    for (const client of [stranger, node]) client.close()
  })

  it('that do not exist cannot be revoked', async () => {
    expect(await ask('/api/v1/senders/nobody/revoke', {})).toMatchObject({ status: 404, body: { code: 'PW-SG-003' } })
    expect(await ask('/api/v1/tokens/0123456789abcdef/revoke', {})).toMatchObject({ status: 404, body: { code: 'PW-PK-004' } })
  })

  it('of a server without a data folder are none', async () => {
    const bare = await createApp(store, { host: '127.0.0.1', port: 0, token: TOKEN })
    const headers = { host: '127.0.0.1', authorization: `Bearer ${TOKEN}` }
    const listed = await bare.inject({ url: '/api/v1/senders', headers })
    expect(listed.json()).toMatchObject({ available: false, tokens: [] })
    const made = await bare.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload: { kind: 'app', cluster: 'c' } })
    expect([made.statusCode, made.json().code]).toEqual([409, 'PW-SG-002'])
    await bare.close()
  })
})

it('says which ways in listen, what came by each, and what was refused', async () => {
  const before = (await ask<Reply<'sourcesRoute'>>('/api/v1/sources')).body
  expect(before.intakeOn).toBe(true)
  const of = (reply: Reply<'sourcesRoute'>, intake: string) => reply.sources.find((one) => one.intake === intake)
  // What was imported from files came by none of them.
  expect(of(before, 'apiserver-webhook')).toMatchObject({ state: 'waiting', lastDay: 0, addresses: [`127.0.0.1:${live.port}`] })
  expect(before.sources.map(({ lastDay }) => lastDay)).toEqual(before.sources.map(() => 0))
  expect(of(before, 'syslog')).toMatchObject({ state: 'off', addresses: [] })
  const { text } = live.parts.tokens.create({ kind: 'apiserver', cluster: 'dev', name: '' }, live.parts.authority.fingerprint)
  const event = {
    ...{ apiVersion: 'audit.k8s.io/v1', kind: 'Event', level: 'Metadata', auditID: 'x', stage: 'ResponseComplete' },
    ...{ requestURI: '/api/v1/pods', verb: 'list', user: { username: 'u' }, stageTimestamp: new Date().toISOString() },
    requestReceivedTimestamp: new Date().toISOString(),
  }
  const sender = new SenderClient(live.port, live.parts.authority.certificate)
  const list = JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [event, { level: 'Metadata' }] })
  const answer = await sender.post('/intake/v1/apiserver/dev', list, { authorization: `Bearer ${text}` })
  expect(answer.body).toEqual({ accepted: 1, rejected: 1 })
  sender.close()
  const after = of((await ask<Reply<'sourcesRoute'>>('/api/v1/sources')).body, 'apiserver-webhook')
  expect(after).toMatchObject({ state: 'receiving', lastHour: 1, lastDay: 1, refused: [{ count: 1 }] })
})

describe('identities', () => {
  it('are said, replaced and forgotten; accounts that nobody is named for are listed', async () => {
    const list = async () => (await ask<Reply<'identitiesRoute'>>('/api/v1/identities')).body
    const before = await list()
    expect(before.identities).toEqual([])
    const one = { account: 'mallory', person: '王小明', team: 'Platform', uid: '1001' }
    const all = { account: 'system:serviceaccount:*', person: '', team: 'Robots', uid: '' }
    const saved = await ask('/api/v1/identities', { identities: [{ ...one, person: 'x' }, all, one] })
    expect(saved.body).toEqual({ saved: 2 })
    expect((await list()).identities).toMatchObject([{ ...one, by: 'owner' }, all])
    const accounts = (await list()).unnamed.map(({ account }) => account)
    expect(accounts).not.toContain('mallory')
    expect(accounts.filter((account) => account.startsWith('system:serviceaccount:'))).toEqual([])
    expect((await ask('/api/v1/identities/remove', { account: 'mallory' })).status).toBe(200)
    expect(await ask('/api/v1/identities/remove', { account: 'mallory' })).toMatchObject({ status: 404 })
    expect((await list()).identities).toMatchObject([all])
  })
})

describe('masks', () => {
  it('are counted, on the nodes too', async () => {
    const now = storeTime(Date.now())
    await store.writer.insert(
      'heartbeats',
      [{ cluster: 'dev', node: 'n', boot: 'b', time: now, counters: { redacted_total: 7 }, facts: {} }],
      'h1',
    )
    const { body } = await ask<Reply<'masksRoute'>>('/api/v1/masks')
    expect(body.nodes).toContainEqual({ cluster: 'dev', node: 'n', redacted: 7 })
    const stored = await store.reader.query({
      sql: "SELECT sum(toUInt64OrZero(labels['masked'])) FROM audit.events WHERE kind = 'KubeAudit'",
    })
    expect(body.api.reduce((sum, { values }) => sum + values, 0)).toBe(Number(stored.rows[0]?.[0]))
  })

  it('are tried on a text that is not kept', async () => {
    const event = {
      ...{ level: 'Request', auditID: 'a', stage: 'ResponseComplete', requestURI: '/x', verb: 'create', user: { username: 'u' } },
      ...{ stageTimestamp: '2026-11-21T02:52:43Z', requestReceivedTimestamp: '2026-11-21T02:52:43Z' },
      objectRef: { resource: 'secrets', namespace: 'n', name: 's', apiVersion: 'v1' },
      requestObject: { data: { password: 'aHVudGVyMg==' } },
    }
    const { body } = await ask<Reply<'maskTestRoute'>>('/api/v1/masks/test', { event: JSON.stringify(event) })
    expect(body).toMatchObject({ masked: 1, fault: '' })
    expect(body.stored).toContain('"password":"[masked]"')
    expect((await ask<Reply<'maskTestRoute'>>('/api/v1/masks/test', { event: '{}' })).body.fault).not.toBe('')
    expect(readFileSync(join(folder, 'data/ledger/chain-1.jsonl'), 'utf8')).not.toContain('aHVudGVyMg')
  })
})

describe('a way in that is tried', () => {
  const test = (intake: string) => ask<Reply<'sourceTestRoute'>>('/api/v1/sources/test', { intake })

  it('answers with TLS and says who may send', async () => {
    const { body } = await test('apiserver-webhook')
    expect(body).toMatchObject({ addresses: [`127.0.0.1:${live.port}`], reached: { ok: true }, sent: null })
    await ask('/api/v1/tokens', { kind: 'apiserver', cluster: 'dev' })
    expect((await test('apiserver-webhook')).body.maySend).toBe((body.maySend ?? 0) + 1)
  })

  it.each(['udp', 'tcp'] as const)(
    'finds a marked record of syslog over %s in the store, and is an administrative act',
    async (transport) => {
      const { startOtherWays } = await import('../intake/start-other-ways.ts')
      const config = { syslog: [{ listen: '127.0.0.1:0', transport, cluster: 'dev' }] }
      const ways = await startOtherWays(
        config as Parameters<typeof startOtherWays>[0],
        { port: live.port, parts: live.parts } as Parameters<typeof startOtherWays>[1],
        folder,
      )
      const running = { parts: live.parts, address: `127.0.0.1:${live.port}`, otherWays: ways.names }
      const other = await createApp(store, { host: '127.0.0.1', port: 0, token: TOKEN, settings: { folder, live: running } })
      const answer = await other.inject({
        method: 'POST',
        url: '/api/v1/sources/test',
        headers: { host: '127.0.0.1:7070', authorization: `Bearer ${TOKEN}` },
        payload: { intake: 'syslog' },
      })
      const { sent } = answer.json() as Reply<'sourceTestRoute'>
      await other.close()
      await ways.close()
      expect(sent).toMatchObject({ outcome: 'stored', why: '' })
      const { rows } = await store.reader.query({
        sql: 'SELECT message FROM audit.events WHERE event_id = {id:String}',
        params: { id: sent?.eventId },
      })
      expect(String(rows[0]?.[0])).toContain(sent?.marker)
    },
  )

  it('says that nobody listens', async () => {
    expect((await test('fluent')).body).toMatchObject({ addresses: [], reached: null, sent: null, lastReceived: null })
  })
})
