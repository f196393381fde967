import fc from 'fast-check'
import { expect, test } from 'vitest'
import { processOrder } from './process-order.ts'

const command = (eventId: string, parentEventId = '') => ({ eventId, parentEventId })
const drawn = (rows: ReturnType<typeof processOrder<ReturnType<typeof command>>>) =>
  rows.map((row) => `${'-'.repeat(row.depth)}${row.command.eventId}`)

test('every command stands before what it started, siblings in order of time', () => {
  const commands = [command('sh'), command('curl', 'sh'), command('rm', 'sh'), command('head', 'curl'), command('late')]
  expect(drawn(processOrder(commands))).toEqual(['sh', '-curl', '--head', '-rm', 'late'])
})

test.each([
  ['an unknown parent', [command('a', 'gone')], ['a']],
  ['itself as parent', [command('a', 'a')], ['a']],
  ['a circle', [command('a', 'b'), command('b', 'a')], ['a', '-b']],
])('%s makes a root', (_, commands, rows) => expect(drawn(processOrder(commands))).toEqual(rows))

test('no command is lost or shown twice, whatever the parents', () => {
  const commands = fc.uniqueArray(
    fc.record({ eventId: fc.string({ maxLength: 2 }), parentEventId: fc.string({ maxLength: 2 }) }),
    {
      selector: (one) => one.eventId,
    },
  )
  fc.assert(
    fc.property(commands, (all) => {
      const shown = processOrder(all).map((row) => row.command)
      expect(new Set(shown)).toEqual(new Set(all))
      expect(shown).toHaveLength(all.length)
    }),
  )
})

test('a chain of twenty thousand shells is drawn', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => command(`c${index}`, `c${index - 1}`))
  expect(processOrder(chain).at(-1)?.depth).toBe(19_999)
})
