import type { Store, StoreOptions } from './store.ts'
import { StoreError } from './store-error.ts'

/**
 * Opens a store: starts or attaches to the embedded engine of a directory, or connects to a server, and migrates it.
 *
 * @throws StoreError with what happened, why and what to do.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const place = 'url' in options ? options.url : options.dataDir
  throw new StoreError('PW-ST-005', {
    what: `The store at ${place} cannot be opened.`,
    why: 'The engine host is not in this commit.',
  })
}
