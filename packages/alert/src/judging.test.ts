import { describe, expect, it } from 'vitest'
import { isPerRow, judgeRows } from './judge-rows.ts'
import { readRules } from './read-setup.ts'
import type { Rule } from './rule.ts'
import { dueAt, inHours, windowsOf } from './schedule.ts'

function rule(more: string): Rule {
  const { rules, faults } = readRules(`id: r\nquery: {lang: sql, text: SELECT 1, window: 10m}\n${more}`)
  expect(faults).toEqual([])
  return rules[0] as Rule
}
const at = (text: string): number => Date.parse(`2026-11-21T${text}Z`)

describe('when a rule is due', () => {
  it.each<[string, string | undefined, string, string | undefined]>([
    ['1m', undefined, '02:14:30', '02:14:00'],
    ['1m', '02:14:00', '02:14:59', undefined],
    ['1m', '02:14:00', '02:18:20', '02:18:00'], // Runs that were missed are made up for by one.
    ['"*/15 * * * *"', '02:00:00', '02:14:59', undefined],
    ['"*/15 * * * *"', '02:00:00', '02:15:00', '02:15:00'],
    ['"0 8 * * *"', '02:00:00', '07:59:59', undefined],
    ['"0 8 * * *"', '02:00:00', '09:30:00', '08:00:00'],
    ['stream', '02:14:30', '02:14:31', '02:14:31'],
  ])('checked %s, last at %s, at %s: %s', (check, last, now, expected) => {
    const due = dueAt(rule(`check: ${check}`).check, last === undefined ? undefined : at(last), at(now))
    expect(due).toBe(expected === undefined ? undefined : at(expected))
  })

  it('looks at the windows that late evidence falls into, no more than there are', () => {
    expect(windowsOf(at('02:30:00'), 600_000, undefined)).toEqual([{ fromMs: at('02:20:00'), toMs: at('02:30:00') }])
    const late = windowsOf(at('02:30:00'), 600_000, at('02:17:00'))
    expect(late.map(({ toMs }) => new Date(toMs).toISOString().slice(11, 16))).toEqual(['02:20', '02:25', '02:30'])
    expect(windowsOf(at('02:30:00'), 1_000, 0)).toHaveLength(60)
  })
})

it.each<[string, string, boolean]>([
  ['08:00-20:00 Asia/Shanghai', '02:14:00', true], // 10:14 there
  ['08:00-20:00 Asia/Shanghai', '13:00:00', false], // 21:00
  ['20:00-08:00', '23:00:00', true],
  ['20:00-08:00', '12:00:00', false],
  ['08:00-20:00', '20:00:00', false],
  ['任意', '03:00:00', true],
  ['any', '03:00:00', true],
])('hours %s at %s UTC: %s', (hours, now, told) => {
  expect(inHours(rule(`hours: ${hours}`).hours, at(now))).toBe(told)
})

describe('what alerts', () => {
  const rows = [
    { eventId: 'a', who: 'x', n: 1 },
    { eventId: 'b', who: 'y', n: 5 },
    { eventId: 'c', who: 'x', n: 9 },
  ]
  it.each<[string, string[][]]>([
    ['trigger: hasData', [['a', 'b', 'c']]],
    ['trigger: 有数据\ngroupBy: [WHO]', [['a', 'c'], ['b']]],
    ['trigger: {count: 3}', [['a', 'b', 'c']]],
    ['trigger: {count: 2}\ngroupBy: [who]', [['a', 'c']]],
    ['trigger: {count: 4}', []],
    ['trigger: {column: n, above: 5}', [['c']]],
    ['trigger: {column: n, atLeast: 5}', [['b', 'c']]],
    ['trigger: {column: n, below: 5}', [['a']]],
    ['trigger: {column: n, atMost: 5}', [['a', 'b']]],
    ['trigger: {changes: who}', [['a', 'b', 'c']]],
    ['trigger: {changes: who}\ngroupBy: [who]', []],
    ['trigger: noData', []],
    ['trigger: hasData\nexcept: [{who: x}]', [['b']]],
    ['trigger: hasData\nexcept: [{who: x, n: "1"}]', [['b', 'c']]],
  ])('%s', (more, expected) => {
    const groups = judgeRows(rule(more), rows, false)
    expect(groups.map((group) => group.rows.map(({ eventId }) => eventId))).toEqual(expected)
  })

  it('nothing where something is wanted, and an exception makes it nothing', () => {
    expect(judgeRows(rule('trigger: noData'), [], false)).toEqual([{ group: '', rows: [], keys: [] }])
    expect(judgeRows(rule('trigger: noData\nexcept: [{who: x}]'), [{ who: 'x' }], false)).toHaveLength(1)
  })

  it('a row is known by the event it names, whatever the case of the column', () => {
    expect([
      isPerRow(rule(''), ['EventID']),
      isPerRow(rule(''), ['who']),
      isPerRow(rule('trigger: {count: 1}'), ['eventid']),
    ]).toEqual([true, false, false])
    expect(judgeRows(rule(''), rows, true)[0]?.keys).toEqual(['a', 'b', 'c'])
  })
})
