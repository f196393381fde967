import { CSRF_COOKIE, CSRF_HEADER } from '@podwitness/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ServerError } from '../server-error.ts'
import { type AccessObjects, SOON_MS, type StoredSignIn } from './access-objects.ts'
import { hashOf, newSecret, sameText } from './secrets.ts'

const COOKIE = 'podwitness_session'
/** How long a browser stays signed in. */
export interface SignInTimes {
  /** Without a request, seconds. A page that is open asks by itself. */
  readonly idleSeconds: number
  /** At most, seconds. */
  readonly absoluteSeconds: number
}
export const SIGN_IN_TIMES: SignInTimes = { idleSeconds: 2 * 3600, absoluteSeconds: 12 * 3600 }
/** `seen` is written this often at most, milliseconds. */
const SEEN_EVERY_MS = 60_000
/** Sign-ins kept per user; over it the oldest ends. */
const MAX_PER_USER = 20

/** Browsers that are signed in: a cookie that scripts cannot read and that other sites cannot send. */
export class SignIns {
  readonly #objects: AccessObjects
  readonly #times: SignInTimes
  readonly #secure: boolean
  /** When each was last heard of, milliseconds, ahead of what is stored. */
  readonly #seen = new Map<string, number>()

  /** @param secure Whether browsers reach the server over HTTPS only. */
  constructor(objects: AccessObjects, times: SignInTimes, secure: boolean) {
    this.#objects = objects
    this.#times = times
    this.#secure = secure
  }

  /** Signs a browser in: sets its cookies. Whatever cookie it brought is not taken over. */
  async begin(request: FastifyRequest, reply: FastifyReply, user: string, how: StoredSignIn['how']): Promise<void> {
    const secret = newSecret()
    const now = Date.now()
    const ends = new Date(now + this.#times.absoluteSeconds * 1000).toISOString()
    const at = new Date(now).toISOString()
    await this.#endOver(user)
    const agent = String(request.headers['user-agent'] ?? '').slice(0, 200)
    await this.#objects.save('sign-in', hashOf(secret), { user, how, address: request.ip, agent, created: at, seen: at, ends })
    this.#setCookies(reply, secret, this.#times.absoluteSeconds)
  }

  /**
   * The sign-in that a request's cookie is of; undefined where it has none that holds.
   *
   * @throws ServerError PW-AU-006 where it would change something and does not come from our own page.
   */
  async find(request: FastifyRequest): Promise<{ id: string; signIn: StoredSignIn } | undefined> {
    const secret = cookieOf(request)
    if (secret === '') return undefined
    const id = hashOf(secret)
    const signIn = (await this.#objects.all())['sign-in'].get(id) ?? (await this.#objects.all(SOON_MS))['sign-in'].get(id)
    if (signIn === undefined || (await this.#isOver(id, signIn))) return undefined
    if (request.method !== 'GET' && request.method !== 'HEAD') refuseForged(request, secret)
    await this.#noteSeen(id, signIn)
    return { id, signIn }
  }

  /** Forgets the cookies, and ends the sign-in they are of. Returns whose it was. */
  async end(request: FastifyRequest, reply: FastifyReply): Promise<StoredSignIn | undefined> {
    const found = await this.find(request)
    if (found !== undefined) await this.#objects.remove('sign-in', found.id)
    this.#setCookies(reply, '', 0)
    return found?.signIn
  }

  /** Ends every sign-in of a user but one. Returns how many. */
  async endAll(user: string, but = ''): Promise<number> {
    const of = [...(await this.#objects.all(0))['sign-in']].filter(([id, one]) => one.user === user && id !== but)
    for (const [id] of of) await this.#objects.remove('sign-in', id)
    return of.length
  }

  async #isOver(id: string, { seen, ends }: StoredSignIn): Promise<boolean> {
    const now = Date.now()
    const seenMs = Math.max(Date.parse(seen), this.#seen.get(id) ?? 0)
    return now > Date.parse(ends) || now > seenMs + this.#times.idleSeconds * 1000
  }

  async #noteSeen(id: string, signIn: StoredSignIn): Promise<void> {
    const now = Date.now()
    this.#seen.set(id, now)
    if (now - Date.parse(signIn.seen) < SEEN_EVERY_MS) return
    await this.#objects.save('sign-in', id, { ...signIn, seen: new Date(now).toISOString() })
  }

  /** Makes room: what is over goes, and the oldest of a user who has too many. */
  async #endOver(user: string): Promise<void> {
    const all = [...(await this.#objects.all(0))['sign-in']]
    const over: string[] = []
    for (const [id, signIn] of all) if (await this.#isOver(id, signIn)) over.push(id)
    const own = all.filter(([id, one]) => one.user === user && !over.includes(id))
    const oldest = own
      .sort(([, a], [, b]) => (a.created < b.created ? -1 : 1))
      .slice(0, Math.max(0, own.length + 1 - MAX_PER_USER))
    for (const id of [...over, ...oldest.map(([id]) => id)]) {
      await this.#objects.remove('sign-in', id)
      this.#seen.delete(id)
    }
  }

  #setCookies(reply: FastifyReply, secret: string, seconds: number): void {
    const shared = `Path=/; SameSite=Strict; Max-Age=${seconds}${this.#secure ? '; Secure' : ''}`
    const csrf = secret === '' ? '' : csrfOf(secret)
    reply.header('set-cookie', [`${COOKIE}=${secret}; HttpOnly; ${shared}`, `${CSRF_COOKIE}=${csrf}; ${shared}`])
  }
}

function cookieOf(request: FastifyRequest): string {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{20,64})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1] ?? ''
}

/** Made of the session's own secret: a cookie that another page of the same host plants does not fit. */
const csrfOf = (secret: string): string => hashOf(`csrf ${secret}`)

function refuseForged(request: FastifyRequest, secret: string): void {
  const given = request.headers[CSRF_HEADER]
  if (typeof given === 'string' && sameText(given, csrfOf(secret))) return
  throw new ServerError('PW-AU-006', 403, {
    what: 'The request was not made by the page.',
    why: `It comes with the cookie of a browser, wants to change something, and the header ${CSRF_HEADER} is missing or wrong.`,
    do: 'Load the page again. Programs use an API token instead of a cookie.',
  })
}
