/** How often each code was given, since the start. Codes are a closed set, so it stays small. */
export class RefusalCounts {
  readonly #counts = new Map<string, number>()

  add(code: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
  }

  list(): { code: string; count: number }[] {
    return [...this.#counts].map(([code, count]) => ({ code, count }))
  }
}
