import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { openStore, type Store } from '@podwitness/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'
import { inflate } from './functions/inflate.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-kql-functions-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function rowsOf(text: string) {
  const { sql, params } = await compileKqlHere({ text })
  return (await store.reader.query({ sql, params, profile: 'hunt' })).rows
}
/** The value of an expression; dynamic values parsed. */
async function cell(expression: string): Promise<unknown> {
  const value = (await rowsOf(`print v = ${expression}`))[0]?.[0]
  return typeof value === 'string' && /^[[{]/.test(value) ? JSON.parse(value) : value
}

describe('arrays', () => {
  it.each<[string, unknown]>([
    ['array_sort_asc(dynamic([null, "b", "a"]))', ['a', 'b', null]],
    ['array_sort_asc(dynamic([null, "b", "a"]), false)', [null, 'a', 'b']],
    ['array_sort_desc(dynamic([1, 10, 9]))', [10, 9, 1]],
    ['array_sort_asc(dynamic([3, 1, 2]), dynamic(["c", "a", "b"]))[1]', ['a', 'b', 'c']],
    ['array_sort_asc(dynamic([3, 1, 2]), dynamic(["c"]))[1]', null],
    ['array_rotate_left(dynamic([1, 2, 3]), -1)', [3, 1, 2]],
    ['array_sum(parse_json(@\'[1, "2"]\'))', null],
    ['array_sum(dynamic([1, 2.5]))', 3.5],
    ['set_has_element(dynamic([1]), "1")', false],
    ['set_has_element(dynamic([1.0]), 1)', true],
    ['array_index_of(dynamic(["1", 1]), 1)', 1],
    ['array_index_of(dynamic(["01:00:00"]), 1h)', 0],
    [
      'zip(dynamic([1, 2]), dynamic([3]), dynamic(["a", "b", "c"]))',
      [
        [1, 3, 'a'],
        [2, null, 'b'],
        [null, null, 'c'],
      ],
    ],
    ['repeat(1, -1)', null],
    ['bag_set_key(dynamic(null), "a", 5)', null],
    ['pack_array(real(nan), real(-inf), 1.0)', ['NaN', '-Infinity', 1]],
    ['array_rotate_right(dynamic([1, 2, 3]), 4)', [3, 1, 2]],
    ['array_shift_left(dynamic([1, 2, 3]), 2)', [3, null, null]],
    ['array_shift_right(dynamic(["a", "b"]), 1)', ['', 'a']],
    ['array_shift_right(dynamic([1, 2, 3]), -1, 7)', [2, 3, 7]],
    ['array_split(dynamic([1, 2, 3, 4, 5]), dynamic([1, -2]))', [[1], [2, 3], [4, 5]]],
    ['array_index_of(dynamic(["a", "b", "a"]), "a", 1)', 2],
    ['array_index_of(dynamic(["a", "b", "a"]), "a", 0, -1, 3)', -1],
    ['array_index_of(dynamic(["a"]), "a", 0, -2)', null],
    ['array_iff(dynamic([true, 0, "x"]), 1, 0)', [1, 0, null]],
    ['range(1h, 3h)', ['01:00:00', '02:00:00', '03:00:00']],
    ['range(datetime(2026-01-30), datetime(2026-02-01), 1d)[1]', '"2026-01-31T00:00:00.0000000Z"'],
    ['todouble(jaccard_index(dynamic([1, 2, 3]), dynamic([1, 2, 3, 4])))', 0.75],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })
})

describe('series', () => {
  it.each<[string, unknown]>([
    ['series_add(dynamic([1, 2]), dynamic([3, 4, 5]))', [4, 6, null]],
    ['series_add(parse_json(@\'[1, "2"]\'), 1)', [2, null]],
    ['series_dot_product(dynamic([]), dynamic([1]))', null],
    ['series_cosine_similarity(dynamic([1, 0]), dynamic([1, 1]), 1.0, 2.0)', 0.5],
    ['series_stats_dynamic(parse_json(@\'[1, 3, "NaN"]\'), true).max', '3'],
    ['series_stats_dynamic(parse_json(@\'[1, 3, "NaN"]\'))', null],
    ['tostring(series_add(dynamic([1, 2]), 1))', [2, 3]],
    ['tostring(series_divide(dynamic([1, 2]), dynamic([4, 0])))', [0.25, 'Infinity']],
    ['series_greater(dynamic([1, null]), 0)', [true, null]],
    ['series_fill_linear(dynamic([null, 1, null, 4.5]))', [1, 1, 2.75, 4.5]],
    ['series_fill_linear(dynamic([null, 1, null, 4]))', [1, 1, 2, 4]],
    ['series_fill_linear(dynamic([null, 1]), long(null), false)', [null, 1]],
    ['series_fill_const(dynamic([1, -1, null]), 9, -1)', [1, 9, 9]],
    ['series_fir(dynamic([0, 0, 2, 2]), dynamic([1, -1]), false, false)', [0, 0, 2, 0]],
    ['series_fir(dynamic([3, 3, 3]), dynamic([1, 1, 1]), true, true)', [2, 3, 2]],
    ['series_iir(dynamic([0, 1, 2, 3]), dynamic([1]), dynamic([1, -1]))', [0, 1, 3, 6]],
    ['series_stats(dynamic([2, 1, "x"]))[0]', null],
    ['series_stats(dynamic([2, 1, "x"]), true)[1]', 1],
    ['series_stats_dynamic(dynamic([1, 3])).variance', '2'],
    ['round(series_fit_line(dynamic([1, 3, 5]))[4], 6)', -1],
    ['series_fit_2lines(dynamic([1, 2, 3, 9, 8, 7]))[1]', 3],
    ['series_fit_poly(dynamic([1, 4, 9, 16]), dynamic([1, 2, 3, 4]), 2)[1]', [1, 0, 0]],
    ['series_periods_detect(dynamic([1, 2, 3, 9, 1, 2, 3, 9, 1, 2, 3, 9, 1, 2, 3, 9]), 0, 8, 2)[0]', [4, 0]],
    ['series_seasonal(dynamic([1, 3, 5, 2, 4, 6]), 3)', [1.5, 3.5, 5.5, 1.5, 3.5, 5.5]],
    ['series_decompose(dynamic([1, 2, 1, 2, 1, 2]), 2)[1]', [-0.5, 0.5, -0.5, 0.5, -0.5, 0.5]],
    ['series_decompose_forecast(dynamic([1, 2, 1, 2, 0, 0]), 2, 2)[0]', [1, 2, 1, 2, 1, 2]],
    [
      'series_decompose_anomalies(dynamic([1, 2, 1, 2, 1, 2, 9, 2, 1, 2, 1, 2]), 1.5, 2)[0]',
      [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    ],
    ['series_outliers(dynamic([1, 2, 3, 2, 1, 2, 30]))[6] > 1', true],
    ['round(todouble(series_ifft(series_fft(dynamic([1, 2, 3]))[0], series_fft(dynamic([1, 2, 3]))[1])[0][2]), 6)', 3],
    ['series_pearson_correlation(dynamic([1, 2, 3]), dynamic([2, 4, 6]))', 1],
    ['series_product(dynamic([2, 3]))', 6],
    ['series_sum(parse_json("7"))', 0],
    ['dynamic([1.5])[0] > 1', true],
    ['dynamic([1.5])[0] == 1', false],
    ['dynamic([9007199254740993])[0] == 9007199254740993', true],
    ['dynamic([9007199254740993])[0] == 9007199254740992', false],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })

  it('names columns as the query does, and the rest as the function does', async () => {
    const { columns } = await compileKqlHere({
      text: 'print x = dynamic([1]) | project (a, b) = series_fft(x), c = series_fft(x)',
    })
    expect(columns?.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'series_fft_x_imag'])
  })
})

describe('numbers and times outside of what is defined', () => {
  it.each<[string, unknown]>([
    ['bin(5, -2)', null],
    ['bin(5.0, 0.0)', null],
    ['bin(datetime(2026-01-01), -1h)', null],
    ['bin(-7, 3)', -9],
    ['binary_shift_left(1, -1)', null],
    ['binary_shift_left(1, 65)', 2],
    ['round(-2.5)', -3],
    ['round(15, -1)', 20],
    ['log(0)', '-Infinity'],
    ['make_datetime(2026, 13, 1)', null],
    ['make_datetime(2026, 2, 29)', null],
    ['make_timespan(25, 0)', null],
    ['-7.5 % 2', 0.5],
    ['decimal(1) % decimal(0)', null],
    ['1h * decimal(1.5)', '01:30:00'],
    ['decimal(1) == true', true],
    ['datetime(2026-01-01) in (real(nan))', false],
    ['todatetime(real(nan))', null],
    ['tostring(-dynamic([2])[0])', '-2'],
    ['ipv4_compare("10.0.0.1", "10.0.0.2", 33)', null],
    ['parse_ipv4("10.0.0.1/40")', null],
    ['parse_ipv4_mask("127.2.3.4/8", 32)', 2130706432],
    ['timespan(15 seconds)', '00:00:15'],
    // A Sunday; the first Wednesday of its year is the 6th, the first Thursday the 7th.
    ['weekofyear(datetime(2027-01-03))', 1],
    ['week_of_year(datetime(2027-01-03))', 53],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })
})

describe('texts', () => {
  it.each<[string, unknown]>([
    ['indexof("abcdefgabcdefg", "cde", 1, 10, 2)', 9],
    ['indexof("aébc", "b", -2)', 2],
    ['indexof("abc", "c", 0, -2)', null],
    ['indexof_regex("abcabcdefg", @"a.c", 0, 9, 2)', 3],
    ['indexof_regex("abcabc", @"a|ab", -1)', null],
    ['has_any_index("this is", dynamic(["hi", "is"]))', 1],
    ['replace_strings("This is", dynamic(["is", "This"]), dynamic(["was", "This"]))', 'Thwas was'],
    ['replace_strings("a1", dynamic(["a", "1"]), dynamic(["1", "2"]))', '12'],
    ['translate("krasp", "otsku", "spark")', 'kusto'],
    ['translate("abc", "x", "abcd")', 'xxxd'],
    ['extract_all(@"(?P<a>\\w)(\\w)", dynamic(["a"]), "xy zw")', ['x', 'z']],
    [
      'extract_all(@"(?P<a>\\w)(\\w)", dynamic(["a", 2]), "xy zw")',
      [
        ['x', 'y'],
        ['z', 'w'],
      ],
    ],
    ['tostring(parse_json(@\'{"a" : 1, "b": ["x: y", 2 ]}\'))', { a: 1, b: ['x: y', 2] }],
    ['strlen(tostring(parse_json(@\'{"a" : 1, "b": ["x: y", 2 ]}\')))', 22],
    ['toguid("74BE27DE1e4e49d9b579fe0b331d3642 and more")', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
    ['toguid("74be-27de1e4e49d9b579fe0b331d3642")', null],
    ['tohex(long(null))', ''],
    ['tohex(1, 20)', '0000000000000001'],
    ['unicode_codepoints_to_string(97, 55297)', ''],
    [`parse_csv('aa,"b,""b",')`, ['aa', 'b,"b', '']],
    [String.raw`parse_command_line(@'a "b c" d\\"e f" g\"h', "windows")`, ['a', 'b c', 'd\\e f', 'g"h']],
    [String.raw`tostring(parse_path(@'C:\temp\file.txt').DirectoryPath)`, String.raw`C:\temp`],
    ['parse_version("1.2.3.4") > parse_version("1.2.3")', true],
    ['tostring(parse_version("120.0.6099.110"))', '120000000000000609900000110'],
    ['isnull(parse_version("x"))', true],
    ['treepath(dynamic({"a": [1, {"x": 2}], "b": 1}))', ["['a']", "['a'][0]", "['a'][0]['x']", "['b']"]],
    ['url_encode("a b/ä")', 'a+b%2f%c3%a4'],
    ['url_encode_component("a b%")', 'a%20b%25'],
    ['format_bytes(10332, 1)', '10.1 KB'],
    ['format_bytes(20010332, 0, "KB")', '19541 KB'],
    ['dynamic_to_json(dynamic({"b": {"d": 1, "c": [2]}, "a": 3}))', { a: 3, b: { c: [2], d: 1 } }],
    // Source of the sample: RFC 3492 §7.1 (B).
    ['punycode_from_string("他们为什么不说中文")', 'ihqwcrb4cv8a8dqg056pqjye'],
    ['punycode_to_string("ihqwcrb4cv8a8dqg056pqjye")', '他们为什么不说中文'],
    ['punycode_to_string("!")', ''],
    ['punycode_domain_to_string("Riðill｡org")', 'xn--Riill-jta.org'],
    ['punycode_domain_from_string("xn--Ge-mia.Bulg.edu")', 'Gáe.Bulg.edu'],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })
})

describe('places', () => {
  it.each<[string, unknown]>([
    ['round(geo_distance_2points(-122.407628, 47.578557, -118.275287, 34.019056), 6)', 1546754.351974],
    ['geo_distance_2points(300, 1, 1, 1)', null],
    ['geo_point_to_geohash(-80.195829, 25.802215, 8)', 'dhwfz15h'],
    ['geo_point_to_geohash(1, 1, int(null))', ''],
    ['isnull(geo_geohash_to_central_point("a"))', true],
    ['geo_geohash_to_central_point("sunny")', { type: 'Point', coordinates: [42.47314453125, 23.70849609375] }],
    ['geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6)', '862a1072fffffff'],
    ['geo_point_to_h3cell(1, 1, 16)', ''],
    ['geo_h3cell_level("abc")', null],
    ['geo_h3cell_parent("862a1072fffffff", 1)', '812a3ffffffffff'],
    ['array_length(geo_h3cell_neighbors("862a1072fffffff"))', 6],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })
  it('says where it is not as fine as asked', async () => {
    await expect(cell('geo_point_to_geohash(1, 1, 13)')).rejects.toThrow()
  })
})

describe('bags', () => {
  const bag = 'dynamic({"a": {"b": 1, "c": 2}, "d": [3]})'
  it.each<[string, unknown]>([
    [`bag_has_key(${bag}, "$.a.b")`, true],
    [`bag_has_key(${bag}, "$.a.x")`, false],
    [`bag_has_key(${bag}, "a.b")`, false],
    [`bag_set_key(${bag}, "$.a.b", "x")`, { a: { b: 'x', c: 2 }, d: [3] }],
    [`bag_set_key(${bag}, "$.n.m", 1)`, { a: { b: 1, c: 2 }, d: [3], n: { m: 1 } }],
    [`bag_remove_keys(${bag}, dynamic(["$.a.b", "d"]))`, { a: { c: 2 } }],
    [`bag_remove_keys(${bag}, dynamic(["$.x.y"]))`, { a: { b: 1, c: 2 }, d: [3] }],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })
})

describe('bytes', () => {
  it.each(['""', '"hello hello"', 'strcat_array(repeat("é", 40000), "")'])(
    'packs what every reader unpacks: %s',
    async (text) => {
      const [row = []] = await rowsOf(
        `print t = ${text} | project t, gzip_compress_to_base64_string(t), zlib_compress_to_base64_string(t)`,
      )
      const [plain, gzip, zlib] = row.map(String) as [string, string, string]
      expect(gunzipSync(Buffer.from(gzip, 'base64')).toString()).toBe(plain)
      expect(inflateSync(Buffer.from(zlib, 'base64')).toString()).toBe(plain)
    },
  )
  it.each(['', 'hello', 'abc'.repeat(1000), Array.from({ length: 3000 }, (_, at) => String((at * 7919) % 1013)).join()])(
    'unpacks what zlib packs',
    (text) => {
      for (const level of [0, 1, 6, 9])
        expect(Buffer.from(inflate(deflateRawSync(Buffer.from(text), { level })) ?? []).toString()).toBe(text)
    },
  )
  it('leaves alone what is no stream', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void inflate(bytes)))
  })
  it.each<[string, unknown]>([
    [`gzip_decompress_from_base64_string("${gzipSync('secret').toString('base64')}")`, 'secret'],
    ['zlib_decompress_from_base64_string("x0x0x0")', ''],
    ['base64_encode_fromguid(guid(ae3133f2-6e22-49ae-b06a-16e6a9b212eb))', '8jMxriJurkmwahbmqbIS6w=='],
    ['base64_decode_toguid("8jMxriJurkmwahbmqbIS6w==")', 'ae3133f2-6e22-49ae-b06a-16e6a9b212eb'],
    ['base64_encode_fromarray(dynamic([75, 117]))', 'S3U='],
    ['toguid("0123456789ab-cdef-0123-456789abcdef")', '01234567-89ab-cdef-0123-456789abcdef'],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })
})

describe('addresses', () => {
  it.each<[string, unknown]>([
    ['ipv6_compare("fe80::1", "fe80::2")', -1],
    ['ipv6_compare("192.168.1.1", "192.168.1.0", 31)', 0],
    ['ipv6_compare("x", "::1")', null],
    ['ipv6_is_match("192.168.1.1/24", "::ffff:c0a8:01ff")', true],
    ['ipv6_is_in_range("a5e::1", "a5e::/16")', true],
    ['ipv6_is_in_any_range("a5f::1", dynamic(["a5e::/16", "b::/8"]))', false],
    ['parse_ipv6("192.168.255.255/24")', '0000:0000:0000:0000:0000:ffff:c0a8:ff00'],
    ['parse_ipv6_mask("fe80::85d:e82c:9446:7994/120", 124)', 'fe80:0000:0000:0000:085d:e82c:9446:7900'],
    ['parse_ipv6("no")', ''],
    ['format_ipv4("192.168.1.1/24")', '192.168.1.0'],
    ['format_ipv4_mask("192.168.1.1", 24)', '192.168.1.0/24'],
    ['format_ipv4("192.168.1.1", -1)', ''],
    ['ipv4_netmask_suffix("127.0.0.1/16")', 16],
    ['ipv4_is_in_any_range("127.0.0.1", dynamic(["127.0.0.1", "x"]))', true],
    ['ipv4_range_to_cidr_list("1.1.128.0", "1.1.140.255")', ['1.1.128.0/21', '1.1.136.0/22', '1.1.140.0/24']],
    ['ipv4_range_to_cidr_list("0.0.0.0", "255.255.255.255")', ['0.0.0.0/0']],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })
})

describe('numbers', () => {
  it.each<[string, unknown]>([
    ['round(convert_energy(1.2, "Joule", "BritishThermalUnit"), 12)', 0.001137380544],
    ['round(convert_temperature(1.2, "Kelvin", "DegreeCelsius"), 6)', -271.95],
    ['round(convert_angle(0.5, "Tilt", "Degree"), 6)', 30],
    ['convert_length(1.0, "Meter", "Nowhere")', null],
    ['round(convert_length(1.0, strcat("Me", "ter"), "Foot"), 6)', 3.28084],
    ['round(beta_cdf(0.9, 10.0, 20.0), 12)', 1],
    ['beta_cdf(1.5, 10.0, 20.0)', 'NaN'],
    ['round(beta_inv(0.1, 10.0, 20.0), 9)', 0.226415022],
    ['round(beta_pdf(0.5, 10.0, 20.0), 9)', 0.746176019],
    ['round(erf(1.0), 9)', 0.842700793],
    // Source of the sample: two means of 15 values, Wikipedia, "Welch's t-test", p = 0.021.
    ['round(welch_test(20.82, 7.8546, 15, 22.98667, 3.4313, 15), 3)', 0.02],
    ['rand() == rand()', false],
    ['rand(5) between (0 .. 4)', true],
    ['around(1.5, 1, 1)', true],
    ['time(1.02:03:04)', '1.02:03:04'],
    ['timespan("29.09:00:05.12345")', '29.09:00:05.1234500'],
    ['time(5)', '5.00:00:00'],
    ['format_timespan(time(29.09:00:05.12345), "ddd.h:mm")', '029.9:00'],
    ['toscalar(2)', 2],
    ['assert(1 < 2, "no")', true],
  ])('%s', async (expression, value) => {
    expect(await cell(expression)).toEqual(value)
  })
  it('ends the query where an assertion fails', async () => {
    await expect(rowsOf('range x from 1 to 2 step 1 | where assert(x < 2, "too large")')).rejects.toThrow()
  })
})
