import { Agent, request } from 'node:https'

/** An answer of the intake server. */
export interface IntakeAnswer {
  readonly status: number
  /** Seconds the server asks to wait; 0 where it does not say. */
  readonly retryAfterSeconds: number
  /** The body where it is JSON, else undefined. */
  readonly body: unknown
  /** The server's clock, milliseconds since the Unix epoch; undefined where it does not say. */
  readonly dateMs: number | undefined
  /** Fingerprints of the authorities that the server trusts. */
  readonly authorities: readonly string[]
}

/** How the connection is made. */
export interface IntakeAccess {
  readonly url: URL
  readonly ca: string
  /** Name in the server's certificate where it is not the one in the address. */
  readonly serverName?: string
  readonly identity?: { readonly key: string; readonly certificate: string }
}

const TIMEOUT_MS = 60_000
/** As the server's contract has it; the contract itself is 15 MB of schemas that an agent has no use for. */
const AUTHORITIES_HEADER = 'x-podwitness-authorities'
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
            const date = Date.parse(answer.headers.date ?? '')
            resolve({
              status: answer.statusCode ?? 0,
              dateMs: Number.isNaN(date) ? undefined : date,
              authorities: fingerprints(answer.headers[AUTHORITIES_HEADER]),
              retryAfterSeconds: seconds >= 0 && seconds < 3600 ? seconds : 0,
              body: parse(Buffer.concat(chunks).toString('utf8')),
            })
          })
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')))
      outgoing.on('error', (error: NodeJS.ErrnoException) => reject(explained(error)))
      outgoing.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function fingerprints(header: string | string[] | undefined): string[] {
  return typeof header === 'string' ? header.split(',').filter((text) => /^[0-9a-f]{64}$/.test(text)) : []
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
  const { code, what, why, message } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const words = [code, what ?? message, why].filter((part) => typeof part === 'string').join(' ')
  return words === '' ? `HTTP ${status}` : `HTTP ${status}: ${words.slice(0, 300)}`
}

const NOT_OURS =
  'the server shows an authority that this agent does not trust: it is another server, or its authority was replaced while this agent was away'
/** What OpenSSL's words for a certificate that does not hold mean here. Source: Node.js, X509 certificate error codes. */
const TLS_WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the server's certificate has ended, or this node's clock is ahead",
  CERT_NOT_YET_VALID: "the server's certificate does not hold yet, or this node's clock is behind",
  SELF_SIGNED_CERT_IN_CHAIN: NOT_OURS,
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_OURS,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_OURS,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_OURS,
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate has another name; output.serverName says which to expect",
}

function explained(error: NodeJS.ErrnoException): Error {
  const words = TLS_WORDS[error.code ?? '']
  return words === undefined
    ? error
    : new Error(`${words} (${error.code}); this node's clock says ${minute(Date.now())}`, { cause: error })
}

function minute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`
}
