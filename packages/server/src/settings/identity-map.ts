import type { Identity } from '@podwitness/api'
import { storeTime, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'
import { ServerError } from '../server-error.ts'

/** An identity with when and by whom it was said. */
export interface KnownIdentity extends Identity {
  /** ISO 8601. */
  readonly changed: string
  readonly by: string
}

const KIND = 'identity'
/** Accounts of sessions that nobody named, listed at most. */
const MOST_UNNAMED = 100

/**
 * Who stands behind accounts: a list people keep. It lies with the other things that people set (rules, channels), in a
 * table that queries may not read, and is looked up when something is shown: evidence keeps the account as it was received.
 */
export class IdentityMap {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async list(): Promise<KnownIdentity[]> {
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT spec, toString(changed) FROM audit.alert_objects FINAL WHERE kind = {kind:String} ORDER BY id',
      params: { kind: KIND },
    })
    return rows.map(([spec, changed]) => ({
      ...(JSON.parse(String(spec)) as Identity & { by: string }),
      changed: new Date(timeMsOf(String(changed))).toISOString(),
    }))
  }

  /** Adds identities, or replaces those of the same account. @returns How many there were. */
  async save(identities: readonly Identity[], by: string, nowMs: number): Promise<number> {
    const last = new Map(identities.map((one) => [one.account.trim(), one]))
    const rows = [...last].map(([account, { person, team, uid }]) => rowOf(account, { account, person, team, uid, by }, nowMs))
    await this.#store.writer.insert('alert_objects', rows, `identities|${nextVersion()}`)
    return rows.length
  }

  /** @throws ServerError PW-SG-001 where nobody was named for the account. */
  async remove(account: string, nowMs: number): Promise<void> {
    if (!(await this.list()).some((one) => one.account === account))
      throw new ServerError('PW-SG-001', 404, {
        what: `Nobody is named for the account ${account}.`,
        why: 'It was never in the identity map, or was removed.',
        do: 'Look at `podwitness identities list`.',
      })
    await this.#store.writer.insert('alert_objects', [rowOf(account, {}, nowMs, 1)], `identities|${nextVersion()}`)
  }

  /** Accounts of sessions that no identity fits, the busiest first. */
  async unnamed(known: readonly Identity[]): Promise<{ account: string; sessions: number }[]> {
    const { rows } = await this.#store.reader.query({
      sql: `SELECT user, count() FROM audit.sessions FINAL WHERE user != '' GROUP BY user ORDER BY count() DESC, user`,
      maxRows: 10_000,
    })
    return rows
      .map(([user, sessions]) => ({ account: String(user), sessions: Number(sessions) }))
      .filter(({ account }) => !known.some((one) => fits(one.account, account)))
      .slice(0, MOST_UNNAMED)
  }
}

/** Whether an entry of the map is about an account: the same, or its beginning where the entry ends in `*`. */
function fits(pattern: string, account: string): boolean {
  return pattern.endsWith('*') ? account.startsWith(pattern.slice(0, -1)) : pattern === account
}

function rowOf(id: string, spec: object, nowMs: number, deleted: 0 | 1 = 0) {
  const row = { kind: KIND, id, spec: JSON.stringify(spec), changed: storeTime(nowMs), version: nextVersion() }
  return { ...row, is_deleted: deleted }
}
