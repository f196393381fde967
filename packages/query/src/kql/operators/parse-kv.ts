import type { KqlContext, Scope } from '../context.ts'
import { child, lowerExpression } from '../lower.ts'
import { expressionsOf, type Operator, resultColumns } from '../operator.ts'
import { computed } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'

const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
const OPTIONS = ['pair_delimiter', 'kv_delimiter', 'quote', 'escape', 'greedy', 'regex']

type Options = ReadonlyMap<string, string>

/**
 * `parse-kv text as (key:type, …) with (…)`: one pattern for each key; a key that is not there is null. Without
 * delimiters whatever is no letter or digit ends a word. Source: Kusto documentation, parse-kv operator.
 */
export const lowerParseKv: Operator = (input, node, scope) => {
  const { context } = scope
  const options = optionsOf(node, scope)
  const text = convert(lowerExpression(child(node, 'Expression', scope), scope), 'string', context)
  const result = resultColumns(node, scope)
  const find = finder(text.sql, options, node, context)
  const values = expressionsOf(node.fields.Keys ?? node, 'Columns').map((item) => {
    const name = item.fields.Name?.text ?? ''
    const type = result.find((column) => column.name === name)?.type ?? 'string'
    return { name, value: convert({ sql: find(name), type: 'string' }, type, context) }
  })
  const { relation, columns } = computed(input, values, context)
  const byName = new Map([...input.columns, ...columns].map((column) => [column.name, column]))
  return { ...relation, columns: result.flatMap((column) => byName.get(column.name) ?? []) }
}

function optionsOf(node: SyntaxNode, { context }: Scope): Options {
  const options = new Map<string, string>()
  for (const item of node.fields.WithClause?.fields.Properties?.items ?? node.fields.WithClause?.fields.Parameters?.items ?? []) {
    const name = item.fields.Name?.text ?? ''
    if (!OPTIONS.includes(name)) throw context.refuse(item, `The option ${name} is not supported here.`)
    options.set(name, item.fields.Expression?.literal ?? '')
  }
  return options
}

/** Makes the expression for the value of a key. */
function finder(text: string, options: Options, node: SyntaxNode, context: KqlContext): (key: string) => string {
  const regex = options.get('regex')
  if (regex !== undefined) {
    const pairs = `extractAllGroupsVertical(${text}, ${context.string(regex)})`
    return (key) => `trimBoth(arrayFirst(g -> trimBoth(g[1]) = ${context.string(key)}, ${pairs})[2])`
  }
  const [pair, between] = [options.get('pair_delimiter'), options.get('kv_delimiter')]
  if ((pair === undefined) !== (between === undefined))
    throw context.refuse(node, 'parse-kv needs both delimiters or none.', "Write with (pair_delimiter=' ', kv_delimiter='=').")
  const pattern = pair === undefined || between === undefined ? anyDelimiter(options) : delimited(pair, between, options)
  const mark = context.string(options.get('quote')?.slice(-1) ?? '')
  const mask = options.get('escape')
  return (key) => {
    const groups = `extractGroups(${text}, ${context.string(pattern(key))})`
    const quoted =
      mask === undefined ? `${groups}[1]` : `replaceAll(${groups}[1], concat(${context.string(mask)}, ${mark}), ${mark})`
    return `if(${quoted} != '', ${quoted}, trimBoth(${groups}[2]))`
  }
}

/** A quoted value as the first group of a pattern. */
function quotedValue(options: Options): { value: string; key: (name: string) => string } {
  const marks = options.get('quote') ?? ''
  if (marks === '') return { value: '(\\x00)', key: quote }
  const [open, close] = [quote(marks.slice(0, 1)), quote(marks.slice(-1))]
  const mask = options.get('escape')
  const escaped = mask === undefined ? '' : `${quote(mask)}.|`
  const not = mask === undefined ? close : `${close}${quote(mask)}`
  return {
    value: `${open}((?:${escaped}[^${not}])*)${close}`,
    key: (name) => `(?:${quote(name)}|${open}${quote(name)}${close})`,
  }
}

/** Its first group is a quoted value, its second a bare one. */
function delimited(pair: string, between: string, options: Options): (key: string) => string {
  const quoted = quotedValue(options)
  const apart = quote(pair)
  const longer = pair.length > 1 ? `|${quote(pair.slice(0, 1))}[^${quote(pair.slice(1, 2))}]` : ''
  const bare =
    options.get('greedy')?.toLowerCase() === 'true'
      ? `(.*?)(?:${apart}[^${apart}]+${quote(between)}|$)`
      : `((?:[^${quote(pair.slice(0, 1))}]${longer})*)`
  const blank = pair.trim() === '' ? '' : '\\s*'
  return (key) => `(?s)(?:^|${apart})${blank}${quoted.key(key)}${blank}${quote(between)}${blank}(?:${quoted.value}|${bare})`
}

function anyDelimiter(options: Options): (key: string) => string {
  const quoted = quotedValue(options)
  return (key) => `(?s)(?:^|[^0-9A-Za-z])${quoted.key(key)}[^0-9A-Za-z]+?(?:${quoted.value}|([0-9A-Za-z]+))`
}
