import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'

// Values that are easily got wrong. Each comes from the Kusto documentation, or from how its binder types and names things.
const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-kql-traps-'))
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
  return { columns: columns.map(({ name, type }) => `${name}:${type}`).join(', '), rows }
}
/** One value; whole numbers come as texts where they are large. */
async function cell(text: string): Promise<unknown> {
  const whole = /^(?:set|print|let|datatable|range)\b/.test(text) ? text : `print v = ${text}`
  return (await answer(whole)).rows[0]?.[0]
}

describe('numbers', () => {
  it.each<[string, unknown]>([
    ['real(nan)', 'NaN'],
    ['real(+inf)', 'Infinity'],
    ['real(-inf)', '-Infinity'],
    ['-real(inf)', '-Infinity'],
    ['real( -1e3 )', -1000],
    ['1.0 / 0', 'Infinity'],
    ['0.0 / 0', 'NaN'],
    ['isnan(real(nan))', true],
    ['isfinite(1.0 / 0)', false],
    ['1 / 0', null],
    ['1.5 in (1, 1.5)', true],
    ['2 in (decimal(2.0), 7)', true],
    ['2 in (2.5)', false],
    ['-7 % -3', 2],
    ['decimal(1.1) * decimal(1.1) * decimal(1.1)', '1.331'],
    ['decimal(1) / 3', '0.333333333333'],
    ['decimal(1) / 0', null],
    ['set query_bin_auto_size=10; print bin_auto(-3)', -10],
  ])('%s', async (text, value) => {
    expect(await cell(text)).toEqual(value)
  })
})

describe('times', () => {
  it.each<[string, unknown]>([
    ['format_datetime(datetime(2015-12-14 02:03:04.12345), "y-M-d h:m:s.fffffff tt")', '15-12-14 2:3:4.1234500 AM'],
    [
      'format_datetime(datetime(2009-06-05 13:05:09), "y yy yyyy M MM d dd H HH h hh m mm s ss")',
      '9 09 2009 6 06 5 05 13 13 1 01 5 05 9 09',
    ],
    ['format_timespan(time(129.09:10:05.12345), "d h:m:s")', '129 9:10:5'],
    ['format_timespan(time(29.09:00:05.12345), "dd.hh:mm:ss [FF]")', '29.09:00:05 [12]'],
    ['set query_now=datetime(2020-01-01); print ago(1d)', '2019-12-31T00:00:00.0000000Z'],
    ['set query_take_max_records=2; set notruncation; range x from 1 to 9 step 1 | sort by x desc', 9],
    ['set query_take_max_records=0; print 1', undefined],
    ['set query_results_apply_getschema=true; print a = 1.5', 'a'],
    [
      'strcat_array(pack_array(gettype(1.5), gettype(1), gettype(parse_json("1")), gettype(parse_json("1.5")), gettype(parse_json(""))), " ")',
      'real long int double null',
    ],
    ['totime("1d")', '1.00:00:00'],
    ['datepart("month", datetime(2020-03-01))', 3],
    ['datatable(s:string)["Sat, 8 Nov 14 15:05:02 GMT"] | project todatetime(s)', '2014-11-08T15:05:02.0000000Z'],
    ['datatable(s:string)["08-Nov-84 15:05"] | project todatetime(s)', '1984-11-08T15:05:00.0000000Z'],
    ['datetime_list_timezones() has "Europe/Berlin"', true],
  ])('%s', async (text, value) => {
    expect(await cell(text)).toEqual(value)
  })
  it('puts bins where an option says', async () => {
    const text = `set query_bin_auto_size=1h; set query_bin_auto_at=datetime(2017-01-01 00:05);
range T from datetime(2017-01-01 00:05) to datetime(2017-01-01 02:00) step 1m | summarize count() by bin_auto(T)`
    expect((await answer(text)).rows).toEqual([
      ['2017-01-01T00:05:00.0000000Z', 60],
      ['2017-01-01T01:05:00.0000000Z', 56],
    ])
  })
})

describe('dynamic values', () => {
  it.each<[string, unknown]>([
    ['parse_xml("<e/>")', '{"e":null}'],
    ['parse_xml("<e>text</e>")', '{"e":"text"}'],
    ['parse_xml(\'<e name="value">text</e>\')', '{"e":{"@name":"value","#text":"text"}}'],
    ['parse_xml("<e> <a>text</a> <a>text</a> </e>")', '{"e":{"a":["text","text"]}}'],
    ['parse_xml("<e> text <a>x &amp; y</a> </e>")', '{"e":{"#text":"text","a":"x & y"}}'],
    ['parse_xml(\'<?xml version="1.0"?><d><v>118.0</v></d>\')', '{"d":{"v":118.0}}'],
    ['parse_xml("<a><b></a>")', null],
    ['parse_xml("text")', null],
    [
      'dynamic([1d, guid(74be27de-1e4e-49d9-b579-fe0b331d3642), 1tick])',
      '["1.00:00:00","74be27de-1e4e-49d9-b579-fe0b331d3642","00:00:00.0000001"]',
    ],
    ['set_equals(dynamic([1,2,2]), dynamic([2,1]))', true],
    ['set_equals(dynamic([1]), dynamic([2,1]))', false],
  ])('%s', async (text, value) => {
    expect(await cell(text)).toEqual(value)
  })
})

describe('texts', () => {
  it.each<[string, unknown]>([
    // Plain texts may overlap, matches may not.
    ['countof("aaaa", "aa")', 3],
    ['countof("ababa", "aba")', 2],
    // What is sought is the text of a value.
    ['"took 01:00:00 hours" has 1h', true],
    ['"x 2 y" has 2', true],
    ['"v1.50" has 1.50', false],
    ['countof("ababa", "aba", "regex")', 1],
    ['countof("abc", "")', 0],
    ['datatable(s:string, p:string)["a;b;c", ";"] | project tostring(split(s, p))', '["a","b","c"]'],
    ['datatable(s:string, p:string)["a;b", ";"] | project split(s, p, 1)', '["b"]'],
    [
      'datatable(p:string)["-"] | project strcat(strcat_array(dynamic([1, 2]), p), strcat_delim(p, "x", "y"), strrep("z", 2, p))',
      '1-2x-yz-z',
    ],
    ['extract("a(b)?", 1, "a")', ''],
    ['extract("a", 3, "a")', ''],
    ['ipv4_is_in_any_range("10.0.0.1", dynamic(["10.0.0.0/8"]))', true],
  ])('%s', async (text, value) => {
    expect(await cell(text)).toEqual(value)
  })
})

describe('names of columns', () => {
  it.each<[string, string]>([
    ['datatable(v:long)[1] | extend tostring(v)', 'v:string'],
    ['datatable(v:long)[1] | extend tostring(v), toint(v)', 'v:int'],
    ['datatable(v:long)[1] | extend v + 1, bin(v, 2)', 'v:long, Column1:long'],
    ['datatable(a:dynamic)[dynamic({})] | extend a.b.c, a["b"]', 'a:dynamic, a_b_c:dynamic, a_b:dynamic'],
    [
      'datatable(v:long, w:string)[1, "a"] | project v + 1, strlen(w), w, tostring(v), v',
      'Column1:long, strlen_w:long, w:string, v:string, v1:long',
    ],
    [
      'datatable(v:long)[1] | summarize count(), sum(v), sum(v * 2), max(v) + 1',
      'count_:long, sum_v:long, sum_:long, Column1:long',
    ],
  ])('%s', async (text, columns) => {
    expect((await answer(text)).columns).toBe(columns)
  })
})

it.each<[string, readonly unknown[]]>([
  ['asc', [null, 'NaN', '-Infinity', 1.5, 'Infinity']],
  ['desc', ['Infinity', 1.5, '-Infinity', 'NaN', null]],
  ['asc nulls last', ['-Infinity', 1.5, 'Infinity', 'NaN', null]],
])('sorts numbers that are none: %s', async (direction, order) => {
  const text = `datatable(v:real)[1.5, real(nan), real(null), real(-inf), real(inf)] | sort by v ${direction}`
  expect((await answer(text)).rows.flat()).toEqual(order)
})

describe('steps', () => {
  it.each<[string, unknown]>([
    // A type given to elements casts and does not read texts.
    ['print d=dynamic(["1",2,"x",3.5,true]) | mv-expand d to typeof(long)', [[null], [2], [null], [3], [null]]],
    ['print d=dynamic(["2020-01-01"]) | mv-expand d to typeof(datetime)', [['2020-01-01T00:00:00.0000000Z']]],
    ['print range(1, 200, 1) | mvexpand print_0 | count', [[128]]],
    ['print d=dynamic({"a":[7]}) | mv-expand d.a | project d_a', [['7']]],
    ['print d=dynamic({"a":[7]}) | mv-apply d.a on (extend z=1) | project d_a, z', [['7', 1]]],
    ['union kind=inner (print a=1, b=2), (print a=3, c=4)', [[1], [3]]],
    // Equal keys must not change places between functions of ordered rows.
    [
      'datatable(a:int)[5, 3, 3, 1] | sort by a desc | extend r=row_rank_dense(a), m=row_rank_min(a), n=row_number(10)',
      [
        [5, 1, 1, 10],
        [3, 2, 2, 11],
        [3, 2, 2, 12],
        [1, 3, 4, 13],
      ],
    ],
    ["datatable(v:long)[3, 5] | summarize first=min(v), last=max(v) | project x = ['last']", [[5]]],
    // Columns that no condition of scan reads come back beside its matches, of equal keys too.
    [
      'datatable(k:int, s:string)[1, "a", 1, "b", 2, "c"] | sort by k asc | scan declare (n:long=0) with (step x: true => n = x.n + 1;) | summarize make_set(n), dcount(s), count()',
      [['[1,2,3]', 3, 3]],
    ],
    [
      'datatable(g:string, v:long)["a", 1, "b", 5, "a", 2] | sort by v asc | partition by g (scan declare (n:long=0) with (step x: true => n = x.n + v;)) | sort by v asc | project g, n',
      [
        ['a', 1],
        ['a', 3],
        ['b', 5],
      ],
    ],
    // Each row draws for itself, and what is materialized is drawn once.
    ['range x from 1 to 50 step 1 | project y=1 | extend r=rand() | summarize dcount(r)', [[50]]],
    ['range x from 1 to 9 step 1 | extend a=new_guid(), b=new_guid() | where a == b | count', [[0]]],
    [
      'let A = materialize(range x from 1 to 9 step 1 | extend r=rand()); A | join kind=inner A on x | where r == r1 | count',
      [[9]],
    ],
    ['let A = materialize(range x from 1 to 1000 step 1 | sample 5); A | join kind=inner A on x | count', [[5]]],
    [
      'let A = materialize(datatable(k:string, v:int)["a", 1, "b", 2] | sample 9); A | evaluate pivot(k, sum(v)) : (a:long, b:long)',
      [[1, 2]],
    ],
  ])('%s', async (text, rows) => {
    expect((await answer(text)).rows).toEqual(rows)
  })
})
