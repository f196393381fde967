import { setTimeout as pause } from 'node:timers/promises'
import { ClickHouseStore } from './clickhouse-store.ts'
import { Connection } from './connection.ts'
import { embeddedSide, ledgerFolder } from './embedded-side.ts'
import { type DataDirectory, lockHolder, prepareDirectory, syncTableDirectories } from './engine/data-directory.ts'
import { type EngineFile, processExists, readEngineFile } from './engine/engine-file.ts'
import { EngineHost, engineAddress, startFailure } from './engine/engine-host.ts'
import { EngineStartError } from './engine/engine-process.ts'
import { migrate } from './migrate.ts'
import type { DirectoryOptions, Store } from './store.ts'
import { StoreError } from './store-error.ts'
import { watchAddress } from './watch-address.ts'

const WAIT_MS = 30_000
const LOOK_EVERY_MS = 300
/** A server whose engine does not answer is most likely starting it again: it gets this long before we try ourselves. */
const SERVER_GRACE_MS = 5_000

/**
 * Opens the embedded engine of a directory: attaches to a server's, waits for another command's, or starts one.
 * Two can never have it: the engine itself locks the directory.
 */
export async function openDirectory(options: DirectoryOptions): Promise<Store> {
  const directory = prepareDirectory(options.dataDir)
  const notice = options.onNotice ?? (() => {})
  const begun = Date.now()
  for (let looks = 0; ; looks += 1) {
    throwIfAborted(options)
    const file = readEngineFile(directory.path)
    const answering = file !== undefined && (await answers(file))
    if (answering && file.role === 'server') {
      if (options.role === 'server') throw held(directory, file, 'A server runs on it already.')
      return attach(directory, file)
    }
    const restarting = file !== undefined && isOthersServer(file) && Date.now() - begun < SERVER_GRACE_MS
    if (!answering && !restarting) {
      const store = await tryToStart(options, directory, notice)
      if (store !== undefined) return store
    }
    if (looks === 1) notice(`Waiting for process ${holder(directory, file)}, which uses ${directory.path}.`)
    if (Date.now() - begun > (options.waitMs ?? WAIT_MS)) throw held(directory, file, 'It did not end in time.')
    await pause(LOOK_EVERY_MS)
  }
}

/** A store on an engine of our own, or `undefined` where another engine holds the directory. */
async function tryToStart(
  options: DirectoryOptions,
  directory: DataDirectory,
  onNotice: (text: string) => void,
): Promise<Store | undefined> {
  let host: EngineHost
  try {
    host = await EngineHost.start({ directory, role: options.role, onNotice }, options.signal)
  } catch (error) {
    throwIfAborted(options)
    if (error instanceof EngineStartError && error.directoryHeld) return undefined
    throw startFailure(directory.path, error)
  }
  const side = embeddedSide(host, directory)
  try {
    const applied = await migrate(side.connection)
    if (applied.length > 0) syncTableDirectories(directory)
  } catch (error) {
    await side.stop()
    throw error
  }
  return new ClickHouseStore(side)
}

async function attach(directory: DataDirectory, file: EngineFile): Promise<Store> {
  const connection = new Connection(engineAddress(file.url, file.passwords))
  try {
    await migrate(connection)
  } catch (error) {
    await connection.close()
    throw error
  }
  let known = file
  const url = () => {
    // The server may have started its engine again elsewhere, or be a new server altogether.
    const now = readEngineFile(directory.path)
    if (now !== undefined && (now.url !== known.url || now.passwords.admin !== known.passwords.admin)) {
      known = now
      void connection.move(engineAddress(now.url, now.passwords))
    }
    return known.url
  }
  let endWatch = () => {}
  return new ClickHouseStore({
    kind: 'attached',
    connection,
    ledgerFolder: ledgerFolder(directory),
    dataDir: directory.path,
    restarts: () => 0,
    watch: (lost, restored) => {
      endWatch = watchAddress({ url, lost, restored })
    },
    stop: () => {
      endWatch()
      return connection.close()
    },
  })
}

/** Whether the engine a file speaks of lives and knows its password: a port may have got a new owner. */
async function answers(file: EngineFile): Promise<boolean> {
  const { username, password } = engineAddress(file.url, file.passwords).logins.app
  const headers = { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password, Connection: 'close' }
  try {
    const response = await fetch(`${file.url}/?query=SELECT%201`, { headers, signal: AbortSignal.timeout(3_000) })
    return response.ok && (await response.text()).trim() === '1'
  } catch {
    return false
  }
}

/** In a container every start has the same pid: a file with our own pid is from the run before. */
function isOthersServer(file: EngineFile): boolean {
  return file.role === 'server' && file.ownerPid !== process.pid && processExists(file.ownerPid)
}

function holder(directory: DataDirectory, file: EngineFile | undefined): number {
  return file !== undefined && processExists(file.ownerPid) ? file.ownerPid : lockHolder(directory)
}

function held(directory: DataDirectory, file: EngineFile | undefined, why: string): StoreError {
  const pid = holder(directory, file)
  return new StoreError('PW-ST-004', {
    what: `The data directory ${directory.path} is in use by process ${pid}.`,
    why,
    todo: `Wait for process ${pid} or end it, or give another directory with --data.`,
  })
}

function throwIfAborted(options: DirectoryOptions): void {
  if (options.signal?.aborted === true) throw new StoreError('PW-ST-015', { what: 'Opening the store was cancelled.' })
}
