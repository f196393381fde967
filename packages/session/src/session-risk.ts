import { DELIBERATE_ENTRIES, type EntryKind, RISKS, riskLevel, state } from '@podwitness/event'
import type { EarlierCommands } from './cluster-facts.ts'
import type { PlacementDraft, SessionDraft } from './evidence.ts'
import { invokedName } from './names.ts'
import type { Member } from './node-view.ts'

/**
 * Gives a session its number of commands and the highest risk among its entry and its commands.
 *
 * @param earlier Of commands whose evidence was put aside.
 */
export function raiseSession(
  draft: SessionDraft,
  placements: readonly PlacementDraft[],
  members: readonly Member[],
  earlier: EarlierCommands | undefined,
): SessionDraft {
  let { risk, risk_reason } = draft
  if (earlier !== undefined && earlier.risk > risk) {
    risk = earlier.risk
    risk_reason = earlier.riskReason
  }
  const words = new Map(members.map(({ start }) => [start.observation.eventId, start.observation]))
  for (const placement of placements) {
    if (placement.risk <= risk) continue
    const observation = words.get(placement.event_id)
    risk = placement.risk
    risk_reason = `${invokedName(observation?.exec?.argv ?? [], observation?.comm ?? '')}: ${placement.risk_reason}`
  }
  return { ...draft, risk, risk_reason, command_count: placements.length + (earlier?.commands ?? 0), ...begin(draft, earlier) }
}

/** A group of programs begins with one that may be put aside by now. */
function begin(draft: SessionDraft, earlier: EarlierCommands | undefined): Pick<SessionDraft, 'start' | 'command'> {
  if (earlier === undefined) return { start: draft.start, command: draft.command }
  return { start: earlier.start < draft.start ? earlier.start : draft.start, command: [...earlier.command] }
}

/** What an entry is worth by itself, before anything was run. */
export function entryRisk(entry: EntryKind, outcome: string): { risk: number; risk_reason: string } {
  if (entry === 'unrecorded') return { risk: riskLevel('high'), risk_reason: state('enteredWithoutRequest') }
  if (entry === 'node-local') return { risk: riskLevel('high'), risk_reason: state('enteredFromNode') }
  if (!DELIBERATE_ENTRIES.includes(entry)) return { risk: 0, risk_reason: '' }
  if (outcome === 'denied') return { risk: riskLevel('low'), risk_reason: state('denied') }
  if (entry === 'debug') return { risk: riskLevel('medium'), risk_reason: state('ownContainer') }
  return { risk: riskLevel(RISKS[0]), risk_reason: '' }
}
