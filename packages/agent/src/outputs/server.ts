import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Identity, renewAtMs, writeIdentity } from '../identity/identity.ts'
import { renew } from '../identity/join.ts'
import { answerText, IntakeClient } from '../intake-client.ts'
import type { OutgoingBatch, Output, SendResult } from '../output.ts'
import { LineBlock } from './line-block.ts'

const compress = promisify(gzip)
/** The fastest level: lines of audit still shrink about eightfold. */
const GZIP = { level: 1 }
const RENEW_RETRY_MS = 10 * 60 * 1000

export interface ServerOutputOptions {
  readonly url: URL
  readonly serverName?: string
  readonly node: string
  readonly identity: Identity
  /** File that renewed identities are kept in. */
  readonly identityPath: string
  say(text: string): void
}

/** Sends batches to a podwitness server with this node's certificate, which is renewed in time. */
export class ServerOutput implements Output {
  readonly name: string
  readonly #options: ServerOutputOptions
  #identity: Identity
  #client: IntakeClient
  #renewMs: number
  readonly #block = new LineBlock()

  constructor(options: ServerOutputOptions) {
    this.#options = options
    this.name = options.url.host
    this.#identity = options.identity
    this.#renewMs = renewAtMs(options.identity)
    this.#client = this.#connect()
  }

  /** End of the certificate in use, milliseconds since the Unix epoch. */
  get notAfterMs(): number {
    return this.#identity.notAfterMs
  }

  async send({ id, lines }: OutgoingBatch, signal: AbortSignal): Promise<SendResult> {
    if (Date.now() >= this.#renewMs) await this.#renew()
    const body = await compress(this.#block.join(lines), GZIP)
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip', 'x-podwitness-batch': id }
    const answer = await this.#client.post('/intake/v1/batches', body, { headers, signal }).catch((error: Error) => error)
    if (answer instanceof Error) return { kind: 'later', why: answer.message, waitMs: 0 }
    if (answer.status === 200) return { kind: 'done', ...receipt(answer.body) }
    if (answer.status === 413) return { kind: 'tooLarge' }
    const again = answer.status === 429 || answer.status >= 500 || answer.status === 401 || answer.status === 403
    if (again) return { kind: 'later', why: answerText(answer), waitMs: answer.retryAfterSeconds * 1000 }
    return { kind: 'refused', why: answerText(answer) }
  }

  async close(): Promise<void> {
    this.#client.close()
  }

  #connect(): IntakeClient {
    const { url, serverName } = this.#options
    const { ca } = this.#options.identity
    return new IntakeClient({ url, ca, identity: this.#identity, ...(serverName === undefined ? {} : { serverName }) })
  }

  /** The old certificate serves until the new one is stored. */
  async #renew(): Promise<void> {
    const { node, identityPath, say } = this.#options
    this.#renewMs = Date.now() + RENEW_RETRY_MS
    const next = await renew(this.#client, node)
    if (typeof next === 'string') {
      say(`The certificate could not be renewed (${next}); it ends ${new Date(this.#identity.notAfterMs).toISOString()}.`)
      return
    }
    const identity = { ...next, ca: this.#options.identity.ca }
    await writeIdentity(identityPath, identity)
    this.#client.close()
    this.#identity = identity
    this.#renewMs = renewAtMs(identity)
    this.#client = this.#connect()
  }
}

function receipt(body: unknown): { rejected: number; duplicate: boolean } {
  const { rejected, duplicate } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  return { rejected: Array.isArray(rejected) ? rejected.length : 0, duplicate: duplicate === true }
}
