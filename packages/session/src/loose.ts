import { isLive, KnownStarts } from './known-starts.ts'
import type { Lineage, LooseHead, Start } from './lineage.ts'
import { endsWithArguments, invokedName } from './names.ts'
import type { ContainerOperation } from './observation.ts'
import type { Tree } from './process-table.ts'
import { namesProgram, scriptOf } from './script-text.ts'
import type { UnansweredRequests } from './unanswered-requests.ts'

/** Where evidence other than parentage puts a group of processes. */
export interface LoosePlacement {
  readonly head: LooseHead
  /** Empty for the node itself. */
  readonly containerId: string
  /** Trees that may own the group: one when the evidence is decisive, several when it is not, none for the node itself. */
  readonly trees: readonly Tree[]
  /** Requests whose program was never seen and that may own it as well. */
  readonly requests: readonly ContainerOperation[]
  readonly placed: 'terminal' | 'wrapper' | 'script' | 'container' | 'ambiguous' | 'host' | 'unseen'
}

/** How long before its child's start a wrapper such as sudo or setsid may have started, milliseconds. */
const WRAPPER_MS = 10_000
/** How many processes the node may have started between a wrapper and what it runs. */
const WRAPPER_PIDS = 64

/**
 * Places processes whose parents were never seen to start a program, or are gone: subshells,
 * daemons, what sudo runs on a terminal of its own.
 *
 * Evidence, strongest first: the terminal (numbers are unique among the live terminals of a
 * container), a wrapper whose last arguments are the program's own, the text of a shell's script.
 * What is decisive places the group; otherwise every session that was alive then is named.
 *
 * @param ends.endOf When a tree's request was over; infinite while unknown.
 * @param ends.endsLost Whether records of that are known to be missing.
 */
export function placeLoose(
  lineage: Lineage,
  { endOf, endsLost }: { readonly endOf: (tree: Tree) => number; readonly endsLost: boolean },
  unanswered: UnansweredRequests,
): LoosePlacement[] {
  const known = new KnownStarts(lineage, endsLost ? endOf : () => 0)
  const placed: LoosePlacement[] = []
  const order = [...lineage.heads].sort((a, b) => firstOf(a).observation.serial - firstOf(b).observation.serial)
  for (const head of order) {
    const placement = withUnanswered(placeHead(head, lineage, known, endOf), known, endOf, unanswered)
    placed.push(placement)
    const only = isShared(placement) ? undefined : placement.trees[0]
    if (only !== undefined) {
      head.process.tree = only
      for (const start of head.starts) known.add(start, only)
    }
  }
  return placed
}

/**
 * Whether a group belongs to one of several sessions, or to one that was not seen to begin. One session alone is not
 * decisive either: the container's own program may have been started before the records began.
 */
export function isShared({ trees, requests, placed }: LoosePlacement): boolean {
  return trees.length > 1 || requests.length > 0 || placed === 'unseen' || placed === 'ambiguous'
}

type Found = Pick<LoosePlacement, 'head' | 'containerId' | 'trees' | 'placed'>

/** Adds what may own a group though none of its programs was seen to start: the records may have begun too late. */
function withUnanswered(
  found: Found,
  known: KnownStarts,
  endOf: (tree: Tree) => number,
  unanswered: UnansweredRequests,
): LoosePlacement {
  const { head, containerId, placed } = found
  // A script says little where the script of a request that nothing answers says the same.
  const rivals = placed === 'script' && containerId !== '' ? unanswered.naming(containerId, head) : []
  if (rivals.length > 0) return { ...found, placed: 'ambiguous', requests: rivals }
  const certain = placed === 'script' || placed === 'wrapper' || placed === 'host'
  const terminal = head.starts.some(({ observation }) => observation.tty !== '')
  if (certain || (!terminal && head.process.viaInit !== null && known.forksByItself(containerId, endOf)))
    return { ...found, requests: [] }
  const requests = unanswered.during(containerId, head.bornMs, terminal)
  if (requests.length > 0) return { ...found, placed: 'ambiguous', requests }
  // A container's own program without a terminal has nobody who types.
  const own = known.containerTree(containerId)
  const typed = terminal && placed === 'container' && own !== undefined && own.call !== null && own.root.tty === ''
  return typed ? { ...found, trees: [], placed: 'unseen', requests: [] } : { ...found, requests: [] }
}

function placeHead(head: LooseHead, lineage: Lineage, known: KnownStarts, endOf: (tree: Tree) => number): Found {
  const containerId = containerOf(head, lineage)
  if (containerId === null) return placeOnHost(head, lineage, known, endOf)
  const own = known.containerTree(containerId)
  const live = known.sessions(containerId).filter((tree) => isLive(tree, head.bornMs, endOf))
  const possible = own === undefined ? live : [...live, own]
  const still = own !== undefined && startsNothing(own)
  for (const [placed, trees] of evidence(head, containerId, known, possible)) {
    const left = trees.filter((tree) => possible.includes(tree))
    // A child of the container's first process that this process's own script names is simply that.
    if (head.process.viaInit !== null && own !== undefined && left.includes(own))
      return { head, containerId, trees: [own], placed: 'container' }
    // A script that names a program says little where the container's own program may have started it as well.
    if (placed === 'script' && !still) continue
    // Whoever had the terminal before may have left, where the record of his leaving may be lost.
    const mayHaveLeft = placed === 'terminal' && left.some((tree) => known.mayHaveLeft(tree, head))
    if (left.length === 1 && !mayHaveLeft) return { head, containerId, trees: left, placed }
    if (left.length >= 1) return { head, containerId, trees: left, placed: 'ambiguous' }
  }
  if (live.length === 0)
    return { head, containerId, trees: own === undefined ? [] : [own], placed: own === undefined ? 'host' : 'container' }
  if (head.process.viaInit !== null && known.forksByItself(containerId, endOf))
    return { head, containerId, trees: [head.process.viaInit], placed: 'container' }
  return { head, containerId, trees: possible, placed: 'ambiguous' }
}

/** Programs that keep a container alive and never start another one. */
const STILL_PROGRAMS = new Set(['sleep', 'pause', 'tail', 'cat'])

/** Whether a container's own program cannot be the origin of anything. */
function startsNothing(own: Tree): boolean {
  return STILL_PROGRAMS.has(invokedName(own.root.exec?.argv ?? [], own.root.comm))
}

/** A program on the node's own files belongs to a session only where wrapper or script say so, as after nsenter or chroot. */
function placeOnHost(head: LooseHead, lineage: Lineage, known: KnownStarts, endOf: (tree: Tree) => number): Found {
  const escaped = known.escaped(lineage).filter((tree) => isLive(tree, head.bornMs, endOf))
  const owners = new Set<Tree>()
  for (const start of head.starts) {
    for (const tree of escaped) {
      if (known.of(tree).some((earlier) => wraps(earlier, start) || scripts(earlier, start))) owners.add(tree)
    }
  }
  const trees = [...owners]
  return {
    head,
    containerId: trees[0]?.containerId ?? '',
    trees,
    placed: trees.length === 1 ? 'script' : trees.length > 1 ? 'ambiguous' : 'host',
  }
}

/** The container of a group, by the device its programs run from or by a cgroup sample. */
function containerOf(head: LooseHead, lineage: Lineage): string | null {
  for (const { observation, process } of head.starts) {
    const byDevice = lineage.devices.containerOf(observation.exeDev, observation.timeMs)
    if (byDevice !== null) return byDevice
    for (const pid of [process.pid, head.process.pid]) {
      const seen = lineage.sampled.get(pid)?.find(({ timeMs }) => Math.abs(timeMs - observation.timeMs) < SAMPLE_NEAR_MS)
      if (seen !== undefined) return seen.containerId
    }
  }
  return head.process.viaInit?.containerId ?? null
}

/** A sample this near says where a process was when it started, milliseconds. */
const SAMPLE_NEAR_MS = 2_000

function* evidence(
  head: LooseHead,
  container: string,
  known: KnownStarts,
  possible: readonly Tree[],
): Generator<['terminal' | 'wrapper' | 'script', Tree[]]> {
  const byTerminal = new Set<Tree>()
  const byWrapper = new Set<Tree>()
  const byScript = new Set<Tree>()
  for (const start of head.starts) {
    const { tty, timeMs, serial } = start.observation
    const owner = tty === '' ? undefined : known.terminalOwner(container, tty, timeMs)
    if (owner !== undefined) byTerminal.add(owner)
    for (const earlier of known.recent(container, timeMs - WRAPPER_MS)) {
      if (earlier.start.observation.serial < serial && wraps(earlier.start, start)) byWrapper.add(earlier.tree)
    }
    for (const tree of possible) {
      if (known.shells(tree).some((earlier) => earlier.observation.serial < serial && scripts(earlier, start))) byScript.add(tree)
    }
  }
  yield ['terminal', [...byTerminal]]
  yield ['wrapper', [...byWrapper]]
  yield ['script', [...byScript]]
}

/** `sudo -n id` wraps `id`: a program's arguments end with the other's, and its pid follows closely. */
function wraps(earlier: Start, later: Start): boolean {
  const age = later.observation.timeMs - earlier.observation.timeMs
  const distance = later.observation.pid - earlier.observation.pid
  if (age > WRAPPER_MS || distance <= 0 || distance > WRAPPER_PIDS) return false
  return endsWithArguments(earlier.observation.exec?.argv ?? [], later.observation.exec?.argv ?? [])
}

/** Whether a shell's `-c` text names the other program. It is on the shell's terminal, or has let it go. */
function scripts(earlier: Start, later: Start): boolean {
  const { tty, exec } = later.observation
  if (tty !== '' && tty !== earlier.observation.tty) return false
  const text = scriptOf(earlier)
  return text !== undefined && namesProgram(text, exec?.argv ?? [])
}

function firstOf(head: LooseHead): Start {
  const first = head.starts[0]
  if (first === undefined) throw new Error('a loose head without a start')
  return first
}
