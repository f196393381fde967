/** Why a thing of the language is refused; the message and the support page say it. */
type Reasons = Readonly<Record<string, string>>

export const REACHES_OUT = 'it would reach out of the store'
const RUNS_CODE = 'it would run code'
const UNDEFINED = 'the documentation does not define its answer, so ours could differ without a sign'
const UNDOCUMENTED = 'it is not documented'
const SEVERAL_RESULTS = 'it gives several results, and one query gives one here'

/** Operators and sources by the name they have in a query. */
export const REFUSED_OPERATORS: Reasons = {
  externaldata: REACHES_OUT,
  external_data: REACHES_OUT,
  inline_external_table: REACHES_OUT,
  fork: SEVERAL_RESULTS,
  facet: SEVERAL_RESULTS,
  reduce: UNDEFINED,
  'macro-expand': 'there is one database here',
}

/** Statements before a query, by the words they begin with. */
export const REFUSED_STATEMENTS: Reasons = {
  'declare pattern': 'patterns are made for programs between people and a cluster; let does the same here',
  'restrict access': 'what a caller may see is set by roles, not by the query',
  'alias database': 'there is one database here',
}

/** Plugins by name. */
export const REFUSED_PLUGINS: Reasons = {
  python: RUNS_CODE,
  r: RUNS_CODE,
  http_request: REACHES_OUT,
  http_request_post: REACHES_OUT,
  sql_request: REACHES_OUT,
  mysql_request: REACHES_OUT,
  postgresql_request: REACHES_OUT,
  cosmosdb_sql_request: REACHES_OUT,
  azure_digital_twins_query_request: REACHES_OUT,
  ai_embeddings: REACHES_OUT,
  ai_embed_text: REACHES_OUT,
  ai_chat_completion: REACHES_OUT,
  infer_storage_schema: REACHES_OUT,
  infer_storage_schema_with_suggestions: REACHES_OUT,
  ai_chat_completion_prompt: REACHES_OUT,
  dax_request: REACHES_OUT,
  external_datatable: REACHES_OUT,
  execute_query: REACHES_OUT,
  execute_show_command: 'commands stand by themselves: .show tables',
  csharp: RUNS_CODE,
  identity: UNDOCUMENTED,
  identity_v3: UNDOCUMENTED,
  estimate_rows_count: UNDOCUMENTED,
  autocluster: UNDEFINED,
  diffpatterns: UNDEFINED,
  diffpatterns_text: UNDEFINED,
  session_count: UNDEFINED,
  funnel_sequence: SEVERAL_RESULTS,
  funnel_sequence_completion: UNDEFINED,
  preview: SEVERAL_RESULTS,
}

/**
 * Functions that a workspace of Microsoft Sentinel brings with it, so that queries name them without saying where they
 * are from. Source: Sentinel documentation, "Watchlists" and "ASIM parsers".
 */
const WORKSPACE_FUNCTIONS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^_GetWatchlist(?:Alias)?$/, 'it reads a watchlist of a Sentinel workspace'],
  [/^_(?:Im|ASim)_\w+$/, 'it is a parser of a Sentinel workspace'],
  [/^(?:vim|im|ASim)[A-Z]\w+$/, 'it is a parser that people deploy into a Sentinel workspace'],
]

export const workspaceFunction = (name: string): string | undefined =>
  WORKSPACE_FUNCTIONS.find(([pattern]) => pattern.test(name))?.[1]

/** `: reason` behind the name of what is refused, where one is known. */
export const reasonFor = (reasons: Reasons, name: string): string => (Object.hasOwn(reasons, name) ? `: ${reasons[name]}` : '')
