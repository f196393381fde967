import { describe, expect, test } from 'vitest'
import { clockText, dateTimeText, lengthText } from './clock-text.ts'
import { askedRange, boundsOf, instantOf, searchOfRange, spanMs, timeSearchOf, usualRange } from './time-range.ts'

test.each([
  ['90m', 5_400_000],
  ['7d', 604_800_000],
  ['0h', undefined],
  ['1w', undefined],
  ['-5m', undefined],
  ['999999999999d', undefined],
])('span %s', (span, ms) => expect(spanMs(span)).toBe(ms))

test.each([
  ['2026-11-21 02:53:11', '2026-11-21T02:53:11.000Z'],
  ['2026-11-21T02:53:11.5+08:00', '2026-11-20T18:53:11.500Z'],
  ['2026-11-21', '2026-11-21T00:00:00.000Z'],
  ['2026-13-21', undefined],
  ['now', undefined],
])('instant %s', (text, iso) => expect(instantOf(text)).toBe(iso))

describe('ranges', () => {
  const now = Date.parse('2026-11-21T03:00:00Z')

  test.each([
    [{ kind: 'all' }],
    [{ kind: 'last', span: '15m' }],
    [{ kind: 'between', from: '2026-11-21T02:00:00.000Z', to: '2026-11-21T03:00:00.000Z' }],
    [{ kind: 'around', at: '2026-11-21T02:00:00.000Z', span: '2m' }],
  ] as const)('%j survives the address', (range) => {
    expect(askedRange(timeSearchOf(searchOfRange(range)))).toEqual(range)
  })

  test('a recording shows at once, live data shows its last day', () => {
    expect(usualRange('2026-11-19T00:00:00Z', now)).toEqual({ kind: 'all' })
    expect(usualRange('2026-11-21T02:54:00Z', now)).toEqual({ kind: 'last', span: '24h' })
    expect(usualRange(null, now)).toEqual({ kind: 'all' })
  })

  test('bounds', () => {
    expect(boundsOf({ kind: 'all' }, now)).toEqual({})
    expect(boundsOf({ kind: 'around', at: '2026-11-21T02:00:00.000Z', span: '1m' }, now)).toEqual({
      from: '2026-11-21T01:59:00.000Z',
      to: '2026-11-21T02:01:00.000Z',
    })
  })
})

test('clocks are UTC, whatever is no instant comes back as it is', () => {
  expect(clockText('2026-11-21T10:53:11.662000+08:00')).toBe('02:53:11')
  expect(dateTimeText('2026-11-21T02:53:11.662123Z')).toBe('2026-11-21 02:53:11')
  expect(dateTimeText('\u202enot a time')).toBe('\u202enot a time')
})

test.each([
  [412, '0.41 s'],
  [12_345, '12.3 s'],
  [93_000, '93 s'],
  [720_000, '12 min'],
  [11_100_000, '3 h 05 min'],
  [187_200_000, '2 d 4 h'],
  [-5, '0.00 s'],
])('%i ms is %s', (ms, text) => expect(lengthText(ms)).toBe(text))
