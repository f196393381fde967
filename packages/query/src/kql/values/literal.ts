import { type KqlContext, nullOf } from '../context.ts'
import { dateTicks, spanText } from '../date-text.ts'
import { ENGINE_TYPES, type KqlType } from '../kql-type.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { fromTicks } from './ticks.ts'

/** A literal as a bound value. */
export function lowerLiteral(node: SyntaxNode, context: KqlContext): Scalar {
  const type: KqlType = node.kind === 'StringLiteralExpression' ? 'string' : (node.type ?? 'dynamic')
  const value = node.literal
  if (value === null || value === undefined) return { sql: nullOf(type), type }
  return constantScalar(value, type, context, node)
}

/** A constant of a type from its text; a datetime as people write it, a timespan in ticks. */
export function constantScalar(value: string, type: KqlType, context: KqlContext, node: SyntaxNode): Scalar {
  switch (type) {
    case 'string':
      return { sql: context.string(value), type, constant: value }
    case 'bool': {
      const truth = /^(true|1)$/i.test(value)
      return { sql: truth ? 'toNullable(true)' : 'toNullable(false)', type, constant: String(truth) }
    }
    case 'int':
    case 'long':
    case 'timespan':
      if (!/^-?\d+$/.test(value)) throw context.refuse(node, `"${value}" is no whole number.`, undefined, 'PW-QY-005')
      return { sql: context.integer(value), type, constant: value }
    case 'real':
      return realConstant(value, context)
    case 'decimal':
      if (places(value) > 12) throw context.refuse(node, 'Decimals have 12 places after the point here.', 'Use real().')
      return { sql: `toDecimal256OrNull(${context.string(value)}, 12)`, type, constant: value }
    case 'datetime': {
      const ticks = dateTicks(value)
      if (ticks === undefined)
        throw context.refuse(
          node,
          `"${value}" is not a date that can be read.`,
          'Write it like 2026-11-21T02:00:00Z.',
          'PW-QY-005',
        )
      return { sql: fromTicks(context.integer(ticks)), type, constant: String(ticks) }
    }
    case 'guid': {
      const text = value.replace(/[{}]/g, '').toLowerCase()
      return { sql: `toNullable(${context.string(text)})`, type, constant: text }
    }
    default:
      return { sql: `CAST(${context.string(value)}, '${ENGINE_TYPES.dynamic}')`, type: 'dynamic', constant: value }
  }
}

/** Digits after the point, of `1.50e-3` five. */
function places(decimal: string): number {
  const [, fraction = '', exponent = '0'] = /^[^.e]*(?:\.(\d*?)0*)?(?:e([+-]?\d+))?$/i.exec(decimal) ?? []
  return Math.max(0, fraction.length - Number(exponent))
}

function realConstant(value: string, context: KqlContext): Scalar {
  const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i.exec(value)
  if (special === null) return { sql: context.parameters.bind(value, 'Float64'), type: 'real', constant: value }
  const sql = special[2] === undefined ? (special[1] === '-' ? '-inf' : 'inf') : 'nan'
  return { sql: `toFloat64('${sql}')`, type: 'real' }
}

/** `dynamic(…)`: the JSON text of the literal inside. */
export function lowerDynamic(node: SyntaxNode, context: KqlContext): Scalar {
  const inner = node.fields.Expression
  if (inner === undefined) throw context.refuse(node, 'This dynamic literal cannot be read.', undefined, 'PW-QY-001')
  const json = jsonOf(inner, context)
  return json === 'null' ? { sql: nullOf('dynamic'), type: 'dynamic' } : constantScalar(json, 'dynamic', context, node)
}

function jsonOf(node: SyntaxNode, context: KqlContext): string {
  if (node.kind === 'JsonObjectExpression') {
    const pairs = (node.fields.Pairs?.items ?? []).map((pair) => {
      const value = pair.fields.Value
      const key = pair.fields.Name?.text ?? '""'
      if (value === undefined) throw context.refuse(pair, 'This member has no value.', undefined, 'PW-QY-001')
      return `${JSON.stringify(keyText(key))}:${jsonOf(value, context)}`
    })
    return `{${pairs.join(',')}}`
  }
  if (node.kind === 'JsonArrayExpression')
    return `[${(node.fields.Values?.items ?? []).map((item) => jsonOf(item, context)).join(',')}]`
  if (node.kind === 'UnaryMinusExpression' && node.fields.Expression) return `-${jsonOf(node.fields.Expression, context)}`
  if (node.kind === 'UnaryPlusExpression' && node.fields.Expression) return jsonOf(node.fields.Expression, context)
  if (node.kind === 'DynamicExpression' && node.fields.Expression) return jsonOf(node.fields.Expression, context)
  return jsonLiteral(node, context)
}

function jsonLiteral(node: SyntaxNode, context: KqlContext): string {
  const { literal, kind } = node
  if (kind === 'NullLiteralExpression' || literal === null) return 'null'
  if (literal === undefined) throw context.refuse(node, 'Only literals may stand in dynamic(…).', 'Use pack_array or bag_pack.')
  if (kind === 'LongLiteralExpression' || kind === 'IntLiteralExpression') return literal
  if (kind === 'RealLiteralExpression') return /^-?\d+$/.test(literal) ? `${literal}.0` : literal
  if (kind === 'BooleanLiteralExpression') return literal.toLowerCase()
  if (kind === 'StringLiteralExpression') return JSON.stringify(literal)
  if (kind === 'DateTimeLiteralExpression') {
    const ticks = dateTicks(literal)
    if (ticks !== undefined) return JSON.stringify(new Date(Number(ticks / 10_000n)).toISOString().replace('Z', '0000Z'))
  }
  if (kind === 'TimespanLiteralExpression' && /^-?\d+$/.test(literal)) return JSON.stringify(spanText(BigInt(literal)))
  if (kind === 'GuidLiteralExpression') return JSON.stringify(literal.toLowerCase())
  throw context.refuse(node, 'This literal is not supported inside dynamic(…).')
}

/** The key as its token spells it; the parser decodes only string expressions. */
function keyText(token: string): string {
  const body = token.slice(1, -1)
  if (!body.includes('\\')) return body
  return body.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[code] ?? code
  })
}
