import type { NodeView } from './node-view.ts'

/**
 * Ids of events that later ones may need, however much later they come: how each container began, and everything of
 * entries whose request is not over.
 */
export function lastingEvents({ lineage, members, pairings }: NodeView): Set<string> {
  const lasting = new Set<string>()
  for (const tree of lineage.trees) {
    const open = pairings.get(tree)?.operations.some(({ completedMs }) => completedMs === 0) === true
    if (tree.kind !== 'container' && !open) continue
    lasting.add(tree.root.eventId)
    if (tree.call !== null) lasting.add(tree.call.observation.eventId)
    if (open) for (const { start } of members.get(tree) ?? []) lasting.add(start.observation.eventId)
  }
  return lasting
}
