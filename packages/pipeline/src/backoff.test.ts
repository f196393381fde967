import { expect, it } from 'vitest'
import { Backoff, pause } from './backoff.ts'

it.each([
  [0, [50, 100, 200, 200]],
  [1, [100, 200, 400, 400]],
])('waits between half the bound and the bound, random %s', (random, waits) => {
  const backoff = new Backoff({ firstMs: 100, maxMs: 400, random: () => random })
  expect(waits.map(() => backoff.next())).toEqual(waits)
  expect(backoff.failures).toBe(4)
  backoff.reset()
  expect(backoff.next()).toBe(waits[0])
})

it('waits as long as the server asks', () => {
  expect(new Backoff({ firstMs: 100, maxMs: 400, random: () => 0 }).next(7000)).toBe(7000)
})

it('ends a pause when it is asked to', async () => {
  const stop = new AbortController()
  const waiting = pause(60_000, stop.signal)
  stop.abort()
  await waiting
  await pause(60_000, stop.signal)
  expect(stop.signal.aborted).toBe(true)
})
