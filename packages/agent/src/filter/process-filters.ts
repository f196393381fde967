import { type DecodedEvent, syscallName } from '@podwitness/audit'
import type { NodeAccounts } from './account-names.ts'
import type { ProcessFilter } from './process-filter.ts'
import { shellLine } from './shell-line.ts'

/** Processes whose filters are remembered, of each node, and nodes whose processes are. */
const MAX_PROCESSES = 65_536
const MAX_NODES = 64

interface Active {
  readonly index: number
  /** For how many more generations; −1 for all. */
  readonly depth: number
}

interface Covered {
  readonly ppid: number
  /** What fits the process itself, then what fits each of its parents and reaches it; none is empty. */
  readonly levels: Levels
  /** The same of its parents alone. */
  readonly inherited: Levels
}

type Levels = readonly (readonly Active[])[]

/**
 * Which processes the filters cover, their children as deep as each filter says. As with auoms, only the nearest of a
 * process and its parents counts that any filter fits: what fits a child itself says more than what fits its parent.
 * Source: auoms, ProcessTree::ApplyFlags and FiltersEngine.
 */
export class ProcessFilters {
  readonly #filters: readonly ProcessFilter[]
  readonly #accounts: NodeAccounts
  /** By node, then by pid. */
  readonly #nodes = new Map<string, Map<number, Covered>>()

  constructor(filters: readonly ProcessFilter[], accounts: NodeAccounts) {
    this.#filters = filters
    this.#accounts = accounts
  }

  /**
   * The filter that leaves the event out, as `process_filters.N`; undefined where it stays.
   *
   * @param node Whose event it is: empty for this node's own. Names of users and groups are known of this node alone.
   */
  droppedBy(event: DecodedEvent, node = ''): string | undefined {
    if (this.#filters.length === 0 || event.pid <= 0) return undefined
    const active = this.#of(event, node)[0]
    const syscall = syscallName(event.arch, event.syscall)
    if (active === undefined || syscall === undefined) return undefined
    const hit = active.find(({ index }) => {
      const calls = this.#filters[index]?.syscalls
      return calls?.get(syscall) ?? calls?.get('*')
    })
    return hit === undefined ? undefined : `process_filters.${hit.index}`
  }

  #of(event: DecodedEvent, node: string): Levels {
    const { pid, ppid } = event
    const covered = this.#coveredOf(node)
    const known = covered.get(pid)
    const bytes = event.argumentBytes()
    // Another parent is another process with the same number, unless it is the one that takes over orphans.
    const same = known !== undefined && (known.ppid === ppid || ppid <= 1)
    if (same && bytes === undefined) return known.levels
    const inherited = same && ppid <= 1 ? known.inherited : inherit(covered.get(ppid)?.levels ?? [])
    const words = bytes?.map((word) => word?.toString('latin1') ?? '')
    const line = words === undefined ? (event.proctitle() ?? '') : shellLine(words)
    const own = this.#filters.flatMap((filter, index) => {
      return this.#matches(filter, event, { line, node }) ? [{ index, depth: filter.depth }] : []
    })
    const levels = own.length > 0 ? [own, ...inherited] : inherited
    covered.delete(pid)
    covered.set(pid, { ppid, levels, inherited })
    if (covered.size > MAX_PROCESSES) covered.delete(covered.keys().next().value as number)
    return levels
  }

  #coveredOf(node: string): Map<number, Covered> {
    const known = this.#nodes.get(node)
    if (known !== undefined) return known
    const made = new Map<number, Covered>()
    this.#nodes.set(node, made)
    if (this.#nodes.size > MAX_NODES) this.#nodes.delete(this.#nodes.keys().next().value as string)
    return made
  }

  #matches(
    { user, group, exe, cmdline }: ProcessFilter,
    event: DecodedEvent,
    { line, node }: { line: string; node: string },
  ): boolean {
    const is = (wanted: string, id: number, name: (id: number) => string): boolean =>
      wanted === '' || wanted === String(id) || (node === '' && wanted === name(id))
    if (!is(user, event.uid, (id) => this.#accounts.user(id))) return false
    if (group !== '' && !is(group, Number(event.toJSON().gid ?? -1), (id) => this.#accounts.group(id))) return false
    return (exe === undefined || exe(event.exe)) && cmdline.every((test) => test(line))
  }
}

function inherit(levels: Levels): Levels {
  const deeper = ({ index, depth }: Active): Active[] => (depth === 0 ? [] : [{ index, depth: depth < 0 ? -1 : depth - 1 }])
  return levels.map((level) => level.flatMap(deeper)).filter((level) => level.length > 0)
}
