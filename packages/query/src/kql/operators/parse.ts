import { nullOf } from '../context.ts'
import type { KqlType } from '../kql-type.ts'
import { child, lowerExpression } from '../lower.ts'
import { namedParameters } from '../named-parameters.ts'
import { expressionsOf, type Operator, resultColumns } from '../operator.ts'
import { computed, filtered, wrap } from '../relation.ts'
import { convert } from '../values/convert.ts'

/** What a number looks like where no text follows that would end it. */
const NUMBERS: Partial<Record<KqlType, string>> = {
  int: '[-+]?[0-9]+',
  long: '[-+]?[0-9]+',
  real: '[-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?',
  decimal: '[-+]?[0-9]*\\.?[0-9]+',
}

/**
 * `parse` and `parse-where`: one anchored pattern; texts between stand for themselves, a column takes as little as
 * possible. `simple`: all or nothing; `relaxed`: a value of the wrong type is null by itself; `regex`: texts are patterns.
 */
export const lowerParse: Operator = (input, node, scope) => {
  const { context } = scope
  const options = namedParameters(node, scope, ['kind', 'flags'])
  const kind = options.get('kind')?.text ?? 'simple'
  const flags = options.get('flags')?.text ?? ''
  if (!/^[Uimns]*$/.test(flags)) throw context.refuse(node, `The flags ${flags} are not supported.`)
  const result = resultColumns(node, scope)
  const columns: { name: string; type: KqlType; group: number }[] = []
  // Groups that the patterns of the query have themselves.
  let groupsBefore = 0
  const items = expressionsOf(node, 'Patterns')
  const parts = items.map((item, index) => {
    const following = items[index + 1]
    if (item.literal !== undefined && item.literal !== null) {
      if (kind !== 'regex') return quote(item.literal)
      groupsBefore += groupCount(item.literal)
      return item.literal
    }
    if (item.kind === 'StarExpression') return following === undefined || kind === 'regex' ? '.*' : '.*?'
    const declared = item.kind === 'NameAndTypeDeclaration' ? item.fields.Name : item
    const name = declared?.text ?? ''
    const type = result.find((column) => column.name === name)?.type ?? 'string'
    columns.push({ name, type, group: columns.length + 1 + groupsBefore })
    const number = NUMBERS[type]
    if (number !== undefined) return kind === 'relaxed' ? `(\\s*${number}|.*?)` : `(\\s*${number})`
    return following === undefined || kind === 'regex' ? '(.*)' : '(.*?)'
  })
  const pattern = `(?${[...new Set(`s${flags.replace('n', '')}`)].join('')})^${parts.join('')}$`
  const text = convert(lowerExpression(child(node, 'Expression', scope), scope), 'string', context)
  const groups = context.fresh('c')
  const found = wrap(input, `SELECT *, extractGroups(${text.sql}, ${context.string(pattern)}) AS ${groups} FROM (${input.sql})`)
  const values = columns.map(({ name, type, group }) => ({
    name,
    value: convert({ sql: `${groups}[${group}]`, type: 'string' }, type, context),
  }))
  const failed = values.filter(({ value }) => value.type !== 'string').map(({ value }) => `isNull(${value.sql})`)
  const bad = [`empty(${groups})`, ...(kind === 'relaxed' ? [] : failed)].join(' OR ')
  const kept = values.map(({ name, value }) => ({
    name,
    value: { ...value, sql: `if(${bad}, ${nullOf(value.type)}, ${value.sql})` },
  }))
  const base = node.kind === 'ParseWhereOperator' ? filtered(found, `NOT (${bad})`) : found
  const output = computed(base, kept, context)
  const byName = new Map([...input.columns, ...output.columns].map((column) => [column.name, column]))
  return { ...output.relation, columns: result.flatMap((column) => byName.get(column.name) ?? []) }
}

const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const groupCount = (pattern: string): number => (pattern.replace(/\\./g, '').match(/\((?!\?)|\(\?P?<[A-Za-z]/g) ?? []).length
