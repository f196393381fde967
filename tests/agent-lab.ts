/** What the tests of the agent share: a real store with a real intake, and an agent as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Intake, startIntake } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'

const PROGRAM = fileURLToPath(new URL('../packages/cli/bin/podwitness.mjs', import.meta.url))

/** A store and an intake on this machine; the intake can go away and come back on its port. */
export class ServerLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'podwitness-agent-lab-'))
  store!: Store
  intake: Intake | undefined
  port = 0

  async open(): Promise<void> {
    this.store = await openStore({ dataDir: join(this.folder, 'data'), role: 'server' })
    await this.startIntake()
  }

  async startIntake(): Promise<void> {
    this.intake = await startIntake(this.store, { folder: this.folder, host: '127.0.0.1', port: this.port })
    this.port = this.intake.port
  }

  async stopIntake(): Promise<void> {
    await this.intake?.close()
    this.intake = undefined
  }

  /** A file with a fresh join token. */
  tokenFile(cluster: string): string {
    const { parts } = this.intake as Intake
    const { text } = parts.tokens.create({ kind: 'join', cluster, name: 'test' }, parts.authority.fingerprint)
    const path = join(this.folder, `token-${cluster}`)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }

  async rows(sql: string): Promise<(string | number | null)[][]> {
    return (await this.store.reader.query({ sql })).rows as (string | number | null)[][]
  }

  async number(sql: string): Promise<number> {
    return Number((await this.rows(sql))[0]?.[0])
  }

  async close(): Promise<void> {
    await this.stopIntake()
    await this.store.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** `podwitness agent` in a process of its own. */
export class AgentProcess {
  readonly folder: string
  talk = ''
  #child: ChildProcess | undefined
  #ended: Promise<unknown> = Promise.resolve()

  constructor(folder: string, config: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'agent.yaml'), `state: ${folder}/state\nhealth: {port: 0}\n${config}`)
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  start(): void {
    this.#child = spawn(process.execPath, [PROGRAM, 'agent', '--config', join(this.folder, 'agent.yaml')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#ended = once(this.#child, 'exit')
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.talk = `${this.talk}${chunk.toString('utf8')}`.slice(-20_000)
    })
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal)
    await this.#ended
    this.#child = undefined
  }
}

/** Waits until something holds; says what was there instead when it does not. */
export async function eventually<T>(look: () => Promise<T> | T, holds: (found: T) => boolean, atMostMs = 30_000): Promise<T> {
  for (const end = Date.now() + atMostMs; ; await sleep(100)) {
    const found = await look()
    if (holds(found)) return found
    if (Date.now() > end) throw new Error(`still not so; found ${JSON.stringify(found)}`)
  }
}
