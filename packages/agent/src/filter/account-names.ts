import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const CHECK_EVERY_MS = 5000

/** Names of users or groups by number, out of /etc/passwd or /etc/group; read again when the file changes. Source: passwd(5), group(5). */
class AccountNames {
  readonly #path: string
  #names = new Map<number, string>()
  #changedMs = -1
  #checkMs = 0

  constructor(path: string) {
    this.#path = path
  }

  /** The name, or the number as text. */
  name(id: number): string {
    if (Date.now() >= this.#checkMs) this.#read()
    return this.#names.get(id) ?? String(id)
  }

  #read(): void {
    this.#checkMs = Date.now() + CHECK_EVERY_MS
    try {
      const { mtimeMs } = statSync(this.#path)
      if (mtimeMs === this.#changedMs) return
      this.#changedMs = mtimeMs
      const rows = readFileSync(this.#path, 'utf8')
        .split('\n')
        .map((line) => line.split(':'))
      const named = rows.filter(([name = '', , id = '']) => name !== '' && /^\d+$/.test(id))
      this.#names = new Map(named.map(([name = '', , id]) => [Number(id), name]))
    } catch {
      this.#names = new Map() // No such file: numbers stay numbers.
    }
  }
}

/** Names of a node's users and groups. */
export class NodeAccounts {
  readonly #users: AccountNames
  readonly #groups: AccountNames

  /** @param root Where the node's root file system is. */
  constructor(root: string) {
    this.#users = new AccountNames(join(root, '/etc/passwd'))
    this.#groups = new AccountNames(join(root, '/etc/group'))
  }

  user(id: number): string {
    return this.#users.name(id)
  }

  group(id: number): string {
    return this.#groups.name(id)
  }
}
