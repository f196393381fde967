import { randomUUID } from 'node:crypto'
import type { Role } from '@podwitness/api'
import { storeTime } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'

/** Somebody who may sign in. Times are ISO 8601. */
export interface User {
  readonly name: string
  readonly role: Role
  /** `null`: every one. */
  readonly namespaces: readonly string[] | null
  readonly clusters: readonly string[] | null
  readonly disabled: boolean
  readonly source: 'local' | 'oidc'
  /** As `hashPassword` writes it; empty where there is none. */
  readonly password: string
  readonly created: string
  readonly createdBy: string
}

/** A token that a program sends. */
export interface StoredApiToken {
  readonly label: string
  readonly user: string
  /** It never may more than this, nor more than its user. */
  readonly role: Role
  readonly hash: string
  readonly created: string
  readonly expires: string
  readonly revoked: boolean
}

/** When a token was last used, to the minute. */
export interface TokenUse {
  readonly time: string
  readonly address: string
}

/** A browser that is signed in; its id is the hash of the cookie. */
export interface StoredSignIn {
  readonly user: string
  readonly how: 'password' | 'link' | 'provider' | 'owner'
  readonly address: string
  readonly agent: string
  readonly created: string
  readonly seen: string
  readonly ends: string
}

/** Lets a user in once, without a password. */
export interface StoredLink {
  readonly user: string
  readonly hash: string
  readonly expires: string
  /** Who took it, while it is taken. */
  readonly taker?: string
}

interface Specs {
  user: User
  token: StoredApiToken
  'token-use': TokenUse
  'sign-in': StoredSignIn
  link: StoredLink
}
type Kind = keyof Specs
type Snapshot = { readonly [K in Kind]: Map<string, Specs[K]> }

/** How old what is known may be, milliseconds: other servers and the command line change the same objects. */
const FRESH_MS = 2_000
/** As `maxAgeMs` for ids that are not known: another server may just have made them, and strangers may send many. */
export const SOON_MS = 250

/**
 * Users, tokens, sign-ins and links, in the store and, as of at most two seconds ago, in memory. What is changed here
 * counts at once; what another process changes, within those two seconds.
 */
export class AccessObjects {
  readonly #store: Store
  #known: Snapshot = empty()
  #readMs = 0
  #changes = 0
  #reading: Promise<void> | undefined

  constructor(store: Store) {
    this.#store = store
  }

  /**
   * Everything. While the store cannot be read, what was last known counts, unless it must be as of now.
   *
   * @param maxAgeMs How old it may be, milliseconds; 0 reads it now.
   */
  async all(maxAgeMs = FRESH_MS): Promise<Snapshot> {
    if (maxAgeMs === 0 || Date.now() - this.#readMs > maxAgeMs) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined
      })
      const known = this.#readMs > 0 && maxAgeMs > 0
      await (known ? this.#reading.catch(() => undefined) : this.#reading)
    }
    return this.#known
  }

  async save<K extends Kind>(kind: K, id: string, spec: Specs[K]): Promise<void> {
    await this.#write(kind, id, spec, 0)
    this.#known[kind].set(id, spec)
  }

  async remove(kind: Kind, id: string): Promise<void> {
    await this.#write(kind, id, {}, 1)
    this.#known[kind].delete(id)
  }

  /** Takes a link: of several who try at once, on several servers too, one gets it. */
  async take(id: string, link: StoredLink): Promise<boolean> {
    const taker = randomUUID()
    // The second insert under a token changes nothing; only whoever got the link may remove it, or nobody would be told.
    await this.#write('link', id, { ...link, taker }, 0, `access|take|${id}`)
    const { rows } = await this.#store.reader.query({
      sql: "SELECT JSONExtractString(spec, 'taker') AS taker FROM audit.access_objects WHERE kind = 'link' AND id = {id:String} AND taker != ''",
      params: { id },
    })
    if (rows[0]?.[0] !== taker) return false
    await this.remove('link', id)
    return true
  }

  async #write(kind: Kind, id: string, spec: object, deleted: 0 | 1, token?: string): Promise<void> {
    const version = nextVersion()
    const changed = storeTime(Date.now())
    const row = { kind, id, spec: JSON.stringify(spec), changed, version, is_deleted: deleted }
    await this.#store.writer.insert('access_objects', [row], token ?? `access|${kind}|${id}|${version}`)
    this.#changes++
  }

  async #read(): Promise<void> {
    const changes = this.#changes
    const found = empty()
    const sql = 'SELECT kind, id, spec FROM audit.access_objects FINAL'
    for await (const rows of this.#store.reader.stream<{ kind: Kind; id: string; spec: string }>(sql))
      for (const { kind, id, spec } of rows) (found[kind] as Map<string, unknown> | undefined)?.set(id, JSON.parse(spec))
    // What was changed meanwhile may not be among it.
    if (changes !== this.#changes) return
    this.#known = found
    this.#readMs = Date.now()
  }
}

function empty(): Snapshot {
  return { user: new Map(), token: new Map(), 'token-use': new Map(), 'sign-in': new Map(), link: new Map() }
}
