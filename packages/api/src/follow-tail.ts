import { ApiError, type ApiErrorBody } from './api-error.ts'
import { pause } from './pause.ts'
import { queryString } from './query-string.ts'
import type { TailMessage } from './routes/tail.ts'

/** Whether rows come (`live`), will come again (`broken`), or the server refused (`refused`). */
export type TailState = 'live' | 'broken' | 'refused'

export interface FollowOptions {
  /** Origin without a slash at the end; empty for the page's own. */
  readonly baseUrl: string
  readonly token?: string
  readonly query: string
  /** Where to go on; now where absent. */
  readonly cursor?: string
  /** Wait before the first new attempt, milliseconds; it doubles up to ten seconds. */
  readonly retryMs?: number
  readonly signal: AbortSignal
  readonly onRows: (told: Pick<TailMessage, 'columns' | 'rows' | 'skipped' | 'arrived' | 'cursor'>) => void
  readonly onState: (state: TailState, error?: Error) => void
}

const MOST_WAIT_MS = 10_000
/** Ids kept to know what was said before a break; the server repeats 35 seconds. */
const MOST_KNOWN = 100_000

/**
 * Follows rows as they arrive until the signal aborts, over any number of breaks: after one it goes on from the cursor,
 * and leaves out what it was told already. `columns` are those of the rows, in every call.
 *
 * Ends early where the server refuses the question: that would not get better.
 */
export async function followTail(options: FollowOptions): Promise<void> {
  const { signal, onState, retryMs = 500 } = options
  const told: Told = { cursor: options.cursor, columns: [], known: new Set() }
  let waitMs = retryMs
  while (!signal.aborted) {
    try {
      await follow(options, told, () => {
        waitMs = retryMs
        onState('live')
      })
      if (!signal.aborted) onState('broken')
    } catch (error) {
      if (signal.aborted) return
      const failure = error instanceof Error ? error : new Error(String(error))
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500
      onState(refused ? 'refused' : 'broken', failure)
      if (refused) return
    }
    await pause(waitMs, signal)
    waitMs = Math.min(MOST_WAIT_MS, waitMs * 2)
  }
}

interface Told {
  cursor: string | undefined
  columns: TailMessage['columns']
  readonly known: Set<string>
}

async function follow(options: FollowOptions, told: Told, onLive: () => void): Promise<void> {
  const { baseUrl, token, query, signal } = options
  const response = await fetch(`${baseUrl}/api/v1/tail${queryString({ query, cursor: told.cursor })}`, {
    headers: { accept: 'text/event-stream', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    signal,
  })
  if (!response.ok || response.body === null) throw await refusal(response)
  onLive()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const parts = (rest + value).split('\n\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const data = part.split('\n').find((line) => line.startsWith('data: '))
      if (data !== undefined) take(JSON.parse(data.slice(6)) as TailMessage, options, told)
    }
  }
}

function take(message: TailMessage, { onRows }: FollowOptions, told: Told): void {
  told.cursor = message.cursor
  if (message.columns.length > 0) told.columns = message.columns
  const id = told.columns.findIndex(({ name }) => name === 'EventId')
  const rows = message.rows.filter((row) => !told.known.has(String(row[id])))
  for (const row of rows) told.known.add(String(row[id]))
  for (const old of told.known) {
    if (told.known.size <= MOST_KNOWN) break
    told.known.delete(old)
  }
  onRows({ ...message, columns: told.columns, rows })
}

async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined)
  const known = typeof body === 'object' && body !== null && 'code' in body
  const words: ApiErrorBody = known
    ? (body as ApiErrorBody)
    : {
        code: 'PW-AP-002',
        what: `An answer with status ${response.status} that is not from podwitness`,
        why: 'A proxy in between may have written it.',
        do: 'Ask the server directly, without the proxy.',
      }
  return new ApiError(words, response.status)
}
