import { expect, test } from 'vitest'
import { fuzzyScore } from './fuzzy-score.ts'

test.each([
  ['inte', ['Integrity', 'Print this report', 'All sessions']],
  ['sess', ['Sessions', 'All sessions', 'Exec obsession']],
  ['al', ['Alerts', 'All sessions', 'Journal', 'Settings: Appearance and language']],
  ['ta', ['Table', 'Theme: automatic', 'Theme: dark and']],
  ['GO  set', ['go settings', 'GO to the SETtings']],
  ['会话', ['会话', '全部会话']],
])('%j finds them in this order', (typed, texts) => {
  const scores = texts.map((text) => fuzzyScore(text, typed) ?? Number.NaN)
  expect(scores).toEqual([...scores].sort((a, b) => b - a))
  expect(new Set(scores).size).toBe(scores.length)
})

test.each([
  ['Sessions', 'sx'],
  ['Sessions', 'snoisses'],
  ['', 'a'],
])('%j does not answer to %j', (text, typed) => expect(fuzzyScore(text, typed)).toBeUndefined())

test('nothing typed fits everything', () => expect(fuzzyScore('anything', '  ')).toBe(0))
