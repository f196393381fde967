import { randomUUID } from 'node:crypto'
import type { RunningQuery } from '@podwitness/api'
import type { Asker, ReadActs } from '../access/read-acts.ts'
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
  /** Who asks, for the record; its time range where it is not in the query. */
  readonly asker?: Asker
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** A query that has begun. */
export interface BegunQuery {
  readonly signal: AbortSignal
  /** Called once or more; the first time counts. @param how.rows Rows of the answer, where they are known. */
  end(how?: { readonly rows?: number | undefined; readonly failed?: boolean }): void
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
  readonly #reads: Pick<ReadActs, 'note'> | undefined

  /** @param reads Is told of each query when it has ended. */
  constructor(reads?: Pick<ReadActs, 'note'>) {
    this.#reads = reads
  }

  /**
   * Runs a query that can be cancelled while it does.
   *
   * @throws What `work` throws; ServerError PW-HQ-009 where a query of the same id is running.
   */
  async run<T>(
    asked: AskedQuery,
    work: (signal: AbortSignal) => Promise<T>,
    rowsOf: (answer: T) => number | undefined = () => undefined,
  ): Promise<T> {
    const begun = this.begin(asked)
    try {
      const answer = await work(begun.signal)
      begun.end({ rows: rowsOf(answer) })
      return answer
    } catch (error) {
      begun.end({ failed: true })
      throw error
    }
  }

  /**
   * A query that runs until `end` is called: its answer is still being sent when it has begun.
   *
   * @throws ServerError PW-HQ-009 where a query of the same id is running.
   */
  begin(asked: AskedQuery): BegunQuery {
    const { id = randomUUID(), lang, query, by, signal } = asked
    if (this.#running.has(id)) throw taken(id)
    const controller = new AbortController()
    const shown = { id, lang, query: query.slice(0, SHOWN), by, started: new Date().toISOString() }
    this.#running.set(id, { shown, controller })
    const beganMs = performance.now()
    const end: BegunQuery['end'] = ({ rows, failed = false } = {}) => {
      if (!this.#running.delete(id)) return
      const { asker, from, to } = asked
      if (asker !== undefined)
        this.#reads?.note({ asker, lang, query, from, to, rows, elapsedMs: performance.now() - beganMs, failed })
    }
    return { signal: AbortSignal.any([signal, controller.signal]), end }
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
