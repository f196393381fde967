/** Real syslog daemons of the machine as relays and receivers, with certificates made for them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { eventually } from '../agent-lab.ts'

/** Ends a process and waits for it. */
export async function endChild(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** A port nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Whether somebody listens on a port. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false)).once('close', () => {})
    socket.once('connect', () => socket.destroy())
  })
}

/** A certificate for 127.0.0.1 that signs itself. */
export function makeCertificate(folder: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, 'relay.crt'), join(folder, 'relay.key')]
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate]
  execFileSync('openssl', ['req', '-x509', ...made, ...names], { stdio: 'ignore' })
  return { certificate, key }
}

/** Starts rsyslogd in the foreground with a configuration of its own. */
export function startRsyslog(folder: string, name: string, config: string): ChildProcess {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'rsyslog.conf'), `global(workDirectory="${own}" maxMessageSize="64k")\n${config}`)
  return spawn('rsyslogd', ['-n', '-f', join(own, 'rsyslog.conf'), '-i', join(own, 'pid')], { stdio: 'ignore' })
}

/** Where `npm test` unpacks Debian's syslog-ng. */
const SYSLOG_NG = '/usr/local/lib/podwitness-tests/syslog-ng-core/usr'

/** Starts syslog-ng in the foreground with a configuration and files of its own; it need not be installed. */
export function startSyslogNg(folder: string, name: string, config: string): ChildProcess {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  const options = 'options { chain-hostnames(no); keep-hostname(yes); log-msg-size(65536); time-reopen(1); stats-freq(0); };'
  writeFileSync(join(own, 'syslog-ng.conf'), `@version: 3.38\n${options}\n${config}`)
  const libraries = join(SYSLOG_NG, 'lib/syslog-ng')
  const modules = readdirSync(libraries).find((entry) => /^\d/.test(entry)) ?? ''
  const files = ['-f', 'syslog-ng.conf', '-R', 'persist', '-c', 'control', '--pidfile', 'pid']
  const args = ['-F', '--no-caps', '--module-path', join(libraries, modules), ...files]
  const env = { ...process.env, LD_LIBRARY_PATH: libraries }
  return spawn(join(SYSLOG_NG, 'sbin/syslog-ng'), args, { stdio: 'ignore', cwd: own, env })
}

/** A record of the kernel with letters beyond ASCII, as a relay passes it on. */
export const recordOf = (serial: number): string =>
  `type=USER_LOGIN msg=audit(1795000000.100:${serial}): pid=1 uid=0 auid=0 ses=1 msg='op=login acct="ünï" res=success'`

/** Says so many records, their serials from `first` on, to a relay's own plain listener once it is there. */
export async function tellRelay(port: number, first: number, count: number): Promise<void> {
  await eventually(() => answers(port), Boolean)
  const text = Array.from({ length: count }, (_, i) => `<86>Nov 21 10:00:00 node-7 audispd: ${recordOf(first + i)}\n`).join('')
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text, () => resolve()))
  })
}
