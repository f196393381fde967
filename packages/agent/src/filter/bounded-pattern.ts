import { setFlagsFromString } from 'node:v8'
import { createContext, Script } from 'node:vm'

// Command lines are others' text, and patterns those of whoever runs the node: together they can take V8's usual engine for
// ever ((a+)+$). After as many steps back as V8 counts by itself it goes on with its linear engine, which knows neither
// the flags d, i and u nor looking around or back. Source: V8, flag-definitions.h and experimental-interpreter.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

/** Longest time to find the places of groups in a text that is known to fit, milliseconds. */
const PLACES_MS = 100
const SCRIPT = new Script('Array.from(text.matchAll(pattern), (match) => match.indices)')
const CONTEXT = createContext({ text: '', pattern: / /g })

/** Longest text that a plain pattern's places are sought in without that bound: it costs 0.1 ms a text. */
const PLAIN_TEXT = 2048

/** A group that fitted: from and to, in UTF-16 units. */
export type Span = readonly [number, number]

/** A pattern that takes no longer than its text is long, or says so. */
export class BoundedPattern {
  readonly source: string
  readonly #finder: RegExp
  readonly #places: RegExp
  /** Whether it repeats one thing without end at most, so that its time is the square of a text's length at worst. */
  readonly #plain: boolean

  /** @param source JavaScript's words without flags, as `translateRe2` gives them. */
  constructor(source: string) {
    this.source = source
    this.#finder = new RegExp(source)
    this.#places = new RegExp(source, 'dg')
    const bare = source.replace(/\\.|\[(?:\\.|[^\]])*\]|\(\?:/g, '')
    this.#plain = bare.replace(/[^*+{]/g, '').length <= 1 && bare.replace(/[^?]/g, '').length <= 4
  }

  /** How many groups there are. */
  get groups(): number {
    return (new RegExp(`${this.source}|`).exec('')?.length ?? 1) - 1
  }

  fits(text: string): boolean {
    return this.#finder.test(text)
  }

  /**
   * Where the groups of every fit are.
   *
   * @throws where finding them takes too long.
   */
  spans(text: string): Span[] {
    if (!this.fits(text)) return []
    return this.#placesIn(text).flatMap((groups) => groups.slice(1).filter((span) => span !== undefined))
  }

  #placesIn(text: string): (readonly (Span | undefined)[])[] {
    if (this.#plain && text.length <= PLAIN_TEXT)
      return Array.from(text.matchAll(this.#places), ({ indices = [] }) => indices.slice())
    return SCRIPT.runInContext(Object.assign(CONTEXT, { text, pattern: this.#places }), { timeout: PLACES_MS })
  }
}
