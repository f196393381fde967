import { textOfLiteral } from './kql-literal.ts'
import { BARE, type Condition, OPERATORS, type Operator, type SimpleQuery, type SimpleValue, valuesOf } from './simple-query.ts'

/** Why a query has no simple face: the part that has none, and its line, from 1. */
export interface NotSimple {
  readonly part: string
  readonly line: number
}

/** A piece of the text. `bare` is a value without quotes, `text` a literal's meaning, `name` a word or `['a name']`. */
interface Token {
  readonly kind: 'name' | 'quotedName' | 'text' | 'bare' | 'mark'
  readonly text: string
  readonly at: number
}

const LITERAL = `@'(?:[^']|'')*'|@"(?:[^"]|"")*"|'(?:[^'\\\\\\n]|\\\\.)*'|"(?:[^"\\\\\\n]|\\\\.)*"`
const TOKEN = new RegExp(
  [
    '(?<space>\\s+)',
    `\\[\\s*(?<bracketed>${LITERAL})\\s*\\]`,
    `(?<literal>${LITERAL})`,
    '(?<call>(?:datetime|ago)\\([^()\\n]*\\))',
    '(?<number>-?\\d[\\w.]*)',
    '(?<word>!?[A-Za-z_]\\w*~?)',
    '(?<mark>==|!=|=~|!~|<=|>=|[^])',
  ].join('|'),
  'y',
)
/** Longest text that is looked at: a form of more than this helps nobody. */
const MAX_LENGTH = 20_000

/** A step that this reader has no place for. */
class Unsimple extends Error {
  readonly at: number

  constructor(at: number) {
    super('not simple')
    this.at = at
  }
}

/**
 * Reads a KQL query as a form: `table | where … | summarize count() by … | order by … | take n | project …`, steps in this
 * order, conditions joined by `and`. Whatever else a query says (a comment too) makes it one for the editor.
 */
export function readSimpleQuery(text: string): SimpleQuery | NotSimple {
  try {
    if (text.length > MAX_LENGTH) throw new Unsimple(MAX_LENGTH)
    return new Reader(tokensOf(text), text.length).query()
  } catch (error) {
    if (!(error instanceof Unsimple)) throw error
    const line = text.slice(0, error.at).split('\n').length
    const part = text.slice(error.at).split('\n')[0]?.trim().slice(0, 60) ?? ''
    return { part, line }
  }
}

/** Whether a query could be read. */
export const isSimple = (read: SimpleQuery | NotSimple): read is SimpleQuery => 'table' in read

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at
    const groups = TOKEN.exec(text)?.groups
    const end = TOKEN.lastIndex
    const token = groups && tokenOf(groups, at)
    if (token !== undefined) tokens.push(token)
    at = Math.max(end, at + 1)
  }
  return tokens
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, at: number): Token | undefined {
  const { space, bracketed, literal, call, number, word, mark } = groups
  if (space !== undefined) return undefined
  if (mark !== undefined) return { kind: 'mark', text: mark, at }
  const quoted = bracketed ?? literal
  if (quoted !== undefined) {
    const meaning = textOfLiteral(quoted)
    if (meaning === undefined) throw new Unsimple(at)
    return { kind: bracketed === undefined ? 'text' : 'quotedName', text: meaning, at }
  }
  const bare = call ?? number ?? (word === 'true' || word === 'false' ? word : undefined)
  if (bare !== undefined && !BARE.test(bare)) throw new Unsimple(at)
  return bare === undefined ? { kind: 'name', text: word ?? '', at } : { kind: 'bare', text: bare, at }
}

/** Steps in the order a form has them; a step after a later one is not simple. `project` may stand anywhere behind the first two. */
const STEPS = ['where', 'summarize', 'order', 'take']
const COUNTED = STEPS.indexOf('summarize')

class Reader {
  readonly #tokens: readonly Token[]
  readonly #end: number
  #next = 0

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens
    this.#end = end
  }

  query(): SimpleQuery {
    let query: SimpleQuery = {
      table: this.#name(),
      ...{ conditions: [], counted: undefined, columns: [], order: undefined, take: undefined },
    }
    let reached = 0
    let projected = false
    while (this.#peek() !== undefined) {
      this.#mark('|')
      const word = this.#peek()
      const step = word?.kind === 'name' ? (SAME[word.text] ?? word.text) : ''
      const place = step === 'project' && !projected ? Math.max(reached, COUNTED) : STEPS.indexOf(step)
      // `where` may repeat, nothing else.
      const again = place === reached && place > 0 && step !== 'project'
      if (word === undefined || place < reached || again) throw new Unsimple(word?.at ?? this.#end)
      this.#next++
      projected ||= step === 'project'
      // `top` is order and take at once.
      reached = word.text === 'top' ? STEPS.indexOf('take') : place
      query = { ...query, ...this.#step(word.text, query) }
    }
    return query
  }

  #step(word: string, query: SimpleQuery): Partial<SimpleQuery> {
    if (word === 'where') return { conditions: [...query.conditions, ...this.#list('and', () => this.#condition())] }
    if (word === 'summarize') return { counted: this.#counted() }
    if (word === 'project') return { columns: this.#list(',', () => this.#name()) }
    if (word === 'take' || word === 'limit') return { take: this.#count() }
    const take = word === 'top' ? this.#count() : undefined
    this.#word('by')
    const column = this.#name()
    const direction = this.#take(['asc', 'desc'])
    return { order: { column, descending: direction !== 'asc' }, ...(take === undefined ? {} : { take }) }
  }

  #condition(): Condition {
    const first = this.#peek()
    const test = first?.kind === 'name' ? OPERATORS.find((one) => one === first.text) : undefined
    if (test !== undefined && valuesOf(test) === 'none') {
      this.#next++
      this.#mark('(')
      const column = this.#name()
      this.#mark(')')
      return { column, operator: test, values: [] }
    }
    const column = this.#name()
    const operator = this.#operator()
    if (valuesOf(operator) === 'one') return { column, operator, values: [this.#value()] }
    this.#mark('(')
    const values = this.#list(',', () => this.#value())
    this.#mark(')')
    return { column, operator, values }
  }

  #operator(): Operator {
    const token = this.#peek()
    const said = token?.kind === 'name' || token?.kind === 'mark' ? token.text : ''
    const operator = OPERATORS.find((one) => one === said || (said === 'matches' && one === 'matches regex'))
    if (operator === undefined || valuesOf(operator) === 'none') throw new Unsimple(token?.at ?? this.#end)
    this.#next++
    if (said === 'matches') this.#word('regex')
    return operator
  }

  #counted(): NonNullable<SimpleQuery['counted']> {
    const named = this.#tokens[this.#next + 1]?.text === '='
    const name = named ? this.#name() : 'count_'
    if (named) this.#mark('=')
    this.#word('count')
    this.#mark('(')
    this.#mark(')')
    return { name, by: this.#take(['by']) === undefined ? [] : this.#list(',', () => this.#name()) }
  }

  #list<Item>(separator: string, read: () => Item): Item[] {
    const items = [read()]
    while (this.#take([separator]) !== undefined) items.push(read())
    return items
  }

  #name(): string {
    const token = this.#peek()
    const good = token?.kind === 'quotedName' || (token?.kind === 'name' && /^\w+$/.test(token.text))
    if (token === undefined || !good) throw new Unsimple(token?.at ?? this.#end)
    this.#next++
    return token.text
  }

  #value(): SimpleValue {
    const token = this.#peek()
    if (token?.kind !== 'text' && token?.kind !== 'bare') throw new Unsimple(token?.at ?? this.#end)
    this.#next++
    return { kind: token.kind, text: token.text }
  }

  #count(): number {
    const token = this.#peek()
    if (token?.kind !== 'bare' || !/^\d{1,9}$/.test(token.text)) throw new Unsimple(token?.at ?? this.#end)
    this.#next++
    return Number(token.text)
  }

  #take(words: readonly string[]): string | undefined {
    const token = this.#peek()
    if (token === undefined || (token.kind !== 'name' && token.kind !== 'mark') || !words.includes(token.text)) return undefined
    this.#next++
    return token.text
  }

  #mark(mark: string): void {
    if (this.#take([mark]) === undefined) throw new Unsimple(this.#peek()?.at ?? this.#end)
  }

  #word(word: string): void {
    this.#mark(word)
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]
  }
}

/** Steps that go by several names, and the place each has. */
const SAME: Readonly<Record<string, string>> = { filter: '', limit: 'take', sort: 'order', top: 'order' }
