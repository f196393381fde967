import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'
import { KQL_TABLES } from './tables/index.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-kql-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const run = async (sql: string, params: Readonly<Record<string, unknown>>) =>
  (await store.reader.query({ sql, params, profile: 'hunt' })).rows

async function answer(text: string) {
  const { sql, params, columns = [] } = await compileKqlHere({ text }, KQL_TABLES, run)
  return { columns: columns.map(({ name, type }) => `${name}:${type}`), rows: await run(sql, params) }
}
const rowsOf = async (text: string) => (await answer(text)).rows

describe('columns that only the data name', () => {
  const bags = `datatable(k:string, d:dynamic)["x", dynamic({"b":1,"a":"p"}), "y", dynamic({"b":2.5,"c":[1]}), "z", dynamic(null)]`
  it('unpacks bags, mixed types as dynamic', async () => {
    expect(await answer(`${bags} | evaluate bag_unpack(d) | sort by k asc`)).toEqual({
      columns: ['k:string', 'a:string', 'b:dynamic', 'c:dynamic'],
      rows: [
        ['x', 'p', '1', null],
        ['y', '', '2.5', '[1]'],
        ['z', '', null, null],
      ],
    })
  })
  it('lets later steps use the columns', async () => {
    expect(
      await rowsOf(`${bags} | where k != "y" | evaluate bag_unpack(d, "m_") | where m_b > 0 | project m_b + 1, m_a`),
    ).toEqual([[2, 'p']])
  })
  it.each<[string, readonly string[], readonly unknown[]]>([
    ['columnsConflict="replace_source"', ['k:string', 'n:long'], ['new', 1]],
    ['columnsConflict="keep_source"', ['k:string', 'n:long'], ['old', 1]],
    ['columnsConflict="keep_source", ignoredProperties=dynamic(["n"])', ['k:string'], ['old']],
  ])('settles names by %s', async (option, columns, row) => {
    const text = `datatable(k:string, d:dynamic)["old", dynamic({"k":"new","n":1})] | evaluate bag_unpack(d, ${option})`
    expect(await answer(text)).toEqual({ columns, rows: [row] })
  })
  it('refuses two columns of a name', async () => {
    const text = 'datatable(k:string, d:dynamic)["old", dynamic({"k":"new"})] | evaluate bag_unpack(d)'
    await expect(answer(text)).rejects.toThrow(/columnsConflict/)
  })
  it('takes members whose names are no words', async () => {
    const text = `print d = parse_json('{"a b":1,"it\\'s":2,"q\\\\"q":3}') | evaluate bag_unpack(d)`
    expect((await answer(text)).columns).toEqual(['a b:long', "it's:long", 'q"q:long'])
  })
  it('pivots counts, and other aggregations', async () => {
    const data = 'datatable(v:string, p:string, n:long)["pod","get",1,"pod","list",2,"node","get",4,"pod","get",8]'
    expect(await answer(`${data} | project v, p | evaluate pivot(p) | sort by v asc`)).toEqual({
      columns: ['v:string', 'get:long', 'list:long'],
      rows: [
        ['node', 1, 0],
        ['pod', 2, 1],
      ],
    })
    expect(await rowsOf(`${data} | evaluate pivot(p, max(n), v) | where get > 5`)).toEqual([['pod', 8, 2]])
    expect(await rowsOf(`${data} | evaluate pivot(p, sum(n)) : (v:string, list:long) | sort by v asc`)).toEqual([
      ['node', 0],
      ['pod', 2],
    ])
  })
  it('goes back to the place of a fault after columns were put in', async () => {
    const text = 'print d = dynamic({"a":1})\n| evaluate bag_unpack(d) | reduce by tostring(a)'
    await expect(answer(text)).rejects.toMatchObject({ line: 2, column: 28 })
  })
  it('is refused where nobody can be asked', async () => {
    await expect(compileKqlHere({ text: 'print d = dynamic({"a":1}) | evaluate bag_unpack(d)' })).rejects.toMatchObject({
      code: 'PW-QY-004',
      column: 52,
    })
  })
})

describe('who was active', () => {
  const days = `let T = datatable(u:string, t:datetime)["a",datetime(2026-01-01), "b",datetime(2026-01-01 12:00), "a",datetime(2026-01-02),
    "c",datetime(2026-01-02), "c",datetime(2026-01-02), "a",datetime(2026-01-04), "b",datetime(2026-01-04)];
    let S = datetime(2026-01-01); let E = datetime(2026-01-04);`
  const day = (row: readonly unknown[]) => [Number(String(row[0]).slice(8, 10)), ...row.slice(1)]
  it.each<[string, string, readonly unknown[]]>([
    [
      'counts and new ones',
      'activity_counts_metrics(u, t, S, E, 1d)',
      [
        [1, 2, 2, 2, 2],
        [2, 3, 2, 1, 3],
        [4, 2, 2, 0, 3],
      ],
    ],
    [
      'those that came back',
      'activity_metrics(u, t, S, E, 1d)',
      [
        [1, 2, 2, 'NaN', 'NaN'],
        [2, 2, 1, 0.5, 0.5],
        [4, 2, 2, 'NaN', 'NaN'],
      ],
    ],
    [
      'windows',
      'sliding_window_counts(u, t, S, E, 2d, 1d)',
      [
        [1, 2, 2],
        [2, 5, 3],
        [3, 3, 2],
        [4, 2, 2],
      ],
    ],
    [
      'those active on two days',
      'active_users_count(u, t, S, E, 4d, 1d, 2, 1d)',
      [
        [2, 1],
        [4, 2],
      ],
    ],
  ])('%s', async (_, call, rows) => expect((await rowsOf(`${days} T | evaluate ${call}`)).map(day)).toEqual(rows))

  it('follows each cohort', async () => {
    const rows = await rowsOf(
      `${days} T | evaluate new_activity_metrics(u, t, S, E, 1d) | project from=dayofmonth(from_t), to=dayofmonth(to_t), dcount_new_values, dcount_retained_values, churn_rate`,
    )
    expect(rows).toEqual([
      [1, 1, 2, 2, 0],
      [1, 2, 1, 1, 0.5],
      [1, 3, 0, 0, 1],
      [1, 4, 0, 2, 0],
      [2, 2, 1, 1, 0],
      [2, 3, 0, 0, 1],
      [2, 4, 0, 0, 1],
    ])
  })
  it('keeps dimensions apart', async () => {
    const text = 'range x from 1 to 6 step 1 | extend odd = x % 2 | evaluate rolling_percentile(x, 50, x, 2, 2, odd)'
    expect(await rowsOf(text)).toEqual([
      [2, 0, 2],
      [4, 0, 2],
      [6, 0, 4],
      [0, 1, 1],
      [2, 1, 1],
      [4, 1, 3],
      [6, 1, 5],
    ])
  })
})

describe('other plugins', () => {
  it('rows_near shows what stands around', async () => {
    const text = 'range x from 1 to 9 step 1 | sort by x asc | evaluate rows_near(x == 5, 2, 1)'
    expect(await rowsOf(text)).toEqual([[3], [4], [5], [6]])
  })
  it('narrow makes a row of each cell', async () => {
    expect(await rowsOf('print a = 1, b = "x" | evaluate narrow()')).toEqual([
      [0, 'a', '1'],
      [0, 'b', 'x'],
    ])
  })
  const nets =
    'let Nets = datatable(net:string, who:string)["10.0.0.0/8","in","10.1.0.0/16","shop","0.0.0.0/0","all","bad","no","fd00::/8","six"];'
  it('ipv4_lookup finds every network of an address', async () => {
    const rows = await rowsOf(
      `${nets} datatable(ip:string)["10.1.2.3","8.8.8.8","x"] | evaluate ipv4_lookup(Nets, ip, net) | summarize make_set(who) by ip | sort by ip asc | project ip, array_sort_asc(set_who)`,
    )
    expect(rows).toEqual([
      ['10.1.2.3', '["all","in","shop"]'],
      ['8.8.8.8', '["all"]'],
    ])
  })
  it('ipv6_lookup keeps the unmatched where told to', async () => {
    const rows = await rowsOf(
      `${nets} datatable(ip:string)["fd00::1","2001::1"] | evaluate ipv6_lookup(Nets, ip, net, return_unmatched = true) | project ip, who | sort by ip asc`,
    )
    expect(rows).toEqual([
      ['2001::1', ''],
      ['fd00::1', 'six'],
    ])
  })
})

describe('places', () => {
  const shapes = `let Shapes = datatable(n:string, g:dynamic)[
    "square", dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[4,6],[6,6],[6,4],[4,4]]]}),
    "two", dynamic({"type":"MultiPolygon","coordinates":[[[[20,0],[21,0],[21,1],[20,0]]],[[[170,0],[-170,0],[-170,5],[170,5],[170,0]]]]})];
    let Lines = datatable(n:string, g:dynamic)["equator", dynamic({"type":"LineString","coordinates":[[0,0],[10,0]]})];
    let Places = datatable(p:string, x:real, y:real)["in",1.0,1.0, "hole",5.0,5.0, "out",-1.0,1.0, "far",-175.0,-2.0, "date line",179.0,2.0, "antipode",-179.0,-1.0];`
  it.each<[string, readonly unknown[]]>([
    [
      'geo_polygon_lookup(Shapes, g, x, y) | project p, n',
      [
        ['in', 'square'],
        ['date line', 'two'],
      ],
    ],
    ['geo_polygon_lookup(Shapes, g, x, y, radius = 112000) | where p == "out" | project n', [['square']]],
    ['geo_polygon_lookup(Shapes, g, x, y, return_unmatched = true) | where n == "" | count', [[4]]],
    // A degree on the sphere is 111.2 km; beyond its end the line is as far as its end.
    ['geo_line_lookup(Lines, g, x, y, 111200) | project p', [['in']]],
    ['geo_line_lookup(Lines, g, x, y, 157300) | project p', [['in'], ['out']]],
  ])('%s', async (call, rows) => expect(await rowsOf(`${shapes} Places | evaluate ${call}`)).toEqual(rows))
})

describe('patterns and sequences', () => {
  const events =
    'datatable(state:string, event:string, damage:string, crops:long)["TX","Hail","NO",0, "TX","Hail","NO",0, "KS","Wind","NO",0, "KS","Wind","YES",5, "TX","Flood","YES",0]'
  it('finds what enough rows share, each set of rows once', async () => {
    expect(await rowsOf(`${events} | evaluate basket(0.4)`)).toEqual([
      [0, 4, 80, '', '', '', 0],
      [1, 3, 60, 'TX', '', '', 0],
      [2, 3, 60, '', '', 'NO', 0],
      [3, 2, 40, 'KS', 'Wind', '', null],
      [4, 2, 40, 'TX', 'Hail', 'NO', 0],
      [5, 2, 40, '', '', 'YES', null],
    ])
  })
  it('weighs rows and shows wildcards as asked', async () => {
    const text = `${events} | summarize n=count() by state, damage | evaluate basket(0.5, n, 1, '*')`
    expect(await rowsOf(text)).toEqual([
      [0, 3, 60, 'TX', '*', null],
      [1, 3, 60, '*', 'NO', null],
    ])
  })
  it('keeps values of every type', async () => {
    const text =
      'datatable(t:datetime, b:bool, d:dynamic, r:real)[datetime(2020-01-01),true,dynamic([1]),real(null), datetime(2020-01-01),false,dynamic([1]),1.5] | evaluate basket(0.9)'
    expect(await rowsOf(text)).toEqual([[0, 2, 100, '2020-01-01T00:00:00.0000000Z', null, '[1]', null]])
  })
  it('counts what sets have in common', async () => {
    const text = `range x from 1 to 100 step 1
| summarize a = hll(iif(x % 2 == 0, x, 0)), b = hll(iif(x % 3 == 0, x, 0)), c = hll(iif(x % 5 == 0, x, 0))
| evaluate dcount_intersect(a, b, c) | project s0 - 1, s1 - 1, s2 - 1`
    expect(await rowsOf(text)).toEqual([[50, 16, 3]])
  })
  it('finds sequences of conditions within each dimension', async () => {
    const text = `datatable(a:string, t:datetime, k:string)["x",datetime(2020-01-01),"p", "y",datetime(2020-01-02),"q", "y",datetime(2020-01-03),"p", "y",datetime(2020-02-03),"p"]
| evaluate sequence_detect(t, 5d, 5d, heat=(a == "x"), fire=(a == "y"), k)`
    expect(await answer(text)).toEqual({
      columns: ['k:string', 'heat_t:datetime', 'fire_t:datetime', 'Duration:timespan'],
      rows: [['p', '2020-01-01T00:00:00.0000000Z', '2020-01-03T00:00:00.0000000Z', '2.00:00:00']],
    })
  })
  it('sets active identities against those of a longer window', async () => {
    const text = `range day from datetime(2017-01-01) to datetime(2017-01-03) step 1d
| extend d = tolong((day - datetime(2017-01-01)) / 1d) | mv-expand id = range(d * 50, d * 50 + 99, 1) to typeof(long)
| evaluate activity_engagement(id, day, datetime(2017-01-01), datetime(2017-01-03), 1d, 2d)`
    expect((await rowsOf(text)).map((row) => row.slice(1))).toEqual([
      [100, 100, 1],
      [100, 150, 2 / 3],
      [100, 150, 2 / 3],
    ])
  })
  it.each([
    [
      '',
      [
        ['u', 0, 'System.String'],
        ['r', 1, 'System.String'],
        ['n', -1, 'ERROR(unknown CSL type:ERROR(columns are out of order))'],
      ],
    ],
    [
      'PreserveOrder=false',
      [
        ['u', 0, 'System.String'],
        ['r', 1, 'System.String'],
        ['n', 2, 'System.Int32'],
      ],
    ],
  ])('merges schemas, schema_merge(%s)', async (argument, expected) => {
    const text = `let a = datatable(u:string, n:int)[] | getschema; let b = datatable(u:string, r:string, n:int)[] | getschema;
union a, b | evaluate schema_merge(${argument}) | project-away ColumnType`
    expect(await rowsOf(text)).toEqual(expected)
  })
})
