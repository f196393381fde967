import type { SavedQuery } from '@podwitness/api'
import { expect, test } from 'vitest'
import { queriesText, readQueriesText } from './saved-queries-text.ts'

type Kept = Pick<SavedQuery, 'name' | 'description' | 'lang' | 'shared' | 'view' | 'query'>
const QUERIES: readonly Kept[] = [
  { name: 'plain', description: '', lang: 'kql', shared: false, query: 'Commands | take 1' },
  {
    name: 'yes: "1e3" # — 马丽',
    description: 'two\nlines',
    lang: 'sls',
    shared: true,
    view: { columns: ['b', 'true'], chart: 'bar', range: '24h' },
    query: '* and kind: Command\n  | select count(*) from log\n---\n',
  },
  { name: 'tab', description: '', lang: 'sql', shared: false, query: "SELECT '\t'\n\n-- end" },
]

test('what is written is read as it was', async () => {
  const text = queriesText(QUERIES)
  expect(text).toContain('query: |\n  Commands | take 1\n')
  const sls = 'name: yes'
  expect(text).not.toContain(sls)
  const { queries } = await readQueriesText(text, [])
  expect(queries).toEqual(QUERIES.map((one) => ({ ...one, query: one.query.trimEnd() })))
})

test.each([
  ['', []],
  ['name: a\nquery: |\n  Commands\n  | where Nmae == 1\n', ['4:11']],
  ['name: a\nquery: "Commands | where Nmae == 1"\n', ['2:8']],
  ['nmae: a\nquery: Commands\n', ['1:1', '1:1']],
  ['name: a\nlanguage: kqll\nquery: Commands\n', ['2:11']],
  ['name: a\nquery: Commands\nview:\n  range: soon\n', ['4:10']],
  ['name: a\nquery: Commands\n---\nname: a\nquery: Commands\n', ['4:1']],
  ['kind: rule\nname: a\nquery: Commands\n', ['1:7']],
  ['name: [1\n', ['2:1']],
  ['- a\n', ['1:1']],
  [`name: ${'x'.repeat(121)}\nquery: Commands\n`, ['1:7']],
])('faults of %j are at %j', async (text, places) => {
  const { faults } = await readQueriesText(text, [])
  expect(faults.map(({ line, column }) => `${line}:${column}`)).toEqual(places)
  for (const { message } of faults) expect(message).not.toBe('')
})
