import type { KqlContext, Scope } from '../context.ts'
import { child, lowerExpression } from '../lower.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'
import { anyColumn } from '../values/star.ts'
import { TEXT_MATCHES } from '../values/text-match.ts'

type Test = (text: string) => string

/**
 * A predicate of `search` and `find`: a text alone is looked for in every column, `column:"text"` in one.
 * Source: Kusto documentation, search operator, "Search predicate syntax".
 */
export function searched(node: SyntaxNode, scope: Scope, caseSensitive = false): string {
  const again = (name: string): string => searched(child(node, name, scope), scope, caseSensitive)
  if (node.kind === 'AndExpression' || node.kind === 'OrExpression')
    return `(${again('Left')} ${node.kind === 'AndExpression' ? 'AND' : 'OR'} ${again('Right')})`
  if (node.kind === 'ParenthesizedExpression') return again('Expression')
  if (node.kind === 'StarExpression') return 'true'
  if (node.kind === 'StringLiteralExpression') return anyColumn(termTest(node, scope, caseSensitive), scope).sql
  if (node.kind === 'SearchExpression') {
    const [column, term] = [child(node, 'Left', scope), child(node, 'Right', scope)]
    return termTest(term, scope, caseSensitive)(convert(lowerExpression(column, scope), 'string', scope.context).sql)
  }
  if (caseSensitive && /^(?:Not)?(?:Has|Contains|StartsWith|EndsWith)/.test(node.kind))
    throw scope.context.refuse(node, 'This operator is not supported in a case-sensitive search.', 'Use the one with _cs.')
  return convert(lowerExpression(node, scope), 'bool', scope.context).sql
}

/** What a term means by the places of its wildcards. */
function termTest(node: SyntaxNode, scope: Scope, caseSensitive: boolean): Test {
  const { context } = scope
  const text = node.literal
  if (text === undefined || text === null) throw context.refuse(node, 'A term must be a text.', undefined, 'PW-QY-005')
  const [, head, body = '', tail] = /^(\*?)(.*?)(\*?)$/s.exec(text) ?? []
  if (body === '') return () => 'true'
  if (body.includes('*')) return regexTest(text, caseSensitive, context)
  const name = head === '*' ? (tail === '*' ? 'Contains' : 'HasSuffix') : tail === '*' ? 'HasPrefix' : 'Has'
  const match = TEXT_MATCHES[caseSensitive ? `${name}Cs` : name]
  if (match === undefined) throw context.refuse(node, `${name} is not supported.`)
  const wanted: Scalar = { sql: context.string(body), type: 'string', constant: body }
  return (column) => match(column, wanted, context)
}

function regexTest(text: string, caseSensitive: boolean, context: KqlContext): Test {
  const parts = text.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  const edge = (part: string | undefined): string => (part === '' ? '' : '\\b')
  const pattern = context.string(`(?${caseSensitive ? 's' : 'is'})${edge(parts[0])}${parts.join('.*')}${edge(parts.at(-1))}`)
  return (column) => `match(${column}, ${pattern})`
}
