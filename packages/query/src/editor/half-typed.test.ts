import { describe, expect, it } from 'vitest'
import { editQuery } from '../edit-query.ts'

/** What is offered at the end of a text, in its order. */
async function offered(lang: 'sls' | 'kql', text: string): Promise<string[]> {
  const { from, to, items } = await editQuery({ task: 'complete', lang, text, position: text.length })
  expect(from <= to && to === text.length).toBe(true)
  return items.map(({ label }) => label)
}

const SLS_QUERIES = [
  'kind: Command and process.name: (rm or curl) not k8s.user.username: alice | select "process.name" as p, count(*) as n from log where "process.pid" > 1 and kind = \'Command\' group by p having count(*) > 2 order by n desc limit 10',
  "* | with t as (select traceId, min(__time__) as s from log group by traceId) select t.traceId, case when s > 1 then 'late' else 'early' end as w from t join log on t.traceId = log.traceId where s between 1 and 2 or not s in (3, 4)",
  '"reg.io" or status >= 400 | select cast("process.pid" as bigint) as pid, row_number() over (partition by kind order by __time__) as r from (select * from log) union all select 1, 2',
  '* | where kind = \'Command\' | extend twice = "process.pid" * 2 | project kind, twice | sort twice desc | limit 3',
]
/** What must be among the offers behind a word of SLS; nothing is asked behind others. */
const SLS_BEHIND: ReadonlyMap<string, string> = new Map([
  ...['select', 'where', 'and', 'having', ','].map((word) => [word, 'process.name'] as const),
  ...['or', 'not', 'by', 'on', 'when', 'between'].map((word) => [word, 'kind'] as const),
  ...['then', 'else', '=', '>'].map((word) => [word, 'concat'] as const),
  ...['from', 'join'].map((word) => [word, 'log'] as const),
  ...['group', 'order'].map((word) => [word, 'by'] as const),
  ...[['case', 'when'] as const, ['union', 'select'] as const],
])

const KQL_QUERIES = [
  'Commands | where User == "alice" and CommandLine has "curl" | extend w = strlen(CommandLine) | summarize n = count(), dcount(Pod) by User, bin(TimeGenerated, 1h) | order by n desc | take 10 | render timechart',
  'let names = datatable(User:string)["alice"]; Sessions | join kind=inner (Commands | project TraceId, CommandLine) on TraceId | where StartTime > ago(1d) or isempty(Pod) | project-away TraceId1 | distinct User',
  'union Commands, KubeAudit | where TimeGenerated between (ago(2d) .. now()) | top 5 by TimeGenerated | mv-expand Groups | parse CommandLine with * "-x " place | where not(place startswith "a")',
  'Syslog | where SyslogMessage contains "sudo" | make-series n = count() default=0 on TimeGenerated from ago(1d) to now() step 1h by Computer',
]
const KQL_BEHIND: ReadonlyMap<string, string> = new Map([
  ['where', 'TimeGenerated'],
  ['|', 'where'],
  ['union', 'Commands'],
  ['distinct', 'User'],
  ['==', 'tolower'],
])

/** Each beginning of a query that ends with a word, and the word. */
const beginnings = (query: string): (readonly [text: string, word: string])[] =>
  [...query.matchAll(/\S+(?=\s)/g)].map(({ 0: word, index }) => [`${query.slice(0, index + word.length)} `, word])

describe.each([
  ['sls', SLS_QUERIES, SLS_BEHIND],
  ['kql', KQL_QUERIES, KQL_BEHIND],
] as const)('half-typed %s', (lang, queries, behind) => {
  it('are a hundred', () => {
    const places = queries.map((query) => beginnings(query).length + cuts(query).length)
    expect(places.reduce((sum, count) => sum + count)).toBeGreaterThan(100)
  })

  it.each(queries)('%s', async (query) => {
    for (const [text, word] of beginnings(query)) {
      const labels = await offered(lang, text)
      const must = inSearch(lang, text) ? undefined : behind.get(word.toLowerCase())
      if (must !== undefined) expect(labels, text).toContain(must)
    }
    for (const text of cuts(query)) await offered(lang, text)
  })
})

/** Beginnings that mostly end within a word: nothing fails there either. */
const cuts = (query: string): string[] =>
  Array.from({ length: Math.floor(query.length / 17) }, (_, index) => query.slice(0, index * 17 + 5))
const inSearch = (lang: string, text: string): boolean => lang === 'sls' && !text.includes('|')

describe('SLS offers what fits first', () => {
  it.each([
    ['', '__time__', 'from'],
    ['kind: Command ', 'and', 'from'],
    ['kind: Command and ', '__time__', 'select'],
    ['kind: ', undefined, 'process.name'],
    ['process.name: (rm or ', undefined, 'process.name'],
    ['* | ', 'select', 'log'],
    ['* | select ', '__time__', 'from'],
    ['* | select kind ', 'as', 'process.name'],
    ['* | select kind f', 'from', 'kind'],
    ['* | select kind from ', 'log', 'kind'],
    ['* | with a as (select kind from log) select kind from ', 'log', 'concat'],
    ['* | select kind as ', undefined, 'log'],
    ['* | select cast(status as ', 'varchar', 'kind'],
    ['* | select kind from log order ', 'by', 'kind'],
    ['* | select row_number() over (', 'partition', 'kind'],
    ["* | where kind = 'a' | ", 'where', 'kind'],
    ["* | select 'x", undefined, 'kind'],
    ['* | select a.kind from log a, ', 'log', 'kind'],
    ['* | select kind from (', 'select', 'kind'],
    ['* | select kind from log limit ', undefined, 'kind'],
  ] as const)('%j', async (text, first, absent) => {
    const labels = await offered('sls', text)
    expect(labels[0]).toBe(first)
    expect(labels).not.toContain(absent)
  })

  it('names the query itself gives', async () => {
    expect(await offered('sls', '* | with spans as (select kind as sort_of from log) select sort_of from s')).toContain('spans')
    expect(await offered('sls', '* | select kind as "sort of", 1 as x from log order by so')).toContain('sort of')
  })
})
