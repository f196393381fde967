import { randomUUID } from 'node:crypto'
import type { RunningQuery } from '@podwitness/api'
import { ServerError } from '../server-error.ts'

/** A query as it is asked. */
export interface AskedQuery {
  /** Chosen by who asks; one is made where there is none. */
  readonly id?: string | undefined
  readonly lang: RunningQuery['lang']
  readonly query: string
  readonly by: string
  /** Ends with the connection of who asks. */
  readonly signal: AbortSignal
}

/** Somebody who looks at running queries, and whether those of others are their business. */
export interface Onlooker {
  readonly name: string
  readonly admin: boolean
}

interface Entry {
  readonly shown: RunningQuery
  readonly controller: AbortController
}

/** Longest part of a query that is shown. */
const SHOWN = 1000

/** The queries this process works on, by id. One that is cancelled ends in the engine, as if its asker had gone. */
export class RunningQueries {
  readonly #running = new Map<string, Entry>()

  /**
   * Runs a query that can be cancelled while it does.
   *
   * @throws What `work` throws; ServerError PW-HQ-009 where a query of the same id is running.
   */
  async run<T>(asked: AskedQuery, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const begun = this.begin(asked)
    try {
      return await work(begun.signal)
    } finally {
      begun.end()
    }
  }

  /**
   * A query that runs until `end` is called: its answer is still being sent when it has begun.
   *
   * @throws ServerError PW-HQ-009 where a query of the same id is running.
   */
  begin(asked: AskedQuery): { readonly signal: AbortSignal; end(): void } {
    const { id = randomUUID(), lang, query, by, signal } = asked
    if (this.#running.has(id)) throw taken(id)
    const controller = new AbortController()
    const shown = { id, lang, query: query.slice(0, SHOWN), by, started: new Date().toISOString() }
    this.#running.set(id, { shown, controller })
    return { signal: AbortSignal.any([signal, controller.signal]), end: () => void this.#running.delete(id) }
  }

  /** The id a client gave, unless another of its queries runs under it: clients that try again send the same. */
  freeId(wanted: string): string {
    return this.#running.has(wanted) ? randomUUID() : wanted
  }

  /** What somebody may see, the oldest first. */
  visible({ name, admin }: Onlooker): RunningQuery[] {
    return [...this.#running.values()].flatMap(({ shown }) => (admin || shown.by === name ? [shown] : []))
  }

  /** @throws ServerError PW-HQ-008 where none of the id is running, PW-HQ-003 for somebody else's. */
  cancel(id: string, { name, admin }: Onlooker): void {
    const entry = this.#running.get(id)
    if (entry === undefined) throw unknown(id)
    if (!admin && entry.shown.by !== name)
      throw new ServerError('PW-HQ-003', 403, {
        what: 'This query is somebody else’s.',
        why: `It is ${entry.shown.by}’s; only they and administrators can end it.`,
        do: 'Ask one of them.',
      })
    entry.controller.abort()
  }
}

function unknown(id: string): ServerError {
  return new ServerError('PW-HQ-008', 404, {
    what: `No query "${id}" is running.`,
    why: 'It has ended, or another server works on it.',
    do: 'GET /api/v1/query/running lists those of the server that answers.',
  })
}

function taken(id: string): ServerError {
  return new ServerError('PW-HQ-009', 409, {
    what: `A query "${id}" is running already.`,
    why: 'The id of a query says which one to cancel, so no two may have it at once.',
    do: 'Send another queryId, or none.',
  })
}
