import { expect, it } from 'vitest'
import { shareAddress } from './share-address.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const DAY = { from: '2026-11-20T12:00:00.000Z' }

it.each([
  [
    '?q=T&range=24h&cols=a&chart=bar',
    DAY,
    '?q=T&cols=a&chart=bar&from=2026-11-20T12%3A00%3A00.000Z&to=2026-11-21T12%3A00%3A00.000Z',
  ],
  // No time in the address: the last day was meant.
  ['?q=T', DAY, '?q=T&from=2026-11-20T12%3A00%3A00.000Z&to=2026-11-21T12%3A00%3A00.000Z'],
  ['?q=T&range=all', {}, '?q=T&range=all'],
])('%s', (search, bounds, shared) => {
  expect(new URL(shareAddress(`http://h/hunt${search}`, bounds, NOW)).search).toBe(shared)
})
