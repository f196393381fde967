import { createSocket } from 'node:dgram'
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tailApiserverLog } from './logs/apiserver-log.ts'
import { type Intake, startIntake } from './start-intake.ts'
import { parseSyslog } from './syslog/parse-syslog.ts'
import { startSyslog } from './syslog/start-syslog.ts'
import { SyslogCollector } from './syslog/syslog-collector.ts'
import { SyslogFrames } from './syslog/syslog-frames.ts'
import { SenderClient } from './testing/sender-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-ways-'))
let store: Store
let intake: Intake
let client: SenderClient

beforeAll(async () => {
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  intake = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
  client = new SenderClient(intake.port, intake.parts.authority.certificate)
})
afterAll(async () => {
  client.close()
  await intake.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})
async function rows(sql: string): Promise<unknown[][]> {
  return (await store.reader.query({ sql })).rows.map((row) => [...row])
}

const NOW = Date.UTC(2026, 10, 21, 3)

describe('syslog', () => {
  it.each([
    [
      '<85>Nov 21 02:59:58 web-1 sshd[42]: Failed password',
      ['authpriv', 'notice', '2026-11-21T02:59:58.000Z', 'web-1', 'sshd', '42', 'Failed password'],
    ],
    [
      '<34>Dec 31 23:59:59 mymachine su: it failed',
      ['auth', 'crit', '2025-12-31T23:59:59.000Z', 'mymachine', 'su', '', 'it failed'],
    ],
    [
      '<165>1 2003-10-11T22:14:15.003Z host.example evntslog - ID47 [a@1 b="c"] An application event',
      ['local4', 'notice', '2003-10-11T22:14:15.003Z', 'host.example', 'evntslog', '', '[a@1 b="c"] An application event'],
    ],
    [
      '<86>1 2026-11-21T02:00:00+01:00 h app 7 - - \ufeffhello',
      ['authpriv', 'info', '2026-11-21T01:00:00.000Z', 'h', 'app', '7', 'hello'],
    ],
    ['<13>no header at all', ['user', 'notice', new Date(NOW).toISOString(), '', '', '', 'no header at all']],
  ])('reads %s', (text, expected) => {
    const message = parseSyslog(text, NOW)
    if ('code' in message) throw new Error(message.code)
    const { facility, severity, timeMs, host, app, pid, text: body } = message
    expect([facility, severity, new Date(timeMs).toISOString(), host, app, pid, body]).toEqual(expected)
  })

  it.each(['', 'no priority', '<999>x', '<>x'])('refuses %j', (text) => {
    expect(parseSyslog(text, NOW)).toEqual({ code: 'no_priority' })
  })

  it('cuts a stream into the same messages, however it is cut itself', () => {
    const stream = Buffer.from(`<13>one\n12 <13>two\nmore<13>three\n${'x'.repeat(70_000)}\n<13>four\n`)
    for (const size of [1, 3, 4096, stream.length]) {
      const frames = new SyslogFrames()
      const messages: string[] = []
      for (let at = 0; at < stream.length; at += size) messages.push(...frames.push(stream.subarray(at, at + size)).map(String))
      messages.push(...frames.end().map(String))
      expect(messages.map((text) => text.slice(0, 20))).toEqual([
        '<13>one',
        '<13>two\nmore',
        '<13>three',
        'x'.repeat(20),
        '<13>four',
      ])
      expect(messages[3]).toHaveLength(65_536)
    }
  })

  it.each(['udp', 'tcp', 'tls'] as const)('takes what the grid lets in over %s, and counts the rest', async (transport) => {
    const source = `syslog-${transport}`
    const { writer, rejects, authority } = intake.parts
    const submit = (parcel: Parameters<typeof writer.submit>[0]) => writer.submit(parcel)
    const before = rejects.counts().reduce((sum, { code, count }) => sum + (code === 'not_wanted:authpriv.debug' ? count : 0), 0)
    const collector = new SyslogCollector({ cluster: source, grid: { authpriv: 'info', user: 'info' }, source, submit, rejects })
    const identity = await authority.serverIdentity(['localhost', '127.0.0.1'])
    const server = await startSyslog({ transport, host: '127.0.0.1', port: 0 }, collector, identity)
    const audit = (type: string, rest: string) =>
      `<14>Nov 21 03:00:00 n1 audispd: node=n1 type=${type} msg=audit(1795230000.000:77): ${rest}`
    const messages = [
      '<86>Nov 21 03:00:00 n1 sshd[4]: accepted',
      '<87>Nov 21 03:00:00 n1 sshd[4]: debug chatter',
      audit(
        'SYSCALL',
        'arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=9 auid=0 uid=0 tty=(none) ses=1 comm="id" exe="/usr/bin/id"',
      ),
      audit('EXECVE', 'argc=1 a0="id"'),
      'garbage',
    ]
    await send(transport, server.port, messages, authority.certificate)
    const wanted = (): number =>
      rejects.counts().reduce((sum, { code, count }) => sum + (code === 'not_wanted:authpriv.debug' ? count : 0), 0)
    while (wanted() === before) await new Promise((resolve) => setTimeout(resolve, 10))
    await server.close()
    const found = await rows(
      `SELECT kind, node, message, cmdline, level FROM audit.events WHERE cluster = '${source}' ORDER BY kind`,
    )
    expect(found).toEqual([
      ['Command', 'n1', '', 'id', ''],
      ['Syslog', 'n1', 'accepted', '', 'info'],
    ])
    expect(rejects.counts()).toContainEqual({ source: 'syslog', code: 'no_priority', count: expect.any(Number) as number })
  })
})

async function send(transport: 'udp' | 'tcp' | 'tls', port: number, messages: readonly string[], ca: string): Promise<void> {
  if (transport === 'udp') {
    const socket = createSocket('udp4')
    // The refused message is waited for: it goes last.
    for (const message of [...messages].sort((a, b) => Number(a.startsWith('<87>')) - Number(b.startsWith('<87>'))))
      await new Promise<void>((resolve) => socket.send(message, port, '127.0.0.1', () => resolve()))
    socket.close()
    return
  }
  const socket = transport === 'tcp' ? connect(port, '127.0.0.1') : connectTls({ port, host: '127.0.0.1', ca })
  const body = messages.map((text, at) => (at % 2 === 0 ? `${Buffer.byteLength(text)} ${text}` : `${text}\n`)).join('')
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.resume()
    socket.end(body)
  })
}

describe('the log back end', () => {
  const line = (at: number): string =>
    `${JSON.stringify({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', level: 'Metadata', auditID: `id-${at}`, stage: 'ResponseComplete', requestURI: '/x', verb: 'get', user: { username: 'u' }, sourceIPs: ['1.1.1.1'], requestReceivedTimestamp: '2026-11-21T03:00:00.000000Z', stageTimestamp: `2026-11-21T03:00:00.${String(at).padStart(6, '0')}Z` })}\n`

  /** As EventString of k8s.io/apiserver, pkg/audit/format.go, writes it. */
  const LEGACY = `2026-11-21T03:00:00.1Z AUDIT: id="legacy" stage="ResponseComplete" ip="192.0.2.7" method="create" user="alice" groups="\\"dev\\"" as="<self>" asgroups="<lookup>" user-agent="kubectl" namespace="shop" uri="/api/v1/namespaces/shop/pods/web-1/exec?command=id&container=web" response="101"`

  it('is followed over rotation, truncation and restarts, each event once', async () => {
    const path = join(folder, 'audit.log')
    const open = async () => {
      const tail = tailApiserverLog(path, 'tailed', join(folder, 'positions'), intake.parts)
      await tail.start()
      return tail
    }
    writeFileSync(path, line(1) + line(2) + line(3).slice(0, 40))
    const first = await open()
    await first.catchUp()
    appendFileSync(path, line(3).slice(40))
    await first.catchUp()
    appendFileSync(path, line(4))
    renameSync(path, `${path}.1`)
    writeFileSync(path, `${line(5)}no json\n${LEGACY}\n`)
    await first.catchUp()
    await first.close()
    appendFileSync(path, line(6))
    const second = await open()
    await second.catchUp()
    truncateSync(path)
    appendFileSync(path, line(7))
    await second.catchUp()
    await second.close()
    const found = await rows(`SELECT audit_id FROM audit.events WHERE cluster = 'tailed' ORDER BY audit_id`)
    expect(found.flat()).toEqual(['id-1', 'id-2', 'id-3', 'id-4', 'id-5', 'id-6', 'id-7', 'legacy'])
    expect(await rows(`SELECT user, subresource, obj_name, raw FROM audit.events WHERE audit_id = 'legacy'`)).toEqual([
      ['alice', 'exec', 'web-1', LEGACY],
    ])
    expect(await rows(`SELECT count, reason FROM audit.loss WHERE cluster = 'tailed'`)).toEqual([[1, 'not_an_event']])
  })
})

describe('logs of applications', () => {
  const token = () => intake.parts.tokens.create({ kind: 'app', cluster: 'apps', name: 'shop' }, '').text
  const string = (field: number, text: string): Buffer =>
    Buffer.concat([Buffer.from([(field << 3) | 2, text.length]), Buffer.from(text)])
  const nested = (field: number, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts)
    return Buffer.concat([Buffer.from([(field << 3) | 2, body.length]), body])
  }
  const fixed = (field: number, value: bigint): Buffer => {
    const bytes = Buffer.alloc(9)
    bytes[0] = (field << 3) | 1
    bytes.writeBigUInt64LE(value, 1)
    return bytes
  }

  it('come as JSON, lines and OTLP in both forms, each request once', async () => {
    const headers = { authorization: `Bearer ${token()}` }
    const nanos = 1_795_230_000_000_000_000n
    const otlp = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'k8s.pod.name', value: { stringValue: 'p1' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: String(nanos),
                  severityText: 'ERROR',
                  body: { stringValue: 'json otlp' },
                  attributes: [{ key: 'n', value: { intValue: '7' } }],
                },
              ],
            },
          ],
        },
      ],
    }
    const pair = (key: string, value: string) => nested(6, string(1, key), nested(2, string(1, value)))
    const binary = nested(
      1,
      nested(1, nested(1, string(1, 'k8s.pod.name'), nested(2, string(1, 'p2')))),
      nested(2, nested(2, fixed(1, nanos), string(3, 'WARN'), nested(5, string(1, 'binary otlp')), pair('n', '8'))),
    )
    const post = (path: string, body: Buffer | string, type: string) =>
      client.post(path, body, { ...headers, 'content-type': type })
    expect(
      (
        await post(
          '/intake/v1/logs',
          '[{"time":"2026-11-21T03:00:00Z","level":"info","message":"array","n":5}]',
          'application/json',
        )
      ).body,
    ).toEqual({ accepted: 1 })
    expect((await post('/intake/v1/logs', '{"msg":"a"}\n{"msg":"b"}\n', 'application/x-ndjson')).body).toEqual({ accepted: 2 })
    expect((await post('/intake/v1/logs', '{"msg":"a"}\n{"msg":"b"}\n', 'application/x-ndjson')).status).toBe(200)
    expect((await post('/v1/logs', JSON.stringify(otlp), 'application/json')).status).toBe(200)
    expect((await post('/v1/logs', binary, 'application/x-protobuf')).status).toBe(200)
    expect(
      await rows(`SELECT message, level, pod, labels['n'], name FROM audit.events WHERE cluster = 'apps' ORDER BY message`),
    ).toEqual([
      ['a', '', '', '', 'shop'],
      ['array', 'info', '', '5', 'shop'],
      ['b', '', '', '', 'shop'],
      ['binary otlp', 'WARN', 'p2', '8', 'shop'],
      ['json otlp', 'ERROR', 'p1', '7', 'shop'],
    ])
    expect((await post('/v1/logs', binary.subarray(0, 20), 'application/x-protobuf')).status).toBe(400)
    expect((await post('/intake/v1/logs', '[1]', 'application/json')).status).toBe(400)
    expect((await client.post('/v1/logs', '{}')).status).toBe(401)
    expect((await client.post('/intake/v1/apiserver/apps', '{}', headers)).status).toBe(401)
  })
})
