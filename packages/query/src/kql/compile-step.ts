import { type CompiledQuery, type CompileRequest, MAX_QUERY_LENGTH } from '../compile-request.ts'
import { endsOf } from '../own-time.ts'
import { QueryError } from '../query-error.ts'
import { parseTimeRange } from '../time-range.ts'
import { type Binding, KqlContext, type Scope } from './context.ts'
import { scalarExpression } from './expressions/scalar-expression.ts'
import type { FoundSchema } from './found-schema.ts'
import { lowerExpression, lowerTable } from './lower.ts'
import { bindLet, bindParameters } from './lower-body.ts'
import { withShared } from './operators/materialize.ts'
import { kqlOwnTime } from './own-time.ts'
import { type SchemaQuestion, SchemaWanted } from './plugins/wanted-schema.ts'
import { printResult } from './print-result.ts'
import { type Shaping, setOption, shaped } from './query-options.ts'
import { bindQueryParameters } from './query-parameters.ts'
import { computed, type Relation } from './relation.ts'
import { readRender } from './render.ts'
import type { Scalar } from './scalar.ts'
import { completedText } from './show-command.ts'
import { analyze } from './syntax/analyze.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'
import { applyOperator, tableExpression } from './table-expression.ts'
import { kqlSchema, tablesFor } from './tables/index.ts'
import type { KqlTables } from './tables/kql-table.ts'
import { withoutUnused } from './unused-columns.ts'

export type KqlRequest = Omit<CompileRequest, 'lang' | 'catalog'>

/** What one pass over a query gives: SQL, or a question to the data that must be answered first. */
export type KqlStep = CompiledQuery | { readonly question: SchemaQuestion }

/**
 * Compiles KQL in this thread, as far as it can. The first call takes seconds: it loads the parser.
 *
 * @param found Columns of plugins that were asked for before.
 * @throws QueryError for a wrong query.
 */
export async function compileStep(request: KqlRequest, found: readonly FoundSchema[] = [], given?: KqlTables): Promise<KqlStep> {
  const { text } = request
  if (text.length > MAX_QUERY_LENGTH)
    throw new QueryError('PW-QY-007', `A query may have ${MAX_QUERY_LENGTH} characters.`, { text: text.slice(0, 100), offset: 0 })
  const { from, to } = parseTimeRange(request)
  const completed = completedText(request, found, given ?? tablesFor(text))
  const tables = given ?? tablesFor(completed.text)
  const root = await analyze(completed, kqlSchema(tables))
  const ownTime = kqlOwnTime(root, tables)
  const outside = (end: 'from' | 'to') => request.ownTimeWins !== true || !ownTime[end]
  const context = new KqlContext({
    text: completed,
    lowering: { expression: scalarExpression, table: tableExpression, operator: applyOperator },
    tables,
    nowMs: Date.now(),
    from: outside('from') ? from?.text : undefined,
    to: outside('to') ? to?.text : undefined,
    clusters: request.clusters,
    workspaces: request.workspaces,
    identities: request.identities,
  })
  const render = readRender(root)
  try {
    const lets = await bindQueryParameters(root, request.parameters ?? {}, context)
    const relation = lowerQuery(root, context, lets)
    return {
      sql: printResult(relation, context),
      params: context.parameters.values,
      columns: relation.columns.map(({ name, type }) => ({ name, type })),
      warnings: [],
      ownTime: endsOf(ownTime),
      ...(render === undefined ? {} : { render }),
    }
  } catch (error) {
    if (error instanceof SchemaWanted)
      return { question: { ...error.question, sql: withoutUnused(withShared(error.question.sql, context.shared)) } }
    throw error
  }
}

function lowerQuery(root: SyntaxNode, context: KqlContext, lets: Map<string, Binding>): Relation {
  const shaping: Shaping = new Map()
  let result: SyntaxNode | undefined
  for (const statement of root.fields.Statements?.items ?? []) {
    if (statement.kind === 'ExpressionStatement') {
      if (result !== undefined) throw context.refuse(statement, 'One result at a time.', 'Use union to put tables together.')
      result = statement.fields.Expression
    } else if (statement.kind === 'QueryParametersStatement') bindParameters(statement, { context, lets }, lets)
    else if (statement.kind === 'SetOptionStatement') setOption(statement, context, shaping)
    else bindLet(statement, { context, lets }, lets)
  }
  if (result === undefined) throw context.refuse(root, 'There is no query.', undefined, 'PW-QY-001')
  const scope: Scope = { context, lets }
  // Steps like consume have no columns, and still are tables.
  if (result.columns !== undefined || result.kind === 'PipeExpression' || lets.get(result.text)?.kind === 'table') {
    const relation = lowerTable(result, scope)
    if (relation.graph === undefined) return shaped(relation, shaping, context)
    throw context.refuse(result, 'A graph alone is no answer.', 'Put graph-match or graph-to-table behind it.', 'PW-QY-005')
  }
  return shaped(oneValue(lowerExpression(result, scope), context), shaping, context)
}

/** A value alone is shown as `print` shows it. */
function oneValue(value: Scalar, context: KqlContext): Relation {
  const one: Relation = { sql: 'SELECT 1 AS c0', columns: [], order: [], depth: 1 }
  const { relation, columns } = computed(one, [{ name: 'print_0', value }], context)
  return { ...relation, columns }
}
