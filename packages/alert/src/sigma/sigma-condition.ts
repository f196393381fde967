import { nearestName } from '@podwitness/query'
import { SigmaRefusal } from './sigma-source.ts'

const MAX_LENGTH = 2_000
const MAX_DEPTH = 50

/**
 * A condition over search identifiers as SQL.
 *
 * @param sqlOf The SQL of each search identifier.
 * @throws SigmaRefusal for what is no condition, or counts rows (`| count()`), which is a correlation.
 */
export function conditionSql(condition: string, sqlOf: ReadonlyMap<string, string>): string {
  if (condition.length > MAX_LENGTH) throw new SigmaRefusal(`The condition has more than ${MAX_LENGTH} characters.`)
  if (condition.includes('|'))
    throw new SigmaRefusal('The condition counts rows (`|`); write that with the trigger of a rule: {count: N}.')
  const words = condition.match(/\(|\)|[^\s()]+/g) ?? []
  const parser = new ConditionParser(words, sqlOf)
  return parser.whole()
}

/** Precedence, least binding first: or, and, not, `1 of`, brackets. Source: Sigma specification 2.1, condition. */
class ConditionParser {
  readonly #words: readonly string[]
  readonly #sqlOf: ReadonlyMap<string, string>
  #at = 0
  #depth = 0

  constructor(words: readonly string[], sqlOf: ReadonlyMap<string, string>) {
    this.#words = words
    this.#sqlOf = sqlOf
  }

  whole(): string {
    const sql = this.#either()
    const rest = this.#words[this.#at]
    if (rest !== undefined) throw new SigmaRefusal(`"${rest}" is not expected in the condition.`)
    return sql
  }

  #takes(word: string): boolean {
    if (this.#words[this.#at]?.toLowerCase() !== word) return false
    this.#at++
    return true
  }

  #either(): string {
    const parts = [this.#both()]
    while (this.#takes('or')) parts.push(this.#both())
    return joined(parts, 'OR')
  }

  #both(): string {
    const parts = [this.#single()]
    while (this.#takes('and')) parts.push(this.#single())
    return joined(parts, 'AND')
  }

  #single(): string {
    if (++this.#depth > MAX_DEPTH) throw new SigmaRefusal('The condition is nested too deeply.')
    try {
      if (this.#takes('not')) return `NOT ${this.#single()}`
      if (this.#takes('(')) {
        const inside = this.#either()
        if (!this.#takes(')')) throw new SigmaRefusal('A bracket of the condition is never closed.')
        return inside
      }
      return this.#named()
    } finally {
      this.#depth--
    }
  }

  #named(): string {
    const word = this.#words[this.#at++] ?? ''
    const quantity = word.toLowerCase()
    if ((quantity === '1' || quantity === 'all' || quantity === 'any') && this.#takes('of'))
      return joined(this.#matching(this.#words[this.#at++] ?? ''), quantity === 'all' ? 'AND' : 'OR')
    const sql = this.#sqlOf.get(word)
    if (sql !== undefined) return sql
    const near = nearestName(word, this.#sqlOf.keys())
    const meant = near === undefined ? '' : ` Did you mean ${near}?`
    throw new SigmaRefusal(word === '' ? 'The condition ends too early.' : `There is no selection "${word}".${meant}`)
  }

  /** SQL of the identifiers that a pattern names; `them` are all that do not begin with an underscore. */
  #matching(pattern: string): string[] {
    const all = [...this.#sqlOf]
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const wanted = new RegExp(`^${parts.join('.*')}$`)
    const found =
      pattern.toLowerCase() === 'them' ? all.filter(([name]) => !name.startsWith('_')) : all.filter(([name]) => wanted.test(name))
    if (found.length === 0) throw new SigmaRefusal(`No selection is named "${pattern}".`)
    return found.map(([, sql]) => sql)
  }
}

const joined = (parts: readonly string[], word: 'AND' | 'OR'): string =>
  parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(` ${word} `)})`
