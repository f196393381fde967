import { QueryError, type QueryErrorCode } from '../query-error.ts'
import { type SqlToken, sqlTokens } from './sql-lexer.ts'
import type { Expression, Select } from './statement.ts'

const MAX_DEPTH = 100

/** What stands inside of each other: queries in expressions, and expressions in what makes them up. */
interface Grammar {
  select(reader: TokenReader): Select
  expression(reader: TokenReader): Expression
}

/** A cursor over the tokens of the analysis part. */
export class TokenReader {
  readonly text: string
  readonly #tokens: SqlToken[]
  #at = 0
  #depth = 0

  readonly #grammar: Grammar

  constructor(text: string, start: number, grammar: Grammar) {
    this.#grammar = grammar
    this.text = text
    this.#tokens = sqlTokens(text, start)
  }

  select(): Select {
    return this.#grammar.select(this)
  }

  expression(): Expression {
    return this.#grammar.expression(this)
  }

  peek(ahead = 0): SqlToken {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as SqlToken
  }

  next(): SqlToken {
    const token = this.peek()
    this.#at += 1
    return token
  }

  is(word: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return (token.type === 'mark' || token.type === 'name') && token.text.toLowerCase() === word
  }

  /** Takes the word or mark if it is next. */
  accept(word: string): boolean {
    if (!this.is(word)) return false
    this.#at += 1
    return true
  }

  expect(word: string): void {
    if (!this.accept(word)) throw this.unexpected(`"${word}" is needed here.`)
  }

  /** A name, quoted or not; `reserved` words must be quoted. */
  name(): string {
    const token = this.next()
    if (token.type === 'quoted' || token.type === 'name') return token.text
    throw this.error('PW-QY-001', 'A name is needed here.', token.offset)
  }

  list<T>(item: () => T): T[] {
    const items = [item()]
    while (this.accept(',')) items.push(item())
    return items
  }

  /** Runs one level deeper; too deep a text is refused before it exhausts the stack. */
  nested<T>(parse: () => T): T {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw this.error('PW-QY-007', `More than ${MAX_DEPTH} levels of nesting.`, this.peek().offset)
    const result = parse()
    this.#depth -= 1
    return result
  }

  unexpected(hint?: string): QueryError {
    const token = this.peek()
    const what = token.type === 'end' ? 'The query ends too early.' : `"${token.text}" cannot stand here.`
    return this.error('PW-QY-001', what, token.offset, hint)
  }

  error(code: QueryErrorCode, message: string, offset: number, hint?: string): QueryError {
    return new QueryError(code, message, { text: this.text, offset }, { hint })
  }
}
