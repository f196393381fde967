import { release } from 'node:os'
import { join } from 'node:path'
import type { AgentConfig } from './agent-config.ts'
import type { CriClient } from './containers/cri-client.ts'
import { criSocket } from './containers/cri-socket.ts'
import { EventPlaces } from './containers/event-places.ts'
import { FoundRuntime } from './containers/found-runtime.ts'
import { type ContainerFactState, readKnowledge } from './containers/knowledge-file.ts'
import { NodeKnowledge } from './containers/node-knowledge.ts'
import { readNodeLabels } from './containers/node-labels.ts'
import { PodWatch } from './containers/pod-watch.ts'
import { ProcFiles } from './containers/proc-files.ts'
import type { EventStages } from './event-pump.ts'
import { NodeAccounts } from './filter/account-names.ts'
import { asksForContainers, droppedBy, type PlaceLookup } from './filter/event-filter.ts'
import { readProcessFilters } from './filter/process-filter.ts'
import { ProcessFilters } from './filter/process-filters.ts'
import { type RedactionRules, readRedactionRules } from './filter/redaction-rules.ts'
import { SECRET_RULES } from './filter/secret-rules.ts'
import { PipelineProbe } from './health/pipeline-probe.ts'
import { findingLine } from './intake-lines.ts'
import { type Machine, openMachine } from './node/machine.ts'
import { NodeKeeper } from './node/node-keeper.ts'
import { OmsPolicy } from './oms/oms-policy.ts'
import type { SpoolRooms } from './spool-rooms.ts'

/** Of other nodes neither containers nor names of users are known here. */
const ELSEWHERE: PlaceLookup = { containerIdOf: () => '', container: () => undefined, user: String }
const NO_REDACTION: RedactionRules = { rules: [], missing: [] }

/** The parts that look at events on their way. */
export interface WatchingParts {
  readonly stages: EventStages
  readonly knowledge: NodeKnowledge
  readonly probe: PipelineProbe | undefined
  /** Where the agent keeps its node. */
  readonly keeper: NodeKeeper | undefined
  readonly machine: Machine | undefined
  readonly knowledgePath: string
  close(): void
}

/**
 * Makes filters, redaction, node knowledge and probe out of the configuration.
 *
 * @throws AgentError PW-AG-008 where a rule file is wrong.
 */
export async function openWatching(
  config: AgentConfig,
  { boot, rooms, say }: { boot: string; rooms: SpoolRooms; say(text: string): void },
): Promise<WatchingParts> {
  const { rules, processFilters, redaction, secrets } = config.filter
  const accounts = new NodeAccounts(config.manage?.root ?? '/')
  const filters = processFilters === '' ? undefined : new ProcessFilters(await readProcessFilters(processFilters), accounts)
  const own = redaction === '' ? NO_REDACTION : await readRedactionRules(redaction)
  const all = secrets ? { ...own, rules: [...own.rules, ...SECRET_RULES] } : own
  const policy = new OmsPolicy(all.rules.length + all.missing.length === 0 ? undefined : all, accounts)
  const { manage } = config
  const machine = manage === undefined ? undefined : openMachine(manage.root, manage.enter)
  const { cri } = config.containers
  const find = (): string | undefined => criSocket(cri, manage?.root)
  const runtime = cri === 'off' ? undefined : new FoundRuntime(find, (socket) => openRuntime(socket, config.node))
  const proc = new ProcFiles(config.containers.proc)
  const keep = (lines: readonly Buffer[]): Promise<void> => rooms.keep(lines)
  const pods = runtime === undefined && config.containers.pods === undefined ? undefined : podWatch(config, keep, say)
  const knowledge = new NodeKnowledge({
    boot,
    proc,
    runtime,
    pods,
    lookUp: asksForContainers(rules),
    hide: (words) => policy.hide(words),
    keep,
    say,
  })
  const knowledgePath = join(config.state, 'knowledge.json')
  const before: ContainerFactState | undefined = await readKnowledge(knowledgePath, boot)
  if (before !== undefined) knowledge.restore(before)
  const probe = config.health.probe ? new PipelineProbe() : undefined
  const places = {
    containerIdOf: (pid: number): string => knowledge.processes.get(pid)?.containerId ?? '',
    container: (id: string) => knowledge.container(id),
    user: (uid: number) => accounts.user(uid),
  }
  const eventPlaces = new EventPlaces({ processes: knowledge.processes, proc, container: places.container })
  const stages: EventStages = {
    place: (event) => eventPlaces.placeOf(event),
    observe(event) {
      knowledge.observe(event)
      probe?.observe(event)
      keeper?.observe(event)
    },
    leaveOut(event, node) {
      const known = node === '' ? places : ELSEWHERE
      return droppedBy(rules, event, known) ?? filters?.droppedBy(event, node) ?? policy.droppedBy(event, known, node)
    },
    redact: (event) => policy.redact(event),
    hiddenWhole: () => policy.closed,
  }
  const keeper =
    manage === undefined || machine === undefined
      ? undefined
      : new NodeKeeper({
          machine,
          wish: manage,
          everyMs: manage.everySeconds * 1000,
          applyOms: (files) => policy.apply(files),
          tell: (rule, text) => void keep([findingLine(Date.now(), rule, text)]).catch(() => {}), // The spool has said why.
          say,
        })
  keeper?.prepare() // Redaction is in force before the first event.
  return { stages, knowledge, probe, keeper, machine, knowledgePath, close: () => runtime?.close() }
}

function podWatch(config: AgentConfig, keep: (lines: readonly Buffer[]) => Promise<void>, say: (text: string) => void): PodWatch {
  return new PodWatch({ config: config.containers.pods, node: config.node, keep, say })
}

/** gRPC is loaded only where there is a runtime to ask: it takes 12 MB. */
async function openRuntime(socket: string, node: string): Promise<CriClient> {
  const { CriClient: Client } = await import('./containers/cri-client.ts')
  return new Client(socket, node)
}

/** What a server wants to know of this node. */
export function nodeFacts(config: AgentConfig): Record<string, string> {
  const { pool, poolLabel, ip } = readNodeLabels(config.containers.proc)
  const nodeIp = ip || (process.env.HOST_IP ?? '')
  return {
    ...{ node: config.node, cluster: config.cluster, kernel: release(), runtime: process.version, arch: process.arch },
    ...(pool === '' ? {} : { nodePool: pool, nodePoolLabel: poolLabel }),
    ...(nodeIp === '' ? {} : { nodeIp }),
  }
}
