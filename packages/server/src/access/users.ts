import { mayBeBounded, type Role } from '@podwitness/api'
import { ServerError } from '../server-error.ts'
import type { AccessObjects, User } from './access-objects.ts'
import { OWNER } from './caller.ts'
import { hashPassword, passwordFault } from './password.ts'
import { hashOf, newId, newSecret, sameText } from './secrets.ts'

/** A one-time link is good for a day, milliseconds. */
const LINK_TTL_MS = 86_400_000
const LINK = /^pwl\.([0-9a-f]{16})\.([A-Za-z0-9_-]{32})$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,252}$/

/** What can be said of a user. */
export interface UserWish {
  readonly role: Role
  readonly namespaces: readonly string[] | null
  readonly clusters: readonly string[] | null
}

/** Users and their one-time links: the same for the routes and the command line. */
export class Users {
  readonly #objects: AccessObjects

  constructor(objects: AccessObjects) {
    this.#objects = objects
  }

  async list(): Promise<User[]> {
    const { user } = await this.#objects.all(0)
    return [...user.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** @throws ServerError PW-AU-009 where there is none. */
  async get(name: string): Promise<User> {
    const found = (await this.#objects.all(0)).user.get(name)
    if (found !== undefined) return found
    throw new ServerError('PW-AU-009', 404, {
      what: `There is no user ${name}.`,
      why: 'It was never added, or has another name.',
      do: 'Look at `podwitness users list`.',
    })
  }

  /**
   * Adds a user without a password, and a link to sign in with.
   *
   * @throws ServerError PW-AU-010 where the name is taken or no name, PW-AU-011 where the role cannot be bounded.
   */
  async add(name: string, wish: UserWish, by: string): Promise<string> {
    const taken = name === OWNER || (await this.#objects.all(0)).user.has(name)
    if (taken || !NAME.test(name))
      throw new ServerError('PW-AU-010', 409, {
        what: taken ? `The name ${name} is taken.` : `"${name}" is not a name for a user.`,
        why: taken
          ? 'Names of users are unique.'
          : 'Names are made of letters, digits and ._@+- and begin with a letter or digit.',
        do: 'Choose another.',
      })
    refuseBounded(wish)
    const { role, namespaces, clusters } = wish
    const created = new Date().toISOString()
    await this.#objects.save('user', name, {
      ...{ name, role, namespaces, clusters, disabled: false, source: 'local', password: '', created, createdBy: by },
    })
    return this.#link(name)
  }

  /** @throws ServerError PW-AU-009, PW-AU-011, PW-AU-012 where nobody would be left to administer. */
  async change(name: string, wish: Partial<UserWish & { disabled: boolean }>): Promise<{ before: User; after: User }> {
    const before = await this.get(name)
    const after = { ...before, ...wish }
    refuseBounded(after)
    if (isAdmin(before) && !isAdmin(after)) await this.#refuseLast(name)
    await this.#objects.save('user', name, after)
    return { before, after }
  }

  /** Forgets the password and gives a link. @throws ServerError PW-AU-009, PW-AU-013 for a user of the provider. */
  async reset(name: string): Promise<string> {
    const user = await this.get(name)
    if (user.source !== 'local') throw elsewhere(name)
    await this.#objects.save('user', name, { ...user, password: '' })
    return this.#link(name)
  }

  /** @throws ServerError PW-AU-007 where the password is not taken, PW-AU-009, PW-AU-013. */
  async setPassword(name: string, password: string): Promise<void> {
    const user = await this.get(name)
    if (user.source !== 'local') throw elsewhere(name)
    const fault = passwordFault(password, name)
    if (fault !== '')
      throw new ServerError('PW-AU-007', 400, {
        what: 'The password is not taken.',
        why: fault,
        do: 'Choose a longer one, best a sentence.',
      })
    await this.#objects.save('user', name, { ...user, password: await hashPassword(password) })
  }

  /** Spends a link. Returns whose it is; undefined where it does not hold. */
  async spend(text: string): Promise<User | undefined> {
    const [, id = '', secret = ''] = LINK.exec(text) ?? []
    if (id === '') return undefined
    const { link, user } = await this.#objects.all(0)
    const stored = link.get(id)
    if (stored === undefined || !sameText(hashOf(secret), stored.hash)) return undefined
    const taken = await this.#objects.take(id, stored)
    const owner = user.get(stored.user)
    return !taken || Date.parse(stored.expires) < Date.now() || owner?.disabled === true ? undefined : owner
  }

  /** The first administrator, where there is no user yet: the link that lets them in. */
  async first(): Promise<string | undefined> {
    if ((await this.#objects.all(0)).user.size > 0) return undefined
    return this.add('admin', { role: 'admin', namespaces: null, clusters: null }, OWNER)
  }

  /** A user that the provider vouches for, with the role and bounds it has there now. @throws ServerError PW-AU-014 where a local user has the name. */
  async fromProvider(name: string, wish: UserWish): Promise<User> {
    const known = (await this.#objects.all(0)).user.get(name)
    if (known?.source === 'local' || name === OWNER || !NAME.test(name))
      throw new ServerError('PW-AU-014', 403, {
        what: `The provider's user ${name} cannot sign in.`,
        why: NAME.test(name)
          ? 'A user of this server has the same name, and nobody could tell them apart.'
          : 'It is not a name for a user.',
        do: 'Use another claim for the name (userClaim), or give the local user another name.',
      })
    const created = known?.created ?? new Date().toISOString()
    const { role, namespaces, clusters } = wish
    const user: User = {
      ...{ name, role, namespaces, clusters, disabled: known?.disabled ?? false, source: 'oidc' },
      ...{ password: '', created, createdBy: 'provider' },
    }
    if (JSON.stringify(known) !== JSON.stringify(user)) await this.#objects.save('user', name, user)
    return user
  }

  /** A new link; older ones of the user no longer hold. */
  async #link(user: string): Promise<string> {
    for (const [id, one] of (await this.#objects.all(0)).link) if (one.user === user) await this.#objects.remove('link', id)
    const id = newId()
    const secret = newSecret()
    await this.#objects.save('link', id, {
      user,
      hash: hashOf(secret),
      expires: new Date(Date.now() + LINK_TTL_MS).toISOString(),
    })
    return `pwl.${id}.${secret}`
  }

  async #refuseLast(name: string): Promise<void> {
    if ((await this.list()).some((user) => user.name !== name && isAdmin(user))) return
    throw new ServerError('PW-AU-012', 409, {
      what: `${name} is the last administrator.`,
      why: 'Nobody could administer users any more.',
      do: 'Make another user an administrator first.',
    })
  }
}

const isAdmin = ({ role, disabled }: User): boolean => role === 'admin' && !disabled

function refuseBounded({ role, namespaces, clusters }: UserWish): void {
  if (mayBeBounded(role) || (namespaces === null && clusters === null)) return
  throw new ServerError('PW-AU-011', 400, {
    what: `The role ${role} cannot be kept to some namespaces or clusters.`,
    why: 'Proofs and administrative acts are about everything, and an administrator could lift the bound.',
    do: 'Give the role viewer or hunter, or no bound.',
  })
}

function elsewhere(name: string): ServerError {
  return new ServerError('PW-AU-013', 409, {
    what: `${name} has no password here.`,
    why: 'The sign-in provider vouches for this user.',
    do: 'Change the password there.',
  })
}
