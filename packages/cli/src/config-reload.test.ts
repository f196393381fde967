import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type LiveIntake, type Served, serve, startLiveIntake } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ConfigReload } from './config-reload.ts'
import { serveRun, watchedFiles } from './serve-run.ts'
import { WatchedFiles } from './watch-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-reload-'))
const file = join(folder, 'serve.yaml')
const flags = { config: file }
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
const said: string[] = []
let store: Store
let intake: LiveIntake
let served: Served
let reload: ConfigReload

const SYSLOG = '  - {listen: "127.0.0.1:0", transport: tcp, cluster: one}\n'
const PAGE = `page: {listen: "127.0.0.1:0", tlsCertFile: ${files.cert}, tlsKeyFile: ${files.key}}\n`
const INTAKE = 'intake: {listen: "127.0.0.1:0"}\n'

async function freshCertificate(): Promise<void> {
  const { key, chain } = await intake.parts.authority.serverIdentity(['127.0.0.1'])
  writeFileSync(files.cert, chain)
  writeFileSync(files.key, key)
}

beforeAll(async () => {
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  writeFileSync(file, `${INTAKE}syslog:\n${SYSLOG}`)
  intake = await startLiveIntake(store, { folder, host: '127.0.0.1', port: 0, config: serveRun(flags, {}).config })
  await freshCertificate()
  writeFileSync(file, `${INTAKE}${PAGE}syslog:\n${SYSLOG}`)
  const run = serveRun(flags, {})
  served = await serve(store, { ...run, token: 'x'.repeat(32) })
  const source = { read: () => serveRun(flags, {}), files: () => [] }
  reload = new ConfigReload(source, run.config, { store, served, intake, say: (text) => said.push(text) })
})
afterAll(async () => {
  await served?.close()
  await intake?.close()
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

const acts = async () =>
  (await store.reader.query({ sql: "SELECT outcome, message FROM audit.events WHERE action = 'config-reload' ORDER BY time" }))
    .rows
async function page(): Promise<{ socket: TLSSocket; fingerprint: string }> {
  const socket = connectTls({ port: Number(new URL(served.url).port), host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  return { socket, fingerprint: socket.getPeerCertificate().fingerprint256 }
}
async function ask(socket: Socket): Promise<string> {
  socket.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return bytes.toString('latin1').slice(0, 15)
}

it('takes over certificates, limits and other ways in; connections stay', async () => {
  const before = await page()
  const [first = ''] = intake.otherWays
  const sender = connect(Number(/:(\d+) /.exec(first)?.[1]), '127.0.0.1')
  await once(sender, 'connect')
  await freshCertificate()
  const second = '  - {listen: "127.0.0.1:0", transport: tls, cluster: two}\n'
  const limits = 'intake: {listen: "127.0.0.1:0", limits: {requestsPerSecond: 7}}\nretention: {samples: 9}\n'
  writeFileSync(file, `${limits}${PAGE}syslog:\n${SYSLOG}${second}`)
  await reload.reload()
  expect(said).toEqual(['retention of samples changed as the configuration says', 'the configuration was read again'])
  expect(intake.otherWays).toEqual([first, expect.stringMatching(/^syslog 127.0.0.1:\d+ \(tls\)$/)])
  const after = await page()
  expect(after.fingerprint).not.toBe(before.fingerprint)
  expect([await ask(before.socket), await ask(after.socket)]).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK'])
  expect(sender.destroyed || sender.readableEnded).toBe(false)
  for (const socket of [before.socket, after.socket, sender]) socket.destroy()
  expect(await acts()).toEqual([['success', '']])
})

it('changes nothing where it is wrong, and says every fault and what has to wait for a start', async () => {
  const [first = ''] = intake.otherWays
  writeFileSync(file, 'intake: {listen: nowhere}\nretention: {events: 0}\n')
  await reload.reload()
  expect(said.at(-1)).toMatch(/^PW-SV-004 .*\n?.*serve.yaml:1:18 intake\.listen .*\n.*serve\.yaml:2:21 retention\.events/s)
  expect(intake.otherWays[0]).toBe(first)
  writeFileSync(file, `intake: {listen: "127.0.0.1:1"}\n${PAGE}syslog:\n${SYSLOG}`)
  await reload.reload()
  expect(said.at(-1)).toBe('the configuration was read again; these take effect at the next start: intake.listen')
  expect(intake.otherWays).toEqual([first])
  expect((await acts()).map(([outcome]) => outcome)).toEqual(['success', 'failure', 'success'])
})

it('sees a change of any file that it is made of, once', () => {
  const { config } = serveRun(flags, {})
  const watched = new WatchedFiles(() => watchedFiles(flags, config))
  expect(watchedFiles(flags, config)).toEqual([file, files.cert, files.key])
  expect(watched.changed()).toBe(false)
  writeFileSync(files.key, 'another')
  expect([watched.changed(), watched.changed()]).toEqual([true, false])
  rmSync(files.key)
  expect([watched.changed(), watched.changed()]).toEqual([true, false])
})
