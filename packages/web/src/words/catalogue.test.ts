import { expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'

const texts = Object.entries(catalogue)

test.each(texts)('%s has words in both languages', (_, text) => {
  for (const one of [text.en, text.zh]) expect(typeof one === 'function' ? one.length : one.trim()).toBeTruthy()
})

test('Chinese is not left in English but for names', () => {
  const kept = texts.filter(([, { en, zh }]) => typeof en === 'string' && en === zh).map(([name]) => name)
  expect(kept.sort()).toEqual(['entryAttach', 'entryExec', 'pod'])
})
