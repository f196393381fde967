import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advauditCatalog } from '../catalog/advaudit-catalog.ts'
import { compile } from '../compile.ts'
import { editQuery } from '../edit-query.ts'
import { compileKqlHere } from '../kql/compile-kql-here.ts'
import { COMPLETION_KINDS } from './editor-answer.ts'
import { valuePlace } from './value-place.ts'

/** The text with `^` taken out, and where it was. */
function cursor(marked: string): { text: string; position: number } {
  const position = marked.indexOf('^')
  return { text: marked.replace('^', ''), position }
}

const labels = async (lang: 'sls' | 'kql' | 'sql', marked: string) => {
  const { text, position } = cursor(marked)
  const list = await editQuery({ task: 'complete', lang, text, position })
  return { ...list, labels: list.items.map(({ label }) => label), replaced: text.slice(list.from, list.to) }
}

describe('complete', () => {
  it.each([
    ['kql', 'Comm^', 'Commands', 'table', 'Comm'],
    ['kql', 'Commands | where Us^', 'User', 'field', 'Us'],
    ['kql', 'Commands | summarize cou^', 'count', 'aggregate', 'cou'],
    ['kql', 'let x = 5; print x^', 'x', 'variable', 'x'],
    ['kql', 'Commands | ^', 'where', 'keyword', ''],
    ['sls', 'proc^', 'process.name', 'field', 'proc'],
    ['sls', '* | select coun^', 'count_if', 'aggregate', 'coun'],
    ['sls', '* | select "process.n^', 'process.name', 'field', '"process.n'],
    ['sls', '* | exten^', 'extend', 'operator', 'exten'],
    ['sls', '* | select 1 fr^', 'from', 'keyword', 'fr'],
  ] as const)('%s: %s offers %s', async (lang, marked, label, kind, replaced) => {
    const found = await labels(lang, marked)
    expect(found.replaced).toBe(replaced)
    expect(found.items.find((item) => item.label === label)).toMatchObject({ kind })
    for (const item of found.items) expect(COMPLETION_KINDS).toContain(item.kind)
  })

  it('offers only functions that there are', async () => {
    const { labels: offered } = await labels('kql', 'print geo^')
    expect(offered).not.toContain('geo_distance_2points_made_up')
    const { items } = await labels('kql', 'print ^')
    const calls = items.filter(({ kind }) => kind === 'function').map(({ label }) => label)
    expect(calls).toContain('strcat')
    expect(calls).not.toContain('cluster')
  })

  it('puts quotes around names that need them in SLS', async () => {
    const { items } = await labels('sls', '* | select process.cmd^')
    expect(items[0]).toMatchObject({ label: 'process.cmdline', before: '"process.cmdline"' })
  })
})

describe('hover', () => {
  it.each([
    ['kql', 'Comm^ands | take 1', 'Commands', 'table'],
    ['kql', 'Commands | where Us^er == "a"', 'User', 'string'],
    ['kql', 'print str^cat("a")', 'strcat', 'string'],
    ['sls', 'process.na^me: rm', 'process.name', 'string'],
    ['sls', '* | select count_^if(1 = 1)', 'count_if', 'aggregate'],
  ] as const)('%s: %s', async (lang, marked, word, said) => {
    const { text, position } = cursor(marked)
    const hover = await editQuery({ task: 'hover', lang, text, position })
    expect(text.slice(hover?.from, hover?.to)).toBe(word)
    expect(hover?.text).toContain(said)
  })

  it('has nothing to say of nothing', async () => {
    expect(await editQuery({ task: 'hover', lang: 'sls', text: 'nothing: 1', position: 2 })).toBeNull()
    expect(await editQuery({ task: 'hover', lang: 'sql', text: 'select 1', position: 2 })).toBeNull()
  })
})

describe('signature', () => {
  it.each([
    ['kql', 'Commands | extend x = strcat("a(", tolower(User), ^', 'strcat', 2],
    ['kql', 'Commands | extend x = strcat("a", tolower(^', 'tolower', 0],
    ['kql', 'Commands | where User in ("a", ^', undefined, 0],
    ['kql', 'Commands | summarize count() by bin(TimeGenerated, ^', 'bin', 1],
    ['kql', 'Commands | summarize dcount(^) by User', 'dcount', 0],
    ['kql', 'Commands | where ^', undefined, 0],
    ['sls', '* | select regexp_extract("process.cmdline", \'a,(b)\', ^', 'regexp_extract', 2],
    ['sls', '* | select Concat(upper(kind), (1 + ^', 'Concat', 1],
    ['sls', '* | select kind from log where kind in (^', undefined, 0],
    ['sls', 'process.name: (rm ^', undefined, 0],
    ['sql', 'select count(^', undefined, 0],
  ] as const)('%s: %s', async (lang, marked, name, argument) => {
    const { text, position } = cursor(marked)
    const found = await editQuery({ task: 'signature', lang, text, position })
    if (name === undefined) return expect(found).toBeNull()
    expect([text.slice(found?.from, found?.to), found?.argument]).toEqual([name, argument])
  })
})

describe('diagnose', () => {
  it.each([
    ['kql', 'Commandz | take 1', 'Commandz', 'error'],
    ['kql', 'Commands | where Usr == "a"', 'Usr', 'error'],
    ['kql', 'externaldata(a:string)["http://x"]', undefined, 'error'],
    ['kql', 'cluster("other").database("x").T', undefined, 'error'],
    ['sls', 'proces.name: x', 'proces', 'error'],
    ['sls', '* | select cuont(*)', 'cuont', 'error'],
    ['sql', 'select 1; select 2', undefined, 'error'],
  ] as const)('%s: %s', async (lang, text, word, severity) => {
    const [first] = (await editQuery({ task: 'diagnose', lang, text })).filter((one) => one.severity === severity)
    expect(first).toBeDefined()
    if (word !== undefined && first !== undefined) expect(text.slice(first.from, first.to)).toContain(word)
  })

  it.each([
    ['kql', 'Commands | where User == "a" | summarize count() by bin(TimeGenerated, 1h)'],
    ['kql', ''],
    ['kql', 'Commands | evaluate bag_unpack(Groups)'],
    ['kql', 'union workspace("prod").Syslog, (SigninLogs | where ResultType != "0") | count'],
    ['sls', 'kind: Command | select count(*) as c'],
    ['sls', '* | select compare(n, 60) from (select count(*) as n from log)'],
    ['sql', 'select 1'],
  ] as const)('%s: nothing is wrong with %j', async (lang, text) => {
    expect((await editQuery({ task: 'diagnose', lang, text })).filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('stays within the text, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('sls' as const, 'kql' as const),
        fc.string({ maxLength: 60 }),
        fc.nat(60),
        async (lang, text, position) => {
          for (const { from, to } of await editQuery({ task: 'diagnose', lang, text })) {
            expect(from).toBeGreaterThanOrEqual(0)
            expect(to).toBeGreaterThanOrEqual(from)
          }
          const { from, to } = await editQuery({ task: 'complete', lang, text, position })
          expect(from <= to && to <= text.length).toBe(true)
          await editQuery({ task: 'hover', lang, text, position })
          await editQuery({ task: 'format', lang, text })
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('format', () => {
  it.each([
    ['kql', 'Commands|where User=="a"|summarize count()   by User'],
    [
      'sls',
      'kind: Command   |  select "process.name" as p,   count(*) as n from log where "process.pid" > 1 group by p order by n desc limit 3',
    ],
    ['sls', "* | where kind = 'Command'   | project kind | limit 3"],
    ['sls', '* | select count(*) -- all of them\n as n'],
  ] as const)('%s: means the same: %s', async (lang, text) => {
    const formatted = await editQuery({ task: 'format', lang, text })
    const sql = async (one: string) =>
      lang === 'kql' ? (await compileKqlHere({ text: one })).sql : compile({ lang, text: one, catalog: advauditCatalog }).sql
    expect(formatted).not.toBe(text)
    expect(await sql(formatted)).toBe(await sql(text))
    expect(await editQuery({ task: 'format', lang, text: formatted })).toBe(formatted)
  })

  it('leaves what has a fault as it is', async () => {
    expect(await editQuery({ task: 'format', lang: 'sls', text: '* |  select (' })).toBe('* |  select (')
  })
})

it.each([
  ['Commands | where User == "a" | summarize count() by User | take 3', 'Commands | where User == "a"'],
  ['let x = 1; Commands | extend y = x | where y == 1', 'let x = 1; Commands | extend y = x | where y == 1'],
  ['Commands\n| take 3 | where User == "a"', 'Commands'],
  ['Commands', 'Commands'],
  ['Commands | where User == "a|b" | project User;', 'Commands | where User == "a|b"'],
])('the rows of %j', async (text, source) => {
  expect(await editQuery({ task: 'source', lang: 'kql', text })).toBe(source)
})

it.each([
  ['kql', 'Commands | where User == "al^"', { field: 'User', table: 'Commands', typed: 'al' }],
  ['kql', 'Commands | where User in ("a", "b^', { field: 'User', table: 'Commands', typed: 'b' }],
  ['kql', "Syslog | where Computer startswith '^'", { field: 'Computer', table: 'Syslog', typed: '' }],
  ['kql', 'Commands | where User == ^', undefined],
  ['kql', 'Commands | where Pid == "1^', undefined],
  ['sls', 'process.name: cu^', { field: 'process.name', table: 'log', typed: 'cu' }],
  ['sls', 'kind: Command and k8s.user.username: "al^', { field: 'k8s.user.username', table: 'log', typed: 'al' }],
  ['sls', `* | select 1 where "process.name" = 'c^`, { field: 'process.name', table: 'log', typed: 'c' }],
  ['sls', 'process^', undefined],
  ['sql', "select 1 where a = 'b^", undefined],
] as const)('%s: the value in %j', (lang, marked, wanted) => {
  const { text, position } = cursor(marked)
  const found = valuePlace(lang, text, position)
  if (wanted === undefined) expect(found).toBeUndefined()
  else expect(found).toEqual({ ...wanted, from: position - wanted.typed.length, to: position })
})
