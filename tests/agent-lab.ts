/** What the tests of the agent share: a real store with a real intake, and an agent as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
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

  /** @param refuseBelowBytes Free bytes below which the intake answers 503, as it does on a full disk. */
  async startIntake(refuseBelowBytes = 0): Promise<void> {
    const disk = { refuseBelowBytes, warnBelowBytes: 0 }
    this.intake = await startIntake(this.store, { folder: this.folder, host: '127.0.0.1', port: this.port, disk })
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

/** What a wire does to one connection; bytes are counted from its beginning. */
export interface WireFault {
  /** Ends the connection after so many bytes to the server. */
  readonly cutUp?: number
  /** Ends it in place of the first answer after so many bytes to the server: what was sent has arrived. */
  readonly muteAfterUp?: number
  /** Holds back what the server says, milliseconds. */
  readonly lateMs?: number
}

/** A TCP connection in between that breaks as it is told: each new connection takes the next fault, and none where there are no more. */
export class FaultyWire {
  port = 0
  /** Connections that a fault has ended. */
  broken = 0
  readonly #faults: WireFault[]
  readonly #server: Server
  readonly #open = new Set<Socket>()

  constructor(to: () => number, faults: readonly WireFault[]) {
    this.#faults = [...faults]
    this.#server = createServer((near) => this.#join(near, connect(to(), '127.0.0.1'), this.#faults.shift() ?? {}))
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening')
    this.port = (this.#server.address() as AddressInfo).port
  }

  close(): void {
    for (const socket of this.#open) socket.destroy()
    this.#server.close()
  }

  #join(near: Socket, far: Socket, { cutUp = Infinity, muteAfterUp = Infinity, lateMs = 0 }: WireFault): void {
    let up = 0
    const cut = (): void => {
      this.broken++
      near.destroy()
      far.destroy()
    }
    near.on('data', (bytes: Buffer) => {
      far.write(bytes.subarray(0, cutUp - up))
      up += bytes.length
      if (up > cutUp) cut()
    })
    far.on('data', (bytes: Buffer) => {
      if (up > muteAfterUp) cut()
      else if (lateMs === 0) near.write(bytes)
      else setTimeout(() => near.write(bytes), lateMs)
    })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.#open.delete(socket)
        other.destroy()
      })
    }
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
