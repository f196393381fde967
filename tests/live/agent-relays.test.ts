import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { parseAgentConfig, runAgent } from '@podwitness/agent'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../agent-lab.ts'
import { endChild, freePort, makeCertificate, startRsyslog } from './relay-lab.ts'

const EVENTS = 60
const folder = mkdtempSync(join(tmpdir(), 'podwitness-relays-'))
const { certificate, key } = makeCertificate(folder)
const stop = new AbortController()
const daemons: ChildProcess[] = []
const out = join(folder, 'out.ndjson')
const ports = { tcp: 0, udp: 0, tls: 0, receiver: 0 }
let agents: Promise<void>[] = []

beforeAll(async () => {
  for (const name of ['tcp', 'udp', 'tls', 'receiver'] as const) ports[name] = await freePort()
  const sources = (['tcp', 'udp', 'tls'] as const).map((transport) => {
    const files = transport === 'tls' ? `, certificate: ${certificate}, key: ${key}` : ''
    return `{type: syslog, transport: ${transport}, port: ${ports[transport]}${files}}`
  })
  const around = { signal: stop.signal, write: async () => {}, say: () => {} }
  const common = 'health: {port: 0}\ncontainers: {cri: "off", proc: /nowhere}'
  const receive = `state: ${folder}/agent\n${common}\noutput: {type: file, path: ${out}}\nsources: [${sources.join(', ')}]\n`
  agents = [runAgent(parseAgentConfig(receive, 'agent'), { ...around, input: async function* () {} })]
  await eventually(() => answers(ports.tls), Boolean)
})
afterAll(async () => {
  for (const daemon of daemons) await endChild(daemon)
  stop.abort()
  await Promise.all(agents)
  rmSync(folder, { recursive: true })
})

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectPlain(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false)).once('close', () => {})
    socket.once('connect', () => socket.destroy())
  })
}

const record = (seq: number): string =>
  `type=USER_LOGIN msg=audit(1795000000.100:${seq}): pid=1 uid=0 auid=0 ses=1 msg='op=login acct="ünï" res=success'`

/** Says events to a relay's own plain listener. */
async function tell(port: number, first: number): Promise<void> {
  await eventually(() => answers(port), Boolean)
  const text = Array.from({ length: EVENTS }, (_, i) => `<86>Nov 21 10:00:00 node-7 audispd: ${record(first + i)}\n`).join('')
  await new Promise<void>((resolve) => {
    const socket = connectPlain(port, '127.0.0.1', () => socket.end(text, () => resolve()))
  })
}

/** Serials from `first` on that came out, with what was said. */
function arrived(first: number): string[] {
  const lines = existsSync(out) ? readFileSync(out, 'utf8').split('\n') : []
  const raws = lines.flatMap((line) => (line.startsWith('{"kind":"audit"') ? [(JSON.parse(line) as { raw: string }).raw] : []))
  return raws.filter((raw) => {
    const seq = Number(/:(\d+)\):/.exec(raw)?.[1])
    return seq >= first && seq < first + EVENTS
  })
}

const RSYSLOG_TLS = (
  version: string,
): string => `global(defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${certificate}")
${forwardRsyslog(
  'tls',
  `protocol="tcp" TCP_Framing="octet-counted" StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="anon"
 gnutlsPriorityString="MinProtocol=TLSv1.${version}\nMaxProtocol=TLSv1.${version}"`,
)}`
const forwardRsyslog = (transport: 'tcp' | 'udp' | 'tls', options: string): string =>
  `action(type="omfwd" target="127.0.0.1" port="${ports[transport]}" template="RSYSLOG_SyslogProtocol23Format" ${options} action.resumeRetryCount="-1" action.resumeInterval="1")\n`
const listenRsyslog = (port: number): string => `module(load="imtcp")\ninput(type="imtcp" port="${port}" address="127.0.0.1")\n`

const relays: readonly [string, (port: number) => ChildProcess][] = [
  [
    'rsyslog, plain TCP, line ends',
    (port) => rsyslog('a', port, forwardRsyslog('tcp', 'protocol="tcp" TCP_Framing="traditional"')),
  ],
  [
    'rsyslog, plain TCP, counted',
    (port) => rsyslog('b', port, forwardRsyslog('tcp', 'protocol="tcp" TCP_Framing="octet-counted"')),
  ],
  ['rsyslog, UDP', (port) => rsyslog('c', port, forwardRsyslog('udp', 'protocol="udp"'))],
  ['rsyslog, TLS 1.2', (port) => rsyslog('d', port, RSYSLOG_TLS('2'))],
  ['rsyslog, TLS 1.3', (port) => rsyslog('e', port, RSYSLOG_TLS('3'))],
]
const rsyslog = (name: string, port: number, config: string): ChildProcess =>
  startRsyslog(
    folder,
    name,
    `${config.startsWith('global') ? config.replace('\n', `\n${listenRsyslog(port)}`) : listenRsyslog(port) + config}`,
  )

it.each(relays.map(([name, begin], index) => [name, begin, 1000 + index * 1000] as const))(
  'takes every record that comes by %s',
  async (_name, begin, first) => {
    const port = await freePort()
    const daemon = begin(port)
    daemons.push(daemon)
    await tell(port, first)
    const found = await eventually(
      () => arrived(first),
      (raws) => raws.length >= EVENTS,
      10_000,
    )
    expect(new Set(found.map((raw) => /:(\d+)\):/.exec(raw)?.[1])).size).toBe(EVENTS)
    expect(found).toHaveLength(EVENTS)
    expect(found[0]).toContain('acct="ünï" res=success')
    await endChild(daemon)
  },
)

it('refuses TLS 1.1', async () => {
  const failed = await new Promise<string>((resolve) => {
    const options = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const socket = connect({ host: '127.0.0.1', port: ports.tls, rejectUnauthorized: false, ...options }, () => resolve('open'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  expect(failed).toMatch(/PROTOCOL_VERSION|ECONNRESET|VERSION/)
})

it('sends every line to a real rsyslog by RFC 5425', async () => {
  const received = join(folder, 'received.log')
  const config = `global(defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${certificate}" defaultNetstreamDriverCertFile="${certificate}" defaultNetstreamDriverKeyFile="${key}")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.Authmode="anon")
input(type="imtcp" port="${ports.receiver}" address="127.0.0.1")
template(name="body" type="string" string="%msg%\\n")
action(type="omfile" file="${received}" template="body")
`
  daemons.push(startRsyslog(folder, 'receiver', config))
  await eventually(() => answers(ports.receiver), Boolean)
  const lines = Array.from({ length: EVENTS }, (_, i) => `${record(50_000 + i)}\n`).join('')
  const text = `state: ${folder}/sender\nhealth: {port: 0}\ncontainers: {cri: "off", proc: /nowhere}\nsources: [{type: stdin}]
output: {type: syslog, host: 127.0.0.1, port: ${ports.receiver}, ca: ${certificate}}\n`
  const input = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(lines)
  }
  await runAgent(parseAgentConfig(text, 'sender'), { signal: stop.signal, input, write: async () => {}, say: () => {} })
  const raws = (): string[] =>
    (existsSync(received) ? readFileSync(received, 'utf8') : '')
      .split('\n')
      .filter((line) => line.includes('"kind":"audit"'))
      .map((line) => (JSON.parse(line) as { raw: string }).raw)
  const found = await eventually(raws, (seen) => seen.length >= EVENTS)
  expect(found.sort()).toEqual(lines.trimEnd().split('\n').sort())
})
