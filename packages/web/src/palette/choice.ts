import { catalogue, type PlainWord } from '../words/catalogue.ts'
import { fuzzyScore } from './fuzzy-score.ts'

/** One line of the palette. */
export interface Choice {
  readonly id: string
  /** What it does, in the reader's language. */
  readonly label: string
  /** Somebody else wrote the label. */
  readonly recorded?: true
  /** Other texts by which it is found: the same in the other language, a description. */
  readonly also?: readonly string[]
  /** What kind of thing it is. */
  readonly kind: PlainWord
  readonly hint?: string
  /** The key that does the same. */
  readonly keys?: string
  /** Stands in the place of what its texts would score. */
  readonly score?: number
  readonly run: () => void
}

/** A text in every language: a reader may type the name that a colleague or a document uses. */
export function inEveryLanguage(word: PlainWord): readonly string[] {
  const text: { readonly en: unknown; readonly zh: unknown } = catalogue[word]
  return [String(text.en), String(text.zh)]
}

/** How well a choice answers to what is typed; negative where it does not. */
export function scoreOf(choice: Choice, typed: string): number {
  return choice.score ?? Math.max(...[choice.label, ...(choice.also ?? [])].map((text) => fuzzyScore(text, typed) ?? -1))
}

/** The choices that answer to what is typed, best first; all in their order where nothing is. */
export function ranked(choices: readonly Choice[], typed: string): readonly Choice[] {
  if (typed.trim() === '') return choices
  const scored = choices.map((choice) => ({ choice, score: scoreOf(choice, typed) })).filter(({ score }) => score >= 0)
  return scored.sort((a, b) => b.score - a.score).map(({ choice }) => choice)
}
