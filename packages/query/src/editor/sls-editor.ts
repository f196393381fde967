import type { Catalog, Field } from '../catalog/catalog.ts'
import { compile } from '../compile.ts'
import { FUNCTIONS } from '../functions/index.ts'
import { QueryError } from '../query-error.ts'
import { PIPELINE_STEPS } from '../sls/parse-pipeline.ts'
import { searchTokens } from '../sls/search-lexer.ts'
import { sqlTokens } from '../sls/sql-lexer.ts'
import {
  type Completion,
  type CompletionList,
  type Diagnostic,
  type EditorAnswer,
  type EditorRequest,
  type Hover,
  MAX_COMPLETIONS,
} from './editor-answer.ts'
import { faultAt } from './fault-place.ts'

const SEARCH_WORDS = ['and', 'or', 'not', 'in']
const SQL_WORDS =
  'select distinct from log where group by having order by limit with as and or not in like is null between case when then else end asc desc join left join on using union all over partition by cast try_cast array true false'
    .split(' ')
    .filter((word, index, all) => all.indexOf(word) === index)

/** Answers an editor about SLS, from the catalog and the table of functions that the compiler works by. */
export function editSls({ task, text, position = text.length }: EditorRequest, catalog: Catalog): EditorAnswer {
  if (task === 'complete') return complete(text, position, catalog)
  if (task === 'hover') return hover(text, position, catalog)
  if (task === 'diagnose') return diagnose(text, catalog)
  if (task === 'format') return formatted(text, catalog)
  return text
}

/** Where the analysis part begins, just behind its `|`; undefined where there is none. A text that cannot be read has what its first `|` says. */
function analysisStart(text: string): number | undefined {
  let end: number
  try {
    end = searchTokens(text).at(-1)?.offset ?? text.length
  } catch {
    end = text.indexOf('|')
  }
  return end >= 0 && end < text.length ? end + 1 : undefined
}

function complete(text: string, position: number, { logstore }: Catalog): CompletionList {
  const start = analysisStart(text)
  const before = text.slice(0, position)
  const inAnalysis = start !== undefined && position >= start
  const typed = (inAnalysis ? /"?[\w.:-]*$/ : /[\w.:-]*$/).exec(before)?.[0] ?? ''
  const from = position - typed.length
  const wanted = typed.replaceAll('"', '').toLowerCase()
  const fields = logstore.fields.map((field) => fieldItem(field, inAnalysis))
  const all = inAnalysis
    ? [...fields, ...functionItems(), ...words(SQL_WORDS), ...steps(text.slice(start, from))]
    : [...fields, ...words(SEARCH_WORDS)]
  const rank = ({ label }: Completion): number => {
    const place = label.toLowerCase().indexOf(wanted)
    return place === 0 ? 0 : place > 0 ? 1 : 2
  }
  const items = all.filter((one) => rank(one) < 2).sort((a, b) => rank(a) - rank(b))
  return { from, to: position, items: items.slice(0, MAX_COMPLETIONS) }
}

function fieldItem({ name, type }: Field, inAnalysis: boolean): Completion {
  const plain = /^\w+$/.test(name)
  return { label: name, kind: 'field', before: inAnalysis ? (plain ? name : `"${name}"`) : `${name}: `, after: '', detail: type }
}

function functionItems(): Completion[] {
  return Object.entries(FUNCTIONS).map(([name, { kind, min, max }]) => ({
    label: name,
    kind: kind === 'scalar' ? 'function' : 'aggregate',
    before: `${name}(`,
    after: ')',
    detail: argumentsText(min, max),
  }))
}

const argumentsText = (min: number, max: number): string => (min === max ? `${min} argument(s)` : `${min} to ${max} arguments`)
const words = (list: readonly string[]): Completion[] =>
  list.map((label) => ({ label, kind: 'keyword', before: `${label} `, after: '' }))
/** Steps of SPL, where one may begin. */
const steps = (before: string): Completion[] =>
  /(?:^|\|)\s*$/.test(before)
    ? PIPELINE_STEPS.map((label) => ({ label, kind: 'operator' as const, before: `${label} `, after: '' }))
    : []

function hover(text: string, position: number, { logstore }: Catalog): Hover | null {
  const left = /[\w.]*$/.exec(text.slice(0, position))?.[0] ?? ''
  const right = /^[\w.]*/.exec(text.slice(position))?.[0] ?? ''
  const word = `${left}${right}`.replace(/\.+$/, '')
  const [from, to] = [position - left.length, position - left.length + word.length]
  const field = logstore.fields.find(({ name }) => name.toLowerCase() === word.toLowerCase())
  if (field !== undefined) return { from, to, text: `${field.name}: ${field.type}, a field of the logstore` }
  const name = word.toLowerCase()
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (found === undefined) return null
  const kinds = { scalar: 'a function', aggregate: 'an aggregate', window: 'a window function' }
  const returns = typeof found.returns === 'string' ? `, gives ${found.returns}` : ''
  return { from, to, text: `${name}: ${kinds[found.kind]}, ${argumentsText(found.min, found.max)}${returns}` }
}

function diagnose(text: string, catalog: Catalog): Diagnostic[] {
  try {
    // A time range as a question has one: comparisons need it.
    compile({ lang: 'sls', text, catalog, from: '2000-01-01T00:00:00Z', to: '2000-01-02T00:00:00Z' })
    return []
  } catch (error) {
    if (error instanceof QueryError) return [faultAt(error, text)]
    throw error
  }
}

/** Words that begin a line in the analysis part. */
const LINE_STARTS = new Set(['from', 'where', 'group', 'having', 'order', 'limit', 'union'])

/** One space between words, clauses on lines of their own; what does not compile stays as it is, and so do comments. */
function formatted(text: string, catalog: Catalog): string {
  if (diagnose(text, catalog).length > 0) return text
  const start = analysisStart(text)
  if (start === undefined) return text.trim().replace(/\s*\n\s*/g, ' ')
  const head = text.slice(0, start - 1).trim()
  const tokens = sqlTokens(text, start)
  let depth = 0
  let body = ''
  tokens.forEach((token, index) => {
    const next = tokens[index + 1]
    if (next === undefined) return
    const piece = text.slice(token.offset, next.offset)
    const word = token.type === 'name' || token.type === 'mark' ? token.text.toLowerCase() : ''
    if (word === ')') depth -= 1
    const breaks = depth === 0 && ((token.type === 'name' && LINE_STARTS.has(word)) || word === '|') && body !== ''
    if (word === '(') depth += 1
    if (breaks) body = `${body.trimEnd()}\n${token.type === 'name' ? '  ' : ''}`
    body += piece.includes('--') || piece.includes('/*') ? piece : piece.replace(/\s+$/, ' ')
  })
  const result = `${head === '' ? '*' : head}\n| ${body.trim()}`
  return diagnose(result, catalog).length === 0 ? result : text
}
