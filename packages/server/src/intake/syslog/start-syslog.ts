import { createSocket } from 'node:dgram'
import type { Socket } from 'node:net'
import type { ServerIdentity } from '../../pki/authority.ts'
import { listenStream, type StreamServer } from '../listen-stream.ts'
import type { SyslogCollector } from './syslog-collector.ts'
import { SyslogFrames } from './syslog-frames.ts'

/** Where syslog comes in. */
export interface SyslogListen {
  readonly transport: 'udp' | 'tcp' | 'tls'
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
}

/** How long a connection may be silent, milliseconds. */
const IDLE_MS = 3_600_000
/** A connection that says nothing is asked for after this time, milliseconds: its other end may be gone. */
const KEEP_ALIVE_MS = 60_000
/** How often a sender that waits is looked at, milliseconds. */
const RESUME_MS = 50

/**
 * Starts a syslog listener: UDP (RFC 5426), TCP (RFC 6587) or TLS (RFC 5425).
 *
 * @param identity Certificate for TLS.
 */
export async function startSyslog(
  listen: SyslogListen,
  collector: SyslogCollector,
  identity: ServerIdentity,
): Promise<StreamServer> {
  if (listen.transport === 'udp') return startDatagrams(listen, collector)
  const certificate = listen.transport === 'tls' ? identity : undefined
  const server = await listenStream(
    listen,
    certificate,
    (socket) => readStream(socket, collector),
    (why, address) => collector.refuse(why, Buffer.from(address)),
  )
  return {
    port: server.port,
    setIdentity: (next) => server.setIdentity(next),
    close: async () => {
      await server.close()
      await collector.close()
    },
  }
}

function readStream(socket: Socket, collector: SyslogCollector): void {
  const frames = new SyslogFrames()
  let held = 0
  let cut = 0
  /** Counts what was cut, and charges what is no message yet. @returns Whether the connection may go on. */
  const account = (): boolean => {
    collector.noteCut(frames.cut - cut)
    cut = frames.cut
    const fault = frames.fault ?? (collector.holdRest(frames.heldBytes - held) ? undefined : 'too_much_at_once')
    held = fault === 'too_much_at_once' ? held : frames.heldBytes
    if (fault === undefined) return true
    collector.refuse(fault, Buffer.from(socket.remoteAddress ?? ''))
    socket.destroy()
    return false
  }
  socket.setTimeout(IDLE_MS, () => socket.destroy())
  socket.setKeepAlive(true, KEEP_ALIVE_MS)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => collector.holdRest(-held))
  socket.on('data', (bytes: Buffer) => {
    for (const message of frames.push(bytes)) collector.take(message, Date.now())
    if (account() && collector.full) holdBack(socket, collector)
  })
  socket.on('end', () => {
    for (const message of frames.end()) collector.take(message, Date.now())
    socket.end()
  })
}

/** TCP makes the sender wait while the store is behind. */
function holdBack(socket: Socket, collector: SyslogCollector): void {
  socket.pause()
  const timer = setInterval(() => {
    if (collector.full && !socket.destroyed) return
    clearInterval(timer)
    socket.resume()
  }, RESUME_MS)
}

async function startDatagrams({ host, port }: SyslogListen, collector: SyslogCollector): Promise<StreamServer> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 8 * 1024 * 1024 })
  socket.on('message', (bytes) => collector.take(bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes, Date.now()))
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, host, () => resolve())
  })
  return {
    port: socket.address().port,
    setIdentity: () => {},
    close: async () => {
      await new Promise<void>((resolve) => socket.close(() => resolve()))
      await collector.close()
    },
  }
}
