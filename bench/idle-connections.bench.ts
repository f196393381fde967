/**
 * What connections of agents cost while they have nothing to say: COUNT connections with client certificates, each of
 * which asks once, stays open without a word for HOLD seconds (the listener waits 180), and asks again or sends a batch.
 * While the others connect, the first ones ask again every minute.
 *
 * Run: npx tsc -b && (ulimit -n 20000; npx tsx --conditions=podwitness-source bench/idle-connections.bench.ts [COUNT] [HOLD])
 *
 * The server is a process of its own (tests/intake-child.ts); its memory is what /proc says of it, without the engine.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect, createSecureContext, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { SenderClient, signingRequest } from '../packages/server/src/intake/testing/sender-client.ts'

const COUNT = Number(process.argv[2] ?? 10_000)
const HOLD_SECONDS = Number(process.argv[3] ?? 120)
/** Handshakes at a time: connections that have not shown their certificate yet count for their address. */
const TOGETHER = 64
const CHILD = fileURLToPath(new URL('../tests/intake-child.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-idle-'))

async function start(): Promise<{ child: ChildProcess; port: number; ca: string; token: string }> {
  const command = ['--expose-gc', '--import', 'tsx', '--conditions=podwitness-source', CHILD, folder, join(folder, 'data')]
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout }))
    return { child, ...(JSON.parse(line) as { port: number; ca: string; token: string }) }
  throw new Error('the intake ended before it listened')
}

/** Resident memory, MiB; CPU, seconds; open files. */
function stateOf({ pid = 0 }: ChildProcess): { mib: number; cpu: number; files: number } {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  const cpu = (Number(fields[11]) + Number(fields[12])) / 100
  return { mib: Number(kib) / 1024, cpu, files: readdirSync(`/proc/${pid}/fd`).length }
}

const ASK = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'
const batch = (name: string): string =>
  `POST /intake/v1/batches HTTP/1.1\r\nhost: x\r\nx-podwitness-batch: ${name}\r\ncontent-length: 1\r\n\r\n\n`

/** Sends a request and waits for the answer's status. */
function send(socket: TLSSocket, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    if (socket.destroyed) return reject(new Error('closed before it was used'))
    let text = ''
    const take = (part: Buffer): void => {
      text += part.toString('latin1')
      const length = /content-length: (\d+)/i.exec(text)?.[1]
      const body = text.indexOf('\r\n\r\n')
      if (length === undefined || body < 0 || text.length < body + 4 + Number(length)) return
      socket.off('data', take).off('close', gone)
      resolve(Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1]))
    }
    const gone = (): void => reject(new Error('closed before it answered'))
    socket.on('data', take).once('close', gone)
    socket.write(request)
  })
}

async function all<T>(list: readonly T[], work: (one: T, at: number) => Promise<void>): Promise<void> {
  let next = 0
  const run = async (): Promise<void> => {
    for (let at = next++; at < list.length; at = next++) await work(list[at] as T, at)
  }
  await Promise.all(Array.from({ length: TOGETHER }, run))
}

const { child, port, ca, token } = await start()
try {
  const stranger = new SenderClient(port, ca)
  const { key, csr } = await signingRequest()
  const { body } = await stranger.post('/intake/v1/join', JSON.stringify({ token, csr, cluster: 'crash', node: 'n' }))
  stranger.close()
  const secureContext = createSecureContext({ key, cert: String(body.certificate), ca })
  const sockets: TLSSocket[] = []
  const statuses = new Map<number, number>()
  const sendOne = async (socket: TLSSocket, request: string): Promise<void> => {
    const status = await send(socket, request).catch(() => 0)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  let closed = 0
  const before = stateOf(child)
  const began = performance.now()
  let refreshed = began
  await all(Array.from({ length: COUNT }), async () => {
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      const made = connect({ port, host: '127.0.0.1', secureContext }, () => resolve(made))
      made.once('error', reject)
    })
    socket.on('error', () => {})
    socket.on('close', () => closed++)
    sockets.push(socket)
    await sendOne(socket, ASK)
    if (performance.now() - refreshed < 60_000) return
    refreshed = performance.now()
    await all(sockets.slice(0, -TOGETHER), (one) => sendOne(one, ASK))
  })
  const used = stateOf(child)
  const took = (performance.now() - began) / 1000
  console.log(
    `${COUNT} connections in ${took.toFixed(0)} s, server CPU ${((1000 * (used.cpu - before.cpu)) / COUNT).toFixed(2)} ms each; ${before.mib.toFixed(0)} → ${used.mib.toFixed(0)} MiB, ${((1024 * (used.mib - before.mib)) / COUNT).toFixed(1)} KiB each; ${used.files} files, answers ${JSON.stringify([...statuses])}`,
  )
  await all(sockets, (one) => sendOne(one, ASK))
  statuses.clear()
  await new Promise((resolve) => setTimeout(resolve, HOLD_SECONDS * 1000))
  const held = stateOf(child)
  console.log(
    `after ${HOLD_SECONDS} s of silence: ${held.mib.toFixed(0)} MiB, ${((1024 * (held.mib - before.mib)) / COUNT).toFixed(1)} KiB each, CPU ${(held.cpu - used.cpu).toFixed(1)} s, ${closed} closed`,
  )
  statuses.clear()
  await all(sockets, (socket, at) => sendOne(socket, at % 50 === 0 ? batch(`i.1.${at}`) : ASK))
  console.log(
    `every one asks again, every fiftieth sends a batch: answers ${JSON.stringify([...statuses])}, ${closed} closed, ${stateOf(child).mib.toFixed(0)} MiB`,
  )
  for (const socket of sockets) socket.destroy()
} finally {
  child.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
}
