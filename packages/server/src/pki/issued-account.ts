import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sender } from './sender.ts'
import { writePrivate } from './write-private.ts'

/** The newest certificate that a sender was given. */
export interface IssuedFact extends Sender {
  /** ISO 8601. */
  readonly issued: string
  readonly notAfter: string
  readonly revoked: boolean
  /** Fingerprints of the authorities it was told to trust, the one that signed first; missing in old notes. */
  readonly trusts?: readonly string[]
}

/** What is noted of a certificate. */
export type NotedFact = Omit<IssuedFact, 'revoked'>

/**
 * Which certificates are out: a file for each sender, replaced at every renewal. What a certificate may do does not
 * depend on it; senders that joined before it was kept appear with their next renewal, at most 30 days later.
 */
export class IssuedAccount {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  note({ role, cluster, node, senderId, issued, notAfter, trusts = [] }: NotedFact): void {
    const text = JSON.stringify({ role, cluster, node, senderId, issued, notAfter, trusts })
    writePrivate(join(this.#folder, `${fileNameOf(senderId)}.json`), `${text}\n`)
  }

  /** By cluster and node. */
  list(): NotedFact[] {
    if (!existsSync(this.#folder)) return []
    return readdirSync(this.#folder)
      .filter((name) => /^[0-9a-f]{32}\.json$/.test(name))
      .flatMap((name) => readFact(join(this.#folder, name)))
      .sort((a, b) => (`${a.cluster}/${a.node}` < `${b.cluster}/${b.node}` ? -1 : 1))
  }
}

/** A file name for any sender. */
export function fileNameOf(senderId: string): string {
  return createHash('sha256').update(senderId).digest('hex').slice(0, 32)
}

function readFact(path: string): NotedFact[] {
  try {
    return [JSON.parse(readFileSync(path, 'utf8')) as NotedFact]
  } catch {
    return [] // Damaged or removed by hand: the certificate is good all the same.
  }
}
