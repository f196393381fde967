import { QueryError } from '../query-error.ts'
import { type SearchToken, searchTokens } from './search-lexer.ts'
import type { Bound, Comparison, Search, Word } from './search-query.ts'

const COMPARISONS: ReadonlySet<string> = new Set(['>', '>=', '<', '<=', '=', '!='])
const MAX_DEPTH = 100
const NUMBER = /^-?\d+(\.\d+)?$/

/** Parses the search part; `end` is where it stops: at `|` or the end of the text. Throws QueryError. */
export function parseSearch(text: string): { search: Search; end: number } {
  const parser = new SearchParser(text)
  return { search: parser.whole(), end: parser.end }
}

class SearchParser {
  readonly #text: string
  readonly #tokens: SearchToken[]
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = searchTokens(text)
  }

  get end(): number {
    return this.#tokens.at(-1)?.offset ?? 0
  }

  whole(): Search {
    if (this.#peek().type === 'end') return { type: 'all' }
    const search = this.#or(undefined)
    const rest = this.#peek()
    if (rest.type !== 'end') throw this.#unexpected(rest)
    return search
  }

  #or(key: Word | undefined): Search {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw this.#error('PW-QY-007', `More than ${MAX_DEPTH} levels of brackets.`, this.#peek())
    const items = [this.#and(key)]
    while (this.#keyword('or')) {
      this.#at += 1
      items.push(this.#and(key))
    }
    this.#depth -= 1
    return combine('or', items)
  }

  /** Conditions side by side mean `and`; so does `a not b`. */
  #and(key: Word | undefined): Search {
    const items = [this.#unary(key)]
    for (;;) {
      if (this.#keyword('and')) this.#at += 1
      else if (this.#peek().type === 'end' || this.#keyword('or') || this.#peek().text === ')') return combine('and', items)
      else if (this.#peek().type === 'mark' && this.#peek().text !== '(') return combine('and', items)
      items.push(this.#unary(key))
    }
  }

  #unary(key: Word | undefined): Search {
    let negated = false
    while (this.#keyword('not')) {
      this.#at += 1
      negated = !negated
    }
    const item = this.#primary(key)
    return negated ? { type: 'not', item } : item
  }

  #primary(key: Word | undefined): Search {
    const token = this.#next()
    if (token.type === 'mark' && token.text === '(') {
      const inner = this.#or(key)
      this.#expect(')')
      return inner
    }
    if (token.type === 'mark' || token.type === 'end') throw this.#unexpected(token)
    if (isReserved(token)) throw this.#unexpected(token)
    if (token.type !== 'phrase' && key === undefined) {
      const condition = this.#keyed(token)
      if (condition !== undefined) return condition
    }
    return term(key, token)
  }

  /** What begins with a key: `key: value`, `key > 1`, `key in [1 2)`. */
  #keyed(token: SearchToken): Search | undefined {
    let key: Word = { text: token.text, offset: token.offset, quoted: token.type === 'quoted' }
    const operator = this.#peek()
    if (operator.type === 'word' && operator.text.toLowerCase() === 'in' && '[('.includes(this.#peek(1).text || ' ')) {
      this.#at += 1
      return this.#range(key)
    }
    if (operator.type !== 'mark') return undefined
    if (COMPARISONS.has(operator.text)) {
      this.#at += 1
      return { type: 'compare', key, operator: operator.text as Comparison, value: this.#number() }
    }
    if (operator.text !== ':') return undefined
    this.#at += 1
    const tag = this.#peek()
    if (key.text.toLowerCase() === '__tag__' && this.#peek(1).text === ':') {
      key = { ...key, text: `${key.text}:${tag.text}` }
      this.#at += 2
    }
    return this.#value(key)
  }

  #value(key: Word): Search {
    const token = this.#next()
    if (token.text === '(' && token.type === 'mark') {
      const inner = this.#or(key)
      this.#expect(')')
      return inner
    }
    if (token.type === 'mark' && COMPARISONS.has(token.text))
      return { type: 'compare', key, operator: token.text as Comparison, value: this.#number() }
    if (token.type === 'mark' || token.type === 'end' || isReserved(token)) throw this.#unexpected(token)
    if (this.#peek().text === ':' && this.#peek().type === 'mark')
      throw this.#error('PW-QY-001', 'A colon inside a value.', this.#peek(), 'Put the value in quotation marks: key: "a:b".')
    return term(key, token)
  }

  #range(key: Word): Search {
    const open = this.#next()
    const low: Bound = { value: this.#number(), inclusive: open.text === '[' }
    const high = this.#number()
    const close = this.#next()
    if (close.type !== 'mark' || (close.text !== ']' && close.text !== ')')) throw this.#unexpected(close)
    return { type: 'range', key, low, high: { value: high, inclusive: close.text === ']' } }
  }

  #number(): string {
    const token = this.#next()
    if (token.type === 'word' && NUMBER.test(token.text)) return token.text
    throw this.#error('PW-QY-001', 'A number is needed here.', token, 'Comparisons and ranges work on numbers.')
  }

  #keyword(word: string): boolean {
    return this.#peek().type === 'word' && this.#peek().text.toLowerCase() === word
  }

  #peek(ahead = 0): SearchToken {
    return this.#tokens[this.#at + ahead] ?? { type: 'end', text: '', offset: this.end }
  }

  #next(): SearchToken {
    const token = this.#peek()
    this.#at += 1
    return token
  }

  #expect(mark: string): void {
    const token = this.#next()
    if (token.type !== 'mark' || token.text !== mark) throw this.#unexpected(token, `"${mark}" is needed here.`)
  }

  #unexpected(token: SearchToken, hint?: string): QueryError {
    const what = token.type === 'end' ? 'The search ends too early.' : `"${token.text}" cannot stand here.`
    return this.#error('PW-QY-001', what, token, hint)
  }

  #error(code: 'PW-QY-001' | 'PW-QY-007', message: string, token: SearchToken, hint?: string): QueryError {
    return new QueryError(code, message, { text: this.#text, offset: token.offset }, { hint })
  }
}

function isReserved(token: SearchToken): boolean {
  return token.type === 'word' && /^(and|or|not)$/i.test(token.text)
}

function term(key: Word | undefined, token: SearchToken): Search {
  const value: Word = { text: token.text, offset: token.offset, quoted: token.type !== 'word' }
  if (key === undefined && value.text === '*' && !value.quoted) return { type: 'all' }
  return { type: 'term', ...(key === undefined ? {} : { key }), value, phrase: token.type === 'phrase' }
}

function combine(type: 'and' | 'or', items: Search[]): Search {
  const [first] = items
  return items.length === 1 && first !== undefined ? first : { type, items }
}
