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
  return language === 'sls' ? slsRefined(text, slsCondition(column, type, value, keep)) : undefined
}

/** Rows that a narrowed search lists at most. */
const SLS_ROWS = 10_000
const NARROWED = /^([\s\S]* \| select \* from log where [\s\S]+)( limit \d+)$/

/**
 * A search compares words, whatever their case; its SQL part compares values. Undefined where the query has an SQL part of
 * its own: its rows need not be those of the log.
 */
function slsRefined(text: string, condition: string): string | undefined {
  const [, before, limit = ''] = NARROWED.exec(text.trim()) ?? []
  if (before !== undefined) return `${before} and ${condition}${limit}`
  if (withoutQuoted(text).includes('|')) return undefined
  return `${text.trim() || '*'} | select * from log where ${condition} limit ${SLS_ROWS}`
}

const withoutQuoted = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"/g, '')

/** Source: Alibaba Cloud SLS, analysis grammar: names in double quotes, text in single ones, doubled within. */
function slsCondition(column: string, type: string, value: unknown, keep: boolean): string {
  const name = `"${column.replaceAll('"', '""')}"`
  if (value === null) return `${name} is ${keep ? 'null' : 'not null'}`
  const plain = type === 'int' || type === 'double' || type === 'boolean'
  const literal = plain ? String(value) : `'${String(value).replaceAll("'", "''")}'`
  // Rows that have no value are not that value.
  return keep ? `${name} = ${literal}` : `(${name} is null or ${name} != ${literal})`
}

/** Whether values of an answer can be asked for in the query that gave it. */
export function isRefinable(language: HuntLanguage, text: string): boolean {
  return language === 'kql' || (language === 'sls' && slsRefined(text, 'true') !== undefined)
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
