import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slsCatalog } from '../testdata/sls-fixture.ts'
import { compile } from './compile.ts'
import { QueryError } from './query-error.ts'
import { printSearch } from './sls/print-search.ts'
import { parseSearch } from './sls/search-parser.ts'

/** Any character that is no half of a pair; `unit: 'binary'` is the same and takes seconds to make its table. */
const CHARACTER = fc.integer({ min: 0, max: 0x10_f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))

describe('refusals', () => {
  it.each([
    ['process.cmdline: *crets', 'PW-QY-004', 18],
    ['cost_ms in [60 *]', 'PW-QY-001', 16],
    ['kind: Command and (', 'PW-QY-001', 20],
    ["* | select json_extract_scalar(k8s, '$.a') as l where l is not null", 'PW-QY-002', 55],
    ["* | select ip_to_country('1.2.3.4')", 'PW-QY-004', 12],
    ['* | drop table log', 'PW-QY-006', 5],
    ['* | select * from system.tables', 'PW-QY-006', 19],
    ["* | select * from url('http://x')", 'PW-QY-006', 19],
    ['* | select 1; select 2', 'PW-QY-006', 13],
    ["* | select 'it''s', '\\', \"ev`il\"", 'PW-QY-002', 26],
    ['* | select compare(n, 3600) from (select count(*) n from log)', 'PW-QY-008', 12],
    ['* | select constructor(1)', 'PW-QY-003', 12],
    ['proces.name: x', 'PW-QY-002', 1],
    ['* | select "process.pid" = \'x\'', 'PW-QY-005', 26],
    [`* | select ${'('.repeat(5000)}1`, 'PW-QY-007', 0],
    [`${'('.repeat(5000)}a`, 'PW-QY-007', 0],
    [`* | select ${'not '.repeat(5000)}true`, 'PW-QY-007', 0],
  ])('%s', (text, code, column) => {
    const error = failure(text)
    expect([error?.code, column === 0 ? 0 : error?.column]).toEqual([code, column])
  })

  it('names what is nearest', () => {
    expect(failure('proces.name: x')?.nearest).toBe('process.name')
    expect(failure('* | select cuont(1)')?.nearest).toBe('count')
  })
})

/** The tree without places. */
const shape = (value: unknown) => JSON.parse(JSON.stringify(value, (key, one) => (key === 'offset' ? undefined : one)))

function failure(text: string): QueryError | undefined {
  try {
    compile({ lang: 'sls', text, catalog: slsCatalog })
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
  return undefined
}

describe('properties', () => {
  const piece = fc.oneof(
    fc.string({ unit: CHARACTER, maxLength: 6 }),
    fc.constantFrom(
      'select ',
      'log',
      ' from ',
      '|',
      '(',
      ')',
      '"',
      "'",
      'kind',
      ':',
      ' in ',
      '[',
      ' case ',
      ' over ',
      ',',
      '1',
      '*',
    ),
  )
  it('fails with a QueryError or not at all', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        failure(pieces.join(''))
        failure(`* | select ${pieces.join('')}`)
      }),
      { numRuns: 500 },
    )
  })

  it('prints a search that parses to the same search', () => {
    for (const text of [
      'a or b c',
      'not (k: x)',
      'k: (a or "b c")',
      'k:#"a b"',
      'n in [1 2)',
      'n >= -1.5 and *',
      '"q\\"x": ""',
      'not not a',
    ]) {
      const { search } = parseSearch(text)
      expect(shape(parseSearch(printSearch(search)).search), text).toEqual(shape(search))
    }
  })
})
