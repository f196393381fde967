import type { Binding, Scope } from './context.ts'
import { refusedFunction } from './functions/refused-functions.ts'
import { argumentsOf, child, lowerExpression, lowerTable } from './lower.ts'
import { lowerBody } from './lower-body.ts'
import { lowerDataTable } from './operators/datatable.ts'
import { lowerFind } from './operators/find.ts'
import { GRAPH_OPERATORS, OPERATORS, PARTITIONED } from './operators/index.ts'
import { lowerMaterialize } from './operators/materialize.ts'
import { lowerPrint } from './operators/print.ts'
import { lowerRange } from './operators/range.ts'
import { lowerSearch } from './operators/search.ts'
import { lowerUnion } from './operators/union.ts'
import { isWholeStore } from './other-workspaces.ts'
import { REACHES_OUT, REFUSED_OPERATORS, REFUSED_PLUGINS, reasonFor } from './refused.ts'
import { MAX_DEPTH, type Relation } from './relation.ts'
import { scanTable } from './scan-table.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'

type LowerTable = (node: SyntaxNode, scope: Scope) => Relation

/** An expression that gives rows. What is not in the table is refused by name. */
export function tableExpression(node: SyntaxNode, scope: Scope): Relation {
  const lower = SOURCES[node.kind]
  if (lower === undefined)
    throw scope.context.refuse(
      node,
      `${sourceName(node)} is not supported as a source of rows${reasonFor(REFUSED_OPERATORS, sourceName(node))}.`,
    )
  const relation = lower(node, scope)
  if (relation.depth > MAX_DEPTH)
    throw scope.context.refuse(node, `A query may have ${MAX_DEPTH} steps on top of each other.`, undefined, 'PW-QY-007')
  return relation
}

const pipe: LowerTable = (node, scope) => {
  const input = lowerTable(child(node, 'Expression', scope), scope)
  const operator = child(node, 'Operator', scope)
  return applyOperator(input, operator, { ...scope, lets: withNames(child(node, 'Expression', scope), scope) })
}

/** Names that `as` gave to the rows of earlier steps. */
function withNames(node: SyntaxNode, scope: Scope): ReadonlyMap<string, Binding> {
  const lets = new Map(scope.lets)
  let at: SyntaxNode | undefined = node
  while (at?.kind === 'PipeExpression') {
    const before: SyntaxNode | undefined = at.fields.Expression
    const operator: SyntaxNode | undefined = at.fields.Operator
    const name = operator?.kind === 'AsOperator' ? operator.fields.Name?.text : undefined
    if (name !== undefined && before !== undefined && !lets.has(name))
      lets.set(name, { kind: 'table', make: () => ({ ...lowerTable(before, scope), source: name }) })
    at = before
  }
  return lets.size === scope.lets.size ? scope.lets : lets
}

/** One step of a pipeline. Inside mv-apply only steps that keep each row's elements apart are let pass. */
export function applyOperator(input: Relation, node: SyntaxNode, scope: Scope): Relation {
  const lower = OPERATORS[node.kind]
  if (lower === undefined)
    throw scope.context.refuse(
      node,
      `The operator ${operatorName(node)} is not supported${reasonFor(REFUSED_OPERATORS, operatorName(node))}.`,
    )
  if (input.graph !== undefined && !GRAPH_OPERATORS.has(node.kind))
    throw scope.context.refuse(
      node,
      `The operator ${operatorName(node)} does not take a graph.`,
      'Put graph-match or graph-to-table before it.',
      'PW-QY-005',
    )
  if (input.partition !== undefined && !PARTITIONED.has(node.kind))
    throw scope.context.refuse(node, `The operator ${operatorName(node)} is not supported inside mv-apply or partition.`)
  return lower(input, node, { ...scope, row: input })
}

const name: LowerTable = (node, scope) => {
  if (scope.context.text.workspaceTables.has(node.start)) return workspaceTable(node, scope)
  const binding: Binding | undefined = scope.lets.get(node.text)
  if (binding?.kind === 'table') return { ...binding.make(), source: node.text }
  if (binding?.kind === 'function') {
    const result = lowerBody(node, binding, scope)
    if (result.kind === 'table') return result.make()
  }
  const table = scope.context.tables.get(node.text)
  if (table === undefined) throw scope.context.refuse(node, `There is no table "${node.text}".`, undefined, 'PW-QY-002')
  return scanTable(table, scope.context)
}

/** `workspace("prod").Syslog`: the rows of one cluster, whatever the request is limited to. */
function workspaceTable(node: SyntaxNode, { context, lets }: Scope): Relation {
  const { workspace = '', written = '' } = context.text.workspaceTables.get(node.start) ?? {}
  const whole = isWholeStore(workspace)
  if (!whole && !context.workspaces.includes(workspace))
    throw context.refuse(
      node,
      `There is no workspace or database "${workspace}".`,
      'Name a cluster, or "podwitness" for all of them.',
      'PW-QY-002',
    )
  const table = lets.has(node.text) ? undefined : context.tables.get(node.text)
  if (table === undefined) throw context.refuse(node, `${written} is no table.`, undefined, 'PW-QY-002')
  return { ...scanTable(table, context, whole ? undefined : [workspace]), source: written }
}

const call: LowerTable = (node, scope) => {
  const called = node.fields.Name?.text ?? ''
  const declared = scope.lets.get(called)
  if (declared?.kind === 'function') {
    const result = lowerBody(node, declared, scope)
    if (result.kind === 'table') return result.make()
  }
  const why = refusedFunction(called)
  if (called !== 'table')
    throw scope.context.refuse(node, `${called}() is not supported as a source of rows${why === undefined ? '' : `: ${why}`}.`)
  return namedTable(node, scope)
}

/** `table("Commands")`; the second argument says which part of a cache to read, and there is no cache here. */
function namedTable(node: SyntaxNode, scope: Scope): Relation {
  const [wanted] = argumentsOf(node)
  const table = wanted === undefined ? undefined : lowerExpression(wanted, { ...scope, row: undefined }).constant
  if (table === undefined) throw scope.context.refuse(node, 'The name of the table must be a constant.', undefined, 'PW-QY-005')
  return name({ ...node, text: table }, scope)
}

/** What `withoutWorkspaces` left: clusters, and whatever is no table of a workspace. */
const path: LowerTable = (node, { context }) => {
  throw context.refuse(node, `Another cluster or database is not supported as a source of rows: ${REACHES_OUT}.`)
}

const inner: LowerTable = (node, scope) => lowerTable(child(node, 'Expression', scope), scope)

const SOURCES: Readonly<Record<string, LowerTable>> = {
  PipeExpression: pipe,
  NameReference: name,
  ParenthesizedExpression: inner,
  MaterializeExpression: lowerMaterialize,
  FunctionCallExpression: call,
  PathExpression: path,
  DataTableExpression: lowerDataTable,
  PrintOperator: lowerPrint,
  RangeOperator: lowerRange,
  EvaluateOperator: (node, { context }) => {
    throw context.refuse(node, `The plugin ${pluginName(node)} is not supported${reasonFor(REFUSED_PLUGINS, pluginName(node))}.`)
  },
  SearchOperator: (node, scope) => lowerSearch(undefined, node, scope),
  FindOperator: lowerFind,
  UnionOperator: (node, scope) => lowerUnion(undefined, node, scope),
}

const pluginName = (node: SyntaxNode): string => node.fields.FunctionCall?.fields.Name?.text ?? ''

const operatorName = (node: SyntaxNode): string =>
  Object.values(node.fields).find((field) => field.kind.endsWith('Keyword'))?.text ??
  node.kind
    .replace(/Operator$/, '')
    .replace(/(?<!^)(?=[A-Z])/g, '-')
    .toLowerCase()

const sourceName = (node: SyntaxNode): string => node.kind.replace(/(Expression|Operator)$/, '').toLowerCase()
