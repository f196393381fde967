import type { KqlContext, Scope } from '../context.ts'
import type { Degrees } from '../graph-scope.ts'
import { lowerExpression } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import { asColumn, type Operator, resultColumns, unnamed } from '../operator.ts'
import type { Graph } from '../relation.ts'
import { type Column, computed, filtered, type Relation, wrap } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { type Constraints, readConstraints, test } from './constraints.ts'
import { graphOf } from './graph.ts'
import { type Cycles, Match, type MatchOptions } from './match.ts'
import { isAnonymous, type PatternPath, readPattern } from './pattern.ts'

const CYCLES: readonly string[] = ['all', 'none', 'unique_edges'] satisfies Cycles[]

/** `graph-match`: a row for each way to lay the pattern over the graph. */
export const lowerGraphMatch: Operator = (input, node, scope) => {
  const graph = graphOf(input, node, scope)
  const given = namedParameters(node, scope, ['cycles']).get('cycles')
  if (given !== undefined && !CYCLES.includes(given.text))
    throw scope.context.refuse(given.node, `cycles is one of ${CYCLES.join(', ')}.`, undefined, 'PW-QY-005')
  const cycles = (given?.text ?? 'unique_edges') as Cycles
  const pattern = patternOf(node, graph, scope)
  return projected(matched(node, pattern, { cycles, shortest: false }, scope), node, scope)
}

/** `graph-shortest-paths`: of all paths between two nodes those with the fewest edges, or one of them. */
export const lowerShortestPaths: Operator = (input, node, scope) => {
  const { context } = scope
  const graph = graphOf(input, node, scope)
  const output = namedParameters(node, scope, ['output']).get('output')
  if (output !== undefined && output.text !== 'any' && output.text !== 'all')
    throw context.refuse(output.node, 'output is one of any, all.', undefined, 'PW-QY-005')
  const pattern = patternOf(node, graph, scope)
  const [path, ...others] = pattern.paths
  const variable = path?.edges.filter(({ range }) => range !== undefined) ?? []
  if (path === undefined || others.length > 0 || variable.length === 0)
    throw context.refuse(
      node,
      'The pattern must be one sequence with an edge of variable length.',
      '(a)-[e*1..5]->(b)',
      'PW-QY-005',
    )
  const wanted = output?.text === 'all' ? 'all' : 'one'
  // Of paths to the same node one is enough where no condition can tell them apart.
  const early = path.edges.length === 1 && pattern.constraints.whole.length === 0 && (variable[0]?.range?.least ?? 0) <= 1
  const found = matched(node, pattern, { cycles: 'unique_edges', shortest: early && wanted === 'one' }, scope)
  const { match } = found
  const ends = [path.nodes[0], path.nodes.at(-1)].map((name) => match.nodes.get(name ?? '') ?? '')
  const lengths = [...match.paths.values()].map(({ edges }) => `length(${edges})`).join(' + ')
  const shortest = (relation: Relation): Relation => {
    const least = wrap(
      relation,
      `SELECT *, ${lengths} AS steps, min(steps) OVER (PARTITION BY ${ends.join(', ')}) AS fewest FROM (${relation.sql})`,
    )
    const kept = filtered(least, 'steps = fewest')
    return wanted === 'all' ? kept : wrap(kept, `SELECT * FROM (${kept.sql}) LIMIT 1 BY ${ends.join(', ')}`)
  }
  return projected(found, node, scope, shortest)
}

interface Pattern {
  readonly graph: Graph
  readonly paths: readonly PatternPath[]
  readonly constraints: Constraints
}

interface Matched extends Pattern {
  readonly match: Match
}

function patternOf(node: SyntaxNode, graph: Graph, scope: Scope): Pattern {
  const paths = readPattern(node, scope)
  return { graph, paths, constraints: readConstraints(node, paths, graph, scope) }
}

function matched(node: SyntaxNode, pattern: Pattern, options: MatchOptions, { context }: Scope): Matched {
  const match = new Match(pattern.graph, pattern.constraints, options, context)
  let waiting = [...pattern.paths]
  while (waiting.length > 0) {
    const left = waiting.filter((path) => !match.add(path))
    if (left.length === waiting.length)
      throw context.refuse(node, 'The sequences of a pattern must share a node.', '(a)--(b), (b)--(c)', 'PW-QY-005')
    waiting = left
  }
  return { ...pattern, match }
}

/** A list of values along a path that the conditions or the columns ask for. */
interface WantedList {
  readonly column: string
  readonly path: string
  readonly value: string
  readonly of: 'nodes' | 'edges'
}

/** The matches with the properties of their named elements: what remains of the conditions, then the columns. */
function projected(
  { match, graph, constraints }: Matched,
  node: SyntaxNode,
  scope: Scope,
  narrow = (rows: Relation): Relation => rows,
): Relation {
  const { context } = scope
  const { rows: found, steps, degrees } = withProperties(match, graph, context)
  const wanted: WantedList[] = []
  const list = (path: string, value: string, of: 'nodes' | 'edges'): string => {
    const column = context.fresh('c')
    wanted.push({ column, path, value, of })
    return column
  }
  const inside: Scope = { ...scope, row: undefined, steps, graph: { graph, paths: match.paths, degrees, list } }
  const tests = constraints.whole.map((part) => test(part, inside))
  const result = resultColumns(node, scope)
  const values = (node.fields.ProjectClause?.fields.Expressions?.items ?? []).map((item, at) => {
    const expression = unnamed(item, scope)
    const value = lowerExpression(expression, inside)
    const column = result[at]
    // The library does not know the type of what is made of an implied id inside a path.
    return asColumn(
      value,
      column === undefined || expression.type !== undefined ? column : { ...column, type: value.type },
      scope,
      item,
    )
  })
  let rows = withLists(found, wanted, graph, context)
  for (const condition of tests) rows = filtered(rows, condition)
  const shown = computed(narrow(rows), values, context)
  return { ...shown.relation, columns: shown.columns, order: [] }
}

function withProperties(match: Match, graph: Graph, context: KqlContext) {
  const steps = new Map<string, Relation>()
  const degrees = new Map<string, Degrees>()
  let rows: Relation = { sql: match.sql, columns: [], order: [], depth: 10 }
  const elements = [
    ...[...match.nodes].map(([name, number]) => ({ name, number, of: graph.nodes, id: 'n' })),
    ...[...match.edges].map(([name, number]) => ({ name, number, of: graph.edges, id: 'e' })),
  ]
  for (const { name, number, of, id } of elements) {
    if (isAnonymous(name)) continue
    const columns = of.columns.map((column): Column => ({ ...column, sql: context.fresh('c') }))
    const [key, ins, outs] = [context.fresh('c'), context.fresh('c'), context.fresh('c')]
    const list = [`${id} AS ${key}`, ...of.columns.map(({ sql }, at) => `${sql} AS ${columns[at]?.sql}`)]
    if (id === 'n') list.push(`ins AS ${ins}`, `outs AS ${outs}`)
    rows = wrap(
      rows,
      `SELECT * FROM (${rows.sql}) AS a INNER JOIN (SELECT ${list.join(', ')} FROM (${of.sql})) AS b ON a.${number} = b.${key}`,
    )
    steps.set(name, { sql: '', columns, order: [], depth: 0 })
    if (id === 'n') degrees.set(name, { ins, outs })
  }
  return { rows, steps, degrees }
}

/** The rows with lists of values along their paths, in the order of the paths. */
function withLists(found: Relation, wanted: readonly WantedList[], graph: Graph, context: KqlContext): Relation {
  if (wanted.length === 0) return found
  const [table, row] = [context.fresh('shared'), context.fresh('c')]
  context.shared.set(table, `SELECT *, row_number() OVER () AS ${row} FROM (${found.sql})`)
  let rows: Relation = { ...found, sql: `SELECT * FROM ${table}`, depth: 1 }
  for (const { column, path, value, of } of wanted) {
    const [of_row, id] = [context.fresh('c'), of === 'nodes' ? 'n' : 'e']
    const steps = `SELECT ${row} AS ${of_row}, number, place FROM ${table} ARRAY JOIN ${path} AS number, arrayEnumerate(${path}) AS place`
    const values = `SELECT ${id} AS of_number, ${value} AS value FROM (${graph[of].sql})`
    const lists = `SELECT ${of_row}, arrayMap(p -> tupleElement(p, 2), arraySort(p -> tupleElement(p, 1), groupArray((place, value)))) AS ${column} FROM (${steps}) AS a INNER JOIN (${values}) AS b ON a.number = b.of_number GROUP BY ${of_row}`
    rows = wrap(rows, `SELECT * FROM (${rows.sql}) AS a LEFT JOIN (${lists}) AS b ON a.${row} = b.${of_row}`)
  }
  return rows
}
