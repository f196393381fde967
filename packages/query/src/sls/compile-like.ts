import type { Value } from '../functions/query-function.ts'
import type { AnalysisContext } from './analysis-context.ts'
import type { Expression } from './statement.ts'

type Like = Extract<Expression, { type: 'like' }>

/**
 * `like`, and `like … escape '!'`. The engine reads a backslash in a pattern as an escape; here it is a character, unless it
 * was chosen as the escape.
 */
export function compileLike(like: Like, analysis: AnalysisContext, compile: (inner: Expression) => Value): Value {
  const pattern = compile(like.pattern)
  const sql =
    like.escape === undefined
      ? unescaped(pattern, analysis)
      : analysis.parameters.text(escaped(pattern.literal, compile(like.escape).literal, like, analysis))
  return { sql: `${like.negated ? 'NOT ' : ''}(toString(${compile(like.operand).sql}) LIKE ${sql})`, type: 'bool' }
}

function unescaped({ sql, literal }: Value, { parameters }: AnalysisContext): string {
  if (literal === undefined) return `replaceAll(${sql}, '\\\\', '\\\\\\\\')`
  return parameters.text(literal.replaceAll('\\', '\\\\'))
}

/** The engine's form of `like '50!%' escape '!'`. */
function escaped(pattern: string | undefined, by: string | undefined, { offset }: Like, analysis: AnalysisContext): string {
  if (pattern === undefined || by === undefined || [...by].length !== 1)
    throw analysis.error('PW-QY-005', 'With escape, the pattern is a constant and the escape is one character.', offset)
  let taken = false
  let made = ''
  for (const one of pattern) {
    if (taken && one !== by && one !== '%' && one !== '_') throw wrongEscape(by, offset, analysis)
    if (!taken && one === by) {
      taken = true
      continue
    }
    made += one === '\\' || (taken && (one === '%' || one === '_')) ? `\\${one}` : one
    taken = false
  }
  if (taken) throw wrongEscape(by, offset, analysis)
  return made
}

const wrongEscape = (by: string, offset: number, analysis: AnalysisContext): Error =>
  analysis.error('PW-QY-005', `Behind the escape of a pattern stands %, _ or ${by}.`, offset)
