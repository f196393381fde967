import { convert } from '../expressions/convert.ts'
import { child, lowerExpression } from '../lower.ts'
import { computed } from '../relation.ts'
import { expressionsOf, type Operator, resultColumns } from './operator.ts'

const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
const OPTIONS = ['pair_delimiter', 'kv_delimiter', 'quote', 'escape', 'greedy']

/** `parse-kv text as (key:type, …) with (…)`: one pattern for each key; a key that is not there is null. */
export const lowerParseKv: Operator = (input, node, scope) => {
  const { context } = scope
  const options = new Map<string, string>()
  for (const item of node.fields.WithClause?.fields.Properties?.items ?? node.fields.WithClause?.fields.Parameters?.items ?? []) {
    const name = item.fields.Name?.text ?? ''
    if (!OPTIONS.includes(name)) throw context.refuse(item, `The option ${name} is not supported here.`)
    options.set(name, item.fields.Expression?.literal ?? '')
  }
  const [pair, between] = [options.get('pair_delimiter'), options.get('kv_delimiter')]
  if (pair === undefined || between === undefined)
    throw context.refuse(node, 'parse-kv needs its delimiters here.', "Add with (pair_delimiter=' ', kv_delimiter='=').")
  const text = convert(lowerExpression(child(node, 'Expression', scope), scope), 'string', context)
  const result = resultColumns(node, scope)
  const make = valuePattern(pair, between, options)
  const values = expressionsOf(node.fields.Keys ?? node, 'Columns').map((item) => {
    const name = item.fields.Name?.text ?? ''
    const type = result.find((column) => column.name === name)?.type ?? 'string'
    const groups = `extractGroups(${text.sql}, ${context.string(make(name))})`
    const quoted = options.has('escape')
      ? `replaceAll(${groups}[1], concat(${context.string(options.get('escape') ?? '')}, ${context.string(options.get('quote')?.slice(-1) ?? '')}), ${context.string(options.get('quote')?.slice(-1) ?? '')})`
      : `${groups}[1]`
    return { name, value: convert({ sql: `if(${quoted} != '', ${quoted}, ${groups}[2])`, type: 'string' }, type, context) }
  })
  const { relation, columns } = computed(input, values, context)
  const byName = new Map([...input.columns, ...columns].map((column) => [column.name, column]))
  return { ...relation, columns: result.flatMap((column) => byName.get(column.name) ?? []) }
}

/** The pattern of a key's value: its first group is a quoted value, its second a bare one. */
function valuePattern(pair: string, between: string, options: ReadonlyMap<string, string>): (key: string) => string {
  const marks = options.get('quote') ?? ''
  const [open, close] = [quote(marks.slice(0, 1)), quote(marks.slice(-1))]
  const escaped = options.has('escape') ? `${quote(options.get('escape') ?? '')}.|` : ''
  const quoted = marks === '' ? '(\\x00)' : `${open}((?:${escaped}[^${close}])*)${close}`
  const apart = quote(pair)
  const bare =
    options.get('greedy')?.toLowerCase() === 'true'
      ? `(.*?)(?:${apart}[^${apart}]+${quote(between)}|$)`
      : `((?:[^${quote(pair.slice(0, 1))}]${pair.length > 1 ? `|${quote(pair.slice(0, 1))}[^${quote(pair.slice(1, 2))}]` : ''})*)`
  return (key) => {
    const name = marks === '' ? quote(key) : `(?:${quote(key)}|${open}${quote(key)}${close})`
    return `(?s)(?:^|${apart})${name}${quote(between)}(?:${quoted}|${bare})`
  }
}
