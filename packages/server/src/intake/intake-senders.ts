import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { networkOf } from '../limits/network-of.ts'
import { type Rate, RateLimit } from '../limits/rate-limit.ts'
import type { Authority } from '../pki/authority.ts'
import { type Sender, senderOf } from '../pki/sender.ts'
import type { TokenFact, TokenKind, TokenStore } from '../pki/token-store.ts'
import { IntakeError } from './intake-error.ts'
import type { IntakeLimits } from './intake-options.ts'

/** Wrong tokens from one address within a minute before it has to wait. */
const MAX_FAILURES = 20
const FAILURE_WINDOW_MS = 60_000
/** Addresses remembered; over it the oldest is forgotten. */
const MAX_ADDRESSES = 10_000

/** Requests of one known sender: an agent with a backlog sends some a second, a collector some dozens. */
const SENDER_RATE: Rate = { perSecond: 200, burst: 2_000 }
/** Requests from one address without certificate or token: joining, and whatever does not know us. */
const STRANGER_RATE: Rate = { perSecond: 50, burst: 500 }

/** Tells who sends: by the certificate of the connection, or by a token. */
export class IntakeSenders {
  readonly #authority: Authority
  readonly #tokens: TokenStore
  readonly #known = new WeakMap<object, Sender>()
  readonly #failures = new Map<string, number[]>()
  readonly #senderRate: RateLimit
  readonly #strangerRate: RateLimit
  readonly #onKnown: (socket: IncomingMessage['socket']) => void

  /** @param options.onKnown Is told of connections whose sender is known. */
  constructor(
    authority: Authority,
    tokens: TokenStore,
    options: { readonly onKnown?: (socket: IncomingMessage['socket']) => void; readonly limits?: IntakeLimits } = {},
  ) {
    this.#authority = authority
    this.#tokens = tokens
    this.#onKnown = options.onKnown ?? (() => {})
    this.#senderRate = new RateLimit(options.limits?.sender ?? SENDER_RATE)
    this.#strangerRate = new RateLimit(options.limits?.stranger ?? STRANGER_RATE)
  }

  setLimits({ sender, stranger }: IntakeLimits): void {
    this.#senderRate.rate = sender ?? SENDER_RATE
    this.#strangerRate.rate = stranger ?? STRANGER_RATE
  }

  /**
   * Counts a request, before anything of it is read.
   *
   * @throws IntakeError PW-IN-007 where its sender, or its address where none is known, sends too many.
   */
  admit(request: IncomingMessage): void {
    const sender = this.ofConnection(request)
    if (sender !== null) refuseFor(this.#senderRate.take(sender.senderId, Date.now()), 'this sender')
    else if (request.headers.authorization === undefined) this.#countStranger(request) // Else its token is judged first.
  }

  #countStranger(request: IncomingMessage): void {
    refuseFor(this.#strangerRate.take(networkOf(request.socket.remoteAddress ?? ''), Date.now()), 'this address')
  }

  /** The sender that the connection's certificate names; null where it has none that we issued and still honour. */
  ofConnection(request: IncomingMessage): Sender | null {
    return this.ofSocket(request.socket as TLSSocket)
  }

  ofSocket(socket: TLSSocket): Sender | null {
    if (!socket.authorized) return null
    let sender = this.#known.get(socket) ?? null
    if (sender === null) {
      const { raw } = socket.getPeerCertificate()
      sender = raw === undefined ? null : senderOf(raw)
      if (sender !== null) {
        this.#known.set(socket, sender)
        this.#onKnown(socket)
      }
    }
    return sender !== null && this.#authority.isRevoked(sender.senderId) ? null : sender
  }

  /** @throws IntakeError PW-IN-001 where there is no certificate, PW-IN-002 where it is of another role. */
  require(request: IncomingMessage, role: Sender['role']): Sender {
    const sender = this.ofConnection(request)
    if (sender === null) {
      if (request.headers.authorization !== undefined) this.#countStranger(request)
      throw nobody(request, this.#isRevoked(request))
    }
    if (sender.role !== role) throw forbidden()
    return sender
  }

  #isRevoked(request: IncomingMessage): boolean {
    const sender = this.#known.get(request.socket)
    return sender !== undefined && this.#authority.isRevoked(sender.senderId)
  }

  /** The token that a request carries as bearer, if it is valid for this use. @throws IntakeError PW-IN-001, PW-IN-007. */
  bearer(request: IncomingMessage, kind: TokenKind): TokenFact | null {
    const text = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (text === undefined) return null
    const address = request.socket.remoteAddress ?? ''
    this.refuseIfBusy(address)
    const fact = this.#tokens.check(text, kind)
    if (fact !== null) {
      this.#onKnown(request.socket)
      refuseFor(this.#senderRate.take(fact.id, Date.now()), 'this token')
      return fact
    }
    this.noteFailure(address)
    throw nobody(request)
  }

  /** What a request without a certificate or token of ours is told. */
  unknown(request: IncomingMessage): IntakeError {
    return nobody(request)
  }

  refuseIfBusy(address: string): void {
    const recent = (this.#failures.get(networkOf(address)) ?? []).filter((time) => Date.now() - time < FAILURE_WINDOW_MS)
    if (recent.length < MAX_FAILURES) return
    throw new IntakeError(
      'PW-IN-007',
      429,
      { what: 'Too many failed attempts from this address.', why: `${MAX_FAILURES} within a minute.`, do: 'Wait a minute.' },
      { retryAfterSeconds: 60 },
    )
  }

  noteFailure(address: string): void {
    const recent = [...(this.#failures.get(networkOf(address)) ?? []), Date.now()].slice(-MAX_FAILURES)
    this.#failures.delete(networkOf(address))
    this.#failures.set(networkOf(address), recent)
    const [oldest] = this.#failures.keys()
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest)
  }
}

function refuseFor(waitSeconds: number, whose: string): void {
  if (waitSeconds === 0) return
  throw new IntakeError(
    'PW-IN-007',
    429,
    {
      what: `Too many requests of ${whose}.`,
      why: 'Each sender has its share.',
      do: 'Send the same again after the time in Retry-After; put more into one request.',
    },
    { retryAfterSeconds: waitSeconds },
  )
}

/** A certificate or token that may not do this. */
export function forbidden(): IntakeError {
  return new IntakeError('PW-IN-002', 403, {
    what: 'This sender may not do that.',
    why: 'A node may append its own batches and renew its certificate, a kube-apiserver append events of its cluster; nothing else.',
    do: 'Use the address of the page and a token of a person for everything else.',
  })
}

function nobody(request: IncomingMessage, revoked = false): IntakeError {
  const socket = request.socket as TLSSocket
  const reason = socket.authorizationError === undefined ? '' : String(socket.authorizationError)
  const clock = /EXPIRED|NOT_YET_VALID/.test(reason) ? ` The server's clock says ${new Date().toISOString()}.` : ''
  return new IntakeError('PW-IN-001', 401, {
    what: 'Nobody known sends this.',
    why: revoked
      ? 'The certificate of this sender was revoked.'
      : reason === '' || reason === 'UNABLE_TO_GET_ISSUER_CERT'
        ? 'There is neither a certificate of this server nor a valid token.'
        : `The certificate does not hold: ${reason}.${clock}`,
    do: 'Join with a token of `podwitness tokens create`, or check the clocks of both sides.',
  })
}
