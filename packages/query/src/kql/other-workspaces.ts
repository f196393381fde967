/** Names that stand for everything the store holds; the last is what Kusto clients send when they name none. */
export const WHOLE_STORE: readonly string[] = ['podwitness', 'default', 'NetDefaultDB']

/** Whether a name stands for all clusters; databases of Kusto are named in any case. */
export const isWholeStore = (name: string): boolean => WHOLE_STORE.some((one) => one.toLowerCase() === name.toLowerCase())

/** A table that a query names together with its workspace. */
export interface WorkspaceTable {
  readonly workspace: string
  /** As the query has it: `workspace("prod").Syslog`. */
  readonly written: string
}

/** Comments and texts, in which nothing is a name, and what stands before a table of another workspace. */
const PARTS =
  /\/\/[^\n]*|```[\s\S]*?```|@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?<![.\w])(workspace|database|resource)\s*\(\s*(?:"([^"\\\n]+)"|'([^'\\\n]+)')\s*\)\s*\.\s*(?=([A-Za-z_]\w*)\b(?!\s*\())/g

/**
 * Takes `workspace("x").`, `database("x").` and `resource("…/x").` away in front of tables, so that the text keeps its
 * places, and says which tables they were. A workspace is a cluster, as in the query APIs.
 * Source: Azure Monitor, "Query across resources"; Kusto documentation, "Cross-cluster and cross-database queries".
 */
export function withoutWorkspaces(text: string): { text: string; tables: ReadonlyMap<number, WorkspaceTable> } {
  const tables = new Map<number, WorkspaceTable>()
  const plain = text.replace(PARTS, (part, kind: string | undefined, ...rest: unknown[]) => {
    if (kind === undefined) return part
    const [double, single, table, offset] = rest as [string | undefined, string | undefined, string, number]
    const name = double ?? single ?? ''
    const workspace = kind === 'resource' ? (name.split('/').at(-1) ?? '') : name
    tables.set(offset + part.length, { workspace, written: part + table })
    return part.replace(/[^\n]/g, ' ')
  })
  return { text: plain, tables }
}

/** Workspaces one query may name. Source: Azure Monitor service limits, cross-resource queries. */
const MAX_WORKSPACES = 100

/** The workspaces that a query names, each once. */
export function namedWorkspaces(text: string): string[] {
  return [...new Set([...withoutWorkspaces(text).tables.values()].map(({ workspace }) => workspace))].slice(0, MAX_WORKSPACES)
}
