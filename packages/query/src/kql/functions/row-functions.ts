import type { Scope } from '../context.ts'
import { convert, toJson } from '../expressions/convert.ts'
import { constantScalar } from '../expressions/literal.ts'
import { type Scalar, scalar } from '../expressions/scalar.ts'
import { argumentsOf, lowerExpression, lowerTable } from '../lower.ts'
import { asScalar, type Column } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { bagJson } from './json-values.ts'

/** Functions of the columns there are, not of values alone. */
export const ROW_FUNCTIONS: Readonly<Record<string, (node: SyntaxNode, scope: Scope) => Scalar>> = {
  /** `pack_all(true)` leaves out nulls and empty texts. */
  pack_all: (node, scope) => {
    const [ignore] = argumentsOf(node)
    const skips = ignore !== undefined && lowerExpression(ignore, scope).constant === 'true'
    return packed(scope.row?.columns ?? [], skips, scope)
  },
  bag_pack_columns: (node, scope) => {
    const columns = argumentsOf(node).map((item) => {
      const found = scope.row?.columns.find((column) => column.name === item.text)
      if (found === undefined)
        throw scope.context.refuse(item, 'Only columns may be packed here.', 'Use bag_pack().', 'PW-QY-005')
      return found
    })
    return packed(columns, false, scope)
  },
  column_names_of: (node, scope) => {
    const [table] = argumentsOf(node)
    if (table === undefined) throw scope.context.refuse(node, 'This function needs a table.', undefined, 'PW-QY-005')
    const names = lowerTable(table, scope).columns.map((column) => column.name)
    return constantScalar(JSON.stringify(names), 'dynamic', scope.context, node)
  },
}

function packed(columns: readonly Column[], skips: boolean, { context }: Scope): Scalar {
  const members = columns.map(
    (column) => `(${context.string(column.name)}, ifNull(${toJson(asScalar(column), context)}, 'null'))`,
  )
  const empty = columns.map((column) => `(${convert(asScalar(column), 'string', context).sql} = '')`)
  const list = `[${members.join(', ')}]`
  return scalar(
    `toNullable(${bagJson(skips ? `arrayFilter((m, e) -> NOT e, ${list}, [${empty.join(', ')}])` : list)})`,
    'dynamic',
  )
}
