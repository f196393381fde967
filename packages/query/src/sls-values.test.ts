import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advauditCatalog } from './catalog/advaudit-catalog.ts'
import { compile } from './compile.ts'
import { QueryError } from './query-error.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-values-'))
let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Rows of an analysis; `one` stands for a source of one row. */
async function ask(analysis: string): Promise<unknown[][]> {
  const text = `* | ${analysis.replace(/\bfrom one\b/g, 'from (select count(*) as one from log)')}`
  const { sql, params } = compile({ lang: 'sls', text, catalog: advauditCatalog })
  const { rows } = await store.reader.query({ sql, params, profile: 'hunt' })
  return rows.map((row) => [...row])
}

/** What each expression is, by the documentation of SLS and of Presto behind it. */
const VALUES: Readonly<Record<string, readonly (readonly [expression: string, wanted: unknown])[]>> = {
  times: [
    ["date_format(from_unixtime(1704164645.678), '%a %b %c %d %e')", 'Tue Jan 1 02 2'],
    ["date_format(from_unixtime(1704164645.678), '%f')", '678000'],
    ["date_format(from_unixtime(1704164645.678), '%H %h %I %i %j %k %l')", '03 03 03 04 002 3 3'],
    ["date_format(from_unixtime(1704164645.678), '%M %m %p %r %S %s %T')", 'January 01 AM 03:04:05 AM 05 05 03:04:05'],
    ["date_format(from_unixtime(1704164645.678), '%v %W %Y %y %%')", '01 Tuesday 2024 24 %'],
    ["date_format(from_unixtime(1704164645.678), '%x')", '2024'],
    ["date_format(from_unixtime(1704164645.678), 'year %Y, day')", 'year 2024, day'],
    ["date_parse('2024-01-02 03:04:05', '%Y-%m-%d %H:%i:%s')", '2024-01-02 03:04:05.000'],
    ["date_parse('2024-01-02 03:04:05.678', '%Y-%m-%d %H:%i:%s.%f')", '2024-01-02 03:04:05.678'],
    ["date_parse('1/2/2024 3:04', '%c/%e/%Y %k:%i')", '2024-01-02 03:04:00.000'],
    ["date_parse('1950-01-02', '%Y-%m-%d')", '1950-01-02 00:00:00.000'],
    ["date_parse('Jan 5 2024 03:04:05 PM', '%b %e %Y %r')", '2024-01-05 15:04:05.000'],
    ["date_parse('20240102', '%Y%m%d')", '2024-01-02 00:00:00.000'],
    ["date_parse('24-2-3', '%y-%m-%d')", '2024-02-03 00:00:00.000'],
    ["date_trunc('week', date_parse('2024-01-04 03:04:05', '%Y-%m-%d %H:%i:%s'))", '2024-01-01 00:00:00.000'],
    ["date_trunc('quarter', from_unixtime(1704164645))", '2024-01-01 00:00:00.000'],
    ["date_trunc('second', from_unixtime(1704164645.678))", '2024-01-02 03:04:05.000'],
    ["date_add('month', 1, date_parse('2024-01-31','%Y-%m-%d'))", '2024-02-29 00:00:00.000'],
    ["date_diff('month', date_parse('2024-01-31','%Y-%m-%d'), date_parse('2024-02-29','%Y-%m-%d'))", 0],
    ["date_diff('day', date_parse('2024-01-01 23:00','%Y-%m-%d %H:%i'), date_parse('2024-01-02 01:00','%Y-%m-%d %H:%i'))", 0],
    ["date_diff('hour', date_parse('2024-01-02 01:00','%Y-%m-%d %H:%i'), date_parse('2024-01-01 23:00','%Y-%m-%d %H:%i'))", -2],
    ["extract(dow from date_parse('2024-01-07','%Y-%m-%d'))", 7],
    ["extract(week from date_parse('2023-01-01','%Y-%m-%d'))", 52],
    ['to_unixtime(from_unixtime(1704164645.5))', 1704164645.5],
    ["regexp_extract('1a 2b 14m', '\\d+')", '1'],
    ["regexp_extract('1a 2b 14m', '(\\d+)([a-z]+)', 2)", 'a'],
    ["regexp_extract_all('1a 2b 14m', '\\d+')", ['1', '2', '14']],
    ["regexp_extract_all('1a 2b 14m', '(\\d+)([a-z]+)', 2)", ['a', 'b', 'm']],
    ["url_extract_host('https://example.com:8080/a?q=1#f')", 'example.com'],
    ["url_extract_path('https://example.com:8080/a%20b?q=1#f')", '/a b'],
    ["url_extract_query('https://example.com:8080/a?q=1&r=%20#f')", 'q=1&r= '],
    ["url_extract_fragment('https://example.com/a#fr')", 'fr'],
    ["url_extract_protocol('HTTPS://example.com')", 'HTTPS'],
    ["url_extract_parameter('http://h/?a=1&a=2', 'a')", '1'],
    ['cast(from_unixtime(1704164645) as varchar)', '2024-01-02 03:04:05.000'],
    ["cast('2024-01-02 03:04:05' as timestamp)", '2024-01-02 03:04:05.000'],
    ["cast('2024-01-02' as date)", '2024-01-02'],
    ['json_extract(\'{"a":{"b":[1,2]}}\', \'$.a.b\')', '[1,2]'],
    ['json_extract(\'{"a":"x"}\', \'$.a\')', '"x"'],
    ["json_extract('{\"a\":null}', '$.a')", 'null'],
    ["json_extract_scalar('{\"a\":[1]}', '$.a')", null],
    ["json_extract_scalar('{\"a\":true}', '$.a')", 'true'],
    ["json_extract_scalar('[1,\"b\"]', '$[1]')", 'b'],
    ["date '2024-01-02'", '2024-01-02'],
    ["timestamp '2024-01-02 03:04:05'", '2024-01-02 03:04:05.000'],
    ["date '2024-01-02' + interval '1' day", '2024-01-03'],
    ["hour(date '2024-01-02')", 0],
    ["date_trunc('month', date '2024-01-12')", '2024-01-01 00:00:00.000'],
    ["date '2024-01-02' < timestamp '2024-01-02 00:00:01'", true],
    ["date_diff('day', date '2024-01-02', timestamp '2024-01-04 00:00:00')", 2],
    ["to_unixtime(date '1970-01-02')", 86400],
    ["date_format(date '2024-01-02', '%d/%m')", '02/01'],
    ["typeof(date '2024-01-02')", 'date'],
    ["cast(date '2024-01-02' as varchar)", '2024-01-02'],
    ["date_parse('2024-02-30', '%Y-%m-%d')", null],
    ["date_parse('23:59', '%H:%i')", '1970-01-01 23:59:00.000'],
    ["date_parse('12:00:00 AM', '%r')", '1970-01-01 00:00:00.000'],
    ["date_parse('x', '%Y')", null],
    ["date_add('week', -1, date '2024-01-08')", '2024-01-01'],
    ["date_add('quarter', 1, date '2024-11-30')", '2025-02-28'],
    ["date_add('millisecond', 5, timestamp '2024-01-02 03:04:05')", '2024-01-02 03:04:05.005'],
    ["week(date '2021-01-03')", 53],
    ["date_diff('year', date '2024-02-29', date '2025-02-28')", 0],
    ["date '2024-03-31' - interval '1' month", '2024-02-29'],
    ["from_iso8601_timestamp('2024-01-02T03:04:05+08:00')", '2024-01-01 19:04:05.000'],
  ],
  texts: [
    ["substr('abc', 0)", ''],
    ["substr('abc', -2)", 'bc'],
    ["substr('abc', 2)", 'bc'],
    ["substr('abcdef', -3, 2)", 'de'],
    ["substr('abc', 5)", ''],
    ["strpos('abcabc', 'c')", 3],
    ["strpos('abc', 'x')", 0],
    ["split_part('a/b/c', '/', 2)", 'b'],
    ["split_part('a/b/c', '/', 4)", null],
    ["lpad('abc', 2, 'x')", 'ab'],
    ["replace('aXbX', 'X', '$')", 'a$b$'],
    ["regexp_like('1a 2b 14m', '\\d+b')", true],
    ["regexp_replace('1a 2b 14m', '\\d+[ab] ')", '14m'],
    ["regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')", '3ca 3cb 14m'],
    ["regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')", ['1', '2', '14', '']],
    ["url_encode('a b&c/é')", 'a+b%26c%2F%C3%A9'],
    ["url_decode('a+b%26c')", 'a b&c'],
    ["json_array_length('[1,2,3]')", 3],
    ['json_array_length(\'{"a":1}\')', null],
    ["'a' || 'b' || null", null],
    ["concat('a', cast(null as varchar))", null],
    ["'abc' like 'a_c'", true],
    ["'a%c' like 'a\\%c'", false],
    ["'ABC' like 'abc'", false],
    ["length('é')", 1],
    ["upper('é')", 'É'],
    ["trim('  a ')", 'a'],
    ["trim('\ta')", 'a'],
    ["reverse('é1')", '1é'],
    ["levenshtein_distance('kitten', 'sitting')", 3],
    ["split_to_map('a=1&b=2', '&', '=')", { a: '1', b: '2' }],
    ["url_encode('a b~*')", 'a+b%7E*'],
    ["cast('abc' as varchar(2))", 'ab'],
    ["replace('abc', '', 'x')", 'xaxbxcx'],
    ["'50%' like '50!%' escape '!'", true],
    ["'a_c' like 'a\\_c' escape '\\'", true],
    ["'abc' like 'a\\_c' escape '\\'", false],
    ["substr('中文字', 2, 1)", '文'],
    ["strpos('中文字', '字')", 3],
    ["lpad('中', 3, 'ab')", 'ab中'],
    ["substr('abc', 2, -1)", ''],
    ["levenshtein_distance('中', '')", 1],
    ["concat_ws(',', array['a', null, 'b'], 'c')", 'a,b,c'],
  ],
  'numbers, casts and conditions': [
    ["cast('12' as bigint)", 12],
    ['cast(1.5 as bigint)', 2],
    ['cast(-1.5 as bigint)', -2],
    ['cast(2.5 as varchar)', '2.5'],
    ['cast(100 as varchar)', '100'],
    ['cast(1.0 as varchar)', '1.0'],
    ['cast(1e10 as varchar)', '1.0E10'],
    ['cast(true as varchar)', 'true'],
    ["cast('true' as boolean)", true],
    ["cast('t' as boolean)", true],
    ["try_cast('x' as double)", null],
    ['5 / 2', 2],
    ['-5 / 2', -2],
    ['5 % -3', 2],
    ['-5 % 3', -2],
    ['5.0 / 2', 2.5],
    ['1 / 2.0', 0.5],
    ['mod(-5, 3)', -2],
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['round(1.2345, 2)', 1.23],
    ['round(2.675, 2)', 2.68],
    ['truncate(12.345, 2)', 12.34],
    ['nullif(1, 1)', null],
    ['coalesce(null, 2)', 2],
    ['if(false, 1)', null],
    ['if(null, 1, 2)', 2],
    ['greatest(1, null)', null],
    ['least(3, 2)', 2],
    ["case 2 when 1 then 'a' when 2 then 'b' end", 'b'],
    ['case when null then 1 else 2 end', 2],
    ['not null', null],
    ['null and false', false],
    ['null or true', true],
    ['1 in (1, null)', true],
    ['2 in (1, null)', null],
    ['2 not in (1, null)', null],
    ['null is null', true],
    ['2 between 1 and 3', true],
    ['typeof(1)', 'integer'],
    ["typeof('a')", 'varchar(1)'],
    ['typeof(1.5)', 'double'],
    ['typeof(now())', 'timestamp'],
    ['bitwise_and(12, 10)', 8],
    ['bitwise_xor(12, 10)', 6],
    ["from_base('zz', 36)", 1295],
    ['to_base(35, 36)', 'z'],
    ['abs(-3)', 3],
    ['ceil(-1.5)', -1],
    ['floor(-1.5)', -2],
    ['sign(-2)', -1],
    ['power(2, 0.5)', Math.SQRT2],
    ['1.1 + 2.2', 3.3000000000000003],
    ['width_bucket(10, 0, 10, 5)', 6],
    ["to_hex(to_utf8('é'))", 'C3A9'],
    ['1 = 1.0', true],
    ["'1' = '1.0'", false],
    ['2147483648 * 2', 4294967296],
    ['9223372036854775807', '9223372036854775807'],
    ['cast(0.1 as varchar)', '0.1'],
    ['cast(123456789.5 as varchar)', '1.234567895E8'],
    ['cast(0.00012 as varchar)', '1.2E-4'],
    ['cast(-1e21 as varchar)', '-1.0E21'],
    ['cast(1.5e-10 as varchar)', '1.5E-10'],
    ['cast(0.0 as varchar)', '0.0'],
    ['cast(0.001 as varchar)', '0.001'],
    ['cast(9999999.0 as varchar)', '9999999.0'],
    ['cast(10000000.0 as varchar)', '1.0E7'],
    ['cast(nan() as varchar)', 'NaN'],
    ['least(1.5, 2)', 1.5],
    ["from_base('-ff', 16)", -255],
    ["from_base('12', 2)", null],
    ['1 is distinct from null', true],
    ['null is distinct from null', false],
    ['2 is not distinct from 2', true],
    ['1.0 / 0', 'Infinity'],
    ['is_nan(0.0 / 0.0)', true],
    ['cast(2147483648 as integer)', null],
    ['cast(127 as tinyint)', 127],
    ['cast(1e30 as bigint)', null],
  ],
  json: [
    ["cast(json_parse('[1,2]') as array(bigint))", [1, 2]],
    ['cast(array[1,2] as json)', '[1,2]'],
    ["json_array_contains('[1,2,3]', 2)", true],
    ["json_array_contains('[\"a\"]', 'a')", true],
    ["json_array_get('[1,[2]]', -1)", '[2]'],
    ['json_size(\'{"a":{"b":1,"c":2}}\', \'$.a\')', 2],
    ['json_format(json_parse(\'{ "a" : 1 }\'))', '{"a":1}'],
    ['cast(array[1,null] as json)', '[1,null]'],
    ["cast(array['1'] as json)", '["1"]'],
    ['cast(json_parse(\'{"a":1}\') as map(varchar, bigint))', { a: 1 }],
    ["cast(map(array['a'], array[1]) as json)", '{"a":1}'],
    ["cast(map(array['a'], array['1']) as json)", '{"a":"1"}'],
  ],
  'arrays and maps': [
    ['cardinality(array[1,2])', 2],
    ['array[1,2,3][2]', 2],
    ['element_at(array[1,2,3], -1)', 3],
    ['element_at(array[1,2,3], 9)', null],
    ['contains(array[1,2], 2)', true],
    ['contains(array[1,null], 2)', null],
    ["array_position(array['a','b'], 'b')", 2],
    ["array_position(array['a'], 'z')", 0],
    ["array_join(array[1,null,3], '-')", '1-3'],
    ["array_join(array[1,null,3], '-', 'x')", '1-x-3'],
    ['array_sort(array[3,1,null,2])', [1, 2, 3, null]],
    ['array_distinct(array[2,1,2,null,null])', [2, 1, null]],
    ['array_max(array[1,null])', null],
    ['array_intersect(array[1,2,2], array[2])', [2]],
    ['array_remove(array[1,null,2], 2)', [1, null]],
    ['slice(array[1,2,3,4], 2, 2)', [2, 3]],
    ['slice(array[1,2,3,4], -2, 2)', [3, 4]],
    ['sequence(1, 3)', [1, 2, 3]],
    ['filter(array[1,null,2], x -> x is not null)', [1, 2]],
    ['transform(array[1,2], x -> x * 2)', [2, 4]],
    ['reduce(array[1,2,3], 0, (s, x) -> s + x, s -> s)', 6],
    ['any_match(array[1,2], x -> x > 1)', true],
    ['flatten(array[array[1], array[2]])', [1, 2]],
    ["map(array['a'], array[1])['a']", 1],
    ["map_keys(map(array['b','a'], array[1,2]))", ['b', 'a']],
    ['typeof(array[1])', 'array(bigint)'],
    ['array[1,2] || array[3]', [1, 2, 3]],
    ['0 || array[1] || 2', [0, 1, 2]],
    ["array_sort(array['bc','ab','dc'], (x, y) -> if(x < y, 1, if(x = y, 0, -1)))", ['dc', 'bc', 'ab']],
    [
      'array_sort(array[3,2,null,5,null,1,2], (x, y) -> case when x is null then -1 when y is null then 1 when x < y then 1 when x = y then 0 else -1 end)',
      [null, null, 5, 3, 2, 2, 1],
    ],
    ["array_sort(array['ccc','a','bb','b'], (x, y) -> length(x) - length(y))", ['a', 'b', 'bb', 'ccc']],
    ['array_position(array[1,2], null)', null],
    ['arrays_overlap(array[1], array[2,null])', null],
    ['arrays_overlap(array[1,null], array[1])', true],
    ['any_match(array[1,null], x -> x > 1)', null],
    ['none_match(array[1,null], x -> x > 5)', null],
    ['all_match(array[1,null], x -> x > 5)', false],
    ['all_match(array[], x -> x > 1)', true],
  ],
}

describe('values of expressions', () => {
  it.each(Object.entries(VALUES))('%s', async (_family, cases) => {
    const list = cases.map(([expression], index) => `${expression} as c${index}`).join(', ')
    const [row = []] = await ask(`select ${list} from one`)
    expect(cases.map(([expression], index) => [expression, row[index]])).toEqual(cases)
  })
})

const PAIRS =
  "(select 'a' as x, 2 as y from one union all select 'a' as x, 3 as y from one union all select 'b' as x, cast(null as bigint) as y from one)"

describe('values of groups', () => {
  it.each<[string, unknown[][]]>([
    [
      `select map_agg(x, y), multimap_agg(x, y), histogram(x) from ${PAIRS}`,
      [
        [
          { a: 2, b: null },
          { a: [2, 3], b: [null] },
          { a: 2, b: 1 },
        ],
      ],
    ],
    [`select max(y, 2), min(y, 1), max_by(x, y, 1), min_by(y, y, 9) from ${PAIRS}`, [[[3, 2], [2], ['a'], [2, 3]]]],
    [`select approx_distinct(x), approx_distinct(x, 0.01), count(distinct y) from ${PAIRS}`, [[2, 2, 2]]],
    ['select approx_distinct(kind), avg(__time__) from log', [[0, null]]],
    // One row does not tell how values spread.
    [
      'select stddev(one), variance(one), covar_samp(one, one), corr(one, one), regr_slope(one, one), stddev_pop(one) from one',
      [[null, null, null, null, null, 0]],
    ],
    [`select round(stddev(y), 2), round(corr(y, y), 3) from ${PAIRS}`, [[0.71, 1]]],
    [`select distinct round(variance(y) over (), 1) from ${PAIRS}`, [[0.5]]],
    [
      `select x, sum(y) filter (where y > 2) as s, count(y) from ${PAIRS} group by x order by x`,
      [
        ['a', 3, 2],
        ['b', null, 0],
      ],
    ],
  ])('%s', async (analysis, wanted) => {
    expect(await ask(analysis)).toEqual(wanted)
  })
})

describe('elements as rows', () => {
  it.each<[string, unknown[][]]>([
    [
      "select n, i from (select array['a','b'] as l from one) cross join unnest(l) with ordinality as t(n, i) order by i",
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    [
      "select n, m, i from (select array['a','b'] as l, array[5] as k from one) cross join unnest(l, k) with ordinality as t(n, m, i) order by i",
      [
        ['a', 5, 1],
        ['b', null, 2],
      ],
    ],
    ["select k, v from (select map(array['p'], array[7]) as m from one) cross join unnest(m) as t(k, v)", [['p', 7]]],
  ])('%s', async (analysis, wanted) => {
    expect(await ask(analysis)).toEqual(wanted)
  })
})

it.each([
  ["select now() at time zone 'Asia/Shanghai'", 'PW-QY-004', 'at time zone'],
  ['select a.kind from log a where exists (select 1 from log b where b.traceId = a.traceId)', 'PW-QY-004', 'exists'],
  ['select (select count(*) from log b where b.kind = a.kind) from log a', 'PW-QY-004', 'correlated'],
  ['select kind from log a where kind in (select b.kind from log b where b.traceId = a.traceId)', 'PW-QY-004', 'correlated'],
  ['select kind from log where kind in (select nothing from log)', 'PW-QY-002', 'nothing'],
  ['select kind from log intersect select kind from log', 'PW-QY-004', 'intersect'],
  ['select kind from log where __time__ > all (select 1 from log)', 'PW-QY-004', 'all'],
  ["select 'a' like kind escape '!'", 'PW-QY-005', 'escape'],
  ["select 'a' like 'a!b' escape '!'", 'PW-QY-005', 'stands'],
  ["select date '2024-02-31x'", 'PW-QY-005', 'no date'],
  ["select timestamp '25:00'", 'PW-QY-005', 'no timestamp'],
  ['select 9223372036854775808', 'PW-QY-005', '64 bits'],
  ["select date_format(now(), '%D')", 'PW-QY-005', '%D'],
  ["select date_parse('1', '%U')", 'PW-QY-005', '%U'],
  ["select date_parse('1', 'text')", 'PW-QY-005', 'no part'],
  ["select from_unixtime(0, 'Asia/Shanghai')", 'PW-QY-005', '1 argument'],
])('refuses %s', (analysis, code, words) => {
  const failed = (): unknown => compile({ lang: 'sls', text: `* | ${analysis}`, catalog: advauditCatalog })
  expect(failed).toThrow(QueryError)
  expect(failed).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }))
})
