import { join } from 'node:path'
import { Connection } from './connection.ts'
import type { DataDirectory } from './engine/data-directory.ts'
import type { EngineHost } from './engine/engine-host.ts'
import type { StoreSide } from './store-side.ts'

/** Where the ledger of a data directory is. */
export function ledgerFolder(directory: DataDirectory): string {
  return join(directory.path, 'ledger')
}

/** An engine of our own as a store sees it. */
export function embeddedSide(host: EngineHost, directory: DataDirectory): StoreSide {
  const connection = new Connection(host.address)
  // The keep-alive statement of the engine's process: when it ends, so does the process.
  const endServing = () => connection.command('admin', "KILL QUERY WHERE query LIKE 'SELECT sleepEachRow%' ASYNC")
  return {
    kind: 'embedded',
    connection,
    ledgerFolder: ledgerFolder(directory),
    dataDir: directory.path,
    restarts: () => host.restarts,
    watch: (lost, restored) => host.watch({ lost, restored: (address) => void connection.move(address).then(restored) }),
    stop: () => host.stop(() => endServing().finally(() => connection.close())),
  }
}
