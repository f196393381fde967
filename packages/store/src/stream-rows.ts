import type { Connection, RequestOptions } from './connection.ts'
import type { EngineUser } from './engine/engine-users.ts'
import { fromJson } from './json-value.ts'
import { storeFailure } from './store-failure.ts'

const FAILED = { what: 'The query could not be answered.', otherwise: 'PW-ST-018' } as const

/** Rows of a query as objects, in blocks, with bounded memory. Leaving the loop cancels the query. */
export async function* streamRows<T>(
  connection: Connection,
  user: EngineUser,
  sql: string,
  options: RequestOptions,
): AsyncGenerator<T[]> {
  try {
    const result = await connection.query(user, sql, 'JSONCompactEachRowWithNamesAndTypes', options)
    let header: string[][] = []
    try {
      for await (const rows of result.stream<unknown[]>()) {
        const values = rows.map((row) => row.json())
        while (header.length < 2 && values.length > 0) header = [...header, values.shift() as string[]]
        const [names = [], types = []] = header
        if (values.length > 0) yield values.map((row) => toObject<T>(names, types, row))
      }
    } finally {
      result.close()
    }
  } catch (error) {
    throw storeFailure(error, FAILED)
  }
}

function toObject<T>(names: readonly string[], types: readonly string[], row: readonly unknown[]): T {
  const entries = names.map((name, index) => [name, fromJson(row[index], types[index] ?? '')])
  return Object.fromEntries(entries) as T
}
