import { expect, test } from 'vitest'
import { catalogue, rooms } from './catalogue.ts'

/** As entries of one kind: the union of all texts is more than the compiler takes. */
const texts = Object.entries<Readonly<Record<'en' | 'zh', string | ((...values: never[]) => string)>>>(catalogue)

test.each(texts)('%s has words in both languages', (_, text) => {
  for (const one of [text.en, text.zh]) expect(typeof one === 'function' ? one.length : one.trim()).toBeTruthy()
})

test('Chinese is not left in English but for names', () => {
  const kept = texts.filter(([, { en, zh }]) => typeof en === 'string' && en === zh).map(([name]) => name)
  expect(kept.sort()).toEqual(['entryAttach', 'entryExec', 'pod'])
})

test('no two rooms give a text the same name: the later one would silently stand for both', () => {
  const names = rooms.flatMap((room) => Object.keys(room))
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

/** Marks of ASCII beside a Chinese character; in Chinese they are full-width (U+FF0C, U+FF1A, U+FF1B, U+FF1F, U+FF01). */
const ASCII_MARK = /\p{Script=Han}[,:;?!]|[,;?!]\p{Script=Han}/u

test.each(texts)('%s has Chinese punctuation in Chinese', (_, { zh }) => {
  const said = typeof zh === 'function' ? (String(zh).match(/`[^`]*`|'[^']*'/g) ?? []).join('\n') : zh
  expect(said).not.toMatch(ASCII_MARK)
})

/** A text that was given the number 1 for everything. */
const ofOne = ({ en }: (typeof texts)[number][1]): string =>
  typeof en === 'function' ? String(Reflect.apply(en, undefined, Array(en.length).fill(1))) : en

/** `1 rows`; a rate (`1 matches/s`), a unit and a series have an s of their own. */
const SEVERAL_OF_ONE =
  /\b1 (?:[a-z]+ )?(?!series\b|was\b|is\b|has\b|as\b|ms\b|this\b|its\b|windows\b|keeps\b)[a-z]*[^\Ws]s\b(?! what)/

test.each(texts)('%s speaks of one thing as of one', (_, text) => {
  expect(ofOne(text).replace(/1 (?:hold keeps|of 1 windows were looked)/, '')).not.toMatch(SEVERAL_OF_ONE)
})
