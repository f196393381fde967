import { type Candidate, type EntryKind, state } from '@podwitness/event'
import { accountOf } from './account.ts'
import type { ContainerPlace } from './container-index.ts'
import { invokedName } from './names.ts'
import type { Member } from './node-view.ts'
import type { ContainerOperation } from './observation.ts'
import { PAIRING_LIMITS } from './pairing-limits.ts'
import type { Tree } from './process-table.ts'
import { lastMomentOf } from './request-end.ts'

/** Commands that belong together without a root of their own. */
export interface CommandGroup {
  readonly entry: EntryKind
  readonly operations: readonly ContainerOperation[]
  readonly candidates: readonly Candidate[]
  readonly members: readonly Member[]
  readonly reasons: readonly string[]
  /** Set where exactly one account can be named. */
  readonly named?: ContainerOperation
}

/**
 * Splits what was typed through attach from a container's own programs. Attach starts nothing: it
 * joins the terminal or standard input of the container's first program, so whatever that program
 * starts meanwhile may be the visitor's.
 */
export function attachMembers(
  tree: Tree,
  members: readonly Member[],
  place: ContainerPlace,
  operations: readonly ContainerOperation[],
  { apiTime, stagesLost }: { readonly apiTime: (timeMs: number) => number; readonly stagesLost: boolean },
): { attached: CommandGroup[]; rest: Member[] } {
  const visits = operations.filter(
    ({ kind, status, namespace, pod, container }) =>
      kind === 'attach' &&
      status < 300 &&
      place.pod !== '' &&
      namespace === place.namespace &&
      pod === place.pod &&
      (container === '' || container === place.name),
  )
  if (visits.length === 0) return { attached: [], rest: [...members] }
  const groups = new Map<string, { operations: ContainerOperation[]; members: Member[] }>()
  const rest: Member[] = []
  for (const member of members) {
    const present =
      member.placed === 'root' ? [] : visits.filter((visit) => during(visit, apiTime(member.start.observation.timeMs)))
    if (present.length === 0) {
      rest.push(member)
      continue
    }
    const key = present.map(({ eventId }) => eventId).join(' ')
    const group = groups.get(key) ?? { operations: present, members: [] }
    group.members.push(member)
    groups.set(key, group)
  }
  const interactive = isInteractive(tree, members, place)
  return {
    attached: [...groups.values()].map((group) => {
      const open = stagesLost && group.operations.some(({ completedMs }) => completedMs === 0)
      return describe(group.operations, group.members, interactive ? (open ? 'endLost' : null) : 'programByItself')
    }),
    rest,
  }
}

function during(visit: ContainerOperation, timeMs: number): boolean {
  const from = (visit.startedMs || visit.receivedMs) - PAIRING_LIMITS.earlyMs
  return timeMs >= from && (visit.completedMs === 0 || timeMs <= lastMomentOf(visit) + PAIRING_LIMITS.clientTailMs)
}

/** A shell without script on a terminal runs what is typed, and nothing by itself. */
function isInteractive(tree: Tree, members: readonly Member[], place: ContainerPlace): boolean {
  const argv = tree.root.exec?.argv ?? []
  const shell =
    /^(?:ba|da|z|k|a|fi)?sh$/.test(invokedName(argv, tree.root.comm)) && argv.slice(1).every((word) => /^-[il]+$/.test(word))
  const terminal = tree.root.tty !== '' || members.some(({ start }) => start.observation.tty !== '')
  return shell && (terminal || place.spec?.stdin === true)
}

function describe(
  operations: readonly ContainerOperation[],
  members: readonly Member[],
  doubt: 'endLost' | 'programByItself' | null,
): CommandGroup {
  const users = new Set(operations.map(accountOf))
  const first = operations[0]
  if (doubt === null && users.size === 1 && first !== undefined) {
    const reasons = [state('attachedToShell'), state('attachedAlone')]
    return { entry: 'attach', operations, candidates: [], members, reasons, named: first }
  }
  const reason = state(doubt ?? 'severalAttached')
  const candidates = operations.map(({ user, auditId }) => ({ user, auditId, reasons: [state('wasAttached')] }))
  return { entry: 'attach', operations, candidates, members, reasons: [reason] }
}
