import { namedParameters } from '../named-parameters.ts'
import type { Operator } from '../operator.ts'
import { graphOf, graphRelation } from './graph.ts'

const [MAX_NODES, MAX_EDGES] = [20_000, 50_000]

/** `graph-mark-components`: a property that numbers the parts which no edge connects. */
export const lowerMarkComponents: Operator = (input, node, scope) => {
  const { context } = scope
  const graph = graphOf(input, node, scope)
  const given = namedParameters(node, scope, ['kind', 'with_component_id'])
  const kind = given.get('kind')
  if (kind !== undefined && kind.text !== 'weak')
    throw context.refuse(kind.node, `Components of kind ${kind.text} are not supported.`, 'There is kind=weak.')
  const name = given.get('with_component_id')?.text ?? 'ComponentId'
  const { nodes, edges } = graph
  if (nodes.columns.some((column) => column.name === name))
    throw context.refuse(node, `Nodes have a property "${name}" already.`, 'Name another with with_component_id.', 'PW-QY-005')
  const pairs = `SELECT DISTINCT least(s, d) AS a, greatest(s, d) AS b FROM (${edges.sql}) WHERE s != d`
  const few = context.stopIf(
    `count > ${MAX_NODES} OR length(pairs) > ${MAX_EDGES}`,
    node,
    `graph-mark-components takes ${MAX_NODES} nodes and ${MAX_EDGES} edges at most.`,
  )
  const inputs = `SELECT * FROM (SELECT groupArray((a, b)) AS pairs FROM (${pairs})) AS p CROSS JOIN (SELECT count() AS count FROM (${nodes.sql})) AS c`
  // Each node begins as its own component; an edge gives those of both its ends the lower number.
  const [low, high] = ['least', 'greatest'].map(
    (pick) => `${pick}(arrayElement(l, tupleElement(e, 1)), arrayElement(l, tupleElement(e, 2)))`,
  )
  const same = (value: string | undefined): string => `arrayWithConstant(length(l), ${value})`
  const merged = `arrayMap((v, x, y) -> if(v = x, y, v), l, ${same(high)}, ${same(low)})`
  const labels = `SELECT arrayFold((l, e) -> if(${low} = ${high}, l, ${merged}), pairs, arrayMap(i -> toInt64(i + 1), range(toUInt64(count)))) AS labels FROM (${inputs}) WHERE ${few} = 0`
  const column = { name, type: 'long' as const, sql: context.fresh('c') }
  const numbered = `SELECT number, toNullable(toInt64(dense_rank() OVER (ORDER BY label)) - 1) AS ${column.sql} FROM (SELECT toInt64(number) AS number, label FROM (${labels}) ARRAY JOIN labels AS label, arrayEnumerate(labels) AS number)`
  const table = context.fresh('shared')
  context.shared.set(
    table,
    `SELECT * EXCEPT number FROM (SELECT * FROM (${nodes.sql}) AS a INNER JOIN (${numbered}) AS b ON a.n = b.number)`,
  )
  return graphRelation({ ...graph, nodes: { ...nodes, sql: `SELECT * FROM ${table}`, columns: [...nodes.columns, column] } })
}
