import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'

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
