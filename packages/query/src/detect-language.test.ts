import { expect, it } from 'vitest'
import { detectLanguage } from './detect-language.ts'

it.each([
  ['select 1', 'sql'],
  ['-- why\nWITH x AS (SELECT 1) SELECT * FROM x', 'sql'],
  ['Commands | where User == "a"', 'kql'],
  ['commands | take 3', 'kql'],
  ['// comment\nSyslog\n| count', 'kql'],
  ['let x = 1; print x', 'kql'],
  ['print 1', 'kql'],
  ['datatable(a:long)[1]', 'kql'],
  ['range x from 1 to 3 step 1', 'kql'],
  ['.show tables', 'kql'],
  ['union Syslog, Commands', 'kql'],
  ['Unknown | summarize count()', 'kql'],
  ['*', 'sls'],
  ['', 'sls'],
  ['kind: Command and process.name: rm', 'sls'],
  ['* | select count(*) as c', 'sls'],
  ["* | where kind = 'Command' | project kind", 'sls'],
  ['Commands | select 1', 'sls'],
  ['curl', 'sls'],
  ['rm or curl', 'sls'],
  ['find', 'kql'],
])('%j is %s', (text, lang) => {
  const found = detectLanguage(text)
  expect(found.lang).toBe(lang)
  expect(found.why.endsWith('.')).toBe(true)
})
