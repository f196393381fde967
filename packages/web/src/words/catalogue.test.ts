import { expect, test } from 'vitest'
import { catalogue, rooms } from './catalogue.ts'

const texts = Object.entries(catalogue)

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
