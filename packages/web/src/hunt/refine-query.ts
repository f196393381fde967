import { kqlName, kqlText } from './kql-literal.ts'
import type { HuntLanguage } from './language-support.ts'

/**
 * A query that also asks for a value, or for anything but it. Undefined where the language has no safe place to add it.
 *
 * @param type The column's type as the answer names it.
 */
export function refineQuery(
  language: HuntLanguage,
  text: string,
  column: string,
  type: string,
  value: unknown,
  keep: boolean,
): string | undefined {
  if (typeof value === 'object' && value !== null) return undefined
  if (language === 'kql') return `${text.trimEnd()}\n| where ${kqlCondition(column, type, value, keep)}`
  return undefined
}

function kqlCondition(column: string, type: string, value: unknown, keep: boolean): string {
  const name = kqlName(column)
  if (value === null) return keep ? `isnull(${name})` : `isnotnull(${name})`
  return `${name} ${keep ? '==' : '!='} ${kqlLiteral(type, String(value))}`
}

/** A literal of the column's type. Source: Kusto Query Language, scalar data types. */
function kqlLiteral(type: string, text: string): string {
  if (type === 'datetime' || type === 'timespan' || type === 'guid') return `${type}(${text})`
  if (type === 'bool' || type === 'int' || type === 'long' || type === 'real' || type === 'decimal') return text
  return kqlText(text)
}
