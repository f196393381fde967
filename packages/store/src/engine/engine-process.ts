import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { pingEngine } from './ping-engine.ts'

/** Longest start accepted: reopening 60 M rows in 95 parts takes half a second, a slow disk more. */
const START_TIMEOUT_MS = 60_000
/** How long a clean stop may take before the process is killed, which loses nothing. */
const STOP_TIMEOUT_MS = 3_000
const LAST_WORDS_BYTES = 4_000
const ENTRY = fileURLToPath(new URL('../../bin/engine.mjs', import.meta.url))

export interface EngineCommand {
  readonly library: string
  readonly config: string
  readonly dataPath: string
  readonly httpPort: number
  /** For the engines of a cluster, which ask each other; none, and it listens for HTTP alone. */
  readonly tcpPort?: number
}

/** A start that failed, with what the engine printed. */
export class EngineStartError extends Error {
  override readonly name = 'EngineStartError'
  readonly lastWords: string

  constructor(message: string, lastWords: string) {
    super(message)
    this.lastWords = lastWords
  }

  /** Whether another engine has the directory open. Source: ClickHouse error 76, CANNOT_OPEN_FILE, StatusFile.cpp. */
  get directoryHeld(): boolean {
    return /Cannot lock file|Another server instance/.test(this.lastWords)
  }
}

/** One run of the engine, from start to end. */
export class EngineProcess {
  readonly url: string
  readonly #child: ChildProcess
  readonly #exited: Promise<string>
  #lastWords = ''
  #alive = true

  private constructor(command: EngineCommand) {
    this.url = `http://127.0.0.1:${command.httpPort}`
    const { library, config, dataPath, httpPort, tcpPort } = command
    const ports = tcpPort === undefined ? [`${httpPort}`] : [`${httpPort}`, `${tcpPort}`]
    this.#child = spawn(process.execPath, [ENTRY, library, config, dataPath, ...ports], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: engineEnvironment(),
    })
    this.#exited = new Promise((resolve) => {
      const end = (reason: string) => {
        this.#alive = false
        resolve(reason)
      }
      this.#child.once('exit', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`))
      this.#child.once('error', (error) => end(error.message))
    })
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-LAST_WORDS_BYTES)
    })
    // The engine lives as long as this process, and must not keep it alive.
    this.#child.unref()
    for (const stream of this.#child.stdio) if (stream instanceof Socket) stream.unref()
  }

  /**
   * Starts the engine and waits until it answers.
   *
   * @throws EngineStartError when it ends or stays silent instead.
   */
  static async start(command: EngineCommand, signal?: AbortSignal): Promise<EngineProcess> {
    const engine = new EngineProcess(command)
    const deadline = Date.now() + START_TIMEOUT_MS
    let pauseMs = 20
    while (!(await pingEngine(engine.url, 1_000))) {
      const silent = Date.now() > deadline
      if (engine.#alive && !silent && !signal?.aborted) {
        await Promise.race([engine.#exited, new Promise((resolve) => setTimeout(resolve, pauseMs))])
        pauseMs = Math.min(pauseMs * 1.5, 250)
        continue
      }
      engine.kill()
      const how = await engine.#exited
      signal?.throwIfAborted()
      throw new EngineStartError(silent ? `no answer within ${START_TIMEOUT_MS / 1000} s` : how, engine.#lastWords.trim())
    }
    return engine
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Settles when the process has ended, with how. */
  get exited(): Promise<string> {
    return this.#exited
  }

  /** What it printed last, at most a few thousand characters. */
  get lastWords(): string {
    return this.#lastWords.trim()
  }

  /** Ends it at once. Every acknowledged insert is on disk. */
  kill(): void {
    if (this.#alive) this.#child.kill('SIGKILL')
  }

  /**
   * Ends it in order: `endServing` asks the engine to leave its keep-alive statement, then it may finish.
   * What has not ended in time is killed.
   */
  async stop(endServing: () => Promise<void>): Promise<void> {
    this.#child.ref()
    const timer = setTimeout(() => this.kill(), STOP_TIMEOUT_MS)
    await endServing().catch(() => this.kill())
    await this.#exited
    clearTimeout(timer)
  }
}

/** The engine inherits no options meant for the parent's Node, nor its secrets beyond what a process needs. */
function engineEnvironment(): NodeJS.ProcessEnv {
  const keep = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ']
  return Object.fromEntries(keep.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
}
