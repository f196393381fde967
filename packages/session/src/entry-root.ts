import { NearIndex } from './near-index.ts'
import type { ContainerOperation } from './observation.ts'

/** A program that a runtime started in a container, as pairing sees it. */
export interface EntryRoot {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly argv: readonly string[]
  /** The argument lists by which it may have been asked for, its own first. */
  readonly asked: readonly (readonly string[])[]
  /** Whether a request that names no container means this one. */
  readonly isDefault: boolean
  readonly tty: boolean
  /** By the API server's clock, as far as the node's is known; milliseconds. */
  readonly startMs: number
  /** Whether the two clocks are known to agree, or by how much they differ. */
  readonly clockSure: boolean
  /** How far off `startMs` may be because a clock was set right by other records, milliseconds. */
  readonly withinMs: number
  /** Whether the platform is known to run this by itself: a probe or hook of the pod specification. */
  readonly expected: boolean
  /** Whether a client on the node had just asked for this in this container. */
  readonly byClient: boolean
}

/** Requests, to be found by what they ask for and when. */
export function indexRequests(operations: readonly ContainerOperation[]): NearIndex<ContainerOperation> {
  const likeness = ({ namespace, pod, tty, command }: ContainerOperation) => ({ namespace, pod, tty, argv: command })
  return new NearIndex(operations, likeness, ({ receivedMs }) => receivedMs)
}

/** Programs, likewise. */
export function indexRoots(roots: readonly EntryRoot[]): NearIndex<EntryRoot> {
  return new NearIndex(
    roots,
    (root) => root,
    ({ startMs }) => startMs,
  )
}

/** Requests for the same thing in the same place, received at most so long before or after a moment. */
export function alikeRequests(
  root: EntryRoot,
  requests: NearIndex<ContainerOperation>,
  timeMs: number,
  withinMs: number,
): ContainerOperation[] {
  if (root.pod === '') return []
  return root.asked
    .flatMap((argv) => requests.near({ ...root, argv }, timeMs - withinMs, timeMs + withinMs))
    .filter(({ container }) => (container === '' ? root.isDefault : root.container === '' || container === root.container))
}

/** Other programs like this one that started at most so long before or after it. */
export function alikeRoots(root: EntryRoot, roots: NearIndex<EntryRoot>, withinMs: number): EntryRoot[] {
  return roots
    .near(root, root.startMs - withinMs, root.startMs + withinMs)
    .filter((other) => other !== root && other.container === root.container)
}
