import { lowerExpression, lowerTable } from '../lower.ts'
import { type Column, computed, findColumn, type Relation, stored } from '../relation.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import { type Plugin, type PluginCall, rowArgument } from './plugin.ts'
import { edgesOf, isInside, metresTo, place } from './sphere.ts'

/** Most rows of the table that is looked into: each row of the source is compared with all. */
const MAX_SHAPES = 100_000

/** `geo_polygon_lookup(table, polygon, longitude, latitude, [radius, return_unmatched, lookup_area_radius, return_lookup_key])`. */
export const geoPolygonLookup: Plugin = (input, call) =>
  lookup(input, call, (at, edges, radius) => {
    const inside = isInside(at, edges)
    return radius === undefined ? inside : `(${inside} OR ${metresTo(at, edges)} <= ${radius})`
  })

/** `geo_line_lookup(table, line, longitude, latitude, radius, [return_unmatched, lookup_area_radius, return_lookup_key])`. */
export const geoLineLookup: Plugin = (input, call) =>
  lookup(input, call, (at, edges, radius) => {
    if (radius === undefined)
      throw call.scope.context.refuse(call.node, 'geo_line_lookup() needs a radius.', undefined, 'PW-QY-005')
    return `(${metresTo(at, edges)} <= ${radius})`
  })

type Match = (at: string, edges: string, radius: string | undefined) => string

function lookup(input: Relation, call: PluginCall, match: Match): Relation {
  const { context } = call.scope
  const [tableNode, keyNode] = call.args
  if (tableNode === undefined || keyNode === undefined)
    throw context.refuse(call.node, `${call.name}() needs a table and its key.`, undefined, 'PW-QY-005')
  const table = lowerTable(tableNode, call.scope)
  const key = findColumn(table, keyNode.text)
  if (key === undefined) throw context.refuse(keyNode, `There is no column "${keyNode.text}" here.`, undefined, 'PW-QY-002')
  const { radius, unmatched, withKey } = options(call)
  const [longitude, latitude] = [2, 3].map((at) => convert(rowArgument(call, at), 'real', context)) as [Scalar, Scalar]
  const source = computed(
    input,
    [
      { name: '', value: longitude },
      { name: '', value: latitude },
    ],
    context,
  )
  const [x, y] = source.columns.map((column) => `ifNull(${column.sql}, nan)`)
  const shown = table.columns.filter((column) => withKey || column.sql !== key.sql)
  const row = `tuple(${[...shown.map((column) => stored(column)), '0'].join(', ')})`
  const shapes = `(SELECT groupArray((${edgesOf(key.sql)}, ${row})) FROM (${table.sql}) HAVING ${context.stopIf(`count() > ${MAX_SHAPES}`, call.node, `A lookup table has ${MAX_SHAPES} rows at most.`)} = 0)`
  const found = `arrayMap(at -> arrayMap(s -> s.2, arrayFilter(s -> ${match('at', 's.1', radius)}, ${shapes})), [${place(x ?? '', y ?? '')}])[1]`
  const columns: Column[] = call.result.map((column) => ({ ...column, sql: context.fresh('c') }))
  const values = [...input.columns.map((column) => column.sql), ...shown.map((_, at) => `tupleElement(m, ${at + 1})`)]
  if (values.length !== columns.length)
    throw context.refuse(call.node, `The columns of ${call.name}() are not what was expected.`)
  const list = columns.map((column, at) => `${values[at]} AS ${column.sql}`).join(', ')
  const matched = `SELECT *, ${found} AS ms FROM (${source.relation.sql})`
  const sql = `SELECT ${list} FROM (${matched}) ${unmatched ? 'LEFT ' : ''}ARRAY JOIN ms AS m`
  return { sql, columns, order: [], depth: Math.max(source.relation.depth, table.depth) + 2 }
}

/** Options come by their place or by their name. */
function options(call: PluginCall): { radius: string | undefined; unmatched: boolean; withKey: boolean } {
  const places = ['radius', 'return_unmatched', 'lookup_area_radius', 'return_lookup_key']
  const given = new Map<string, SyntaxNode>()
  call.args.slice(4).forEach((argument, at) => {
    const named = argument.kind === 'SimpleNamedExpression'
    const name = (named ? argument.fields.Name?.text : places[at])?.toLowerCase() ?? ''
    const value = named ? argument.fields.Expression : argument
    if (!places.includes(name) || value === undefined)
      throw call.scope.context.refuse(argument, `This argument of ${call.name}() is not supported.`, undefined, 'PW-QY-005')
    given.set(name, value)
  })
  const outside = { ...call.scope, row: undefined }
  const flag = (name: string): boolean => {
    const node = given.get(name)
    return node !== undefined && lowerExpression(node, outside).constant === 'true'
  }
  const radius = given.get('radius')
  return {
    radius: radius === undefined ? undefined : convert(lowerExpression(radius, outside), 'real', call.scope.context).sql,
    unmatched: flag('return_unmatched'),
    withKey: flag('return_lookup_key'),
  }
}
