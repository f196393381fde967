import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { QueryError } from '../query-error.ts'
import { findAggregate } from './aggregates/lower-aggregate.ts'
import { compileKqlHere } from './compile-kql-here.ts'
import { COLUMN_FUNCTIONS } from './functions/column-functions.ts'
import { SCALAR_FUNCTIONS } from './functions/index.ts'
import { refusedFunction } from './functions/refused-functions.ts'
import { ROW_FUNCTIONS } from './functions/row-functions.ts'
import { WINDOW_FUNCTIONS } from './functions/window-functions.ts'
import { PLUGINS } from './plugins/index.ts'
import { REFUSED_PLUGINS } from './refused.ts'
import { loadKusto } from './syntax/kusto-library.ts'
import { misread } from './values/regex-pattern.ts'

async function refusal(text: string): Promise<QueryError> {
  const error: unknown = await compileKqlHere({ text }).catch((reason: unknown) => reason)
  if (!(error instanceof QueryError)) throw new Error(`not refused: ${text}`)
  return error
}

it.each([
  ['externaldata(a:string)["http://x/y"] | take 1', 'PW-QY-004', 1, 1],
  ['cluster("x").database("y").T', 'PW-QY-004', 1, 1],
  ['database("other").Commands', 'PW-QY-002', 1, 19],
  ['Commands | sumarize count() by User', 'PW-QY-001', 1, 12],
  ['set query_datetimescope_column = "x"; Commands', 'PW-QY-004', 1, 1],
  ['Commands | graph-match (a)-[e]->(b) project a.Name', 'PW-QY-001', 1, 1],
  ['restrict access to (Commands); Commands', 'PW-QY-004', 1, 1],
  ['Commands | evaluate python(typeof(*), "x")', 'PW-QY-004', 1, 12],
  ['Commands\n| where geo_point_to_s2cell(1.0, 2.0) == ""', 'PW-QY-004', 2, 9],
  ['Commands | summarize passthrough(Groups)', 'PW-QY-004', 1, 22],
  ['Commands | fork (take 1) (take 2)', 'PW-QY-004', 1, 12],
  ['Commands | where Usr == "a"', 'PW-QY-002', 1, 18],
  ['Commands | nonsense', 'PW-QY-001', 1, 12],
  ['print 1 +', 'PW-QY-001', 1, 10],
  ['print decimal(0.0000000000001)', 'PW-QY-004', 1, 7],
  ['print bin(dynamic({}), datetime(2020-01-01))', 'PW-QY-005', 1, 7],
  ['print extract("a", -1, "a")', 'PW-QY-005', 1, 7],
  ['print s="x" | extend z=-s', 'PW-QY-005', 1, 24],
  ['print bin_at(now(), now(), now())', 'PW-QY-005', 1, 7],
  ['print "a" matches regex "[a&&b]"', 'PW-QY-004', 1, 26],
  ['Commands | summarize sum(TimeGenerated)', 'PW-QY-005', 1, 22],
  ['print datetime_utc_to_local(now(), "Nowhere/City")', 'PW-QY-005', 1, 7],
  ['', 'PW-QY-001', 1, 1],
  ['Commands\n| join (_GetWatchlist("vip")) on $left.User == $right.SearchKey', 'PW-QY-004', 2, 9],
  ['_Im_Dns(starttime = ago(1d)) | take 1', 'PW-QY-004', 1, 1],
  ['imProcessCreate | take 1', 'PW-QY-004', 1, 1],
  ['print 1 | union workspace("gone").Syslog', 'PW-QY-002', 1, 35],
  ['let Mine = Syslog; workspace("podwitness").Mine', 'PW-QY-002', 1, 44],
  ['cluster("c").database("podwitness").Commands', 'PW-QY-004', 1, 1],
  ['print datetime(2026-13-45)', 'PW-QY-005', 1, 7],
  ['x'.repeat(70_000), 'PW-QY-007', 1, 1],
])('%s', async (text, code, line, column) => {
  const error = await refusal(text)
  expect([error.code, error.line, error.column]).toEqual([code, line, column])
})

it.each([
  ['[a-z&&[^b]]', true],
  ['[0-9--4]', true],
  ['[a[b]]', true],
  ['\\<word', true],
  ['[[:alpha:]-]', false],
  ['[]a]&&[^]b]--', false],
  ['[\\[x&]', false],
  ['a--b[-a]', false],
])('does not let the engine read %s as something else', (pattern, wrong) => {
  expect(misread(pattern) !== undefined).toBe(wrong)
})

it('names what is near', async () => {
  expect((await refusal('Comands | take 1')).nearest).toBe('Commands')
  expect((await refusal('Signinlogs | take 1')).nearest).toBe('SigninLogs')
  expect((await refusal('print x = geo_line_length(dynamic({}))')).message).toContain('geo_line_length()')
})

/** What the language service itself knows by name. */
interface Vocabulary {
  readonly Kusto: { readonly Language: Readonly<Record<'Functions' | 'Aggregates' | 'PlugIns', { readonly All: object }>> }
  readonly System: { readonly Linq: { readonly Enumerable: { from(list: object): { ToArray(): { Name: string }[] } } } }
}

it('answers every name that the language has, or says why not', async () => {
  await loadKusto()
  const { Kusto, System } = globalThis as unknown as Vocabulary
  const names = (list: object): string[] =>
    System.Linq.Enumerable.from(list)
      .ToArray()
      .map(({ Name }) => Name)
  const { Functions, Aggregates, PlugIns } = Kusto.Language
  const answered = new Set(
    [SCALAR_FUNCTIONS, COLUMN_FUNCTIONS, ROW_FUNCTIONS, WINDOW_FUNCTIONS].flatMap((table) => Object.keys(table)),
  )
  const severalColumns = /^(?:arg_?(?:min|max)|percentilesw?)$/
  const unknown = [
    ...names(Functions.All).filter((name) => name !== 'table' && !answered.has(name) && refusedFunction(name) === undefined),
    ...names(Aggregates.All).filter(
      (name) => findAggregate(name) === undefined && !severalColumns.test(name) && refusedFunction(name) === undefined,
    ),
    ...names(PlugIns.All).filter((name) => !Object.hasOwn(PLUGINS, name) && !Object.hasOwn(REFUSED_PLUGINS, name)),
  ]
  expect(names(Functions.All).length).toBeGreaterThan(300)
  expect(unknown).toEqual([])
})

// The worker exists only when built; npm test builds before it tests.
it('answers from the built worker, errors included', () => {
  const module = new URL('../../dist/worker/compile-kql.js', import.meta.url).href
  const script = `const { compileKql } = await import(${JSON.stringify(module)})
const ok = await compileKql({ text: 'print x = 1' })
const bad = await compileKql({ text: 'Commands | where Usr == 1' }).catch((error) => error)
console.log(JSON.stringify([ok.columns, bad.name, bad.code, bad.line, bad.column]))`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(JSON.parse(out)).toEqual([[{ name: 'x', type: 'long' }], 'QueryError', 'PW-QY-002', 1, 18])
})
