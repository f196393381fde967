import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Output } from '../output.ts'
import { fileOutput } from './file-output.ts'
import { SyslogTlsOutput } from './syslog-tls.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-outputs-'))
  path = join(folder, 'out.ndjson')
})
afterEach(() => rmSync(folder, { recursive: true }))

const signal = new AbortController().signal
const send = (output: Output, ...lines: string[]): ReturnType<Output['send']> =>
  output.send({ id: 'a.0.8', lines: lines.map((line) => Buffer.from(line)) }, signal)
const DONE = { kind: 'done', rejected: 0, duplicate: false }
const read = (name = path): string => readFileSync(name, 'utf8')

it('follows a file that was renamed or deleted, and ends a line that a crash cut', async () => {
  writeFileSync(path, 'cut')
  const output = await fileOutput({ path })
  expect(await send(output, 'a', 'b')).toEqual(DONE)
  expect(read()).toBe('cut\na\nb\n')
  renameSync(path, `${path}.1`)
  await send(output, 'c')
  expect([read(`${path}.1`), read()]).toEqual(['cut\na\nb\n', 'c\n'])
  rmSync(path)
  await send(output, 'd')
  expect(read()).toBe('d\n')
  await output.close()
})

it('begins another file at its bound, keeps as many as it is told, and every batch whole', async () => {
  const output = await fileOutput({ path, maxBytes: 10, keep: 2 })
  for (const name of ['1', '2', '3', '4']) expect(await send(output, name.repeat(6), name.repeat(6))).toEqual(DONE)
  await output.close()
  expect(readdirSync(folder).sort()).toEqual(['out.ndjson', 'out.ndjson.1', 'out.ndjson.2'])
  expect([read(), read(`${path}.1`), read(`${path}.2`)]).toEqual(
    ['4', '3', '2'].map((name) => `${name.repeat(6)}\n${name.repeat(6)}\n`),
  )
})

it('says why a file cannot be written, and goes on when it can', async () => {
  const output = await fileOutput({ path })
  renameSync(folder, `${folder}-away`)
  expect(await send(output, 'x')).toMatchObject({ kind: 'later', why: expect.stringContaining('ENOENT') })
  renameSync(`${folder}-away`, folder)
  expect(await send(output, 'x')).toEqual(DONE)
  expect(read()).toBe('x\n')
  await output.close()
})

it('sends RFC 5425 frames over TLS, and connects again when the receiver has closed', async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-nodes', '-days', '1']
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') }
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-keyout',
      files.key,
      '-out',
      files.cert,
      ...subject,
    ],
    {
      stdio: 'ignore',
    },
  )
  const received: string[] = []
  const sockets: Socket[] = []
  const server = createServer({ key: read(files.key), cert: read(files.cert) }, (socket) => {
    sockets.push(socket)
    socket.on('data', (bytes) => received.push(bytes.toString('utf8')))
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const output = new SyslogTlsOutput({ host: 'localhost', port, ca: read(files.cert), facility: 13, node: 'n 1' })
  expect(await send(output, 'first', 'zwölf')).toEqual(DONE)
  await expect.poll(() => received.join('')).toContain('zwölf')
  const text = Buffer.from(received.join(''))
  const [, length = '', rest = ''] = /^(\d+) ([\s\S]*)$/.exec(text.toString('utf8')) ?? []
  const frame = Buffer.from(rest).subarray(0, Number(length)).toString('utf8')
  expect(frame).toMatch(/^<110>1 \d{4}-\d\d-\d\dT[\d:.]+Z n1 podwitness \d+ - - first$/)
  for (const socket of sockets) socket.destroy()
  await expect.poll(async () => (await send(output, 'again')).kind === 'done' && received.join('').includes('again')).toBe(true)
  const wrong = new SyslogTlsOutput({ host: 'localhost', port, facility: 13, node: 'n' })
  expect(await send(wrong, 'x')).toMatchObject({ kind: 'later', why: expect.stringContaining('certificate') })
  await output.close()
  for (const socket of sockets) socket.destroy()
  server.close()
})

it('waits for a slow reader of standard output, and ends in order when nobody reads', async () => {
  const program = fileURLToPath(new URL('../../../cli/bin/podwitness.mjs', import.meta.url))
  const config = join(folder, 'agent.yaml')
  const log = join(folder, 'audit.log')
  const line = (i: number): string => `type=USER_LOGIN msg=audit(1700000000.100:${i}): pid=1 uid=0 msg='${'x'.repeat(900)}'\n`
  writeFileSync(log, Array.from({ length: 3000 }, (_, i) => line(i + 1)).join(''))
  writeFileSync(
    config,
    `state: ${folder}/state\nsources: [{type: auditLog, path: ${log}, from: start}]\noutput: {type: stdout}\ncontainers: {cri: "off", proc: /nowhere}\nhealth: {port: 0}\n`,
  )
  const run = () => spawn(process.execPath, [program, 'agent', '--config', config], { stdio: ['ignore', 'pipe', 'ignore'] })
  const first = run()
  const ended = once(first, 'exit')
  await once(first.stdout, 'readable') // It fills the pipe and waits.
  first.stdout.destroy()
  expect((await ended)[0]).toBe(0)
  const second = run()
  let text = ''
  const over = once(second, 'exit')
  second.stdout.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')))
  await expect.poll(() => text.includes(':3000)'), { timeout: 20_000 }).toBe(true)
  second.kill('SIGTERM')
  await over
  const serials = text.split('\n').flatMap((row) => /audit\([\d.]+:(\d+)\)/.exec(row)?.[1] ?? [])
  expect(new Set(serials).size).toBe(serials.length)
  expect(serials.length).toBeGreaterThan(1000)
})
