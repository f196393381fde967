import type { Scope } from '../context.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

type Direction = 'right' | 'left' | 'any'

export interface PatternEdge {
  /** The variable, or a name of ours. */
  readonly name: string
  readonly direction: Direction
  /** How many edges of the graph it may stand for; undefined for exactly one. */
  readonly range: { readonly least: number; readonly most: number } | undefined
}

/** `(a)-[e]->(b)`: nodes by name, and between each two an edge. */
export interface PatternPath {
  readonly nodes: readonly string[]
  readonly edges: readonly PatternEdge[]
}

/** Whether a name is ours, of an element that has none. */
export const isAnonymous = (name: string): boolean => /^anonymous\d+$/.test(name)

/** Most edges that one of variable length may stand for. */
const MAX_EDGES = 50

/** The sequences of a pattern. Source: Kusto documentation, graph-match operator, "Graph pattern notation". */
export function readPattern(node: SyntaxNode, scope: Scope): PatternPath[] {
  return (node.fields.Patterns?.items ?? []).map((sequence) => {
    const elements = sequence.fields.PatternElements?.items ?? []
    const name = (element: SyntaxNode): string => element.fields.Name?.text ?? scope.context.fresh('anonymous')
    const nodes = elements.filter(({ kind }) => kind === 'GraphMatchPatternNode').map(name)
    const edges = elements
      .filter(({ kind }) => kind === 'GraphMatchPatternEdge')
      .map((element) => ({ name: name(element), direction: directionOf(element), range: rangeOf(element, scope) }))
    if (nodes.length !== edges.length + 1 || elements.length !== nodes.length + edges.length)
      throw scope.context.refuse(sequence, 'A pattern begins and ends with a node.', '(a)-[e]->(b)', 'PW-QY-001')
    return { nodes, edges }
  })
}

function directionOf({ fields }: SyntaxNode): Direction {
  if (fields.FirstToken?.text.startsWith('<')) return fields.LastToken?.text.endsWith('>') ? 'any' : 'left'
  return (fields.LastToken ?? fields.FirstToken)?.text.endsWith('>') ? 'right' : 'any'
}

function rangeOf(element: SyntaxNode, { context }: Scope): PatternEdge['range'] {
  const range = element.fields.Range
  if (range === undefined) return undefined
  const [least, most] = [range.fields.RangeStart, range.fields.RangeEnd].map((bound) => Number(bound?.literal ?? Number.NaN))
  if (
    least === undefined ||
    most === undefined ||
    !Number.isInteger(least) ||
    !Number.isInteger(most) ||
    least < 0 ||
    most < least
  )
    throw context.refuse(range, 'The length of an edge is two whole numbers, e.g. *1..3.', undefined, 'PW-QY-005')
  if (most > MAX_EDGES)
    throw context.refuse(range, `An edge of variable length may stand for ${MAX_EDGES} edges at most.`, undefined, 'PW-QY-007')
  return { least, most }
}
