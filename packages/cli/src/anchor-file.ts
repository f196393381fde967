import { appendFile } from 'node:fs/promises'
import type { Store } from '@podwitness/store'

/** Appends every new head of the ledger to a file, in order. What cannot be written is said once until it can be again. */
export function anchorTo(store: Store, path: string, say: (text: string) => void): void {
  let queue: Promise<void> = Promise.resolve()
  let failing = false
  store.ledger?.onEntry((anchor) => {
    const line = `${JSON.stringify({ ...anchor, written: new Date().toISOString() })}\n`
    queue = queue.then(async () => {
      try {
        await appendFile(path, line, { mode: 0o600 })
        failing = false
      } catch (error) {
        if (!failing)
          say(`Heads of the ledger cannot be appended to ${path}: ${error instanceof Error ? error.message : String(error)}`)
        failing = true
      }
    })
  })
}
