import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerIdentity } from '../pki/authority.ts'
import type { Parcel } from '../rows/parcel.ts'
import { ServerError } from '../server-error.ts'
import { ByteBudget } from './byte-budget.ts'
import type { ServerConfig } from './config/server-config.ts'
import { serveForward } from './fluent/forward-connection.ts'
import { listenStream } from './listen-stream.ts'
import { tailApiserverLog } from './logs/apiserver-log.ts'
import type { Intake } from './start-intake.ts'
import { startSyslog } from './syslog/start-syslog.ts'
import { DEFAULT_GRID, SyslogCollector } from './syslog/syslog-collector.ts'

/** Memory that messages of one listener of the forward protocol may hold, unpacked, before they are stored, bytes. */
const FORWARD_BYTES = 256 * 1024 * 1024

/** A way in that runs beside the listener for agents. */
export interface OtherWay {
  /** What it is and where, for people. */
  readonly name: string
  /** Shows another certificate from now on. */
  setIdentity?(identity: ServerIdentity): void
  close(): Promise<void>
}

/** A way in as it is configured; ways with the same key are the same. */
interface WantedWay {
  readonly key: string
  start(): Promise<OtherWay>
}

/** The log files and the listeners for syslog and the forward protocol that a configuration wants. */
export class OtherWays {
  readonly #intake: Intake
  readonly #folder: string
  readonly #running = new Map<string, OtherWay>()

  /** @param folder Data folder: positions in log files are kept there. */
  constructor(intake: Intake, folder: string) {
    this.#intake = intake
    this.#folder = folder
  }

  get names(): string[] {
    return [...this.#running.values()].map(({ name }) => name)
  }

  /**
   * Ends what is not wanted any more and starts what is new; what stays is not touched, nor are its connections.
   *
   * @throws ServerError PW-SV-001 where an address is taken or a key cannot be read; all others run then.
   */
  async apply(config: ServerConfig): Promise<void> {
    const wanted = wantedWays(config, this.#intake, this.#folder)
    for (const [key, way] of this.#running)
      if (!wanted.some((one) => one.key === key)) {
        this.#running.delete(key)
        await way.close()
      }
    let failure: unknown
    for (const { key, start } of wanted)
      if (!this.#running.has(key))
        await start().then(
          (way) => this.#running.set(key, way),
          (error: unknown) => {
            failure ??= error
          },
        )
    if (failure !== undefined) throw failure
  }

  /** Gives every listener a fresh certificate. */
  async renew(): Promise<void> {
    const { authority, names } = this.#intake.parts
    const identity = await authority.serverIdentity([...names])
    for (const way of this.#running.values()) way.setIdentity?.(identity)
  }

  async close(): Promise<void> {
    for (const way of this.#running.values()) await way.close()
    this.#running.clear()
  }
}

function wantedWays(config: ServerConfig, intake: Intake, folder: string): WantedWay[] {
  return [
    ...(config.apiserverLogs ?? []).map((log) => ({ key: JSON.stringify(log), start: () => startTail(log, intake, folder) })),
    ...(config.syslog ?? []).map((listen) => ({ key: JSON.stringify(listen), start: () => startListener(listen, intake) })),
    ...(config.fluentForward ?? []).map((listen) => ({
      // Another key in the same file is another listener.
      key: JSON.stringify([listen, secretOf(listen.sharedKeyFile)]),
      start: () => startFluent(listen, intake),
    })),
  ]
}

function secretOf(path: string | undefined): string {
  try {
    return path === undefined ? '' : createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return '' // Starting says what is wrong with it.
  }
}

async function startTail(
  { path, cluster }: NonNullable<ServerConfig['apiserverLogs']>[number],
  { parts }: Intake,
  folder: string,
): Promise<OtherWay> {
  const tail = tailApiserverLog(path, cluster, join(folder, 'positions'), parts)
  await tail.start()
  return { name: `log file ${path} of ${cluster}`, close: () => tail.close() }
}

/**
 * Starts what a configuration wants. Where one cannot start, the others end again.
 *
 * @throws ServerError PW-SV-001 where an address is taken or a key cannot be read.
 */
export async function startOtherWays(config: ServerConfig, intake: Intake, folder: string): Promise<OtherWays> {
  const ways = new OtherWays(intake, folder)
  try {
    await ways.apply(config)
    return ways
  } catch (error) {
    await ways.close()
    throw error
  }
}

async function startListener(
  { listen, transport, cluster, facilities }: NonNullable<ServerConfig['syslog']>[number],
  { parts }: Intake,
): Promise<OtherWay> {
  const { host, port } = splitAddress(listen)
  const { writer, rejects, authority } = parts
  const source = `syslog-${transport}`
  const submit: typeof writer.submit = (parcel) => writer.submit(parcel)
  const collector = new SyslogCollector({ cluster, grid: facilities ?? DEFAULT_GRID, source, submit, rejects })
  try {
    const server = await startSyslog({ transport, host, port }, collector, await authority.serverIdentity([...parts.names]))
    return { ...server, name: `syslog ${host}:${server.port} (${transport})` }
  } catch (cause) {
    await collector.close()
    throw cannotListen(`Syslog cannot listen on ${listen} (${transport}).`, cause)
  }
}

async function startFluent(
  { listen, transport, cluster, sharedKeyFile }: NonNullable<ServerConfig['fluentForward']>[number],
  { parts }: Intake,
): Promise<OtherWay> {
  const { host, port } = splitAddress(listen)
  const { writer, rejects, authority, names } = parts
  try {
    const sharedKey = sharedKeyFile === undefined ? undefined : (await readFile(sharedKeyFile, 'utf8')).trim()
    if (sharedKey === '') throw new Error(`${sharedKeyFile} is empty`)
    const scope = { cluster, name: names[0] ?? 'podwitness', sharedKey, rejects, budget: new ByteBudget(FORWARD_BYTES) }
    const identity = transport === 'tls' ? await authority.serverIdentity([...names]) : undefined
    const forward = { ...scope, submit: (parcel: Parcel) => writer.submit(parcel) }
    const refuse = (code: string, address: string): void =>
      rejects.add({ source: 'fluent', cluster, node: '', code, bytes: 0, text: address })
    const server = await listenStream({ host, port }, identity, (socket) => serveForward(socket, forward), refuse)
    return { ...server, name: `fluent forward ${host}:${server.port} (${transport})` }
  } catch (cause) {
    throw cannotListen(`The forward protocol cannot listen on ${listen} (${transport}).`, cause)
  }
}

function cannotListen(what: string, cause: unknown): ServerError {
  return new ServerError(
    'PW-SV-001',
    0,
    {
      what,
      why: cause instanceof Error ? cause.message : String(cause),
      do: 'Choose another address or correct the key file in the configuration; ports below 1024 need the right to use them.',
    },
    { cause },
  )
}

/** `0.0.0.0:7273`, `[::1]:7273` or `:7273` in its parts. */
export function splitAddress(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at).replace(/^\[|\]$/g, '') || '0.0.0.0', port: Number(text.slice(at + 1)) }
}
