import { timeMsOf } from '@podwitness/event'
import type { Reconstruction } from '@podwitness/session'
import { blankRow, type Store, type TableRows } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'
import { DERIVED, type DerivedTable, differs, INSERT_ROWS } from './derived-table.ts'
import { spanParams, type TimeSpan } from './time-span.ts'

type Draft<T extends DerivedTable> = Omit<TableRows[T], 'version' | 'is_deleted'>
type Columns = Readonly<Record<string, unknown>>

/**
 * Makes the derived tables say what the reconstruction says: writes rows that are new or differ,
 * deletes those that are no longer true. Sessions come last, so that one that is seen has its
 * commands.
 *
 * @param span Only rows of this time are touched: what surrounds it was read to understand it.
 * @returns How many rows were written.
 */
export async function writeChanges(store: Store, cluster: string, result: Reconstruction, span: TimeSpan): Promise<number> {
  const scope = { cluster, span, version: await versionAfter(store, cluster, span) }
  const placements = await writeTable(store, 'placements', result.placements, scope)
  const entries = await writeTable(store, 'entries', result.entries, scope)
  const sessions = await writeTable(store, 'sessions', result.sessions, scope)
  return placements + entries + sessions
}

/** A version above all that are stored: the clock of the server that wrote those may be ahead of ours. */
export async function versionAfter(store: Store, cluster: string, span: TimeSpan): Promise<string> {
  const newest = (Object.keys(DERIVED) as DerivedTable[]).map((table) => {
    // A session or an entry may have been at another time; a placement is where its event is.
    const bound = table === 'placements' ? 'AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}' : ''
    return `SELECT max(version) AS v FROM audit.${table} WHERE cluster = {cluster:String} ${bound}`
  })
  const { rows } = await store.reader.query({
    sql: `SELECT toString(max(v)) FROM (${newest.join(' UNION ALL ')})`,
    params: { cluster, ...spanParams(span) },
  })
  const stored = BigInt(String(rows[0]?.[0] ?? '0'))
  const ours = BigInt(nextVersion())
  return String(ours > stored ? ours : stored + 1n)
}

interface Scope {
  readonly cluster: string
  readonly span: TimeSpan
  readonly version: string
}

async function writeTable<T extends DerivedTable>(
  store: Store,
  table: T,
  drafts: readonly Draft<T>[],
  { cluster, span, version }: Scope,
): Promise<number> {
  const { key, when } = DERIVED[table]
  const wanted = new Map<string, Columns>()
  for (const draft of drafts as readonly Columns[]) {
    const timeMs = timeMsOf(String(draft[when]))
    if (timeMs >= span.fromMs && timeMs <= span.toMs) wanted.set(String(draft[key]), draft)
  }
  const rows: Columns[] = []
  const columns = Object.keys(blankRow(table)).filter((column) => column !== 'version' && column !== 'is_deleted')
  const sql = `SELECT ${columns.map((column) => `\`${column}\``).join(', ')}, version FROM audit.${table} FINAL
    WHERE cluster = {cluster:String} AND \`${when}\` BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}`
  for await (const block of store.reader.stream<Columns>(sql, { cluster, ...spanParams(span) })) {
    for (const stored of block) {
      // What an agent stamped on arrival (version 0) is not deleted, only ever replaced.
      const stamped = String(stored.version) === '0'
      const draft = wanted.get(String(stored[key]))
      if (draft === undefined && !stamped) rows.push({ ...stored, is_deleted: 1 })
      if (draft !== undefined && !stamped && columns.every((column) => !differs(draft[column], stored[column])))
        wanted.delete(String(stored[key]))
    }
  }
  for (const draft of wanted.values()) rows.push({ ...draft, is_deleted: 0 })
  for (let at = 0; at < rows.length; at += INSERT_ROWS) {
    const part = rows.slice(at, at + INSERT_ROWS).map((row) => ({ ...blankRow(table), ...row, version }))
    await store.writer.insert<DerivedTable>(table, part, `derive-${table}-${version}-${at}`)
  }
  return rows.length
}
