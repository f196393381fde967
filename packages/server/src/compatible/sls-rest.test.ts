import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecordedStore } from '../../testdata/recorded-store.ts'
import { type Served, serve } from '../serve.ts'

const TOKEN = 'a-token-of-thirty-two-characters'
const directory = mkdtempSync(join(tmpdir(), 'podwitness-sls-'))
let store: Store
let served: Served
/** Seconds around everything recorded. */
let from = 0
let to = 0

beforeAll(async () => {
  store = await openRecordedStore(join(directory, 'data'))
  served = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN })
  const { rows } = await store.reader.query({
    sql: 'SELECT toUnixTimestamp(min(time)), toUnixTimestamp(max(time)) + 1 FROM audit.advaudit',
  })
  ;[from, to] = (rows[0] ?? []).map(Number) as [number, number]
})
afterAll(async () => {
  await served.close()
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}
type Sign = (method: string, path: string, query: Readonly<Record<string, string>>, body: string) => Record<string, string>

const hmac = (algorithm: string, key: string | Buffer, text: string): Buffer => createHmac(algorithm, key).update(text).digest()

/** Signs as the API reference says for the first version. */
const signV1 =
  (secret = TOKEN, date = new Date()): Sign =>
  (method, path, query, body) => {
    const type = body === '' ? '' : 'application/json'
    const md5 = body === '' ? '' : createHash('md5').update(body).digest('hex').toUpperCase()
    const resource = [
      path,
      Object.keys(query)
        .sort()
        .map((name) => `${name}=${query[name]}`)
        .join('&'),
    ]
      .filter((part) => part !== '')
      .join('?')
    const own = 'x-log-apiversion:0.6.0\nx-log-bodyrawsize:0\nx-log-signaturemethod:hmac-sha1\n'
    const text = `${method}\n${md5}\n${type}\n${date.toUTCString()}\n${own}${resource}`
    return {
      date: date.toUTCString(),
      'x-log-apiversion': '0.6.0',
      'x-log-bodyrawsize': '0',
      'x-log-signaturemethod': 'hmac-sha1',
      ...(body === '' ? {} : { 'content-type': type, 'content-md5': md5 }),
      authorization: `LOG podwitness:${hmac('sha1', secret, text).toString('base64')}`,
    }
  }

/** Signs as the API reference says for version 4. */
const signV4 =
  (secret = TOKEN): Sign =>
  (method, path, query, body) => {
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    const digest = createHash('sha256').update(body).digest('hex')
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-log-apiversion': '0.6.0',
      'x-log-content-sha256': digest,
      'x-log-date': now,
      'x-log-signaturemethod': 'hmac-sha256',
    }
    const names = Object.keys(headers).sort()
    const parameters = Object.keys(query)
      .sort()
      .map((name) => `${name}=${encodeURIComponent(query[name] ?? '').replaceAll('*', '%2A')}`)
    const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
    const canonical = `${method}\n${path}\n${parameters.join('&')}\n${lines}\n${names.join(';')}\n${digest}`
    const scope = `${now.slice(0, 8)}/cn-hangzhou/sls/aliyun_v4_request`
    const text = `SLS4-HMAC-SHA256\n${now}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`
    const key = [now.slice(0, 8), 'cn-hangzhou', 'sls', 'aliyun_v4_request'].reduce<Buffer>(
      (before, part) => hmac('sha256', before, part),
      Buffer.from(`aliyun_v4${secret}`),
    )
    return {
      ...headers,
      authorization: `SLS4-HMAC-SHA256 Credential=podwitness/${scope},Signature=${hmac('sha256', key, text).toString('hex')}`,
    }
  }

/** Sends as the clients do: the project in front of the host. */
function call(
  sign: Sign,
  method: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
  given = '',
): Promise<Answer> {
  const url = new URL(`${served.url}${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const headers = { host: `k8s-log-c1.${url.host}`, ...sign(method, path, query, given) }
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: JSON.parse(Buffer.concat(chunks).toString()),
        }),
      )
    })
    request.on('error', reject)
    request.end(given)
  })
}

const range = (): { from: string; to: string } => ({ from: `${from}`, to: `${to}` })
const STORE = '/logstores/advaudit-dev'
type Logs = Record<string, string>[]

describe.each([
  ['the first version', signV1],
  ['version 4', signV4],
])('signed by %s', (_name, sign) => {
  it('searches, newest first or oldest first, in pages that do not overlap', async () => {
    const query = 'kind: Command and process.name: curl'
    const all = await call(sign(), 'GET', STORE, { type: 'log', ...range(), query, line: '100' })
    expect(all.status).toBe(200)
    expect(all.headers).toMatchObject({ 'x-log-progress': 'Complete', 'x-log-has-sql': 'false' })
    const logs = all.body as Logs
    expect(logs.length).toBeGreaterThan(3)
    expect(`${logs.length}`).toBe(all.headers['x-log-count'])
    const times = logs.map((log) => Number(log.__time__))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    const pages = await Promise.all(
      [0, 2].map((offset) => call(sign(), 'GET', STORE, { type: 'log', ...range(), query, line: '2', offset: `${offset}` })),
    )
    expect(pages.flatMap(({ body }) => (body as Logs).map((log) => log.eventId))).toEqual(
      logs.slice(0, 4).map((log) => log.eventId),
    )
    const newest = await call(sign(), 'GET', STORE, { type: 'log', ...range(), query, reverse: 'true' })
    expect((newest.body as Logs).map((log) => log.eventId)).toEqual(logs.map((log) => log.eventId).reverse())
  })

  it('answers an analysis with its meta', async () => {
    const query = 'kind: Command | select "process.name" as p, count(*) as n from log group by p order by n desc, p limit 3'
    const { status, body } = await call(sign(), 'POST', `${STORE}/logs`, {}, JSON.stringify({ from, to, query }))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      meta: { progress: 'Complete', count: 3, hasSQL: true, keys: ['p', 'n'], columnTypes: ['varchar', 'bigint'] },
    })
    const { data } = body as { data: Logs }
    const { rows } = await store.reader.query({
      sql: "SELECT name, toString(count()) FROM audit.advaudit WHERE kind = 'Command' GROUP BY name ORDER BY count() DESC, name LIMIT 3",
    })
    expect(data.map((log) => [log.p, log.n])).toEqual(rows)
  })
})

it('gives objects as the JSON they are stored as', async () => {
  const { body } = await call(signV1(), 'GET', STORE, { type: 'log', ...range(), query: 'kind: Kubernetes', line: '1' })
  const [log] = body as Logs
  expect(JSON.parse(log?.k8s ?? '')).toMatchObject({
    user: { username: expect.any(String), groups: expect.any(Array) },
    pod: { namespace: expect.any(String) },
  })
  expect(log).toMatchObject({ __source__: '', __topic__: '', clusterId: 'dev', kind: 'Kubernetes' })
})

it('has a default of 100 rows in both parts', async () => {
  const search = await call(signV1(), 'GET', STORE, { ...range(), query: '*' })
  const analysis = await call(signV1(), 'GET', STORE, { ...range(), query: '* | select eventId from log' })
  expect([search, analysis].map(({ body }) => (body as Logs).length)).toEqual([100, 100])
})

it('counts by time, every bucket there, none counted twice', async () => {
  const { status, headers, body } = await call(signV1(), 'GET', STORE, { type: 'histogram', ...range(), query: 'kind: Command' })
  const buckets = body as { from: number; to: number; count: number; progress: string }[]
  const { rows } = await store.reader.query({ sql: "SELECT count() FROM audit.advaudit WHERE kind = 'Command'" })
  expect(status).toBe(200)
  expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(Number(rows[0]?.[0]))
  expect(headers['x-log-count']).toBe(`${rows[0]?.[0]}`)
  expect(buckets.length).toBeLessThanOrEqual(60)
  expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([from, to])
  for (const [index, bucket] of buckets.slice(1).entries()) expect(bucket.from).toBe(buckets[index]?.to)
})

describe('long answers', () => {
  const MANY = 40_000
  const query = `* | select n, "eventId" as e from (select "eventId" from log limit 1) cross join unnest(sequence(1, ${MANY})) as t(n) order by n limit ${MANY}`

  it('come as the engine gives them, whole', async () => {
    const [get, post] = await Promise.all([
      call(signV1(), 'GET', STORE, { type: 'log', ...range(), query }),
      call(signV4(), 'POST', `${STORE}/logs`, {}, JSON.stringify({ from, to, query })),
    ])
    const { meta, data } = post.body as { meta: object; data: Logs }
    expect([get.status, (get.body as Logs).length, get.headers['x-log-progress']]).toEqual([200, MANY, 'Complete'])
    // Its end was not known when its headers went out.
    expect([get.headers['x-log-count'], get.headers['transfer-encoding']]).toEqual([undefined, 'chunked'])
    expect(meta).toMatchObject({ progress: 'Complete', count: MANY, keys: ['n', 'e'] })
    expect([data[0]?.n, data.at(-1)?.n, data.length]).toEqual(['1', `${MANY}`, MANY])
  })

  it('break off where the query is cancelled on the way', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const answer = await fetch(
      `${served.url}${STORE}?${new URLSearchParams({ ...range(), query: query.replaceAll(`${MANY}`, '400000') })}`,
      { headers },
    )
    const id = answer.headers.get('x-log-requestid')
    const running = async (): Promise<string[]> => {
      const { queries } = (await (await fetch(`${served.url}/api/v1/query/running`, { headers })).json()) as {
        queries: { id: string }[]
      }
      return queries.map((one) => one.id)
    }
    expect(await running()).toContain(id)
    expect((await fetch(`${served.url}/api/v1/query/running/${id}`, { method: 'DELETE', headers })).status).toBe(200)
    const text = await answer.text().then(
      (all) => `${all.length} ${all.slice(-60)}`,
      () => 'broken off',
    )
    expect(text).toBe('broken off')
    expect(await running()).toEqual([])
  })
})

it('lists the logstores', async () => {
  expect((await call(signV1(), 'GET', '/logstores')).body).toEqual({ count: 1, total: 1, logstores: ['advaudit-dev'] })
})

describe('refuses', () => {
  const good = (): Record<string, string> => ({ type: 'log', ...range(), query: '*' })
  it.each<[string, number, string, () => Promise<Answer>]>([
    ['a wrong secret', 401, 'SignatureNotMatch', () => call(signV1('not-the-token'), 'GET', STORE, good())],
    ['a wrong secret in version 4', 401, 'SignatureNotMatch', () => call(signV4('not-the-token'), 'GET', STORE, good())],
    ['no signature', 401, 'Unauthorized', () => call(() => ({ host: '127.0.0.1' }), 'GET', STORE, good())],
    ['another key', 401, 'Unauthorized', () => call(() => ({ authorization: 'LOG other:AAAA' }), 'GET', STORE, good())],
    [
      'an old request',
      400,
      'RequestTimeTooSkewed',
      () => call(signV1(TOKEN, new Date(Date.now() - 3_600_000)), 'GET', STORE, good()),
    ],
    [
      'a changed query',
      401,
      'SignatureNotMatch',
      () => call((method, path) => signV1()(method, path, { ...good(), query: 'other' }, ''), 'GET', STORE, good()),
    ],
    [
      'a changed body',
      400,
      'PostBodyInvalid',
      () => call((method, path) => signV1()(method, path, {}, '{"a":1}'), 'POST', `${STORE}/logs`, {}, '{"a":2}'),
    ],
    ['a logstore that is none', 404, 'LogStoreNotExist', () => call(signV1(), 'GET', '/logstores/advaudit-nowhere', good())],
    ['a logstore of another kind', 404, 'LogStoreNotExist', () => call(signV1(), 'GET', '/logstores/nginx', good())],
    ['a wrong query', 400, 'InvalidQueryString', () => call(signV1(), 'GET', STORE, { ...good(), query: 'a and (' })],
    [
      'a range that ends before it begins',
      400,
      'InvalidTimeRange',
      () => call(signV1(), 'GET', STORE, { ...good(), from: '10', to: '9' }),
    ],
    ['too many lines', 400, 'ParameterInvalid', () => call(signV1(), 'GET', STORE, { ...good(), line: '101' })],
    ['no time', 400, 'ParameterInvalid', () => call(signV1(), 'GET', STORE, { query: '*' })],
    ['a body that is none', 400, 'PostBodyInvalid', () => call(signV4(), 'POST', `${STORE}/logs`, {}, '[1')],
  ])('%s', async (_name, status, errorCode, ask) => {
    const answer = await ask()
    expect(answer).toMatchObject({ status, body: { errorCode, errorMessage: expect.any(String) } })
    expect(answer.headers['x-log-requestid']).toBeTruthy()
  })
})
