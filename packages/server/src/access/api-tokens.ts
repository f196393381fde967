import { lesserRole, type Role } from '@podwitness/api'
import { ServerError } from '../server-error.ts'
import type { AccessObjects, StoredApiToken, TokenUse } from './access-objects.ts'
import type { Caller } from './caller.ts'
import { derivedSecret, hashOf, newId, newSecret, sameText } from './secrets.ts'

const FORM = /^pwa\.([0-9a-f]{16})\.([A-Za-z0-9_-]{32})$/
const DAY_MS = 86_400_000
/** Days a token is good for where nothing is said. */
const DAYS = 90
/** The last use is written this often at most, milliseconds. */
const USE_EVERY_MS = 60_000

/** A token with what is known about it, without its secret. */
export interface ApiTokenFact extends Omit<StoredApiToken, 'hash' | 'revoked'> {
  readonly id: string
  readonly state: 'valid' | 'expired' | 'revoked' | 'dormant'
  readonly use: TokenUse | undefined
}

/** Tokens of programs. Each acts for a user, and dies with it. */
export class ApiTokens {
  readonly #objects: AccessObjects
  readonly #ownerToken: string

  /** @param ownerToken What secrets for signed requests are derived from: they are kept nowhere. */
  constructor(objects: AccessObjects, ownerToken: string) {
    this.#objects = objects
    this.#ownerToken = ownerToken
  }

  /** Makes a token; its text is kept nowhere. */
  async create(wanted: {
    label: string
    user: string
    role: Role
    days?: number | undefined
  }): Promise<{ text: string; fact: ApiTokenFact }> {
    const { label, user, role, days = DAYS } = wanted
    const id = newId()
    const secret = newSecret()
    const now = Date.now()
    const created = new Date(now).toISOString()
    const expires = new Date(now + days * DAY_MS).toISOString()
    await this.#objects.save('token', id, { label, user, role, hash: hashOf(secret), created, expires, revoked: false })
    return { text: `pwa.${id}.${secret}`, fact: await this.get(id) }
  }

  /** Tokens, of one user or of all, oldest first. */
  async list(user?: string): Promise<ApiTokenFact[]> {
    const all = await this.#objects.all(0)
    const found: ApiTokenFact[] = []
    for (const [id, { hash: _hash, revoked: _revoked, ...rest }] of all.token)
      if (user === undefined || rest.user === user)
        found.push({ id, ...rest, state: this.#stateOf(id, all), use: all['token-use'].get(id) })
    return found.sort((a, b) => (a.created < b.created ? -1 : 1))
  }

  /** @throws ServerError PW-AU-008 where there is none. */
  async get(id: string): Promise<ApiTokenFact> {
    const found = (await this.list()).find((token) => token.id === id)
    if (found !== undefined) return found
    throw new ServerError('PW-AU-008', 404, {
      what: `There is no API token ${id}.`,
      why: 'It was never made, or belongs to somebody else.',
      do: 'Look at the list of tokens.',
    })
  }

  async revoke(id: string): Promise<void> {
    await this.get(id)
    const stored = (await this.#objects.all()).token.get(id)
    if (stored !== undefined) await this.#objects.save('token', id, { ...stored, revoked: true })
  }

  /** Who a token sent as bearer speaks for; undefined where it is none of ours or no longer good. */
  async caller(text: string, address: string): Promise<Caller | undefined> {
    const [, id = '', secret = ''] = FORM.exec(text) ?? []
    if (id === '') return undefined
    const caller = await this.callerOf(id)
    const stored = (await this.#objects.all()).token.get(id)
    if (caller === undefined || stored === undefined || !sameText(hashOf(secret), stored.hash)) return undefined
    await this.noteUse(id, address)
    return caller
  }

  /** Who a token speaks for, whatever the proof. */
  async callerOf(id: string): Promise<Caller | undefined> {
    let all = await this.#objects.all()
    if (!all.token.has(id)) all = await this.#objects.all(0)
    const stored = all.token.get(id)
    const user = all.user.get(stored?.user ?? '')
    if (stored === undefined || user === undefined || this.#stateOf(id, all) !== 'valid') return undefined
    const { name, namespaces, clusters } = user
    return { name, role: lesserRole(stored.role, user.role), means: 'token', meansId: id, namespaces, clusters }
  }

  /** The secret a client signs its requests with, for the APIs whose clients do not send a token. */
  signingSecret(id: string): string {
    return derivedSecret(this.#ownerToken, `access key ${id}`)
  }

  async noteUse(id: string, address: string): Promise<void> {
    const last = (await this.#objects.all())['token-use'].get(id)
    if (last !== undefined && Date.now() - Date.parse(last.time) < USE_EVERY_MS && last.address === address) return
    await this.#objects.save('token-use', id, { time: new Date().toISOString(), address })
  }

  #stateOf(id: string, { token, user }: Awaited<ReturnType<AccessObjects['all']>>): ApiTokenFact['state'] {
    const stored = token.get(id)
    if (stored === undefined || stored.revoked) return 'revoked'
    if (Date.parse(stored.expires) < Date.now()) return 'expired'
    return user.get(stored.user)?.disabled === false ? 'valid' : 'dormant'
  }
}
