import { getEventListeners } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { writeDrained } from './write-drained.ts'

it('waits for a slow reader, as often as it takes, and leaves nothing behind', async () => {
  const { signal } = new AbortController()
  const out = new PassThrough({ highWaterMark: 1 })
  for (let at = 0; at < 12; at++) {
    let written = false
    const writing = writeDrained(out, 'four', signal).then(() => (written = true))
    await new Promise(setImmediate)
    expect([written, getEventListeners(signal, 'abort').length]).toEqual([false, 1])
    expect(String(out.read())).toBe('four')
    await writing
  }
  expect([getEventListeners(signal, 'abort'), out.listenerCount('drain')]).toEqual([[], 0])
})

it('ends when the reader has gone', async () => {
  const gone = new AbortController()
  const out = new PassThrough({ highWaterMark: 1 })
  const writing = writeDrained(out, 'four', gone.signal)
  gone.abort()
  await expect(writing).rejects.toMatchObject({ name: 'AbortError' })
  expect(out.listenerCount('drain')).toBe(0)
})
