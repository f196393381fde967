/** One text of the pages in every language: a plain text, or one made from values. */
type TextEntry = { readonly en: string; readonly zh: string } | { readonly en: Made; readonly zh: Made }
type Made = (...values: never[]) => string

/** Texts by name. One without one of its languages fails the type check. */
export type TextEntries = Readonly<Record<string, TextEntry>>

/** A number with narrow blanks between its thousands. */
export const number = (value: number) => value.toLocaleString('en-US').replaceAll(',', '\u202f')

/** `1 row`, `2 rows`. @param many What several are called; the word with an `s` where it is not given. */
export const counted = (count: number, one: string, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`
