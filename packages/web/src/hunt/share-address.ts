import type { AskedBounds } from './server-language.ts'

/**
 * The address of a view as it is now: a time that moves with the clock becomes the one that was asked for, so that who
 * opens it sees the same rows.
 *
 * @param bounds What the address's time meant when it was asked.
 */
export function shareAddress(address: string, bounds: AskedBounds, nowMs: number): string {
  const url = new URL(address)
  const { from, to = new Date(nowMs).toISOString() } = bounds
  // Without a beginning everything is asked for, and that stays so.
  if (from === undefined) return url.href
  for (const name of ['range', 'at']) url.searchParams.delete(name)
  url.searchParams.set('from', from)
  url.searchParams.set('to', to)
  return url.href
}
