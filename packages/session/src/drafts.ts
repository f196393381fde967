import { type Confidence, type EntryKind, type EntryOutcome, type StatementName, state, storeTime } from '@podwitness/event'
import { accountOf } from './account.ts'
import type { CommandGroup } from './attach.ts'
import type { Classification } from './classify.ts'
import type { ContainerPlace } from './container-index.ts'
import type { SessionDraft } from './evidence.ts'
import { basename } from './names.ts'
import type { ContainerOperation } from './observation.ts'
import type { Pairing } from './pairing.ts'
import type { Tree } from './process-table.ts'
import { entryRisk } from './session-risk.ts'
import { traceIdOf } from './trace-id.ts'

const NEVER = storeTime(0)

/** A program that the runtime started in a container: exec, probe, hook, or something nobody asked for. */
export function rootSession(from: {
  cluster: string
  node: string
  traceId: string
  tree: Tree
  place: ContainerPlace
  pairing: Pairing | undefined
  classification: Classification | null
  /** Whether records of the node are missing near its start. */
  recordsLost: boolean
}): SessionDraft {
  const { cluster, node, traceId, tree, place, pairing, classification, recordsLost } = from
  const argv = tree.root.exec?.argv ?? []
  const entry = classification?.entry ?? (isCopy(argv) ? 'cp' : 'exec')
  const operations = pairing?.operations ?? []
  const named = pairing?.confidence === 'matched' ? operations : []
  const ends = operations.map(({ completedMs }) => completedMs)
  return {
    ...blank(cluster, node, traceId, place, entry),
    ...who(named),
    confidence: pairing?.confidence ?? 'none',
    reasons: [
      ...(classification?.reasons ?? pairing?.reasons ?? []),
      ...(recordsLost ? [state('recordsLost')] : []),
      ...inferredReason(place),
    ],
    candidates: JSON.stringify(pairing?.candidates ?? []),
    audit_ids: named.map(({ auditId }) => auditId),
    tty: tree.root.tty === '' ? 0 : 1,
    command: [...argv],
    outcome: 'started',
    start: storeTime(Math.min(tree.root.timeMs, ...named.map(({ receivedMs }) => receivedMs))),
    end: operations.length === 0 || ends.includes(0) ? NEVER : storeTime(Math.max(...ends)),
    ...entryRisk(entry, 'started'),
  }
}

/** A container's own programs, or an ephemeral container and whoever asked for it. */
export function containerSession(from: {
  cluster: string
  node: string
  traceId: string
  tree: Tree
  place: ContainerPlace
  debuggers: readonly ContainerOperation[]
}): SessionDraft {
  const { cluster, node, traceId, tree, place, debuggers } = from
  const entry: EntryKind = debuggers.length > 0 ? 'debug' : 'container'
  const named = new Set(debuggers.map(accountOf)).size === 1 ? debuggers : []
  const confidence: Confidence = debuggers.length === 0 ? 'none' : named.length === 0 ? 'ambiguous' : 'matched'
  const candidates =
    named.length === 0 ? debuggers.map(({ user, auditId }) => ({ user, auditId, reasons: [state('askedForDebug')] })) : []
  return {
    ...blank(cluster, node, traceId, place, entry),
    ...who(named),
    confidence,
    reasons: debuggers.length > 0 ? [state('debugByName')] : [state('ownProgram')],
    candidates: JSON.stringify(candidates),
    audit_ids: named.map(({ auditId }) => auditId),
    tty: tree.root.tty === '' ? 0 : 1,
    command: [...(tree.root.exec?.argv ?? [])],
    outcome: 'started',
    start: storeTime(tree.root.timeMs),
    ...entryRisk(entry, 'started'),
  }
}

/** Commands without a root of their own: attach, or a group that several sessions may own. */
export function groupSession(from: {
  cluster: string
  node: string
  traceId: string
  place: ContainerPlace
  group: CommandGroup
}): SessionDraft {
  const { cluster, node, traceId, place, group } = from
  const times = group.members.map(({ start }) => start.observation.timeMs)
  const ends = group.operations.map(({ completedMs }) => completedMs)
  const begins = group.operations.map(({ receivedMs }) => receivedMs)
  const first = group.members[0]?.start.observation
  return {
    ...blank(cluster, node, traceId, place, group.entry),
    ...who(group.named === undefined ? [] : group.operations),
    confidence: group.named === undefined ? (group.candidates.length > 0 ? 'ambiguous' : 'none') : 'matched',
    reasons: [...group.reasons],
    candidates: JSON.stringify(group.candidates),
    audit_ids: group.named === undefined ? [] : group.operations.map(({ auditId }) => auditId),
    tty: first?.tty ? 1 : 0,
    command: group.operations.length > 0 ? [] : [...(first?.exec?.argv ?? [])],
    outcome: 'started',
    start: storeTime(Math.min(...times, ...begins)),
    end: ends.length === 0 || ends.includes(0) ? NEVER : storeTime(Math.max(...ends)),
    ...entryRisk(group.entry, 'started'),
  }
}

/**
 * A request that no process answers to: denied, refused, a missing binary, a port-forward.
 *
 * @param from.seen Whether records of its node reach that moment.
 * @param from.sandbox What keeps the pod's programs from the node's audit; empty where nothing does.
 */
export function apiOnlySession(
  cluster: string,
  operation: ContainerOperation,
  place: ContainerPlace,
  from: { readonly seen: boolean; readonly sandbox: string },
): SessionDraft {
  const entry = entryOf(operation)
  const outcome = outcomeOf(operation, from)
  return {
    ...blank(cluster, place.node, traceIdOf('api', cluster, operation.eventId), place, entry),
    ...who([operation]),
    confidence: 'proven',
    reasons: [state('apiRecorded'), state(OUTCOME_STATEMENTS[outcome], { name: from.sandbox })],
    audit_ids: [operation.auditId],
    tty: operation.tty ? 1 : 0,
    command: [...operation.command],
    outcome,
    start: storeTime(operation.receivedMs),
    end: operation.completedMs === 0 ? NEVER : storeTime(operation.completedMs),
    ...entryRisk(entry, outcome),
  }
}

const OUTCOME_STATEMENTS: Readonly<Record<EntryOutcome, StatementName>> = {
  started: 'needsNoProgram',
  denied: 'denied',
  refused: 'refused',
  'no-process': 'noProgram',
  unseen: 'sandboxed',
  unknown: 'noAnswer',
}

function entryOf(operation: ContainerOperation): EntryKind {
  if (operation.kind === 'exec') return isCopy(operation.command) ? 'cp' : 'exec'
  return operation.kind === 'ephemeral' ? 'debug' : operation.kind
}

function outcomeOf(operation: ContainerOperation, { seen, sandbox }: { seen: boolean; sandbox: string }): EntryOutcome {
  if (operation.status === 401 || operation.status === 403) return 'denied'
  if (operation.status >= 400) return 'refused'
  if (operation.status === 0) return 'unknown'
  if (operation.kind === 'portforward' || operation.kind === 'attach') return 'started'
  if (sandbox !== '') return 'unseen'
  return seen ? 'no-process' : 'unknown'
}

/** `kubectl cp` runs tar in the container. Source: kubectl, pkg/cmd/cp/cp.go. */
function isCopy(argv: readonly string[]): boolean {
  if (basename(argv[0] ?? '') !== 'tar') return false
  const [mode = '', file] = argv.slice(1).filter((word) => !word.startsWith('--no-same-'))
  return file === '-' && /^(?:cf|-x[mpf]*f)$/.test(mode)
}

function inferredReason(place: ContainerPlace): string[] {
  if (place.pod === '') return [state('podUnknown')]
  return place.inferred ? [state('podInferred')] : []
}

/** What requests of one account say of it, as far as they agree. */
function who(
  operations: readonly ContainerOperation[],
): Pick<SessionDraft, 'user' | 'groups' | 'user_extra' | 'impersonated_user' | 'source_ip' | 'user_agent' | 'status'> {
  const [first] = operations
  const agreed = <T>(of: (operation: ContainerOperation) => T, otherwise: T): T => {
    if (first === undefined) return otherwise
    const said = JSON.stringify(of(first))
    return operations.every((operation) => JSON.stringify(of(operation)) === said) ? of(first) : otherwise
  }
  return {
    user: first?.user ?? '',
    groups: [...agreed(({ groups }) => groups, [])],
    user_extra: agreed(({ userExtra }) => userExtra, ''),
    impersonated_user: first?.impersonatedUser ?? '',
    source_ip: agreed(({ sourceIp }) => sourceIp, ''),
    user_agent: agreed(({ userAgent }) => userAgent, ''),
    status: Math.max(0, ...operations.map(({ status }) => status)),
  }
}

function blank(cluster: string, node: string, traceId: string, place: ContainerPlace, entry: EntryKind): SessionDraft {
  return {
    trace_id: traceId,
    entry,
    confidence: 'none',
    reasons: [],
    user: '',
    groups: [],
    user_extra: '',
    impersonated_user: '',
    source_ip: '',
    user_agent: '',
    candidates: '[]',
    audit_ids: [],
    cluster,
    node: node || place.node,
    ns: place.namespace,
    pod: place.pod,
    pod_uid: place.podUid,
    container: place.name,
    container_id: place.containerId,
    image: place.image,
    pod_labels: { ...place.labels },
    host_ip: place.hostIp,
    tty: 0,
    command: [],
    outcome: 'unknown',
    status: 0,
    start: NEVER,
    end: NEVER,
    command_count: 0,
    risk: 0,
    risk_reason: '',
  }
}
