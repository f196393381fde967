import type { Catalog } from '../catalog/catalog.ts'
import { compile } from '../compile.ts'
import { FUNCTIONS } from '../functions/index.ts'
import { QueryError } from '../query-error.ts'
import { searchTokens } from '../sls/search-lexer.ts'
import { sqlTokens } from '../sls/sql-lexer.ts'
import { argumentsText, completeSls } from './complete-sls.ts'
import type { Diagnostic, EditorAnswer, EditorRequest, Hover } from './editor-answer.ts'
import { faultAt } from './fault-place.ts'

/** Answers an editor about SLS, from the catalog and the table of functions that the compiler works by. */
export function editSls({ task, text, position = text.length }: EditorRequest, catalog: Catalog): EditorAnswer {
  if (task === 'complete') return completeSls(text, position, analysisStart(text), catalog)
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
