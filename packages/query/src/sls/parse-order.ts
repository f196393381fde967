import type { Order } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** `begun`: the words have been read. */
export function parseOrderBy(reader: TokenReader, begun = false): Order[] {
  if (!begun) {
    if (!reader.accept('order')) return []
    reader.expect('by')
  }
  return reader.list(() => {
    const expression = reader.expression()
    const descending = reader.accept('desc')
    if (!descending) reader.accept('asc')
    if (!reader.accept('nulls')) return { expression, descending }
    if (reader.accept('first')) return { expression, descending, nulls: 'first' as const }
    reader.expect('last')
    return { expression, descending, nulls: 'last' as const }
  })
}
