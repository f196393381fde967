import { setMaxListeners } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pause } from '@podwitness/pipeline'
import type { AgentConfig, SourceConfig } from './agent-config.ts'
import { nodeFacts, openWatching, type WatchingParts } from './agent-parts.ts'
import { writeKnowledge } from './containers/knowledge-file.ts'
import { CpuBudget } from './cpu-budget.ts'
import { EventPump } from './event-pump.ts'
import { AgentHealth } from './health/agent-health.ts'
import { serveHealth } from './health/metrics-server.ts'
import type { LossLine } from './intake-lines.ts'
import { lossReports } from './loss-reports.ts'
import { openOutput } from './outputs/index.ts'
import { bootId, RunStateFile } from './run-state.ts'
import { SetAside } from './set-aside.ts'
import { Shipper } from './shipper.ts'
import type { Source, SourceName } from './source.ts'
import { openSource } from './sources/index.ts'
import { TailPosition } from './sources/tail-position.ts'
import { SpoolRooms } from './spool-rooms.ts'

/** What an agent may touch of the process around it. */
export interface AgentSurroundings {
  readonly signal: AbortSignal
  input(): AsyncIterable<Uint8Array>
  write(data: Buffer): Promise<void>
  say(text: string): void
}

const NOTHING_SEEN = { highest: {}, holes: {} }
const STATE_EVERY_MS = 1000
/** Turns of the state between two writes of what is known of processes, which is larger. */
const KNOWLEDGE_TURNS = 30
/** Longest time for sending what is left when the agent is stopped; the rest waits on disk. */
const FAREWELL_MS = 3000

/**
 * Runs the node agent until it is stopped, or until its sources have ended and everything has been sent.
 *
 * @throws AgentError or SpoolError where it cannot begin; after that, trouble is said and tried again.
 */
export async function runAgent(config: AgentConfig, around: AgentSurroundings): Promise<void> {
  await mkdir(config.state, { recursive: true, mode: 0o700 })
  const state = new RunStateFile(join(config.state, 'run.json'))
  const boot = bootId()
  const before = await state.read()
  const position = await TailPosition.open(join(config.state, 'positions.json'))
  const own = config.sources.flatMap((source, index) =>
    source.spool === undefined ? [] : [[roomOf(source, index), source.spool] as const],
  )
  const rooms = await SpoolRooms.open(join(config.state, 'spool'), config.spool, new Map(own))
  const { say } = around
  let watching: WatchingParts | undefined
  try {
    watching = await openWatching(config, { boot, rooms, say })
    const { stages, knowledge, probe, keeper, machine } = watching
    const sameBoot = before.boot === boot
    const follows = before.clean || config.sources.some(({ type }) => type === 'auditLog')
    const { highest, holes } = sameBoot && follows ? before : NOTHING_SEEN
    let sources: readonly Source[] = []
    const readTo = (except: readonly SourceName[]): number =>
      Math.min(
        ...sources.map(({ name, readToMs }) => (except.includes(name) ? undefined : readToMs?.()) ?? Number.POSITIVE_INFINITY),
      )
    const routes = { count: config.sources.length, waitMs: config.routeWaitMs, readTo }
    const budget = new CpuBudget(config.cpuCores)
    const pump = new EventPump({ rooms, budget, boot, routes, names: namesOf(config.node), stages, highest, holes, say })
    await pump.rememberSpooled()
    await pump.loss(...before.untold)
    if (sameBoot && !follows) await pump.loss(unknownLoss(boot, before.lastEventMs))
    sources = config.sources.map((source) =>
      openSource(source, { position, lastEventMs: before.lastEventMs, input: around.input }),
    )
    const health = new AgentHealth({
      ...{ boot, pump, rooms, budget, sources, knowledge, probe, keeper, machine, say },
      node: config.node,
      stateFolder: config.state,
      logPaths: config.sources.flatMap((source) => (source.type === 'auditLog' ? [source.path] : [])),
      heartbeatMs: config.health.heartbeatSeconds * 1000,
      facts: nodeFacts(config),
      kernelBefore: sameBoot ? before.kernel : null,
    })
    const server = await serveHealth(health, config.health)
    try {
      await readAndShip({ config, around, boot, state, position, rooms, budget, pump, sources, health, watching })
    } finally {
      server.close()
      server.closeAllConnections()
    }
  } finally {
    watching?.close()
    await rooms.close()
  }
}

/** Name of a source's own spools: its type, and its place among the sources where there are several. */
function roomOf(source: SourceConfig | undefined, index: number): string {
  return source?.spool === undefined ? '' : `${source.type}${index + 1}`
}

/** After a kill, and without a log to read again: what was on its way then cannot be told from what was stored. */
function unknownLoss(boot: string, sinceMs: number): LossLine {
  const reason = 'the agent was killed; records that it had taken and not stored are unknown'
  return { boot, hop: 'sequence', sinceMs, untilMs: Date.now(), count: null, reason }
}

/** The node's names: the one it was given and the system's, whole and without the domain. */
function namesOf(node: string): ReadonlySet<string> {
  return new Set([node, hostname()].flatMap((name) => [name, name.split('.')[0] ?? name]))
}

interface Running {
  readonly config: AgentConfig
  readonly around: AgentSurroundings
  readonly boot: string
  readonly state: RunStateFile
  readonly position: TailPosition
  readonly rooms: SpoolRooms
  readonly budget: CpuBudget
  readonly pump: EventPump
  readonly sources: readonly Source[]
  readonly health: AgentHealth
  readonly watching: WatchingParts
}

/** Reading begins before the server is there: its lines wait on disk. */
async function readAndShip(parts: Running): Promise<void> {
  const { config, around, rooms, pump, sources, position } = parts
  const stop = new AbortController()
  const signal = AbortSignal.any([around.signal, stop.signal])
  setMaxListeners(0, signal) // Each source waits for it in several places.
  const reading = Promise.all(
    sources.map((source, index) => source.run(pump.sinkOf(rooms.of(roomOf(config.sources[index], index))), signal)),
  )
  const report = lossReports(parts)
  pump.noteUntold = () => save(parts, false).catch((error: Error) => cannotKeep(around, error))
  const { knowledge, keeper } = parts.watching
  const tending = Promise.all([tend(parts, report, signal), knowledge.run(signal), keeper?.run(signal)])
  let failure: unknown
  try {
    const shipping = ship(parts, signal)
    const first = await Promise.race([reading.then(() => 'read' as const), shipping.then(() => 'stopped' as const)])
    if (first === 'read' && !around.signal.aborted) {
      await pump.close()
      await report(Date.now(), true)
      while (rooms.unsentBytes > 0 && !around.signal.aborted) await pause(50, around.signal)
    }
    stop.abort()
    await shipping
  } catch (error) {
    failure = error
  }
  stop.abort()
  await Promise.race([Promise.allSettled([reading, tending]), pause(FAREWELL_MS)]) // A full disk may hold them for ever.
  await pump.close()
  try {
    await position.flush()
    await save(parts, true)
    await keepKnowledge(parts)
  } catch (error) {
    cannotKeep(around, error as Error)
  }
  if (failure !== undefined && !around.signal.aborted) throw failure
}

async function ship(parts: Running, signal: AbortSignal): Promise<void> {
  const { config, around, rooms, budget, boot } = parts
  const output = await openOutput(config, { signal, write: around.write, say: around.say })
  const aside = new SetAside(join(config.state, 'aside'))
  const shipper = new Shipper({ rooms, budget, output, aside, boot, say: around.say })
  parts.health.shipper = shipper
  try {
    await shipper.run(signal)
    await shipper.flush(AbortSignal.timeout(FAREWELL_MS))
  } finally {
    await output.close()
  }
}

/** What is done every second: losses are reported, the state is kept. */
async function tend(parts: Running, report: ReturnType<typeof lossReports>, signal: AbortSignal): Promise<void> {
  let savedMs = -1
  for (let turn = 1; !signal.aborted; turn++) {
    await pause(STATE_EVERY_MS, signal)
    // A disk that takes nothing holds both of them, and must not hold the state.
    const refused = (error: Error): void => parts.around.say(`A loss or heartbeat could not be kept: ${error.message}`)
    report(Date.now()).catch(refused)
    parts.health.tick(Date.now()).catch(refused)
    try {
      if (parts.pump.lastEventMs !== savedMs) await save(parts, false)
      savedMs = parts.pump.lastEventMs
      await parts.position.flush() // What was noted last is not written by itself.
      if (turn % KNOWLEDGE_TURNS === 0) await keepKnowledge(parts)
    } catch (error) {
      cannotKeep(parts.around, error as Error)
    }
  }
}

function save({ state, boot, pump, health }: Running, clean: boolean): Promise<void> {
  return state.write(() => {
    const { highest, holes, untold, lastEventMs } = pump
    return { boot, highest, holes, untold, kernel: health.kernel, lastEventMs, clean }
  })
}

function cannotKeep({ say }: AgentSurroundings, { message }: Error): void {
  say(`The state cannot be kept: ${message}.`)
}

async function keepKnowledge({ watching, boot }: Running): Promise<void> {
  await writeKnowledge(watching.knowledgePath, boot, watching.knowledge)
}
