import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SyslogConfig } from '../agent-config.ts'
import { SyslogTlsOutput } from '../outputs/syslog-tls.ts'
import type { SourceSink } from '../source.ts'
import { type SyslogListener, syslog } from './syslog.ts'

let folder = ''
let seen: { seq: number; node: string | null }[] = []
let rejects: string[] = []
let stop = new AbortController()
let running: Promise<void> = Promise.resolve()

const sink: SourceSink = {
  take: ({ seq, node }) => void seen.push({ seq, node }),
  room: async () => {},
  unsafeSinceMs: () => Number.POSITIVE_INFINITY,
  reject: (code) => void rejects.push(code),
  say: () => {},
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-syslog-'))
  seen = []
  rejects = []
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await running
  rmSync(folder, { recursive: true })
})

function start(more: Partial<SyslogConfig>): SyslogListener {
  const config: SyslogConfig = {
    type: 'syslog',
    transport: 'tcp',
    host: '127.0.0.1',
    port: 0,
    certificate: '',
    key: '',
    clientCa: '',
    ...more,
  }
  const source = syslog(config)
  running = source.run(sink, stop.signal)
  return source
}

const record = (seq: number): string => `type=USER_LOGIN msg=audit(1700000000.100:${seq}): pid=1 uid=0 msg='op=login res=success'`
const rfc3164 = (seq: number): string => `<86>Nov 21 02:52:39 host-a audispd: ${record(seq)}`
const rfc5424 = (seq: number): string => `<86>1 2026-11-21T02:52:39.003Z host-b audisp-syslog 12 - - ${record(seq)}`
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`

/** A certificate that is its own authority. */
function selfSigned(): { key: string; certificate: string } {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ],
    { stdio: 'ignore' },
  )
  return { key, certificate }
}

it('receives datagrams of both forms', async () => {
  const port = await start({ transport: 'udp' }).port
  const socket = createSocket('udp4')
  socket.send(rfc3164(1), port, '127.0.0.1')
  socket.send(rfc5424(2), port, '127.0.0.1')
  await expect.poll(() => seen.length, { timeout: 8000 }).toBe(2)
  socket.close()
  expect(seen.sort((a, b) => a.seq - b.seq)).toEqual([
    { seq: 1, node: 'host-a' },
    { seq: 2, node: 'host-b' },
  ])
})

it('receives streams of both framings, from several senders', async () => {
  const port = await start({}).port
  for (const text of [`${rfc3164(1)}\n${counted(rfc5424(2))}`, `${rfc5424(3)}\n`]) {
    const socket = connectPlain(port, '127.0.0.1')
    socket.end(text)
    await once(socket, 'close')
  }
  await expect.poll(() => seen.map(({ seq }) => seq).sort(), { timeout: 8000 }).toEqual([1, 2, 3])
})

it('receives over TLS 1.2 and 1.3, and refuses 1.1 and strangers', async () => {
  const { key, certificate } = selfSigned()
  const port = await start({ transport: 'tls', certificate, key }).port
  const send = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3', seq: number): Promise<string> =>
    new Promise((resolve) => {
      const options = { port, host: '127.0.0.1', rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' }
      const socket = connect({ ...options, minVersion: version, maxVersion: version })
      socket.on('error', () => resolve('refused'))
      socket.on('secureConnect', () => {
        socket.end(counted(rfc5424(seq)))
        resolve(socket.getProtocol() ?? '')
      })
    })
  expect([await send('TLSv1.1', 1), await send('TLSv1.2', 2), await send('TLSv1.3', 3)]).toEqual([
    'refused',
    'TLSv1.2',
    'TLSv1.3',
  ])
  await expect.poll(() => seen.map(({ seq }) => seq).sort(), { timeout: 8000 }).toEqual([2, 3])
})

it('takes what our own syslog output sends, checked against its authority', async () => {
  const { key, certificate } = selfSigned()
  const port = await start({ transport: 'tls', certificate, key }).port
  const options = { host: '127.0.0.1', port, facility: 13, node: 'host-c' }
  const output = new SyslogTlsOutput({ ...options, ca: readFileSync(certificate, 'utf8'), serverName: 'localhost' })
  const lines = [1, 2, 3].map((seq) => Buffer.from(record(seq)))
  expect((await output.send({ lines }, stop.signal)).kind).toBe('done')
  await output.close()
  // Three whole messages; their program is none that hands on records, so each is counted as foreign.
  await expect.poll(() => rejects, { timeout: 8000 }).toEqual(['foreign_program', 'foreign_program', 'foreign_program'])
  const stranger = new SyslogTlsOutput(options)
  expect(await stranger.send({ lines }, stop.signal)).toMatchObject({ kind: 'later', why: expect.stringMatching(/self-signed/) })
  await stranger.close()
})

it('says which port it cannot have', async () => {
  const port = await start({}).port
  await expect(
    syslog({ type: 'syslog', transport: 'tcp', host: '127.0.0.1', port, certificate: '', key: '', clientCa: '' }).run(
      sink,
      stop.signal,
    ),
  ).rejects.toMatchObject({ code: 'PW-AG-006' })
})
