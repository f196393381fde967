import type { KqlContext } from './context.ts'
import { lowerExpression } from './lower.ts'
import { getSchemaOf } from './operators/getschema.ts'
import { limited } from './operators/sort.ts'
import type { Relation } from './relation.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'

/**
 * Options of `set` that change no row of an answer: they bound its work or the form it is sent in, which is what the limits of
 * the reading account and of each API do here. Source: Kusto documentation, "Request properties".
 */
const HARMLESS: ReadonlySet<string> = new Set([
  'client_max_redirect_count',
  'client_results_reader_allow_varying_row_widths',
  'deferpartialqueryfailures',
  'materialized_view_shuffle_query',
  'max_memory_consumption_per_query_per_node',
  'maxmemoryconsumptionperiterator',
  'maxoutputcolumns',
  'norequesttimeout',
  'notruncation',
  'push_selection_through_aggregation',
  'query_cursor_disabled',
  'query_distribution_nodes_span',
  'query_fanout_nodes_percent',
  'query_fanout_threads_percent',
  'query_force_row_level_security',
  'query_log_query_parameters',
  'query_max_entities_in_union',
  'query_optimize_fts_at_relop',
  'query_results_cache_force_refresh',
  'query_results_cache_max_age',
  'query_results_cache_per_shard',
  'query_results_progressive_row_count',
  'query_results_progressive_update_period',
  'query_weakconsistency_session_id',
  'queryconsistency',
  'request_app_name',
  'request_callout_disabled',
  'request_description',
  'request_external_data_disabled',
  'request_external_table_disabled',
  'request_impersonation_disabled',
  'request_readonly',
  'request_readonly_hardline',
  'request_remote_entities_disabled',
  'request_sandboxed_execution_disabled',
  'request_user',
  'results_error_reporting_placement',
  'results_progressive_enabled',
  'results_v2_fragment_primary_tables',
  'results_v2_newlines_between_frames',
  'servertimeout',
  'truncation_max_records',
  'truncation_max_size',
  'truncationmaxrecords',
  'truncationmaxsize',
])

/** Options whose values functions read. */
const READ: ReadonlySet<string> = new Set(['query_bin_auto_size', 'query_bin_auto_at', 'query_now'])

/** Options that change the rows of the answer. */
const SHAPING: Readonly<Record<string, (rows: Relation, value: SyntaxNode, context: KqlContext) => Relation>> = {
  query_take_max_records: (rows, value, context) => limited(rows, value, { context, lets: new Map() }),
  query_results_apply_getschema: (rows, value, context) =>
    value.literal?.toLowerCase() === 'true' ? getSchemaOf(rows, context) : rows,
}

/** Changes that the options of a query ask for, by their names. */
export type Shaping = Map<string, SyntaxNode>

/** Reads `set name = value`; refuses what is not known, for it may mean another answer. */
export function setOption(statement: SyntaxNode, context: KqlContext, shaping: Shaping): void {
  const name = statement.fields.Name?.text ?? ''
  const option = name.toLowerCase()
  const value = Object.values(statement.fields.ValueClause?.fields ?? {}).find(({ kind }) => kind.endsWith('Expression'))
  if (READ.has(option) && value !== undefined) context.options.set(option, lowerExpression(value, { context, lets: new Map() }))
  else if (Object.hasOwn(SHAPING, option) && value !== undefined) shaping.set(option, value)
  else if (!HARMLESS.has(option)) throw context.refuse(statement, `The option ${name} is not supported.`)
}

/** The answer as the options want it. */
export function shaped(rows: Relation, shaping: Shaping, context: KqlContext): Relation {
  // A schema is that of the whole answer, and no rows of it are left out.
  return Object.entries(SHAPING).reduce((result, [name, shape]) => {
    const value = shaping.get(name)
    return value === undefined ? result : shape(result, value, context)
  }, rows)
}
