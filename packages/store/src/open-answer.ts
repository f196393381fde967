import type { Connection, RequestOptions } from './connection.ts'
import type { EngineUser } from './engine/engine-users.ts'
import { fromJson, needsReading } from './json-value.ts'
import type { OpenAnswer } from './store.ts'
import { StoreError } from './store-error.ts'
import { storeFailure } from './store-failure.ts'

const FAILED = { what: 'The query could not be answered.', otherwise: 'PW-ST-013' } as const

/** What the engine tells in a header. Source: ClickHouse, docs/en/interfaces/http.md, X-ClickHouse-Summary. */
interface Summary {
  readonly read_rows?: string
  readonly read_bytes?: string
  readonly result_rows?: string
}

/** A query whose rows are read as they come. Until it is read to its end, or closed, it holds a connection. */
export async function openAnswer(
  connection: Connection,
  user: EngineUser,
  { sql, maxRows, ...options }: RequestOptions & { readonly sql: string; readonly maxRows: number },
): Promise<OpenAnswer> {
  const started = performance.now()
  try {
    const result = await connection.query(user, sql, 'JSONCompactEachRowWithNamesAndTypes', options)
    const chunks = result.stream<unknown[]>()[Symbol.asyncIterator]()
    const first: unknown[][] = []
    while (first.length < 2) {
      const next = await chunks.next()
      if (next.done === true) break
      for (const row of next.value) first.push(row.json())
    }
    // The client of the engine heeds a cancellation only until the answer begins.
    const cancel = (): void => result.close()
    // The signal may live longer than the answer.
    const close = (): void => {
      options.signal?.removeEventListener('abort', cancel)
      result.close()
    }
    options.signal?.addEventListener('abort', cancel)
    const [names = [], types = []] = first as string[][]
    const columns = names.map((name, index) => ({ name, type: types[index] ?? '' }))
    const counted = { rows: 0, truncated: false }
    return {
      columns,
      batches: batches({
        first: first.slice(2),
        chunks,
        columns,
        maxRows,
        counted,
        signal: options.signal,
        close,
      }),
      close,
      stats: () => ({
        ...counted,
        ...readSoFar(String(result.response_headers['x-clickhouse-summary'] ?? '{}'), counted.rows),
        elapsedMs: Math.round(performance.now() - started),
      }),
    }
  } catch (error) {
    throw storeFailure(error, FAILED)
  }
}

interface Reading {
  readonly first: unknown[][]
  readonly chunks: AsyncIterator<{ json(): unknown[] }[]>
  readonly columns: OpenAnswer['columns']
  readonly maxRows: number
  readonly counted: { rows: number; truncated: boolean }
  readonly signal: AbortSignal | undefined
  close(): void
}

async function* batches({ first, chunks, columns, maxRows, counted, signal, close }: Reading): AsyncGenerator<unknown[][]> {
  const wide = columns.flatMap(({ type }, index) => (needsReading(type) ? [index] : []))
  try {
    for (let batch: unknown[][] | undefined = first; batch !== undefined; ) {
      if (counted.rows + batch.length > maxRows) counted.truncated = true
      const rows = batch.slice(0, maxRows - counted.rows)
      for (const row of rows) for (const index of wide) row[index] = fromJson(row[index], columns[index]?.type ?? '')
      counted.rows += rows.length
      if (rows.length > 0) yield rows
      if (counted.truncated) return
      const next = await chunks.next()
      // What was closed on the way looks like one that came to its end.
      if (signal?.aborted === true) throw cancelled()
      batch = next.done === true ? undefined : next.value.map((row) => row.json())
    }
  } catch (error) {
    throw signal?.aborted === true ? cancelled() : storeFailure(error, FAILED)
  } finally {
    close()
  }
}

const cancelled = (): StoreError => new StoreError('PW-ST-015', { what: FAILED.what, why: 'It was cancelled.' })

/** The header is written when the first rows leave: only where those were all of them does it hold the whole. */
function readSoFar(header: string, rows: number): { rowsRead?: number; bytesRead?: number } {
  const { read_rows: rowsRead, read_bytes: bytesRead, result_rows: resultRows } = JSON.parse(header) as Summary
  if (Number(resultRows) < rows || rowsRead === undefined) return {}
  return { rowsRead: Number(rowsRead), bytesRead: Number(bytesRead) }
}
