import { randomBytes } from 'node:crypto'
import type { TextFault } from '@podwitness/alert'
import type { RouteInput, SavedQuery, saveQueryRoute } from '@podwitness/api'
import { storeTime, timeMsOf } from '@podwitness/event'
import { nearestName } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'
import { ServerError } from '../server-error.ts'

/** Who asks. An administrator may change what others saved and share. */
export interface QueryKeeper {
  readonly name: string
  readonly admin: boolean
}

type Content = RouteInput<typeof saveQueryRoute>['body']
type Spec = Omit<Content, 'id'>

/** Queries one person may keep. */
const MOST = 500

/** Queries that people saved, in the store: private ones are their owner's alone. */
export class SavedQueries {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** What somebody sees, by name. */
  async visible(keeper: QueryKeeper): Promise<SavedQuery[]> {
    const all = await this.all(keeper)
    return all.filter(({ owner, shared }) => owner === keeper.name || shared)
  }

  /** Everything, for a command that has the store itself. */
  async all(keeper: QueryKeeper): Promise<SavedQuery[]> {
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT id, owner, spec, toString(changed) FROM audit.saved_queries FINAL',
    })
    const found = rows.map(([id, owner, spec, changed]) => {
      const kept = JSON.parse(String(spec)) as Spec
      const mine = owner === keeper.name || (keeper.admin && kept.shared)
      return { ...kept, id: String(id), owner: String(owner), mine, changed: new Date(timeMsOf(String(changed))).toISOString() }
    })
    return found.sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
  }

  /**
   * The query of an id or a name, whoever's it is.
   *
   * @throws ServerError PW-HQ-001 where there is none, PW-HQ-005 where several people have one of the name.
   */
  async named(keeper: QueryKeeper, name: string): Promise<SavedQuery> {
    const all = await this.all(keeper)
    const found = all.filter((one) => one.id === name || one.name === name)
    const [first] = found
    if (first === undefined)
      throw missing(
        name,
        nearestName(
          name,
          all.map((one) => one.name),
        ),
      )
    if (found.length > 1) throw several(name, found)
    return first
  }

  /**
   * Saves a query as new, or in the place of the one that `id` names.
   *
   * @throws ServerError PW-HQ-001 where there is none of the id, PW-HQ-002 for a name in use, PW-HQ-003 for somebody
   * else's, PW-HQ-004 for one too many.
   */
  async save(keeper: QueryKeeper, { id, ...spec }: Content, nowMs: number): Promise<SavedQuery> {
    const known = await this.visible(keeper)
    const before = id === undefined ? undefined : changeable(known, id)
    const owner = before?.owner ?? keeper.name
    const name = spec.name.trim()
    const own = known.filter((one) => one.owner === owner && one.id !== id)
    if (own.some((one) => one.name === name)) throw nameInUse(name)
    if (before === undefined && own.length >= MOST) throw tooMany()
    const kept = { ...spec, name }
    const saved = id ?? randomBytes(8).toString('hex')
    await this.#write(saved, owner, kept, nowMs, 0)
    return { ...kept, id: saved, owner, mine: true, changed: new Date(nowMs).toISOString() }
  }

  /**
   * Saves queries of a text: each as new, or in the place of one's own of its name.
   *
   * @returns Their names.
   * @throws ServerError PW-HQ-011 where something in the text is wrong or there is no query in it; nothing is saved then.
   */
  async saveAll(keeper: QueryKeeper, queries: readonly Spec[], faults: readonly TextFault[], nowMs: number): Promise<string[]> {
    if (faults.length > 0 || queries.length === 0) throw faulty(faults)
    const own = (await this.visible(keeper)).filter(({ owner }) => owner === keeper.name)
    const idOf = (name: string) => own.find((one) => one.name === name)?.id
    const added = queries.filter(({ name }) => idOf(name) === undefined)
    if (own.length + added.length > MOST) throw tooMany()
    for (const query of queries) {
      const id = idOf(query.name)
      await this.save(keeper, { ...query, ...(id === undefined ? {} : { id }) }, nowMs)
    }
    return queries.map(({ name }) => name)
  }

  /** @throws ServerError PW-HQ-001 where there is none of the id, PW-HQ-003 for somebody else's. */
  async remove(keeper: QueryKeeper, id: string, nowMs: number): Promise<void> {
    const { owner } = changeable(await this.visible(keeper), id)
    await this.#write(id, owner, {}, nowMs, 1)
  }

  async #write(id: string, owner: string, spec: object, nowMs: number, deleted: 0 | 1): Promise<void> {
    const version = nextVersion()
    const row = { id, owner, spec: JSON.stringify(spec), changed: storeTime(nowMs), version, is_deleted: deleted }
    await this.#store.writer.insert('saved_queries', [row], `saved-query|${id}|${version}`)
  }
}

function changeable(known: readonly SavedQuery[], id: string): SavedQuery {
  const found = known.find((one) => one.id === id)
  if (found === undefined) throw missing(id, undefined)
  if (!found.mine)
    throw new ServerError('PW-HQ-003', 403, {
      what: `The query “${found.name}” is ${found.owner}’s.`,
      why: 'A shared query is changed by its owner or an administrator.',
      do: 'Save it under a name of your own.',
    })
  return found
}

function missing(id: string, nearest: string | undefined): ServerError {
  return new ServerError('PW-HQ-001', 404, {
    what: `There is no saved query “${id}”.`,
    why: 'It was removed, or is somebody else’s and not shared.',
    do: nearest === undefined ? 'Look at the list of saved queries on the Hunt page.' : `Did you mean “${nearest}”?`,
  })
}

function several(name: string, found: readonly SavedQuery[]): ServerError {
  return new ServerError('PW-HQ-005', 409, {
    what: `${found.length} saved queries are called “${name}”.`,
    why: found.map(({ id, owner }) => `${id} is ${owner}’s`).join('; '),
    do: 'Name one by its id.',
  })
}

function faulty(faults: readonly TextFault[]): ServerError {
  const first = faults.slice(0, 5).map(({ line, column, message }) => `${line}:${column} ${message}`)
  return new ServerError('PW-HQ-011', 400, {
    what: faults.length === 0 ? 'There is no query in the text.' : `The text has ${faults.length} faults; nothing was saved.`,
    why: first.join(' ') || 'Each document of it is a query with a name.',
    do: 'Correct them there; docs/guides/web-pages.md shows the form.',
  })
}

function nameInUse(name: string): ServerError {
  return new ServerError('PW-HQ-002', 409, {
    what: `There is a saved query “${name}” already.`,
    why: 'A name stands for one query of its owner.',
    do: 'Choose another name, or replace that query.',
  })
}

function tooMany(): ServerError {
  return new ServerError('PW-HQ-004', 409, {
    what: 'No further query can be saved.',
    why: `One person may keep ${MOST}.`,
    do: 'Remove queries that are no longer needed.',
  })
}
