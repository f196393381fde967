import type { Scope } from '../context.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import { rowMark } from '../relation.ts'
import { type Scalar, scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'

/**
 * What a draw is made of: each call in the text is a draw of its own, where the engine would take two equal calls for one, and so
 * is each row, where the engine would draw before it has made rows of a list.
 */
const draw = ({ row, context }: Scope): string => `('${context.fresh('r')}', ${row === undefined ? '0' : rowMark(row)})`

export const RANDOM_FUNCTIONS: Readonly<Record<string, (node: SyntaxNode, scope: Scope) => Scalar>> = {
  rand: (node, scope) => {
    const drawn = `randCanonical(${draw(scope)})`
    const [given] = argumentsOf(node)
    if (given === undefined) return scalar(`toNullable(${drawn})`, 'real')
    const range = convert(lowerExpression(given, scope), 'real', scope.context).sql
    return scalar(`if(${range} <= 1, toNullable(${drawn}), toFloat64(floor(${drawn} * ${range})))`, 'real')
  },
  new_guid: (_, scope) => scalar(`toNullable(toString(generateUUIDv4(${draw(scope)})))`, 'guid'),
}
