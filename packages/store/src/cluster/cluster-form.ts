/** How tables are made on a cluster. */
export interface ClusterForm {
  /** The servers' name of the cluster. */
  readonly cluster: string
  /** Whether tables are replicated through a keeper; otherwise every shard is one server. */
  readonly replicated: boolean
}

/** Ending of the table that holds a shard's rows; the table without it reads all shards. */
export const LOCAL = '_local'

const CREATE_TABLE = /^CREATE TABLE IF NOT EXISTS audit\.(\w+) \(/
const ENGINE = /\) ENGINE = ((?:Replacing|Summing|Aggregating)?MergeTree)(?:\(([^)]*)\))?/
const ALTER = /^ALTER TABLE audit\.(\w+) /
const COLUMN_CHANGE = /^ALTER TABLE audit\.\w+ (?:ADD|DROP|MODIFY|RENAME|COMMENT) COLUMN /
const PLAIN_WINDOW = 'non_replicated_deduplication_window=10000'
/** A retry may come a week later: an agent that was cut off keeps its batches. */
const REPLICATED_WINDOW = 'replicated_deduplication_window=10000, replicated_deduplication_window_seconds=604800'

/**
 * Writes a statement of the schema for a server of a cluster: rows are in `audit.<table>_local`, and `audit.<table>` reads
 * them from all shards. Reads of everything stay as they are; what is said of one table is said of the local one.
 *
 * @returns The statements to run in its place, in order.
 */
export function onCluster(statement: string, form: ClusterForm): string[] {
  const created = CREATE_TABLE.exec(statement)?.[1]
  if (created !== undefined) return [localTable(statement, created, form), reading(created, form)]
  const altered = ALTER.exec(statement)?.[1]
  if (altered !== undefined) {
    const local = statement.replace(`audit.${altered} `, `audit.${altered}${LOCAL} `)
    return COLUMN_CHANGE.test(statement) ? [local, statement] : [local]
  }
  if (statement.startsWith('CREATE MATERIALIZED VIEW ') || statement.startsWith('INSERT INTO '))
    return [statement.replaceAll(/\b(INTO|TO|FROM|JOIN) audit\.(\w+)/g, `$1 audit.$2${LOCAL}`)]
  return [statement]
}

/** The path names database and table, so that a cluster holds any number of both; `{shard}` and `{replica}` are the servers' macros. */
function localTable(statement: string, table: string, { replicated }: ClusterForm): string {
  const local = statement.replace(`audit.${table} (`, `audit.${table}${LOCAL} (`)
  if (!replicated) return local
  return local
    .replace(ENGINE, (_whole, engine: string, columns?: string) => {
      const place = `'/clickhouse/tables/{shard}/{database}/${table}', '{replica}'`
      return `) ENGINE = Replicated${engine}(${columns === undefined ? place : `${place}, ${columns}`})`
    })
    .replace(PLAIN_WINDOW, REPLICATED_WINDOW)
}

/** No sharding key: rows go to their shard by us, and an insert by anybody else into this table is refused. */
function reading(table: string, { cluster }: ClusterForm): string {
  const quoted = cluster.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  return `CREATE TABLE IF NOT EXISTS audit.${table} AS audit.${table}${LOCAL} ENGINE = Distributed('${quoted}', 'audit', '${table}${LOCAL}')`
}
