const PRINCIPAL = 'who asks is not part of a query here'
const CURSOR = 'the store has no cursors of a database'
const EXTENT = 'the store has no extents'
const UNDOCUMENTED = 'its method is not published'
const OUTSIDE = 'it would reach out of the store'
const GRAPH = 'it belongs into a step of a graph'
const SPHERE = 'it needs geometry on the sphere that is not built here'

/** Why a function the language knows is refused; the message and the support page say it. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {
  hash_combine: UNDOCUMENTED,
  hash_many: UNDOCUMENTED,
  parse_user_agent: 'it needs a list of browsers that is not published with the language',
  geo_info_from_ip_address: 'it needs a database of addresses and places',
  cluster: OUTSIDE,
  external_table: OUTSIDE,
  database: 'a database is a cluster here, and only its tables stand behind it',
  entity_group: 'there is one database here',
  materialized_view: 'the store has no materialized views',
  stored_query_result: 'the store keeps no results of queries',
  graph: 'the store keeps no graphs; make-graph makes one',
  passthrough: 'it is not documented',
  tdigest_isvalid: 'it is not documented',
  hll_isvalid: 'it is not documented',
  current_principal: PRINCIPAL,
  current_principal_details: PRINCIPAL,
  current_principal_is_member_of: PRINCIPAL,
  current_node_id: 'nodes of a Kusto cluster do not exist here',
  current_cluster_endpoint: 'nodes of a Kusto cluster do not exist here',
  cursor_after: CURSOR,
  cursor_before_or_at: CURSOR,
  cursor_current: CURSOR,
  current_cursor: CURSOR,
  extent_id: EXTENT,
  extentid: EXTENT,
  extent_tags: EXTENT,
  row_id: EXTENT,
  rowstore_ordinal_range: EXTENT,
  all: GRAPH,
  any: GRAPH,
  map: GRAPH,
  inner_nodes: GRAPH,
  node_id: GRAPH,
  node_degree_in: GRAPH,
  node_degree_out: GRAPH,
  labels: GRAPH,
}

/** Why, for any name: the tables above, and whole families by how their names begin. */
export function refusedFunction(name: string): string | undefined {
  if (Object.hasOwn(REFUSED_FUNCTIONS, name)) return REFUSED_FUNCTIONS[name]
  if (name.startsWith('geo_')) return SPHERE
  return name.startsWith('__') ? 'it is not documented' : undefined
}
