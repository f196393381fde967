import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Intake, startIntake } from './start-intake.ts'
import { type OtherWays, startOtherWays } from './start-other-ways.ts'
import { damaged, seeded } from './testing/hostile-bytes.ts'
import { SenderClient } from './testing/sender-client.ts'

/** `PODWITNESS_FUZZ=20000 PODWITNESS_SEED=7` for a long run by hand. */
const ROUNDS = Number(process.env.PODWITNESS_FUZZ ?? 60)
const SEED = Number(process.env.PODWITNESS_SEED ?? 20_261_121)
const TOGETHER = 20
const MIB = 1024 * 1024
/** Nothing is waited for longer than it takes. */
const LOOKING = { timeout: 8_000, interval: 5 }
/** What this process may ever have held while bombs of 30 to 80 MiB arrive; vitest and the bombs' makers are in it. */
const MAX_PEAK = 640 * MIB

const folder = mkdtempSync(join(tmpdir(), 'podwitness-hostile-'))
const tailed = join(folder, 'audit.log')
const faults: Error[] = []
let store: Store
let intake: Intake
/** The same on a short leash. */
let strict: Intake
let ways: OtherWays
let node: SenderClient
let stranger: SenderClient
let tokens: { api: Record<string, string>; app: Record<string, string> }

beforeAll(async () => {
  writeFileSync(tailed, '')
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  intake = await startIntake(store, {
    folder,
    host: '127.0.0.1',
    port: 0,
    limits: { sender: { perSecond: 100_000, burst: 100_000 } },
    onUnexpected: (error) => faults.push(error),
  })
  strict = await startIntake(store, {
    folder,
    host: '127.0.0.1',
    port: 0,
    limits: {
      connections: { all: 100, perAddress: 30 },
      times: { headersMs: 1_200, requestMs: 1_500, lookMs: 100 },
      stranger: { perSecond: 1, burst: 20 },
    },
    onUnexpected: (error) => faults.push(error),
  })
  const listen = '127.0.0.1:0'
  const config = {
    apiserverLogs: [{ path: tailed, cluster: 'c' }],
    syslog: [{ listen, transport: 'tcp' as const, cluster: 'c', facilities: { user: 'debug' } }],
    fluentForward: [{ listen, transport: 'tcp' as const, cluster: 'c' }],
  }
  ways = await startOtherWays(config, intake, folder)
  const { authority, tokens: kept } = intake.parts
  const bearer = (kind: 'apiserver' | 'app'): Record<string, string> => ({
    authorization: `Bearer ${kept.create({ kind, cluster: 'c', name: 'x' }, '').text}`,
  })
  tokens = { api: bearer('apiserver'), app: bearer('app') }
  stranger = new SenderClient(intake.port, authority.certificate)
  node = await stranger.join(kept.create({ kind: 'join', cluster: 'c', name: '' }, authority.fingerprint).text, 'c', 'n')
})
afterAll(async () => {
  node?.close()
  stranger?.close()
  await ways?.close()
  await strict?.close()
  await intake?.close()
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

const portOf = (name: string): number => Number(/:(\d+) /.exec(ways.names.find((way) => way.startsWith(name)) ?? '')?.[1])
const counted = (source: string, code: string): number => refusedBy(intake, source, code)
const refusedBy = ({ parts }: Intake, source: string, code: string): number =>
  parts.rejects.counts().reduce((sum, one) => sum + (one.source === source && one.code === code ? one.count : 0), 0)

/** Sends raw bytes and waits for the other side to answer and close, or for a moment. */
function raw(socket: Socket, bytes: Buffer | string, patienceMs = 3_000): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const end = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    }
    const timer = setTimeout(end, patienceMs)
    socket.on('data', (part: Buffer) => {
      text += part.toString('latin1')
    })
    socket.on('error', end)
    socket.on('close', end)
    socket.write(bytes)
  })
}
const plain = (port: number): Socket => connect(port, '127.0.0.1')
const tls = (options: ConnectionOptions = {}): Socket =>
  connectTls({ port: strict.port, host: '127.0.0.1', ca: intake.parts.authority.certificate, ...options })

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
const GZIP = { 'content-encoding': 'gzip' }
const event = (more: string): string =>
  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"a","stage":"ResponseComplete","requestURI":"/","verb":"create","user":{"username":"u"},"stageTimestamp":"2026-11-21T03:00:00.000000Z","requestReceivedTimestamp":"2026-11-21T03:00:00.000000Z","objectRef":{"resource":"secrets"},"requestObject":${more}}`
const list = (items: string): string => `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${items}]}`
/** A protobuf field that holds others. */
const field = (number: number, inner: Buffer): Buffer => {
  const length: number[] = []
  for (let rest = inner.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest >= 128 ? (rest % 128) + 128 : rest)
    if (rest < 128) break
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), inner])
}
function otlpDeep(depth: number): Buffer {
  let value = field(1, Buffer.from('x'))
  for (let level = 0; level < depth; level++)
    value = field(6, field(1, Buffer.concat([field(1, Buffer.from('k')), field(2, value)])))
  return field(1, field(2, field(2, field(5, value))))
}

describe('bombs are refused with a code', () => {
  const zeros = gzipSync(Buffer.alloc(80 * MIB, 0x20), { level: 1 })
  const objects = gzipSync(`{"items":[${'{},'.repeat(10_000_000)}{}]}`, { level: 1 })
  const api = (body: Buffer | string, more = {}) => node.post('/intake/v1/apiserver/c', body, { ...tokens.api, ...more })
  const logs = (body: Buffer | string, more = {}) => node.post('/intake/v1/logs', body, { ...tokens.app, ...more })
  const otlp = (body: Buffer | string, type: string) => node.post('/v1/logs', body, { ...tokens.app, 'content-type': type })
  const batch = (body: Buffer | string, more = {}) =>
    node.post('/intake/v1/batches', body, { 'x-podwitness-batch': `z.1.${Math.floor(Math.random() * 1e9)}`, ...more })

  it.each([
    ['gzip that unpacks beyond the bound, as a batch', () => batch(zeros, GZIP), 413, 'PW-IN-004'],
    ['the same, as a list of events', () => api(zeros, GZIP), 413, 'PW-IN-004'],
    ['the same, as logs', () => logs(zeros, GZIP), 413, 'PW-IN-004'],
    ['ten million objects in 30 KB', () => api(objects, GZIP), 413, 'PW-IN-004'],
    ['ten million objects as logs', () => logs(objects, GZIP), 400, 'PW-IN-005'],
    ['values a million deep', () => api(list(event(nested(1_000_000)))), 413, 'PW-IN-004'],
    ['logs a million deep', () => logs(nested(1_000_000)), 400, 'PW-IN-005'],
    ['lines without end', () => logs('{}\n'.repeat(50_000)), 413, 'PW-IN-005'],
    ['OTLP in JSON, deep', () => otlp(`{"resourceLogs":${nested(100_000)}}`, 'application/json'), 400, 'PW-IN-005'],
    [
      'a million empty OTLP resources',
      () => otlp(Buffer.alloc(2 * MIB, Buffer.from([10, 0])), 'application/x-protobuf'),
      400,
      'PW-IN-005',
    ],
    ['more than the body may be', () => logs(Buffer.alloc(9 * MIB, 0x20)), 413, 'PW-IN-004'],
    ['an encoding that is not there', () => logs('{}', { 'content-encoding': 'br' }), 415, 'PW-IN-005'],
    ['gzip that ends early', () => logs(zeros.subarray(0, 50), GZIP), 400, 'PW-IN-005'],
  ])('%s', async (_what, send, status, code) => {
    const before = counted('request', code)
    expect(await send()).toMatchObject({ status, body: { code } })
    expect(counted('request', code)).toBe(before + 1)
  })

  it('takes OTLP values that are deep up to its depth, and leaves out what is deeper', async () => {
    expect((await otlp(otlpDeep(5_000), 'application/x-protobuf')).status).toBe(200)
  })

  it('refuses a line of a batch that is too deep, and takes the others', async () => {
    const line = (raw64: string): string =>
      `{"kind":"audit","boot":"b","via":["x"],"raw":"type=USER_CMD msg=audit(1.000:5): x"${raw64}}`
    const { status, body } = await batch([line(''), line(`,"x":${nested(200_000)}`), line(`,"x":${nested(3_000)}`)].join('\n'))
    expect([status, body.accepted]).toEqual([200, expect.any(Number)])
    expect(body.rejected).toMatchObject([{ line: 2, code: 'bad_json' }])
  })

  it.each([
    ['arrays in arrays', Buffer.alloc(100_000, 0x91), 'too_deep'],
    [
      'three million objects in one message',
      Buffer.concat([Buffer.from([0x92, 0xa1, 0x61, 0xdd, 0, 0x2d, 0xc6, 0xc0]), Buffer.alloc(3_000_000, 0x80)]),
      'too_many',
    ],
    ['a message of 4 GiB', Buffer.from([0xc6, 0xff, 0xff, 0xff, 0xff]), 'too_long'],
    ['a thousand times nothing', Buffer.alloc(10_000, 0xc0), 'too_many'],
    ['a byte that is none', Buffer.from([0xc1]), 'no_msgpack'],
    [
      'packed entries that are nothing',
      Buffer.from(encode(['t', gzipSync(Buffer.alloc(40 * MIB, 0xc0)), { compressed: 'gzip' }])),
      'not_a_message',
    ],
  ])('forward protocol: %s', async (_what, bytes, code) => {
    const before = counted('fluent', code)
    const socket = plain(portOf('fluent'))
    const closed = raw(socket, bytes)
    await expect.poll(() => counted('fluent', code), LOOKING).toBeGreaterThan(before)
    socket.destroy()
    await closed
  })

  it.each([
    ['a count of a gigabyte', '999999999 <13>x', 'bad_count'],
    ['a line that does not end', `<13>${'x'.repeat(300_000)}`, 'message_cut'],
    ['no syslog', '\0\0\0\n', 'no_priority'],
  ])('syslog: %s', async (_what, text, code) => {
    const before = counted('syslog', code)
    const socket = plain(portOf('syslog'))
    const closed = raw(socket, text)
    await expect.poll(() => counted('syslog', code), LOOKING).toBeGreaterThan(before)
    socket.destroy()
    await closed
  })

  it('a followed file: what is no event is kept, and the lines behind it are read', async () => {
    const good = event('{}').replace('"auditID":"a"', '"auditID":"behind"')
    appendFileSync(tailed, `${event(nested(500_000))}\n${nested(2_000_000)}\n\0\0\0\n${good}\n`)
    const find = async () =>
      (await store.reader.query({ sql: "SELECT count() FROM audit.events WHERE audit_id = 'behind'" })).rows[0]?.[0]
    await expect.poll(async () => Number(await find()), { timeout: 10_000 }).toBe(1)
    expect(intake.parts.rejects.counts().some(({ source }) => source === 'apiserver-log')).toBe(true)
  })
})

describe('connections that hold on', () => {
  let known: SenderClient
  let nobody: SenderClient
  beforeAll(() => {
    known = node.at(strict.port)
    nobody = stranger.at(strict.port)
  })
  afterAll(() => {
    known.close()
    nobody.close()
  })

  it('ends headers that are too long, do not end, or are none, a body or a handshake that does not come', async () => {
    const long = `GET / HTTP/1.1\r\nhost: x\r\n${`x: ${'y'.repeat(100)}\r\n`.repeat(400)}\r\n`
    const [body, half, ...answers] = await Promise.all([
      raw(tls(), 'POST /intake/v1/join HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{'),
      raw(plain(strict.port), Buffer.from([22, 3, 1, 2, 0, 1])),
      raw(tls(), long),
      raw(tls(), 'POST /intake/v1/join HTTP/1.1\r\nhost: x\r\nx: '),
      raw(tls(), '\x16\x03nonsense\r\n\r\n'),
    ])
    expect(answers.map((text) => /^HTTP\/1.1 (\d+)/.exec(text)?.[1])).toEqual(['431', '408', '400'])
    for (const text of answers) expect(text).toContain('PW-IN-012')
    expect(refusedBy(strict, 'connection', 'PW-IN-012')).toBeGreaterThanOrEqual(3)
    expect([/408|^$/.test(body), half]).toEqual([true, ''])
    expect(refusedBy(strict, 'connection', 'tls_handshake')).toBeGreaterThanOrEqual(1)
  })

  it('lets one address have its share of connections; a known sender does not count', async () => {
    const before = refusedBy(strict, 'connection', 'too_many_from_address')
    expect((await known.batch('held.1.0', [])).status).toBe(200)
    const sockets = Array.from({ length: 60 }, () => plain(strict.port).on('error', () => {}))
    await expect
      .poll(() => refusedBy(strict, 'connection', 'too_many_from_address') - before, { timeout: 5_000 })
      .toBeGreaterThanOrEqual(30)
    expect((await known.batch('held.1.1', [])).status).toBe(200)
    for (const socket of sockets) socket.destroy()
  })

  it('gives strangers 429 with the time to wait, and goes on with those it knows', async () => {
    await expect
      .poll(async () => (await nobody.post('/', '').catch(() => undefined))?.status, { timeout: 8_000, interval: 1 })
      .toBe(429)
    const { headers, body } = await nobody.post('/', '')
    expect([body.code, headers['retry-after']]).toEqual(['PW-IN-007', '1'])
    expect((await known.batch('held.1.2', [])).status).toBe(200)
  })
})

it(`survives ${ROUNDS} rounds of damaged input on every way in, and takes what is right after it`, async () => {
  const random = seeded(SEED)
  const good = {
    batch: Buffer.from(
      '{"kind":"audit","boot":"b","via":["x"],"raw":"type=EXECVE msg=audit(1.000:7): argc=1 a0=\\"id\\""}\n{"kind":"heartbeat"}',
    ),
    api: Buffer.from(list(`${event('{"data":{"a":"b"}}')},${event('null')}`)),
    logs: Buffer.from('{"time":"2026-11-21T03:00:00Z","level":"info","message":"m","kubernetes":{"pod_name":"p"}}\n{"msg":"x"}'),
    otlp: otlpDeep(2),
    fluent: Buffer.from(encode(['t', [[1, { log: 'x', deep: { a: [1, 2] } }]], { chunk: 'c' }])),
    syslog: Buffer.from(
      '<13>1 2026-11-21T03:00:00Z h a 1 - - text\n21 <14>Nov 21 03:00:00 h\n<14>h a: type=CWD msg=audit(1.000:7): cwd="/"\n',
    ),
  }
  const fluent = (): Promise<string> => raw(plain(portOf('fluent')), damaged(good.fluent, random), 15)
  const syslog = (): Promise<string> => raw(plain(portOf('syslog')), damaged(good.syslog, random), 15)
  const once = async (round: number): Promise<void> => {
    const packed = random() < 0.3
    const body = (bytes: Buffer): Buffer => (packed ? damaged(gzipSync(bytes), random) : damaged(bytes, random))
    const more = packed ? GZIP : {}
    appendFileSync(tailed, Buffer.concat([damaged(Buffer.from(event('{"a":1}')), random), Buffer.from('\n')]))
    const sent = [fluent(), syslog()]
    const answers = await Promise.all([
      node.post('/intake/v1/batches', body(good.batch), { 'x-podwitness-batch': `f.1.${round}`, ...more }),
      node.post('/intake/v1/apiserver/c', body(good.api), { ...tokens.api, ...more }),
      node.post('/intake/v1/logs', body(good.logs), { ...tokens.app, ...more }),
      node.post('/v1/logs', body(good.otlp), { ...tokens.app, 'content-type': 'application/x-protobuf', ...more }),
    ])
    // A machine that is too busy for its store says 503, and senders come again.
    for (const { status } of answers) expect([200, 400, 413, 503]).toContain(status)
    await Promise.all(sent)
  }
  // Together, so that they share durable writes.
  for (let round = 0; round < ROUNDS; round += TOGETHER)
    await Promise.all(Array.from({ length: Math.min(TOGETHER, ROUNDS - round) }, (_, at) => once(round + at)))
  expect((await node.batch('after.1.1', [])).status).toBe(200)
  expect(faults).toEqual([])
  expect(readFileSync(join(folder, 'rejects', `intake-${new Date().toISOString().slice(0, 10)}.jsonl`), 'utf8')).not.toContain(
    'Bearer',
  )
}, 3_600_000)

it('stops in order: what is in flight is stored and answered, or refused', async () => {
  const last = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
  const senders = Array.from({ length: 4 }, () => node.at(last.port))
  const line =
    '{"kind":"audit","boot":"stop","via":["x"],"raw":"type=USER_CMD msg=audit(5.000:SERIAL): pid=1 uid=0 auid=0 ses=1 msg=\'cmd=78\'"}'
  await Promise.all(senders.map((sender, at) => sender.batch(`stop.0.${at}`, [])))
  const sent = Array.from({ length: 40 }, (_, at) =>
    senders[at % 4]?.batch(`stop.1.${at}`, [line.replace('SERIAL', String(at))]).then(
      ({ status }) => status,
      () => 0,
    ),
  )
  await expect.poll(() => last.parts.writer.waitingBytes, { timeout: 5_000, interval: 0 }).toBeGreaterThan(0)
  const closed = last.close()
  const statuses = await Promise.all(sent)
  await closed
  for (const sender of senders) sender.close()
  for (const status of statuses) expect([200, 503, 0]).toContain(status)
  expect(statuses).toContain(200)
  const { rows } = await store.reader.query({ sql: "SELECT serial FROM audit.events WHERE boot = 'stop'" })
  const stored = new Set(rows.map(([serial]) => Number(serial)))
  // What was answered is stored; what was not may be, and comes again under its name.
  statuses.forEach((status, at) => {
    if (status === 200) expect(stored).toContain(at)
    if (status === 503) expect(stored).not.toContain(at)
  })
})

it('has not grown beyond its bound', () => {
  const peak = process.resourceUsage().maxRSS * 1024
  if (process.env.PODWITNESS_FUZZ !== undefined)
    console.log({
      rounds: ROUNDS,
      peakMiB: Math.round(peak / MIB),
      rssMiB: Math.round(process.memoryUsage().rss / MIB),
      refused: intake.parts.rejects.counts(),
    })
  expect(peak).toBeLessThan(MAX_PEAK)
})
