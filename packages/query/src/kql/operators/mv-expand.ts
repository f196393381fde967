import type { Scope } from '../context.ts'
import { elements, isArray, isBag, pairs } from '../functions/json-values.ts'
import { jsonString } from '../json-string.ts'
import { isKqlType, isNumber, type KqlColumn, type KqlType } from '../kql-type.ts'
import { lowerExpression } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import { expressionsOf, type Operator, resultColumns, unnamed } from '../operator.ts'
import { type Column, computed, type Relation, wrap } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'

/**
 * `mv-expand`: a row for each element. Null gives one row, an empty array none, a value that is no array one row;
 * several columns go side by side, the shorter ones filled with nulls.
 */
export const lowerMvExpand: Operator = (input, node, scope) => expand(input, node, resultColumns(node, scope), scope)

/** The rows with their elements; `result` are the columns wanted. */
export function expand(input: Relation, node: SyntaxNode, result: readonly KqlColumn[], scope: Scope): Relation {
  const { context } = scope
  const options = namedParameters(node, scope, ['bagexpansion', 'kind', 'with_itemindex'])
  const asPairs = ['array'].includes((options.get('bagexpansion') ?? options.get('kind'))?.text ?? '')
  const most = rowLimit(node, scope) ?? legacyLimit(node)
  const items = expressionsOf(node)
  const values = items.map((item) => {
    const expression = item.fields.Expression ?? item
    return {
      name: nameOf(item),
      value: convert(lowerExpression(unnamed(expression, scope), scope), 'dynamic', context),
      type: typeOf(item),
    }
  })
  const { relation, columns } = computed(input, values, context)
  const lists = columns.map((column) => ({ column, list: context.fresh('c') }))
  const listed = wrap(
    relation,
    `SELECT *, ${lists.map(({ column, list }) => `${listOf(column.sql, asPairs)} AS ${list}`).join(', ')} FROM (${relation.sql})`,
  )
  const longest = `arrayMax([${lists.map(({ list }) => `length(${list})`).join(', ')}])`
  const place = context.fresh('c')
  const expanded = wrap(
    listed,
    `SELECT *, arrayJoin(range(${most === undefined ? longest : `least(${longest}, ${most})`})) AS ${place} FROM (${listed.sql})`,
  )
  const made: Column[] = lists.map(({ list }, index) => {
    const item = values[index]
    const type = item?.type ?? result.find((column) => column.name === item?.name)?.type ?? 'dynamic'
    const element = `if(${place} < length(${list}), nullIf(${list}[${place} + 1], 'null'), NULL)`
    const kept = context.once(element, (json) => conforming(json, type))
    return { name: item?.name ?? '', type, sql: convert({ sql: kept, type: 'dynamic' }, type, context).sql }
  })
  const index = options.get('with_itemindex')?.text
  if (index !== undefined) made.push({ name: index, type: 'long', sql: `toInt64(${place})` })
  const output = computed(
    { ...expanded, columns: input.columns },
    made.map((column) => ({ name: column.name, value: column })),
    context,
  )
  const byName = new Map([...input.columns, ...output.columns].map((column) => [column.name, column]))
  const order = input.order.length === 0 ? [] : [...input.order, { sql: place, descending: false, nullsFirst: true }]
  return { ...output.relation, order, columns: result.flatMap((column) => byName.get(column.name) ?? []) }
}

/** `limit n`: elements of each row at most. */
function rowLimit(node: SyntaxNode, scope: Scope): string | undefined {
  const given = node.fields.RowLimitClause?.fields.RowLimit
  if (given === undefined) return node.fields.RowLimitClause === undefined ? undefined : refuseLimit(node, scope)
  const { constant } = lowerExpression(given, { ...scope, row: undefined })
  return constant !== undefined && /^\d+$/.test(constant) ? `toUInt64(${constant})` : refuseLimit(given, scope)
}

/** The old name of the operator gives 128 rows for each row at most. Source: Kusto documentation, mv-expand. */
const legacyLimit = (node: SyntaxNode): string | undefined =>
  Object.values(node.fields).some(({ text }) => text === 'mvexpand') ? 'toUInt64(128)' : undefined

function refuseLimit(node: SyntaxNode, { context }: Scope): never {
  throw context.refuse(node, 'The limit must be a whole number.', undefined, 'PW-QY-005')
}

const nameOf = (item: SyntaxNode): string => {
  const expression = item.fields.Expression ?? item
  return (
    (expression.kind === 'SimpleNamedExpression' ? expression.fields.Name?.text : undefined) ??
    item.fields.Name?.text ??
    (expression.implied || expression.text)
  )
}

/** `to typeof(long)`. */
function typeOf(item: SyntaxNode) {
  const text = JSON.stringify(item.fields.ToTypeOf ?? {})
  const name = /"kind":"PrimitiveTypeExpression".*?"text":"(\w+)"/.exec(text)?.[1]
  return isKqlType(name) ? name : undefined
}

/**
 * `to typeof()` casts and does not read: a text is no number, whatever it says. Times and the like are texts in JSON, and a text
 * shows any value. Source: Kusto documentation, mv-expand.
 */
function conforming(json: string, type: KqlType): string {
  if (!isNumber(type) && type !== 'bool') return json
  return `if(startsWith(${json}, '"'), NULL, ${json})`
}

/** JSON texts of the elements. */
function listOf(dynamic: string, asPairs: boolean): string {
  const members = asPairs
    ? `arrayMap(m -> concat('[', ${jsonString('tupleElement(m, 1)')}, ',', tupleElement(m, 2), ']'), ${pairs(dynamic)})`
    : `arrayMap(m -> concat('{', ${jsonString('tupleElement(m, 1)')}, ':', tupleElement(m, 2), '}'), ${pairs(dynamic)})`
  return `multiIf(isNull(${dynamic}), ['null'], ${isArray(dynamic)}, ${elements(dynamic)}, ${isBag(dynamic)}, ${members}, [assumeNotNull(${dynamic})])`
}
