import { createHash } from 'node:crypto'
import type { QueryReply } from '@podwitness/api'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/**
 * A hash of what an answer holds: its columns, and its rows in whatever order they came, because the engine gives rows
 * that nobody sorted in another order each time. base64url of a SHA-256 over the columns and the sorted SHA-256 of rows.
 */
export function contentHash({ columns, rows }: Pick<QueryReply, 'columns' | 'rows'>): string {
  const hashes = rows.map((row) => sha256(JSON.stringify(row))).sort()
  return sha256([JSON.stringify(columns.map(({ name, type }) => [name, type])), ...hashes].join('\n'))
}
