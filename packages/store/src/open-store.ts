import { resolve } from 'node:path'
import { openDirectory } from './open-directory.ts'
import { openRemote } from './open-remote.ts'
import type { Store, StoreOptions } from './store.ts'

/**
 * Opens a store: starts or attaches to the embedded engine of a directory, or connects to a server, and migrates it.
 *
 * @throws StoreError with what happened, why and what to do.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  return 'url' in options ? openRemote(options) : openDirectory({ ...options, dataDir: resolve(options.dataDir) })
}
