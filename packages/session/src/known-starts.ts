import type { Lineage, LooseHead, Start } from './lineage.ts'
import type { Tree } from './process-table.ts'
import { scriptOf } from './script-text.ts'
import { treeOf } from './tree-of.ts'

/** How long after its end a session may still be the origin of a process that was forked before, milliseconds. */
const AFTERGLOW_MS = 1_000

/** How many uses of a terminal are looked through, newest first. */
const TERMINAL_SEARCH = 64

/** Whether a tree was alive at a moment, or had ended just before. */
export function isLive(tree: Tree, timeMs: number, endOf: (tree: Tree) => number): boolean {
  return tree.root.timeMs <= timeMs + AFTERGLOW_MS / 100 && timeMs <= endOf(tree) + AFTERGLOW_MS
}

/** Starts whose tree is known, by container and by tree, in the kernel's order. */
export class KnownStarts {
  readonly #byContainer = new Map<string, { start: Start; tree: Tree }[]>()
  readonly #byTerminal = new Map<string, { start: Start; tree: Tree }[]>()
  readonly #shells = new Map<Tree, Start[]>()
  readonly #byTree = new Map<Tree, Start[]>()
  readonly #sessions = new Map<string, Tree[]>()
  readonly #own = new Map<string, Tree>()
  readonly #initChildren = new Map<string, LooseHead[]>()

  readonly #openEnd: (tree: Tree) => number

  /** @param openEnd When a tree's request was over; infinite where that is not known though it may be. */
  constructor(lineage: Lineage, openEnd: (tree: Tree) => number) {
    this.#openEnd = openEnd
    for (const tree of lineage.trees) {
      if (tree.kind === 'container') this.#own.set(tree.containerId, tree)
      else push(this.#sessions, tree.containerId, tree)
    }
    for (const start of lineage.starts) {
      const tree = start.placed === 'runtime' ? null : treeOf(start.process)
      if (tree !== null) this.add(start, tree)
    }
    for (const head of lineage.heads)
      if (head.process.viaInit !== null) push(this.#initChildren, head.process.viaInit.containerId, head)
  }

  add(start: Start, tree: Tree): void {
    push(this.#byTree, tree, start)
    if (scriptOf(start) !== undefined) push(this.#shells, tree, start)
    const { tty } = start.observation
    if (tty !== '') push(this.#byTerminal, `${tree.containerId} ${tty}`, { start, tree })
    const list = this.#byContainer.get(tree.containerId)
    if (list === undefined) this.#byContainer.set(tree.containerId, [{ start, tree }])
    else {
      let at = list.length
      while (at > 0 && (list[at - 1]?.start.observation.serial ?? 0) > start.observation.serial) at--
      list.splice(at, 0, { start, tree })
    }
  }

  of(tree: Tree): readonly Start[] {
    return this.#byTree.get(tree) ?? []
  }

  /** Starts in a container from a moment on, newest first. */
  *recent(container: string, fromMs: number): Generator<{ start: Start; tree: Tree }> {
    const list = this.#byContainer.get(container) ?? []
    for (let at = list.length - 1; at >= 0; at--) {
      const entry = list[at]
      if (entry === undefined || entry.start.observation.timeMs < fromMs) return
      yield entry
    }
  }

  /** Shells of a tree with a script in their arguments. */
  shells(tree: Tree): readonly Start[] {
    return this.#shells.get(tree) ?? []
  }

  sessions(container: string): readonly Tree[] {
    return this.#sessions.get(container) ?? []
  }

  containerTree(container: string): Tree | undefined {
    return this.#own.get(container)
  }

  /** The tree that last used a terminal of a container before a moment. */
  terminalOwner(container: string, tty: string, timeMs: number): Tree | undefined {
    let last: { start: Start; tree: Tree } | undefined
    const uses = this.#byTerminal.get(`${container} ${tty}`) ?? []
    for (let at = uses.length - 1; at >= 0; at--) {
      const use = uses[at]
      if (use === undefined || use.start.observation.timeMs > timeMs) continue
      if (last === undefined || use.start.observation.serial > last.start.observation.serial) last = use
      // Later additions stand out of order by a few places at most: loose groups are placed in the order of their first start.
      if (uses.length - at > TERMINAL_SEARCH) break
    }
    return last?.tree
  }

  /** Whether nothing says that whoever is in a tree was still there when a group began: no end, no later sign of life. */
  mayHaveLeft(tree: Tree, { starts, process }: LooseHead): boolean {
    if (this.#openEnd(tree) !== Number.POSITIVE_INFINITY) return false
    const last = starts.at(-1)?.observation.serial ?? 0
    const terminals = new Set(starts.map(({ observation }) => observation.tty))
    return !this.of(tree).some(
      (start) => start.process !== process && start.observation.serial > last && terminals.has(start.observation.tty),
    )
  }

  /** Whether the container's first process was seen to start programs while nobody was in the container. */
  forksByItself(container: string, endOf: (tree: Tree) => number): boolean {
    const sessions = this.sessions(container)
    return (this.#initChildren.get(container) ?? []).some(({ bornMs }) => !sessions.some((tree) => isLive(tree, bornMs, endOf)))
  }

  /** Sessions that ran a program from the node's own files. */
  escaped(lineage: Lineage): Tree[] {
    return lineage.trees.filter(
      (tree) => tree.kind === 'exec' && this.of(tree).some(({ observation }) => lineage.devices.isHost(observation.exeDev)),
    )
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
