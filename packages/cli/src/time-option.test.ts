import { expect, it } from 'vitest'
import { listenOption } from './listen-option.ts'
import { timeOption } from './time-option.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')

it.each([
  ['30m', '2026-11-21T11:30:00.000Z'],
  ['1.5h', '2026-11-21T10:30:00.000Z'],
  ['7d', '2026-11-14T12:00:00.000Z'],
  ['2w', '2026-11-07T12:00:00.000Z'],
  ['now', '2026-11-21T12:00:00.000Z'],
  ['2026-11-21T02:14:07Z', '2026-11-21T02:14:07.000Z'],
  ['2026-11-21 02:14+08:00', '2026-11-20T18:14:00.000Z'],
  ['2026-11-21', new Date('2026-11-21T00:00').toISOString()],
])('%s is %s', (text, iso) => {
  expect(timeOption(text, NOW)).toBe(iso)
})

it.each(['', 'yesterday', '1y', '-3h', '2026-13-01', '2026-11-21T25:00:00Z', '99999999999999999999d', '2026-11-21Z'])(
  'refuses %j',
  (text) => {
    expect(() => timeOption(text, NOW)).toThrow(/is no time/)
  },
)

it.each([
  ['7070', '127.0.0.1', 7070],
  [':0', '127.0.0.1', 0],
  ['0.0.0.0:80', '0.0.0.0', 80],
  ['[::1]:7070', '::1', 7070],
  ['localhost:65535', 'localhost', 65_535],
])('%s listens on %s, port %i', (text, host, port) => {
  expect(listenOption(text)).toEqual({ host, port })
})

it.each(['', 'x', '127.0.0.1', '1:2:3', '[::1]', 'h:65536', 'h:1 '])('refuses the address %j', (text) => {
  expect(() => listenOption(text)).toThrow(/It takes an address/)
})
