import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-kql-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function answer(text: string) {
  const { sql, params, columns = [] } = await compileKqlHere({ text })
  const { rows } = await store.reader.query({ sql, params, profile: 'hunt' })
  return { columns: columns.map(({ name }) => name), rows }
}
const rowsOf = async (text: string) => (await answer(text)).rows

/** Programs two people started, in no order. */
const STARTS = `let Starts = datatable(At:long, User:string, Name:string, Size:long)[
  1,"ann","sh",10, 2,"ann","curl",50, 3,"bob","sh",20, 4,"bob","sh",5, 5,"ann","curl",7, 6,"eve","ls",1];`

describe('rows of rows', () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      'top-nested keeps the first below the first',
      'Starts | top-nested 2 of User by sum(Size), top-nested 1 of Name by n=count()',
      [
        ['ann', 67, 'curl', 2],
        ['bob', 25, 'sh', 2],
      ],
    ],
    [
      'top-nested calls the rest by the name given',
      'Starts | top-nested 1 of User with others="rest" by sum(Size), top-nested 1 of Name with others="more" by count()',
      [
        ['ann', 67, 'curl', 2],
        ['ann', 67, 'more', 1],
        ['rest', 26, 'sh', 2],
        ['rest', 26, 'more', 1],
      ],
    ],
    ['top-hitters counts', 'Starts | top-hitters 1 of Name', [['sh', 3]]],
    ['top-hitters sums', 'Starts | top-hitters 1 of Name by Size', [['curl', 57]]],
    ['sample-distinct has no row twice', 'Starts | sample-distinct 5 of User | count', [[3]]],
    [
      'partition takes the first of each',
      'Starts | partition by User (top 1 by Size | project User, Name) | sort by User asc',
      [
        ['ann', 'curl'],
        ['bob', 'sh'],
        ['eve', 'ls'],
      ],
    ],
    [
      'partition counts each by itself',
      'Starts | partition hint.strategy=native by User (summarize n=count() by Name | count) | sort by Count desc',
      [[2], [1], [1]],
    ],
    [
      'as gives rows a name',
      'Starts | where Size > 10 | as Big | where Size == toscalar(Big | summarize max(Size)) | project Name',
      [['curl']],
    ],
    [
      'union shows the name that as gave',
      'Starts | where At == 1 | as One | union withsource=Table (Starts | where At == 2 | as Two) | project Table, At | sort by At asc',
      [
        ['One', 1],
        ['Two', 2],
      ],
    ],
    ['consume shows nothing', 'Starts | consume', []],
  ])('%s', async (_, query, rows) => expect(await rowsOf(`${STARTS}\n${query}`)).toEqual(rows))

  it('invokes a function on the rows before it, which it may read twice', async () => {
    const text = `let above = (T:(Size:long), share:real) { let most = toscalar(T | summarize max(Size)); T | where Size > most * share };
      ${STARTS} Starts | invoke above(0.3) | project At | sort by At asc`
    expect(await rowsOf(text)).toEqual([[2], [3]])
  })
})

describe('scan', () => {
  const scanned = (steps: string, head = '') => `${STARTS} Starts | sort by At asc | scan ${head} with (${steps})`
  it('carries a value from row to row', async () => {
    const text = `${scanned('step s: true => Sum = Size + s.Sum;', 'declare (Sum:long=0)')} | project Sum`
    expect(await rowsOf(text)).toEqual([[10], [60], [80], [85], [92], [93]])
  })
  it('matches a sequence and numbers its matches', async () => {
    const text = `${scanned('step shell: Name == "sh"; step load: Name == "curl" and At - shell.At <= 2;', 'with_match_id=Id')} | project At, Id`
    expect(await rowsOf(text)).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
      [5, 1],
    ])
  })
  it('shows only the last of repeated matches, or none of a step', async () => {
    const steps = 'step shell output=last: Name == "sh"; step load output=none: Name == "curl";'
    expect(await rowsOf(`${scanned(steps)} | project At`)).toEqual([[1], [4]])
  })
  it('keeps partitions apart', async () => {
    const text = `${STARTS} Starts | partition by User (sort by At asc | scan declare (N:long=0) with (step s: true => N = s.N + 1;)) | project User, At, N | sort by At asc`
    expect((await rowsOf(text)).map((row) => row[2])).toEqual([1, 2, 1, 2, 3, 1])
  })
  it('keeps its state over many rows, and numbers the sequences of several steps', async () => {
    const rows = 'range x from 1 to 600 step 1 | sort by x asc | scan'
    const all = '| summarize count(), sum(x), sum(n), sum(m), sum(i), sum(i * x * (n + 1) * (m + 1))'
    const steps = `step a: x % 3 == 0 => n = a.n + x; step b output=last: x % 5 == 0 and x > a.x and a.n < 3000 => m = b.m + 1 + a.n;
      step c output=none: x % 7 == 0 => n = a.n; step d: x % 2 == 0 and c.n > 100 and isnull(d.x) => m = b.m + c.n, n = d.x;`
    const text = `${rows} with_match_id=i declare (n:long=0, m:long=0) with (${steps}) | where x <= 300 ${all}`
    expect(await rowsOf(text)).toEqual([[192, 30244, 20970, 34040, 5887, 322059940]])
    expect(await rowsOf(`${rows} declare (n:long=0) with (step a: true => n = a.n + x;) | summarize max(n)`)).toEqual([[180300]])
  })
  it('has no columns but its own', async () => {
    expect((await answer(scanned('step s: true;'))).columns).toEqual(['At', 'User', 'Name', 'Size'])
  })
})

describe('several columns', () => {
  it.each<[string, readonly string[], readonly unknown[]]>([
    [
      'print array_sort_desc(dynamic([1,10,9]), dynamic(["a","b","c"])), 5',
      ['array0_sorted', 'array1_sorted', 'print_1'],
      ['[10,9,1]', '["b","c","a"]', 5],
    ],
    ['print (a, b) = array_sort_asc(dynamic([2,1]), dynamic([3]))', ['a', 'b'], ['[1,2]', null]],
    ['print a = array_sort_asc(dynamic(["b",null,"a"]), false)', ['a'], ['[null,"a","b"]']],
    [
      'print x = 1 | extend (b, c) = array_sort_asc(dynamic(["10","9"]), dynamic([1,2])) | project c, b',
      ['c', 'b'],
      ['[1,2]', '["10","9"]'],
    ],
  ])('%s', async (text, columns, row) => expect(await answer(text)).toEqual({ columns, rows: [row] }))
})

describe('several tables at once', () => {
  const two = `let A = datatable(k:string, n:long)["red fox",1,"Fox",2,"foxes",3]; let B = datatable(k:string, d:dynamic)["x", dynamic({"m":"a fox"}), "blue",dynamic(null)];`
  it.each<[string, readonly unknown[]]>([
    [
      'search in (A, B) "fox" | project $table, k',
      [
        ['A', 'red fox'],
        ['A', 'Fox'],
        ['B', 'x'],
      ],
    ],
    ['search in (A) "fox*" and n > 1 | project k', [['Fox'], ['foxes']]],
    ['search in (A) k:"*es" | project k', [['foxes']]],
    ['search in (A) "*x*" | count', [[3]]],
    ['search in (A) "r*x" | project k', [['red fox']]],
    ['search kind=case_sensitive in (A) "fox" | project k', [['red fox']]],
    [
      'search in (A, B) n == 2 or k == "blue" | project $table, n',
      [
        ['A', 2],
        ['B', null],
      ],
    ],
    ['search in (A) * | count', [[3]]],
    ['A | search "red" | project $table', [['A']]],
    [
      'find in (A, B) where k has "fox" or k == "x" project k, pack(*) | project source_, k, pack_',
      [
        ['A', 'red fox', '{"n":1}'],
        ['A', 'Fox', '{"n":2}'],
        ['B', 'x', '{"d":{"m":"a fox"}}'],
      ],
    ],
    ['A | where * has "red" | count', [[1]]],
    ['union isfuzzy=true A, (Nowhere | where x > 1) | count', [[3]]],
    [
      'union withsource=T A, B | summarize count() by T | sort by T asc',
      [
        ['A', 3],
        ['B', 2],
      ],
    ],
    ['let V = view () { A | where n == 1 }; union V, A | count', [[4]]],
    ['print toscalar(2) + toscalar(A | count)', [[5]]],
    ['set notruncation; declare query_parameters(least:long = 2); A | where n >= least | count', [[2]]],
    ['strcat("a", "b")', [['ab']]],
  ])('%s', async (query, rows) => expect(await rowsOf(`${two}\n${query}`)).toEqual(rows))

  it('searches every table there is', async () => {
    expect((await answer('search "nothing-has-this" | summarize count() by $table')).rows).toEqual([])
    expect((await answer('union Com*, Sess* | where Pod == "none"')).rows).toEqual([])
    expect((await answer('find "nothing-has-this"')).columns).toContain('source_')
  })
})

it.each<[string, string, readonly unknown[]]>([
  [
    'starts each series with its own first step where no start is given',
    'on At step 2 by User | sort by User asc',
    [
      ['ann', '[10,50,7]', '[0,2,4]'],
      ['bob', '[20,5]', '[2,4]'],
      ['eve', '[1]', '[6]'],
    ],
  ],
  [
    'ends each series with its own last step where no end is given',
    'on At from 1 step 2 by User | sort by User asc | where User == "bob"',
    [['bob', '[0,25]', '[1,3]']],
  ],
  ['has steps of timespans', 'on t = At * 1h from 0h to 4h step 2h', [['[10,70]', '["00:00:00","02:00:00"]']]],
  ['has one series of defaults where asked for', 'on At from 8 to 12 step 2', []],
])('make-series %s', async (_what, form, expected) => {
  expect(await rowsOf(`${STARTS} Starts | make-series sum(Size) ${form}`)).toEqual(expected)
})
it('make-series counts the bins of in range from zero, its end inside', async () => {
  const text = 'datatable(t:long, v:long)[4,1, 10,5, 12,7] | make-series sum(v) default=0 on t in range(4, 12, 3)'
  expect(await rowsOf(text)).toEqual([['[1,0,5,7]', '[3,6,9,12]']])
})

it('mv-expand stops at its limit in each row', async () => {
  const text = 'datatable(a:dynamic)[dynamic([1,2,3]), dynamic([4])] | mv-expand a to typeof(long) limit 2'
  expect(await rowsOf(text)).toEqual([[1], [2], [4]])
})

describe('text into columns', () => {
  it.each<[string, readonly unknown[]]>([
    ['parse kind=relaxed "n=x m=7" with "n=" n:long " m=" m:long', [null, 7]],
    [
      'parse kind=regex flags=s "a=1\\nb=2026-01-02\\n" with "a=" a:long "(.*?)b=" b:datetime',
      [1, '2026-01-02T00:00:00.0000000Z'],
    ],
    ['parse-kv "k: the value, other: 2" as (other:long, k:string) with (pair_delimiter=",", kv_delimiter=":")', [2, 'the value']],
    ['parse-kv "[x] Thread:12, Text: \'a b\'" as (Thread:long, Text:string) with (quote="\'")', [12, 'a b']],
    ['parse-kv "<a=1><b=2>" as (b:long) with (regex=@"<(\\w+)=(\\w+)>")', [2]],
  ])('%s', async (text, row) => {
    const [first] = await rowsOf(`print 0 | ${text}`)
    expect(first?.slice(1)).toEqual(row)
  })
})

describe('.show', () => {
  it.each<[string, readonly unknown[]]>([
    ['.show tables | where TableName startswith "Sess"', [['Sessions', 'podwitness']]],
    ['.show table Loss | where ColumnType == "long" | project ColumnName', [['Count']]],
    [' .show  databases', [['podwitness']]],
    ['.show functions', []],
  ])('%s', async (text, rows) => expect(await rowsOf(text)).toEqual(rows))

  it.each([
    ['.drop table Commands', 'PW-QY-006', 1],
    ['.show table Comands', 'PW-QY-002', 13],
    ['.show tables | where Nme == "a"', 'PW-QY-002', 22],
  ])('%s is refused', async (text, code, column) => {
    await expect(answer(text)).rejects.toMatchObject({ code, column })
  })
})

describe('aggregations', () => {
  const numbers = 'range x from 1 to 10 step 1 | summarize v = '
  it.each<[string, unknown]>([
    ['percentilew(x, x, 50)', 7],
    ['tostring(percentiles_array(x, 10, 50.5))', '[1,6]'],
    ['tostring(percentilesw_array(x, x, dynamic([10, 90])))', '[3,10]'],
    ['stdevif(x, x > 9)', 0],
    ['variancepif(x, x > 5)', 2],
    ['round(covarianceif(x, x * 2, x > 5), 6)', 5],
    ['avgif(x, x > 100)', 'NaN'],
    ['tostring(make_list_if(x, x > 5, 2))', '[6,7]'],
    ['count(x)', 10],
    ['tostring(make_set(pack_array(x % 2, 7)))', '[1,7,0]'],
  ])('%s', async (expression, value) => {
    expect((await rowsOf(`${numbers}${expression}`))[0]?.[0]).toEqual(value)
  })
  it('merges sketches to what one of all would be', async () => {
    const [row] = await rowsOf(`range x from 1 to 100 step 1 | summarize t = tdigest(x), h = hll(x % 30) by x % 7
      | summarize t = tdigest_merge(t), h = hll_merge(h)
      | project percentile_tdigest(t, 25, typeof(long)), tostring(percentiles_array_tdigest(t, 1, 99)), rank_tdigest(t, 68), percentrank_tdigest(t, 50), dcount_hll(h)`)
    expect(row).toEqual([25, '[1,99]', 68, 50, 30])
  })
})

describe('ordered rows', () => {
  const rows =
    'datatable(g: string, t: datetime, v: long)["a", datetime(2026-01-01), 5, "a", datetime(2026-01-01 00:04), 5, "a", datetime(2026-01-01 00:08), 7, "b", datetime(2026-01-01 00:09), 7, "b", datetime(2026-01-01 02:00), 8] | sort by g asc, t asc | project r = '
  it.each<[string, readonly unknown[]]>([
    ['row_number(1, g != prev(g))', [1, 2, 3, 1, 2]],
    ['row_cumsum(v, g != prev(g))', [5, 10, 17, 7, 15]],
    ['row_rank_dense(v)', [1, 1, 2, 2, 3]],
    ['row_rank_dense(v, g != prev(g))', [1, 1, 2, 1, 2]],
    ['row_rank_min(v)', [1, 1, 3, 3, 5]],
    ['tostring(row_window_session(t, 1h, 5m))', [0, 0, 0, 0, 4]],
    ['tostring(row_window_session(t, 6m, 5m))', [0, 0, 2, 2, 4]],
    // A distance that is reached ends a session.
    ['tostring(row_window_session(t, 1h, 4m))', [0, 1, 2, 2, 4]],
    ['tostring(row_window_session(t, 8m, 5m))', [0, 0, 2, 2, 4]],
    ['tostring(row_window_session(t, 1h, 5m, g != prev(g)))', [0, 0, 0, 3, 4]],
    ['prev(v) + next(v, 1, 0)', [null, 12, 12, 15, 7]],
  ])('%s', async (expression, wanted) => {
    const times = ['00:00', '00:04', '00:08', '00:09', '02:00'].map((time) => `2026-01-01T${time}:00.0000000Z`)
    const expected = expression.includes('session') ? wanted.map((at) => times[Number(at)]) : wanted
    expect((await rowsOf(rows + expression)).map(([value]) => value)).toEqual(expected)
  })
  it('takes them in conditions too, inside each other', async () => {
    expect(await rowsOf('range x from 1 to 5 step 1 | serialize | where row_cumsum(prev(x)) > 2')).toEqual([[3], [4], [5]])
  })
  it('knows columns by name, and sizes', async () => {
    const text = 'print a = 1, b = "xy" | project column_ifexists("b", ""), column_ifexists("c", 7), estimate_data_size(*)'
    expect(await rowsOf(text)).toEqual([['xy', 7, 10]])
  })
})
