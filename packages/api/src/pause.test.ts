import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { pause } from './pause.ts'

const LONG_MS = 3_600_000

it('leaves nothing on a signal that outlives it', async () => {
  const { signal } = new AbortController()
  for (let at = 0; at < 12; at++) {
    const waiting = pause(1, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await waiting
  }
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('ends when the signal is aborted, and does not begin after that', async () => {
  const stop = new AbortController()
  const waiting = pause(LONG_MS, stop.signal)
  stop.abort()
  await waiting
  await pause(LONG_MS, stop.signal)
  expect(getEventListeners(stop.signal, 'abort')).toEqual([])
})
