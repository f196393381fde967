import { expect, it } from 'vitest'
import { Bell } from './bell.ts'

const never = new AbortController().signal

it('wakes who waits, and keeps a ring that nobody waited for', async () => {
  const bell = new Bell()
  const heard = bell.heard(never)
  bell.ring()
  expect(await heard).toBe(true)
  bell.ring()
  bell.ring()
  expect(await bell.heard(never)).toBe(true)
  expect(await bell.heard(never, 1)).toBe(false)
  bell.ring()
  bell.still()
  expect(await bell.heard(never, 1)).toBe(false)
})

it('ends with the signal, also one that was aborted before', async () => {
  const stop = new AbortController()
  const bell = new Bell()
  const heard = bell.heard(stop.signal)
  stop.abort()
  expect(await heard).toBe(false)
  expect(await bell.heard(stop.signal)).toBe(false)
})
