import { type Candidate, DELIBERATE_ENTRIES, type EntryKind, type StatementName, state } from '@podwitness/event'
import type { CommandGroup } from './attach.ts'
import type { SessionDraft } from './evidence.ts'
import type { LoosePlacement } from './loose.ts'
import type { Member } from './node-view.ts'
import type { Tree } from './process-table.ts'

/** What groups of programs have in common that one of the same sessions must have started. */
export function sharedKey(
  { containerId, trees, requests, placed }: LoosePlacement,
  traces: ReadonlyMap<Tree, SessionDraft>,
): string {
  const owners = [
    ...trees.map((tree) => traces.get(tree)?.trace_id ?? tree.containerId),
    ...requests.map(({ eventId }) => eventId),
  ].sort()
  return owners.length > 0 ? owners.join(' ') : `${placed} ${containerId}`
}

/** Programs that one of several sessions started, with everybody who may have been it. */
export function sharedGroup(
  { trees, requests }: LoosePlacement,
  drafts: readonly SessionDraft[],
  members: readonly Member[],
): CommandGroup {
  const candidates = candidatesOf(drafts, requests)
  const own = trees.length === 1 || trees.some(({ kind }) => kind === 'container')
  return {
    entry: entryOf(candidates, drafts, trees),
    operations: [],
    candidates,
    members,
    reasons: [reasonOf(drafts.length, own, trees.length, requests.length)],
  }
}

function entryOf(candidates: readonly Candidate[], drafts: readonly SessionDraft[], trees: readonly Tree[]): EntryKind {
  if (candidates.length > 0) return 'exec'
  const deliberate = trees.length === 0 || drafts.some(({ entry }) => DELIBERATE_ENTRIES.includes(entry as EntryKind))
  return deliberate ? 'unrecorded' : 'container'
}

function reasonOf(owners: number, own: boolean, trees: number, requests: number): string {
  if (trees + requests === 0) return state('typedByNobody')
  const name: StatementName = own ? 'parentsUnknownOwn' : 'parentsUnknown'
  return requests > 0 ? state('programUnseen') : state(name, { n: owners })
}

function candidatesOf(drafts: readonly SessionDraft[], requests: LoosePlacement['requests']): Candidate[] {
  const found = new Map<string, Candidate>()
  const add = (candidate: Candidate): void => void found.set(`${candidate.user} ${candidate.auditId}`, candidate)
  for (const draft of drafts) {
    if (draft.user === '') for (const candidate of JSON.parse(draft.candidates) as Candidate[]) add(candidate)
    else for (const auditId of draft.audit_ids) add({ user: draft.user, auditId, reasons: [state('wasInside')] })
  }
  for (const { user, auditId } of requests) add({ user, auditId, reasons: [state('programNotSeen')] })
  return [...found.values()].sort((a, b) => a.user.localeCompare(b.user) || a.auditId.localeCompare(b.auditId))
}
