import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '@podwitness/store'
import { PkiError } from './pki-error.ts'
import { writePrivate } from './write-private.ts'

/** `join` buys one node certificate; `apiserver` and `app` are sent with every request. */
export const TOKEN_KINDS = ['join', 'apiserver', 'app'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

/** A token without its secret. */
export interface TokenFact {
  readonly id: string
  readonly kind: TokenKind
  /** Cluster it is good for; a join token with an empty one is good for any. */
  readonly cluster: string
  /** What it is for, in a person's words; of an app, its name. */
  readonly name: string
  readonly created: string
  /** Empty where it does not end. */
  readonly expires: string
  /** A join token that any number of nodes may use: what a DaemonSet needs. */
  readonly reusable: boolean
  readonly state: 'valid' | 'used' | 'revoked' | 'expired'
}

interface StoredToken extends Omit<TokenFact, 'state'> {
  /** SHA-256 of the secret, hexadecimal: 192 random bits need no slow hash. */
  readonly hash: string
}

const FORM = /^pw([jt])\.([0-9a-f]{16})\.([A-Za-z0-9_-]{32})(?:\.([0-9a-f]{64}))?$/

/**
 * Tokens as files of a folder, one each, so that the server and the command line may work on them at once: making one
 * is a new file, spending or revoking it a rename, which succeeds once.
 */
export class TokenStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Makes a token.
   *
   * @param wanted.ttlMs How long it is good for; for ever where absent.
   * @param wanted.reusable Of a join token: any number of nodes may use it until it ends or is revoked.
   * @param fingerprint SHA-256 of the authority's certificate: part of a join token, so that a node knows whom to trust.
   * @returns Its text, which is kept nowhere, and the fact.
   */
  create(
    wanted: {
      readonly kind: TokenKind
      readonly cluster: string
      readonly name: string
      readonly ttlMs?: number
      readonly reusable?: boolean
    },
    fingerprint: string,
  ): { text: string; fact: TokenFact } {
    const id = randomBytes(8).toString('hex')
    const secret = randomBytes(24).toString('base64url')
    const now = Date.now()
    const { kind, cluster, name, ttlMs, reusable = false } = wanted
    const expires = ttlMs === undefined ? '' : new Date(now + ttlMs).toISOString()
    const stored: StoredToken = {
      id,
      kind,
      cluster,
      name,
      created: new Date(now).toISOString(),
      expires,
      reusable,
      hash: hashOf(secret),
    }
    writePrivate(this.#path(id), `${JSON.stringify(stored)}\n`, { fresh: true })
    const text = kind === 'join' ? `pwj.${id}.${secret}.${fingerprint}` : `pwt.${id}.${secret}`
    return { text, fact: factOf(stored, 'valid') }
  }

  list(): TokenFact[] {
    if (!existsSync(this.#folder)) return []
    return readdirSync(this.#folder)
      .flatMap((name) => {
        const [, id = '', ending] = /^([0-9a-f]{16})\.(json|used|revoked)$/.exec(name) ?? []
        const stored = ending === undefined ? null : read(join(this.#folder, name))
        if (stored === null || stored.id !== id) return []
        return [
          factOf(stored, ending === 'json' ? (isOver(stored) ? 'expired' : 'valid') : ending === 'used' ? 'used' : 'revoked'),
        ]
      })
      .sort((a, b) => (a.created < b.created ? -1 : 1))
  }

  /** Takes a token back. @throws PkiError PW-PK-004 where there is no valid one of this id. */
  revoke(id: string): void {
    if (!/^[0-9a-f]{16}$/.test(id) || !this.#rename(id, 'revoked')) throw unknownToken(id)
  }

  /** The fact of a token sent as a bearer; null where it is not valid for this use. */
  check(text: string, kind: TokenKind): TokenFact | null {
    const [, , id = '', secret = ''] = FORM.exec(text) ?? []
    const stored = id === '' ? null : read(this.#path(id))
    if (stored === null || stored.kind !== kind || isOver(stored)) return null
    const same = timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), Buffer.from(stored.hash, 'hex'))
    return same ? factOf(stored, 'valid') : null
  }

  /** Spends a join token: of two at once, one succeeds, unless it is reusable. */
  spend(text: string): TokenFact | null {
    const fact = this.check(text, 'join')
    if (fact === null || fact.reusable) return fact
    return this.#rename(fact.id, 'used') ? fact : null
  }

  #rename(id: string, ending: 'used' | 'revoked'): boolean {
    try {
      renameSync(this.#path(id), join(this.#folder, `${id}.${ending}`))
      syncFolder(this.#folder)
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
      throw error
    }
  }

  #path(id: string): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    return join(this.#folder, `${id}.json`)
  }
}

function read(path: string): StoredToken | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StoredToken
  } catch {
    return null
  }
}

function isOver({ expires }: StoredToken): boolean {
  return expires !== '' && Date.parse(expires) < Date.now()
}

function factOf({ id, kind, cluster, name, created, expires, reusable }: StoredToken, state: TokenFact['state']): TokenFact {
  // Tokens made before there were reusable ones do not say so.
  return { id, kind, cluster, name, created, expires, reusable: reusable === true, state }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function unknownToken(id: string): PkiError {
  return new PkiError('PW-PK-004', {
    what: `There is no valid token ${id}.`,
    why: 'It was never made, is used up, or was revoked before.',
    do: 'Look at `podwitness tokens list`.',
  })
}
