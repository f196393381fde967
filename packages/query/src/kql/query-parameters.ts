import { QueryError } from '../query-error.ts'
import { CompletedText } from './completed-text.ts'
import type { Binding, KqlContext } from './context.ts'
import { isKqlType, type KqlType } from './kql-type.ts'
import { lowerExpression } from './lower.ts'
import { analyze } from './syntax/analyze.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'
import { convert } from './values/convert.ts'

/** Literals need no tables; one object, since the binder's state is kept by it. */
const NO_TABLES: ReadonlyMap<string, string> = new Map()
/** Longest text of a value, in UTF-16 code units. */
const MAX_VALUE = 65_536

/**
 * The values a request gives to `declare query_parameters (name:type = default, …)`. Source: Kusto documentation, "Query parameters
 * declaration statement": a value is written as a literal, and a value for a string may be the text itself.
 */
export async function bindQueryParameters(
  root: SyntaxNode,
  values: Readonly<Record<string, string>>,
  context: KqlContext,
): Promise<Map<string, Binding>> {
  const lets = new Map<string, Binding>()
  const declared = (root.fields.Statements?.items ?? [])
    .filter((statement) => statement.kind === 'QueryParametersStatement')
    .flatMap((statement) => statement.fields.Parameters?.items ?? [])
  for (const parameter of declared) {
    const typed = parameter.fields.NameAndType?.fields.Name
    const name = typed?.text ?? ''
    const type = isKqlType(typed?.type) ? typed.type : 'string'
    const given = Object.hasOwn(values, name) ? values[name] : undefined
    if (given !== undefined) lets.set(name, { kind: 'scalar', value: await givenValue(given, type, context) })
  }
  return lets
}

async function givenValue(text: string, type: KqlType, context: KqlContext) {
  if (type === 'string') return { sql: context.string(await stringText(text)), type, constant: text }
  const literal = await readLiteral(text)
  if (literal === undefined)
    throw new QueryError('PW-QY-005', `The value of a query parameter is no literal of type ${type}.`, { text, offset: 0 })
  return convert(lowerExpression(literal, { context, lets: new Map() }), type, context)
}

/** The text of a quoted literal, or the value as it is. */
async function stringText(text: string): Promise<string> {
  if (!/^[@h]{0,2}['"]/.test(text)) return text
  const literal = await readLiteral(text)
  return literal?.kind === 'StringLiteralExpression' ? (literal.literal ?? '') : text
}

/** A value that is one literal and nothing else: never an expression, whatever the text holds. */
async function readLiteral(text: string): Promise<SyntaxNode | undefined> {
  if (text.length > MAX_VALUE) return undefined
  try {
    const root = await analyze(new CompletedText(`print ${text}`, []), NO_TABLES)
    const [statement, ...more] = root.fields.Statements?.items ?? []
    const [value, ...values] = statement?.fields.Expression?.fields.Expressions?.items ?? []
    if (more.length > 0 || values.length > 0 || statement?.fields.Expression?.kind !== 'PrintOperator') return undefined
    const inner = value?.kind === 'UnaryMinusExpression' ? value.fields.Expression : value
    return inner?.kind.endsWith('LiteralExpression') || inner?.kind === 'DynamicExpression' ? value : undefined
  } catch (error) {
    if (error instanceof QueryError) return undefined
    throw error
  }
}
