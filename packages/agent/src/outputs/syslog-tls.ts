import { connect, type TLSSocket } from 'node:tls'
import type { Output } from '../output.ts'

export interface SyslogTlsOptions {
  readonly host: string
  readonly port: number
  /** PEM; the system's authorities where it is not given. */
  readonly ca?: string
  readonly key?: string
  readonly certificate?: string
  /** Name in the receiver's certificate where it is not the host. */
  readonly serverName?: string
  /** 0 to 23; default 13, log audit. */
  readonly facility: number
  readonly node: string
}

const CONNECT_MS = 15_000
/** Severity 6, informational. Source: RFC 5424 §6.2.1. */
const INFORMATIONAL = 6

/**
 * Sends lines as RFC 5424 messages over TLS with octet counting (RFC 5425 §4.3). The protocol has no acknowledgement:
 * a batch counts as sent when the connection has taken it, and what a breaking connection held may be lost.
 */
export class SyslogTlsOutput implements Output {
  readonly name: string
  readonly #options: SyslogTlsOptions
  #socket: TLSSocket | undefined

  constructor(options: SyslogTlsOptions) {
    this.#options = options
    this.name = `${options.host}:${options.port}`
  }

  async send({ lines }: { readonly lines: readonly Buffer[] }, signal: AbortSignal): ReturnType<Output['send']> {
    try {
      const socket = await this.#open(signal)
      const data = Buffer.concat(lines.map((line) => frame(line, this.#options)))
      await new Promise<void>((resolve, reject) => {
        const broken = (error?: Error): void => reject(error ?? new Error('the connection was closed'))
        socket.once('error', broken)
        socket.once('close', broken)
        socket.write(data, (error) => {
          socket.off('error', broken)
          socket.off('close', broken)
          if (error == null) resolve()
          else reject(error)
        })
      })
      return { kind: 'done', rejected: 0, duplicate: false }
    } catch (error) {
      this.#socket?.destroy()
      this.#socket = undefined
      return { kind: 'later', why: (error as Error).message, waitMs: 0 }
    }
  }

  async close(): Promise<void> {
    const socket = this.#socket
    if (socket === undefined || socket.destroyed) return
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
      socket.end(() => socket.destroy())
    })
  }

  #open(signal: AbortSignal): Promise<TLSSocket> {
    if (this.#socket?.writable === true) return Promise.resolve(this.#socket)
    const { host, port, ca, key, certificate, serverName } = this.#options
    return new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port,
        minVersion: 'TLSv1.2',
        ...(ca === undefined ? {} : { ca }),
        ...(key === undefined || certificate === undefined ? {} : { key, cert: certificate }),
        ...(serverName === undefined ? {} : { servername: serverName }),
      })
      const stop = (): void => void socket.destroy(new Error('stopped'))
      signal.addEventListener('abort', stop, { once: true })
      socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error('no connection in time')))
      socket.once('error', reject)
      socket.once('secureConnect', () => {
        socket.off('error', reject)
        socket.on('error', () => {}) // Seen by the next write.
        socket.setTimeout(0)
        signal.removeEventListener('abort', stop)
        this.#socket = socket
        resolve(socket)
      })
    })
  }
}

/** `<PRI>1 TIME HOST APP PROCID MSGID SD MSG` behind its length in bytes. Sources: RFC 5424 §6, RFC 5425 §4.3. */
function frame(line: Buffer, { facility, node }: SyslogTlsOptions): Buffer {
  const host = node.replace(/[^!-~]/g, '').slice(0, 255) || '-'
  const head = `<${facility * 8 + INFORMATIONAL}>1 ${new Date().toISOString()} ${host} podwitness ${process.pid} - - `
  const size = Buffer.byteLength(head) + line.length
  return Buffer.concat([Buffer.from(`${size} ${head}`), line])
}
