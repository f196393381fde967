import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../store-error.ts'
import type { Address } from './address.ts'
import { type DataDirectory, removeConfiguration, removeStaleConfigurations, writeConfiguration } from './data-directory.ts'
import { removeEngineFile, writeEngineFile } from './engine-file.ts'
import { EngineProcess, EngineStartError } from './engine-process.ts'
import { ENGINE_USERS, type Passwords, randomPasswords } from './engine-users.ts'
import { freePort } from './free-port.ts'
import { libraryPath } from './library-path.ts'
import { pingEngine } from './ping-engine.ts'

const PING_EVERY_MS = 2_000
const PING_TIMEOUT_MS = 5_000
/** Silent this many times in a row, the engine counts as hung and is killed. */
const PINGS_LOST = 3
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000

export interface HostOptions {
  readonly directory: DataDirectory
  readonly role: 'server' | 'command'
  readonly onNotice: (text: string) => void
}

/** What a host tells: the engine is gone, and, with the address it now has, back. */
export interface HostEvents {
  lost(reason: string): void
  restored(address: Address): void
}

/** Address and accounts of an embedded engine. */
export function engineAddress(url: string, passwords: Passwords): Address {
  const logins = ENGINE_USERS.map((username) => [username, { username, password: passwords[username] }])
  return { url, logins: Object.fromEntries(logins) as Address['logins'] }
}

/** Keeps an engine running on a directory: starts it, watches it, starts it again, stops it. */
export class EngineHost {
  readonly #options: HostOptions
  readonly #passwords: Passwords
  #engine: EngineProcess
  #events: HostEvents = { lost: () => {}, restored: () => {} }
  #recovery: Promise<void> = Promise.resolve()
  readonly #stop = new AbortController()
  #restarts = 0
  #pings: NodeJS.Timeout | undefined

  private constructor(options: HostOptions, passwords: Passwords, engine: EngineProcess) {
    this.#options = options
    this.#passwords = passwords
    this.#engine = engine
  }

  /**
   * Starts an engine on a directory.
   *
   * @throws EngineStartError whose `directoryHeld` tells a directory in use; StoreError for what stands in the way.
   */
  static async start(options: HostOptions, signal?: AbortSignal): Promise<EngineHost> {
    const passwords = randomPasswords()
    return new EngineHost(options, passwords, await launch(options, passwords, { port: await freePort(), signal }))
  }

  get address(): Address {
    return engineAddress(this.#engine.url, this.#passwords)
  }

  get restarts(): number {
    return this.#restarts
  }

  /** Begins to watch; without it a lost engine stays lost. */
  watch(events: HostEvents): void {
    this.#events = events
    this.#guard()
  }

  /** Stops the engine; `endServing` asks it to, through a connection that has the right. */
  async stop(endServing: () => Promise<void>): Promise<void> {
    this.#stop.abort()
    clearInterval(this.#pings)
    await this.#recovery
    await this.#engine.stop(endServing)
    removeEngineFile(this.#options.directory.path)
    removeConfiguration(this.#options.directory)
  }

  /** Watches one run of the engine: it may end, or live on without answering. */
  #guard(): void {
    const engine = this.#engine
    void engine.exited.then((how) => {
      clearInterval(this.#pings)
      if (!this.#stop.signal.aborted) this.#recovery = this.#recover(how)
    })
    let lost = 0
    let waiting = false
    this.#pings = setInterval(async () => {
      if (waiting) return
      waiting = true
      lost = (await pingEngine(engine.url, PING_TIMEOUT_MS)) ? 0 : lost + 1
      waiting = false
      if (lost >= PINGS_LOST) engine.kill()
    }, PING_EVERY_MS).unref()
  }

  /** The same port and passwords as long as that works, so that others who are attached need not notice. */
  async #recover(how: string): Promise<void> {
    this.#options.onNotice(`The engine ended (${how}); starting it again.`)
    this.#events.lost(how)
    let port = Number(new URL(this.#engine.url).port)
    for (let pauseMs = FIRST_PAUSE_MS; !this.#stop.signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        this.#engine = await launch(this.#options, this.#passwords, { port })
        this.#restarts += 1
        if (!this.#stop.signal.aborted) this.#guard()
        return this.#events.restored(this.address)
      } catch (error) {
        this.#options.onNotice(`The engine did not start: ${reasonOf(error)}`)
        port = await freePort()
      }
      // Jitter, so that several that wait for one directory do not meet again and again.
      const waitMs = pauseMs * (0.5 + Math.random())
      await pause(waitMs, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {})
    }
  }
}

/** One start of the engine, made known in the directory when it answers. */
async function launch(
  { directory, role }: HostOptions,
  passwords: Passwords,
  { port, signal }: { port: number; signal?: AbortSignal | undefined },
): Promise<EngineProcess> {
  writeConfiguration(directory, passwords)
  removeStaleConfigurations(directory)
  const command = { library: libraryPath(), config: directory.config, dataPath: directory.data, httpPort: port }
  const engine = await EngineProcess.start(command, signal)
  const { pid: enginePid, url } = engine
  const started = new Date().toISOString()
  writeEngineFile(directory.path, { format: 1, role, ownerPid: process.pid, enginePid, url, passwords, started })
  return engine
}

/** The engine's own last words where it had any. */
function reasonOf(error: unknown): string {
  if (error instanceof EngineStartError && error.lastWords !== '') return error.lastWords.split('\n').at(0) ?? ''
  return error instanceof Error ? error.message : String(error)
}

/** A start that failed for good, in the words of the store. */
export function startFailure(path: string, error: unknown): unknown {
  if (!(error instanceof EngineStartError)) return error
  if (/NOT_ENOUGH_SPACE|No space left|Code: 243/.test(error.lastWords))
    return new StoreError('PW-ST-012', { what: `The disk of ${path} is full.`, todo: 'Free space on it.', cause: error })
  return new StoreError('PW-ST-005', {
    what: `The engine did not start on ${path} (${error.message}).`,
    why: error.lastWords === '' ? 'It said nothing.' : `Its last words: ${error.lastWords}`,
    todo: 'Run podwitness doctor, or use another data directory.',
    cause: error,
  })
}
