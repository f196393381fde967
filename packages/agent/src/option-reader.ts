/** What is wrong with an option, and which. */
export interface OptionProblem {
  readonly path: readonly (string | number)[]
  readonly text: string
}

/** Reads the options of one mapping, collects every problem, and knows which options nobody asked for. */
export class OptionReader {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #path: readonly (string | number)[]
  readonly #problems: OptionProblem[]
  readonly #asked = new Set<string>()

  constructor(value: unknown, path: readonly (string | number)[], problems: OptionProblem[]) {
    this.#path = path
    this.#problems = problems
    this.#values = isMapping(value) ? value : {}
    if (value !== undefined && value !== null && !isMapping(value)) this.problem('', 'is no mapping of options')
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  text(name: string, fallback: string): string {
    const value = this.#ask(name)
    if (typeof value === 'string' && value !== '') return value
    if (value !== undefined) this.problem(name, 'is no text')
    return fallback
  }

  /** A text that must be there. */
  needed(name: string): string {
    if (!this.has(name)) this.problem(name, 'is missing')
    return this.text(name, '')
  }

  word<T extends string>(name: string, words: readonly T[], fallback: T): T {
    const value = this.text(name, fallback)
    if (words.includes(value as T)) return value as T
    this.problem(name, `is none of ${words.join(', ')}`)
    return fallback
  }

  number(name: string, range: { min: number; max: number }, fallback: number): number {
    const value = this.#ask(name)
    if (value === undefined) return fallback
    if (typeof value === 'number' && value >= range.min && value <= range.max) return value
    this.problem(name, `is no number from ${range.min} to ${range.max}`)
    return fallback
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#ask(name)
    if (value === undefined || typeof value === 'boolean') return value ?? fallback
    this.problem(name, 'is neither true nor false')
    return fallback
  }

  /** A list of texts; one text counts as a list of one. */
  texts(name: string): readonly string[] {
    const value = this.#ask(name)
    const list = typeof value === 'string' ? [value] : (value ?? [])
    if (Array.isArray(list) && list.every((text) => typeof text === 'string')) return list
    this.problem(name, 'is no list of texts')
    return []
  }

  /** The options below a name. */
  below(name: string): OptionReader {
    return new OptionReader(this.#ask(name), [...this.#path, name], this.#problems)
  }

  /** The mappings of a list. */
  list(name: string): OptionReader[] {
    const value = this.#ask(name)
    if (value !== undefined && !Array.isArray(value)) this.problem(name, 'is no list')
    return (Array.isArray(value) ? value : []).map(
      (entry, index) => new OptionReader(entry, [...this.#path, name, index], this.#problems),
    )
  }

  problem(name: string, text: string): void {
    this.#problems.push({ path: name === '' ? this.#path : [...this.#path, name], text })
  }

  /** Options that nobody asked for are mistakes. */
  end(): void {
    for (const name of Object.keys(this.#values)) {
      if (!this.#asked.has(name)) this.problem(name, `is no option; there are ${[...this.#asked].join(', ')}`)
    }
  }

  #ask(name: string): unknown {
    this.#asked.add(name)
    const value = this.#values[name]
    return value === null ? undefined : value
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
