/** The derived tables, with the key of each and the column that says when. */
export const DERIVED = {
  sessions: { key: 'trace_id', when: 'start' },
  entries: { key: 'event_id', when: 'time' },
  placements: { key: 'event_id', when: 'time' },
} as const
export type DerivedTable = keyof typeof DERIVED

/** Rows per insert. */
export const INSERT_ROWS = 10_000

/** Whether a computed and a stored value differ; numbers may come back as strings. */
export function differs(a: unknown, b: unknown): boolean {
  if (a === b) return false
  if (typeof a === 'object' || typeof b === 'object') return canonical(a) !== canonical(b)
  return String(a) !== String(b)
}

/** Maps come back from the engine with their keys in another order. */
function canonical(value: unknown): string {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return JSON.stringify(value)
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
