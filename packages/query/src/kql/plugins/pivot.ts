import { nullOf } from '../context.ts'
import type { KqlType } from '../kql-type.ts'
import { lowerExpression } from '../lower.ts'
import { type Column, computed, type Relation, stored } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert, toText } from '../values/convert.ts'
import { type Plugin, type PluginCall, rowArgument } from './plugin.ts'
import { afterCall, MAX_MADE_COLUMNS, SchemaWanted, schemaColumn } from './wanted-schema.ts'

/** What an aggregation is of no rows; null where it is not here. Source: Kusto documentation, pivot plugin, its examples. */
const OF_NOTHING: Readonly<Record<string, string>> = {
  count: '0',
  sum: '0',
  dcount: '0',
  make_list: "'[]'",
  make_set: "'[]'",
  make_bag: "'{}'",
}

/** `pivot(column, [aggregation], [columns…])`: a column for each value, with the aggregation of its rows. */
export const pivot: Plugin = (input, call) => {
  const { context } = call.scope
  const [turned, second] = call.args
  const aggregation = second?.kind === 'FunctionCallExpression' ? second : undefined
  const grouping = groupColumns(input, call, aggregation)
  const key = computed(input, [{ name: '', value: { sql: toText(rowArgument(call, 0), context), type: 'string' } }], context)
  const place = key.columns[0]?.sql ?? ''
  if (turned === undefined) throw context.refuse(call.node, 'pivot() needs a column.', undefined, 'PW-QY-005')
  const rows: Relation = { ...key.relation, columns: input.columns }
  const measure: Scalar =
    aggregation === undefined
      ? { sql: 'toInt64(count())', type: 'long' }
      : lowerExpression(aggregation, { ...call.scope, row: rows, aggregating: { place: undefined } })
  const type: KqlType = aggregation?.type ?? measure.type
  if (call.node.fields.Schema === undefined) throw schemaWanted(rows, { place, grouping, type }, call)
  const by = grouping.map((column) => column.sql)
  const empty = OF_NOTHING[aggregation?.fields.Name?.text ?? 'count'] ?? nullOf(type)
  const value = stored(convert(measure, type, context))
  const cells = `SELECT ${[...by, `${place} AS p`, `${value} AS v`].join(', ')} FROM (${rows.sql}) GROUP BY ${[...by, place].join(', ')}`
  const columns: Column[] = []
  const list: string[] = []
  for (const { name, type: wanted } of call.result) {
    const kept = grouping.find((column) => column.name === name)
    const sql = context.fresh('c')
    columns.push({ name, type: wanted, sql })
    const cell = `arrayFirst(x -> x.1 = ${context.string(name)}, l).2`
    const made: Scalar = { sql: `if(arrayExists(x -> x.1 = ${context.string(name)}, l), ${cell}, ${empty})`, type }
    list.push(`${kept === undefined ? stored(convert(made, wanted, context)) : kept.sql} AS ${sql}`)
  }
  const turnedRows = `SELECT ${[...by, 'groupArray((p, v)) AS l'].join(', ')} FROM (${cells})${by.length === 0 ? '' : ` GROUP BY ${by.join(', ')}`}`
  return { sql: `SELECT ${list.join(', ')} FROM (${turnedRows})`, columns, order: [], depth: rows.depth + 3 }
}

/** The columns named, or all but the turned one and those that are aggregated. */
function groupColumns(input: Relation, call: PluginCall, aggregation: SyntaxNode | undefined): readonly Column[] {
  const { args, scope } = call
  const named = args.slice(aggregation === undefined ? 1 : 2)
  const find = (node: SyntaxNode): Column => {
    const column = input.columns.find(({ name }) => name === node.text)
    if (column === undefined) throw scope.context.refuse(node, 'Only columns may stand here.', undefined, 'PW-QY-005')
    return column
  }
  if (named.length > 0) return named.map(find)
  const used = new Set([args[0]?.text, ...(aggregation === undefined ? [] : namesIn(aggregation.fields.ArgumentList))])
  return input.columns.filter((column) => !used.has(column.name))
}

function namesIn(node: SyntaxNode | undefined): string[] {
  if (node === undefined) return []
  const own = node.kind === 'NameReference' && node.refers === 'column' ? [node.text] : []
  return [...own, ...[...Object.values(node.fields), ...node.items].flatMap(namesIn)]
}

function schemaWanted(
  rows: Relation,
  { place, grouping, type }: { place: string; grouping: readonly Column[]; type: KqlType },
  call: PluginCall,
): SchemaWanted {
  const { context } = call.scope
  const names = `SELECT DISTINCT ${place} AS name FROM (${rows.sql})`
  const nameless = context.stopIf(
    "name = ''",
    call.node,
    'pivot meets an empty value, which can be the name of no column; where isnotempty() before it leaves such rows out.',
  )
  const sql = `SELECT name, ${context.string(type)} AS type FROM (${names}) WHERE ${nameless} = 0 ORDER BY name LIMIT ${MAX_MADE_COLUMNS + 1}`
  return new SchemaWanted({
    at: afterCall(call),
    known: grouping.map((column) => schemaColumn(column.name, column.type)),
    sql,
    params: context.parameters.values,
    most: MAX_MADE_COLUMNS,
  })
}
