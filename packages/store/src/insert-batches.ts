/** Rows sent in one request at most: the engine's sweet spot starts at 5,000 (docs/reference/store.md). */
const MAX_ROWS = 10_000
/** Characters of text in one request at most, so that neither side needs much memory. */
const MAX_CHARACTERS = 16_000_000
/** Days in one request at most. Each is a partition, thus a part: the engine refuses a hundred. */
const MAX_DAYS = 50

/**
 * Cuts rows into requests. The cut depends on the rows alone, so a retry cuts the same way and each piece keeps its
 * token.
 */
export function* insertBatches<T extends object>(rows: readonly T[]): Generator<readonly T[]> {
  let start = 0
  let characters = 0
  let days = new Set<string>()
  for (const [index, row] of rows.entries()) {
    const size = textLength(row)
    const day = dayOf(row)
    const full = index - start >= MAX_ROWS || characters + size > MAX_CHARACTERS || (days.size >= MAX_DAYS && !days.has(day))
    if (full && index > start) {
      yield rows.slice(start, index)
      start = index
      characters = 0
      days = new Set()
    }
    characters += size
    days.add(day)
  }
  if (rows.length > start) yield start === 0 ? rows : rows.slice(start)
}

function textLength(row: object): number {
  let length = 0
  // Rows have no inherited columns; `Object.values` would make a list for each.
  for (const name in row) {
    const value: unknown = row[name as keyof typeof row]
    if (typeof value === 'string') length += value.length
    else if (Array.isArray(value)) for (const one of value) length += typeof one === 'string' ? one.length : 8
    else length += 8
  }
  return length
}

function dayOf(row: object): string {
  return 'time' in row && typeof row.time === 'string' ? row.time.slice(0, 10) : ''
}
