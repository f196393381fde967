import { type EntryKind, state } from '@podwitness/event'
import { isAskedFor } from './asked-arguments.ts'
import type { ContainerPlace } from './container-index.ts'
import type { Start } from './lineage.ts'
import { invokedName } from './names.ts'
import type { ProcessObservation } from './observation.ts'
import type { OpenCall, Tree } from './process-table.ts'
import { regularGapMs } from './regular-gap.ts'

/** What an entry without API request is, and why we say so. */
export interface Classification {
  readonly entry: EntryKind
  readonly reasons: readonly string[]
}

/** Programs by which a person on the node enters a container. */
const NODE_CLIENTS = new Set(['crictl', 'ctr', 'nerdctl', 'docker', 'podman', 'k3s', 'rke2'])
/** How long before the runtime call such a client may have been started, milliseconds. */
const NODE_CLIENT_MS = 10_000
/** Login uid of processes that nobody logged in for (AUDIT_UID_UNSET, include/linux/audit.h). */
const UNSET_UID = 4294967295

/** Names entries that no API request explains. */
export class Classifier {
  readonly #clients: readonly Start[]
  /** Median seconds between equal entries that come regularly, by what they are. */
  readonly #periods: ReadonlyMap<string, number>

  /**
   * @param hostStarts Programs started on the node itself, in order.
   * @param unpaired Trees of entries without request.
   */
  constructor(hostStarts: readonly Start[], unpaired: readonly Tree[]) {
    this.#clients = nodeClients(hostStarts)
    this.#periods = periodsOf(unpaired)
  }

  classify(tree: Tree, place: ContainerPlace): Classification {
    if (isExpected(tree, place)) {
      const probe = place.spec?.probes.some((command) => isAskedFor(tree.root, command)) === true
      return probe ? { entry: 'probe', reasons: [state('probeCommand')] } : { entry: 'hook', reasons: [state('hookCommand')] }
    }
    return joined(tree) ?? this.#byClient(tree, place) ?? this.#byHand(tree) ?? this.#periodic(tree, place) ?? unrecorded(place)
  }

  #byClient(tree: Tree, place: ContainerPlace): Classification | null {
    const client = clientOf(tree, place, this.#clients)
    if (client === undefined) return null
    return { entry: 'node-local', reasons: [onNode(client.exec?.argv[0] ?? '', client.auid)] }
  }

  // `runc exec ID command…`: the kubelet's runtimes pass a process file instead.
  #byHand(tree: Tree): Classification | null {
    if (tree.call === null || !isByHand(tree)) return null
    return { entry: 'node-local', reasons: [byHand(tree.call.observation.auid)] }
  }

  #periodic(tree: Tree, place: ContainerPlace): Classification | null {
    const seconds = this.#periods.get(repeatKey(tree))
    if (place.spec !== undefined || tree.root.tty !== '' || seconds === undefined) return null
    return { entry: 'probe', reasons: [state('repeated', { s: seconds.toFixed(1) })] }
  }
}

function periodsOf(trees: readonly Tree[]): Map<string, number> {
  const starts = new Map<string, number[]>()
  for (const tree of trees) {
    const key = repeatKey(tree)
    const times = starts.get(key)
    if (times === undefined) starts.set(key, [tree.root.timeMs])
    else times.push(tree.root.timeMs)
  }
  const periods = new Map<string, number>()
  for (const [key, times] of starts) {
    const median = regularGapMs(times.sort((a, b) => a - b))
    if (median !== null) periods.set(key, median / 1000)
  }
  return periods
}

/** Clients on the node that may have entered a container, in order. */
export function nodeClients(starts: readonly Start[]): Start[] {
  return starts.filter(({ observation: { exec, comm } }) => {
    const argv = exec?.argv ?? []
    return argv.includes('exec') && NODE_CLIENTS.has(invokedName(argv, comm))
  })
}

/** The latest client on the node that named the container of an entry just before. */
export function clientOf(tree: Tree, place: ContainerPlace, clients: readonly Start[]): ProcessObservation | undefined {
  const { call } = tree
  if (call === null) return undefined
  for (let at = clients.length - 1; at >= 0; at--) {
    const { observation } = clients[at] ?? {}
    if (observation === undefined) continue
    const age = call.observation.timeMs - observation.timeMs
    if (age > 2 * NODE_CLIENT_MS) break
    if (age < -5 || age > NODE_CLIENT_MS) continue
    if (observation.exec?.argv.some((word) => names(word, call, place)) === true) return observation
  }
  return undefined
}

/** Whether somebody called the runtime by hand: what a kubelet asks for comes in a process file. */
export function isByHand({ call }: Tree): boolean {
  return call !== null && call.command.length > 0
}

/** Whether the pod specification has the kubelet run exactly this: an exec probe or a lifecycle hook. */
export function isExpected(tree: Tree, place: ContainerPlace): boolean {
  const commands = [...(place.spec?.probes ?? []), ...(place.spec?.hooks ?? [])]
  return tree.root.tty === '' && commands.some((command) => isAskedFor(tree.root, command))
}

/** Whether a word of a client's arguments means this container: the exec's id, the container's (shortened), or its name. */
function names(word: string, { execId, containerId }: OpenCall, { pod, name }: ContainerPlace): boolean {
  if (word === execId || (word.length >= MIN_ID && containerId.startsWith(word))) return true
  // cri-dockerd and dockershim call it k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT.
  return pod !== '' && word.startsWith(`k8s_${name}_${pod}_`)
}

/** Clients take shortened ids; fewer digits are taken for an ordinary word. */
const MIN_ID = 3

function joined({ joinedBy }: Tree): Classification | null {
  if (joinedBy === null) return null
  const client = invokedName(joinedBy.exec?.argv ?? [], joinedBy.comm)
  const reason =
    joinedBy.auid === UNSET_UID ? state('joinedFromNode', { client }) : state('joinedFromNodeBy', { client, uid: joinedBy.auid })
  return { entry: 'node-local', reasons: [reason] }
}

function unrecorded(place: ContainerPlace): Classification {
  const reasons = [state('unexplained')]
  if (place.spec === undefined) reasons.push(state('probeNotExcluded'))
  return { entry: 'unrecorded', reasons }
}

function repeatKey(tree: Tree): string {
  return JSON.stringify([tree.containerId, tree.root.exec?.argv])
}

function onNode(client: string, uid: number): string {
  return uid === UNSET_UID ? state('clientOnNode', { client }) : state('clientOnNodeBy', { client, uid })
}

function byHand(uid: number): string {
  return uid === UNSET_UID ? state('byHand') : state('byHandBy', { uid })
}
