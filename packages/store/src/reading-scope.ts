import type { TableName } from './table-rows.ts'

/** What a reader is shown; whatever lies outside is as if it were not stored. */
export interface ReadingScope {
  /** Only these clusters; `null` for every one. A name that ends in `*` stands for all that begin so. */
  readonly clusters: readonly string[] | null
  /** Only what is known to be of these namespaces; `null` for everything. A name that ends in `*` stands for all that begin so. */
  readonly namespaces: readonly string[] | null
  /** Whether administrative acts are shown. */
  readonly acts: boolean
}

/** Whether it leaves out clusters or namespaces. */
export const isNarrow = ({ clusters, namespaces }: ReadingScope): boolean => clusters !== null || namespaces !== null

/** A condition per table; the engine adds it to every read of that table, in views and subqueries too. */
export type TableFilters = Readonly<Partial<Record<TableName, string>>>

/** Tables that hold secrets or the inner life of the server: nothing of them is anybody's answer. */
export const CLOSED_TABLES: readonly TableName[] = [
  'access_objects',
  'alert_objects',
  'alert_deliveries',
  'leases',
  'ledger_entries',
  'saved_queries',
  'store_objects',
]

const HIDDEN = 'false'
/** Columns under which a rule's rows name a namespace, in the words of each query language. */
const NAMESPACE_FIELDS = ['k8s.pod.namespace', 'Namespace', 'ObjectNamespace', 'namespace', 'ns', 'obj_ns']
const CLUSTER_FIELDS = ['clusterId', 'clusterid', 'Cluster', 'ClusterId', 'ClusterName', 'cluster']

/** The conditions that keep a reader inside a scope. Every table has its line here: a new one does not compile without. */
export function tableFilters(scope: ReadingScope): TableFilters {
  const { clusters, namespaces, acts } = scope
  const ns = namespaces === null ? '' : oneOf('ns', namespaces)
  const own: Record<TableName, string> = {
    events: ns === '' ? (acts ? '' : "kind != 'AdminAct'") : eventsOf(namespaces ?? []),
    ...{ placements: ns, sessions: ns, entries: ns, containers: ns, pods: ns },
    // What has no namespace is not known to be of one.
    ...{ samples: hidden(ns), imports: hidden(ns), loss: hidden(ns), heartbeats: hidden(ns), batches: hidden(ns) },
    alerts: rowsOf(NAMESPACE_FIELDS, namespaces),
    ...{ alert_runs: '', alert_leases: '', alert_deliveries: '', alert_objects: '', access_objects: '' },
    ...{ leases: '', ledger_entries: '', store_objects: '', saved_queries: '' },
  }
  const filters: Partial<Record<TableName, string>> = {}
  for (const [name, condition] of Object.entries(own) as [TableName, string][]) {
    const parts = [condition, clusterPart(name, clusters), isNarrow(scope) && INNER.has(name) ? (SHARED[name] ?? HIDDEN) : '']
    const all = parts.filter((part) => part !== '').map((part) => `(${part})`)
    if (all.length > 0) filters[name] = all.join(' AND ')
  }
  return filters
}

/** Tables about all clusters at once: rules and channels are definitions, the rest tells of what others may see. */
const INNER: ReadonlySet<TableName> = new Set([
  'alert_runs',
  'alert_leases',
  'alert_deliveries',
  'access_objects',
  'leases',
  'ledger_entries',
  'store_objects',
])
/** What of them is for everybody: saved functions are definitions, and read what their caller may. */
const SHARED: Readonly<Partial<Record<TableName, string>>> = { store_objects: "kind = 'kql-function'" }
const WITHOUT_CLUSTER: ReadonlySet<TableName> = new Set([...INNER, 'alert_objects', 'alerts', 'saved_queries'])

function clusterPart(table: TableName, clusters: readonly string[] | null): string {
  if (clusters === null) return ''
  if (table === 'alerts') return rowsOf(CLUSTER_FIELDS, clusters)
  return WITHOUT_CLUSTER.has(table) ? '' : oneOf('cluster', clusters)
}

/** A command's namespace is known by its placement, a request's by its object; others count where they were stamped. */
function eventsOf(namespaces: readonly string[]): string {
  const placed = `SELECT event_id FROM audit.placements FINAL WHERE ${oneOf('ns', namespaces)}`
  return `multiIf(kind = 'KubeAudit', ${oneOf('obj_ns', namespaces)}, kind = 'Command', event_id IN (${placed}), kind != 'AdminAct' AND ${oneOf('ns', namespaces)})`
}

/** An alert is shown where every row it holds names something inside the scope. */
function rowsOf(fields: readonly string[], names: readonly string[] | null): string {
  if (names === null) return ''
  const value = `coalesce(${fields.map((field) => `nullIf(JSONExtractString(r, ${literal(field)}), '')`).join(', ')}, '')`
  return `notEmpty(JSONExtractArrayRaw(results)) AND arrayAll(r -> ${oneOf(value, names)}, JSONExtractArrayRaw(results))`
}

const hidden = (condition: string): string => (condition === '' ? '' : HIDDEN)

function oneOf(sql: string, names: readonly string[]): string {
  const whole = names.filter((name) => !name.endsWith('*')).map(literal)
  const begun = names
    .filter((name) => name.endsWith('*'))
    .map((name) => `startsWith(toString(${sql}), ${literal(name.slice(0, -1))})`)
  return `(${[...(whole.length > 0 ? [`${sql} IN [${whole.join(', ')}]`] : []), ...begun].join(' OR ') || HIDDEN})`
}

function literal(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`
}
