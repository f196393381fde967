import { Agent, request } from 'node:https'
import type { Identity } from './identity/identity.ts'

/** An answer of the intake server. */
export interface IntakeAnswer {
  readonly status: number
  /** Seconds the server asks to wait; 0 where it does not say. */
  readonly retryAfterSeconds: number
  /** The body where it is JSON, else undefined. */
  readonly body: unknown
}

/** How the connection is made. */
export interface IntakeAccess {
  readonly url: URL
  readonly ca: string
  /** Name in the server's certificate where it is not the one in the address. */
  readonly serverName?: string
  readonly identity?: Pick<Identity, 'key' | 'certificate'>
}

const TIMEOUT_MS = 60_000
const MAX_ANSWER_BYTES = 1024 * 1024

/** HTTPS to the intake listener: TLS 1.2 or newer, the server checked against the pinned CA only. */
export class IntakeClient {
  readonly #access: IntakeAccess
  readonly #agent: Agent

  constructor(access: IntakeAccess) {
    this.#access = access
    const { ca, serverName, identity } = access
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 2,
      minVersion: 'TLSv1.2',
      ca,
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(identity === undefined ? {} : { key: identity.key, cert: identity.certificate }),
    })
  }

  /**
   * Sends a request and reads the answer.
   *
   * @throws What the network says; nothing was refused then, and nothing is known to have arrived.
   */
  post(path: string, body: Buffer, options: { headers: Record<string, string>; signal?: AbortSignal }): Promise<IntakeAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, this.#access.url),
        {
          method: 'POST',
          agent: this.#agent,
          timeout: TIMEOUT_MS,
          headers: { ...options.headers, 'content-length': body.length },
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        },
        (answer) => {
          const chunks: Buffer[] = []
          let bytes = 0
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            if (bytes > MAX_ANSWER_BYTES) outgoing.destroy(new Error('the answer is too long'))
            else chunks.push(chunk)
          })
          answer.on('error', reject)
          answer.on('end', () => {
            const seconds = Number(answer.headers['retry-after'])
            resolve({
              status: answer.statusCode ?? 0,
              retryAfterSeconds: seconds >= 0 && seconds < 3600 ? seconds : 0,
              body: parse(Buffer.concat(chunks).toString('utf8')),
            })
          })
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')))
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A short word for an answer that was no success. */
export function answerText({ status, body }: IntakeAnswer): string {
  const { code, what, message } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const words = [code, what ?? message].filter((part) => typeof part === 'string').join(' ')
  return words === '' ? `HTTP ${status}` : `HTTP ${status}: ${words.slice(0, 300)}`
}
