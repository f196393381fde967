import { QueryError } from '../query-error.ts'

export interface SqlToken {
  readonly type: 'name' | 'quoted' | 'string' | 'number' | 'mark' | 'end'
  readonly text: string
  readonly offset: number
}

const MARKS = ['->', '<>', '!=', '>=', '<=', '||', '(', ')', '[', ']', ',', '.', '+', '-', '*', '/', '%', '=', '<', '>', ';', '|']
const SKIPPED = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)+/y
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y

/** Tokens of the analysis part, which starts at `start`. In strings `''` is the only escape. */
export function sqlTokens(text: string, start: number): SqlToken[] {
  const tokens: SqlToken[] = []
  let offset = start
  for (;;) {
    offset += matchAt(SKIPPED, text, offset).length
    if (offset >= text.length) return [...tokens, { type: 'end', text: '', offset }]
    const token = nextToken(text, offset)
    tokens.push(token.token)
    offset = token.end
  }
}

function nextToken(text: string, offset: number): { token: SqlToken; end: number } {
  const first = text[offset]
  if (first === "'" || first === '"') return quoted(text, offset, first)
  for (const [type, pattern] of [
    ['name', NAME],
    ['number', NUMBER],
  ] as const) {
    const found = matchAt(pattern, text, offset)
    if (found !== '') return { token: { type, text: found, offset }, end: offset + found.length }
  }
  const mark = MARKS.find((candidate) => text.startsWith(candidate, offset))
  if (mark !== undefined) return { token: { type: 'mark', text: mark, offset }, end: offset + mark.length }
  throw new QueryError('PW-QY-001', `The character "${String.fromCodePoint(text.codePointAt(offset) ?? 0)}" cannot stand here.`, {
    text,
    offset,
  })
}

function quoted(text: string, offset: number, quote: string): { token: SqlToken; end: number } {
  let value = ''
  for (let at = offset + 1; at < text.length; at += 1) {
    if (text[at] !== quote) value += text[at]
    else if (text[at + 1] === quote) {
      value += quote
      at += 1
    } else return { token: { type: quote === "'" ? 'string' : 'quoted', text: value, offset }, end: at + 1 }
  }
  throw new QueryError('PW-QY-001', 'This quotation mark is never closed.', { text, offset })
}

function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? ''
}
