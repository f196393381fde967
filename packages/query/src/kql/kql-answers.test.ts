import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QueryError } from '../query-error.ts'
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

async function answer(text: string, range: { from?: string; to?: string } = {}) {
  const { sql, params, columns = [] } = await compileKqlHere({ text, workspaces: ['c1', 'c2'], ...range })
  const { rows } = await store.reader.query({ sql, params, profile: 'hunt' })
  return { columns: columns.map(({ name, type }) => `${name}:${type}`), rows }
}
const rowsOf = async (text: string, range = {}) => (await answer(text, range)).rows
const cell = async (expression: string) => (await rowsOf(`print v = ${expression}`))[0]?.[0]

describe('values', () => {
  it.each<[string, unknown]>([
    // null semantics
    ['int(null) == 1', false],
    ['int(null) != 1', true],
    ['int(null) == int(null)', null],
    ['int(null) > 1', null],
    ['iff(int(null) > 1, "yes", "no")', 'no'],
    ['isnull(toint("x"))', true],
    ['strcat("a", tostring(int(null)), "b")', 'ab'],
    ['coalesce("", "b")', 'b'],
    ['dynamic({"a":1}).b != 401', true],
    // numbers
    ['7 / 2', 3],
    ['7 / 0', null],
    ['-7 % 3', 2],
    ['7.0 / 2', 3.5],
    ['0xFFFFFFFF', 4294967295],
    ['tostring(100.0)', '100.0'],
    ['toint("0x1F")', 31],
    ['max_of(1, long(null), 3)', 3],
    // times
    ['datetime(2026-01-02) + 1d + 2h', '2026-01-03T02:00:00.0000000Z'],
    ['datetime(2026-01-02) - datetime(2026-01-01 12:00)', '12:00:00'],
    ['1d + 3h + 1tick', '1.03:00:00.0000001'],
    ['-90m', '-01:30:00'],
    ['bin(datetime(2026-01-02 03:44:59.5), 15m)', '2026-01-02T03:30:00.0000000Z'],
    ['bin(datetime(2026-01-02), 7d)', '2025-12-29T00:00:00.0000000Z'], // bins count from a Monday
    ['startofweek(datetime(2026-01-02))', '2025-12-28T00:00:00.0000000Z'],
    ['endofmonth(datetime(2024-02-10))', '2024-02-29T23:59:59.9999999Z'],
    ['datetime_diff("day", datetime(2026-01-02 01:00), datetime(2026-01-01 23:00))', 1],
    ['datetime(0001-01-01)', '0001-01-01T00:00:00.0000000Z'],
    ['format_datetime(datetime(2026-01-02 15:04:05.678), "dd-MM-yyyy hh:mm:ss.fff tt")', '02-01-2026 03:04:05.678 PM'],
    ['totimespan("1.02:03:04.5")', '1.02:03:04.5000000'],
    ['dayofweek(datetime(2026-01-02))', '5.00:00:00'],
    // terms
    ['"North-America" has "america"', true],
    ['"NorthAmerica" has "america"', false],
    ['"a_b" has "b"', true],
    ['"call me maybe" has "me may"', false],
    ['"type=EXECVE msg" has "type=execve"', true],
    ['"abc" hasprefix "AB"', true],
    ['"Abc" contains_cs "abc"', false],
    ['"curl http" has_any ("wget", "CURL")', true],
    ['"curl http" has_all (dynamic(["curl", "ftp"]))', false],
    ['"B" in~ ("a", "b")', true],
    ['2 !in (1, 3)', true],
    ['"x\\ny" matches regex "x.y"', false],
    // dynamic
    ['dynamic({"a":[1,{"b":"q"}]}).a[1].b', '"q"'],
    ['tostring(dynamic({"a":"q"}).a)', 'q'],
    ['dynamic([1,2,3])[-1]', '3'],
    ['tolong(dynamic({"n":"12"}).n) + 1', 13],
    ['parse_json("{\\"k\\":[1,2]}").k[0]', '1'],
    ['parse_json("no json")', '"no json"'],
    ['tostring(bag_pack("p", "/a\\\\/b"))', '{"p":"/a\\\\/b"}'],
    ['todatetime(strcat("29/11/", "2023"))', null],
    ['datetime_utc_to_local(datetime(2026-07-01 10:00), "Europe/Berlin")', '2026-07-01T12:00:00.0000000Z'],
    ['datetime_local_to_utc(datetime(2026-07-01 12:00:00.25), "Europe/Berlin")', '2026-07-01T10:00:00.2500000Z'],
    ['unicode_codepoints_to_string(75, 233, 8364, 128512)', 'Ké€😀'],
    ['unicode_codepoints_from_string("Ké€😀")', '[75,233,8364,128512]'],
    ['indexof_regex("abc1", @"[0-9]")', 3],
    ['series_fill_backward(dynamic([null,2,null,3]))', '[2,2,3,3]'],
    ['parse_url("https://h.com:81/a?x=1").Port', '"81"'],
    ['has_any_ipv4("from 10.0.0.1:80", "10.0.0.2", "10.0.0.1")', true],
    ['has_ipv4_prefix("from 10.0.0.1:80", "10.0.")', true],
    ['extract_json("$.a[1]", "{\\"a\\":[1,2]}", typeof(long))', 2],
    ['bag_keys(dynamic({"x":1,"y":2}))', '["x","y"]'],
    ['strcat_array(split("a,b,c", ","), "-")', 'a-b-c'],
    ['array_length(range(1, 10, 3))', 4],
    ['extract("(\\\\d+)-(\\\\d+)", 2, "x 12-34")', '34'],
    ['ipv4_is_private("192.168.3.4")', true],
    ['ipv4_is_private("junk")', null],
    ['hash("World")', '1846988464401551951'],
    ['base64_decode_tostring("S3VzdG8=")', 'Kusto'],
  ])('%s', async (expression, expected) => {
    const got = await cell(expression)
    expect(typeof expected === 'number' ? Number(got) : got).toEqual(expected)
  })
})

const T = 'let T = datatable(k:string, n:long)["a",1,"b",2,"a",3,"c",long(null)];'
describe('operators', () => {
  it.each<[string, unknown[][]]>([
    [
      'T | where n > 1 | project k, m = n * 2',
      [
        ['b', 4],
        ['a', 6],
      ],
    ],
    ['T | sort by n asc | project n', [[null], [1], [2], [3]]],
    ['T | top 2 by n | project k', [['a'], ['b']]],
    ['T | count', [[4]]],
    [
      'T | lookup (datatable(k:string, w:long)["a",9]) on k | sort by n asc | project k, n, w',
      [
        ['c', null, null],
        ['a', 1, 9],
        ['b', 2, null],
        ['a', 3, 9],
      ],
    ],
    [
      'print k = "a" | join kind=fullouter (print k = "b") on k | sort by k asc',
      [
        ['', 'b'],
        ['a', ''],
      ],
    ],
    ['print k = "a" | join kind=rightsemi (datatable(k:string, w:long)["a", 1, "b", 2]) on k', [['a', 1]]],
    [
      'union withsource=S (print a = 1), (print a = "x") | sort by S asc',
      [
        ['union_arg0', 1, ''],
        ['union_arg1', null, 'x'],
      ],
    ],
    ['datatable(d:dynamic)[dynamic({"k":"v"})] | mv-expand bagexpansion=array with_itemindex=i d', [['["k","v"]', 0]]],
    [
      'datatable(a:long)[3, 1, 2] | sort by a asc | extend c = row_cumsum(a)',
      [
        [1, 1],
        [2, 3],
        [3, 6],
      ],
    ],
    [
      'datatable(t:datetime, v:long)[datetime(2026-01-01 00:10), 1, datetime(2026-01-01 02:10), 5] | make-series s=sum(v) default=long(null) on t step 1h | project s',
      [['[1,null,5]']],
    ],
    ['T | sort by n asc | where row_number() > 2 | project n', [[2], [3]]],
    ['datatable(s:string)["", "a", ""] | summarize dcount(s)', [[2]]],
    [
      'print a="x=1 y=(b c)" | parse-kv a as (x:long, y:string, z:string) with (pair_delimiter=" ", kv_delimiter="=", quote="()") | project x, y, z',
      [[1, 'b c', '']],
    ],
    ['print d=dynamic({"a":1,"b":"x"}) | evaluate bag_unpack(d) : (a:long, b:string)', [[1, 'x']]],
    [
      'T | getschema | project ColumnName, ColumnType',
      [
        ['k', 'string'],
        ['n', 'long'],
      ],
    ],
    ['union isfuzzy=true T, Nowhere | count', [[4]]],
    ['T | summarize make_list(n), sum(n), countif(n > 1), dcount(k)', [['[1,2,3]', 6, 2, 3]]],
    ['T | where false | summarize count(), sum(n), make_set(k), max(n)', [[0, 0, '[]', null]]],
    ['print a=1, b=2, c=3 | summarize arg_max(a, b, *) by c', [[3, 1, 2]]],
    ['print a=1, b=2, c=3 | extend d=a | summarize d=arg_max(d, *) by x=b', [[2, 1, 1, 3]]],
    ['print a=1, b=2, c=3 | summarize arg_min(a, *) by c=b', [[2, 1, 3]]],
    ['print a=1, b=2 | summarize take_any(*) by bin(b, 2)', [[2, 1, 2]]],
    [
      'T | summarize arg_max(n, *) by k | sort by k asc',
      [
        ['a', 3],
        ['b', 2],
        ['c', null],
      ],
    ],
    ['T | summarize percentile(n, 50), avg(n)', [[2, 2]]],
    ['T | extend n = n + 1, k2 = toupper(k) | where k2 == "B"', [['b', 3, 'B']]],
    ['T | distinct k | sort by k asc', [['a'], ['b'], ['c']]],
    [
      'T | join kind=leftouter (datatable(k:string, w:long)["a",9]) on k | sort by n asc | project k, k1, w',
      [
        ['c', '', null],
        ['a', 'a', 9],
        ['b', '', null],
        ['a', 'a', 9],
      ],
    ],
    ['T | join (datatable(k:string)["a","a"]) on k | count', [[2]]], // innerunique: one row of the left for each key
    ['T | join kind=inner (datatable(k:string)["a","a"]) on k | count', [[4]]],
    ['T | join kind=leftanti (datatable(k:string)["a"]) on k | sort by k asc | project k', [['b'], ['c']]],
    ['T | where k in ((T | where n > 1 | project k)) | count', [[3]]],
    ['union T, (print n = "x") | summarize count()', [[5]]],
    ['datatable(d:dynamic)[dynamic([1,2]), dynamic([]), dynamic(null)] | mv-expand d to typeof(long)', [[1], [2], [null]]],
    [
      'datatable(i:long, d:dynamic)[1,dynamic([5,1,3]), 2,dynamic([4,8])] | mv-apply x=d to typeof(long) on (top 2 by x | summarize s=sum(x)) | sort by i asc | project i, s',
      [
        [1, 8],
        [2, 12],
      ],
    ],
    [
      'T | sort by n asc | extend p = prev(n), r = row_number() | where r > 2 | project p, r',
      [
        [1, 3],
        [2, 4],
      ],
    ],
    [
      'print m="type=X msg=audit(1:2): rest of it" | parse m with "type=" t " msg=audit(" * ":" s:long "):" r | project t, s, r',
      [['X', 2, ' rest of it']],
    ],
    ['print m="nothing" | parse m with "type=" t " " s:long | project t, s', [['', null]]],
    [
      'range t from datetime(2026-01-01) to datetime(2026-01-03) step 1d | make-series c=count() on t from datetime(2026-01-01) to datetime(2026-01-05) step 2d | project c',
      [['[2,1]']],
    ],
    ['let f = (x:long, y:long = 10) { x + y }; print f(1), f(1, 2)', [[11, 3]]],
    ['let f = (D:(n:long)) { D | where n > 1 }; f(T) | count', [[2]]],
    ['print toscalar(T | summarize max(n))', [[3]]],
    ['print a=dynamic([1, 2.5]) | project a[0] + a[0], a[0] * a[1], strlen(tostring(a[0] + a[0]))', [['2', '2.5', 1]]],
    [
      'datatable(v:dynamic)[dynamic({"a":1,"b":2.5}), dynamic({"a":"s","c":["x",{"n":true}]}), dynamic(null)] | summarize buildschema(v)',
      [['{"a":["long","string"],"b":"double","c":{"`indexer`":["string",{"n":"bool"}]}}']],
    ],
    [
      'datatable(d:dynamic)[dynamic({"q":{"b":[{"d":1,"c":2}],"a":"x"}}), dynamic(5)] | project dynamic_to_json(d)',
      [['{"q":{"a":"x","b":[{"c":2,"d":1}]}}'], ['5']],
    ],
    ['print x="<a><b>1</b></a>" | extend d=parse_xml(x) | project tolong(d.a.b)', [[1]]],
    ['datatable(v:real)[1.5, 2.5] | summarize h=hll(v) | summarize dcount_hll(hll_merge(h))', [[2]]],
    [
      'range x from 1 to 200 step 1 | summarize array_length(makelist(x)), array_length(makeset(x)), array_length(make_list(x)), array_length(bag_keys(make_bag(bag_pack(tostring(x), 1), 3)))',
      [[128, 128, 200, 3]],
    ],
    [
      'print a="x", k=1 | join kind=leftouter (print b="y", k=2) on k | project a, strcat(b, "!"), isempty(b)',
      [['x', '!', true]],
    ],
    ['print a="x" | union (print a="y") | extend a=strcat(a, "1") | project a | sort by a asc', [['x1'], ['y1']]],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(`${T} ${query}`)).toEqual(expected)
  })

  it('names and types columns as Kusto does', async () => {
    const { columns } = await answer(`${T} T | summarize count(), max(n), percentile(n, 5), make_set(k) by bin(n, 2)`)
    expect(columns).toEqual(['n:long', 'count_:long', 'max_n:long', 'percentile_n_5:long', 'set_k:dynamic'])
  })
})

describe('values never become text of the statement', () => {
  it('gives every text back as it is', async () => {
    const { sql: statement } = await compileKqlHere({ text: 'print v = "a"' })
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 30 }), async (text) => {
        const query = `print v = ${JSON.stringify(text).replaceAll('\u007f', '\\u007f')}`
        const { sql } = await compileKqlHere({ text: query })
        expect(sql).toBe(statement)
        expect(await rowsOf(query)).toEqual([[text]])
      }),
      { numRuns: 40, examples: [["'); DROP TABLE x; --"], ['`"\\\n\t'], ['{p1:String}']] },
    )
  })
  it('quotes the names of columns', async () => {
    const { sql, params } = await compileKqlHere({ text: "print ['a`b\\\\'] = 1" })
    const { columns } = await store.reader.query({ sql, params, profile: 'hunt' })
    expect(columns.map(({ name }) => name)).toEqual(['a`b\\'])
  })
  it('throws QueryError and nothing else', async () => {
    const word = fc.constantFrom(
      'Commands',
      '|',
      'where',
      'User',
      '==',
      '"a"',
      '(',
      ')',
      'summarize',
      'by',
      'count()',
      ',',
      'let',
      '=',
      ';',
      '[',
      '.',
      'mv-expand',
      '1d',
      'join',
      'on',
      'evaluate',
      'x',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ maxLength: 40 }),
          fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
        ),
        async (text) => {
          const error = await compileKqlHere({ text }).catch((reason: unknown) => reason)
          if (error instanceof Error) expect(error).toBeInstanceOf(QueryError)
        },
      ),
      { numRuns: 120 },
    )
  })
})
