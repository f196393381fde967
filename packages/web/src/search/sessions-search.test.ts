import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePlainSearch, stringifyPlainSearch } from '../text/plain-search.ts'
import { isFiltered, queryOf, sessionsSearchOf } from './sessions-search.ts'

describe('the address of the Sessions page', () => {
  test.each([
    ['', {}],
    ['?user=alice&user=bob&user=alice', { user: ['alice', 'bob'] }],
    ['?user=', { user: [''] }],
    ['?pod=1e3&command=%22rm%22', { pod: '1e3', command: '"rm"' }],
    ['?confidence=none&confidence=sure&entry=exec', { confidence: ['none'], entry: ['exec'] }],
    ['?risk=deadly&sort=sideways&platform=no', {}],
    ['?risk=high&sort=risk&platform=1', { risk: 'high', sort: 'risk', platform: true }],
    ['?range=90m', { range: '90m' }],
    ['?range=soon&from=yesterday', {}],
    ['?from=2026-11-21T02:53:00Z', { from: '2026-11-21T02:53:00.000Z' }],
    ['?__proto__=1&constructor=2', {}],
  ])('%s', (address, search) => {
    expect(sessionsSearchOf(parsePlainSearch(address))).toEqual(search)
  })

  test('survives being written and read again', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    const search = fc.record(
      { user: fc.uniqueArray(text, { minLength: 1 }), command: text, pod: text, platform: fc.constant(true as const) },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(search, (one) => {
        expect(sessionsSearchOf(parsePlainSearch(stringifyPlainSearch(one)))).toEqual(one)
      }),
    )
  })

  test('knows whether anything is filtered', () => {
    expect(isFiltered({ range: '1h', sort: 'risk' })).toBe(false)
    expect(isFiltered({ user: [''] })).toBe(true)
  })

  test('asks the server for bounds, never for a relative time', () => {
    const now = Date.parse('2026-11-21T03:00:00Z')
    expect(queryOf({ range: '1h', user: ['alice'] }, { kind: 'last', span: '1h' }, now)).toEqual({
      user: ['alice'],
      from: '2026-11-21T02:00:00.000Z',
    })
  })
})
