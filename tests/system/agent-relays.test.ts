import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { parseAgentConfig, runAgent } from '@podwitness/agent'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../agent-lab.ts'
import {
  answers,
  endChild,
  freePort,
  makeCertificate,
  recordOf,
  startRsyslog,
  startSyslogNg,
  tellRelay,
} from '../live/relay-lab.ts'

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
  await Promise.all(daemons.map(endChild))
  stop.abort()
  await Promise.all(agents)
  rmSync(folder, { recursive: true })
})

/** Serials from `first` on that came out, with what was said. */
function arrived(first: number): string[] {
  const lines = existsSync(out) ? readFileSync(out, 'utf8').split('\n') : []
  const raws = lines.flatMap((line) => (line.startsWith('{"kind":"audit"') ? [(JSON.parse(line) as { raw: string }).raw] : []))
  return raws.filter((raw) => {
    const seq = Number(/:(\d+)\):/.exec(raw)?.[1])
    return seq >= first && seq < first + EVENTS
  })
}

type Transport = 'tcp' | 'udp' | 'tls'

/** rsyslog with a listener of its own that sends on. */
function rsyslog(transport: Transport, options: string, before = ''): (name: string, port: number) => ChildProcess {
  return (name, port) => {
    const listen = `module(load="imtcp")\ninput(type="imtcp" port="${port}" address="127.0.0.1")\n`
    const forward = `action(type="omfwd" target="127.0.0.1" port="${ports[transport]}" template="RSYSLOG_SyslogProtocol23Format" ${options} action.resumeRetryCount="-1" action.resumeInterval="1")\n`
    return startRsyslog(folder, name, `${before}${listen}${forward}`)
  }
}

/** The same over TLS, in one version of it. */
function rsyslogTls(version: string): (name: string, port: number) => ChildProcess {
  const driver = `global(defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${certificate}")\n`
  const pinned = `gnutlsPriorityString="MinProtocol=TLSv${version}\nMaxProtocol=TLSv${version}"`
  const tls = `StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="anon"\n ${pinned}`
  return rsyslog('tls', `protocol="tcp" TCP_Framing="octet-counted" ${tls}`, driver)
}

/** syslog-ng with a listener of its own that sends on. */
function syslogNg(transport: Transport, driver: string, options = ''): (name: string, port: number) => ChildProcess {
  return (name, port) =>
    startSyslogNg(
      folder,
      name,
      `source s { network(ip("127.0.0.1") port(${port}) transport("tcp")); };
destination d { ${driver}("127.0.0.1" port(${ports[transport]}) transport("${transport}")${options}); };
log { source(s); destination(d); };\n`,
    )
}

const syslogNgTls = (without: string): ((name: string, port: number) => ChildProcess) =>
  syslogNg('tls', 'syslog', ` tls(ca-file("${certificate}") peer-verify(required-trusted) ssl-options(${without}))`)
const OLD = 'no-sslv2, no-sslv3, no-tlsv1, no-tlsv11'

const relays: readonly (readonly [string, (name: string, port: number) => ChildProcess])[] = [
  ['rsyslog, plain TCP, line ends', rsyslog('tcp', 'protocol="tcp" TCP_Framing="traditional"')],
  ['rsyslog, plain TCP, counted', rsyslog('tcp', 'protocol="tcp" TCP_Framing="octet-counted"')],
  ['rsyslog, UDP', rsyslog('udp', 'protocol="udp"')],
  ['rsyslog, TLS 1.2', rsyslogTls('1.2')],
  ['rsyslog, TLS 1.3', rsyslogTls('1.3')],
  ['syslog-ng, plain TCP, line ends', syslogNg('tcp', 'network')],
  ['syslog-ng, plain TCP, counted', syslogNg('tcp', 'syslog')],
  ['syslog-ng, UDP', syslogNg('udp', 'syslog')],
  ['syslog-ng, TLS 1.2', syslogNgTls(`${OLD}, no-tlsv13`)],
  ['syslog-ng, TLS 1.3', syslogNgTls(`${OLD}, no-tlsv12`)],
]

/** Serials begin at a thousand for each relay. All relays work at the same time. */
let told: Promise<void>[] = []
beforeAll(() => {
  told = relays.map(async ([, begin], index) => {
    const port = await freePort()
    daemons.push(begin(`relay-${index}`, port))
    await tellRelay(port, 1000 + index * 1000, EVENTS)
  })
})

it.each(relays.map(([name], index) => [name, index] as const))('takes every record that comes by %s', async (_name, index) => {
  const first = 1000 + index * 1000
  await told[index]
  const found = await eventually(
    () => arrived(first),
    (raws) => raws.length >= EVENTS,
    15_000,
  )
  expect(new Set(found.map((raw) => /:(\d+)\):/.exec(raw)?.[1])).size).toBe(EVENTS)
  expect(found).toHaveLength(EVENTS)
  expect(found[0]).toContain('acct="ünï" res=success')
})

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
  const lines = Array.from({ length: EVENTS }, (_, i) => `${recordOf(50_000 + i)}\n`).join('')
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
