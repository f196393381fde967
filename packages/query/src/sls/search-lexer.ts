import { QueryError } from '../query-error.ts'

export interface SearchToken {
  readonly type: 'word' | 'quoted' | 'phrase' | 'mark' | 'end'
  readonly text: string
  readonly offset: number
}

const MARKS = ['>=', '<=', '!=', '>', '<', '=', '(', ')', '[', ']', ':']
const WORD_END = /[\s()[\]:"<>=|]/

/** Reads up to the `|` that begins the analysis part, or the end. The last token is `end`, at that place. */
export function searchTokens(text: string): SearchToken[] {
  const tokens: SearchToken[] = []
  let offset = 0
  while (offset < text.length && text[offset] !== '|') {
    if (/\s/.test(text[offset] ?? '')) {
      offset += 1
      continue
    }
    const token = nextToken(text, offset)
    tokens.push(token.token)
    offset = token.end
  }
  return [...tokens, { type: 'end', text: '', offset }]
}

function nextToken(text: string, offset: number): { token: SearchToken; end: number } {
  if (text.startsWith('#"', offset)) return quoted(text, offset, offset + 1, 'phrase')
  if (text[offset] === '"') return quoted(text, offset, offset, 'quoted')
  const mark = MARKS.find((candidate) => text.startsWith(candidate, offset))
  if (mark !== undefined) return { token: { type: 'mark', text: mark, offset }, end: offset + mark.length }
  let end = offset + 1
  while (end < text.length && !WORD_END.test(text[end] ?? '') && !text.startsWith('!=', end)) end += 1
  return { token: { type: 'word', text: text.slice(offset, end), offset }, end }
}

/** `\"` and `\\` are the escapes; any other backslash is itself. */
function quoted(text: string, offset: number, quote: number, type: 'quoted' | 'phrase'): { token: SearchToken; end: number } {
  let value = ''
  for (let at = quote + 1; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character === '"') return { token: { type, text: value, offset }, end: at + 1 }
    const next = text[at + 1]
    if (character === '\\' && (next === '"' || next === '\\')) {
      value += next
      at += 1
    } else value += character
  }
  throw new QueryError('PW-QY-001', 'This quotation mark is never closed.', { text, offset })
}
