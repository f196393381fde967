import type { Store } from '@podwitness/store'
import { expect } from 'vitest'

export type Row = Readonly<Record<string, unknown>>
export type Table = 'sessions' | 'placements' | 'entries'
const KEYS = { sessions: 'trace_id', placements: 'event_id', entries: 'event_id' } as const
/** A store that holds nothing at first and keeps what is written, the newest of each key, as the engine does. */
export function emptyStore(): { store: Store; said: (table: Table) => Row[] } {
  const tables = { sessions: new Map<string, Row>(), placements: new Map<string, Row>(), entries: new Map<string, Row>() }
  const store = {
    reader: { query: async () => ({ rows: [['0', '']] }), stream: async function* () {} },
    writer: {
      insert: async (table: Table, rows: readonly Row[]) => {
        for (const row of rows) {
          const key = String(row[KEYS[table]])
          if (row.is_deleted === 1) tables[table].delete(key)
          else tables[table].set(key, row)
        }
      },
    },
  } as unknown as Store
  const said = (table: Table): Row[] => [...tables[table].values()].map(({ version: _, is_deleted: __, ...row }) => row)
  return { store, said }
}

/** The same rows, in whatever order. */
export function expectSame(said: (table: Table) => Row[], wanted: Record<Table, Row[]>): void {
  for (const table of ['sessions', 'placements', 'entries'] as const) {
    const sorted = (rows: readonly Row[]): Row[] =>
      [...rows].sort((a, b) => (String(a[KEYS[table]]) < String(b[KEYS[table]]) ? -1 : 1))
    expect(sorted(said(table))).toEqual(sorted(wanted[table]))
  }
}
