import { type ChildProcess, execFile } from 'node:child_process'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type OtherWays, startOtherWays } from '@podwitness/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually, ServerLab } from '../agent-lab.ts'
import { endChild, freePort, startRsyslog, startSyslogNg, tellRelay } from '../live/relay-lab.ts'

const EVENTS = 60
const PROGRAM = fileURLToPath(new URL('../../packages/cli/bin/podwitness.mjs', import.meta.url))
const server = new ServerLab()
const daemons: ChildProcess[] = []
const ca = join(server.folder, 'pki/ca.crt')
let ways: OtherWays | undefined
const ports = { tcp: 0, tls: 0 }

/** What `podwitness snippets` prints for a sender to this server; asked once. */
const snippets = new Map<string, Promise<string>>()
function snippet(name: string): Promise<string> {
  const where = ['--host', 'localhost', '--port', String(ports.tls), '--ca', ca]
  const asked =
    snippets.get(name) ??
    promisify(execFile)(process.execPath, [PROGRAM, 'snippets', name, ...where]).then(({ stdout }) => stdout)
  snippets.set(name, asked)
  return asked
}

const rsyslogSource = (port: number): string => `module(load="imtcp")\ninput(type="imtcp" port="${port}" address="127.0.0.1")\n`
const syslogNgSource = (port: number): string => `source s_src { network(ip("127.0.0.1") port(${port}) transport("tcp")); };\n`
const syslogNgPlain = (): string =>
  `destination d { syslog("127.0.0.1" port(${ports.tcp}) transport("tcp")); };\nlog { source(s_src); destination(d); };\n`

const relays: readonly (readonly [string, (name: string, port: number) => Promise<ChildProcess>])[] = [
  [
    'rsyslog, plain TCP',
    async (name, port) => {
      const forward = `action(type="omfwd" target="127.0.0.1" port="${ports.tcp}" protocol="tcp")\n`
      return startRsyslog(server.folder, name, `${rsyslogSource(port)}${forward}`)
    },
  ],
  [
    'rsyslog, TLS, as snippets prints it',
    async (name, port) => startRsyslog(server.folder, name, `${rsyslogSource(port)}${await snippet('rsyslog')}`),
  ],
  ['syslog-ng, plain TCP', async (name, port) => startSyslogNg(server.folder, name, `${syslogNgSource(port)}${syslogNgPlain()}`)],
  [
    'syslog-ng, TLS, as snippets prints it',
    async (name, port) => startSyslogNg(server.folder, name, `${syslogNgSource(port)}${await snippet('syslog-ng')}`),
  ],
  [
    'rsyslog, TLS 1.2',
    async (name, port) => {
      const pinned = (await snippet('rsyslog')).replace(
        'StreamDriver=',
        'gnutlsPriorityString="NORMAL:-VERS-ALL:+VERS-TLS1.2" StreamDriver=',
      )
      return startRsyslog(server.folder, name, `${rsyslogSource(port)}${pinned}`)
    },
  ],
  [
    'syslog-ng, TLS 1.2',
    async (name, port) => {
      const pinned = (await snippet('syslog-ng')).replace('tls(ca', 'tls(ssl-options(no-tlsv13) ca')
      return startSyslogNg(server.folder, name, `${syslogNgSource(port)}${pinned}`)
    },
  ],
]

beforeAll(async () => {
  await server.open()
  for (const transport of ['tcp', 'tls'] as const) ports[transport] = await freePort()
  if (server.intake === undefined) throw new Error('there is no intake')
  const syslog = (['tcp', 'tls'] as const).map((transport) => {
    return { listen: `127.0.0.1:${ports[transport]}`, transport, cluster: 'relayed' }
  })
  ways = await startOtherWays({ syslog }, server.intake, server.folder)
  const begun = relays.map(async ([, begin], index) => {
    const port = await freePort()
    daemons.push(await begin(`relay-${index}`, port))
    await tellRelay(port, 1000 + index * 1000, EVENTS)
  })
  await Promise.all(begun)
})
afterAll(async () => {
  await Promise.all(daemons.map(endChild))
  await ways?.close()
  await server.close()
})

it.each(relays.map(([name], index) => [name, index] as const))(
  'stores every record that comes by %s, once',
  async (_name, index) => {
    const range = `cluster = 'relayed' AND serial BETWEEN ${1000 + index * 1000} AND ${1999 + index * 1000}`
    const counts = await eventually(
      () =>
        server.rows(`SELECT count(), uniqExact(serial), uniqExact(node), any(node), any(raw) FROM audit.events WHERE ${range}`),
      (rows) => Number(rows[0]?.[0]) >= EVENTS,
      15_000,
    )
    const [count, serials, nodes, node, raw] = counts[0] ?? []
    expect([count, serials, nodes, node]).toEqual([EVENTS, EVENTS, 1, 'node-7'])
    expect(raw).toContain('acct="ünï" res=success')
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
