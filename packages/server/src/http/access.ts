import type { loginRoute, RouteInput } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AccessObjects, type StoredSignIn, type User } from '../access/access-objects.ts'
import { type Act, recordAct } from '../access/acts.ts'
import { ApiTokens } from '../access/api-tokens.ts'
import { type Caller, OWNER } from '../access/caller.ts'
import { FailedAttempts } from '../access/failed-attempts.ts'
import { verifyPassword } from '../access/password.ts'
import { sameText } from '../access/secrets.ts'
import { SIGN_IN_TIMES, SignIns, type SignInTimes } from '../access/sign-ins.ts'
import { Users } from '../access/users.ts'
import { ServerError } from '../server-error.ts'

/** The id of the owner's key pair for signed requests; its secret is the owner's token. */
export const ACCESS_KEY_ID = 'podwitness'

export interface AccessOptions {
  /** The token of the data folder: at least 32 characters of randomness. */
  readonly ownerToken: string
  /** Whether browsers reach the server over HTTPS only. */
  readonly secure?: boolean
  readonly times?: SignInTimes
}

/** Who may ask: users in browsers, programs with API tokens, and the holder of the data folder with its token. */
export class Access {
  readonly users: Users
  readonly tokens: ApiTokens
  readonly signIns: SignIns
  readonly objects: AccessObjects
  readonly store: Store
  readonly #ownerToken: string
  readonly #attempts = new FailedAttempts()

  constructor(store: Store, { ownerToken, secure = false, times = SIGN_IN_TIMES }: AccessOptions) {
    this.store = store
    this.#ownerToken = ownerToken
    this.objects = new AccessObjects(store)
    this.users = new Users(this.objects)
    this.tokens = new ApiTokens(this.objects, ownerToken)
    this.signIns = new SignIns(this.objects, times, secure)
  }

  /**
   * Says who asks.
   *
   * @throws ServerError PW-AU-001 where the request carries neither a good cookie nor a good token, PW-AU-003 after too
   * many bad ones, PW-AU-006 for a cookie without its proof.
   */
  async check(request: FastifyRequest): Promise<Caller> {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const caller = bearer === undefined ? await this.#callerOfCookie(request) : await this.#callerOfBearer(request, bearer)
    if (caller !== undefined) return caller
    throw new ServerError('PW-AU-001', 401, {
      what: 'Nobody is signed in.',
      why: 'The request carries no valid cookie or token; sign-ins end after a while without use, and at the latest after 12 hours.',
      do: 'Sign in again, or send a valid API token.',
    })
  }

  /**
   * For requests that prove they know a secret without sending it.
   *
   * @param keyId The id of an API token, or `podwitness` for the owner's.
   * @param holds Whether the proof was made with this secret.
   * @throws ServerError PW-AU-003 after too many that were not.
   */
  async checkSigned(request: FastifyRequest, keyId: string, holds: (secret: string) => boolean): Promise<Caller | undefined> {
    this.#attempts.refuseIfBusy(request.ip)
    const caller = keyId === ACCESS_KEY_ID ? owner('') : await this.tokens.callerOf(keyId)
    const secret = keyId === ACCESS_KEY_ID ? this.#ownerToken : this.tokens.signingSecret(keyId)
    const good = holds(secret) && caller !== undefined
    if (!good) this.#attempts.note(request.ip)
    else if (caller.means === 'token') await this.tokens.noteUse(keyId, request.ip)
    return good ? caller : undefined
  }

  /**
   * Signs a browser in. Returns the user's name.
   *
   * @throws ServerError PW-AU-002 for what does not hold, PW-AU-003 after too many of that.
   */
  async login(request: FastifyRequest, reply: FastifyReply, body: RouteInput<typeof loginRoute>['body']): Promise<string> {
    const name = 'user' in body ? body.user : undefined
    this.#attempts.refuseIfBusy(request.ip, name)
    this.#attempts.note(request.ip, name)
    const found = 'user' in body ? await this.#byPassword(body.user, body.password) : await this.#byToken(body.token)
    if (found === undefined) {
      await this.#recordSignIn(request, {
        user: name ?? '',
        role: '',
        how: name === undefined ? 'link' : 'password',
        outcome: 'failed',
      })
      throw notRight()
    }
    this.#attempts.forgive(request.ip, name)
    await this.enter(request, reply, found.user, found.how)
    return found.user.name
  }

  /** Signs in a browser whose user is known to be who it says. */
  async enter(
    request: FastifyRequest,
    reply: FastifyReply,
    user: Pick<User, 'name' | 'role'>,
    how: StoredSignIn['how'],
  ): Promise<void> {
    await this.signIns.begin(request, reply, user.name, how)
    await this.#recordSignIn(request, { user: user.name, role: user.role, how, outcome: 'done' })
  }

  async logout(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const ended = await this.signIns.end(request, reply)
    if (ended === undefined) return
    const { user, how } = ended
    await recordAct(this.store, {
      action: 'sign-out',
      outcome: 'done',
      user,
      role: '',
      means: how,
      ...whereOf(request),
      object: user,
    })
  }

  /** Records what a caller did, or was refused. */
  async record(
    request: FastifyRequest,
    caller: Caller,
    act: Pick<Act, 'action' | 'outcome' | 'object' | 'before' | 'after' | 'note'>,
  ): Promise<void> {
    const { name: user, role, means } = caller
    await recordAct(this.store, { ...act, user, role, means, ...whereOf(request) })
  }

  /** Records a sign-in that came to nothing before it was known whose it is. */
  async refused(request: FastifyRequest, means: string, note: string): Promise<void> {
    const act = {
      action: 'sign-in',
      outcome: 'failed',
      user: '',
      role: '',
      means,
      ...whereOf(request),
      object: '',
      note,
    } as const
    await recordAct(this.store, act)
  }

  async #recordSignIn(
    request: FastifyRequest,
    { user, role, how, outcome }: { user: string; role: string; how: string; outcome: Act['outcome'] },
  ): Promise<void> {
    await recordAct(this.store, { action: 'sign-in', outcome, user, role, means: how, ...whereOf(request), object: user })
  }

  async #byPassword(name: string, password: string): Promise<{ user: User; how: 'password' } | undefined> {
    const user = (await this.objects.all(0)).user.get(name)
    // A name that is not there takes as long as one that is.
    const right = await verifyPassword(password, user?.password ?? '')
    return right && user !== undefined && !user.disabled && user.source === 'local' ? { user, how: 'password' } : undefined
  }

  async #byToken(text: string): Promise<{ user: Pick<User, 'name' | 'role'>; how: 'owner' | 'link' } | undefined> {
    if (sameText(text, this.#ownerToken)) return { user: { name: OWNER, role: 'admin' }, how: 'owner' }
    const user = await this.users.spend(text)
    return user === undefined ? undefined : { user, how: 'link' }
  }

  async #callerOfBearer(request: FastifyRequest, bearer: string): Promise<Caller | undefined> {
    this.#attempts.refuseIfBusy(request.ip)
    if (sameText(bearer, this.#ownerToken)) return owner('')
    const caller = await this.tokens.caller(bearer, request.ip)
    if (caller === undefined) this.#attempts.note(request.ip)
    return caller
  }

  async #callerOfCookie(request: FastifyRequest): Promise<Caller | undefined> {
    const found = await this.signIns.find(request)
    if (found === undefined) return undefined
    if (found.signIn.how === 'owner') return { ...owner(found.id), means: 'session' }
    const user = (await this.objects.all()).user.get(found.signIn.user)
    if (user === undefined || user.disabled) return undefined
    const { name, role, namespaces, clusters } = user
    return { name, role, means: 'session', meansId: found.id, namespaces, clusters }
  }
}

const owner = (meansId: string): Caller => ({
  name: OWNER,
  role: 'admin',
  means: 'owner',
  meansId,
  namespaces: null,
  clusters: null,
})

function whereOf(request: FastifyRequest): { address: string; agent: string } {
  return { address: request.ip, agent: String(request.headers['user-agent'] ?? '').slice(0, 200) }
}

function notRight(): ServerError {
  return new ServerError('PW-AU-002', 401, {
    what: 'The name, password or token is not right.',
    why: 'It is no user with this password, no one-time link that still holds, and not the token of the data folder.',
    do: 'Try again, or ask an administrator for a new link (`podwitness users reset-password NAME`).',
  })
}
