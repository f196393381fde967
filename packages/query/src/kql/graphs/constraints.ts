import type { Scope } from '../context.ts'
import { OWN_DEGREES } from '../graph-scope.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import type { Graph, Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import type { PatternPath } from './pattern.ts'

/** Parts of a `where` by what decides them: one element of the pattern, before it is matched, or the whole match. */
export interface Constraints {
  /** By variable: conditions on a row of the nodes or of the edges. For an edge of variable length all its edges must fulfil them. */
  readonly own: ReadonlyMap<string, readonly string[]>
  /** By edge of variable length: conditions on the nodes inside it. */
  readonly inner: ReadonlyMap<string, readonly string[]>
  /** What needs the whole match. */
  readonly whole: readonly SyntaxNode[]
}

export function readConstraints(node: SyntaxNode, paths: readonly PatternPath[], graph: Graph, scope: Scope): Constraints {
  const nodes = new Set(paths.flatMap((path) => path.nodes))
  const edges = new Map(paths.flatMap((path) => path.edges.map((edge) => [edge.name, edge] as const)))
  const variables = new Set([...nodes, ...edges.keys()])
  const own = new Map<string, string[]>()
  const inner = new Map<string, string[]>()
  const whole: SyntaxNode[] = []
  const add = (to: Map<string, string[]>, name: string, sql: string): void => void to.set(name, [...(to.get(name) ?? []), sql])
  const condition = node.fields.WhereClause?.fields.Condition
  for (const part of condition === undefined ? [] : conjunctsOf(condition)) {
    const ofAll = allOf(part)
    if (ofAll !== undefined && edges.get(ofAll.edge)?.range !== undefined && !variablesIn(ofAll.condition, edges).size) {
      const relation = ofAll.inner ? graph.nodes : graph.edges
      const inside = {
        ...scope,
        row: relation,
        graph: { graph, paths: new Map(), degrees: new Map(ofAll.inner ? [['', OWN_DEGREES]] : []) },
      }
      add(ofAll.inner ? inner : own, ofAll.edge, test(ofAll.condition, inside))
      continue
    }
    const [only, ...others] = variablesIn(part, variables)
    const isPath = only !== undefined && edges.get(only)?.range !== undefined
    if (only === undefined || others.length > 0 || (isPath && callsPathFunction(part))) {
      whole.push(part)
      continue
    }
    const relation: Relation = nodes.has(only) ? graph.nodes : graph.edges
    const degrees = new Map(nodes.has(only) ? [[only, OWN_DEGREES]] : [])
    add(
      own,
      only,
      test(part, {
        ...scope,
        row: undefined,
        steps: new Map([[only, relation]]),
        graph: { graph, paths: new Map(), degrees },
      }),
    )
  }
  return { own, inner, whole }
}

export const test = (node: SyntaxNode, scope: Scope): string =>
  `ifNull(${convert(lowerExpression(node, scope), 'bool', scope.context).sql}, false)`

function conjunctsOf(node: SyntaxNode): SyntaxNode[] {
  const { Left, Right, Expression } = node.fields
  if (node.kind === 'AndExpression' && Left !== undefined && Right !== undefined)
    return [...conjunctsOf(Left), ...conjunctsOf(Right)]
  return node.kind === 'ParenthesizedExpression' && Expression !== undefined ? conjunctsOf(Expression) : [node]
}

/** `all(edge, condition)` and `all(inner_nodes(edge), condition)`. */
function allOf(node: SyntaxNode): { edge: string; inner: boolean; condition: SyntaxNode } | undefined {
  if (node.kind !== 'FunctionCallExpression' || node.fields.Name?.text !== 'all') return undefined
  const [over, condition] = argumentsOf(node)
  if (over === undefined || condition === undefined) return undefined
  const inner = over.kind === 'FunctionCallExpression' && over.fields.Name?.text === 'inner_nodes'
  const edge = inner ? argumentsOf(over)[0] : over
  return edge === undefined ? undefined : { edge: edge.text, inner, condition }
}

const PATH_FUNCTIONS: ReadonlySet<string> = new Set(['all', 'any', 'map', 'inner_nodes'])

const callsPathFunction = (node: SyntaxNode): boolean =>
  (node.kind === 'FunctionCallExpression' && PATH_FUNCTIONS.has(node.fields.Name?.text ?? '')) ||
  Object.values(node.fields).some(callsPathFunction) ||
  node.items.some(callsPathFunction)

/** Variables of the pattern that an expression names; a property of such a name counts too, which only makes it slower. */
function variablesIn(node: SyntaxNode, known: { has(name: string): boolean }): Set<string> {
  const found = new Set<string>()
  const visit = (part: SyntaxNode): void => {
    if (part.kind === 'NameReference' && known.has(part.text)) found.add(part.text)
    for (const [name, field] of Object.entries(part.fields)) if (name !== 'Selector') visit(field)
    for (const item of part.items) visit(item)
  }
  visit(node)
  return found
}
