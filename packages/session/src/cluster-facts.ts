import { ContainerIndex } from './container-index.ts'
import type { Evidence } from './evidence.ts'
import { stagesAreLost } from './lost-stages.ts'
import type { ContainerFact, ContainerOperation } from './observation.ts'

/** What was known of a session when its older evidence was put aside. */
export interface EarlierCommands {
  readonly start: string
  readonly command: readonly string[]
  /** Commands before that. */
  readonly commands: number
  readonly risk: number
  readonly riskReason: string
}

/** What is known of a cluster beside the records of its nodes. */
export interface ClusterFacts {
  readonly cluster: string
  /** Names of the nodes whose records are known. */
  readonly nodes: ReadonlySet<string>
  readonly index: ContainerIndex
  readonly containers: readonly ContainerFact[]
  /** In the order in which they were received. */
  readonly operations: readonly ContainerOperation[]
  readonly apiCoverage: Evidence['apiCoverage']
  readonly stagesLost: boolean
  /** By trace id. */
  readonly earlier?: ReadonlyMap<string, EarlierCommands>
}

type Given = Pick<Evidence, 'cluster' | 'containers' | 'pods' | 'operations' | 'apiCoverage'> & {
  /** By name. */
  readonly nodes: ReadonlyMap<string, unknown>
}

/** Brings facts into an order of their own: the order in which they arrived does not matter. */
export function clusterFacts(given: Given, earlier: ReadonlyMap<string, EarlierCommands> = new Map()): ClusterFacts {
  const containers = [...given.containers].sort((a, b) => a.createdMs - b.createdMs || (a.containerId < b.containerId ? -1 : 1))
  const pods = [...given.pods].sort((a, b) => (a.observedMs ?? 0) - (b.observedMs ?? 0) || (a.podUid < b.podUid ? -1 : 1))
  const operations = [...given.operations].sort((a, b) => a.receivedMs - b.receivedMs || (a.eventId < b.eventId ? -1 : 1))
  const { cluster, apiCoverage } = given
  const index = new ContainerIndex(containers, pods)
  const nodes = new Set(given.nodes.keys())
  return { cluster, nodes, index, containers, operations, apiCoverage, stagesLost: stagesAreLost(operations), earlier }
}
