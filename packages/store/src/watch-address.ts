import { pingEngine } from './engine/ping-engine.ts'

const EVERY_MS = 1_000
const TIMEOUT_MS = 5_000

/** Whom to tell, and where to look: the address may change between two looks. */
export interface AddressWatch {
  url(): string
  lost(reason: string): void
  restored(): void
}

/**
 * Looks every second whether an engine that is not ours answers, and tells each change.
 *
 * @returns Ends the watch.
 */
export function watchAddress(watch: AddressWatch): () => void {
  let answering = true
  let waiting = false
  const timer = setInterval(async () => {
    if (waiting) return
    waiting = true
    const now = await pingEngine(watch.url(), TIMEOUT_MS)
    waiting = false
    if (answering && !now) watch.lost(`no answer from ${watch.url()}`)
    if (!answering && now) watch.restored()
    answering = now
  }, EVERY_MS).unref()
  return () => clearInterval(timer)
}
