import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Role } from '@podwitness/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ServerError } from '../server-error.ts'

const COOKIE = 'podwitness_session'
/** A session in the browser lasts this long, seconds. */
const COOKIE_SECONDS = 12 * 3600
/** Failed attempts per address within the window before it has to wait. */
const MAX_FAILURES = 10
const FAILURE_WINDOW_MS = 60_000

/** The id of the one key pair for signed requests; its secret is the token. */
export const ACCESS_KEY_ID = 'podwitness'

/**
 * Who may ask. One token, printed at the start, is exchanged for a cookie that scripts cannot read
 * and that other sites cannot send (HttpOnly, SameSite=Strict), or sent as a bearer token.
 */
export class Access {
  readonly #token: string
  readonly #key = randomBytes(32)
  readonly #failures = new Map<string, number[]>()

  /** @param token At least 32 characters of randomness. */
  constructor(token: string) {
    this.#token = token
  }

  /**
   * Signs in: sets the cookie.
   *
   * @throws ServerError PW-AU-002 for a wrong token, PW-AU-003 after too many.
   */
  login(request: FastifyRequest, reply: FastifyReply, token: string): void {
    this.#refuseIfBusy(request.ip)
    if (!same(token, this.#token)) {
      this.#noteFailure(request.ip)
      throw new ServerError('PW-AU-002', 401, {
        what: 'The token is not right.',
        why: 'It is neither the one printed when the server started nor the one in its data folder.',
        do: 'Open the address that `podwitness serve` printed, token included.',
      })
    }
    const until = Math.floor(Date.now() / 1000) + COOKIE_SECONDS
    reply.header(
      'set-cookie',
      `${COOKIE}=${until}.${this.#sign(until)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_SECONDS}`,
    )
  }

  logout(reply: FastifyReply): void {
    reply.header('set-cookie', `${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`)
  }

  /**
   * Says in which role a request comes; the printed token, and the cookie made with it, are the administrator's.
   *
   * @throws ServerError PW-AU-001 where the request carries neither a good cookie nor the token.
   */
  check(request: FastifyRequest): Role {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) {
      this.#refuseIfBusy(request.ip)
      if (same(bearer, this.#token)) return 'admin'
      this.#noteFailure(request.ip)
    } else if (this.#cookieHolds(request.headers.cookie ?? '')) return 'admin'
    throw new ServerError('PW-AU-001', 401, {
      what: 'Nobody is signed in.',
      why: 'The request carries no valid cookie or token; cookies end after 12 hours or when the server restarts.',
      do: 'Open the address that `podwitness serve` printed, token included.',
    })
  }

  /**
   * For requests that prove they know the token without sending it.
   *
   * @param holds Whether the proof was made with this secret.
   * @throws ServerError PW-AU-003 after too many that were not.
   */
  checkWith(request: FastifyRequest, holds: (secret: string) => boolean): boolean {
    this.#refuseIfBusy(request.ip)
    const good = holds(this.#token)
    if (!good) this.#noteFailure(request.ip)
    return good
  }

  #cookieHolds(header: string): boolean {
    const value = new RegExp(`(?:^|;\\s*)${COOKIE}=(\\d+)\\.([0-9a-f]+)`).exec(header)
    if (value === null) return false
    const [, until = '0', signature = ''] = value
    return Number(until) > Date.now() / 1000 && same(signature, this.#sign(Number(until)))
  }

  #sign(until: number): string {
    return createHmac('sha256', this.#key).update(String(until)).digest('hex')
  }

  #refuseIfBusy(address: string): void {
    const recent = (this.#failures.get(address) ?? []).filter((time) => Date.now() - time < FAILURE_WINDOW_MS)
    if (recent.length === 0) this.#failures.delete(address)
    else this.#failures.set(address, recent)
    if (recent.length < MAX_FAILURES) return
    throw new ServerError('PW-AU-003', 429, {
      what: 'Too many failed attempts from this address.',
      why: `${MAX_FAILURES} wrong tokens within a minute.`,
      do: 'Wait a minute.',
    })
  }

  #noteFailure(address: string): void {
    this.#failures.set(address, [...(this.#failures.get(address) ?? []), Date.now()])
  }
}

function same(given: string, wanted: string): boolean {
  const a = createHmac('sha256', 'length-hiding').update(given).digest()
  const b = createHmac('sha256', 'length-hiding').update(wanted).digest()
  return timingSafeEqual(a, b)
}
