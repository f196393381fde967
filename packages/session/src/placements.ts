import { assessCommand, DELIBERATE_ENTRIES, type EntryKind, riskLevel, state, storeTime } from '@podwitness/event'
import type { ContainerPlace } from './container-index.ts'
import type { PlacementDraft, SessionDraft } from './evidence.ts'
import type { Lineage, Start } from './lineage.ts'
import { invokedName } from './names.ts'
import type { NodeView } from './node-view.ts'

/** The start that made each process what it was when it started another. */
export class ParentNames {
  readonly #starts = new Map<Start['process'], Start[]>()

  constructor(lineage: Lineage) {
    for (const start of lineage.starts) {
      const list = this.#starts.get(start.process)
      if (list === undefined) this.#starts.set(start.process, [start])
      else list.push(start)
    }
  }

  /** What the parent, or the process itself before, last started. */
  of(start: Start): Start | undefined {
    const own = this.#starts.get(start.process) ?? []
    const at = own.indexOf(start)
    if (at > 0) return own[at - 1]
    for (let parent = start.process.parent; parent !== null; parent = parent.parent) {
      const before = (this.#starts.get(parent) ?? []).filter(({ observation }) => observation.serial < start.observation.serial)
      if (before.length > 0) return before.at(-1)
    }
    return undefined
  }
}

/** The place of a start that belongs to a session. */
export function memberPlacement(
  cluster: string,
  view: NodeView,
  start: Start,
  placed: string,
  session: SessionDraft,
  place: ContainerPlace,
  parents: ParentNames,
): PlacementDraft {
  const { observation } = start
  const argv = observation.exec?.argv ?? []
  const deliberate = DELIBERATE_ENTRIES.includes(session.entry as EntryKind)
  const onHost = view.lineage.devices.isHost(observation.exeDev) && deliberate
  const assessed = assessCommand(invokedName(argv, observation.comm), argv)
  const raised = onHost ? { risk: 'critical' as const, reason: state('ranOnNode') } : assessed
  return {
    ...common(cluster, view.node, start, parents),
    trace_id: session.trace_id,
    entry: session.entry,
    container_id: place.containerId,
    ns: place.namespace,
    pod: place.pod,
    pod_uid: place.podUid,
    container: place.name,
    image: place.image,
    placed,
    on_host: onHost ? 1 : 0,
    risk: riskLevel(raised.risk),
    risk_reason: raised.reason,
  }
}

/** The place of a start on the node itself. */
export function hostPlacement(cluster: string, node: string, start: Start, parents: ParentNames): PlacementDraft {
  const { observation } = start
  const argv = observation.exec?.argv ?? []
  const { risk, reason } = assessCommand(invokedName(argv, observation.comm), argv)
  return {
    ...common(cluster, node, start, parents),
    trace_id: '',
    entry: '',
    container_id: '',
    ns: '',
    pod: '',
    pod_uid: '',
    container: '',
    image: '',
    placed: start.placed === 'runtime' ? 'runtime' : 'host',
    on_host: 1,
    risk: riskLevel(risk),
    risk_reason: reason,
  }
}

function common(
  cluster: string,
  node: string,
  start: Start,
  parents: ParentNames,
): Pick<PlacementDraft, 'event_id' | 'time' | 'cluster' | 'node' | 'parent_name' | 'parent_event_id'> {
  const parent = parents.of(start)?.observation
  return {
    event_id: start.observation.eventId,
    time: storeTime(start.observation.timeMs),
    cluster,
    node,
    parent_name: parent === undefined ? '' : invokedName(parent.exec?.argv ?? [], parent.comm),
    parent_event_id: parent?.eventId ?? '',
  }
}
