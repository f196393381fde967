import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTwoDays, type TwoDays } from '../testdata/two-days.ts'
import { advauditCatalog } from './catalog/advaudit-catalog.ts'
import { compile } from './compile.ts'
import { QueryError } from './query-error.ts'

let twoDays: TwoDays
beforeAll(async () => {
  twoDays = await openTwoDays()
})
afterAll(() => twoDays?.close())

const DAY = { from: '2025-01-02T00:00:00Z', to: '2025-01-02T00:03:00Z' }
const ask: TwoDays['ask'] = (text, range) => twoDays.ask(text, range)

describe('frames of windows', () => {
  it.each<[string, number[]]>([
    ['rows between 1 preceding and current row', [0, 1, 3, 5]],
    ['rows 1 preceding', [0, 1, 3, 5]],
    ['rows between current row and 1 following', [1, 3, 5, 3]],
    ['rows between unbounded preceding and unbounded following', [6, 6, 6, 6]],
    ['range between unbounded preceding and current row', [0, 1, 3, 6]],
    ['rows between 2 preceding and 1 preceding', [0, 0, 1, 3]],
  ])('%s', async (frame, wanted) => {
    const rows = await ask(
      `* | select "process.pid" as p, sum("process.pid") over (order by "process.pid" ${frame}) as s from log where "process.pid" < 4 order by p`,
    )
    expect(rows.map(([, sum]) => sum ?? 0)).toEqual(wanted)
  })
})

describe('comparisons with earlier times', () => {
  it('compares a number', async () => {
    expect(await ask('process.name: id | select compare(n, 86400) as c from (select count(*) as n from log)', DAY)).toEqual([
      [[3, 6, 0.5]],
    ])
  })

  it('compares by a column, with several times', async () => {
    const rows = await ask(
      '* | select p, compare(n, 86400, 172800) as c from (select "process.name" as p, count(*) as n from log group by p) group by p order by p',
      DAY,
    )
    expect(rows).toEqual([
      ['id', [3, 6, null, 0.5, null]],
      ['ls', [1, null, null, null, null]],
    ])
  })

  it('compares along time', async () => {
    const rows = await ask(
      "process.name: id | select t, ts_compare(n, 86400) as c from (select date_trunc('minute', __time__) as t, count(*) as n from log group by t) group by t order by t",
      DAY,
    )
    expect(rows).toHaveLength(3)
    expect(rows[1]).toEqual(['2025-01-02 00:01:00.000', [1, 2, 0.5, Date.UTC(2025, 0, 1, 0, 1) / 1000]])
  })

  it.each([
    ['* | select compare(n, 86400) from (select count(*) as n from log)', 'PW-QY-008', {}],
    ['* | select compare("process.pid", 86400) from log', 'PW-QY-005', DAY],
    ['* | select compare(n) from (select count(*) as n from log)', 'PW-QY-005', DAY],
    ['* | select ts_compare(n, 60) from (select count(*) as n from log)', 'PW-QY-005', DAY],
    ['* | select 1 + compare(n, 60) from (select count(*) as n from log)', 'PW-QY-005', DAY],
  ])('refuses %s', async (text, code, range) => {
    await expect(ask(text, range)).rejects.toMatchObject({ code })
  })
})

describe('SPL', () => {
  it.each<[string, unknown[][]]>([
    ['* | where "process.name" = \'ls\' | project "process.name", pid="process.pid"', [['ls', 3]]],
    [
      'process.name: id | where "process.pid" < 3 | where "process.pid" > 0 | extend twice = "process.pid" * 2 | where twice > 2 | project twice',
      [[4]],
    ],
    ['* | project p="process.pid" | sort p desc | limit 2', [[9], [8]]],
    ['* | project p="process.pid", n="process.name" | project-rename q=p | where q = 3 | project-away q', [['ls']]],
    ['* | extend kind = upper(kind) | project kind | limit 1', [['COMMAND']]],
    ["* | where json_extract_scalar(process, '$.name') = 'ls' | project kind", [['Command']]],
    ['* | stats n=count(*), most=max("process.pid") by "process.name" | where n < 5', [['ls', 1, 3]]],
    ["* | where kind = 'Command' | stats n=count(*)", [[10]]],
    [
      'process.name: ls | parse-regexp "process.cmdline", \'^(\\w+) -x (\\d+)$\' as word, place | project word, place',
      [['ls', '3']],
    ],
    ['* | project p="process.pid" | limit 3 | where p >= 0 | sort p | limit 1 | project one=1', [[1]]],
  ])('%s', async (text, wanted) => {
    expect(await ask(text)).toEqual(wanted)
  })

  it('keeps every column that is not touched', async () => {
    const text = '* | extend extra = 1 | limit 1'
    const { columns } = compile({ lang: 'sls', text, catalog: advauditCatalog })
    const shown = advauditCatalog.logstore.fields.filter(({ hidden }) => hidden !== true).map(({ name }) => name)
    expect(columns?.map(({ name }) => name)).toEqual([...shown, 'extra'])
  })

  it.each([
    ['* | where', 'PW-QY-001'],
    ['* | extend 1 = 2', 'PW-QY-001'],
    ['* | stats count(*)', 'PW-QY-001'],
    ['* | stats n=count(*) by nothing', 'PW-QY-002'],
    ['* | where 1 = 1 | make-series n=count(*)', 'PW-QY-004'],
    ['* | parse-regexp kind as a', 'PW-QY-001'],
    ['* | project nothing', 'PW-QY-002'],
    ['* | project-away nothing', 'PW-QY-002'],
    ['* | where 1 = 1 | select 1', 'PW-QY-004'],
    ['* | where 1 = 1; drop table x', 'PW-QY-001'],
    ['* | limit all', 'PW-QY-001'],
  ])('refuses %s', (text, code) => {
    const failed = (): unknown => compile({ lang: 'sls', text, catalog: advauditCatalog })
    expect(failed).toThrow(QueryError)
    expect(failed).toThrow(expect.objectContaining({ code }))
  })
})
