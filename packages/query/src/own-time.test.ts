import { expect, test } from 'vitest'
import { advauditCatalog } from './catalog/advaudit-catalog.ts'
import { compile } from './compile.ts'
import { compileKqlHere } from './kql/compile-kql-here.ts'

const RANGE = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }

test.each([
  ['Commands', ''],
  ['Commands | where TimeGenerated > ago(1h)', 'from'],
  ["Commands | where Name == 'curl' and (TimeGenerated >= datetime(2026-01-01) and now() > TimeGenerated)", 'from to'],
  ['Commands | where TimeGenerated between (ago(2h) .. 1h)', 'from to'],
  ['Commands | where TimeGenerated !between (ago(2h) .. 1h)', ''],
  ["Commands | where TimeGenerated > ago(1h) or Name == 'curl'", ''],
  ['Commands | where TimeGenerated > todatetime(User)', ''],
  ['Commands | where bin(TimeGenerated, 1h) > ago(1d)', ''],
  ['Commands | extend Long = strlen(CommandLine) | sort by Long | where TimeGenerated < now()', 'to'],
  ['Commands | extend TimeGenerated = now() | where TimeGenerated > ago(1h)', ''],
  ['Commands | project TimeGenerated, User | where TimeGenerated > ago(1h)', 'from'],
  ['Commands | project TimeGenerated = now(), User | where TimeGenerated > ago(1h)', ''],
  ['Commands | take 5 | where TimeGenerated > ago(1h)', ''],
  ['Commands | summarize TimeGenerated = max(TimeGenerated) by User | where TimeGenerated > ago(1h)', ''],
  ['let start = ago(1h); Commands | where TimeGenerated > start', 'from'],
  ['let C = Commands | where TimeGenerated > ago(1h); C | count', 'from'],
  ['let C = Commands; C | where TimeGenerated > ago(1h)', 'from'],
  ['let C = Commands; C | join kind=inner (C | where TimeGenerated > ago(1h)) on User', ''],
  ['let f = (t:datetime) { Commands | where TimeGenerated > t }; f(ago(1h)) | count', 'from'],
  ['Commands | where TimeGenerated > ago(1h) | join kind=inner (KubeAudit) on User', ''],
  [
    'Commands | where TimeGenerated > ago(1h) | join kind=inner (KubeAudit | where TimeGenerated between (ago(1h) .. now())) on User',
    'from',
  ],
  ['union Commands, KubeAudit | where TimeGenerated > ago(1h)', 'from'],
  ['Commands | union (KubeAudit | where TimeGenerated > ago(1h))', ''],
  ['Commands | where TimeGenerated > ago(1h) and TraceId in ((Sessions | project TraceId))', ''],
  ["search 'curl' | where TimeGenerated > ago(1h)", 'from'],
  ['print now()', ''],
])('%s bounds by itself: %j', async (text, ends) => {
  const kept = await compileKqlHere({ text, ...RANGE })
  expect(kept.ownTime?.join(' ')).toBe(ends)
  const bound = (params: object) => Object.values(params).filter((value) => /^2026-01-0[12] 00:00:00/.test(String(value)))
  const scans = bound(kept.params).length / 2
  const { params } = await compileKqlHere({ text, ...RANGE, ownTimeWins: true })
  // Each end counts once: the one of the query, or else the one that was asked for.
  expect(bound(params).length).toBe(scans * (2 - ends.split(' ').filter((end) => end !== '').length))
})

test.each([
  ['*', ''],
  ['__time__ > 1700000000 and kind: Command', 'from'],
  ['__time__ in [1700000000 1700003600)', 'from to'],
  ['__time__ > 1700000000 or kind: Command', ''],
  ['not __time__ > 1700000000', ''],
  ['* | select count(*) from log where __time__ >= 1700000000 and __time__ < 1700003600', 'from to'],
  ["* | select count(*) from log where from_unixtime(__time__) > date_parse('2026-01-01', '%Y-%m-%d')", 'from'],
  ['__time__ < 1700003600 | select count(*) where 1700000000 <= __time__', 'from to'],
  ['* | select count(*) from (select __time__ from log) where __time__ > 1700000000', ''],
  ['* | select count(*) where __time__ between 1700000000 and 1700003600', 'from to'],
])('SLS %s bounds by itself: %j', (text, ends) => {
  const ask = (ownTimeWins: boolean) => compile({ lang: 'sls', text, ...RANGE, ownTimeWins, catalog: advauditCatalog })
  expect(ask(false).ownTime?.join(' ')).toBe(ends)
  const asked = (params: object) => Object.values(params).filter((value) => /^2026-01-0[12] 00:00:00/.test(String(value))).length
  expect(asked(ask(false).params)).toBe(2)
  expect(asked(ask(true).params)).toBe(2 - ends.split(' ').filter((end) => end !== '').length)
})

test.each([
  ['__time__ > 1700000000', ['2023-11-14 22:13:20.000']],
  ['__time__ in [1700000000 1700003600)', ['2023-11-14 22:13:20.000', '2023-11-14 23:13:21.000']],
  ['* | select 1 where 1700003600 > __time__ and __time__ > 1700000000', ['2023-11-14 22:13:20.000', '2023-11-14 23:13:21.000']],
  ['* | select 1 where from_unixtime(__time__) > from_unixtime(1700000000)', []],
  ['__time__ > 99999999999999999999', []],
])('SLS %s is bounded by the column of time too, which the store is ordered by', (text, moments) => {
  const { params } = compile({ lang: 'sls', text, ownTimeWins: true, catalog: advauditCatalog })
  const found = Object.values(params).filter((value) => /^\d{4}-\d\d-\d\d /.test(String(value)))
  expect(found.sort()).toEqual(moments)
})

test('no range is put around SQL, so it sets what it does not take from one', () => {
  const ends = (text: string) => compile({ lang: 'sql', text, ...RANGE, catalog: advauditCatalog }).ownTime
  expect(ends('SELECT 1')).toEqual(['from', 'to'])
  expect(ends('SELECT 1 FROM audit.commands WHERE time >= {from:DateTime64(6)}')).toEqual(['to'])
})
