import type { Reconstruction } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'

/** The derived tables, with the key of each and what it is called in a reconstruction. */
const DERIVED = {
  sessions: 'trace_id',
  entries: 'event_id',
  placements: 'event_id',
} as const
type DerivedTable = keyof typeof DERIVED

/** Rows per insert. */
const INSERT_ROWS = 10_000

/**
 * Makes the derived tables say what the reconstruction says: writes rows that are new or differ,
 * deletes those that are no longer true. Sessions come last, so that one that is seen has its
 * commands.
 *
 * @returns How many rows were written.
 */
export async function writeChanges(store: Store, cluster: string, result: Reconstruction): Promise<number> {
  const version = nextVersion()
  let changed = 0
  changed += await writeTable(store, 'placements', cluster, result.placements, version)
  changed += await writeTable(store, 'entries', cluster, result.entries, version)
  changed += await writeTable(store, 'sessions', cluster, result.sessions, version)
  return changed
}

type Draft = Readonly<Record<string, unknown>>

async function writeTable(
  store: Store,
  table: DerivedTable,
  cluster: string,
  drafts: readonly object[],
  version: string,
): Promise<number> {
  const key = DERIVED[table]
  const wanted = new Map(drafts.map((draft) => [String((draft as Draft)[key]), draft as Draft]))
  const columns = Object.keys(drafts[0] ?? { [key]: '' })
  const rows: Draft[] = []
  const sql = `SELECT ${columns.map((column) => `\`${column}\``).join(', ')}${table === 'placements' ? ', time' : ''}, version FROM audit.${table} FINAL WHERE cluster = {cluster:String}`
  for await (const block of store.reader.stream<Draft>(sql, { cluster })) {
    for (const stored of block) {
      const id = String(stored[key])
      const draft = wanted.get(id)
      if (draft === undefined) {
        // Placements made on arrival (version 0) stay: they are what the agent itself said.
        if (String(stored.version) !== '0') rows.push({ ...stored, is_deleted: 1 })
      } else if (columns.every((column) => same(draft[column], stored[column])) && String(stored.version) !== '0')
        wanted.delete(id)
    }
  }
  for (const draft of wanted.values()) rows.push({ ...draft, is_deleted: 0 })
  for (let at = 0; at < rows.length; at += INSERT_ROWS) {
    const part = rows.slice(at, at + INSERT_ROWS).map((row) => ({ ...row, version }))
    await store.writer.insert(table, part as never, `derive-${table}-${version}-${at}`)
  }
  return rows.length
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a === 'object' || typeof b === 'object') return canonical(a) === canonical(b)
  return String(a) === String(b)
}

/** Maps come back from the engine with their keys in another order. */
function canonical(value: unknown): string {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return JSON.stringify(value)
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
