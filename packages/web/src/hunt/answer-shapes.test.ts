import type { QueryReply } from '@podwitness/api'
import { describe, expect, it } from 'vitest'
import { chartOf } from './chart-series.ts'
import { csvOf, ndjsonOf } from './export-rows.ts'
import { refineQuery } from './refine-query.ts'

const reply = (columns: QueryReply['columns'], rows: QueryReply['rows'], visualization?: string): QueryReply => ({
  columns,
  rows,
  stats: { rows: rows.length, scannedRows: 0, scannedBytes: 0, elapsedMs: 0, truncated: false },
  ...(visualization === undefined ? {} : { render: { visualization, properties: {} } }),
})
const TEXT = [
  { name: 'a', type: 'string' },
  { name: 'b"c', type: 'dynamic' },
]

describe('export', () => {
  it('writes CSV that keeps quotes, commas and lines, and that no spreadsheet runs', () => {
    const rows = [
      ['plain', { x: 1 }],
      ['a "b", c\nd', null],
      ['=HYPERLINK("http://x")', '-3.5'],
      ['@SUM(1)', '+1'],
    ]
    expect(csvOf(reply(TEXT, rows))).toBe(
      'a,"b""c"\r\nplain,"{""x"":1}"\r\n"a ""b"", c\nd",\r\n"\'=HYPERLINK(""http://x"")",-3.5\r\n\'@SUM(1),\'+1\r\n',
    )
  })

  it('writes one object a line', () => {
    expect(ndjsonOf(reply(TEXT, [['x', [1]]]))).toBe('{"a":"x","b\\"c":[1]}\n')
  })
})

describe('a condition added to a query', () => {
  it.each([
    ['User', 'string', "o'neil\\", true, "T\n| where User == 'o\\'neil\\\\'"],
    ['n', 'long', 5, false, 'T\n| where n != 5'],
    ['t', 'datetime', '2026-11-21T02:53:10.0000000Z', true, 'T\n| where t == datetime(2026-11-21T02:53:10.0000000Z)'],
    ['a b', 'string', null, true, "T\n| where isnull(['a b'])"],
    ['x', 'string', "'\n| take 1", true, "T\n| where x == '\\'\\n| take 1'"],
  ])('%s %s %j', (column, type, value, keep, expected) => {
    expect(refineQuery('kql', 'T\n', column, type, value, keep)).toBe(expected)
  })

  it('is not offered where it would have to be guessed', () => {
    expect(refineQuery('kql', 'T', 'd', 'dynamic', { a: 1 }, true)).toBeUndefined()
    expect(refineQuery('sls', '* | select count(*) from log', 'a', 'string', 'x', true)).toBeUndefined()
  })

  it.each([
    ['kind: "a | b"', 'process.name', 'string', "it's", true, `"process.name" = 'it''s'`],
    ['kind: Command', 'process.pid', 'int', 7, false, '("process.pid" is null or "process.pid" != 7)'],
    ['', 'k8s.pod.name', 'string', null, true, '"k8s.pod.name" is null'],
  ] as const)('asks for a value in SLS after the search %j', (text, column, type, value, keep, condition) => {
    const refined = refineQuery('sls', text, column, type, value, keep) ?? ''
    expect(refined).toBe(`${text || '*'} | select * from log where ${condition} limit 10000`)
    const twice = refineQuery('sls', refined, 'kind', 'string', 'Command', true) ?? ''
    expect(twice).toBe(`${text || '*'} | select * from log where ${condition} and "kind" = 'Command' limit 10000`)
  })
})

describe('a chart', () => {
  const columns = [
    { name: 'at', type: 'datetime' },
    { name: 'user', type: 'string' },
    { name: 'n', type: 'long' },
  ]

  it('has time across, a series for each value of a text column, points in order', () => {
    const rows = [
      ['2026-01-01T00:01:00Z', 'bob', 2],
      ['2026-01-01T00:00:00Z', 'bob', 1],
      ['2026-01-01T00:00:00Z', 'eve', 7],
      ['no time', 'eve', 9],
    ]
    const chart = chartOf(reply(columns, rows, 'timechart'))
    expect(chart?.kind).toBe('line')
    const start = Date.UTC(2026, 0, 1)
    expect(chart?.series).toEqual([
      {
        name: 'bob',
        points: [
          { x: start, y: 1 },
          { x: start + 60_000, y: 2 },
        ],
      },
      { name: 'eve', points: [{ x: start, y: 7 }] },
    ])
  })

  it('has labels across where there is no time, and none without numbers', () => {
    const bars = chartOf(
      reply(
        [
          { name: 'user', type: 'string' },
          { name: 'n', type: 'long' },
        ],
        [
          ['a', 1],
          ['b', 2],
        ],
        'barchart',
      ),
    )
    expect(bars).toMatchObject({
      kind: 'bar',
      labels: ['a', 'b'],
      series: [
        {
          name: 'n',
          points: [
            { x: 0, y: 1 },
            { x: 1, y: 2 },
          ],
        },
      ],
    })
    expect(chartOf(reply([{ name: 'user', type: 'string' }], [['a']], 'barchart'))).toBeUndefined()
    expect(chartOf(reply(columns, [], 'timechart'))).toBeUndefined()
  })
})
