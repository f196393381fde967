import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerError } from '../server-error.ts'
import { ByteBudget } from './byte-budget.ts'
import type { ServerConfig } from './config/server-config.ts'
import { serveForward } from './fluent/forward-connection.ts'
import { listenStream } from './listen-stream.ts'
import { tailApiserverLog } from './logs/apiserver-log.ts'
import type { Parcel } from './parcel.ts'
import type { Intake } from './start-intake.ts'
import { startSyslog } from './syslog/start-syslog.ts'
import { DEFAULT_GRID, SyslogCollector } from './syslog/syslog-collector.ts'

/** Memory that messages of one listener of the forward protocol may hold, unpacked, before they are stored, bytes. */
const FORWARD_BYTES = 256 * 1024 * 1024

/** A way in that runs beside the listener for agents. */
export interface OtherWay {
  /** What it is and where, for people. */
  readonly name: string
  close(): Promise<void>
}

/**
 * Starts the log files and the listeners for syslog and the forward protocol of a configuration. Where one cannot start, those before it end again.
 *
 * @param folder Data folder: positions in log files are kept there.
 * @throws ServerError PW-SV-001 where an address is taken or a key cannot be read.
 */
export async function startOtherWays(config: ServerConfig, intake: Intake, folder: string): Promise<OtherWay[]> {
  const ways: OtherWay[] = []
  try {
    for (const { path, cluster } of config.apiserverLogs ?? []) {
      const tail = tailApiserverLog(path, cluster, join(folder, 'positions'), intake.parts)
      await tail.start()
      ways.push({ name: `log file ${path} of ${cluster}`, close: () => tail.close() })
    }
    for (const listen of config.syslog ?? []) ways.push(await startListener(listen, intake))
    for (const listen of config.fluentForward ?? []) ways.push(await startFluent(listen, intake))
  } catch (error) {
    for (const way of ways) await way.close()
    throw error
  }
  return ways
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
    return { name: `syslog ${host}:${server.port} (${transport})`, close: () => server.close() }
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
    return { name: `fluent forward ${host}:${server.port} (${transport})`, close: () => server.close() }
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
