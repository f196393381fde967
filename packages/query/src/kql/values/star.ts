import type { Scope } from '../context.ts'
import { asScalar } from '../relation.ts'
import { type Scalar, scalar } from '../scalar.ts'
import { convert } from './convert.ts'

/** A test that any column with text in it passes: what `*` stands for on the left of a text operator. */
export function anyColumn(test: (text: string) => string, { row, context }: Scope): Scalar {
  const texts = (row?.columns ?? []).filter(({ type, sql }) => (type === 'string' || type === 'dynamic') && /^c\d+$/.test(sql))
  const tests = texts.map((column) => test(convert(asScalar(column), 'string', context).sql))
  return scalar(tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`, 'bool')
}
