import { searchTokens } from '../sls/search-lexer.ts'
import { type SqlToken, sqlTokens } from '../sls/sql-lexer.ts'

/**
 * What may stand at a place of an SLS query: a field of the search, or what joins it to the next; in the analysis part its
 * first word, an expression, what goes on behind one, a source of rows, a step of SPL.
 */
export type SlsPlace =
  | 'search'
  | 'searched'
  | 'start'
  | 'expression'
  | 'operand'
  | 'source'
  | 'query'
  | 'step'
  | 'by'
  | 'type'
  | 'window'
  | 'nothing'

/** What may stand behind the words of a search; `text` ends where the next word begins. */
export function searchPlace(text: string): SlsPlace {
  let tokens: ReturnType<typeof searchTokens>
  try {
    tokens = searchTokens(text).slice(0, -1)
  } catch {
    return 'nothing'
  }
  const last = tokens.at(-1)
  if (last === undefined) return 'search'
  if (inValues(tokens)) return 'nothing'
  if (last.type === 'mark') return last.text === '(' ? 'search' : last.text === ')' || last.text === ']' ? 'searched' : 'nothing'
  if (last.type === 'word' && /^(?:and|or|not)$/i.test(last.text)) return 'search'
  return last.type === 'word' && /^in$/i.test(last.text) ? 'nothing' : 'searched'
}

/** Whether the end is inside `key: (a or …`. */
function inValues(tokens: ReturnType<typeof searchTokens>): boolean {
  let depth = 0
  for (let at = tokens.length - 1; at > 0; at -= 1) {
    if (tokens[at]?.type !== 'mark') continue
    if (tokens[at]?.text === ')') depth += 1
    if (tokens[at]?.text === '(') depth -= 1
    if (depth < 0) return tokens[at - 1]?.text === ':'
  }
  return false
}

/** Words behind which an expression stands. */
const BEFORE_EXPRESSION = new Set(
  'select distinct where and or not on by having case when then else between in like escape extend project sort stats all'.split(
    ' ',
  ),
)

/** What may stand in the analysis part that begins at `start`; `text` ends where the next word begins. */
export function analysisPlace(text: string, start: number): SlsPlace {
  let tokens: SqlToken[]
  try {
    tokens = sqlTokens(text, start).slice(0, -1)
  } catch {
    return 'nothing'
  }
  const last = tokens.at(-1)
  if (last === undefined) return 'start'
  const word = last.text.toLowerCase()
  if (last.type === 'mark') return behindMark(tokens, word)
  if (last.type !== 'name') return 'operand'
  if (word === 'from' || word === 'join') return 'source'
  if (word === 'as') return inCast(tokens) ? 'type' : 'nothing'
  if (word === 'limit' || word === 'with' || word === 'offset') return 'nothing'
  if (word === 'group' || word === 'order' || word === 'partition') return 'by'
  if (word === 'union') return 'query'
  return BEFORE_EXPRESSION.has(word) ? 'expression' : 'operand'
}

function behindMark(tokens: readonly SqlToken[], mark: string): SlsPlace {
  const before = tokens.at(-2)?.text.toLowerCase() ?? ''
  if (mark === '|') return 'step'
  if (mark === ')' || mark === ']') return 'operand'
  if (mark === '*') return /^(?:select|distinct|\(|,|)$/.test(before) ? 'operand' : 'expression'
  if (mark === ',') return clauseOf(tokens) === 'from' ? 'source' : 'expression'
  if (mark !== '(') return 'expression'
  if (before === 'over') return 'window'
  return before === 'from' || before === 'join' || before === 'as' ? 'query' : 'expression'
}

/** The clause that the end stands in, at its own depth of brackets. */
function clauseOf(tokens: readonly SqlToken[]): string {
  let depth = 0
  for (const { type, text } of [...tokens].reverse()) {
    if (type === 'mark' && text === ')') depth += 1
    if (type === 'mark' && text === '(') depth -= 1
    if (depth < 0) return ''
    const word = text.toLowerCase()
    if (depth === 0 && type === 'name' && /^(?:select|from|where|by|having|on)$/.test(word)) return word
  }
  return ''
}

function inCast(tokens: readonly SqlToken[]): boolean {
  let depth = 0
  for (let at = tokens.length - 1; at > 0; at -= 1) {
    if (tokens[at]?.type !== 'mark') continue
    if (tokens[at]?.text === ')') depth += 1
    if (tokens[at]?.text === '(') depth -= 1
    if (depth < 0) return /^(?:try_)?cast$/i.test(tokens[at - 1]?.text ?? '')
  }
  return false
}
