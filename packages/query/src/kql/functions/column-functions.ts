import type { Scope } from '../context.ts'
import { argumentsOf, lowerExpression } from '../lower.ts'
import { type Scalar, scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { toJson } from '../values/convert.ts'
import { ARRAY_SORTS } from './array-order.ts'
import type { ColumnFunctionTable } from './column-function.ts'
import { SERIES_DECOMPOSE_COLUMNS } from './series-decompose.ts'
import { SERIES_FIT_COLUMNS } from './series-fits.ts'
import { SERIES_FOURIER_COLUMNS } from './series-fourier.ts'
import { SERIES_PERIOD_COLUMNS } from './series-periods.ts'
import { SERIES_STATISTIC_COLUMNS } from './series-statistics.ts'

/** Every function of several columns, by name; the support page is made from it. */
export const COLUMN_FUNCTIONS: ColumnFunctionTable = {
  ...ARRAY_SORTS,
  ...SERIES_STATISTIC_COLUMNS,
  ...SERIES_FIT_COLUMNS,
  ...SERIES_PERIOD_COLUMNS,
  ...SERIES_DECOMPOSE_COLUMNS,
  ...SERIES_FOURIER_COLUMNS,
}

/** The columns of such a call; undefined for every other expression. */
export function lowerColumns(node: SyntaxNode, scope: Scope): readonly Scalar[] | undefined {
  if (node.kind !== 'FunctionCallExpression') return undefined
  const name = node.fields.Name?.text ?? ''
  const entry = Object.hasOwn(COLUMN_FUNCTIONS, name) ? COLUMN_FUNCTIONS[name] : undefined
  if (entry === undefined) return undefined
  const given = argumentsOf(node)
  if (given.length < entry.least || given.length > entry.most)
    throw scope.context.refuse(node, `${name}() does not take ${given.length} arguments.`, undefined, 'PW-QY-005')
  const args = given.map((argument) => lowerExpression(argument, scope))
  return entry.emit(args, { node, context: scope.context, type: 'dynamic' })
}

/** The columns as one array, where a value is wanted. */
export function columnsAsArray(values: readonly Scalar[], { context }: Scope): Scalar {
  const texts = values.map((value) => `ifNull(${toJson(value, context)}, 'null')`)
  return scalar(`toNullable(concat('[', ${texts.join(", ',', ")}, ']'))`, 'dynamic')
}
