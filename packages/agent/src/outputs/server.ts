import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { fingerprintsOf, type Identity, renewAtMs, writeIdentity } from '../identity/identity.ts'
import { renew } from '../identity/join.ts'
import { answerText, IntakeClient } from '../intake-client.ts'
import type { OutgoingBatch, Output, SendResult } from '../output.ts'
import { LineBlock } from './line-block.ts'

const compress = promisify(gzip)
/** The fastest level: lines of audit still shrink about eightfold. */
const GZIP = { level: 1 }
/** Longest wait between tries to renew, milliseconds; near the end of a certificate it is less. */
const RENEW_RETRY_MS = 10 * 60 * 1000
/** Senders that learn of a new authority at once come back spread out over this time. */
const LEARN_WITHIN_MS = 10_000

export interface ServerOutputOptions {
  readonly url: URL
  readonly serverName?: string
  readonly node: string
  readonly identity: Identity
  /** File that renewed identities are kept in. */
  readonly identityPath: string
  /** Another identity for a token, where the one in use has ended. */
  joinAgain(): Promise<Identity>
  say(text: string): void
}

/** Sends batches to a podwitness server with this node's certificate, which is renewed in time. */
export class ServerOutput implements Output {
  readonly name: string
  readonly #options: ServerOutputOptions
  #identity: Identity
  #client: IntakeClient
  #renewMs: number
  #trusted: readonly string[]
  readonly #block = new LineBlock()

  constructor(options: ServerOutputOptions) {
    this.#options = options
    this.name = options.url.host
    this.#identity = options.identity
    this.#renewMs = renewAtMs(options.identity)
    this.#trusted = fingerprintsOf(options.identity.ca)
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
    this.#learn(answer.authorities)
    if (answer.status === 200) return { kind: 'done', ...receipt(answer.body) }
    if (answer.status === 413) return { kind: 'tooLarge' }
    const again = answer.status === 429 || answer.status >= 500 || answer.status === 401 || answer.status === 403
    if (answer.status === 401 && this.#identity.notAfterMs < Date.now()) await this.#joinAgain()
    if (again) return { kind: 'later', why: answerText(answer), waitMs: answer.retryAfterSeconds * 1000 }
    return { kind: 'refused', why: answerText(answer) }
  }

  async close(): Promise<void> {
    this.#client.close()
  }

  #connect(): IntakeClient {
    const { url, serverName } = this.#options
    const { ca } = this.#identity
    return new IntakeClient({ url, ca, identity: this.#identity, ...(serverName === undefined ? {} : { serverName }) })
  }

  /** The server changes its authority: another certificate is asked for, which comes with all that it trusts, the signing one first. */
  #learn(authorities: readonly string[]): void {
    const known = authorities.every((print) => this.#trusted.includes(print))
    if (authorities.length === 0 || (known && authorities[0] === this.#trusted[0])) return
    this.#trusted = authorities // Asked for once; a failure is tried again in its own time.
    this.#renewMs = Math.min(this.#renewMs, Date.now() + Math.random() * LEARN_WITHIN_MS)
  }

  /** The old certificate serves until the new one is stored. */
  async #renew(): Promise<void> {
    const { node, say } = this.#options
    const leftMs = this.#identity.notAfterMs - Date.now()
    this.#renewMs = Date.now() + Math.min(RENEW_RETRY_MS, Math.max(1000, leftMs / 10))
    const next = await renew(this.#client, node)
    if (typeof next === 'string')
      say(`The certificate could not be renewed (${next}); it ends ${new Date(this.#identity.notAfterMs).toISOString()}.`)
    else await this.#become(next)
  }

  /** A certificate that ended while the server was away: a token, where there is a good one, gets another. */
  async #joinAgain(): Promise<void> {
    const identity = await this.#options.joinAgain().catch((error: Error) => {
      this.#options.say(`The certificate has ended, and no other was to be had: ${error.message} Lines wait on disk.`)
      return undefined
    })
    if (identity !== undefined) await this.#become(identity)
  }

  async #become(identity: Identity): Promise<void> {
    await writeIdentity(this.#options.identityPath, identity)
    this.#client.close()
    this.#identity = identity
    this.#trusted = fingerprintsOf(identity.ca)
    this.#renewMs = renewAtMs(identity)
    this.#client = this.#connect()
  }
}

function receipt(body: unknown): { rejected: number; duplicate: boolean } {
  const { rejected, duplicate } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  return { rejected: Array.isArray(rejected) ? rejected.length : 0, duplicate: duplicate === true }
}
