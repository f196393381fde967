import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSimple, readSimpleQuery } from './read-simple-query.ts'
import { type Condition, OPERATORS, printSimpleQuery, type SimpleQuery, valuesOf } from './simple-query.ts'

/** Any character that is no half of a pair; `unit: 'binary'` is the same and takes seconds to make its table. */
const CHARACTER = fc.integer({ min: 0, max: 0x10_f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))

const name = fc.oneof(
  fc.constantFrom('User', 'CommandLine', '_x1', 'a b', "it's", 'in', 'by', 'datetime', 'and', 'isempty', 'count', 'true'),
  fc.string({ unit: CHARACTER, minLength: 1, maxLength: 8 }),
)
const text = fc.string({ unit: CHARACTER, maxLength: 12 }).map((one) => ({ kind: 'text' as const, text: one }))
const bare = fc
  .oneof(
    fc.integer().map(String),
    fc.constantFrom('true', '1.5', '10m', 'ago(2h)', 'datetime(2026-11-21T02:00:00Z)', '-0.25', 'false', '3d'),
  )
  .map((one) => ({ kind: 'bare' as const, text: one }))
const value = fc.oneof(text, bare)
const condition: fc.Arbitrary<Condition> = fc.constantFrom(...OPERATORS).chain((operator) => {
  const [least, most] = { none: [0, 0], one: [1, 1], many: [1, 4] }[valuesOf(operator)] as [number, number]
  const values = fc.array(value, { minLength: least, maxLength: most })
  return fc.record({ column: name, operator: fc.constant(operator), values })
})
const query: fc.Arbitrary<SimpleQuery> = fc.record({
  table: name,
  conditions: fc.array(condition, { maxLength: 4 }),
  counted: fc.option(fc.record({ name, by: fc.array(name, { maxLength: 3 }) }), { nil: undefined }),
  columns: fc.array(name, { maxLength: 3 }),
  order: fc.option(fc.record({ column: name, descending: fc.boolean() }), { nil: undefined }),
  take: fc.option(fc.nat(1_000_000), { nil: undefined }),
})

it('a form written as KQL is read as the same form', () => {
  fc.assert(
    fc.property(query, (form) => {
      expect(readSimpleQuery(printSimpleQuery(form))).toEqual(form)
    }),
    { numRuns: 500 },
  )
})

it('a query that is read means the same when it is written again, and no text stops the reader', () => {
  const piece = fc.constantFrom(
    ...[
      'Commands',
      '| where ',
      'User',
      " == 'a'",
      ' and ',
      ' or ',
      '| take 5',
      '| order by User',
      ' in ("a",\'b\')',
      '//x\n',
      '| top 3 by n',
    ],
    ...[
      '| project a, b',
      '| summarize count() by User',
      "['a b']",
      ' != ',
      '5',
      '(',
      ')',
      "'",
      '\n',
      'ago(1h)',
      ' matches regex @"\\d"',
      '{',
    ],
  )
  const written = fc.oneof(
    fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('')),
    fc.string({ unit: CHARACTER }),
  )
  fc.assert(
    fc.property(written, (kql) => {
      const read = readSimpleQuery(kql)
      if (isSimple(read)) expect(readSimpleQuery(printSimpleQuery(read))).toEqual(read)
      else expect(read.line).toBeGreaterThan(0)
    }),
    { numRuns: 1000 },
  )
})

describe('queries that people write', () => {
  it.each([
    [
      "Commands | where Name in ('curl', \"nc\") and User != ''\n| limit 10",
      "Commands\n| where Name in ('curl', 'nc')\n| where User != ''\n| take 10",
    ],
    [
      'Commands | where TimeGenerated > ago(1h) | top 5 by Risk',
      'Commands\n| where TimeGenerated > ago(1h)\n| order by Risk desc\n| take 5',
    ],
    ['Commands | project A, B | top 3 by A asc', 'Commands\n| order by A asc\n| take 3\n| project A, B'],
    [
      'Commands | summarize count() by User | sort by count_ asc',
      'Commands\n| summarize count_ = count() by User\n| order by count_ asc',
    ],
    ['Commands | where CommandLine matches regex @"\\d+"', "Commands\n| where CommandLine matches regex '\\\\d+'"],
  ])('%j is shown, and written as %j', (kql, written) => {
    const read = readSimpleQuery(kql)
    expect(isSimple(read) && printSimpleQuery(read)).toBe(written)
  })

  it.each([
    ["Commands\n| where Name == 'a' or Name == 'b'", "or Name == 'b'", 2],
    ['Commands // all of them', '// all of them', 1],
    ['Commands\n| extend x = 1', 'extend x = 1', 2],
    ['Commands | take 5 | where Pid > 3', 'where Pid > 3', 1],
    ['Commands | project Name | where Pid > 3', 'where Pid > 3', 1],
    ['Commands | take 5 | order by Pid', 'order by Pid', 1],
    ['Commands | where Name has_cs "x"', 'has_cs "x"', 1],
    ['Commands | summarize dcount(Name) by User', 'dcount(Name) by User', 1],
    ['let a = 1;\nCommands', 'a = 1;', 1],
    ['', '', 1],
  ])('%j is for the editor, because of %j', (kql, part, line) => {
    expect(readSimpleQuery(kql)).toEqual({ part, line })
  })
})
