import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTwoDays, type TwoDays } from '../testdata/two-days.ts'
import { advauditCatalog } from './catalog/advaudit-catalog.ts'
import { compile } from './compile.ts'
import { FUNCTIONS } from './functions/index.ts'

let twoDays: TwoDays
const tried = new Set<string>()

beforeAll(async () => {
  twoDays = await openTwoDays()
})
afterAll(() => twoDays?.close())

async function ask(text: string, range: { from?: string; to?: string } = {}): Promise<unknown[][]> {
  for (const [, name = ''] of text.matchAll(/(\w+)\s*\(/g)) tried.add(name.toLowerCase())
  return twoDays.ask(text, range)
}

/** The value of an expression, once. */
async function value(expression: string): Promise<unknown> {
  return (
    await ask(`* | select x from (select ${expression} as x, pid from (select "process.pid" as pid from log)) limit 1`)
  )[0]?.[0]
}

describe('functions', () => {
  it.each<[string, unknown]>([
    ["regexp_replace('a1b22', '\\d+', '#')", 'a#b#'],
    ["regexp_replace('john smith', '(\\w+) (\\w+)', '$2, $1')", 'smith, john'],
    ["regexp_replace('a1b2', '\\d')", 'ab'],
    ["regexp_replace('c:/x', '/', '\\')", 'c:\\x'],
    ["regexp_split('a1b22c', '\\d+')", ['a', 'b', 'c']],
    ["regexp_count('a1b22', '\\d')", 3],
    ["substring('podwitness', 4, 3)", 'wit'],
    ["ends_with('bash', 'sh')", true],
    ["lpad('7', 3, '0')", '007'],
    ["rpad('ab', 4, '.')", 'ab..'],
    ["concat_ws('-', 'a', null, 'b')", 'a-b'],
    ["to_utf8(from_utf8('é'))", 'é'],
    ["url_extract_port('http://h:81/x')", 81],
    ["url_extract_port('http://h/x')", null],
    ["url_extract_parameter('http://h/?a=1&b=x%20y', 'b')", 'x y'],
    ["url_extract_parameter('http://h/?a=1', 'b')", null],
    ["reverse('abc')", 'cba'],
    ['reverse(array[1, 2, 3])', [3, 2, 1]],
    ["concat('a', 'b')", 'ab'],
    ['concat(array[1], array[2, 3])', [1, 2, 3]],
    ['array_union(array[1, 2], array[2, 3])', [1, 2, 3]],
    ['array_except(array[1, 2, 2], array[2])', [1]],
    ['array_remove(array[1, 2, 1], 1)', [2]],
    ['arrays_overlap(array[1, 2], array[2, 3])', true],
    ['flatten(array[array[1], array[2, 3]])', [1, 2, 3]],
    ["repeat('x', 3)", ['x', 'x', 'x']],
    ['sequence(2, 8, 3)', [2, 5, 8]],
    ['sequence(3, 1)', [3, 2, 1]],
    ['zip_with(array[1, 2], array[10, 20], (a, b) -> a + b)', [11, 22]],
    ['none_match(array[1, 2], x -> x > 2)', true],
    ['reduce(array[5, 20, 50], 0, (s, x) -> s + x, s -> s / 5)', 15],
    ['map(array[1, 2], array[3, 4])', { '1': 3, '2': 4 }],
    ["map_keys(map_concat(map(array['a'], array[1]), map(array['b'], array[2])))", ['a', 'b']],
    ["map_filter(map(array['a', 'b'], array[1, 2]), (k, v) -> v > 1)", { b: 2 }],
    ["transform_values(map(array['a'], array[2]), (k, v) -> v * 10)", { a: 20 }],
    ["transform_keys(map(array['a'], array[2]), (k, v) -> upper(k))", { A: 2 }],
    ["split_to_map('a=1&b=2', '&', '=')", { a: '1', b: '2' }],
    ["ip_prefix('192.168.3.7', 24)", '192.168.3.0/24'],
    ["ip_subnet_min('192.168.3.7/24')", '192.168.3.0'],
    ["ip_subnet_max('192.168.3.7/24')", '192.168.3.255'],
    ["ip_subnet_range('10.0.0.0/30')", ['10.0.0.0', '10.0.0.3']],
    ["is_subnet_of('192.168.0.0/16', '192.168.3.7')", true],
    ["is_subnet_of('192.168.0.0/16', 'not an address')", null],
    ["is_subnet_of('2001:db8::/32', '2001:db8::1')", true],
    ["is_prefix_subnet_of('192.168.0.0/16', '192.168.3.0/24')", true],
    ["is_prefix_subnet_of('192.168.3.0/24', '192.168.0.0/16')", false],
    ['bitwise_not(5)', -6],
    ['bitwise_left_shift(3, 2)', 12],
    ['bitwise_right_shift(12, 2)', 3],
    ['sign(-3.5)', -1],
    ['truncate(-3.7)', -3],
    ['ceiling(1.2)', 2],
    ['pow(2, 10)', 1024],
    ['round(log(2, 8), 6)', 3],
    ['round(cbrt(27), 6)', 3],
    ['round(pi(), 1)', 3.1],
    ['round(e(), 1)', 2.7],
    ['degrees(pi())', 180],
    ['round(radians(90), 2)', 1.57],
    ['round(sin(0) + cos(0) + tan(0) + asin(0) + acos(1) + atan(0) + atan2(0, 1), 6)', 1],
    ['random() < 1 and rand() >= 0', true],
    ['is_nan(sqrt(-1))', true],
    ['is_finite(1.5)', true],
    ['is_infinite(1.5)', false],
    ['width_bucket(3.5, 0, 10, 5)', 2],
    ["to_iso8601(date('2025-03-04 05:06:07'))", '2025-03-04'],
    ["to_iso8601(from_iso8601_date('2025-03-04'))", '2025-03-04'],
    ["day(last_day_of_month(date('2024-02-10')))", 29],
    ['current_date <= localtimestamp', true],
    ["millisecond(from_iso8601_timestamp('2025-01-01T00:00:00.123Z'))", 123],
    ["week_of_year(date('2025-01-02'))", 1],
    ["year_of_week(date('2024-12-31'))", 2025],
    ["yow(date('2024-12-31'))", 2025],
    ["json_extract_long('{\"a\": 12}', '$.a')", 12],
    ["json_extract_double('{\"a\": 1.5}', '$.a')", 1.5],
    ["json_extract_bool('{\"a\": true}', '$.a')", true],
    ['json_extract_bool(\'{"a": "x"}\', \'$.a\')', null],
    ["try(cast('x' as bigint))", null],
    ["convert_data_size('1200KB')", '1.17MB'],
    ["convert_data_size('1024 kB')", '1MB'],
    ["convert_data_size('2GB', 'MB')", '2048MB'],
    ["convert_data_size('lots')", null],
    ["format_data_size(1048576, 'KB')", '1024kB'],
    ["parse_data_size('1.5KB')", 1536],
    ["to_data_size_b('1KB') + to_data_size_kb('1KB') + to_data_size_mb('1MB')", 1026],
    ["to_data_size_gb('1TB') + to_data_size_tb('1TB') + to_data_size_pb('1PB')", 1026],
    ['format_duration(235)', '3 minutes, 55 seconds'],
    ['format_duration(0)', '0 seconds'],
    ["parse_duration('1340ms')", '0 00:00:01.340'],
    ["parse_duration('1.5d')", '1 12:00:00.000'],
    ["to_seconds('2m') + to_minutes('2h') + to_hours('1d') + to_days('48h')", 266],
    ["round(to_milliseconds('2s') + to_microseconds('2ms') + to_nanoseconds('1us'))", 5000],
    ["to_most_succinct_time_unit('1340ms')", '1.34s'],
    ['chr(233)', 'é'],
    ['chr(128274)', '🔒'],
    ["codepoint('é') + codepoint('A')", 298],
    ["normalize('e\u0301')", '\u00e9'],
    ["position('b' in 'abc')", 2],
    ["split('a-b-c', '-', 2)", ['a', 'b-c']],
    ["split('a-b', '-', 5)", ['a', 'b']],
    ["regexp_extract_long('pid=42', 'pid=([0-9]+)', 1)", 42],
    ["regexp_extract_double('t=1.5', 't=(.+)', 1)", 1.5],
    ["regexp_extract_bool('ok=TRUE', 'ok=(.+)', 1)", true],
    ["to_hex(md5(to_utf8('x')))", '9DD4E461268C8034F5C8564E155C67A6'],
    ["to_base64(md5('x'))", 'ndTkYSaMgDT1yFZOFVxnpg=='],
    ["from_hex('6162')", 'ab'],
    ["from_hex('zz')", null],
    ["to_base64url('a?>')", 'YT8-'],
    ["from_base64url('YT8-')", 'a?>'],
    ['from_big_endian_64(to_big_endian_64(77))', 77],
    ["crc32('a')", 3904355907],
    ['bit_count(7, 64)', 3],
    ['bit_count(-1, 8)', 8],
    ["from_base('ff', 16)", 255],
    ['to_base(-255, 16)', '-ff'],
    ['to_base(0, 2)', '0'],
    ['round(cosh(0) + tanh(0), 3)', 1],
    ['infinity()', 'Infinity'],
    ['-infinity()', '-Infinity'],
    ['nan()', 'NaN'],
    ['cardinality(shuffle(array[1, 2, 3]))', 3],
    ["element_at(map(array['a'], array[5]), 'a')", 5],
    ["element_at(map(array['a'], array[5]), 'b')", null],
    ['current_timezone()', 'UTC'],
    ['length(current_time()) = length(localtime())', true],
    ['timezone_hour(now()) + timezone_minute(now())', 0],
    ["date_format(date_parse('2024-03-01', '%Y-%m-%d') - interval '1' day, '%m-%d')", '02-29'],
    ["to_iso8601(interval '2' month + from_iso8601_timestamp('2025-01-01T00:00:00Z'))", '2025-03-01T00:00:00.000Z'],
    ['current_date <= localtimestamp', true],
  ])('%s', async (expression, wanted) => {
    // `current_date` and its like are names; everything else is called.
    const text = expression.replace(/current_date|localtimestamp/g, (name) => `${name}()`)
    expect(await value(text)).toEqual(wanted)
  })

  it.each<[string, unknown[][]]>([
    ['* | select map_agg("process.name", "process.pid") as m from log where "process.pid" < 4', [[{ id: 0, ls: 3 }]]],
    [
      '* | select corr(a, b), covar_pop(a, b), covar_samp(a, b), regr_slope(a, b), regr_intercept(a, b) from (select "process.pid" * 2 + 1 as a, "process.pid" as b from log where "process.pid" < 4)',
      [[1, 2.5, 10 / 3, 2, 1]],
    ],
    [
      '* | select bitwise_and_agg("process.pid"), bitwise_or_agg("process.pid"), every("process.pid" > 0) from log where "process.pid" in (4, 6)',
      [[4, 6, true]],
    ],
    [
      '* | select "process.pid" as p, ntile(2) over (order by "process.pid") as n, cume_dist() over (order by "process.pid") as c, nth_value("process.pid", 2) over (order by "process.pid" rows between unbounded preceding and unbounded following) as v from log where "process.pid" < 4 order by p',
      [
        [0, 1, 0.25, 1],
        [1, 1, 0.5, 1],
        [2, 2, 0.75, 1],
        [3, 2, 1, 1],
      ],
    ],
    [
      "* | select zip(array[1, 2], array['a', 'b']) as z limit 1",
      [
        [
          [
            ['1', 'a'],
            ['2', 'b'],
          ],
        ],
      ],
    ],
  ])('%s', async (text, wanted) => {
    expect(await ask(text)).toEqual(wanted)
  })

  it.each<[string, unknown[][]]>([
    [
      '* | select "process.name" as p, count(*) as n, grouping("process.name") as g from log where "process.pid" < 4 group by rollup(p) order by g, p',
      [
        ['id', 3, 0],
        ['ls', 1, 0],
        [null, 4, 1],
      ],
    ],
    [
      '* | select case when "process.pid" < 2 then \'low\' else \'high\' end as z, "process.name" as p, count(*) as n from log where "process.pid" < 4 group by cube(z, p) having count(*) > 0 order by z, p',
      [
        ['high', 'id', 1],
        ['high', 'ls', 1],
        ['high', null, 2],
        ['low', 'id', 2],
        ['low', null, 2],
        [null, 'id', 3],
        [null, 'ls', 1],
        [null, null, 4],
      ],
    ],
    [
      '* | select "process.name" as p, kind, count(*) as n from log where "process.pid" < 4 group by grouping sets ((p, kind), (p), ()) order by n desc, p, kind',
      [
        [null, null, 4],
        ['id', 'Command', 3],
        ['id', null, 3],
        ['ls', 'Command', 1],
        ['ls', null, 1],
      ],
    ],
    [
      '* | select kind, upper("process.name") as u, count(*) as n from log where "process.pid" < 4 group by kind, rollup(u) order by u',
      [
        ['Command', 'ID', 3],
        ['Command', 'LS', 1],
        ['Command', null, 4],
      ],
    ],
    [
      '* | select count(*) filter (where "process.pid" > 1) as a, sum("process.pid") filter (where "process.name" = \'ls\') as b, max_by("process.name", "process.pid") filter (where "process.pid" < 3) as c from log where "process.pid" < 4',
      [[2, 3, 'id']],
    ],
    [
      '* | select approx_percentile("process.pid", array[0, 1]), approx_percentile("process.pid", 1, 0.5) from log where "process.pid" < 3',
      [[[0, 2], 1]],
    ],
    [
      '* | select round(kurtosis(x), 4), round(skewness(x), 4) from (select "process.pid" * "process.pid" as x from log where "process.pid" < 5)',
      [[-0.061, 0.6605]],
    ],
    [
      '* | select multimap_agg("process.name", "process.pid") from (select "process.name", "process.pid" from log where "process.pid" in (0, 3))',
      [[{ id: [0], ls: [3] }]],
    ],
    [
      '* | select map_keys(map_union(m)) from (select map(array["process.name"], array[1]) as m from log where "process.pid" in (3)) ',
      [[['ls']]],
    ],
    [
      "* | select window_funnel(600, __time__, \"process.name\", array['id', 'ls', 'id']) as a, window_funnel(600, __time__, array[\"process.name\" = 'ls', \"process.name\" = 'rm']) as b from log where \"process.pid\" < 4",
      [[3, 1]],
    ],
    [
      "* | select count(*) from log where \"process.name\" = 'ls' and from_unixtime(__time__) > date_parse('2025-01-03', '%Y-%m-%d') - interval '1' day",
      [[1]],
    ],
    ["* | select count(*) as n from advaudit-c1 where kind = 'Command'", [[10]]],
  ])('%s', async (text, wanted) => {
    expect(await ask(text)).toEqual(wanted)
  })

  it.each([
    ['* | select cosine_similarity(1, 2)', 'PW-QY-004', 'vectors'],
    ["* | select security_check_ip('1.2.3.4')", 'PW-QY-004', "the vendor's list"],
    ["* | select ip_to_country('1.2.3.4')", 'PW-QY-004', 'addresses and places'],
    ['* | select approx_set(kind)', 'PW-QY-004', 'approx_distinct'],
    ['* | select count(*) group by cube(a, b, c, d, e, f, g)', 'PW-QY-004', '128'],
    ['* | select grouping(kind)', 'PW-QY-005', 'rollup'],
    ["* | select 1 + interval '1' day", 'PW-QY-005', 'to int'],
    ["* | select interval '1' fortnight", 'PW-QY-001', 'interval'],
    ['* | select array_agg(kind) filter (where true)', 'PW-QY-004', 'array_agg'],
    ['* | select row_number() filter (where true) over (order by kind)', 'PW-QY-004', 'row_number'],
    ['* | select approx_percentile("process.pid", 2)', 'PW-QY-005', 'between 0 and 1'],
    ["* | select convert_data_size('1KB', 'stone')", 'PW-QY-005', 'unit'],
  ])('refuses %s', (text, code, words) => {
    const failed = (): unknown => compile({ lang: 'sls', text, catalog: advauditCatalog })
    expect(failed).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }))
  })

  it('finds words of a command line through the index, and what it finds without', async () => {
    for (const [search, found] of [
      ['process.cmdline: LS', 1],
      ['process.cmdline: "ls x"', 0],
      ['process.cmdline: "-x 3"', 1],
      ['process.cmdline: l*', 1],
      ['process.cmdline: (id not 0)', 8],
      ['process.cmdline:#"id -x"', 9],
    ] as const)
      expect([search, (await ask(`${search} | select count(*)`))[0]?.[0]]).toEqual([search, found])
    const { sql, params } = compile({ lang: 'sls', text: 'process.cmdline: LS | select count(*)', catalog: advauditCatalog })
    const { rows } = await twoDays.store.reader.query({ sql: `EXPLAIN indexes = 1 ${sql}`, params, profile: 'hunt' })
    expect(rows.map((row) => String(row[0])).join('\n')).toContain('ix_cmdline_any')
  })

  it('has an answer for every function that was not answered elsewhere', () => {
    const elsewhere = new Set(
      'count count_if sum avg min max max_by min_by approx_distinct approx_percentile array_agg arbitrary any_value histogram bool_and bool_or stddev stddev_samp stddev_pop variance var_samp var_pop geometric_mean row_number rank dense_rank percent_rank lag lead first_value last_value json_extract json_extract_scalar json_parse json_format json_array_length json_array_get json_array_contains json_size lower upper trim ltrim rtrim length substr strpos replace split split_part starts_with levenshtein_distance regexp_like regexp_extract regexp_extract_all url_extract_host url_extract_protocol url_extract_path url_extract_query url_extract_fragment url_encode url_decode md5 sha1 sha256 sha512 to_base64 from_base64 now current_timestamp from_unixtime to_unixtime from_iso8601_timestamp date_trunc date_format date_parse date_add date_diff year quarter month week day day_of_month day_of_week dow day_of_year doy hour minute second if coalesce nullif greatest least typeof abs ceil floor round sqrt exp ln log2 log10 power mod bitwise_and bitwise_or bitwise_xor cardinality contains element_at array_join array_distinct array_sort array_max array_min array_position array_intersect slice transform filter any_match all_match map_values'.split(
        ' ',
      ),
    )
    expect(Object.keys(FUNCTIONS).filter((name) => !tried.has(name) && !elsewhere.has(name))).toEqual([])
  })
})

it('lists every function in the reference', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/reference/sls.md', import.meta.url)), 'utf8')
  expect(Object.keys(FUNCTIONS).filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
