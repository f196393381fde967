import type { Scope } from '../context.ts'
import { convert } from '../expressions/convert.ts'
import { hasTerm } from '../expressions/text-match.ts'
import { child, lowerExpression } from '../lower.ts'
import { asScalar, computed, filtered } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { namedParameters } from './named-parameters.ts'
import { type Operator, resultColumns } from './operator.ts'

/** `table | search …`: a text alone is a term in any column. The first column of the result names the table. */
export const lowerSearch: Operator = (input, node, scope) => {
  namedParameters(node, scope, [])
  const { source } = input
  if (source === undefined || node.fields.InClause !== undefined)
    throw scope.context.refuse(node, 'search is supported right after a table only.', 'Write Commands | search "…".')
  const found = filtered(input, searched(child(node, 'Condition', scope), scope))
  const { relation, columns } = computed(
    found,
    [{ name: '$table', value: { sql: scope.context.string(source), type: 'string' } }],
    scope.context,
  )
  const byName = new Map([...columns, ...input.columns].map((column) => [column.name, column]))
  return { ...relation, columns: resultColumns(node, scope).flatMap((column) => byName.get(column.name) ?? []) }
}

function searched(node: SyntaxNode, scope: Scope): string {
  if (node.kind === 'AndExpression' || node.kind === 'OrExpression') {
    const sides = [child(node, 'Left', scope), child(node, 'Right', scope)].map((side) => searched(side, scope))
    return `(${sides.join(node.kind === 'AndExpression' ? ' AND ' : ' OR ')})`
  }
  if (node.kind === 'ParenthesizedExpression') return searched(child(node, 'Expression', scope), scope)
  if (node.kind !== 'StringLiteralExpression') return convert(lowerExpression(node, scope), 'bool', scope.context).sql
  if (node.literal?.includes('*'))
    throw scope.context.refuse(node, 'A wildcard in search is not supported.', 'Use hasprefix or contains.')
  const wanted = lowerExpression(node, scope)
  const texts = (scope.row?.columns ?? []).filter(({ type }) => type === 'string' || type === 'dynamic')
  const tests = texts.map((column) => hasTerm(convert(asScalar(column), 'string', scope.context).sql, wanted, scope.context))
  return tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`
}
