import type { KqlContext } from '../context.ts'
import { type Scalar, scalar } from '../scalar.ts'
import { convert } from './convert.ts'

/** A step into a dynamic value: a key, or a place counted from 0 (from the end where negative). */
export type Step = { readonly key: string } | { readonly index: Scalar } | { readonly computed: Scalar }

/** `d.a["b"][0]`: null where any step finds nothing. */
export function followPath(base: Scalar, steps: readonly Step[], context: KqlContext): Scalar {
  const json = convert(base, 'dynamic', context)
  const places = steps.map((step) => `, ${place(step, context)}`).join('')
  const raw = `JSONExtractRaw(ifNull(${json.sql}, ''), ${places.slice(2)})`
  return scalar(
    context.once(raw, (found) => `if(${found} IN ('', 'null'), NULL, toNullable(${found}))`),
    'dynamic',
  )
}

function place(step: Step, context: KqlContext): string {
  if ('key' in step) return context.string(step.key)
  if ('computed' in step) return step.computed.type === 'string' ? step.computed.sql : fromEngine(step.computed.sql, context)
  const { constant, sql } = step.index
  // The engine counts from 1, and from -1 backwards as KQL does.
  if (constant !== undefined) return context.integer(Number(constant) < 0 ? Number(constant) : Number(constant) + 1)
  return fromEngine(sql, context)
}

const fromEngine = (sql: string, context: KqlContext): string =>
  context.once(`toInt64(ifNull(${sql}, 9223372036854775806))`, (at) => `if(${at} < 0, ${at}, ${at} + 1)`)
