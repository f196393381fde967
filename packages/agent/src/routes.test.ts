import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { createDecoder } from '@podwitness/audit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseAgentConfig } from './agent-config.ts'
import { runAgent } from './run-agent.ts'
import type { SourceSink } from './source.ts'
import { journal } from './sources/journal.ts'

const RECORDING = fileURLToPath(new URL('../../../recordings/dev/', import.meta.url))
const recorded = (name: string): string => gunzipSync(readFileSync(join(RECORDING, name))).toString('latin1')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-routes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What an event says, whatever line forms it came in, by its serial. */
function meaning(raw: string): [string, string] {
  const decoder = createDecoder()
  decoder.push(Buffer.from(`${raw}\n`, 'latin1'))
  decoder.end()
  const event = decoder.read()[0]
  return [event?.serial ?? '', JSON.stringify([event?.type, event?.pid, event?.exe, event?.argv(), event?.cwd(), event?.paths()])]
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('makes one event of what socket, log and syslog bring, with the same meaning', async () => {
  const log = recorded('audit.log.gz').split('\n').slice(0, 8000).join('\n')
  const last = Number(/audit\([\d.]+:(\d+)\)(?![\s\S]*audit\()/.exec(log)?.[1])
  const relayed = recorded('syslog.log.gz')
    .split('\n')
    .filter((line) => Number(/audit\([\d.]+:(\d+)\)/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY) <= last)
  writeFileSync(join(folder, 'audit.log'), `${log}\n`)
  const port = await freePort()
  const plugin = createServer((socket) => socket.write(`${log}\n`, 'latin1')).listen(join(folder, 'events'))
  const stop = new AbortController()
  const config = parseAgentConfig(
    `state: ${folder}/state
node: k8s-node-1
health: {port: 0}
containers: {cri: "off", proc: /nowhere}
output: {type: file, path: ${folder}/out.ndjson}
sources:
  - {type: auditSocket, path: ${folder}/events}
  - {type: auditLog, path: ${folder}/audit.log, from: start}
  - {type: syslog, transport: tcp, port: ${port}}
`,
    'agent.yaml',
  )
  const running = runAgent(config, { signal: stop.signal, input: async function* () {}, write: async () => {}, say: () => {} })
  await new Promise((resolve) => setTimeout(resolve, 300))
  const relay = connect(port, '127.0.0.1', () => relay.end(`${relayed.join('\n')}\n`, 'latin1'))
  const lines = (): { kind: string; via: string[]; raw: string }[] =>
    readFileSync(join(folder, 'out.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"kind":"audit"'))
      .map((line) => JSON.parse(line))
  const expected = new Set([log, ...relayed].join('\n').match(/(?<=msg=)audit\([^)]+\)/g)).size
  await expect.poll(() => lines().length, { timeout: 20_000, interval: 500 }).toBeGreaterThanOrEqual(expected)
  await new Promise((resolve) => setTimeout(resolve, 500))
  stop.abort()
  await running
  plugin.close()
  const shipped = lines()
  const meanings = new Map(shipped.map(({ raw }) => meaning(raw)))
  expect(meanings.size).toBe(shipped.length)
  expect(shipped.length).toBe(expected)
  for (const id of new Set(relayed.slice(0, 3000).map((line) => /audit\(([^)]+)\)/.exec(line)?.[1]))) {
    if (id === undefined) continue
    const [serial, said] = meaning(relayed.filter((line) => line.includes(`audit(${id})`)).join('\n'))
    if (meanings.has(serial)) expect(meanings.get(serial)).toBe(said)
  }
  expect(shipped.filter(({ via }) => via.includes('af_unix') && via.includes('audit.log')).length).toBeGreaterThan(0)
})

it('reads what journalctl prints, and starts it again when it ends', async () => {
  const entry = (seq: number): string =>
    JSON.stringify({
      __CURSOR: `s=1;i=${seq}`,
      _TRANSPORT: 'audit',
      _HOSTNAME: 'host-a',
      _AUDIT_TYPE: '1112',
      _AUDIT_TYPE_NAME: 'USER_LOGIN',
      _AUDIT_ID: String(seq),
      _SOURCE_REALTIME_TIMESTAMP: '1700000000100000',
      MESSAGE: "USER_LOGIN pid=1 uid=0 msg='op=login res=success'",
    })
  const script = join(folder, 'journalctl') // A fake: there is no systemd here. Its lines have the recorded shape.
  writeFileSync(script, `#!/bin/sh\necho "$@" >> ${folder}/calls\ncat ${folder}/entries\nexit 1\n`)
  chmodSync(script, 0o755)
  writeFileSync(join(folder, 'entries'), `${entry(1)}\n${entry(2)}\n`)
  const seqs: number[] = []
  const said: string[] = []
  const stop = new AbortController()
  const sink: SourceSink = {
    take: ({ seq }) => void seqs.push(seq),
    room: async () => {},
    unsafeSinceMs: () => Number.POSITIVE_INFINITY,
    reject: () => {},
    say: (text) => said.push(text),
  }
  const running = journal({ sinceMs: 0, command: [script] }).run(sink, stop.signal)
  await expect.poll(() => seqs.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4)
  stop.abort()
  await running
  expect([...new Set(seqs)]).toEqual([1, 2])
  expect(said[0]).toContain('journalctl ended')
  const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n')
  expect(calls[0]).toBe('-o json -f -n 0 _TRANSPORT=audit')
  expect(calls[1]).toMatch(/^-o json -f --since @\d+ _TRANSPORT=audit$/)
})

it('learns nothing of its own processes from those of other nodes', async () => {
  const port = await freePort()
  const stop = new AbortController()
  const proc = join(folder, 'proc')
  const container = 'c'.repeat(64)
  mkdirSync(join(proc, '100'), { recursive: true })
  writeFileSync(join(proc, '100/cgroup'), `0::/kubepods/pod1/${container}\n`)
  const config = parseAgentConfig(
    `state: ${folder}/state
node: k8s-node-1
routeWaitMs: 50
health: {port: 0}
containers: {cri: "off", proc: ${proc}}
filter: {rules: [{name: inside, container: ${container}}]}
output: {type: file, path: ${folder}/out.ndjson}
sources: [{type: stdin}, {type: syslog, transport: tcp, port: ${port}}]
`,
    'agent.yaml',
  )
  const head = (serial: number): string => `msg=audit(1700000000.100:${serial}):`
  const call = (serial: number, ppid: number, pid: number): string =>
    `type=SYSCALL ${head(serial)} arch=c000003e syscall=257 success=yes exit=3 items=0 ppid=${ppid} pid=${pid} uid=0 comm="x" exe="/x"\ntype=EOE ${head(serial)} \n`
  const relayed = (text: string): string => text.replaceAll(/^type/gm, '<13>Jan  2 03:04:05 other audispd: type')
  const later = new PassThrough()
  const input = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(call(1, 1, 100)) // In the container, by /proc: left out.
    yield* later
  }
  const running = runAgent(config, { signal: stop.signal, input, write: async () => {}, say: () => {} })
  const raws = (): string[] => {
    const text = existsSync(join(folder, 'out.ndjson')) ? readFileSync(join(folder, 'out.ndjson'), 'utf8') : ''
    return text.split('\n').filter((line) => line.startsWith('{"kind":"audit"'))
  }
  await new Promise((resolve) => setTimeout(resolve, 300))
  // Another node's process 101 is a child of its own 100, which is in no container of ours.
  const relay = connect(port, '127.0.0.1', () => relay.end(relayed(call(7, 100, 101))))
  await expect.poll(() => raws().length, { timeout: 5000 }).toBe(1)
  later.write(call(2, 1, 101)) // Our 101 is on the host.
  await expect.poll(() => raws().length, { timeout: 5000 }).toBe(2)
  later.end()
  stop.abort()
  await running
  expect(raws().map((line) => [/:(\d)\):/.exec(line)?.[1], line.includes('containerId')])).toEqual([
    ['7', false],
    ['2', false],
  ])
})
