/** Types a bound value may have. */
export type ParameterType = 'String' | 'Int64' | 'UInt64' | 'Float64' | "DateTime64(6, 'UTC')"

/**
 * Values of one query. A value never becomes part of the SQL text: it gets a placeholder, and equal values share one, so
 * that an expression written twice is the same expression to the engine.
 */
export class Parameters {
  readonly values: Record<string, string> = {}
  readonly #names = new Map<string, string>()

  bind(value: string, type: ParameterType): string {
    const key = `${type}\0${value}`
    let name = this.#names.get(key)
    if (name === undefined) {
      name = `p${this.#names.size + 1}`
      this.#names.set(key, name)
      this.values[name] = value
    }
    return `{${name}:${type}}`
  }

  text(value: string): string {
    return this.bind(value, 'String')
  }
}
