import { isBag, pairs } from '../functions/json-values.ts'
import { lowerExpression } from '../lower.ts'
import { computed, findColumn, type Relation } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import { followPath } from '../values/path.ts'
import { type Plugin, type PluginCall, rowArgument } from './plugin.ts'
import { afterCall, MAX_MADE_COLUMNS, SchemaWanted, schemaColumn } from './wanted-schema.ts'

interface Options {
  readonly prefix: string
  readonly conflict: 'error' | 'replace_source' | 'keep_source'
  readonly ignored: readonly string[]
}

/** `bag_unpack(bag, [prefix], [columnsConflict], [ignoredProperties])`: a column for each member of a bag. */
export const bagUnpack: Plugin = (input, call) => {
  const { context } = call.scope
  const options = readOptions(call)
  const bag = rowArgument(call, 0)
  const source = input.columns.filter((column) => column.name !== call.args[0]?.text)
  if (call.node.fields.Schema === undefined) throw schemaWanted({ ...input, columns: source }, bag, options, call)
  const values = call.result.map((column) => {
    const given = findColumn({ ...input, columns: source }, column.name)
    const key = column.name.startsWith(options.prefix) ? column.name.slice(options.prefix.length) : undefined
    const member = key === undefined ? undefined : followPath(bag, [{ key }], context)
    const first = options.conflict === 'replace_source' ? undefined : given
    const value = first ?? member ?? given
    if (value === undefined) throw context.refuse(call.node, `There is no column "${column.name}" here.`, undefined, 'PW-QY-002')
    if (options.conflict === 'replace_source' && given !== undefined && member !== undefined)
      return { name: column.name, value: replaced(given, member, column.type, call) }
    return { name: column.name, value: convert(value, column.type, context) }
  })
  const { relation, columns } = computed(input, values, context)
  return { ...relation, columns }
}

/** A column of the input that a member of the same name takes the place of, unless the member was only asked for by `*`. */
function replaced(given: Scalar, member: Scalar, type: Scalar['type'], { scope }: PluginCall): Scalar {
  return given.type === type && type === 'dynamic' ? member : convert(member, type, scope.context)
}

function readOptions({ args, scope, name }: PluginCall): Options {
  const named = new Map<string, string>()
  const order = ['OutputColumnPrefix', 'columnsConflict', 'ignoredProperties']
  args.slice(1).forEach((argument, at) => {
    const given = argument.kind === 'SimpleNamedExpression' ? argument.fields.Name?.text : undefined
    const key = order.find((one) => one.toLowerCase() === (given ?? order[at] ?? '').toLowerCase())
    const { constant } = lowerExpression(inside(argument), { ...scope, row: undefined })
    if (key === undefined || constant === undefined)
      throw scope.context.refuse(argument, `This argument of ${name}() is not supported.`, undefined, 'PW-QY-005')
    named.set(key, constant)
  })
  const conflict = named.get('columnsConflict') ?? 'error'
  if (conflict !== 'error' && conflict !== 'replace_source' && conflict !== 'keep_source')
    throw scope.context.refuse(args[0] ?? scopeNode(args), `columnsConflict cannot be ${conflict}.`, undefined, 'PW-QY-005')
  const ignored: unknown = JSON.parse(named.get('ignoredProperties') ?? '[]')
  return { prefix: named.get('OutputColumnPrefix') ?? '', conflict, ignored: Array.isArray(ignored) ? ignored.map(String) : [] }
}

const inside = (node: SyntaxNode): SyntaxNode => (node.kind === 'SimpleNamedExpression' ? (node.fields.Expression ?? node) : node)
const scopeNode = (args: readonly SyntaxNode[]): SyntaxNode => args[0] as SyntaxNode

/** Asks for the members there are; one whose values differ in type is dynamic. */
function schemaWanted(source: Relation, bag: Scalar, options: Options, call: PluginCall): SchemaWanted {
  const { context } = call.scope
  const known = source.columns.map(({ name }) => name)
  const ignored = options.ignored.map((name) => context.string(name)).join(', ')
  const name = `concat(${context.string(options.prefix)}, tupleElement(m, 1))`
  const taken = `name IN (${known.map((one) => context.string(one)).join(', ') || "''"})`
  const members = `SELECT arrayJoin(${pairs(bag.sql)}) AS m FROM (${source.sql}) WHERE ${isBag(bag.sql)}`
  const kinds =
    "transform(JSONType(tupleElement(m, 2)), ['Int64', 'UInt64', 'Double', 'Bool', 'String', 'Null'], ['long', 'long', 'real', 'bool', 'string', ''], 'dynamic')"
  const typed = `SELECT ${name} AS name, ${kinds} AS kind FROM (${members}) WHERE tupleElement(m, 1) NOT IN (${ignored || "''"})`
  const found = `SELECT name, if(uniqIf(kind, kind != '') = 1, anyIf(kind, kind != ''), 'dynamic') AS type FROM (${typed}) GROUP BY name`
  const clash = {
    error: context.stopIf(taken, call.node, 'bag_unpack meets a member that has the name of a column; give columnsConflict.'),
    keep_source: taken,
    replace_source: '0',
  }[options.conflict]
  const sql = `SELECT name, type FROM (${found}) WHERE ${clash} = 0 ORDER BY name LIMIT ${MAX_MADE_COLUMNS + 1}`
  return new SchemaWanted({
    at: afterCall(call),
    known: source.columns.map((column) => schemaColumn(column.name, column.type)),
    sql,
    params: context.parameters.values,
    most: MAX_MADE_COLUMNS,
  })
}
