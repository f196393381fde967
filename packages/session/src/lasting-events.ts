import type { SessionDraft } from './evidence.ts'
import type { Start } from './lineage.ts'
import type { NodeView } from './node-view.ts'
import type { Tree } from './process-table.ts'

/** What stays of a node's records when older ones are put aside. */
export interface Lasting {
  /** Ids of events. */
  readonly events: ReadonlySet<string>
  /** Sessions that go on. */
  readonly traces: ReadonlySet<string>
}

/** Groups with more starts than this are a program that runs for ever: its old starts go. */
const MAX_GROUP = 200
/** A session that ended may still be the origin of a process for this long, milliseconds. */
const AFTERGLOW_MS = 60_000

/**
 * Events from before a moment that later ones need: how each container began, everything of sessions that go on, and
 * the parents of what came since.
 *
 * @param fromMs By the node's clock, milliseconds since the epoch.
 */
export function lastingEvents(view: NodeView, drafts: ReadonlyMap<Tree, SessionDraft>, fromMs: number): Lasting {
  const events = new Set<string>()
  const traces = new Set<string>()
  const { lineage, members } = view
  for (const tree of lineage.trees) {
    const goesOn = untilMs(view, tree) >= fromMs - AFTERGLOW_MS
    if (tree.kind !== 'container' && !goesOn) continue
    events.add(tree.root.eventId)
    if (tree.call !== null) events.add(tree.call.observation.eventId)
    traces.add(drafts.get(tree)?.trace_id ?? '')
    if (tree.kind === 'exec') for (const { start } of members.get(tree) ?? []) events.add(start.observation.eventId)
  }
  for (const { starts } of lineage.heads)
    if (starts.length <= MAX_GROUP && lastMs(starts) >= fromMs)
      for (const { observation } of starts) events.add(observation.eventId)
  for (const { process, observation } of lineage.starts) {
    if (observation.timeMs < fromMs) continue
    for (let parent = process.parent; parent !== null && !events.has(parent.lastExec?.eventId ?? ''); parent = parent.parent)
      events.add(parent.lastExec?.eventId ?? `pid ${parent.pid}`)
  }
  return { events, traces }
}

function untilMs({ members, pairings, clock }: NodeView, tree: Tree): number {
  const ends = (pairings.get(tree)?.operations ?? []).map(({ completedMs }) => completedMs)
  if (ends.includes(0)) return Number.POSITIVE_INFINITY
  const over = Math.max(0, ...ends) + clock.at(tree.root.timeMs).offsetMs
  return Math.max(over, tree.root.timeMs, lastMs((members.get(tree) ?? []).map(({ start }) => start)))
}

function lastMs(starts: readonly Start[]): number {
  return starts.at(-1)?.observation.timeMs ?? Number.NEGATIVE_INFINITY
}
