import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { SyslogConfig } from '../agent-config.ts'
import { AgentError } from '../agent-error.ts'
import { newCounters, type Source, type SourceSink } from '../source.ts'
import { RecordReader } from './record-reader.ts'
import { SyslogFrames } from './syslog-frames.ts'

const MAX_CONNECTIONS = 256
const UDP_BUFFER_BYTES = 8 * 1024 * 1024
const NEWLINE = Buffer.from('\n')

/** Where it really listens, and who wants to know. */
export interface SyslogListener extends Source {
  /** Resolves with the port when it listens. */
  readonly port: Promise<number>
}

/** Receives audit records as syslog messages (RFC 3164 and RFC 5424) over UDP, TCP or TLS 1.2 and newer. */
export function syslog(config: SyslogConfig): SyslogListener {
  const counters = newCounters()
  let tell: (port: number) => void = () => {}
  const port = new Promise<number>((resolve) => {
    tell = resolve
  })
  const run = async (sink: SourceSink, signal: AbortSignal): Promise<void> => {
    const parts = { config, sink, signal, counters, tell }
    await (config.transport === 'udp' ? receiveDatagrams(parts) : receiveStreams(parts))
  }
  return { name: 'syslog', counters, port, run }
}

interface Receiving {
  readonly config: SyslogConfig
  readonly sink: SourceSink
  readonly signal: AbortSignal
  readonly counters: Source['counters']
  tell(port: number): void
}

async function receiveDatagrams({ config, sink, signal, counters, tell }: Receiving): Promise<void> {
  const reader = new RecordReader('syslog', sink, { counters })
  const socket = createSocket({ type: config.host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: UDP_BUFFER_BYTES })
  socket.on('message', (message) => void reader.push(Buffer.concat([message, NEWLINE])))
  socket.on('error', (error) => {
    counters.errors++
    sink.say(`The syslog socket failed: ${error.message}.`)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (cause) => reject(cannotListen(config, cause)))
    socket.bind(config.port, config.host, resolve)
  })
  counters.opened++
  tell(socket.address().port)
  if (!signal.aborted) await once(signal, 'abort')
  await new Promise<void>((resolve) => socket.close(() => resolve()))
  await reader.end()
}

async function receiveStreams({ config, sink, signal, counters, tell }: Receiving): Promise<void> {
  const open = new Set<Socket>()
  const work = new Set<Promise<void>>()
  const server = makeServer(config, (socket) => {
    counters.opened++
    open.add(socket)
    const done = receive(socket, sink, counters).finally(() => {
      open.delete(socket)
      work.delete(done)
    })
    work.add(done)
  })
  server.maxConnections = MAX_CONNECTIONS
  server.on('tlsClientError', () => counters.errors++)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(config, cause)))
    server.listen(config.port, config.host, resolve)
  })
  const address = server.address()
  tell(typeof address === 'object' && address !== null ? address.port : 0)
  if (!signal.aborted) await once(signal, 'abort')
  server.close()
  for (const socket of open) socket.destroy()
  await Promise.allSettled(work)
}

/** One sender, from its connection to its end. */
async function receive(socket: Socket, sink: SourceSink, counters: Source['counters']): Promise<void> {
  const reader = new RecordReader('syslog', sink, { counters })
  const frames = new SyslogFrames()
  try {
    for await (const chunk of socket) await reader.push(frames.push(chunk as Buffer))
    await reader.push(frames.end())
  } catch {
    counters.errors++ // The sender broke off; what it sent is read.
  }
  if (frames.cut > 0) sink.say(`${frames.cut} syslog messages were longer than 64 KiB and were cut.`)
  await reader.end()
}

function makeServer(config: SyslogConfig, onSocket: (socket: Socket) => void): Server {
  if (config.transport === 'tcp') return createServer(onSocket)
  try {
    return createTlsServer(
      {
        minVersion: 'TLSv1.2',
        cert: readFileSync(config.certificate),
        key: readFileSync(config.key),
        ...(config.clientCa === '' ? {} : { ca: readFileSync(config.clientCa), requestCert: true, rejectUnauthorized: true }),
      },
      onSocket,
    )
  } catch (cause) {
    throw cannotListen(config, cause as Error)
  }
}

function cannotListen({ transport, host, port }: SyslogConfig, cause: Error): AgentError {
  return new AgentError(
    'PW-AG-006',
    {
      what: `Syslog over ${transport} cannot be received on ${host}:${port}.`,
      why: cause.message,
      do: 'Choose another port, or correct the certificate and key files.',
    },
    { cause },
  )
}
